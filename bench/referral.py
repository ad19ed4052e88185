"""The tree bootstrap beside RDSTools', and its memory for a hundred thousand respondents.

    python bench/referral.py [--against PATH_TO_PYTHON] [--resamples R]

Times differ from machine to machine, so what counts are ratios of CPU seconds in one run, on a
made-up study of 500 respondents: 1,000 resamples of ours; RDSTools' `RDSmean(…,
var_est="tree_uni")`, by the Python of an environment that has it (`pip install RDSTools==0.1.13`),
in its plain and in its "optimized" form, of which the quicker one counts. R (1,000 unless given)
resamples of theirs are measured and, if fewer, counted up. Then 100,000 respondents and 1,000
resamples of ours in a process of their own, with its peak memory. Ends each line with ok or OVER.
Limits: at least 500 times as fast; 500 MB.
"""

from __future__ import annotations

import argparse
import csv
import resource
import subprocess
import sys
import tempfile
import time
import tracemalloc
from pathlib import Path

from floors import least
from lines import Line

from interlock.methods.referral.forest import Forest, planted
from interlock.methods.referral.intervals import tree_bootstrap
from interlock.methods.referral.synthetic import Shape, population, study

RESPONDENTS, RESAMPLES, MANY = 500, 1_000, 100_000
AGAINST, MEGABYTES = 500.0, 500

ORACLE = """
import os, sys, warnings
warnings.simplefilter("ignore")
import pandas
from RDSTools import RDSdata, RDSmean

def main():
    data = RDSdata(pandas.read_csv(sys.argv[1], dtype={"redeemed": str}), "id", "redeemed",
                   ["c1", "c2", "c3"], "degree")
    cores = int(sys.argv[3]) or None
    began = os.times()
    found = RDSmean("view", data, weight="WEIGHT", var_est="tree_uni", resample_n=int(sys.argv[2]),
                    n_cores=cores)
    ended = os.times()
    print("SE", found.results["SE"].tolist() if "SE" in found.results else found.results)
    print("CPU", sum(ended[:4]) - sum(began[:4]))

if __name__ == "__main__":
    main()
"""


def main() -> int:
    parser = argparse.ArgumentParser(description=(__doc__ or "").splitlines()[0])
    parser.add_argument("--against", metavar="PYTHON", help="of an environment with RDSTools")
    parser.add_argument("--resamples", type=int, default=RESAMPLES, help="of RDSTools, to measure")
    parser.add_argument("--many", action="store_true", help=argparse.SUPPRESS)
    arguments = parser.parse_args()
    if arguments.many:
        return many()
    forest = made(RESPONDENTS, Shape())
    view = forest.variable("view")
    ours = least(lambda: tree_bootstrap(forest, view, resamples=RESAMPLES))
    spread = tree_bootstrap(forest, view, resamples=RESAMPLES)
    print(
        f"{RESPONDENTS} respondents, {forest.seeds} seeds, {forest.depth} waves; {RESAMPLES:,} "
        f"resamples: {ours * 1000:.0f} ms, standard error {spread.intervals[0].error:.4f}",
        flush=True,
    )
    lines = []
    if arguments.against is not None:
        lines += against(forest, arguments.against, arguments.resamples, ours)
    command = [sys.executable, __file__, "--many"]
    lines.append(
        Line(f"{MANY:,} respondents", bool(subprocess.run(command, check=False).returncode))
    )
    over = sum(line.over for line in lines)
    print(f"\n{len(lines) - over} lines ok, {over} OVER")
    return 1 if over else 0


def made(respondents: int, shape: Shape) -> Forest:
    return planted(study(population(shape), respondents))


def against(forest: Forest, python: str, resamples: int, ours: float) -> list[Line]:
    taken = []
    with tempfile.TemporaryDirectory() as folder:
        table, script = Path(folder) / "study.csv", Path(folder) / "oracle.py"
        script.write_text(ORACLE)
        write(forest, table)
        for name, cores in (("plain", 0), ("optimized", 1)):
            asked = [python, str(script), str(table), str(resamples), str(cores)]
            answer = subprocess.run(asked, capture_output=True, text=True, check=False)
            told = dict(line.split(" ", 1) for line in answer.stdout.splitlines() if " " in line)
            if answer.returncode or "CPU" not in told:
                said = (answer.stderr.strip().splitlines() or ["nothing"])[-1]
                return [Line(f"RDSTools did not draw: {said}", True).print()]
            taken.append(float(told["CPU"]) * RESAMPLES / resamples)
            print(
                f"RDSTools, {name}: {float(told['CPU']):.1f} s for {resamples:,} resamples, "
                f"standard errors {told.get('SE')}",
                flush=True,
            )
    ratio = min(taken) / ours
    text = (
        f"RDSTools for {RESAMPLES:,}: {min(taken):.0f} s, {ratio:,.0f} x ours, at least {AGAINST:g}"
    )
    return [Line(text, ratio < AGAINST).print()]


def write(forest: Forest, path: Path) -> None:
    """The study as RDSTools reads it: three coupons each, and the one that came back."""
    view = forest.variable("view")
    with path.open("w", newline="") as file:
        rows = csv.writer(file)
        rows.writerow(["id", "redeemed", "c1", "c2", "c3", "degree", "view"])
        for place, name in enumerate(forest.ids):
            by, redeemed = int(forest.recruiters[place]), ""
            if by >= 0:
                redeemed = f"{forest.ids[by]}-{place - int(forest.first[by]) + 1}"
            coupons = [f"{name}-{number}" for number in (1, 2, 3)]
            answer = view.levels[view.codes[place]]
            rows.writerow([name, redeemed, *coupons, int(forest.degrees[place]), answer])


def many() -> int:
    forest = made(MANY, Shape(coop=112_000, pb=80_000, both=8_000))
    began = time.process_time()
    tree_bootstrap(forest, forest.variable("view"), resamples=RESAMPLES)
    taken = time.process_time() - began
    tracemalloc.start()
    tree_bootstrap(forest, forest.variable("view"), resamples=RESAMPLES)
    drawing = tracemalloc.get_traced_memory()[1] / 2**20
    peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024
    text = (
        f"{MANY:,} respondents x {RESAMPLES:,} resamples: {taken:.1f} s, {drawing:.0f} MB to draw; "
        f"the whole process, making the study up included: {peak:.0f} MB, limit {MEGABYTES} MB"
    )
    return int(Line(text, peak > MEGABYTES).print().over)


if __name__ == "__main__":
    raise SystemExit(main())
