"""The sheet of a call, from which its ranking follows."""

from collections import Counter
from collections.abc import Collection
from dataclasses import dataclass
from fractions import Fraction

from django.db.models import Count, Exists, OuterRef, Q, prefetch_related_objects
from django.utils.translation import gettext as _

from interlock.methods.awarding import (
    Criterion,
    Offer,
    Part,
    Points,
    Preference,
    Ranked,
    Ranking,
    Recusal,
    Score,
    Sheet,
    faults_of,
    ranked,
    sentence,
)
from interlock.web.delivery import models
from interlock.web.delivery.models import Call
from interlock.web.delivery.queries.calls import undecided_lots
from interlock.web.delivery.rules.evaluating import Undeclared, undeclared
from interlock.web.look.amounts import precision


def to_set_aside(call: Call) -> list[Undeclared]:
    """Whose scores of which lots would be set aside if it were ranked now; of none that is decided."""
    return undeclared(call, undecided_lots(call))


def sheet_of(call: Call, found: Collection[Undeclared] = ()) -> Sheet:
    """Everything that the ranking of a call follows from, in a bounded number of queries.

    What was `found` to be set aside is, beside what was so before. The seed of its lot is made of
    what was public before anybody could read a bid: the hash of the
    terms and the digests of all sealed bids.
    """
    unit = 10 ** precision(call.currency)
    offers = (
        models.Offer.objects.filter(lot__call=call)
        .select_related("bid__lead")
        .defer("bid__draft", "bid__sealed", "bid__content")
        .prefetch_related("bid__partners__institution")
        .order_by("lot__position", "bid__lead__slug")
    )
    by_lot: dict[int, list[models.Offer]] = {}
    for offer in offers:
        by_lot.setdefault(offer.lot_id, []).append(offer)
    prefetch_related_objects([call], "lots", "criteria", "panel__recusals", "panel__conflicts")
    lots, panel = list(call.lots.all()), list(call.panel.all())
    names = names_of(panel)
    apart = {(one.panelist.pk, one.lot.pk) for one in found}
    for seat in panel:
        apart |= {(seat.pk, one.lot_id) for one in seat.conflicts.all() if one.set_aside_at}
    recusals = [
        Recusal(str(lot.position), offer.bid.lead.slug, names[seat.pk], reason)
        for lot in lots
        for offer in by_lot.get(lot.pk, [])
        for seat in panel
        if (reason := _why_apart(seat, offer, (seat.pk, lot.pk) in apart))
    ]
    return Sheet(
        str(call.title),
        call.currency,
        tuple(
            Criterion(str(one.position), str(one.name), one.weight, one.is_price)
            for one in call.criteria.all()
        ),
        tuple(
            Part(
                str(lot.position),
                str(lot.title),
                Fraction(lot.budget, unit),
                tuple(_offer(one, unit) for one in by_lot.get(lot.pk, [])),
            )
            for lot in lots
        ),
        tuple(names.values()),
        tuple(_scores(call, names, recusals)),
        tuple(recusals),
        _preference(call),
        seed_of(call),
        is_synthetic=call.issuer.is_synthetic,
    )


def ranking_of(call: Call, found: Collection[Undeclared] = ()) -> Ranking:
    """The ranking of a call that was ranked. AwardingError while something is missing."""
    return ranked(sheet_of(call, found))


def to_award(call: Call, conflicts: Collection[Undeclared] = ()) -> list[tuple[models.Offer, str]]:
    """Of each lot that is awarded to nobody yet the best offer that may be, and who bids.

    One whose award was annulled may not, and neither may one of bidders that have left; nor any of
    a lot with a conflict, which is ranked again first.
    """
    awarded = models.Award.objects.filter(annulment=None, offer__lot=OuterRef("lot"))
    gone = models.Partner.objects.filter(
        bid=OuterRef("bid"), agreed_at__isnull=False, institution__left_at__isnull=False
    )
    offers = (
        models.Offer.objects.filter(~Exists(awarded), ~Exists(gone), lot__call=call)
        .filter(lot__no_award=None, awards=None, bid__lead__left_at=None)
        .exclude(lot__in=[one.lot.pk for one in conflicts])
        .select_related("bid__lead", "lot")
        .defer("bid__draft", "bid__sealed", "bid__content")
    )
    there = {(str(one.lot.position), one.bid.lead.slug): one for one in offers}
    found = []
    for lot in ranking_of(call).lots:
        places = [(there.get((lot.part.id, one.offer.id)), one.offer.name) for one in lot.ranked]
        found += [(offer, name) for offer, name in places if offer][:1]
    return found


def missing(call: Call, found: Collection[Undeclared] = ()) -> list[str]:
    """What keeps the bids of a call from being ranked, in the reader's language.

    A sentence each; missing scores are a line a panelist, with how many are there.
    """
    sheet = sheet_of(call, found)
    faults = faults_of(sheet)
    lacking = Counter(str(one.facts["panelist"]) for one in faults if one.code == "missing")
    told = [sentence(one, _) for one in faults if one.code != "missing"]
    for panelist, number in lacking.items():
        whole = _to_give(sheet, panelist)
        told.append(
            _("%(panelist)s: %(given)s of %(whole)s scores given.")
            % {"panelist": panelist, "given": whole - number, "whole": whole}
        )
    return told


def _to_give(sheet: Sheet, panelist: str) -> int:
    """How many scores somebody of the panel gives in all."""
    recused = {(one.lot, one.offer) for one in sheet.recusals if one.panelist == panelist}
    offers = sum(
        not one.excluded and (part.id, one.id) not in recused
        for part in sheet.lots
        for one in part.offers
    )
    return offers * sum(not one.is_price for one in sheet.criteria)


@dataclass(frozen=True)
class Row:
    """An offer on a panelist's page: whether something of it is still to be scored."""

    offer: models.Offer
    is_recused: bool
    is_missing: bool


def to_score(seat: models.Panelist) -> list[Row]:
    """The offers of a call as one of its panel sees them, by lot and bidder."""
    criteria = seat.call.criteria.filter(is_price=False).count()
    offers = models.Offer.objects.filter(lot__call=seat.call, excluded_at=None)
    given = Count("scores", filter=Q(scores__panelist=seat))
    found = (
        offers.annotate(given=given)
        .select_related("bid__lead", "lot")
        .defer("bid__draft", "bid__sealed", "bid__content")
        .prefetch_related("bid__partners")
        .order_by("lot__position", "bid__lead__slug")
    )
    recused = {one.institution_id for one in seat.recusals.all()}
    apart = {one.lot_id for one in seat.conflicts.all() if one.set_aside_at}
    rows = []
    for one in found:
        is_recused = one.lot_id in apart or bool(recused & _bidders(one))
        rows.append(Row(one, is_recused, not is_recused and one.given < criteria))
    return rows


@dataclass(frozen=True)
class Line:
    """One criterion of a ranked offer: who gave how many points and why."""

    criterion: models.Criterion
    points: Points
    said: list[Score]

    @property
    def average(self) -> float:
        """Points from 0 to 10, rounded for reading."""
        return round(float(self.points.points), 2)

    @property
    def given(self) -> list[float]:
        """The panelists' own points."""
        return [float(points) for _who, points in self.points.given]

    @property
    def weighted(self) -> float:
        """Their share of the hundred, rounded for reading."""
        return round(float(self.points.weighted), 2)


@dataclass(frozen=True)
class Place:
    """A ranked offer as its page shows it; prices in minor units."""

    ranked: Ranked
    offer: models.Offer
    evaluated: Fraction
    lines: list[Line]

    @property
    def total(self) -> float:
        """Rounded for reading; what decides is exact."""
        return round(float(self.ranked.total), 2)

    @property
    def added(self) -> float:
        return round(float(self.ranked.added), 2)


@dataclass(frozen=True)
class ShownLot:
    """A lot's ranking as its page shows it."""

    lot: models.Lot
    lowest: Fraction
    places: list[Place]
    excluded: list[models.Offer]


def shown(call: Call, ranking: Ranking) -> list[ShownLot]:
    """A ranking with the rows of the site it is made of."""
    unit = 10 ** precision(call.currency)
    offers = models.Offer.objects.filter(lot__call=call).select_related("bid__lead__kind", "lot")
    offers = offers.defer("bid__draft", "bid__sealed", "bid__content")
    rows = {(str(one.lot.position), one.bid.lead.slug): one for one in offers}
    criteria = {str(one.position): one for one in call.criteria.all()}
    said: dict[tuple[str, str, str], list[Score]] = {}
    for score in ranking.sheet.scores:
        said.setdefault((score.lot, score.offer, score.criterion), []).append(score)
    lots = {str(lot.position): lot for lot in call.lots.all()}
    return [
        ShownLot(
            lots[one.part.id],
            (one.lowest or Fraction(0)) * unit,
            [
                Place(
                    ranked,
                    rows[one.part.id, ranked.offer.id],
                    ranked.evaluated * unit,
                    [
                        Line(
                            criteria[points.criterion],
                            points,
                            said.get((one.part.id, ranked.offer.id, points.criterion), []),
                        )
                        for points in ranked.points
                    ],
                )
                for ranked in one.ranked
            ],
            [rows[one.part.id, offer.id] for offer in one.excluded],
        )
        for one in ranking.lots
    ]


def seed_of(call: Call) -> str:
    """What equal offers are drawn by: known to everybody before anybody could score."""
    sealed = call.bids.filter(sealed_at__isnull=False, withdrawn_at=None)
    return "-".join([call.sha256, *sorted(sealed.values_list("digest", flat=True))])


def names_of(panel: list[models.Panelist]) -> dict[int, str]:
    """The panelists' names by their seats; two of one name are told apart by a number."""
    names: dict[int, str] = {}
    for seat in panel:
        name, number = seat.name, 2
        while name in names.values():
            name, number = f"{seat.name} ({number})", number + 1
        names[seat.pk] = name
    return names


def _offer(one: models.Offer, unit: int) -> Offer:
    names = [one.bid.lead.name, *(partner.institution.name for partner in one.bid.partners.all())]
    return Offer(
        one.bid.lead.slug,
        " + ".join(str(name) for name in names),
        Fraction(one.price, unit),
        one.bid.is_preferred,
        one.reason,
    )


def _bidders(offer: models.Offer) -> set[int]:
    return {offer.bid.lead_id, *(one.institution_id for one in offer.bid.partners.all())}


def _why_apart(seat: models.Panelist, offer: models.Offer, is_apart: bool) -> str:
    """Why a panelist does not compare an offer; "" where they do."""
    bidders = _bidders(offer)
    said = [one.reason for one in seat.recusals.all() if one.institution_id in bidders]
    if said:
        return said[0]
    if is_apart:
        return _("Set aside: a part in a bidder came to light that they had not declared.")
    return ""


def _scores(call: Call, names: dict[int, str], recusals: Collection[Recusal]) -> list[Score]:
    """What was scored, but for what is set aside: that is kept, and counts no more."""
    apart = {(one.lot, one.offer, one.panelist) for one in recusals}
    given = models.Score.objects.filter(offer__lot__call=call).order_by(
        "offer__lot__position", "offer__bid__lead__slug", "criterion__position", "panelist"
    )
    rows = given.values_list(
        "offer__lot__position",
        "offer__bid__lead__slug",
        "criterion__position",
        "panelist",
        "points",
        "sentence",
    )
    return [
        Score(str(lot), slug, str(criterion), names[panelist], Fraction(points), sentence)
        for lot, slug, criterion, panelist, points, sentence in rows
        if (str(lot), slug, names[panelist]) not in apart
    ]


def _preference(call: Call) -> Preference | None:
    if call.preference == models.Preference.NONE:
        return None
    hundredths = 100 if call.preference == models.Preference.DISCOUNT else 1
    return Preference(call.preference, Fraction(call.preference_size, hundredths))
