"""A questionnaire as .xlsx (ECMA-376), read and written by openpyxl.

An .xlsx is a zip of XML, and both can be made to swell. Before openpyxl sees a file, its parts are
counted, their sizes summed (zipfile never gives more than a part's stated size), and each part is
searched for what declares entities; sheets are then read row by row up to their bounds, whatever
size they claim. Formulas are faults, never computed.
"""

from __future__ import annotations

import io
import warnings
import zipfile
import zlib
from collections.abc import Iterator, Mapping, Sequence
from datetime import date, datetime
from typing import Any

from interlock.methods.questionnaires.faults import Faults
from interlock.methods.questionnaires.limits import (
    LARGEST_FILE,
    LARGEST_UNPACKED,
    MOST_COLUMNS,
    MOST_PARTS,
)
from interlock.methods.questionnaires.sentences import Message, said
from interlock.methods.questionnaires.tables import SHEETS, Sheet, sheet


def from_xlsx(data: bytes, faults: Faults) -> dict[str, Sheet]:
    """Tables from the bytes of an .xlsx; what cannot be read is a fault."""
    if why := _why_not_safe(data):
        faults.add("", 0, "", why)
        return {}
    try:
        import openpyxl
    except ImportError:
        faults.add("", 0, "", said("file-needs", library="openpyxl"))
        return {}
    found: dict[str, Sheet] = {}
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")  # about styles and checks, which are not read
            book = openpyxl.load_workbook(io.BytesIO(data), read_only=True, keep_links=False)
            for one in book.worksheets:
                name = one.title.strip()
                if name not in SHEETS:
                    faults.add(name, 0, "", said("sheet-unknown"))
                elif name in found:
                    faults.add(name, 0, "", said("sheet-again"))
                else:
                    found[name] = sheet(name, _lines(one), faults)
            book.close()
    except Exception:  # noqa: BLE001 a reader of other people's bytes fails in ways that no list names
        faults.add("", 0, "", said("file-broken"))
        return {}
    return found


def _why_not_safe(data: bytes) -> Message | None:
    if len(data) > LARGEST_FILE:
        return said("file-large", most=LARGEST_FILE)
    try:
        with zipfile.ZipFile(io.BytesIO(data)) as archive:
            parts = archive.infolist()
            if len(parts) > MOST_PARTS:
                return said("file-parts", most=MOST_PARTS)
            if sum(part.file_size for part in parts) > LARGEST_UNPACKED:
                return said("file-swells", most=LARGEST_UNPACKED)
            for part in parts:
                content = archive.read(part)
                # UTF-16 has zeros, and could hide a declaration.
                if part.filename.endswith((".xml", ".rels")) and (
                    b"<!DOCTYPE" in content or b"<!ENTITY" in content or b"\0" in content
                ):
                    return said("file-entities")
    # RuntimeError: one with a password, or packed in a way that is not known here.
    except (zipfile.BadZipFile, zlib.error, EOFError, OSError, ValueError, RuntimeError):
        return said("file-broken")
    return None


def _lines(one: Any) -> Iterator[list[str]]:
    """The lines of a sheet as text, one by one; none is padded to the width that the sheet claims."""
    one.reset_dimensions()
    for cells in one.iter_rows(max_col=MOST_COLUMNS + 1):
        yield [_text(cell.value, cell.data_type) for cell in cells]


def _text(value: Any, kind: str) -> str:
    """The text of a cell: numbers as people see them, a formula with its "="."""
    if value is None:
        return ""
    if kind == "f" and not str(value).startswith("="):
        return "="
    if isinstance(value, bool):
        return "yes" if value else "no"
    if isinstance(value, float) and value.is_integer() and abs(value) < 2**53:
        return str(int(value))
    if isinstance(value, datetime):
        return value.date().isoformat()
    return value.isoformat() if isinstance(value, date) else str(value)


def to_xlsx(tables: Mapping[str, Sequence[Sequence[str]]]) -> bytes:
    """Tables, headings first, as an .xlsx of text cells. Raises ImportError without openpyxl."""
    import openpyxl
    from openpyxl.cell import WriteOnlyCell

    book = openpyxl.Workbook(write_only=True)
    for name, lines in tables.items():
        one = book.create_sheet(name)
        for line in lines:
            cells = []
            for text in line:
                cell = WriteOnlyCell(one, value=text or None)
                if text:
                    cell.data_type = "s"  # "=" at its beginning makes no formula
                cells.append(cell)
            one.append(cells)
    out = io.BytesIO()
    book.save(out)
    return out.getvalue()
