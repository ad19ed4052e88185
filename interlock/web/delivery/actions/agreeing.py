"""The verbs of agreements: drafted, signed by both, changed by a new version, ended early."""

from datetime import datetime

from django.db import transaction
from django.utils.functional import Promise
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from interlock.web.delivery.actions.awarding import return_money
from interlock.web.delivery.actions.evaluating import note_conflicts_after_award
from interlock.web.delivery.actions.stories import Words, ask, held_by, hold, note, tell, witness_of
from interlock.web.delivery.models import (
    Agreement,
    Award,
    AwardKind,
    Delivery,
    Milestone,
    Posting,
    PostingKind,
    StepKind,
    Version,
)
from interlock.web.delivery.queries.awarding import free, open_lots, standing, suppliers
from interlock.web.delivery.rules import agreeing as rules
from interlock.web.delivery.rules.agreeing import Part, Terms
from interlock.web.delivery.rules.awarding import why_party_to
from interlock.web.institutions.models import Institution
from interlock.web.look.refusals import Refused
from interlock.web.people.models import Person
from interlock.web.record.wording import words
from interlock.web.ties.actions import end_witnessed, witness
from interlock.web.ties.models import Predicate

__all__ = ["Part", "Terms", "draft", "drop", "end", "sign"]


@transaction.atomic
def draft(
    *,
    award: Award,
    terms: Terms,
    acting: Institution,
    by: Person,
    at: datetime,
    reason: Words = "",
) -> Version:
    """Terms that both sides may sign, the first or a change of those in force.

    A draft that nobody signed makes way for it; one that somebody signed has to be dropped first.
    Either side drafts.
    """
    held = hold(award.delivery)
    stored = _award_of(award, acting, by)
    agreement = Agreement.objects.select_for_update(no_key=True).filter(award=stored).first()
    if why := rules.why_not_draft(stored, agreement):
        raise Refused(why)
    if agreement is None:
        agreement = Agreement.objects.create(award=stored, payer=held.responsible, drafted_at=at)
    if why := rules.why_not_terms(stored, agreement, terms, free(held)):
        raise Refused(why, status=422)
    if waiting := agreement.versions.filter(in_force_at=None, dropped_at=None).first():
        if is_signed(waiting):
            raise Refused(_("One side has signed another draft."), _("Drop that one first."))
        _remove(waiting)
    number = agreement.versions.count() + 1
    if number > 1 and not str(reason).strip():
        raise Refused(_("A change has a reason: say it."), status=422)
    made = Version.objects.create(
        agreement=agreement,
        number=number,
        value=terms.value,
        advance=terms.advance,
        retainage=terms.retainage,
        reason=reason if number > 1 else "",
        drafted_at=at,
    )
    for position, part in enumerate(terms.parts):
        Milestone.objects.create(
            version=made,
            code=part.code,
            position=position,
            title=part.title,
            due_on=part.due_on,
            amount=part.amount,
        )
    others = _others(agreement, acting, held)
    ask(others, held, gettext_lazy("A draft of an agreement waits for you"), agreement, at, but=by)
    return made


@transaction.atomic
def sign(*, version: Version, acting: Institution, by: Person, at: datetime) -> Version:
    """One side signs; with the second signature the version is in force.

    A version is never edited, so what is signed is what was read.
    """
    held = hold(version.agreement.award.delivery)
    award = _award_of(version.agreement.award, acting, by, signing=True)
    agreement = Agreement.objects.select_for_update(no_key=True).get(award=award)
    stored = agreement.versions.filter(pk=version.pk).first()
    if stored is None:
        raise Refused(_("Another draft took the place of this one."), _("Read that one."))
    stored.agreement, agreement.award = agreement, award
    if reason := rules.why_not_sign(stored, at) or rules.why_not_terms(
        award, agreement, terms_of(stored), free(held)
    ):
        raise Refused(reason)
    is_payer = acting.pk == agreement.payer_id
    if stored.payer_signed_at if is_payer else stored.deliverer_signed_at:
        raise Refused(_("%(name)s has signed this already.") % {"name": acting.name})
    own = award.kind == AwardKind.OWN
    if is_payer or own:
        stored.payer_signed_at = at
    if not is_payer or own:
        stored.deliverer_signed_at = at
    stored.save(update_fields=["payer_signed_at", "deliverer_signed_at"])
    facts = {"by": words(acting.name), "number": stored.number, "award": award.pk}
    note("signed", held, at, by, facts)
    if award.offer and agreement.signed_at is None:
        note_conflicts_after_award(lot=award.offer.lot, at=at)
    if stored.payer_signed_at and stored.deliverer_signed_at:
        _come_into_force(held, award, agreement, stored, by, at)
    else:
        others = _others(agreement, acting, held)
        what = gettext_lazy("The other side has signed an agreement: it waits for you")
        ask(others, held, what, agreement, at, but=by)
    return stored


@transaction.atomic
def drop(*, version: Version, acting: Institution, by: Person, at: datetime) -> None:
    """Take a draft off that is not in force. That somebody had signed it stays on show."""
    held = hold(version.agreement.award.delivery)
    award = _award_of(version.agreement.award, acting, by)
    stored = Version.objects.select_for_update(no_key=True).get(pk=version.pk)
    if reason := rules.why_not_drop(stored):
        raise Refused(reason)
    if not is_signed(stored):
        _remove(stored)
        return
    stored.dropped_at = at
    stored.save(update_fields=["dropped_at"])
    note("dropped", held, at, by, {"by": words(acting.name), "number": stored.number})
    others = _others(stored.agreement, acting, held)
    ask(others, held, gettext_lazy("A draft of an agreement was dropped"), award, at, but=by)


@transaction.atomic
def end(*, agreement: Agreement, reason: Words, by: Person, at: datetime) -> Agreement:
    """It ends early: what is not accepted, nor paid in advance, may be awarded to somebody else."""
    held = held_by(agreement.award.delivery, by)
    award = Award.objects.get(pk=agreement.award_id)
    stored = Agreement.objects.select_for_update(no_key=True).get(pk=agreement.pk)
    stored.award, award.delivery = award, held
    if refusal := why_party_to(award, by):
        raise Refused(refusal, status=403)
    if why := rules.why_not_end(stored, str(reason)):
        raise Refused(why)
    for waiting in stored.versions.filter(in_force_at=None, dropped_at=None):
        waiting.dropped_at = at
        waiting.save(update_fields=["dropped_at"])
    freed = stored.value - max(stored.accepted, stored.approved)
    _post_award(held, award, -freed, at)
    stored.ended_at = at
    stored.save(update_fields=["ended_at"])
    end_witnessed(witness=witness_of(stored.pk), at=at)
    parties = suppliers(award)
    tell(held, StepKind.ENDED, at, by, text=reason, party=parties[0], amount=freed)
    ask(parties, held, gettext_lazy("An agreement was ended early"), stored, at, but=by)
    return stored


def terms_of(version: Version) -> Terms:
    """What a version says."""
    parts = [Part(one.code, one.title, one.due_on, one.amount) for one in version.milestones.all()]
    return Terms(parts, version.advance, version.retainage)


def is_signed(version: Version) -> bool:
    return bool(version.payer_signed_at or version.deliverer_signed_at)


def _come_into_force(
    held: Delivery, award: Award, agreement: Agreement, version: Version, by: Person, at: datetime
) -> None:
    first = agreement.signed_at is None
    if not first:
        _post_award(held, award, version.value - agreement.value, at)
    version.in_force_at = at
    version.save(update_fields=["in_force_at"])
    parties = suppliers(award)
    if not first:
        tell(
            held, StepKind.CHANGED, at, by,
            text=version.reason, party=parties[0], amount=version.value,
        )  # fmt: skip
        return
    agreement.signed_at = at
    agreement.save(update_fields=["signed_at"])
    if held.begun_at is None:
        held.begun_at = at
        held.save(update_fields=["begun_at"])
    if award.kind != AwardKind.OWN:
        for one in parties:
            witness(
                subject=one,
                predicate=Predicate.DELIVERS_FOR,
                object=held.responsible,
                witness=witness_of(agreement.pk),
                at=at,
                since=at.date(),
            )
    tell(
        held, StepKind.BEGUN, at, by,
        about=award.scope, party=parties[0], amount=version.value,
    )  # fmt: skip
    _give_back_after(held, award, by, at)


def _give_back_after(held: Delivery, award: Award, by: Person, at: datetime) -> None:
    """With the last lot of its call agreed on, what is left of the cost is nobody's any more."""
    waiting = standing(held).filter(agreement__signed_at=None)
    if award.kind != AwardKind.CALL or waiting.exists() or open_lots(held).exists():
        return
    held.refresh_from_db(fields=["awarded", "returned"])
    if held.unawarded:
        return_money(held, held.unawarded, by, at)


def _post_award(held: Delivery, award: Award, amount: int, at: datetime) -> None:
    if amount:
        Posting.objects.create(
            kind=PostingKind.AWARDED, delivery=held, award=award, amount=amount, at=at
        )


def _remove(draft: Version) -> None:
    draft.milestones.all().delete()
    draft.delete()


def _award_of(award: Award, acting: Institution, by: Person, *, signing: bool = False) -> Award:
    """The award as it is stored, for one of its two sides."""
    stored = Award.objects.select_related(
        "annulment", "delivery__responsible", "offer__lot__call__issuer"
    ).get(pk=award.pk)
    why = rules.why_not_sign_for if signing else rules.why_not_side
    reason: str | Promise | None = why(stored, acting, by)
    if reason:
        raise Refused(reason, status=403)
    return stored


def _others(agreement: Agreement, acting: Institution, held: Delivery) -> list[Institution]:
    """The other side."""
    if acting.pk != agreement.payer_id:
        return [held.responsible]
    return suppliers(agreement.award)
