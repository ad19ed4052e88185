"""The forms of needs and offers, from page to page."""

from collections.abc import Callable
from datetime import UTC, datetime, timedelta

import pytest
from django.test import Client
from django.utils import timezone

from interlock.web.institutions.actions import register
from interlock.web.institutions.models import Kind
from interlock.web.needs import actions
from interlock.web.needs.models import Introduction, Listing
from interlock.web.people.models import Person
from interlock.web.ties.models import Tie
from tests.web.needs.conftest import HERE, Town

SignIn = Callable[[Person], Client]
DAY = timedelta(days=1)


@pytest.fixture
def now(town: Town) -> Town:
    """The same town with what it needs and offers posted a moment ago."""
    at = timezone.now()
    Listing.objects.update(posted_at=at, expires_at=at + 90 * DAY)
    return town


def form(**said: object) -> dict[str, object]:
    day = (timezone.now() + 30 * DAY).date().isoformat()
    return {
        "exchange_type": "offer", "title_0": "Chairs", "title_1": "Sillas", "item_type": "good",
        "transaction_types": ["borrow-lend", "buy-sell"], "tags": "chairs, Folding  chairs, chairs",
        "geographic_scope": "local", "contact": "site", "last_day": day, "place": "Riverbend",
        "region": "Illinois", "country": "US", **said,
    }  # fmt: skip


def test_offer_is_posted_and_its_page_names_who_needs_it(now: Town, signed_in: SignIn) -> None:
    client = signed_in(now.dora)
    answer = client.post("/needs/new/", form(title_0="Spanish translators"), follow=True)
    made = Listing.objects.order_by("-pk")[0]
    assert answer.redirect_chain == [(f"/needs/{made.pk}/", 302)]
    assert (made.institution, made.tags, made.transaction_types) == (
        now.coop, ["chairs", "Folding chairs"], ["borrow-lend", "buy-sell"],
    )  # fmt: skip
    assert {name: getattr(made, name) for name in HERE} == HERE
    assert made.expires_at.time().isoformat() == "00:00:00"
    assert made.last_day.isoformat() == form()["last_day"]
    page = answer.content.decode()
    assert ["Translation of the ballot" in page, "Who needs this" in page] == [True, True]


@pytest.mark.parametrize(
    ("said", "sentence"),
    [
        ({"title_0": "", "title_1": ""}, "This field is required."),
        ({"transaction_types": []}, "This field is required."),
        ({"tags": ",".join("abcdefghijklmno")}, "At most 12 tags."),
        ({"tags": "x" * 61}, "A tag has at most 60 characters."),
        ({"last_day": "2020-01-01"}, "The day on which it ends has to lie ahead."),
        ({"last_day": "2999-01-01"}, "It holds for a year at most."),
        ({"text_0": "x" * 4001}, "At most 4000 characters."),
        ({"exchange_type": "steal"}, "Select a valid choice."),
        ({"acting": "city-of-riverbend"}, None),
    ],
)
def test_wrong_form_answers_422_and_says_what(
    now: Town, signed_in: SignIn, said: dict[str, object], sentence: str | None
) -> None:
    before = Listing.objects.count()
    answer = signed_in(now.bob).post("/needs/new/", form(**said))
    if sentence is None:  # who speaks for one alone posts for that one, whatever is sent
        assert Listing.objects.order_by("-pk")[0].institution == now.coop
        return
    page = answer.content.decode()
    assert (answer.status_code, sentence in page, "Folding" in page or "tags" in said) == (
        422, True, True,
    )  # fmt: skip
    assert Listing.objects.count() == before


def test_who_speaks_for_two_chooses(now: Town, signed_in: SignIn) -> None:
    mill = register(name="Mill", kind=Kind.WORKER_COOP, steward=now.bob, at=timezone.now())
    client = signed_in(now.bob)
    assert b'name="acting"' in client.get("/needs/new/").content
    client.post("/needs/new/", form(acting="mill", place="", region="", country=""))
    assert Listing.objects.order_by("-pk")[0].institution == mill


def test_place_that_is_named_is_found(now: Town, signed_in: SignIn) -> None:
    client = signed_in(now.bob)
    client.post("/needs/new/", form(place="Peoria", region="IL"))
    made = Listing.objects.order_by("-pk")[0]
    assert (made.latitude is not None and round(made.latitude), made.place) == (41, "Peoria")
    client.post("/needs/new/", form(place="Lemuria", region=""))
    assert Listing.objects.order_by("-pk")[0].latitude is None


def test_edit_keeps_the_moment_of_its_end(now: Town, signed_in: SignIn) -> None:
    url, client = f"/needs/{now.offer.pk}/edit/", signed_in(now.bob)
    before = Listing.objects.get(pk=now.offer.pk)
    page = client.get(url).content.decode()
    assert 'value="translations, spanish"' in page
    client.post(url, form(last_day=before.last_day.isoformat()))
    after = Listing.objects.get(pk=now.offer.pk)
    assert (after.expires_at, str(after.title)) == (before.expires_at, "Chairs")


def test_renewal_is_one_press_when_it_ends_soon(now: Town, signed_in: SignIn) -> None:
    soon = timezone.now() + 3 * DAY
    Listing.objects.filter(pk=now.need.pk).update(expires_at=soon, reminded_at=timezone.now())
    client, url = signed_in(now.alice), f"/needs/{now.need.pk}/"
    assert "listed no longer after that" in client.get(url).content.decode()
    assert "listed no longer after that" not in Client().get(url).content.decode()
    client.post(f"{url}renew/")
    need = Listing.objects.get(pk=now.need.pk)
    assert (need.expires_at > soon + 80 * DAY, need.reminded_at) == (True, None)


def test_closed_one_says_why_and_is_listed_no_longer(now: Town, signed_in: SignIn) -> None:
    client, url = signed_in(now.alice), f"/needs/{now.need.pk}/"
    assert client.post(f"{url}close/", {"closing": "left"}).status_code == 422
    client.post(f"{url}close/", {"closing": "here"})
    page = Client().get(url).content.decode()
    assert ["Found through this site" in page, "Who could answer" in page] == [True, False]
    assert "Translation of the ballot" not in Client().get("/needs/").content.decode()
    assert client.get(f"{url}edit/").status_code == 409
    told = [
        Client().get(one).status_code
        for one in (f"{url}murmurations.json", f"/api/listings/{now.need.pk}")
    ]
    assert told == [404, 404]


def test_needs_of_a_process_are_posted_at_once_as_they_were_changed(
    now: Town, signed_in: SignIn
) -> None:
    client, before = signed_in(now.alice), Listing.objects.count()
    page = client.get("/needs/process/").content.decode()
    assert page.count("-post") >= 5
    assert "Facilitadores" in page or "Facilitators for idea assemblies" in page
    day = (timezone.now() + 30 * DAY).date().isoformat()
    said = {
        "last_day": day,
        "printing-post": "on", "printing-title_0": "Four thousand ballots",
        "printing-tags": "ballots, printing",
        "catering-title_0": "Not ticked",
        "software-post": "on", "software-title_0": "Somebody on call",
    }  # fmt: skip
    answer = client.post("/needs/process/", said)
    made = list(Listing.objects.order_by("pk")[before:])
    assert answer["Location"] == "/needs/around/city-of-riverbend/"
    assert [(str(one), one.item_type, one.of_process, one.tags) for one in made] == [
        ("Four thousand ballots", "good", True, ["ballots", "printing"]),
        ("Somebody on call", "service", True, []),
    ]


@pytest.mark.parametrize(
    ("said", "sentence"),
    [
        ({}, "Tick at least one of them."),
        ({"printing-post": "on"}, "It needs a title."),
        ({"printing-post": "on", "printing-title_0": "P", "last_day": "2020-01-01"}, "lie ahead"),
    ],
)
def test_wrong_process_form_answers_422(
    now: Town, signed_in: SignIn, said: dict[str, str], sentence: str
) -> None:
    day = (timezone.now() + 30 * DAY).date().isoformat()
    answer = signed_in(now.alice).post("/needs/process/", {"last_day": day, **said})
    assert (answer.status_code, sentence in answer.content.decode()) == (422, True)
    assert Listing.objects.filter(of_process=True).count() == 1


def test_needs_of_a_process_that_are_open_are_named_and_not_posted_again(
    now: Town, signed_in: SignIn
) -> None:
    """The town's need has the tag of the draft, and what was posted once has its title."""
    client, day = signed_in(now.alice), (timezone.now() + 30 * DAY).date().isoformat()
    printing = {"printing-post": "on", "printing-title_0": "Ballots", "printing-tags": "printing"}
    client.post("/needs/process/", {"last_day": day, **printing})
    page = client.get("/needs/process/").content.decode()
    boxes = [f'name="{key}-post"' in page for key in ("translation", "printing", "catering")]
    assert (page.count("Open already"), f'"/needs/{now.need.pk}/"' in page, boxes) == (
        2, True, [False, False, True],
    )  # fmt: skip
    before = Listing.objects.count()
    again = client.post("/needs/process/", {"last_day": day, **printing})
    assert (again.status_code, "This is open already" in again.content.decode()) == (422, True)
    food = {"catering-post": "on", "catering-title_0": "Food", "catering-tags": "catering"}
    assert client.post("/needs/process/", {"last_day": day, **food}).status_code == 302
    assert Listing.objects.count() == before + 1
    for key in ("facilitation", "software"):
        client.post("/needs/process/", {"last_day": day, f"{key}-post": "on", f"{key}-title_0": key,
                                        f"{key}-tags": key})  # fmt: skip
    page = client.get("/needs/process/").content.decode()
    assert ["All five are open" in page, "Post what is ticked" in page] == [True, False]


def test_who_posts_for_two_sees_what_is_open_of_each(now: Town, signed_in: SignIn) -> None:
    register(name="Annex", kind=Kind.PUBLIC_BODY, steward=now.alice, at=timezone.now())
    client, day = signed_in(now.alice), (timezone.now() + 30 * DAY).date().isoformat()
    said = {"last_day": day, "translation-post": "on", "translation-title_0": "Interpreters"}
    page = client.get("/needs/process/").content.decode()
    assert [page.count("Open already"), page.count('name="translation-post"')] == [1, 1]
    told = [
        client.post("/needs/process/", {**said, "acting": slug}).status_code
        for slug in ("city-of-riverbend", "annex", "annex")
    ]
    assert told == [422, 302, 422]


def test_question_begins_with_the_listing_that_matches_best(now: Town, signed_in: SignIn) -> None:
    """Not with the latest; and with none where none matches."""
    now.post(now.coop, now.bob, title="Bread", at=timezone.now())
    ask = f"/needs/{now.need.pk}/ask/"
    page = signed_in(now.bob).get(ask).content.decode()
    assert f'value="tongue:{now.offer.pk}" selected' in page
    assert page.index("We translate") < page.index("Bread")
    actions.close(listing=now.offer, by=now.bob, at=timezone.now(), closing="no_more")
    assert 'value="tongue" selected' in signed_in(now.bob).get(ask).content.decode()


def test_who_speaks_for_none_is_led_to_the_register(now: Town, signed_in: SignIn) -> None:
    client = signed_in(now.world.wheelhouse and Person.objects.by_email("zoe@example.org"))
    for path in ("/needs/new/", "/needs/process/", f"/needs/{now.need.pk}/ask/"):
        answer = client.get(path)
        page = answer.content.decode()
        steps = [
            'href="/institutions/new/"' in page,
            '"button" href="/institutions/"' in " ".join(page.split()),
        ]
        assert (answer.status_code, "First, an institution" in page, *steps) == (
            403,
            True,
            True,
            True,
        )


def test_yes_to_what_has_ended_is_refused_and_said_before(now: Town, signed_in: SignIn) -> None:
    held, client = now.ask(at=timezone.now()), signed_in(now.alice)
    Listing.objects.filter(pk=now.offer.pk).update(expires_at=timezone.now())
    url = held.get_absolute_url()
    page = client.get(url).content.decode()
    assert ["which they came with, has ended" in page, "Yes, introduce us" in page] == [True, False]
    yes = client.post(f"{url}answer/", {"answer": "Yes", "reach": "555-0142"})
    assert (yes.status_code, "has ended" in yes.content.decode()) == (422, True)
    assert client.post(f"{url}answer/", {"answer": "No", "decline": "1"}).status_code == 302


def test_from_a_match_to_a_tie(now: Town, signed_in: SignIn) -> None:
    """The way of the page: ask with one's own offer, say yes, say what came of it, from both sides."""
    bob, alice = signed_in(now.bob), signed_in(now.alice)
    ask = f"/needs/{now.need.pk}/ask/?with={now.offer.pk}"
    assert f'value="tongue:{now.offer.pk}" selected' in bob.get(ask).content.decode()
    empty = bob.post(ask, {"ask_for": f"tongue:{now.offer.pk}"})
    assert (empty.status_code, Introduction.objects.count()) == (422, 0)
    bob.post(ask, {"ask_for": f"tongue:{now.offer.pk}", "sentence": "We do.", "reach": "555-0101"})
    held = Introduction.objects.get()
    assert (held.own_listing, held.asked_by) == (now.offer, now.bob)
    url = held.get_absolute_url()
    no_reach = alice.post(f"{url}answer/", {"answer": "Yes", "reach": ""})
    no_word = alice.post(f"{url}answer/", {"answer": "", "decline": "1"})
    assert (no_reach.status_code, no_word.status_code) == (422, 422)
    alice.post(f"{url}answer/", {"answer": "Yes, call me.", "reach": "555-0142"})
    assert "555-0142" in bob.get(url).content.decode()
    wrong = bob.post(f"{url}tongue/", {"tongue-sequel": "led", "tongue-amount": "much"})
    assert (wrong.status_code, "not an amount" in wrong.content.decode()) == (422, True)
    bob.post(
        f"{url}tongue/",
        {
            "tongue-sequel": "led", "tongue-tie": "supplies:subject", "tongue-amount": "1,200",
            "tongue-currency": "USD", "tongue-note": "The ballot", "tongue-since": "2027-05-04",
        },
    )  # fmt: skip
    tie = Tie.objects.get()
    assert (str(tie), tie.amount, tie.is_confirmed) == (
        "Tongue supplies City of Riverbend", 120_000, False,
    )  # fmt: skip
    assert tie.get_absolute_url() in alice.get(url).content.decode()
    again = bob.get(f"/needs/{now.need.pk}/ask/")
    assert (again.status_code, "introduced already" in again.content.decode()) == (409, True)


def test_empty_list_shows_the_first_step(db: None) -> None:
    page = Client().get("/needs/").content.decode()
    assert ["Nobody has posted anything yet" in page, 'href="/needs/new/"' in page] == [True, True]
    narrowed = Client().get("/needs/?q=zeppelin").content.decode()
    assert "Nothing open matches all of this" in narrowed


def test_list_is_paged(now: Town, monkeypatch: pytest.MonkeyPatch) -> None:
    from interlock.web.needs import views

    monkeypatch.setattr(views, "A_PAGE", 1)
    first, second = (Client().get(f"/needs/?page={number}").content.decode() for number in (1, 2))
    assert ["We translate" in first, "We translate" in second] == [True, False]
    assert "Translation of the ballot" in second


def test_published_address_is_shown_only_where_the_institution_wants_it(now: Town) -> None:
    url, shown = f"/needs/{now.need.pk}/", "mailto:budget@riverbend.example"
    assert shown in Client().get(url).content.decode()
    Listing.objects.filter(pk=now.need.pk).update(contact="site")
    assert shown not in Client().get(url).content.decode()
    assert Client().get(f"/api/listings/{now.need.pk}").json()["email"] == ""


def test_last_day_is_the_day_before_midnight() -> None:
    listing = Listing(expires_at=datetime(2027, 6, 1, tzinfo=UTC))
    assert listing.last_day.isoformat() == "2027-05-31"
