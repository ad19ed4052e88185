"""Areas for the tests: made up by a seed, and drawn by hypothesis."""

from __future__ import annotations

import numpy as np
from hypothesis import strategies as some

from interlock.methods.places.colocation.table import Areas, areas


def town(seed: int = 0, number: int = 60, ratio: float = 3.0) -> Areas:
    """Areas of very different size in four regions; marked ones count `ratio` times what others do."""
    rng = np.random.default_rng(seed)
    people = (rng.lognormal(10, 1.2, number) + 50).astype(int)
    marked = rng.random(number) < np.minimum(0.6, people / people.max() + 0.1)
    expected = 4.0 * number * people / people.sum() * np.where(marked, ratio, 1)
    regions = [f"r{place}" for place in rng.integers(0, 4, number)]
    income = rng.normal(size=number)
    return areas(
        [f"a{place:03d}" for place in range(number)],
        people,
        marked,
        rng.poisson(expected),
        regions=regions,
        covariates={"income": income},
    )


def shuffled(given: Areas, seed: int) -> Areas:
    """The same areas in another order."""
    order = np.random.default_rng(seed).permutation(len(given))
    return areas(
        [given.codes[place] for place in order],
        given.population[order],
        given.marked[order],
        given.counts[order],
        regions=[given.region_names[given.regions[place]] for place in order],
        covariates={name: column[order] for name, column in given.covariates.items()},
    )


@some.composite
def few(draw: some.DrawFn) -> Areas:
    """3 to 12 areas, some marked and some not, with something counted on both sides."""
    number = draw(some.integers(3, 12))
    people = draw(some.lists(some.integers(1, 10**6), min_size=number, max_size=number))
    counts = draw(some.lists(some.integers(0, 20), min_size=number, max_size=number))
    marked = draw(some.lists(some.booleans(), min_size=number, max_size=number))
    marked[0], marked[1] = True, False
    counts[0], counts[1] = counts[0] + 1, counts[1] + 1
    return areas([f"a{place:02d}" for place in range(number)], people, marked, counts)
