"""Lists in and out: looked at, entered, asked about, undone; the register as files."""

import csv
import hashlib
import io
import json
from collections.abc import Callable
from datetime import timedelta

import pytest
from django.conf import settings
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from django.utils import translation
from django.utils.html import escape

from interlock.methods.formats import murmurations
from interlock.methods.formats.register import read, rows
from interlock.web.institutions import exporting, importing, queries, remarks
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
from tests.world import START, World

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
        # By identifier, whatever it is called now.
        ("GB-COH-01234567,Forest Co-op,,Hull,GB,,,,", (0, 1, 0, 0)),
        # By name and town; by name within five kilometres.
        (",TREE COOP,,leeds,GB,,,,", (0, 0, 1, 0)),
        (",Tree Co-op,,Horsforth,GB,53.83,-1.56,,", (0, 1, 0, 0)),
        # Elsewhere, or with another number of the same list: another.
        (",Tree Co-op,,Leeds,US,,,,", (1, 0, 0, 0)),
        (",Tree Co-op,,Hull,GB,,,,", (1, 0, 0, 0)),
        ("GB-COH-07654321,Tree Co-op,,Leeds,GB,,,,", (1, 0, 0, 0)),
        # Nobody can tell.
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


def test_page_with_stewards_keeps_what_they_wrote(world: World) -> None:
    grove = register(
        name="Grove", kind="firm", at=START, steward=world.bob, place="Leeds", about="Ours."
    )
    Institution.objects.filter(pk=grove.pk).update(country="GB")
    held = bring("GB-COH-11111111,Grove,Theirs.,Leeds,GB,53.8,-1.55,,")
    grove.refresh_from_db()
    assert (str(grove.about), grove.kind_id, grove.latitude) == ("Ours.", "firm", 53.8)
    assert held.rows.get().kept == ["kind_id", "about"]
    assert str(grove.identifiers.get()) == "GB-COH-11111111"


def test_tags_of_a_page_with_stewards_are_filled_and_never_added_to(world: World) -> None:
    grove = register(
        name="Grove", kind="firm", at=START, steward=world.bob, place="Leeds", tags=["Oak"]
    )
    held = enter_as("grove", b"Name,Locality,Tags,Links\nGrove,Leeds,Ash,https://grove.example\n")
    grove.refresh_from_db()
    assert (grove.tags, grove.links) == (["Oak"], ["https://grove.example"])
    assert held.rows.get().kept == ["tags"]


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
    held = bring("GB-COH-01234567,Forest,Wood.,Hull,GB,,,,", ",New,,Hull,GB,,,,")
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
    held = bring("GB-COH-01234567,Forest,Wood.,Hull,GB,,,,")
    Institution.objects.filter(slug="tree-co-op").update(place="Bath")
    undone = importing.undo(entering=held, at=LATER)
    tree = Institution.objects.get(slug="tree-co-op")
    assert (str(tree.name), str(tree.about), tree.place) == ("Tree Co-op", "Trees.", "Bath")
    (row,) = undone.stay
    assert (row.name, remarks.texts(row.faults)) == (
        "Forest",
        "It was changed since: town stays as it is.",
    )


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
    before = state()
    client = signed_in(world.bob)
    page = upload(client, text(*TREES)).content.decode()  # type: ignore[attr-defined]
    assert ("Would be entered: 2" in page, "Enter the list" in page, state()) == (
        True,
        True,
        before,
    )
    held = Import.objects.get()
    assert held.by == world.bob
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
    told = pages.replace("&quot;", '"').replace("&#x27;", "'")
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
            escape(str(remarks.told(one)))
            for row in held.rows.all()
            for one in (*row.faults, *row.notes)
        ]
    assert len(told) >= 50
    assert [one for one in told if one not in pages] == []


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


def test_only_who_imported_or_an_administrator_may_look_enter_and_undo(
    world: World, signed_in: SignedIn
) -> None:
    upload(signed_in(world.bob), text(*TREES))
    held = Import.objects.get()
    names = ("import", "enter_import", "undo_import")
    urls = [reverse(f"institutions:{name}", args=[held.pk]) for name in names]
    asked = [("get", urls[0]), ("post", urls[1]), ("post", urls[2])]
    for method, url in [*asked, ("get", reverse("institutions:import_list"))]:
        answer = getattr(Client(), method)(url)
        assert (answer.status_code, "/account/" in answer["Location"]) == (302, True)
    carol = signed_in(world.carol)
    assert [getattr(carol, method)(url).status_code for method, url in asked] == [403, 403, 403]
    world.carol.is_superuser = True
    world.carol.save()
    assert [getattr(carol, method)(url).status_code for method, url in asked] == [200, 302, 302]


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
def test_json_ld_ends_no_script() -> None:
    made = register(name="</script>", kind="firm", at=START)
    said = exporting.json_ld(made)
    assert ("</" in said, json.loads(said)["name"]) == (False, "</script>")


@pytest.mark.django_db
def test_what_becomes_of_rows_is_counted_as_the_rows_are() -> None:
    held = bring(*TREES, ",,,,,,,,")
    found = {one.value: held.rows.filter(outcome=one).count() for one in Outcome}
    assert found == {"created": 2, "matched": 0, "unchanged": 0, "doubtful": 0, "refused": 0}
