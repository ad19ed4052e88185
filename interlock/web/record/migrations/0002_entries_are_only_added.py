"""The database itself refuses to change or remove a fact that was recorded."""

from django.db import migrations

SQLITE = [
    "CREATE TRIGGER record_entry_no_{0} BEFORE {1} ON record_entry "
    "BEGIN SELECT RAISE(ABORT, 'the record is only added to'); END".format(name, act)
    for name, act in (("update", "UPDATE"), ("delete", "DELETE"))
]
POSTGRESQL = [
    "CREATE FUNCTION record_entry_refuse() RETURNS trigger LANGUAGE plpgsql AS "
    "$$ BEGIN RAISE EXCEPTION 'the record is only added to'; END $$",
    "CREATE TRIGGER record_entry_only_added BEFORE UPDATE OR DELETE ON record_entry "
    "FOR EACH ROW EXECUTE FUNCTION record_entry_refuse()",
]
UNDO = {
    "sqlite": ["DROP TRIGGER record_entry_no_update", "DROP TRIGGER record_entry_no_delete"],
    "postgresql": [
        "DROP TRIGGER record_entry_only_added ON record_entry",
        "DROP FUNCTION record_entry_refuse()",
    ],
}


def run(statements):
    def step(apps, schema_editor):
        for statement in statements[schema_editor.connection.vendor]:
            schema_editor.execute(statement)

    return step


class Migration(migrations.Migration):
    dependencies = [("record", "0001_initial")]
    operations = [
        migrations.RunPython(run({"sqlite": SQLITE, "postgresql": POSTGRESQL}), run(UNDO))
    ]
