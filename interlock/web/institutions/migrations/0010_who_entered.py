from typing import Any

import django.db.models.deletion
from django.conf import settings
from django.db import migrations, models
from django.db.models import F


def who_entered(apps: Any, editor: Any) -> None:
    """Until now who looked at a list was who entered it."""
    lists = apps.get_model("institutions", "Import").objects
    lists.exclude(entered_at=None).update(entered_by=F("by"))


class Migration(migrations.Migration):
    dependencies = [
        ("institutions", "0009_remarks"),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]
    operations = [
        migrations.AddField(
            "import",
            "entered_by",
            models.ForeignKey(
                null=True,
                on_delete=django.db.models.deletion.SET_NULL,
                related_name="+",
                to=settings.AUTH_USER_MODEL,
            ),
        ),
        migrations.AddField("import", "credit", models.CharField(blank=True, max_length=300)),
        migrations.RunPython(who_entered, migrations.RunPython.noop),
    ]
