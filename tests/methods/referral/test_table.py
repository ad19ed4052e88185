import pytest

from interlock.methods.referral.reasons import ForestError
from interlock.methods.referral.table import Columns, read
from tests.methods.referral.samples import CASE

VIEW = Columns(answers=("view",))


def refused(text: str | bytes, columns: Columns = VIEW) -> list[tuple[int, str, str]]:
    data = text if isinstance(text, bytes) else text.encode()
    with pytest.raises(ForestError) as caught:
        read(data, columns)
    return [(one.line, one.column, one.reason.kind) for one in caught.value.faults]


def test_file_is_read() -> None:
    rows = read(CASE.read_bytes(), VIEW)
    assert len(rows) == 120
    assert (rows[4].id, rows[4].recruiter, rows[4].degree, rows[4].line) == ("r005", "r001", 9, 6)
    assert rows[0].recruiter == ""


@pytest.mark.parametrize("separator", [",", ";", "\t"])
def test_separator_is_found(separator: str) -> None:
    text = "\ufeffid,recruiter,degree,view\r\na,,2,yes\r\n".replace(",", separator)
    assert read(text.encode(), VIEW)[0].answers == {"view": "yes"}


@pytest.mark.parametrize("word", ["", "NA", "seed", "SEED", "0", "-1"])
def test_seed_is_any_of_its_words(word: str) -> None:
    assert read(f"id,recruiter,degree\na,{word},2\n".encode(), Columns())[0].recruiter == ""


def test_word_for_a_seed_that_is_an_id_is_an_id() -> None:
    rows = read(b"id,recruiter,degree\n0,seed,2\n1,0,2\n", Columns())
    assert [row.recruiter for row in rows] == ["", "0"]


def test_missing_answers_are_none() -> None:
    columns = Columns(answers=("view",), missing=frozenset({"-1"}))
    rows = read(b"id,recruiter,degree,view\na,,2,-1\nb,,NA,NA\n\nc,,3,yes\n", columns)
    assert [(row.degree, row.answers["view"], row.line) for row in rows] == [
        (2, "", 2),
        (None, "", 3),
        (3, "yes", 5),
    ]


def test_time_is_a_date_or_a_number() -> None:
    text = b"id,recruiter,degree,at\na,,2,2026-05-02\nb,a,2,2026-05-03 12:00\n"
    first, second = (row.when for row in read(text, Columns(time="at")))
    assert first is not None
    assert second == first + 1.5
    assert read(b"id,recruiter,degree,at\na,,2,17\n", Columns(time="at"))[0].when == 17


def test_every_fault_of_the_cells_is_told() -> None:
    columns = Columns(wave="wave", time="at", coupons="given")
    text = "id,recruiter,degree,wave,at,given\na,,few,x,soon,-2\nb,a\nc,a,-1,1,inf,2\n"
    assert refused(text, columns) == [
        (2, "degree", "degree-no-number"),
        (2, "wave", "wave-no-number"),
        (2, "at", "time-no-time"),
        (2, "given", "coupons-no-number"),
        (3, "", "wrong-width"),
        (4, "degree", "degree-no-number"),
        (4, "at", "time-no-time"),
    ]


def test_column_that_is_not_there_is_told() -> None:
    assert refused("id,recruiter,grad\na,,1\n") == [(1, "", "no-column"), (1, "", "no-column")]
    with pytest.raises(
        ForestError, match=r"no column degree. The columns are: id, recruiter, grad"
    ):
        read(b"id,recruiter,grad\n", Columns())


def test_column_twice_is_told() -> None:
    assert refused("id,recruiter,degree,view,view\na,,1,2,3\n") == [(1, "", "column-again")]


@pytest.mark.parametrize(
    ("data", "line", "kind"),
    [
        (b"", 0, "file-empty"),
        (b"\n\n", 0, "file-empty"),
        (b"id,recruiter,degree,view\n", 0, "file-empty"),
        (b"id,recruiter,degree,view\na,,1,\xff\n", 2, "file-not-text"),
        (b"id,recruiter,degree,view\na,,1,\0\n", 2, "file-not-text"),
        (b'id,recruiter,degree,view\na,,1,"yes\n', 2, "bad-quotes"),
        (b'"id', 1, "bad-quotes"),
    ],
)
def test_file_that_is_no_table_is_refused(data: bytes, line: int, kind: str) -> None:
    assert refused(data) == [(line, "", kind)]


def test_faults_beyond_the_most_are_not_listed() -> None:
    found = refused("id,recruiter,degree,view\n" + "a,,x,y\n" * 1_200)
    assert (len(found), found[-1]) == (1_001, (0, "", "more-faults"))
