"""The panel: named, declares, scores; the ranking follows; and nobody may get it."""

from fractions import Fraction

import pytest

from interlock.methods.awarding import ranked, results
from interlock.methods.formats import sheets
from interlock.web.delivery.actions import bids, evaluating
from interlock.web.delivery.actions.calls import LotSaid
from interlock.web.delivery.actions.stories import follow
from interlock.web.delivery.models import CallStage, Delivery, Panelist, Score, Stage
from interlock.web.delivery.queries.evaluating import ranking_of, seed_of, sheet_of
from interlock.web.institutions.actions import give_role
from interlock.web.institutions.models import Role
from interlock.web.look.refusals import Refused
from interlock.web.messages.models import Mail
from interlock.web.record.models import Entry
from interlock.web.record.wording import sentence
from tests.web.delivery.calling import COST, LATER, Fair
from tests.world import START, both


def test_the_ranking_follows_from_the_published_sheet(fair: Fair) -> None:
    call = fair.preferring()
    fair.both_bid(call)
    call = fair.ranked(call)
    assert call.stage == CallStage.RANKED
    lot = ranking_of(call).lots[0]
    assert [(one.rank, one.offer.id, one.evaluated) for one in lot.ranked] == [
        (1, "spokes-cooperative", 40_500), (2, "green-ltd", 43_000),
    ]  # fmt: skip
    assert lot.ranked[0].total == 40 + 42
    assert lot.ranked[1].total == 40 * Fraction(405, 430) + 42
    assert (
        sentence(Entry.objects.get(act="call.ranked")) == "2 offers were compared: A tool library."
    )
    sheet = sheet_of(call)
    text = "".join(sheets.lines(sheet, results(ranked(sheet))))
    again = sheets.read(text.encode())
    assert ranked(again).lots == ranked(sheet).lots


def test_the_sheet_has_everything_that_was_said(fair: Fair) -> None:
    call = fair.preferring()
    fair.both_bid(call)
    call = fair.ranked(call)
    sheet = sheet_of(call)
    assert sheet.panelists == ("Ana Ruiz", "Ben Okafor")
    assert sheet.preference
    assert (sheet.preference.kind, sheet.preference.size) == ("discount", 10)
    assert [(one.id, one.price, one.is_preferred) for one in sheet.lots[0].offers] == [
        ("green-ltd", 43_000, False), ("spokes-cooperative", 45_000, True),
    ]  # fmt: skip
    assert [(one.offer, one.panelist, one.points, one.sentence) for one in sheet.scores] == [
        (offer, who, 7, "The steps are clear.")
        for offer in ("green-ltd", "spokes-cooperative")
        for who in ("Ana Ruiz", "Ben Okafor")
    ]
    assert sheet.seed == seed_of(call)
    assert sheet.seed.split("-") == [
        call.sha256, *sorted(call.bids.values_list("digest", flat=True)),
    ]  # fmt: skip


def test_nothing_is_ranked_while_a_score_is_missing(fair: Fair) -> None:
    call = fair.published()
    fair.both_bid(call)
    call = fair.opened(call)
    seat = call.panel.get(person=fair.ana)
    evaluating.declare(panelist=seat, by=fair.ana, at=LATER, conflicts={})
    with pytest.raises(Refused, match=r"Ana Ruiz: 0 of 2 scores given\. Ben Okafor: 0 of 2"):
        evaluating.rank(call=call, by=fair.alice, at=LATER)
    call.refresh_from_db()
    assert call.ranked_at is None


def test_a_ranked_call_is_frozen(fair: Fair) -> None:
    call = fair.published()
    fair.both_bid(call)
    call = fair.ranked(call)
    seat, offer = call.panel.get(person=fair.ana), fair.offer(call, fair.firm)
    for act in (
        lambda: evaluating.score(panelist=seat, offer=offer, by=fair.ana, at=LATER, given={}),
        lambda: evaluating.declare(panelist=seat, by=fair.ana, at=LATER, conflicts={}),
        lambda: evaluating.exclude(offer=offer, reason="No.", by=fair.alice, at=LATER),
        lambda: evaluating.rank(call=call, by=fair.alice, at=LATER),
        lambda: evaluating.drop_panelist(panelist=seat, by=fair.alice, at=LATER),
        lambda: evaluating.name_panelist(
            call=call, person=fair.dora, name="Dora", by=fair.alice, at=LATER
        ),
    ):
        with pytest.raises(Refused, match="compared already"):
            act()


def test_a_conflict_recuses_and_the_others_decide(fair: Fair) -> None:
    call = fair.published()
    fair.both_bid(call)
    call = fair.opened(call)
    ana, ben = call.panel.all()
    evaluating.declare(
        panelist=ana, by=fair.ana, at=LATER, conflicts={fair.spokes: "My sister works there."}
    )
    plan = call.criteria.get(is_price=False)
    ours, theirs = fair.offer(call, fair.spokes), fair.offer(call, fair.firm)
    with pytest.raises(Refused, match="You are recused from this bid"):
        evaluating.score(
            panelist=ana, offer=ours, by=fair.ana, at=LATER, given={plan: (10, "Lovely.")}
        )
    evaluating.score(panelist=ana, offer=theirs, by=fair.ana, at=LATER, given={plan: (4, "Thin.")})
    evaluating.declare(panelist=ben, by=fair.ben, at=LATER, conflicts={})
    for offer in (ours, theirs):
        evaluating.score(
            panelist=ben, offer=offer, by=fair.ben, at=LATER, given={plan: (9, "Good.")}
        )
    found = evaluating.rank(call=call, by=fair.alice, at=LATER)
    by_offer = {one.offer.id: one.points[1].points for one in found.lots[0].ranked}
    assert by_offer == {"spokes-cooperative": 9, "green-ltd": Fraction(13, 2)}
    assert [(one.panelist, one.reason) for one in sheet_of(call).recusals] == [
        ("Ana Ruiz", "My sister works there.")
    ]


def test_a_conflict_that_comes_later_is_said_later_and_takes_the_scores_along(fair: Fair) -> None:
    call = fair.published()
    fair.both_bid(call)
    call = fair.scored(call)
    seat = call.panel.get(person=fair.ana)
    give_role(institution=fair.spokes, person=fair.ana, role=Role.MEMBER, by=fair.bob, at=LATER)
    said = {"panelist": seat, "by": fair.ana, "at": LATER}
    given = {call.criteria.get(is_price=False): (10, "Ours.")}
    with pytest.raises(Refused, match="a role in Spokes Cooperative"):
        evaluating.score(**said, offer=fair.offer(call, fair.firm), given=given)
    with pytest.raises(Refused, match="a role in Spokes Cooperative"):
        evaluating.declare(**said, conflicts={})
    for _twice in range(2):
        evaluating.declare(**said, conflicts={fair.spokes: "I joined it."})
    assert [one.offer.bid.lead for one in seat.scores.all()] == [fair.firm]
    ranking = evaluating.rank(call=call, by=fair.alice, at=LATER)
    assert [(one.panelist, one.offer) for one in ranking.sheet.recusals] == [
        ("Ana Ruiz", fair.spokes.slug)
    ]


def test_a_conflict_with_a_partner_is_one_with_the_bid(fair: Fair) -> None:
    call = fair.published()
    bid = fair.draft(call)
    partner = bids.ask_partner(bid=bid, institution=fair.firm, by=fair.bob, at=START)
    bids.agree(partner=partner, by=fair.finn, at=START)
    bids.seal(bid=bid, by=fair.bob, at=START)
    call = fair.opened(call)
    seat = call.panel.get(person=fair.ana)
    evaluating.declare(panelist=seat, by=fair.ana, at=LATER, conflicts={fair.firm: "I owned it."})
    with pytest.raises(Refused, match="recused"):
        evaluating.score(
            panelist=seat, offer=fair.offer(call, fair.spokes), by=fair.ana, at=LATER, given={}
        )


def test_nobody_scores_before_declaring_or_for_another(fair: Fair) -> None:
    call = fair.published()
    fair.both_bid(call)
    fair.panel(call)
    seat = call.panel.get(person=fair.ana)
    with pytest.raises(Refused, match="still sealed"):
        evaluating.declare(panelist=seat, by=fair.ana, at=START, conflicts={})
    bids.open_bids(call=fair.closed(call), by=fair.alice, at=LATER)
    offer, plan = fair.offer(call, fair.firm), call.criteria.get(is_price=False)
    given = {plan: (5, "So.")}
    with pytest.raises(Refused, match="First declare"):
        evaluating.score(panelist=seat, offer=offer, by=fair.ana, at=LATER, given=given)
    with pytest.raises(Refused, match="speaks for themselves"):
        evaluating.declare(panelist=seat, by=fair.ben, at=LATER, conflicts={})
    evaluating.declare(panelist=seat, by=fair.ana, at=LATER, conflicts={})
    for wrong in ((11, "So."), (5, " ")):
        with pytest.raises(Refused) as caught:
            evaluating.score(panelist=seat, offer=offer, by=fair.ana, at=LATER, given={plan: wrong})
        assert caught.value.status == 422
    price = call.criteria.get(is_price=True)
    with pytest.raises(Refused, match="compared by arithmetic"):
        evaluating.score(
            panelist=seat, offer=offer, by=fair.ana, at=LATER, given={price: (5, "So.")}
        )
    assert not Score.objects.exists()


def test_a_score_said_again_takes_the_place_of_the_first(fair: Fair) -> None:
    call = fair.published()
    fair.both_bid(call)
    call = fair.scored(call)
    seat, offer = call.panel.get(person=fair.ana), fair.offer(call, fair.firm)
    plan = call.criteria.get(is_price=False)
    evaluating.score(
        panelist=seat, offer=offer, by=fair.ana, at=LATER, given={plan: (3, "On reflection.")}
    )
    said = Score.objects.get(panelist=seat, offer=offer)
    assert (said.points, said.sentence) == (3, "On reflection.")


def test_an_excluded_offer_needs_no_scores(fair: Fair) -> None:
    call = fair.published()
    fair.both_bid(call)
    call = fair.opened(call)
    evaluating.exclude(
        offer=fair.offer(call, fair.firm), reason="No insurance.", by=fair.alice, at=LATER
    )
    fair.score_all(call)
    found = evaluating.rank(call=call, by=fair.alice, at=LATER)
    assert [one.offer.id for one in found.lots[0].ranked] == ["spokes-cooperative"]
    assert [one.excluded for one in found.lots[0].excluded] == ["No insurance."]


def test_equal_offers_are_told_apart_by_a_lot_known_before(fair: Fair) -> None:
    call = fair.published()
    for lead, by in ((fair.spokes, fair.bob), (fair.firm, fair.finn)):
        fair.sealed(call, lead=lead, by=by, price=40_000)
    seed = seed_of(call)
    call = fair.ranked(call)
    assert seed_of(call) == seed
    lot = ranking_of(call).lots[0]
    assert [(one.rank, one.decided_by) for one in lot.ranked] == [(1, "draw"), (2, "draw")]


def test_a_panelist_is_told_and_may_go_before_scoring(fair: Fair) -> None:
    call = fair.published()
    ana, _ben = fair.panel(call)
    assert Mail.objects.filter(subject__contains="on the panel").count() == 2
    with pytest.raises(Refused, match="on the panel already"):
        evaluating.name_panelist(call=call, person=fair.ana, name="A", by=fair.alice, at=START)
    evaluating.drop_panelist(panelist=ana, by=fair.alice, at=START)
    assert [seat.name for seat in Panelist.objects.all()] == ["Ben Okafor"]


def test_who_has_scored_stays_on_the_panel(fair: Fair) -> None:
    call = fair.published()
    fair.both_bid(call)
    call = fair.scored(call)
    seat = call.panel.get(person=fair.ana)
    with pytest.raises(Refused, match="has scored already"):
        evaluating.drop_panelist(panelist=seat, by=fair.alice, at=LATER)


def test_a_lot_that_nobody_gets_says_why(fair: Fair) -> None:
    call = fair.published()
    lot = call.lots.get()
    with pytest.raises(Refused, match="First the bids are opened"):
        evaluating.decide_no_award(lot=lot, reason="Nobody came.", by=fair.alice, at=START)
    fair.opened(call)
    why = both("Nobody came.", "No vino nadie.")
    with pytest.raises(Refused, match="Say why"):
        evaluating.decide_no_award(lot=lot, reason=" ", by=fair.alice, at=LATER)
    made = evaluating.decide_no_award(lot=lot, reason=why, by=fair.alice, at=LATER)
    assert str(made.reason) == "Nobody came."
    with pytest.raises(Refused, match="decided already"):
        evaluating.decide_no_award(lot=lot, reason=why, by=fair.alice, at=LATER)
    assert sentence(Entry.objects.get(act="delivery.no_award")) == (
        "“Tool library”: nobody gets The library. The reason: Nobody came."
    )


def test_story_tells_that_a_lot_goes_to_nobody_and_that_nobody_is_looked_for(fair: Fair) -> None:
    lots = [LotSaid("Shelves", COST // 2), LotSaid("Tools", COST // 2)]
    call = fair.published(lots=lots)
    follow(delivery=fair.delivery, person=fair.ben, at=START)
    fair.opened(call)
    stages = []
    for lot in call.lots.all():
        Mail.objects.all().delete()
        evaluating.decide_no_award(lot=lot, reason="Nobody came.", by=fair.alice, at=LATER)
        stages.append(Delivery.objects.get(pk=fair.delivery.pk).stage)
        assert [one.to for one in Mail.objects.all()] == ["ben@example.org"]
    assert stages == [Stage.CALLED, Stage.PREPARING]
    told = [(one.heading, str(one.text)) for one in fair.delivery.steps.order_by("pk")[1:]]
    assert told == [
        ("Nobody gets it: Shelves", "Nobody came."),
        ("Nobody gets it: Tools", "Nobody came."),
    ]


def test_a_panelist_with_a_role_in_a_bidder_says_so_as_a_conflict(fair: Fair) -> None:
    call = fair.published()
    fair.both_bid(call)
    give_role(institution=fair.spokes, person=fair.ana, role=Role.MEMBER, by=fair.bob, at=START)
    seat = fair.opened(call).panel.get(person=fair.ana)
    for conflicts in ({}, {fair.firm: "I owned it."}):
        with pytest.raises(Refused, match="You have a role in Spokes Cooperative") as caught:
            evaluating.declare(panelist=seat, by=fair.ana, at=LATER, conflicts=conflicts)
        assert caught.value.status == 422
    evaluating.declare(panelist=seat, by=fair.ana, at=LATER, conflicts={fair.spokes: "A member."})
    assert [one.institution for one in seat.recusals.all()] == [fair.spokes]


def test_officer_of_a_bidder_takes_no_bid_out(fair: Fair) -> None:
    call = fair.published()
    fair.both_bid(call)
    call = fair.opened(call)
    give_role(institution=fair.city, person=fair.bob, role=Role.STEWARD, by=fair.alice, at=START)
    for act in (
        lambda: evaluating.exclude(
            offer=fair.offer(call, fair.firm), reason="Dear.", by=fair.bob, at=LATER
        ),
        lambda: evaluating.decide_no_award(
            lot=call.lots.get(), reason="Dear.", by=fair.bob, at=LATER
        ),
        lambda: evaluating.name_panelist(
            call=call, person=fair.dora, name="Dora", by=fair.bob, at=LATER
        ),
        lambda: evaluating.drop_panelist(
            panelist=call.panel.get(person=fair.ana), by=fair.bob, at=LATER
        ),
    ):
        with pytest.raises(Refused, match="You belong to Spokes Cooperative too") as caught:
            act()
        assert caught.value.status == 403


def test_nobody_joins_the_panel_after_the_opening_but_where_nobody_is_left(fair: Fair) -> None:
    call = fair.published()
    fair.both_bid(call)
    call = fair.opened(call)
    said = {"call": call, "person": fair.dora, "name": "Dora", "by": fair.alice, "at": LATER}
    for seat in call.panel.select_related("person", "call"):
        with pytest.raises(Refused, match="known before what they compare"):
            evaluating.name_panelist(**said)
        evaluating.declare(
            panelist=seat, by=seat.person, at=LATER, conflicts={fair.firm: "I buy there."}
        )
    evaluating.name_panelist(**said)
