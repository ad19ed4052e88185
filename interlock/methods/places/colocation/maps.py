"""Two maps beside each other: Lee's L, and where both are high together. For descriptive maps.

Sang-Il Lee, "Developing a Bivariate Spatial Association Measure", Journal of Geographical Systems 3
(2001), equations 18 and 22: with z the values less their mean by their deviation, and V the weights
with rows that add up to 1, L = zₓ′V′V z_y / 1′V′V1, and an area's own part is (V zₓ)(V z_y).

What chance is taken to be here does not know how many people live where: two institutions of large
cities have a high L and nothing to do with each other. So this says where to look on a map, never
whether two things come together; that is `redraw` and `rate_ratio`.
"""

from __future__ import annotations

from concurrent.futures import Executor
from dataclasses import dataclass
from functools import partial

import numpy as np
from scipy import sparse

from interlock.methods.blocks import Progress, in_blocks
from interlock.methods.discovery import false_discovery
from interlock.methods.places.colocation.by_people import Chance, beside_chance
from interlock.methods.places.colocation.irls import Floats, Integers
from interlock.methods.places.colocation.reasons import reason, refused

RESAMPLES = 999
_BLOCK = 250


@dataclass(frozen=True, eq=False)
class Neighbours:
    """Who is whose neighbour: those of area i are `places[begins[i]:begins[i + 1]]`, all alike.

    An area without any (an island) is in no neighbourhood and has none, and no local value.
    """

    begins: Integers
    places: Integers

    def __len__(self) -> int:
        return len(self.begins) - 1

    @property
    def many(self) -> Integers:
        """How many each area has."""
        return np.diff(self.begins)

    def means(self, values: Floats) -> Floats:
        """The mean of each area's neighbours; 0 for an island."""
        return np.asarray(self._weights() @ values)

    def spread(self, values: Floats) -> Floats:
        """The transpose of `means`: what each area gives to those that it is a neighbour of."""
        return np.asarray(self._weights().T @ values)

    def _weights(self) -> sparse.csr_array:
        shares = np.repeat(1 / np.maximum(self.many, 1), self.many)
        return sparse.csr_array((shares, self.places, self.begins), shape=(len(self), len(self)))


def neighbours(pairs: Integers, areas: int) -> Neighbours:
    """Neighbours by pairs of places, each taken both ways and once.

    >>> line = neighbours(np.array([[0, 1], [1, 2]]), 4)
    >>> line.many.tolist(), line.means(np.array([1.0, 2.0, 5.0, 9.0])).tolist()
    ([1, 2, 1, 0], [2.0, 3.0, 2.0, 0.0])
    """
    both = np.concatenate([pairs, pairs[:, ::-1]]).reshape(-1, 2)
    both = np.unique(both[both[:, 0] != both[:, 1]], axis=0)
    if len(both) and not (both[0, 0] >= 0 and both.max() < areas):
        raise refused("wrong-length", column="pairs")
    begins = np.searchsorted(both[:, 0], np.arange(areas + 1)).astype(np.int64)
    return Neighbours(begins, both[:, 1].astype(np.int64))


@dataclass(frozen=True)
class Association:
    """Lee's L of two maps. `smoothing` is each map's L with itself: how smooth it is.

    `mean`, `low` and `high` are of maps in which the values of the first are dealt out anew among
    the areas (95 % of them), and `p` is two-sided. These do not know how many people live where.
    """

    value: float
    smoothing: tuple[float, float]
    mean: float
    low: float
    high: float
    p: float
    resamples: int
    seed: int


def lee(
    x: Floats,
    y: Floats,
    around: Neighbours,
    *,
    resamples: int = RESAMPLES,
    seed: int = 0,
    executor: Executor | None = None,
    progress: Progress | None = None,
) -> Association:
    """Lee's L of two columns, a value an area. Raises ColocationError for a map that is all one value.

    The values of y are spread over the neighbourhoods once, so that each resample is one product.
    (esda's `Spatial_Pearson` shuffles areas with both their values, which asks another question:
    whether the two maps are smooth, given that they resemble each other area by area.)

    >>> line = neighbours(np.array([[0, 1], [1, 2], [2, 3]]), 4)
    >>> found = lee(np.array([1.0, 2.0, 3.0, 4.0]), np.array([1.0, 2.0, 3.0, 5.0]), line)
    >>> round(found.value, 4)
    0.189
    """
    first, second = _standard("x", x, around), _standard("y", y, around)
    ones = around.means(np.ones(len(around)))
    size = float((ones * ones).sum())
    if size == 0:
        raise refused("no-variation", column="neighbours")
    near = [around.means(first), around.means(second)]
    value, *smooth = (float((near[a] * near[b]).sum()) / size for a, b in ((0, 1), (0, 0), (1, 1)))
    work = partial(_dealt, first, around.spread(near[1]) / size)
    blocks = in_blocks(
        work, resamples, size=_BLOCK, seed=seed, executor=executor, progress=progress
    )
    chance = np.concatenate(list(blocks))
    above, below = int((chance >= value).sum()), int((chance <= value).sum())
    p = min(1.0, 2 * (1 + min(above, below)) / (resamples + 1))
    low, high = (float(one) for one in np.quantile(chance, [0.025, 0.975]))
    return Association(
        value, (smooth[0], smooth[1]), float(chance.mean()), low, high, p, resamples, seed
    )


def _standard(name: str, values: Floats, around: Neighbours) -> Floats:
    given = np.asarray(values, np.float64)
    if given.shape != (len(around),):
        raise refused("wrong-length", column=name)
    if not np.isfinite(given).all():
        raise refused("not-numbers", column=name)
    if given.min() == given.max():
        raise refused("no-variation", column=name)
    found: Floats = (given - given.mean()) / given.std()
    return found


def _dealt(values: Floats, spread: Floats, rng: np.random.Generator, number: int) -> Floats:
    return np.array([(rng.permutation(values) * spread).sum() for _ in range(number)])


def moran(
    values: Floats,
    around: Neighbours,
    *,
    resamples: int = RESAMPLES,
    seed: int = 0,
    executor: Executor | None = None,
    progress: Progress | None = None,
) -> Chance:
    """Moran's I of a column, a value an area: whether neighbours are alike. Meant for residuals.

    Where a model's residuals are alike among neighbours, something that the model lacks goes over the
    map, and its errors are too short. Chance: the values dealt out anew among the areas. P. A. P.
    Moran, Biometrika 37 (1950); A. D. Cliff, J. K. Ord, "Spatial Processes" (1981).

    >>> line = neighbours(np.array([[0, 1], [1, 2], [2, 3]]), 4)
    >>> round(moran(np.array([1.0, 2.0, 3.0, 4.0]), line).observed, 2)
    0.4
    """
    own = _standard("values", values, around)
    joined = int((around.many > 0).sum())
    if not joined:
        raise refused("no-variation", column="neighbours")
    observed = float((own * around.means(own)).sum()) / joined
    work = partial(_alike, own, around)
    blocks = in_blocks(
        work, resamples, size=_BLOCK, seed=seed, executor=executor, progress=progress
    )
    drawn = np.concatenate(list(blocks)) / joined
    return beside_chance("Moran's I", observed, drawn, seed=seed, null=reason("dealt-values"))


def _alike(values: Floats, around: Neighbours, rng: np.random.Generator, number: int) -> Floats:
    dealt = rng.permuted(np.tile(values[:, None], number), axis=0)
    found: Floats = (dealt * around.means(dealt)).sum(axis=0)
    return found


@dataclass(frozen=True, eq=False)
class Local:
    """Each area's part of Lee's L, its p (two-sided) and q; NaN for an island.

    `kind` is which corner it is: "high-high", "low-low", "high-low", "low-high" by what is around it
    in the first and in the second map, or "" for an island.
    """

    values: Floats
    p: Floats
    q: Floats
    kind: tuple[str, ...]
    resamples: int
    seed: int


def local_lee(
    x: Floats,
    y: Floats,
    around: Neighbours,
    *,
    resamples: int = RESAMPLES,
    seed: int = 0,
    executor: Executor | None = None,
    progress: Progress | None = None,
) -> Local:
    """Where two maps are high (or low) together, area by area.

    Chance: as many neighbours, with both their values, drawn from all other areas (L. Anselin's
    conditional permutation, 1995). q is by Benjamini and Hochberg over all areas.
    """
    first, second = _standard("x", x, around), _standard("y", y, around)
    near = around.means(first), around.means(second)
    values: Floats = near[0] * near[1]
    work = partial(_around, np.stack([first, second], axis=1), around, values)
    blocks = in_blocks(
        work, resamples, size=_BLOCK, seed=seed, executor=executor, progress=progress
    )
    above, below = np.sum(list(blocks), axis=0)
    p = np.minimum(1.0, 2 * (1 + np.minimum(above, below)) / (resamples + 1))
    island = around.many == 0
    p[island], values[island] = np.nan, np.nan
    corner = [
        "" if alone else f"{'high' if one > 0 else 'low'}-{'high' if two > 0 else 'low'}"
        for alone, one, two in zip(island, *near, strict=True)
    ]
    return Local(values, p, false_discovery(p), tuple(corner), resamples, seed)


def _around(
    both: Floats, around: Neighbours, values: Floats, rng: np.random.Generator, number: int
) -> Integers:
    """How many draws of each area's neighbours are as high as what it has, and how many as low."""
    areas, most = len(around), int(around.many.max())
    # One draw of others serves all areas: each p is its own, and they rise and fall together.
    drawn = np.stack([rng.permutation(areas - 1)[:most] for _ in range(number)], axis=1)
    found = np.zeros((2, areas), np.int64)
    for area, many in enumerate(around.many.tolist()):
        if not many:
            continue
        others = drawn[:many] + (drawn[:many] >= area)
        means = both[others].sum(axis=0) / many
        product = means[:, 0] * means[:, 1]
        found[:, area] = (product >= values[area]).sum(), (product <= values[area]).sum()
    return found
