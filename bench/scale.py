"""A million ballots from a file, and ten million from arrays, to exact winners, beside the floor.

    python bench/scale.py [--file 1000000] [--arrays 10000000] [--projects 100] [--rule equalshares]

The ballots are made up (as by `interlock simulate make`) and counted in a process of their own, so
that the peak memory told is that of reading and counting alone. Times differ from machine to
machine, so what counts are the ratios in one run. The floor of time touches every approval once (the
money of each project's supporters added up), after reading every byte once where there is a file; the
floor of memory is the file, or the arrays of the ballots. Ends each line with ok or OVER. Limits: 40
floors of time and 8 of memory for a file, 10 and 6 for arrays; and 3 and 60 seconds of CPU.
"""

from __future__ import annotations

import argparse
import subprocess
import sys
import tempfile
import time
from pathlib import Path

import numpy as np
from floors import least, touch
from lines import Line

from interlock.methods.counting import Ballots, Election, count
from interlock.methods.counting.synthetic import Shape, synthetic
from interlock.methods.formats import pabulib
from interlock.methods.formats.synthetic import file_of

# Floors of time, floors of memory, seconds.
LIMITS = {".pb": (40.0, 8.0, 3.0), ".npz": (10.0, 6.0, 60.0)}
BUDGET = 100_000_000


def main() -> int:
    parser = argparse.ArgumentParser(description=(__doc__ or "").splitlines()[0])
    parser.add_argument("--file", type=int, default=1_000_000, metavar="BALLOTS")
    parser.add_argument("--arrays", type=int, default=10_000_000, metavar="BALLOTS")
    parser.add_argument("--projects", type=int, default=100)
    parser.add_argument("--rule", default="equalshares")
    parser.add_argument("--made", type=Path, metavar="PATH", help="count what was made there")
    arguments = parser.parse_args()
    if arguments.made is not None:
        lines = measured(arguments.made, arguments.rule)
        return 1 if any(line.over for line in lines) else 0
    over = False
    with tempfile.TemporaryDirectory() as folder:
        for name, voters in (("made.pb", arguments.file), ("made.npz", arguments.arrays)):
            path = Path(folder) / name
            make(path, Shape(voters=voters, projects=arguments.projects, budget=BUDGET))
            apart = [sys.executable, __file__, "--rule", arguments.rule, "--made", str(path)]
            over |= subprocess.run(apart, check=False).returncode != 0
            path.unlink()
    return 1 if over else 0


def make(path: Path, shape: Shape) -> None:
    made = synthetic(shape, seed=1)
    if path.suffix == ".pb":
        path.write_text(pabulib.write(file_of(made)), encoding="utf-8", newline="")
        return
    ballots, costs = made.election.ballots, np.array(made.election.costs, np.int64)
    np.savez(path, offsets=ballots.offsets, projects=ballots.projects, costs=costs)


def measured(path: Path, rule: str) -> list[Line]:
    """The lines of one election, counted in this process before anything else is done."""
    given = arrays(path) if path.suffix == ".npz" else {}
    size = sum(array.nbytes for array in given.values()) or path.stat().st_size
    began = time.process_time()
    election = from_arrays(given) if given else pabulib.read(path).election()
    ready = time.process_time()
    funded = count(election, rule).funded
    done = time.process_time()
    peak = peak_memory()
    floor = least(lambda: read_and_touch(path, election))
    what = "arrays" if given else "file"
    print(
        f"\n{len(election.ballots):,} ballots, {what} of {size / 2**20:,.0f} MB, "
        f"{len(election.projects)} projects, {len(election.ballots.projects):,} marks\n"
        f"{'the floor':<28}{floor:8.2f} s\n"
        f"{'to an election':<28}{ready - began:8.2f} s {(ready - began) / floor:6.1f} x the floor\n"
        f"{rule:<28}{done - ready:8.2f} s {(done - ready) / floor:6.1f} x the floor, "
        f"{len(funded)} funded",
        flush=True,
    )
    floors, memory, seconds = LIMITS[path.suffix]
    taken = done - began
    text = (
        f"{'to exact winners':<28}{taken:8.2f} s {taken / floor:6.1f} x the floor, limit {floors:g}"
    )
    return [
        Line(f"{text} and {seconds:g} s", taken > floors * floor or taken > seconds).print(),
        Line(
            f"{'peak memory':<28}{peak / 2**20:7.0f} MB {peak / size:6.1f} x the {what}, "
            f"limit {memory:g}",
            peak > memory * size,
        ).print(),
    ]


def arrays(path: Path) -> dict[str, np.ndarray]:
    with np.load(path) as stored:
        given = dict(stored)
    for array in given.values():
        array.setflags(write=False)  # ballots share what nobody can change, and copy the rest
    return given


def from_arrays(given: dict[str, np.ndarray]) -> Election:
    costs = given["costs"].tolist()
    ballots = Ballots("approval", given["offsets"], given["projects"])
    return Election(tuple(map(str, range(len(costs)))), tuple(costs), BUDGET, 1, ballots)


def read_and_touch(path: Path, election: Election) -> None:
    """The floor: every byte of a file read, and every approval touched."""
    if path.suffix == ".pb":
        path.read_bytes().count(b"\n")
    touch(election)


def peak_memory() -> int:
    """In bytes; that of this program alone, while `getrusage` begins with its parent's."""
    status = Path("/proc/self/status").read_text()
    return int(status.split("VmHWM:")[1].split()[0]) * 1024


if __name__ == "__main__":
    raise SystemExit(main())
