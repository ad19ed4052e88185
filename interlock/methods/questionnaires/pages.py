"""The pages of a questionnaire.

A page is a group, ended early before the first question whose being asked, or whose choices, hang
on an answer that is given on the same page. So nothing on a page ever appears or disappears while
it is filled in, and it behaves alike with and without JavaScript.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass

from interlock.methods.questionnaires.form import Form, Question


@dataclass(frozen=True)
class Page:
    """A page: its place from 1, the group it shows, its questions and notes in their order."""

    number: int
    group: str
    names: tuple[str, ...]

    @property
    def key(self) -> str:
        """What a page is called in an address: the name of its first question."""
        return self.names[0]


def pages(form: Form) -> tuple[Page, ...]:
    """Every page that anybody may see, in order."""
    hangs = deciding(form)
    found: list[tuple[str, list[str]]] = []
    for one in form.questions:
        if one.type == "calculate":
            continue
        if not found or found[-1][0] != one.group or hangs[one.name] & set(found[-1][1]):
            found.append((one.group, []))
        found[-1][1].append(one.name)
    return tuple(Page(at, group, tuple(names)) for at, (group, names) in enumerate(found, 1))


def deciding(form: Form) -> Mapping[str, frozenset[str]]:
    """Of each row the questions whose answers decide whether it is asked, and with which choices.

    Of a calculation, all questions whose answers it is made of.
    """
    found: dict[str, frozenset[str]] = {}
    for one in form.questions:
        names = {name for condition in form.conditions(one) for name in condition.names}
        names |= {part.question for part in one.choice_filter if part.question}
        if one.calculation is not None:
            names |= one.calculation.names
        found[one.name] = _asked(form, names, found)
    return found


def _asked(form: Form, names: Iterable[str], known: Mapping[str, frozenset[str]]) -> frozenset[str]:
    """The questions behind names, calculations replaced by what they are made of."""
    found: set[str] = set()
    for name in names:
        found |= known[name] if _is_calculated(form.by_name[name]) else {name}
    return frozenset(found)


def _is_calculated(question: Question) -> bool:
    return question.type == "calculate"


def core_pages(form: Form) -> int:
    """How many of the pages, from the first, are the core: all of them unless the form says else."""
    told = pages(form)
    if not form.core_ends:
        return len(told)
    within = [
        page.number
        for page in told
        if form.core_ends in {one.name for one in form.around(form.by_name[page.key])}
    ]
    return max(within)
