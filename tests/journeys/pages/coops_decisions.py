"""The pages of a co-op's decisions: a proposal, consent, a secret ballot, an election, a meeting."""

from datetime import UTC, datetime, timedelta

from interlock.web.coops.actions import deciding, decisions, minutes
from interlock.web.coops.actions.decisions import OptionSaid
from interlock.web.coops.models import Coop, Decision, DecisionForm
from interlock.web.people.models import Person
from tests.journeys.pages.walking import Stage, Way, at, sent
from tests.web.coops.guild import Guild, make_guild

NAMES = ("Ana Ruiz", "Ben Okafor", "Eva Lind")


def drafted(
    coop: Coop, by: Person, on: datetime, title: str, form: str = "proposal", kind: str = "ordinary"
) -> Decision:
    said = [OptionSaid(name, "Cada jueves." if name == NAMES[0] else "") for name in NAMES]
    return decisions.draft_decision(
        coop=coop,
        kind=kind,
        form=DecisionForm(form),
        title=title,
        text="Used; a **warranty**.",
        by=by,
        at=on,
        options=said if form == "election" else (),
    )


def coops_decisions() -> Stage:
    """A co-op by CoLab's bylaws whose secretary looks at everything."""
    now = datetime.now(UTC)
    guild = make_guild(preset="colab", at=now - timedelta(days=30))
    coop, ben, people = guild.coop, guild.ben, (guild.bob, guild.ana, guild.ben, guild.eva)
    begun, end = now - timedelta(days=20), now - timedelta(days=2)
    told = {"by": ben, "at": begun}
    done = decisions.announce(decision=drafted(coop, ben, begun, "Furgo 2"), closes_at=end, **told)
    for person, choice in zip(people, ("yes", "no", "no", "abstain"), strict=True):
        deciding.cast(decision=done, by=person, at=begun, choice=choice)
    done = deciding.close_if_due(decision=done, at=end)
    minutes.write_minutes(decision=done, text="Ana: OK.", by=ben, at=end)
    board = decisions.announce(
        decision=drafted(coop, ben, begun, "Mesa 2027", "election", "election"),
        closes_at=end,
        **told,
    )
    for person, ranks in zip(people, ([1, 2], [2, 3, 1], [3, 1], [1]), strict=True):
        deciding.cast(decision=board, by=person, at=begun, ranks=ranks)
    deciding.close_if_due(decision=board, at=end)
    later = now + timedelta(days=14)
    consent = decisions.announce(
        decision=drafted(coop, ben, now, "Horario 9–17", "consent"), closes_at=later, by=ben, at=now
    )
    objection = deciding.object_to(decision=consent, text="08:00", by=guild.eva, at=now)
    deciding.resolve_objection(objection=objection, resolution="08:30", by=ben, at=now)
    vote = decisions.announce(
        decision=drafted(coop, ben, now, "Mesa 2028", "election", "election"),
        closes_at=later, by=ben, at=now,
    )  # fmt: skip
    meeting = decisions.announce(
        decision=drafted(coop, ben, now, "Sede"), meets_at=now, by=ben, at=now, place="Sede 1"
    )
    deciding.record_attendance(decision=meeting, came=[1, 2, 3], left=[3], by=ben, at=now)
    decisions.open_vote(decision=meeting, by=ben, at=now)
    draft = drafted(coop, ben, now, "Taller")
    home = f"/coops/{coop.institution.slug}/decisions/"
    ways: dict[str, Way] = {
        "decisions": at(home),
        "propose": at(f"{home}new/"),
        "propose an election": at(f"{home}new/?kind=election"),
        "propose, refused": sent(f"{home}new/"),
        "draft": at(_of(draft)),
        "announce": at(f"{_of(draft)}announce/"),
        "announce, refused": sent(f"{_of(draft)}announce/"),
        "change": at(f"{_of(draft)}edit/"),
        "consent": at(_of(consent)),
        "election": at(_of(vote)),
        "meeting": at(f"{_of(meeting)}meeting/"),
        "decided": at(_of(done)),
        "elected": at(_of(board)),
        "minutes": at(f"{_of(done)}minutes/"),
        "record": at(f"{_of(done)}record/"),
        "cancel": at(f"{_of(vote)}cancel/"),
    }
    return Stage(ways, by=ben)


def coops_ballots() -> Stage:
    """A co-op that votes in secret, seen by a member who wants something herself."""
    now = datetime.now(UTC)
    guild: Guild = make_guild(preset="hypha", at=now - timedelta(days=30))
    later = now + timedelta(days=14)
    secret = decisions.announce(
        decision=drafted(guild.coop, guild.ben, now, "Furgo 2"),
        closes_at=later,
        by=guild.ben,
        at=now,
    )
    board = decisions.announce(
        decision=drafted(guild.coop, guild.ben, now, "Mesa 2027", "election", "election"),
        closes_at=later, by=guild.ben, at=now,
    )  # fmt: skip
    initiative = drafted(guild.coop, guild.ana, now, "Comedor")
    decisions.sign(decision=initiative, by=guild.ana, at=now)
    home = f"/coops/{guild.coop.institution.slug}/decisions/"
    ways: dict[str, Way] = {
        "secret": at(_of(secret)),
        "ballot": at(f"{_of(secret)}ballot/"),
        "ballot, refused": sent(f"{_of(secret)}ballot/"),
        "ballot of an election": at(f"{_of(board)}ballot/"),
        "initiative": at(_of(initiative)),
        "propose as a member": at(f"{home}new/"),
    }
    return Stage(ways, by=guild.eva)


def _of(decision: Decision) -> str:
    return decision.get_absolute_url()
