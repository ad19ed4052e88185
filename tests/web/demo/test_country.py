"""The invented country: as many as were counted, where they were counted, and marked each of them."""

import csv
import io
from collections import Counter
from statistics import median

import pytest
from django.test import Client
from django.utils import timezone

from interlock.methods.formats import network_json
from interlock.methods.network.drawing import Drawing
from interlock.web.demo import country
from interlock.web.institutions.models import Import, Institution, Kind
from interlock.web.institutions.queries import credit_of
from interlock.web.messages.models import Mail
from interlock.web.needs.models import Listing
from interlock.web.observatory import gathering, prospects
from interlock.web.ties.models import Tie
from interlock.web.ties.queries import STANDINGS
from tests.methods.real import real
from tests.staging import staged

SEED = 2019
PUERTO_RICO = "72"


@staged
def layer() -> None:
    country.make(at=timezone.now(), seed=SEED)


def founded_by(year: int, area: str = "") -> int:
    towns = country.AREAS[area].towns if area else ()
    return sum(
        one.founded <= year and (not area or one.town in towns)
        for one in country.invented(SEED)
        if one.kind == Kind.WORKER_COOP
    )


def test_counts_are_those_published() -> None:
    """See the table of `country`; each number is of a source that is named there."""
    coops = Counter()
    for name, area in country.AREAS.items():
        coops[name] += area.coops
    assert sum(coops.values()) == 465
    bay = coops["San Francisco"] + coops["San Jose"] + coops["Vallejo"]
    assert (coops["New York"], bay, coops["Puerto Rico"], coops["rural"]) == (58, 55, 50, 56)
    metros = set(coops) - {"Puerto Rico", "rural"}
    assert sum(coops[name] >= 5 for name in metros) == 28
    assert sum(area.budgets > 0 for area in country.AREAS.values()) == 12
    assert country.AREAS["New York"].budgets == 32
    assert [founded_by(year) for year in (2013, 2017, 2019)] == [256, 450, 465]
    assert founded_by(2014, "New York") == 23


def test_as_many_work_there_as_was_published() -> None:
    workers = [one.workers for one in country.invented(SEED) if one.kind == Kind.WORKER_COOP]
    assert (sum(workers), min(workers) > 0, 5 <= median(workers) <= 10) == (6_454, True, True)


def test_same_seed_invents_the_same_and_no_name_twice() -> None:
    made = country.invented(SEED)
    assert made == country.invented(SEED)
    assert made != country.invented(SEED + 1)
    assert len({one.word for one in made}) == len(made)


@pytest.mark.usefixtures("layer")
def test_counts_hold_by_counties_of_the_census() -> None:
    """Each institution's county, by the Census Bureau's own table of metropolitan areas."""
    kinds = {
        row["cbsa"]: row["kind"].startswith("Metro")
        for row in csv.DictReader(io.StringIO(real("geo/us_cbsa_2019.csv").read_text()))
    }
    metro = {
        row["fips"]: row["cbsa"]
        for row in csv.DictReader(io.StringIO(real("geo/us_county_to_cbsa_2019.csv").read_text()))
        if kinds[row["cbsa"]]
    }
    coops = Counter(
        PUERTO_RICO if county.startswith(PUERTO_RICO) else metro.get(county, "rural")
        for county in Institution.objects.filter(kind=Kind.WORKER_COOP).values_list(
            "county", flat=True
        )
    )
    new_york, bay, vallejo, san_jose = "35620", "41860", "46700", "41940"
    assert (coops[new_york], coops[PUERTO_RICO], coops["rural"]) == (58, 50, 56)
    assert coops[bay] + coops[vallejo] + coops[san_jose] == 55
    pilot = list(csv.DictReader(io.StringIO(real("geo/pilot_us_metros_pb_coop.csv").read_text())))
    assert {cbsa for cbsa, number in coops.items() if number >= 5} - {"rural", PUERTO_RICO} == {
        row["cbsa"] for row in pilot if row["coop5"] == "1"
    }
    budgets = Institution.objects.filter(kind=Kind.PB_AUTHORITY).values_list("county", flat=True)
    assert {metro[county] for county in budgets} == {
        row["cbsa"] for row in pilot if row["pb"] == "1"
    }


@pytest.mark.usefixtures("layer")
def test_each_is_marked_placed_and_at_no_address() -> None:
    made = Institution.objects.all()
    assert Counter(made.values_list("kind", flat=True)) == {
        "worker_coop": 465,
        "pb_authority": 100,
        "federation": 8,
        "incubator": 7,
        "lender": 7,
    }
    assert set(made.values_list("is_synthetic", flat=True)) == {True}
    assert not made.exclude(street="", email="", website="", phone="").exists()
    assert not made.filter(latitude=None).exists()
    assert {one.refused + one.doubtful + one.matched for one in Import.objects.all()} == {0}
    listed = made.exclude(imported_from="").first()
    assert listed is not None
    assert credit_of(listed) == "Invented for demonstration"


@pytest.mark.usefixtures("layer")
def test_ties_are_said_and_none_is_witnessed_nor_mailed_about() -> None:
    stands = {name: Tie.objects.filter(one).count() for name, one in STANDINGS.items()}
    assert (stands["witnessed"], stands["disputed"]) == (0, 0)
    assert stands["confirmed"] > 8 * stands["said"] > 0
    assert not Mail.objects.exists()


@pytest.mark.usefixtures("layer")
def test_observatory_finds_what_was_planted() -> None:
    records = gathering.register(timezone.now())
    assert records.is_synthetic
    told = network_json.measured(records, Drawing(resamples=199))
    found = {(one["name"], (one["chance"] or {}).get("null")): one for one in told["connectivity"]}
    for null in ("kind-permutation", "stub-shuffle"):
        assert found["across", null]["finding"] == "below-chance"
    exchanged = {one["name"]: one["value"] for one in told["complementarity"]}
    assert exchanged["met-anywhere"] > 0.5 > exchanged["met-place"] > 0.2 > exchanged["met-tied"]
    assert told["awards"] == 0


@pytest.mark.usefixtures("layer")
def test_something_could_be_done_next_and_says_whose_it_is() -> None:
    assert Listing.objects.count() > 60
    for what in ("needs", "places"):
        found = prospects.found(prospects.wanted({"what": what}), timezone.now())
        rows = [found.told(one) for one in found.rows[:20]]
        assert (len(rows) > 5, all(one.is_synthetic for one in rows)) == (True, True)


@pytest.mark.usefixtures("layer")
def test_pages_of_it_are_marked() -> None:
    for slug in Institution.objects.order_by("kind", "pk").values_list("slug", flat=True)[::120]:
        assert (
            "is invented, for demonstration"
            in Client().get(f"/institutions/{slug}/").content.decode()
        )
    assert "All that is drawn here is invented" in Client().get("/explore/map/").content.decode()
