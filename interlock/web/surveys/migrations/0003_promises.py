"""The database itself refuses to break a promise: what respondents were told stays as it was told."""

from django.db import migrations

# Each: name, table, columns, when it is refused (OLD and NEW are the row before and after), why.
KEPT = [
    (
        "anonymity_stays",
        "surveys_study",
        "anonymity",
        "OLD.opened_at IS NOT NULL AND NEW.anonymity <> OLD.anonymity",
        "what ties answers to each other was promised",
    ),
    (
        "opening_stays",
        "surveys_study",
        "opened_at",
        "OLD.opened_at IS NOT NULL AND (NEW.opened_at IS NULL OR NEW.opened_at <> OLD.opened_at)",
        "a study opens once",
    ),
    (
        "days_come_no_later",
        "surveys_study",
        "links_until, contacts_until, answers_until",
        "OLD.opened_at IS NOT NULL AND (NEW.links_until > OLD.links_until "
        "OR NEW.contacts_until > OLD.contacts_until OR NEW.answers_until > OLD.answers_until "
        "OR (OLD.answers_until IS NOT NULL AND NEW.answers_until IS NULL))",
        "until when things are kept was promised",
    ),
    (
        "published_questions_stay",
        "surveys_formversion",
        "study_id, number, content_hash, document, published_at",
        "OLD.published_at IS NOT NULL",
        "published questions stay as they are",
    ),
    (
        "consent_stays",
        "surveys_consent",
        "study_id, number, text",
        "EXISTS (SELECT 1 FROM surveys_study WHERE id = OLD.study_id AND opened_at IS NOT NULL)",
        "what people agree to stays as it is",
    ),
    (
        "used_stays_used",
        "surveys_coupon",
        "state",
        "OLD.state = 'used' AND NEW.state <> 'used'",
        "a coupon is used once",
    ),
]


def keep(apps, schema_editor):
    on_sqlite = schema_editor.connection.vendor == "sqlite"
    for name, table, columns, refused, why in KEPT:
        if on_sqlite:
            schema_editor.execute(
                f"CREATE TRIGGER surveys_{name} BEFORE UPDATE OF {columns} ON {table} "
                f"WHEN {refused} BEGIN SELECT RAISE(ABORT, '{why}'); END"
            )
            continue
        # PostgreSQL takes no subquery in WHEN, so the condition stands in the function.
        schema_editor.execute(
            f"CREATE FUNCTION surveys_{name}() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN "
            f"IF {refused} THEN RAISE EXCEPTION '{why}'; END IF; RETURN NEW; END $$"
        )
        schema_editor.execute(
            f"CREATE TRIGGER surveys_{name} BEFORE UPDATE OF {columns} ON {table} "
            f"FOR EACH ROW EXECUTE FUNCTION surveys_{name}()"
        )


def forget(apps, schema_editor):
    on_sqlite = schema_editor.connection.vendor == "sqlite"
    for name, table, _columns, _refused, _why in KEPT:
        schema_editor.execute(
            f"DROP TRIGGER surveys_{name}" + ("" if on_sqlite else f" ON {table}")
        )
        if not on_sqlite:
            schema_editor.execute(f"DROP FUNCTION surveys_{name}()")


class Migration(migrations.Migration):
    dependencies = [("surveys", "0002_no_order_of_answering")]
    operations = [migrations.RunPython(keep, forget)]
