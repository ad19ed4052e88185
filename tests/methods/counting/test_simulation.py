from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace

import numpy as np
import pytest
from hypothesis import given

from interlock.methods.counting import Ballots, Election, count
from interlock.methods.counting.election import Cap, Limits
from interlock.methods.counting.simulation import (
    chances,
    changed,
    in_parts,
    resampled,
    what_if,
    wilson,
)
from interlock.methods.counting.synthetic import KINDS, Shape, synthetic
from interlock.methods.formats import pabulib
from interlock.methods.formats.synthetic import file_of

from .elections import Plain, elections


def town() -> Election:
    costs = {"park": 60, "bus": 50, "trees": 40}
    return Election.from_approvals(costs, 100, [["park", "bus"], ["park"], ["trees"]])


@pytest.mark.parametrize("kind", KINDS)
def test_file_of_a_made_up_election_reads_as_the_same(kind: str) -> None:
    made = synthetic(Shape(voters=800, projects=15, kind=kind, repeated=0.1), seed=5)
    file = pabulib.read(pabulib.write(file_of(made, "greedy")).encode())
    assert file.election() == made.election
    noted = [note for note in file.notes if "more than once" in note]
    assert bool(noted) == (len(made.repeats) > 0) == (kind == "approval")
    assert not any("requires" in note for note in file.notes)


def test_points_are_those_of_the_kind() -> None:
    def points(kind: str) -> list[list[int]]:
        ballots = synthetic(Shape(voters=500, projects=15, kind=kind), seed=5).election.ballots
        assert ballots.points is not None
        return [one.tolist() for one in np.split(ballots.points, ballots.offsets[1:-1])]

    assert {sum(row) for row in points("cumulative")} == {0, 10}
    assert {one for row in points("scoring") for one in row} == {1, 2, 3, 4, 5}


def test_more_voters_keep_the_projects() -> None:
    small, large = (synthetic(Shape(voters=n, projects=30), seed=1) for n in (10, 5_000))
    assert small.election.costs == large.election.costs
    assert synthetic(Shape(voters=10, projects=30), seed=2).election.costs != small.election.costs


def test_shape_shows_in_the_election() -> None:
    shape = Shape(voters=40_000, projects=60, blank=0.02, blocs=1)
    election = synthetic(shape, seed=3).election
    lengths = np.diff(election.ballots.offsets)
    assert lengths[lengths > 0].mean() == pytest.approx(5, abs=0.05)
    assert lengths.max() == 10
    assert (lengths == 0).mean() == pytest.approx(0.02, abs=0.003)
    assert sum(election.costs) / election.budget == pytest.approx(3.7, abs=0.1)
    votes = np.sort(np.array(election.votes))[::-1]
    slope = np.polyfit(np.log(np.arange(5, 61)), np.log(votes[4:]), 1)[0]
    assert slope == pytest.approx(-0.64, abs=0.08)


def test_cost_and_votes_are_correlated_as_asked() -> None:
    def spearman(seed: int) -> float:
        shape = Shape(voters=4_000, projects=300, correlation=0.29, blocs=1)
        election = synthetic(shape, seed).election
        ranks = [np.argsort(np.argsort(row)) for row in (election.votes, election.costs)]
        return float(np.corrcoef(ranks[0], ranks[1])[0, 1])

    assert np.mean([spearman(seed) for seed in range(12)]) == pytest.approx(0.29, abs=0.06)


def test_voters_prefer_their_own_neighborhood() -> None:
    made = synthetic(Shape(voters=20_000, projects=80, blocs=4, home=4.0), seed=0)
    ballots = made.election.ballots
    voters = np.repeat(np.arange(len(ballots)), np.diff(ballots.offsets))
    at_home = made.voter_bloc[voters] == made.project_bloc[ballots.projects]
    # A quarter of the projects four times as likely: four of seven, less what is drawn out.
    assert 0.45 < at_home.mean() < 0.60


def test_ballot_is_drawn_without_replacement_by_weight() -> None:
    """Two of three projects with weights 1, 1/2, 1/3: the chances are known in closed form."""
    shape = Shape(
        voters=200_000, projects=3, marks=2, most_marks=2, slope=-1, blocs=1, blank=0, repeated=0
    )
    election = synthetic(shape, seed=8).election
    weights = np.array([1, 1 / 2, 1 / 3]) / (1 + 1 / 2 + 1 / 3)
    left_out = [
        sum(
            weights[a] * weights[b] / (1 - weights[a])
            for a in range(3)
            for b in range(3)
            if a != b and p not in (a, b)
        )
        for p in range(3)
    ]
    expected = sorted((1 - np.array(left_out)) * 200_000)
    assert sorted(election.votes) == pytest.approx(expected, rel=0.01)


def test_every_project_can_be_on_every_ballot() -> None:
    """The most popular projects are drawn over and over before the last one comes."""
    shape = Shape(voters=50, projects=12, marks=12, most_marks=12, slope=-5, blank=0, home=1_000)
    assert synthetic(shape, seed=1).election.votes == (50,) * 12


@pytest.mark.parametrize("voters", [0, 1])
def test_smallest_elections_can_be_made_and_counted(voters: int) -> None:
    made = synthetic(Shape(voters=voters, projects=1))
    assert len(count(made.election, "greedy").outcomes) == 1


@pytest.mark.parametrize(
    "wrong",
    [
        {"voters": -1},
        {"projects": 0},
        {"kind": "borda"},
        {"budget": 50},
        {"demand": 0},
        {"demand": float("nan")},
        {"marks": 11},
        {"slope": 1},
        {"correlation": 2},
        {"blocs": 0},
        {"home": 0.5},
        {"blank": 1.5},
        {"cost_quantiles": ((0.5, 1.0),)},
        {"cost_quantiles": ((0.1, 2.0), (0.9, 1.0))},
    ],
)
def test_impossible_shape_is_refused(wrong: dict[str, object]) -> None:
    with pytest.raises(ValueError, match=r"\.$"):
        Shape(**wrong)  # type: ignore[arg-type]


def test_what_if_compares_two_counts() -> None:
    asked = what_if(town(), "greedy", costs={"trees": 45})
    assert asked.before == count(town(), "greedy")
    assert asked.after == count(changed(town(), costs={"trees": 45}), "greedy")
    assert (asked.before.funded, asked.after.funded) == (("park", "trees"), ("park",))
    assert (asked.gained, asked.lost) == ((), ("trees",))
    assert (asked.better, asked.worse, asked.same) == (0, 1, 2)


def test_what_if_nothing_changes_nothing() -> None:
    asked = what_if(town(), "equalshares")
    assert (asked.gained, asked.lost, asked.same) == ((), (), 3)


def test_unknown_project_cannot_change_its_cost() -> None:
    with pytest.raises(ValueError, match='"sun" is not a project'):
        changed(town(), costs={"sun": 1})


@given(elections())
def test_finer_parts_change_no_outcome(plain: Plain) -> None:
    for rule in ("greedy", "equalshares", "equalshares/add1"):
        fine = count(in_parts(plain.election, 100), rule)
        assert fine.funded == count(plain.election, rule).funded


def test_finer_parts_keep_limits() -> None:
    limits = Limits(2, (("park", "bus"),), (Cap("green", 50, ("park", "trees")),))
    fine = in_parts(replace(town(), limits=limits), 10)
    assert (fine.budget, fine.unit, fine.limits.caps[0].budget) == (1000, 10, 500)
    with pytest.raises(ValueError, match="cannot be written"):
        in_parts(fine, 5)


def test_resample_draws_whole_ballots() -> None:
    election = town()
    before = {tuple(row) for row in ballots_of(election)}
    drawn = [resampled(election, 7, number) for number in range(50)]
    assert all({tuple(row) for row in ballots_of(one)} <= before for one in drawn)
    assert all(len(one.ballots) == 3 for one in drawn)
    assert len({one.votes for one in drawn}) > 1
    assert resampled(election, 7, 3) == drawn[3]


def test_resampled_ranks_keep_their_points() -> None:
    ballots = Ballots("ordinal", np.array([0, 3, 4]), np.array([0, 1, 2, 2]))
    election = replace(town(), ballots=ballots)
    for number in range(10):
        weights = resampled(election, 0, number).ballots.weights
        assert weights is not None
        assert set(weights.tolist()) <= {1, 2, 3}
        assert weights.max() == 3


def test_chances_count_the_resamples() -> None:
    election = town()
    found = chances(election, "greedy", resamples=30, seed=2)
    counts = [count(resampled(election, 2, number), "greedy").funded for number in range(30)]
    for one in found.projects:
        assert one.times == sum(one.project in funded for funded in counts)
        assert one.interval[0] <= one.share <= one.interval[1]
    assert found.result == count(election, "greedy")


def test_chances_do_not_depend_on_who_counts() -> None:
    done: list[int] = []
    alone = chances(town(), "equalshares", resamples=120, seed=1)
    with ThreadPoolExecutor(3) as executor:
        together = chances(
            town(), "equalshares", resamples=120, seed=1, executor=executor, progress=done.append
        )
    assert alone == together
    assert done[-1] == 120
    assert done == sorted(done)


def test_interval_is_wilsons() -> None:
    """Values as R's prop.test(correct=FALSE) gives them."""
    assert wilson(0, 10) == pytest.approx((0.0, 0.27753), abs=1e-5)
    assert wilson(5, 10) == pytest.approx((0.23659, 0.76341), abs=1e-5)
    assert wilson(10, 10) == pytest.approx((0.72247, 1.0), abs=1e-5)
    assert wilson(0, 0) == (0.0, 1.0)


def ballots_of(election: Election) -> list[list[int]]:
    ballots = election.ballots
    return [row.tolist() for row in np.split(ballots.projects, ballots.offsets[1:-1])]
