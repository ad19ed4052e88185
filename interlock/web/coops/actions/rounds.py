"""The verbs of a co-op's own PB: begin a round, add projects, open, pledge, publish, settle, end."""

from collections.abc import Callable, Mapping, Sequence
from datetime import date, datetime
from random import SystemRandom

from django.conf import settings
from django.db import transaction
from django.db.models import F
from django.utils.translation import gettext as _
from django.utils.translation import override
from i18nfield.strings import LazyI18nString

from interlock.web.budgets import actions as budgets
from interlock.web.budgets import queries as processes
from interlock.web.budgets.actions import Words
from interlock.web.budgets.models import FundType, Process, Project
from interlock.web.coops.actions.accounts import account, transfer
from interlock.web.coops.actions.noting import hold_coop, note
from interlock.web.coops.models import (
    Account,
    AccountKind,
    Allowance,
    Coop,
    Goal,
    Member,
    Pledge,
    Round,
    TransferKind,
)
from interlock.web.coops.queries import rounds as queries
from interlock.web.coops.rules import rounds as rules
from interlock.web.coops.rules.access import inside, today, why_not_keep_money
from interlock.web.coops.rules.pledging import settled
from interlock.web.look.amounts import money
from interlock.web.look.refusals import Refused
from interlock.web.messages.actions import write
from interlock.web.people.models import Person


@transaction.atomic
def begin_round(
    *,
    coop: Coop,
    source: Account,
    amount: int,
    title: Words,
    by: Person,
    at: datetime,
    summary: Words = "",
    closes_at: datetime | None = None,
    rule: str = "equalshares/add1",
    is_pledged: bool = False,
    with_candidates: bool = False,
) -> Round:
    """Put an amount of a fund or commons pot before the members: it moves to an account of the round."""
    held = hold_coop(coop)
    if reason := rules.why_not_begin(inside(held, by, at), source, amount):
        raise Refused(reason, status=403 if why_not_keep_money(inside(held, by, at)) else 422)
    process = budgets.create_process(
        institution=held.institution,
        title=title,
        summary=summary,
        currency=held.currency,
        zone=held.zone,
        closes_at=closes_at,
        rule=rule,
        is_internal=True,
        at=at,
        by=by,
    )
    pot = budgets.put_pot(
        process=process,
        name=_in_each_language(lambda: queries.source_in_words(source)),
        source=held.institution,
        fund_type=FundType.COOP_FUND,
        amount=amount,
    )
    everybody = _in_each_language(lambda: _("All of us"))
    budgets.put_area(process=process, name=everybody, max_choices=1, allocations={pot: amount})
    number = queries.next_number(held)
    kept = account(coop=held, kind=AccountKind.ROUND, name=f"{number}. {title}"[:60])
    transfer(
        coop=held,
        kind=TransferKind.ROUND,
        debit=source,
        credit=kept,
        amount=amount,
        on=today(held, at),
        by=by,
        at=at,
    )
    begun = Round.objects.create(
        coop=held,
        number=number,
        process=process,
        source=source,
        account=kept,
        amount=amount,
        is_pledged=is_pledged,
        with_candidates=with_candidates,
        begun_at=at,
    )
    note("round_begun", held, at, by, number=number)
    return begun


def _in_each_language(tell: Callable[[], str]) -> LazyI18nString:
    """What members of either language read, said once for all of them."""
    said = {}
    for code, _name in settings.LANGUAGES:
        with override(code):
            said[code] = tell()
    return LazyI18nString(said)


@transaction.atomic
def put_project(
    *,
    round: Round,
    title: Words,
    minimum: int,
    by: Person,
    at: datetime,
    description: Words = "",
    target: int | None = None,
    project: Project | None = None,
) -> Project:
    """Add a project or change one. In a vote `minimum` is its cost, and there is no other target."""
    held = _hold(round)
    who = inside(held.coop, by, at)
    goal = Goal.objects.get(project=project, project__process=held.process) if project else None
    reason = rules.why_not_edit(held, goal, who) if goal else rules.why_not_propose(held, who)
    if reason:
        raise Refused(reason, status=409 if rules.why_not_change(held) else 403)
    most = minimum if target is None else target
    if reason := rules.why_not_goal(held, minimum, most):
        raise Refused(reason, status=422)
    put = budgets.put_project(
        area=held.process.areas.get(),
        title=title,
        cost=most,
        description=description,
        project=project,
    )
    if goal:
        goal.minimum, goal.target = minimum, most
        goal.save(update_fields=["minimum", "target"])
    else:
        Goal.objects.create(
            project=put, proposed_by=who.member if who else None, minimum=minimum, target=most
        )
    return put


@transaction.atomic
def remove_project(*, round: Round, project: Project, by: Person, at: datetime) -> None:
    held = _hold(round)
    goal = Goal.objects.get(project=project, project__process=held.process)
    if reason := rules.why_not_edit(held, goal, inside(held.coop, by, at)):
        raise Refused(reason, status=409 if rules.why_not_change(held) else 403)
    budgets.remove_project(project=project)


@transaction.atomic
def open_round(
    *,
    round: Round,
    record_on: date,
    closes_at: datetime,
    by: Person,
    at: datetime,
    given: Mapping[int, int] | None = None,
) -> Round:
    """Open it for those in the register on the record date, and tell each of them by mail.

    In a vote each mail has a voting code. Which code went to whom is kept nowhere: codes are drawn in
    another order than the mails are written, and a mail is gone when it is sent. In a pledged round
    each has an allowance: the same for all, or what is `given` to the member of this number.
    """
    held = _hold_kept(round, by, at)
    if record_on > today(held.coop, at):
        raise Refused(
            _("The register of that day is not known yet."),
            _("The record date is today, or a day before."),
            status=422,
        )
    electors = queries.electors(held, record_on)
    if reason := rules.why_not_open(held, electors, closes_at, at, given):
        raise Refused(reason, status=422)
    budgets.change_process(process=held.process, changes={"closes_at": closes_at})
    held.process.closes_at = closes_at
    held.record_on, held.electors, held.opened_at = record_on, len(electors), at
    if held.is_pledged:
        held.allotted = _allot(held, electors, given)
    else:
        _open_vote(held, electors, by, at)
    held.save(update_fields=["record_on", "electors", "opened_at", "allotted"])
    note("round_opened", held.coop, at, by, number=held.number, entitled=len(electors))
    return held


def _open_vote(held: Round, electors: Sequence[Member], by: Person, at: datetime) -> None:
    area = held.process.areas.get()
    number = held.process.projects.count()
    budgets.put_area(process=held.process, name=area.name, max_choices=number, allocations={}, area=area)  # fmt: skip
    letters = budgets.make_codes(process=held.process, letters=len(electors), at=at, by=by)
    SystemRandom().shuffle(letters)
    held.process = budgets.open_process(process=held.process, at=at, by=by)
    addresses = [rules.address_of(one) for one in electors]
    SystemRandom().shuffle(addresses)
    for address, letter in zip(addresses, letters, strict=True):
        told = {"round": held, "coop": held.coop, "process": held.process, "code": letter.code}
        write(to=address, template="coops/mail/round_code.txt", context=told, at=at)


def _allot(held: Round, electors: Sequence[Member], given: Mapping[int, int] | None) -> int:
    """Give each their allowance, and tell them. Cents that cannot be shared equally stay."""
    equal = held.amount // len(electors)
    amounts = {one.pk: equal if given is None else given.get(one.pk, 0) for one in electors}
    Allowance.objects.bulk_create(
        Allowance(round=held, member=one, amount=amounts[one.pk]) for one in electors
    )
    for one in electors:
        told = {
            "round": held,
            "coop": held.coop,
            "process": held.process,
            "amount": money(amounts[one.pk], held.coop.currency),
        }
        write(
            to=rules.address_of(one),
            template="coops/mail/round_allowance.txt",
            context=told,
            at=held.opened_at or held.begun_at,
        )
    return sum(amounts.values())


@transaction.atomic
def pledge(*, round: Round, amounts: Mapping[Project, int], by: Person, at: datetime) -> Allowance:
    """Say what one gives to these projects, in place of what one said before; 0 takes it back.

    The allowance is held meanwhile, so that two at once never pledge more than there is of it.
    """
    found = Round.objects.select_related("process", "coop").get(pk=round.pk)
    if reason := rules.why_not_pledge(found, at):
        raise Refused(reason)
    mine = Allowance.objects.select_for_update().filter(round=found, member__person=by).first()
    if mine is None:
        raise Refused(
            _("You have no allowance in this round: it began with who was in the register then."),
            status=403,
        )
    # A round that was settled meanwhile takes nothing more.
    if Round.objects.filter(pk=found.pk, settled_at__isnull=False).exists():
        raise Refused(_("This round takes no pledges now."))
    if any(amount < 0 or one.process_id != found.process_id for one, amount in amounts.items()):
        raise Refused(_("A pledge is an amount for a project of this round."), status=422)
    before = dict(mine.pledges.values_list("project", "amount"))
    after = before | {one.pk: amount for one, amount in amounts.items()}
    if sum(after.values()) > mine.amount:
        raise Refused(
            _("That is %(more)s more than you have.")
            % {"more": money(sum(after.values()) - mine.amount, found.coop.currency)},
            _("Give less to one of them. What you typed is still here."),
            status=422,
        )
    for project, amount in amounts.items():
        if amount:
            Pledge.objects.update_or_create(
                allowance=mine, project=project, defaults={"amount": amount, "at": at}
            )
        else:
            mine.pledges.filter(project=project).delete()
    mine.pledged = sum(after.values())
    mine.save(update_fields=["pledged"])
    return mine


def close_pledges_due(at: datetime) -> bool:
    """Settle the pledges of every round whose end has come, and say whether there was one."""
    due = queries.pledges_due(at)
    for one in due:
        close_pledges(round=one, at=at)
    return bool(due)


@transaction.atomic
def close_pledges(*, round: Round, at: datetime) -> Round:
    """Fund what reached its minimum, refund the rest, and give back what nobody needs. Once."""
    held = _hold(round)
    if not rules.is_due(held, at):
        return held
    allowances = list(held.allowances.select_for_update().order_by("pk"))
    pledges = list(Pledge.objects.filter(allowance__in=allowances).order_by("at", "pk"))
    goals = {one.project_id: one for one in Goal.objects.filter(project__process=held.process)}
    outcome = settled(
        {pk: (one.minimum, one.target) for pk, one in goals.items()},
        {(one.allowance_id, one.project_id): one.amount for one in pledges},
    )
    for one in pledges:
        one.refunded = outcome.refunds[one.allowance_id, one.project_id]
    Pledge.objects.bulk_update(pledges, ["refunded"])
    for mine in allowances:
        mine.pledged = sum(
            one.amount - one.refunded for one in pledges if one.allowance_id == mine.pk
        )
    Allowance.objects.bulk_update(allowances, ["pledged"])
    for pk, goal in goals.items():
        goal.funded = outcome.kept.get(pk, 0)
    Goal.objects.bulk_update(goals.values(), ["funded"])
    return _settle(held, sum(outcome.kept.values()), at)


@transaction.atomic
def publish_round(*, round: Round, by: Person, at: datetime) -> Round:
    """Show the members the counted result; what it did not spend goes back."""
    held = _hold_kept(round, by, at)
    budgets.publish(process=held.process, at=at, by=by)
    held.refresh_from_db()
    return held


@transaction.atomic
def count_again(*, round: Round, by: Person, at: datetime) -> Round:
    held = _hold_kept(round, by, at)
    budgets.ask_for_count(process=held.process, at=at)
    return held


def settle_vote(process: Process, at: datetime, by: Person | None) -> None:
    """What follows a published result: the cost of what was funded stays, the rest goes back."""
    found = Round.objects.filter(process=process).first()
    if found is None:
        return
    held = _hold(found)
    funded = list(processes.funded(process).values_list("pk", flat=True))
    goals = Goal.objects.filter(project__process=process)
    goals.update(funded=0)
    goals.filter(project__in=funded).update(funded=F("target"))
    _settle(held, queries.funded_sum(held), at, by)


@transaction.atomic
def end_round(*, round: Round, why: str, by: Person, at: datetime) -> Round:
    """End a round with nothing decided: all of its money goes back."""
    held = _hold_kept(round, by, at)
    if reason := rules.why_not_end(held, processes.ballots_counted(held.process)):
        raise Refused(reason)
    if not why.strip():
        raise Refused(_("Say why it ends, so that the members know."), status=422)
    held.ended_for = why.strip()
    held.save(update_fields=["ended_for"])
    return _settle(held, 0, at, by)


def _settle(held: Round, spent: int, at: datetime, by: Person | None = None) -> Round:
    """What was spent stays on the round's account; the rest goes back where it came from."""
    if back := held.amount - spent:
        transfer(
            coop=held.coop,
            kind=TransferKind.ROUND,
            debit=held.account,
            credit=held.source,
            amount=back,
            on=today(held.coop, at),
            by=by,
            at=at,
        )
    held.spent, held.settled_at = spent, at
    held.save(update_fields=["spent", "settled_at"])
    note("round_settled", held.coop, at, by, number=held.number)
    return held


def _hold(round: Round) -> Round:
    """The round as it is stored, held against others until the act is done."""
    return queries.rounds(round.coop).select_for_update(of=("self",)).get(pk=round.pk)


def _hold_kept(round: Round, by: Person, at: datetime) -> Round:
    held = _hold(round)
    if reason := why_not_keep_money(inside(held.coop, by, at)):
        raise Refused(reason, status=403)
    return held
