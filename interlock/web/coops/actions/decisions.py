"""The verbs of a decision until it is open: draft it, change it, sign it, announce it, open it, cancel it."""

import secrets
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from django.db import transaction
from django.db.models import Max
from django.utils.translation import gettext as _

from interlock.methods import deciding
from interlock.web.coops.models import (
    Coop,
    Decision,
    DecisionForm,
    DecisionStage,
    Elector,
    Member,
    Option,
    Signature,
    Wish,
)
from interlock.web.coops.queries import decisions as queries
from interlock.web.coops.queries.bylaws import terms as terms_of
from interlock.web.coops.rules import decisions as rules
from interlock.web.coops.rules.access import Inside, inside, today, why_not_keep_register
from interlock.web.look.refusals import Refused
from interlock.web.messages.actions import write, write_all
from interlock.web.people.models import Person
from interlock.web.record import actions as record
from interlock.web.record.models import Audience
from interlock.web.voting import actions as voting
from interlock.web.voting.models import Box

#: What follows from a decision, in the transaction in which it becomes decided, carried or not.
following: list[Callable[[Decision, datetime], None]] = []

#: Where neither bylaws nor secretary say, members have so long to vote.
USUAL_BALLOT = timedelta(days=7)


@dataclass(frozen=True)
class OptionSaid:
    """Who stands for election, as somebody says it."""

    name: str
    statement: str = ""
    member: Member | None = None


@transaction.atomic
def draft_decision(
    *,
    coop: Coop,
    kind: str,
    form: DecisionForm,
    title: str,
    text: str,
    by: Person,
    at: datetime,
    proposed_by: Member | None = None,
    subject: Member | None = None,
    options: Sequence[OptionSaid] = (),
    seats: int = 1,
    is_secret: bool = False,
) -> Decision:
    """Begin a decision of a kind that the bylaws name.

    A member who keeps neither register nor books begins an initiative: all see the draft and may sign it.
    """
    who = inside(coop, by, at)
    if reason := rules.why_not_draft(who):
        raise Refused(reason, status=403)
    bylaws = queries.bylaws_on(coop, today(coop, at))
    if bylaws is None:
        raise Refused(
            _("The co-op has no bylaws here yet, so there is no rule to decide by."),
            _("The secretary enters them first: one of the models is a good beginning."),
        )
    if reason := rules.why_not_kind(kind, form):
        raise Refused(reason)
    made = Decision.objects.create(
        coop=coop,
        kind=kind,
        form=form,
        title=title,
        text=text,
        subject=subject,
        bylaws=bylaws,
        seats=seats,
        is_secret=is_secret,
        proposed_by=proposed_by or (who.member if who else None),
        is_initiative=who is not None and not (who.keeps_register or who.keeps_money),
        drafted_at=at,
    )
    _put_options(made, options)
    return made


@transaction.atomic
def change(
    *,
    decision: Decision,
    by: Person,
    at: datetime,
    options: Sequence[OptionSaid] | None = None,
    **said: object,
) -> Decision:
    """Say a draft otherwise: kind, form, title, text, subject, seats, is_secret. The rest stays."""
    held = _held_draft(decision, by, at)
    for name, value in said.items():
        setattr(held, name, value)
    if reason := rules.why_not_kind(held.kind, held.form):
        raise Refused(reason)
    held.save(update_fields=list(said))
    if options is not None:
        _put_options(held, options)
    return held


@transaction.atomic
def discard(*, decision: Decision, by: Person, at: datetime) -> None:
    """Throw a draft away."""
    _held_draft(decision, by, at).delete()


@transaction.atomic
def sign(*, decision: Decision, by: Person, at: datetime) -> Decision:
    """Want a draft to be put to all. With enough signatures it is announced by itself, and opened."""
    held = hold(decision)
    who = inside(held.coop, by, at)
    terms = _in_force(held.coop, at)
    level = queries.forcing(terms)
    if reason := rules.why_not_sign(who, held, level):
        raise Refused(reason)
    if who is None or who.member is None or level is None:
        return held
    Signature.objects.get_or_create(
        decision=held, member=who.member, wish=Wish.BALLOT, defaults={"at": at}
    )
    needed = level.least(queries.active_members(held.coop, today(held.coop, at)))
    if queries.signatures(held, Wish.BALLOT) < needed:
        return held
    rule = queries.rule_of(terms, held.kind, is_secret=held.is_secret)
    days = max(timedelta(rule.ballot_days), timedelta(rule.notice_days), USUAL_BALLOT)
    plan = rules.Plan(closes_at=at + days, record_on=today(held.coop, at))
    return _announce(held, plan, "", at, by)


@transaction.atomic
def unsign(*, decision: Decision, by: Person, at: datetime) -> None:
    """Take one's signature back, as long as it has not come to a vote."""
    held = hold(decision)
    if held.announced_at or held.cancelled_at:
        raise Refused(_("It is announced already."))
    held.signatures.filter(wish=Wish.BALLOT, member__person=by).delete()


@transaction.atomic
def announce(
    *,
    decision: Decision,
    by: Person,
    at: datetime,
    opens_at: datetime | None = None,
    closes_at: datetime | None = None,
    meets_at: datetime | None = None,
    place: str = "",
    record_on: object = None,
) -> Decision:
    """Put it to the members: the rule is frozen, the electorate drawn, and each entitled gets a mail.

    `record_on` is the record date, today where none is given. Without a meeting and without
    `opens_at` the vote opens at once.
    """
    held = held_by(decision, by, at)
    day = today(held.coop, at) if record_on is None else record_on
    plan = rules.Plan(opens_at, closes_at, meets_at, day)  # type: ignore[arg-type]
    # What members have signed stays theirs: nobody ends it by announcing it first.
    held.is_initiative = held.is_initiative and held.signatures.exists()
    return _announce(held, plan, place, at, by)


@transaction.atomic
def open_vote(*, decision: Decision, by: Person, at: datetime) -> Decision:
    """Open the vote at the meeting."""
    held = held_by(decision, by, at)
    if reason := rules.why_not_open(held, at):
        raise Refused(reason)
    return _open(held, at)


def open_if_due(*, decision: Decision, at: datetime) -> Decision:
    """Open a vote without a meeting whose announced time has come, and give it as it is now."""
    if not rules.opens_by_itself(decision, at):
        return decision
    with transaction.atomic():
        held = hold(decision)
        return _open(held, at) if rules.opens_by_itself(held, at) else held


@transaction.atomic
def cancel(*, decision: Decision, reason: str, by: Person, at: datetime) -> Decision:
    """End it without a decision. What was cast is not read by anybody."""
    held = hold(decision)
    who = inside(held.coop, by, at)
    if not held.is_initiative and (refusal := why_not_keep_register(who)):
        raise Refused(refusal, status=403)
    if refusal := rules.why_not_cancel(who, held):
        raise Refused(refusal)
    held.cancelled_at, held.cancelled_for = at, reason
    held.save(update_fields=["cancelled_at", "cancelled_for"])
    if held.box is not None and held.box.is_open:
        voting.close_box(box=held.box, at=at)
        voting.unseal(box=held.box, at=at)
        held.box.ballots.all().delete()
    note("cancelled", held, at, by)
    mail("cancelled", electors_addresses(held), held, at)
    return held


@transaction.atomic
def stand_down(*, option: Option, by: Person, at: datetime) -> Option:
    """Somebody does not stand any more. Ballots that name them are read as if they did not."""
    held = held_by(option.decision, by, at)
    if held.stage not in (DecisionStage.ANNOUNCED, DecisionStage.OPEN):
        raise Refused(_("Who stands is said in the draft, and changes until the vote is closed."))
    stored = held.options.get(pk=option.pk)
    if stored.withdrawn_at is None:
        stored.withdrawn_at = at
        stored.save(update_fields=["withdrawn_at"])
    return stored


def hold(decision: Decision) -> Decision:
    """As it is stored, held against others until the act is done."""
    found = Decision.objects.select_for_update(of=("self",))
    return found.select_related("coop__institution", "box", "subject").get(pk=decision.pk)


def held_by(decision: Decision, by: Person, at: datetime) -> Decision:
    """The same, only for who keeps the register."""
    held = hold(decision)
    if reason := why_not_keep_register(inside(held.coop, by, at)):
        raise Refused(reason, status=403)
    return held


def electors_addresses(decision: Decision) -> list[str]:
    """Where mail goes to those on the roll who are still there."""
    members = Member.objects.filter(pk__in=decision.electors.values("member"))
    still = members.exclude(pk__in=queries.left_since(decision)).select_related("person")
    return sorted(set(queries.addresses(still).values()))


def mail(what: str, to: Iterable[str], decision: Decision, at: datetime, **context: object) -> None:
    """The mail of that name to these members, once each."""
    write_all(
        to=sorted(set(to)),
        template=f"coops/mail/decision_{what}.txt",
        context={"decision": decision, "coop": decision.coop, **context},
        at=at,
    )


def note(
    what: str,
    decision: Decision,
    at: datetime,
    by: Person | None = None,
    facts: Mapping[str, object] | None = None,
) -> None:
    """One fact about a decision, for the co-op's own people: its number, and no name."""
    record.write(
        act=f"decision.{what}",
        subject=f"institution/{decision.coop.institution.slug}",
        at=at,
        is_synthetic=decision.coop.institution.is_synthetic,
        audience=Audience.INSTITUTION,
        actor=by.reference if by else "",
        facts={"number": decision.number, **(facts or {})},
    )


def _announce(held: Decision, plan: rules.Plan, place: str, at: datetime, by: Person) -> Decision:
    coop = held.coop
    bylaws = queries.bylaws_on(coop, today(coop, at))
    if bylaws is None:
        raise Refused(_("The co-op has no bylaws in force, so there is no rule to decide by."))
    terms = terms_of(bylaws)
    rule = queries.rule_of(terms, held.kind, is_secret=held.is_secret)
    if reason := rules.why_not_announce(held, rule, held.options.count()):
        raise Refused(reason, _("The draft can still be changed."))
    if reason := rules.why_not_plan(coop, rule, terms.meetings, plan, at):
        raise Refused(reason)
    assert plan.record_on is not None
    members = queries.entitled(terms, rule, coop, plan.record_on)
    if not members:
        raise Refused(
            _("Nobody is entitled to vote at this record date."),
            _("Compare the bylaws with the register: who has which status, and since when."),
        )
    if rule.is_secret:
        _refuse_without_address(members)
    held.bylaws, held.rule, held.is_secret = bylaws, deciding.to_json(rule), rule.is_secret
    held.method = terms.board.method if held.form == DecisionForm.ELECTION else ""
    held.seed = secrets.token_hex(8) if held.method else ""
    held.number = _next_number(coop)
    held.announced_at, held.record_on, held.place = at, plan.record_on, place
    held.meets_at, held.opens_at, held.closes_at = plan.meets_at, plan.opens_at, plan.closes_at
    if plan.meets_at is not None:
        held.opens_at, held.closes_at = None, plan.meets_at + rules.LONGEST_MEETING
    elif plan.opens_at is None:
        held.opens_at = at
    held.save()
    Elector.objects.bulk_create(
        Elector(decision=held, member=one, number=number) for number, one in enumerate(members, 1)
    )
    note("announced", held, at, by, {"entitled": len(members)})
    mail("announced", electors_addresses(held), held, at)
    return _open(held, at) if rules.opens_by_itself(held, at) else held


def _open(held: Decision, at: datetime) -> Decision:
    """Open it; a secret one gets a box, and each elector a code for it by mail."""
    held.opened_at = at
    if held.is_secret:
        assert held.closes_at is not None
        held.box = Box.objects.create()
        letters = voting.enrol(box=held.box, letters=held.electors.count())
        voting.open_box(box=held.box, closes_at=held.closes_at, at=at)
        held.save(update_fields=["opened_at", "box"])
        _send_codes(held, letters, at)
    else:
        held.save(update_fields=["opened_at"])
        mail("opened", electors_addresses(held), held, at)
    note("opened", held, at)
    return held


def _send_codes(held: Decision, letters: Sequence[voting.Letter], at: datetime) -> None:
    """To each their own, and to nobody else; nor to who has left since the record date."""
    codes = {letter.number: letter.code for letter in letters}
    electors = held.electors.exclude(member__in=queries.left_since(held))
    electors = electors.select_related("member__person")
    where = queries.addresses([one.member for one in electors])
    for elector in electors:
        if address := where.get(elector.member_id):
            write(
                to=address,
                template="coops/mail/decision_code.txt",
                context={"decision": held, "coop": held.coop, "code": codes[elector.number]},
                at=at,
            )


def _refuse_without_address(members: Sequence[Member]) -> None:
    """The code of a secret ballot comes by mail, to the member alone."""
    where = queries.addresses(list(members))
    if missing := [one.name for one in members if one.pk not in where]:
        raise Refused(
            _("The ballot is secret, and its codes go out by mail. Without an address: %(names)s.")
            % {"names": ", ".join(missing)},
            _("Enter their addresses in the register first."),
        )


def _put_options(decision: Decision, options: Sequence[OptionSaid]) -> None:
    """These stand for election and no others."""
    if len(options) > rules.MOST_OPTIONS:
        raise Refused(_("At most %(most)s can stand.") % {"most": rules.MOST_OPTIONS})
    if len({one.name for one in options}) < len(options):
        raise Refused(_("Two of them have the same name: tell them apart."), status=422)
    decision.options.all().delete()
    Option.objects.bulk_create(
        Option(
            decision=decision,
            position=place,
            name=one.name,
            statement=one.statement,
            member=one.member,
        )
        for place, one in enumerate(options, 1)
    )


def _held_draft(decision: Decision, by: Person, at: datetime) -> Decision:
    held = hold(decision)
    who: Inside | None = inside(held.coop, by, at)
    others = held.signatures.exclude(member__person=by).count()
    if reason := rules.why_not_change(who, held, others):
        raise Refused(reason, status=409 if held.announced_at else 403)
    return held


def _in_force(coop: Coop, at: datetime) -> deciding.Bylaws:
    bylaws = queries.bylaws_on(coop, today(coop, at))
    if bylaws is None:
        raise Refused(_("The co-op has no bylaws in force, so there is no rule to decide by."))
    return terms_of(bylaws)


def _next_number(coop: Coop) -> int:
    """One at a time: the co-op is held meanwhile."""
    Coop.objects.select_for_update().get(pk=coop.pk)
    return (coop.decisions.aggregate(last=Max("number"))["last"] or 0) + 1
