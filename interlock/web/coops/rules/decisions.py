"""When a decision may be drafted, announced, opened and decided on, and by whom."""

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta

from django.utils.functional import Promise
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from interlock.methods import deciding
from interlock.web.coops.models import (
    Choice,
    Coop,
    Decision,
    DecisionForm,
    DecisionStage,
    Elector,
    Objection,
    Status,
    Vote,
)
from interlock.web.coops.rules.access import BELONGING, Inside, today

Reason = str | Promise | None

#: The kind of a decision that elects people.
ELECTION = "election"
MOST_OPTIONS = 60
#: A vote at a meeting that nobody closed ends by itself.
LONGEST_MEETING = timedelta(hours=12)
#: Where the bylaws name no days, a ballot without a meeting lasts as long as this at least.
SHORTEST_BALLOT = timedelta(hours=1)
LONGEST_BALLOT = timedelta(days=90)
LONGEST_RECORD = 60
#: How long before the end those who have not voted get a mail; of a short ballot, a quarter before it.
REMINDER = timedelta(days=2)

CHOICES: dict[DecisionForm, tuple[Choice, ...]] = {
    DecisionForm.PROPOSAL: (Choice.YES, Choice.NO, Choice.ABSTAIN, Choice.BLANK),
    DecisionForm.CONSENT: (Choice.YES, Choice.STAND_ASIDE, Choice.ABSTAIN, Choice.OBJECT),
    DecisionForm.ELECTION: (Choice.ABSTAIN, Choice.BLANK),
}


@dataclass(frozen=True)
class Plan:
    """When a decision is made: at a meeting, or by a ballot that opens and closes."""

    opens_at: datetime | None = None
    closes_at: datetime | None = None
    meets_at: datetime | None = None
    record_on: date | None = None


def why_not_draft(who: Inside | None) -> Reason:
    """Members propose; who keeps register or money drafts for all."""
    if who is not None and (who.keeps_register or who.keeps_money or who.status == Status.MEMBER):
        return None
    return _(
        "Members of the co-op, and those who keep its register or its money, propose decisions."
    )


def why_not_see(who: Inside, decision: Decision) -> Reason:
    """A draft is its writers'; an initiative is to be read by all, so that they can sign it."""
    is_draft = decision.announced_at is None
    if not is_draft or decision.is_initiative or who.keeps_register:
        return None
    if who.member is not None and decision.proposed_by_id == who.member.pk:
        return None
    return _("This is still being written.")


def why_not_change(who: Inside | None, decision: Decision, signatures: int = 0) -> Reason:
    """A draft is changed by the secretary, or by who proposed it; an initiative by the latter alone, until
    others have signed it."""
    if decision.announced_at or decision.cancelled_at:
        return _("It is announced: what was put to the members stays as it was put.")
    if decision.is_initiative and signatures:
        return _("Members have signed it as it is, so it stays as it is.")
    if decision.years.exists():
        return _("It asks about a year as its numbers are. Take the year back to change it.")
    if who is not None and who.member is not None and who.member.pk == decision.proposed_by_id:
        return None
    if decision.is_initiative:
        return _("It is a member’s initiative: only who proposed it changes it.")
    if who is not None and who.keeps_register:
        return None
    return _("Only who proposed it, or the secretary, changes it.")


def why_not_kind(kind: str, form: str) -> Reason:
    if kind not in deciding.KINDS:
        return _("The bylaws know no such kind of decision.")
    if (form == DecisionForm.ELECTION) != (kind == ELECTION):
        return _("People are elected by an election, and everything else is decided otherwise.")
    return None


def why_not_announce(decision: Decision, rule: deciding.Rule, options: int) -> Reason:
    """Whether what is in the draft can be put to the members. `rule` is that of its kind."""
    if decision.announced_at or decision.cancelled_at:
        return _("It was announced before.")
    if reason := why_not_kind(decision.kind, decision.form):
        return reason
    if decision.form == DecisionForm.CONSENT and (rule.is_secret or decision.is_secret):
        return _(
            "An objection is said openly, and the bylaws ask for a secret ballot here: make it a "
            "proposal with yes and no."
        )
    if decision.form == DecisionForm.ELECTION and options < max(1, decision.seats):
        return ngettext(
            "There is one seat, so that at least one has to stand for it.",
            "There are %(seats)s seats, so that at least so many have to stand for them.",
            decision.seats,
        ) % {"seats": decision.seats}
    return None


def why_not_plan(
    coop: Coop, rule: deciding.Rule, meetings: deciding.Meetings, plan: Plan, at: datetime
) -> Reason:
    """Whether the days are those that the bylaws ask for, counted from one calendar day to another."""
    day = today(coop, at)
    if plan.record_on is None or plan.record_on > day:
        return _("The record date is today or before: the register of a later day is not known.")
    if (day - plan.record_on).days > (
        LONGEST_RECORD if meetings.most_record_days is None else meetings.most_record_days
    ):
        return _("The record date lies too far back for the bylaws.")
    if plan.meets_at is not None:
        return _why_not_meeting(coop, rule, meetings, plan.meets_at, at)
    if plan.closes_at is None:
        return _("Say when the meeting is, or until when members vote.")
    opens_at = plan.opens_at or at
    if opens_at < at:
        return _("The vote cannot open in the past.")
    if plan.closes_at - opens_at > LONGEST_BALLOT:
        return _("A ballot lasts for 90 days at most.")
    least = max(timedelta(rule.ballot_days), SHORTEST_BALLOT)
    if plan.closes_at - opens_at < least:
        return _short_ballot(rule.ballot_days)
    return _why_not_noticed(coop, rule, plan.closes_at, at)


def _why_not_meeting(
    coop: Coop,
    rule: deciding.Rule,
    meetings: deciding.Meetings,
    meets_at: datetime,
    at: datetime,
) -> Reason:
    if meets_at < at:
        return _("The meeting cannot lie in the past.")
    most = meetings.most_notice_days
    if most is not None and (today(coop, meets_at) - today(coop, at)).days > most:
        return ngettext(
            "The bylaws allow a notice of one day at most.",
            "The bylaws allow a notice of %(days)s days at most.",
            most,
        ) % {"days": most}
    return _why_not_noticed(coop, rule, meets_at, at)


def _why_not_noticed(coop: Coop, rule: deciding.Rule, then: datetime, at: datetime) -> Reason:
    if (today(coop, then) - today(coop, at)).days >= rule.notice_days:
        return None
    earliest = today(coop, at) + timedelta(rule.notice_days)
    return ngettext(
        "The bylaws ask for one day of notice: it is decided on %(day)s at the earliest.",
        "The bylaws ask for %(days)s days of notice: it is decided on %(day)s at the earliest.",
        rule.notice_days,
    ) % {"days": rule.notice_days, "day": earliest.isoformat()}


def _short_ballot(days: int) -> str:
    if not days:
        return _("A ballot stays open for an hour at least.")
    return ngettext(
        "The bylaws ask for one day to vote at least.",
        "The bylaws ask for %(days)s days to vote at least.",
        days,
    ) % {"days": days}


def why_not_sign(who: Inside | None, decision: Decision, level: deciding.Level | None) -> Reason:
    """A member may want a draft to be put to all, where the bylaws say how many can force it."""
    if who is None or who.status != Status.MEMBER:
        return _("Members sign an initiative.")
    if decision.announced_at or decision.cancelled_at:
        return _("It is announced already.")
    if level is None:
        return _("The bylaws do not say how many members can force a vote: ask the secretary.")
    return None


def why_not_open(decision: Decision, at: datetime) -> Reason:
    if decision.stage is not DecisionStage.ANNOUNCED:
        return _("Only what is announced can be opened, and once.")
    if decision.meets_at is not None:
        coop = decision.coop
        if today(coop, at) < today(coop, decision.meets_at):
            return _("The vote opens at the meeting.")
        return None
    if decision.opens_at is not None and at < decision.opens_at:
        return _("Its time has not come yet.")
    return None


def why_not_take_part(
    decision: Decision, elector: Elector | None, status: Status | None, at: datetime
) -> Reason:
    """Whether somebody may still vote, object or ask: in time, by the roll, and who has left may not."""
    stage = decision.stage
    if stage in (DecisionStage.DRAFT, DecisionStage.ANNOUNCED):
        return _("The vote has not opened yet.")
    if stage is DecisionStage.CANCELLED:
        return _("The vote was cancelled.")
    if stage is DecisionStage.DECIDED or is_due(decision, at):
        return _("The vote is closed.")
    if elector is None:
        return _("You were not entitled to vote at the record date.")
    if status not in BELONGING:
        return _("Who has left the co-op since the record date does not vote any more.")
    return None


def why_not_choose(
    decision: Decision, choice: str, ranks: Sequence[int], standing: Collection[int]
) -> Reason:
    """Whether this can be somebody's vote. `standing` are the places of those who can be chosen."""
    if choice:
        if ranks or choice not in CHOICES[DecisionForm(decision.form)]:
            return _("This is not one of the answers.")
        return None
    if decision.form != DecisionForm.ELECTION:
        return _("Choose one of the answers.")
    if not ranks:
        return _("Choose at least one, or cast a blank ballot.")
    if len(set(ranks)) != len(ranks):
        return _("Nobody can be chosen twice.")
    if not set(ranks) <= set(standing):
        return _("Somebody on this ballot does not stand.")
    return None


def why_not_again(rule: deciding.Rule, vote: Vote | None) -> Reason:
    if vote is not None and not rule.may_change:
        return _("You have voted, and the bylaws do not let a vote be changed.")
    return None


def why_not_enter(vote: Vote | None) -> Reason:
    """Whether a vote can be written down for somebody: their own answer is changed by nobody else."""
    if vote is None or vote.entered_at is not None:
        return None
    return _("%(name)s answered themselves: only they can answer otherwise.") % {
        "name": vote.elector.member.name
    }


def why_not_withdraw(who: Inside | None, objection: Objection) -> Reason:
    if who is None or who.member is None or objection.member_id != who.member.pk:
        return _("Only who raised an objection withdraws it.")
    if objection.withdrawn_at:
        return _("It is withdrawn already.")
    if objection.decision.stage is not DecisionStage.OPEN:
        return _("The vote is closed.")
    return None


def why_not_hands(decision: Decision) -> Reason:
    """Whether votes that were counted in a room can be entered."""
    if decision.stage is not DecisionStage.OPEN:
        return _("Votes are entered while the vote is open.")
    if decision.is_secret:
        return _("This ballot is secret: each member votes with their own code.")
    if decision.meets_at is None:
        return _("Hands are counted at a meeting, and there is none.")
    return None


def why_not_close(decision: Decision, at: datetime) -> Reason:
    """A vote at a meeting is closed by who leads it; any other lasts until its time."""
    if decision.stage is not DecisionStage.OPEN:
        return _("Only a vote that is open can be closed.")
    if decision.meets_at is None and not is_due(decision, at):
        return _("Members were told until when they can vote, so it stays open until then.")
    return None


def is_due(decision: Decision, at: datetime) -> bool:
    """Whether the announced time has come and someone has to close it now."""
    return (
        decision.stage is DecisionStage.OPEN
        and decision.closes_at is not None
        and decision.closes_at <= at
    )


def opens_by_itself(decision: Decision, at: datetime) -> bool:
    return decision.meets_at is None and why_not_open(decision, at) is None


def remind_at(decision: Decision) -> datetime | None:
    """When those who have not voted get a mail."""
    if decision.opened_at is None or decision.closes_at is None or decision.meets_at is not None:
        return None
    return decision.closes_at - min(REMINDER, (decision.closes_at - decision.opened_at) / 4)


def why_not_cancel(who: Inside | None, decision: Decision) -> Reason:
    """A vote that members forced by their signatures is taken back by who proposed it, and nobody else."""
    if decision.stage in (DecisionStage.DECIDED, DecisionStage.CANCELLED):
        return _("It is over.")
    if decision.announced_at is None:
        return _("A draft is thrown away, not cancelled.")
    proposer = (
        who is not None
        and who.member is not None
        and who.member.pk == decision.proposed_by_id
        and who.status == Status.MEMBER
    )
    if decision.is_initiative and not proposer:
        return _("Members have put it to the vote: only who proposed it can take it back.")
    return None


def why_not_minutes(decision: Decision) -> Reason:
    if decision.stage is not DecisionStage.DECIDED:
        return _("Minutes are written when it is decided.")
    return None
