"""Taking everything along, and leaving: announced, stopped, done."""

import json
from collections.abc import Callable, Iterator
from datetime import timedelta
from io import BytesIO
from zipfile import ZipFile

import pytest
from django.test import Client

from interlock.web.institutions import claiming, exporting, importing, queries, remarks, rules
from interlock.web.institutions.actions import Certificate, give_role, register
from interlock.web.institutions.leaving import announce, leave_due
from interlock.web.institutions.models import Institution, Kind, Outcome, Role
from interlock.web.institutions.rules import BEFORE_LEAVING, bonds_of
from interlock.web.look.refusals import Refused
from interlock.web.messages.models import Mail
from interlock.web.people.models import Person
from interlock.web.record.models import Entry
from tests.staging import staged
from tests.world import START, World, both

SignIn = Callable[[Person], Client]
DAY = timedelta(days=1)
DUE = START + BEFORE_LEAVING


@staged
def mill(world: World) -> Institution:
    """Bob's co-op, of which much is said; Carol is its delegate."""
    made = register(
        name=both("Mill", "Molino"),
        kind=Kind.WORKER_COOP,
        at=START,
        steward=world.bob,
        imported_from="list.csv",
        identifiers=[("GB-COH", "00000007")],
        certifications=[Certificate("Fair", "The league")],
        place="Riverbend",
        street="1 Dock Road",
        country="US",
        latitude=40.5,
        longitude=-89.25,
        activity="AM60",
        workers=8,
        workers_year=2026,
        email="hello@mill.example",
        phone="555-0177",
        about=both("We **mill**.", "Molemos."),
    )
    give_role(institution=made, person=world.carol, role=Role.DELEGATE, by=world.bob, at=START)
    Mail.objects.all().delete()
    return made


@pytest.fixture
def more_parts() -> Iterator[None]:
    """Another room has parts of its own in the file."""

    def one_by_one(institution: Institution) -> Iterator[object]:
        yield from ({"of": institution.slug, "name": institution.name} for _ in range(3))

    queries.exports["test_ties"] = one_by_one
    queries.exports["test_needs"] = lambda _institution: {"needs": []}
    yield
    del queries.exports["test_ties"], queries.exports["test_needs"]


def files_of(content: bytes) -> dict[str, object]:
    with ZipFile(BytesIO(content)) as folder:
        return {
            name.removesuffix(".json"): json.loads(folder.read(name))
            for name in folder.namelist()
            if name.endswith(".json")
        }


def gone(institution: Institution) -> Institution:
    """Left, a week after it said so."""
    by = institution.memberships.stewards()[0].person
    announce(institution=institution, by=by, at=START)
    assert leave_due(DUE)
    institution.refresh_from_db()
    return institution


def test_steward_takes_everything_along(
    mill: Institution, world: World, signed_in: SignIn, more_parts: None
) -> None:
    answer = signed_in(world.bob).get("/institutions/mill/everything.zip")
    content = b"".join(answer.streaming_content)  # type: ignore[attr-defined]
    assert answer["Content-Disposition"] == 'attachment; filename="mill.zip"'
    files = files_of(content)
    assert sorted(files) == sorted(
        ["certifications", "identifiers", "lists", "murmurations", "page", "people", "record",
         *queries.exports]
    )  # fmt: skip
    page = files["page"]
    assert isinstance(page, dict)
    told = {name: page[name] for name in ("slug", "kind", "street", "latitude", "workers")}
    assert told == {
        "slug": "mill", "kind": "worker_coop", "street": "1 Dock Road", "latitude": 40.5,
        "workers": 8,
    }  # fmt: skip
    assert page["name"] == {"en": "Mill", "es": "Molino"}
    assert files["identifiers"] == [{"scheme": "GB-COH", "value": "00000007"}]
    assert [one["email"] for one in files["people"]] == [world.bob.email, world.carol.email]  # type: ignore[attr-defined]
    assert [one["act"] for one in files["record"]] == [  # type: ignore[attr-defined]
        "institution.registered", "institution.role_given",
    ]  # fmt: skip
    assert files["test_ties"] == 3 * [{"of": "mill", "name": {"en": "Mill", "es": "Molino"}}]
    with ZipFile(BytesIO(content)) as folder:
        manifest = folder.read("README.txt").decode()
    assert [name for name in files if f"{name}.json: " not in manifest] == []


def test_file_is_asked_for_as_often_however_much_it_holds(
    mill: Institution, world: World, django_assert_num_queries: object
) -> None:
    queries_of = []
    for number in range(2):
        with django_assert_num_queries(  # type: ignore[operator]
            queries_of[0] if queries_of else 16, exact=bool(queries_of)
        ) as captured:
            exporting.everything(Institution.objects.get(pk=mill.pk)).close()
        queries_of.append(len(captured))
        for one in range(20):
            person = Person.objects.by_email(f"p{number}-{one}@example.org")
            give_role(
                institution=mill, person=person, role=Role.MEMBER, by=world.bob,
                at=START + (number + 1) * 2 * DAY,
            )  # fmt: skip


def test_leaving_is_announced_and_every_steward_is_told(
    mill: Institution, world: World, signed_in: SignIn
) -> None:
    give_role(institution=mill, person=world.alice, role=Role.STEWARD, by=world.bob, at=START)
    Mail.objects.all().delete()
    client, url = signed_in(world.bob), "/institutions/mill/leave/"
    assert "Download everything" in client.get(url).content.decode()
    assert client.post(url, {"name": "molino "}).status_code == 302
    assert sorted(Mail.objects.values_list("to", flat=True)) == [
        world.alice.email, world.bob.email,
    ]  # fmt: skip
    assert Entry.objects.latest("pk").act == "institution.leaving"
    assert "It leaves this site on" in Client().get("/institutions/mill/").content.decode()
    assert "Nothing has gone yet" in client.get(url).content.decode()


@pytest.mark.parametrize("typed", ["", "Mil", "City of Riverbend", "\0", "x" * 1000])
def test_who_types_another_name_does_not_leave(
    mill: Institution, world: World, signed_in: SignIn, typed: str
) -> None:
    answer = signed_in(world.bob).post("/institutions/mill/leave/", {"name": typed})
    mill.refresh_from_db()
    assert (answer.status_code, mill.leaving_at) == (422, None)


def test_any_steward_stops_it_within_the_week(
    mill: Institution, world: World, signed_in: SignIn
) -> None:
    give_role(institution=mill, person=world.alice, role=Role.STEWARD, by=world.bob, at=START)
    announce(institution=mill, by=world.alice, at=START)
    assert "Stop it" in signed_in(world.bob).get("/institutions/mill/").content.decode()
    signed_in(world.bob).post("/institutions/mill/leave/stay/")
    assert not leave_due(DUE)
    mill.refresh_from_db()
    assert (mill.leaving_at, mill.left_at, mill.street) == (None, None, "1 Dock Road")
    assert Entry.objects.latest("pk").act == "institution.stays"


def test_nothing_goes_before_its_day(mill: Institution, world: World) -> None:
    announce(institution=mill, by=world.bob, at=START)
    assert not leave_due(DUE - timedelta(seconds=1))
    assert leave_due(DUE)
    assert not leave_due(DUE)


def test_what_left_is_empty_but_for_its_name_and_numbers(mill: Institution, world: World) -> None:
    gone(mill)
    empty = Institution()
    kept = {
        field.name
        for field in Institution._meta.concrete_fields
        if getattr(mill, field.attname) != getattr(empty, field.attname)
    }
    assert kept == {"id", "slug", "name", "kind", "registered_at", "left_at", "searched"}
    assert (mill.searched, str(mill.identifiers.get())) == ("mill\nmolino", "GB-COH-00000007")
    assert (mill.certifications.count(), mill.memberships.filter(until=None).count()) == (0, 0)
    assert sorted(Mail.objects.filter(written_at=DUE).values_list("to", flat=True)) == [
        world.bob.email, world.carol.email,
    ]  # fmt: skip
    assert Entry.objects.latest("pk").act == "institution.left"


def test_what_is_made_up_stays_so_when_it_left(mill: Institution) -> None:
    Institution.objects.filter(pk=mill.pk).update(is_synthetic=True)
    gone(mill)
    assert mill.is_synthetic
    assert "This institution is invented" in Client().get("/institutions/mill/").content.decode()


def test_page_of_what_left_says_so_and_nothing_else(mill: Institution) -> None:
    gone(mill)
    page = Client().get("/institutions/mill/").content.decode()
    told = ["It has left this site", "00000007", "Dock Road", "555-0177", "Nobody has claimed",
            "Claim it", "Murmurations", "ld+json", "Active", "Nothing yet"]  # fmt: skip
    assert [text for text in told if text in page] == ["It has left this site", "00000007"]


def test_what_left_is_in_no_list_search_or_file(mill: Institution) -> None:
    gone(mill)
    client = Client()
    paths = ["", "?q=mill", "institutions.csv", "institutions.geojson", "murmurations.json"]
    for path in paths:
        answer = client.get(f"/institutions/{path}")
        content = b"".join(answer) if answer.streaming else answer.content
        assert (path, b"/institutions/mill/" in content, b"Mill" in content) == (path, False, False)
    assert client.get("/institutions/mill/murmurations.json").status_code == 404


def test_nobody_acts_for_what_left(mill: Institution, world: World, signed_in: SignIn) -> None:
    gone(mill)
    bob = signed_in(world.bob)
    for path in ("edit", "people", "leave", "everything.zip"):
        assert bob.get(f"/institutions/mill/{path}{'' if '.' in path else '/'}").status_code == 403
    for path in ("claim/", "claim/code/", "claim/ask/", "claim/withdraw/"):
        assert bob.post(f"/institutions/mill/{path}", {"about": "Me"}).status_code == 410


def test_list_does_not_enter_again_what_left(world: World) -> None:
    lines = (
        "Name,Companies House Number,Street Address,Email\nPier,00000009,1 Quay,a@pier.example\n"
    )
    choices = importing.Choices()
    held, _planned = importing.enter_at_once(
        data=lines.encode(), file_name="list.csv", choices=choices, at=START
    )
    pier = Institution.objects.get(slug="pier")
    claiming.appoint(institution=pier, email="bob@example.org", at=START)
    gone(pier)
    row = pier.import_rows.get()
    assert (row.given, row.former, row.numbers) == ({}, {}, [])
    again = importing.plan(lines.encode(), choices)
    why = "This institution has left the register, and is not entered again."
    assert [(one.outcome, remarks.texts(one.faults)) for one in again.rows] == [
        (Outcome.REFUSED, why)
    ]
    undone = importing.undo(entering=held, at=DUE)
    assert (undone.removed, Institution.objects.filter(slug="pier").count()) == (0, 1)


def test_questions_end_with_what_was_asked(mill: Institution, world: World) -> None:
    claiming.trust(institution=mill, at=START)
    dora = Person.objects.by_email("dora@example.org")
    for institution in (mill, world.wheelhouse):
        claiming.ask(institution=institution, person=dora, asked_of=mill, about="Me", at=START)
    gone(mill)
    assert set(dora.claims.values_list("granted", "note")) == {(False, "")}
    assert (dora.claims.filter(settled_at=None).count(), list(queries.vouching())) == (0, [])


def test_operator_brings_it_back_with_its_number(mill: Institution, world: World) -> None:
    gone(mill)
    claiming.appoint(institution=mill, email="bob@example.org", at=DUE)
    mill.refresh_from_db()
    assert (mill.left_at, str(mill.identifiers.get())) == (None, "GB-COH-00000007")
    assert [one.person for one in mill.memberships.stewards()] == [world.bob]


# What binds it.


def why_not(institution: Institution) -> bool:
    return "is under way" in " ".join(bonds_of(institution))


def test_vote_binds_who_runs_it_pays_and_delivers_until_it_is_published(
    world: World, signed_in: SignIn
) -> None:
    claiming.appoint(institution=world.wheelhouse, email="bob@example.org", at=START)
    parts = [world.city, world.wheelhouse]
    hilltown = Institution.objects.get(slug="hilltown")
    assert [why_not(one) for one in parts] == [False, False]  # in preparation it is nobody's affair
    world.open()
    assert [why_not(one) for one in (*parts, hilltown)] == [True, True, False]
    alice = signed_in(world.alice)
    page = alice.get("/institutions/city-of-riverbend/leave/").content.decode()
    assert "“Riverbend decides” is under way" in page
    said = {"name": "City of Riverbend"}
    assert alice.post("/institutions/city-of-riverbend/leave/", said).status_code == 409
    world.cast_many(12)
    world.close().count()
    assert [why_not(one) for one in parts] == [True, True]
    world.publish()
    assert [why_not(one) for one in parts] == [False, False]


def test_pot_of_another_binds_its_source(world: World) -> None:
    hilltown = Institution.objects.get(slug="hilltown")
    world.process.pots.update(source=hilltown)
    world.open()
    assert why_not(hilltown)


def test_what_binds_it_by_its_day_keeps_it_here(mill: Institution, world: World) -> None:
    announce(institution=mill, by=world.bob, at=START)
    bond = "A vote is open."
    rules.bonds.append(lambda institution: bond if institution == mill else None)
    try:
        assert leave_due(DUE)
    finally:
        rules.bonds.pop()
    mill.refresh_from_db()
    assert (mill.leaving_at, mill.left_at, mill.street) == (None, None, "1 Dock Road")
    mail = Mail.objects.filter(written_at=DUE).get()
    assert (mail.to, mail.text.count(bond)) == (world.bob.email, 2)


def test_leaving_twice_is_refused(mill: Institution, world: World) -> None:
    announce(institution=mill, by=world.bob, at=START)
    with pytest.raises(Refused, match="leaving already"):
        announce(institution=mill, by=world.bob, at=START)
