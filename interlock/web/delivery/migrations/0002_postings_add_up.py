"""The database adds postings up itself, and refuses to change or remove what was posted or signed.

A later migration that has SQLite make one of these tables anew loses its triggers, or, where a trigger
elsewhere names the table (deliveries, agreements, versions, pots), does not run at all. So `undo` goes
before it and `make` after it; for pots in a migration of this room that says `run_before`.
"""

from django.db import migrations

ONLY_ADDED = (
    "Posting",
    "Step",
    "Award",
    "Supplier",
    "Annulment",
    "NoAward",
    "Report",
    "Acceptance",
    "Receipt",
    "Notice",
)

# Of each table: what never changes; and what, once its first column is set, stays with the others.
KEPT = {
    "delivery_delivery": ("project_id", "cost", "recorded_at"),
    "delivery_complaint": ("award_id", "by_id", "text", "at"),
    "delivery_offer": ("bid_id", "lot_id", "price"),
    "delivery_question": ("call_id", "text", "asked_at"),
    "delivery_agreement": ("award_id", "payer_id", "drafted_at"),
    "delivery_version": (
        "agreement_id",
        "number",
        "value",
        "advance",
        "retainage",
        "reason",
        "drafted_at",
    ),
    "delivery_payment": (
        "agreement_id",
        "payee_id",
        "kind",
        "code",
        "amount",
        "planned_on",
        "planned_at",
    ),
}
SET_ONCE = {
    "delivery_delivery": (("done_at",), ("given_up_at",)),
    "delivery_complaint": (("answered_at", "answer", "is_upheld"),),
    "delivery_offer": (("excluded_at", "excluded_for"),),
    "delivery_question": (("answered_at", "answer"),),
    "delivery_agreement": (("signed_at",), ("released_at",), ("ended_at",)),
    "delivery_version": (
        ("payer_signed_at",),
        ("deliverer_signed_at",),
        ("in_force_at",),
        ("dropped_at",),
    ),
    "delivery_payment": (
        ("invoiced_at", "invoice_number", "invoice_sha256"),
        ("approved_at",),
        ("paid_at", "paid_on", "proof_sha256"),
        ("reversed_at", "reversed_for"),
    ),
}

# Of a call: what bidders rely on once it is published, and what happens to it but once.
TERMS_OF_A_CALL = (
    "issuer_id",
    "delivery_id",
    "title",
    "scope",
    "activity",
    "currency",
    "zone",
    "budget",
    "url",
    "questions_until",
    "preference",
    "preference_size",
    "legal_basis",
    "has_custodians",
    "standstill_days",
    "drafted_at",
    "published_at",
    "terms",
    "sha256",
    "seal_key",
)
STAGES_OF_A_CALL = (
    ("closed_at",),
    ("opened_at",),
    ("ranked_at",),
    ("cancelled_at", "cancelled_for"),
)
SEALED = ("call_id", "lead_id", "sealed", "digest", "sealed_at", "withdrawn_at")
IS_IN_CALL = "EXISTS (SELECT 1 FROM delivery_call WHERE id = {0}.call_id AND {1} IS NOT NULL)"
IS_RANKED = (
    "EXISTS (SELECT 1 FROM delivery_panelist p JOIN delivery_call c ON c.id = p.call_id"
    " WHERE p.id = {0}.panelist_id AND c.ranked_at IS NOT NULL)"
)

# A column that is a sum: of which postings. Nobody sets it to anything else.
SUMS = {
    "delivery_delivery": {"awarded": "delivery_id", "returned": "delivery_id"},
    "delivery_agreement": {
        "accepted": "agreement_id",
        "approved": "agreement_id",
        "paid": "agreement_id",
    },
    "budgets_pot": {"returned": "pot_id"},
}
IN_FORCE = (
    "(SELECT {0} FROM delivery_version WHERE agreement_id = NEW.id AND in_force_at IS NOT NULL"
    " ORDER BY number DESC LIMIT 1)"
)
TERMS = ("value", "advance", "retainage")
AWARDED = (
    "(SELECT COALESCE(SUM(p.amount), 0) FROM delivery_posting p"
    " JOIN delivery_agreement a ON a.award_id = p.award_id"
    " WHERE a.id = NEW.agreement_id AND p.kind = 'awarded')"
)
IS_SIGNED = (
    "EXISTS (SELECT 1 FROM delivery_version WHERE id = {0}.version_id"
    " AND (payer_signed_at IS NOT NULL OR deliverer_signed_at IS NOT NULL))"
)


def differs(vendor, *columns):
    sign = "IS NOT" if vendor == "sqlite" else "IS DISTINCT FROM"
    return " OR ".join(f"NEW.{column} {sign} OLD.{column}" for column in columns)


def refusals(apps, vendor):
    """What is refused: a name, when, on which table, under what condition, and why."""
    for name in ONLY_ADDED:
        model = apps.get_model("delivery", name)
        table, fields = model._meta.db_table, model._meta.local_fields
        # A person who goes takes their name along, and nobody else's comes in its place.
        people = [f.column for f in fields if f.is_relation and f.related_model.__name__ == "Person"]
        kept = ", ".join(f.column for f in fields if f.column not in people)
        why = "what happened is only added to"
        yield f"{table}_kept", f"UPDATE OF {kept}", table, "", why
        yield f"{table}_stays", "DELETE", table, "", why
        for column in people:
            yield f"{table}_{column}", "UPDATE", table, f"NEW.{column} IS NOT NULL", why
    for table, columns in KEPT.items():
        told = [f"({differs(vendor, *columns)})"]
        for first, *others in SET_ONCE[table]:
            told.append(f"OLD.{first} IS NOT NULL AND ({differs(vendor, first, *others)})")
        yield f"{table}_kept", "UPDATE", table, " OR ".join(told), "what was said there stays"
        if table != "delivery_version":
            yield f"{table}_stays", "DELETE", table, "", "what was recorded stays"
    signed = "OLD.payer_signed_at IS NOT NULL OR OLD.deliverer_signed_at IS NOT NULL"
    yield "delivery_version_stays", "DELETE", "delivery_version", signed, "what was signed stays"
    why = "milestones of what was signed stay"
    yield "delivery_milestone_kept", "UPDATE", "delivery_milestone", "", why
    yield "delivery_milestone_stays", "DELETE", "delivery_milestone", IS_SIGNED.format("OLD"), why
    yield "delivery_milestone_late", "INSERT", "delivery_milestone", IS_SIGNED.format("NEW"), why
    stays = "OLD.approved_at IS NOT NULL AND NEW.approved_by_id IS NOT NULL AND ({})"
    wrong = stays.format(differs(vendor, "approved_by_id"))
    why = "what was said there stays"
    yield "delivery_payment_approver", "UPDATE OF approved_by_id", "delivery_payment", wrong, why
    yield from frozen(vendor)
    yield from sums()


def frozen(vendor):
    """A published call, a closed call's bids, and what a ranking followed from."""
    why = "what was published stays"
    told = [f"OLD.published_at IS NOT NULL AND ({differs(vendor, *TERMS_OF_A_CALL)})"]
    for first, *others in STAGES_OF_A_CALL:
        told.append(f"OLD.{first} IS NOT NULL AND ({differs(vendor, first, *others)})")
    yield "delivery_call_kept", "UPDATE", "delivery_call", " OR ".join(told), why
    yield "delivery_call_stays", "DELETE", "delivery_call", "OLD.published_at IS NOT NULL", why
    for table in ("delivery_lot", "delivery_criterion"):
        published = IS_IN_CALL.format("OLD", "published_at")
        yield f"{table}_kept", "UPDATE", table, published, why
        yield f"{table}_stays", "DELETE", table, published, why
    why = "what was sealed stays"
    closed = IS_IN_CALL.format("OLD", "closed_at")
    wrong = (
        f"{closed} AND ({differs(vendor, *SEALED)})"
        f" OR OLD.content IS NOT NULL AND ({differs(vendor, 'content', 'is_preferred')})"
    )
    yield "delivery_bid_kept", "UPDATE", "delivery_bid", wrong, why
    yield "delivery_bid_stays", "DELETE", "delivery_bid", closed, why
    why = "what was ranked stays"
    for table in ("delivery_score", "delivery_recusal"):
        yield f"{table}_late", "INSERT", table, IS_RANKED.format("NEW"), why
        yield f"{table}_kept", "UPDATE", table, IS_RANKED.format("OLD"), why
        yield f"{table}_stays", "DELETE", table, IS_RANKED.format("OLD"), why


def sums():
    why = "sums are those of the postings"
    for table, columns in SUMS.items():
        added = {
            column: f"(SELECT COALESCE(SUM(amount), 0) FROM delivery_posting"
            f" WHERE {of} = NEW.id AND kind = '{column}')"
            for column, of in columns.items()
        }
        wrong = " OR ".join(f"NEW.{column} <> {told}" for column, told in added.items())
        yield f"{table}_sums", f"UPDATE OF {', '.join(columns)}", table, wrong, why
        yield f"{table}_born", "INSERT", table, wrong, why
    wrong = " OR ".join(
        f"NEW.{column} <> COALESCE({IN_FORCE.format(column)}, 0)" for column in TERMS
    )
    why = "terms of an agreement are those of its version in force"
    for name, when in (("terms", f"UPDATE OF {', '.join(TERMS)}"), ("new", "INSERT")):
        yield f"delivery_agreement_{name}", when, "delivery_agreement", wrong, why
    wrong = (
        "NEW.milestones_sum <> (SELECT COALESCE(SUM(amount), 0) FROM delivery_milestone"
        " WHERE version_id = NEW.id)"
    )
    why = "the sum is that of the milestones"
    for name, when in (("sum", "UPDATE OF milestones_sum"), ("new", "INSERT")):
        yield f"delivery_version_{name}", when, "delivery_version", wrong, why
    wrong = f"NEW.in_force_at IS NOT NULL AND OLD.in_force_at IS NULL AND NEW.value <> {AWARDED}"
    why = "an agreement is worth what was awarded"
    yield "delivery_version_worth", "UPDATE OF in_force_at", "delivery_version", wrong, why


def additions():
    """What is added or copied: a name, when, on which table, under what condition, and what."""
    for table, columns in SUMS.items():
        for column, of in columns.items():
            yield (
                f"delivery_posting_{table}_{column}",
                "INSERT",
                "delivery_posting",
                f"NEW.kind = '{column}'",
                f"UPDATE {table} SET {column} = {column} + NEW.amount WHERE id = NEW.{of}",
            )
    # PostgreSQL tells of the rows of one statement when all of them are gone: so not one by one.
    added = (
        "UPDATE delivery_version SET milestones_sum = (SELECT COALESCE(SUM(amount), 0)"
        " FROM delivery_milestone WHERE version_id = {0}.version_id) WHERE id = {0}.version_id"
    )
    for name, when, told in (
        ("more", "INSERT", added.format("NEW")),
        ("less", "DELETE", added.format("OLD")),
    ):
        yield f"delivery_milestone_{name}", when, "delivery_milestone", "", told
    yield (
        "delivery_version_copied",
        "UPDATE OF in_force_at",
        "delivery_version",
        "NEW.in_force_at IS NOT NULL",
        "UPDATE delivery_agreement SET value = NEW.value, advance = NEW.advance,"
        " retainage = NEW.retainage WHERE id = NEW.agreement_id",
    )


def make(apps, schema_editor):
    vendor = schema_editor.connection.vendor
    for time, told in (("BEFORE", refusals(apps, vendor)), ("AFTER", additions())):
        for name, when, table, condition, does in told:
            write = on_sqlite if vendor == "sqlite" else on_postgresql
            for statement in write(name, f"{time} {when}", table, condition, does):
                schema_editor.execute(statement, params=None)


def on_sqlite(name, when, table, condition, does):
    act = f"SELECT RAISE(ABORT, '{does}')" if when.startswith("BEFORE") else does
    only = f"WHEN {condition} " if condition else ""
    yield f"CREATE TRIGGER {name} {when} ON {table} {only}BEGIN {act}; END"


def on_postgresql(name, when, table, condition, does):
    """A function for each: the condition of a trigger may ask no other table."""
    act = does
    if when.startswith("BEFORE"):
        act = f"RAISE EXCEPTION '{does}' USING ERRCODE = 'integrity_constraint_violation'"
    row = "OLD" if "DELETE" in when else "NEW"
    yield (
        f"CREATE FUNCTION {name}() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN"
        f" IF {condition or 'true'} THEN {act}; END IF; RETURN {row}; END $$"
    )
    yield f"CREATE TRIGGER {name} {when} ON {table} FOR EACH ROW EXECUTE FUNCTION {name}()"


def undo(apps, schema_editor):
    vendor = schema_editor.connection.vendor
    for name, _when, table, _condition, _does in (*refusals(apps, vendor), *additions()):
        if vendor == "sqlite":
            schema_editor.execute(f"DROP TRIGGER {name}")
        else:
            schema_editor.execute(f"DROP TRIGGER {name} ON {table}")
            schema_editor.execute(f"DROP FUNCTION {name}()")


class Migration(migrations.Migration):
    dependencies = [("delivery", "0001_initial")]
    operations = [migrations.RunPython(make, undo)]
