"""What is shown of ties, how seldom the database is asked for it, and what nobody can tell from it."""

import csv
import io
import json
from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from zipfile import ZipFile

import networkx
import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from interlock.methods.formats import murmurations
from interlock.web.institutions import exporting
from interlock.web.institutions.actions import give_role, register
from interlock.web.institutions.leaving import announce, leave_due
from interlock.web.institutions.models import Institution, Membership, Role
from interlock.web.people.models import Person
from interlock.web.ties.actions import (
    change,
    confirm,
    decline,
    dispute,
    say,
    withdraw,
    witness,
)
from interlock.web.ties.models import Predicate, Tie
from interlock.web.ties.queries import AT_LEAST, current, of, shared_people, waiting
from tests.web.institutions.test_page import PAGE
from tests.web.ties.conftest import LATER
from tests.world import START, World

SignIn = Callable[[Person], Client]
#: Session, person, institution, its ties and their number, people it shares.
MOST_QUERIES = 8


def others(number: int, since: datetime = START) -> list[Institution]:
    return [register(name=f"Other {place}", kind="firm", at=since) for place in range(number)]


def tied(world: World, number: int) -> list[Tie]:
    """The city funds so many others."""
    return [
        say(
            subject=world.city,
            predicate=Predicate.FUNDS,
            object=other,
            speaker=world.city,
            by=world.alice,
            at=START,
        )
        for other in others(number)
    ]


@pytest.mark.parametrize(
    ("url", "most"),
    [
        ("/ties/", MOST_QUERIES),
        ("/ties/?q=other&state=said&predicate=funds", MOST_QUERIES),
        ("/ties/of/city-of-riverbend/", MOST_QUERIES),
        ("/ties/new/?q=other", MOST_QUERIES),
        ("/api/ties", MOST_QUERIES),
        ("/ties/ties.csv", 5),
        ("/ties/ties.graphml", 5),
        ("/institutions/city-of-riverbend/", PAGE),
        ("/desk/", 33),
    ],
)
def test_page_asks_as_often_for_many_as_for_one(
    world: World, signed_in: SignIn, url: str, most: int
) -> None:
    client = signed_in(world.alice)
    counts = []
    for number in (1, 2, 60):
        tied(world, number) if number < 60 else _many(world, number)
        with CaptureQueriesContext(connection) as captured:
            answer = client.get(url)
            content = b"".join(answer) if answer.streaming else answer.content
        assert (answer.status_code, len(content) > 0) == (200, True)
        counts.append(len(captured))
    assert (counts, counts[0] <= most) == ([counts[0]] * 3, True)


def _many(world: World, number: int) -> None:
    some = Institution.objects.bulk_create(
        Institution(slug=f"many-{place}", name=f"Many {place}", kind_id="firm", registered_at=START)
        for place in range(number)
    )
    Tie.objects.bulk_create(
        Tie(
            subject=world.city,
            predicate=Predicate.FUNDS,
            object=one,
            said_by=world.city,
            said_at=START,
            subject_said_at=START,
        )
        for one in some
    )


def test_page_of_one_tie_asks_seldom(world: World, funds: Tie, signed_in: SignIn) -> None:
    client = signed_in(world.bob)
    counts = []
    for _round in range(3):
        with CaptureQueriesContext(connection) as captured:
            client.get(f"/ties/{funds.pk}/")
        counts.append(len(captured))
        funds.words.create(act="said", institution=world.city, at=LATER)
    assert (counts, counts[0] <= 12) == ([counts[0]] * 3, True)


def test_list_has_pages_and_the_institution_shows_a_few(world: World) -> None:
    _many(world, 60)
    client = Client()
    first = client.get("/ties/of/city-of-riverbend/").content.decode()
    second = client.get("/ties/of/city-of-riverbend/?page=2").content.decode()
    assert (first.count("<tr>"), second.count("<tr>")) == (51, 11)
    page = client.get("/institutions/city-of-riverbend/").content.decode()
    assert (page.count("Not confirmed yet"), "All its ties" in page) == (20, True)


def test_list_is_narrowed(world: World, mill: Institution, funds: Tie) -> None:
    tied(world, 2)
    client = Client()

    def found(query: str) -> list[str]:
        return [one["object"] for one in client.get(f"/api/ties?{query}").json()]

    assert sorted(found("")) == ["mill", "other-0", "other-1"]
    assert found("of=mill") == ["mill"]
    assert found("q=molino riverbend") == ["mill"]
    assert found("state=confirmed") == []
    confirm(tie=funds, speaker=mill, by=world.bob, at=LATER)
    assert found("state=confirmed") == ["mill"]
    dispute(tie=funds, speaker=mill, by=world.bob, at=LATER, reason="No.")
    assert (found("state=disputed"), found("state=confirmed")) == (["mill"], [])
    assert found("predicate=hosts") == []


def test_withdrawn_tie_is_shown_nowhere(world: World, mill: Institution, funds: Tie) -> None:
    withdraw(tie=funds, speaker=world.city, by=world.alice, at=LATER)
    client = Client()
    assert not current().exists()
    assert client.get("/api/ties").json() == []
    for url in (f"/ties/{funds.pk}/", f"/api/ties/{funds.pk}"):
        assert client.get(url).status_code == 410
    assert "funds" not in b"".join(client.get("/ties/ties.csv")).decode()
    assert "Is funded by" not in client.get("/institutions/mill/").content.decode()


# For other programs.


def test_graphml_opens_in_networkx_with_the_same_counts(
    world: World, mill: Institution, funds: Tie
) -> None:
    confirm(tie=funds, speaker=mill, by=world.bob, at=LATER)
    tied(world, 3)
    witness(subject=world.city, predicate="funds", object=mill, witness="award/1", at=START)
    data = b"".join(Client().get("/ties/ties.graphml"))
    read = networkx.read_graphml(io.BytesIO(data), force_multigraph=True)
    assert isinstance(read, networkx.MultiDiGraph)
    assert (read.number_of_nodes(), read.number_of_edges()) == (
        Institution.objects.count(),
        current().count(),
    )
    states = sorted(told["state"] for *_ends, told in read.edges(data=True))
    assert states == ["confirmed", "said", "said", "said", "witnessed"]


def test_csv_tells_amounts_in_whole_units_and_makes_formulas_harmless(
    world: World, mill: Institution, funds: Tie
) -> None:
    Tie.objects.filter(pk=funds.pk).update(evidence="=1+1")
    lines = b"".join(Client().get("/ties/ties.csv")).decode().splitlines()
    assert lines[1] == (
        f"{funds.pk},city-of-riverbend,funds,mill,,,12000.50,USD,'=1+1,city-of-riverbend,said,,,"
        f"{START.isoformat()},,"
    )


def test_files_fit_together_by_slug_and_by_number(
    world: World, mill: Institution, funds: Tie
) -> None:
    """A tie has one number in both files; institutions are called alike in all four."""
    confirm(tie=funds, speaker=mill, by=world.bob, at=LATER)
    witness(subject=world.city, predicate="hosts", object=mill, witness="award/1", at=START)
    client = Client()

    def rows(path: str) -> list[dict[str, str]]:
        text = b"".join(client.get(path)).decode()
        return list(csv.DictReader(io.StringIO(text, newline="")))

    ties = rows("/ties/ties.csv")
    said, seen = ties
    assert (said["note"], said["subject_said"], said["object_said"], seen["witness"]) == (
        "", START.isoformat(), LATER.isoformat(), "award/1",
    )  # fmt: skip
    data = b"".join(client.get("/ties/ties.graphml"))
    read = networkx.read_graphml(io.BytesIO(data), force_multigraph=True)
    edges = {key for *_ends, key in read.edges(keys=True)}
    assert edges == {f"tie{one['id']}" for one in ties} == {f"tie{tie.pk}" for tie in current()}
    slugs = {row["Slug"] for row in rows("/institutions/institutions.csv")}
    places = json.loads(b"".join(client.get("/institutions/institutions.geojson")))
    assert slugs == set(read.nodes) == {one["properties"]["slug"] for one in places["features"]}
    assert slugs > {one[end] for one in ties for end in ("subject", "object")}


def test_who_speaks_for_both_sides_is_asked_for_the_other(
    world: World, mill: Institution, funds: Tie
) -> None:
    """What somebody else changes or disputes for one of theirs; what they say themselves is not."""
    dora = Person.objects.by_email("dora@example.org")
    give_role(institution=world.city, person=dora, role=Role.DELEGATE, by=world.alice, at=START)
    give_role(institution=mill, person=world.alice, role=Role.DELEGATE, by=world.bob, at=START)
    confirm(tie=funds, speaker=mill, by=world.bob, at=LATER)
    for proposer, told in ((world.alice, []), (dora, [f"Is this change right? {funds}"])):
        at = LATER + timedelta(minutes=proposer.pk)
        change(tie=funds, speaker=world.city, by=proposer, at=at, note=f"By {proposer.pk}")
        assert [str(one.title) for one in waiting(world.alice)] == told
        decline(tie=funds, speaker=world.city, by=proposer, at=at)
    hilltown = Institution.objects.get(slug="hilltown")
    hosts = say(
        subject=world.city, predicate="hosts", object=mill, speaker=hilltown, by=world.carol,
        at=LATER,
    )  # fmt: skip
    dispute(tie=hosts, speaker=mill, by=world.bob, at=LATER, reason="No longer")
    assert [str(one.title) for one in waiting(world.alice)] == [f"Is this so? {hosts}"]


def test_profile_tells_only_what_both_stand_for(
    world: World, mill: Institution, funds: Tie
) -> None:
    def told() -> list[dict[str, str]]:
        profile = Client().get("/institutions/mill/murmurations.json").json()
        assert murmurations.read_organization(json.dumps(profile).encode())
        return list(profile.get("relationships", []))

    assert told() == []
    confirm(tie=funds, speaker=mill, by=world.bob, at=LATER)
    assert told() == [
        {
            "predicate_url": "http://127.0.0.1:8000/ties/words/#funds-inverse",
            "object_url": "http://127.0.0.1:8000/institutions/city-of-riverbend/",
        }
    ]
    words = Client().get("/ties/words/").content.decode()
    assert 'id="funds-inverse"' in words


def test_ties_are_in_the_file_that_an_institution_takes_along(
    world: World, mill: Institution, funds: Tie
) -> None:
    dispute(tie=funds, speaker=mill, by=world.bob, at=LATER, reason="A loan.")
    with exporting.everything(mill) as file, ZipFile(file) as folder:
        (told,) = json.loads(folder.read("ties.json"))
    assert (told["subject"], told["state"], told["dispute"]) == (
        "city-of-riverbend",
        "disputed",
        "A loan.",
    )
    assert [step["act"] for step in told["story"]] == ["said", "asked", "disputed"]
    assert world.bob.reference not in json.dumps(told)


def test_ties_stay_when_an_institution_leaves(world: World, mill: Institution, funds: Tie) -> None:
    confirm(tie=funds, speaker=mill, by=world.bob, at=LATER)
    announce(institution=mill, by=world.bob, at=LATER)
    assert leave_due(LATER + timedelta(days=8))
    mill.refresh_from_db()
    assert mill.left_at
    page = Client().get("/institutions/city-of-riverbend/").content.decode()
    assert ("Mill" in page, "Confirmed by both" in page) == (True, True)
    assert "Is funded by" in Client().get("/institutions/mill/").content.decode()
    assert list(of(mill)) == [funds]


# Shares people with.

MAY = datetime(2027, 5, 20, tzinfo=UTC)


def members(institution: Institution, people: list[int], since: datetime = START) -> None:
    """Those of that number have a role there, since before the month began."""
    for number in people:
        person = Person.objects.by_email(f"p{number}@example.org")
        Membership.objects.create(
            institution=institution,
            person=person,
            role=Role.MEMBER,
            since=since,
            accepted_at=since,
        )


@pytest.mark.parametrize(
    ("shared", "alone", "told"),
    [
        (2, 5, None),
        (3, 3, 3),
        (4, 3, 3),
        (9, 3, 5),
        (12, 3, 10),
        # Where hardly anybody is not shared, who knows the one list would know the other.
        (3, 2, None),
        (12, 0, None),
    ],
)
def test_shared_people_are_a_number_of_at_least_three(
    world: World, shared: int, alone: int, told: int | None
) -> None:
    one, other = others(2)
    before = MAY.replace(month=4)
    members(one, list(range(shared + alone)), before)
    members(other, [*range(shared), *range(100, 110)], before)
    for place, seen in ((one, other), (other, one)):
        found = shared_people(place, MAY)
        numbers = [(each.slug, each.at_least) for each in found.others] if found else None
        assert numbers == ([(seen.slug, told)] if told else None)


def test_role_that_only_a_steward_says_tells_nothing_of_a_person(world: World) -> None:
    """Else who enters two members of a union beside a third person learns whether that is one too."""
    one, other = others(2)
    before = MAY.replace(month=4)
    members(one, list(range(8)), before)
    members(other, [*range(3), *range(100, 110)], before)
    assert shared_people(one, MAY)
    entered = Membership.objects.filter(institution=one, person__email="p0@example.org")
    entered.update(accepted_at=None)
    assert (shared_people(one, MAY), shared_people(other, MAY)) == (None, None)


def test_number_of_shared_people_moves_with_the_month_only(world: World) -> None:
    """Who sees one person come or go sees no number move on that day."""
    one, other = others(2)
    before = MAY.replace(month=4)
    members(one, list(range(8)), before)
    members(other, [*range(2), *range(100, 110)], before)
    members(other, [2], MAY.replace(day=2))
    assert shared_people(one, MAY) is None
    june = MAY + timedelta(days=20)
    found = shared_people(one, june)
    assert found
    assert (found.day.isoformat(), [each.at_least for each in found.others]) == ("2027-06-01", [3])
    Membership.objects.filter(institution=other, person__email="p0@example.org").update(until=june)
    assert shared_people(one, june) == found
    assert shared_people(one, june + timedelta(days=30)) is None


def test_people_with_two_roles_or_an_ended_one_count_once_or_not(world: World) -> None:
    one, other = others(2)
    before = MAY.replace(month=4)
    members(one, list(range(8)), before)
    members(other, [*range(3), *range(100, 110)], before)
    first = Membership.objects.filter(institution=other, person__email="p0@example.org")
    Membership.objects.create(
        institution=other,
        person=first.get().person,
        role=Role.STEWARD,
        since=before,
        accepted_at=before,
    )
    assert shared_people(one, MAY)
    first.filter(role=Role.MEMBER).update(until=before)
    assert shared_people(one, MAY)
    Membership.objects.filter(institution=other, person=first.first().person).update(until=before)  # type: ignore[union-attr]
    assert shared_people(one, MAY) is None


def test_shared_people_ask_the_database_once(world: World) -> None:
    one = others(1)[0]
    members(one, list(range(8)), MAY.replace(month=4))
    for other in Institution.objects.exclude(pk=one.pk):
        members(other, [*range(3), *range(100, 110)], MAY.replace(month=4))
    with CaptureQueriesContext(connection) as captured:
        found = shared_people(one, MAY)
    assert found
    assert (len(found.others), len(captured)) == (3, 1)


def test_page_tells_numbers_and_no_names(world: World) -> None:
    one, other = others(2)
    members(one, list(range(12)), START - timedelta(days=400))
    members(other, [*range(7), *range(100, 110)], START - timedelta(days=400))
    Membership.objects.update(since=datetime(2020, 1, 1, tzinfo=UTC))
    page = Client().get(one.get_absolute_url()).content.decode()
    assert ("Shares people with" in page, "at least 5" in page) == (True, True)
    assert "p1@example.org" not in page
    assert min(AT_LEAST) == 3
