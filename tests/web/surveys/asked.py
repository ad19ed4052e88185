"""A federation that asks, and people who answer: each by the verbs that the pages use."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import UTC, date, datetime, timedelta

from interlock.methods.questionnaires import Step
from interlock.web.institutions.actions import register
from interlock.web.institutions.models import Institution, Kind
from interlock.web.people.models import Person
from interlock.web.surveys import actions, queries
from interlock.web.surveys.models import Anonymity, Respondent, Study

START = datetime(2027, 5, 3, 15, 0, tzinfo=UTC)
DAY = timedelta(days=1)
CLOSES = date(2027, 6, 30)

COOPERATOR: Mapping[str, Sequence[str]] = {"coop_role": ["member"], "pb_role": ["none"]}
PBER: Mapping[str, Sequence[str]] = {"coop_role": ["none"], "pb_role": ["voter"]}
DUAL: Mapping[str, Sequence[str]] = {"coop_role": ["member"], "pb_role": ["voter"]}
NEITHER: Mapping[str, Sequence[str]] = {"coop_role": ["none"], "pb_role": ["none"]}
CORE: Mapping[str, Sequence[str]] = {
    "net_coop": ["12"],
    "net_pb": ["3"],
    "net_both": ["1"],
    "sender": ["work"],
    "same_move": ["4"],
}


@dataclass
class Asked:
    """Dora's federation, which launched a study; Bob has an account and nothing else."""

    dora: Person
    bob: Person
    federation: Institution
    study: Study
    cards: list[actions.Card] = field(default_factory=list)

    def enter(self, at: datetime = START, **way: str) -> actions.Entered:
        return actions.consent(study=self.study, at=at, **way)

    def page(
        self, code: str, answers: Mapping[str, Sequence[str]] = CORE, at: datetime = START
    ) -> Step:
        """Answer the page where somebody is."""
        respondent = queries.respondent_of(code)
        assert respondent
        step = actions.where(respondent=respondent, language="en")
        assert step.page
        return actions.save_page(
            code=code, page=step.page.key, posted=answers, language="en", at=at
        )

    def core(
        self,
        code: str,
        role: Mapping[str, Sequence[str]] = COOPERATOR,
        at: datetime = START,
        answers: Mapping[str, Sequence[str]] = CORE,
    ) -> Respondent:
        """Answer until the core is submitted."""
        step = self.page(code, role, at)
        while step.page and not step.core_done:
            assert not step.errors, step.errors
            step = self.page(code, answers, at)
        found = queries.respondent_of(code)
        assert found
        return found


def make_asked(
    *,
    seeds: int = 2,
    anonymity: str = Anonymity.CHAIN,
    opens: bool = True,
    at: datetime = START,
    closes_on: date = CLOSES,
) -> Asked:
    dora, bob = (Person.objects.by_email(f"{name}@example.org") for name in ("dora", "bob"))
    federation = register(name="Three Rivers", kind=Kind.FEDERATION, at=at, steward=dora)
    study = actions.launch(
        institution=federation,
        contact="survey@threerivers.example",
        ethics="ethics@threerivers.example",
        closes_on=closes_on,
        anonymity=anonymity,
        by=dora,
        at=at,
    )
    made = Asked(dora, bob, federation, study)
    if opens:
        actions.publish_version(version=study.versions.get(), by=dora, at=at)
        made.study = actions.open_study(study=study, by=dora, at=at)
    if seeds and study.is_chain:
        made.cards = actions.add_seeds(study=study, number=seeds, by=dora, at=at)
    return made
