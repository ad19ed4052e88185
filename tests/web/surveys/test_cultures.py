"""Whether answers are of one culture: worlds in which it is known, and how many of each field there are."""

import dataclasses
from typing import Any

import numpy as np
import pytest

from interlock.web.surveys.analysing.opinions import LEAST_TREES, Opinions, cultures_told
from interlock.web.surveys.four_words import concluded

CHOICES, QUESTIONS, SEEDS = 5, 12, 12


def world(coop: int, pb: int, seed: int, *, same: bool = False) -> Opinions:
    """Who knows most of what their own field holds, or both fields the same."""
    rng = np.random.default_rng(seed)
    keys = [rng.integers(0, CHOICES, QUESTIONS) for _field in range(2)]
    groups = np.repeat([0, 1], [coop, pb])
    knows = rng.uniform(0.6, 0.95, coop + pb)[:, None]
    held = np.array([keys[0 if same else group] for group in groups])
    guessed = rng.integers(0, CHOICES, held.shape)
    codes = np.where(rng.random(held.shape) < knows, held, guessed)
    return Opinions(
        tuple(f"q{place}" for place in range(QUESTIONS)),
        codes,
        np.full(QUESTIONS, CHOICES),
        np.full(QUESTIONS, -1),
        groups,
        np.arange(coop + pb) % SEEDS,
    )


def told(opinions: Opinions) -> tuple[dict[str, dict[str, Any]], str]:
    """The measures by their names, and what is concluded of both fields together."""
    found = cultures_told(opinions, None)
    by_name = {one["name"]: one for one in found}
    return by_name, str(concluded(by_name["one_culture"], found))


@pytest.mark.parametrize("pb", [100, 25, 15])
@pytest.mark.parametrize("seed", [1, 2])
def test_the_larger_field_does_not_answer_for_both(pb: int, seed: int) -> None:
    found, said = told(world(100, pb, seed))
    assert found["one_culture"]["value"] < 30
    assert "two cultures rather than one" in said


@pytest.mark.parametrize("pb", [100, 25])
def test_one_culture_of_both_is_found_however_many_there_are(pb: int) -> None:
    assert told(world(100, pb, 1, same=True))[1] == (
        "One culture is a fair description of these people."
    )


def test_of_a_field_in_few_chains_nothing_is_sure() -> None:
    """Drawing one chain again and again gives the same people, and an interval of no width."""
    opinions = world(100, 40, 1)
    trees = np.where(opinions.groups == 1, opinions.trees % (LEAST_TREES - 1), opinions.trees)
    found, _said = told(dataclasses.replace(opinions, trees=trees))
    assert found["culture_pb"]["value"] is None
    assert found["culture_pb"]["why"]["kind"] == "few-trees"
    assert found["culture_coop"]["value"] > 30


def test_what_is_not_sure_is_no_verdict() -> None:
    def one(name: str, value: int, low: int, high: int) -> dict[str, Any]:
        return {
            "name": name, "unit": "ratio", "value": value, "interval": [low, high],
            "chance": [10, 12], "against": False,
        }  # fmt: skip

    each = [one("culture_coop", 60, 40, 80), one("culture_pb", 60, 40, 80)]
    together = one("one_culture", 29, 22, 41)
    assert "cannot be told" in str(concluded(together, [together, *each]))
    together = one("one_culture", 20, 12, 32)
    assert "two cultures rather than one" in str(concluded(together, [together, *each]))
