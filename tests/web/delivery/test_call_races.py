"""What happens at the same moment: the deadline and a bid, two openings, two calls for one money."""

from collections.abc import Callable
from functools import partial

import pytest

from interlock.web.delivery.actions import bids, calls, evaluating
from interlock.web.delivery.actions.calls import LotSaid
from interlock.web.delivery.models import Bid, Call, Offer, Stand
from interlock.web.delivery.queries.bids import draft_of, sealed_of
from interlock.web.institutions.actions import register
from interlock.web.institutions.models import Kind
from interlock.web.look.refusals import Refused
from interlock.web.record.models import Entry
from tests.web.delivery.calling import CLOSES, LATER, Fair, make_fair
from tests.web.threads import Crew
from tests.world import START, make_world

ROUNDS = 6


@pytest.fixture
def fair(emptied: None) -> Fair:
    return make_fair(make_world())


def sealing(fair: Fair, bid: Bid) -> str | None:
    """The digest that the bidder was told, or None for a refusal."""
    signer = fair.bob if bid.lead_id == fair.spokes.pk else fair.finn
    try:
        return bids.seal(bid=bid, by=signer, at=CLOSES)
    except Refused:
        return None


def test_a_bid_sealed_as_the_call_closes_is_in_time_or_refused(fair: Fair) -> None:
    """Whatever each was told is what the close made known: all told bids and no others."""
    with Crew(3) as crew:
        for _ in range(ROUNDS):
            call = fair.published()
            drafts = [fair.draft(call), fair.draft(call, lead=fair.firm, by=fair.finn)]
            close = partial(calls.close_if_due, call=call, at=CLOSES)
            told = crew.at_once(
                partial(sealing, fair, drafts[0]), close, partial(sealing, fair, drafts[1])
            )
            digests = sorted(one for one in (told[0], told[2]) if isinstance(one, str))
            known = Entry.objects.filter(act="call.closed", subject=f"call/{call.pk}").get()
            assert known.facts["digests"] == digests
            call.refresh_from_db()
            assert sorted(sealed_of(call).values_list("digest", flat=True)) == digests
            assert sealing(fair, drafts[0]) is None
            # The next round needs the money that this call promised.
            evaluating.name_panelist(
                call=call, person=fair.ana, name="Ana", by=fair.alice, at=LATER
            )
            bids.open_bids(call=call, by=fair.alice, at=LATER)
            evaluating.decide_no_award(
                lot=call.lots.get(), reason="A race.", by=fair.alice, at=LATER
            )


def signing(act: Callable[[], object]) -> bool:
    try:
        act()
    except Refused:
        return False
    return True


@pytest.mark.parametrize("own", [True, False])
def test_of_two_bids_signed_at_once_for_one_lot_one_is(fair: Fair, own: bool) -> None:
    """The co-op's own and one it joins; or two that it joins."""
    kiln = register(name="Kiln", kind=Kind.WORKER_COOP, steward=fair.ana, at=START)
    with Crew(2) as crew:
        for _ in range(ROUNDS):
            call = fair.published(lots=[LotSaid("Shelves", 48_000), LotSaid("Tools", 48_000)])
            prices = {"prices": {"1": 40_000, "2": 40_000}}
            acts: list[Callable[[], object]] = []
            if own:
                acts = [partial(bids.seal, bid=fair.draft(call, **prices), by=fair.bob, at=START)]
            for lead, by in ((fair.firm, fair.finn), (kiln, fair.ana))[: 2 - own]:
                joint = fair.draft(call, lead=lead, by=by, **prices)
                asked = bids.ask_partner(bid=joint, institution=fair.spokes, by=by, at=START)
                acts.append(partial(bids.agree, partner=asked, by=fair.bob, at=START))
            assert sorted(crew.at_once(*(partial(signing, act) for act in acts))) == [False, True]
            (stood,) = set(Stand.objects.filter(institution=fair.spokes).values_list("bid"))
            assert stood
            calls.cancel(call=call, reason="A race.", by=fair.alice, at=START)
            Stand.objects.all().delete()


def test_a_call_closes_once(fair: Fair) -> None:
    call = fair.published()
    with Crew(3) as crew:
        crew.at_once(*[partial(calls.close_if_due, call=call, at=CLOSES)] * 3)
    assert Entry.objects.filter(act="call.closed").count() == 1


def opening(fair: Fair, call: Call) -> bool:
    try:
        bids.open_bids(call=call, by=fair.alice, at=LATER)
    except Refused:
        return False
    return True


def test_bids_are_opened_once(fair: Fair) -> None:
    call = fair.published()
    fair.both_bid(call)
    fair.panel(call)
    fair.closed(call)
    with Crew(2) as crew:
        told = crew.at_once(*[partial(opening, fair, call)] * 2)
    assert sorted(told) == [False, True]
    assert Offer.objects.count() == 2


def publishing(fair: Fair, call: Call) -> bool:
    try:
        calls.publish(call=call, by=fair.alice, at=START)
    except Refused:
        return False
    return True


def test_two_calls_published_at_once_do_not_promise_the_same_money(fair: Fair) -> None:
    drafts = [fair.call(), fair.call()]
    with Crew(2) as crew:
        told = crew.at_once(*(partial(publishing, fair, one) for one in drafts))
    assert sorted(told) == [False, True]
    assert Call.objects.exclude(published_at=None).count() == 1


def drafting(fair: Fair, bid: Bid, name: str) -> None:
    bids.save_draft(bid=bid, by=fair.bob, **{name: f"{name} by one of two"})


def test_two_who_prepare_one_bid_lose_nothing(fair: Fair) -> None:
    bid = fair.draft(fair.published())
    with Crew(2) as crew:
        crew.at_once(partial(drafting, fair, bid, "plan"), partial(drafting, fair, bid, "team"))
    bid.refresh_from_db()
    content = draft_of(bid)
    assert (content["plan"], content["team"]) == ("plan by one of two", "team by one of two")


def ranking(fair: Fair, call: Call) -> bool:
    try:
        evaluating.rank(call=call, by=fair.alice, at=LATER)
    except Refused:
        return False
    return True


def test_a_score_changed_while_it_is_ranked_counts_or_is_refused(fair: Fair) -> None:
    call = fair.published()
    fair.both_bid(call)
    call = fair.scored(call)
    seat, offer = call.panel.get(person=fair.ana), fair.offer(call, fair.firm)
    plan = call.criteria.get(is_price=False)

    def score() -> bool:
        try:
            evaluating.score(
                panelist=seat, offer=offer, by=fair.ana, at=LATER, given={plan: (1, "Late.")}
            )
        except Refused:
            return False
        return True

    with Crew(2) as crew:
        ranked, scored = crew.at_once(partial(ranking, fair, call), score)
    assert ranked
    points = seat.scores.get(offer=offer).points
    assert points == (1 if scored else 7)
