"""A questionnaire back as XLSForm's three tables, which pyxform and our own loader read."""

from __future__ import annotations

from collections.abc import Iterator, Mapping

from interlock.methods.questionnaires.form import Filter, Form, Group, Question, Words, plain
from interlock.methods.questionnaires.headings import NAMESPACE, OURS

Lines = list[list[str]]

_PLAIN = (
    "required",
    "relevant",
    "constraint",
    "calculation",
    "choice_filter",
    "appearance",
    "parameters",
)


def to_tables(form: Form) -> dict[str, Lines]:
    """The lines of each sheet, headings first, every cell text; columns that are empty are left out.

    Reading them gives an equal questionnaire. Our own columns are written as `bind::interlock:…`,
    which XLSForm carries along as attributes.

    >>> from interlock.methods.questionnaires.loading import read
    >>> form = read({"survey.csv": b"type,name,label\\ntext,why,Why?"}).must()
    >>> to_tables(form)["survey"]
    [['type', 'name', 'label::English (en)'], ['text', 'why', 'Why?']]
    """
    survey = [dict(_survey_row(form, one)) for one in _rows(form)]
    choices = [dict(row) for row in _choice_rows(form)]
    settings = dict(_settings(form))
    return {
        "survey": _lines(survey, _survey_headings(form)),
        "choices": _lines(choices, _choice_headings(form)),
        "settings": _lines([settings], tuple(settings)),
    }


def _lines(rows: list[dict[str, str]], headings: tuple[str, ...]) -> Lines:
    needed = {"type", "name", "list_name"}
    used = [one for one in headings if one in needed or any(row.get(one) for row in rows)]
    return [used, *([row.get(one, "") for one in used] for row in rows)]


def _rows(form: Form) -> Iterator[Question | Group | str]:
    """Questions, groups where they begin, and "" where one ends."""
    open_names: list[str] = []
    for question in form.questions:
        wanted = [one.name for one in reversed(form.around(question))]
        while open_names != wanted[: len(open_names)]:
            open_names.pop()
            yield ""
        for name in wanted[len(open_names) :]:
            open_names.append(name)
            yield form.groups_by_name[name]
        yield question
    yield from [""] * len(open_names)


def _language(form: Form, code: str) -> str:
    """A language as XLSForm writes it: "Español (es)"."""
    return f"{form.language_names[code]} ({code})"


def _told(form: Form, column: str, words: Words) -> Iterator[tuple[str, str]]:
    for code in form.languages:
        yield f"{column}::{_language(form, code)}", words.get(code, "")


def _survey_headings(form: Form) -> tuple[str, ...]:
    told = {
        column: [heading for heading, _text in _told(form, column, {})]
        for column in ("label", "hint", "constraint_message")
    }
    ours = [f"bind::interlock:{one}" for one in OURS]
    return (
        "type",
        "name",
        *told["label"],
        *told["hint"],
        *_PLAIN[:3],
        *told["constraint_message"],
        *_PLAIN[3:],
        *ours,
    )


def _survey_row(form: Form, one: Question | Group | str) -> Iterator[tuple[str, str]]:
    if isinstance(one, str):
        yield "type", "end_group"
        return
    yield "name", one.name
    yield from _told(form, "label", one.label)
    yield from _told(form, "hint", one.hint)
    yield "relevant", str(one.relevant or "")
    if isinstance(one, Group):
        yield "type", "begin_group"
        return
    yield "type", f"{one.type} {one.list_name}".strip()
    yield from _told(form, "constraint_message", one.constraint_message)
    yield "required", "yes" if one.required else ""
    yield "constraint", str(one.constraint or "")
    yield "calculation", str(one.calculation or "")
    yield "choice_filter", " and ".join(map(_filter, one.choice_filter))
    yield "appearance", one.appearance
    yield "parameters", _parameters(one)
    yield "bind::interlock:measure", one.measure
    yield "bind::interlock:scale", one.scale
    yield "bind::interlock:sensitive", "yes" if one.sensitive else ""
    yield "bind::interlock:core", one.core


def _filter(part: Filter) -> str:
    if part.question:
        return f"{part.column} = ${{{part.question}}}"
    quote = '"' if "'" in part.text else "'"
    return f"{part.column} = {quote}{part.text}{quote}"


def _parameters(one: Question) -> str:
    if one.range is not None:
        told: Mapping[str, str] = {
            "start": plain(one.range.start),
            "end": plain(one.range.end),
            "step": plain(one.range.step),
        }
        return " ".join(f"{name}={text}" for name, text in told.items())
    return "randomize=true" if one.randomize else ""


def _extra(form: Form) -> tuple[str, ...]:
    return tuple(sorted({part.column for one in form.questions for part in one.choice_filter}))


def _choice_headings(form: Form) -> tuple[str, ...]:
    labels = [heading for heading, _text in _told(form, "label", {})]
    return ("list_name", "name", *labels, "code", *_extra(form))


def _choice_rows(form: Form) -> Iterator[Iterator[tuple[str, str]]]:
    for name, choices in form.lists.items():
        for choice in choices:
            yield iter(
                [
                    ("list_name", name),
                    ("name", choice.name),
                    *_told(form, "label", choice.label),
                    ("code", str(choice.code)),
                    *choice.extra.items(),
                ]
            )


def _settings(form: Form) -> Iterator[tuple[str, str]]:
    yield "form_title", form.title.get(form.default, "")
    for code in form.languages[1:]:
        yield f"public_title::{_language(form, code)}", form.title.get(code, "")
    told = {"form_id": form.id, "version": form.version, "core_ends": form.core_ends}
    yield from ((name, text) for name, text in told.items() if text)
    yield "default_language", _language(form, form.default)
    yield "namespaces", NAMESPACE
