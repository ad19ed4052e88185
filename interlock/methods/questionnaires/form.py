"""What a questionnaire is: groups, questions, lists of choices, in one or more languages."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from decimal import Decimal
from functools import cached_property

from interlock.methods.questionnaires.expressions import Expression

# A text by language code ("en", "pt-BR").
Words = Mapping[str, str]

DONT_KNOW, RATHER_NOT, NOT_ASKED = -1, -2, -3

CHOOSING = frozenset({"select_one", "select_multiple", "rank"})
NUMBERS = frozenset({"integer", "decimal", "range"})
ASKED = CHOOSING | NUMBERS | {"text", "date"}
TYPES = ASKED | {"note", "calculate"}
SCALES = ("nominal", "ordinal", "count")
APPEARANCES = {
    "likert": frozenset({"select_one"}),
    "minimal": frozenset({"select_one", "select_multiple"}),
    "multiline": frozenset({"text"}),
}


@dataclass(frozen=True)
class Choice:
    """One answer of a list.

    `name` is what expressions compare with, `code` the whole number that exports carry: from 0 on
    for answers, -1 for "don't know", -2 for "rather not say". `extra` is what filters ask of it.
    """

    name: str
    code: int
    label: Words
    extra: Mapping[str, str] = field(default_factory=dict)


@dataclass(frozen=True)
class Filter:
    """Which choices of a list are offered: those whose `column` is the answer to `question`, or `text`."""

    column: str
    question: str = ""
    text: str = ""


@dataclass(frozen=True)
class Range:
    """The numbers that a range offers."""

    start: Decimal = Decimal(0)
    end: Decimal = Decimal(10)
    step: Decimal = Decimal(1)

    @property
    def values(self) -> tuple[str, ...]:
        """Each number as an answer is stored.

        >>> Range(Decimal(0), Decimal(1), Decimal("0.5")).values
        ('0', '0.5', '1')
        """
        count = int((self.end - self.start) / self.step)
        return tuple(plain(self.start + self.step * one) for one in range(count + 1))


def plain(number: Decimal) -> str:
    """A number as an answer is stored: no exponent, no zeros at the end.

    >>> plain(Decimal("7.50")), plain(Decimal("1E+2")), plain(Decimal("-0"))
    ('7.5', '100', '0')
    """
    told = f"{number:f}"
    told = told.rstrip("0").rstrip(".") if "." in told else told
    return "0" if told in ("-0", "") else told


@dataclass(frozen=True)
class Group:
    """Questions that belong together; `parent` is the name of the group around it, if any."""

    name: str
    label: Words
    hint: Words
    relevant: Expression | None = None
    parent: str = ""


@dataclass(frozen=True)
class Question:
    """A row of the survey that is no group: a question, a note, or a calculation.

    `group` is the name of the innermost group around it. `core` names an item that means the same
    in other questionnaires; `measure` is the construct it is meant to measure; what is `sensitive`
    is not published of fewer than ten people.
    """

    name: str
    type: str
    label: Words = field(default_factory=dict)
    hint: Words = field(default_factory=dict)
    required: bool = False
    relevant: Expression | None = None
    constraint: Expression | None = None
    constraint_message: Words = field(default_factory=dict)
    calculation: Expression | None = None
    list_name: str = ""
    choice_filter: tuple[Filter, ...] = ()
    appearance: str = ""
    randomize: bool = False
    range: Range | None = None
    measure: str = ""
    scale: str = ""
    sensitive: bool = False
    core: str = ""
    group: str = ""


@dataclass(frozen=True)
class Form:
    """A questionnaire that may be asked.

    `languages` are in the order of its columns, the default one first. `core_ends` is the name of
    the last group of its core: what is submitted by itself, before the rest is offered.
    """

    title: Words
    id: str
    version: str
    languages: tuple[str, ...]
    language_names: Mapping[str, str]
    groups: tuple[Group, ...]
    questions: tuple[Question, ...]
    lists: Mapping[str, tuple[Choice, ...]]
    core_ends: str = ""

    @property
    def default(self) -> str:
        """The language of texts that have no translation."""
        return self.languages[0]

    @cached_property
    def by_name(self) -> Mapping[str, Question]:
        """Questions, notes and calculations by their names."""
        return {one.name: one for one in self.questions}

    @cached_property
    def groups_by_name(self) -> Mapping[str, Group]:
        """Groups by their names."""
        return {one.name: one for one in self.groups}

    def around(self, question: Question) -> tuple[Group, ...]:
        """The groups around a question, the innermost first."""
        found: list[Group] = []
        name = question.group
        while name:
            found.append(self.groups_by_name[name])
            name = found[-1].parent
        return tuple(found)

    def conditions(self, question: Question) -> tuple[Expression, ...]:
        """All that must hold for a question to be asked: its groups' conditions, and its own."""
        told = [one.relevant for one in reversed(self.around(question))]
        return tuple(one for one in (*told, question.relevant) if one is not None)

    def choices(self, question: Question) -> tuple[Choice, ...]:
        """Every choice of a question, unfiltered, in the order of the list."""
        return self.lists[question.list_name] if question.list_name else ()

    def said(self, words: Words, language: str) -> str:
        """A text in a language, else in the default one, else in none ("")."""
        return words.get(language) or words.get(self.default, "")
