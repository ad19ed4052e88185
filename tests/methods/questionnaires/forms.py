"""Small questionnaires for the tests."""

from __future__ import annotations

import io
import zipfile

from interlock.methods.questionnaires import Form, Reading, read

YES_NO = "list_name,name,label,code\nyn,yes,Yes,1\nyn,no,No,0\nyn,dk,I do not know,-1\n"


def reading(survey: str, choices: str = YES_NO, settings: str = "") -> Reading:
    """What comes of three tables written as CSV; the settings say English unless they are given."""
    told = settings or "default_language,form_id\nEnglish (en),test\n"
    files = {"survey.csv": survey, "choices.csv": choices, "settings.csv": told}
    return read({name: text.encode() for name, text in files.items() if text})


def form(survey: str, choices: str = YES_NO, settings: str = "") -> Form:
    return reading(survey, choices, settings).must()


def faults(survey: str, choices: str = YES_NO, settings: str = "") -> list[str]:
    return [str(fault) for fault in reading(survey, choices, settings).faults]


def xlsx(**parts: bytes) -> bytes:
    """An .xlsx of these parts; "sheet1" is xl/worksheets/sheet1.xml, called survey."""
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr("[Content_Types].xml", _TYPES)
        archive.writestr("_rels/.rels", _RELATIONS)
        archive.writestr("xl/workbook.xml", parts.get("workbook", _BOOK))
        archive.writestr("xl/_rels/workbook.xml.rels", _BOOK_RELATIONS)
        archive.writestr("xl/worksheets/sheet1.xml", parts["sheet1"])
    return out.getvalue()


def sheet_xml(rows: str) -> bytes:
    return f'<worksheet xmlns="{_MAIN}"><sheetData>{rows}</sheetData></worksheet>'.encode()


def row_xml(number: int, *cells: str) -> str:
    told = "".join(
        f'<c r="{chr(65 + at)}{number}" t="inlineStr"><is><t>{text}</t></is></c>'
        for at, text in enumerate(cells)
    )
    return f'<row r="{number}">{told}</row>'


_MAIN = "http://schemas.openxmlformats.org/spreadsheetml/2006/main"
_OFFICE = "http://schemas.openxmlformats.org/officeDocument/2006/relationships"
_PACKAGE = "http://schemas.openxmlformats.org/package/2006"
_SHEETS = "application/vnd.openxmlformats-officedocument.spreadsheetml"
_TYPES = (
    f'<Types xmlns="{_PACKAGE}/content-types">'
    '<Default Extension="rels" '
    'ContentType="application/vnd.openxmlformats-package.relationships+xml"/>'
    f'<Override PartName="/xl/workbook.xml" ContentType="{_SHEETS}.sheet.main+xml"/>'
    f'<Override PartName="/xl/worksheets/sheet1.xml" ContentType="{_SHEETS}.worksheet+xml"/>'
    "</Types>"
)
_RELATIONS = (
    f'<Relationships xmlns="{_PACKAGE}/relationships"><Relationship Id="r1" '
    f'Type="{_OFFICE}/officeDocument" Target="xl/workbook.xml"/></Relationships>'
)
_BOOK_RELATIONS = (
    f'<Relationships xmlns="{_PACKAGE}/relationships"><Relationship Id="r1" '
    f'Type="{_OFFICE}/worksheet" Target="worksheets/sheet1.xml"/></Relationships>'
)
_BOOK = (
    f'<workbook xmlns="{_MAIN}" xmlns:r="{_OFFICE}"><sheets>'
    '<sheet name="survey" sheetId="1" r:id="r1"/></sheets></workbook>'
).encode()
