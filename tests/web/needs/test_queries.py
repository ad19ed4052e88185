"""Searching and matching: what is found, and how often the database is asked."""

from collections.abc import Callable
from datetime import timedelta

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.utils import timezone, translation

from interlock.web.institutions.actions import register
from interlock.web.institutions.models import Institution, Kind
from interlock.web.institutions.queries import panels_of
from interlock.web.needs import actions, queries
from interlock.web.needs.models import Closing, Listing
from interlock.web.people.models import Person
from interlock.web.people.waiting import waiting_for
from tests.web.needs.conftest import HERE, Town
from tests.world import START, both

SignIn = Callable[[Person], Client]
DAY = timedelta(days=1)


@pytest.fixture
def now(town: Town) -> Town:
    """The same town with what it needs and offers posted a moment ago, as pages see it."""
    at = timezone.now()
    Listing.objects.update(posted_at=at, expires_at=at + 90 * DAY)
    town.need.refresh_from_db()
    town.offer.refresh_from_db()
    return town


def found(at: object = START, **asked: str) -> list[str]:
    search = queries.search(queries.wanted(asked), at)  # type: ignore[arg-type]
    titles = [str(one.title) for one in search.listings]
    assert search.number == len(titles)
    return titles


def titles(listing: Listing, at: object = START) -> list[tuple[str, list[str]]]:
    return [(str(one.listing), one.sentences) for one in queries.matches_of(listing, at)]  # type: ignore[arg-type]


def test_need_and_offer_match_from_both_sides_with_the_same_reasons(town: Town) -> None:
    reasons = [
        "Both are tagged: Spanish, translation",
        "In the same town: Riverbend",
        "Both would: buy or sell",
    ]
    assert titles(town.need) == [("We translate", reasons)]
    assert titles(town.offer) == [("Translation of the ballot", reasons)]


def test_distance_is_told_in_the_unit_of_the_region(town: Town, settings: object) -> None:
    other = register(
        name="Across", kind=Kind.WORKER_COOP, steward=town.bob, at=START, place="Elsewhere",
        latitude=40.5, longitude=-89.42,
    )  # fmt: skip
    town.post(other, town.bob, title="Spanish lessons", tags=["spanish"])
    assert titles(town.need)[1][1][1] == "12 miles apart"
    settings.INTERLOCK_REGION = "ES"  # type: ignore[attr-defined]
    from interlock.web.look import amounts

    amounts._locale.cache_clear()
    with translation.override("es"):
        assert titles(town.need)[1][1][1] == "A 19 kilómetros una de otra"
    amounts._locale.cache_clear()


def test_closed_expired_own_and_far_ones_do_not_match(town: Town) -> None:
    town.post(town.city, town.alice, title="Translation", tags=["translation"])
    far = register(
        name="Far", kind=Kind.WORKER_COOP, steward=town.bob, at=START, latitude=10, longitude=10
    )
    town.post(far, town.bob, title="Translation", tags=["translation"])
    short = town.post(town.coop, town.bob, tags=["spanish"], expires_at=START + DAY)
    assert [title for title, _why in titles(town.need)] == ["We translate", "Help"]
    assert [title for title, _why in titles(town.need, short.expires_at)] == ["We translate"]
    actions.close(listing=town.offer, by=town.bob, at=START, closing=Closing.NO_MORE)
    assert titles(town.need, short.expires_at) == []


def test_same_work_is_found_without_a_word_in_common(town: Town) -> None:
    need = town.post(town.city, town.alice, exchange_type="want", title="Lunch", activity="ICA160")
    town.post(town.coop, town.bob, title="Courses", activity="AM40")
    assert titles(need) == [
        ("Courses", ["The same kind of work: Education", "In the same town: Riverbend",
                     "Both would: buy or sell"]),
    ]  # fmt: skip


def test_reasons_are_told_in_the_language_of_the_reader(town: Town) -> None:
    need = town.post(
        town.city, town.alice, exchange_type="want", title=both("Printing ballots", "Imprimir papeletas")
    )  # fmt: skip
    town.post(town.coop, town.bob, title=both("Ballots printed", "Papeletas impresas"))
    assert titles(need)[0][1][0] == "Both say: ballots, printed"
    with translation.override("es"):
        assert "papeletas" in titles(need)[0][1][0]


def test_around_shows_each_of_its_own_with_the_best(town: Town) -> None:
    second = town.post(town.coop, town.bob, title="Bees", tags=["honey"])
    told = [(listing, [str(one.listing) for one in some]) for listing, some in
            queries.around(town.coop, START)]  # fmt: skip
    assert told == [(second, []), (town.offer, ["Translation of the ballot"])]
    assert queries.around(town.world.wheelhouse, START) == []


@pytest.mark.parametrize(
    ("asked", "expected"),
    [
        ({}, ["We translate", "Translation of the ballot"]),
        ({"q": "translating"}, ["We translate", "Translation of the ballot"]),
        ({"q": "TRADUCCION"}, ["Translation of the ballot"]),
        ({"q": "papeletas"}, ["Translation of the ballot"]),
        ({"q": "ballot week"}, ["Translation of the ballot"]),
        ({"q": "ballot lengua"}, []),
        ({"q": "lengua"}, ["We translate"]),
        ({"q": "the of"}, ["We translate", "Translation of the ballot"]),
        ({"q": "&&"}, []),
        ({"q": "%"}, []),
        ({"exchange": "want"}, ["Translation of the ballot"]),
        ({"exchange": "neither"}, ["We translate", "Translation of the ballot"]),
        ({"item": "good"}, []),
        ({"scope": "regional"}, ["We translate"]),
        ({"process": "1"}, ["Translation of the ballot"]),
        ({"tag": "Translations"}, ["We translate", "Translation of the ballot"]),
        ({"tag": "trans"}, []),
        ({"by": "tongue"}, ["We translate"]),
        ({"near": "riverbend"}, ["We translate", "Translation of the ballot"]),
        ({"near": "Chicago, IL"}, []),
        ({"near": "Atlantis"}, []),
    ],
)
def test_search_narrows(town: Town, asked: dict[str, str], expected: list[str]) -> None:
    assert found(**asked) == expected


def test_facets_count_what_there_would_be(town: Town) -> None:
    town.post(town.coop, town.bob, title="Chairs", item_type="good", exchange_type="want")
    search = queries.search(queries.wanted({"exchange": "want", "item": "good"}), START)
    assert [(one.value, one.number, one.chosen) for one in search.exchanges] == [("want", 1, True)]
    assert [(one.value, one.number, one.chosen) for one in search.items] == [
        ("service", 1, False), ("good", 1, True),
    ]  # fmt: skip
    everything = queries.search(queries.wanted({}), START)
    assert [(one.value, one.number) for one in everything.exchanges] == [("want", 2), ("offer", 1)]
    assert [(one.label, one.number) for one in everything.tags] == [
        ("Spanish", 2), ("translation", 2),
    ]  # fmt: skip
    assert everything.processes == 1


def test_place_is_found_in_the_register_then_in_the_gazetteer(town: Town) -> None:
    here = queries.spot_of("Riverbend")
    assert here
    assert (here.name, here.latitude, here.sources) == ("Riverbend, Illinois", 40.5, ())
    there = queries.spot_of("Peoria, IL")
    assert there
    assert (there.name, round(there.latitude), bool(there.sources)) == ("Peoria, IL", 41, True)
    near_both = [title for title in found(near="Peoria, IL")]
    assert near_both == ["We translate", "Translation of the ballot"]


def test_desk_shows_who_waits_and_what_ends(now: Town) -> None:
    assert waiting_for(now.alice) == []
    asked = now.ask(at=timezone.now())
    (told,) = waiting_for(now.alice)
    assert (told.title, told.url) == (
        "Tongue asks to be introduced", f"/needs/introductions/{asked.pk}/",
    )  # fmt: skip
    assert waiting_for(now.bob) == []
    now.accept(asked, timezone.now())
    Listing.objects.filter(pk=now.need.pk).update(expires_at=timezone.now() + 3 * DAY)
    (told,) = waiting_for(now.alice)
    assert (told.title, told.url) == (
        "“Translation of the ballot” ends soon", f"/needs/{now.need.pk}/",
    )  # fmt: skip


def test_panel_of_an_institution(now: Town) -> None:
    def shown(institution: Institution, reader: object) -> list[object]:
        panels = [
            one for one in panels_of(institution, reader) if one.template == "needs/panel.html"
        ]  # type: ignore[arg-type]
        return [(list(one.context["listings"]), one.context["speaks"]) for one in panels]  # type: ignore[call-overload]

    from django.contrib.auth.models import AnonymousUser

    assert shown(now.coop, AnonymousUser()) == [([now.offer], False)]
    assert shown(now.coop, now.dora) == [([now.offer], True)]
    assert shown(now.world.wheelhouse, now.bob) == []
    page = Client().get("/institutions/tongue/").content.decode()
    assert f'href="/needs/{now.offer.pk}/"' in page


PAGES = {
    "list": ("/needs/?near=Riverbend&exchange=want", 8),
    "listing": ("/needs/{need}/", 10),
    "around": ("/needs/around/city-of-riverbend/", 12),
    "API list": ("/api/listings", 8),
    "API matches": ("/api/listings/{need}/matches", 8),
    "institution": ("/institutions/city-of-riverbend/", 30),
}


@pytest.mark.parametrize("name", PAGES)
def test_page_asks_as_often_for_one_as_for_three(now: Town, signed_in: SignIn, name: str) -> None:
    url, most = PAGES[name]
    client = signed_in(now.alice)
    now.ask(at=timezone.now())

    def asked() -> int:
        with CaptureQueriesContext(
            connection,
        ) as queries_:
            assert client.get(url.format(need=now.need.pk)).status_code == 200
        return len(queries_)

    asked()  # the first look fills what a process keeps
    before = asked()
    at = timezone.now()
    for number in range(3):
        coop = register(
            name=f"Coop {number}",
            kind=Kind.WORKER_COOP,
            steward=now.bob,
            at=at,
            **HERE,  # type: ignore[arg-type]
        )
        now.post(coop, now.bob, title="Translation", tags=["spanish", "translation"], at=at)
        now.post(
            now.city, now.alice, exchange_type="want", title="Ballots", tags=["spanish"], at=at
        )
        now.ask(acting=coop, own_listing=None, at=at)
    assert asked() == before <= most
