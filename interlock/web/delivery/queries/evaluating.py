"""The sheet of a call, from which its ranking follows."""

from fractions import Fraction

from interlock.methods.awarding import (
    Criterion,
    Offer,
    Part,
    Preference,
    Ranking,
    Recusal,
    Score,
    Sheet,
    ranked,
)
from interlock.web.delivery import models
from interlock.web.delivery.models import Call
from interlock.web.look.amounts import precision


def sheet_of(call: Call) -> Sheet:
    """Everything that the ranking of a call follows from, in a bounded number of queries.

    The seed of its lot is made of what was public before anybody could read a bid: the hash of the
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
    lots = list(call.lots.all())
    panel = list(call.panel.prefetch_related("recusals"))
    names = names_of(panel)
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
        tuple(_scores(call, names)),
        tuple(
            Recusal(str(lot.position), offer.bid.lead.slug, names[seat.pk], recusal.reason)
            for lot in lots
            for offer in by_lot.get(lot.pk, [])
            for seat in panel
            for recusal in seat.recusals.all()
            if recusal.institution_id in _bidders(offer)
        ),
        _preference(call),
        seed_of(call),
    )


def ranking_of(call: Call) -> Ranking:
    """The ranking of a call that was ranked. AwardingError while something is missing."""
    return ranked(sheet_of(call))


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


def _scores(call: Call, names: dict[int, str]) -> list[Score]:
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
    ]


def _preference(call: Call) -> Preference | None:
    if call.preference == models.Preference.NONE:
        return None
    hundredths = 100 if call.preference == models.Preference.DISCOUNT else 1
    return Preference(call.preference, Fraction(call.preference_size, hundredths))
