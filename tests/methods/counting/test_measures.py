import random
from fractions import Fraction

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from interlock.methods.counting import Ballots, Election
from interlock.methods.counting.measures import (
    average_satisfaction,
    category_shares,
    compare,
    gini,
    satisfaction,
    voters_reached,
)

from .elections import Plain, elections

TOWN = Plain(
    {"park": 60, "bus": 40, "trees": 25},
    100,
    [["park", "bus"], ["park", "bus"], ["park"], ["trees"], []],
)


def scored(points: list[int]) -> Election:
    ballots = Ballots("scoring", np.array([0, 2, 3]), np.array([0, 1, 1]), np.array(points))
    return Election(("a", "b"), (5, 7), 10, 1, ballots)


def test_satisfaction_by_each_utility() -> None:
    election = scored([3, 0, 2])
    assert satisfaction(election, ["a", "b"]).tolist() == [5, 7]
    assert satisfaction(election, ["a", "b"], "cardinality").tolist() == [1, 1]
    assert satisfaction(election, ["b"], "points").tolist() == [0, 2]
    assert voters_reached(election, ["b"]) == 1


def test_amounts_beyond_64_bits_add_up() -> None:
    huge = 10**30
    plain = Plain({"a": huge, "b": huge + 1}, huge, [["a", "b"], ["b"], []])
    assert satisfaction(plain.election, ["a", "b"]).tolist() == [2 * huge + 1, huge + 1, 0]
    assert average_satisfaction(plain.election, ["b"]) == Fraction(2 * (huge + 1), 3)
    assert gini(plain.election, ["a"]) == Fraction(2, 3)
    assert compare(plain.election, ["a"], ["b"]).better == 0


def test_election_without_ballots_has_measures() -> None:
    election = Plain({"a": 1}, 1, []).election
    assert voters_reached(election, ["a"]) == 0
    assert (average_satisfaction(election, ["a"]), gini(election, ["a"])) == (0, 0)
    (share,) = category_shares(election, ["a"], {"a": "x"})
    assert (share.won, share.fair) == (1, 0)


def test_unknown_utility_or_project_is_refused() -> None:
    with pytest.raises(ValueError, match="not a utility"):
        satisfaction(TOWN.election, [], "borda")
    with pytest.raises(ValueError, match='"tram" is not a project'):
        voters_reached(TOWN.election, ["tram"])


@given(plain=elections(), data=st.data())
@settings(max_examples=100)
def test_measures_equal_their_definitions(plain: Plain, data: st.DataObject) -> None:
    funded = data.draw(st.lists(st.sampled_from(list(plain.costs)), unique=True))
    each = [sum(plain.costs[p] for p in set(b) & set(funded)) for b in plain.ballots]
    election, n = plain.election, len(plain.ballots)
    assert satisfaction(election, funded).tolist() == each
    assert average_satisfaction(election, funded) == Fraction(sum(each), n)
    # Half the mean difference of any two voters, by the mean.
    apart = sum(abs(one - other) for one in each for other in each)
    expected = Fraction(apart, 2 * n * sum(each)) if sum(each) else 0
    assert gini(election, funded) == expected
    assert voters_reached(election, funded) == sum(
        bool(set(b) & set(funded)) for b in plain.ballots
    )


@given(plain=elections(), seed=st.integers(0, 99))
@settings(max_examples=100)
def test_fair_shares_equal_their_definition_and_add_up(plain: Plain, seed: int) -> None:
    rng = random.Random(seed)
    funded = rng.sample(list(plain.costs), rng.randint(0, len(plain.costs)))
    category_of = {p: rng.choice("xyz") for p in plain.costs if rng.random() < 0.8}
    found = {one.category: one for one in category_shares(plain.election, funded, category_of)}
    spent = sum(plain.costs[p] for p in funded)
    voters = [ballot for ballot in plain.ballots if ballot]
    fair = dict.fromkeys(found, Fraction(0))
    for ballot in voters:
        for p in ballot:
            fair[category_of.get(p, "")] += Fraction(spent, len(voters) * len(ballot))
    assert {name: one.fair for name, one in found.items()} == fair
    assert sum(one.fair for one in found.values()) == (spent if voters else 0)
    assert sum(one.won for one in found.values()) == spent
    assert sum(one.funded for one in found.values()) == len(funded)
    assert sum(one.projects for one in found.values()) == len(plain.costs)
    assert sum(one.marks for one in found.values()) == sum(map(len, plain.ballots))


def test_comparison_says_who_gains_and_what_differs() -> None:
    found = compare(TOWN.election, ["park", "trees"], ["bus", "trees"])
    assert (found.better, found.worse, found.equal) == (3, 0, 2)
    assert (found.only_first, found.only_second) == (("park",), ("bus",))
    by_number = compare(TOWN.election, ["park", "trees"], ["bus", "trees"], "cardinality")
    assert (by_number.better, by_number.worse, by_number.equal) == (1, 0, 4)
