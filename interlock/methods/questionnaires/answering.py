"""Answering: what was posted in, the next page, its errors and the valid answers out.

Whatever a respondent posted is walked anew from the first page with every submit. What turns out
not to be asked of them is erased, whoever posted it; an answer on a page that cannot be reached is
not looked at. So the outcome hangs only on the answers to what was asked, never on the way there,
and nothing a browser hides, shows or sends can change it.
"""

from __future__ import annotations

import hashlib
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field

from interlock.methods.questionnaires.cleaning import cleaned, offered_choices
from interlock.methods.questionnaires.expressions import evaluate, is_true, written
from interlock.methods.questionnaires.form import ASKED, Choice, Form, Question, Words
from interlock.methods.questionnaires.limits import LONGEST_TEXT, MOST_CHOICES
from interlock.methods.questionnaires.pages import Page, core_pages, deciding, pages
from interlock.methods.questionnaires.sentences import Message, said

# What was posted to each question that was shown, as it was posted; an unanswered one has ().
Kept = Mapping[str, tuple[str, ...]]


@dataclass(frozen=True)
class Step:
    """Where a respondent is.

    `answers` are the valid answers up to here, in the order of the form: a name that is missing was
    not asked, "" was asked and left blank; calculations are among them. `kept` is what to store and
    hand in again next time. `page` is the page to show, None at the end; `asked` are those of its
    questions and notes that are to be shown; `errors` say per question why it is shown again.
    `done` pages were answered, at most `left` are to come, `page` among them. `core_done` says that
    the core is answered.
    """

    answers: Mapping[str, str]
    kept: Kept
    page: Page | None
    asked: tuple[str, ...] = ()
    errors: Mapping[str, Message] = field(default_factory=dict)
    done: int = 0
    left: int = 0
    core_done: bool = False


def resumed(form: Form, kept: Kept, *, language: str) -> Step:
    """Where a respondent is by what they have answered; with nothing, on the first page."""
    return _walked(form, kept, language, until=None)


def opened(form: Form, kept: Kept, page: str, *, language: str) -> Step:
    """The page with this key once more, to change it; if it is not to be asked, `resumed`'s."""
    step = _walked(form, kept, language, until=page)
    return step if step.page and step.page.key == page else resumed(form, kept, language=language)


def submitted(
    form: Form, kept: Kept, page: str, posted: Mapping[str, Sequence[str]], *, language: str
) -> Step:
    """What follows when the page with this key is posted.

    Only what the page asks of this respondent is read; a page that cannot be reached yet is not.
    Error messages that the form gives are in `language`; the others are told by the caller.

    >>> from interlock.methods.questionnaires.loading import read
    >>> form = read({"survey.csv": b"type,name,label,required\\ninteger,age,Your age,yes"}).must()
    >>> step = submitted(form, {}, "age", {"age": ["old"]}, language="en")
    >>> str(step.errors["age"])
    'Please write a whole number, in digits.'
    >>> step = submitted(form, step.kept, "age", {"age": ["41"]}, language="en")
    >>> step.page, step.answers
    (None, {'age': '41'})
    """
    here = _walked(form, kept, language, until=page)
    if here.page is None or here.page.key != page:
        return here
    given = {name: _bounded(posted.get(name, ())) for name in here.asked}
    return _walked(form, {**here.kept, **given}, language, until=None)


def _bounded(raw: Sequence[str]) -> tuple[str, ...]:
    """What was posted, as much of it as could be an answer and a little more.

    No database that keeps text can keep NUL, and its complaint would quote what was answered.
    """
    return tuple(one[: 2 * LONGEST_TEXT].replace("\0", "") for one in raw[: MOST_CHOICES + 1])


def _walked(form: Form, kept: Kept, language: str, *, until: str | None) -> Step:
    """From the first page to the first that is not answered rightly, or to the page `until`."""
    order = pages(form)
    page_of = {name: page for page in order for name in page.names}
    answers: dict[str, str] = {}
    before: dict[str, str] = {}
    still: dict[str, tuple[str, ...]] = {}
    page: Page | None = None
    asked: list[str] = []
    errors: dict[str, Message] = {}
    is_new, done = False, 0
    for one in form.questions:
        if one.type == "calculate":
            _calculate(form, one, answers)
            continue
        if page_of[one.name] != page:
            if page and asked and (errors or is_new or page.key == until):
                break
            done += bool(asked)
            page, asked, errors, is_new = page_of[one.name], [], {}, False
            before = dict(answers)
        if not _is_relevant(form, one, answers):
            continue
        asked.append(one.name)
        if one.name in kept:
            still[one.name] = kept[one.name]
        else:
            is_new = True
        if one.type in ASKED:
            fault = _answer(form, one, kept.get(one.name, ()), answers, language)
            if fault and one.name in kept:
                errors[one.name] = fault
    else:
        if not (page and asked and (errors or is_new or page.key == until)):
            done += bool(asked)
            return Step(answers, still, None, done=done, core_done=True)
    assert page is not None
    later = {name: raw for name, raw in kept.items() if _is_later(page_of, name, page)}
    left = _left(form, order, page, before)
    is_core_done = page.number > core_pages(form)
    return Step(before, {**still, **later}, page, tuple(asked), errors, done, left, is_core_done)


def _is_later(page_of: Mapping[str, Page], name: str, page: Page) -> bool:
    return name in page_of and page_of[name].number > page.number


def _is_relevant(form: Form, question: Question, answers: Mapping[str, str]) -> bool:
    return all(is_true(condition, answers) for condition in form.conditions(question))


def _calculate(form: Form, question: Question, answers: dict[str, str]) -> None:
    if question.calculation is not None and _is_relevant(form, question, answers):
        answers[question.name] = written(evaluate(question.calculation, answers))


def _answer(
    form: Form,
    question: Question,
    raw: tuple[str, ...],
    answers: dict[str, str],
    language: str,
) -> Message | None:
    """Take an answer among the others, or say why not; a constraint holds for what is blank."""
    answers[question.name] = ""
    found = cleaned(form, question, raw, answers)
    if isinstance(found, Message):
        return found
    answers[question.name] = found
    if not found:
        return said("required") if question.required else None
    if question.constraint and not is_true(question.constraint, answers, found):
        return Message("constraint", own=form.said(question.constraint_message, language))
    return None


def _left(form: Form, order: Sequence[Page], page: Page, answers: Mapping[str, str]) -> int:
    """How many pages may still come, this one among them: those that no given answer rules out."""
    hangs = deciding(form)
    page_of = {name: one.number for one in order for name in one.names}
    known = dict(answers)
    open_names: set[str] = set()
    possible: set[int] = set()
    for one in form.questions:
        if one.type == "calculate":
            _calculate(form, one, known)
        elif page_of[one.name] >= page.number and (
            hangs[one.name] & open_names or _is_relevant(form, one, known)
        ):
            open_names.add(one.name)
            possible.add(page_of[one.name])
    return len(possible)


@dataclass(frozen=True)
class Spoken:
    """A text and the language it is in, which need not be the one that was asked for."""

    text: str
    language: str

    def __str__(self) -> str:
        return self.text


@dataclass(frozen=True)
class Shown:
    """A question or note as a page shows it.

    `values` are what was posted last (names of choices, or one text), `error` is why again.
    """

    question: Question
    label: Spoken
    hint: Spoken
    choices: tuple[tuple[Choice, Spoken], ...]
    values: tuple[str, ...]
    error: Message | None


def shown(form: Form, step: Step, *, language: str, seed: str) -> tuple[Shown, ...]:
    """What the page of a step shows, in a language.

    Choices that are to be mixed are in an order that hangs on `seed` alone (a respondent's own,
    say): it stays when a page is shown again. "Don't know" and "rather not" stay last.
    """
    found: list[Shown] = []
    for name in step.asked:
        one = form.by_name[name]
        choices = offered_choices(form, one, step.answers)
        if one.randomize:
            choices = _mixed(choices, seed, name)
        found.append(
            Shown(
                question=one,
                label=spoken(form, one.label, language),
                hint=spoken(form, one.hint, language),
                choices=tuple((each, spoken(form, each.label, language)) for each in choices),
                values=step.kept.get(name, ()),
                error=step.errors.get(name),
            )
        )
    return tuple(found)


def spoken(form: Form, words: Words, language: str) -> Spoken:
    """A text in a language, else in the form's default one."""
    used = language if words.get(language) else form.default
    return Spoken(words.get(used, ""), used)


def _mixed(choices: Sequence[Choice], seed: str, name: str) -> tuple[Choice, ...]:
    def place(choice: Choice) -> tuple[bool, bytes]:
        drawn = hashlib.sha256(f"{seed}\n{name}\n{choice.name}".encode()).digest()
        return (choice.code < 0, drawn)

    return tuple(sorted(choices, key=place))
