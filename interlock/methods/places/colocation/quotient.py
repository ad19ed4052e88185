"""The co-location quotient: is the nearest neighbour of one kind more often of the other than by chance?

T. F. Leslie, B. J. Kronenfeld, "The Colocation Quotient", Geographical Analysis 43 (2011); local, with
a kernel over nearest neighbours, R. G. Cromley, D. M. Hanink, G. C. Bentley (2014), F. Wang, Y. Hu, S.
Wang, X. Li (2017). It counts by rank and not by distance, so that dense cities do not decide, and goes
one way: that co-ops lie by participatory budgets does not say that these lie by co-ops.

Chance is the labels dealt out anew among the points, in strata if given (of like places, such as one
population size); as for cross-K, this is right only where a label could have fallen on any point.
"""

from __future__ import annotations

from concurrent.futures import Executor
from dataclasses import dataclass
from functools import partial
from typing import Any

import numpy as np
from numpy.typing import NDArray
from scipy.spatial import cKDTree

from interlock.methods.blocks import Progress, in_blocks
from interlock.methods.discovery import false_discovery
from interlock.methods.places.colocation.bits import BITS, dealt, unpacked
from interlock.methods.places.colocation.by_people import Chance, beside_chance
from interlock.methods.places.colocation.irls import Booleans, Floats, Integers
from interlock.methods.places.colocation.nearby import on_sphere
from interlock.methods.places.colocation.reasons import reason, refused

RESAMPLES = 999
NEIGHBOURS = 20
_BLOCK = 256
# How much closer than a neighbour another must be, relative to it, not to be as near.
_AS_NEAR = 1e-9


@dataclass(frozen=True, eq=False)
class Around:
    """Each point's neighbours with the weight that each has; the weights of a point add up to 1.

    Those of point i are `places[begins[i]:begins[i + 1]]`.
    """

    begins: Integers
    places: Integers
    weights: Floats

    def __len__(self) -> int:
        return len(self.begins) - 1

    def shares(self, labels: NDArray[Any]) -> Floats:
        """The weight of each point's neighbours that have the label; a column a relabelling."""
        owned = labels[self.places] * self.weights.reshape((-1,) + (1,) * (labels.ndim - 1))
        found: Floats = np.add.reduceat(owned, self.begins[:-1], axis=0)
        return found


def nearest(latitude: NDArray[Any], longitude: NDArray[Any]) -> Around:
    """The nearest neighbour of each point (degrees); all that are as near share its place.

    >>> found = nearest(np.zeros(4), np.array([0.0, 0.0, 0.0, 1.0]))
    >>> found.places.tolist(), found.weights[:2].tolist()
    ([1, 2, 0, 2, 0, 1, 0, 1, 2], [0.5, 0.5])
    """
    spots = _spots(latitude, longitude)
    tree = cKDTree(spots)
    # Where points share a spot the second found may be the point itself; both are at distance 0.
    reach = tree.query(spots, k=2)[0][:, 1]
    near = tree.query_ball_point(spots, reach * (1 + _AS_NEAR) + 1e-12, return_sorted=True)
    lists = [[one for one in row if one != place] for place, row in enumerate(near)]
    many = np.array([len(row) for row in lists])
    begins = np.concatenate([[0], np.cumsum(many)]).astype(np.int64)
    places = np.array([one for row in lists for one in row], np.int64)
    return Around(begins, places, np.repeat(1 / many, many))


def _spots(latitude: NDArray[Any], longitude: NDArray[Any]) -> Floats:
    spots = on_sphere(latitude, longitude)
    if len(spots) < 3:
        raise refused("few-points")
    return spots


def kernel(latitude: NDArray[Any], longitude: NDArray[Any], neighbours: int = NEIGHBOURS) -> Around:
    """So many nearest neighbours of each point, weighted by a Gaussian as wide as the farthest is away.

    Of points all in one spot each weighs as much. Raises ValueError for fewer neighbours than 1.
    """
    if neighbours < 1:
        raise ValueError("A neighbourhood has one neighbour or more.")
    spots = _spots(latitude, longitude)
    many = min(neighbours, len(spots) - 1)
    apart, places = cKDTree(spots).query(spots, k=many + 1)
    own = places == np.arange(len(spots))[:, None]
    # A point that shares its spot with many may not be among its own nearest: drop the last then.
    own[~own.any(axis=1), -1] = True
    apart = apart[~own].reshape(len(spots), many)
    width = np.where(apart[:, -1:] > 0, apart[:, -1:], 1.0)
    weights = np.exp(-0.5 * (apart / width) ** 2)
    weights /= weights.sum(axis=1, keepdims=True)
    begins = np.arange(len(spots) + 1, dtype=np.int64) * many
    return Around(begins, places[~own].astype(np.int64), weights.ravel())


def colocation_quotient(
    around: Around,
    labels: NDArray[Any],
    *,
    strata: NDArray[Any] | None = None,
    resamples: int = RESAMPLES,
    seed: int = 0,
    executor: Executor | None = None,
    progress: Progress | None = None,
) -> Chance:
    """The global quotient, of points labelled 1 to those labelled 0, beside labels dealt out anew.

    1: neighbours of the one kind are of the other as often as all other points are. With `labels`
    turned over it goes the other way. Raises ColocationError where one kind has no point.

    >>> around = nearest(np.zeros(6), np.array([0.0, 0.1, 1.0, 1.1, 2.0, 2.1]))
    >>> round(colocation_quotient(around, [1, 0, 1, 0, 1, 0], resamples=99).observed, 3)
    1.667
    """
    marked, parts = _checked(around, labels, strata)
    observed = float(_quotients(around, marked[:, None])[0])
    work = partial(_global, around, marked, parts)
    blocks = in_blocks(
        work, resamples, size=_BLOCK, seed=seed, executor=executor, progress=progress
    )
    drawn = np.concatenate(list(blocks))
    return beside_chance("quotient", observed, drawn, seed=seed, null=reason("relabelling"))


def _checked(
    around: Around, labels: NDArray[Any], strata: NDArray[Any] | None
) -> tuple[Booleans, Integers]:
    marked = np.asarray(labels).astype(np.bool_)
    parts = np.zeros(len(around), np.int64) if strata is None else np.asarray(strata, np.int64)
    for name, column in (("labels", marked), ("strata", parts)):
        if column.shape != (len(around),):
            raise refused("wrong-length", column=name)
    if not marked.any() or marked.all():
        raise refused("few-points")
    return marked, parts


def _quotients(around: Around, labels: Booleans) -> Floats:
    """The quotient of each column of labels."""
    points = len(labels)
    to = around.shares(~labels)
    many = labels.sum(axis=0)
    found: Floats = (to * labels).sum(axis=0) / many / ((points - many) / (points - 1))
    return found


def _relabelled(
    labels: Booleans, strata: Integers, rng: np.random.Generator, number: int
) -> Booleans:
    words = dealt(labels, strata, rng, -(-number // BITS))
    return unpacked(words)[:, :number].astype(np.bool_)


def _global(
    around: Around, labels: Booleans, strata: Integers, rng: np.random.Generator, number: int
) -> Floats:
    return _quotients(around, _relabelled(labels, strata, rng, number))


@dataclass(frozen=True, eq=False)
class LocalQuotients:
    """The quotient at each point labelled 1, its p (two-sided) and q. `points` are their places."""

    points: Integers
    values: Floats
    p: Floats
    q: Floats
    resamples: int
    seed: int


def local_quotients(
    around: Around,
    labels: NDArray[Any],
    *,
    strata: NDArray[Any] | None = None,
    resamples: int = RESAMPLES,
    seed: int = 0,
    executor: Executor | None = None,
    progress: Progress | None = None,
) -> LocalQuotients:
    """How many times as often as by chance the neighbours of each point are of the other kind.

    Chance: the labels of all other points dealt out anew in strata (L. Anselin's conditional
    permutation, 1995). q is by Benjamini and Hochberg over all points labelled 1.
    """
    marked, parts = _checked(around, labels, strata)
    points = np.flatnonzero(marked)
    share = (~marked).sum() / (len(marked) - 1)
    values: Floats = around.shares(~marked)[points] / share
    work = partial(_local, around, marked, parts, values * share)
    blocks = in_blocks(
        work, resamples, size=_BLOCK, seed=seed, executor=executor, progress=progress
    )
    more, less = np.sum(list(blocks), axis=0)
    p = np.minimum(1.0, 2 * (1 + np.minimum(more, less)) / (1 + resamples))
    return LocalQuotients(points, values, p, false_discovery(p), resamples, seed)


def _local(
    around: Around,
    labels: Booleans,
    strata: Integers,
    observed: Floats,
    rng: np.random.Generator,
    number: int,
) -> Integers:
    """How many draws are as high at each point, and how many as low."""
    points = np.flatnonzero(labels)
    drawn = _relabelled(labels, strata, rng, number)
    shares = around.shares(~drawn)[points]
    # Where a point lost its label it takes it back from any that has it: the others' are then dealt as
    # if it had kept its own.
    taken = _any_labelled(drawn, strata, rng)
    rows = np.repeat(np.arange(len(around)), np.diff(around.begins))
    is_taken = around.places[:, None] == taken[strata[rows]]
    back = np.add.reduceat(is_taken * around.weights[:, None], around.begins[:-1], axis=0)
    shares += np.where(drawn[points], 0.0, back[points])
    near = 1e-12
    more = (shares >= observed[:, None] - near).sum(axis=1)
    less = (shares <= observed[:, None] + near).sum(axis=1)
    return np.stack([more, less])


def _any_labelled(drawn: Booleans, strata: Integers, rng: np.random.Generator) -> Integers:
    """For each stratum (a row) and draw one of the points that have the label, any as likely."""
    found = np.full((int(strata.max()) + 1, drawn.shape[1]), -1, np.int64)
    for part in np.unique(strata).tolist():
        places = np.flatnonzero(strata == part)
        lots = np.where(drawn[places], rng.random((len(places), drawn.shape[1])), -1.0)
        found[part] = places[lots.argmax(axis=0)]
    return found
