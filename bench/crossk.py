"""Cross-K by bit-packed relabelling beside a plain numpy loop, and the redraw of a million points.

    python bench/crossk.py [--points N] [--million]

Ratios of CPU seconds in one run. 10,000 points, 1,500 of the one kind, 20 radii, about 290,000 pairs:
nanoseconds a pair and relabelling, of the bits (512 at once) and of a loop that compares the labels of
all pairs anew for each relabelling; counts must be equal. Limits: the loop takes at least 40 times as
long, or the bits at most the reference's 1.1 ns; dealing the labels out included, at most 3 ns. With
`--million`, a million points counted in 3,142 counties and 9,999 redraws, with time and memory (at
most 60 s of CPU and 1,000 MB). Ends each line with ok or OVER.
"""

from __future__ import annotations

import argparse
import resource
import time

import numpy as np
from floors import least
from lines import Line

from interlock.methods.blocks import generator
from interlock.methods.places.colocation.bits import dealt, unpacked
from interlock.methods.places.colocation.by_people import redraw
from interlock.methods.places.colocation.crossk import relabelled, unlike_pairs
from interlock.methods.places.colocation.nearby import Pairs, pairs
from interlock.methods.places.colocation.synthetic import country, world

WORDS, RADII, SHARE, NEIGHBOURS = 8, 20, 0.15, 60
AGAINST, REFERENCE, NANOSECONDS = 40.0, 1.1, 3.0
SECONDS, MEGABYTES = 60.0, 1_000


def looped(near: Pairs, labels: np.ndarray) -> np.ndarray:
    """One relabelling after another, as one would write it first: a row a relabelling."""
    found = []
    for column in range(labels.shape[1]):
        differs = labels[:, column][near.first] != labels[:, column][near.second]
        many = np.concatenate([[0], np.cumsum(differs)])
        found.append(many[near.begins[1:]])
    return np.stack(found)


def main() -> int:
    parser = argparse.ArgumentParser(description=(__doc__ or "").splitlines()[0])
    parser.add_argument("--points", type=int, default=10_000)
    parser.add_argument("--million", action="store_true", help="redraws of a million points too")
    arguments = parser.parse_args()
    lines = beside(arguments.points)
    if arguments.million:
        lines.append(million())
    return int(any(line.over for line in lines))


def beside(points: int) -> list[Line]:
    rng = generator(0)
    north, east = rng.random((2, points)) * 2
    widest = 111.2 * 2 * np.sqrt(NEIGHBOURS / points / np.pi)
    radii = np.linspace(widest / RADII, widest, RADII)
    began = time.process_time()
    near = pairs(north, east, radii)
    taken = time.process_time() - began
    labels = np.arange(points) < SHARE * points
    strata = np.zeros(points, np.int64)
    print(f"{points:,} points, {len(near):,} pairs in {RADII} radii, found in {taken:.2f} s")
    relabellings = 64 * WORDS
    dealing = least(lambda: dealt(labels, strata, generator(1), WORDS), 3)
    words = dealt(labels, strata, generator(1), WORDS)
    counting = least(lambda: unlike_pairs(near, words), 3)
    plain = unpacked(words)[:, :16].astype(bool)
    equal = bool((looped(near, plain) == unlike_pairs(near, words)[:, :16].T).all())
    loop = least(lambda: looped(near, plain), 3) / 16 * relabellings
    each = 1e9 / len(near) / relabellings
    ratio = loop / counting
    whole = least(lambda: relabelled(near, labels, resamples=999), 1)
    return [
        Line(
            f"counting {counting * each:.3f} ns a pair and relabelling, the loop {loop * each:.2f}: "
            f"{ratio:.0f} x, at least {AGAINST:g} or {REFERENCE:g} ns; counts "
            f"{'equal' if equal else 'DIFFER'}",
            (ratio < AGAINST and counting * each > REFERENCE) or not equal,
        ).print(),
        Line(
            f"labels dealt out and counted {(dealing + counting) * each:.3f} ns, at most "
            f"{NANOSECONDS:g}; 999 relabellings with their envelope {whole:.2f} s",
            (dealing + counting) * each > NANOSECONDS,
        ).print(),
    ]


def million() -> Line:
    planted = world(country(), events=1_000_000, seed=3)
    began = time.process_time()
    found = redraw(planted, resamples=9_999)
    within = redraw(planted, within=True, resamples=9_999)
    taken = time.process_time() - began
    peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024
    text = (
        f"{planted.events:,} points in {len(planted):,} counties, 9,999 redraws by people (p "
        f"{found.excess.p_more:.3f}) and 9,999 within states ({within.excess.p_more:.3f}): {taken:.1f} "
        f"s, at most {SECONDS:g}; {peak:.0f} MB, at most {MEGABYTES}"
    )
    return Line(text, taken > SECONDS or peak > MEGABYTES).print()


if __name__ == "__main__":
    raise SystemExit(main())
