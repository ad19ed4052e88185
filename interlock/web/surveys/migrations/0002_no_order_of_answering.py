"""On SQLite an ordinary table numbers its rows in the order they come; these must not."""

from django.db import migrations

TABLES = ["coupon", "seed", "openlink", "respondent", "answer", "contact", "permission", "namedtie"]


def rebuild(apps, schema_editor):
    if schema_editor.connection.vendor != "sqlite":
        return
    for name in TABLES:
        table = f"surveys_{name}"
        with schema_editor.connection.cursor() as cursor:
            cursor.execute("SELECT sql FROM sqlite_master WHERE name = %s", [table])
            made = cursor.fetchone()[0]
            cursor.execute(
                "SELECT sql FROM sqlite_master WHERE tbl_name = %s AND type = 'index' "
                "AND sql IS NOT NULL",
                [table],
            )
            indexes = [row[0] for row in cursor.fetchall()]
        schema_editor.execute(f"DROP TABLE {table}")
        schema_editor.execute(f"{made} WITHOUT ROWID")
        for index in indexes:
            schema_editor.execute(index)


class Migration(migrations.Migration):
    dependencies = [("surveys", "0001_initial")]
    operations = [migrations.RunPython(rebuild, migrations.RunPython.noop)]
