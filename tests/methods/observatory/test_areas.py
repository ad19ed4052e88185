import numpy as np
import pytest

from interlock.methods.observatory.areas import Observed, observed
from interlock.methods.observatory.reasons import sentence
from interlock.methods.places.colocation.maps import neighbours
from interlock.methods.places.colocation.synthetic import country, world
from interlock.methods.places.colocation.table import Areas, areas


def planted(ratio: float, states: int = 10, events: int = 400, marks: int = 40) -> Areas:
    return world(country(200, states), marks=marks, events=events, ratio=ratio, seed=5)


def reasons(found: Observed) -> dict[str, str]:
    return {one.test: one.reason.kind for one in found.answers if one.reason is not None}


@pytest.mark.parametrize(
    ("ratio", "verdict"), [(1.0, "alike"), (3.0, "together"), (5.0, "together")]
)
@pytest.mark.parametrize("states", [10, 25])
def test_planted_ratio_is_found(ratio: float, verdict: str, states: int) -> None:
    found = observed(planted(ratio, states, events=1_600), resamples=199)
    assert found.verdict == verdict
    own = found.judged.ratio
    assert own is not None
    assert own.low < ratio < own.high
    by_region = ("poisson-regions", "redraw-within")
    assert found.deciding == (by_region if states == 25 else ("binomial", "redraw"))


def test_naive_test_finds_what_is_not_there() -> None:
    naive = observed(planted(1.0), resamples=199).answer("free-permutation")
    assert naive.chance is not None
    assert (naive.standing, naive.chance.p_more) == ("naive", 0.005)


def test_small_list_cannot_tell() -> None:
    six = areas("abcdef", [900, 300, 200, 800, 150, 50], [1, 0, 0, 1, 0, 0], [9, 2, 0, 6, 1, 0])
    found = observed(six, strata=2, resamples=99)
    assert found.verdict == "cannot-tell"
    assert found.sure.left_out is not None
    assert list(found.sure.left_out.values) == ["a", "d"]


def test_test_without_an_answer_says_why_and_the_rest_goes_on() -> None:
    found = observed(planted(3.0, states=10), resamples=99)
    told = reasons(found)
    assert told["poisson-regions"] == "few-regions"
    assert told["control"] == "no-control"
    assert told["moran"] == "no-neighbours"
    one = found.answer("poisson-regions").reason
    assert one is not None
    assert sentence(one).endswith("something was counted; here are 10.")


@pytest.mark.parametrize(
    ("marked", "counts", "why"),
    [
        ([0] * 4, [1, 2, 0, 3], "none-marked"),
        ([1] * 4, [1, 2, 0, 3], "all-marked"),
        ([1, 0, 0, 0], [0] * 4, "no-events"),
    ],
)
def test_nothing_to_compare_is_no_answer(marked: list[int], counts: list[int], why: str) -> None:
    found = observed(areas("abcd", [10, 20, 30, 40], marked, counts), strata=2, resamples=19)
    assert found.verdict == "no-answer"
    assert why in set(reasons(found).values())
    assert len(found.answers) == len(reasons(found))


def test_list_of_ones_may_be_counts() -> None:
    made = planted(1.0, marks=10)
    ones = made.counting(np.minimum(made.counts, 1))
    assert observed(ones, is_yes_no=False, resamples=19).deciding == ("binomial", "redraw")


def test_separated_areas_go_by_the_correction() -> None:
    marked = [place in (3, 7, 8, 15) for place in range(20)]
    people = [100 + 17 * place % 60 for place in range(20)]
    both = areas([f"a{place}" for place in range(20)], people, marked, marked)
    found = observed(both, strata=2, resamples=99)
    assert found.is_yes_no
    assert reasons(found)["odds"] == "separated"
    assert found.deciding == ("odds-corrected", "redraw")
    assert found.judged.ratio == found.answer("odds-corrected").likelihood


def test_control_that_shows_the_same_changes_the_finding() -> None:
    made = planted(4.0, marks=15)
    same = np.random.default_rng(3).poisson(made.expected * np.where(made.marked, 4, 1))
    other = np.random.default_rng(1).poisson(made.expected)
    assert observed(made, control=same, resamples=199).verdict == "control"
    beside = observed(made, control=other, resamples=199)
    assert beside.verdict == "together"
    assert beside.answer("control").ratio is not None


def test_residuals_are_asked_where_neighbours_are_known() -> None:
    made = planted(1.0, marks=10)
    line = neighbours(np.array([[place, place + 1] for place in range(199)]), 200)
    chance = observed(made, around=line, resamples=99).answer("moran").chance
    assert chance is not None
    assert chance.statistic == "Moran's I"


def test_counts_that_vary_more_are_told() -> None:
    made = planted(1.0, marks=10)
    uneven = made.counts * np.random.default_rng(3).choice([0, 5], 200)
    notes = observed(made.counting(uneven), resamples=99).answer("poisson-offset").notes
    assert [one.kind for one in notes] == ["overdispersed"]
