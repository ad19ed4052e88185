import csv
import re
from dataclasses import replace
from datetime import UTC, date, datetime
from typing import Any

import pytest

from interlock.methods.formats import threesixty
from interlock.methods.formats.packages import MADE_UP
from interlock.methods.formats.threesixty import Grant, Organization

CITY = Organization("US-EIN-13-6400434", "City of Riverbend")
TREE = Organization("US-EIN-81-1234567", "Tree Co-op")
SUN = Organization("360G-x-ORG:sun", "Sun Co-op")
GRANT = Grant(
    "360G-x-7",
    "Sixty trees",
    "Sixty trees, watered for three summers.",
    "USD",
    2,
    42_000_50,
    10_000_00,
    date(2027, 6, 1),
    (TREE, SUN),
    (CITY,),
    programme="Riverbend decides",
    url="https://pb.example/delivery/riverbend/7/",
    modified=datetime(2027, 9, 1, 12, tzinfo=UTC),
)
TEXT = r"(?s).*\S.*"
#: What the schema requires, and what else is written (360-giving-schema.json, 1.4).
REQUIRED: dict[str, Any] = {
    "id": TEXT,
    "title": r"(?s).{1,140}",
    "description": TEXT,
    "currency": r"[A-Z]{3}",
    "amountAwarded": (int, float),
    "awardDate": r"[0-9]{4}-[0-9]{2}-[0-9]{2}",
    "recipientOrganization": [{"id": TEXT, "name": TEXT}],
    "fundingOrganization": [{"id": TEXT, "name": TEXT}],
}
OTHERS: dict[str, Any] = {
    "amountDisbursed": (int, float),
    "grantProgramme": [{"title": TEXT}],
    "fromOpenCall": "Yes|No",
    "url": r"https?://\S+",
    "dateModified": r"[0-9-]{10}T[0-9:]{8}Z",
}


def sound(said: Any, rule: Any) -> bool:
    if isinstance(rule, list):
        return bool(said) and all(sound(one, rule[0]) for one in said)
    if isinstance(rule, dict):
        return said.keys() == rule.keys() and all(sound(said[key], rule[key]) for key in rule)
    if isinstance(rule, tuple):
        return type(said) in rule
    return isinstance(said, str) and bool(re.fullmatch(rule, said))


def test_grant_keeps_to_what_the_standard_requires() -> None:
    least = replace(GRANT, programme="", url="", modified=None, description="", disbursed=0)
    for one in threesixty.package([GRANT, least])["grants"]:
        assert REQUIRED.keys() - one.keys() == set()
        assert one.keys() - (REQUIRED | OTHERS).keys() == set()
        assert [key for key, said in one.items() if not sound(said, (REQUIRED | OTHERS)[key])] == []


def test_amounts_are_exact_in_both_forms() -> None:
    (told,) = threesixty.package([GRANT])["grants"]
    assert (told["amountAwarded"], told["amountDisbursed"]) == (42_000.5, 10_000)
    (row,) = csv.DictReader(threesixty.lines([GRANT]))
    assert (row["Amount Awarded"], row["Amount Disbursed"]) == ("42000.5", "10000")


def test_table_has_a_column_for_every_recipient() -> None:
    alone = replace(GRANT, id="360G-x-8", recipients=(SUN,))
    rows = list(csv.DictReader(threesixty.lines([GRANT, alone])))
    assert [(row["Recipient Org:0:Name"], row["Recipient Org:1:Identifier"]) for row in rows] == [
        ("Tree Co-op", "360G-x-ORG:sun"),
        ("Sun Co-op", ""),
    ]


def test_made_up_grant_says_so_in_a_field_and_in_words() -> None:
    invented = replace(GRANT, id="360G-x-9", is_synthetic=True)
    real, told = threesixty.package([GRANT, invented])["grants"]
    assert (told["synthetic"], "synthetic" in real) == (True, False)
    assert told["description"] == f"{MADE_UP} {GRANT.description}"
    rows = list(csv.DictReader(threesixty.lines([GRANT, invented])))
    assert [row["Synthetic"] for row in rows] == ["", "true"]
    assert [row["Description"] for row in rows] == [GRANT.description, told["description"]]
    assert "Synthetic" not in next(threesixty.lines([GRANT]))


def test_formulas_in_a_title_are_harmless() -> None:
    (row,) = csv.DictReader(threesixty.lines([replace(GRANT, title="=1+1")]))
    assert row["Title"] == "'=1+1"


def test_no_grants_are_headings_only() -> None:
    (headings,) = threesixty.lines([])
    assert headings.startswith("Identifier,Title,Description,Currency,Amount Awarded")
    assert threesixty.package([]) == {"grants": []}


def test_grant_without_a_side_is_refused() -> None:
    with pytest.raises(ValueError, match="needs a recipient and a funder"):
        threesixty.told(replace(GRANT, recipients=()))
