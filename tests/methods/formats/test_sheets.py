"""The CSV file of a call's sheet: written, read, and what is wrong with one."""

from dataclasses import replace
from fractions import Fraction

import pytest
from hypothesis import given

from interlock.methods.awarding import (
    AwardingError,
    Offer,
    Preference,
    Recusal,
    Sheet,
    ranked,
    results,
)
from interlock.methods.formats import sheets
from tests.methods.awarding.sheets import FIRM, TREE, drawn, pavilion

HEAD = ",".join(sheets.COLUMNS)


def faults(text: str | bytes) -> list[str]:
    data = text if isinstance(text, bytes) else text.encode()
    with pytest.raises(AwardingError) as caught:
        sheets.read(data)
    return [str(fault) for fault in caught.value.faults]


def written(sheet: Sheet) -> bytes:
    return "".join(sheets.lines(sheet, results(ranked(sheet)))).encode()


def test_made_up_sheet_says_so_and_ranks_alike() -> None:
    sheet = replace(pavilion(TREE, FIRM), is_synthetic=True)
    assert b"synthetic,,,,,,true" in written(sheet)
    back = sheets.read(written(sheet))
    assert back.is_synthetic
    assert list(results(ranked(back))) == list(results(ranked(pavilion(TREE, FIRM))))
    assert b"synthetic" not in written(pavilion(TREE, FIRM))


def test_a_sheet_comes_back_with_its_results() -> None:
    sheet = pavilion(
        TREE,
        FIRM,
        Offer("late", '=cmd("x")', Fraction("1.05"), excluded="It came late,\nby an hour."),
        preference=Preference("discount", Fraction("7.5")),
        recusals=(Recusal("1", "firm", "Ben", "+1 of my family"),),
        seed="ab",
    )
    stated = tuple(results(ranked(sheet)))
    assert sheets.read(written(sheet)) == replace(sheet, stated=stated)
    assert "'=cmd" in written(sheet).decode()


@given(drawn())
def test_every_sheet_comes_back(sheet: Sheet) -> None:
    stated = tuple(results(ranked(sheet)))
    assert sheets.read(written(sheet)) == replace(sheet, stated=stated)


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("", ["There is no row in it."]),
        ("a,b\n", [f"line 1: The first row has to be: {HEAD}."]),
        (b"\xff\n", ["line 1: This is no text in UTF-8. Save the sheet as CSV (UTF-8)."]),
        (f"{HEAD}\nscore,1\n", ["line 2: The row has 2 cells and should have 7."]),
        (f"{HEAD}\nlove,,,,,,\n", ["line 2: “love” is no kind of row."]),
        (f"{HEAD}\nlot,1,,,,1e9,All\n", ["line 2: “1e9” is no number such as 12 or 12.50."]),
        (f"{HEAD}\noffer,1,a,,,5,A\n", ["1 is named, but not listed."]),
        (f"{HEAD}\nlot,1,,,,,All\n\nscore,1,a,c,Ana,1/0,\n",
         ["line 4: “1/0” is no number such as 12 or 12.50.", "line 4: 1 / a is named, but not listed."]),
        (f'{HEAD}\ncall,,,,,,"x\n', ["line 2: A quotation mark is opened and not closed, or stands within a cell."]),
    ],
)  # fmt: skip
def test_each_fault_is_told_with_its_line(text: str | bytes, said: list[str]) -> None:
    assert faults(text) == said
