"""Lists that nobody should write: each row is read rightly or refused, and all within bounds."""

import sys
import tracemalloc
from dataclasses import replace

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from interlock.methods.formats import register
from interlock.methods.formats.register import Record, RegisterError
from interlock.methods.formats.register.reading import MOST_NOTES
from interlock.methods.formats.register.rows import LARGEST_FILE, LONGEST_ROW, MOST_ROWS

from .spoiled import HEADINGS, rows, sound

PIECES = [one.row[:500] for one in rows()] + [
    sound(1),
    sound(2),
    HEADINGS.encode(),
    b'"',
    b'""',
    b'"""',
    b",",
    b"\n",
    b"\r",
    b"\0",
    b"\xff\xfe",
    b"\xef\xbb\xbf",
    b"a" * 300,
    b"=1",
    b"'=1",
]


@given(
    start=st.sampled_from([b"", b"\xef\xbb\xbf", b"\xff\xfe", b"sep=;\n", b"\n\n"]),
    pieces=st.lists(st.sampled_from(PIECES) | st.binary(max_size=30), max_size=12),
)
@settings(max_examples=400)
def test_any_file_is_read_or_refused_with_places(start: bytes, pieces: list[bytes]) -> None:
    data = start + HEADINGS.encode() + b"\n" + b"\n".join(pieces)
    reading = read_or_refused(data)
    if reading is not None:
        told_with_places(reading, data)
        survives_a_round_trip(reading.records)


@given(data=st.binary(max_size=400))
@settings(max_examples=200)
def test_any_bytes_are_read_or_refused(data: bytes) -> None:
    for source in (data, b"name\n" + data):
        reading = read_or_refused(source)
        if reading is not None:
            told_with_places(reading, source)


TEXT = st.text(st.characters(exclude_categories=["Cs", "Cc", "Cf", "Zl", "Zp"]), max_size=30)


@given(
    names=st.lists(TEXT.map(lambda text: f"N {text}"), unique_by=str.casefold, max_size=8),
    texts=st.lists(st.sampled_from("=+-@'\"\t;,\n") | TEXT, max_size=8),
)
@settings(max_examples=200)
def test_what_is_written_is_read_again(names: list[str], texts: list[str]) -> None:
    records = []
    for number, name in enumerate(names):
        said = "".join(texts[number:]).strip().replace("\ufffd", "")
        flat = " ".join(name.split()).replace("\ufffd", "")
        records.append(Record(2, flat, local_id=str(number), description=said))
    again = register.read(register.write(records).encode())
    assert again.refusals == ()
    assert [replace(one, line=2) for one in again.records] == records


def read_or_refused(data: bytes) -> register.Reading | None:
    try:
        return register.read(data)
    except RegisterError as error:
        told = str(error)
    assert told.isprintable()
    return None


def told_with_places(reading: register.Reading, data: bytes) -> None:
    lines = data.count(b"\n") + data.count(b"\r") + 1
    taken = [record.line for record in reading.records]
    taken += [refusal.line for refusal in reading.refusals]
    assert len(set(taken)) == len(taken)
    for fault in reading.faults:
        assert 1 <= fault.line <= lines
        assert 0 <= fault.cell <= len(reading.columns)
        assert str(fault).isprintable()
        assert len(str(fault)) < 700
    for record in reading.records:
        assert record.name
        assert "\0" not in repr(record)
        assert record.website == "" or record.website.startswith(("http://", "https://"))


def survives_a_round_trip(records: tuple[Record, ...]) -> None:
    again = register.read(register.write(records).encode()).records
    assert [replace(one, line=0) for one in again] == [replace(one, line=0) for one in records]


@pytest.mark.parametrize(
    ("data", "said"),
    [
        (b"", "empty"),
        (b"\xef\xbb\xbf\r\n\r\n", "empty"),
        (b"\0" * 1000, "empty"),
        (b"PK\x03\x04rest", "a spreadsheet or an archive"),
        (b"\xd0\xcf\x11\xe0rest", "an old spreadsheet"),
        (b"%PDF-1.7", "a PDF"),
        (b"\x1f\x8b\x08", "compressed"),
        (b"<!DOCTYPE html><html>", "called Name"),
        (b"lat,lon\n1,2\n", "called Name"),
        (b"Name," + b"x," * 300, "more than 200 columns"),
        (b"Name\n" + b"x" * LARGEST_FILE, "Split it"),
    ],
)
def test_file_that_is_no_list_is_refused(data: bytes, said: str) -> None:
    with pytest.raises(RegisterError, match=said):
        register.read(data)


def test_rows_are_bounded_and_the_rest_is_told() -> None:
    data = b"Name\n" + b"".join(b"N%d\n" % number for number in range(MOST_ROWS + 10))
    reading = register.read(data)
    assert len(reading.records) == MOST_ROWS
    assert [refusal.line for refusal in reading.refusals] == [MOST_ROWS + 2]
    assert "more than 50,000 rows" in str(reading.refusals[0])


def test_notes_are_bounded_and_the_rest_is_told() -> None:
    data = b"Name,Email\n" + b"".join(b"N%d,x\n" % number for number in range(MOST_NOTES + 50))
    reading = register.read(data)
    assert len(reading.notes) == MOST_NOTES + 1
    assert len(reading.records) == MOST_NOTES + 50


@pytest.mark.parametrize(
    "row",
    [b'"', b'"a', b'x,"', b'"""', b'a"b,"c', b'"a"b', b"x" * 200, b'"' + b"," * 50],
)
def test_work_grows_with_the_file_alone(row: bytes) -> None:
    """Twice the rows take about twice the calls, whatever the quotes."""
    once, twice = (
        calls_to_read(b"Name,Web\n" + b"\n".join([row] * times)) for times in (1_000, 2_000)
    )
    assert twice < 2.2 * once


def calls_to_read(data: bytes) -> int:
    """How many functions are entered, Python's and C's: a clock would tell of the machine."""
    calls = 0

    def count(_frame: object, event: str, _argument: object) -> None:
        nonlocal calls
        calls += event in ("call", "c_call")

    before = sys.getprofile()
    sys.setprofile(count)
    try:
        register.read(data)
    finally:
        sys.setprofile(before)
    return calls


def test_quote_that_is_never_closed_costs_one_row() -> None:
    good = b"".join(b"N%d,x\n" % number for number in range(20_000))
    reading = register.read(b'Name,City\n"Open,x\n' + good)
    assert len(reading.records) == 20_000
    assert [refusal.line for refusal in reading.refusals] == [2]


def test_two_open_quotes_do_not_swallow_the_rows_between() -> None:
    data = b'Name,City,Web\nA,"Open,\nB,Elm,\nC,Elm,\nD,Shut",\nE,Elm,\n'
    reading = register.read(data)
    assert [record.name for record in reading.records] == ["B", "C", "E"]
    assert [refusal.line for refusal in reading.refusals] == [2, 5]


def test_cell_of_many_lines_is_one_row() -> None:
    cell = b"\n".join(b"line %d, of a poem" % number for number in range(500))
    reading = register.read(b'Name,Description\nTree,"' + cell + b'"\nElm,short\n')
    assert [(record.line, record.name) for record in reading.records] == [(2, "Tree"), (502, "Elm")]


@pytest.mark.parametrize("line", [b"x\n", b'""x""\n', b"x"])
def test_row_that_is_too_long_is_refused_whole(line: bytes) -> None:
    data = b'Name,Description\nTree,"' + line * LONGEST_ROW + b'"\nElm,short\n'
    reading = register.read(data)
    assert [record.name for record in reading.records] == ["Elm"]
    assert [refusal.line for refusal in reading.refusals] == [2]


def test_memory_is_bounded_by_the_file() -> None:
    data = b"Name,Description\n" + b"".join(b"N%d,%s\n" % (n, b"d" * 200) for n in range(10_000))
    tracemalloc.start()
    register.read(data)
    _now, peak = tracemalloc.get_traced_memory()
    tracemalloc.stop()
    assert peak < 12 * len(data)
