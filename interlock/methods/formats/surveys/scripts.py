"""Scripts that read the CSV of codes into SPSS (or PSPP), Stata and R, and label what is in it."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from interlock.methods.formats.surveys.columns import Column, Translate, columns
from interlock.methods.questionnaires.form import Form
from interlock.methods.questionnaires.limits import LONGEST_TEXT

# In bytes of UTF-8. SPSS cuts longer labels without a word; Stata refuses none but shows 80 signs.
SPSS_LABEL, SPSS_VALUE, STATA_LABEL = 255, 120, 80
LEVELS = {"nominal": "NOMINAL", "ordinal": "ORDINAL", "count": "SCALE"}
# Stata has no user-missing values, and would count with -1; it leaves .a, .b and .c out.
STATA_MISSING = {-1: "a", -2: "b", -3: "c"}


def spss_script(
    form: Form,
    *,
    file: str,
    language: str,
    leading: Sequence[str] = (),
    translate: Translate = str,
) -> str:
    """Syntax for SPSS and PSPP (read by PSPP 1.6.2) that reads the CSV called `file` and labels it."""
    told = columns(form, language=language, translate=translate)
    formats = {"number": "F12.2", "date": "A10", "text": f"A{LONGEST_TEXT}"}
    read = [(name, "A64") for name in leading]
    read += [(column.name, formats[column.kind]) for column in told]
    numbers = [column for column in told if column.kind == "number"]
    lines = [
        "* Encoding: UTF-8.",
        f"GET DATA /TYPE=TXT /FILE={_spss(file)} /ENCODING='UTF-8' /ARRANGEMENT=DELIMITED",
        '  /DELIMITERS="," /QUALIFIER=\'"\' /FIRSTCASE=2 /VARIABLES',
        # No line begins with a name, for PSPP would take "comment" as a command.
        "=" + " ".join(f"{name}\n  {kind}" for name, kind in read) + ".",
    ]
    for column in told:
        label = _spss(cut(column.label, SPSS_LABEL))
        lines.append(f"VARIABLE LABELS {column.name} {label}.")
    for column in numbers:
        lines.append(f"VALUE LABELS {column.name}")
        lines += [
            f"  {value.code} {_spss(cut(value.label, SPSS_VALUE))}" for value in column.values
        ]
        lines.append("  .")
        lines.append(f"MISSING VALUES {column.name} ({', '.join(map(str, column.missing))}).")
        lines.append(f"VARIABLE LEVEL {column.name} ({LEVELS[column.level]}).")
    return "\n".join([*lines, *_spss_sets(form, told, language), "EXECUTE.", ""])


def stata_script(
    form: Form,
    *,
    file: str,
    language: str,
    leading: Sequence[str] = (),
    translate: Translate = str,
) -> str:
    """A do-file for Stata 14 or later that reads the CSV called `file` and labels it.

    Don't know becomes .a, rather not say .b, not asked .c, so that Stata counts none of them.
    """
    told = columns(form, language=language, translate=translate)
    first = len(leading) + 1
    texts = [str(at) for at, column in enumerate(told, first) if column.kind != "number"]
    texts = [*(str(at) for at in range(1, first)), *texts]
    strings = f" stringcols({' '.join(texts)})" if texts else ""
    coding = 'encoding("UTF-8") clear'
    lines = [
        "version 14",
        f"import delimited using {_stata(file)}, varnames(1) case(preserve){strings} {coding}",
    ]
    for column in told:
        lines.append(f"label variable {column.name} {_stata(column.label[:STATA_LABEL])}")
        if column.kind == "number":
            lines.append(f"mvdecode {column.name}, mv({_stata_missing(column)})")
            values = " ".join(
                f"{_stata_code(value.code)} {_stata(value.label)}" for value in column.values
            )
            lines.append(f"label define {column.name} {values}, replace")
            lines.append(f"label values {column.name} {column.name}")
    return "\n".join([*lines, ""])


def r_script(
    form: Form,
    *,
    file: str,
    language: str,
    leading: Sequence[str] = (),
    translate: Translate = str,
) -> str:
    """A script for R, without packages, that reads the CSV called `file` and labels it.

    Labels are the attributes "label" and "labels", which haven and labelled read.
    """
    told = columns(form, language=language, translate=translate)
    kinds = ["character"] * len(leading)
    kinds += ["numeric" if column.kind == "number" else "character" for column in told]
    lines = [
        f'data <- read.csv({_r(file)}, encoding = "UTF-8", check.names = FALSE,',
        f'  na.strings = "", colClasses = c({", ".join(map(_r, kinds))}))',
        *(line for column in told for line in _r_labels(column)),
    ]
    return "\n".join([*lines, ""])


def _spss_sets(form: Form, told: Sequence[Column], language: str) -> Iterator[str]:
    """What several answers to one question are: sets that SPSS and PSPP make tables of."""
    for one in form.questions:
        names = [column.name for column in told if column.question is one]
        if one.type == "select_multiple" and len(names) > 1:
            label = _spss(cut(form.said(one.label, language) or one.name, SPSS_LABEL))
            yield f"MRSETS /MDGROUP NAME=${one.name} LABEL={label} VALUE=1"
            yield f"  VARIABLES={' '.join(names)}."


def _stata_missing(column: Column) -> str:
    return " \\ ".join(f"{code}=.{STATA_MISSING[code]}" for code in column.missing)


def _stata_code(code: int) -> str:
    return f".{STATA_MISSING[code]}" if code in STATA_MISSING else str(code)


def _r_labels(column: Column) -> Iterator[str]:
    yield f'attr(data[["{column.name}"]], "label") <- {_r(column.label)}'
    if column.kind == "number":
        values = ", ".join(f"{_r(value.label)} = {value.code}" for value in column.values)
        yield f'attr(data[["{column.name}"]], "labels") <- c({values})'


def flat(text: str) -> str:
    """Text on one line, as labels are."""
    return " ".join(text.split())


def cut(text: str, most: int) -> str:
    """Text of at most so many bytes of UTF-8, whole signs, an ellipsis where it was cut.

    >>> cut("añoranza", 7), cut("año", 7)
    ('año…', 'año')
    """
    plain = flat(text)
    if len(plain.encode()) <= most:
        return plain
    return f"{plain.encode()[: most - 3].decode(errors='ignore')}…"


def _spss(text: str) -> str:
    return "'" + flat(text).replace("'", "''") + "'"


def _stata(text: str) -> str:
    """Text in compound quotes, in which nothing is a macro."""
    plain = flat(text).replace("`", "'").replace("$", "\\$").replace("\"'", "\" '")
    return f'`"{plain}"\''


def _r(text: str) -> str:
    return '"' + flat(text).replace("\\", "\\\\").replace('"', '\\"') + '"'
