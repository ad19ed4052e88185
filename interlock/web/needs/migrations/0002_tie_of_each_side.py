"""An introduction leads to what each side says of it: two ties where they say two things."""

import django.db.models.deletion
from django.db import migrations, models


def give_to_who_said(apps, schema_editor):
    """The one tie there was, to the side that said that it led somewhere; it was the last that did."""
    introductions = apps.get_model("needs", "Introduction").objects.filter(tie__isnull=False)
    introductions.filter(asker_says="led").update(asker_tie=models.F("tie"))
    introductions.exclude(asker_says="led").update(asked_tie=models.F("tie"))


def back(apps, schema_editor):
    introductions = apps.get_model("needs", "Introduction").objects
    introductions.filter(asked_tie__isnull=False).update(tie=models.F("asked_tie"))
    introductions.filter(asker_tie__isnull=False).update(tie=models.F("asker_tie"))


def tie():
    return models.ForeignKey(
        null=True, on_delete=django.db.models.deletion.SET_NULL, related_name="+", to="ties.tie"
    )


class Migration(migrations.Migration):
    dependencies = [("needs", "0001_needs_and_offers"), ("ties", "0001_initial")]

    operations = [
        migrations.AddField("introduction", "asker_tie", tie()),
        migrations.AddField("introduction", "asked_tie", tie()),
        migrations.RunPython(give_to_who_said, back),
    ]
