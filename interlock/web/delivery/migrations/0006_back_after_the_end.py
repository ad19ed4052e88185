"""What comes back after the end goes on to the pots, so that nothing is left is asked at the end only.

A constraint holds for each posting by itself: between the one that takes an award down and the one that
returns the money, something is left for a moment. So a trigger asks it when a delivery ends.
"""

from importlib import import_module

from django.db import migrations

postings = import_module("interlock.web.delivery.migrations.0002_postings_add_up")

NAME = "delivery_ends_with_nothing_left"
WRONG = (
    "(NEW.done_at IS NOT NULL AND OLD.done_at IS NULL"
    " OR NEW.given_up_at IS NOT NULL AND OLD.given_up_at IS NULL)"
    " AND NEW.cost <> NEW.awarded + NEW.returned"
)


def ask_at_the_end(apps, schema_editor):
    write = postings.on_sqlite if schema_editor.connection.vendor == "sqlite" else postings.on_postgresql
    when = "BEFORE UPDATE OF done_at, given_up_at"
    for statement in write(NAME, when, "delivery_delivery", WRONG, "nothing is left at the end"):
        schema_editor.execute(statement, params=None)


def ask_no_more(apps, schema_editor):
    if schema_editor.connection.vendor == "sqlite":
        schema_editor.execute(f"DROP TRIGGER {NAME}")
    else:
        schema_editor.execute(f"DROP TRIGGER {NAME} ON delivery_delivery")
        schema_editor.execute(f"DROP FUNCTION {NAME}()")


class Migration(migrations.Migration):
    dependencies = [("delivery", "0005_call_over")]
    operations = [
        migrations.RunPython(postings.undo, postings.make),
        migrations.RemoveConstraint(model_name="delivery", name=NAME),
        migrations.RunPython(postings.make, postings.undo),
        migrations.RunPython(ask_at_the_end, ask_no_more),
    ]
