"""What a `.pb` file says."""

from __future__ import annotations

import math
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from fractions import Fraction

import numpy as np

from interlock.methods.counting.election import Ballots, Cap, Election, Integers, Limits
from interlock.methods.formats.amounts import Amount


@dataclass(frozen=True)
class PabulibFile:
    """A `.pb` file: everything it says, ballots as sparse rows.

    `meta` keeps the order of the file; `project_rows` are the cells under `project_columns`;
    `voter_columns` hold all columns of VOTES but `vote` and, where the vote type has them,
    `points`, cell by cell, read when first asked for; `notes` say what was tolerated;
    `input_sha256` is the hash of the bytes read. The points of `ballots` are whole numbers of
    1/`points_unit`, the power of ten that the decimals of the file need.
    """

    meta: Mapping[str, str]
    project_columns: tuple[str, ...]
    project_rows: tuple[tuple[str, ...], ...]
    voter_columns: Mapping[str, tuple[str, ...]]
    ballots: Ballots
    notes: tuple[str, ...]
    input_sha256: str
    points_unit: int = 1

    @property
    def projects(self) -> tuple[str, ...]:
        """The project ids, in the order of the file."""
        return self.column("project_id")

    @property
    def rule(self) -> str:
        """The rule the file names, or "" when it names none."""
        return self.meta.get("rule", "")

    @property
    def is_synthetic(self) -> bool:
        """Whether META says `synthetic` "true": made up, a key of ours that other programs keep."""
        return self.meta.get("synthetic", "").strip().lower() == "true"

    @property
    def score_threshold(self) -> int | Fraction | None:
        """The least score (votes, on approval ballots) a project needs; None if there is none."""
        return self._number("min_project_score_threshold")

    @property
    def default_score(self) -> int | Fraction:
        """What a scoring ballot gives to a project it does not name; other ballots give nothing."""
        return self._number("default_score") or 0

    @property
    def max_length(self) -> int | None:
        """The most projects a ballot could name, or None when the file does not say."""
        text = self.meta.get("max_length", "")
        return int(text) if text else None

    @property
    def scoring_fn(self) -> str:
        """How the ranks of ordinal ballots become points: "Borda" unless the file says otherwise."""
        return self.meta.get("scoring_fn", "") or "Borda"

    @property
    def categories(self) -> list[tuple[str, ...]]:
        """The categories of each project, in the order of `projects`; none where none are given."""
        return [listed(cell) for cell in self._cells("category")]

    @property
    def neighborhoods(self) -> list[tuple[str, ...]]:
        """The neighborhood of each project, in the order of `projects`: one, or none."""
        # Not a list in Pabulib: a comma may be part of the name.
        return [(cell.strip(),) if cell.strip() else () for cell in self._cells("neighborhood")]

    @property
    def category_limits(self) -> dict[str, int]:
        """What projects of each category may cost together, in 1/`unit` of `election()`.

        Empty when the file sets no limits. Labels are those of `categories`.
        """
        return self._limits("category", "categories")

    @property
    def neighborhood_limits(self) -> dict[str, int]:
        """What projects of each neighborhood may cost together, like `category_limits`."""
        return self._limits("neighborhood", "neighborhoods")

    def column(self, name: str) -> tuple[str, ...]:
        """The cells of one PROJECTS column. Raises KeyError when the file has no such column."""
        if name not in self.project_columns:
            raise KeyError(name)
        place = self.project_columns.index(name)
        return tuple(row[place] for row in self.project_rows)

    def names(self) -> dict[str, str]:
        """What each project is called: its name, or its id where the file gives none."""
        ids = self.projects
        named = self.column("name") if "name" in self.project_columns else ids
        return {key: name.strip() or key for key, name in zip(ids, named, strict=True)}

    def election(self) -> Election:
        """The election with the limits that the file names.

        Amounts are whole numbers: `unit` is the power of ten that all decimals need. Points are
        whole numbers, too, of the power of ten that they and the default score need. That they are
        counted in tenths, say, changes no outcome of any rule. A threshold that is no whole number
        of these parts is rounded up, which keeps out the same projects.

        A scoring ballot gives the file's default score to each project it does not name. The first
        place of an ordinal ballot is worth the file's `max_length`, or the length of the longest
        ballot where that is more, and each place further down one less: Borda's points, as cities
        publish them in the column `score`.
        """
        unit = self._unit
        ballots, points_unit = self._pointed()
        caps = [
            *_caps(self.category_limits, self.categories, self.projects),
            *_caps(self.neighborhood_limits, self.neighborhoods, self.projects),
        ]
        least = max(0, math.ceil((self.score_threshold or 0) * points_unit))
        return Election(
            self.projects,
            tuple(cost.times(unit) for cost in self._costs),
            Amount.read(self.meta["budget"]).times(unit),
            unit,
            ballots,
            Limits(least_points=least, caps=tuple(caps)),
        )

    def selected(self) -> tuple[str, ...] | None:
        """The official winners (`selected` = 1), or None when the file does not say."""
        if "selected" not in self.project_columns:
            return None
        cells = self.column("selected")
        if not any(cell.strip() for cell in cells):
            return None
        rows = zip(self.projects, cells, strict=True)
        return tuple(project for project, cell in rows if cell.strip() == "1")

    def _pointed(self) -> tuple[Ballots, int]:
        """The ballots with all points that they give, and the parts of one that these are in."""
        ballots, unit = self.ballots, self.points_unit
        if ballots.kind == "ordinal" and ballots.weights is not None:
            longest, most = int(np.diff(ballots.offsets).max(initial=0)), self.max_length or 0
            if 0 < longest < most:
                ballots = replace(ballots, points=ballots.weights + (most - longest))
            return ballots, unit
        if ballots.kind == "scoring" and ballots.points is not None and self.default_score > 0:
            default = Fraction(self.default_score)
            unit = max(unit, 10 ** Amount.read(self.meta["default_score"]).decimals)
            given = ballots.points * (unit // self.points_unit)
            return _filled(ballots, given, len(self.project_rows), int(default * unit)), unit
        return ballots, unit

    @property
    def _costs(self) -> list[Amount]:
        return [Amount.read(cell.strip()) for cell in self.column("cost")]

    @property
    def _unit(self) -> int:
        texts = [self.meta["budget"], *self._limit_texts("category")]
        amounts = [Amount.read(text) for text in (*texts, *self._limit_texts("neighborhood"))]
        unit: int = 10 ** max(amount.decimals for amount in (*amounts, *self._costs))
        return unit

    def _cells(self, name: str) -> tuple[str, ...]:
        return self.column(name) if name in self.project_columns else ("",) * len(self.project_rows)

    def _number(self, key: str) -> int | Fraction | None:
        text = self.meta.get(key, "")
        return exact_number(text) if text else None

    def _limit_texts(self, kind: str) -> tuple[str, ...]:
        return listed(self.meta.get(f"budget_per_{kind}", ""))

    def _limits(self, kind: str, labels: str) -> dict[str, int]:
        unit, texts = self._unit, self._limit_texts(kind)
        names = listed(self.meta.get(labels, "")) if texts else ()
        return {
            name: Amount.read(text).times(unit) for name, text in zip(names, texts, strict=True)
        }


def _filled(ballots: Ballots, given: Integers, number: int, default: int) -> Ballots:
    """The ballots with points for each of `number` projects, the default where they name none."""
    voters = len(ballots)
    points = np.full((voters, number), default, np.int64)
    rows = np.repeat(np.arange(voters), np.diff(ballots.offsets))
    points[rows, ballots.projects] = given
    offsets = np.arange(voters + 1, dtype=np.int64) * number
    marks = np.tile(np.arange(number, dtype=np.int32), voters)
    return Ballots(ballots.kind, offsets, marks, points.ravel())


def exact_number(text: str) -> int | Fraction:
    """Read a number exactly, as an integer where it is one; it may be negative.

    Raises ValueError, in a sentence, for anything but plain digits.

    >>> exact_number("-3"), exact_number("2.50")
    (-3, Fraction(5, 2))
    """
    amount = Amount.read(text.removeprefix("-"))
    number = Fraction(amount.digits, 10**amount.decimals) * (-1 if text.startswith("-") else 1)
    return number.numerator if number.denominator == 1 else number


def listed(text: str) -> tuple[str, ...]:
    """The items of a list as Pabulib writes it, between commas, without the spaces around them.

    >>> listed("sport, culture")
    ('sport', 'culture')
    """
    return tuple(item.strip() for item in text.split(",") if item.strip())


def _caps(
    limits: Mapping[str, int], labels: Sequence[Sequence[str]], projects: Sequence[str]
) -> Iterator[Cap]:
    for name, budget in limits.items():
        rows = zip(projects, labels, strict=True)
        yield Cap(name, budget, tuple(project for project, own in rows if name in own))
