"""Calls: drafted, frozen, asked about, moved on, closed."""

import json
from datetime import timedelta
from pathlib import Path

import pytest
from django.conf import settings

from interlock.commands import work
from interlock.web.budgets.models import Rulebook
from interlock.web.delivery.actions import awarding, bids, calls, evaluating
from interlock.web.delivery.actions.calls import CriterionSaid, LotSaid
from interlock.web.delivery.actions.stories import follow
from interlock.web.delivery.models import Call, CallStage, Custodian, Delivery, Stage, StepKind
from interlock.web.delivery.queries.waiting import waiting
from interlock.web.institutions.actions import give_role, register
from interlock.web.institutions.claiming import trust
from interlock.web.institutions.models import Kind, Role
from interlock.web.look.refusals import Refused
from interlock.web.messages.models import Mail
from interlock.web.needs import actions as needs
from interlock.web.needs.models import Listing
from interlock.web.people.models import Person
from interlock.web.record.chain import digest
from interlock.web.record.models import Entry
from interlock.web.record.wording import sentence
from tests.web.delivery.calling import CLOSES, COST, LATER, Fair
from tests.world import START, both


def reason(caught: pytest.ExceptionInfo[Refused]) -> str:
    return str(caught.value.reason)


def mails(template_word: str) -> list[str]:
    return sorted(Mail.objects.filter(subject__contains=template_word).values_list("to", flat=True))


def test_publishing_freezes_the_terms_and_posts_the_need(fair: Fair) -> None:
    call = fair.published()
    fair.delivery.refresh_from_db()
    assert call.stage == CallStage.OPEN
    assert call.takes_bids
    assert digest(call.terms) == call.sha256
    assert call.terms["lots"][0]["budget"] == call.budget == COST
    assert [one["weight"] for one in call.terms["criteria"]] == [40, 60]
    assert call.seal_key == call.terms["seal_key"]
    assert (Path(settings.INTERLOCK_HOME) / "seals" / f"{call.pk}.key").exists()
    listing = call.listing
    assert listing
    assert (listing.institution, listing.is_need, listing.expires_at) == (fair.city, True, CLOSES)
    assert f"/delivery/calls/{call.pk}/" in str(listing.text)
    assert fair.delivery.called_at == START
    assert list(fair.delivery.steps.values_list("kind", flat=True)) == [StepKind.CALLED]
    entry = Entry.objects.get(act="delivery.called")
    assert sentence(entry) == (
        "City of Riverbend opened a call for bids on “Tool library”. "
        f"Hash of its terms: {call.sha256}."
    )


def test_who_offers_what_fits_gets_a_mail_and_so_does_their_developer(fair: Fair) -> None:
    for institution, by, title in (
        (fair.spokes, fair.bob, "We build a tool library"),
        (fair.firm, fair.finn, "Accounting"),
    ):
        needs.post(
            institution=institution,
            by=by,
            at=START,
            exchange_type="offer",
            item_type="service",
            transaction_types=["buy-sell"],
            title=title,
            geographic_scope="regional",
        )
    fair.published()
    assert mails("could answer") == ["bob@example.org", "dora@example.org"]
    told = {**ELSEWHERE, "title": both("A tool library, north", "Biblioteca del norte")}
    calls.record_elsewhere(issuer=fair.city, acting=fair.city, by=fair.alice, at=START, **told)  # type: ignore[arg-type]
    assert mails("could answer") == sorted(2 * ["bob@example.org", "dora@example.org"])


def test_what_was_published_is_not_changed(fair: Fair) -> None:
    call = fair.published()
    for act in (
        lambda: calls.change_call(call=call, by=fair.alice, title="Cheaper"),
        lambda: calls.discard(call=call, by=fair.alice),
        lambda: calls.publish(call=call, by=fair.alice, at=START),
        lambda: calls.name_custodian(
            call=call, person=fair.ana, name="Ana", by=fair.alice, at=START
        ),
    ):
        with pytest.raises(Refused) as caught:
            act()
        assert reason(caught).startswith("What was published is frozen")
    assert str(Call.objects.get().title) == "A tool library"


@pytest.mark.parametrize(
    ("said", "told"),
    [
        ({"title": ""}, "Say what has to be done, with a title."),
        ({"lots": []}, "Say what it may cost at most."),
        (
            {"lots": [LotSaid("A", COST), LotSaid("B", 1)]},
            "The lots may cost $48,000.01 together, and $48,000 is left to be awarded.",
        ),
        (
            {"criteria": [CriterionSaid("Price", 40, True)]},
            "The weights add up to 40 and should add up to 100.",
        ),
        ({"closes_at": START + timedelta(hours=23)}, "Bidders need at least a day. Choose a later deadline."),
        (
            {"questions_until": CLOSES + timedelta(days=1)},
            "Questions have to end before the bids do, and not before today.",
        ),
        (
            {"preference": "discount", "preference_size": 10_000, "legal_basis": "Law 1"},
            "A discount is above 0 and below 100 per cent, points are from 1 to 100.",
        ),
        ({"has_custodians": True}, "Both custodians have to take their codes first. A mail tells them how."),
    ],
)  # fmt: skip
def test_a_draft_that_lacks_something_is_not_published(
    fair: Fair, said: dict[str, object], told: str
) -> None:
    call = fair.call(**said)
    with pytest.raises(Refused) as caught:
        calls.publish(call=call, by=fair.alice, at=START)
    assert reason(caught) == told
    assert not Entry.objects.filter(act="delivery.called").exists()


def test_two_calls_do_not_promise_the_same_money(fair: Fair) -> None:
    first, second = fair.call(), fair.call()
    calls.publish(call=first, by=fair.alice, at=START)
    with pytest.raises(Refused, match=r"\$0 is left to be awarded"):
        calls.publish(call=second, by=fair.alice, at=START)
    calls.cancel(call=first, reason="Wrong plan.", by=fair.alice, at=START)
    assert calls.publish(call=second, by=fair.alice, at=START).published_at == START


def test_a_question_and_its_answer_are_for_all_to_read(fair: Fair) -> None:
    call = fair.published()
    fair.draft(call)
    question = calls.ask(call=call, text="Is there power?", by=fair.finn, at=START)
    assert mails("A question about") == ["alice@example.org"]
    calls.answer(question=question, answer=both("Yes.", "Sí."), by=fair.alice, at=START)
    assert mails("A question was answered") == ["bob@example.org", "finn@example.org"]
    assert [str(one.answer) for one in call.questions.all()] == ["Yes."]
    with pytest.raises(Refused, match="answered already"):
        calls.answer(question=question, answer="No.", by=fair.alice, at=START)


def test_questions_end_at_their_day(fair: Fair) -> None:
    end = START + timedelta(days=5)
    call = fair.published(questions_until=end)
    calls.ask(call=call, text="Now?", by=fair.bob, at=end - timedelta(seconds=1))
    with pytest.raises(Refused, match="not taken any more"):
        calls.ask(call=call, text="Now?", by=fair.bob, at=end)


def test_the_deadline_only_moves_on_and_everybody_is_told(fair: Fair) -> None:
    call = fair.published()
    fair.draft(call)
    later = CLOSES + timedelta(days=3)
    moved = calls.extend(
        call=call, closes_at=later, reason="A storm.", by=fair.alice, at=START + timedelta(days=1)
    )
    assert moved.closes_at == later
    assert moved.terms["closes_at"] == CLOSES.isoformat()
    assert [(one.closed_before, one.closes_after) for one in moved.notices.all()] == [
        (CLOSES, later)
    ]
    assert mails("More time") == ["bob@example.org"]
    assert Listing.objects.get().expires_at == later
    for wrong in (CLOSES, START + timedelta(days=400)):
        with pytest.raises(Refused):
            calls.extend(call=moved, closes_at=wrong, reason="So.", by=fair.alice, at=START)


def test_a_cancelled_call_keeps_its_bids_unread_for_good(fair: Fair) -> None:
    call = fair.published()
    fair.sealed(call)
    calls.cancel(call=call, reason="No money.", by=fair.alice, at=START)
    call.refresh_from_db()
    assert call.stage == CallStage.CANCELLED
    assert Listing.objects.get().closed_at == START
    assert mails("Cancelled") == ["bob@example.org"]
    with pytest.raises(Refused, match="cancelled"):
        bids.open_bids(call=call, by=fair.alice, at=LATER)


def test_story_tells_that_a_call_is_cancelled_and_who_follows_hears_of_it(fair: Fair) -> None:
    call = fair.published()
    follow(delivery=fair.delivery, person=fair.ben, at=START)
    calls.cancel(call=call, reason="No money.", by=fair.alice, at=START)
    assert mails("Call cancelled") == ["ben@example.org"]
    assert Delivery.objects.get(pk=fair.delivery.pk).stage == Stage.PREPARING
    step = fair.delivery.steps.first()
    assert step
    assert (step.heading, str(step.text)) == ("Call cancelled: A tool library", "No money.")
    assert sentence(Entry.objects.get(act="delivery.uncalled")) == (
        "City of Riverbend cancelled its call for bids on “Tool library”. The reason: No money."
    )


def test_officer_who_speaks_for_a_bidder_neither_extends_nor_cancels_the_call(fair: Fair) -> None:
    call = fair.published()
    fair.sealed(call)
    give_role(institution=fair.city, person=fair.bob, role=Role.STEWARD, by=fair.alice, at=START)
    later = call.closes_at + timedelta(days=1)
    for verb in (
        lambda: calls.extend(call=call, closes_at=later, reason="So.", by=fair.bob, at=START),
        lambda: calls.cancel(call=call, reason="So.", by=fair.bob, at=START),
    ):
        with pytest.raises(Refused, match="You belong to Spokes Cooperative too"):
            verb()


def test_another_call_that_is_open_is_still_looked_at(fair: Fair) -> None:
    half = {"lots": [LotSaid("A half", COST // 2)]}
    first, _second = fair.published(**half), fair.published(**half)
    calls.cancel(call=first, reason="Twice.", by=fair.alice, at=START)
    assert Delivery.objects.get(pk=fair.delivery.pk).stage == Stage.CALLED


@pytest.mark.django_db(transaction=True)
def test_the_key_of_a_cancelled_call_is_destroyed(emptied: None, world: object) -> None:
    from tests.web.delivery.calling import make_fair
    from tests.world import World

    assert isinstance(world, World)
    fair = make_fair(world)
    call = fair.published()
    key = Path(settings.INTERLOCK_HOME) / "seals" / f"{call.pk}.key"
    assert key.exists()
    calls.cancel(call=call, reason="No money.", by=fair.alice, at=START)
    assert not key.exists()


def test_the_worker_closes_what_is_due(fair: Fair) -> None:
    call = fair.published()
    fair.both_bid(call)
    assert not calls.close_due(CLOSES - timedelta(seconds=1))
    assert calls.close_due(CLOSES)
    assert not calls.close_due(CLOSES)
    call.refresh_from_db()
    assert (call.stage, call.closed_at) == (CallStage.CLOSED, CLOSES)
    assert Listing.objects.get().closed_at == CLOSES
    entry = Entry.objects.get(act="call.closed")
    assert entry.facts["digests"] == sorted(call.bids.values_list("digest", flat=True))
    assert sentence(entry) == "The call A tool library is closed. Sealed bids: 2."
    assert "close_calls_due" in Path(work.__file__).read_text()


def test_a_custodian_sees_a_code_once_and_another_one_the_next_time(fair: Fair) -> None:
    call = fair.call(has_custodians=True)
    seats = [
        calls.name_custodian(call=call, person=one, name=one.email, by=fair.alice, at=START)
        for one in (fair.ana, fair.ben)
    ]
    assert mails("custodian") == ["ana@example.org", "ben@example.org"]
    with pytest.raises(Refused, match="another person"):
        calls.take_key(custodian=seats[0], by=fair.ben, at=START)
    first = calls.take_key(custodian=seats[0], by=fair.ana, at=START)
    assert len(first.replace("-", "")) == 53
    assert calls.take_key(custodian=seats[0], by=fair.ana, at=START) != first
    calls.take_key(custodian=seats[1], by=fair.ben, at=START)
    published = calls.publish(call=call, by=fair.alice, at=START)
    assert published.seal_keys == list(Custodian.objects.values_list("key", flat=True))
    assert not (Path(settings.INTERLOCK_HOME) / "seals" / f"{call.pk}.key").exists()
    assert first.replace("-", "") not in json.dumps(list(Custodian.objects.values()), default=str)
    with pytest.raises(Refused, match="stays as it is"):
        calls.take_key(custodian=seats[0], by=fair.ana, at=START)


def test_custodians_are_two_different_people(fair: Fair) -> None:
    call = fair.call(has_custodians=True)
    for one in (fair.ana, fair.ben):
        calls.name_custodian(call=call, person=one, name="A", by=fair.alice, at=START)
    with pytest.raises(Refused, match="two different people"):
        calls.name_custodian(call=call, person=fair.ana, name="A", by=fair.alice, at=START)
    with pytest.raises(Refused, match="two custodians already"):
        calls.name_custodian(call=call, person=fair.bob, name="B", by=fair.alice, at=START)
    calls.drop_custodian(custodian=call.custodians.get(person=fair.ana), by=fair.alice)
    calls.name_custodian(call=call, person=fair.bob, name="B", by=fair.alice, at=START)


ELSEWHERE = {
    "url": "https://bids.example.org/12",
    "title": "Street trees",
    "scope": "Plant forty trees.",
    "closes_at": CLOSES,
    "zone": "America/Chicago",
    "currency": "USD",
}


def test_where_the_rulebook_asks_for_custodians_no_call_goes_without(fair: Fair) -> None:
    process = fair.world.process
    Rulebook.objects.create(
        process=process, body={"has_custodians": True}, sha256="0" * 64, frozen_at=START
    )
    call = fair.call()
    with pytest.raises(Refused, match="By the rulebook of this vote two custodians"):
        calls.publish(call=call, by=fair.alice, at=START)
    calls.change_call(call=call, by=fair.alice, has_custodians=True)
    with pytest.raises(Refused, match="Both custodians have to take their codes"):
        calls.publish(call=call, by=fair.alice, at=START)


def test_a_call_held_elsewhere_is_a_record_that_matching_knows(fair: Fair) -> None:
    call = calls.record_elsewhere(
        issuer=fair.city,
        acting=fair.city,
        by=fair.alice,
        at=START,
        **ELSEWHERE,  # type: ignore[arg-type]
    )
    assert call.is_elsewhere
    assert not call.takes_bids
    assert call.listing
    assert "https://bids.example.org/12" in str(call.listing.text)
    with pytest.raises(Refused, match="held elsewhere"):
        bids.begin(call=call, lead=fair.spokes, by=fair.bob)
    assert calls.close_due(CLOSES)
    call.refresh_from_db()
    assert call.stage == CallStage.ENDED


def test_whom_the_site_trusts_tells_of_the_calls_of_others(fair: Fair) -> None:
    eve = Person.objects.by_email("eve@example.org")
    federation = register(name="Federation", kind=Kind.FEDERATION, steward=eve, at=START)
    told = {"issuer": fair.city, "acting": federation, "by": eve, "at": START, **ELSEWHERE}
    with pytest.raises(Refused, match="A list changes the pages of others"):
        calls.record_elsewhere(**told)  # type: ignore[arg-type]
    trust(institution=federation, at=START)
    call = calls.record_elsewhere(**told)  # type: ignore[arg-type]
    assert call.listing
    assert (call.issuer, call.listing.institution) == (fair.city, federation)


@pytest.mark.parametrize("wrong", [{"url": "javascript:alert(1)"}, {"closes_at": START}])
def test_a_call_held_elsewhere_has_an_address_and_a_deadline(
    fair: Fair, wrong: dict[str, object]
) -> None:
    with pytest.raises(Refused):
        calls.record_elsewhere(
            issuer=fair.city,
            acting=fair.city,
            by=fair.alice,
            at=START,
            **{**ELSEWHERE, **wrong},  # type: ignore[arg-type]
        )


def test_desk_names_what_comes_next_of_a_call(fair: Fair) -> None:
    def waits(person: Person) -> list[str]:
        return [str(one.title) for one in waiting(person) if "tool library" in one.quoted]

    call = fair.call()
    assert waits(fair.alice) == ["Finish the draft of a call, and publish it"]
    call = calls.publish(call=call, by=fair.alice, at=START)
    fair.draft(call)
    assert (waits(fair.alice), waits(fair.bob)) == ([], ["Your bid is not sealed yet"])
    fair.sealed(call, lead=fair.firm, by=fair.finn)
    fair.panel(call)
    fair.closed(call)
    assert (waits(fair.alice), waits(fair.bob)) == (["Open the sealed bids"], [])
    call = bids.open_bids(call=call, by=fair.alice, at=LATER)
    assert waits(fair.alice) == []
    fair.score_all(call)
    assert waits(fair.alice) == ["Rank the bids once all scores are in"]
    evaluating.rank(call=call, by=fair.alice, at=LATER)
    assert waits(fair.alice) == ["Award what was ranked, or say why nobody gets it"]
    awarding.award(offer=fair.offer(call, fair.firm), reasons="Best.", by=fair.alice, at=LATER)
    assert "Award what was ranked, or say why nobody gets it" not in waits(fair.alice)
