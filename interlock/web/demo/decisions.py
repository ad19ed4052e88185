"""What the co-ops of the demo decide: one thing that was decided, and one that is open."""

from datetime import datetime, timedelta

from interlock.web.coops.actions import deciding, decisions, minutes
from interlock.web.coops.models import Coop, DecisionForm, OfficeKind
from interlock.web.coops.queries.decisions import bylaws_on
from interlock.web.coops.rules.access import today
from interlock.web.people.models import Person

LASTED = timedelta(days=14)


def make(coop: Coop, at: datetime) -> None:
    """A van that was bought, with minutes that are signed; and hours that are voted on."""
    office = {"offices__kind": OfficeKind.SECRETARY, "offices__until": None}
    kept = coop.members.filter(**office).select_related("person").first()
    if kept is None or kept.person is None:
        return
    secretary = kept.person
    before = at - timedelta(days=30)
    if bylaws_on(coop, today(coop, before)):
        _van(coop, secretary, kept.name, before)
    hours = decisions.draft_decision(
        coop=coop,
        kind="ordinary",
        form=DecisionForm.PROPOSAL,
        title="The shop opens at nine",
        text="An hour later than now, from Monday to Friday, as a trial until the end of the year.",
        by=secretary,
        at=at,
    )
    decisions.announce(decision=hours, by=secretary, at=at, closes_at=at + LASTED)


def _van(coop: Coop, secretary: Person, name: str, at: datetime) -> None:
    """At a meeting, with all hands but one."""
    van = decisions.draft_decision(
        coop=coop,
        kind="ordinary",
        form=DecisionForm.PROPOSAL,
        title="We buy a second van",
        text="Used, electric, for at most $18,000. Three of us cannot get to the sites without one.",
        by=secretary,
        at=at,
    )
    meets_at = at + LASTED
    decisions.announce(
        decision=van, by=secretary, at=at, meets_at=meets_at, place="In the shop, 14 Pier Road"
    )
    roll = list(van.electors.values_list("number", flat=True))
    deciding.record_attendance(decision=van, came=roll, by=secretary, at=meets_at)
    decisions.open_vote(decision=van, by=secretary, at=meets_at)
    deciding.enter_hands(decision=van, by=secretary, at=meets_at, yes=len(roll) - 1, abstain=1)
    deciding.close(decision=van, by=secretary, at=meets_at)
    minutes.write_minutes(
        decision=van,
        text="We compared three offers. Who drives most keeps the log.",
        by=secretary,
        at=meets_at,
    )
    minutes.sign_record(decision=van, name=name, by=secretary, at=meets_at)
