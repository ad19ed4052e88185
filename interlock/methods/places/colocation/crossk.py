"""At which distances do two kinds of points come together? Cross-K, with two nulls.

K counts pairs of unlike points within each radius (B. D. Ripley, 1976; P. J. Diggle, "Statistical
Analysis of Spatial Point Patterns", 2003). What it is beside decides what it says:

- `relabelled` deals the labels out anew among the points, within strata. It asks whether the labels are
  mixed, given where all the points are; so it is right only where a label could have fallen on either
  kind (projects that won and that lost), and only with strata that hold what decided (the district and
  the year of each ballot).
- `redrawn` draws the points of the one kind anew from places by their people, and counts those of the
  other within reach. It asks whether the two come together, given people.

The points themselves stay, so that the edge of the map plays no part. One p for all radii: `envelope`.
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
from interlock.methods.places.colocation.bits import BITS, column_sums, dealt
from interlock.methods.places.colocation.by_people import arrivals
from interlock.methods.places.colocation.envelope import Envelope, Measure, Side, enveloped
from interlock.methods.places.colocation.irls import Booleans, Floats, Integers
from interlock.methods.places.colocation.nearby import Pairs, checked_radii, chords, on_sphere
from interlock.methods.places.colocation.reasons import refused

RESAMPLES = 999
# Relabellings of a block, and words of pairs that are added at once (2 MB).
_BLOCK = 512
_WORDS_AT_ONCE = 2**18


@dataclass(frozen=True, eq=False)
class Curve:
    """Unlike pairs within each radius, beside chance. `counts` are those observed."""

    radii: Floats
    counts: Integers
    envelope: Envelope
    resamples: int
    seed: int


def relabelled(
    near: Pairs,
    labels: NDArray[Any],
    *,
    strata: NDArray[Any] | None = None,
    side: Side = "both",
    measure: Measure = "rank",
    resamples: int = RESAMPLES,
    seed: int = 0,
    executor: Executor | None = None,
    progress: Progress | None = None,
) -> Curve:
    """Pairs of unlike labels within each radius, beside labels dealt out anew within strata.

    `labels` say of each point whether it is of the one kind, `strata` (numbers from 0) among which
    points they are dealt. Raises ColocationError where one kind has no point, or a length is wrong.

    >>> from interlock.methods.places.colocation.nearby import pairs
    >>> east = np.array([0.0, 0.01, 1.0, 1.01, 2.0, 2.01, 3.0, 3.01])
    >>> near = pairs(np.zeros(8), east, np.array([5.0, 150.0]))
    >>> found = relabelled(near, np.array([1, 0, 1, 0, 1, 0, 1, 0]), resamples=199)
    >>> found.counts.tolist(), found.envelope.mean[0].round(1) < 4
    ([4, 10], np.True_)
    """
    marked = _labels(labels, near.points)
    parts = np.zeros(near.points, np.int64) if strata is None else np.asarray(strata, np.int64)
    if parts.shape != (near.points,):
        raise refused("wrong-length", column="strata")
    work = partial(_relabelled, near, marked, parts)
    blocks = in_blocks(
        work, resamples, size=_BLOCK, seed=seed, executor=executor, progress=progress
    )
    simulated, counts = np.concatenate(list(blocks)), near.unlike(marked)
    envelope = enveloped(counts.astype(np.float64), simulated, side=side, measure=measure)
    return Curve(near.radii, counts, envelope, resamples, seed)


def _labels(labels: NDArray[Any], points: int) -> Booleans:
    marked = np.asarray(labels).astype(np.bool_)
    if marked.shape != (points,):
        raise refused("wrong-length", column="labels")
    if not marked.any() or marked.all():
        raise refused("few-points")
    return marked


def _relabelled(
    near: Pairs, labels: Booleans, strata: Integers, rng: np.random.Generator, number: int
) -> Floats:
    words = -(-number // BITS)
    counts = unlike_pairs(near, dealt(labels, strata, rng, words))
    return counts[:, :number].T.astype(np.float64)


def unlike_pairs(near: Pairs, packed: NDArray[np.uint64]) -> Integers:
    """Unlike pairs within each radius (a row) in each relabelling (a column) of `bits.dealt`."""
    words = packed.shape[1]
    found = np.zeros((len(near.radii), words * BITS), np.int64)
    size = max(1, _WORDS_AT_ONCE // words)
    for ring, (begin, end) in enumerate(zip(near.begins[:-1], near.begins[1:], strict=True)):
        for start in range(int(begin), int(end), size):
            stop = min(start + size, int(end))
            differs = packed.take(near.first[start:stop], axis=0)
            differs ^= packed.take(near.second[start:stop], axis=0)
            found[ring] += column_sums(differs)
    return np.cumsum(found, axis=0)


@dataclass(frozen=True, eq=False)
class Exposure:
    """How many points of the other kind each candidate place has within each radius: a row a place.

    `people` are the candidates'; redraws add up rows, so that they cost the same however many points
    there are.
    """

    radii: Floats
    counts: Integers
    people: Floats


def exposure(
    latitude: NDArray[Any],
    longitude: NDArray[Any],
    people: NDArray[Any],
    to_latitude: NDArray[Any],
    to_longitude: NDArray[Any],
    radii: NDArray[Any],
) -> Exposure:
    """Candidate places (degrees, people above 0) and how many of the other points each has near.

    Candidates hold everybody once: no city and its boroughs both. Raises ColocationError for what is
    no place, ValueError for radii that do not rise.

    >>> found = exposure([0, 0], [0, 2], [100, 50], [0, 0], [0.1, 0.5], [20.0, 100.0])
    >>> found.counts.tolist()
    [[1, 2], [0, 0]]
    """
    rising, size = checked_radii(radii), np.asarray(people, np.float64)
    here, there = on_sphere(latitude, longitude), on_sphere(to_latitude, to_longitude)
    if not len(here) or not len(there):
        raise refused("few-points")
    if size.shape != (len(here),):
        raise refused("wrong-length", column="people")
    if not (np.isfinite(size) & (size > 0)).all():
        row = int(np.argmin(np.isfinite(size) & (size > 0))) + 1
        raise refused("no-people", code=str(row))
    tree = cKDTree(there)
    counts = [
        tree.query_ball_point(here, float(reach), return_length=True) for reach in chords(rising)
    ]
    return Exposure(rising, np.stack(counts, axis=1).astype(np.int64), size)


def redrawn(
    near: Exposure,
    chosen: NDArray[Any],
    *,
    side: Side = "both",
    measure: Measure = "rank",
    resamples: int = RESAMPLES,
    seed: int = 0,
    executor: Executor | None = None,
    progress: Progress | None = None,
) -> Curve:
    """Pairs of the chosen candidates with the other points, beside as many candidates drawn by people.

    `chosen` are the places of candidates at which the one kind is. Raises ColocationError for none, or
    for a place that is no candidate's.

    >>> near = exposure([0, 0, 0], [0, 5, 9], [9, 9, 9], [0, 0], [0.1, 0.2], [50.0])
    >>> found = redrawn(near, [0], resamples=99)
    >>> found.counts.tolist(), found.envelope.mean[0].round() <= 1
    ([2], np.True_)
    """
    places = np.asarray(chosen, np.int64)
    if not len(places):
        raise refused("few-points")
    if not ((places >= 0) & (places < len(near.people))).all():
        raise refused("wrong-length", column="chosen")
    counts = near.counts[places].sum(axis=0)
    size = max(1, min(_BLOCK, 2**20 // len(near.people)))
    work = partial(_redrawn, near, len(places))
    blocks = in_blocks(work, resamples, size=size, seed=seed, executor=executor, progress=progress)
    simulated = np.concatenate(list(blocks))
    envelope = enveloped(counts.astype(np.float64), simulated, side=side, measure=measure)
    return Curve(near.radii, counts, envelope, resamples, seed)


def _redrawn(near: Exposure, many: int, rng: np.random.Generator, number: int) -> Floats:
    rows = arrivals(near.people, many, rng, number)
    return np.stack([near.counts[row].sum(axis=0) for row in rows]).astype(np.float64)
