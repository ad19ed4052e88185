"""Decisions of Spokes, made by the verbs of the site."""

import re
from dataclasses import dataclass, field
from datetime import date, datetime, timedelta

from interlock.web.coops.actions import deciding, decisions, members
from interlock.web.coops.actions.decisions import OptionSaid
from interlock.web.coops.models import Coop, Decision, DecisionForm, Status
from interlock.web.messages.models import Mail
from interlock.web.people.models import Person
from interlock.web.voting.actions import new_nonce
from tests.web.coops.guild import Guild, make_guild
from tests.world import START

#: Long enough for every notice and every ballot of the presets.
NOTICE = timedelta(days=20)
MEETING = START + NOTICE
ENDS = START + NOTICE
FROM_THE_BEGINNING = date(2025, 1, 1)


@dataclass
class Assembly:
    """A co-op of so many voters, the first of whom are Bob (steward), Ana, Ben (secretary) and Eva."""

    guild: Guild
    coop: Coop
    voters: list[Person] = field(default_factory=list)

    @property
    def secretary(self) -> Person:
        return self.guild.ben

    def draft(
        self,
        kind: str = "ordinary",
        form: DecisionForm = DecisionForm.PROPOSAL,
        title: str = "A second van",
        by: Person | None = None,
        at: datetime = START,
        names: tuple[str, ...] = (),
        **more: object,
    ) -> Decision:
        return decisions.draft_decision(
            coop=self.coop,
            kind=kind,
            form=form,
            title=title,
            text="We buy it used.",
            by=by or self.secretary,
            at=at,
            options=[OptionSaid(name) for name in names],
            **more,  # type: ignore[arg-type]
        )

    def ballot(self, decision: Decision | None = None, **more: object) -> Decision:
        """Announced and open without a meeting."""
        found = decision or self.draft(**more)  # type: ignore[arg-type]
        return decisions.announce(decision=found, by=self.secretary, at=START, closes_at=ENDS)

    def meeting(
        self, came: int, left: int = 0, decision: Decision | None = None, **more: object
    ) -> Decision:
        """Announced, and open at the meeting, where so many came, and so many of them left again."""
        found = decision or self.draft(**more)  # type: ignore[arg-type]
        announced = decisions.announce(
            decision=found, by=self.secretary, at=START, meets_at=MEETING
        )
        numbers = list(range(1, came + 1))
        deciding.record_attendance(decision=announced, came=numbers, by=self.secretary, at=MEETING)
        opened = decisions.open_vote(decision=announced, by=self.secretary, at=MEETING)
        gone = numbers[came - left :] if left else []
        deciding.record_attendance(
            decision=opened, came=numbers, left=gone, by=self.secretary, at=MEETING
        )
        return opened

    def hands(self, decision: Decision, **counted: int) -> Decision:
        deciding.enter_hands(decision=decision, by=self.secretary, at=MEETING, **counted)
        return deciding.close(decision=decision, by=self.secretary, at=MEETING)

    def vote(self, decision: Decision, *answers: str, first: int = 0) -> None:
        """One after the other, the first voter first, openly or in the box."""
        for voter, choice in zip(self.voters[first:], answers, strict=False):
            self.say(decision, voter, choice=choice)

    def rank(self, decision: Decision, *ballots: tuple[int, ...]) -> None:
        for voter, ranks in zip(self.voters, ballots, strict=False):
            if ranks:
                self.say(decision, voter, ranks=ranks)
            else:
                self.say(decision, voter, choice="blank")

    def say(
        self, decision: Decision, voter: Person, choice: str = "", ranks: tuple[int, ...] = ()
    ) -> str:
        if not decision.is_secret:
            deciding.cast(decision=decision, by=voter, at=START, choice=choice, ranks=ranks)
            return ""
        return deciding.cast_secret(
            decision=decision,
            by=voter,
            at=START,
            voting_code=code_of(decision, voter),
            nonce=new_nonce(),
            choice=choice,
            ranks=ranks,
        )

    def leave(self, voter: Person) -> None:
        member = self.coop.members.get(person=voter)
        members.change_status(
            member=member,
            status=Status.FORMER,
            on=START.date(),
            by=self.guild.bob,
            at=START,
            reason="Moves away.",
            own_will=True,
        )

    def closed(self, decision: Decision) -> Decision:
        return deciding.close_if_due(decision=decision, at=ENDS)


def code_of(decision: Decision, voter: Person) -> str:
    """What the newest mail to somebody says is their code."""
    mails = Mail.objects.filter(to=voter.email, text__contains=f"{decision.pk}/ballot")
    mail = mails.order_by("-pk")[0]
    found = re.search(r"^([0-9A-Z]{4}-){3}[0-9A-Z]{2}$", mail.text, re.MULTILINE)
    assert found is not None
    return found.group()


def make_assembly(preset: str, voters: int) -> Assembly:
    """So many who are entitled to ordinary decisions; Iris, who is inactive, is not among them."""
    guild = make_guild(preset=preset)
    people = [guild.bob, guild.ana, guild.ben, guild.eva]
    for number in range(len(people), voters):
        person = Person.objects.by_email(f"voter{number:02}@example.org")
        joins = members.add_member(
            coop=guild.coop,
            name=f"Voter {number:02}",
            status=Status.MEMBER,
            since=FROM_THE_BEGINNING,
            by=guild.bob,
            at=START,
            email=person.email,
        )
        members.invite(member=joins, by=guild.bob, at=START)
        members.accept_invitation(member=joins, by=person, at=START)
        people.append(person)
    by_name = guild.coop.members.filter(person__in=people).order_by("name", "pk")
    return Assembly(guild, guild.coop, [one.person for one in by_name if one.person])
