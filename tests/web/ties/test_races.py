"""Two at the same moment."""

from collections.abc import Callable
from datetime import timedelta
from typing import Any

import pytest

from interlock.web.institutions.actions import register
from interlock.web.institutions.models import Institution
from interlock.web.look.refusals import Refused
from interlock.web.ties import rules
from interlock.web.ties.actions import confirm, dispute, say, withdraw, witness
from interlock.web.ties.models import Predicate, Standing, Tie, Word
from tests.web.threads import Crew
from tests.world import START, World, both, make_world

ROUNDS = 12


@pytest.fixture
def town(emptied: None) -> World:
    return make_world(letters=0)


@pytest.fixture
def mill(town: World) -> Institution:
    return register(name=both("Mill", "Molino"), kind="worker_coop", at=START, steward=town.bob)


def trying(job: Callable[[], Any]) -> Callable[[], object]:
    """The job's answer, or the status of its refusal."""

    def tried() -> object:
        try:
            return job()
        except Refused as refusal:
            return refusal.status

    return tried


def says(town: World, mill: Institution, number: int, of_mill: bool) -> Callable[[], Any]:
    speaker, by = (mill, town.bob) if of_mill else (town.city, town.alice)
    return trying(
        lambda: say(
            subject=town.city,
            predicate=Predicate.FUNDS,
            object=mill,
            speaker=speaker,
            by=by,
            at=START,
            since=START.date() + timedelta(days=number),
        )
    )


def test_both_sides_say_the_same_tie_at_once(town: World, mill: Institution) -> None:
    with Crew(2) as crew:
        for number in range(ROUNDS):
            crew.at_once(says(town, mill, number, True), says(town, mill, number, False))
    assert [tie.standing for tie in Tie.objects.all()] == [Standing.CONFIRMED] * ROUNDS


def test_partners_say_so_at_once_from_either_side(town: World, mill: Institution) -> None:
    jobs = [
        trying(
            lambda one=one, other=other, by=by: say(
                subject=one,
                predicate=Predicate.PARTNERS_WITH,
                object=other,
                speaker=one,
                by=by,
                at=START,
            )
        )
        for one, other, by in ((town.city, mill, town.alice), (mill, town.city, town.bob))
    ]
    with Crew(2) as crew:
        crew.at_once(*jobs)
    assert [tie.standing for tie in Tie.objects.all()] == [Standing.CONFIRMED]


def test_witnessed_at_once_it_is_one_tie(town: World, mill: Institution) -> None:
    with Crew(4) as crew:
        for number in range(ROUNDS):
            seen = {
                tie.pk
                for tie in crew.at_once(
                    *[
                        lambda number=number: witness(
                            subject=town.city,
                            predicate=Predicate.FUNDS,
                            object=mill,
                            witness=f"award/{number}",
                            at=START,
                        )
                    ]
                    * 4
                )
            }
            assert len(seen) == 1
    assert Tie.objects.count() == ROUNDS


def test_yes_and_withdrawal_at_once_leave_one_word_or_none(town: World, mill: Institution) -> None:
    """Confirmed first, it stands on the other's word; withdrawn first, there is none to confirm."""
    with Crew(2) as crew:
        for number in range(ROUNDS):
            tie = says(town, mill, number, False)()
            tie = Tie.objects.get(pk=tie.pk)
            yes, _gone = crew.at_once(
                trying(lambda tie=tie: confirm(tie=tie, speaker=mill, by=town.bob, at=START)),
                trying(
                    lambda tie=tie: withdraw(tie=tie, speaker=town.city, by=town.alice, at=START)
                ),
            )
            tie.refresh_from_db()
            if yes == 409:
                assert tie.withdrawn_at
            else:
                assert (tie.withdrawn_at, tie.said_by, tie.silent) == (None, mill, [town.city])


def test_days_limit_holds_for_what_is_done_at_once(
    town: World, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Also where no two of them are about the same institutions, as what is said of others."""
    monkeypatch.setattr(rules, "MOST_SAID", 3)
    others = [register(name=f"Other {number}", kind="firm", at=START) for number in range(12)]
    jobs = [
        trying(
            lambda one=one, other=other: say(
                subject=one,
                predicate=Predicate.HOSTS,
                object=other,
                speaker=town.city,
                by=town.alice,
                at=START,
            )
        )
        for one, other in zip(others[:6], others[6:], strict=True)
    ]
    with Crew(6) as crew:
        answers = crew.at_once(*jobs)
    assert (answers.count(429), Tie.objects.count()) == (3, 3)


def test_yes_and_no_of_one_side_at_once_are_told_in_one_order(
    town: World, mill: Institution
) -> None:
    with Crew(2) as crew:
        for number in range(ROUNDS):
            tie = says(town, mill, number, False)()
            tie = Tie.objects.get(pk=tie.pk)
            crew.at_once(
                trying(lambda tie=tie: confirm(tie=tie, speaker=mill, by=town.bob, at=START)),
                trying(
                    lambda tie=tie: dispute(
                        tie=tie, speaker=mill, by=town.bob, at=START, reason="No."
                    )
                ),
            )
            last = Word.objects.filter(tie=tie).latest("pk").act
            tie.refresh_from_db()
            assert tie.standing.value == last
