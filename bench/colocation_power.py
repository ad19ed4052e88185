"""How large a ratio the lists of metros could have found.

    python bench/colocation_power.py [--simulations N] [--jobs N] [--metros CSV]

The pilot's question: 384 areas of which 28 have five co-ops or more, and 12 or 44 participatory
budgeting; made-up areas as unequal as US metros, or those of a file (columns cbsa, pop2019, pb, coop5).
Printed is the power of the odds ratio with log population, one-sided at 5 %, with what the reference
measured (reference/observatory.md, finding 4). Limits: within 0.1 of the reference for the file, within
0.2 for made-up areas, and within binomial limits of 5 % where there is no ratio. Then the least rate
ratio that the exact test finds in counties with a power of 0.8, and how often the redraw, which trusts
no model and pays for it, finds that: at least 0.5. Ends each line with ok or OVER.
"""

from __future__ import annotations

import argparse
import csv
from concurrent.futures import Executor, ProcessPoolExecutor
from multiprocessing import get_context
from pathlib import Path

import numpy as np
from lines import Line

from interlock.methods.blocks import generator
from interlock.methods.places.colocation.power import (
    least_rate_ratio,
    odds_power,
    redraw_power,
)
from interlock.methods.places.colocation.synthetic import country, world
from interlock.methods.places.colocation.table import Areas, areas

# (marked metros, odds ratio): the power that the reference measured.
REFERENCE = {(12, 1): None, (12, 3): 0.40, (12, 8): 0.82, (44, 3): 0.65, (44, 5): 0.91}


def metros(path: Path | None) -> Areas:
    if path is not None:
        rows = list(csv.DictReader(path.open()))
        columns = [[int(row[name]) for row in rows] for name in ("pop2019", "pb", "coop5")]
        return areas([row["cbsa"] for row in rows], *columns, unit="metro")
    rng = generator(1)
    # Deviation and median of the log population of 384 US metros in 2019.
    people = np.exp(rng.normal(12.5, 1.05, 384)).astype(int) + 50_000
    log_people = np.log(people)
    chances = [1 / (1 + np.exp(-(1.5 * (log_people - middle)))) for middle in (15.1, 14.4)]
    marked, having = (rng.random(384) < chance for chance in chances)
    return areas([f"{place:03d}" for place in range(384)], people, marked, having, unit="metro")


def main() -> int:
    parser = argparse.ArgumentParser(description=(__doc__ or "").splitlines()[0])
    parser.add_argument("--simulations", type=int, default=400)
    parser.add_argument("--jobs", type=int, default=1)
    parser.add_argument("--metros", type=Path, help="the pilot's file instead of made-up metros")
    arguments = parser.parse_args()
    many = arguments.simulations
    with ProcessPoolExecutor(arguments.jobs, mp_context=get_context("spawn")) as executor:
        lines = [*odds(metros(arguments.metros), arguments.metros is not None, many, executor)]
        lines += [counties(ratio, many, executor) for ratio in (1.0, 3.0)]
    return int(any(line.over for line in lines))


def odds(found: Areas, is_real: bool, many: int, executor: Executor) -> list[Line]:
    print(f"{len(found)} metros, {int(found.marked.sum())} marked, {found.events} with co-ops")
    lines = []
    for (marks, ratio), told in REFERENCE.items():
        power = odds_power(
            found, float(ratio), marks=float(marks), simulations=many, executor=executor
        )
        text = f"{marks:>3} marked, odds ratio {ratio}: found in {power.value:.3f}"
        if told is None:
            limit = 0.05 + 3.1 * np.sqrt(0.05 * 0.95 / many)
            lines.append(Line(f"{text}, at most {limit:.3f}", power.value > limit).print())
            continue
        reach = 0.1 if is_real else 0.2
        is_over = abs(power.value - told) > reach
        lines.append(Line(f"{text}, the reference's {told:.2f} ± {reach}", is_over).print())
    return lines


def counties(ratio: float, many: int, executor: Executor) -> Line:
    found = world(country(), ratio=ratio, seed=1)
    least = least_rate_ratio(found) or float("inf")
    power = redraw_power(found, least, simulations=many, executor=executor).value
    text = (
        f"{len(found):,} counties, {int(found.marked.sum())} marked, {found.events} events: least "
        f"rate ratio found with 0.8: {least:.2f}; the redraw finds it in {power:.3f}, at least 0.5"
    )
    return Line(text, power < 0.5).print()


if __name__ == "__main__":
    raise SystemExit(main())
