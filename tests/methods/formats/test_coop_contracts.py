import csv
from dataclasses import replace
from datetime import date

from interlock.methods.formats.coop_contracts import Fact, Kind, Side, lines, report

TREE, SUN, FIRM = Side("tree", True), Side("sun", True), Side("firm", False)


def fact(kind: Kind, day: date, amount: int, *sides: Side) -> Fact:
    return Fact(kind, day, amount, "USD", 2, sides)


JUNE, JULY = date(2027, 6, 30), date(2027, 7, 1)
FACTS = [
    fact("bid", JUNE, 0, TREE),
    fact("bid", JUNE, 0, FIRM, SUN),
    fact("award", JUNE, 40_000_00, TREE),
    fact("contract", JULY, 40_000_00, TREE),
    fact("contract", JULY, 60_000_50, FIRM, SUN),
    fact("payment", JULY, 10_000_00, TREE),
    fact("payment", JULY, 30_000_00, FIRM),
    fact("payment", JULY, -5_000_50, FIRM),
]


def test_years_tell_contracts_beside_bidders_and_awards() -> None:
    new, old = report(FACTS)
    assert (new.name, new.first, new.last) == (2028, date(2027, 7, 1), date(2028, 6, 30))
    assert (old.name, old.first, old.last) == (2027, date(2026, 7, 1), date(2027, 6, 30))
    assert (new.contracts.number, new.contracts.amount) == (2, 100_000_50)
    assert (new.contracts.coops, new.contracts.coops_amount) == (1, 40_000_00)
    assert (new.contracts.with_coops, new.contracts.coop_sides) == (2, {"tree", "sun"})
    assert (old.bids.number, old.bids.coops, len(old.bids.all_sides)) == (2, 1, 3)
    assert (old.awards.number, old.awards.coops_amount) == (1, 40_000_00)


def test_year_with_something_made_up_is_made_up_as_a_whole() -> None:
    invented = replace(FACTS[0], is_synthetic=True)
    rows = csv.DictReader(lines(report([*FACTS, invented])))
    assert [(row["fiscal_year"], row["synthetic"]) for row in rows] == [
        ("2028", ""),
        ("2027", "true"),
    ]


def test_file_tells_the_same() -> None:
    rows = list(csv.DictReader(lines(report(FACTS))))
    assert [
        (
            row["fiscal_year"],
            row["contracts_value"],
            row["contracts_to_worker_coops_value"],
            row["worker_coop_bidders"],
            row["paid"],
            row["paid_to_worker_coops"],
        )
        for row in rows
    ] == [
        ("2028", "100000.5", "40000", "0", "34999.5", "10000"),
        ("2027", "0", "0", "2", "0", "0"),
    ]


def test_year_may_begin_in_january() -> None:
    (year,) = report(FACTS, begins=1)
    assert (year.name, year.first, year.last) == (2027, date(2027, 1, 1), date(2027, 12, 31))


def test_more_taken_back_than_paid_has_a_sign() -> None:
    (row,) = csv.DictReader(lines(report([fact("payment", JULY, -5_000_50, FIRM)])))
    assert row["paid"] == "-5000.5"


def test_nothing_is_no_year() -> None:
    assert report([]) == []
