"""A table of outcomes as CSV: what came out, which of the two was there, and what hangs together.

A row is a project, or a place in a year. Columns are found by what they are called or named: the outcome (a
number; an empty cell is one that is not known), participatory budgeting and co-ops (yes or no, or how many),
the cluster (a city: its rows hang together), and any numbers that are taken out first.
"""

from __future__ import annotations

import math
import re
from collections.abc import Mapping, Sequence

import numpy as np

from interlock.methods.formats.faults import shown
from interlock.methods.formats.headed import Headed, check, fault, opened, rows
from interlock.methods.formats.register.rows import Row
from interlock.methods.network.supermodularity import Outcomes

ROLES = ("outcome", "pb", "coops", "cluster")
_MEANINGS: Mapping[str, Sequence[str]] = {
    "outcome": ("outcome",),
    "pb": ("pb", "marked", r"(has )?participatory budgeting"),
    "coops": ("co-?ops?", r"worker co-?ops?", r"(worker )?cooperatives", "count"),
    "cluster": ("cluster", "city", "municipality", "place", "region", "state"),
}
_YES, _NO = frozenset({"yes", "y", "true", "x", "sí", "si"}), frozenset({"no", "n", "false", "-"})
_NUMBER = re.compile(r"-?[0-9]{1,15}(\.[0-9]{1,15})?")


def read(
    data: bytes, columns: Mapping[str, str] | None = None, beside: Sequence[str] = ()
) -> Outcomes:
    """The outcomes of a CSV file in UTF-8. `columns` name the column of a role (`ROLES`).

    `beside` are the headings of numbers that are taken out first. Raises TableError with line and
    column of every fault.

    >>> found = read(b"city,pb,co-ops,turnout\\nA,yes,2,0.4\\nB,no,0,\\n", {"outcome": "turnout"})
    >>> found.outcome.tolist(), found.pb.tolist(), found.coop.tolist(), found.clusters.tolist()
    ([0.4, nan], [True, False], [True, False], [0, 1])
    """
    named = {f"beside-{at}": heading for at, heading in enumerate(beside)}
    return _Reading(
        opened(data), (*ROLES, *named), _MEANINGS, ROLES, {**(columns or {}), **named}
    ).outcomes(list(named))


class _Reading(Headed):
    """A table of outcomes being read."""

    def outcomes(self, beside: Sequence[str]) -> Outcomes:
        outcome, others = list[float](), list[list[float]]()
        pb, coops, clusters = list[bool](), list[bool](), list[str]()
        for row in rows(self.table, self.faults):
            outcome.append(self._number(row, "outcome"))
            pb.append(self._is_there(row, "pb"))
            coops.append(self._is_there(row, "coops"))
            clusters.append(self.cell(row, "cluster"))
            others.append([self._number(row, role) for role in beside])
        if not outcome and not self.faults:
            self.faults.append(fault(self.table.line, "table-empty"))
        check(self.faults)
        return Outcomes(
            np.array(outcome, np.float64),
            np.array(pb, np.bool_),
            np.array(coops, np.bool_),
            np.unique(clusters, return_inverse=True)[1].astype(np.int64),
            np.array(others, np.float64) if beside else None,
        )

    def _number(self, row: Row, role: str) -> float:
        text = self.cell(row, role, may_lack=True)
        if not text:
            return math.nan
        if not _NUMBER.fullmatch(text):
            self.wrong(row, role, "no-plain-number", text=shown(text))
            return math.nan
        return float(text)

    def _is_there(self, row: Row, role: str) -> bool:
        text = self.cell(row, role).casefold()
        if text in _YES or text in _NO:
            return text in _YES
        if text and not re.fullmatch("[0-9]{1,15}", text):
            self.wrong(row, role, "no-yes-or-no", text=shown(text))
        return text.strip("0") != ""
