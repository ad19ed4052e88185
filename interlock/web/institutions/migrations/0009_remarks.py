from typing import Any

from django.db import migrations


def keep_codes(apps: Any, editor: Any) -> None:
    """What rows and lists said in English stays as it was; what comes is kept by code."""

    def coded(cell: int, column: str, text: str) -> list[object]:
        return [cell, column, "as-it-was", {"text": text}]

    rows = apps.get_model("institutions", "ImportRow").objects
    for row in rows.exclude(reason="", faults=[], notes=[]).iterator():
        row.faults = [coded(*one) for one in row.faults]
        row.faults += [coded(0, "", row.reason)] if row.reason else []
        row.notes = [coded(*one) for one in row.notes]
        row.save(update_fields=["faults", "notes"])
    for one in apps.get_model("institutions", "Import").objects.exclude(notes=[]).iterator():
        one.notes = [coded(0, "", note) for note in one.notes]
        one.save(update_fields=["notes"])


class Migration(migrations.Migration):
    dependencies = [("institutions", "0008_followed")]
    operations = [
        migrations.RunPython(keep_codes, migrations.RunPython.noop),
        migrations.RemoveField("importrow", "reason"),
    ]
