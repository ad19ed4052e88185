"""A process that only those inside its institution see."""

from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("budgets", "0004_returned")]
    operations = [
        migrations.AddField(
            "process", "is_internal", models.BooleanField(default=False, editable=False)
        ),
    ]
