"""The verbs of the register: entered, corrected, invited, and each step from candidate to former."""

from datetime import date, datetime

from django.db import transaction
from django.utils.translation import gettext as _

from interlock.web.coops.actions.noting import hold_coop, kept_by, note
from interlock.web.coops.models import (
    Coop,
    Decision,
    Member,
    Office,
    OfficeKind,
    Standing,
    Status,
    Training,
)
from interlock.web.coops.queries import members as queries
from interlock.web.coops.queries.bylaws import terms
from interlock.web.coops.queries.decisions import bylaws_on
from interlock.web.coops.queries.progress import conditions_of
from interlock.web.coops.rules import members as rules
from interlock.web.coops.rules.access import today
from interlock.web.look.refusals import Refused
from interlock.web.messages.actions import write
from interlock.web.people.models import Person


@transaction.atomic
def add_member(
    *,
    coop: Coop,
    name: str,
    status: Status,
    since: date,
    by: Person,
    at: datetime,
    number: str = "",
    email: str = "",
    buy_in: int = 0,
    person: Person | None = None,
) -> Member:
    """Enter somebody as what they have been since a day. Without a number they get the next one."""
    held = kept_by(coop, by, at)
    if reason := rules.why_not_add(held, status, since, at) or rules.why_not_so_many(held, 1):
        raise Refused(reason, status=422)
    number = number or next_number(held)
    if held.members.filter(number=number).exists():
        raise Refused(_("Somebody else has this number."), status=422)
    if person is not None and person.pk != by.pk:
        raise Refused(_("Others say themselves that it is they: send them a mail."), status=422)
    member = Member.objects.create(
        coop=held, number=number, name=name, email=email, buy_in=buy_in, person=person
    )
    _stand(member, status, since, at, by)
    note("entered", held, at, by, status=status)
    return member


@transaction.atomic
def correct_member(
    *, member: Member, name: str, number: str, email: str, buy_in: int, by: Person, at: datetime
) -> Member:
    """Correct how somebody is called and reached, and what they are to pay in."""
    held = kept_by(member.coop, by, at)
    if held.members.exclude(pk=member.pk).filter(number=number).exists():
        raise Refused(_("Somebody else has this number."), status=422)
    told = held.years.filter(given__isnull=False)
    if reason := rules.why_not_renumber(held.members.get(pk=member.pk), number, told):
        raise Refused(reason, status=422)
    if email.lower() != member.email.lower():
        # Whoever reads the new address was not asked yet.
        member.invited_at = None
    member.name, member.number, member.email, member.buy_in = name, number, email, buy_in
    member.save(update_fields=["name", "number", "email", "buy_in", "invited_at"])
    note("corrected", held, at, by)
    return member


@transaction.atomic
def change_status(
    *,
    member: Member,
    status: Status,
    on: date,
    by: Person,
    at: datetime,
    reason: str = "",
    decision: Decision | None = None,
    own_will: bool = False,
) -> Standing:
    """A step of somebody, when what the bylaws ask for it is there.

    Whoever leaves of their own will, as another one says, is told so: it needs no decision.
    """
    held = kept_by(member.coop, by, at)
    made = _step(
        held, member, status, on, at, by, reason=reason, decision=decision, own_will=own_will
    )
    person = member.person
    if own_will and status == Status.FORMER and person is not None and person.pk != by.pk:
        context = {"coop": held, "member": member, "on": on}
        write(to=person.email, template="coops/mail/left.txt", context=context, at=at)
    return made


def follow_decision(decision: Decision, at: datetime) -> None:
    """What a decision about somebody that was carried makes of them, the day it was decided.

    An admission waits in the register where the bylaws still ask for something else.
    """
    if not decision.is_carried or decision.subject is None:
        return
    after = {
        **dict.fromkeys(rules.ADMITTING, Status.MEMBER),
        **dict.fromkeys(rules.EXPELLING, Status.FORMER),
    }.get(decision.kind)
    if after is None:
        return
    held = hold_coop(decision.coop)
    try:
        with transaction.atomic():
            _step(
                held, decision.subject, after, today(held, at), at, None,
                reason=decision.title, decision=decision, own_will=False,
            )  # fmt: skip
    except Refused:
        return  # The register says what is missing, to whoever keeps it.


def _step(
    coop: Coop,
    member: Member,
    status: Status,
    on: date,
    at: datetime,
    by: Person | None,
    *,
    reason: str,
    decision: Decision | None,
    own_will: bool,
) -> Standing:
    standing = member.standings.select_related("member__coop").get(until__isnull=True)
    stored = bylaws_on(coop, on)
    bylaws = terms(stored) if stored else None
    if why := rules.why_not_change(standing, status, on, bylaws, at):
        raise Refused(why, status=422)
    conditions = conditions_of(standing, on, bylaws)
    if why := rules.why_not_without(standing, status, decision, conditions, own_will):
        raise Refused(why, status=422)
    standing.until = on
    standing.save(update_fields=["until"])
    if status in (Status.FORMER, Status.WORKER):
        member.offices.filter(until__isnull=True).update(until=on)
    made = _stand(member, status, on, at, by, reason=reason[:300], decision=decision)
    note("status_changed", coop, at, by, status=status)
    return made


def _stand(
    member: Member,
    status: Status,
    since: date,
    at: datetime,
    by: Person | None,
    *,
    reason: str = "",
    decision: Decision | None = None,
) -> Standing:
    return Standing.objects.create(
        member=member,
        status=status,
        since=since,
        reason=reason,
        decision=decision,
        said_at=at,
        said_by=by,
    )


@transaction.atomic
def invite(*, member: Member, by: Person, at: datetime) -> Member:
    """Ask somebody by mail to sign in and say that it is they. From then on they see the inside."""
    held = kept_by(member.coop, by, at)
    if reason := rules.why_not_invite(member, at):
        raise Refused(reason, status=422)
    member.invited_at = at
    member.save(update_fields=["invited_at"])
    write(to=member.email, template="coops/mail/invited.txt", context={"coop": held}, at=at)
    note("invited", held, at, by)
    return member


@transaction.atomic
def invite_all(*, coop: Coop, by: Person, at: datetime) -> int:
    """Ask all who have an address and were never asked, as many as may be asked within a day."""
    held = kept_by(coop, by, at)
    left = rules.left_to_invite(held, at)
    asked = list(queries.to_invite(held)[:left])
    for one in asked:
        one.invited_at = at
        write(to=one.email, template="coops/mail/invited.txt", context={"coop": held}, at=at)
    if not asked:
        raise Refused(
            _("Nobody is left to ask today."),
            _("Whoever has no address in the register, or was asked, is not asked again."),
            status=422,
        )
    Member.objects.bulk_update(asked, ["invited_at"])
    note("invited_all", held, at, by, asked=len(asked))
    return len(asked)


@transaction.atomic
def accept_invitation(*, member: Member, by: Person, at: datetime) -> Member:
    """Say that a member of the register is oneself."""
    held = hold_coop(member.coop)
    stored = held.members.get(pk=member.pk)
    if reason := rules.why_not_be(stored, by):
        raise Refused(reason, status=403)
    stored.person = by
    stored.save(update_fields=["person"])
    note("joined", held, at, by)
    return stored


@transaction.atomic
def decline_invitation(*, member: Member, by: Person, at: datetime) -> None:
    """Say that it is somebody else. Nobody is asked at this address until it is sent again."""
    held = hold_coop(member.coop)
    stored = held.members.get(pk=member.pk)
    if reason := rules.why_not_be(stored, by):
        raise Refused(reason, status=403)
    stored.email, stored.invited_at = "", None
    stored.save(update_fields=["email", "invited_at"])
    note("declined", held, at, by)


@transaction.atomic
def note_training(*, member: Member, name: str, on: date, by: Person, at: datetime) -> Training:
    """Somebody completed a training, or attended a meeting of the board."""
    held = kept_by(member.coop, by, at)
    if on > today(held, at):
        raise Refused(_("This day has not come yet."), status=422)
    made = Training.objects.create(member=member, name=name, on=on)
    note("trained", held, at, by)
    return made


@transaction.atomic
def give_office(
    *, member: Member, kind: OfficeKind, since: date, by: Person, at: datetime
) -> Office:
    """A member takes on an office: treasurer and secretary may then do what their pages are for."""
    held = kept_by(member.coop, by, at)
    standing = member.standings.get(until__isnull=True)
    if reason := rules.why_not_office(standing, kind):
        raise Refused(reason, status=422)
    made = Office.objects.create(member=member, kind=kind, since=since)
    note("office_given", held, at, by, office=kind)
    return made


@transaction.atomic
def end_office(*, office: Office, by: Person, at: datetime) -> Office:
    """An office ends; that somebody held it stays."""
    held = kept_by(office.member.coop, by, at)
    if office.until is None:
        office.until = today(held, at)
        office.save(update_fields=["until"])
        note("office_ended", held, at, by, office=office.kind)
    return office


def next_number(coop: Coop) -> str:
    """The number after the highest one that is only digits."""
    taken = [int(one) for one in coop.members.values_list("number", flat=True) if one.isdecimal()]
    return str(max(taken, default=0) + 1)
