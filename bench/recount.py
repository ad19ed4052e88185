"""Official results counted again: every `.pb` file of a folder that names its rule and its winners.

    python bench/recount.py FOLDER [--all]

Prints a line for each file whose official winners the rule does not give, with the reason as far as
it can be told by counting (another tie order gives them, the file's own votes column does, …), and
a table. `--all` prints a line for every file. Ends with 1 when a file is missed for no known reason.

Pabulib's `greedy-custom`, a city's own variation, counts as greedy with the threshold and without.
"""

from __future__ import annotations

import argparse
import sys
import time
from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from pathlib import Path

import numpy as np

from interlock.methods.counting import Ballots, Election, count, why_not_supported
from interlock.methods.counting.election import Cap, Limits
from interlock.methods.formats import pabulib
from interlock.methods.formats.pabulib import PabulibError, PabulibFile

OUTCOMES = ("reproduced", "explained", "missed", "not compared")


def main() -> int:
    parser = argparse.ArgumentParser(description=(__doc__ or "").splitlines()[0])
    parser.add_argument("folder", type=Path)
    parser.add_argument("--all", action="store_true", help="a line for every file")
    arguments = parser.parse_args()
    begin = time.process_time()
    table: Counter[tuple[str, str]] = Counter()
    for path in sorted(arguments.folder.rglob("*.pb")):
        rule, outcome, why = judged(path)
        table[rule, outcome] += 1
        if arguments.all or outcome in ("explained", "missed") or rule == "unreadable":
            print(f"{path.name}: {rule}: {outcome}{f': {why}' if why else ''}", flush=True)
    print_table(table)
    seconds = time.process_time() - begin
    compared = sum(n for (_rule, outcome), n in table.items() if outcome != "not compared")
    reproduced = sum(n for (_rule, outcome), n in table.items() if outcome == "reproduced")
    missed = sum(n for (_rule, outcome), n in table.items() if outcome == "missed")
    verdict = "OVER" if missed or not compared else "ok"
    print(f"{reproduced} of {compared} official results reproduced in {seconds:.1f} s: {verdict}")
    return 1 if missed or not compared else 0


def print_table(table: Counter[tuple[str, str]]) -> None:
    rules = sorted({rule for rule, _outcome in table})
    width = max(map(len, [*rules, "rule"]), default=4)
    print(f"\n{'rule':{width}}", *OUTCOMES, sep="  ")
    for rule in rules:
        cells = (f"{table[rule, outcome]:>{len(outcome)}}" for outcome in OUTCOMES)
        print(f"{rule:{width}}", *cells, sep="  ")
    print()


def judged(path: Path) -> tuple[str, str, str]:
    """The rule of a file, one of `OUTCOMES`, and why."""
    try:
        file = pabulib.read(path)
    except PabulibError as error:
        more = f" (and {len(error.faults) - 1} more)" if len(error.faults) > 1 else ""
        return "unreadable", "not compared", f"{error.faults[0]}{more}"
    except OSError as error:
        return "unreadable", "not compared", str(error)
    rule = file.rule or "unknown"
    if rule == "unknown":
        return rule, "not compared", "the file names no rule"
    known = "greedy" if rule == "greedy-custom" else rule
    if (refusal := why_not_supported(known, file.ballots.kind)) is not None:
        return rule, "not compared", refusal
    if (official := file.selected()) is None:
        return rule, "not compared", "the file gives no winners"
    try:
        return rule, *compared(file, known, frozenset(official))
    except ValueError as error:
        return rule, "missed", str(error)


def compared(file: PabulibFile, rule: str, official: frozenset[str]) -> tuple[str, str]:
    election = file.election()
    # The limits are in the election, and where the file gives none, the rule is greedy.
    plain = "greedy" if rule in ("greedy-threshold", "greedy-exclusive") else rule
    if official == funded(election, plain, file):
        lacking = rule == "greedy-threshold" and not election.limits.least_points
        return "reproduced", "the file gives no threshold, nor needs one" if lacking else ""
    for attempt in attempts(file, election, plain, official):
        if official == funded(attempt.election, attempt.rule, file, attempt.order):
            return ("reproduced" if attempt.same else "explained"), attempt.why
    return reasons_without_a_count(file, official, funded(election, plain, file))


@dataclass(frozen=True)
class Attempt:
    """Another way to count, and what it would explain; `same`: it is the rule all the same."""

    why: str
    election: Election
    rule: str
    order: Sequence[str] | None = None
    same: bool = False


def attempts(
    file: PabulibFile, election: Election, rule: str, official: frozenset[str]
) -> Iterator[Attempt]:
    free = replace(election, limits=Limits())
    custom = file.rule == "greedy-custom"
    if custom:
        yield Attempt("without the threshold", free, rule, same=True)
    yield Attempt("another tie order gives them", election, rule, favouring(election, official))
    if election.limits.caps:
        uncapped = replace(election, limits=replace(election.limits, caps=()))
        yield Attempt("without the file's limits by category or neighborhood", uncapped, rule)
    for column in ("score", "votes"):
        if (own := by_column(file, election, rule, column)) is not None:
            yield Attempt(f"by the file's own column {column}, not its ballots", own, rule)
            order = favouring(own, official)
            yield Attempt(f"by the file's own column {column}, other tie order", own, rule, order)
    if (long := by_max_length(file, election)) is not None:
        yield Attempt("Borda points from META's max_length, not the longest ballot", long, rule)
    if not rule.startswith("greedy"):
        return
    other = "greedy" if rule == "greedy-no-skip" else "greedy-no-skip"
    yield Attempt(f"officially counted by {other}", election, other)
    if election.limits.least_points:
        yield Attempt("without the file's threshold", free, rule)
        yield Attempt(f"officially counted by {other} without the threshold", free, other)
    if file.rule == "greedy-exclusive":
        yield excluding(election, file, official)
    for least in sorted(set(election.points)):
        limited = replace(free, limits=Limits(least_points=least))
        told = f"the file gives {election.limits.least_points or 'none'}"
        yield Attempt(f"a threshold of {least} gives them; {told}", limited, rule)
        order = favouring(limited, official)
        yield Attempt(f"a threshold of {least} and another tie order; {told}", limited, rule, order)


def reasons_without_a_count(
    file: PabulibFile, official: frozenset[str], ours: frozenset[str]
) -> tuple[str, str]:
    """What can be said though no other count gives the official winners."""
    cells = zip(file.projects, file.column("selected"), strict=True)
    marked = {project for project, cell in cells if cell.strip() in ("1", "2", "3")}
    if ours == marked:
        return "explained", "with the projects marked selected = 2 or 3"
    if marked != official:
        return "explained", f"{len(marked - official)} projects are marked selected = 2 or 3"
    costs = dict(zip(file.projects, file.election().costs, strict=True))
    over = sum(costs[project] for project in official) - file.election().budget
    if over > 0:
        return "explained", f"the official winners cost {over} more than the budget"
    if file.rule == "greedy-custom":
        return "explained", "the file does not say how the city's rule differs from greedy"
    # Where the file has sums of its own, they were tried before.
    summed = {"votes", "score"} & set(file.project_columns) and file.rule.startswith("greedy")
    if not summed and any("more than once" in note for note in file.notes):
        return "explained", "ballots name a project more than once; it was counted once"
    return (
        "missed",
        f"only official: {sorted(official - ours)}; only here: {sorted(ours - official)}",
    )


def funded(
    election: Election, rule: str, file: PabulibFile, order: Sequence[str] | None = None
) -> frozenset[str]:
    return frozenset(count(election, rule, order, lot_seed=file.input_sha256).funded)


def excluding(election: Election, file: PabulibFile, official: frozenset[str]) -> Attempt:
    """What exclusive groups, which Pabulib does not tell, would have to keep out.

    Takes out what greedy funds and the city did not, until nothing such is left.
    """
    out, order = frozenset[str](), favouring(election, official)
    while True:
        caps = (*election.limits.caps, Cap("excluded", 0, tuple(out)))
        without = replace(election, limits=replace(election.limits, caps=caps))
        more = funded(without, "greedy", file, order) - official
        if not more - out:
            names = ", ".join(sorted(out))
            why = f"{len(out)} projects excluded by others, which the file does not tell: {names}"
            return Attempt(why, without, "greedy", order)
        out |= more


def favouring(election: Election, official: frozenset[str]) -> list[str]:
    """The tie order most favourable to the official winners.

    Under greedy it gives them if any order does: those of one level that were funded fit together,
    and where the first that does not fit ends the count, the dearest ends it soonest.
    """
    rows = zip(election.projects, election.costs, strict=True)
    return [p for p, _ in sorted(rows, key=lambda row: (row[0] not in official, -row[1], row[0]))]


def by_column(file: PabulibFile, election: Election, rule: str, column: str) -> Election | None:
    """The election as the file's own sums tell it: one ballot that gives all of them."""
    if column not in file.project_columns or not rule.startswith("greedy"):
        return None
    cells = [cell.strip() for cell in file.column(column)]
    if not all(cell.isdecimal() and len(cell) < 18 for cell in cells):
        return None
    size = len(cells)
    points = np.array([int(cell) for cell in cells], np.int64)
    ballots = Ballots("cumulative", np.array([0, size]), np.arange(size, dtype=np.int32), points)
    return replace(election, ballots=ballots)


def by_max_length(file: PabulibFile, election: Election) -> Election | None:
    """Ordinal ballots with points counted from META's `max_length` down."""
    ballots, longest = file.ballots, file.max_length
    if ballots.kind != "ordinal" or longest is None or ballots.weights is None:
        return None
    more = longest - int(np.diff(ballots.offsets).max(initial=0))
    if not more:
        return None
    points = np.maximum(ballots.weights + more, 0)
    return replace(election, ballots=replace(ballots, points=points))


if __name__ == "__main__":
    sys.exit(main())
