"""Two parties act at the same moment, from real threads: nothing is lost, nothing is done twice."""

from functools import partial

import pytest

from interlock.web.look.refusals import Refused
from interlock.web.record.models import Entry
from interlock.web.record.queries import first_broken_link
from interlock.web.ties.models import Tie
from interlock.web.ways import actions
from interlock.web.ways.actions import Overtaken, WouldVoid
from interlock.web.ways.models import Proposal, Signature, State, Version
from tests.web.threads import Crew, Job
from tests.web.ways.stages import Sides, half_signed, invited, joined, written
from tests.world import START, make_world

ROUNDS = 5


@pytest.fixture
def crew(emptied: None) -> object:
    with Crew(2) as hands:
        yield hands


def outcome(job: Job[object]) -> str:
    """What one was told: nothing, or the refusal's kind."""
    try:
        job()
    except Refused as refusal:
        return type(refusal).__name__
    return "done"


def write(sides: Sides, text: str, *, city: bool, base: int, place: int = 0) -> Job[object]:
    latest = Version.objects.get(proposal=sides.proposal, number=base)
    sections = [dict(one) for one in latest.sections]
    sections[place] = {**sections[place], "text": {"en": text}}
    return partial(
        actions.write,
        proposal=sides.proposal,
        acting=sides.city if city else sides.mill,
        by=sides.alice if city else sides.mia,
        at=START,
        base=base,
        title=latest.title,
        sections=sections,
    )


def sign(sides: Sides, *, city: bool) -> Job[object]:
    text = Version.objects.filter(proposal=sides.proposal).latest("number")
    return partial(
        actions.sign,
        proposal=sides.proposal,
        acting=sides.city if city else sides.mill,
        by=sides.alice if city else sides.mia,
        at=START,
        version=text.number,
        read=text.fingerprint,
    )


def test_two_sign_at_once_and_agree_once(crew: Crew) -> None:
    sides = written(make_world(letters=1))
    told = crew.at_once(
        partial(outcome, sign(sides, city=True)), partial(outcome, sign(sides, city=False))
    )
    sides.proposal.refresh_from_db()
    assert (told, sides.proposal.state) == (["done", "done"], State.AGREED)
    assert (Signature.objects.count(), Tie.objects.count()) == (2, 1)
    assert Entry.objects.filter(act="proposal.agreed").count() == 1
    assert first_broken_link() is None


def test_same_signature_twice_at_once_is_one(crew: Crew) -> None:
    sides = written(make_world(letters=1))
    told = crew.at_once(*[partial(outcome, sign(sides, city=True))] * 2)
    assert sorted(told) == ["Refused", "done"]
    assert Signature.objects.count() == 1


@pytest.mark.parametrize("_round", range(ROUNDS))
def test_one_writes_while_another_signs(crew: Crew, _round: int) -> None:
    """Whoever is first: no signature stands under a text that its signer has not read."""
    sides = half_signed(make_world(letters=1))
    told = crew.at_once(
        partial(outcome, write(sides, "Rolls", city=True, base=3)),
        partial(outcome, sign(sides, city=False)),
    )
    sides.proposal.refresh_from_db()
    latest = sides.latest()
    # The city knows of no signature when it writes, so its own is in the way: void is asked first.
    assert told == ["WouldVoid", "done"] or told == ["Refused", "done"]
    assert (latest.number, latest.signatures.count(), sides.proposal.state) == (3, 2, State.AGREED)


@pytest.mark.parametrize("_round", range(ROUNDS))
def test_one_writes_a_text_that_another_is_about_to_sign(crew: Crew, _round: int) -> None:
    sides = written(make_world(letters=1))
    told = crew.at_once(
        partial(outcome, write(sides, "Rolls", city=True, base=3)),
        partial(outcome, sign(sides, city=False)),
    )
    latest = sides.latest()
    found = (told, latest.number, latest.signatures.count())
    assert found in (
        (["done", "Refused"], 4, 0),
        ([WouldVoid.__name__, "done"], 3, 1),
    )


@pytest.mark.parametrize("_round", range(ROUNDS))
def test_two_write_at_once_and_one_is_told(crew: Crew, _round: int) -> None:
    sides = written(make_world(letters=1))
    jobs = [
        write(sides, "Rolls", city=True, base=3),
        write(sides, "The law", city=False, base=3, place=1),
    ]
    told = crew.at_once(*[partial(outcome, job) for job in jobs])
    assert sorted(told) == [Overtaken.__name__, "done"]
    assert [one.number for one in Version.objects.order_by("number")] == [1, 2, 3, 4]


def test_invitation_is_accepted_while_it_is_taken_back(crew: Crew) -> None:
    sides = invited(make_world(letters=1))
    party = sides.party(sides.mill)
    told = crew.at_once(
        partial(outcome, partial(actions.accept, party=party, by=sides.mia, at=START)),
        partial(
            outcome,
            partial(
                actions.take_back, party=sides.party(sides.mill), acting=sides.city,
                by=sides.alice, at=START,
            ),
        ),
    )  # fmt: skip
    assert sorted(told) == ["Refused", "done"]
    assert sides.party(sides.mill).takes_part == (told[0] == "done")


def test_both_leave_a_draft_at_once_and_it_is_given_up(crew: Crew) -> None:
    sides = joined(make_world(letters=1))
    told = crew.at_once(
        *[
            partial(
                outcome,
                partial(
                    actions.leave,
                    proposal=sides.proposal,
                    acting=acting,
                    by=by,
                    at=START,
                    reason="No",
                ),
            )
            for acting, by in ((sides.city, sides.alice), (sides.mill, sides.mia))
        ]
    )
    assert (told, Proposal.objects.get().state) == (["done", "done"], State.GIVEN_UP)
