"""Counting beside the floor of its own kind, and beside pabutools.

    python bench/counting.py FILE… [--against PATH_TO_PYTHON] [--add1]

FILE is a Pabulib file. Times differ from machine to machine, so what counts are the ratios of CPU
seconds in one run: each rule's to the floor, which touches every approval once (the money of each
project's supporters added up), add1's to one run of equal shares, and pabutools' to ours, counted
by the Python of an environment that has it ("pabutools" itself: this one's, if it can). Ends each
line with ok or OVER. Limits: equal shares and Phragmén 25 times the floor, greedy 10 times, add1 300
runs, 150 MB; 1/1,000 of pabutools' equal shares and Phragmén, 1/5,000 of its greedy, and 1/200 of
its way from the file to the winners of equal shares.
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

FLOORS = {"greedy": 10.0, "equalshares": 25.0, "phragmen": 25.0}
AGAINST = {"greedy": 5_000.0, "equalshares": 1_000.0, "phragmen": 1_000.0}
ADD1, FROM_FILE, MEGABYTES = 300.0, 200.0, 150

# What an environment with pabutools is asked, whose rules these are in its own words.
ORACLE = """
import sys, time
from pabutools.election import Cost_Sat, parse_pabulib
from pabutools.rules import greedy_utilitarian_welfare, method_of_equal_shares, sequential_phragmen
began = time.process_time()
instance, profile = parse_pabulib(sys.argv[1])
read = time.process_time()
if sys.argv[2] == "phragmen":
    sequential_phragmen(instance, profile)
elif sys.argv[2] == "equalshares":
    method_of_equal_shares(instance, profile, sat_class=Cost_Sat)
else:
    greedy_utilitarian_welfare(instance, profile, sat_class=Cost_Sat)
print(read - began, time.process_time() - read)
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
        for rule, taken in times.items():
            lines += against(path, python, rule, read, taken)
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


def against(path: Path, python: str, rule: str, read: float, ours: float) -> list[Line]:
    asked = [python, "-c", ORACLE, str(path), rule]
    answer = subprocess.run(asked, capture_output=True, text=True, check=False)
    if answer.returncode:
        said = (answer.stderr.strip().splitlines() or ["nothing"])[-1]
        return [Line(f"{rule:<28}pabutools did not count: {said}", True).print()]
    their_read, theirs = map(float, answer.stdout.split()[-2:])
    lines = [beside(rule, theirs, ours, AGAINST[rule])]
    if rule == "equalshares":
        lines.append(beside("file to its winners", their_read + theirs, read + ours, FROM_FILE))
    return lines


def beside(name: str, theirs: float, ours: float, least: float) -> Line:
    text = f"{name:<28}{theirs * 1000:10.0f} ms by pabutools: {theirs / ours:,.0f} x ours"
    return Line(f"{text}, at least {least:,g}", theirs / ours < least).print()


def memory() -> Line:
    peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024
    return Line(f"\n{'peak memory':<28}{peak:10.1f} MB, limit {MEGABYTES}", peak > MEGABYTES)


if __name__ == "__main__":
    raise SystemExit(main())
