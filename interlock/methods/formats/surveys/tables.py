"""Answers as CSV, by codes and by labels, formulas made harmless."""

from __future__ import annotations

import csv
import io
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence

from interlock.methods.formats.formulas import guarded
from interlock.methods.formats.surveys.columns import Column, Translate, coded, columns
from interlock.methods.questionnaires.form import Form

# What the caller knows of a row (an identifier, a weight), and the answers in it.
Answered = tuple[Sequence[str], Mapping[str, str]]


def coded_lines(
    form: Form, rows: Iterable[Answered], *, leading: Sequence[str] = ()
) -> Iterator[str]:
    r"""The lines of a CSV file of codes (RFC 4180), headings first; `leading` are the caller's.

    >>> from interlock.methods.questionnaires import read
    >>> form = read({"survey.csv": b"type,name,label\ninteger,age,Age"}).must()
    >>> list(coded_lines(form, [(["a"], {"age": "41"}), (["b"], {})], leading=["id"]))
    ['id,age\r\n', 'a,41\r\n', 'b,-3\r\n']
    """
    told = columns(form, language=form.default)
    return _lines(told, rows, leading, lambda column, answers: coded(form, column, answers))


def labelled_lines(
    form: Form,
    rows: Iterable[Answered],
    *,
    language: str,
    leading: Sequence[str] = (),
    translate: Translate = str,
) -> Iterator[str]:
    """The same with the words of each answer instead of its code."""
    told = columns(form, language=language, translate=translate)
    labels = {column.name: {str(one.code): one.label for one in column.values} for column in told}

    def labelled(column: Column, answers: Mapping[str, str]) -> str:
        text = coded(form, column, answers)
        return labels[column.name].get(text, text)

    return _lines(told, rows, leading, labelled)


def _lines(
    told: Sequence[Column],
    rows: Iterable[Answered],
    leading: Sequence[str],
    cell: Callable[[Column, Mapping[str, str]], str],
) -> Iterator[str]:
    yield _line([*leading, *(column.name for column in told)])
    for before, answers in rows:
        yield _line([*before, *(cell(column, answers) for column in told)])


def _line(cells: Iterable[str]) -> str:
    text = io.StringIO()
    csv.writer(text, lineterminator="\r\n").writerow([guarded(cell) for cell in cells])
    return text.getvalue()
