"""The columns of exported answers, and what stands in them."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass

from interlock.methods.questionnaires.expressions import (
    Answer,
    Call,
    Literal,
    Operation,
    Tree,
)
from interlock.methods.questionnaires.form import (
    NOT_ASKED,
    NUMBERS,
    Choice,
    Form,
    Question,
)
from interlock.methods.questionnaires.names import column_of
from interlock.methods.questionnaires.sentences import said

Translate = Callable[[str], str]

_TEXTS = frozenset({"concat", "string"})


@dataclass(frozen=True)
class Value:
    """A code that may stand in a column, and what it means."""

    code: int
    label: str

    @property
    def is_missing(self) -> bool:
        return self.code < 0


@dataclass(frozen=True)
class Column:
    """A column: its name, the question (and of several choices the one) it holds, what it means.

    `kind` is "number", "text" or "date"; `level` is nominal, ordinal or count; `values` are the
    codes that have a meaning, the missing ones last; without any, all but -3 stands for itself.
    """

    name: str
    question: Question
    choice: Choice | None
    kind: str
    level: str
    label: str
    values: tuple[Value, ...]

    @property
    def missing(self) -> tuple[int, ...]:
        """The codes that stand for no answer, the least first."""
        return tuple(sorted(value.code for value in self.values if value.is_missing))


def columns(form: Form, *, language: str, translate: Translate = str) -> tuple[Column, ...]:
    """The columns of a form's answers in the order of its questions; notes have none.

    Labels are in `language`; the few words that are the library's pass through `translate`.
    """
    found: list[Column] = []
    none = Value(NOT_ASKED, said("not-asked").told(translate))
    for one in form.questions:
        if one.type == "note":
            continue
        label = form.said(one.label, language) or one.name
        codes = [
            Value(choice.code, form.said(choice.label, language)) for choice in form.choices(one)
        ]
        missing = sorted((code for code in codes if code.is_missing), key=lambda it: -it.code)
        if one.type in ("select_multiple", "rank"):
            told: tuple[Value, ...] = ()
            if one.type == "select_multiple":
                told = (
                    Value(0, said("not-chosen").told(translate)),
                    Value(1, said("chosen").told(translate)),
                )
            level = "nominal" if one.type == "select_multiple" else "ordinal"
            found += [
                Column(
                    column_of(one.name, choice.name),
                    one,
                    choice,
                    "number",
                    level,
                    f"{form.said(choice.label, language)}: {label}",
                    (*told, *missing, none),
                )
                for choice in form.choices(one)
                if choice.code >= 0
            ]
            continue
        kept = [code for code in codes if not code.is_missing]
        values = (*kept, *missing, none)
        found.append(Column(one.name, one, None, _kind(form, one), _level(one), label, values))
    return tuple(found)


def in_each_language(
    form: Form, translations: Mapping[str, Translate]
) -> dict[str, tuple[Column, ...]]:
    """The columns in every language of the form, the library's own words by its translator."""
    return {
        language: columns(form, language=language, translate=translations.get(language, str))
        for language in form.languages
    }


def _kind(form: Form, one: Question) -> str:
    if one.type == "calculate" and one.calculation is not None:
        return "number" if _is_number(form, one.calculation.tree) else "text"
    if one.type in ("text", "date"):
        return one.type
    return "number"


def _level(one: Question) -> str:
    return one.scale or ("count" if one.type in NUMBERS else "nominal")


def _is_number(form: Form, tree: Tree) -> bool:
    """Whether a calculation can only give a number (a condition gives 1 or 0)."""
    if isinstance(tree, Literal):
        return isinstance(tree.value, float)
    if isinstance(tree, Answer):
        one = form.by_name[tree.name]
        return one.type != "select_one" and _kind(form, one) == "number" and not one.list_name
    if isinstance(tree, Call) and tree.function in ("if", "coalesce"):
        return all(_is_number(form, value) for value in tree.values[-2:])
    return not (isinstance(tree, Call) and tree.function in _TEXTS) or isinstance(tree, Operation)


def coded(form: Form, column: Column, answers: Mapping[str, str]) -> str:
    """What stands in a column for somebody's answers: a code, a number, a date or a text.

    "" was asked and left blank, "-3" was not asked.
    """
    one = column.question
    if one.name not in answers:
        return str(NOT_ASKED)
    answer = answers[one.name]
    if not answer or not one.list_name:
        # SPSS and Stata take the end of a line for the end of a row, in quotes or not.
        return " / ".join(answer.splitlines())
    codes = {choice.name: choice.code for choice in form.choices(one)}
    if column.choice is None:
        return str(codes[answer])
    chosen = answer.split()
    valid = [name for name in chosen if codes[name] >= 0]
    if not valid:
        return str(codes[chosen[0]])
    if one.type == "rank":
        return str(valid.index(column.choice.name) + 1) if column.choice.name in valid else ""
    return "1" if column.choice.name in valid else "0"
