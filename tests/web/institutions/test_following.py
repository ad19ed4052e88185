"""Profiles on other sites: given, looked at, entered, read again, stopped."""

import json
from collections.abc import Callable, Iterator
from datetime import timedelta
from typing import Any

import pytest
from django.test import Client
from pytest_django import Settings

from interlock.web.institutions import claiming, exporting, following, importing, rules
from interlock.web.institutions.actions import register
from interlock.web.institutions.following import DAY, PAUSES, enter, follow, refresh_due, stop
from interlock.web.institutions.models import Followed, Import, Institution, Kind
from interlock.web.look.refusals import Refused
from interlock.web.people.models import Person
from interlock.web.people.waiting import waiting_for
from interlock.web.record.models import Entry
from tests.web.institutions.loopback import Reply, Site, served
from tests.world import START, World

SignIn = Callable[[Person], Client]
JSON = {"Content-Type": "application/json", "ETag": '"1"'}
TREE: dict[str, Any] = {
    "linked_schemas": ["organizations_schema-v1.0.0"],
    "name": "Tree Co-op",
    "nickname": "Trees",
    "primary_url": "https://tree.example",
    "description": "We plant.",
    "status": "active",
    "country_iso_3166": "US",
    "geolocation": {"lat": 43.155, "lon": -77.616},
    "tags": ["trees", "parks"],
    "starts_at": 1672531200,
    "contact_details": {"email": "hello@tree.example"},
    "telephone": "555-0100",
    "unique_id": "XI-EXAMPLE-TR-1",
}


@pytest.fixture
def site(settings: Settings) -> Iterator[Site]:
    with served() as one:
        settings.INTERLOCK_NEARBY = one.nearby
        publish(one)
        yield one


def publish(site: Site, path: str = "/tree.json", etag: str = '"1"', **changes: Any) -> str:
    said = {key: value for key, value in {**TREE, **changes}.items() if value is not None}
    site.replies[path] = Reply(json.dumps(said).encode(), headers={**JSON, "ETag": etag})
    return site.url(path)


def given(site: Site, by: Person | None, path: str = "/tree.json") -> Followed:
    """Given, and read by the worker."""
    made = follow(url=site.url(path), by=by, at=START)
    assert refresh_due(START)
    made.refresh_from_db()
    return made


def entered(site: Site, by: Person | None, **choices: str) -> tuple[Followed, Institution]:
    made = given(site, by)
    institution = enter(followed=made, by=by, at=START, **choices)
    made.refresh_from_db()
    return made, institution


def test_steward_follows_a_profile_from_address_to_page(
    world: World, site: Site, signed_in: SignIn
) -> None:
    client = signed_in(world.alice)
    answer = client.post("/institutions/follow/", {"url": site.url("/tree.json")})
    assert answer.status_code == 302
    url = answer["Location"]
    assert "It is being read" in client.get(url).content.decode()
    assert refresh_due(Followed.objects.get().asked_at)
    assert [one.url for one in waiting_for(world.alice)] == [url]
    page = client.get(url).content.decode()
    for told in (
        "What it would enter",
        "We plant.",
        "hello@tree.example",
        "trees, parks",
        "Monroe County, NY",
    ):
        assert told in page
    assert not Institution.objects.filter(slug="tree-co-op").exists()
    answer = client.post(f"{url}enter/", {"kind": "worker_coop"})
    assert answer["Location"] == "/institutions/tree-co-op/"
    made = Institution.objects.get(slug="tree-co-op")
    assert (made.kind_id, made.website, made.phone, str(made.founded_on), made.tags) == (
        "worker_coop", "https://tree.example", "555-0100", "2023-01-01", ["trees", "parks"],
    )  # fmt: skip
    assert (made.county, made.placed_by, made.other_names) == ("36055", "near", ["Trees"])
    assert str(made.identifiers.get()) == "XI-EXAMPLE-TR-1"
    assert not made.memberships.exists()
    page = Client().get("/institutions/tree-co-op/").content.decode()
    assert "Kept up to date from its profile on another site" in page
    assert site.url("/tree.json") in page
    assert [entry.act for entry in Entry.objects.order_by("-pk")[:2]] == [
        "institution.followed", "institution.registered",
    ]  # fmt: skip
    assert "Read every day" in client.get("/institutions/follow/").content.decode()


def test_it_is_read_again_every_day_and_changes_are_entered(world: World, site: Site) -> None:
    made, institution = entered(site, world.alice)
    assert made.next_at == START + DAY
    assert not refresh_due(START + DAY - timedelta(seconds=1))
    assert _read_at(made, START + DAY)
    site.replies["/tree.json"] = Reply(b"", 304, {})
    assert _read_at(made, START + 2 * DAY)
    assert site.asked[-1][1]["if-none-match"] == '"1"'
    assert made.looked_at == START + 2 * DAY
    entries = Entry.objects.count()
    publish(site, etag='"2"', telephone="555-0199", description=None)
    assert _read_at(made, START + 3 * DAY)
    institution.refresh_from_db()
    assert (institution.phone, str(institution.about)) == ("555-0199", "")
    entry = Entry.objects.latest("pk")
    assert (Entry.objects.count(), entry.act, entry.facts["fields"]) == (
        entries + 1, "institution.refreshed", ["about", "phone"],
    )  # fmt: skip
    assert made.etag == '"2"'


def _read_at(made: Followed, at: Any) -> bool:
    Followed.objects.filter(pk=made.pk).update(next_at=at)
    done = refresh_due(at)
    made.refresh_from_db()
    return done and made.next_at == at + DAY


def test_what_somebody_changed_since_is_not_taken_back(world: World, site: Site) -> None:
    made, institution = entered(site, world.alice)
    Institution.objects.filter(pk=institution.pk).update(about="Changed by a list")
    publish(site, etag='"2"', description=None)
    assert _read_at(made, START + DAY)
    institution.refresh_from_db()
    assert str(institution.about) == "Changed by a list"


def test_nothing_is_read_any_more_once_its_own_people_look_after_it(
    world: World, site: Site
) -> None:
    made, institution = entered(site, world.alice)
    claiming.appoint(institution=institution, email="dora@example.org", at=START)
    publish(site, etag='"2"', telephone="666")
    Followed.objects.update(next_at=START + DAY)
    assert refresh_due(START + DAY)
    made.refresh_from_db()
    institution.refresh_from_db()
    assert (institution.phone, made.stopped_at) == ("555-0100", START + DAY)
    assert Entry.objects.latest("pk").act == "institution.unfollowed"
    page = Client().get(institution.get_absolute_url()).content.decode()
    assert "Kept up to date" not in page


def test_page_that_somebody_looks_after_is_never_touched(world: World, site: Site) -> None:
    here = register(
        name="Tree Co-op", kind=Kind.WORKER_COOP, country="US", steward=world.carol, at=START,
        identifiers=[("XI-EXAMPLE", "TR-1")],
    )  # fmt: skip
    made = given(site, world.alice)
    planned = following.plan(made)
    assert planned.institution == here
    assert "Its own people look after" in str(planned.why_not)
    with pytest.raises(Refused, match="Its own people"):
        enter(followed=made, by=world.alice, at=START)


def here_before(**details: Any) -> Institution:
    return register(
        name="Tree",
        kind=Kind.WORKER_COOP,
        at=START,
        identifiers=[("XI-EXAMPLE", "TR-1")],
        **details,
    )


def test_stranger_fills_only_what_is_empty_and_never_the_address_to_claim_it(
    world: World, site: Site
) -> None:
    before = here_before(website="https://real.example", phone="555-1")
    _made, institution = entered(site, world.alice)
    assert institution == before
    assert (str(institution.name), institution.website, institution.phone, institution.email) == (
        "Tree", "https://real.example", "555-1", "",
    )  # fmt: skip
    assert (str(institution.about), institution.kind_id) == ("We plant.", "worker_coop")


def test_address_of_a_page_that_a_strangers_profile_made_proves_nothing(
    world: World, site: Site
) -> None:
    _, made = entered(site, world.carol)
    assert made.email == "hello@tree.example"
    assert "a profile that somebody chose" in (rules.why_not_trust_address(made) or "")
    publish(site, "/elm.json", name="Elm", primary_url="https://elm.example", unique_id="XI-E-2")
    followed = given(site, None, "/elm.json")
    assert rules.why_not_trust_address(enter(followed=followed, by=None, at=START)) is None


def test_site_that_its_page_names_replaces_what_it_says(world: World, site: Site) -> None:
    here_before(website=f"http://127.0.0.1:{site.port}/", phone="555-1")
    publish(site, primary_url=f"http://127.0.0.1:{site.port}/")
    _made, institution = entered(site, world.alice)
    assert (str(institution.name), institution.phone, institution.email) == (
        "Tree Co-op", "555-0100", "",
    )  # fmt: skip


@pytest.mark.parametrize(
    ("website", "path", "shared", "owns"),
    [
        ("", "/tree.json", False, True),
        ("/tree", "/tree/p.json", False, True),
        # The neighbour on a host that many share, also where the whole of it is named.
        ("/tree", "/mallory/p.json", False, False),
        ("/tree", "/tree2/p.json", False, False),
        ("/tree", "/tree/../mallory/p.json", False, False),
        ("/tree", "/tree/%2e%2e/mallory/p.json", False, False),
        ("/", "/mallory/p.json", True, False),
        ("/tree", "/tree/p.json", True, True),
    ],
)
def test_site_is_what_lies_below_the_address_of_the_page(
    world: World, site: Site, monkeypatch: pytest.MonkeyPatch,
    website: str, path: str, shared: bool, owns: bool,
) -> None:  # fmt: skip
    if shared:
        monkeypatch.setattr(following, "SHARED", {"127.0.0.1"})
    here_before(website=site.url(website), phone="555-1")
    publish(site, path, primary_url=site.url(website))
    made = Followed.objects.create(
        url=site.url(path), by=world.alice, asked_at=START, looked_at=START,
        institution=Institution.objects.get(slug="tree"),
        contents=site.replies[path].body.decode(),
    )  # fmt: skip
    assert ("phone" in following.plan(made).changed) == owns


def test_website_of_a_list_that_was_undone_is_nobodys(world: World, site: Site) -> None:
    here_before()
    lines = f"Name,Locality,Website\nTree,,{site.url('/')}\n".replace("127.0.0.1", "tree.example")
    held, _planned = importing.enter_at_once(
        data=lines.encode(), file_name="x.csv", choices=importing.Choices(rest="same"), at=START
    )
    tree = Institution.objects.get(slug="tree")
    # As if it stayed when its list went; an address on loopback is none that a list brings.
    own = {"website": site.url("/"), "phone": "555-1"}
    Institution.objects.filter(pk=tree.pk).update(**own)
    held.rows.update(given={"website": own["website"]})
    made = given(site, world.alice)
    about = str(tree.pk)
    assert "phone" in following.plan(made, about=about).changed
    Import.objects.update(undone_at=START)
    assert "phone" not in following.plan(made, about=about).changed


def test_profile_that_brought_the_website_is_no_owner_of_the_page(world: World, site: Site) -> None:
    here_before()
    made, institution = entered(site, world.alice)
    assert made.given["website"] == institution.website == "https://tree.example"
    # As if it had named its own site: an address on loopback is none that a page links to.
    own = {"website": f"http://127.0.0.1:{site.port}/"}
    Institution.objects.filter(pk=institution.pk).update(**own)
    Followed.objects.update(given=own)
    publish(site, etag='"2"', primary_url=None, name="Taken over")
    assert _read_at(made, START + DAY)
    stop(followed=made, by=world.alice, at=START + DAY)
    Institution.objects.filter(pk=institution.pk).update(**own)
    Followed.objects.update(given=own)
    again = follow(url=made.url, by=world.alice, at=START + DAY)
    assert refresh_due(START + DAY)
    again.refresh_from_db()
    # Its number is the same, and its name is not: somebody has to say that it is this one.
    enter(followed=again, by=world.alice, at=START + DAY, about=str(institution.pk))
    institution.refresh_from_db()
    assert str(institution.name) == "Tree"


@pytest.mark.parametrize("sign", ["\\u0000", "\\ud800", "\\u202e", "\x00"], ids=range(4))
def test_sign_that_no_database_holds_stops_nobody(world: World, site: Site, sign: str) -> None:
    made, institution = entered(site, world.alice)
    text = json.dumps({**TREE, "description": "We X plant.", "tags": ["X", "a"], "name": "Tree X"})
    site.replies["/tree.json"] = Reply(
        text.replace("X", sign).encode(), headers={**JSON, "ETag": '"2"'}
    )
    Followed.objects.update(next_at=START + DAY)
    assert refresh_due(START + DAY)
    made.refresh_from_db()
    institution.refresh_from_db()
    assert "plant" in str(institution.about)


def test_operator_brings_the_address_too(world: World, site: Site) -> None:
    here_before()
    _made, institution = entered(site, None)
    assert institution.email == "hello@tree.example"


def test_doubtful_one_is_asked_about(world: World, site: Site, signed_in: SignIn) -> None:
    near = register(name="Tree Co-op", kind=Kind.WORKER_COOP, place="Elsewhere", at=START)
    made = given(site, world.alice)
    with pytest.raises(Refused, match="Say which"):
        enter(followed=made, by=world.alice, at=START)
    client = signed_in(world.alice)
    page = client.get(made.get_absolute_url()).content.decode()
    assert "Tree Co-op, Elsewhere" in page
    url = f"{made.get_absolute_url()}enter/"
    assert client.post(url, {"kind": "firm"}).status_code == 422
    answer = client.post(url, {"about": str(near.pk), "kind": "firm"})
    assert answer["Location"] == near.get_absolute_url()
    near.refresh_from_db()
    assert near.email == ""
    with pytest.raises(Refused, match="already"):
        enter(followed=made, by=world.alice, at=START)


def test_doubtful_one_may_be_another(world: World, site: Site) -> None:
    near = register(name="Tree Co-op", kind=Kind.WORKER_COOP, place="Elsewhere", at=START)
    _made, institution = entered(site, world.alice, about="new")
    assert institution != near


def test_second_address_of_one_institution_is_refused(world: World, site: Site) -> None:
    entered(site, world.alice)
    publish(site, "/other.json")
    made = given(site, world.alice, "/other.json")
    with pytest.raises(Refused, match="another address already"):
        enter(followed=made, by=world.alice, at=START)


def test_what_left_is_not_entered_again(world: World, site: Site) -> None:
    before = here_before()
    Institution.objects.filter(pk=before.pk).update(left_at=START)
    made = given(site, world.alice)
    with pytest.raises(Refused, match="has left"):
        enter(followed=made, by=world.alice, at=START)


@pytest.mark.parametrize(
    ("body", "told"),
    [
        (b"{", "Wrong in it"),
        (b"[]", "Wrong in it"),
        (b"{}", "linked_schemas, name"),
        (json.dumps({**TREE, "tags": "x"}).encode(), "Wrong in it: tags."),
        (b"\xff\xfe{}", "Wrong in it"),
        (b"[" * 100_000, "Wrong in it"),
    ],
    ids=range(6),
)
def test_what_is_no_profile_says_why(
    world: World, site: Site, signed_in: SignIn, body: bytes, told: str
) -> None:
    site.replies["/tree.json"] = Reply(body)
    made = given(site, world.alice)
    assert (made.next_at, made.contents) == (None, "")
    page = signed_in(world.alice).get(made.get_absolute_url()).content.decode()
    assert told in page
    assert "Read it now" in page


def test_failures_are_tried_again_later_and_later_and_then_no_more(
    world: World, site: Site
) -> None:
    made, institution = entered(site, world.alice)
    site.replies["/tree.json"] = Reply(b"", 500)
    at = START + DAY
    for pause in PAUSES:
        Followed.objects.update(next_at=at)
        assert refresh_due(at)
        made.refresh_from_db()
        assert (made.next_at, made.stopped_at) == (at + pause, None)
        at += pause
    assert following.reason_of(made).startswith("It answers with the error 500.")
    Followed.objects.update(next_at=at)
    assert refresh_due(at)
    made.refresh_from_db()
    assert (made.stopped_at, made.next_at) == (at, None)
    institution.refresh_from_db()
    assert institution.phone == "555-0100"


def test_one_good_answer_forgets_the_failures(world: World, site: Site) -> None:
    made, _institution = entered(site, world.alice)
    Followed.objects.update(failures=5, error={"code": "status", "given": {"status": 500}})
    assert _read_at(made, START + DAY)
    assert (made.failures, made.error) == (0, {})


def test_worker_that_dies_over_it_loses_it_for_a_while_only(
    world: World, site: Site, monkeypatch: pytest.MonkeyPatch
) -> None:
    made = follow(url=site.url("/tree.json"), by=world.alice, at=START)

    def die(*_: object, **__: object) -> None:
        raise KeyboardInterrupt

    with monkeypatch.context() as patched:
        patched.setattr(following, "fetch", die)
        with pytest.raises(KeyboardInterrupt):
            refresh_due(START)
    assert not refresh_due(START)
    assert refresh_due(START + following.LEASE)
    made.refresh_from_db()
    assert made.contents


def test_what_is_stopped_while_it_is_read_stays_stopped(world: World, site: Site) -> None:
    made = given(site, world.alice)
    stop(followed=made, by=world.alice, at=START)
    following._answered(made, following.Answer(b"{}", "", ""), START)
    made.refresh_from_db()
    assert (made.stopped_at, made.contents) == (START, "")
    assert not refresh_due(START + 9 * DAY)
    with pytest.raises(Refused, match="not followed any more"):
        enter(followed=made, by=world.alice, at=START)


def test_who_gave_it_stops_it_and_what_it_entered_stays(
    world: World, site: Site, signed_in: SignIn
) -> None:
    made, institution = entered(site, world.alice)
    signed_in(world.alice).post(f"{made.get_absolute_url()}stop/")
    assert not Followed.objects.filter(stopped_at=None).exists()
    assert Institution.objects.filter(pk=institution.pk).exists()
    assert Entry.objects.latest("pk").act == "institution.unfollowed"
    assert given(site, world.alice).pk != made.pk


@pytest.mark.parametrize(
    ("url", "told"),
    [
        ("", "This field is required"),
        ("tree", "no web address"),
        ("http://tree.example/p.json", "begin with https://"),
        ("https://me:secret@tree.example/p.json", "a name or a password"),
        ("https://tree.example:8080/p.json", "has a port, 8080"),
    ],
)
def test_address_that_is_not_asked_says_why(
    world: World, signed_in: SignIn, url: str, told: str
) -> None:
    answer = signed_in(world.alice).post("/institutions/follow/", {"url": url})
    assert answer.status_code == 422
    assert told in answer.content.decode()
    assert Followed.objects.count() == 0


def test_address_of_this_network_is_refused_when_it_is_read(world: World) -> None:
    for url in ("https://localhost/", "https://[::1]/", "https://169.254.169.254/latest"):
        made = follow(url=url, by=world.alice, at=START)
        assert refresh_due(START)
        made.refresh_from_db()
        assert made.error["code"] == "not-public"
        assert "is not on the public internet" in following.reason_of(made)


def test_address_is_followed_once(world: World, site: Site) -> None:
    entered(site, world.alice)
    with pytest.raises(Refused, match="followed already"):
        follow(url=site.url("/tree.json"), by=world.carol, at=START)


def test_person_asks_for_so_many_a_day(world: World, site: Site, signed_in: SignIn) -> None:
    for number in range(following.MOST_LOOKS):
        follow(url=site.url(f"/{number}"), by=world.alice, at=START)
    with pytest.raises(Refused, match="Go on tomorrow"):
        follow(url=site.url("/more"), by=world.alice, at=START + DAY - timedelta(seconds=1))
    assert follow(url=site.url("/more"), by=world.alice, at=START + DAY)
    assert follow(url=site.url("/other"), by=world.carol, at=START)


def test_one_address_is_not_read_again_at_once(world: World, site: Site, signed_in: SignIn) -> None:
    made = given(site, world.alice)
    with pytest.raises(Refused, match="a moment ago"):
        following.look_again(followed=made, by=world.alice, at=START)
    later = START + following.BETWEEN_LOOKS
    publish(site, etag='"2"', telephone="555-0199")
    following.look_again(followed=made, by=world.alice, at=later)
    assert refresh_due(later)
    made.refresh_from_db()
    assert "555-0199" in made.contents


def test_profile_of_our_own_kind_is_read_whole(world: World, site: Site) -> None:
    """What this site says of an institution is what another one would enter."""
    here = here_before(website="https://tree.example", phone="555-1", country="US")
    site.replies["/ours.json"] = Reply(json.dumps(exporting.profile(here)).encode())
    here.identifiers.all().delete()
    here.delete()
    made = given(site, world.alice, "/ours.json")
    again = enter(followed=made, by=world.alice, at=START, kind="worker_coop")
    assert (str(again.name), again.website, again.phone) == (
        "Tree",
        "https://tree.example",
        "555-1",
    )


def test_list_is_asked_for_as_often_however_long_it_is(
    world: World, site: Site, signed_in: SignIn, django_assert_num_queries: Any
) -> None:
    client = signed_in(world.alice)
    numbers = []
    for number in (1, 3):
        while Followed.objects.count() < number:
            follow(url=site.url(f"/{Followed.objects.count()}"), by=world.alice, at=START)
        with django_assert_num_queries(8, exact=False) as asked:
            client.get("/institutions/follow/")
        numbers.append(len(asked))
    assert numbers[0] == numbers[1]
