"""Each question of a study: its answers by group, with intervals, as they may be told."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from math import isfinite
from typing import Any

import numpy as np

from interlock.methods.questionnaires import Form, Question
from interlock.methods.questionnaires.form import DONT_KNOW
from interlock.methods.referral import diagnostics, indices
from interlock.methods.referral.comparison import LEAST_IN_GROUP, Comparison, compared
from interlock.methods.referral.forest import Booleans, Floats, Forest, Integers, Variable
from interlock.methods.referral.intervals import Draws, tree_bootstrap
from interlock.methods.referral.reasons import Reason
from interlock.methods.referral.suppression import LEAST_CELL
from interlock.web.surveys.analysing.sample import Sample
from interlock.web.surveys.analysing.withholding import (
    LEAST_SENSITIVE,
    Shown,
    intervals,
    is_of_many,
    masked,
    may_show,
    outward,
    percent,
    shares,
    told,
)
from interlock.web.surveys.models import Role
from interlock.web.surveys.rules import about

Outcome = dict[str, Any]

#: Numbers are told in these bands, from each up to the next.
BANDS = (0, 1, 5, 10, 20, 50, 100)
# More answers than this are told of all together only, the rarest as one.
MOST_LEVELS = 12
REST = "*"
#: What makes the groups is told of all together only: within a group it says what the group is.
GROUPING = {"coop_role", "pb_role"}
#: What no table is made of: text is never published, and a date may be somebody's birthday.
NEVER = {"text", "date"}
TOLD = {"select_one", "select_multiple", "rank", "integer", "decimal", "range"}


@dataclass(frozen=True, eq=False)
class Item:
    """One question as variables: one, or one for each answer where several may be given.

    `levels` are what the results name. `numbers` are the answers of a question that asks for one.
    """

    question: Question
    kind: str
    levels: tuple[str, ...]
    variables: tuple[Variable, ...]
    unknowing: int
    numbers: Floats | None = None

    @property
    def is_ordered(self) -> bool:
        return self.kind == "number" or self.question.scale in ("ordinal", "count")

    @property
    def is_whole(self) -> bool:
        """Whether it is told of all together only."""
        return REST in self.levels or self.question.name in GROUPING

    @property
    def least(self) -> int:
        """The fewest people who may be told of."""
        return LEAST_SENSITIVE if self.question.sensitive else LEAST_CELL


def asked(form: Form) -> Iterator[Question]:
    """The questions that results tell of, in their order; consenting is no question."""
    for question in form.questions:
        if question.name != "consent" and question.type in TOLD | NEVER:
            yield question


def item_of(form: Form, question: Question, sample: Sample) -> Item:
    """What a sample answered to a question, as variables."""
    said = sample.said(question.name)
    if question.type in ("integer", "decimal"):
        return _number(question, said)
    if question.range is not None:
        levels = question.range.values
        if len(levels) > MOST_LEVELS:
            return _number(question, said)
        return _one(question, "one", levels, said, 0)
    choices = form.choices(question)
    levels = tuple(one.name for one in choices if one.code >= 0)
    unknown = {one.name for one in choices if one.code == DONT_KNOW}
    if question.type == "select_multiple":
        return _many(question, levels, said, unknown)
    if question.type == "rank":
        said = [one.split(" ")[0] for one in said]
        return _one(question, "first", levels, said, 0)
    return _one(question, "one", levels, said, sum(one in unknown for one in said))


def _one(
    question: Question, kind: str, levels: Sequence[str], said: Sequence[str], unknowing: int
) -> Item:
    if len(levels) > MOST_LEVELS:
        many = {level: said.count(level) for level in levels}
        often = {
            level
            for level in sorted(levels, key=lambda level: -many[level])[: MOST_LEVELS - 1]
            if many[level] >= LEAST_CELL
        }
        said = [one if one in often or one not in many else REST for one in said]
        levels = (*(level for level in levels if level in often), REST)
    known = [one if one in levels else "" for one in said]
    return Item(
        question,
        kind,
        tuple(levels),
        (Variable.of(question.name, known, levels),),
        unknowing,
    )


def _many(
    question: Question, levels: tuple[str, ...], said: Sequence[str], unknown: set[str]
) -> Item:
    chosen = [set(one.split()) for one in said]
    variables = tuple(
        Variable.of(
            level,
            [("yes" if level in one else "no") if one & set(levels) else "" for one in chosen],
            ("no", "yes"),
        )
        for level in levels
    )
    return Item(question, "many", levels, variables, sum(bool(one & unknown) for one in chosen))


def _number(question: Question, said: Sequence[str]) -> Item:
    numbers = np.array([_read(one) for one in said])
    levels = tuple(map(str, BANDS))
    banded = [
        levels[int(np.searchsorted(BANDS, one, "right")) - 1] if isfinite(one) and one >= 0 else ""
        for one in numbers.tolist()
    ]
    return Item(
        question,
        "number",
        levels,
        (Variable.of(question.name, banded, levels),),
        0,
        np.where([bool(one) for one in banded], numbers, np.nan),
    )


def _read(text: str) -> float:
    try:
        return float(text)
    except ValueError:
        return float("nan")


def outcome_of(form: Form, question: Question, chain: Sample, draws: Draws | None) -> Outcome:
    """What a question's results are, of the chain."""
    if question.type in NEVER:
        answered = sum(bool(one) for one in chain.said(question.name))
        return {"kind": question.type, "answered": about(answered)}
    item = item_of(form, question, chain)
    first = item.variables[0]
    outcome: Outcome = {
        "kind": item.kind,
        "levels": list(item.levels),
        "ordered": item.is_ordered,
        "answered": about(int(first.known.sum())),
        "unknowing": _unknowing(item),
        "estimated": False,
    }
    if outcome["answered"] is None:
        return outcome
    forest = chain.forest
    refusals = [] if forest is None else diagnostics.why_not_estimated(forest, first)
    outcome["refusals"] = [one for one in map(told, refusals) if one]
    if forest is None or draws is None or refusals:
        return outcome | _described(item, chain)
    return outcome | _estimated(item, chain, forest, draws)


def open_outcome_of(form: Form, question: Question, others: Sample) -> Outcome | None:
    """The same of those who came by an open link: what they answered, and of nobody else."""
    if question.type in NEVER or not others.persons:
        return None
    item = item_of(form, question, others)
    answered = about(int(item.variables[0].known.sum()))
    if answered is None:
        return None
    outcome: Outcome = {"levels": list(item.levels), "answered": answered}
    return outcome | _described(item, others, by_group=False)


def _unknowing(item: Item) -> int | None:
    """How many of those who answered said that they do not know, in per cent."""
    known = int(item.variables[0].known.sum())
    shown, _ = may_show({"": [item.unknowing, known]}, least=item.least)
    return percent(item.unknowing / (item.unknowing + known)) if shown[""][0] else None


def _rows(item: Item, chain: Sample, *, whole: bool) -> list[dict[str, list[int]]]:
    """How often each answer was given, a table a variable: by the groups that are told, else of all.

    A group of fewer than ten is not told of, nor one of which half the answers or more would have
    to be left out: for its sake others would be hidden behind it. With `whole` no group is, unless
    everybody is in one that is.
    """
    known, groups = item.variables[0].known, chain.groups
    inside = dict[str, Booleans]()
    for place, name in enumerate(groups.levels):
        of = known & (groups.codes == place)
        counts = _counts(item, of)
        if of.sum() >= LEAST_IN_GROUP and 2 * (counts >= item.least).sum() > len(counts):
            inside[name] = of
    is_left = int(known.sum()) - sum(int(of.sum()) for of in inside.values())
    if item.is_whole or (whole and is_left):
        inside = {}
    return [
        {
            name: np.bincount(one.codes[of], minlength=len(one.levels)).tolist()
            for name, of in (inside or {"": known}).items()
        }
        for one in item.variables
    ]


def _counts(item: Item, inside: Booleans) -> Integers:
    """How many of these gave each answer."""
    if item.kind == "many":
        return np.array([int((one.codes[inside] == 1).sum()) for one in item.variables])
    return np.bincount(item.variables[0].codes[inside], minlength=len(item.levels))


def _masks(item: Item, chain: Sample, *, whole: bool) -> tuple[dict[str, Shown], Shown]:
    """Which answers may be told, by group and of all; where several may be given, one by one."""
    tables = [may_show(rows, least=item.least) for rows in _rows(item, chain, whole=whole)]
    if item.kind != "many":
        return tables[0]
    by_group = {name: tuple(table[0][name][1] for table in tables) for name in tables[0][0]}
    return by_group, tuple(table[1][1] for table in tables)


def _described(item: Item, chain: Sample, *, by_group: bool = True) -> Outcome:
    """Shares of those who answered, and of nobody else."""
    by_name, everyone = _masks(item, chain, whole=True)
    outcome: Outcome = {"everyone": _plain(item, None, chain, everyone)}
    if by_group:
        outcome["groups"] = {
            name: _plain(item, name, chain, shown) for name, shown in by_name.items() if name
        }
    return outcome


def _plain(item: Item, group: str | None, chain: Sample, shown: Shown) -> Outcome:
    inside = np.ones(len(chain.persons), np.bool_)
    if group is not None:
        inside = chain.groups.codes == chain.groups.levels.index(group)
    known = item.variables[0].known & inside
    codes = [one.codes[known] for one in item.variables]
    if item.kind == "many":
        values = [float((one == 1).mean()) for one in codes]
    else:
        counted = np.bincount(codes[0], minlength=len(item.levels))
        values = (counted / max(1, len(codes[0]))).tolist()
    return {"answered": about(int(known.sum())), "shares": shares(values, shown)}


def _estimated(item: Item, chain: Sample, forest: Forest, draws: Draws) -> Outcome:
    """Shares of the population by RDS-II with the tree bootstrap's intervals, and the contrast."""
    by_name, everyone = _masks(item, chain, whole=False)
    spreads = [tree_bootstrap(forest, one, draws=draws) for one in item.variables]
    parts = _parts(item)
    # How many drawn at random would say as much: the least of what may be told.
    worth = [
        size
        for (number, place), may in zip(parts, everyone, strict=True)
        if may and (size := spreads[number].effective[place]) is not None
    ]
    outcome: Outcome = {
        "estimated": True,
        "worth": round(min(worth)) if worth else None,
        "everyone": {
            "answered": about(int(item.variables[0].known.sum())),
            "shares": shares([spreads[n].estimate.shares[p] for n, p in parts], everyone),
            "intervals": intervals([spreads[n].intervals[p] for n, p in parts], everyone),
        },
        "groups": {},
        "contrast": None,
        "doubts": _doubts(item, forest),
        "mean": _mean(item, chain, forest, draws),
    }
    if "" in by_name:
        return outcome
    found = [_compared(one, chain, forest, draws) for one in item.variables]
    for place, group in enumerate(found[0].groups):
        if group.reason is None and group.name in by_name:
            of = [one.groups[place] for one in found]
            shown = by_name[group.name]
            outcome["groups"][group.name] = {
                "answered": about(group.respondents),
                "shares": shares([of[n].shares[p] for n, p in parts], shown),
                "intervals": intervals([of[n].intervals[p] for n, p in parts], shown),
            }
    outcome["contrast"] = _contrast(item, found, by_name)
    return outcome


def _parts(item: Item) -> list[tuple[int, int]]:
    """For each level the variable and the place in it that tell it."""
    if item.kind == "many":
        return [(number, 1) for number in range(len(item.levels))]
    return [(0, place) for place in range(len(item.levels))]


def _compared(variable: Variable, chain: Sample, forest: Forest, draws: Draws) -> Comparison:
    levels = chain.groups.levels
    has_sides = {Role.COOP, Role.PB} <= set(levels)
    return compared(
        forest,
        chain.groups,
        variable,
        sides=(Role.COOP, Role.PB) if has_sides else None,
        both=Role.BOTH.value if has_sides and Role.BOTH in levels else None,
        draws=draws,
    )


def _contrast(
    item: Item, found: Sequence[Comparison], by_name: Mapping[str, Shown]
) -> Outcome | None:
    """All cooperators beside all PBers, who may be the same people: differences in points."""
    contrasts = [one.contrast for one in found]
    if not all(one is not None and one.reason is None for one in contrasts):
        return None
    parts = _parts(item)
    of = [one for one in contrasts if one is not None]
    if not {Role.COOP, Role.PB} <= by_name.keys():
        return None
    shown = tuple(map(all, zip(*by_name.values(), strict=True)))
    outcome: Outcome = {
        "differences": masked([percent(of[n].differences[p]) for n, p in parts], shown),
        "intervals": intervals([of[n].intervals[p] for n, p in parts], shown),
        "theta": None,
    }
    theta, interval = of[0].theta, of[0].theta_interval
    if item.is_ordered and sum(shown) > 1 and theta is not None and interval is not None:
        ends = outward(interval)
        outcome["theta"] = {"value": percent(theta), "interval": ends} if ends else None
    return outcome


def _doubts(item: Item, forest: Forest) -> list[dict[str, object]]:
    """Each kind of doubt once, of the answer that it is largest for."""
    found = dict[str, Reason]()
    for one in item.variables:
        series = diagnostics.convergence(forest, one)
        for doubt in (diagnostics.still_moving(series), diagnostics.hangs_on_a_seed(forest, one)):
            if doubt and (doubt.kind not in found or _points(doubt) > _points(found[doubt.kind])):
                found[doubt.kind] = doubt
    return [one.to_json() for one in found.values()]


def _points(doubt: Reason) -> int:
    return int(doubt.facts["points"])


def _mean(item: Item, chain: Sample, forest: Forest, draws: Draws) -> Outcome | None:
    """The mean of a number, of all and by group, where no single answer makes up half of it."""
    if item.numbers is None:
        return None
    outcome: Outcome = {}
    for place, name in enumerate(("everyone", *chain.groups.levels)):
        values = item.numbers
        if place:
            values = np.where(chain.groups.codes == place - 1, values, np.nan)
        if not is_of_many(values * forest.weights):
            continue
        found = indices.mean(forest, values, draws)
        scale = 10 if found.value < 10 else 1
        if isfinite(found.value) and (ends := outward(found.interval, scale)):
            ends_told = [end / scale for end in ends]
            outcome[name] = {"value": round(scale * found.value) / scale, "interval": ends_told}
    return outcome or None
