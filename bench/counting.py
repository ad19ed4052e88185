"""Counting beside the floor of its own kind, and beside pabutools.

    python bench/counting.py FILE… [--against PATH_TO_PYTHON] [--add1]

FILE is a Pabulib file. Times differ from machine to machine, so what counts are the ratios of CPU
seconds in one run: each rule's to the floor, which touches every approval once (the money of each
project's supporters added up), add1's to one run of equal shares, and pabutools' to ours, counted
by the Python of an environment that has it ("pabutools" itself: this one's, if it can). Ends each
line with ok or OVER. Limits: equal shares 25 times the floor, greedy 10 times, add1 300 runs,
1/1,000 of pabutools' equal shares, 150 MB.
"""

from __future__ import annotations

import argparse
import resource
import subprocess
import sys
import time
from pathlib import Path

from floors import least, touch
from lines import Line

from interlock.methods.counting import Election, count
from interlock.methods.formats import pabulib

FLOORS = {"greedy": 10.0, "equalshares": 25.0}
ADD1, AGAINST, MEGABYTES = 300.0, 1_000.0, 150

# What an environment with pabutools is asked, whose rules these are in its own words.
ORACLE = """
import sys, time
from pabutools.election import Cost_Sat, parse_pabulib
from pabutools.rules import greedy_utilitarian_welfare, method_of_equal_shares
instance, profile = parse_pabulib(sys.argv[1])
rule = method_of_equal_shares if sys.argv[2] == "equalshares" else greedy_utilitarian_welfare
began = time.process_time()
rule(instance, profile, sat_class=Cost_Sat)
print(time.process_time() - began)
"""


def main() -> int:
    parser = argparse.ArgumentParser(description=(__doc__ or "").splitlines()[0])
    parser.add_argument("files", nargs="+", type=Path, metavar="FILE")
    parser.add_argument("--against", metavar="PYTHON", help="of an environment with pabutools")
    parser.add_argument("--add1", action="store_true", help="count equalshares/add1 as well")
    arguments = parser.parse_args()
    python = sys.executable if arguments.against == "pabutools" else arguments.against
    lines = [line for path in arguments.files for line in measured(path, python, arguments.add1)]
    lines.append(memory())
    over = sum(line.over for line in lines)
    print(f"\n{len(lines) - over} lines ok, {over} OVER")
    return 1 if over else 0


def measured(path: Path, python: str | None, with_add1: bool) -> list[Line]:
    began = time.process_time()
    election = pabulib.read(path).election()
    read = time.process_time() - began
    print(
        f"\n{path.name}: {len(election.ballots):,} ballots, {len(election.projects)} projects, "
        f"{len(election.ballots.projects):,} marks; read in {read * 1000:.1f} ms",
        flush=True,
    )
    floor = least(lambda: touch(election))
    print(f"{'every approval touched once':<28}{floor * 1000:10.2f} ms", flush=True)
    lines, times = list[Line](), dict[str, float]()
    for rule, limit in FLOORS.items():
        times[rule] = least(lambda rule=rule: count(election, rule))  # type: ignore[misc]
        ratio = times[rule] / floor
        text = f"{rule:<28}{times[rule] * 1000:10.2f} ms {ratio:10.1f} x the floor, limit {limit:g}"
        lines.append(Line(text, ratio > limit).print())
    if with_add1:
        lines.append(add1(election, times["equalshares"]).print())
    if python is not None:
        lines += [against(path, python, rule, taken).print() for rule, taken in times.items()]
    return lines


def add1(election: Election, plain: float) -> Line:
    steps = 0

    def run() -> None:
        nonlocal steps
        steps = count(election, "equalshares/add1").steps

    taken = least(run, 1)
    text = (
        f"{'equalshares/add1':<28}{taken * 1000:10.2f} ms {taken / plain:10.1f} runs of equal "
        f"shares for {steps:,} raises, limit {ADD1:g}"
    )
    return Line(text, taken / plain > ADD1)


def against(path: Path, python: str, rule: str, ours: float) -> Line:
    asked = [python, "-c", ORACLE, str(path), rule]
    answer = subprocess.run(asked, capture_output=True, text=True, check=False)
    if answer.returncode:
        said = (answer.stderr.strip().splitlines() or ["nothing"])[-1]
        return Line(f"{rule:<28}pabutools did not count: {said}", True)
    theirs = float(answer.stdout.split()[-1])
    ratio = theirs / ours
    text = f"{rule:<28}{theirs * 1000:10.0f} ms by pabutools: {ratio:,.0f} x ours"
    limit = AGAINST if rule == "equalshares" else 0.0
    return Line(f"{text}, at least {limit:,g}" if limit else text, ratio < limit)


def memory() -> Line:
    peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024
    return Line(f"\n{'peak memory':<28}{peak:10.1f} MB, limit {MEGABYTES}", peak > MEGABYTES)


if __name__ == "__main__":
    raise SystemExit(main())
