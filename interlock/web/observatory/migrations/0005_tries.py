"""What failed is tried again: also what failed before."""

from django.db import migrations, models
from django.db.models import F


def try_again(apps, schema_editor):
    failed = apps.get_model("observatory", "Edition").objects.filter(done_at=None)
    failed.exclude(failure="").update(tries=1, tried_at=F("requested_at"))


class Migration(migrations.Migration):

    dependencies = [
        ("observatory", "0004_portraits"),
    ]

    operations = [
        migrations.AddField(
            model_name="edition",
            name="tried_at",
            field=models.DateTimeField(null=True),
        ),
        migrations.AddField(
            model_name="edition",
            name="tries",
            field=models.PositiveSmallIntegerField(default=0),
        ),
        migrations.AddIndex(
            model_name="edition",
            index=models.Index(fields=["requested_at"], name="edition_requested_at"),
        ),
        migrations.AddIndex(
            model_name="edition",
            index=models.Index(
                condition=models.Q(("done_at", None)), fields=["tries"], name="edition_due"
            ),
        ),
        migrations.RunPython(try_again, migrations.RunPython.noop),
    ]
