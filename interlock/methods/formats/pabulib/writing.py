"""Files written, and made from an election of one's own."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Callable, Iterable, Mapping, Sequence
from itertools import pairwise
from typing import Any, TypeVar

from interlock.methods.counting.election import Ballots
from interlock.methods.formats.amounts import Amount, decimal_text
from interlock.methods.formats.pabulib.file import PabulibFile
from interlock.methods.formats.pabulib.reading import read

# The orders of https://pabulib.org/format.
META_ORDER = (
    *("description", "country", "unit", "district", "subunit", "instance"),
    *("num_projects", "num_votes", "budget", "vote_type", "rule", "date_begin", "date_end"),
    *("min_length", "max_length", "min_sum_cost", "max_sum_cost"),
    *("min_points", "max_points", "min_sum_points", "max_sum_points", "default_score"),
    *("min_project_cost", "max_project_cost", "min_project_score_threshold"),
    *("neighborhoods", "subdistricts", "categories", "edition", "language", "currency"),
    *("fully_funded", "experimental", "comment", "acknowledgments"),
)
PROJECTS_ORDER = (
    *("project_id", "cost", "votes", "score", "name", "category", "beneficiaries", "selected"),
    *("neighborhood", "subunit", "district", "description", "proposer", "public_id"),
    *("latitude", "longitude"),
)
VOTES_ORDER = (
    *("voter_id", "vote", "points", "age", "sex", "voting_method"),
    *("district", "neighborhood", "education"),
)

_Value = TypeVar("_Value")


def write(file: PabulibFile) -> str:
    """Write a file as text (encode it as UTF-8): what is read again is the same election."""
    return _text(
        file.meta, file.project_columns, file.project_rows, file.voter_columns, _vote_cells(file)
    )


def compose(
    meta: Mapping[str, str],
    projects: Sequence[Mapping[str, str]],
    ballots: Iterable[Sequence[str]],
    *,
    points: Iterable[Sequence[int]] | None = None,
    voters: Mapping[str, Sequence[str]] | None = None,
) -> PabulibFile:
    """Make a file from an election of one's own.

    `meta` needs at least `budget` (decimal text, as every cost); `vote_type` is "approval" unless
    given. Each project maps columns to cells, `project_id` and `cost` among them. `ballots` are
    project ids by voter, `points` run beside them where the vote type has them, `voters` are
    further columns; voters are numbered from 1 unless `voters` has a `voter_id`. What can be
    counted is filled in: the numbers of projects and votes, each project's votes (and score, where
    there are points), and whether the budget is enough for all. Keys and columns come in Pabulib's
    order. Raises PabulibError for whatever `read` would refuse.
    """
    voted, given = list(ballots), None if points is None else list(points)
    votes = {"vote": [",".join(ballot) for ballot in voted]}
    if given is not None:
        votes["points"] = [",".join(map(str, row)) for row in given]
    whole = {"vote_type": "approval", **meta}
    whole["num_projects"], whole["num_votes"] = str(len(projects)), str(len(voted))
    if _is_enough(whole.get("budget", ""), [row.get("cost", "") for row in projects]):
        whole.setdefault("fully_funded", "1")
    counted = _counted(projects, voted, given)
    names = {name: "" for row in counted for name in ("project_id", "cost", *row)}
    columns = tuple(_ordered(names, PROJECTS_ORDER))
    rows = [tuple(row.get(column, "") for column in columns) for row in counted]
    people = {"voter_id": [str(number + 1) for number in range(len(voted))], **(voters or {})}
    people = _ordered(people, VOTES_ORDER)
    text = _text(_ordered(whole, META_ORDER), columns, rows, people, votes)
    return read(text.encode("utf-8", "surrogatepass"))


def _is_enough(budget: str, costs: Iterable[str]) -> bool:
    """Whether the budget covers all costs; False where one of them cannot be read."""
    try:
        amount, *amounts = [Amount.read(text) for text in (budget, *costs)]
    except ValueError:
        return False
    unit: int = 10 ** max(one.decimals for one in (amount, *amounts))
    return amount.times(unit) >= sum(one.times(unit) for one in amounts)


def _counted(
    projects: Sequence[Mapping[str, str]],
    ballots: Sequence[Sequence[str]],
    points: Sequence[Sequence[int]] | None,
) -> list[dict[str, str]]:
    """The projects with their votes, and their score if there are points, unless they say them."""
    votes = Counter(project for ballot in ballots for project in dict.fromkeys(ballot))
    score = Counter[str]()
    for ballot, given in zip(ballots, points or (), strict=False):
        for project, number in dict(zip(reversed(ballot), reversed(given), strict=False)).items():
            score[project] += number
    found = [("votes", votes)] if points is None else [("votes", votes), ("score", score)]
    return [
        {**{column: str(by[row.get("project_id", "")]) for column, by in found}, **row}
        for row in projects
    ]


def _ordered(given: Mapping[str, _Value], order: Sequence[str]) -> dict[str, _Value]:
    """What is given, in this order, and whatever the order does not know after it."""
    known = {key: given[key] for key in order if key in given}
    return {**known, **given}


def _vote_cells(file: PabulibFile) -> dict[str, list[str]]:
    ids, ballots = file.projects, file.ballots
    marked = [ids[mark] for mark in ballots.projects.tolist()]
    cells = {"vote": _joined(marked, ballots)}
    if ballots.points is not None:
        points = [decimal_text(point, file.points_unit) for point in ballots.points.tolist()]
        cells["points"] = _joined(points, ballots)
    return cells


def _joined(cells: Sequence[str], ballots: Ballots) -> list[str]:
    offsets = ballots.offsets.tolist()
    return [",".join(cells[a:b]) for a, b in pairwise(offsets)]


def _text(
    meta: Mapping[str, str],
    columns: Sequence[str],
    rows: Iterable[Sequence[str]],
    voters: Mapping[str, Sequence[str]],
    votes: Mapping[str, Sequence[str]],
) -> str:
    """The text of a file; `vote` and `points` follow the voter's id."""
    ordered = _ordered({**voters, **votes}, VOTES_ORDER[:3])
    table: list[Sequence[Any]] = [("META",), ("key", "value"), *meta.items()]
    table += [("PROJECTS",), columns, *rows, ("VOTES",), tuple(ordered)]
    table += zip(*ordered.values(), strict=True)
    return "".join(";".join(map(_cell, row)) + "\n" for row in table)


_NEEDS_QUOTES: Callable[[str], object] = re.compile(r'[;"\r\n]').search


def _cell(text: str) -> str:
    """One cell, quoted where a reader needs it (csv.writer leaves a lone CR unquoted)."""
    return '"' + text.replace('"', '""') + '"' if _NEEDS_QUOTES(text) else text
