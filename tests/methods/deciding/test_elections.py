"""Elections: published examples and cases by hand, then what holds of all of them."""

from dataclasses import replace
from fractions import Fraction
from itertools import combinations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from interlock.methods.deciding import (
    METHODS,
    Continuing,
    DecidingError,
    Election,
    Rule,
    Tally,
    by_approval,
    by_condorcet,
    by_transferable_vote,
    drawn,
    elect,
)
from tests.methods.deciding.votes import MAJORITY, MORE_THAN_HALF, approvals, rankings


def ranked(seats: int, *groups: tuple[int, str], lot: str = "") -> Election:
    """So many ballots of each order; a candidate is a letter."""
    ballots = [list(order) for number, order in groups for _ in range(number)]
    return Election.of_rankings(sorted({x for _, o in groups for x in o}), seats, ballots, lot)


# Schulze 2011, section 3: 45 voters
SCHULZE = ranked(
    1, (5, "ACBED"), (5, "ADECB"), (8, "BEDAC"), (3, "CABED"), (7, "CAEBD"), (2, "CBADE"),
    (7, "DCEBA"), (8, "EBADC"),
)  # fmt: skip


def test_schulze_s_own_example_elects_e() -> None:
    found = by_condorcet(SCHULZE)
    assert found.winners == ("E",)
    assert found.order == ("E", "A", "C", "B", "D")
    assert (found.pairs["A", "B"], found.pairs["B", "A"]) == (20, 25)
    assert [found.paths["E", one] for one in "ABCD"] == [25, 28, 28, 31]
    assert [found.paths[one, "E"] for one in "ABCD"] == [24, 24, 24, 24]
    assert found.first is None
    assert found.circle == ("A", "B", "C", "D", "E")


def test_seats_go_in_the_order_of_the_strongest_chains() -> None:
    assert by_condorcet(replace(SCHULZE, seats=3)).winners == ("E", "A", "C")


def test_food_for_a_party_is_chosen_as_it_is_told_everywhere() -> None:
    # The example by which the single transferable vote is explained on Wikipedia: 20 guests, 3 dishes.
    # Orange, Pear, Chocolate, strawberrY, Sweets
    found = by_transferable_vote(
        ranked(3, (4, "O"), (2, "PO"), (8, "CY"), (4, "CS"), (1, "Y"), (1, "S"))
    )
    assert found.quota == 6
    assert found.winners == ("C", "O", "Y")
    assert [(one.action, one.name, one.elected) for one in found.rounds] == [
        ("first", "", ("C",)),
        ("surplus", "C", ()),
        ("exclusion", "P", ("O",)),
        ("exclusion", "S", ()),
    ]
    assert found.rounds[1].factor == Fraction(1, 2)
    assert found.rounds[1].votes == {"C": 6, "O": 4, "P": 2, "S": 3, "Y": 5}


def test_surplus_is_lost_where_ballots_have_no_next_choice() -> None:
    found = by_transferable_vote(ranked(2, (6, "A"), (3, "AB"), (2, "B"), (2, "C")))
    # Quota 5. A passes on 4 of 9: a third of that to B, the rest to nobody.
    assert found.rounds[1].votes["B"] == 2 + Fraction(4, 3)
    assert found.rounds[1].lost == Fraction(8, 3)
    assert found.winners == ("A", "B")


def test_tie_is_broken_by_the_last_count_that_differs() -> None:
    # B and C stand at 3 after D is out; before, C had 3 and B had 2.
    found = by_transferable_vote(ranked(1, (4, "A"), (2, "BC"), (3, "CA"), (1, "DB")))
    assert [(one.name, one.equal, one.is_by_lot) for one in found.rounds[1:3]] == [
        ("D", (), False),
        ("B", ("B", "C"), False),
    ]
    assert [one.code for one in found.steps].count("equal-before") == 1


def test_tie_that_was_always_there_is_broken_by_the_lot() -> None:
    for lot, winner in (("AB", "A"), ("BA", "B")):
        found = by_transferable_vote(ranked(1, (2, "A"), (2, "B"), lot=lot))
        assert found.winners == (winner,)
        assert found.rounds[1].is_by_lot
        assert by_condorcet(ranked(1, (2, "A"), (2, "B"), lot=lot)).winners == (winner,)


def test_approval_tells_a_tie_for_the_last_seat() -> None:
    ballots = [["Ana", "Ben"], ["Cy"], ["Ana"]]
    found = by_approval(Election.of_approvals(["Ana", "Ben", "Cy"], 2, ballots, ["Cy", "Ben", "Ana"]))  # fmt: skip
    assert found.winners == ("Ana", "Cy")
    assert [one.facts["names"] for one in found.steps if one.code == "equal-by-lot"] == [
        ("Cy", "Ben")
    ]
    roomy = by_approval(Election.of_approvals(["Ana", "Ben", "Cy"], 3, ballots))
    assert [one.code for one in roomy.steps] == ["election", *["approvals"] * 3]


def test_approved_of_by_nobody_is_not_elected() -> None:
    found = by_approval(Election.of_approvals(["Ana", "Ben"], 2, [["Ana"]]))
    assert found.winners == ("Ana",)
    assert found.steps[-1].facts == {"seats": 1}


def test_withdrawn_are_passed_over() -> None:
    election = replace(ranked(1, (3, "ABC"), (2, "CBA"), (1, "A")), withdrawn=("A",))
    for found in (by_transferable_vote(election), by_condorcet(election)):
        assert found.winners == ("B",)
        assert [one.facts.get("empty") for one in found.steps][:1] == [1]


def test_fewer_candidates_than_seats_leave_seats_empty() -> None:
    election = ranked(3, (3, "AB"))
    for found in (by_transferable_vote(election), by_condorcet(election)):
        assert found.winners == ("A", "B")
        assert str(found.steps[-1]) == "Seats that stay empty: 1."


def test_nobody_is_elected_without_a_choice_on_any_ballot() -> None:
    election = Election.of_rankings(["A", "B"], 1, [[], []])
    for found in (by_approval(election), by_transferable_vote(election), by_condorcet(election)):
        assert found.winners == ()
        assert [one.code for one in found.steps] == ["election", "no-ballots", "unfilled"]


def test_equal_ranks_count_for_condorcet_and_are_refused_by_the_transferable_vote() -> None:
    election = Election.of_rankings(["A", "B", "C"], 1, [[["A", "B"], "C"], ["B"], ["C", "B"]])
    found = by_condorcet(election)
    assert (found.pairs["A", "B"], found.pairs["B", "A"], found.pairs["B", "C"]) == (0, 2, 2)
    assert (found.winners, found.first) == (("B",), "B")
    with pytest.raises(DecidingError) as wrong:
        by_transferable_vote(election)
    assert str(wrong.value) == "Ballot 1 ranks candidates equally; the single transferable vote cannot count that."  # fmt: skip
    with pytest.raises(DecidingError, match="an approval ballot has none"):
        by_approval(election)


@pytest.mark.parametrize(
    ("change", "codes"),
    [
        ({"seats": 0}, ["seats"]),
        ({"candidates": ("A", "A")}, ["candidates", "lot"]),
        ({"lot": ("A",)}, ["lot"]),
        ({"withdrawn": ("Z",)}, ["no-candidate"]),
        ({"ballots": ((("A",), ("A",)),)}, ["named-twice"]),
        ({"ballots": ((("A",), ()),)}, ["empty-rank"]),
        ({"ballots": ((("Z",),),)}, ["no-candidate"]),
    ],
)
def test_election_that_cannot_be_is_refused(change: dict[str, object], codes: list[str]) -> None:
    good = {"candidates": ("A", "B"), "seats": 1, "ballots": ((("A",),),), "lot": ("B", "A")}
    with pytest.raises(DecidingError) as wrong:
        Election(**{**good, **change})  # type: ignore[arg-type]
    assert [one.code for one in wrong.value.faults] == codes


def test_no_quorum_elects_nobody() -> None:
    rule = Rule(MAJORITY, MORE_THAN_HALF)
    election = Election.of_approvals(["Ana"], 1, [["Ana"]] * 5)
    lost = elect("approval", election, rule, Tally(entitled=10, present=5))
    assert (lost.winners, lost.count) == ((), None)
    assert elect("approval", election, rule, Tally(entitled=10, present=6)).winners == ("Ana",)
    for continuing in (None, Continuing(Fraction(1, 2))):
        losing = replace(rule, continuing=continuing)
        gone = elect("approval", election, losing, Tally(entitled=10, present=5, left=1))
        assert (gone.winners, gone.steps[-1].code) == ((), "no-quorum")
    with pytest.raises(DecidingError, match="5 votes cannot come from 4 who take part"):
        elect("approval", election, rule, Tally(entitled=10, present=4))
    with pytest.raises(DecidingError, match="“borda” is none of"):
        elect("borda", election, rule, Tally(entitled=10, present=6))


@pytest.mark.parametrize("method", METHODS)
def test_counts_are_plain_data(method: str) -> None:
    election = Election.of_rankings(["Ana", "Ben"], 1, [["Ana"], ["Ana"], ["Ben"]])
    found = elect(method, election, Rule(MAJORITY), Tally(entitled=3, present=3))
    assert found.count is not None
    data = found.count.to_json()
    assert (data["method"], data["winners"]) == (method, ["Ana"])


def test_lot_is_drawn_from_a_seed() -> None:
    assert drawn("ABCD", "x") == drawn("DCBA", "x")
    assert drawn("ABCD", "x") != drawn("ABCD", "y")


@given(rankings())
def test_no_vote_appears_or_vanishes_in_a_transfer(election: Election) -> None:
    found = by_transferable_vote(election)
    for one in found.rounds:
        assert sum(one.votes.values(), one.lost) == election.valid
    assert len(set(found.winners)) == len(found.winners)
    if election.valid:
        assert len(found.winners) == min(election.seats, len(election.standing))


@given(rankings())
def test_solid_coalitions_get_their_droop_quotas(election: Election) -> None:
    found = by_transferable_vote(election)
    for size in range(1, len(election.standing) + 1):
        for group in combinations(election.standing, size):
            solid = sum(
                number
                for ballot, number in election.choices.items()
                if {name for rank in ballot[:size] for name in rank} == set(group)
            )
            due = min(solid // found.quota, size, election.seats)
            assert len(set(found.winners) & set(group)) >= due


@given(rankings(may_be_equal=True))
def test_who_beats_all_others_is_elected_first(election: Election) -> None:
    found = by_condorcet(election)
    winners = [
        a
        for a in election.standing
        if all(found.pairs[a, b] > found.pairs[b, a] for b in election.standing if b != a)
    ]
    assert winners == ([] if found.first is None else [found.first])
    if winners and election.valid:
        assert found.winners[0] == winners[0]
        assert found.circle == ()


@given(rankings(may_be_equal=True))
def test_schulze_order_puts_nobody_before_who_beats_them(election: Election) -> None:
    found = by_condorcet(election)
    for place, a in enumerate(found.order):
        for b in found.order[place + 1 :]:
            assert found.paths[a, b] >= found.paths[b, a]


@given(approvals(), st.data())
def test_one_more_approval_never_hurts(election: Election, data: st.DataObject) -> None:
    winners = by_approval(election).winners
    for name in winners:
        without = [place for place, one in enumerate(election.ballots) if name not in sum(one, ())]
        if without:
            place = data.draw(st.sampled_from(without))
            ballots = list(election.ballots)
            ballots[place] = ((*sum(ballots[place], ()), name),)
            assert name in by_approval(replace(election, ballots=tuple(ballots))).winners


@given(rankings(), st.randoms(use_true_random=False))
def test_order_of_ballots_and_candidates_does_not_matter(
    election: Election, chance: object
) -> None:
    ballots = tuple(reversed(election.ballots))
    other = replace(election, ballots=ballots, candidates=election.candidates[::-1])
    assert by_transferable_vote(other).winners == by_transferable_vote(election).winners
    assert by_condorcet(other).winners == by_condorcet(election).winners


@given(rankings())
def test_every_step_can_be_told(election: Election) -> None:
    for found in (by_transferable_vote(election), by_condorcet(election)):
        assert all(str(one) for one in found.steps)
