"""An institution's page, its correction, and the people behind it."""

from datetime import date, timedelta

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from interlock.web.institutions.actions import (
    Certificate,
    change,
    end_role,
    give_role,
    register,
)
from interlock.web.institutions.models import Institution, Kind, Membership, Role
from interlock.web.institutions.queries import Wanted, search
from interlock.web.look.refusals import Refused
from interlock.web.people.models import Person
from interlock.web.record.models import Entry
from tests.staging import staged
from tests.web.threads import Crew
from tests.world import START, World, both

# Two of them are its ties and the people it shares.
# What the register asks is seven at most; each room that has a part of the page asks one or two.
PAGE = 21


@staged
def mill(world: World) -> Institution:
    """A co-op of which all is said, looked after by Bob."""
    today = timezone.localdate()
    return register(
        name=both("Mill", "Molino"),
        kind=Kind.WORKER_COOP,
        place="Riverbend",
        street="1 Dock Road",
        country="US",
        region="Illinois",
        latitude=40.5,
        longitude=-89.25,
        activity="AM60",
        structure="OS20",
        membership_type="BMT30",
        scope="local",
        founded_on=date(2011, 3, 1),
        workers=8,
        workers_year=2026,
        website="https://mill.example/",
        email="hello@mill.example",
        phone="555-0177",
        about=both("We **mill**.", "Molemos."),
        identifiers=[("US-EIN", "00-0000001")],
        certifications=[
            Certificate("B Corp", "B Lab", expires_on=today - timedelta(days=1)),
            Certificate("Worker co-op", "The federation", expires_on=today + timedelta(days=90)),
        ],
        at=START,
        steward=world.bob,
    )


def form(**values: object) -> dict[str, object]:
    return {"name_0": "Mill", "name_1": "Molino", "kind": "worker_coop", **values}


def rows(prefix: str, *said: dict[str, str]) -> dict[str, object]:
    told: dict[str, object] = {f"{prefix}-TOTAL_FORMS": len(said), f"{prefix}-INITIAL_FORMS": 0}
    for place, row in enumerate(said):
        told |= {f"{prefix}-{place}-{name}": value for name, value in row.items()}
    return told


def test_page_tells_all_that_is_known(mill: Institution) -> None:
    page = Client().get(mill.get_absolute_url()).content.decode()
    told = [
        "Food", "Not-for-profit organisation", "Workers", "Local", "March 1, 2011", "8 in 2026",
        "1 Dock Road, Riverbend, Illinois, United States", "40.5000, -89.2500", "mill.example",
        "mailto:hello@mill.example", "555-0177", "US-EIN", "00-0000001", "B Corp", "Expired",
        "<strong>mill</strong>",
    ]  # fmt: skip
    assert [text for text in told if text not in page] == []
    assert (page.count("Expired"), "Correct this page" in page) == (1, False)


def test_page_without_details_shows_no_empty_parts(world: World) -> None:
    page = Client().get(world.wheelhouse.get_absolute_url()).content.decode()
    empty = ["Where it is", "In official registers", "Certified as", "Activity"]
    assert [text for text in empty if text in page] == []


def test_page_never_names_its_people(mill: Institution, world: World, signed_in) -> None:  # type: ignore[no-untyped-def]
    for client in (Client(), signed_in(world.alice), signed_in(world.bob)):
        page = client.get(mill.get_absolute_url()).content.decode()
        assert world.bob.email not in page


def test_page_asks_seldom(mill: Institution, world: World, signed_in) -> None:  # type: ignore[no-untyped-def]
    client = signed_in(world.bob)
    with CaptureQueriesContext(connection) as captured:
        client.get(mill.get_absolute_url())
    assert len(captured) <= PAGE


def test_steward_corrects_the_page_and_the_record_says_which_fields(
    mill: Institution, world: World, signed_in
) -> None:  # type: ignore[no-untyped-def]
    client = signed_in(world.bob)
    assert client.get("/institutions/mill/edit/").status_code == 200
    said = form(
        place="Hilltown",
        **rows(
            "identifiers", {"scheme": "gb-coh", "value": "01234567"}, {"scheme": "", "value": ""}
        ),
        **rows(
            "certifications", {"name": "Fair", "issuer": "The league", "expires_on": "2030-01-01"}
        ),
    )
    answer = client.post("/institutions/mill/edit/", said)
    assert (answer.status_code, answer["Location"]) == (302, "/institutions/mill/")
    mill.refresh_from_db()
    assert (mill.place, mill.street, str(mill.identifiers.get())) == (
        "Hilltown",
        "",
        "GB-COH-01234567",
    )
    assert str(mill.certifications.get()) == "Fair, The league"
    entry = Entry.objects.latest("pk")
    assert (entry.act, entry.actor) == ("institution.changed", world.bob.reference)
    assert {"place", "street", "identifiers", "certifications"} <= set(entry.facts["fields"])
    assert "name" not in entry.facts["fields"]


def test_steward_says_what_else_it_does_and_is_called(
    mill: Institution, world: World, signed_in
) -> None:  # type: ignore[no-untyped-def]
    client = signed_in(world.bob)
    said = form(
        activity="AM60",
        other_activities=["AM50", "AM60"],
        tags="Flour\n rye  bread \nFLOUR; oats",
        other_names="The Mill Ltd",
        links="social.example/@mill",
    )
    assert client.post("/institutions/mill/edit/", said).status_code == 302
    mill.refresh_from_db()
    assert (mill.tags, mill.other_names, mill.links, mill.other_activities) == (
        ["Flour", "rye bread", "oats"],
        ["The Mill Ltd"],
        ["https://social.example/@mill"],
        ["AM50"],
    )
    page = client.get("/institutions/mill/").content.decode()
    told = [
        "Flour, rye bread, oats",
        "The Mill Ltd",
        'href="https://social.example/@mill"',
        "Energy",
    ]
    assert [text for text in told if text not in page] == []
    stored = client.get("/institutions/mill/edit/").content.decode()
    assert "Flour\nrye bread\noats</textarea>" in stored
    assert [search(Wanted(words=one)).number for one in ("oats", "energy", "mill ltd")] == [1, 1, 1]


@pytest.mark.parametrize(
    ("said", "fault"),
    [
        ({"tags": "\n".join(f"t{n}" for n in range(51))}, "More than 50 are not kept."),
        ({"tags": "x" * 101}, "has more than 100 signs."),
        ({"links": "javascript:alert(1)"}, "is no web address"),
        ({"other_activities": ["AM999"]}, "AM999"),
    ],
)
def test_what_cannot_be_kept_is_told_in_its_place(
    mill: Institution, world: World, signed_in, said: dict[str, object], fault: str
) -> None:  # type: ignore[no-untyped-def]
    answer = signed_in(world.bob).post("/institutions/mill/edit/", form(**said))
    assert (answer.status_code, fault in answer.content.decode()) == (422, True)
    mill.refresh_from_db()
    assert (mill.tags, mill.links, mill.other_activities) == ([], [], [])


def test_first_of_other_activities_is_the_activity_where_none_is(
    mill: Institution, world: World, signed_in
) -> None:  # type: ignore[no-untyped-def]
    said = form(other_activities=["AM50", "AM90"])
    assert signed_in(world.bob).post("/institutions/mill/edit/", said).status_code == 302
    mill.refresh_from_db()
    assert (mill.activity, mill.other_activities) == ("AM50", ["AM90"])


def test_two_of_one_name_entered_at_once_have_two_addresses(emptied: None) -> None:
    def enter() -> str:
        return register(name="Mill", kind="firm", at=START).slug

    with Crew(4) as threads:
        assert sorted(threads.at_once(*[enter] * 4)) == ["mill", "mill-2", "mill-3", "mill-4"]


def test_correction_that_changes_nothing_is_not_recorded(mill: Institution, world: World) -> None:
    before = Entry.objects.count()
    change(
        institution=mill, by=world.bob, at=START, name=both("Mill", "Molino"), kind="worker_coop"
    )
    assert Entry.objects.count() == before


def test_rows_that_were_not_sent_stay(mill: Institution, world: World, signed_in) -> None:  # type: ignore[no-untyped-def]
    signed_in(world.bob).post("/institutions/mill/edit/", form(place="Hilltown"))
    assert (mill.identifiers.count(), mill.certifications.count()) == (1, 2)


@pytest.mark.parametrize(
    ("said", "place", "told"),
    [
        ({"name_0": "", "name_1": ""}, "name", "This field is required."),
        ({"latitude": "4"}, "longitude", "Latitude and longitude belong together."),
        ({"latitude": "91", "longitude": "1"}, "latitude", "Ensure this value is less than or equal to 90."),
        ({"workers": "4"}, "workers_year", "A number and its year belong together."),
        ({"workers": "4", "workers_year": "20"}, "workers_year", f"A year between 1600 and {timezone.localdate().year}."),
        ({"founded_on": "2020-01-02", "closed_on": "2020-01-01"}, "closed_on", "It cannot close before it is founded."),
        ({"founded_on": "0202-01-02"}, "founded_on", f"A year between 1600 and {timezone.localdate().year + 5}."),
        ({"country": "XX"}, "country", "Select a valid choice. XX is not one of the available choices."),
    ],
)  # fmt: skip
def test_fault_is_told_in_its_place(
    mill: Institution,
    world: World,
    signed_in,  # type: ignore[no-untyped-def]
    said: dict[str, str],
    place: str,
    told: str,
) -> None:
    answer = signed_in(world.bob).post("/institutions/mill/edit/", form(**said))
    assert answer.status_code == 422
    assert dict(answer.context["form"].errors) == {place: [told]}


@pytest.mark.parametrize(
    ("prefix", "said", "told"),
    [
        ("identifiers", {"scheme": "US-EIN", "value": "00-0000001"}, "Mill already has this number: US-EIN-00-0000001."),
        ("identifiers", {"scheme": "US-EIN", "value": ""}, "A register and a number there belong together."),
        ("identifiers", {"scheme": "a b", "value": "1"}, "A code has letters, digits and hyphens, as in GB-COH."),
        ("certifications", {"name": "Fair", "issuer": ""}, "Say what it is and who certifies it."),
        ("certifications", {"name": "F", "issuer": "L", "issued_on": "2020-02-01", "expires_on": "2020-01-01"}, "It cannot end before it begins."),
    ],
)  # fmt: skip
def test_fault_in_a_row_is_told_there(
    mill: Institution,
    world: World,
    signed_in,  # type: ignore[no-untyped-def]
    prefix: str,
    said: dict[str, str],
    told: str,
) -> None:
    answer = signed_in(world.bob).post("/institutions/new/", form(**rows(prefix, said)))
    assert (answer.status_code, told in answer.content.decode()) == (422, True)
    assert Institution.objects.filter(slug__startswith="mill").count() == 1


def test_all_that_is_known_can_be_said_at_once(world: World, signed_in) -> None:  # type: ignore[no-untyped-def]
    said = form(
        latitude="40.5",
        longitude="-89",
        founded_on="2011-03-01",
        country="US",
        website="mill.example",
        **rows("identifiers", {"scheme": "US-EIN", "value": "7"}),
        **rows("certifications", {"name": "Fair", "issuer": "The league"}),
    )
    assert signed_in(world.bob).post("/institutions/new/", said).status_code == 302
    made = Institution.objects.get(slug="mill")
    assert (made.latitude, made.website, made.status) == (40.5, "https://mill.example", "active")
    assert (str(made.identifiers.get()), made.certifications.count()) == ("US-EIN-7", 1)
    assert Entry.objects.latest("pk").act == "institution.registered"


def test_number_twice_in_one_form_is_told(world: World, signed_in) -> None:  # type: ignore[no-untyped-def]
    row = {"scheme": "GB-COH", "value": "1"}
    answer = signed_in(world.bob).post("/institutions/new/", form(**rows("identifiers", row, row)))
    assert (answer.status_code, "stands here twice" in answer.content.decode()) == (422, True)


@pytest.mark.parametrize("path", ["edit", "people"])
@pytest.mark.parametrize("way", ["get", "post"])
def test_others_are_refused_page_and_post_alike(
    mill: Institution, world: World, signed_in, path: str, way: str
) -> None:  # type: ignore[no-untyped-def]
    give_role(institution=mill, person=world.carol, role=Role.MEMBER, by=world.bob, at=START)
    url = f"/institutions/mill/{path}/"
    anonymous = getattr(Client(), way)(url)
    assert (anonymous.status_code, "/account/sign-in/" in anonymous["Location"]) == (302, True)
    for person in (world.alice, world.carol):  # the steward of another, and a member
        answer = getattr(signed_in(person), way)(url, form(email="x@example.org", role="steward"))
        assert (answer.status_code, "Only people who look after" in answer.content.decode()) == (
            403,
            True,
        )
    assert (mill.memberships.count(), Institution.objects.get(pk=mill.pk).place) == (2, "Riverbend")


def test_verbs_refuse_whoever_does_not_look_after_it(mill: Institution, world: World) -> None:
    last = mill.memberships.get()
    with pytest.raises(Refused):
        change(institution=mill, by=world.alice, at=START, name="Mine", kind="firm")
    with pytest.raises(Refused):
        give_role(institution=mill, person=world.alice, role=Role.STEWARD, by=world.alice, at=START)
    with pytest.raises(Refused):
        end_role(membership=last, by=world.alice, at=START)


def test_steward_adds_another_who_then_looks_after_it(
    mill: Institution, world: World, signed_in
) -> None:  # type: ignore[no-untyped-def]
    client = signed_in(world.bob)
    said = {"email": "Dora@Example.org", "role": "steward"}
    assert client.post("/institutions/mill/people/", said).status_code == 302
    page = client.get("/institutions/mill/people/").content.decode()
    assert ("dora@example.org" in page, world.bob.email in page) == (True, True)
    dora = Person.objects.get(email="dora@example.org")
    assert signed_in(dora).get("/institutions/mill/edit/").status_code == 200
    again = client.post("/institutions/mill/people/", said)
    assert (again.status_code, "has that role already" in again.content.decode()) == (422, True)


def test_last_steward_stays_and_another_may_go(mill: Institution, world: World, signed_in) -> None:  # type: ignore[no-untyped-def]
    client, url = signed_in(world.bob), "/institutions/mill/people/"
    first = mill.memberships.get()
    refused = client.post(url, {"end": first.pk})
    assert (refused.status_code, "Add another steward first" in refused.content.decode()) == (
        409,
        True,
    )
    give_role(institution=mill, person=world.carol, role=Role.STEWARD, by=world.bob, at=START)
    assert client.post(url, {"end": first.pk})["Location"] == "/institutions/mill/"
    assert client.get(url).status_code == 403
    assert [one.person for one in mill.memberships.stewards()] == [world.carol]
    assert Membership.objects.get(pk=first.pk).until is not None


def test_role_of_another_institution_cannot_be_ended_here(
    mill: Institution, world: World, signed_in
) -> None:  # type: ignore[no-untyped-def]
    other = world.city.memberships.get()
    answer = signed_in(world.bob).post("/institutions/mill/people/", {"end": other.pk})
    other.refresh_from_db()
    assert (answer.status_code, other.until) == (404, None)


def test_roles_are_no_public_affair(mill: Institution, world: World) -> None:
    give_role(institution=mill, person=world.carol, role=Role.DELEGATE, by=world.bob, at=START)
    assert Entry.objects.latest("pk").audience == "institution"
    assert "given a role" not in Client().get("/record/").content.decode()
