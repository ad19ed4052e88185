import json
import random
from dataclasses import replace
from fractions import Fraction
from importlib.util import find_spec

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from interlock.methods.counting import Election, Reason, Result, count, sentence
from interlock.methods.counting.election import Cap, Limits
from interlock.methods.counting.limits import Field

from .elections import Plain, case_of, election_of, elections, with_limits, with_points

needs_scipy = pytest.mark.skipif(find_spec("scipy") is None, reason="SciPy: optimum under limits")
RULES = [
    "greedy",
    "greedy-no-skip",
    "greedy/per-cost",
    "equalshares-exact/add-opt",
    "equalshares-bos",
    "phragmen",
    "maximin-support",
    pytest.param("optimum", marks=needs_scipy),
]
TOWN = Election.from_approvals(
    {"park": 40, "bus": 30, "trees": 20, "bench": 10},
    100,
    [["park", "bus", "trees"], ["park", "bus"], ["park", "bench"], ["trees"], ["bus"]],
)


def limited(election: Election = TOWN, **limits: object) -> Election:
    return replace(election, limits=Limits(**limits))  # type: ignore[arg-type]


def reason_of(result: Result, project: str) -> Reason:
    return next(one.reason for one in result.outcomes if one.project == project)


@pytest.mark.parametrize("rule", RULES)
def test_project_below_the_threshold_takes_no_part(rule: str) -> None:
    result = count(limited(least_points=2), rule)
    assert set(result.funded) == {"park", "bus", "trees"}
    assert reason_of(result, "bench") == Reason("too-few-votes", 1, facts={"least": 2})


@pytest.mark.parametrize("rule", RULES)
def test_threshold_is_of_votes_reached_not_passed(rule: str) -> None:
    assert "trees" in count(limited(least_points=2), rule).funded
    assert set(count(limited(least_points=3), rule).funded) == {"park", "bus"}


def test_threshold_of_points_is_told_in_points() -> None:
    pointed = Election.from_approvals({"a": 1, "b": 1}, 2, [["a", "b"]] * 2, kind="ordinal")
    result = count(limited(pointed, least_points=3), "greedy")
    assert result.funded == ("a",)
    assert reason_of(result, "b") == Reason("below-threshold", 2, facts={"points": 2, "least": 3})


@pytest.mark.parametrize("rule", RULES)
def test_of_an_exclusive_group_at_most_one_is_funded(rule: str) -> None:
    result = count(limited(exclusive=(("park", "bus"),)), rule)
    assert len({"park", "bus"} & set(result.funded)) == 1
    assert {"trees", "bench"} < set(result.funded)


def test_the_funded_one_that_excludes_is_named() -> None:
    result = count(
        limited(exclusive=(("park", "bus"),)), "greedy", ["park", "bus", "trees", "bench"]
    )
    assert reason_of(result, "bus") == Reason("excluded", 3, facts={"other": "park"})


@pytest.mark.parametrize("rule", RULES)
def test_a_cap_holds_for_its_projects(rule: str) -> None:
    result = count(limited(caps=(Cap("centre", 50, ("park", "bus", "bench")),)), rule)
    assert sum({"park": 40, "bus": 30, "bench": 10}.get(one, 0) for one in result.funded) <= 50
    assert "trees" in result.funded


def test_what_no_longer_fits_under_a_cap_is_told_what_was_left() -> None:
    caps = (Cap("centre", 60, ("park", "bus")),)
    result = count(limited(caps=caps), "greedy", ["park", "bus", "trees", "bench"])
    amounts = {"left": Fraction(20), "cost": Fraction(30)}
    assert reason_of(result, "bus") == Reason("cap-reached", 3, amounts, facts={"cap": "centre"})
    assert result.funded == ("park", "trees", "bench")


@pytest.mark.parametrize("rule", ["greedy-no-skip", "phragmen", "maximin-support"])
def test_what_is_out_by_a_limit_does_not_end_the_count(rule: str) -> None:
    caps = (Cap("centre", 39, ("park",)),)
    assert set(count(limited(caps=caps), rule).funded) == {"bus", "trees", "bench"}


def test_the_first_reason_that_holds_is_told() -> None:
    election = Election.from_approvals(
        {"a": 9, "b": 9, "c": 5, "d": 5, "e": 5}, 8, [["a", "c", "d"]]
    )
    caps = (Cap("centre", 4, ("a", "b", "c", "d", "e")),)
    field = Field(limited(election, least_points=1, caps=caps))
    assert [field.out[p].kind for p in range(5)] == [
        "over-budget",
        "over-budget-without-votes",
        "cap-reached",
        "cap-reached",
        "no-votes",
    ]
    assert field.inside == []


@pytest.mark.parametrize("rule", RULES)
def test_free_projects_need_a_vote_and_fit_under_every_cap(rule: str) -> None:
    election = Election.from_approvals({"free": 0, "unloved": 0, "a": 5}, 5, [["free"], ["a"]])
    result = count(limited(election, caps=(Cap("centre", 0, ("free", "a")),)), rule)
    assert result.funded == ("free",)
    assert reason_of(result, "unloved") == Reason("no-votes", 0)
    assert reason_of(result, "a").kind == "cap-reached"


@pytest.mark.parametrize("rule", RULES)
def test_project_dearer_than_the_budget_is_out_and_changes_nothing(rule: str) -> None:
    dear = Election.from_approvals({"withdrawn": 999_999_999, "a": 5}, 5, [["a", "withdrawn"]])
    result = count(limited(dear, exclusive=(("withdrawn", "a"),)), rule)
    assert result.funded == ("a",)
    assert reason_of(result, "withdrawn").kind == "over-budget"


@pytest.mark.parametrize("rule", RULES)
def test_budget_of_nothing_funds_what_is_free(rule: str) -> None:
    election = Election.from_approvals({"free": 0, "a": 1}, 0, [["free", "a"]])
    assert count(election, rule).funded == ("free",)


@pytest.mark.parametrize(
    ("rule", "lacking", "plain"),
    [
        ("greedy-threshold", "needs a least number of points, and none is given", "greedy"),
        ("greedy-exclusive", "needs groups of projects that exclude each other", "greedy"),
        ("greedy-exclusive/per-cost", "needs groups of projects", "greedy/per-cost"),
    ],
)
def test_rule_of_a_limit_without_it_is_refused(rule: str, lacking: str, plain: str) -> None:
    with pytest.raises(ValueError, match=f'{lacking}.*count by "{plain}"'):
        count(TOWN, rule)


def test_rule_of_a_limit_counts_with_it() -> None:
    least, group = limited(least_points=1), limited(exclusive=(("park", "bus"),))
    assert count(least, "greedy-threshold").funded == count(TOWN, "greedy").funded
    assert count(group, "greedy-exclusive").funded == count(group, "greedy").funded


def test_limits_name_projects_of_the_election() -> None:
    with pytest.raises(ValueError, match='names "ghost", which is not a project'):
        limited(exclusive=(("ghost", "park"),))


def test_a_cap_is_no_negative_amount() -> None:
    with pytest.raises(ValueError, match="The amount of centre must be from 0"):
        limited(caps=(Cap("centre", -1, ("park",)),))


@needs_scipy
def test_overlapping_groups_and_caps_each_hold() -> None:
    election = limited(
        exclusive=(("park", "bus"), ("bus", "trees")),
        caps=(Cap("centre", 55, ("park", "trees", "bench")), Cap("green", 25, ("trees", "bench"))),
    )
    order = ["park", "bus", "trees", "bench"]
    assert count(election, "greedy", order).funded == ("park", "bench")
    assert count(election, "optimum", order).funded == ("park", "bench")
    assert count(election, "optimum", order[1:] + order[:1]).funded == ("bus", "bench")


@pytest.mark.parametrize("rule", RULES)
@given(plain=elections(), seed=st.integers(0, 99))
@settings(max_examples=40)
def test_under_limits_every_reason_can_be_told_and_stored(
    rule: str, plain: Plain, seed: int
) -> None:
    rng = random.Random(seed)
    case, kind = case_of(plain), "approval"
    if rule not in ("phragmen", "maximin-support", "equalshares-exact/add-opt"):
        case, kind = with_points(rng, plain)
    election = election_of(with_limits(rng, case), kind)
    for outcome in count(election, rule).outcomes:
        assert outcome.funded == outcome.reason.kind.startswith(("funded", "in-the-optimum"))
        stored = json.loads(json.dumps(outcome.reason.to_json()))
        assert Reason.from_json(stored) == outcome.reason
        assert "%" not in sentence(outcome.reason, money=str)
