"""On SQLite an ordinary table numbers its rows in the order of casting; this one must not."""

from django.db import migrations


def rebuild(apps, schema_editor):
    if schema_editor.connection.vendor != "sqlite":
        return
    with schema_editor.connection.cursor() as cursor:
        cursor.execute("SELECT sql FROM sqlite_master WHERE name = 'voting_envelope'")
        table = cursor.fetchone()[0]
        cursor.execute(
            "SELECT sql FROM sqlite_master WHERE tbl_name = 'voting_envelope' "
            "AND type = 'index' AND sql IS NOT NULL"
        )
        indexes = [row[0] for row in cursor.fetchall()]
    schema_editor.execute("DROP TABLE voting_envelope")
    schema_editor.execute(f"{table} WITHOUT ROWID")
    for index in indexes:
        schema_editor.execute(index)


class Migration(migrations.Migration):
    dependencies = [("voting", "0001_initial")]
    operations = [migrations.RunPython(rebuild, migrations.RunPython.noop)]
