"""Who delivers and why: awards, complaints, annulments, and what goes back to the pots."""

from datetime import timedelta

import pytest

from interlock.web.budgets.models import Allocation, Pot, Process, Rulebook
from interlock.web.delivery.actions import agreeing, awarding, finishing
from interlock.web.delivery.models import (
    Award,
    AwardKind,
    Bid,
    Complaint,
    NoAward,
    Offer,
    Posting,
    PostingKind,
    Stage,
)
from interlock.web.delivery.queries.awarding import free, reserved, standing, suppliers
from interlock.web.delivery.rules.evaluating import why_bidding
from interlock.web.institutions.actions import accept_role, give_role
from interlock.web.institutions.models import Institution, Role
from interlock.web.look.refusals import Refused
from tests.web.delivery.chain import AFTER, BEGIN, Chain, called
from tests.web.delivery.test_stories import mails, steps


def win(chain: Chain, offer: Offer) -> Award:
    return awarding.award(offer=offer, reasons="The best plan.", by=chain.alice, at=BEGIN)


def test_offer_is_awarded_its_lot_at_its_price(chain: Chain) -> None:
    mine, _other = called(chain, 3_000_000, 4_000_000)
    mails()
    award = win(chain, mine)
    assert (award.kind, award.value, award.standstill_until) == ("call", 3_000_000, AFTER)
    assert suppliers(award) == [chain.mill]
    held = chain.refresh()
    assert (held.awarded, held.unawarded, held.stage) == (3_000_000, 1_800_000, Stage.AWARDED)
    assert steps(chain) == ["awarded"]
    assert mails() == [
        "dan@example.org: Awarded to you: Tool library",
        "mia@example.org: Awarded to you: Tool library",
        "fred@example.org: Awarded to somebody else: Tool library",
    ]


def test_partners_of_a_bid_have_the_award_with_its_lead(chain: Chain) -> None:
    mine, _other = called(chain, 3_000_000, 4_000_000)
    mine.bid.partners.create(institution=chain.firm, asked_at=BEGIN, agreed_at=BEGIN)
    mine.bid.partners.create(institution=chain.world.wheelhouse, asked_at=BEGIN)
    assert suppliers(win(chain, mine)) == [chain.mill, chain.firm]


def test_only_ranked_bids_of_a_standing_call_are_awarded(chain: Chain) -> None:
    mine, _other = called(chain, 1, 2, is_ranked=False)
    with pytest.raises(Refused, match="not ranked yet"):
        win(chain, mine)
    type(mine.lot.call).objects.filter(pk=mine.lot.call_id).update(cancelled_at=BEGIN)
    with pytest.raises(Refused, match="was cancelled"):
        win(chain, mine)


def test_lot_goes_to_the_first_in_the_ranking(chain: Chain) -> None:
    mine, other = called(chain, 1, 2)
    with pytest.raises(Refused, match="Mill comes before it in the ranking"):
        win(chain, other)
    award = win(chain, mine)
    awarding.annul(award=award, reason="No insurance", by=chain.alice, at=BEGIN)
    assert win(chain, other).value == 2


def test_officer_who_is_a_member_of_a_bidder_awards_nothing(chain: Chain) -> None:
    mine, _other = called(chain, 1, 2)
    given = give_role(
        institution=chain.mill, person=chain.alice, role=Role.MEMBER, by=chain.mia, at=BEGIN
    )
    assert why_bidding(mine.lot.call, chain.alice) is None  # nobody is one by another's word
    accept_role(membership=given, by=chain.alice, at=BEGIN)
    with pytest.raises(Refused, match="You belong to Mill too") as caught:
        win(chain, mine)
    assert caught.value.status == 403


def test_lot_is_awarded_once(chain: Chain) -> None:
    mine, other = called(chain, 1, 2)
    award = win(chain, mine)
    with pytest.raises(Refused, match="awarded already"):
        win(chain, other)
    awarding.annul(award=award, reason="So", by=chain.alice, at=BEGIN)
    with pytest.raises(Refused, match="was annulled"):
        win(chain, mine)
    assert win(chain, other).value == 2


def test_excluded_offers_and_lots_for_nobody_are_not_awarded(chain: Chain) -> None:
    mine, other = called(chain, 1, 2)
    Offer.objects.filter(pk=mine.pk).update(excluded_at=BEGIN, excluded_for="No plan")
    with pytest.raises(Refused, match="excluded"):
        win(chain, mine)
    NoAward.objects.create(lot=other.lot, reason="Too dear", at=BEGIN)
    with pytest.raises(Refused, match="nobody gets"):
        win(chain, other)


def test_price_is_at_most_what_the_call_offers(chain: Chain) -> None:
    lot = called(chain, 3, 3)[0].lot
    bid = Bid.objects.create(
        call=lot.call, lead=chain.city, sealed=b"-", digest="0" * 64, sealed_at=BEGIN, content={}
    )
    dear = Offer.objects.create(bid=bid, lot=lot, price=4)
    with pytest.raises(Refused, match="above what the call offers"):
        win(chain, dear)


def test_award_has_reasons(chain: Chain) -> None:
    mine, _other = called(chain, 3, 3)
    with pytest.raises(Refused, match="has reasons"):
        awarding.award(offer=mine, reasons=" ", by=chain.alice, at=BEGIN)
    with pytest.raises(Refused, match="has reasons"):
        awarding.award_directly(
            delivery=chain.delivery, kind="direct", suppliers=[chain.mill], value=1, reasons="",
            by=chain.alice, at=BEGIN,
        )  # fmt: skip


def test_bidder_that_has_left_is_awarded_nothing(chain: Chain) -> None:
    mine, _other = called(chain, 3_000, 4_000)
    mine.bid.partners.create(institution=chain.firm, asked_at=BEGIN, agreed_at=BEGIN)
    Institution.objects.filter(pk=chain.firm.pk).update(left_at=BEGIN)
    with pytest.raises(Refused, match="Brick & Sons has left the site"):
        win(chain, mine)


def test_officer_of_a_rival_neither_awards_nor_takes_an_award_away(chain: Chain) -> None:
    mine, _other = called(chain, 3_000, 4_000)
    give_role(
        institution=chain.city, person=chain.fred, role=Role.STEWARD, by=chain.alice, at=BEGIN
    )
    award = win(chain, mine)
    agreement = chain.draft(award, chain.terms(3_000)).agreement
    for act in (
        lambda: awarding.annul(award=award, reason="Dear.", by=chain.fred, at=BEGIN),
        lambda: agreeing.end(agreement=agreement, reason="Dear.", by=chain.fred, at=BEGIN),
        lambda: awarding.award(offer=mine, reasons="Dear.", by=chain.fred, at=BEGIN),
    ):
        with pytest.raises(Refused, match="You belong to Brick & Sons too") as caught:
            act()
        assert caught.value.status == 403


def test_open_lots_are_reserved_for_their_bidders(chain: Chain) -> None:
    first, _, second, _ = called(chain, 900_000, 1_000_000, 2_900_000, 3_000_000)
    assert (reserved(chain.delivery), free(chain.delivery)) == (4_000_000, 800_000)
    with pytest.raises(Refused, match=r"Only \$8,000 of the cost is left to award"):
        chain.award(800_001)
    chain.award(800_000)
    with pytest.raises(Refused, match="reserved for an open call"):
        awarding.give_back(delivery=chain.delivery, amount=1, by=chain.alice, at=BEGIN)
    win(chain, first)
    chain.refresh()
    assert (reserved(chain.delivery), free(chain.delivery)) == (3_000_000, 100_000)
    win(chain, second)
    chain.refresh()
    assert (reserved(chain.delivery), free(chain.delivery)) == (0, 200_000)


def test_more_than_the_cost_is_never_awarded(chain: Chain) -> None:
    cost = chain.delivery.cost
    with pytest.raises(Refused, match="is left to award"):
        chain.award(cost + 1)
    chain.award(cost - 1)
    with pytest.raises(Refused, match="is left to award"):
        chain.award(2)
    with pytest.raises(Refused, match="worth something"):
        chain.award(0)
    assert chain.refresh().unawarded == 1


def test_direct_award_says_to_whom(chain: Chain) -> None:
    gone = chain.world.wheelhouse
    gone.left_at = BEGIN
    gone.save()
    for to, kind, reason in (
        ([], AwardKind.DIRECT, "to whom"),
        ([chain.mill, chain.mill], AwardKind.DIRECT, "each once"),
        ([chain.city], AwardKind.GRANT, "cannot be its own supplier"),
        ([chain.mill], AwardKind.OWN, "awarded to nobody else"),
        ([gone], AwardKind.DIRECT, "Wheelhouse Cooperative has left"),
        ([chain.mill], AwardKind.CALL, "one of its offers"),
    ):
        with pytest.raises(Refused, match=reason):
            chain.award(5, to=to, kind=kind)
    own = chain.award(5, to=[chain.city], kind=AwardKind.OWN)
    assert own.standstill_until == BEGIN
    assert chain.award(5, standstill_days=900).standstill_until == BEGIN + timedelta(days=60)


def test_bidder_complains_and_is_answered_in_public(chain: Chain) -> None:
    award = win(chain, called(chain, 1, 2)[0])
    mails()
    made = awarding.complain(
        award=award, institution=chain.firm, text="Ours was cheaper.", by=chain.fred, at=BEGIN
    )
    told = "Tool library: An award is complained of. No agreement is signed until you answer."
    assert mails() == [f"alice@example.org: {told}"]
    awarding.answer(complaint=made, answer="It was not.", is_upheld=False, by=chain.alice, at=BEGIN)
    assert mails() == ["fred@example.org: Tool library: A complaint is answered"]
    with pytest.raises(Refused, match="answered already"):
        awarding.answer(complaint=made, answer="So", is_upheld=True, by=chain.alice, at=BEGIN)
    assert standing(chain.delivery).get() == award


def test_upheld_complaint_annuls_the_award(chain: Chain) -> None:
    award = win(chain, called(chain, 1, 2)[0])
    made = awarding.complain(
        award=award, institution=chain.firm, text="So", by=chain.fred, at=BEGIN
    )
    awarding.answer(complaint=made, answer="True.", is_upheld=True, by=chain.alice, at=BEGIN)
    assert list(standing(chain.delivery)) == []
    held = chain.refresh()
    assert (held.awarded, held.stage) == (0, Stage.PREPARING)
    assert list(Posting.objects.values_list("kind", "amount")) == [("awarded", 1), ("awarded", -1)]
    assert steps(chain) == ["awarded", "annulled"]


def test_who_may_complain_and_until_when(chain: Chain) -> None:
    award = win(chain, called(chain, 1, 2)[0])

    def reason_of(institution: object, by: object, at: object = BEGIN, of: Award = award) -> str:
        with pytest.raises(Refused) as refusal:
            awarding.complain(award=of, institution=institution, text="So", by=by, at=at)  # type: ignore[arg-type]
        return str(refusal.value.reason)

    world = chain.world
    assert "has this award itself" in reason_of(chain.mill, chain.mia)
    assert "look after" in reason_of(chain.mill, chain.dan)
    assert "look after" in reason_of(chain.firm, chain.mia)
    assert "Only those who bid" in reason_of(world.carol.memberships.get().institution, world.carol)
    assert "time for complaints is over" in reason_of(chain.firm, chain.fred, AFTER)
    direct = chain.award(1)
    hilltown = world.carol.memberships.get().institution
    made = awarding.complain(
        award=direct, institution=hilltown, text="No call?", by=world.carol, at=BEGIN
    )
    assert "complained already" in reason_of(hilltown, world.carol, of=direct)
    with pytest.raises(Refused) as refusal:
        awarding.answer(complaint=made, answer="So", is_upheld=False, by=chain.mia, at=BEGIN)
    assert refusal.value.status == 403
    assert Complaint.objects.count() == 1


def test_signed_award_is_not_annulled(chain: Chain) -> None:
    agreement = chain.agree(500)
    with pytest.raises(Refused, match="can be changed, or ended"):
        awarding.annul(award=agreement.award, reason="So", by=chain.alice, at=AFTER)
    award = chain.award(500)
    with pytest.raises(Refused, match="Say why"):
        awarding.annul(award=award, reason="", by=chain.alice, at=BEGIN)
    awarding.annul(award=award, reason="So", by=chain.alice, at=BEGIN)
    with pytest.raises(Refused, match="annulled already"):
        awarding.annul(award=award, reason="So", by=chain.alice, at=BEGIN)


def test_only_officers_award_and_give_back(chain: Chain) -> None:
    mine, _other = called(chain, 1, 2)
    for by in (chain.mia, chain.fred, chain.world.bob, chain.world.carol):
        for act in (
            lambda by=by: awarding.award(offer=mine, reasons="So", by=by, at=BEGIN),
            lambda by=by: awarding.give_back(delivery=chain.delivery, by=by, at=BEGIN),
            lambda by=by: awarding.award_directly(
                delivery=chain.delivery, kind="direct", suppliers=[chain.mill], value=1,
                reasons="So", by=by, at=BEGIN,
            ),
        ):  # fmt: skip
            with pytest.raises(Refused) as refusal:
                act()
            assert refusal.value.status == 403


def test_what_goes_back_is_split_as_the_pots_gave(chain: Chain) -> None:
    process = chain.world.process
    pot = Pot.objects.get(process=process)
    area = chain.delivery.project.area
    other = Pot.objects.create(
        process=process, name="State grant", source=chain.city, fund_type="expense",
        amount=1_700_000, unallocated=0,
    )  # fmt: skip
    Allocation.objects.filter(pot=pot, area=area).update(amount=3_300_000)
    Allocation.objects.create(pot=other, area=area, amount=1_700_000)
    for amount in (100, 1, 1, 1):
        awarding.give_back(delivery=chain.delivery, amount=amount, by=chain.alice, at=BEGIN)
    back = list(Posting.objects.filter(kind=PostingKind.RETURNED).values_list("pot", "amount"))
    assert back[:2] == [(pot.pk, 66), (other.pk, 34)]
    awarding.give_back(delivery=chain.delivery, by=chain.alice, at=BEGIN)
    returned = {one.pk: one.returned for one in Pot.objects.all()}
    assert returned == {pot.pk: 3_168_000, other.pk: 1_632_000}
    with pytest.raises(Refused, match="nothing to give back"):
        awarding.give_back(delivery=chain.delivery, by=chain.alice, at=BEGIN)


def test_award_of_what_is_done_is_not_annulled(chain: Chain) -> None:
    award = chain.award(to=[chain.city], kind=AwardKind.OWN)
    finishing.finish(delivery=chain.delivery, by=chain.alice, at=AFTER)
    with pytest.raises(Refused, match="This delivery is done"):
        awarding.annul(award=award, reason="So", by=chain.alice, at=AFTER)


def test_without_a_call_no_more_is_awarded_than_the_rulebook_says(chain: Chain) -> None:
    rulebook = chain.world.process.rulebook
    Rulebook.objects.filter(pk=rulebook.pk).update(body={**rulebook.body, "direct_up_to": 1_000})
    with pytest.raises(Refused, match=r"at most .*10 is awarded without a call"):
        chain.award(1_001)
    assert chain.award(1_000).value == 1_000
    # In two parts it is no less.
    with pytest.raises(
        Refused, match=r"at most .*10 is awarded .* \$10 of this project already is"
    ):
        chain.award(1)
    Rulebook.objects.filter(pk=rulebook.pk).update(body={**rulebook.body, "direct_up_to": 0})
    with pytest.raises(Refused, match="after a public call"):
        chain.award(1)
    own = chain.award(2_000, to=[chain.city], kind=AwardKind.OWN)
    assert own.kind == "own"
    # What was voted on elsewhere has its rules elsewhere.
    Process.objects.update(imported_from="elsewhere.pb")
    assert chain.award(3_000).value == 3_000
