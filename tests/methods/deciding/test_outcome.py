"""The arithmetic of a decision: by hand first, then what holds of every rule and vote."""

import math
from dataclasses import replace
from datetime import date
from fractions import Fraction

import pytest
from hypothesis import assume, given
from hypothesis import strategies as st

from interlock.methods.deciding import (
    Continuing,
    DecidingError,
    Electorate,
    Level,
    Objections,
    Quorum,
    Rule,
    Tally,
    Threshold,
    Unanimity,
    outcome,
)
from tests.methods.deciding.votes import (
    BASES,
    HALF,
    MAJORITY,
    MORE_THAN_HALF,
    SHARES,
    rules,
    tallies,
    thresholds,
)


def test_majority_of_yes_and_no_carries_and_tells_its_arithmetic() -> None:
    tally = Tally(entitled=10, present=8, yes=4, no=3, abstain=1)
    found = outcome(Rule(MAJORITY, MORE_THAN_HALF), tally)
    assert found.is_carried
    assert [str(one) for one in found.steps] == [
        "Entitled: 10.",
        "Yes: 4. No: 3. Abstentions: 1. Blank: 0.",
        "Taking part: 8 of 10. Quorum: 6.",
        "Counted from those who vote yes or no: 7.",
        "More than half of 7 is at least 4. Yes: 4.",
        "Carried.",
    ]
    assert found.to_json()["steps"][4] == {
        "code": "more-than",
        "facts": {"share": "1/2", "size": 7, "needed": 4, "yes": 4},
        "is_met": True,
    }


@pytest.mark.parametrize(
    ("base", "result"),
    [
        ("yes-no", "carried"),  # 6 of 8, and 5 1/3 are asked for
        ("cast", "carried"),  # 6 of 9
        ("present", "not-carried"),  # 6 of 10
        ("entitled", "not-carried"),  # 6 of 12
    ],
)
def test_same_votes_are_carried_or_not_by_what_they_are_counted_from(
    base: str, result: str
) -> None:
    tally = Tally(entitled=12, present=10, yes=6, no=2, blank=1)
    assert outcome(Rule(Threshold(Fraction(2, 3), base)), tally).result == result


@pytest.mark.parametrize(
    ("share", "is_strict", "yes", "is_carried"),
    [(HALF, True, 4, False), (HALF, False, 4, True), (HALF, True, 5, True)],
)
def test_exactly_half_is_not_more_than_half(
    share: Fraction, is_strict: bool, yes: int, is_carried: bool
) -> None:
    tally = Tally(entitled=8, present=8, yes=yes, no=8 - yes)
    assert outcome(Rule(Threshold(share, "cast", is_strict)), tally).is_carried == is_carried


def test_tie_is_told() -> None:
    found = outcome(Rule(MAJORITY), Tally(entitled=8, present=8, yes=4, no=4))
    assert [one.code for one in found.steps[-2:]] == ["tied", "not-carried"]


def test_nothing_is_carried_that_nobody_says_yes_to() -> None:
    for passing in (Threshold(HALF, "yes-no"), Unanimity("yes-no", 1), Unanimity("yes-no", 5)):
        found = outcome(Rule(passing), Tally(entitled=5, present=5, abstain=5))
        assert [one.code for one in found.steps[-2:]] == ["nobody", "not-carried"]


def test_silence_carries_where_only_objections_count() -> None:
    rule = Rule(Objections(Level(2, Fraction(1, 4)), "entitled"))
    assert outcome(rule, Tally(entitled=12, present=3, no=1, objections=2)).is_carried
    assert not outcome(rule, Tally(entitled=11, present=3, no=1, objections=2)).is_carried
    assert outcome(rule, Tally(entitled=11, present=0)).is_carried


def test_objection_is_a_no_and_standing_aside_an_abstention() -> None:
    tally = Tally(entitled=9, present=9, yes=6, objections=1, stand_asides=2)
    assert [tally.size(base) for base in BASES] == [7, 9, 9, 9]
    assert outcome(Rule(Unanimity("yes-no", 1)), tally).is_carried
    assert not outcome(Rule(Unanimity("yes-no")), tally).is_carried
    assert not outcome(Rule(Unanimity("cast", 1)), tally).is_carried


@pytest.mark.parametrize(
    ("continuing", "yes", "result"),
    [
        (None, 5, "no-quorum"),
        (Continuing(Fraction(3, 4)), 5, "carried"),  # 3/4 of 6 is 4 1/2
        (Continuing(Fraction(3, 4)), 4, "not-carried"),
        (Continuing(HALF, is_strict=True), 4, "carried"),
        (Continuing(HALF, is_strict=True), 3, "not-carried"),
    ],
)
def test_lost_quorum_asks_for_yes_from_part_of_it(
    continuing: Continuing | None, yes: int, result: str
) -> None:
    rule = Rule(MAJORITY, MORE_THAN_HALF, continuing=continuing)
    tally = Tally(entitled=10, present=5, yes=yes, no=0, left=2)
    assert outcome(rule, tally).result == result


def test_quorum_that_never_was_is_not_lost() -> None:
    rule = Rule(MAJORITY, MORE_THAN_HALF, continuing=Continuing(HALF))
    assert outcome(rule, Tally(entitled=10, present=4, yes=4, left=1)).result == "no-quorum"


def test_nobody_waits_for_who_left_the_coop() -> None:
    rule = Rule(Threshold(HALF, "entitled", is_strict=True), MORE_THAN_HALF)
    assert not outcome(rule, Tally(entitled=10, present=5, yes=5)).is_carried
    found = outcome(rule, Tally(entitled=10, present=5, yes=5, departed=1))
    assert found.is_carried
    assert found.steps[0].facts == {"roll": 10, "departed": 1, "entitled": 9}


@pytest.mark.parametrize(
    ("numbers", "codes"),
    [
        ({"entitled": 5, "present": 3, "yes": 4}, ["more-votes"]),
        ({"entitled": 5, "present": 6}, ["more-present"]),
        ({"entitled": 5, "present": 4, "left": 2}, ["more-present"]),
        ({"entitled": 5, "present": 5, "departed": 1}, ["more-present"]),
        ({"entitled": 5, "present": 5, "yes": -1, "no": 7}, ["negative", "more-votes"]),
    ],
)
def test_votes_that_cannot_be_are_refused(numbers: dict[str, int], codes: list[str]) -> None:
    with pytest.raises(DecidingError) as told:
        Tally(**numbers)
    assert [one.code for one in told.value.faults] == codes


def test_quorum_of_a_number_is_that_number() -> None:
    assert Quorum(Level(3), is_strict=True).least(100) == 3
    assert Quorum(Level(3, HALF), is_strict=True).least(6) == 4
    assert Quorum(Level(3, HALF), is_strict=True).least(4) == 3
    assert Quorum().least(100) == 0


def test_tenure_is_counted_to_the_record_date() -> None:
    electorate = Electorate(least_days=30)
    record = date(2026, 5, 31)
    assert electorate.includes("member", date(2026, 5, 1), record)
    assert not electorate.includes("member", date(2026, 5, 2), record)
    assert not electorate.includes("inactive", date(2020, 1, 1), record)


@given(thresholds, st.integers(0, 60))
def test_needed_is_the_smallest_number_that_is_enough(passing: Threshold, size: int) -> None:
    def is_enough(yes: int) -> bool:
        bar = passing.share * size
        return yes > 0 and (yes > bar if passing.is_strict else yes >= bar)

    needed = passing.needed(size)
    assert is_enough(needed)
    assert not is_enough(needed - 1)


@given(rules, tallies())
def test_every_outcome_follows_from_its_steps(rule: Rule, tally: Tally) -> None:
    found = outcome(rule, tally)
    tests = [one.is_met for one in found.steps if one.is_met is not None]
    assert found.is_carried == all(tests)
    assert all(str(one) for one in found.steps)
    assert found == outcome(rule, tally)


@given(thresholds, tallies())
def test_one_more_no_never_helps_under_a_threshold(passing: Threshold, tally: Tally) -> None:
    # Without a quorum: a no that makes the quorum does help, and that is the quorum's doing.
    more = replace(tally, no=tally.no + 1, present=tally.present + 1, entitled=tally.entitled + 1)
    assert outcome(Rule(passing), more).is_carried <= outcome(Rule(passing), tally).is_carried


@given(rules, tallies())
def test_a_no_that_becomes_a_yes_never_hurts(rule: Rule, tally: Tally) -> None:
    assume(tally.no)
    better = replace(tally, no=tally.no - 1, yes=tally.yes + 1)
    assert outcome(rule, better).is_carried >= outcome(rule, tally).is_carried


@given(st.sampled_from(SHARES), tallies())
def test_larger_bases_are_harder(share: Fraction, tally: Tally) -> None:
    carried = [outcome(Rule(Threshold(share, base)), tally).is_carried for base in BASES]
    assert carried == sorted(carried, reverse=True)


@given(rules, st.integers(0, 40))
def test_quorum_and_asking_are_whole_numbers_that_reach(rule: Rule, entitled: int) -> None:
    level = rule.quorum.level
    least = rule.quorum.least(entitled)
    assert least >= level.of(entitled)
    assert least <= max(level.count, math.floor(level.share * entitled) + 1)
