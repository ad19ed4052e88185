"""The verbs of the panel: name it, declare, score, exclude, rank; and to award nothing."""

from collections.abc import Mapping
from datetime import datetime

from django.db import transaction
from django.db.models import Q
from django.utils.translation import gettext as _

from interlock.methods.awarding import Ranking
from interlock.web.delivery.actions import stories
from interlock.web.delivery.actions.calls import held_by, hold, mail, note
from interlock.web.delivery.actions.stories import Words
from interlock.web.delivery.models import (
    Call,
    Conflict,
    Criterion,
    Lot,
    NoAward,
    Offer,
    Panelist,
    Recusal,
    Score,
    StepKind,
)
from interlock.web.delivery.queries.evaluating import missing, ranking_of, to_set_aside
from interlock.web.delivery.rules import evaluating as rules
from interlock.web.institutions.models import Institution
from interlock.web.look.refusals import Refused
from interlock.web.people.models import Person
from interlock.web.record.wording import words

#: So many missing scores are told at once.
MOST_TOLD = 5


@transaction.atomic
def name_panelist(*, call: Call, person: Person, name: str, by: Person, at: datetime) -> Panelist:
    """Name somebody who compares the bids. The public reads the name, and when it was named."""
    held = held_by(call, by)
    if reason := rules.why_bidding(held, by):
        raise Refused(reason, status=403)
    if reason := rules.why_not_name(held, person):
        raise Refused(reason)
    made = Panelist.objects.create(call=held, person=person, name=name, named_at=at)
    note("panelist", held, at, by, facts={"panelist": name})
    mail("panelist", [person.email], held, at, panelist=made)
    return made


@transaction.atomic
def drop_panelist(*, panelist: Panelist, by: Person, at: datetime) -> None:
    """Take somebody off the panel who has not scored yet; the record keeps that they were on it."""
    held = held_by(panelist.call, by)
    panelist.call = held
    if reason := rules.why_bidding(held, by):
        raise Refused(reason, status=403)
    if reason := rules.why_not_drop(panelist):
        raise Refused(reason)
    note("panelist_gone", held, at, by, facts={"panelist": panelist.name})
    panelist.delete()


@transaction.atomic
def declare(
    *, panelist: Panelist, by: Person, at: datetime, conflicts: Mapping[Institution, str]
) -> Panelist:
    """A panelist says with whom of the bidders they have a conflict, and why; or that with nobody.

    They read no bid before, and never the bid of one they named. What they learn later they add, as
    long as nothing is ranked; what they had scored of that bid goes.
    """
    held = _own_seat(panelist, by)
    if reason := rules.why_not_declare(held):
        raise Refused(reason)
    if reason := rules.why_not_conflicts(held, conflicts):
        raise Refused(reason, status=422)
    known = set(held.recusals.values_list("institution", flat=True))
    Recusal.objects.bulk_create(
        Recusal(panelist=held, institution=one, reason=reason, at=at)
        for one, reason in conflicts.items()
        if one.pk not in known
    )
    theirs = Q(offer__bid__lead__in=conflicts) | Q(offer__bid__partners__institution__in=conflicts)
    Score.objects.filter(pk__in=held.scores.filter(theirs).values("pk")).delete()
    if held.declared_at is None:
        held.declared_at = at
        held.save(update_fields=["declared_at"])
    return held


@transaction.atomic
def score(
    *,
    panelist: Panelist,
    offer: Offer,
    by: Person,
    at: datetime,
    given: Mapping[Criterion, tuple[int, str]],
) -> list[Score]:
    """Points from 0 to 10 and a sentence for each of these criteria, in place of earlier ones."""
    held = _own_seat(panelist, by)
    stored = Offer.objects.select_related("bid", "lot").get(pk=offer.pk, lot__call=held.call)
    if reason := rules.why_not_score(held, stored):
        raise Refused(reason)
    made = []
    for criterion, (points, why) in given.items():
        if criterion.call_id != held.call_id or criterion.is_price:
            raise Refused(_("The price is compared by arithmetic."))
        if reason := rules.why_not_points(points, why):
            raise Refused(reason, status=422)
        made.append(
            Score.objects.update_or_create(
                panelist=held,
                offer=stored,
                criterion=criterion,
                defaults={"points": points, "sentence": why.strip(), "at": at},
            )[0]
        )
    return made


@transaction.atomic
def exclude(*, offer: Offer, reason: str, by: Person, at: datetime) -> Offer:
    """Leave an offer out of the ranking, with the reason, in public."""
    call = held_by(offer.lot.call, by)
    stored = Offer.objects.select_related("lot", "bid__lead").get(pk=offer.pk)
    stored.lot.call = call
    if refusal := rules.why_bidding(call, by):
        raise Refused(refusal, status=403)
    if refusal := rules.why_not_exclude(stored):
        raise Refused(refusal)
    if not reason.strip():
        raise Refused(_("Say why it is excluded."), status=422)
    stored.excluded_at, stored.excluded_for = at, reason.strip()
    stored.save(update_fields=["excluded_at", "excluded_for"])
    note(
        "excluded",
        call,
        at,
        by,
        facts={"bidder": words(stored.bid.lead.name), "reason": reason.strip()},
    )
    return stored


@transaction.atomic
def rank(*, call: Call, by: Person, at: datetime) -> Ranking:
    """End the comparing: no score changes from now on, and all of them are public.

    Who of the panel turns out to have a part in a bidder, and has not declared it, does not count
    for its lot: not for the bids of its rivals either. Where that comes to light after the ranking
    and before the award, it is ranked again without them, from the scores that there are.
    """
    held = held_by(call, by)
    found = to_set_aside(held)
    is_again = held.ranked_at is not None
    if reason := rules.why_not_rank(held, bool(found)):
        raise Refused(reason)
    for panelist, lot in found:
        Conflict.objects.update_or_create(
            panelist=panelist,
            lot=lot,
            defaults={"set_aside_at": at},
            create_defaults={"found_at": at, "set_aside_at": at},
        )
        _note_conflict("set_aside", held, panelist, lot, at, by)
    if faults := missing(held, found):
        if is_again:
            raise Refused(
                _("Without them nobody of the panel is left who scored each of the bids."),
                _(
                    "Award that lot to nobody, with this as the reason, and call for bids again. Who "
                    "joined the panel now would know what the others gave."
                ),
            )
        raise Refused(" ".join(faults[:MOST_TOLD]), _("Then rank again."))
    made = ranking_of(held, found)
    if not is_again:
        held.ranked_at = at
        held.save(update_fields=["ranked_at"])
    offers = sum(len(lot.ranked) for lot in made.lots)
    note("ranked_again" if is_again else "ranked", held, at, by, facts={"number": offers})
    return made


def note_conflicts_after_award(*, lot: Lot, at: datetime) -> None:
    """Say on the record, once each, who of the panel turned out to have a part in a bidder of a lot
    that was awarded. The award stands: what follows from it is for people to say."""
    for panelist, of in rules.undeclared(lot.call, Lot.objects.filter(pk=lot.pk)):
        made, is_new = Conflict.objects.get_or_create(
            panelist=panelist, lot=of, defaults={"found_at": at}
        )
        if is_new:
            _note_conflict("conflict_after", lot.call, made.panelist, of, at)


def _note_conflict(
    what: str, call: Call, panelist: Panelist, lot: Lot, at: datetime, by: Person | None = None
) -> None:
    """Who, and of which lot; in which bidder they have what part is nobody's business."""
    note(what, call, at, by, facts={"panelist": panelist.name, "lot": words(lot.title)})


@transaction.atomic
def decide_no_award(*, lot: Lot, reason: Words, by: Person, at: datetime) -> NoAward:
    """Nobody gets this lot, and why. Its delivery is held first, as by who awards it."""
    assert lot.call.delivery
    delivery = stories.hold(lot.call.delivery)
    call = held_by(lot.call, by)
    if refusal := rules.why_bidding(call, by):
        raise Refused(refusal, status=403)
    stored = Lot.objects.get(pk=lot.pk)
    stored.call = call
    if refusal := rules.why_not_no_award(stored):
        raise Refused(refusal)
    if not str(reason).strip():
        raise Refused(_("Say why nobody gets it."), status=422)
    made = NoAward.objects.create(lot=stored, reason=reason, at=at)
    stories.stop_looking(delivery)
    facts = {
        "call": f"call/{call.pk}",
        "lot": words(stored.title),
        "reason": words(reason),
    }
    stories.tell(delivery, StepKind.NO_AWARD, at, by, facts=facts, text=reason, about=stored.title)
    return made


def _own_seat(panelist: Panelist, by: Person) -> Panelist:
    """The seat as it is stored, its call held: nobody scores while it is being ranked."""
    call = hold(panelist.call)
    stored = Panelist.objects.select_for_update(of=("self",)).get(pk=panelist.pk)
    stored.call = call
    if stored.person_id != by.pk:
        raise Refused(_("Everybody on the panel speaks for themselves."), status=403)
    return stored
