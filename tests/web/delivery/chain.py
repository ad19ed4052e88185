"""The chain from a funded project to its last payment, made by the verbs, as far as a test wants it.

Riverbend's result is published: the night bus, the tool library … are funded. The Mill is a worker
co-op of Mia's (Dan is its delegate), Brick & Sons a firm of Fred's. Alice is the officer.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Any

from interlock.web.delivery.actions import agreeing, awarding, paying
from interlock.web.delivery.actions.agreeing import Part, Terms
from interlock.web.delivery.models import (
    Agreement,
    Award,
    AwardKind,
    Bid,
    Call,
    Criterion,
    Delivery,
    Lot,
    Offer,
    Outcome,
    Payment,
    PaymentKind,
    Report,
    Version,
)
from interlock.web.institutions.actions import give_role, register
from interlock.web.institutions.models import Institution, Kind, Role
from interlock.web.people.models import Person
from tests.world import CLOSE, DOLLARS, World, both, make_world

HOUR = timedelta(hours=1)
DAY = timedelta(days=1)
#: When the result is out, and all begins.
BEGIN = CLOSE + DAY
#: When the days for complaints of an award of that day are over.
AFTER = BEGIN + awarding.STANDSTILL * DAY
DUE = date(2027, 12, 1)
#: So many voters fund two projects; each ballot takes its time.
FEW = 4


@dataclass
class Chain:
    """A published town, and one delivery of it."""

    world: World
    delivery: Delivery
    mill: Institution
    mia: Person
    dan: Person
    firm: Institution
    fred: Person

    @property
    def alice(self) -> Person:
        return self.world.alice

    @property
    def city(self) -> Institution:
        return self.world.city

    def refresh(self) -> Delivery:
        self.delivery = Delivery.objects.select_related("project__process", "responsible").get(
            pk=self.delivery.pk
        )
        return self.delivery

    def award(
        self,
        value: int | None = None,
        *,
        to: Sequence[Institution] | None = None,
        kind: AwardKind = AwardKind.DIRECT,
        at: datetime = BEGIN,
        **said: Any,
    ) -> Award:
        """Award the whole of what is left, or so much of it, to the Mill."""
        return awarding.award_directly(
            delivery=self.delivery,
            kind=kind,
            suppliers=[self.mill] if to is None else to,
            value=self.refresh().unawarded if value is None else value,
            reasons=both("Below the limit for calls.", "Por debajo del límite."),
            by=self.alice,
            at=at,
            **said,
        )

    def terms(self, *amounts: int, advance: int = 0, retainage: int = 0) -> Terms:
        """Milestones of these amounts: M1, M2 …, a month apart."""
        parts = [
            Part(f"M{n}", both(f"Part {n}", f"Parte {n}"), DUE + n * 30 * DAY, amount)
            for n, amount in enumerate(amounts, 1)
        ]
        return Terms(parts, advance, retainage)

    def draft(self, award: Award, terms: Terms, at: datetime = BEGIN, **said: Any) -> Version:
        return agreeing.draft(
            award=award, terms=terms, acting=self.city, by=self.alice, at=at, **said
        )

    def sign(self, version: Version, at: datetime = AFTER) -> Agreement:
        """Both sides."""
        agreeing.sign(version=version, acting=self.city, by=self.alice, at=at)
        agreeing.sign(version=version, acting=self.mill, by=self.mia, at=at)
        return Agreement.objects.get(pk=version.agreement_id)

    def agree(self, *amounts: int, advance: int = 0, retainage: int = 0) -> Agreement:
        """Awarded to the Mill and signed by both: milestones of these amounts."""
        award = self.award(sum(amounts))
        return self.sign(
            self.draft(award, self.terms(*amounts, advance=advance, retainage=retainage))
        )

    def change(self, agreement: Agreement, terms: Terms, at: datetime = AFTER) -> Agreement:
        reason = both("The ground is wet.", "El suelo está mojado.")
        return self.sign(self.draft(agreement.award, terms, at, reason=reason), at)

    def report(self, agreement: Agreement, code: str = "M1", at: datetime = AFTER) -> Report:
        return paying.report(
            agreement=agreement,
            code=code,
            text=both("The shelves stand.", "Los estantes están."),
            acting=self.mill,
            by=self.mia,
            at=at,
        )

    def accept(
        self,
        agreement: Agreement,
        code: str = "M1",
        amount: int | None = None,
        at: datetime = AFTER,
    ) -> None:
        """Reported and accepted, whole or as far as this amount goes."""
        paying.accept(
            report=self.report(agreement, code, at),
            outcome=Outcome.MET if amount is None else Outcome.PARTIALLY_MET,
            amount=amount,
            reason="" if amount is None else both("The rest is missing.", "Falta el resto."),
            by=self.alice,
            at=at,
        )

    def invoice(
        self,
        agreement: Agreement,
        amount: int,
        kind: PaymentKind = PaymentKind.MILESTONE,
        code: str = "M1",
        at: datetime = AFTER,
    ) -> Payment:
        """Planned by the city, invoiced by the Mill."""
        planned = paying.plan_payment(
            agreement=agreement,
            kind=kind,
            amount=amount,
            payee=self.mill,
            code=code if kind == PaymentKind.MILESTONE else "",
            by=self.alice,
            at=at,
        )
        return paying.invoice(payment=planned, number="7", by=self.mia, at=at)

    def pay(self, agreement: Agreement, amount: int, **said: Any) -> Payment:
        """Planned, invoiced, approved and paid."""
        payment = self.invoice(agreement, amount, **said)
        at = said.get("at", AFTER)
        paying.approve(payment=payment, by=self.alice, at=at)
        return paying.pay(payment=payment, paid_on=at.date(), by=self.alice, at=at)


def called(
    chain: Chain, *prices: int, by: Sequence[Institution] = (), is_ranked: bool = True
) -> list[Offer]:
    """The offers of a call that is closed, opened and ranked: a lot for each two prices, the first
    of the Mill, the second of the firm."""
    at = BEGIN
    call = Call.objects.create(
        issuer=chain.city,
        delivery=chain.delivery,
        title=both("Shelves", "Estantes"),
        scope=both("Build them.", "Constrúyanlos."),
        closes_at=at,
        drafted_at=at,
        published_at=at,
        closed_at=at,
        opened_at=at,
        ranked_at=at if is_ranked else None,
        sha256="0" * 64,
        seal_key="0" * 64,
        standstill_days=awarding.STANDSTILL,
    )
    Criterion.objects.create(call=call, position=1, name="Price", weight=100, is_price=True)
    bids = [
        Bid.objects.create(
            call=call, lead=lead, sealed=b"-", digest="0" * 64, sealed_at=at, content={}
        )
        for lead in by or (chain.mill, chain.firm)
    ]
    offers = []
    for position, pair in enumerate(zip(prices[::2], prices[1::2], strict=True)):
        lot = Lot.objects.create(
            call=call, position=position, title=f"Lot {position + 1}", budget=max(pair)
        )
        offers += [
            Offer.objects.create(bid=bid, lot=lot, price=price)
            for bid, price in zip(bids, pair, strict=True)
        ]
    return offers


def new_chain(project: str = "3", world: World | None = None) -> Chain:
    """The delivery of a project of a town whose result is published, the tool library if none is
    named."""
    world = world or make_world(letters=FEW)
    if world.process.published_at is None:
        world.open().cast_many(FEW).close().count().publish()
    mia, dan, fred = (
        Person.objects.by_email(f"{name}@example.org") for name in ("mia", "dan", "fred")
    )
    mill = register(
        name=both("Mill", "Molino"), kind=Kind.WORKER_COOP, at=CLOSE, steward=mia,
        email="mill@example.org",
    )  # fmt: skip
    give_role(institution=mill, person=dan, role=Role.DELEGATE, by=mia, at=CLOSE)
    firm = register(name=both("Brick & Sons", "Ladrillo"), kind="firm", at=CLOSE, steward=fred)
    delivery = Delivery.objects.select_related("project__process", "responsible").get(
        project__process=world.process, project__ref=project
    )
    return Chain(world, delivery, mill, mia, dan, firm, fred)


__all__ = [
    "AFTER",
    "BEGIN",
    "DAY",
    "DOLLARS",
    "DUE",
    "HOUR",
    "Chain",
    "Part",
    "Terms",
    "called",
    "new_chain",
]
