"""Questionnaires that were written elsewhere: unpacked, read, compared, tried, and given back."""

from __future__ import annotations

import io
import zipfile
import zlib
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from itertools import groupby
from math import ceil

from django.core.files.uploadedfile import UploadedFile
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from interlock.methods.questionnaires import (
    Change,
    Fault,
    Form,
    Reading,
    core_pages,
    difference,
    pages,
    read,
    seconds,
)
from interlock.methods.questionnaires.form import ASKED
from interlock.methods.questionnaires.instruments import NAMES, instrument
from interlock.methods.questionnaires.limits import LARGEST_FILE, LARGEST_UNPACKED, MOST_PARTS
from interlock.methods.questionnaires.tables import SHEETS
from interlock.methods.questionnaires.versions import BREAKS, LOOK, NOTHING
from interlock.web.look.refusals import Refused
from interlock.web.surveys.models import FormVersion
from interlock.web.surveys.queries import form_of

OWN = NAMES


def contents(uploads: Sequence[UploadedFile[bytes]]) -> dict[str, bytes]:
    """The files of a questionnaire by their names; those of a .zip, if that is what was given.

    Refuses what is too large to be read at all; whatever else is wrong, the reading says.
    """
    if sum(one.size or 0 for one in uploads) > LARGEST_FILE:
        raise _too_large()
    given = {one.name or "": one.read() for one in uploads}
    if len(given) == 1:
        [(name, data)] = given.items()
        if name.lower().endswith(".zip"):
            return _unpacked(data)
    return given


def _unpacked(data: bytes) -> dict[str, bytes]:
    """The CSV files of an archive. What is stated is counted before anything is unpacked."""
    try:
        with zipfile.ZipFile(io.BytesIO(data)) as archive:
            parts = [one for one in archive.infolist() if _is_part(one)]
            if len(parts) > MOST_PARTS or sum(one.file_size for one in parts) > LARGEST_UNPACKED:
                raise _too_large()
            return {one.filename: archive.read(one) for one in parts}
    # RuntimeError: one with a password, or packed in a way that is not known here.
    except (
        zipfile.BadZipFile, zlib.error, EOFError, OSError, ValueError, RuntimeError,
    ) as error:  # fmt: skip
        raise Refused(
            _("This archive cannot be opened."),
            _("Zip survey.csv, choices.csv and settings.csv anew, without a password."),
            status=422,
        ) from error


def _is_part(one: zipfile.ZipInfo) -> bool:
    """Folders, and what systems put beside the files, are no part of a questionnaire."""
    name = one.filename.rsplit("/", 1)[-1]
    return bool(name) and not name.startswith(".") and not one.filename.startswith("__MACOSX/")


def _too_large() -> Refused:
    return Refused(
        _("The questionnaire is larger than %(most)s megabytes.") % {"most": LARGEST_FILE // 2**20},
        _("Leave out of the file what is no question."),
        status=413,
    )


@dataclass(frozen=True)
class Line:
    """One thing that is wrong, or worth knowing: where, and what to do, in the reader's language."""

    row: int
    column: str
    text: str


@dataclass(frozen=True)
class SheetFaults:
    """What is wrong in one sheet, "" being the file as a whole."""

    sheet: str
    lines: tuple[Line, ...]


def told(faults: Iterable[Fault]) -> list[SheetFaults]:
    """Faults sheet by sheet, in the reader's language."""
    order = ("", *SHEETS)
    found = sorted(faults, key=lambda one: (_place(order, one.sheet), one.sheet, one.row))
    return [
        SheetFaults(
            sheet, tuple(Line(one.row, one.column, one.message.told(_)) for one in in_sheet)
        )
        for sheet, in_sheet in groupby(found, key=lambda one: one.sheet)
    ]


def _place(order: Sequence[str], sheet: str) -> int:
    return order.index(sheet) if sheet in order else len(order)


def reading_of(version: FormVersion) -> Reading:
    """A stored version read once more, for what is worth knowing of it."""
    return read({f"{name}.csv": text.encode() for name, text in version.document.items()})


@dataclass(frozen=True)
class Effect:
    """What a change does to answers that were given before."""

    text: str
    breaks: bool


@dataclass(frozen=True)
class Part:
    """One thing of a question that is not as it was, in the reader's words."""

    part: str
    before: str
    after: str
    language: str


@dataclass(frozen=True)
class Changed:
    """What of one question is not as it was, and what that does to answers given before."""

    name: str
    label: str
    language: str
    changes: tuple[Part, ...]
    effect: Effect


PARTS = {
    "added": gettext_lazy("New question"),
    "removed": gettext_lazy("Asked no longer"),
    "order": gettext_lazy("At another place"),
    "type": gettext_lazy("Kind of question"),
    "calculation": gettext_lazy("Calculation"),
    "relevant": gettext_lazy("Who is asked"),
    "scale": gettext_lazy("Scale"),
    "required": gettext_lazy("Needed"),
    "constraint": gettext_lazy("Which answers are taken"),
    "parameters": gettext_lazy("Range"),
    "appearance": gettext_lazy("Appearance"),
    "randomize": gettext_lazy("Choices in random order"),
    "measure": gettext_lazy("What it measures"),
    "core": gettext_lazy("Shared with other questionnaires"),
    "sensitive": gettext_lazy("Sensitive"),
    "choice_filter": gettext_lazy("Which choices are offered"),
    "choice-added": gettext_lazy("New choice"),
    "choice-removed": gettext_lazy("Choice taken out"),
    "choice-code": gettext_lazy("Code of a choice"),
    "choice-order": gettext_lazy("Order of the choices"),
    "label": gettext_lazy("Wording"),
    "hint": gettext_lazy("Hint"),
    "choice-label": gettext_lazy("Wording of a choice"),
}
EFFECTS = {
    NOTHING: gettext_lazy("earlier answers stay as good"),
    LOOK: gettext_lazy("look: do earlier answers still mean the same?"),
    BREAKS: gettext_lazy("earlier answers cannot be compared"),
}


def changes_since(version: FormVersion, former: FormVersion) -> list[Changed]:
    """What differs from an earlier version, question by question.

    A language that came or went as a whole is one thing to know (`languages_since`), and not one for
    every word.
    """
    before, after = form_of(former), form_of(version)
    whole = set(before.languages) ^ set(after.languages)
    told = [one for one in difference(before, after) if _language(one) not in whole]
    return [
        _changed(before, after, name, list(found))
        for name, found in groupby(told, key=lambda one: one.name)
    ]


def languages_since(version: FormVersion, former: FormVersion) -> tuple[list[str], list[str]]:
    """The names of the languages that came since an earlier version, and of those that went."""
    before, after = form_of(former), form_of(version)
    return (
        [after.language_names[one] for one in after.languages if one not in before.languages],
        [before.language_names[one] for one in before.languages if one not in after.languages],
    )


def _language(change: Change) -> str:
    """The language of a change whose part is "label::es" or "choice-label yes::es", else ""."""
    return change.part.partition("::")[2]


def _changed(before: Form, after: Form, name: str, found: Sequence[Change]) -> Changed:
    form = after if name in after.by_name else before
    worst = next(one for one in (BREAKS, LOOK, NOTHING) if one in {each.effect for each in found})
    return Changed(
        name,
        form.said(form.by_name[name].label, form.default),
        form.default,
        tuple(_told(one) for one in found),
        Effect(str(EFFECTS[worst]), worst == BREAKS),
    )


def _told(change: Change) -> Part:
    """A change whose part is "label::es" or "choice-label yes::es", in words."""
    language = _language(change)
    part, _space, choice = change.part.partition("::")[0].partition(" ")
    said = str(PARTS[part])
    if choice:
        said = f"{said} “{choice}”"
    if language:
        said = f"{said} ({language})"
    return Part(said, change.before, change.after, language)


def own_instrument(name: str) -> Form:
    return instrument(name)


def looked_at(uploads: Sequence[UploadedFile[bytes]]) -> tuple[Reading, dict[str, bytes]]:
    """A questionnaire read from what was uploaded, and its files."""
    files = contents(uploads)
    return read(files), files


#: So many answers of a question are listed where all questions are read.
MOST_LISTED = 12


@dataclass(frozen=True)
class Listed:
    """A question as it stands in the list of all: its words, its answers, and how many more there are."""

    name: str
    label: str
    answers: tuple[str, ...]
    more: int


def listed(form: Form, language: str) -> list[tuple[str, list[Listed]]]:
    """All questions in their order, by the pages on which they are asked, with the titles of these."""
    found = []
    for page in pages(form):
        group = form.groups_by_name.get(page.group)
        asked = [form.by_name[name] for name in page.names]
        questions = [
            Listed(
                one.name,
                form.said(one.label, language),
                tuple(form.said(each.label, language) for each in form.choices(one)[:MOST_LISTED]),
                len(form.choices(one)[MOST_LISTED:]),
            )
            for one in asked
        ]
        found.append((form.said(group.label, language) if group else "", questions))
    return found


@dataclass(frozen=True)
class Facts:
    """What a questionnaire is, in numbers: questions, pages, minutes, and its languages."""

    title: str
    questions: int
    pages: int
    core: int
    minutes: int
    core_minutes: int
    languages: str


def facts_of(form: Form) -> Facts:
    """Minutes are the library's guess for somebody who is asked everything."""
    told = pages(form)
    core = core_pages(form)
    within = [name for page in told[:core] for name in page.names]
    everything = [name for page in told for name in page.names]
    return Facts(
        title=form.said(form.title, form.default),
        questions=sum(one.type in ASKED for one in form.questions),
        pages=len(told),
        core=core,
        minutes=ceil(seconds(form, form.default, everything) / 60),
        core_minutes=ceil(seconds(form, form.default, within) / 60),
        languages=", ".join(form.language_names[code] for code in form.languages),
    )
