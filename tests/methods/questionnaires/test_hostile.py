"""Files made to hurt: each is refused in a sentence, soon and with little memory."""

from __future__ import annotations

import io
import tracemalloc
import zipfile
from time import process_time

import pytest

from interlock.methods.questionnaires import read
from interlock.methods.questionnaires.limits import MOST_FAULTS
from tests.methods.questionnaires.forms import faults, reading, row_xml, sheet_xml, xlsx

HEADINGS = row_xml(1, "type", "name", "label")


def refusal(files: dict[str, bytes]) -> str:
    told = read(files)
    assert told.form is None
    return str(told.faults[0])


def test_recursion_in_an_expression() -> None:
    told = faults("type,name,label,relevant\ntext,a,A,\ntext,b,B," + "not(" * 99 + "1" + ")" * 99)
    assert told == [
        (
            "survey, row 3, column relevant: The expression is nested too deeply. Put a part of it into "
            "a calculate row."
        )
    ]


def test_recursion_in_groups() -> None:
    depth = 500
    rows = "".join(f"begin_group,g{at},G\n" for at in range(depth)) + "text,a,A\n"
    told = faults(f"type,name,label\n{rows}" + "end_group,,\n" * depth)
    assert told[1] == (
        "survey, row 10, column type: Groups are nested more than 8 deep. Flatten them."
    )
    assert len(told) == MOST_FAULTS + 1


def test_cyclic_relevance() -> None:
    rows = "".join(f"text,q{at},Q,${{q{(at + 1) % 60}}} = 1\n" for at in range(60))
    told = faults(f"type,name,label,relevant\n{rows}")
    assert len(told) == 60
    assert told[0] == (
        "survey, row 2, column relevant: This depends on “q1”, which itself depends on this. Break "
        "the circle."
    )


@pytest.mark.parametrize(
    ("rows", "told"),
    [
        ("begin_group,g,G,${a} = 1,\ntext,a,A,,\nend_group,,,,\n", ["row 2, column relevant: “a”"]),
        ("text,a,A,${a} = 1,\n", ["row 2, column relevant: “a”"]),
        (
            "calculate,a,,,${b} + 1\ncalculate,b,,,${a} + 1\n",
            ["row 2, column calculation: “b”", "row 3, column calculation: “a”"],
        ),
    ],
    ids=["a group on what is in it", "a question on itself", "two calculations"],
)
def test_circle_of_another_kind(rows: str, told: list[str]) -> None:
    places = [one.split(": ") for one in told]
    assert faults(f"type,name,label,relevant,calculation\n{rows}") == [
        f"survey, {place}: This depends on {on}, which itself depends on this. Break the circle."
        for place, on in places
    ]


def test_questions_that_each_hang_on_many_before_them() -> None:
    rows = "".join(
        f"integer,q{at},Q,"
        + " or ".join(f"${{q{one}}} = 1" for one in range(max(0, at - 60), at))
        + "\n"
        for at in range(1, 400)
    )
    before = process_time()
    told = reading(f"type,name,label,relevant\ninteger,q0,Q,\n{rows}")
    assert told.form
    # Half a second where it was tried. A search of its own for each name took more than ten.
    assert process_time() - before < 10


def test_pattern_without_end() -> None:
    told = faults("type,name,label,constraint\ntext,a,A,\"regex(., '(a+)+$')\"\n")
    assert told == [
        (
            "survey, row 2, column constraint: regex() is not read, because some patterns take "
            "forever. Use contains() or starts-with()."
        )
    ]


def test_expression_without_end() -> None:
    told = faults("type,name,label,relevant\ntext,a,A,\ntext,b,B," + "1+" * 600 + "1\n")
    assert told == [
        ("survey, row 3, column relevant: The expression has more than 1,000 signs. Shorten it.")
    ]


def test_a_million_choices() -> None:
    choices = "list_name,name,label\n" + "".join(f"c,n{at},N\n" for at in range(1_000_000))
    told = faults("type,name,label\nselect_one c,a,A\n", choices)
    assert "choices: The file has more than 2,097,152 bytes. Leave out what is no question." in told


def test_a_million_choices_in_a_spreadsheet() -> None:
    """Rows that are alike pack well, so that only unpacking tells."""
    rows = HEADINGS + '<row><c t="inlineStr"><is><t>c</t></is></c></row>' * 1_000_000
    packed = xlsx(sheet1=sheet_xml(rows))
    assert len(packed) < 500_000
    tracemalloc.start()
    told = refusal({"choices.xlsx": packed})
    _now, peak = tracemalloc.get_traced_memory()
    tracemalloc.stop()
    assert told == (
        "Unpacked the file would have more than 12,582,912 bytes. Copy the three sheets into a new "
        "file."
    )
    assert peak < 5_000_000


def test_too_many_choices_in_a_list() -> None:
    choices = "list_name,name,label,code\n" + "".join(f"c,n{at},N,{at}\n" for at in range(501))
    assert faults("type,name,label\nselect_one c,a,A\n", choices) == [
        (
            "choices, row 502, column list_name: The list “c” has more than 500 choices. Ask by text, "
            "or in two steps."
        )
    ]


def test_too_many_rows() -> None:
    rows = "".join(f"note,n{at},N\n" for at in range(6_000))
    told = faults(f"type,name,label\n{rows}")
    assert "survey, row 5001: There are more than 5,000 rows. Shorten the questionnaire." in told


def test_zip_bomb() -> None:
    bomb = xlsx(sheet1=sheet_xml(HEADINGS) + b" " * 30_000_000)
    assert len(bomb) < 50_000
    tracemalloc.start()
    told = refusal({"bomb.xlsx": bomb})
    _now, peak = tracemalloc.get_traced_memory()
    tracemalloc.stop()
    assert told == (
        "Unpacked the file would have more than 12,582,912 bytes. Copy the three sheets into a new "
        "file."
    )
    assert peak < 5_000_000


def test_zip_bomb_that_lies_about_its_size() -> None:
    bomb = bytearray(xlsx(sheet1=sheet_xml(HEADINGS) + b" " * 2_000_000))
    central = bomb.rfind(b"PK\x01\x02")
    bomb[central + 24 : central + 28] = (1000).to_bytes(4, "little")
    assert refusal({"bomb.xlsx": bytes(bomb)}) == (
        "This cannot be read as .xlsx. Save it anew with a spreadsheet."
    )


def test_zip_that_is_locked() -> None:
    locked = bytearray(xlsx(sheet1=sheet_xml(HEADINGS)))
    for sign, place in ((b"PK\x01\x02", 8), (b"PK\x03\x04", 6)):
        at = locked.find(sign)
        while at >= 0:
            locked[at + place] |= 1
            at = locked.find(sign, at + 4)
    assert refusal({"locked.xlsx": bytes(locked)}) == (
        "This cannot be read as .xlsx. Save it anew with a spreadsheet."
    )


def test_zip_of_many_parts() -> None:
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w") as archive:
        for at in range(2_000):
            archive.writestr(f"{at}.xml", "")
    assert refusal({"many.xlsx": out.getvalue()}) == (
        "The file has more than 100 parts. Copy the three sheets into a new file."
    )


def test_entities_that_swell() -> None:
    entities = "".join(f'<!ENTITY e{at} "{f"&e{at - 1};" * 10}">' for at in range(1, 10))
    lol = f'<?xml version="1.0"?><!DOCTYPE x [<!ENTITY e0 "ha">{entities}]>'.encode()
    assert refusal({"lol.xlsx": xlsx(sheet1=lol + sheet_xml(HEADINGS))}) == (
        "A part of the file declares entities, which no spreadsheet does. Save it anew."
    )


def test_document_type_from_elsewhere() -> None:
    elsewhere = b'<!DOCTYPE worksheet SYSTEM "http://127.0.0.1/x.dtd">' + sheet_xml(HEADINGS)
    assert refusal({"lol.xlsx": xlsx(sheet1=elsewhere)}) == (
        "A part of the file declares entities, which no spreadsheet does. Save it anew."
    )


def test_entities_in_another_encoding() -> None:
    sheet = sheet_xml(HEADINGS).decode()
    hidden = ('<?xml version="1.0" encoding="UTF-16"?><!DOCTYPE x []>' + sheet).encode("utf-16")
    assert refusal({"lol.xlsx": xlsx(sheet1=hidden)}) == (
        "A part of the file declares entities, which no spreadsheet does. Save it anew."
    )


def test_formula_cells() -> None:
    pytest.importorskip("openpyxl")
    formula = '<row r="2"><c r="A2"><f>WEBSERVICE("http://x")</f><v>text</v></c></row>'
    assert refusal({"f.xlsx": xlsx(sheet1=sheet_xml(HEADINGS + formula))}) == (
        "survey, row 2, column type: The cell is a formula. Put its result there, or text that does "
        "not begin with “=”."
    )
    assert faults("type,name,label\ntext,a,=1+1\n")[0] == (
        "survey, row 2, column label: The cell is a formula. Put its result there, or text that "
        "does not begin with “=”."
    )


def test_cell_at_the_end_of_the_world() -> None:
    pytest.importorskip("openpyxl")
    far = '<row r="1048576"><c r="XFD1048576" t="inlineStr"><is><t>far</t></is></c></row>'
    told = read({"far.xlsx": xlsx(sheet1=sheet_xml(HEADINGS + far))})
    assert str(told.faults[-1]) == (
        "survey, row 5001: There are more than 5,000 rows. Shorten the questionnaire."
    )


@pytest.mark.parametrize("data", [b"PK\x03\x04 and no more", b"type,name,label\n"])
def test_xlsx_that_is_none(data: bytes) -> None:
    told = "This cannot be read as .xlsx. Save it anew with a spreadsheet."
    assert refusal({"a.xlsx": data}) == told


def test_xlsx_that_breaks_off() -> None:
    pytest.importorskip("openpyxl")
    told = "This cannot be read as .xlsx. Save it anew with a spreadsheet."
    assert refusal({"a.xlsx": xlsx(sheet1=b"<worksheet")}) == told
    assert refusal({"a.xlsx": xlsx(sheet1=sheet_xml(HEADINGS)[:-30])}) == told


def test_yaml_that_swells() -> None:
    pytest.importorskip("yaml")
    aliased = "survey:\n- &r {type: text, name: a, label: A}\n- *r\n"
    assert refusal({"lol.yaml": aliased.encode()}) == (
        "row 2: Anchors and aliases are not read. Write the row out."
    )


def test_yaml_nested_without_end() -> None:
    pytest.importorskip("yaml")
    assert refusal({"deep.yaml": b"survey: " + b"[" * 100_000}) == (
        "row 1: This is not YAML. Check the indentation and the quotes."
    )
    assert refusal({"deep.yaml": b"survey: " + b"[" * 20 + b"]" * 20}) == (
        "row 1: Write the keys survey, choices and settings, under each a list of rows, in each row "
        "heading: text."
    )


def test_text_that_cannot_be_seen() -> None:
    assert faults("type,name,label\ntext,a,A\x00B\n")[0] == (
        "survey, row 2, column label: The cell has signs that cannot be seen (U+0000). Type the "
        "text anew."
    )


def test_faults_without_end_are_cut() -> None:
    told = reading("type,name,label\n" + "video,v,V\n" * 3_000)
    assert len(told.faults) == MOST_FAULTS + 1
    assert str(told.faults[0]) == "There is more that is wrong. Correct these first."
