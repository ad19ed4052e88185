"""The database keeps the balances itself, and refuses to change or remove what was posted or decided.

A later migration that has SQLite make one of these tables anew loses its triggers, or does not run at
all where a trigger elsewhere names the table: so `undo` goes before it and `make` after it.
"""

from django.db import migrations

ONLY_ADDED = ("Transfer", "Share", "Bylaws", "Policy")
BALANCE = (
    "(SELECT COALESCE(SUM(amount), 0) FROM coops_transfer WHERE credit_id = {0})"
    " - (SELECT COALESCE(SUM(amount), 0) FROM coops_transfer WHERE debit_id = {0})"
)
ACCOUNT = ("coop_id", "ref", "kind", "member_id", "year", "is_qualified", "due_on")
# What stays of a decision once it is decided. Its minutes may be written afterwards.
DECISION = (
    "coop_id",
    "number",
    "kind",
    "form",
    "title",
    "text",
    "subject_id",
    "bylaws_id",
    "rule",
    "method",
    "seats",
    "is_secret",
    "record_on",
    "closes_at",
    "announced_at",
    "opened_at",
    "decided_at",
    "outcome",
    "is_carried",
)
YEAR = (
    "coop_id",
    "number",
    "version",
    "begins_on",
    "ends_on",
    "net",
    "nonpatronage",
    "nonmember_hours",
    "policy_id",
    "discretionary_for",
    "decision_id",
    "given",
    "result",
    "sha256",
    "begun_at",
    "posted_at",
)
IS_DECIDED = (
    "EXISTS (SELECT 1 FROM coops_decision WHERE ref = {0}.decision_id AND decided_at IS NOT NULL)"
)
IS_VOTED = (
    "EXISTS (SELECT 1 FROM coops_elector e JOIN coops_decision d ON d.ref = e.decision_id"
    " WHERE e.id = {0}.elector_id AND d.decided_at IS NOT NULL)"
)
IS_POSTED = "EXISTS (SELECT 1 FROM coops_year WHERE id = {0}.year_id AND posted_at IS NOT NULL)"


def differs(vendor, *columns):
    sign = "IS NOT" if vendor == "sqlite" else "IS DISTINCT FROM"
    return " OR ".join(f"NEW.{column} {sign} OLD.{column}" for column in columns)


def refusals(apps, vendor):
    """What is refused: a name, when, on which table, under what condition, and why."""
    for name in ONLY_ADDED:
        model = apps.get_model("coops", name)
        table, fields = model._meta.db_table, model._meta.local_fields
        # A person who goes takes their name along, and nobody else's comes in its place.
        people = [
            f.column for f in fields if f.is_relation and f.related_model.__name__ == "Person"
        ]
        kept = ", ".join(f'"{f.column}"' for f in fields if f.column not in people)
        why = "what was posted is only added to"
        yield f"{table}_kept", f"UPDATE OF {kept}", table, "", why
        yield f"{table}_stays", "DELETE", table, "", why
        for column in people:
            yield f"{table}_{column}", "UPDATE", table, f"NEW.{column} IS NOT NULL", why
    yield from of_accounts(vendor)
    yield from of_years(vendor)
    yield from of_decisions(vendor)


def of_accounts(vendor):
    why = "a balance is the sum of the transfers"
    wrong = f"NEW.balance <> {BALANCE.format('NEW.id')}"
    yield "coops_account_sum", "UPDATE OF balance", "coops_account", wrong, why
    yield "coops_account_born", "INSERT", "coops_account", "NEW.balance <> 0", why
    why = "what an account is stays"
    yield "coops_account_kept", "UPDATE", "coops_account", differs(vendor, *ACCOUNT), why
    elsewhere = (
        "EXISTS (SELECT 1 FROM coops_account WHERE id IN (NEW.debit_id, NEW.credit_id)"
        " AND coop_id <> NEW.coop_id)"
    )
    why = "a transfer stays within its co-op"
    yield "coops_transfer_within", "INSERT", "coops_transfer", elsewhere, why
    uncovered = (
        "NEW.reverses_id IS NULL AND EXISTS (SELECT 1 FROM coops_account WHERE id = NEW.debit_id"
        " AND kind IN ('payable', 'notice') AND balance < NEW.amount)"
    )
    why = "account_is_not_overdrawn"
    yield "coops_transfer_covered", "INSERT", "coops_transfer", uncovered, why
    mirrored = (
        "NEW.reverses_id IS NOT NULL AND NOT EXISTS (SELECT 1 FROM coops_transfer"
        " WHERE id = NEW.reverses_id AND amount = NEW.amount AND reverses_id IS NULL"
        " AND debit_id = NEW.credit_id AND credit_id = NEW.debit_id)"
    )
    why = "a reversal is the same amount the other way round"
    yield "coops_transfer_mirrored", "INSERT", "coops_transfer", mirrored, why


def of_years(vendor):
    why = "what was posted stays"
    wrong = (
        f"OLD.posted_at IS NOT NULL AND ({differs(vendor, *YEAR)}"
        f" OR NEW.posted_by_id IS NOT NULL AND ({differs(vendor, 'posted_by_id')}))"
        f" OR OLD.reversed_at IS NOT NULL AND ({differs(vendor, 'reversed_at', 'reversed_for')})"
    )
    yield "coops_year_kept", "UPDATE", "coops_year", wrong, why
    yield "coops_year_stays", "DELETE", "coops_year", "OLD.posted_at IS NOT NULL", why
    for name, when, row in (
        ("late", "INSERT", "NEW"),
        ("kept", "UPDATE", "OLD"),
        ("stays", "DELETE", "OLD"),
    ):
        posted = IS_POSTED.format(row)
        yield f"coops_revenue_{name}", when, "coops_revenue", posted, why


def of_decisions(vendor):
    why = "what was decided stays"
    wrong = f"OLD.decided_at IS NOT NULL AND ({differs(vendor, *DECISION)})"
    yield "coops_decision_kept", "UPDATE", "coops_decision", wrong, why
    yield "coops_decision_stays", "DELETE", "coops_decision", "OLD.decided_at IS NOT NULL", why
    for table, decided in (("coops_elector", IS_DECIDED), ("coops_vote", IS_VOTED)):
        yield f"{table}_late", "INSERT", table, decided.format("NEW"), why
        yield f"{table}_kept", "UPDATE", table, decided.format("OLD"), why
        yield f"{table}_stays", "DELETE", table, decided.format("OLD"), why


def additions():
    """What is added up anew: a name, when, on which table, and what.

    PostgreSQL tells of the rows of one statement when all of them are there: so not one by one.
    """
    for name in ("credit", "debit"):
        row = f"NEW.{name}_id"
        yield (
            f"coops_transfer_{name}",
            "INSERT",
            "coops_transfer",
            "",
            f"UPDATE coops_account SET balance = {BALANCE.format(row)} WHERE id = {row}",
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
    dependencies = [("coops", "0001_begin")]
    operations = [migrations.RunPython(make, undo)]
