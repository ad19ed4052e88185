from concurrent.futures import Executor, ProcessPoolExecutor, ThreadPoolExecutor
from functools import partial
from multiprocessing import get_context

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as some

from interlock.methods.blocks import generator, in_blocks


def draws(rng: np.random.Generator, number: int, *, high: int = 2**62) -> list[int]:
    found: list[int] = rng.integers(0, high, number).tolist()
    return found


def test_blocks_come_in_order_each_with_random_numbers_of_its_own() -> None:
    found = list(in_blocks(draws, 25, size=10, seed=4))
    assert found == [draws(generator(4, block), size) for block, size in ((0, 10), (1, 10), (2, 5))]


@given(some.integers(1, 300), some.integers(1, 50))
def test_blocks_hold_every_resample_once(resamples: int, size: int) -> None:
    found = [len(block) for block in in_blocks(draws, resamples, size=size)]
    assert sum(found) == resamples
    assert set(found[:-1]) <= {size}


def test_random_numbers_hang_on_seed_and_block() -> None:
    first = [draws(generator(seed, block), 1)[0] for seed in (0, 1) for block in (0, 1)]
    assert len(set(first)) == 4


@pytest.mark.parametrize("processes", [1, 2])
def test_processes_give_what_one_does(processes: int) -> None:
    work = partial(draws, high=1_000)
    with ProcessPoolExecutor(processes, mp_context=get_context("spawn")) as executor:
        shared = list(in_blocks(work, 40, size=7, seed=1, executor=executor))
    assert shared == list(in_blocks(work, 40, size=7, seed=1))


@pytest.mark.parametrize("executor", [None, ThreadPoolExecutor(2)])
def test_progress_counts_resamples(executor: Executor | None) -> None:
    told: list[int] = []
    list(in_blocks(draws, 25, size=10, executor=executor, progress=told.append))
    assert told == [10, 20, 25]


@pytest.mark.parametrize(
    ("resamples", "size", "seed", "why"),
    [
        (0, 1, 0, "Resamples are 1 to 1,000,000"),
        (1_000_001, 1, 0, "Resamples are 1 to 1,000,000"),
        (1, 0, 0, "A block has one resample or more"),
        (1, 1, -1, "A seed is a whole number from 0"),
    ],
)
def test_blocks_out_of_range_are_refused_at_once(
    resamples: int, size: int, seed: int, why: str
) -> None:
    with pytest.raises(ValueError, match=why):
        in_blocks(draws, resamples, size=size, seed=seed)
