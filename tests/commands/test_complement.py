"""`interlock complement`: a table of outcomes, asked on the command line."""

import json
from pathlib import Path

import pytest

from interlock.__main__ import main

ROWS = "".join(
    f"City {city},{'yes' if city % 2 else 'no'},{coop},{3 * (city % 2) * (coop > 0) + city % 3},{city}\n"
    for city in range(24)
    for coop in (0, 2)
)


@pytest.fixture
def file(tmp_path: Path) -> Path:
    path = tmp_path / "projects.csv"
    path.write_text(f"City,PB,Co-ops,Turnout,Size\n{ROWS}")
    return path


def test_what_both_do_beyond_each_is_told_beside_chance(
    file: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    assert main(["complement", str(file), "--outcome", "Turnout"]) == 0
    said = capsys.readouterr().out
    assert "Both, beyond the two alone: 3 (3 – 3)" in said
    assert "more together than the two alone" in said
    assert said.splitlines()[1].split() == ["no", "no", "12", "1"]
    assert (
        main(["complement", str(file), "--outcome", "Turnout", "--beside", "Size", "--json"]) == 0
    )
    told = json.loads(capsys.readouterr().out)
    assert told["beyond"]["value"] == pytest.approx(3)
    assert [one["rows"] for one in told["cells"]] == [12] * 4


def test_faults_have_their_places(file: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["complement", str(file)]) == 2
    assert "--outcome" in capsys.readouterr().err
    file.write_text("City,PB,Co-ops,Turnout\nA,perhaps,1,many\n,no,0,3\n")
    assert main(["complement", str(file), "--outcome", "Turnout"]) == 2
    said = capsys.readouterr().err
    assert "line 2, column 2 (PB): “perhaps” is neither yes nor no" in said
    assert "line 2, column 4 (Turnout): “many” is no number, such as 12.5." in said
    assert "line 3, column 1 (City): The cell is empty." in said
    assert main(["complement", str(file), "--outcome", "Turnout", "--beside", "Rain"]) == 2
    assert "Rain" in capsys.readouterr().err


def test_table_without_one_of_the_four_says_so(
    file: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    file.write_text("City,PB,Co-ops,Turnout\nA,yes,1,2\nB,no,0,3\n")
    assert main(["complement", str(file), "--outcome", "Turnout"]) == 0
    assert "one of the four is empty" in capsys.readouterr().out
