import math
from typing import Any

import numpy as np
import pytest

from interlock.methods.network.consensus import agreement, consensus
from interlock.methods.network.drawing import Drawing
from interlock.methods.network.reasons import Finding

SOME = Drawing(resamples=49)


def culture(seed: int, persons: int, questions: int, options: int = 4) -> Any:
    """Answers of people of one culture, with its key and what each knows of it."""
    rng = np.random.default_rng(seed)
    key, known = rng.integers(0, options, questions), rng.beta(5, 3, persons)
    guesses = rng.integers(0, options, (persons, questions))
    knows = rng.random((persons, questions)) < known[:, None]
    return np.where(knows, key, guesses), key, known


def test_agreement_is_corrected_for_guessing() -> None:
    """Of two options and of four: agree on the first, not on the second; of the third one said nothing."""
    codes = np.array([[0, 1, 2], [0, 3, -1], [-1, -1, -1]])
    found = agreement(codes, np.array([2, 4, 4]))
    assert found[0, 1] == pytest.approx((1 + (0 - 0.25) / 0.75) / 2)
    assert found[0, 0] == 1
    assert math.isnan(found[0, 2])


def test_competence_of_three_is_that_by_hand() -> None:
    """Agreements .48, .40, .30 of three are the products of .8, .6 and .5."""
    from interlock.methods.network.consensus import _factor

    table = np.array([[1, 0.48, 0.40], [0.48, 1, 0.30], [0.40, 0.30, 1]])
    assert _factor(table)[0].tolist() == pytest.approx([0.8, 0.6, 0.5], abs=1e-6)


def test_culture_is_found_with_its_key_and_who_knows_it() -> None:
    codes, key, known = culture(1, 120, 40)
    found = consensus(codes, np.full(40, 4), drawing=SOME)
    assert found.is_one_culture
    assert found.ratio.finding == Finding.ABOVE
    assert found.key.tolist() == key.tolist()
    assert np.corrcoef(found.competences, known)[0, 1] > 0.8
    assert found.competence.value == pytest.approx(known.mean(), abs=0.05)
    assert found.competence.interval is not None
    assert found.competence.interval.low < found.competence.value < found.competence.interval.high
    assert found.certainty.min() > 0.99
    assert (found.ratio.n, found.ratio.coverage) == (120, 1.0)


def test_guesses_are_no_culture() -> None:
    codes = np.random.default_rng(1).integers(0, 4, (60, 40))
    found = consensus(codes, np.full(40, 4), drawing=SOME)
    assert found.ratio.finding == Finding.WITHIN
    assert not found.is_one_culture


def test_who_picks_some_of_a_list_at_random_is_a_guesser() -> None:
    """Most say no to most, so that a coin for each choice would find them to agree."""
    rng = np.random.default_rng(0)

    def picks(many: int, of: int) -> Any:
        return rng.permuted(np.tile(np.arange(of) < many, (80, 1)), axis=1).astype(int)

    codes, lists = np.hstack([picks(3, 9), picks(2, 8)]), np.repeat([0, 1], [9, 8])
    coin = consensus(codes, np.full(17, 2), drawing=SOME)
    assert (coin.ratio.finding, coin.competence.finding) == (Finding.ABOVE, Finding.ABOVE)
    found = consensus(codes, np.full(17, 2), drawing=SOME, lists=lists)
    assert (found.ratio.finding, found.competence.finding) == (Finding.WITHIN, Finding.WITHIN)
    assert (found.ratio.value, found.key.tolist()) == (coin.ratio.value, coin.key.tolist())


def test_person_drawn_twice_does_not_agree_with_itself() -> None:
    codes = np.random.default_rng(2).integers(0, 4, (12, 200))
    near = consensus(codes, np.full(200, 4), drawing=SOME).competence.interval
    assert near is not None
    assert near.low < 0 < near.high < 0.25


def test_two_cultures_are_not_one() -> None:
    one, other = culture(1, 40, 30)[0], culture(2, 40, 30)[0]
    found = consensus(np.vstack([one, other]), np.full(30, 4), drawing=Drawing(resamples=19))
    assert found.ratio.value < 3
    assert not found.is_one_culture


def test_interval_draws_trees_again() -> None:
    """Trees of one answer each vary more than persons do."""
    codes = culture(3, 40, 30)[0]
    alone = consensus(codes, np.full(30, 4), drawing=SOME).competence.interval
    trees = consensus(codes, np.full(30, 4), np.arange(40) // 10, SOME).competence.interval
    assert alone is not None
    assert trees is not None
    assert trees != alone


def test_missing_answers_count_for_nothing() -> None:
    codes, key, _known = culture(4, 60, 30)
    codes = np.where(np.random.default_rng(0).random(codes.shape) < 0.2, -1, codes)
    found = consensus(codes, np.full(30, 4), drawing=Drawing(resamples=9))
    assert found.key.tolist() == key.tolist()
    assert found.ratio.coverage == pytest.approx(0.8, abs=0.02)


def test_order_of_respondents_does_not_matter() -> None:
    codes, _key, _known = culture(5, 30, 20)
    order = np.random.default_rng(0).permutation(30)
    one = consensus(codes, np.full(20, 4), drawing=Drawing(resamples=1))
    other = consensus(codes[order], np.full(20, 4), drawing=Drawing(resamples=1))
    assert other.competences == pytest.approx(one.competences[order], abs=1e-7)
    assert other.ratio.value == pytest.approx(one.ratio.value, rel=1e-6)


def test_what_does_not_fit_is_refused() -> None:
    with pytest.raises(ValueError, match="three respondents"):
        consensus(np.zeros((2, 3), int), np.full(3, 2))
    with pytest.raises(ValueError, match="two options"):
        consensus(np.zeros((3, 3), int), np.full(3, 1))
    with pytest.raises(ValueError, match="one of the options"):
        consensus(np.full((3, 3), 2), np.full(3, 2))


def test_too_few_drawn_are_left_out_of_the_interval() -> None:
    """Of a tree of one and one of two, drawing the first twice leaves two persons."""
    codes = np.array([[0, 1, 0], [0, 1, 1], [0, 1, 0]])
    found = consensus(codes, np.full(3, 2), np.array([0, 1, 1]), SOME)
    assert found.competence.interval is not None
