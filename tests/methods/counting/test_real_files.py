import json
from pathlib import Path

import pytest

from interlock.__main__ import main
from interlock.methods.counting import count
from interlock.methods.formats import pabulib


@pytest.mark.parametrize(
    ("name", "rule", "funded"),
    [
        ("Poland_Wieliczka_2023_Green_Budget.pb", "equalshares/add1", 30),
        ("Netherlands_Assen_2024.pb", "equalshares/add1", 9),
        ("Poland_Warszawa_2021_Mokotow.pb", "greedy", 22),
        ("Poland_Warszawa_2022_Wola.pb", "greedy", 16),
        ("Poland_Wroclaw_2015_150_-_500.pb", "greedy-no-skip", 15),
        ("Poland_Poznan_2023_Green_Budget.pb", "greedy", 2),
    ],
)
def test_official_winners_are_reproduced(
    real_files: Path, name: str, rule: str, funded: int
) -> None:
    file = pabulib.read(real_files / name)
    result = count(file.election(), rule, lot_seed=file.input_sha256)
    assert len(result.funded) == funded
    assert set(result.funded) == set(file.selected() or ())


def test_wieliczka_spent_what_the_town_says(real_files: Path) -> None:
    file = pabulib.read(real_files / "Poland_Wieliczka_2023_Green_Budget.pb")
    result = count(file.election(), "equalshares/add1")
    assert (result.spent, result.votes, result.steps) == (995_079, 6586, 164)


def test_wieliczka_gets_its_thirty_projects_on_the_command_line(
    real_files: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    path = real_files / "Poland_Wieliczka_2023_Green_Budget.pb"
    assert main(["count", str(path), "--rule", "equalshares/add1", "--json"]) == 0
    said = json.loads(capsys.readouterr().out)
    assert (len(said["funded"]), said["spent"], said["budget"]) == (30, 995_079, 1_000_000)
    assert set(said["funded"]) == set(pabulib.read(path).selected() or ())
