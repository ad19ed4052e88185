import random
import re

import numpy as np
import pytest

from interlock.methods.counting import Ballots, Election
from interlock.methods.counting import election as election_module


def test_election_knows_votes_and_supporters() -> None:
    election = Election.from_approvals({"a": 1, "b": 2, "c": 3}, 9, [["b", "a"], [], ["b"]])
    assert election.votes == (1, 2, 0)
    assert [election.supporters_of(p).tolist() for p in range(3)] == [[0], [0, 2], []]
    assert len(election.ballots) == 3


def test_ballots_of_every_kind_keep_order_and_points() -> None:
    ballots = Ballots("ordinal", np.array([0, 2]), np.array([1, 0]))
    assert ballots.projects.tolist() == [1, 0]
    pointed = Ballots("cumulative", np.array([0, 2]), np.array([1, 0]), np.array([7, 3]))
    assert pointed.points is not None
    assert pointed.points.tolist() == [7, 3]


def test_marks_of_voters_are_gathered_in_their_order() -> None:
    ballots = Ballots("approval", np.array([0, 2, 2, 3]), np.array([5, 6, 7]))
    assert ballots.marks_of(np.array([2, 1, 0])).tolist() == [7, 5, 6]
    assert ballots.marks_of(np.array([], np.int32)).tolist() == []


@pytest.mark.parametrize("at_once", [1, 2, 3, 7, 1000])
def test_supporters_are_the_same_in_parts_of_any_length(
    at_once: int, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(election_module, "_AT_ONCE", at_once)
    rng = random.Random(at_once)
    for _ in range(40):
        ballots = [rng.sample(range(5), rng.choice([0, 0, 1, 2, 5])) for _ in range(9)]
        given = [{p: rng.choice([0, 1, 3]) for p in ballot} for ballot in ballots]
        marks = [p for ballot in ballots for p in ballot]
        points = np.array([w for ballot in given for w in ballot.values()], np.int64)
        offsets = np.cumsum([0, *map(len, ballots)])
        for kind, beside in (("approval", None), ("scoring", points)):
            rows = Ballots(kind, offsets, np.array(marks, np.int32), beside)
            election = Election(tuple("abcde"), (1,) * 5, 9, 1, rows)
            for p in range(5):
                told = [
                    (voter, ballot[p])
                    for voter, ballot in enumerate(given)
                    if p in ballot and (beside is None or ballot[p])
                ]
                assert election.supporters_of(p).tolist() == [voter for voter, _ in told]
                weights = election.weights_of(p)
                assert beside is None or weights is not None
                if weights is not None:
                    assert weights.tolist() == [weight for _, weight in told]


def test_equal_ballots_are_equal() -> None:
    one, same, other = (
        Ballots("approval", np.array([0, 1]), np.array([mark])) for mark in (0, 0, 1)
    )
    assert one == same
    assert hash(one) == hash(same)
    assert one != other


def test_ballots_cannot_be_changed_afterwards() -> None:
    marks = np.array([0], np.int32)
    ballots = Ballots("approval", np.array([0, 1]), marks)
    marks[0] = 9
    assert ballots.projects.tolist() == [0]
    with pytest.raises(ValueError, match="read-only"):
        ballots.projects[0] = 1


@pytest.mark.parametrize(
    ("costs", "budget", "ballots", "unit", "message"),
    [
        ({"a": 1}, 5, [["b"]], 1, 'A ballot names "b", which is not a project.'),
        ({"a": 1}, 5, [["a", "a"]], 1, "A ballot names the same project twice."),
        ({"a": -1}, 5, [], 1, "The amount of a must be from 0"),
        ({"a": 1}, -5, [], 1, "The amount of budget must be from 0"),
        ({"a": 10**100}, 5, [], 1, "The amount of a must be from 0"),
        ({"a": 1}, 5, [], 0, "A currency unit is at least 1."),
    ],
)
def test_election_is_refused_in_a_sentence(costs, budget, ballots, unit, message) -> None:
    with pytest.raises(ValueError, match=re.escape(message)):
        Election.from_approvals(costs, budget, ballots, unit)


@pytest.mark.parametrize(
    ("kind", "offsets", "marks", "points", "message"),
    [
        ("guess", [0], [], None, "not a vote type"),
        ("approval", [1, 1], [0], None, "start at 0"),
        ("approval", [0, 2, 1], [0], None, "not fall"),
        ("choose-1", [0, 2], [0, 1], None, "at most one project"),
        ("cumulative", [0, 1], [0], [1, 2], "needs its points"),
        ("approval", [[0, 1]], [0], None, "one row of numbers"),
    ],
)
def test_ballots_are_refused_in_a_sentence(kind, offsets, marks, points, message) -> None:
    with pytest.raises(ValueError, match=message):
        Ballots(
            kind, np.array(offsets), np.array(marks), None if points is None else np.array(points)
        )


def test_mark_outside_the_projects_is_refused() -> None:
    ballots = Ballots("approval", np.array([0, 1]), np.array([3]))
    with pytest.raises(ValueError, match="not in the election"):
        Election(("a",), (1,), 5, 1, ballots)
    with pytest.raises(ValueError, match="needs one cost"):
        Election(("a",), (), 5, 1, ballots)
    with pytest.raises(ValueError, match="same id"):
        Election(("a", "a"), (1, 1), 5, 1, ballots)
