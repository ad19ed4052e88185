"""Who may do what with a study: every role and every act."""

from collections.abc import Callable

import pytest

from interlock.methods.questionnaires.instruments import tables
from interlock.web.institutions.actions import give_role
from interlock.web.institutions.models import Role
from interlock.web.look.refusals import Refused
from interlock.web.people.models import Person
from interlock.web.surveys import actions
from tests.web.surveys.asked import CLOSES, START, Asked, make_asked

Act = Callable[[Asked, Person], object]


def launch(asked: Asked, by: Person) -> object:
    return actions.launch(
        institution=asked.federation, contact="c", ethics="e", closes_on=CLOSES, by=by, at=START
    )


def add_version(asked: Asked, by: Person) -> object:
    return actions.add_version(study=asked.study, files=tables("ties"), by=by, at=START)


def publish(asked: Asked, by: Person) -> object:
    version = asked.study.versions.get()
    return actions.publish_version(version=version, by=by, at=START)


def open_it(asked: Asked, by: Person) -> object:
    publish(asked, asked.dora)
    return actions.open_study(study=asked.study, by=by, at=START)


def close(asked: Asked, by: Person) -> object:
    open_it(asked, asked.dora)
    return actions.close_study(study=asked.study, by=by, at=START)


def seed(asked: Asked, by: Person) -> object:
    return actions.add_seeds(study=asked.study, number=3, by=by, at=START)


ACTS: tuple[Act, ...] = (launch, add_version, publish, open_it, close, seed)


@pytest.mark.parametrize("act", ACTS, ids=lambda act: act.__name__)
@pytest.mark.parametrize(
    ("who", "may"),
    [("steward", True), ("delegate", False), ("steward of another", False), ("nobody's", False)],
)
def test_only_who_looks_after_the_institution_runs_its_study(
    db: None, act: Act, who: str, may: bool
) -> None:
    asked = make_asked(opens=False, seeds=0)
    other = make_asked(opens=False, seeds=0)
    people = {
        "steward": asked.dora,
        "delegate": Person.objects.by_email("delegate@example.org"),
        "steward of another": Person.objects.by_email("other@example.org"),
        "nobody's": asked.bob,
    }
    give_role(
        institution=asked.federation,
        person=people["delegate"],
        role=Role.DELEGATE,
        by=asked.dora,
        at=START,
    )
    give_role(
        institution=other.federation,
        person=people["steward of another"],
        role=Role.STEWARD,
        by=other.dora,
        at=START,
    )
    if may:
        act(asked, people[who])
        return
    with pytest.raises(Refused) as refusal:
        act(asked, people[who])
    assert refusal.value.status == 403
