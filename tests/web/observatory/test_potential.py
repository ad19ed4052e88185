"""What could be done next: who could deliver what, needs with an offer near, places with one of the two."""

import csv
import io
import re
from datetime import datetime, timedelta
from typing import Any

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from interlock.web.institutions.models import Institution, Kind
from interlock.web.needs.actions import accept, ask, post
from interlock.web.needs.models import Contact, Exchange, Item, Listing, Transaction
from interlock.web.observatory import prospects
from interlock.web.people.models import Person
from tests.web.explore.register import put
from tests.world import World

pytestmark = pytest.mark.django_db
PEORIA: dict[str, Any] = {
    "country": "US",
    "place": "Peoria",
    "region": "IL",
    "latitude": 40.6936,
    "longitude": -89.589,
}
NEAR = PEORIA | {"latitude": 40.70, "longitude": -89.60}
FAR: dict[str, Any] = {
    "country": "US",
    "place": "Chicago",
    "region": "IL",
    "latitude": 41.90,
    "longitude": -87.60,
}


def page(**asked: str) -> str:
    told = Client().get("/observatory/potential/", asked)
    assert told.status_code == 200
    return re.sub(r"\s+", " ", told.content.decode())


def rows(**asked: str) -> list[prospects.Row]:
    found = prospects.found(prospects.wanted(asked), timezone.now())
    return [found.told(one) for one in found.rows]


@pytest.fixture
def town(world: World) -> World:
    """Riverbend votes on shade, a night bus, tools and lights, in Peoria; and six around it."""
    Institution.objects.filter(pk=world.city.pk).update(**PEORIA)
    world.process.projects.update(delivery_partner=None)
    put("spokes", about="We lend every tool there is and keep a library", **NEAR)
    put("bulbs", searched="", tags=["lights"], **NEAR)
    put("firm", "firm", tags=["tool", "bus"], **NEAR)
    put("away", tags=["bus"], **FAR)
    put("silent", **NEAR)
    # One word somewhere is not enough: it may be that of a street.
    put("pier-street-bakers", about="Bread at the pier", **NEAR)
    return world


def test_proposed_projects_name_the_coops_that_could_and_lead_to_a_joint_proposal(
    town: World,
) -> None:
    town.open()
    found = rows()
    assert [(one.title, one.why[1:]) for one in found] == [
        ("Pier lights", ("Bulbs, 0.7 miles away, says: lights.",)),
        ("Tool library", ("Spokes, 0.7 miles away, says: tool, library.",)),
    ]
    assert found[1].why[0] == "It is on the ballot, and names no delivery partner."
    assert found[1].acts[0].label == "Propose it jointly"
    assert found[1].acts[0].url == "/ways/proposals/new/?way=deliver-what-was-chosen&with=spokes"
    assert found[1].acts[1].url == "/explore/deliver/?q=Tool+library&at=city-of-riverbend"


def test_projects_of_a_draft_are_not_told(town: World) -> None:
    assert rows() == []


def test_project_with_a_partner_or_counted_is_proposed_no_more(town: World) -> None:
    town.open()
    town.process.projects.filter(ref="4").update(delivery_partner=town.wheelhouse)
    assert [one.title for one in rows()] == ["Tool library"]
    town.cast_many(20).close().count()
    assert rows() == []


def test_funded_projects_lead_to_a_call_until_they_are_awarded(town: World) -> None:
    town.open().cast_many(20).close().count().publish()
    found = rows()
    assert [one.title for one in found] == ["Tool library"]
    assert found[0].why[0] == "Residents funded it, and it is not awarded yet."
    assert (found[0].acts[0].label, found[0].url) == (
        "Open a call",
        f"/delivery/{town.process.slug}/3/",
    )
    delivery = town.process.projects.get(ref="3").delivery
    assert found[0].acts[0].url == f"/delivery/calls/new/{delivery.pk}/"
    delivery.called_at = timezone.now()
    delivery.save()
    assert rows()[0].acts[0].label == "See the call"
    delivery.awarded_at = timezone.now()
    delivery.save()
    assert rows() == []


def test_internal_projects_are_told_to_nobody(town: World) -> None:
    town.open()
    process = type(town.process).objects.filter(pk=town.process.pk)
    process.update(is_internal=True)
    assert rows() == []
    process.update(is_internal=False)
    town.cast_many(20).close().count().publish()
    process.update(is_internal=True)
    assert rows() == []


def test_lists_narrow_by_town_and_state(town: World) -> None:
    town.open()
    for where, number in (("Peoria", 2), ("peoria, il", 2), ("Illinois", 2), ("Peoria, NY", 0)):
        assert len(rows(where=where)) == number, where
    text = page(where="Zeppelin")
    assert "Nothing of this kind there" in text
    assert "Look everywhere" in text


def listing(institution: Institution, exchange: Exchange, title: str, at: datetime) -> Listing:
    by = Person.objects.by_email(f"{institution.slug}@example.org")
    institution.memberships.get_or_create(
        person=by, role="steward", defaults={"since": at, "accepted_at": at}
    )
    return post(
        institution=institution, by=by, at=at, exchange_type=exchange, item_type=Item.SERVICE,
        transaction_types=[Transaction.BUY_SELL], title=title, text="", tags=["printing"],
        activity="", geographic_scope="national", of_process=False, contact=Contact.SITE,
        expires_at=at + timedelta(days=90),
    )  # fmt: skip


def test_needs_with_an_offer_nearby_lead_to_an_introduction(town: World) -> None:
    at = timezone.now()
    city = Institution.objects.get(pk=town.city.pk)
    need = listing(city, Exchange.WANT, "Printing of ballots", at)
    press, far = (put(slug, **where) for slug, where in (("press", NEAR), ("distant", FAR)))
    listing(far, Exchange.OFFER, "Printing", at)
    assert rows(what="needs") == []
    offer = listing(press, Exchange.OFFER, "Printing", at)
    (found,) = rows(what="needs")
    assert (found.title, found.where) == ("Printing of ballots", "City of Riverbend, Peoria")
    assert found.why[0] == "Press offers “Printing”."
    assert found.acts[0].url == f"/needs/{offer.pk}/ask/?with={need.pk}"
    asked = ask(
        listing=need, acting=press, own_listing=offer, by=Person.objects.get(email="press@example.org"),
        at=at, sentence="We print", reach="press@example.org",
    )  # fmt: skip
    assert len(rows(what="needs")) == 1
    accept(introduction=asked, by=town.alice, at=at, answer="", reach="alice@example.org")
    assert rows(what="needs") == []


def test_needs_of_several_are_never_met_by_their_own_offers(town: World) -> None:
    at = timezone.now()
    for slug in ("press", "paper"):
        one = put(slug, **NEAR)
        listing(one, Exchange.WANT, f"Printing for {slug}", at)
        listing(one, Exchange.OFFER, f"Printing by {slug}", at)
    told = {one.title: one.why[0] for one in rows(what="needs")}
    assert told == {
        "Printing for press": "Paper offers “Printing by paper”.",
        "Printing for paper": "Press offers “Printing by press”.",
    }


def test_places_with_one_of_the_two_and_not_the_other(town: World) -> None:
    def found(**asked: str) -> list[tuple[str, str]]:
        return [(one.title, one.acts[0].url) for one in rows(what="places", **asked)]

    campaign, programme = "/ways/campaign-for-pb/", "/ways/city-co-op-programme/"
    # Peoria has four co-ops; its city has begun no vote.
    assert found() == [("Peoria", campaign), ("Chicago", campaign)]
    town.open()
    put("office", Kind.PB_AUTHORITY, place="Galena", region="IL", county="17085")
    put("closed", status="completed", place="Nauvoo", region="IL")
    assert found() == [("Chicago", campaign), ("Galena", programme)]
    assert found(where="Galena") == [("Galena", programme)]
    assert [one.title for one in rows(what="places", by="county")] == ["Jo Daviess County, IL"]
    assert "names none, not that there is none" in page(what="places")


@pytest.mark.parametrize("what", ["projects", "needs", "places"])
def test_empty_lists_teach(db: None, what: str) -> None:
    text = page(what=what)
    assert "Nothing of this kind yet" in text
    assert "stands here when" in text


def test_table_has_a_row_for_each_and_its_act(town: World) -> None:
    town.open()
    told = Client().get("/observatory/potential.csv").content.decode()
    found = list(csv.DictReader(io.StringIO(told)))
    assert [one["title"] for one in found] == ["Pier lights", "Tool library"]
    assert found[0]["list"] == "projects"
    assert found[0]["act"] == "Propose it jointly"
    assert found[0]["address"].endswith(f"/budgets/{town.process.slug}/projects/4/")


@pytest.mark.parametrize("what", ["projects", "needs", "places"])
def test_lists_ask_as_often_for_three_as_for_one(town: World, what: str) -> None:
    town.open()
    at = timezone.now()

    def asked() -> int:
        with CaptureQueriesContext(connection) as captured:
            page(what=what)
        return len(captured)

    def more(number: int) -> None:
        for one in range(number):
            here = Institution.objects.count()
            place = put(f"more-{here}", tags=["night", "bus"], **NEAR | {"place": f"Town {here}"})
            listing(place, Exchange.WANT, f"Printing {one}", at)
            listing(put(f"other-{here}", **NEAR), Exchange.OFFER, f"Printing {one}", at)

    more(1)
    first = asked()
    more(3)
    assert (asked(), first <= 8) == (first, True)
