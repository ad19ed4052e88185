"""What was set aside stays so, and of a lot that is awarded nothing is set aside."""

from importlib import import_module

from django.db import migrations

postings = import_module("interlock.web.delivery.migrations.0002_postings_add_up")

IS_AWARDED = (
    "NEW.set_aside_at IS NOT NULL AND EXISTS (SELECT 1 FROM delivery_award"
    " JOIN delivery_offer ON delivery_offer.id = delivery_award.offer_id"
    " WHERE delivery_offer.lot_id = NEW.lot_id AND NOT EXISTS"
    " (SELECT 1 FROM delivery_annulment WHERE award_id = delivery_award.id))"
)


def refusals(vendor):
    """A name, when, under what condition, and what it tells."""
    changed = postings.differs(vendor, "panelist_id", "lot_id", "found_at")
    why = "what was set aside stays"
    yield "delivery_conflict_kept", "UPDATE", f"OLD.set_aside_at IS NOT NULL OR {changed}", why
    yield "delivery_conflict_stays", "DELETE", "", why
    why = "the ranking of what is awarded stays"
    yield "delivery_conflict_new", "INSERT", IS_AWARDED, why
    yield "delivery_conflict_late", "UPDATE OF set_aside_at", IS_AWARDED, why


def make(apps, schema_editor):
    vendor = schema_editor.connection.vendor
    write = postings.on_sqlite if vendor == "sqlite" else postings.on_postgresql
    for name, when, condition, why in refusals(vendor):
        for statement in write(name, f"BEFORE {when}", "delivery_conflict", condition, why):
            schema_editor.execute(statement, params=None)


def undo(apps, schema_editor):
    vendor = schema_editor.connection.vendor
    for name, _when, _condition, _why in refusals(vendor):
        if vendor == "sqlite":
            schema_editor.execute(f"DROP TRIGGER {name}")
        else:
            schema_editor.execute(f"DROP TRIGGER {name} ON delivery_conflict")
            schema_editor.execute(f"DROP FUNCTION {name}()")


class Migration(migrations.Migration):
    dependencies = [("delivery", "0007_conflict")]
    operations = [migrations.RunPython(make, undo)]
