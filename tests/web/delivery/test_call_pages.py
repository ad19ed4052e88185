"""The pages of calls, bids and the panel, as people walk through them."""

from collections.abc import Callable
from datetime import datetime, timedelta

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client
from django.utils import timezone

from interlock.methods.awarding import ranked
from interlock.methods.formats import sheets
from interlock.web.delivery.actions import awarding, bids, calls, evaluating
from interlock.web.delivery.models import Bid, Call, CallStage, Score
from interlock.web.delivery.queries.bids import draft_of
from interlock.web.institutions.actions import register
from interlock.web.institutions.models import Institution, Kind
from interlock.web.people.models import Person
from tests.web.delivery.calling import COST, PDF, PLAN, Fair, make_fair
from tests.world import DOLLARS, World

SignIn = Callable[[Person], Client]


@pytest.fixture
def now() -> datetime:
    return timezone.now()


def test_an_organiser_walks_from_draft_to_ranking(
    fair: Fair, signed_in: SignIn, now: datetime
) -> None:
    alice = signed_in(fair.alice)
    closes = (now + timedelta(days=20)).strftime("%Y-%m-%dT%H:%M")
    said = {
        "title_0": "A tool library", "title_1": "Una biblioteca", "scope_0": "Build it.",
        "closes_at": closes, "preference": "discount", "preference_size": "7.5",
        "legal_basis_0": "Ordinance 12.", "standstill_days": "10",
        "lot_0_title_0": "All of it", "lot_0_budget": "48,000",
        "criterion_0_name_0": "Price", "criterion_0_weight": "40",
        "criterion_1_name_0": "Plan", "criterion_1_weight": "60", "criterion_1_text_0": "Clear.",
    }  # fmt: skip
    assert alice.get(f"/delivery/calls/new/{fair.delivery.pk}/").status_code == 200
    answer = alice.post(f"/delivery/calls/new/{fair.delivery.pk}/", said)
    call = Call.objects.get()
    desk = f"/delivery/calls/{call.pk}/organise/"
    assert (answer.status_code, answer["Location"]) == (302, desk)
    assert (call.preference_size, call.lots.get().budget) == (750, COST)
    assert [one.weight for one in call.criteria.all()] == [40, 60]
    assert alice.get(f"/delivery/calls/{call.pk}/edit/").status_code == 200
    said["criterion_1_weight"] = "50"
    alice.post(f"/delivery/calls/{call.pk}/edit/", said)
    page = alice.get(desk).content.decode()
    assert "The weights add up to 90 and should add up to 100." in page
    assert "Publish the call" not in page
    assert "The custodians’ keys" not in page  # there are none
    refused = alice.post(f"{desk}publish/")
    assert refused.status_code == 409
    assert f'href="/delivery/calls/{call.pk}/edit/"' in refused.content.decode()
    said["criterion_1_weight"] = "60"
    alice.post(f"/delivery/calls/{call.pk}/edit/", said)
    assert alice.post(f"{desk}publish/")["Location"] == desk
    call.refresh_from_db()
    assert call.stage == CallStage.OPEN
    fair.both_bid(call, now)
    for name in ("ana", "ben"):
        alice.post(f"{desk}panelist/", {"email": f"{name}@example.org", "name": name.title()})
    assert [seat.name for seat in call.panel.all()] == ["Ana", "Ben"]
    Call.objects.update(closes_at=now - timedelta(minutes=1))
    assert "Open the sealed bids" in alice.get(desk).content.decode()
    alice.post(f"{desk}open/")
    for person in (fair.ana, fair.ben):
        panelist = signed_in(person)
        scores = f"/delivery/calls/{call.pk}/scores/"
        assert "A conflict with Green Ltd" in panelist.get(scores).content.decode()
        assert panelist.post(scores, {"sure": ""}).status_code == 422
        assert panelist.post(scores, {"sure": "on"}).status_code == 302
        plan = call.criteria.get(is_price=False).pk
        for offer in (fair.offer(call, fair.firm), fair.offer(call, fair.spokes)):
            url = f"{scores}{offer.pk}/"
            assert PLAN in panelist.get(url).content.decode()
            assert panelist.post(url, {f"points_{plan}": "11"}).status_code == 422
            panelist.post(url, {f"points_{plan}": "8", f"sentence_{plan}": "Clear steps."})
    assert Score.objects.count() == 4
    assert alice.get(f"/delivery/calls/{call.pk}/ranking/").status_code == 409
    alice.post(f"{desk}rank/")
    call.refresh_from_db()
    assert call.stage == CallStage.RANKED
    page = Client().get(f"/delivery/calls/{call.pk}/ranking/").content.decode()
    assert "With the preference: $45,000 less 7.5&nbsp;% is compared as $41,625." in page
    assert "(8 + 8) ÷ 2 = 8" in " ".join(page.split())
    assert "Clear steps." in page
    sheet = Client().get(f"/delivery/calls/{call.pk}/sheet.csv")
    assert sheet["Content-Type"] == "text/csv; charset=utf-8"
    found = ranked(sheets.read(sheet.content)).lots[0].ranked
    assert [one.offer.id for one in found] == ["spokes-cooperative", "green-ltd"]


def test_where_the_rulebook_asks_for_custodians_the_form_leaves_no_choice(
    world: World, signed_in: SignIn, now: datetime
) -> None:
    """From the form of the process to that of a call."""
    alice, process = signed_in(world.alice), world.process
    edit = f"/budgets/{process.slug}/organise/edit/"
    form = alice.get(edit).context["form"]
    typed = {
        one.html_name: one.value() or ""
        for one in form
        if one.name not in ("title", "summary", "contact")
    }
    words = {"title_0": "Riverbend decides", "title_1": "Riverbend decide"}
    typed |= {"closes_at": "2027-06-01T12:00", **words, "has_custodians": "on"}
    assert alice.post(edit, typed).status_code == 302
    world.open()
    page = Client().get(f"/budgets/{process.slug}/rulebook/").content.decode()
    assert "Bids are opened with the codes of two custodians." in page
    fair = make_fair(world)
    new = f"/delivery/calls/new/{fair.delivery.pk}/"
    assert "The rulebook of this vote asks for it." in alice.get(new).content.decode()
    closes = (now + timedelta(days=20)).strftime("%Y-%m-%dT%H:%M")
    said = {
        "title_0": "A tool library", "scope_0": "Build it.", "closes_at": closes,
        "preference": "none", "standstill_days": "10",
    }  # fmt: skip
    assert alice.post(new, said).status_code == 302
    assert Call.objects.get().has_custodians


def test_a_call_form_says_all_that_is_wrong_at_once(
    fair: Fair, signed_in: SignIn, now: datetime
) -> None:
    said = {
        "title_0": "A tool library", "preference": "discount", "standstill_days": "10",
        "lot_0_title_0": "All of it", "lot_3_budget": "100",
        "criterion_0_name_0": "Price", "criterion_4_weight": "60",
    }  # fmt: skip
    answer = signed_in(fair.alice).post(f"/delivery/calls/new/{fair.delivery.pk}/", said)
    assert answer.status_code == 422
    told = [(field.name, error) for field, error in answer.context["form"].faults]
    assert told == [
        ("scope", "This field is required."),
        ("closes_at", "This field is required."),
        ("preference_size", "A preference has a size."),
        ("legal_basis", "A preference needs the text of the law or rule that allows it."),
        ("lot_0_budget", "Say what it may cost at most."),
        ("lot_3_title", "Say what it is called."),
        ("criterion_0_weight", "Say how much it weighs."),
        ("criterion_4_name", "Say what it is called."),
    ]
    rows = answer.context["form"].lot_rows
    assert [number for number, _fields in rows.used] == [1, 4]
    assert [number for number, _fields in rows.empty] == [2, 3]
    assert not Call.objects.exists()


def test_a_kind_of_work_is_offered_once_under_the_name_of_both_lists(
    fair: Fair, signed_in: SignIn, now: datetime
) -> None:
    call = fair.call(now, activity="ICA10")
    page = signed_in(fair.alice).get(f"/delivery/calls/{call.pk}/edit/").content.decode()
    assert "Agriculture (ICA)" not in page
    assert '<option value="AM130" selected>Agriculture</option>' in page
    calls.publish(call=call, by=fair.alice, at=now)
    listed = Client().get("/delivery/calls/?activity=AM130").content.decode()
    assert "A tool library" in listed
    assert "Central" in listed  # the deadline with its zone
    assert "Worker co-ops are preferred" not in listed


def test_a_co_op_bids_in_five_steps(fair: Fair, signed_in: SignIn, now: datetime) -> None:
    call = fair.published(now)
    bob, base = signed_in(fair.bob), f"/delivery/calls/{call.pk}/"
    assert "Prepare a bid" in bob.get(base).content.decode()
    assert bob.get(f"{base}bid/").status_code == 200
    started = bob.post(f"{base}bid/", {"lead": fair.spokes.slug})["Location"]
    bid = Bid.objects.get()
    home = f"{base}bid/{bid.pk}/"
    assert started == f"{home}price/"
    assert bob.get(started).status_code == 200
    assert bob.post(started, {"lot_1": "4x"}).status_code == 422
    dear = bob.post(started, {"lot_1": "48,001"})
    assert dear.status_code == 422
    assert "More than the $48,000 of this lot; it would be excluded." in dear.content.decode()
    assert bob.post(started, {"lot_1": "45,000"})["Location"] == f"{home}plan/"
    assert "What earns points" in bob.get(f"{home}plan/").content.decode()
    assert (
        bob.post(f"{home}plan/", {"plan": PLAN, "team": "Six."})["Location"] == f"{home}partners/"
    )
    assert bob.get(f"{home}partners/").status_code == 200
    mill = register(name="Mill", kind=Kind.WORKER_COOP, steward=fair.ana, at=now)
    wrong = bob.post(f"{home}partners/", {"institution": "nobody", "add": "1"})
    assert wrong.status_code == 422
    partners = f"{home}partners/"
    assert bob.post(partners, {"q": "mil", "search": "1"})["Location"] == f"{partners}?q=mil"
    assert f'value="{mill.slug}"' in bob.get(f"{partners}?q=mil").content.decode()
    lost = bob.post(partners, {"q": "mil", "searched": ""})
    assert lost.status_code == 422
    assert "Search for a name, and choose who it is." in lost.content.decode()
    assert f'value="{mill.slug}"' in lost.content.decode()
    bob.post(partners, {"institution": mill.slug, "add": "1"})
    assert bob.post(partners, {"q": "x", "searched": "x"})["Location"] == f"{home}files/"
    file = SimpleUploadedFile("plan.pdf", PDF, content_type="application/pdf")
    assert bob.post(f"{home}files/", {"file": file, "add": "1"})["Location"] == f"{home}files/"
    page = SimpleUploadedFile("plan.pdf", b"<html>", content_type="application/pdf")
    assert bob.post(f"{home}files/", {"file": page, "add": "1"}).status_code == 422
    assert bob.post(f"{home}files/")["Location"] == f"{home}sign/"
    signing = bob.get(f"{home}sign/").content.decode()
    assert PLAN in signing
    for told in ("<h3>Team</h3>", "Six.", "Mill", "plan.pdf", "have not agreed"):
        assert told in signing
    assert f'href="{home}partners/"' in signing
    bob.post(f"{home}sign/", {"has_conflict": "no"})
    ana = signed_in(fair.ana)
    assert PLAN in ana.get(home).content.decode()
    ana.post(f"{home}partners/{bid.partners.get().pk}/")
    assert "Sign and seal" in bob.get(f"{home}sign/").content.decode()
    done = bob.post(f"{home}sign/", {"has_conflict": "no", "seal": "1"})
    assert done["Location"] == home
    bid.refresh_from_db()
    assert bid.is_sealed
    assert draft_of(bid)["prices"] == {"1": 45_000 * DOLLARS}
    page_of_bid = bob.get(home).content.decode()
    assert "Your proof of what was sealed" in page_of_bid
    assert bid.digest[:4] in page_of_bid
    copy = bob.get(f"{home}bid.json")
    assert copy.json()["plan"] == PLAN
    ref = draft_of(bid)["attachments"][0]["ref"]
    kept = bob.get(f"{home}files/{ref}/")
    assert (kept.content, kept["Content-Type"]) == (PDF, "application/pdf")
    assert "sandbox" in kept["Content-Security-Policy"]
    bob.post(f"{home}withdraw/")
    bid.refresh_from_db()
    assert not bid.is_sealed


def test_a_partner_that_is_chosen_is_asked_by_going_on(
    fair: Fair, signed_in: SignIn, now: datetime
) -> None:
    call = fair.published(now)
    bid, bob = fair.draft(call), signed_in(fair.bob)
    home = f"/delivery/calls/{call.pk}/bid/{bid.pk}/"
    page = bob.get(f"{home}partners/?q=cooperative").content.decode()
    assert f'value="{fair.spokes.slug}"' not in page  # itself
    gone = bob.post(f"{home}partners/", {"institution": fair.firm.slug})
    assert gone["Location"] == f"{home}files/"
    assert bid.partners.get().institution == fair.firm


def test_what_is_late_meets_the_closed_call(fair: Fair, signed_in: SignIn, now: datetime) -> None:
    """The first late request closes; the page of the bid says what became of it."""
    call = fair.published(now)
    bid = fair.draft(call)
    Call.objects.update(closes_at=now - timedelta(seconds=1))
    bob, home = signed_in(fair.bob), f"/delivery/calls/{call.pk}/bid/{bid.pk}/"
    late = bob.post(f"{home}sign/", {"has_conflict": "no", "seal": "1"})
    assert late.status_code == 409
    assert "no bid is taken, changed or withdrawn any more" in late.content.decode()
    call.refresh_from_db()
    assert call.stage == CallStage.CLOSED
    assert "It was not sealed before the call closed" in bob.get(home).content.decode()


def test_no_page_tells_a_sealed_bid_to_others(fair: Fair, signed_in: SignIn, now: datetime) -> None:
    call = fair.published(now)
    bid = fair.draft(call, price=45_123)
    kept = bids.attach(bid=bid, by=fair.bob, name="plan.pdf", data=PDF)
    bids.seal(bid=bid, by=fair.bob, at=now)
    fair.panel(call, now)
    base = f"/delivery/calls/{call.pk}/"
    for closed in (False, True):
        if closed:
            Call.objects.update(closes_at=now - timedelta(seconds=1))
        for person in (fair.alice, fair.ana, fair.finn, None):
            client = signed_in(person) if person else Client()
            for path in ("", "organise/", "scores/", "ranking/", "sheet.csv", f"bid/{bid.pk}/",
                         f"bid/{bid.pk}/sign/", f"bid/{bid.pk}/bid.json", f"bid/{bid.pk}/files/{kept.ref}/"):  # fmt: skip
                page = client.get(base + path).content.decode(errors="replace")
                for secret in ("45,123", "45123", "oak", "Spokes", "%PDF", "1 sealed"):
                    assert secret not in page, (person, path, secret)


def test_files_of_an_opened_bid_are_for_the_panel_but_not_the_recused(
    fair: Fair, signed_in: SignIn, now: datetime
) -> None:
    call = fair.published(now)
    bid = fair.draft(call)
    kept = bids.attach(bid=bid, by=fair.bob, name="plan.pdf", data=PDF)
    bids.seal(bid=bid, by=fair.bob, at=now)
    opened = fair.opened(call, now + timedelta(days=31))
    file = f"/delivery/calls/{call.pk}/bid/{bid.pk}/files/{kept.ref}/"
    assert signed_in(fair.ana).get(file).status_code == 404  # nothing declared yet
    scores = f"/delivery/calls/{call.pk}/scores/"
    signed_in(fair.ana).post(scores, {"sure": "on"})
    signed_in(fair.ben).post(scores, {"sure": "on", f"with_{fair.spokes.pk}": "My sister."})
    told = {
        name: signed_in(getattr(fair, name)).get(file).status_code
        for name in ("ana", "ben", "alice", "bob", "dora", "finn")
    }
    assert told == {"ana": 200, "ben": 404, "alice": 200, "bob": 200, "dora": 200, "finn": 404}
    offer = fair.offer(opened, fair.spokes)
    assert signed_in(fair.ben).get(f"{scores}{offer.pk}/").status_code == 409


def test_after_an_annulled_award_the_desk_offers_the_next(fair: Fair, signed_in: SignIn) -> None:
    at = timezone.now() - timedelta(days=40)
    call = fair.published(at)
    fair.both_bid(call, at)
    call = fair.ranked(call, timezone.now() - timedelta(days=1))
    first, second = fair.offer(call, fair.firm), fair.offer(call, fair.spokes)
    desk, alice = f"/delivery/calls/{call.pk}/organise/", signed_in(fair.alice)
    assert alice.get(desk).context["offers"] == [(first, "Green Ltd")]
    said = {"by": fair.alice, "at": timezone.now()}
    made = awarding.award(offer=first, reasons="The best.", **said)
    assert alice.get(desk).context["offers"] == []
    awarding.annul(award=made, reason="They cannot.", **said)
    assert alice.get(desk).context["offers"] == [(second, "Spokes Cooperative")]
    Institution.objects.filter(pk=fair.spokes.pk).update(left_at=at)
    assert alice.get(desk).context["offers"] == []


def test_a_panelist_names_another_conflict_on_the_page(fair: Fair, signed_in: SignIn) -> None:
    call = fair.published(timezone.now() - timedelta(days=40))
    fair.both_bid(call, timezone.now() - timedelta(days=39))
    call = fair.scored(call, timezone.now() - timedelta(days=1))
    page, client = f"/delivery/calls/{call.pk}/scores/", signed_in(fair.ana)
    assert b"Name another conflict" in client.get(page).content
    said = {f"with_{fair.spokes.pk}": "I joined it.", "sure": "on"}
    assert client.post(page, said).status_code == 302
    shown = client.get(page).content
    assert b"You are recused" in shown
    assert f"with_{fair.spokes.pk}".encode() not in shown


def test_a_custodian_is_shown_a_code_once(fair: Fair, signed_in: SignIn, now: datetime) -> None:
    call = fair.call(now, has_custodians=True)
    alice, desk = signed_in(fair.alice), f"/delivery/calls/{call.pk}/organise/"
    for name in ("ana", "ben"):
        alice.post(f"{desk}custodian/", {"email": f"{name}@example.org", "name": name.title()})
    codes = []
    for person in (fair.ana, fair.ben):
        client, url = signed_in(person), f"/delivery/calls/{call.pk}/custody/"
        assert "Show my code" in client.get(url).content.decode()
        shown = client.post(url)
        assert shown["Cache-Control"] == "no-store"
        code = shown.context["code"]
        assert code in shown.content.decode()
        codes.append(code)
        assert code not in client.get(url).content.decode()
    assert signed_in(fair.alice).get(f"/delivery/calls/{call.pk}/custody/").status_code == 404
    alice.post(f"{desk}publish/")
    call.refresh_from_db()
    fair.sealed(call, now)
    fair.panel(call, now)
    Call.objects.update(closes_at=now - timedelta(seconds=1))
    wrong = alice.post(f"{desk}open/", {"code_0": codes[0], "code_1": codes[0]})
    assert wrong.status_code == 422
    assert "not the codes of both custodians" in wrong.content.decode()
    assert alice.post(f"{desk}open/", {"code_0": codes[1], "code_1": codes[0]}).status_code == 302
    call.refresh_from_db()
    assert call.stage == CallStage.OPENED


def test_questions_are_asked_and_answered_on_the_page(
    fair: Fair, signed_in: SignIn, now: datetime
) -> None:
    call = fair.published(now)
    base = f"/delivery/calls/{call.pk}/"
    assert signed_in(fair.finn).post(f"{base}ask/", {"text": ""}).status_code == 422
    signed_in(fair.finn).post(f"{base}ask/", {"text": "Is there power?"})
    alice, number = signed_in(fair.alice), call.questions.get().pk
    assert "Is there power?" in alice.get(f"{base}organise/").content.decode()
    assert alice.post(f"{base}organise/answer/", {"number": number}).status_code == 422
    alice.post(f"{base}organise/answer/", {"number": number, "answer_0": "Yes.", "answer_1": "Sí."})
    page = Client().get(base).content.decode()
    assert "Is there power?" in page
    assert "Yes." in page
    assert "finn" not in page


def test_the_deadline_is_moved_and_a_call_cancelled_from_the_desk(
    fair: Fair, signed_in: SignIn, now: datetime
) -> None:
    call = fair.published(now)
    alice, desk = signed_in(fair.alice), f"/delivery/calls/{call.pk}/organise/"
    later = (now + timedelta(days=40)).strftime("%Y-%m-%dT%H:%M")
    assert alice.post(f"{desk}extend/", {"closes_at": later}).status_code == 422
    alice.post(f"{desk}extend/", {"closes_at": later, "reason_0": "A storm."})
    assert "A storm." in Client().get(f"/delivery/calls/{call.pk}/").content.decode()
    assert alice.post(f"{desk}nonsense/").status_code == 404
    alice.post(f"{desk}cancel/", {"reason_0": "No money."})
    page = Client().get(f"/delivery/calls/{call.pk}/").content.decode()
    assert "Cancelled on" in page
    assert "No money." in page


def test_a_draft_is_thrown_away(fair: Fair, signed_in: SignIn, now: datetime) -> None:
    call = fair.call(now)
    signed_in(fair.alice).post(f"/delivery/calls/{call.pk}/organise/discard/")
    assert not Call.objects.exists()


def test_a_lot_goes_to_nobody_and_an_offer_is_left_out(
    fair: Fair, signed_in: SignIn, now: datetime
) -> None:
    call = fair.published(now)
    fair.both_bid(call, now)
    opened = fair.opened(call, now + timedelta(days=31))
    alice, desk = signed_in(fair.alice), f"/delivery/calls/{call.pk}/organise/"
    offer = fair.offer(opened, fair.firm)
    assert alice.post(f"{desk}exclude/", {"offer": offer.pk}).status_code == 422
    alice.post(f"{desk}exclude/", {"offer": offer.pk, "reason": "No insurance."})
    assert "No insurance." in Client().get(f"/delivery/calls/{call.pk}/").content.decode()
    lot = call.lots.get()
    alice.post(f"{desk}no-award/", {"lot": lot.pk, "reason_0": "Too dear."})
    assert str(lot.no_award.reason) == "Too dear."
    assert "Award a lot to nobody" not in alice.get(desk).content.decode()


def test_the_list_shows_open_calls_and_those_near(fair: Fair, now: datetime) -> None:
    fair.city.latitude, fair.city.longitude, fair.city.place = 40.5, -89.65, "Riverbend"
    fair.city.save()
    empty = Client().get("/delivery/calls/").content.decode()
    assert "No call is open" in empty
    call = fair.preferring(now, activity="S90")
    page = Client().get("/delivery/calls/").content.decode()
    assert "A tool library" in page
    assert "Worker co-ops are preferred" in page
    assert "A tool library" in Client().get("/delivery/calls/?near=Riverbend").content.decode()
    assert "No call matches" in Client().get("/delivery/calls/?near=Boston, MA").content.decode()
    assert "No call has closed yet" in Client().get("/delivery/calls/?state=past").content.decode()
    calls.cancel(call=call, reason="No money.", by=fair.alice, at=now)
    assert "A tool library" in Client().get("/delivery/calls/?state=past").content.decode()


def test_a_call_held_elsewhere_is_told_on_the_page(
    fair: Fair, signed_in: SignIn, now: datetime
) -> None:
    alice = signed_in(fair.alice)
    said = {
        "acting": fair.city.slug, "issuer": fair.city.slug, "url": "https://bids.example.org/1",
        "title_0": "Street trees", "scope_0": "Plant them.", "zone": "America/Chicago",
        "closes_at": (now + timedelta(days=9)).strftime("%Y-%m-%dT%H:%M"), "currency": "USD",
    }  # fmt: skip
    assert alice.get("/delivery/calls/elsewhere/").status_code == 200
    assert alice.post("/delivery/calls/elsewhere/", {**said, "issuer": "no"}).status_code == 422
    answer = alice.post("/delivery/calls/elsewhere/", said)
    call = Call.objects.get()
    assert answer["Location"] == f"/delivery/calls/{call.pk}/"
    page = Client().get(answer["Location"]).content.decode()
    assert 'href="https://bids.example.org/1"' in page


@pytest.mark.parametrize("number", [1, 3])
def test_pages_ask_the_same_however_many_there_are(
    fair: Fair, signed_in: SignIn, now: datetime, number: int, django_assert_max_num_queries: Callable[..., object]
) -> None:  # fmt: skip
    for _ in range(number):
        calls.record_elsewhere(
            issuer=fair.city, acting=fair.city, by=fair.alice, at=now,
            url="https://bids.example.org/1", title="Trees", scope="Plant.", zone="UTC",
            closes_at=now + timedelta(days=9), currency="USD",
        )  # fmt: skip
    with django_assert_max_num_queries(4):  # type: ignore[attr-defined]
        assert Client().get("/delivery/calls/").status_code == 200
    call = fair.published(now)
    people = [Person.objects.by_email(f"p{n}@example.org") for n in range(number)]
    for n, person in enumerate(people):
        lead = register(name=f"Co-op {n}", kind=Kind.WORKER_COOP, steward=person, at=now)
        fair.sealed(call, now, lead=lead, by=person, price=40_000 + n)
        calls.ask(call=call, text="Why?", by=person, at=now)
    with django_assert_max_num_queries(12):  # type: ignore[attr-defined]
        assert Client().get(f"/delivery/calls/{call.pk}/").status_code == 200
    opened = fair.scored(call, now + timedelta(days=31))
    ana = signed_in(fair.ana)
    with django_assert_max_num_queries(14):  # type: ignore[attr-defined]
        assert ana.get(f"/delivery/calls/{call.pk}/scores/").status_code == 200
    evaluating.rank(call=opened, by=fair.alice, at=now + timedelta(days=32))
    with django_assert_max_num_queries(13):  # type: ignore[attr-defined]
        assert Client().get(f"/delivery/calls/{call.pk}/ranking/").status_code == 200
    alice = signed_in(fair.alice)
    with django_assert_max_num_queries(18):  # type: ignore[attr-defined]
        assert alice.get(f"/delivery/calls/{call.pk}/organise/").status_code == 200
