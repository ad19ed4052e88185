"""`interlock explain FILE.pb PROJECT`: why this project was funded, or was not.

The reason of the count; where its supporters' money went instead; and how far it was from being
funded, found by counting again with more votes and at a lower cost.
"""

from __future__ import annotations

import argparse
import json
import shutil
import textwrap
from collections.abc import Callable
from dataclasses import dataclass
from fractions import Fraction
from typing import TYPE_CHECKING, Any

from interlock import __version__
from interlock.commands import reading
from interlock.commands.count import told
from interlock.methods.counting.exact import written
from interlock.methods.counting.tables import cut, label, printable
from interlock.methods.formats import pabulib

if TYPE_CHECKING:
    from interlock.methods.counting.election import Election
    from interlock.methods.counting.explanation import Margin, Supporters
    from interlock.methods.counting.result import Result

SUMMARY = "Say why one project was funded or not, and how far it was from the other."


def add_arguments(parser: argparse.ArgumentParser) -> None:
    reading.add_file(parser)
    parser.add_argument("project", metavar="PROJECT", help="its id")
    reading.add_rule(parser)
    reading.add_ties(parser)
    parser.add_argument(
        "--quick", action="store_true", help="leave out what needs counting again and again"
    )
    reading.add_json(parser)


def run(arguments: argparse.Namespace) -> int:
    return reading.told(arguments.file, lambda: _tell(arguments))


@dataclass(frozen=True)
class _Answer:
    """All that is told of one project; what a rule does not have is None or empty.

    `beside` are the funded projects that its supporters support, too, and how many of them do.
    """

    project: str
    reason: str
    support: Fraction | None
    spending: Supporters | None
    beside: tuple[tuple[str, int], ...]
    votes: Margin | None
    cost: Margin | None


def _tell(arguments: argparse.Namespace) -> int:
    file = reading.opened(arguments.file)
    election, project = file.election(), arguments.project
    if project not in election.projects:
        some = ", ".join(election.projects[:5])
        raise ValueError(f'"{project}" is not a project of this file. Its ids are {some} …')
    result = reading.counted(file, arguments.rule, arguments.ties)
    answer = _answer(file, election, result, project, quick=arguments.quick)
    if arguments.json:
        print(json.dumps(_summary(file, result, answer), ensure_ascii=False, indent=2))
    else:
        print(_report(file, result, answer, shutil.get_terminal_size().columns))
    return 0


def _answer(
    file: pabulib.PabulibFile, election: Election, result: Result, project: str, *, quick: bool
) -> _Answer:
    from interlock.methods.counting.accounts import why_not_accounts
    from interlock.methods.counting.explanation import Explanation, lower_cost, more_votes

    outcome = next(one for one in result.outcomes if one.project == project)
    support, spending = None, None
    if why_not_accounts(election, result) is None:
        explained = Explanation(election, result)
        if not outcome.funded:
            spending = explained.supporters_of_unfunded(project)
        support = _or_none(lambda: explained.effective_support(project))
    votes, cost = None, None
    if not outcome.funded and not quick:
        tell, seed = reading.progress_after_a_second("Counting again: {:,} …"), file.input_sha256
        if election.ballots.kind == "approval":
            votes = more_votes(election, result, project, lot_seed=seed, progress=tell)
        cost = lower_cost(election, result, project, progress=tell)
    beside = _beside(election, result, project)
    return _Answer(project, told(file, result, outcome), support, spending, beside, votes, cost)


def _or_none(asked: Callable[[], Fraction]) -> Fraction | None:
    """A measure that some projects do not have, free ones for example."""
    try:
        return asked()
    except ValueError:
        return None


def _beside(election: Election, result: Result, project: str) -> tuple[tuple[str, int], ...]:
    """Which funded projects its supporters support, too, in the order of funding."""
    import numpy as np

    place = {one: p for p, one in enumerate(election.projects)}
    marks = election.ballots.marks_of(election.supporters_of(place[project]))
    many = np.bincount(marks, minlength=len(place)).tolist()
    others = ((one, many[place[one]]) for one in result.funded if one != project)
    return tuple((one, number) for one, number in others if number)


def _summary(file: pabulib.PabulibFile, result: Result, answer: _Answer) -> dict[str, Any]:
    def exact(amount: Fraction) -> str:
        return written(amount / result.unit)

    amount, spending = reading.amounts(result.unit), answer.spending
    return {
        "rule": result.rule,
        "project": answer.project,
        "funded": answer.project in result.funded,
        "reason": answer.reason,
        "effective_support": None if answer.support is None else written(answer.support),
        "supporters": None
        if spending is None
        else {
            "voters": spending.voters,
            "shares": exact(spending.shares),
            "spent": [
                {"project": one.project, "voters": one.voters, "amount": exact(one.amount)}
                for one in spending.spent
            ],
            "left": exact(spending.left),
        },
        "also_support": [
            {"project": project, "voters": voters} for project, voters in answer.beside
        ],
        "more_votes": _margin(answer.votes, lambda number: number),
        "lower_cost": _margin(answer.cost, amount),
        "input_sha256": file.input_sha256,
        "version": __version__,
    }


def _margin(margin: Margin | None, written_as: Callable[[int], Any]) -> dict[str, Any] | None:
    if margin is None:
        return None
    return {
        "needed": None if margin.needed is None else written_as(margin.needed),
        "unfunded_beside": [written_as(value) for value in margin.unfunded_beside],
        "recounts": margin.recounts,
    }


def _report(file: pabulib.PabulibFile, result: Result, answer: _Answer, width: int) -> str:
    names = {one: printable(name) for one, name in file.names().items()}
    money = reading.money(file.meta, result.unit)
    state = "funded" if answer.project in result.funded else "not funded"
    blocks = [f"{label(answer.project, names)}\n{state} by {result.rule}", answer.reason]
    if answer.support is not None:
        blocks.append(
            f"Its effective support is {_percent(answer.support)}: the largest part of its cost "
            "that its supporters would have paid, at the prices of this count."
        )
    text = "\n\n".join(textwrap.fill(line, width) for line in blocks[1:])
    parts = [blocks[0], text]
    if answer.spending is not None:
        parts.append(_spent(answer.spending, names, money, width))
    elif answer.beside:
        parts.append(_supported(answer.beside, names, width))
    if far := _far(answer, money):
        parts.append("\n".join(["How far", "-------", *(textwrap.fill(one, width) for one in far)]))
    return "\n\n".join(parts)


def _spent(
    spending: Supporters, names: dict[str, str], money: Callable[[Fraction], str], width: int
) -> str:
    title = "What the shares of its supporters went to"
    rows = [
        (money(one.amount), f"{names[one.project]}, by {_voters(one.voters)}")
        for one in spending.spent
    ]
    rows.append((money(spending.left), f"left, of {money(spending.shares)}"))
    return _listed(title, rows, width)


def _supported(beside: tuple[tuple[str, int], ...], names: dict[str, str], width: int) -> str:
    rows = [(f"{voters:,}", names[project]) for project, voters in beside]
    return _listed("Funded projects its supporters support, too", rows, width)


def _listed(title: str, rows: list[tuple[str, str]], width: int) -> str:
    """Figures to the right of one column, and beside each what it is, cut to the width."""
    wide = max(len(figure) for figure, _ in rows)
    room = max(width - wide - 2, 20)
    lines = [f"{figure:>{wide}}  {cut(text, room)}" for figure, text in rows]
    return "\n".join([title, "-" * len(title), *lines])


def _far(answer: _Answer, money: Callable[[Fraction], str]) -> list[str]:
    lines = []
    if answer.votes is not None:
        lines.append(_more_votes(answer.votes))
    if answer.cost is not None:
        lines.append(_lower_cost(answer.cost, money))
    return lines


def _more_votes(margin: Margin) -> str:
    if margin.needed is None:
        return f"More votes did not fund it in {margin.recounts:,} recounts."
    added = "1 vote" if margin.needed == 1 else f"{margin.needed:,} votes"
    return (
        f"With {added} more, by people who voted and did not tick it (drawn by lot), a recount "
        "funds it."
    )


def _lower_cost(margin: Margin, money: Callable[[Fraction], str]) -> str:
    if margin.needed is None:
        return f"A lower cost did not fund it in {margin.recounts:,} recounts."
    return f"At a cost of {money(Fraction(margin.needed))} a recount funds it."


def _percent(part: Fraction) -> str:
    """Rounded down: what is short of the whole, however little, does not say 100 %."""
    return f"{part * 1000 // 1 / 10:,.1f} %"


def _voters(number: int) -> str:
    return "1 voter" if number == 1 else f"{number:,} voters"
