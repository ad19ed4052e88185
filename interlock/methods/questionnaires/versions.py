"""Versions of a questionnaire: what it is by its content, and what differs between two of them."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Iterator
from dataclasses import dataclass

from interlock.methods.questionnaires.form import Choice, Form, Question, Words
from interlock.methods.questionnaires.writing import to_tables

NOTHING, LOOK, BREAKS = "nothing", "look", "breaks"


def content_hash(form: Form) -> str:
    """SHA-256, in hexadecimal, of all that a respondent reads and a program does with it.

    Two questionnaires have the same hash if and only if their tables are the same once read:
    the order of columns, blank rows, and the kind of file do not matter. The form's version string
    does not enter, so that a hash says whether one needs to be raised.
    """
    tables = to_tables(form)
    rows = {
        name: [
            sorted((heading, text) for heading, text in zip(headings, row, strict=True) if text)
            for row in lines
        ]
        for name, (headings, *lines) in tables.items()
    }
    rows["settings"] = [
        [(heading, text) for heading, text in row if heading != "version"]
        for row in rows["settings"]
    ]
    told = json.dumps(rows, ensure_ascii=False, separators=(",", ":"))
    return hashlib.sha256(told.encode()).hexdigest()


@dataclass(frozen=True)
class Change:
    """One difference: the question, what of it changed, and what it was and is.

    `part` is a column of the survey, "added", "removed", "order", or of a choice "choice-added",
    "choice-removed", "choice-code", "choice-label" or "choice-order". `effect` is what it does to
    answers given before: "nothing", "breaks" when old and new cannot be compared, "look" when only
    a person can tell (a word changed).
    """

    name: str
    part: str
    before: str
    after: str
    effect: str


def difference(before: Form, after: Form) -> tuple[Change, ...]:
    """All that changed for those who answer and those who compare, question by question.

    Groups do not count by themselves: what they ask whom counts with each question in them.
    """
    found: list[Change] = []
    for old in before.questions:
        new = after.by_name.get(old.name)
        if new is None:
            found.append(Change(old.name, "removed", old.type, "", BREAKS))
        else:
            found += _changes(before, old, after, new)
    for new in after.questions:
        if new.name not in before.by_name:
            found.append(Change(new.name, "added", "", new.type, NOTHING))
    shared = [one.name for one in before.questions if one.name in after.by_name]
    now = [one.name for one in after.questions if one.name in before.by_name]
    if shared != now:
        moved = next(one for one, other in zip(shared, now, strict=True) if one != other)
        found.append(Change(moved, "order", "", "", LOOK))
    return tuple(found)


def incomparable(before: Form, after: Form) -> frozenset[str]:
    """The questions of `before` whose answers cannot stand among those to `after`."""
    return frozenset(one.name for one in difference(before, after) if one.effect == BREAKS)


def _changes(before: Form, old: Question, after: Form, new: Question) -> Iterator[Change]:
    name = new.name
    told = (
        ("type", old.type, new.type, BREAKS),
        ("calculation", str(old.calculation or ""), str(new.calculation or ""), BREAKS),
        ("relevant", _conditions(before, old), _conditions(after, new), BREAKS),
        ("scale", old.scale, new.scale, LOOK),
        ("required", _yes(old.required), _yes(new.required), LOOK),
        ("constraint", str(old.constraint or ""), str(new.constraint or ""), LOOK),
        ("parameters", str(old.range or ""), str(new.range or ""), BREAKS),
        ("appearance", old.appearance, new.appearance, LOOK),
        ("randomize", _yes(old.randomize), _yes(new.randomize), LOOK),
        ("measure", old.measure, new.measure, NOTHING),
        ("core", old.core, new.core, NOTHING),
        ("sensitive", _yes(old.sensitive), _yes(new.sensitive), NOTHING),
    )
    for part, one, other, effect in told:
        if one != other:
            yield Change(name, part, one, other, effect)
    yield from _reworded(name, "label", old.label, new.label)
    yield from _reworded(name, "hint", old.hint, new.hint)
    if old.choice_filter != new.choice_filter:
        yield Change(name, "choice_filter", "", "", BREAKS)
    if old.type == new.type:
        yield from _choices(name, before.choices(old), after.choices(new))


def _conditions(form: Form, question: Question) -> str:
    return " and ".join(f"({one})" for one in form.conditions(question))


def _yes(is_so: bool) -> str:
    return "yes" if is_so else ""


def _reworded(name: str, part: str, old: Words, new: Words) -> Iterator[Change]:
    """A translation that is added changes nothing for those who answered in another language."""
    for language in sorted({*old, *new}):
        one, other = old.get(language, ""), new.get(language, "")
        if one != other:
            effect = LOOK if one and other else NOTHING
            yield Change(name, f"{part}::{language}", one, other, effect)


def _choices(name: str, old: tuple[Choice, ...], new: tuple[Choice, ...]) -> Iterator[Change]:
    then, now = ({one.name: one for one in choices} for choices in (old, new))
    for choice in old:
        if choice.name not in now:
            yield Change(name, "choice-removed", choice.name, "", BREAKS)
    for choice in new:
        if choice.name not in then:
            yield Change(name, "choice-added", "", choice.name, LOOK)
            continue
        was = then[choice.name]
        if was.code != choice.code:
            yield Change(name, "choice-code", str(was.code), str(choice.code), BREAKS)
        yield from _reworded(name, f"choice-label {choice.name}", was.label, choice.label)
    if [one for one in then if one in now] != [one for one in now if one in then]:
        yield Change(name, "choice-order", "", "", LOOK)
