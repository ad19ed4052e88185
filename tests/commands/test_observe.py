import csv
import hashlib
import io
import json
from pathlib import Path
from typing import Any

import pytest

from interlock import __version__
from interlock.__main__ import main
from interlock.methods.places.colocation.synthetic import country, world
from tests.methods.real import real

FEW = ["--resamples", "99"]


def made_up(path: Path, ratio: float, *, states: int = 10) -> Path:
    """A table of made-up counties in which the rate is planted."""
    planted = world(country(200, states), marks=40, events=1_600, ratio=ratio, seed=5)
    rows = ["fips,name,pop,pb,coops,state"]
    for code, people, marked, count, region in zip(
        planted.codes,
        planted.population.tolist(),
        planted.marked.tolist(),
        planted.counts.tolist(),
        planted.regions.tolist(),
        strict=True,
    ):
        name = f"=County {code}"
        rows.append(f"{code},{name},{people},{'yes' if marked else 'no'},{count},S{region}")
    path.write_text("\n".join(rows) + "\n")
    return path


def observe(table: Path, out: Path, *more: str) -> int:
    return main(["observe", "--areas", str(table), "--out", str(out), *more])


def files(folder: Path) -> dict[str, bytes]:
    return {
        str(path.relative_to(folder)): path.read_bytes()
        for path in sorted(folder.rglob("*"))
        if path.is_file()
    }


@pytest.mark.parametrize(
    ("ratio", "kind", "says"),
    [
        (1.0, "alike", "have about as many worker co-ops as their size predicts"),
        (3.0, "together", "have more worker co-ops than their size predicts, 2.7"),
        (5.0, "together", "have more worker co-ops than their size predicts, 5.1"),
    ],
)
def test_planted_ratio_is_told(
    tmp_path: Path, capsys: pytest.CaptureFixture[str], ratio: float, kind: str, says: str
) -> None:
    assert observe(made_up(tmp_path / "t.csv", ratio), tmp_path / "out", *FEW) == 0
    said = " ".join(capsys.readouterr().out.split())
    assert said.startswith("In these lists areas with participatory budgeting")
    assert says in said
    assert "Free permutation: Wrong here: it lets a small area be marked" in said
    told = json.loads((tmp_path / "out" / "results.json").read_bytes())
    assert told["verdict"]["kind"] == kind
    assert told["verdict"]["ratio"]["low"] < ratio < told["verdict"]["ratio"]["high"]


def test_files_are_a_data_package(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    table, out = made_up(tmp_path / "t.csv", 3.0), tmp_path / "out"
    assert observe(table, out, *FEW, "--seed", "4", "--json") == 0
    made = files(out)
    assert capsys.readouterr().out.encode() == made["results.json"]
    told = json.loads(made["results.json"])
    data = table.read_bytes()
    assert told["inputs"] == [
        {
            "role": "areas",
            "name": "t.csv",
            "sha256": hashlib.sha256(data).hexdigest(),
            "size": len(data),
        }
    ]
    assert (told["version"], told["seed"], told["resamples"]) == (__version__, 4, 99)
    assert " ".join(told["command"]) == (
        "interlock observe --areas t.csv --out FOLDER --strata 20 --seed 4 --resamples 99"
    )
    assert str(tmp_path).encode() not in b"".join(made.values())
    package = json.loads(made["datapackage.json"])
    assert package["description"] == told["finding"]["sentence"]
    assert {one["path"] for one in package["resources"]} == {
        "results.json",
        *(path for path in made if path.startswith("tables/")),
    }
    for one in package["resources"]:
        held = made[one["path"]]
        assert one["hash"] == f"sha256:{hashlib.sha256(held).hexdigest()}"
        if one["path"] == "results.json":
            continue
        rows = list(csv.reader(io.StringIO(held.decode())))
        fields = one["schema"]["fields"]
        assert rows[0] == [field["name"] for field in fields]
        for row in rows[1:]:
            check(row, fields)
    first = made["tables/areas.csv"].decode().splitlines()[1]
    assert first.startswith("000,'=County 000,S0,")
    assert b"cff-version: 1.2.0" in made["CITATION.cff"]


def check(row: list[str], fields: list[dict[str, Any]]) -> None:
    """Each cell is of the type that the package says."""
    for cell, field in zip(row, fields, strict=True):
        if cell and field["type"] == "number":
            float(cell)
        elif cell and field["type"] == "integer":
            int(cell)
        elif field["type"] == "boolean":
            assert cell in ("true", "false")


def test_same_input_gives_the_same_bytes_by_one_process_and_two(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    table = made_up(tmp_path / "t.csv", 2.0, states=25)
    for out, processes in (("one", "1"), ("two", "2")):
        more = ("--resamples", "600", "--processes", processes)
        assert observe(table, tmp_path / out, *more) == 0
    assert files(tmp_path / "one") == files(tmp_path / "two")
    assert "Written: tables/areas.csv" in capsys.readouterr().out


def test_other_seed_gives_other_draws(tmp_path: Path) -> None:
    table = made_up(tmp_path / "t.csv", 1.0)
    drawn = []
    for seed in ("0", "1"):
        assert observe(table, tmp_path / seed, *FEW, "--seed", seed) == 0
        drawn.append((tmp_path / seed / "tables" / "chances.csv").read_bytes())
    assert drawn[0] != drawn[1]


def test_earlier_answer_is_replaced(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    out = tmp_path / "out"
    table = made_up(tmp_path / "t.csv", 3.0)
    assert observe(table, out, *FEW, "--control", "pop") == 0
    assert (out / "tables" / "control.csv").exists()
    said = " ".join(capsys.readouterr().out.split())
    assert "The negative control (pop):" in said
    assert observe(table, out, *FEW) == 0
    assert not (out / "tables" / "control.csv").exists()


def test_folder_of_others_is_left_alone(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    table = made_up(tmp_path / "t.csv", 3.0)
    out = tmp_path / "out"
    out.mkdir()
    (out / "results.json").write_text('{"thesis": 1}')
    assert observe(table, out, *FEW) == 2
    assert observe(table, table, *FEW) == 2
    assert files(out) == {"results.json": b'{"thesis": 1}'}
    remedy = "Give a folder that is empty or not there yet."
    assert capsys.readouterr().err.splitlines() == [
        f"{out} holds something else than an earlier answer. {remedy}",
        f"{table} is no folder. {remedy.replace('a folder', 'one')}",
    ]


def test_neighbours_show_what_is_left_over(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    table = made_up(tmp_path / "t.csv", 1.0)
    beside = tmp_path / "beside.csv"
    pairs = [f"{place:03d},{place + 1:03d}" for place in range(199)]
    beside.write_text("\n".join(["one,other", *pairs]))
    assert observe(table, tmp_path / "out", *FEW, "--neighbours", str(beside)) == 0
    assert "among neighbours (Moran's I" in " ".join(capsys.readouterr().out.split())
    told = json.loads((tmp_path / "out" / "results.json").read_bytes())
    assert [one["role"] for one in told["inputs"]] == ["areas", "neighbours"]
    beside.write_text("one,other\n000,999\n")
    assert observe(table, tmp_path / "out", *FEW, "--neighbours", str(beside)) == 2
    assert capsys.readouterr().err == f"{beside}: line 2: No area has the code 999.\n"


def test_lists_without_an_answer_say_so(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    table = tmp_path / "t.csv"
    table.write_text("code,people,pb,coops\na,5,no,1\nb,6,no,2\n")
    assert observe(table, tmp_path / "out", *FEW) == 1
    said = " ".join(capsys.readouterr().out.split())
    assert said.startswith("No test that is right has an answer for these lists")
    assert "No area is marked: there is nothing to compare with." in said


def test_faults_are_told_with_their_places(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    table = tmp_path / "t.csv"
    table.write_text("code,people,pb,coops\na,0,no,1\na,6,\x1b,2\n")
    assert observe(table, tmp_path / "out", *FEW) == 2
    said = capsys.readouterr()
    assert said.out == ""
    assert said.err.splitlines() == [
        f"{table}: line 2, column 2 (people): “0” is no whole number from 1.",
        f"{table}: line 3, column 1 (code): The code a is on line 2 too.",
        f"{table}: line 3, column 3 (pb): “\\u001b” is neither yes nor no, nor a whole number from 0.",
    ]
    assert not (tmp_path / "out").exists()


@pytest.mark.parametrize(
    ("arguments", "message"),
    [
        (["--processes", "0"], "Processes are 1 to 64."),
        (["--seed", "-1"], "A seed is a whole number from 0."),
        (["--resamples", "0"], "Resamples are 1 to 1,000,000."),
        (["--strata", "0"], "Strata are 1 or more."),
        (["--strata", "few"], "--strata is a number, or numbers of people with commas between."),
        (["--strata", "5,4"], "--strata end one after the other: give them from low to high."),
        (["--count", "firms"], "There is no column firms, which --count names."),
    ],
)
def test_bad_choice_is_refused_in_a_sentence(
    tmp_path: Path, capsys: pytest.CaptureFixture[str], arguments: list[str], message: str
) -> None:
    table = made_up(tmp_path / "t.csv", 1.0)
    assert observe(table, tmp_path / "out", *arguments) == 2
    assert message in capsys.readouterr().err
    assert not (tmp_path / "out").exists()


def test_help_names_every_column(capsys: pytest.CaptureFixture[str]) -> None:
    with pytest.raises(SystemExit) as ended:
        main(["observe", "--help"])
    assert ended.value.code == 0
    said = capsys.readouterr().out
    roles = ("code", "name", "population", "marked", "count", "region", "control")
    assert [role for role in roles if f"--{role} COLUMN" not in said] == []


def test_file_that_is_not_there_is_told(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert observe(Path("nowhere.csv"), tmp_path / "out") == 2
    assert capsys.readouterr().err == "nowhere.csv: No such file or directory\n"


def test_pilot_tells_its_story(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    """The table of the pilot: a strong tie that melts with population."""
    table = real("geo/pilot_us_metros_pb_coop.csv")
    ends = "250000,500000,1000000,2000000,4000000"
    assert observe(table, tmp_path / "out", "--strata", ends, "--resamples", "250") == 0
    assert capsys.readouterr().out.startswith("These lists cannot tell")
    told = json.loads((tmp_path / "out" / "results.json").read_bytes())
    answers = {one["test"]: one for one in told["answers"]}
    whole = told["areas"]
    assert [whole[key] for key in ("areas", "marked", "having", "both")] == [384, 12, 28, 6]
    assert answers["odds-alone"]["ratio"]["value"] == pytest.approx(15.9, abs=0.05)
    assert answers["fisher"]["chance"]["p_more"] == pytest.approx(6e-5, rel=0.05)
    assert answers["free-permutation"]["chance"]["p_more"] == pytest.approx(1 / 251)
    for test, expected, p in (
        ("fisher", 0.9, 6e-5),
        ("redraw", 3.97, 0.15),
        ("strata", 4.19, 0.135),
        ("propensity", 5.29, 0.44),
    ):
        chance = answers[test]["chance"]
        assert chance["observed"] == 6
        assert chance["mean"] == pytest.approx(expected, abs=0.12)
        assert chance["p_more"] == pytest.approx(p, abs=0.05)
    ratio = answers["odds"]["ratio"]
    assert [round(ratio[key], 2) for key in ("value", "low", "high")] == [1.77, 0.38, 8.24]
    assert answers["odds"]["likelihood"]["p"] == pytest.approx(0.47, abs=0.005)
    assert answers["odds"]["evalue"]["limit"] == 1
    left = told["left_out"]
    assert (round(left["low"], 2), round(left["high"], 2)) == (1.21, 2.54)
    assert told["verdict"]["kind"] == "cannot-tell"
    assert answers["odds"]["least"] > 3


def lists(folder: Path) -> tuple[str, ...]:
    """Participatory budgets in six towns of New York, and co-ops: one beside each, a few elsewhere."""
    spots = [(43.16, -77.61), (42.89, -78.88), (43.05, -76.15), (42.65, -73.75), (40.71, -74.0)]
    pb = [f"p{at},{north},{east}" for at, (north, east) in enumerate(spots)]
    coops = [
        f"c{at}-{step},{north + step / 100:.2f},{east}"
        for at, (north, east) in enumerate([*spots, (44.98, -93.27), (37.77, -122.42)])
        for step in range(4)
    ]
    for name, rows in (("pb", pb), ("coops", coops)):
        (folder / f"{name}.csv").write_text("\n".join(["id,lat,lon", *rows]))
    return ("--pb", str(folder / "pb.csv"), "--coops", str(folder / "coops.csv"))


def test_two_lists_of_points_are_asked(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    out = tmp_path / "out"
    assert main(["observe", *lists(tmp_path), "--out", str(out), "--resamples", "39"]) == 0
    said = " ".join(capsys.readouterr().out.split())
    assert "3,142 areas with 328,239,523 people: 5 with participatory budgeting" in said
    assert "At which distance" in said
    # Where a list separates the areas, a ratio without end is not told by its digits.
    assert "Odds ratio without population > 10,000×" in said
    assert "The county of a point is that of the nearest town or ZIP code" in said
    told = json.loads((out / "results.json").read_bytes())
    assert [one["role"] for one in told["inputs"]] == ["pb", "coops"]
    assert told["columns"]["coops latitude"] == "lat"
    assert (told["points"]["pb"], told["points"]["coops"]) == (5, 28)
    assert told["points"]["distances"][0]["pairs"] == 20
    assert told["areas"]["is_yes_no"] is False
    assert [one["unit"] for one in told["points"]["scales"]][-1] == "county"
    # Which counties share a border is known; here no model leaves anything over.
    moran = next(one for one in told["answers"] if one["test"] == "moran")
    assert moran["reason"]["kind"] == "no-model"
    package = json.loads((out / "datapackage.json").read_bytes())
    assert {"distances", "scales"} <= {one["name"] for one in package["resources"]}


@pytest.mark.parametrize(
    ("arguments", "message"),
    [
        ([], "Give --areas, or --pb and --coops."),
        (["--pb", "a", "--areas", "b"], "Give --areas, or --pb and --coops."),
        (["--coops", "a"], "--pb and --coops go together: give both."),
        (
            ["--pb", "a", "--coops", "b", "--control", "c"],
            "--neighbours and --control are of areas.",
        ),
    ],
)
def test_inputs_that_do_not_go_together_are_refused(
    tmp_path: Path, capsys: pytest.CaptureFixture[str], arguments: list[str], message: str
) -> None:
    assert main(["observe", *arguments, "--out", str(tmp_path / "out")]) == 2
    assert capsys.readouterr().err == f"{message}\n"


def test_faults_of_points_are_told_with_their_file(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    given = lists(tmp_path)
    (tmp_path / "coops.csv").write_text("id,lat,lon\na,95,-190\n")
    assert main(["observe", *given, "--out", str(tmp_path / "out")]) == 2
    told = "line 2, column 2 (lat): “95” is no latitude: they go from -90 to 90."
    assert capsys.readouterr().err == f"{tmp_path / 'coops.csv'}: {told}\n"
