import json
from dataclasses import replace

import pytest

from interlock.methods import referral
from interlock.methods.plain import plain
from interlock.methods.referral import Respondent, analysed, planted, rds_ii
from interlock.methods.referral.forest import Forest
from tests.methods.referral.samples import case, chain


@pytest.fixture(scope="module")
def forest() -> Forest:
    return case()


def test_question_has_every_estimate(forest: Forest) -> None:
    found = analysed(forest, "view", populations=[600, 5_000], resamples=200)
    told = found.outcome.estimates
    assert told is not None
    assert told.spread.estimate == rds_ii(forest, forest.variable("view"))
    assert [size for size, _ in told.by_population] == [600, 5_000]
    assert (found.outcome.counts, found.outcome.levels) == ((72, 48), ("no", "yes"))
    assert (found.respondents, found.seeds, found.depth) == (120, 4, 7)
    assert (found.group, found.comparison, found.is_description) == (None, None, False)
    assert [one.kind for one in found.outcome.doubts] == ["still-moving"]
    assert [wave.recruits for wave in found.waves] == [8, 7, 10, 15, 16, 26, 34, 0]


def test_groups_are_compared(forest: Forest) -> None:
    found = analysed(
        forest, "view", group="group", sides=("coop", "pb"), both="both", resamples=100
    )
    assert found.group is not None
    assert found.group.recruitment.counts == ((4, 5, 3), (4, 17, 1), (6, 5, 71))
    assert found.comparison is not None
    assert found.comparison.contrast is not None
    assert found.comparison.contrast.both == 14


def test_small_sample_is_described_only() -> None:
    forest = chain("a", "b", "a")
    found = analysed(forest, "view")
    assert found.is_description
    assert (found.outcome.estimates, found.outcome.mean) == (None, None)
    assert found.outcome.counts == (2, 1)
    assert [one.kind for one in found.outcome.refusals] == [
        "few-respondents",
        "one-tree",
        "few-waves",
    ]


def numbers(forest: Forest, values: list[str]) -> Forest:
    rows = [
        Respondent(name, "" if by < 0 else forest.ids[by], degree, {"years": value})
        for name, by, degree, value in zip(
            forest.ids, forest.recruiters, forest.degrees, values, strict=True
        )
    ]
    return planted(rows)


def test_number_has_a_mean(forest: Forest) -> None:
    many = analysed(numbers(forest, [str(n) for n in range(120)]), "years", resamples=50)
    assert many.outcome.estimates is None
    assert many.outcome.mean is not None
    assert (
        many.outcome.mean.interval.low < many.outcome.mean.value < many.outcome.mean.interval.high
    )
    few = analysed(numbers(forest, [str(n % 3) for n in range(120)]), "years", resamples=50)
    assert few.outcome.estimates is not None
    assert few.outcome.mean is not None
    shares = few.outcome.estimates.spread.estimate.shares
    assert few.outcome.mean.value == pytest.approx(shares[1] + 2 * shares[2])


def test_words_of_too_many_kinds_are_refused(forest: Forest) -> None:
    words = numbers(forest, [f"w{n}" for n in range(120)])
    with pytest.raises(ValueError, match="years has 120 different answers, and 20 is the most"):
        analysed(words, "years")


def test_analysis_is_plain_data(forest: Forest) -> None:
    told = plain(analysed(forest, "view", group="group", resamples=50))
    assert json.loads(json.dumps(told, allow_nan=False)) == told
    assert told["outcome"]["estimates"]["rds_i"]["levels"] == ["no", "yes"]


def test_filled_degrees_are_told(forest: Forest) -> None:
    filled = replace(forest, filled=forest.degrees > 20)
    assert analysed(filled, "view", resamples=10).notes[0].kind == "degrees-filled"


def test_public_names_are_there() -> None:
    assert [getattr(referral, name).__name__ for name in referral.__all__] == referral.__all__
    with pytest.raises(AttributeError, match="no attribute 'rain'"):
        _ = referral.rain
