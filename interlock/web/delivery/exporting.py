"""What is delivered, for other programs: OCDS, 360Giving, and contracts with worker co-ops.

Only what its pages show: a call once it is published, bids once they are opened, an agreement and its
versions once they are signed. How often the database is asked does not depend on how much there is.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from datetime import date, datetime
from typing import cast
from zoneinfo import ZoneInfo

from django.conf import settings
from django.db.models import Count, Max, Prefetch, QuerySet, Sum
from django.urls import reverse
from django.utils.translation import override
from i18nfield.strings import LazyI18nString

from interlock.methods.formats import coop_contracts, ocds, register, threesixty
from interlock.methods.formats.amounts import decimal_text
from interlock.methods.formats.coop_contracts import Fact, Side
from interlock.web.budgets.models import Allocation, Process
from interlock.web.delivery.models import (
    Acceptance,
    Agreement,
    Award,
    AwardKind,
    Bid,
    Call,
    Criterion,
    Delivery,
    Lot,
    Partner,
    Payment,
    Posting,
    PostingKind,
    Preference,
    Step,
    Supplier,
    Version,
)
from interlock.web.delivery.rules.awarding import in_proportion
from interlock.web.institutions.models import Institution, Kind
from interlock.web.institutions.records import one_language
from interlock.web.look.amounts import precision
from interlock.web.record.wording import words


def contractings(process: Process) -> Iterator[ocds.Contracting]:
    """Each funded project as a contracting process."""
    writing = _Writing(process)
    for delivery in _deliveries(process):
        yield writing.contracting(delivery)


def publisher(process: Process, page: str) -> ocds.Publisher:
    """Who publishes a package, with the moment at which what it holds last changed."""
    found = Step.objects.filter(delivery__project__process=process)
    last = found.aggregate(last=Max("at"))["last"]
    return ocds.Publisher(
        one_language(process.institution.name),
        _address(process.institution.get_absolute_url()),
        _address(page),
        last or process.published_at or process.created_at,
    )


def grants(process: Process) -> list[threesixty.Grant]:
    """Awards that are grants and stand, in the order in which they were given."""
    found = Award.objects.filter(
        delivery__project__process=process, kind=AwardKind.GRANT, annulment=None
    )
    paid = dict(
        Posting.objects.filter(
            kind=PostingKind.PAID,
            delivery__project__process=process,
            agreement__award__kind=AwardKind.GRANT,
        )
        .values_list("agreement__award")
        .annotate(sum=Sum("amount"))
    )
    # With what change orders added or took.
    granted = dict(
        Posting.objects.filter(kind=PostingKind.AWARDED, award__in=found)
        .values_list("award")
        .annotate(sum=Sum("amount"))
    )
    digits = precision(process.currency)
    zone = ZoneInfo(process.zone)
    told = found.select_related("delivery__project", "delivery__responsible").prefetch_related(
        _suppliers(), "delivery__responsible__identifiers"
    )
    return [
        threesixty.Grant(
            id=f"{settings.INTERLOCK_360G_PREFIX}-{award.pk}",
            title=one_language(award.delivery.project.title),
            description=one_language(award.scope) or one_language(award.reasons),
            currency=process.currency,
            decimals=digits,
            awarded=granted[award.pk],
            disbursed=paid.get(award.pk, 0),
            on=award.awarded_at.astimezone(zone).date(),
            recipients=[_giver(one.institution) for one in award.suppliers.all()],
            funders=[_giver(award.delivery.responsible)],
            programme=one_language(process.title),
            url=_address(_page(process, award.delivery)),
            modified=award.awarded_at,
            is_synthetic=process.is_synthetic,
        )
        for award in told.order_by("awarded_at", "pk")
    ]


def coop_years(begins: int = coop_contracts.JULY) -> list[coop_contracts.Year]:
    """Contracts, bids, awards and payments of all processes by fiscal year, co-ops beside all."""
    return coop_contracts.report(_facts(), begins=begins)


def _facts() -> Iterator[Fact]:
    """Grants and what a body does itself are no contracts."""
    contract = {"kind__in": [AwardKind.CALL, AwardKind.DIRECT]}
    awards = (
        Award.objects.filter(annulment=None, **contract)
        .select_related("delivery__project__process__institution", "agreement")
        .prefetch_related(_suppliers(full=False))
    )
    for award in awards:
        process = award.delivery.project.process
        sides = [_side(one.institution) for one in award.suppliers.all()]
        yield _fact("award", award.awarded_at, award.value, process, sides)
        agreement = getattr(award, "agreement", None)
        if agreement and agreement.signed_at:
            yield _fact("contract", agreement.signed_at, agreement.value, process, sides)
    bids = (
        Bid.objects.filter(content__isnull=False, withdrawn_at=None)
        .select_related("call__delivery__project__process__institution", "lead")
        .prefetch_related(_partners(full=False))
        .defer("draft", "sealed", "content")
    )
    for bid in bids:
        if bid.call.opened_at and bid.call.delivery:
            sides = [_side(one) for one in _bidders(bid)]
            yield _fact("bid", bid.call.opened_at, 0, bid.call.delivery.project.process, sides)
    postings = Posting.objects.filter(
        kind=PostingKind.PAID, agreement__award__kind__in=contract["kind__in"]
    ).select_related("payment__payee", "delivery__project__process__institution")
    for posting in postings:
        payment = cast(Payment, posting.payment)
        day = posting.at if posting.reverses_id else cast(date, payment.paid_on)
        process = posting.delivery.project.process
        yield _fact("payment", day, posting.amount, process, [_side(payment.payee)])


def _fact(
    kind: coop_contracts.Kind, on: date, amount: int, process: Process, sides: Sequence[Side]
) -> Fact:
    day = on.astimezone(ZoneInfo(process.zone)).date() if isinstance(on, datetime) else on
    digits, mark = precision(process.currency), process.is_synthetic
    return Fact(kind, day, amount, process.currency, digits, sides, mark)


def _side(one: Institution) -> Side:
    return Side(one.slug, one.kind_id == Kind.WORKER_COOP)


# Rows of the database, read once for all that is written.


def _deliveries(process: Process) -> QuerySet[Delivery]:
    signed = Agreement.objects.filter(signed_at__isnull=False).select_related("payer")
    agreements = signed.prefetch_related(
        Prefetch(
            "versions",
            Version.objects.filter(in_force_at__isnull=False).prefetch_related("milestones"),
        ),
        Prefetch(
            "payments",
            Payment.objects.filter(paid_at__isnull=False)
            .order_by("pk")
            .select_related("payee")
            .prefetch_related("payee__identifiers"),
        ),
        "payer__identifiers",
    )
    awards = Award.objects.select_related("annulment", "offer").prefetch_related(
        _suppliers(), Prefetch("agreement", agreements)
    )
    bids = (
        Bid.objects.filter(content__isnull=False, withdrawn_at=None)
        .select_related("lead")
        .defer("draft", "sealed", "content")
        .prefetch_related("lead__identifiers", _partners(), "offers")
    )
    calls = (
        Call.objects.filter(published_at__isnull=False)
        .annotate(asked=Count("questions"))
        .order_by("published_at", "pk")
        .prefetch_related(
            Prefetch("lots", Lot.objects.select_related("no_award")),
            "criteria",
            Prefetch("bids", bids),
            "issuer__identifiers",
        )
    )
    return (
        Delivery.objects.filter(project__process=process)
        .select_related("project__area", "responsible")
        .order_by("pk")
        .prefetch_related(
            "responsible__identifiers", Prefetch("calls", calls), Prefetch("awards", awards)
        )
    )


def _suppliers(*, full: bool = True) -> Prefetch[str, QuerySet[Supplier], str]:
    found = Supplier.objects.select_related("institution").order_by("position")
    if full:
        found = found.prefetch_related("institution__identifiers")
    return Prefetch("suppliers", found)


def _partners(*, full: bool = True) -> Prefetch[str, QuerySet[Partner], str]:
    found = Partner.objects.filter(agreed_at__isnull=False).select_related("institution")
    if full:
        found = found.prefetch_related("institution__identifiers")
    return Prefetch("partners", found)


def _bidders(bid: Bid) -> list[Institution]:
    return [bid.lead, *(one.institution for one in bid.partners.all())]


class _Writing:
    """The words and pots of one process, in which each of its deliveries is told."""

    def __init__(self, process: Process) -> None:
        self.process = process
        self.language = settings.LANGUAGE_CODE
        self.parties: dict[int, ocds.Party] = {}
        self.accepted: dict[int, list[ocds.Acceptance]] = {}
        answers = Acceptance.objects.filter(
            report__agreement__award__delivery__project__process=process
        ).select_related("report")
        for one in answers:
            status = cast("ocds.contracting.Status", one.outcome)
            told = ocds.Acceptance(one.report.code, one.at, status)
            self.accepted.setdefault(one.report.agreement_id, []).append(told)
        given = Allocation.objects.filter(area__process=process).order_by("pot")
        self.given: dict[int, list[Allocation]] = {}
        for allocation in given.select_related("pot__source").prefetch_related(
            "pot__source__identifiers"
        ):
            self.given.setdefault(allocation.area_id, []).append(allocation)

    def text(self, text: LazyI18nString | str) -> dict[str, str]:
        said = words(text)
        return said if isinstance(said, dict) else {self.language: said}

    def party(self, one: Institution) -> ocds.Party:
        if one.pk not in self.parties:
            numbers = tuple(
                register.Identifier(number.scheme, number.value) for number in one.identifiers.all()
            )
            self.parties[one.pk] = ocds.Party(
                id=str(numbers[0]) if numbers else f"{settings.INTERLOCK_OCID_PREFIX}-{one.slug}",
                name=one_language(one.name),
                identifiers=numbers,
                address=register.Address(
                    one.street, one.place, one.region, one.postcode, one.country
                ),
                url=_address(one.get_absolute_url()),
                kind=one.kind_id,
                is_synthetic=one.is_synthetic,
            )
        return self.parties[one.pk]

    def contracting(self, delivery: Delivery) -> ocds.Contracting:
        project = delivery.project
        return ocds.Contracting(
            ocid=f"{settings.INTERLOCK_OCID_PREFIX}-{self.process.slug}-{project.ref}",
            title=self.text(project.title),
            text=self.text(project.description),
            uri=_address(_page(self.process, delivery)),
            currency=self.process.currency,
            decimals=precision(self.process.currency),
            language=self.language,
            recorded=delivery.recorded_at,
            buyer=self.party(delivery.responsible),
            cost=delivery.cost,
            pots=self._pots(delivery),
            process=self.text(self.process.title),
            calls=[self._call(call) for call in delivery.calls.all()],
            awards=[self._award(award) for award in delivery.awards.all()],
            contracts=[
                self._contract(award, award.agreement)
                for award in delivery.awards.all()
                if hasattr(award, "agreement")
            ],
        )

    def _pots(self, delivery: Delivery) -> list[ocds.Pot]:
        """What each pot pays, in proportion to what it gave to the project's area."""
        given = self.given.get(delivery.project.area_id, [])
        if not given:
            return []
        parts = in_proportion(delivery.cost, [one.amount for one in given])
        return [
            ocds.Pot(f"pot-{one.pot_id}", self.text(one.pot.name), self.party(one.pot.source), part)
            for one, part in zip(given, parts, strict=True)
        ]

    def _call(self, call: Call) -> ocds.Call:
        lots = list(call.lots.all())
        return ocds.Call(
            id=f"call-{call.pk}",
            title=self.text(call.title),
            text=self.text(call.scope),
            issuer=self.party(call.issuer),
            value=sum(lot.budget for lot in lots),
            published=cast(datetime, call.published_at),
            closes=call.closes_at,
            questions_until=call.questions_until,
            closed=call.closed_at,
            opened=call.opened_at,
            cancelled=call.cancelled_at,
            cancelled_for=self.text(call.cancelled_for),
            has_questions=bool(getattr(call, "asked", 0)),
            preference=self._preference(call),
            lots=[self._lot(lot) for lot in lots],
            criteria=[self._criterion(one) for one in call.criteria.all()],
            bids=[self._bid(bid) for bid in call.bids.all()],
        )

    def _preference(self, call: Call) -> dict[str, str]:
        """How worker co-ops are preferred, and by what law, in each language of the site."""
        if not call.preference_size:
            return {}
        found = {}
        for code, _name in settings.LANGUAGES:
            with override(code):
                size = call.preference_size
                if call.preference == Preference.DISCOUNT:
                    size_text = f"{decimal_text(size, unit=100)}%"
                else:
                    size_text = str(size)
                found[code] = f"{call.get_preference_display()}: {size_text}. {call.legal_basis}"
        return found

    def _lot(self, lot: Lot) -> ocds.Lot:
        nobody = getattr(lot, "no_award", None)
        return ocds.Lot(
            f"lot-{lot.pk}",
            self.text(lot.title),
            self.text(lot.scope),
            lot.budget,
            nobody.at if nobody else None,
        )

    def _criterion(self, one: Criterion) -> ocds.Criterion:
        return ocds.Criterion(
            self.text(one.name), one.weight, self.text(one.text), is_price=one.is_price
        )

    def _bid(self, bid: Bid) -> ocds.Bid:
        return ocds.Bid(
            f"bid-{bid.ref}",
            [self.party(one) for one in _bidders(bid)],
            [
                ocds.Offer(f"lot-{one.lot_id}", one.price, is_excluded=bool(one.excluded_at))
                for one in bid.offers.all()
            ],
            bid.sealed_at,
        )

    def _award(self, award: Award) -> ocds.Award:
        after_call = award.kind == AwardKind.CALL and award.offer is not None
        annulment = getattr(award, "annulment", None)
        return ocds.Award(
            id=f"award-{award.pk}",
            at=award.awarded_at,
            value=award.value,
            suppliers=[self.party(one.institution) for one in award.suppliers.all()],
            reasons=self.text(award.reasons),
            title=self.text(award.scope),
            kind=award.kind,
            method="open" if after_call else "direct",
            lot=f"lot-{award.offer.lot_id}" if award.offer else "",
            bid=f"bid-{award.offer.bid_id}" if award.offer else "",
            annulled=annulment.at if annulment else None,
        )

    def _contract(self, award: Award, agreement: Agreement) -> ocds.Contract:
        payer = self.party(agreement.payer)
        return ocds.Contract(
            id=f"agreement-{agreement.pk}",
            award=f"award-{award.pk}",
            payer=payer,
            terms=[self._terms(version) for version in agreement.versions.all()],
            acceptances=self.accepted.get(agreement.pk, []),
            transactions=[
                told
                for payment in agreement.payments.all()
                for told in self._transactions(payment, payer)
            ],
            ended=agreement.ended_at,
        )

    def _terms(self, version: Version) -> ocds.Amendment:
        return ocds.Amendment(
            version.number,
            cast(datetime, version.in_force_at),
            version.value,
            [
                ocds.Milestone(one.code, self.text(one.title), one.due_on, one.amount)
                for one in version.milestones.all()
            ],
            self.text(version.reason),
        )

    def _transactions(self, payment: Payment, payer: ocds.Party) -> Iterator[ocds.Transaction]:
        """A payment; and the same amount back, beside it, where it was taken back."""
        payee = self.party(payment.payee)
        at, day = cast(datetime, payment.paid_at), cast(date, payment.paid_on)
        told = f"payment-{payment.pk}"
        yield ocds.Transaction(told, at, day, payment.amount, payer, payee)
        if back := payment.reversed_at:
            on = back.astimezone(ZoneInfo(self.process.zone)).date()
            yield ocds.Transaction(f"{told}-back", back, on, -payment.amount, payer, payee)


def _giver(one: Institution) -> threesixty.Organization:
    number = next(iter(one.identifiers.all()), None)
    own = f"{settings.INTERLOCK_360G_PREFIX}-ORG:{one.slug}"
    return threesixty.Organization(str(number) if number else own, one_language(one.name))


def _page(process: Process, delivery: Delivery) -> str:
    return reverse("delivery:delivery", args=[process.slug, delivery.project.ref])


def _address(path: str) -> str:
    return f"{settings.INTERLOCK_ORIGIN}{path}"


def is_on_record(process: Process) -> bool:
    return Delivery.objects.filter(project__process=process).exists()
