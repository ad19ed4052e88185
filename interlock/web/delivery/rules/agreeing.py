"""What may be agreed, by whom and when; an answer is a reason, or None when it may."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime

from django.contrib.auth.models import AnonymousUser
from django.db.models import Sum
from django.utils.functional import Promise
from django.utils.translation import gettext as _
from i18nfield.strings import LazyI18nString

from interlock.web.delivery.models import Acceptance, Agreement, Award, AwardKind, Version
from interlock.web.delivery.rules.awarding import why_not_without_call
from interlock.web.delivery.rules.stories import why_both_sides, why_not_officer, why_over
from interlock.web.institutions.models import Institution
from interlock.web.institutions.rules import why_not_look_after, why_not_speak_for
from interlock.web.look.amounts import money
from interlock.web.people.models import Person

MOST_MILESTONES = 40
WHOLE = 10_000  # hundredths of a per cent


@dataclass(frozen=True)
class Part:
    """A milestone as it is proposed. `code` is what it keeps in later versions."""

    code: str
    title: str | LazyI18nString
    due_on: date
    amount: int


@dataclass(frozen=True)
class Terms:
    """Terms as they are proposed; they are worth the sum of their parts, in minor units.

    `retainage` is in hundredths of a per cent of what is accepted.
    """

    parts: Sequence[Part]
    advance: int = 0
    retainage: int = 0

    @property
    def value(self) -> int:
        return sum(part.amount for part in self.parts)


def why_not_side(
    award: Award, acting: Institution, person: Person | AnonymousUser
) -> str | Promise | None:
    """The responsible body is one side, those to whom it was awarded the other."""
    if acting.pk == award.delivery.responsible_id:
        return why_not_officer(award.delivery, person)
    if not award.suppliers.filter(institution=acting).exists():
        return _("%(name)s has no part in this agreement.") % {"name": acting.name}
    return why_not_speak_for(acting, person)


def why_not_sign_for(
    award: Award, acting: Institution, person: Person | AnonymousUser
) -> str | Promise | None:
    """The lead signs for those to whom it was awarded; only who may bind an institution signs."""
    parties = [one.institution for one in award.suppliers.select_related("institution")]
    if acting.pk not in (award.delivery.responsible_id, parties[0].pk):
        return _("This agreement is signed by the responsible body and by the lead.")
    if reason := why_not_look_after(acting, person):
        return reason
    is_payer = acting.pk == award.delivery.responsible_id
    return why_both_sides(award.delivery, parties, person) if is_payer else None


def accepted_by_code(agreement: Agreement) -> dict[str, int]:
    """What of each milestone is accepted so far."""
    found = Acceptance.objects.filter(report__agreement=agreement, amount__gt=0)
    told = found.order_by().values("report__code").annotate(sum=Sum("amount"))
    return {row["report__code"]: row["sum"] for row in told}


def why_not_draft(award: Award, agreement: Agreement | None) -> str | None:
    if reason := why_over(award.delivery):
        return reason
    if hasattr(award, "annulment"):
        return _("This award was annulled.")
    return _("This agreement was ended.") if agreement and agreement.ended_at else None


def why_not_terms(award: Award, agreement: Agreement, terms: Terms, free: int) -> str | None:
    """Why these terms can neither be drafted nor come into force; `free` is what is left to award."""
    codes = [part.code for part in terms.parts]
    if not codes or len(codes) > MOST_MILESTONES:
        return _("An agreement has at least one milestone, and at most %(most)s.") % {
            "most": MOST_MILESTONES
        }
    if len(set(codes)) < len(codes) or not all(codes):
        return _("Each milestone has a code of its own.")
    if any(part.amount <= 0 for part in terms.parts):
        return _("Each milestone is worth something.")
    if not 0 <= terms.advance <= terms.value:
        return _("An advance payment is at most the whole value.")
    if not 0 <= terms.retainage < WHOLE:
        return _("What is held back is less than all.")
    if agreement.signed_at is None:
        return _why_not_whole(award, terms)
    more = terms.value - agreement.value
    if more > free:
        return _("So much more is not left of the project's cost: at most %(left)s more.") % {
            "left": _money(award, free)
        }
    without_call = award.kind in (AwardKind.DIRECT, AwardKind.GRANT)
    if (
        more > 0
        and without_call
        and (reason := why_not_without_call(award.delivery, award.kind, more))
    ):
        return reason
    return _why_not_after(agreement, terms)


def _why_not_whole(award: Award, terms: Terms) -> str | None:
    """The first terms are worth what was awarded."""
    told = {
        "sum": _money(award, terms.value),
        "awarded": _money(award, award.value),
        "difference": _money(award, abs(award.value - terms.value)),
    }
    if terms.value < award.value:
        return (
            _(
                "The milestones have to add up to what was awarded, %(awarded)s. They add up to "
                "%(sum)s; %(difference)s is missing."
            )
            % told
        )
    if terms.value > award.value:
        return (
            _(
                "The milestones have to add up to what was awarded, %(awarded)s. They add up to "
                "%(sum)s; %(difference)s is too much."
            )
            % told
        )
    return None


def _money(award: Award, amount: int) -> str:
    return money(max(0, amount), award.delivery.project.process.currency)


def _why_not_after(agreement: Agreement, terms: Terms) -> str | None:
    """What is accepted or paid stays so under new terms."""
    now: Mapping[str, int] = {part.code: part.amount for part in terms.parts}
    for code, accepted in accepted_by_code(agreement).items():
        if now.get(code, 0) < accepted:
            return _(
                "Of milestone %(code)s %(accepted)s is accepted, more than it would be worth."
            ) % {
                "code": code,
                "accepted": _money(agreement.award, accepted),
            }
    held = 0 if agreement.released_at else agreement.accepted * terms.retainage // WHOLE
    if agreement.approved > max(terms.advance, agreement.accepted - held):
        return _("%(approved)s is approved for payment, more than these terms would allow.") % {
            "approved": _money(agreement.award, agreement.approved)
        }
    planned = agreement.payments.filter(reversed_at=None).aggregate(sum=Sum("amount"))["sum"] or 0
    if planned > terms.value:
        return _("Payments of %(planned)s are planned already, more than this.") % {
            "planned": _money(agreement.award, planned)
        }
    return None


def why_not_sign(version: Version, at: datetime) -> str | None:
    """Only after the days for complaints, and with every complaint answered."""
    award = version.agreement.award
    if reason := why_not_draft(award, version.agreement):
        return reason
    if version.dropped_at:
        return _("This draft was dropped.")
    if version.in_force_at:
        return _("This is signed by both sides already.")
    if at < award.standstill_until:
        return _("The days for complaints are not over yet.")
    if award.complaints.filter(answered_at=None).exists():
        return _("A complaint about the award is not answered yet.")
    return None


def why_not_drop(version: Version) -> str | None:
    if version.in_force_at:
        return _("This is signed by both sides: change it by a new version.")
    return _("This draft was dropped already.") if version.dropped_at else None


def why_not_end(agreement: Agreement, reason: str) -> str | None:
    if why := why_over(agreement.award.delivery):
        return why
    if agreement.signed_at is None:
        return _("It is not signed yet: annul the award instead.")
    if agreement.ended_at:
        return _("This agreement was ended already.")
    if agreement.accepted >= agreement.value:
        return _("All of it is accepted already.")
    return None if reason.strip() else _("Say why it ends early.")


def is_own(award: Award) -> bool:
    return award.kind == AwardKind.OWN
