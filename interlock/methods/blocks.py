"""Random work in numbered blocks, so that it does not matter how many processes share it.

Block k draws from random numbers of its own, PCG64 from `SeedSequence(seed, spawn_key=(k,))`, and
what the blocks gave is put together in the order of their numbers. How the work is cut hangs on the
work and never on the machine; so one process, several, and an executor of another library give the
same answer to the last bit. (M. O'Neill's PCG, 2014; spawning: numpy.random.SeedSequence.)
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from concurrent.futures import Executor
from functools import partial
from typing import TypeVar

import numpy as np

MOST_RESAMPLES = 1_000_000

Progress = Callable[[int], None]
Drawn = TypeVar("Drawn")


def generator(seed: int, *key: int) -> np.random.Generator:
    """Random numbers by a seed and the number of a block (or any key).

    >>> [int(generator(7, block).integers(1_000)) for block in (0, 1, 0)]
    [305, 681, 305]
    """
    return np.random.Generator(np.random.PCG64(np.random.SeedSequence(seed, spawn_key=key)))


def in_blocks(
    work: Callable[[np.random.Generator, int], Drawn],
    resamples: int,
    *,
    size: int,
    seed: int = 0,
    executor: Executor | None = None,
    progress: Progress | None = None,
) -> Iterator[Drawn]:
    """What `work(rng, number)` gives for each block of at most `size` resamples, block by block.

    `work` goes to other processes, so that it is a function of a module, or a `partial` of one; what
    it gives should be small, for it comes back. `executor` is any of `concurrent.futures`, or one
    that behaves like them; without one this process does the work. `progress` is told how many
    resamples are done. Raises ValueError, before anything is drawn, for a number of resamples, a
    size or a seed out of range.

    >>> list(in_blocks(lambda rng, number: number, 250, size=100))
    [100, 100, 50]
    """
    if not 1 <= resamples <= MOST_RESAMPLES:
        raise ValueError(f"Resamples are 1 to {MOST_RESAMPLES:,}.")
    if size < 1:
        raise ValueError("A block has one resample or more.")
    if seed < 0:
        raise ValueError("A seed is a whole number from 0.")
    blocks = [
        (number, min(size, resamples - start))
        for number, start in enumerate(range(0, resamples, size))
    ]
    return _put_together(partial(_worked, work, seed), blocks, executor, progress)


def _worked(
    work: Callable[[np.random.Generator, int], Drawn], seed: int, block: tuple[int, int]
) -> Drawn:
    number, size = block
    return work(generator(seed, number), size)


def _put_together(
    work: Callable[[tuple[int, int]], Drawn],
    blocks: list[tuple[int, int]],
    executor: Executor | None,
    progress: Progress | None,
) -> Iterator[Drawn]:
    done = 0
    found = map(work, blocks) if executor is None else executor.map(work, blocks)
    for (_number, size), one in zip(blocks, found, strict=True):
        yield one
        done += size
        if progress is not None:
            progress(done)
