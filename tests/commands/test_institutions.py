"""`interlock institutions`: lists of institutions from the command line."""

import json
from pathlib import Path

import pytest

from interlock.__main__ import main
from interlock.methods.formats.register import rows
from interlock.web.institutions.models import Import, Institution
from interlock.web.record.models import Entry
from tests.methods.formats import spoiled

pytestmark = pytest.mark.usefixtures("emptied")

LIST = "Name,Locality,Country\nTree Co-op,Leeds,GB\nMill,York,GB\n,Hull,GB\n"
COUNTS = {"created": 2, "matched": 0, "unchanged": 0, "refused": 1}


@pytest.fixture
def listed(tmp_path: Path) -> str:
    path = tmp_path / "trees.csv"
    path.write_text(LIST)
    return str(path)


def test_import_counts_and_names_refused_rows(
    listed: str, capsys: pytest.CaptureFixture[str]
) -> None:
    place = {"line": 4, "cell": 1, "column": "Name"}
    refused = [{**place, "code": "no-name", "reason": "The institution has no name."}]
    asked = ["institutions", "import", listed, "--members", "BMT30", "--json"]
    assert main([*asked, "--dry-run"]) == 0
    assert json.loads(capsys.readouterr().out) == {**COUNTS, "refused_rows": refused}
    assert (Institution.objects.count(), Import.objects.count()) == (0, 0)
    assert main(asked) == 0
    assert json.loads(capsys.readouterr().out) == {**COUNTS, "refused_rows": refused}
    assert {one.kind_id for one in Institution.objects.all()} == {"worker_coop"}
    assert main(asked) == 0
    again = {**COUNTS, "created": 0, "unchanged": 2, "refused_rows": refused}
    assert json.loads(capsys.readouterr().out) == again
    assert Entry.objects.count() == 1


def test_undo_by_number(listed: str, capsys: pytest.CaptureFixture[str]) -> None:
    main(["institutions", "import", listed])
    number = str(Import.objects.get().pk)
    assert f"institutions undo {number}" in capsys.readouterr().err
    assert main(["institutions", "undo", number]) == 0
    assert (capsys.readouterr().out, Institution.objects.count()) == (
        "removed: 2, restored: 0, stay: 0\n",
        0,
    )
    assert (main(["institutions", "undo", number]), main(["institutions", "undo", "0"])) == (2, 2)


def test_doubtful_rows_are_told_and_entered_when_asked(
    listed: str, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    main(["institutions", "import", listed])
    other = tmp_path / "other.csv"
    other.write_text("Name,Description\nMill,Flour\n")
    capsys.readouterr()
    assert main(["institutions", "import", str(other)]) == 0
    said = capsys.readouterr()
    assert ("refused: 1" in said.out, "It may be: mill" in said.err) == (True, True)
    assert main(["institutions", "import", str(other), "--doubtful", "same"]) == 0
    assert str(Institution.objects.get(slug="mill").about) == "Flour"


def test_spoiled_file_says_each_fault_and_loses_nothing_else(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    data, faulty = spoiled.file()
    path = tmp_path / "spoiled.csv"
    path.write_bytes(data)
    assert main(["institutions", "import", str(path)]) == 0
    said = capsys.readouterr()
    assert [one.said for one in faulty if one.said not in said.err] == []
    refused = sum(one.refused for one in faulty)
    assert Institution.objects.count() == 2 * len(faulty) + 1 - refused
    assert f"refused: {refused}" in said.out


@pytest.mark.parametrize(
    ("options", "said"),
    [
        (["--members", "nobody"], "no type of membership"),
        (["--kind", "nothing"], "There is no kind"),
        (["--scheme", "companies house"], "no list at org-id.guide"),
    ],
)
def test_wrong_options_say_what_is_right(
    listed: str, options: list[str], said: str, capsys: pytest.CaptureFixture[str]
) -> None:
    assert main(["institutions", "import", listed, *options]) == 2
    assert said in capsys.readouterr().err


def test_no_file_no_list_and_too_large_a_file_are_bad_input(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    nothing, archive = tmp_path / "nothing.csv", tmp_path / "archive.csv"
    archive.write_bytes(b"PK\x03\x04")
    assert [main(["institutions", "import", str(path)]) for path in (nothing, archive)] == [2, 2]
    monkeypatch.setattr(rows, "LARGEST_FILE", 1)
    assert main(["institutions", "import", str(archive)]) == 2
    said = capsys.readouterr().err
    assert ("No such file" in said, "no CSV" in said, "larger than" in said) == (True, True, True)


def test_credit_is_kept_and_a_long_list_is_announced(
    listed: str, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    asked = ["institutions", "import", listed, "--credit"]
    assert main([*asked, "x" * 301]) == 2
    assert ("300 signs" in capsys.readouterr().err, Import.objects.count()) == (True, 0)
    monkeypatch.setattr("interlock.web.institutions.importing.MOST_ROWS", 1)
    assert main([*asked, "Leeds Trees, ODC-BY 1.0"]) == 0
    held = Import.objects.get()
    assert (held.credit, held.created, held.entered_by) == ("Leeds Trees, ODC-BY 1.0", 2, None)
    assert "whoever writes here waits" in capsys.readouterr().err
