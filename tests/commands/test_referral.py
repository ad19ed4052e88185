import json
from pathlib import Path

import pytest

from interlock import __version__
from interlock.__main__ import main
from tests.methods.referral.samples import CASE

COMMAND = ["referral", str(CASE), "--outcome", "view", "--resamples", "100"]


def test_estimates_are_told(capsys: pytest.CaptureFixture[str]) -> None:
    assert main([*COMMAND, "--group", "group", "--both", "both", "--population", "600"]) == 0
    said = capsys.readouterr()
    assert said.out.startswith("120 respondents, 4 seeds, 7 waves; the largest tree has 40.0 %")
    for line in (
        "Intervals: tree bootstrap, 100 resamples, seed 0.",
        "no   48   23",
        "both     4     5   3",
        "Homophily of recruitment 1.191, E-I index -0.241",
        "All coop beside all pb, 14 people in both",
        "r004           48      7",
    ):
        assert line in said.out, line
    assert f"Estimated by interlock {__version__}" in said.out
    assert said.err == ""


def test_json_is_one_object(capsys: pytest.CaptureFixture[str]) -> None:
    assert main([*COMMAND, "--json", "--population", "600", "--population", "9000"]) == 0
    said = json.loads(capsys.readouterr().out)
    found = said["outcome"]["estimates"]
    assert found["rds_i"]["shares"][1] == pytest.approx(0.376316906172)
    assert found["spread"]["estimate"]["shares"][1] == pytest.approx(0.366878816898)
    assert [size for size, _ in found["by_population"]] == [600, 9_000]
    assert (said["version"], said["is_description"]) == (__version__, False)
    assert "still moved by more than 2" in said["outcome"]["doubts"][0]["sentence"]


def test_equal_seeds_give_equal_answers(capsys: pytest.CaptureFixture[str]) -> None:
    told = []
    for seed in ("1", "1", "2"):
        assert main([*COMMAND, "--seed", seed, "--json"]) == 0
        told.append(json.loads(capsys.readouterr().out)["outcome"]["estimates"]["spread"])
    assert told[0] == told[1]
    assert told[0]["intervals"] != told[2]["intervals"]


def test_small_sample_is_described_only(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    path = tmp_path / "few.csv"
    path.write_text("id,recruiter,degree,view\na,,0,yes\nb,a,2,no\nc,b,3,no\n")
    assert main(["referral", str(path), "--outcome", "view"]) == 1
    said = " ".join(capsys.readouterr().out.split())
    assert (
        "Description only. Estimates begin at 100 respondents who answered; so far it is 3." in said
    )
    assert "have the median of their own group instead: 1." in said
    assert "no 2 yes 1" in said


def test_faults_are_told_with_their_lines(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    path = tmp_path / "bad.csv"
    path.write_text("id,recruiter,degree,view\na,a,1,yes\nb,x\x1b,1,no\n")
    assert main(["referral", str(path), "--outcome", "view"]) == 2
    said = capsys.readouterr()
    assert said.out == ""
    assert said.err.splitlines() == [
        f"{path}: line 2: The respondent a is its own recruiter.",
        f"{path}: line 3: The recruiter x? has no row. Leave the cell empty for a seed.",
    ]


@pytest.mark.parametrize(
    ("arguments", "message"),
    [
        (["--outcome", "age"], "There is no column age. The columns are: id, recruiter, degree"),
        (
            ["--outcome", "view", "--both", "both"],
            "--both is a level of --group, which is missing.",
        ),
        (["--outcome", "group", "--group", "view", "--both", "no"], "a group of three levels"),
        (["--outcome", "view", "--population", "9"], "cannot be smaller than its 120 respondents"),
        (["--outcome", "view", "--resamples", "0"], "Resamples are 1 to 1,000,000."),
        (["--outcome", "view", "--seed", "-1"], "A seed is a whole number from 0."),
    ],
)
def test_bad_choice_is_refused_in_a_sentence(
    capsys: pytest.CaptureFixture[str], arguments: list[str], message: str
) -> None:
    assert main(["referral", str(CASE), *arguments]) == 2
    assert message in capsys.readouterr().err


def test_file_that_is_not_there_is_told(capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["referral", "nowhere.csv", "--outcome", "view"]) == 2
    assert capsys.readouterr().err == "nowhere.csv: No such file or directory\n"


def test_other_columns_are_named(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    path = tmp_path / "own.csv"
    path.write_text(
        "who;by;knows;says;day;given;step\na;;5;-1;2026-05-02;2;0\nb;a;4;1;2026-05-03;1;1\n"
    )
    command = ["referral", str(path), "--id", "who", "--recruiter", "by", "--degree", "knows"]
    command += ["--outcome", "says", "--missing=-1", "--time", "day", "--coupons", "given"]
    assert main([*command, "--wave", "step", "--json"]) == 1
    said = json.loads(capsys.readouterr().out)
    assert (said["outcome"]["levels"], said["outcome"]["counts"]) == (["1"], [1])
    assert [wave["coupons"] for wave in said["waves"]] == [2, 1]
