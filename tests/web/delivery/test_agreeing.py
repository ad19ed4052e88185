"""Agreements: drafted by either side, signed by both, changed by a new version, ended early."""

import pytest

from interlock.web.budgets.models import Rulebook
from interlock.web.delivery.actions import agreeing, awarding, paying
from interlock.web.delivery.actions.agreeing import Part, Terms
from interlock.web.delivery.models import (
    Agreement,
    AwardKind,
    Delivery,
    Milestone,
    PaymentKind,
    Posting,
    Stage,
    Version,
)
from interlock.web.look.refusals import Refused
from interlock.web.ties.models import Tie
from tests.web.delivery.chain import AFTER, BEGIN, DAY, DUE, Chain, called
from tests.web.delivery.test_stories import mails, steps


def signs(chain: Chain, version: Version, *, mill: bool = False, at: object = AFTER) -> Version:
    acting, by = (chain.mill, chain.mia) if mill else (chain.city, chain.alice)
    return agreeing.sign(version=version, acting=acting, by=by, at=at)  # type: ignore[arg-type]


def test_two_signatures_bring_it_into_force(chain: Chain) -> None:
    version = chain.draft(chain.award(3_000), chain.terms(1_000, 2_000, advance=500, retainage=200))
    mails()
    signs(chain, version)
    told = "Tool library: The other side has signed an agreement: it waits for you"
    assert mails() == [f"{name}@example.org: {told}" for name in ("dan", "mia")]
    assert chain.refresh().stage == Stage.AWARDED
    signs(chain, version, mill=True)
    agreement = Agreement.objects.get()
    assert (agreement.value, agreement.advance, agreement.retainage, agreement.signed_at) == (
        3_000, 500, 200, AFTER,
    )  # fmt: skip
    assert chain.refresh().stage == Stage.UNDER_WAY
    assert steps(chain) == ["awarded", "begun"]
    tie = Tie.objects.get()
    assert (tie.subject, tie.predicate, tie.object, tie.witness) == (
        chain.mill, "delivers_for", chain.city, f"agreement/{agreement.pk}",
    )  # fmt: skip


def test_both_who_bid_together_deliver(chain: Chain) -> None:
    award = chain.award(3_000, to=[chain.mill, chain.firm])
    version = chain.draft(award, chain.terms(3_000))
    with pytest.raises(Refused, match="by the lead"):
        agreeing.sign(version=version, acting=chain.firm, by=chain.fred, at=AFTER)
    chain.sign(version)
    assert {tie.subject for tie in Tie.objects.all()} == {chain.mill, chain.firm}


@pytest.mark.parametrize(
    ("amounts", "more", "reason"),
    [
        ((1_000, 1_999), {}, r"awarded, \$30\. They add up to \$29\.99; \$0\.01 is missing"),
        ((1_000, 2_001), {}, r"\$0\.01 is too much"),
        ((), {}, "at least one milestone"),
        ((3_000, 0), {}, "worth something"),
        ((3_000,), {"advance": 3_001}, "at most the whole value"),
        ((3_000,), {"retainage": 10_000}, "less than all"),
    ],
)
def test_terms_that_are_not_drafted(
    chain: Chain, amounts: tuple[int, ...], more: dict[str, int], reason: str
) -> None:
    with pytest.raises(Refused, match=reason):
        chain.draft(chain.award(3_000), chain.terms(*amounts, **more))


def test_each_milestone_has_its_own_code(chain: Chain) -> None:
    with pytest.raises(Refused, match="code of its own"):
        chain.draft(chain.award(2), Terms([Part("M1", "A", DUE, 1), Part("M1", "B", DUE, 1)]))


def test_draft_makes_way_until_somebody_signs(chain: Chain) -> None:
    award = chain.award(3_000)
    first = chain.draft(award, chain.terms(3_000))
    second = agreeing.draft(
        award=award, terms=chain.terms(1, 2_999), acting=chain.mill, by=chain.dan, at=BEGIN
    )
    assert (second.number, Milestone.objects.count()) == (1, 2)
    with pytest.raises(Refused, match="took the place"):
        signs(chain, first)
    signs(chain, second)
    with pytest.raises(Refused, match="signed another draft"):
        chain.draft(award, chain.terms(3_000))
    agreeing.drop(version=second, acting=chain.mill, by=chain.dan, at=AFTER)
    with pytest.raises(Refused, match="was dropped"):
        signs(chain, second, mill=True)
    with pytest.raises(Refused, match="has a reason"):
        chain.draft(award, chain.terms(3_000))
    third = chain.draft(award, chain.terms(3_000), reason="In one part.")
    assert (third.number, chain.sign(third).value) == (2, 3_000)
    with pytest.raises(Refused, match="by a new version"):
        agreeing.drop(version=third, acting=chain.city, by=chain.alice, at=AFTER)


def test_draft_that_nobody_signed_leaves_no_trace(chain: Chain) -> None:
    version = chain.draft(chain.award(3_000), chain.terms(1_000, 1_500, 500))
    agreeing.drop(version=version, acting=chain.city, by=chain.alice, at=BEGIN)
    assert (Version.objects.count(), Milestone.objects.count()) == (0, 0)


def test_nobody_signs_in_the_days_for_complaints_or_with_one_unanswered(chain: Chain) -> None:
    award = chain.award(3_000)
    version = chain.draft(award, chain.terms(3_000))
    with pytest.raises(Refused, match="days for complaints are not over"):
        signs(chain, version, at=AFTER - DAY)
    made = awarding.complain(
        award=award, institution=chain.firm, text="No call?", by=chain.fred, at=BEGIN
    )
    with pytest.raises(Refused, match="not answered yet"):
        signs(chain, version)
    awarding.answer(complaint=made, answer="Small.", is_upheld=False, by=chain.alice, at=AFTER)
    assert chain.sign(version).signed_at == AFTER


def test_annulled_award_is_not_agreed_on(chain: Chain) -> None:
    award = chain.award(3_000)
    version = chain.draft(award, chain.terms(3_000))
    awarding.annul(award=award, reason="So", by=chain.alice, at=BEGIN)
    with pytest.raises(Refused, match="annulled"):
        signs(chain, version)
    with pytest.raises(Refused, match="annulled"):
        chain.draft(award, chain.terms(3_000))


def test_only_who_may_bind_a_side_signs_for_it_once(chain: Chain) -> None:
    version = chain.draft(chain.award(3_000), chain.terms(3_000))
    for acting, by in (
        (chain.city, chain.mia),
        (chain.mill, chain.dan),
        (chain.mill, chain.alice),
        (chain.firm, chain.fred),
    ):
        with pytest.raises(Refused) as refusal:
            agreeing.sign(version=version, acting=acting, by=by, at=AFTER)
        assert refusal.value.status == 403
    signs(chain, version)
    with pytest.raises(Refused, match="has signed this already"):
        signs(chain, version)


def test_who_has_no_part_neither_drafts_nor_drops(chain: Chain) -> None:
    award = chain.award(3_000)
    version = chain.draft(award, chain.terms(3_000))
    for acting, by in ((chain.firm, chain.fred), (chain.city, chain.world.bob)):
        with pytest.raises(Refused) as refusal:
            agreeing.drop(version=version, acting=acting, by=by, at=AFTER)
        assert refusal.value.status == 403
        with pytest.raises(Refused) as refusal:
            agreeing.draft(award=award, terms=chain.terms(3_000), acting=acting, by=by, at=AFTER)
        assert refusal.value.status == 403


def test_own_work_has_one_signature(chain: Chain) -> None:
    award = chain.award(3_000, to=[chain.city], kind=AwardKind.OWN)
    version = chain.draft(award, chain.terms(3_000))
    signs(chain, version, at=BEGIN)
    assert Agreement.objects.get().value == 3_000
    assert Tie.objects.count() == 0


def test_change_order_is_a_new_version_that_keeps_what_was_accepted(chain: Chain) -> None:
    agreement = chain.agree(1_000, 2_000)
    chain.accept(agreement, "M1")
    for terms, reason in (
        (Terms([Part("M2", "Other", DUE, 3_000)]), r"Of milestone M1 \$10 is accepted"),
        (chain.terms(999, 2_001), r"Of milestone M1 \$10 is accepted"),
        (chain.terms(1_000, chain.delivery.cost), "not left of the project's cost"),
    ):
        with pytest.raises(Refused, match=reason):
            chain.draft(agreement.award, terms, AFTER, reason="So")
    changed = chain.change(agreement, chain.terms(1_000, 1_500, 4_500))
    assert (changed.value, changed.accepted, chain.refresh().awarded) == (7_000, 1_000, 7_000)
    assert [one.number for one in agreement.versions.all()] == [1, 2]
    fewer = chain.change(agreement, chain.terms(1_000, 500))
    assert (fewer.value, chain.refresh().awarded) == (1_500, 1_500)
    assert list(Posting.objects.filter(kind="awarded").values_list("amount", flat=True)) == [
        3_000, 4_000, -5_500,
    ]  # fmt: skip
    assert steps(chain)[-1] == "changed"


def test_change_order_of_a_direct_award_keeps_to_the_rulebook(chain: Chain) -> None:
    rulebook = chain.world.process.rulebook
    Rulebook.objects.filter(pk=rulebook.pk).update(body={**rulebook.body, "direct_up_to": 3_000})
    agreement = chain.agree(1_000)
    with pytest.raises(Refused, match=r"at most .*30 is awarded without a call"):
        chain.change(agreement, chain.terms(1_000, 2_001))
    assert chain.change(agreement, chain.terms(1_000, 2_000)).value == 3_000
    # Less is always agreed on, whatever the limit.
    Rulebook.objects.filter(pk=rulebook.pk).update(body={**rulebook.body, "direct_up_to": 1})
    assert chain.change(agreement, chain.terms(1_000, 1_000)).value == 2_000


def test_change_order_keeps_what_was_approved_and_planned(chain: Chain) -> None:
    agreement = chain.agree(1_000, 2_000, advance=900)
    chain.pay(agreement, 900, kind=PaymentKind.ADVANCE)
    with pytest.raises(Refused, match=r"\$9 is approved"):
        chain.draft(agreement.award, chain.terms(1_000, 2_000, advance=899), AFTER, reason="So")
    chain.invoice(agreement, 1_000)
    with pytest.raises(Refused, match="planned already"):
        chain.draft(agreement.award, chain.terms(1_899, advance=900), AFTER, reason="So")
    assert chain.change(agreement, chain.terms(1_900, advance=900)).value == 1_900


def test_ended_early_frees_what_is_neither_accepted_nor_advanced(chain: Chain) -> None:
    agreement = chain.agree(1_000, 2_000, advance=500, retainage=1_000)
    chain.pay(agreement, 500, kind=PaymentKind.ADVANCE)
    with pytest.raises(Refused, match="Say why"):
        agreeing.end(agreement=agreement, reason="", by=chain.alice, at=AFTER)
    with pytest.raises(Refused) as refusal:
        agreeing.end(agreement=agreement, reason="So", by=chain.mia, at=AFTER)
    assert refusal.value.status == 403
    chain.accept(agreement, "M1", 400)
    ended = agreeing.end(agreement=agreement, reason="They left.", by=chain.alice, at=AFTER)
    assert (chain.refresh().awarded, ended.payable) == (500, -140)
    with pytest.raises(Refused, match="was ended"):
        chain.report(agreement, "M2")
    with pytest.raises(Refused, match="ended already"):
        agreeing.end(agreement=agreement, reason="So", by=chain.alice, at=AFTER)
    with pytest.raises(Refused, match="was ended"):
        chain.draft(agreement.award, chain.terms(3_000), AFTER, reason="So")
    assert Tie.objects.filter(predicate="delivers_for", until=AFTER.date()).count() == 1
    other = chain.award(chain.refresh().unawarded)
    assert other.value == chain.delivery.cost - 500


def test_unsigned_or_finished_agreement_is_not_ended(chain: Chain) -> None:
    version = chain.draft(chain.award(5), chain.terms(5))
    with pytest.raises(Refused, match="annul the award instead"):
        agreeing.end(agreement=version.agreement, reason="So", by=chain.alice, at=AFTER)
    agreement = chain.sign(version)
    chain.accept(agreement)
    with pytest.raises(Refused, match="accepted already"):
        agreeing.end(agreement=agreement, reason="So", by=chain.alice, at=AFTER)


def test_with_the_last_lot_agreed_on_the_rest_goes_back(chain: Chain) -> None:
    first, _, second, _ = called(chain, 900_000, 1_000_000, 2_900_000, 3_000_000)
    for offer, left in ((first, 3_900_000), (second, 0)):
        award = awarding.award(offer=offer, reasons="So", by=chain.alice, at=BEGIN)
        chain.sign(chain.draft(award, chain.terms(offer.price)))
        assert chain.refresh().unawarded == left
    assert chain.delivery.returned == 1_000_000
    assert steps(chain) == ["awarded", "begun", "awarded", "begun", "returned"]


def test_after_a_direct_award_the_rest_waits_for_the_officer(chain: Chain) -> None:
    chain.agree(500)
    assert chain.refresh().unawarded == chain.delivery.cost - 500
    assert Delivery.objects.get(pk=chain.delivery.pk).returned == 0


def test_release_waits_for_the_last_milestone(chain: Chain) -> None:
    agreement = chain.agree(1_000, retainage=1_000)
    with pytest.raises(Refused, match="not all accepted"):
        paying.release(agreement=agreement, by=chain.alice, at=AFTER)
