"""What somebody may become in their co-op, what it takes, and who may say so."""

from collections.abc import Iterable
from datetime import date, datetime, timedelta

from django.utils.functional import Promise
from django.utils.translation import gettext as _

from interlock.methods import deciding
from interlock.web.coops.models import (
    Coop,
    Decision,
    Member,
    OfficeKind,
    Standing,
    Status,
    Year,
)
from interlock.web.coops.rules.access import today
from interlock.web.people.models import Person

#: So many mails go out for one co-op within a day.
MOST_INVITED = 100
#: So many people one co-op keeps here.
MOST_MEMBERS = 5_000
DAY = timedelta(days=1)

#: What somebody can become from what they are.
STEPS: dict[Status, tuple[Status, ...]] = {
    Status.WORKER: (Status.CANDIDATE, Status.MEMBER, Status.FORMER),
    Status.CANDIDATE: (Status.MEMBER, Status.WORKER, Status.FORMER),
    Status.MEMBER: (Status.INACTIVE, Status.FORMER),
    Status.INACTIVE: (Status.MEMBER, Status.FORMER),
    Status.FORMER: (Status.WORKER, Status.CANDIDATE, Status.MEMBER),
}
#: The kinds of decision that a step rests on, by what it makes of somebody.
ADMITTING, EXPELLING = ("admission", "readmission"), ("expulsion", "termination")
#: This one lets somebody in whatever they have not reached yet.
WAIVING = "readmission"


def steps_from(status: Status, bylaws: deciding.Bylaws | None) -> tuple[Status, ...]:
    """What somebody may become; inactive only where the bylaws know it."""
    idle = bylaws is not None and bylaws.membership.has_inactive
    return tuple(one for one in STEPS[status] if one != Status.INACTIVE or idle)


def is_admission(before: Status, after: Status) -> bool:
    """A step into membership. Coming back from being inactive is none."""
    return after == Status.MEMBER and before != Status.INACTIVE


def decisions_asked(before: Status, after: Status, own_will: bool) -> tuple[str, ...]:
    """The kinds of decision one of which a step needs; none where it needs none."""
    if is_admission(before, after):
        return ADMITTING
    leaves = before in (Status.MEMBER, Status.INACTIVE) and after == Status.FORMER
    return EXPELLING if leaves and not own_will else ()


def why_not_add(coop: Coop, status: Status, since: date, at: datetime) -> str | Promise | None:
    """Members of before the co-op came here are entered as they are; later ones begin as candidates."""
    if since > today(coop, at):
        return _("This day has not come yet.")
    if status in (Status.MEMBER, Status.INACTIVE) and since > today(coop, coop.opened_at):
        return _(
            "Who became a member after the co-op began to keep its register here is entered as a "
            "candidate first. They become a member when what the bylaws ask is there."
        )
    return None


def why_not_so_many(coop: Coop, more: int) -> str | Promise | None:
    if coop.members.count() + more > MOST_MEMBERS:
        return _("A co-op keeps %(most)s people here at most.") % {"most": MOST_MEMBERS}
    return None


def why_not_change(
    standing: Standing, status: Status, on: date, bylaws: deciding.Bylaws | None, at: datetime
) -> str | Promise | None:
    """Why somebody does not become this on that day, whatever the bylaws ask of them."""
    coop = standing.member.coop
    if status == standing.status:
        return _("They are that already.")
    if status not in steps_from(Status(standing.status), bylaws):
        return _("%(before)s does not become %(after)s in one step.") % {
            "before": standing.get_status_display(),
            "after": status.label,
        }
    if on > today(coop, at):
        return _("This day has not come yet.")
    if on <= standing.since:
        return _("It has to be after the day on which they became what they are.")
    return None


def why_not_without(
    standing: Standing,
    status: Status,
    decision: Decision | None,
    conditions: Iterable[deciding.Step],
    own_will: bool,
) -> str | Promise | None:
    """Why a step does not go without a decision, or although one of its conditions is not met."""
    before = Status(standing.status)
    asked = decisions_asked(before, status, own_will)
    if not asked:
        return None
    if decision is None:
        if status == Status.FORMER:
            return _(
                "Nobody is put out without a decision of the members: one on expulsion, that was "
                "carried."
            )
        return _("Nobody becomes a member without a decision on admission that was carried.")
    if reason := why_not_rest_on(decision, standing.member, asked):
        return reason
    if status == Status.FORMER or decision.kind == WAIVING:
        return None
    if any(one.is_met is False for one in conditions):
        return _(
            "Something that the bylaws ask is still missing. A decision on readmission can do "
            "without it."
        )
    return None


def why_not_rest_on(
    decision: Decision, member: Member, kinds: Iterable[str]
) -> str | Promise | None:
    """Why a step of a member does not rest on this decision."""
    if decision.coop_id != member.coop_id or decision.kind not in kinds:
        return _("This decision is about something else.")
    if not decision.is_carried:
        return _("This decision is not carried.")
    if decision.subject_id != member.pk:
        return _("This decision is about somebody else.")
    return None


def why_not_renumber(member: Member, number: str, years: Iterable[Year]) -> str | Promise | None:
    """A year that was put to the members or posted knows who is who by their numbers."""
    if number == member.number or not any(_tells_of(member, one) for one in years):
        return None
    return _(
        "A year that was put to the members, or posted, knows them by this number. So it stays as "
        "it is."
    )


def _tells_of(member: Member, year: Year) -> bool:
    return any(one["id"] == member.number for one in (year.given or {}).get("workers", ()))


def left_to_invite(coop: Coop, at: datetime) -> int:
    """How many more mails may go out for a co-op today."""
    return max(0, MOST_INVITED - coop.members.filter(invited_at__gt=at - DAY).count())


def why_not_invite(member: Member, at: datetime) -> str | Promise | None:
    if member.person_id:
        return _("They have an account here already.")
    if not member.email:
        return _("There is no e-mail address to write to. Enter it first.")
    if not left_to_invite(member.coop, at):
        return _("%(most)s invitations went out within a day. Go on tomorrow.") % {
            "most": MOST_INVITED
        }
    if member.invited_at and member.invited_at > at - DAY:
        return _("They got a mail within the last day. Give them time to read it.")
    return None


def why_not_be(member: Member, person: Person) -> str | Promise | None:
    """Why a person cannot say that this member is they."""
    if member.person_id or not member.invited_at:
        return _("This invitation is not open any more.")
    if member.email.lower() != person.email.lower():
        return _("This invitation went to another e-mail address.")
    if member.coop.members.filter(person=person).exists():
        return _("You are in the register of this co-op already.")
    return None


def why_not_office(standing: Standing, kind: OfficeKind) -> str | Promise | None:
    if standing.status != Status.MEMBER:
        return _("Only a member holds an office.")
    if standing.member.offices.filter(kind=kind, until__isnull=True).exists():
        return _("They hold this office already.")
    return None
