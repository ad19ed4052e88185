"""Answers as files of SPSS and Stata, with their labels in them (optional: pyreadstat and pandas).

Writing loads both, 60 MB that stay: a web process leaves it to another one.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from importlib import import_module
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

from interlock.methods.formats.surveys.columns import Column, Translate, coded, columns
from interlock.methods.formats.surveys.scripts import (
    LEVELS,
    SPSS_LABEL,
    SPSS_VALUE,
    STATA_LABEL,
    STATA_MISSING,
    cut,
    flat,
)
from interlock.methods.formats.surveys.tables import Answered
from interlock.methods.questionnaires.form import Form
from interlock.methods.questionnaires.versions import content_hash

# In bytes of UTF-8; SPSS cuts what is longer without a word.
_FILE_LABEL = 64
_WHOLE = frozenset({"select_one", "select_multiple", "rank", "integer"})


def sav(
    form: Form,
    rows: Iterable[Answered],
    *,
    language: str,
    leading: Sequence[str] = (),
    translate: Translate = str,
) -> bytes:
    """A .sav file of codes, as SPSS, PSPP, R (haven) and jamovi read it.

    `rows` and `leading` are as in `coded_lines`, `language` and `translate` as in `columns`. Don't
    know (-1), rather not say (-2) and not asked (-3) are user-missing values; a blank number is
    system-missing. Labels that SPSS would cut end in "…". The note holds the hash of the
    questionnaire. Sets of several answers are not written, because pyreadstat 1.3 cannot; the last
    lines of `spss_script` declare them.

    Raises ImportError, saying what to install, where pyreadstat or pandas is not.
    """
    pyreadstat, pandas = _libraries()
    told = columns(form, language=language, translate=translate)
    frame = _frame(pandas, form, rows, leading, told, lambda _column, code: float(code))
    values = {
        column.name: {_key(column, one.code): cut(one.label, SPSS_VALUE) for one in column.values}
        for column in told
    }
    measures = {name: "nominal" for name in leading}
    measures |= {column.name: LEVELS[column.level].lower() for column in told}
    return _written(
        lambda path: pyreadstat.write_sav(
            frame,
            path,
            file_label=cut(form.said(form.title, language), _FILE_LABEL),
            note=f"SHA-256 {content_hash(form)}",
            column_labels={column.name: cut(column.label, SPSS_LABEL) for column in told},
            variable_value_labels=values,
            missing_ranges={
                column.name: [_key(column, code) for code in column.missing] for column in told
            },
            variable_measure=measures,
            variable_format={
                column.name: "F8.0" if column.question.type in _WHOLE else "F12.2"
                for column in told
                if column.kind == "number"
            },
        )
    )


def dta(
    form: Form,
    rows: Iterable[Answered],
    *,
    language: str,
    leading: Sequence[str] = (),
    translate: Translate = str,
) -> bytes:
    """A .dta file of codes (format 118), as Stata 14 or later and R (haven) read it.

    Arguments and errors are those of `sav`. In columns of numbers don't know is .a, rather not say
    .b, not asked .c (all labelled) and blank is "."; Stata counts none of them.
    """
    pyreadstat, pandas = _libraries()
    told = columns(form, language=language, translate=translate)
    numbers = [column for column in told if column.kind == "number"]

    def number(column: Column, code: str) -> float | str:
        whole = {str(one): STATA_MISSING[one] for one in column.missing}
        return whole.get(code) or float(code)

    frame = _frame(pandas, form, rows, leading, told, number)
    return _written(
        lambda path: pyreadstat.write_dta(
            frame,
            path,
            file_label=cut(form.said(form.title, language), _FILE_LABEL),
            column_labels={column.name: flat(column.label)[:STATA_LABEL] for column in told},
            variable_value_labels={
                column.name: {STATA_MISSING.get(it.code, it.code): it.label for it in column.values}
                for column in numbers
            },
            missing_user_values={
                column.name: [STATA_MISSING[code] for code in column.missing] for column in numbers
            },
        )
    )


def _libraries() -> tuple[Any, Any]:
    try:
        return import_module("pyreadstat"), import_module("pandas")
    except ImportError:
        raise ImportError(
            "Files of SPSS and Stata need pyreadstat and pandas, which are not installed. Install "
            "them: pip install 'interlock[export]'."
        ) from None


def _key(column: Column, code: int) -> int | str:
    return code if column.kind == "number" else str(code)


def _frame(
    pandas: Any,
    form: Form,
    rows: Iterable[Answered],
    leading: Sequence[str],
    told: Sequence[Column],
    number: Callable[[Column, str], float | str],
) -> Any:
    """The rows as a table of pandas: numbers by `number`, none where blank; else text."""
    cells: Mapping[str, list[float | str | None]] = {
        name: [] for name in (*leading, *(column.name for column in told))
    }
    for before, answers in rows:
        for name, text in zip(leading, before, strict=True):
            cells[name].append(text)
        for column in told:
            code = coded(form, column, answers)
            if column.kind != "number":
                cells[column.name].append(code)
            else:
                cells[column.name].append(number(column, code) if code else None)
    numeric = {column.name for column in told if column.kind == "number"}
    return pandas.DataFrame(
        {
            name: pandas.Series(column, dtype=_type(column) if name in numeric else "object")
            for name, column in cells.items()
        }
    )


def _type(column: Sequence[float | str | None]) -> str:
    return "object" if any(isinstance(cell, str) for cell in column) else "float64"


def _written(write: Callable[[Path], None]) -> bytes:
    with TemporaryDirectory() as folder:
        path = Path(folder) / "answers"
        write(path)
        return path.read_bytes()
