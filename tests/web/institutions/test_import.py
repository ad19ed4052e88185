"""Lists in and out: looked at, entered, asked about, undone; the register as files."""

import csv
import hashlib
import io
import json
from collections.abc import Callable
from datetime import timedelta
from html import unescape

import pytest
from django.conf import settings
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from django.utils import translation
from django.utils.html import strip_tags

from interlock.methods.formats import murmurations
from interlock.methods.formats.register import read, rows
from interlock.web.institutions import claiming, exporting, importing, queries, remarks, rules
from interlock.web.institutions.actions import register
from interlock.web.institutions.importing import Choices
from interlock.web.institutions.models import (
    Identifier,
    Import,
    Institution,
    Kind,
    Membership,
    Outcome,
    Role,
)
from interlock.web.look.refusals import Refused
from interlock.web.people.models import Person
from interlock.web.record.models import Entry
from tests.methods.formats import spoiled
from tests.world import START, World, entrust

SignedIn = Callable[[Person], Client]
LATER = START + timedelta(days=1)
WORKERS = Choices(membership="BMT30")
HEADINGS = "Identifier,Name,Description,Locality,Country,Latitude,Longitude,Website,Founded"
TREES = (
    "GB-COH-01234567,Tree Co-op,Trees.,Leeds,GB,53.8,-1.55,https://tree.example,2003-03-25",
    ",Mill,Flour.,York,GB,,,,",
)


def text(*lines: str) -> bytes:
    return "\n".join([HEADINGS, *lines, ""]).encode()


def bring(*lines: str, choices: Choices = WORKERS) -> Import:
    return importing.enter_at_once(
        data=text(*lines), file_name="trees.csv", choices=choices, at=START
    )[0]


def counts(held: Import) -> tuple[int, int, int, int]:
    return held.created, held.matched, held.unchanged, held.refused


def said_of(held: Import, line: int = 2) -> list[str]:
    return [remarks.told(one).text for one in held.rows.get(line=line).faults]


def state() -> list[dict[str, object]]:
    return list(Institution.objects.order_by("pk").values())


def upload(client: Client, data: bytes, **said: str) -> object:
    file = SimpleUploadedFile("trees.csv", data, "text/csv")
    form = {"file": file, "kind": "other_coop", "membership": "BMT30", "scheme": "", **said}
    return client.post(reverse("institutions:import_list"), form, follow=True)


@pytest.mark.django_db
def test_list_is_entered_once_and_recorded_once() -> None:
    held = bring(*TREES)
    assert counts(held) == (2, 0, 0, 0)
    tree = Institution.objects.get(slug="tree-co-op")
    assert (tree.is_worker_coop, tree.imported_from, str(tree.founded_on)) == (
        True,
        "trees.csv",
        "2003-03-25",
    )
    assert [str(number) for number in tree.identifiers.all()] == ["GB-COH-01234567"]
    entry = Entry.objects.get()
    assert (entry.act, entry.audience, entry.facts["created"]) == (
        "institutions.imported",
        "public",
        2,
    )
    assert entry.facts["sha256"] == hashlib.sha256(text(*TREES)).hexdigest()
    before = state()
    assert counts(bring(*TREES)) == (0, 0, 2, 0)
    assert (state(), Entry.objects.count()) == (before, 1)


@pytest.mark.django_db
def test_kind_is_told_from_the_members_and_otherwise_from_what_was_chosen() -> None:
    bring(*TREES, choices=Choices(kind="firm"))
    assert set(Institution.objects.values_list("kind", flat=True)) == {"firm"}
    bring(*TREES)
    assert set(Institution.objects.values_list("kind", flat=True)) == {Kind.WORKER_COOP}
    bring(*TREES, choices=Choices(kind="firm"))
    assert set(Institution.objects.values_list("kind", flat=True)) == {Kind.WORKER_COOP}


@pytest.mark.django_db
@pytest.mark.parametrize(
    ("row", "expected"),
    [
        # By identifier, though it is not called quite so now.
        ("GB-COH-01234567,The Old Tree Ltd,,Hull,GB,,,,", (0, 1, 0, 0)),
        ("GB-COH-01234567,Forest,,Hull,GB,,,https://tree.example/about,", (0, 1, 0, 0)),
        # By name and town; by name within five kilometres.
        (",TREE COOP,,leeds,GB,,,,", (0, 0, 1, 0)),
        (",Tree Co-op,,Horsforth,GB,53.83,-1.56,,", (0, 1, 0, 0)),
        # Elsewhere, or with another number of the same list: another.
        (",Tree Co-op,,Leeds,US,,,,", (1, 0, 0, 0)),
        (",Tree Co-op,,Hull,GB,,,,", (1, 0, 0, 0)),
        ("GB-COH-07654321,Tree Co-op,,Leeds,GB,,,,", (1, 0, 0, 0)),
        # Nobody can tell.
        ("GB-COH-01234567,Forest Co-op,,Hull,GB,,,,", (0, 0, 0, 1)),
        (",Tree Co-op,,,,,,,", (0, 0, 0, 1)),
        (",Tree Co-op,,Leeds,,,,,", (0, 0, 0, 1)),
        (",Tree Workers,,,,,,http://www.tree.example/,", (0, 0, 0, 1)),
    ],
)
def test_row_is_matched_by_identifier_then_by_name_and_place(
    row: str, expected: tuple[int, int, int, int]
) -> None:
    bring(*TREES)
    assert counts(bring(row)) == expected


@pytest.mark.django_db
def test_doubtful_row_is_left_out_or_as_somebody_says() -> None:
    bring(*TREES)
    tree = Institution.objects.get(slug="tree-co-op")
    row = ",Tree Co-op,Wood.,,,,,,"
    held = bring(row)
    assert said_of(held) == [
        "The name is the same, and the place does not tell whether it is another.",
        "It may be: tree-co-op.",
        "Nobody said which it is.",
    ]
    assert counts(bring(row, choices=Choices(answers={2: str(tree.pk)}))) == (0, 1, 0, 0)
    tree.refresh_from_db()
    assert str(tree.about) == "Wood."
    # What was said is remembered; another list is asked about again.
    assert counts(bring(row)) == (0, 0, 1, 0)
    other = ",Tree Co-op,Paper.,,,,,https://paper.example,"
    assert counts(bring(other, choices=Choices(membership="BMT30", rest="new"))) == (1, 0, 0, 0)
    assert counts(bring(other)) == (0, 0, 1, 0)


@pytest.mark.django_db
def test_two_rows_about_one_institution_are_told() -> None:
    held = bring(*TREES)
    tree = Institution.objects.get(slug="tree-co-op")
    Identifier.objects.create(institution=tree, scheme="GB-CHC", value="99")
    held = bring(TREES[0], "GB-CHC-99,Tree Charity,,,,,,,")
    assert counts(held) == (0, 0, 1, 1)
    assert said_of(held, 3) == ["Line 2 is about the same institution."]


def test_page_that_people_look_after_is_never_written(world: World) -> None:
    """Neither what they wrote nor what they left empty: their address, their numbers are theirs."""
    register(
        name="Grove", kind="firm", at=START, steward=world.bob, place="Leeds", about="Ours.",
        country="GB", tags=["Oak"],
    )  # fmt: skip
    before, numbers = state(), Identifier.objects.count()
    held = importing.enter_at_once(
        data=b"Identifier,Name,Description,Locality,Country,Tags,Links,Email,Website,Workers\n"
        b"GB-COH-11111111,Grove,Theirs.,Leeds,GB,Ash,https://g.example,e@g.example,https://g.example,9\n",
        file_name="x.csv", choices=WORKERS, at=LATER,
    )[0]  # fmt: skip
    assert (state(), Identifier.objects.count(), counts(held)) == (before, numbers, (0, 0, 1, 0))
    row = held.rows.get()
    assert (row.given, row.numbers) == ({}, [])
    assert remarks.labels(row.kept) == [
        "about", "public e-mail address", "kind", "other addresses", "members are", "tags", "website", "workers",
    ]  # fmt: skip
    assert [remarks.told(one).text for one in row.notes][-1] == (
        "Its own people say which numbers it has; the list gives it GB-COH-11111111."
    )


@pytest.mark.django_db
def test_who_left_is_not_entered_again() -> None:
    bring(*TREES)
    Institution.objects.update(left_at=LATER)
    held = bring(*TREES)
    assert counts(held) == (0, 0, 0, 2)
    assert said_of(held) == ["This institution has left the register, and is not entered again."]


@pytest.mark.django_db
def test_what_the_register_cannot_hold_is_left_out_and_told() -> None:
    held = bring(f",Long,,{'x' * 121},GB,,,,2003")
    long = Institution.objects.get()
    assert (long.place, str(long.founded_on)) == ("", "2003-01-01")
    assert [(one.column, one.text) for one in map(remarks.told, held.rows.get().notes)] == [
        ("Founded", "2003 is no whole date, and was entered as 2003-01-01."),
        (
            "Locality",
            "It has 121 signs, and more than 120 are not kept here. It was left out.",
        ),
    ]


MANY = b"""Name,Primary Activity,Activities,Tags,Other Names,Name (fr),Twitter,Links,SIC Code,Town
Tree,Food,Energy;Wood,Soup;soup;Bread,TC;Trees,Arbre,@tree,https://t.example/a;nowhere,1234,Leeds
"""
LISTS = {
    "tags": ["Wood", "Soup", "Bread"],
    "other_names": ["TC", "Trees", "Arbre"],
    "links": ["https://twitter.com/tree", "https://t.example/a"],
    "other_activities": ["AM50"],
}


def bring_many(data: bytes = MANY) -> Import:
    return importing.enter_at_once(data=data, file_name="many.csv", choices=WORKERS, at=START)[0]


@pytest.mark.django_db
def test_all_that_a_row_says_is_kept_or_named() -> None:
    held = bring_many()
    tree = Institution.objects.get()
    assert (tree.activity, {name: getattr(tree, name) for name in LISTS}) == ("AM60", LISTS)
    assert [str(remarks.told(one)) for one in held.notes] == [
        "Column 9 (SIC Code): The register has no place for this column, and did not keep it."
    ]
    assert [str(remarks.told(one)) for one in held.rows.get().notes] == [
        'Column 8 (Links): "nowhere" is no web address (http:// or https://), and was left out.',
    ]
    assert counts(bring_many()) == (0, 0, 1, 0)
    found = [
        queries.search(queries.Wanted(words=one)).number for one in ("soup", "arbre", "energy")
    ]
    assert found == [1, 1, 1]
    body = exported(Client(), "csv")[0].encode()
    assert counts(bring_many(body)) == (0, 0, 1, 0)
    (record,) = read(body).records
    assert (record.twitter, record.links) == ("tree", ("https://t.example/a",))
    profile = exporting.profile(tree)
    assert murmurations.faults(profile, murmurations.ORGANIZATIONS) == ()
    assert profile["tags"] == ["Worker co-op", "Food", "Energy", "Wood", "Soup", "Bread"]
    assert json.loads(exporting.json_ld(tree))["sameAs"] == LISTS["links"]


@pytest.mark.django_db
def test_another_list_adds_to_what_is_there_and_takes_nothing_away() -> None:
    bring_many()
    before = state()
    held = bring_many(b"Name,Town,Tags\nTree,Leeds,SOUP;Rye\n")
    tree = Institution.objects.get()
    assert tree.tags == ["Wood", "Soup", "Bread", "Rye"]
    assert queries.search(queries.Wanted(words="rye")).number == 1
    importing.undo(entering=held, at=LATER)
    assert state() == before


def enter_as(slug: str, data: bytes) -> Import:
    """Enter a list of one row, which is about this institution."""
    pk = Institution.objects.get(slug=slug).pk
    choices = Choices(answers={2: str(pk)})
    return importing.enter_at_once(data=data, file_name="x.csv", choices=choices, at=LATER)[0]


@pytest.mark.django_db
def test_region_of_a_row_without_a_town_replaces_none() -> None:
    bring(*TREES)
    Institution.objects.filter(slug="tree-co-op").update(region="West Yorkshire")
    held = enter_as("tree-co-op", b"Name,Region\nTree Co-op,Leeds area\n")
    assert counts(held) == (0, 0, 1, 0)
    assert remarks.texts(held.rows.get().notes) == (
        "It names no town, so that the state or region here stays."
    )


@pytest.mark.django_db
def test_what_a_tag_cannot_hold_is_the_description() -> None:
    words = "Trees, and all that comes of trees. " * 4
    bring_many(f"Name,Sector\nTree,{words!r}\n".replace("'", '"').encode())
    tree = Institution.objects.get()
    assert (str(tree.about), tree.tags) == (words.strip(), [])


@pytest.mark.django_db
def test_undo_restores_and_removes() -> None:
    bring(*TREES)
    before = state()
    held = bring("GB-COH-01234567,Forest Tree,Wood.,Hull,GB,,,,", ",New,,Hull,GB,,,,")
    assert (counts(held), state() != before) == ((1, 1, 0, 0), True)
    undone = importing.undo(entering=held, at=LATER)
    assert (undone.removed, undone.restored, undone.stay) == (1, 1, [])
    assert state() == before
    assert Entry.objects.latest("pk").act == "institutions.import_undone"
    with pytest.raises(Refused, match="undone already"):
        importing.undo(entering=held, at=LATER)
    # What was undone can be entered again.
    assert counts(bring(",New,,Hull,GB,,,,")) == (1, 0, 0, 0)


def test_undo_leaves_what_was_claimed_used_or_changed(world: World) -> None:
    held = bring(*TREES, ",Used,,Hull,GB,,,,", ",Alone,,Hull,GB,,,,", ",More,,Hull,GB,,,,")
    tree, mill, used = (
        Institution.objects.get(slug=slug) for slug in ("tree-co-op", "mill", "used")
    )
    Membership.objects.create(institution=tree, person=world.bob, role=Role.STEWARD, since=START)
    Institution.objects.filter(pk=mill.pk).update(phone="12345")
    world.process.institution = used
    world.process.save()
    bring(",More,Since.,Hull,GB,,,,")
    undone = importing.undo(entering=held, at=LATER)
    assert undone.removed == 1
    assert {row.name: remarks.texts(row.faults) for row in undone.stay} == {
        "Tree Co-op": "Somebody looks after it, or has.",
        "Mill": "It was changed since.",
        "Used": "It is in use on this site.",
        "More": "Another list has added to it since.",
    }
    assert not Institution.objects.filter(slug="alone").exists()


@pytest.mark.django_db
def test_undo_keeps_values_that_somebody_changed_since() -> None:
    bring(*TREES)
    held = bring("GB-COH-01234567,Forest Tree,Wood.,Hull,GB,,,,")
    Institution.objects.filter(slug="tree-co-op").update(place="Bath")
    undone = importing.undo(entering=held, at=LATER)
    tree = Institution.objects.get(slug="tree-co-op")
    assert (str(tree.name), str(tree.about), tree.place) == ("Tree Co-op", "Trees.", "Bath")
    (row,) = undone.stay
    assert (row.name, remarks.texts(row.faults)) == (
        "Forest Tree",
        "It was changed since: town stays as it is.",
    )


def emails(*found: str) -> list[bytes]:
    return [f"Name,Locality,Country,Email\nPier,Leeds,GB,{one}\n".encode() for one in found]


def bring_all(*lists: bytes) -> list[Import]:
    return [
        importing.enter_at_once(
            data=one, file_name=f"{number}.csv", choices=WORKERS, at=START + timedelta(hours=number)
        )[0]
        for number, one in enumerate(lists)
    ]


@pytest.mark.django_db
@pytest.mark.parametrize(
    ("undone", "expected"),
    [
        ([0], "b@pier.example"),
        ([1], "a@pier.example"),
        ([0, 1], "hello@pier.example"),
        ([1, 0], "hello@pier.example"),
    ],
)
def test_undo_brings_back_nothing_of_a_list_that_was_undone(
    undone: list[int], expected: str
) -> None:
    pier = register(
        name="Pier", kind="firm", at=START, place="Leeds", country="GB", email="hello@pier.example"
    )
    entered = bring_all(*emails("a@pier.example", "b@pier.example"))
    for number in undone:
        importing.undo(entering=entered[number], at=LATER)
    pier.refresh_from_db()
    assert pier.email == expected
    assert rules.why_not_trust_address(pier) is None


@pytest.mark.django_db
def test_address_of_an_undone_list_proves_nothing_where_it_stays(world: World) -> None:
    (held,) = bring_all(*emails("a@pier.example"))
    pier = Institution.objects.get(slug="pier")
    assert rules.why_not_trust_address(pier) is None
    world.process.institution = pier
    world.process.save()
    importing.undo(entering=held, at=LATER)
    pier.refresh_from_db()
    assert pier.email == "a@pier.example"
    assert "a list that was undone" in (rules.why_not_trust_address(pier) or "")
    # Another list says so, and stands.
    Institution.objects.filter(pk=pier.pk).update(email="")
    bring_all(*emails("a@pier.example"))
    pier.refresh_from_db()
    assert rules.why_not_trust_address(pier) is None


@pytest.mark.django_db
def test_undo_leaves_a_page_to_the_people_who_came_since(world: World) -> None:
    pier = register(name="Pier", kind="firm", at=START, place="Leeds", country="GB")
    (held,) = bring_all(*emails("a@pier.example"))
    Membership.objects.create(institution=pier, person=world.bob, since=START)
    undone = importing.undo(entering=held, at=LATER)
    pier.refresh_from_db()
    assert (pier.email, undone.restored) == ("a@pier.example", 0)
    assert [remarks.texts(row.faults) for row in undone.stay] == [
        "Somebody looks after it, or has."
    ]


@pytest.mark.django_db
def test_undo_gives_back_both_coordinates_or_neither() -> None:
    bring(*TREES)
    held = bring(",Mill,,York,GB,53.9,-1.08,,")
    Institution.objects.filter(slug="mill").update(longitude=-1.09)
    importing.undo(entering=held, at=LATER)
    mill = Institution.objects.get(slug="mill")
    assert (mill.latitude, mill.longitude) == (53.9, -1.09)


def test_number_alone_makes_nobody_another(world: World) -> None:
    """Somebody gave their own page the number of another, which a list is about."""
    squatter = register(
        name="Squatter Ltd", kind="firm", at=START, steward=world.bob,
        identifiers=[("GB-COH", "01234567")],
    )  # fmt: skip
    held = bring(*TREES)
    assert (counts(held), said_of(held)) == (
        (1, 0, 0, 1),
        [
            "The number is the same, and the name is not.",
            "It may be: squatter-ltd.",
            "Nobody said which it is.",
        ],
    )
    # Whoever enters it says so, and is not asked again.
    assert counts(bring(*TREES, choices=Choices(membership="BMT30", rest="new"))) == (1, 0, 1, 0)
    assert counts(bring(*TREES)) == (0, 0, 2, 0)
    tree = Institution.objects.get(slug="tree-co-op")
    assert list(squatter.identifiers.values_list("value", flat=True)) == ["01234567"]
    assert not tree.identifiers.exists()


@pytest.mark.django_db
def test_number_with_another_name_is_asked_about_once() -> None:
    bring(*TREES)
    tree = Institution.objects.get(slug="tree-co-op")
    renamed = "GB-COH-01234567,Forest,,Hull,GB,,,,"
    assert counts(bring(renamed, choices=Choices(answers={2: str(tree.pk)}))) == (0, 1, 0, 0)
    assert counts(bring(renamed.replace("Hull", "Bath"))) == (0, 1, 0, 0)


@pytest.mark.django_db
def test_register_that_changes_meanwhile_is_looked_at_again(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    """Between the plan and the writing somebody registers one of the list's own institutions."""
    held = importing.one_at_a_time
    others = iter([*"Mill", ""])

    def somebody_was_faster() -> None:
        if name := next(others, ""):
            register(name=name, kind="firm", at=START)
        held()

    monkeypatch.setattr(importing, "one_at_a_time", somebody_was_faster)
    with pytest.raises(Refused, match="being changed by others"):
        bring(*TREES)
    assert not Import.objects.exists()
    assert not Institution.objects.filter(slug="tree-co-op").exists()


@pytest.mark.django_db
def test_queries_do_not_grow_within_a_batch() -> None:
    def queries(number: int) -> int:
        lines = [f"GB-COH-{n:08},Co-op {number} {n},,Leeds,GB,,,," for n in range(number)]
        data = text(*(line.replace("GB-COH", f"XX-L{number}") for line in lines))
        with CaptureQueriesContext(
            connection,
        ) as found:
            importing.enter_at_once(data=data, file_name="x", choices=WORKERS, at=START)
        again = text(
            *(line.replace("GB-COH", f"XX-L{number}").replace("Leeds", "Hull") for line in lines)
        )
        with CaptureQueriesContext(connection) as more:
            importing.enter_at_once(data=again, file_name="x", choices=WORKERS, at=START)
        return len(found) + len(more)

    assert queries(3) == queries(15)


def test_page_looks_first_then_enters_then_undoes(world: World, signed_in: SignedIn) -> None:
    entrust(world.bob)
    before = state()
    client = signed_in(world.bob)
    page = upload(client, text(*TREES)).content.decode()  # type: ignore[attr-defined]
    assert ("Would be entered: 2" in page, "Enter the list" in page, state()) == (
        True,
        True,
        before,
    )
    held = Import.objects.get()
    assert (held.by, held.entered_by) == (world.bob, None)
    page = client.post(
        reverse("institutions:enter_import", args=[held.pk]), follow=True
    ).content.decode()
    assert "Tree Co-op" in page
    assert Institution.objects.filter(slug="tree-co-op").exists()
    answer = client.post(reverse("institutions:enter_import", args=[held.pk]))
    assert (answer.status_code, "entered already" in answer.content.decode()) == (409, True)
    client.post(reverse("institutions:undo_import", args=[held.pk]))
    assert state() == before


def test_page_asks_about_doubtful_rows(world: World, signed_in: SignedIn) -> None:
    bring(*TREES)
    entrust(world.bob)
    tree = Institution.objects.get(slug="tree-co-op")
    client = signed_in(world.bob)
    page = upload(client, text(",Tree Co-op,Wood.,,,,,,", ",Mill,Grain.,,,,,,")).content.decode()  # type: ignore[attr-defined]
    assert page.count("The same as") == 2
    held = Import.objects.get(by=world.bob)
    answers = {"line-2": str(tree.pk), "line-3": "new", "rest": ""}
    client.post(reverse("institutions:enter_import", args=[held.pk]), answers)
    held.refresh_from_db()
    assert counts(held) == (1, 1, 0, 0)
    tree.refresh_from_db()
    assert str(tree.about) == "Wood."


def test_page_says_each_fault_of_a_spoiled_file(world: World, signed_in: SignedIn) -> None:
    data, faulty = spoiled.file()
    client = signed_in(world.bob)
    upload(client, data)
    held = Import.objects.get()
    url = held.get_absolute_url()
    pages = "".join(client.get(url, {"page": number}).content.decode() for number in (1, 2))
    told = unescape(strip_tags(pages))
    assert [one.said for one in faulty if one.said not in told] == []
    refused = sum(one.refused for one in faulty)
    assert (held.created, held.refused) == (2 * len(faulty) + 1 - refused, refused)


def test_page_says_each_fault_in_the_readers_language(world: World, signed_in: SignedIn) -> None:
    client = signed_in(world.bob)
    upload(client, spoiled.file()[0])
    held = Import.objects.get()
    client.cookies[settings.LANGUAGE_COOKIE_NAME] = "es"
    url = held.get_absolute_url()
    pages = "".join(client.get(url, {"page": number}).content.decode() for number in (1, 2))
    with translation.override("es"):
        told = [
            str(remarks.told(one)) for row in held.rows.all() for one in (*row.faults, *row.notes)
        ]
    assert len(told) >= 50
    shown = unescape(strip_tags(pages))
    assert [one for one in told if one not in shown] == []


def test_page_refuses_what_is_no_list_or_too_large(
    world: World, signed_in: SignedIn, monkeypatch: pytest.MonkeyPatch
) -> None:
    client = signed_in(world.bob)
    answer = upload(client, b"PK\x03\x04")
    assert answer.status_code == 422  # type: ignore[attr-defined]
    assert "no CSV" in answer.content.decode()  # type: ignore[attr-defined]
    monkeypatch.setattr("interlock.web.institutions.exchange.LARGEST_FILE", 10)
    answer = upload(client, text(*TREES))
    assert answer.status_code == 422  # type: ignore[attr-defined]
    assert "larger than" in answer.content.decode()  # type: ignore[attr-defined]
    with pytest.raises(Refused, match="larger than"):
        importing.plan(b"x" * (rows.LARGEST_FILE + 1), WORKERS)


def test_list_is_handed_on_to_whom_the_site_trusts(world: World, signed_in: SignedIn) -> None:
    before = state()
    bob, carol = signed_in(world.bob), signed_in(world.carol)
    page = upload(bob, text(*TREES)).content.decode()  # type: ignore[attr-defined]
    held = Import.objects.get()
    asked = [
        (method, reverse(f"institutions:{name}", args=[held.pk]))
        for method, name in (("get", "import"), ("post", "enter_import"), ("post", "undo_import"))
    ]
    # Who looked at it sees all of it, and why they cannot enter it; nobody else does.
    told = (
        "Would be entered: 2",
        "A list changes the pages of others",
        asked[0][1],
        "no institution",
    )
    assert [one in page for one in told] == [True, True, True, True]
    assert "Enter the list" not in page
    for method, url in asked:
        answer = getattr(Client(), method)(url)
        assert (answer.status_code, "/account/" in answer["Location"]) == (302, True)
    assert [getattr(bob, method)(url).status_code for method, url in asked] == [200, 403, 403]
    assert [getattr(carol, method)(url).status_code for method, url in asked] == [403, 403, 403]
    assert state() == before
    # A steward of an institution that the site trusts enters it, by its address.
    entrust(world.carol)
    assert "Trusted Federation" in bob.get(asked[0][1]).content.decode()
    assert "Enter the list" in carol.get(asked[0][1]).content.decode()
    assert carol.post(asked[1][1]).status_code == 302
    held.refresh_from_db()
    assert (held.by, held.entered_by, counts(held)) == (world.bob, world.carol, (2, 0, 0, 0))
    entry = Entry.objects.latest("pk")
    assert (entry.act, entry.actor) == ("institutions.imported", world.carol.reference)
    # Only she takes it back, or an administrator: not who looked at it, nor another who is trusted.
    entrust(world.alice, "Other Federation")
    alice = signed_in(world.alice)
    assert [one.post(asked[2][1]).status_code for one in (bob, alice)] == [403, 403]
    assert "Undo the import" not in alice.get(asked[0][1]).content.decode()
    assert carol.post(asked[2][1]).status_code == 302
    assert not Institution.objects.filter(slug="tree-co-op").exists()


def test_administrator_enters_and_undoes_the_lists_of_others(
    world: World, signed_in: SignedIn
) -> None:
    upload(signed_in(world.bob), text(*TREES))
    held = Import.objects.get()
    world.carol.is_superuser = True
    world.carol.save()
    for name in ("enter_import", "undo_import"):
        url = reverse(f"institutions:{name}", args=[held.pk])
        assert signed_in(world.carol).post(url).status_code == 302
    held.refresh_from_db()
    assert (held.entered_by, held.undone_at is None) == (world.carol, False)


def test_verbs_refuse_whom_the_site_does_not_trust(world: World) -> None:
    """Being a steward of any page is not enough, nor is trust that was taken back."""
    register(name="Own", kind="firm", steward=world.bob, at=START)
    held = importing.look(data=text(*TREES), file_name="x", choices=WORKERS, by=world.bob, at=START)
    said = {"data": text(*TREES), "file_name": "x", "choices": WORKERS, "at": START}
    with pytest.raises(Refused, match="changes the pages of others"):
        importing.enter(entering=held, by=world.bob, at=START)
    with pytest.raises(Refused, match="changes the pages of others"):
        importing.enter_at_once(**said, by=world.bob)  # type: ignore[arg-type]
    trusted = entrust(world.bob)
    entered = importing.enter(entering=held, by=world.bob, at=START)
    claiming.distrust(institution=trusted, at=START)
    with pytest.raises(Refused, match="changes the pages of others"):
        importing.undo(entering=entered, by=world.bob, at=LATER)
    with pytest.raises(Refused, match="changes the pages of others"):
        importing.enter_at_once(**said, by=world.bob)  # type: ignore[arg-type]


def test_page_takes_so_many_rows(
    world: World, signed_in: SignedIn, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(importing, "MOST_ROWS", 1)
    answer = upload(signed_in(world.bob), text(*TREES))
    assert answer.status_code == 422  # type: ignore[attr-defined]
    page = answer.content.decode()  # type: ignore[attr-defined]
    assert "has 2 rows, and 1 are taken" in page
    assert not Import.objects.exists()
    assert counts(bring(*TREES)) == (2, 0, 0, 0)


def test_page_shows_what_would_be_entered(world: World, signed_in: SignedIn) -> None:
    page = unescape(upload(signed_in(world.bob), text(*TREES)).content.decode())  # type: ignore[attr-defined]
    shown = " ".join(strip_tags(page).split())
    assert (
        "What the list says of it Kind: Worker co-op About: Trees. Members are: Workers "
        "Town: Leeds Country: GB Latitude: 53.8 Longitude: -1.55 Website: https://tree.example "
        "Founded on: 2003-03-25 Identifiers: GB-COH-01234567"
    ) in shown


def test_page_of_rows_asks_the_database_as_often_for_many(
    world: World, signed_in: SignedIn
) -> None:
    client = signed_in(world.bob)

    def queries(number: int) -> int:
        upload(client, text(*(f",Co-op {n},,Leeds,GB,,,," for n in range(number))))
        url = Import.objects.get().get_absolute_url()
        with CaptureQueriesContext(connection) as found:
            client.get(url)
        return len(found)

    assert queries(1) == queries(30)


def exported(client: Client, name: str) -> tuple[str, int]:
    with CaptureQueriesContext(connection) as found:
        answer = client.get(reverse(f"institutions:{name}"))
        body = b"".join(answer.streaming_content).decode()  # type: ignore[attr-defined]
    return body, len(found)


@pytest.mark.django_db
def test_exported_csv_is_read_again_and_changes_nothing() -> None:
    held = bring(*TREES, ",=Sum,,Hull,GB,,,,")
    body, queries = exported(Client(), "csv")
    assert queries <= 5
    reading = read(body.encode())
    assert (len(reading.records), reading.refusals) == (3, ())
    assert "'=Sum" in {row["Name"] for row in csv.DictReader(io.StringIO(body))}
    again, _planned = importing.enter_at_once(
        data=body.encode(), file_name="out.csv", choices=Choices(), at=LATER
    )
    assert counts(again) == (0, 0, 3, 0)
    assert counts(held) == (3, 0, 0, 0)


@pytest.mark.django_db
def test_exported_map_and_profiles_say_all_but_those_who_left() -> None:
    bring(*TREES)
    register(name="Gone", kind="firm", at=START)
    Institution.objects.filter(slug="gone").update(left_at=LATER)
    body, queries = exported(Client(), "geojson")
    features = json.loads(body)["features"]
    assert queries <= 5
    assert [one["properties"]["name"] for one in features] == ["Tree Co-op", "Mill"]
    assert features[0]["geometry"]["coordinates"] == [-1.55, 53.8]
    listed, queries = exported(Client(), "profiles")
    assert queries <= 5
    urls = [url.partition("8000")[2] for url in json.loads(listed)["profiles"]]
    assert urls == [
        "/institutions/tree-co-op/murmurations.json",
        "/institutions/mill/murmurations.json",
    ]
    for url in urls:
        profile = Client().get(url).json()
        assert murmurations.faults(profile, murmurations.ORGANIZATIONS) == ()
    assert Client().get(reverse("institutions:profile", args=["gone"])).status_code == 404


@pytest.mark.django_db
def test_downloads_name_whose_data_they_hold() -> None:
    held, _planned = importing.enter_at_once(
        data=text(*TREES),
        file_name="x",
        choices=WORKERS,
        at=START,
        credit="Leeds Trees, ODC-BY 1.0",
    )
    places = ["GeoNames", "CC BY 4.0", "US Census Bureau"]
    said = json.loads(exported(Client(), "geojson")[0])["attribution"]
    assert [one for one in (*places, "Leeds Trees, ODC-BY 1.0") if one not in said] == []
    page = Client().get(reverse("institutions:register")).content.decode()
    assert [one for one in places if one not in page] == []
    assert "Leeds Trees, ODC-BY 1.0" in Client().get("/institutions/mill/").content.decode()
    importing.undo(entering=held, at=LATER)
    assert "Leeds Trees" not in exported(Client(), "geojson")[0]


@pytest.mark.django_db
def test_json_ld_ends_no_script() -> None:
    made = register(name="</script>", kind="firm", at=START)
    said = exporting.json_ld(made)
    assert ("</" in said, json.loads(said)["name"]) == (False, "</script>")


@pytest.mark.django_db
def test_what_becomes_of_rows_is_counted_as_the_rows_are() -> None:
    held = bring(*TREES, ",,,,,,,,")
    found = {one.value: held.rows.filter(outcome=one).count() for one in Outcome}
    assert found == {"created": 2, "matched": 0, "unchanged": 0, "doubtful": 0, "refused": 0}
