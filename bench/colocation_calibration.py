"""How often each test finds two institutions together: made-up worlds where the truth is known.

    python bench/colocation_calibration.py [--worlds N] [--resamples R] [--jobs N] [--counties CSV]

Areas as unequal as the counties of the United States (`methods.places.colocation.synthetic`), or the
counties of a file (columns fips, pop2019, lat, lon); about 110 of them with the one institution, and
600 of the other. Printed is the share of worlds in which each test, one-sided at 5 %, finds them
together: where both know only how many people there are (0.05 is right), where a hidden regional cause
drives both (what lists cannot tell), and where the rate is tripled (1 is best). Limits: a test that
stands must be within the 99.8 % binomial limits of 0.05 (clustered errors of 50 states: of 0.08), the naive ones must be above
half, and all that stand must find the tripled rate in more than 0.95. Ends each line with ok or OVER.
"""

from __future__ import annotations

import argparse
import csv
from collections.abc import Callable, Mapping
from concurrent.futures import ProcessPoolExecutor
from functools import partial
from multiprocessing import get_context
from pathlib import Path

import numpy as np
from lines import Line
from scipy.stats import binom

from interlock.methods.places.colocation.by_people import redraw
from interlock.methods.places.colocation.naive import free_permutation, stratified_permutation
from interlock.methods.places.colocation.ratios import rate_ratio
from interlock.methods.places.colocation.synthetic import Country, country, world
from interlock.methods.places.colocation.table import Areas

LEVEL = 0.05
Test = Callable[[Areas, int], float]


def fixed(areas: Areas, _resamples: int) -> float:
    return rate_ratio(areas, by_region=True, size="covariate").ratio.p_more


TESTS: Mapping[str, Test] = {
    "free permutation (naive)": lambda areas, many: free_permutation(areas, resamples=many).p_more,
    "permutation in 20 strata (naive)": lambda areas, many: (
        stratified_permutation(areas, resamples=many).p_more
    ),
    "redraw by people": lambda areas, many: redraw(areas, resamples=many).excess.p_more,
    "redraw by people within states": lambda areas, many: (
        redraw(areas, within=True, resamples=many).excess.p_more
    ),
    "Poisson, offset": lambda areas, _many: rate_ratio(areas).ratio.p_more,
    "Poisson, log population, HC1": lambda areas, _many: (
        rate_ratio(areas, size="covariate", errors="HC1").ratio.p_more
    ),
    "negative binomial, log population": lambda areas, _many: (
        rate_ratio(
            areas, family="negative binomial", size="covariate", alpha="moments"
        ).ratio.p_more
    ),
    "Poisson, states, clustered": fixed,
}
# What the reference measured: null, hidden cause, tripled (reference/observatory.md 1.2).
EXPECTED: Mapping[str, tuple[float | None, ...]] = {
    "free permutation (naive)": (1.0, None, None),
    "permutation in 20 strata (naive)": (0.89, None, None),
    "redraw by people": (0.05, 1.0, 1.0),
    "redraw by people within states": (0.05, 0.57, 1.0),
    "Poisson, offset": (0.045, 0.97, 1.0),
    "Poisson, log population, HC1": (0.055, None, None),
    "negative binomial, log population": (0.045, 1.0, None),
    "Poisson, states, clustered": (0.08, 0.60, 1.0),
}
WORLDS: Mapping[str, Mapping[str, float]] = {
    "people only": {},
    "hidden cause": {"hidden": 1.0},
    "rate x 3": {"ratio": 3.0},
}


def found(made: Country, options: Mapping[str, float], resamples: int, seed: int) -> list[bool]:
    planted = world(made, seed=seed, **options)
    return [test(planted, resamples) < LEVEL for test in TESTS.values()]


def counties(path: Path | None) -> Country:
    if path is None:
        return country()
    rows = list(csv.DictReader(path.open()))
    states = np.unique([row["fips"][:2] for row in rows], return_inverse=True)[1]
    people, north, east = (
        np.array([float(row[name]) for row in rows]) for name in ("pop2019", "lat", "lon")
    )
    return Country(people.astype(np.int64), states.astype(np.int64), north, east)


def main() -> int:
    parser = argparse.ArgumentParser(description=(__doc__ or "").splitlines()[0])
    parser.add_argument("--worlds", type=int, default=200, help="of each kind")
    parser.add_argument("--resamples", type=int, default=199)
    parser.add_argument("--jobs", type=int, default=1)
    parser.add_argument("--counties", type=Path, help="a file of counties instead of made-up ones")
    arguments = parser.parse_args()
    made = counties(arguments.counties)
    shares = []
    with ProcessPoolExecutor(arguments.jobs, mp_context=get_context("spawn")) as executor:
        for options in WORLDS.values():
            work = partial(found, made, options, arguments.resamples)
            rows = list(executor.map(work, range(arguments.worlds), chunksize=10))
            shares.append(np.mean(rows, axis=0))
    print(f"{len(made):,} areas, {arguments.worlds} worlds of each kind; shares found, at 5 %")
    print(f"{'':<36}{'  '.join(f'{name:>20}' for name in WORLDS)}   (the reference's)")
    lines = [
        told(name, [float(one[place]) for one in shares], arguments.worlds)
        for place, name in enumerate(TESTS)
    ]
    return int(any(line.over for line in lines))


def told(name: str, shares: list[float], worlds: int) -> Line:
    cells = "  ".join(
        f"{share:>12.3f} ({'  -  ' if one is None else f'{one:5.3f}'})"
        for share, one in zip(shares, EXPECTED[name], strict=True)
    )
    if "naive" in name:
        return Line(f"{name:<36}{cells}, null above 0.5", shares[0] <= 0.5).print()
    right = 0.08 if "clustered" in name else LEVEL
    low, high = (float(one) / worlds for one in binom.ppf([0.001, 0.999], worlds, right))
    low = min(low, float(binom.ppf(0.001, worlds, LEVEL)) / worlds)
    is_over = not (low <= shares[0] <= high and shares[2] > 0.95)
    return Line(f"{name:<36}{cells}, null {low:.3f} to {high:.3f}", is_over).print()


if __name__ == "__main__":
    raise SystemExit(main())
