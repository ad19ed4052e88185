"""The register's list: what it finds, what it counts, and how often it asks the database."""

from collections.abc import Callable

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from i18nfield.strings import LazyI18nString

from interlock.web.institutions.actions import register
from interlock.web.institutions.models import Institution, Kind
from interlock.web.institutions.queries import Wanted, search, wanted
from interlock.web.people.models import Person
from tests.staging import staged
from tests.world import START, both

LIST = 8


@staged
def three() -> None:
    """A bakery in Spain, a bicycle workshop in the United States, and their federation there."""
    register(
        name=both("Dawn Bakery", "Panadería Ámbar"),
        kind=Kind.WORKER_COOP,
        place="León",
        country="ES",
        region="Castilla",
        activity="AM60",
        at=START,
    )
    register(
        name="Spoke Works",
        kind=Kind.WORKER_COOP,
        place="Riverbend",
        country="US",
        region="Illinois",
        activity="AM120",
        at=START,
        steward=Person.objects.by_email("dora@example.org"),
    )
    register(
        name=both("Three Rivers", "Ríos"),
        kind=Kind.FEDERATION,
        place="Oakham",
        country="US",
        at=START,
    )


def slugs(**asked: str) -> list[str]:
    return [one.slug for one in search(wanted(asked)).institutions]


@pytest.mark.usefixtures("three")
@pytest.mark.parametrize(
    ("words", "found"),
    [
        ("bakery", ["dawn-bakery"]),
        ("panadería", ["dawn-bakery"]),
        ("PANADERÍA ámbar", ["dawn-bakery"]),
        ("león", ["dawn-bakery"]),
        ("river", ["spoke-works", "three-rivers"]),
        ("riverbend spoke", ["spoke-works"]),
        ("repair", ["spoke-works"]),
        ("reparación", ["spoke-works"]),
        ("es", []),  # the code of a language is no word
        ('"', []),
        ("%", []),
        ("\\u00ed", []),
        ("\0", ["dawn-bakery", "spoke-works", "three-rivers"]),
    ],
)
def test_words_are_looked_for_in_name_town_and_activity(words: str, found: list[str]) -> None:
    assert slugs(q=words) == found


@pytest.mark.usefixtures("three")
@pytest.mark.parametrize(
    ("asked", "found"),
    [
        ({"group": "cooperative"}, ["dawn-bakery", "spoke-works", "three-rivers"]),
        ({"kind": "federation"}, ["three-rivers"]),
        ({"activity": "AM60"}, ["dawn-bakery"]),
        ({"country": "US", "region": "Illinois"}, ["spoke-works"]),
        ({"unclaimed": "1"}, ["dawn-bakery", "three-rivers"]),
        ({"unclaimed": "1", "country": "US"}, ["three-rivers"]),
        ({"kind": "nonsense", "activity": "AM1", "country": "??", "group": "x"}, ["dawn-bakery", "spoke-works", "three-rivers"]),
    ],
)  # fmt: skip
def test_facet_narrows_the_list(asked: dict[str, str], found: list[str]) -> None:
    assert slugs(**asked) == found


@pytest.mark.usefixtures("three")
def test_facet_counts_what_matches_otherwise() -> None:
    found = search(Wanted(country="US", kind="worker_coop"))
    assert found.number == 1
    assert [(one.value, one.number) for one in found.kinds] == [
        ("worker_coop", 1),
        ("federation", 1),
    ]
    assert [(one.value, one.number) for one in found.countries] == [("ES", 1), ("US", 1)]
    assert [(one.value, one.number) for one in found.regions] == [("Illinois", 1)]
    assert [(one.value, one.number) for one in found.activities] == [("AM120", 1)]
    assert found.unclaimed == 0


@pytest.mark.usefixtures("three")
def test_one_that_left_is_not_listed_and_its_page_stays() -> None:
    Institution.objects.filter(slug="three-rivers").update(left_at=START)
    assert slugs() == ["dawn-bakery", "spoke-works"]
    page = Client().get("/institutions/three-rivers/").content.decode()
    assert "It has left this site" in page


@pytest.mark.usefixtures("three")
def test_search_without_a_match_says_what_dropping_each_filter_leaves() -> None:
    found = search(wanted({"q": "spoke", "kind": "federation", "country": "US"}))
    assert [(one.label, one.address, one.number) for one in found.narrowings] == [
        ("“spoke”", "?kind=federation&country=US", 1),
        ("Federation", "?q=spoke&country=US", 1),
        ("United States", "?q=spoke&kind=federation", 0),
    ]
    page = Client().get("/institutions/?q=spoke&kind=federation").content.decode()
    assert "Nothing matches all of this" in page


@pytest.fixture
def many() -> Callable[[int], None]:
    def made(number: int) -> None:
        kinds = list(Kind.objects.values_list("pk", flat=True))
        Institution.objects.bulk_create(
            Institution(
                slug=f"one-{place:05}",
                name=LazyI18nString({"en": f"One {place}", "es": f"Uno {place}"}),
                kind_id=kinds[place % len(kinds)],
                country=("US", "ES", "GB")[place % 3],
                region=f"Region {place % 40}",
                activity=f"AM{10 + 10 * (place % 16)}",
                place=f"Town {place % 700}",
                registered_at=START,
            )
            for place in range(number)
        )

    return made


@pytest.mark.django_db
@pytest.mark.parametrize("asked", ["", "?q=one&country=US&unclaimed=1", "?kind=federation&page=2"])
def test_list_asks_no_more_with_more_institutions(
    many: Callable[[int], None],
    signed_in,  # type: ignore[no-untyped-def]
    asked: str,
) -> None:
    client = signed_in(Person.objects.by_email("dora@example.org"))
    counted = []
    for number in (1, 3, 1_000, 10_000):
        Institution.objects.all().delete()
        many(number)
        with CaptureQueriesContext(connection) as captured:
            answer = client.get(f"/institutions/{asked}")
        assert answer.status_code == 200
        counted.append(len(captured))
    assert max(counted) <= LIST
    assert counted[2] == counted[3]


@pytest.mark.django_db
def test_second_page_keeps_the_search(many: Callable[[int], None]) -> None:
    many(130)
    page = Client().get("/institutions/?q=one&page=2").content.decode()
    assert ("?q=one&amp;page=3" in page, "Page 2 of 3" in page) == (True, True)
