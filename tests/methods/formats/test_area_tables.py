import pytest

from interlock.methods.formats.area_tables import read, read_neighbours
from interlock.methods.formats.headed import TableError

HEAD = "fips,name,pop2019,pb,coops\n"
EMPTY = (
    "The cell is empty. Write 0 or no where there is none, or leave the row out if it is not known."
)


def faults(text: str | bytes, columns: dict[str, str] | None = None) -> list[str]:
    data = text if isinstance(text, bytes) else text.encode()
    with pytest.raises(TableError) as raised:
        read(data, columns)
    return [str(one) for one in raised.value.faults]


def test_table_is_read_by_its_headings() -> None:
    found = read(
        b"\xef\xbb\xbfCBSA;Metro;Population;PB;Worker Co-ops;State\r\n"
        b'10;"Abilene; TX";"172,060";2;3;TX\r\n\r\n11;Akron;703479.0;No;0;OH\r\n'
    )
    assert found.areas.codes == ("10", "11")
    assert found.names == ("Abilene; TX", "Akron")
    assert found.areas.population.tolist() == [172_060, 703_479]
    assert found.areas.marked.tolist() == [True, False]
    assert found.areas.counts.tolist() == [3, 0]
    assert found.areas.region_names == ("OH", "TX")
    assert found.control is None
    assert found.columns == {
        "code": "CBSA",
        "population": "Population",
        "marked": "PB",
        "count": "Worker Co-ops",
        "name": "Metro",
        "region": "State",
    }


def test_columns_are_named() -> None:
    named = {"code": "a", "population": "b", "marked": "c", "count": "d", "control": "e"}
    found = read(b"a,b,c,d,e\nx,5,yes,no,7\ny,6,n,y,8\n", named)
    assert found.areas.counts.tolist() == [0, 1]
    assert found.control is not None
    assert found.control.tolist() == [7, 8]
    assert found.names == ("", "")


def test_columns_that_are_not_there_are_told_with_those_that_are() -> None:
    assert faults("fips,people,size\n1,2,3\n") == [
        "line 1: No column is the marked. Name it with --marked; the columns are: fips, people, size.",
        "line 1: No column is the count. Name it with --count; the columns are: fips, people, size.",
    ]
    assert "\n".join(faults("fips,pop,pb,coops\n1,2,0,3\n", {"count": "firms"})) == (
        "line 1: There is no column firms, which --count names. "
        "The columns are: fips, pop, pb, coops."
    )
    assert "\n".join(faults("fips,pop2010,pop2019,pb,coops\n1,2,3,0,3\n")) == (
        "line 1: More than one column could be the population: pop2010, pop2019. "
        "Choose with --population."
    )


@pytest.mark.parametrize(
    ("row", "told"),
    [
        ("01,A,NaN,0,1", "column 3 (pop2019): “NaN” is no whole number from 1."),
        ("01,A,inf,0,1", "column 3 (pop2019): “inf” is no whole number from 1."),
        ("01,A,-5,0,1", "column 3 (pop2019): “-5” is no whole number from 1."),
        ("01,A,0,0,1", "column 3 (pop2019): “0” is no whole number from 1."),
        ("01,A,5.5,0,1", "column 3 (pop2019): “5.5” is no whole number from 1."),
        (
            "01,A,99999999999,0,1",
            "column 3 (pop2019): “99999999999” is more people than there are.",
        ),
        (
            "01,A,5,maybe,1",
            "column 4 (pb): “maybe” is neither yes nor no, nor a whole number from 0.",
        ),
        (
            "01,A,5,0,1e3",
            "column 5 (coops): “1e3” is neither yes nor no, nor a whole number from 0.",
        ),
        ("01,A,5,0,99999999999", "column 5 (coops): “99999999999” is more people than there are."),
        (
            "01,A,5,,1",
            f"column 4 (pb): {EMPTY}",
        ),
        ("00,A,5,0,1", "column 1 (fips): The code 00 is on line 2 too."),
        (
            "01,A,5,0",
            'The row has 4 cells, and the headings are 5. Check its quotes (") and separators (",").',
        ),
        ("01,\0,5,0,1", "The row has signs that are no text. Save the table as CSV in UTF-8."),
        ("01,\x1b[31m,٥,0,1", "column 3 (pop2019): “٥” is no whole number from 1."),
    ],
)
def test_fault_has_its_place(row: str, told: str) -> None:
    found = faults(f"{HEAD}00,Z,9,1,1\n{row}\n")
    place = "line 3, " if told.startswith("column") else "line 3: "
    assert found == [f"{place}{told}"]


def test_bytes_that_are_no_text_are_told() -> None:
    found = faults(HEAD.encode() + b"01,\xc3\xa9,5,0,1\n02,\xff,5,0,1\n")
    assert found == ["line 3: The row has signs that are no text. Save the table as CSV in UTF-8."]
    assert faults(HEAD.encode() + b"01,\xff\xf0\x9f\x8c\xb3,5,0,1\n02,\xc3\xa9,5,0,1\n") == [
        "line 2: The row has signs that are no text. Save the table as CSV in UTF-8."
    ]
    assert faults(b"PK\x03\x04") == [
        "line 1: The file is a spreadsheet or an archive, and no CSV. Save the table as CSV in UTF-8."
    ]


def test_empty_table_is_told() -> None:
    told = "The table is empty. It needs headings, and a row for each entry."
    assert faults("") == [f"line 1: {told}"]
    assert faults(HEAD) == [f"line 1: {told}"]


def test_many_faults_are_cut() -> None:
    found = faults(HEAD + "x,A,0,0,0\n" * 30)
    assert len(found) == 21
    assert found[-1] == "line 31: There are 39 more faults."


def test_neighbours_are_pairs_of_codes() -> None:
    codes = ["a", "b", "c"]
    assert read_neighbours(b"x,y\na,b\nb,a\nb,c\n", codes).many.tolist() == [1, 2, 1]
    for data, told in (
        (b"x,y\na,z\n", "line 2: No area has the code z."),
        (b"x,y,z\na,b,c\n", "line 1: A row of neighbours has two codes; this table has 3 columns."),
    ):
        with pytest.raises(TableError) as raised:
            read_neighbours(data, codes)
        assert str(raised.value) == told
