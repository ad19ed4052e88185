"""Of how many an analysis tells exactly, so that the next tells nothing of almost the same people."""

from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("surveys", "0003_promises")]
    operations = [
        migrations.AddField("analysis", "sizes", models.JSONField(default=dict)),
    ]
