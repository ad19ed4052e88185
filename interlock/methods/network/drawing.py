"""How chance is drawn: how often, from which seed, at which level, and by whom."""

from __future__ import annotations

from collections.abc import Callable
from concurrent.futures import Executor
from dataclasses import dataclass, replace

import numpy as np

from interlock.methods.blocks import Progress, in_blocks
from interlock.methods.network.graph import Floats

RESAMPLES = 999
LEVEL = 0.05

# One measure draws for so many purposes at most; each has random numbers of its own.
_PURPOSES = 8
# A block's arrays fit into some megabytes, and a small network still makes several blocks.
_BLOCK_NUMBERS = 2**20
_MOST_IN_BLOCK = 100


@dataclass(frozen=True)
class Drawing:
    """What every measure with a test or an interval is told of how to draw.

    `level` is the test's, and 1 less it the confidence of bands and intervals. `executor` is any of
    `concurrent.futures`, or one that behaves like them; the answer is the same whoever draws.
    `progress` is told how many resamples of one purpose are done.
    """

    resamples: int = RESAMPLES
    seed: int = 0
    level: float = LEVEL
    executor: Executor | None = None
    progress: Progress | None = None

    def __post_init__(self) -> None:
        """Raises ValueError for a level that is not above 0 and below 1."""
        if not 0 < self.level < 1:
            raise ValueError("A level is above 0 and below 1.")

    def of(self, resamples: int) -> Drawing:
        """The same with another number of resamples."""
        return replace(self, resamples=resamples)

    def drawn(
        self,
        work: Callable[[np.random.Generator, int], Floats],
        *,
        numbers: int,
        purpose: int = 0,
    ) -> Floats:
        """What `work(rng, number)` gives for all resamples, one after the other.

        `numbers` is how many numbers one resample takes in memory, by which work is cut in blocks.
        Raises ValueError for a number of resamples or a seed out of range.

        >>> Drawing(resamples=250).drawn(lambda rng, number: np.full(1, number), numbers=9).tolist()
        [100, 100, 50]
        """
        size = max(1, min(_MOST_IN_BLOCK, _BLOCK_NUMBERS // max(numbers, 1)))
        if self.seed < 0:
            raise ValueError("A seed is a whole number from 0.")
        blocks = in_blocks(
            work,
            self.resamples,
            size=size,
            seed=_PURPOSES * self.seed + purpose,
            executor=self.executor,
            progress=self.progress,
        )
        return np.concatenate(list(blocks))


STANDARD = Drawing()
