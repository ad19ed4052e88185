"""From a funded project to its last payment."""

from interlock.web.delivery.actions import finishing, paying
from interlock.web.delivery.models import Payment, PaymentKind, Posting, Stage
from interlock.web.record.models import Entry
from interlock.web.record.wording import sentence
from interlock.web.ties.models import Tie
from tests.web.delivery.chain import AFTER, Chain


def test_project_is_funded_awarded_agreed_accepted_and_paid(chain: Chain) -> None:
    cost = chain.delivery.cost
    assert chain.delivery.stage == Stage.PREPARING
    award = chain.award(4_000_000)
    assert chain.refresh().stage == Stage.AWARDED
    terms = chain.terms(1_500_000, 2_500_000, advance=500_000, retainage=1_000)
    agreement = chain.sign(chain.draft(award, terms))
    assert chain.refresh().stage == Stage.UNDER_WAY
    chain.pay(agreement, 500_000, kind=PaymentKind.ADVANCE)
    chain.accept(agreement, "M1")
    agreement.refresh_from_db()
    assert (agreement.accepted, agreement.held_back, agreement.payable) == (
        1_500_000, 150_000, 850_000,
    )  # fmt: skip
    chain.pay(agreement, 850_000)
    chain.accept(agreement, "M2")
    agreement.refresh_from_db()
    chain.pay(agreement, agreement.payable, code="M2")
    paying.release(agreement=agreement, by=chain.alice, at=AFTER)
    last = chain.pay(agreement, 400_000, kind=PaymentKind.RETAINAGE)
    paying.confirm_receipt(
        payment=last, amount=400_000, received_on=AFTER.date(), by=chain.dan, at=AFTER
    )
    agreement.refresh_from_db()
    assert agreement.paid == agreement.approved == agreement.accepted == agreement.value
    finishing.finish(delivery=chain.delivery, by=chain.alice, at=AFTER)
    done = chain.refresh()
    assert (done.stage, done.awarded, done.returned) == (Stage.DONE, 4_000_000, cost - 4_000_000)
    assert Payment.objects.filter(paid_at=None).count() == 0
    assert sum(Posting.objects.filter(kind="paid").values_list("amount", flat=True)) == 4_000_000
    told = [sentence(one) for one in Entry.objects.filter(subject=f"delivery/{done.pk}")]
    assert told[-1] == "“Tool library”: $40,000 was awarded to Mill."
    assert not [one for one in told if one.startswith("delivery.")]
    assert [(one.subject.slug, one.predicate, one.object.slug) for one in Tie.objects.all()] == [
        ("city-of-riverbend", "buys_from", "mill"),
        ("mill", "delivers_for", "city-of-riverbend"),
    ]
