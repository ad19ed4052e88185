import csv
import io
from dataclasses import replace
from pathlib import Path

import pytest

from interlock.methods.formats import register
from interlock.methods.formats.register import Address, Headcount, Identifier, Record
from interlock.methods.formats.register.sentences import SENTENCES
from interlock.methods.formats.register.writing import OWN_COLUMNS, SEA_COLUMNS

from ..real import real
from .spoiled import HEADINGS, file, rows, sound

SEA = (
    "Identifier,Name,Description,Organisational Structure,Primary Activity,Activities,"
    "Street Address,Locality,Region,Postcode,Country Name,Website,Phone,Email,Twitter,Facebook,"
    "Companies House Number,Qualifiers,Membership Type,Latitude,Longitude,Geo Container,"
    "Geo Container Latitude,Geo Container Longitude\n"
    '8,Tree Co-op,"Trees, and more.\nMany.",Company (Other);Workers co-operative,Food,'
    '"Energy;Arts, Media, Culture & Leisure",Unit 1;2 Elm Lane,Oakton,,OX2 6TP,GB,'
    "https://tree.example/,+44 20 7946 0000,hello@tree.example,@treecoop,treecoop,1234567,,"
    "Workers,,,https://x.example/OX26TP,51.767832,-1.269632\n"
)

FULL = Record(
    2,
    "=Tree",
    (Identifier("US-EIN", "12-3456789"), Identifier("GB-COH", "01234567")),
    "",
    (("es", "Árbol"),),
    ("-Tree", "'=T"),
    'Two\nlines, and a “quote”: "here".',
    ("OS50", "OS60"),
    "BMT30",
    ("ICA10", "AM60"),
    "Wood",
    ("tree", "fruit"),
    "90030",
    "LLC",
    Address("1 Elm Lane", "Oakton", "NY", "10451", "US"),
    40.5,
    -73.00001,
    "https://tree.example/?a=b",
    "hello@tree.example",
    "+1 212 555 0100",
    "tree",
    "tree.coop",
    ("https://tree.example/shop", "https://trees.example"),
    "2003-03",
    "2020",
    Headcount(12, 2023),
    Headcount(9),
)


def one(text: str) -> Record:
    (record,) = register.read(text.encode()).records
    return record


def test_row_of_the_standard_is_read_whole() -> None:
    assert one(SEA) == Record(
        2,
        "Tree Co-op",
        (Identifier("GB-COH", "01234567"),),
        "8",
        description="Trees, and more.\nMany.",
        structures=("OS50", "OS60"),
        membership="BMT30",
        activities=("AM60", "AM50", "AM10"),
        address=Address("Unit 1, 2 Elm Lane", "Oakton", "", "OX2 6TP", "GB"),
        latitude=51.767832,
        longitude=-1.269632,
        website="https://tree.example/",
        email="hello@tree.example",
        phone="+44 20 7946 0000",
        twitter="treecoop",
        facebook="treecoop",
        nearby=True,
    )
    assert one(SEA).kind == "worker_coop"


def test_columns_that_mean_nothing_are_named() -> None:
    reading = register.read(SEA.encode())
    assert reading.unknown == ("Qualifiers", "Geo Container")
    assert [(note.line, note.cell, note.column) for note in reading.notes] == [
        (1, 1, "Identifier"),
        (1, 18, "Qualifiers"),
        (1, 22, "Geo Container"),
    ]


@pytest.mark.parametrize("heading", ["Organisational Structure", "Legal Form"])
def test_worker_coop_is_never_told_from_its_form(heading: str) -> None:
    assert one(f"Name,{heading}\nTree,Workers co-operative\n").kind == ""


@pytest.mark.parametrize(
    ("heading", "text"),
    [("Membership Type", "BMT30"), ("membership-type", "workers"), ("Ownership", "Worker-owned")],
)
def test_worker_coop_is_told_from_who_its_members_are(heading: str, text: str) -> None:
    assert one(f"Name,{heading}\nTree,{text}\n").kind == "worker_coop"


def test_membership_of_the_list_holds_where_a_row_says_none() -> None:
    data = b"Name,Membership Type\nTree,\nShop,Consumers\n"
    records = register.read(data, membership="BMT30").records
    assert [record.kind for record in records] == ["worker_coop", ""]


@pytest.mark.parametrize(
    ("heading", "meaning"),
    [
        ("  NAME ", "name"),
        ("Co-op Name", "name"),
        ("zip_code", "postcode"),
        ("Lng", "longitude"),
        ("País", "country"),
        ("essglobal_org_structure", "structures"),
        ("Members (2022)", "members:2022"),
        ("Name (ES)", "name:es"),
        ("Fax", ""),
    ],
)
def test_heading_is_known_by_what_it_means(heading: str, meaning: str) -> None:
    assert [one.meaning for one in register.columns.columns([heading])] == [meaning]


def test_identifier_without_a_list_takes_the_one_given() -> None:
    data = b"id,name\n77,Tree\nGB-COH-00000001,Shop\n"
    tree, shop = register.read(data, scheme="XX-LIST").records
    assert tree.identifiers == (Identifier("XX-LIST", "77"),)
    assert shop.identifiers == (Identifier("GB-COH", "00000001"),)
    assert [record.local_id for record in register.read(data).records] == ["77", ""]


def test_counts_take_the_latest_year() -> None:
    record = one("Name,Workers (2019),Workers 2023,Members,Members Year\nTree,4,12,9,2022\n")
    assert (record.workers, record.members) == (Headcount(12, 2023), Headcount(9, 2022))


@pytest.mark.parametrize(
    "encoding", ["utf-8", "utf-8-sig", "utf-16", "utf-16-le", "utf-16-be", "utf-32", "cp1252"]
)
@pytest.mark.parametrize("ending", ["\n", "\r\n", "\r"])
def test_encoding_and_line_ends_change_nothing(encoding: str, ending: str) -> None:
    text = "Name;City;Website\nCafé “Sol”;Córdoba;http://sol.example\nTree;Elm;\n"
    reading = register.read(text.replace("\n", ending).encode(encoding))
    assert [(one.line, one.name, one.address.locality) for one in reading.records] == [
        (2, "Café “Sol”", "Córdoba"),
        (3, "Tree", "Elm"),
    ]
    assert reading.delimiter == ";"


def test_record_survives_writing_and_reading() -> None:
    others = [Record(4, "Plain"), Record(5, "Local", local_id="8")]
    text = register.write([FULL, *others])
    assert register.read(text.encode()).records == (FULL, *others)
    assert register.read(text.encode()).refusals == ()


def test_written_cell_is_no_formula() -> None:
    text = register.write([FULL])
    cells = next(csv.DictReader(io.StringIO(text, newline="")))
    running = [cell for cell in cells.values() if cell[:1] in tuple("=+-@\t\r")]
    assert running == ["-73.00001"]
    assert (cells["Name"], cells["Phone"]) == ("'=Tree", "'+1 212 555 0100")
    assert tuple(cells) == (*SEA_COLUMNS, *OWN_COLUMNS, "Name (es)")


def test_fifty_spoiled_rows_are_told_and_lose_nothing_else() -> None:
    data, spoiled = file()
    reading = register.read(data)
    assert len(spoiled) == 50
    kept = [record for record in reading.records if record.name.startswith("Sound ")]
    assert [(record.line, record.name) for record in kept] == [
        (2 * number + 2, f"Sound {number}") for number in range(50)
    ]
    refused = {refusal.line: str(refusal) for refusal in reading.refusals}
    assert sorted(refused) == [2 * n + 3 for n, one in enumerate(spoiled) if one.refused]
    for number, one in enumerate(spoiled):
        line = 2 * number + 3
        said = [str(fault) for fault in reading.faults if fault.line == line]
        assert [text for text in said if one.said in text], (line, one.said, said)
    assert len(reading.records) + len(reading.refusals) == 101


def test_each_spoiled_row_is_the_only_one_that_suffers() -> None:
    """One at a time, with sound rows after it: no mistake reaches the next line."""
    for one in rows():
        data = b"\n".join(
            [HEADINGS.encode(), sound(0), "é,é".encode(), one.row, *map(sound, (3, 4))]
        )
        reading = register.read(data)
        names = [record.name for record in reading.records]
        assert names[-2:] == ["Sound 3", "Sound 4"], one


def test_fault_says_line_column_and_heading() -> None:
    reading = register.read(b"Name,Web\nTree,ftp:x\n,\n,y\n")
    assert [str(fault) for fault in reading.faults] == [
        'line 2, column 2 (Web): "ftp:x" is no web address (http:// or https://), and was left out.',
        "line 4, column 1 (Name): The institution has no name.",
        'line 4, column 2 (Web): "y" is no web address (http:// or https://), and was left out.',
    ]


def test_empty_cells_beyond_the_headings_are_no_cells() -> None:
    reading = register.read(b"Name,City,,\nTree,Elm,,\nShop,Oak\nBus, and more,Elm,\n")
    assert [record.name for record in reading.records] == ["Tree", "Shop"]
    assert [refusal.line for refusal in reading.refusals] == [4]


def test_coordinates_far_from_their_country_are_noted() -> None:
    near = "".join(f"Tree {n},GB,{51 + n / 10},-1.{n}\n" for n in range(6))
    reading = register.read(f"name,country,lat,lon\n{near}Elm,GB,-1.2,51.5\n".encode())
    assert [(note.line, note.column) for note in reading.notes] == [(8, "lat")]
    assert "exchanged?" in reading.notes[0].message
    assert reading.records[-1].latitude == -1.2


def test_uk_worker_coops_are_read_whole() -> None:
    path = real("coops/uk_worker_coops_2023_odc_by.csv")
    reading = register.read(path, membership="BMT30")
    records = reading.records
    assert (len(records), reading.faults, reading.unknown) == (387, (), ())
    assert sum(record.latitude is not None for record in records) == 377
    assert {record.kind for record in records} == {"worker_coop"}
    assert not any("OS60" in record.structures for record in records)
    assert {record.identifiers[0].scheme for record in records} == {"GB-COOPUK"}
    again = register.read(register.write(records).encode())
    assert [replace(one, line=0) for one in again.records] == [
        replace(one, line=0) for one in records
    ]


def test_world_list_has_one_institution_twice() -> None:
    reading = register.read(real("coops/tech_coops_world_cc0.csv"))
    assert (len(reading.records), reading.unknown) == (163, ("continent",))
    (refusal,) = reading.refusals
    said = "line 50, column 1 (name): The same name at the same place is already on line 48."
    assert str(refusal) == f"{said} Each institution has one row."
    countries = {record.name: record.address.country for record in reading.records}
    assert (countries["Agaric"], countries["Baseline"]) == ("", "CA")


def test_european_list_is_read_whole() -> None:
    reading = register.read(real("geo/susy_transformap_ess_europe.csv"))
    assert (len(reading.records), reading.refusals) == (1794, ())
    unknown = sum("no country" in note.message for note in reading.notes)
    assert (unknown, sum(not record.address.country for record in reading.records)) == (5, 81)


def test_of_counts_of_several_years_the_latest_is_read_and_that_is_said() -> None:
    reading = register.read(b"Name,Workers 2021,Workers 2023\nTree,7,9\nMill,5,\n")
    assert [one.workers for one in reading.records] == [Headcount(9, 2023), Headcount(5, 2021)]
    assert [(note.column, note.message.code) for note in reading.notes] == [
        ("Workers 2021", "counts-of-years"),
        ("Workers 2023", "counts-of-years"),
    ]


def test_every_sentence_is_said_somewhere() -> None:
    folder = Path(register.__file__).parent
    source = "".join(one.read_text() for one in folder.glob("*.py") if one.stem != "sentences")
    assert [code for code in SENTENCES if f'"{code}"' not in source] == []
