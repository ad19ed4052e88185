"""How often intervals hold the truth, in made-up studies where it is known.

    python bench/referral_coverage.py [--studies S] [--resamples R] [--jobs N]

The population and the way a survey goes through it are those of `methods.referral.synthetic`: 2,000
persons of two fields, 80 in both, 3 % of ties across, a view held by 35 % and 70 %; 300 respondents
from 10 seeds, 3 coupons each, accepted by half. Each study has a population of its own. Printed are
the share of 95 % intervals that hold the truth and their mean width, for the binomial interval
(which takes answers for drawn at random; it exists here only), Salganik's and the tree bootstrap.
Ends each line with ok or OVER. Limits: the tree bootstrap at least 95 %, the binomial one at most
85 %.
"""

from __future__ import annotations

import argparse
import math
import statistics
from concurrent.futures import ProcessPoolExecutor
from dataclasses import dataclass
from functools import partial
from multiprocessing import get_context

from lines import Line

from interlock.methods.referral.estimates import rds_ii
from interlock.methods.referral.forest import planted
from interlock.methods.referral.intervals import salganik_bootstrap, tree_bootstrap
from interlock.methods.referral.synthetic import Shape, population, study

RESPONDENTS = 300
METHODS = ("binomial", "Salganik bootstrap", "tree bootstrap")
LEAST, MOST_BINOMIAL = 0.95, 0.85
Z = 1.959963984540054


@dataclass(frozen=True)
class Study:
    """One study: the truth, the plain mean, the estimate, and the interval by each method."""

    truth: float
    plain: float
    estimate: float
    intervals: tuple[tuple[float, float], ...]


def simulated(resamples: int, number: int) -> Study:
    people = population(Shape(), number)
    forest = planted(study(people, RESPONDENTS, seed=number))
    view = forest.variable("view")
    yes = view.levels.index("yes")
    share = rds_ii(forest, view).shares[yes]
    half = Z * math.sqrt(share * (1 - share) / RESPONDENTS)
    intervals = [(share - half, share + half)]
    for method in (salganik_bootstrap, tree_bootstrap):
        spread = method(forest, view, resamples=resamples, seed=number)
        found = spread.intervals[yes] if spread.intervals else None
        intervals.append((math.nan, math.nan) if found is None else (found.low, found.high))
    return Study(people.truth, float((view.codes == yes).mean()), share, tuple(intervals))


def main() -> int:
    parser = argparse.ArgumentParser(description=(__doc__ or "").splitlines()[0])
    parser.add_argument("--studies", type=int, default=400)
    parser.add_argument("--resamples", type=int, default=1_000)
    parser.add_argument("--jobs", type=int, default=1)
    arguments = parser.parse_args()
    work = partial(simulated, arguments.resamples)
    with ProcessPoolExecutor(arguments.jobs, mp_context=get_context("spawn")) as executor:
        studies = list(executor.map(work, range(arguments.studies), chunksize=10))
    print(f"{len(studies)} studies of {RESPONDENTS} respondents, {arguments.resamples:,} resamples")
    for name, errors in (
        ("plain mean", [one.plain - one.truth for one in studies]),
        ("RDS-II", [one.estimate - one.truth for one in studies]),
    ):
        bias, spread = statistics.fmean(errors), statistics.stdev(errors)
        print(f"{name:<20} bias {bias:+.3f}, standard deviation {spread:.3f}")
    truth = statistics.fmean(one.truth for one in studies)
    variance = statistics.variance([one.estimate - one.truth for one in studies])
    effect = variance / (truth * (1 - truth) / RESPONDENTS)
    print(
        f"{'design effect':<20} {effect:.1f}: {RESPONDENTS} answers are worth {RESPONDENTS / effect:.0f}"
    )
    lines = [covered(studies, place).print() for place in range(len(METHODS))]
    return int(any(line.over for line in lines))


def covered(studies: list[Study], place: int) -> Line:
    inside = [one.intervals[place][0] <= one.truth <= one.intervals[place][1] for one in studies]
    share = statistics.fmean(inside)
    width = statistics.fmean(one.intervals[place][1] - one.intervals[place][0] for one in studies)
    name = METHODS[place]
    limits = {"tree bootstrap": share < LEAST, "binomial": share > MOST_BINOMIAL}
    told = f"{name:<20} holds the truth in {100 * share:.1f} %, mean width {width:.2f}"
    limit = {"tree bootstrap": ", at least 95 %", "binomial": ", at most 85 %"}.get(name, "")
    return Line(told + limit, limits.get(name, False))


if __name__ == "__main__":
    raise SystemExit(main())
