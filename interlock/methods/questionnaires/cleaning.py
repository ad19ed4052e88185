"""One posted answer: what is stored of it, or why it cannot be."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Callable, Mapping, Sequence
from datetime import date
from decimal import Decimal

from interlock.methods.questionnaires.form import Choice, Form, Question, plain
from interlock.methods.questionnaires.limits import LARGEST_NUMBER, LONGEST_TEXT
from interlock.methods.questionnaires.sentences import Message, said

Cleaned = str | Message

_WHOLE = re.compile(r"[+-]?[0-9]+")
_DECIMAL = re.compile(r"[+-]?(?:[0-9]+(?:[.,][0-9]*)?|[.,][0-9]+)")
_AMBIGUOUS = re.compile(r"[+-]?[1-9][0-9]{0,2},[0-9]{3}")
_DATE = re.compile(r"[0-9]{4}-[0-9]{2}-[0-9]{2}")


def cleaned(
    form: Form, question: Question, raw: Sequence[str], answers: Mapping[str, str]
) -> Cleaned:
    """What is stored of a posted answer, "" when it is blank, or why it cannot be taken.

    `answers` are those before it, for choices that hang on them. Numbers are stored in digits with
    a point, dates as ISO 8601, several choices by their names with spaces between, in the order of
    the list (ranked ones in the order given).
    """
    told = [one for one in (_tidy(text) for text in raw) if one]
    if question.type in ("select_multiple", "rank"):
        offered = [one.name for one in offered_choices(form, question, answers)]
        return _several(question.type, told, offered)
    if len(told) > 1:
        return said("one-choice")
    if not told:
        return ""
    if question.type == "select_one":
        offered = [one.name for one in offered_choices(form, question, answers)]
        return told[0] if told[0] in offered else said("no-choice")
    if question.type == "range" and question.range is not None:
        return _ranged(told[0], question.range.values)
    return _KINDS[question.type](question, told[0])


def offered_choices(
    form: Form, question: Question, answers: Mapping[str, str]
) -> tuple[Choice, ...]:
    """The choices that remain after a question's filter."""
    return tuple(
        choice
        for choice in form.choices(question)
        if all(
            choice.extra.get(part.column, "")
            == (answers.get(part.question, "") if part.question else part.text)
            for part in question.choice_filter
        )
    )


def _tidy(text: str) -> str:
    """Text without what cannot be seen, or has no place in a line; line ends are as Unix has them."""
    text = unicodedata.normalize("NFC", text.replace("\r\n", "\n").replace("\r", "\n"))
    return "".join(
        one for one in text if one in "\n\t" or unicodedata.category(one) not in ("Cc", "Cs")
    ).strip()


def _several(kind: str, told: Sequence[str], offered: Sequence[str]) -> Cleaned:
    if not set(told) <= set(offered):
        return said("no-choice")
    if kind == "rank":
        if told and (len(told) != len(offered) or len(set(told)) != len(told)):
            return said("no-rank")
        return " ".join(told)
    return " ".join(one for one in offered if one in set(told))


def _ranged(text: str, values: Sequence[str]) -> Cleaned:
    found = decimal(text)
    if isinstance(found, Message):
        return found
    if plain(found) not in values:
        return said("out-of-range", start=values[0], end=values[-1])
    return plain(found)


def decimal(text: str) -> Decimal | Message:
    """A number as people write it: a point or a comma before its decimals, spaces between digits.

    >>> decimal("1 000,5"), decimal("12."), str(decimal("1,500"))[:28]
    (Decimal('1000.5'), Decimal('12'), 'This may be two numbers. Ple')
    """
    joined = re.sub(r"(?<=[0-9])[ \u00a0\u202f](?=[0-9])", "", text)
    if not _DECIMAL.fullmatch(joined):
        return said("number")
    if _AMBIGUOUS.fullmatch(joined):
        return said("number-comma")
    if len(joined) > 24:
        return said("number-large")
    number = Decimal(joined.replace(",", "."))
    return number if abs(number) <= LARGEST_NUMBER else said("number-large")


def _integer(_question: Question, text: str) -> Cleaned:
    joined = re.sub(r"(?<=[0-9])[ \u00a0\u202f](?=[0-9])", "", text)
    if not _WHOLE.fullmatch(joined):
        return said("whole-number")
    number = decimal(joined)
    return number if isinstance(number, Message) else plain(number)


def _number(_question: Question, text: str) -> Cleaned:
    number = decimal(text)
    return number if isinstance(number, Message) else plain(number)


def _date(_question: Question, text: str) -> Cleaned:
    try:
        return date.fromisoformat(text).isoformat() if _DATE.fullmatch(text) else said("no-date")
    except ValueError:
        return said("no-date")


def _text(question: Question, text: str) -> Cleaned:
    if question.appearance != "multiline":
        text = " ".join(text.split())
    if len(text) > LONGEST_TEXT:
        return said("text-long", most=LONGEST_TEXT, signs=len(text))
    return text


_KINDS: Mapping[str, Callable[[Question, str], Cleaned]] = {
    "integer": _integer,
    "decimal": _number,
    "date": _date,
    "text": _text,
}
