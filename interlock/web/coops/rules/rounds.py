"""What may be done with a round, and by whom; an answer is a reason, or None when it may."""

from collections.abc import Mapping, Sequence
from datetime import datetime

from django.utils.functional import Promise
from django.utils.translation import gettext as _

from interlock.web.budgets.models import Phase
from interlock.web.budgets.rules import FEWEST_TOLD
from interlock.web.coops.models import Account, AccountKind, Goal, Member, Round, Status
from interlock.web.coops.rules.access import Inside, why_not_keep_money

#: What a round may be paid from.
SOURCES = (AccountKind.COMMONS, AccountKind.FUND)
#: So many ideas are read by nobody more.
MOST_PROJECTS = 200


def statuses(with_candidates: bool) -> tuple[Status, ...]:
    """Who takes part in a round."""
    return (Status.MEMBER, Status.CANDIDATE) if with_candidates else (Status.MEMBER,)


def why_not_begin(who: Inside | None, source: Account, amount: int) -> str | Promise | None:
    if reason := why_not_keep_money(who):
        return reason
    if who is None or source.coop_id != who.coop.pk or source.kind not in SOURCES:
        return _("A round is paid from a fund or a commons pot of the co-op.")
    if amount <= 0:
        return _("The amount must be more than 0.")
    return None


def why_not_change(held: Round) -> str | None:
    """Projects, and who takes part, are as they are once it is open."""
    if held.settled_at:
        return _("This round is over.")
    if held.opened_at:
        return _("The round is open, so its projects stay as they are.")
    return None


def why_not_propose(held: Round, who: Inside | None) -> str | None:
    if who is None or not who.belongs:
        return _("Only people of the co-op add projects.")
    if reason := why_not_change(held):
        return reason
    if held.process.projects.count() >= MOST_PROJECTS:
        return _("There are %(most)s projects already.") % {"most": MOST_PROJECTS}
    return None


def why_not_goal(held: Round, minimum: int, target: int) -> str | None:
    if minimum <= 0:
        return _("A project needs something.")
    if target < minimum:
        return _("What it would take at most is less than what it needs at least.")
    if minimum > held.amount:
        return _("It needs more than the whole round has, so it could never be funded.")
    if not held.is_pledged and target != minimum:
        return _("In a vote a project has one cost.")
    return None


def why_not_edit(held: Round, goal: Goal, who: Inside | None) -> str | None:
    """Whoever thought of it changes it, and whoever keeps the money."""
    if reason := why_not_propose_more(held, who):
        return reason
    assert who is not None
    mine = who.member is not None and goal.proposed_by_id == who.member.pk
    if mine or who.keeps_money:
        return None
    return _("Only whoever added this project changes it, or the treasurer.")


def why_not_propose_more(held: Round, who: Inside | None) -> str | None:
    """The same as adding one, but for the number there is."""
    if who is None or not who.belongs:
        return _("Only people of the co-op add projects.")
    return why_not_change(held)


def why_not_open(
    held: Round,
    electors: Sequence[Member],
    closes_at: datetime | None,
    at: datetime,
    given: Mapping[int, int] | None = None,
) -> str | None:
    """Why a round cannot begin to take votes or pledges, the first reason that there is."""
    if reason := why_not_change(held):
        return reason
    if not held.process.projects.exists():
        return _("There is no project yet. Add one, or ask the others for their ideas.")
    if closes_at is None or closes_at <= at:
        return _("The end has to be later than now.")
    fewest = 1 if held.is_pledged else FEWEST_TOLD
    if len(electors) < fewest:
        return _(
            "On the record date only %(number)s could take part. A secret vote needs at least "
            "%(fewest)s, or its result would tell what somebody chose."
        ) % {"number": len(electors), "fewest": fewest}
    if silent := [one for one in electors if not address_of(one)]:
        return _("There is no e-mail address of %(name)s, so nothing could be sent.") % {
            "name": silent[0].name
        }
    if given is not None and sum(given.values()) > held.amount:
        return _("The allowances add up to more than the round has.")
    return None


def address_of(member: Member) -> str:
    return member.person.email if member.person else member.email


def why_not_pledge(held: Round, at: datetime) -> str | None:
    if held.settled_at or held.opened_at is None or not held.is_pledged:
        return _("This round takes no pledges now.")
    if held.process.closes_at is not None and held.process.closes_at <= at:
        return _("The time for pledges is over.")
    return None


def is_due(held: Round, at: datetime) -> bool:
    """Whether the announced end of the pledges has come, and somebody has to settle them."""
    return (
        held.is_pledged
        and held.opened_at is not None
        and held.settled_at is None
        and held.process.closes_at is not None
        and held.process.closes_at <= at
    )


def why_not_end(held: Round, ballots: int) -> str | None:
    """A round ends with nothing decided before it opens, or where too few took part to be told."""
    if held.settled_at:
        return _("This round is over.")
    if held.opened_at is None:
        return None
    few = held.process.phase is Phase.COUNTED and 0 < ballots < FEWEST_TOLD
    return None if few else _("Members have begun to take part, so it goes on to its end.")
