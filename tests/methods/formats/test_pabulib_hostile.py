"""Files that nobody should write: each is read rightly or refused, with the place, in bounds."""

import re
from collections.abc import Sequence

import pytest
from hypothesis import given, settings

from interlock.methods.formats import pabulib
from interlock.methods.formats.amounts import MOST_DIGITS
from interlock.methods.formats.pabulib.faults import MOST_FAULTS, MOST_NOTES
from interlock.methods.formats.pabulib.plain import MOST_POINT_DIGITS
from interlock.methods.formats.pabulib.reading import MOST_PLACES, MOST_ROWS
from interlock.methods.formats.pabulib.rows import LONGEST_CELL, LONGEST_LINE, MOST_COLUMNS

from .files import PROJECTS, VOTES, text
from .grammar import broken


def faults(source: str | bytes) -> list[tuple[int, int, str]]:
    """Where each fault is: line, cell and the name of its column."""
    with pytest.raises(pabulib.PabulibError) as caught:
        pabulib.read(source if isinstance(source, bytes) else source.encode())
    return [(fault.line, fault.cell, fault.column) for fault in caught.value.faults]


@given(data=broken())
@settings(max_examples=500)
def test_any_broken_file_is_read_or_refused_with_places(data: bytes) -> None:
    try:
        survives_a_round_trip(pabulib.read(data))
    except pabulib.PabulibError as error:
        told_with_places(error.faults, data)


def survives_a_round_trip(file: pabulib.PabulibFile) -> None:
    again = pabulib.read(pabulib.write(file).encode())
    assert again.election() == file.election()
    assert (again.meta, again.project_rows) == (file.meta, file.project_rows)
    assert again.voter_columns == file.voter_columns


def told_with_places(faults: Sequence[pabulib.Fault], data: bytes) -> None:
    text = data.removeprefix(b"\xef\xbb\xbf").decode(errors="replace")
    lines = [*re.split("\r\n|\r|\n", text), ""]
    assert faults
    for fault in faults:
        assert 1 <= fault.line <= len(lines)
        assert 1 <= fault.character <= len(lines[fault.line - 1]) + 1
        assert 1 <= fault.cell <= MOST_COLUMNS + 1
        assert str(fault).isprintable()
        assert len(str(fault)) < 500


def votes(*rows: str, kind: str = "approval") -> str:
    """A file with these rows of VOTES, under the usual header; the first is on line 21."""
    return text(kind, votes=[VOTES[kind][0], *rows], num_votes="")


PLACES = {
    "double header": (text().replace("name;sel", "cost;sel"), [(15, 3, "cost")]),
    "double vote header": (
        text(votes=["voter_id;vote;vote", "1;park;bus"], num_votes="1"),
        [(20, 3, "vote")],
    ),
    "missing section": (text().split("VOTES")[0], [(19, 1, "VOTES")]),
    "nothing": ("", [(1, 1, "META"), (1, 1, "PROJECTS"), (1, 1, "VOTES")]),
    "missing column": (text().replace("voter_id", "voter"), [(20, 3, "voter_id")]),
    "nul": (text().replace("Bus", "B\0s"), [(17, 3, "")]),
    "nul in quotes": (text().replace("Bus", '"B;\0s"'), [(17, 3, "")]),
    "not UTF-8": (text().encode().replace(b"Bus", b"B\xc5s"), [(17, 3, "")]),
    "UTF-8 of half a pair": (text().encode().replace(b"Bus", b"\xed\xa0\x80"), [(17, 3, "")]),
    "UTF-16": (text().encode("utf-16"), [(1, 1, "")]),
    "cell of 10 MB": (text().replace("Bus", "B" * 10_000_000), [(17, 3, "")]),
    "cell beyond the limit": (text().replace("Bus", "B" * (LONGEST_CELL + 1)), [(17, 3, "")]),
    "vote beyond the limit": (votes("1;park", f"2;{'x' * (LONGEST_CELL + 1)}"), [(22, 2, "")]),
    "cell that is never closed": (text().replace("bus;50;Bus", 'bus;50;"Bus'), [(17, 3, "")]),
    "vote that is never closed": (votes("1;park", '2;"park', "3;bus"), [(22, 2, "")]),
    "sign after a quote": (votes('"1"x;park'), [(21, 1, "")]),
    "negative cost": (text().replace("bus;50", "bus;-50"), [(17, 2, "cost")]),
    "cost NaN": (text().replace("bus;50", "bus;NaN"), [(17, 2, "cost")]),
    "cost 1e999": (text().replace("bus;50", "bus;1e999"), [(17, 2, "cost")]),
    "cost in Arabic digits": (text().replace("bus;50", "bus;\u0665\u0660"), [(17, 2, "cost")]),
    "cost in wide digits": (text().replace("bus;50", "bus;\uff15\uff10"), [(17, 2, "cost")]),
    "cost with a power": (text().replace("bus;50", "bus;5\u00b2"), [(17, 2, "cost")]),
    "cost of 5,000 digits": (text().replace("bus;50", f"bus;{'5' * 5000}"), [(17, 2, "cost")]),
    "budget 0": (text(budget="0"), [(9, 2, "budget")]),
    "unknown project": (votes("1;park", "2;pork"), [(22, 2, "vote")]),
    "look-alike of a project": (votes("1;p\u0430rk"), [(21, 2, "vote")]),
    "project with a hidden sign": (votes("1;park\u200b"), [(21, 2, "vote")]),
    "empty item": (votes("1;park,,bus"), [(21, 2, "vote")]),
    "only commas": (votes("1;,"), [(21, 2, "vote"), (21, 2, "vote")]),
    "voter twice": (votes("1;park", "2;park", "1;bus"), [(23, 1, "voter_id")]),
    "voter twice but for spaces": (votes("1;park", " 1\u00a0;bus"), [(22, 1, "voter_id")]),
    "voter without an id": (votes("1;park", "\u00a0;bus"), [(22, 1, "voter_id")]),
    "cell too few": (votes("1"), [(21, 2, "vote")]),
    "cell too many": (votes("1;park;x"), [(21, 3, "")]),
    "row of several lines": (
        text(votes=["voter_id;vote;age", '1;park;"a', 'b";;x', "2;pork;"], num_votes="2"),
        [(22, 4, ""), (23, 2, "vote")],
    ),
    "lone CR": (text().replace("\n", "\r").replace("2;park", "2;pork"), [(22, 2, "vote")]),
    "points beyond the limit": (
        votes(f"1;park;{'9' * (MOST_POINT_DIGITS + 1)}", kind="scoring"),
        [(21, 3, "points")],
    ),
    "points below 0": (votes("1;park;-2", kind="scoring"), [(21, 3, "points")]),
    "points without a digit before the point": (
        votes("1;park;.5", kind="scoring"),
        [(21, 3, "points")],
    ),
    "points with an exponent": (votes("1;park;1e3", kind="scoring"), [(21, 3, "points")]),
    "points with too many decimals": (
        votes(f"1;park;0.{'1' * (MOST_POINT_DIGITS + 1)}", kind="scoring"),
        [(21, 3, "points")],
    ),
    "default score below 0": (
        text("scoring", default_score="-1"),
        [(14, 2, "default_score")],
    ),
    "default score that is no number": (
        text("scoring", default_score="1,5"),
        [(14, 2, "default_score")],
    ),
    "points in wide digits": (votes("1;park;\uff12", kind="scoring"), [(21, 3, "points")]),
    "points for other projects": (votes("1;park,bus;2", kind="scoring"), [(21, 3, "points")]),
    "odd threshold": (
        text(min_project_score_threshold="many"),
        [(14, 2, "min_project_score_threshold")],
    ),
    "odd length": (text(max_length="2.5"), [(14, 2, "max_length")]),
    "length beyond the limit": (
        text("ordinal", max_length=str(MOST_PLACES + 1)),
        [(14, 2, "max_length")],
    ),
    "limits without labels": (
        text(budget_per_category="60,40"),
        [(14, 2, "budget_per_category")],
    ),
    "limit that is no amount": (
        text(categories="a,b", budget_per_category="60,x"),
        [(15, 2, "budget_per_category")],
    ),
    "number of votes": (text(num_votes="1e3"), [(8, 2, "num_votes")]),
    "title among the votes": (votes("1;park", "META;", "2;pork"), [(22, 1, "META")]),
    "padded title among the votes": (votes("1;park", " votes ;;;", "2;pork"), [(22, 1, "VOTES")]),
    "section after the votes": (text() + "META\nkey;value\n", [(24, 1, "META")]),
}


@pytest.mark.parametrize("case", PLACES)
def test_fault_is_told_by_line_and_cell(case: str) -> None:
    written, places = PLACES[case]
    assert faults(written) == places


def cell_at(written: str, line: int, character: int) -> str:
    """What an editor shows from this place to the next separator."""
    shown = re.split("\r\n|\r|\n", written.removeprefix("\ufeff"))[line - 1]
    return shown[character - 1 :].split(";")[0]


AT = {
    "vote": (votes("1;park", "2;pork"), [(22, 3, "pork")]),
    "after signs of several bytes": (votes("Łódź\u2028;pork"), [(21, 7, "pork")]),
    "after a quoted cell": (votes('"a;""b""";pork'), [(21, 11, "pork")]),
    "after a cell of two lines": (votes('"a\nb";pork'), [(22, 4, "pork")]),
    "with a break after the cell": (votes('a;"po\nrk"'), [(21, 3, '"po')]),
    "in the last line, without a break": (votes("1;park", "2;pork")[:-1], [(22, 3, "pork")]),
    "in lines that end with CR LF": (
        votes("1;bork", "2;pork").replace("\n", "\r\n"),
        [(21, 3, "bork"), (22, 3, "pork")],
    ),
    "after lone CRs": (votes("1;park", "2;pork").replace("\n", "\r"), [(22, 3, "pork")]),
    "in the first line, after a byte order mark": ("\ufeffx;y\n" + text(), [(1, 1, "x")]),
    "a cell that is missing": (votes("17"), [(21, 3, "")]),
    "a cell too many": (votes("1;park;much"), [(21, 8, "much")]),
    "beyond the first block": (
        votes(*(f"{number};park" for number in range(50_000)), "x;pork").replace("\n", "\r\n"),
        [(50_021, 3, "pork")],
    ),
}


@pytest.mark.parametrize("case", AT)
@pytest.mark.parametrize("row_by_row", [False, True])
def test_fault_is_told_by_the_place_that_an_editor_shows(case: str, row_by_row: bool) -> None:
    written, told = AT[case]
    with pytest.raises(pabulib.PabulibError) as caught:
        pabulib.read(written.encode(), row_by_row=row_by_row)
    places = [(fault.line, fault.character) for fault in caught.value.faults]
    assert [(*place, cell_at(written, *place)) for place in places] == told


@pytest.mark.parametrize("bad", [b"\0", b"\xff", b"\xed\xa0\x80"])
@pytest.mark.parametrize(("before", "line"), [("bus;50;Łód", 17), ("META", 1)])
def test_byte_that_is_no_text_is_told_by_its_own_place(before: str, line: int, bad: bytes) -> None:
    data = text().replace("Bus", "Łódź").encode().replace(before.encode(), before.encode() + bad)
    with pytest.raises(pabulib.PabulibError) as caught:
        pabulib.read(b"\xef\xbb\xbf" + data)
    [fault] = caught.value.faults
    assert (fault.line, fault.character) == (line, len(before) + 1)


READ = {
    "byte order mark": "\ufeff" + text(),
    "CR LF": text().replace("\n", "\r\n"),
    "CR": text().replace("\n", "\r"),
    "no final line break": text().rstrip("\n"),
    "CR LF without the last LF": text().replace("\n", "\r\n").rstrip("\n"),
    "empty cells that a spreadsheet adds": text().replace("\n", ";;;;;\n"),
    "spaces around ids": votes("1; park ,\u00a0bus", "2;park", "3;trees"),
    "the same project twice": votes("1;park,bus,park", "2;park", "3;trees"),
    "quoted cells": votes('"1";"park,bus"', '2;"park"', '"3";trees'),
    "empty rows": votes("", "1;park,bus", ";", "2;park", " \t", "3;trees", "\u2028"),
    "a voter called META": votes("META;park,bus", "PROJECTS;park", "votes;trees"),
}


@pytest.mark.parametrize("case", READ)
def test_quirk_leaves_the_ballots_as_they_are(case: str) -> None:
    file = pabulib.read(READ[case].encode())
    assert file.ballots.offsets.tolist() == [0, 2, 3, 4]
    assert file.ballots.projects.tolist() == [0, 1, 0, 2]
    assert pabulib.read(pabulib.write(file).encode()).election() == file.election()


SIGNS = {
    "line separator": "\u2028",
    "paragraph separator": "\u2029",
    "next line": "\u0085",
    "vertical tab": "\x0b",
    "form feed": "\x0c",
    "file separator": "\x1c",
    "LF": "\n",
    "CR": "\r",
    "CR LF": "\r\n",
    "quote": '"',
    "semicolon": ";",
    "byte order mark": "\ufeff",
    "no-break space": "\u00a0",
    "zero-width space": "\u200b",
    "right-to-left override": "\u202e",
    "beyond 16 bits": "\U0001f1f5",
    "tab": "\t",
    "comma": ",",
}


@pytest.mark.parametrize("sign", SIGNS)
@pytest.mark.parametrize("end", ["\n", "\r\n", "\r"])
def test_sign_in_a_cell_survives_a_round_trip(sign: str, end: str) -> None:
    cell = f"a{SIGNS[sign]}b{SIGNS[sign]}"
    quoted = '"' + cell.replace('"', '""') + '"'
    projects = [PROJECTS[0], "park;60;CELL;1", "bus;50;Bus;0", "trees;40;Trees;1"]
    lines = ["voter_id;vote;age", "1;park;CELL", "CELL;;", "3;trees;"]
    written = text(projects=projects, votes=lines).replace("\n", end).replace("CELL", quoted)
    file = pabulib.read(written.encode())
    again = pabulib.read(pabulib.write(file).encode())
    for one in (file, again):
        assert one.column("name") == (cell, "Bus", "Trees")
        assert one.voter_columns["age"] == (cell, "", "")
        assert one.voter_columns["voter_id"] == ("1", cell, "3")
        assert one.ballots.offsets.tolist() == [0, 1, 1, 2]


def test_faults_are_told_up_to_a_bound() -> None:
    for row in ("1;park;x", "1;park", "1;pork", ";park"):
        said = faults(votes(*[row] * 300_000))
        assert len(said) == MOST_FAULTS + 1
        assert said[-1][2] == ""


def test_notes_are_told_up_to_a_bound() -> None:
    projects = [PROJECTS[0], *(f"p{number};1,5;;" for number in range(2 * MOST_NOTES))]
    file = pabulib.read(text(projects=projects, votes=["voter_id;vote", "1;p1"]
                             , num_projects=None, num_votes="1").encode())  # fmt: skip
    assert len(file.notes) == MOST_NOTES + 1
    assert "the rest are not listed" in file.notes[-1]


def test_section_has_rows_and_columns_up_to_a_bound() -> None:
    many = [f"p{number};1;;" for number in range(MOST_ROWS["PROJECTS"] + 2)]
    place = 16 + MOST_ROWS["PROJECTS"]
    assert faults(text(projects=[PROJECTS[0], *many])) == [(place, 1, "")]
    keys = "".join(f"key{number};1\n" for number in range(MOST_ROWS["META"]))
    assert faults(text().replace("PROJECTS\n", f"{keys}PROJECTS\n")) == [(1003, 1, "")]
    wide = ";".join(f"column{number}" for number in range(MOST_COLUMNS + 1))
    assert faults(text(votes=[wide])) == [(20, MOST_COLUMNS + 1, "")]


@pytest.mark.parametrize("sign", [";", ",", "x", '"', "\u2028"])
def test_line_has_bytes_up_to_a_bound(sign: str) -> None:
    line, _cell, _column = faults(votes("1;park", "2;" + sign * 10_000_000))[0]
    assert line == 22
    short = votes("1;park", "2;bus;" + ";" * (LONGEST_LINE - 100))
    assert pabulib.read(short.encode()).ballots.projects.tolist() == [0, 1]


def test_amount_has_digits_up_to_a_bound() -> None:
    file = pabulib.read(text(budget="9" * MOST_DIGITS).encode())
    assert file.election().budget == 10**MOST_DIGITS - 1
    assert faults(text(budget="9" * (MOST_DIGITS + 2))) == [(9, 2, "budget")]


def test_message_shows_what_cannot_be_seen_and_gives_no_orders() -> None:
    with pytest.raises(pabulib.PabulibError) as caught:
        pabulib.read(votes("1;park\u200b", f"2;\x1b[2J{'x' * 200}").encode())
    assert [str(fault) for fault in caught.value.faults] == [
        f"line {line}, column {place} (vote): {shown} is not a project of this file. Add it to PROJECTS or remove it."
        for line, place, shown in ((21, 3, '"park\\u200b"'), (22, 3, f'"\\u001b[2J{"x" * 56}…"'))
    ]


@pytest.mark.parametrize("bad", ["\ud800", "\0"])
def test_text_that_is_no_text_cannot_be_composed(bad: str) -> None:
    with pytest.raises(pabulib.PabulibError):
        pabulib.compose({"budget": "1"}, [{"project_id": "a", "cost": "1", "name": bad}], [])
