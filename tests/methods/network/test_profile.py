import json
from concurrent.futures import ProcessPoolExecutor
from datetime import date, timedelta

import numpy as np

import interlock.methods.network as room
from interlock.methods.network.answers import Answers
from interlock.methods.network.collaboration import Award
from interlock.methods.network.drawing import Drawing
from interlock.methods.network.graph import Institution, Kind, Network, Tie, network
from interlock.methods.network.policy import Direction, Policy
from interlock.methods.network.profile import Profile, profile
from interlock.methods.plain import plain
from tests.methods.network.worlds import QUICK, town


def county(seed: int = 1) -> Network:
    rng = np.random.default_rng(seed)
    institutions = [
        Institution(
            f"{place:02}",
            list(Kind)[place % 4],
            "ew"[place // 4 % 2],
            frozenset(rng.choice(list("abcdef"), 2, replace=False).tolist()),
            frozenset(rng.choice(list("abcdef"), 2, replace=False).tolist()),
            frozenset(rng.choice(list("uvw"), 2, replace=False).tolist()),
        )
        for place in range(32)
    ]
    ends = rng.integers(0, 32, (70, 2))
    kinds = rng.choice(["funds", "advises"], 70).tolist()
    ties = [
        Tie(f"{a:02}", f"{b:02}", kind)
        for (a, b), kind in zip(ends.tolist(), kinds, strict=True)
        if a != b
    ]
    return network(institutions, ties)


def whole(drawing: Drawing) -> Profile:
    rng = np.random.default_rng(2)
    answers = Answers(
        rng.random((60, 3)), rng.integers(0, 2, 60), np.arange(60) // 6, ("x", "y", "z")
    )
    awards = [
        Award(
            f"{4 * (at % 8):02}", f"{at % 32:02}", date(2020, 1, 1) + timedelta(at), 100 + at, "USD"
        )
        for at in range(40)
    ]
    coded = [
        Policy(str(at), "ew"[at % 2], (at % 3 + 1, at % 3 + 1), (Direction.TOWARDS,) * 2)
        for at in range(9)
    ]
    return profile(
        county(),
        awards=awards,
        answers=answers,
        waves=np.arange(60) // 30,
        coded=coded,
        places=(rng.random(9), rng.random(9)),
        model=1.0,
        drawing=drawing,
    )


def test_profile_has_four_words_and_is_json() -> None:
    found = whole(QUICK)
    told = json.loads(json.dumps(plain(found), allow_nan=False))
    assert list(told) == ["connectivity", "complementarity", "collaboration", "convergence"]
    assert list(told["connectivity"]["layers"]) == ["advises", "funds"]
    assert len(found.connectivity.whole) == 5 + 6 + 6
    assert [one.name for one in found.convergence.answers] == [
        "energy-distance",
        "change-of-distance",
    ]
    assert len(found.connectivity.missing) == 18
    measures = [*found.connectivity.whole, *found.complementarity, *found.collaboration]
    for one in measures:
        assert one.n >= 0
        assert 0 <= one.coverage <= 1
        if one.chance is not None:
            assert one.chance.low <= one.chance.high
            assert 0 < one.chance.p <= 1


def test_one_process_and_two_give_the_same_bytes() -> None:
    with ProcessPoolExecutor(2) as processes:
        shared = whole(Drawing(resamples=110, executor=processes))
    alone = whole(Drawing(resamples=110))
    assert json.dumps(plain(shared)) == json.dumps(plain(alone))


def test_what_is_not_given_is_not_measured() -> None:
    found = profile(town(), drawing=Drawing(resamples=19))
    assert (found.convergence.answers, found.convergence.policies) == ((), ())
    assert {one.finding.value for one in found.collaboration[:7]} == {"undefined"}


def test_empty_register_has_a_profile_of_nothing() -> None:
    found = profile(network([], []), drawing=Drawing(resamples=19))
    assert {one.finding.value for one in found.connectivity.whole} == {"undefined"}


def test_public_names_are_where_they_are_said_to_be() -> None:
    for name in room.__all__:
        assert getattr(room, name).__name__ == name
    assert sorted(room.__all__) == room.__all__ == sorted(room._HOME)
