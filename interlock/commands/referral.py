"""`interlock referral FILE.csv`: estimates from a survey passed on by hand, or why not.

The file has a row a respondent: an id, the recruiter's id (empty, or "seed", for seeds), the degree
(how many of the population they know), and answers.
"""

from __future__ import annotations

import argparse
import json
import shutil
import sys
import textwrap
from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Any

from interlock import __version__
from interlock.commands import reading
from interlock.methods.counting.tables import cut, printable
from interlock.methods.referral.reasons import ForestError, Reason, sentence

if TYPE_CHECKING:
    from interlock.methods.referral.analysis import Analysis, Estimates, Question
    from interlock.methods.referral.comparison import Comparison, Contrast, Group
    from interlock.methods.referral.estimates import Index
    from interlock.methods.referral.forest import Forest
    from interlock.methods.referral.intervals import Interval

SUMMARY = "Estimate from a survey passed from hand to hand, or say why that cannot be done."

_WIDEST = 24


def add_arguments(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("file", type=Path, metavar="FILE.csv", help="a row a respondent")
    for name, told in (
        ("id", "the respondents' ids"),
        ("recruiter", 'their recruiters\' ids, empty or "seed" for seeds'),
        ("degree", "how many of the population they know"),
    ):
        parser.add_argument(
            f"--{name}", default=name, metavar="COLUMN", help=f"{told} (default: {name})"
        )
    parser.add_argument(
        "--outcome", required=True, metavar="COLUMN", help="the answers to estimate"
    )
    parser.add_argument("--group", metavar="COLUMN", help="compare the answers by these groups")
    parser.add_argument(
        "--both",
        metavar="GROUP",
        help="the group of people who belong to the other two: these are compared, with them in both",
    )
    parser.add_argument(
        "--missing",
        metavar="A,B",
        default="",
        help="answers that are none, beside empty cells and NA (--missing=-1,-2)",
    )
    for name, told in (
        ("wave", "waves, to be checked"),
        ("time", "dates or numbers that give the order of answers"),
        ("coupons", "how many coupons each was given"),
    ):
        parser.add_argument(f"--{name}", metavar="COLUMN", help=told)
    parser.add_argument(
        "--population",
        type=int,
        action="append",
        default=[],
        metavar="N",
        help="how large the population is, if that is known; may be repeated",
    )
    parser.add_argument("--seed", type=int, default=0, help="of the draws (default: 0)")
    parser.add_argument("--resamples", type=int, default=1_000, metavar="R", help="default: 1000")
    reading.add_json(parser)


def run(arguments: argparse.Namespace) -> int:
    return reading.told(arguments.file, lambda: _tell(arguments))


def _tell(arguments: argparse.Namespace) -> int:
    from interlock.methods.referral.analysis import analysed

    try:
        forest = _forest(arguments)
    except ForestError as error:
        for fault in error.faults:
            print(f"{arguments.file}: {printable(str(fault))}", file=sys.stderr)
        return 2
    found = analysed(
        forest,
        arguments.outcome,
        group=arguments.group,
        sides=_sides(forest, arguments.group, arguments.both),
        both=arguments.both,
        populations=arguments.population,
        resamples=arguments.resamples,
        seed=arguments.seed,
        progress=reading.progress_after_a_second(
            f"Drawing the trees again: {{:,}} of {arguments.resamples:,} …"
        ),
    )
    if arguments.json:
        print(json.dumps(summary(found), ensure_ascii=False, indent=2))
    else:
        print(report(found, shutil.get_terminal_size().columns))
    return 1 if found.is_description else 0


def _forest(arguments: argparse.Namespace) -> Forest:
    from interlock.methods.referral.forest import planted
    from interlock.methods.referral.table import Columns, read

    answers = [arguments.outcome, *([] if arguments.group is None else [arguments.group])]
    columns = Columns(
        arguments.id,
        arguments.recruiter,
        arguments.degree,
        tuple(dict.fromkeys(answers)),
        arguments.wave,
        arguments.time,
        arguments.coupons,
        frozenset(one.strip() for one in arguments.missing.split(",")),
    )
    return planted(read(arguments.file.read_bytes(), columns), degrees_by=answers[-1])


def _sides(forest: Forest, group: str | None, both: str | None) -> tuple[str, str] | None:
    if both is None:
        return None
    if group is None:
        raise ValueError("--both is a level of --group, which is missing.")
    levels = forest.variable(group).levels
    if both not in levels or len(levels) != 3:
        raise ValueError(
            f"--both needs a group of three levels, one of them {both}: "
            f"{group} has {', '.join(levels)}."
        )
    first, second = (level for level in levels if level != both)
    return first, second


def summary(found: Analysis) -> dict[str, Any]:
    """All of the analysis as plain data; each reason also as a sentence."""
    from interlock.methods.plain import plain

    told: dict[str, Any] = plain(found)
    _add_sentences(told)
    return told | {"is_description": found.is_description, "version": __version__}


def _add_sentences(data: Any) -> None:
    if isinstance(data, dict):
        if data.keys() == {"kind", "facts"}:
            data["sentence"] = sentence(Reason.from_json(data))
        else:
            for value in data.values():
                _add_sentences(value)
    elif isinstance(data, list):
        for value in data:
            _add_sentences(value)


def report(found: Analysis, width: int) -> str:
    """The analysis for reading."""
    width = max(width, 40)
    facts = f"{found.respondents:,} respondents, {found.seeds:,} seeds, {found.depth:,} waves"
    largest = found.trees[0]
    facts += f"; the largest tree has {_percent(largest.respondents / found.respondents)} of them."
    blocks = [textwrap.fill(facts, width), *_sentences(found.notes, width)]
    questions = [found.outcome, *([] if found.group is None else [found.group])]
    for question in questions:
        blocks += _question(question, width)
    if found.comparison is not None and found.group is not None:
        blocks += _comparison(found.comparison, found.outcome.name, found.group.name, width)
    blocks += [reading.titled("Waves"), _waves(found), reading.titled("Trees"), _trees(found)]
    return "\n\n".join(printable_lines(block) for block in [*blocks, _end()])


def printable_lines(block: str) -> str:
    return "\n".join(printable(line) for line in block.split("\n"))


def _end() -> str:
    return f"Estimated by interlock {__version__}"


def _sentences(reasons: Sequence[Reason], width: int) -> list[str]:
    return [textwrap.fill(sentence(one), width) for one in reasons]


def _question(question: Question, width: int) -> list[str]:
    blocks = [reading.titled(f"{question.name}: {question.respondents:,} answers")]
    if question.refusals:
        blocks.append("Description only.")
        blocks += _sentences(question.refusals, width)
    if question.estimates is not None:
        blocks += [_shares(question, question.estimates), *_indices(question.estimates, width)]
    elif question.counts:
        rows = [
            [level, f"{n:,}"] for level, n in zip(question.levels, question.counts, strict=True)
        ]
        blocks.append(_table(["", "answers"], rows))
    if question.mean is not None:
        interval = _numbers(question.mean.interval)
        blocks.append(f"Mean in the population: {question.mean.value:.3f} ({interval})")
    if question.counts:
        levels = question.recruitment.levels
        blocks.append("Recruits (columns) by recruiters (rows)")
        counts = [
            [level, *(f"{n:,}" for n in row)]
            for level, row in zip(levels, question.recruitment.counts, strict=True)
        ]
        blocks.append(_table(["", *levels], counts))
    return [*blocks, *_sentences(question.doubts, width)]


def _shares(question: Question, found: Estimates) -> str:
    """A row a level: the count, the estimate with its interval, and the other methods' estimates."""
    gile = [(f"N={size:,}", one) for size, one in found.by_population]
    head = ["", "answers", "RDS-II", "95 % interval", "RDS-I", *(name for name, _ in gile)]
    rows = []
    for place, level in enumerate(question.levels):
        shares = [_percent(one.shares[place]) for _, one in gile]
        spread, first = found.spread, found.rds_i
        rows.append(
            [
                level,
                f"{question.counts[place]:,}",
                _percent(spread.estimate.shares[place]),
                _range(spread.intervals[place]),
                "–" if first.reason else _percent(first.shares[place]),
                *shares,
            ]
        )
    return _table(head, rows)


def _indices(found: Estimates, width: int) -> list[str]:
    spread, salganik = found.spread, found.salganik
    smallest = min((one for one in spread.effective if one is not None), default=None)
    facts = [f"Intervals: {spread.method}, {spread.resamples:,} resamples, seed {spread.seed}."]
    if smallest is not None:
        facts.append(
            f"{spread.respondents:,} answers are worth about {smallest:,.0f} drawn at random."
        )
    if salganik.intervals:
        ranges = ", ".join(
            f"{level} {_range(one)}"
            for level, one in zip(salganik.estimate.levels, salganik.intervals, strict=True)
        )
        facts.append(f"By {salganik.method}, which is too sure where people divide: {ranges}.")
    levels = spread.estimate.levels
    rows = [
        [level, f"{degree:.2f}", _index(homophily), _index(activity)]
        for level, degree, homophily, activity in zip(
            levels,
            found.harmonic_degrees,
            found.population_homophily,
            found.differential_activity,
            strict=True,
        )
    ]
    head = ["", "mean degree", "homophily", "activity"]
    whole = (
        f"Homophily of recruitment {_index(found.recruitment_homophily)}, "
        f"E-I index {_index(found.external_internal)}"
    )
    why = [] if found.rds_i.reason is None else [found.rds_i.reason]
    told = [
        textwrap.fill(" ".join([*facts, "They are cautious."]), width),
        _table(head, rows),
        whole,
    ]
    return told + [f"No RDS-I: {line}" for line in _sentences(why, width - 10)]


def _index(index: Index) -> str:
    return "–" if index.value is None else f"{index.value:.3f}"


def _comparison(found: Comparison, outcome: str, group: str, width: int) -> list[str]:
    blocks = [reading.titled(f"{outcome} by {group}")]
    if found.levels:
        blocks.append(_table(["", "answers", *found.levels], [_row(one) for one in found.groups]))
    blocks += _sentences([one.reason for one in found.groups if one.reason is not None], width)
    if found.contrast is not None:
        blocks += _contrast(found.contrast, found.levels, width)
    return blocks


def _row(group: Group) -> list[str]:
    cells = [
        f"{_percent(share)} ({_range(interval)})"
        for share, interval in zip(group.shares, group.intervals, strict=True)
    ]
    return [group.name, f"{group.respondents:,}", *cells]


def _contrast(found: Contrast, levels: Sequence[str], width: int) -> list[str]:
    title = f"All {found.first.name} beside all {found.second.name}, {found.both:,} people in both"
    if found.reason is not None:
        return [title, *_sentences([found.reason], width)]
    blocks = [
        title,
        _table(["", "answers", *levels], [_row(found.first), _row(found.second)]),
        _table(
            ["difference", *levels],
            [
                [
                    "",
                    *(
                        f"{100 * one:+.0f} ({100 * span.low:+.0f} to {100 * span.high:+.0f})"
                        for one, span in zip(found.differences, found.intervals, strict=True)
                    ),
                ]
            ],
        ),
    ]
    if found.theta is not None and found.theta_interval is not None:
        blocks.append(
            f"Chance that {found.second.name} gave the higher answer: {_percent(found.theta)} "
            f"({_range(found.theta_interval)}), in the order {', '.join(levels)}"
        )
    return blocks


def _waves(found: Analysis) -> str:
    head = ["wave", "respondents", "who recruited", "coupons", "recruits"]
    rows = [
        [
            str(wave.number),
            f"{wave.respondents:,}",
            f"{wave.recruiters:,}",
            "–" if wave.coupons is None else f"{wave.coupons:,}",
            f"{wave.recruits:,}",
        ]
        for wave in found.waves
    ]
    return _table(head, rows)


def _trees(found: Analysis) -> str:
    rows = [[tree.seed, f"{tree.respondents:,}", f"{tree.depth:,}"] for tree in found.trees]
    return _table(["seed", "respondents", "waves"], rows)


def _percent(share: float) -> str:
    return f"{100 * share:.1f} %"


def _range(interval: Interval) -> str:
    return f"{100 * interval.low:.0f} to {100 * interval.high:.0f} %"


def _numbers(interval: Interval) -> str:
    return f"{interval.low:.3f} to {interval.high:.3f}"


def _table(head: Sequence[str], rows: Sequence[Sequence[str]]) -> str:
    return reading.aligned([[cut(cell, _WIDEST) for cell in row] for row in [head, *rows]])
