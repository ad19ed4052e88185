import hashlib
import re
from fractions import Fraction
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from interlock.methods.counting import count
from interlock.methods.formats import pabulib
from interlock.methods.formats.pabulib import reading

from .files import META, PROJECTS, VOTES, data, text


def faults(source: bytes) -> list[str]:
    with pytest.raises(pabulib.PabulibError) as caught:
        pabulib.read(source)
    assert str(caught.value) == "\n".join(map(str, caught.value.faults))
    return [str(fault) for fault in caught.value.faults]


def test_file_is_read() -> None:
    file = pabulib.read(data())
    election = file.election()
    assert (election.projects, election.costs) == (("park", "bus", "trees"), (60, 50, 40))
    assert (election.budget, election.unit, election.votes) == (100, 1, (2, 1, 1))
    assert (file.meta["country"], file.rule, file.notes) == ("Nowhere", "greedy", ())
    assert file.selected() == ("park", "trees")
    assert file.names() == {"park": "Park", "bus": "Bus", "trees": "Trees"}
    assert file.input_sha256 == hashlib.sha256(data()).hexdigest()


@pytest.mark.parametrize("kind", VOTES)
def test_every_vote_type_survives_a_round_trip(kind: str) -> None:
    file = pabulib.read(data(kind))
    again = pabulib.read(pabulib.write(file).encode())
    assert again.election() == file.election()
    assert again.ballots.kind == kind
    assert pabulib.write(again) == pabulib.write(file) == text(kind)


def test_ordinal_ballots_keep_their_order_and_scores_their_points() -> None:
    assert pabulib.read(data("ordinal")).ballots.projects.tolist() == [2, 0, 0, 2]
    points = pabulib.read(data("scoring")).ballots.points
    assert points is not None
    assert points.tolist() == [5, 2, 0, 4, 1]


def test_project_named_twice_keeps_its_first_points() -> None:
    written = text("cumulative").replace("park,bus;7,3", "park,bus,park;5,3,2")
    file = pabulib.read(written.encode())
    assert file.ballots.points is not None
    assert file.ballots.points.tolist() == [5, 3, 10, 10]
    assert file.notes == ("1 ballot names a project more than once; it was counted once.",)


def test_path_is_read_like_bytes(tmp_path: Path) -> None:
    path = tmp_path / "town.pb"
    path.write_bytes(data())
    assert pabulib.read(path) == pabulib.read(data())


def test_decimals_become_whole_numbers_of_one_unit() -> None:
    projects = ["project_id;cost", "a;60.5", "b;40.00", "c;0.125"]
    votes = ["voter_id;vote", "1;a", "2;b", "3;c"]
    election = pabulib.read(data(projects=projects, votes=votes, budget="100.0")).election()
    assert (election.costs, election.budget, election.unit) == ((60500, 40000, 125), 100000, 1000)


def test_file_without_selected_names_no_winners() -> None:
    projects = ["project_id;cost", "park;60", "bus;50", "trees;40"]
    assert pabulib.read(data(projects=projects)).selected() is None
    projects = ["project_id;cost;selected", "park;60;", "bus;50;", "trees;40;"]
    assert pabulib.read(data(projects=projects)).selected() is None


QUIRKS = {
    "crlf": (text().replace("\n", "\r\n"), ""),
    "bom": ("\ufeff" + text(), "byte order mark"),
    "no final line break": (text().rstrip("\n"), "does not end with a line break"),
    "spaces after commas": (text().replace("park,bus", "park, bus"), ""),
    "twice in a vote": (text().replace("park,bus", "park,bus,park"), "1 ballot names a project"),
    "trailing cells": (text().replace("1;park,bus", "1;park,bus;;"), ""),
    "blank lines": (text().replace("PROJECTS\n", "\n\nPROJECTS\n\n"), ""),
    "padded titles": (text().replace("PROJECTS\n", "projects;;;\n"), ""),
    "target": (text().replace("name", "target"), '"target"'),
    "decimal comma": (text(budget="100,00"), "decimal comma"),
    "missing description": (text(description=None), 'META has no "description"'),
    "blank ballot kept": (text().replace("3;trees", "3;"), ""),
    "upper-case vote type": (text().replace(";approval", ";Approval"), ""),
}


@pytest.mark.parametrize("quirk", QUIRKS)
def test_quirk_is_tolerated_and_noted(quirk: str) -> None:
    written, note = QUIRKS[quirk]
    file = pabulib.read(written.encode())
    assert (file.election().budget, len(file.ballots)) == (100 * file.election().unit, 3)
    assert file.election().votes[:2] == (2, 1)
    assert [note in said for said in file.notes] == ([True] if note else [])


def test_withdrawn_project_and_differing_votes_column_are_noted() -> None:
    projects = ["project_id;cost;votes", "park;999999999;2", "bus;50;7", "trees;40;1"]
    assert pabulib.read(data(projects=projects)).notes == (
        'Project "park" costs 999999999: withdrawn, as Pabulib says.',
        (
            'The column votes differs from the ballots for 1 of 3 projects ("bus" first); '
            "the ballots were counted."
        ),
    )


FAULTS = {
    "empty": ("", "line 1, column 1 (META): The section META is missing"),
    "no votes": (
        text().split("VOTES")[0],
        "line 19, column 1 (VOTES): The section VOTES is missing",
    ),
    "before any section": ("a;b\n" + text(), "line 1, column 1: Before any section"),
    "section twice": (
        text() + "META\nkey;value\n",
        "line 24, column 1 (META): The section META appears twice",
    ),
    "meta header": (
        text().replace("key;value", "a;b"),
        "line 2, column 1 (META): The header of META must be",
    ),
    "meta twice": (
        text().replace("META\nkey;value", "META\nkey;value\nbudget;5"),
        "twice. Keep one",
    ),
    "no budget": (text(budget=None), "line 2, column 1 (budget): META must say the budget"),
    "budget zero": (text(budget="0"), "line 9, column 8 (budget): The budget is 0"),
    "negative": (
        text(budget="-5"),
        'line 9, column 8 (budget): The budget is "-5"; an amount cannot be neg',
    ),
    "nan": (text(budget="NaN"), '(budget): The budget is "NaN"; write plain digits'),
    "exponent": (text(budget="1e999"), 'The budget is "1e999"; write plain digits'),
    "underscore": (text(budget="1_000"), 'The budget is "1_000"; write plain digits'),
    "full width": (text(budget="\uff11\uff12"), "write plain digits"),
    "superscript": (text(budget="10\u00b2"), "write plain digits"),
    "arabic": (text(budget="\u0661\u0662"), "write plain digits"),
    "thousands": (text(budget="1,000"), "may mean thousands or decimals"),
    "spaced": (text(budget="1 000"), "write plain digits"),
    "long number": (text(budget="9" * 5000), "has 5,000 characters, more than any amount needs"),
    "no amount": (text(budget=""), "write a number such as 12500"),
    "vote type": (
        text().replace(";approval", ";range"),
        'line 10, column 11 (vote_type): The vote type is "ra',
    ),
    "no vote type": (
        text(vote_type=None),
        "line 2, column 1 (vote_type): None is given; it must be one of",
    ),
    "cost": (text().replace("bus;50", "bus;x"), 'line 17, column 5 (cost): The cost is "x"'),
    "no cost column": (
        text().replace(";cost", ";price"),
        "line 15, column 31 (cost): PROJECTS needs a column",
    ),
    "double column": (text().replace(";name", ";cost"), 'PROJECTS has 2 columns named "cost"'),
    "no id": (
        text().replace("bus;50", ";50"),
        "line 17, column 1 (project_id): The project has no id",
    ),
    "comma in id": (text().replace("bus;50", '"b,s";50'), "contains a comma"),
    "same id": (text().replace("bus;50", "park;50"), 'The id "park" is already used on line 16'),
    "selected": (
        text().replace("Bus;0", "Bus;yes"),
        'line 17, column 12 (selected): selected is "yes"',
    ),
    "number of projects": (text(num_projects="4"), "META says 4 and the file has 3"),
    "number of votes": (
        text(num_votes="2"),
        "line 8, column 11 (num_votes): META says 2 and the file has 3",
    ),
    "short row": (
        text().replace("bus;50;Bus;0", "bus;50"),
        "line 17, column 7 (name): This row has 2 cells",
    ),
    "long row": (text().replace("2;park", "2;park;M"), "line 22, column 8: This row has 3 cells"),
    "no voter id": (
        text().replace("2;park", ";park"),
        "line 22, column 1 (voter_id): The voter has no id",
    ),
    "voter twice": (
        text().replace("2;park", "1;park"),
        'The voter "1" has already voted on line 21',
    ),
    "unknown project": (
        text().replace("2;park", "2;pork"),
        'line 22, column 3 (vote): "pork" is not a project',
    ),
    "empty id in vote": (text().replace("park,bus", "park,,bus"), "empty id between commas"),
    "two in choose-1": (text("choose-1").replace("2;park", "2;park,bus"), "and this names 2"),
    "no points": (text("cumulative").replace(";points", ";marks"), 'VOTES needs a column "points"'),
    "few points": (text("cumulative").replace("7,3", "7"), "1 points for 2 projects"),
    "odd points": (
        text("cumulative").replace("7,3", "7,x"),
        'and this is "x"',
    ),
    "open quote": (text().replace("Bus", '"Bus', 1).replace(";Bus", ';"Bus'), "do not match"),
    "huge cell": (text().replace("Bus", "B" * 200_000), "A cell is longer than 131,072 characters"),
}


@pytest.mark.parametrize("fault", FAULTS)
def test_fault_says_where_and_what_to_do(fault: str) -> None:
    written, message = FAULTS[fault]
    said = faults(written.encode())
    assert any(message in one for one in said), said


def test_bytes_that_are_not_text_are_refused() -> None:
    assert faults(data().replace(b"Bus", b"B\0s")) == [
        "line 17, column 9: There is a NUL byte. Save the file as plain UTF-8 text."
    ]
    assert faults(data().replace(b"Bus", b"B\xffs")) == [
        "line 17, column 9: Byte 0xff is not UTF-8. Save the file as UTF-8."
    ]


def test_every_fault_is_told_in_the_order_of_lines() -> None:
    broken = text(budget="x").replace("bus;50", "bus;y").replace("2;park", "2;pork,perk")
    lines = [int(re.findall(r"line (\d+)", fault)[0]) for fault in faults(broken.encode())]
    assert lines == [9, 17, 22, 22]


def test_thousands_of_faults_are_cut_short() -> None:
    votes = ["voter_id;vote", *(f"{number};nowhere" for number in range(3000))]
    said = faults(data(votes=votes, num_votes="3000"))
    assert len(said) == 1001
    assert "more than 1,000 faults" in said[-1]


CELLS = st.text(
    st.characters(codec="utf-8", exclude_characters="\0"), max_size=12
) | st.sampled_from(
    ["a;b", 'say "no"', '"', "\u2028", "x\u0085y", "one\ntwo", "r\rr", " lead", "META"]
)


@given(names=st.lists(CELLS, min_size=3, max_size=3), ages=st.lists(CELLS, min_size=3, max_size=3))
@settings(max_examples=200)
def test_any_text_in_a_cell_survives_a_round_trip(names: list[str], ages: list[str]) -> None:
    ids = ["park", "bus", "trees"]
    projects = [{"project_id": p, "cost": "10", "name": n} for p, n in zip(ids, names, strict=True)]
    file = pabulib.compose(
        {**META, "rule": "greedy"}, projects, [["park"], ["bus", "park"], []], voters={"age": ages}
    )
    assert file.column("name") == tuple(names)
    assert file.voter_columns["age"] == tuple(ages)
    again = pabulib.read(pabulib.write(file).encode())
    assert (again.project_rows, again.voter_columns) == (file.project_rows, file.voter_columns)
    assert again.election() == file.election()


def test_file_is_composed_from_an_election() -> None:
    file = pabulib.compose(
        {"budget": "12.50"},
        [{"project_id": "a", "cost": "3.25"}, {"project_id": "b", "cost": "9", "name": "B"}],
        [["b", "a"], []],
    )
    assert (file.meta["num_votes"], file.meta["vote_type"]) == ("2", "approval")
    assert file.election().costs == (325, 900)
    assert file.voter_columns["voter_id"] == ("1", "2")
    assert file.names() == {"a": "a", "b": "B"}


def test_composed_points_are_kept() -> None:
    projects = [{"project_id": "a", "cost": "3"}, {"project_id": "b", "cost": "9"}]
    meta = {"budget": "12", "vote_type": "cumulative"}
    file = pabulib.compose(meta, projects, [["b", "a"], []], points=[[6, 4], []])
    assert file.ballots.points is not None
    assert file.ballots.points.tolist() == [6, 4]


def test_what_cannot_be_read_cannot_be_composed() -> None:
    with pytest.raises(pabulib.PabulibError, match='"b" is not a project'):
        pabulib.compose({"budget": "1"}, [{"project_id": "a", "cost": "1"}], [["b"]])


def test_composed_file_says_what_can_be_counted_in_the_order_of_the_format() -> None:
    file = pabulib.compose(
        {"currency": "EUR", "rule": "greedy", "budget": "12.5", "own": "key"},
        [
            {"name": "A", "cost": "3.25", "project_id": "a", "own": "cell"},
            {"name": "B", "cost": "9.25", "project_id": "b", "votes": "7"},
        ],
        [["b", "a"], ["a", "a"], []],
        voters={"sex": ["F", "", "M"], "age": ["20", "", "40"]},
    )
    assert list(file.meta.items()) == [
        ("num_projects", "2"),
        ("num_votes", "3"),
        ("budget", "12.5"),
        ("vote_type", "approval"),
        ("rule", "greedy"),
        ("currency", "EUR"),
        ("fully_funded", "1"),
        ("own", "key"),
    ]
    assert file.project_columns == ("project_id", "cost", "votes", "name", "own")
    assert file.column("votes") == ("2", "7")
    assert list(file.voter_columns) == ["voter_id", "age", "sex"]


def test_composed_scores_are_the_points_of_all_ballots() -> None:
    projects = [{"project_id": "a", "cost": "3"}, {"project_id": "b", "cost": "9"}]
    meta = {"budget": "11", "vote_type": "cumulative"}
    file = pabulib.compose(meta, projects, [["b", "a"], ["b", "b"]], points=[[6, 4], [3, 2]])
    assert (file.column("votes"), file.column("score")) == (("1", "2"), ("4", "9"))
    assert "fully_funded" not in file.meta


def test_asking_for_a_missing_column_is_a_key_error() -> None:
    with pytest.raises(KeyError):
        pabulib.read(data()).column("latitude")


def test_columns_beside_the_vote_are_kept() -> None:
    votes = ["voter_id;age;vote;sex;points", "1;33;park;F;9", "2;;bus;;", "3;44;;M;"]
    file = pabulib.read(data(votes=votes))
    assert dict(file.voter_columns) == {
        "voter_id": ("1", "2", "3"),
        "age": ("33", "", "44"),
        "sex": ("F", "", "M"),
        "points": ("9", "", ""),
    }


def test_usual_file_has_no_surprises() -> None:
    assert PROJECTS[0].split(";") == list(pabulib.read(data()).project_columns)


def test_example_of_the_format_page_is_read() -> None:
    meta = ["key; value", "budget; 2500", "rule; greedy", "vote_type; approval", "num_votes; 3"]
    projects = ["project_id; cost; category", "1; 600; culture, education", "2; 800; sport"]
    votes = ["voter_id; age; sex; vote", "1; 34; f; 1,2", "2; 51; m; 2", "3; 23; m; 2,1"]
    lines = ["META", *meta, "PROJECTS", *projects, "VOTES", *votes]
    file = pabulib.read("\n".join(lines).encode())
    assert file.election().costs == (600, 800)
    assert file.ballots.projects.tolist() == [0, 1, 1, 1, 0]
    assert file.categories == [("culture", "education"), ("sport",)]


def test_sections_may_come_in_another_order() -> None:
    meta, rest = text().split("PROJECTS\n")
    projects, votes = rest.split("VOTES\n")
    for order in ("MPV", "MVP", "PMV", "PVM", "VMP", "VPM"):
        parts = {"M": meta, "P": f"PROJECTS\n{projects}", "V": f"VOTES\n{votes}"}
        written = "".join(parts[part] for part in order)
        assert pabulib.read(written.encode()).election() == pabulib.read(data()).election()
        line = written[: written.index("2;park")].count("\n") + 1
        [fault] = faults(written.replace("2;park", "2;pork").encode())
        assert fault.startswith(f"line {line}, column 3 (vote): ")


def test_file_says_what_a_count_needs_beside_the_ballots() -> None:
    file = pabulib.read(data())
    assert (file.score_threshold, file.default_score, file.max_length) == (None, 0, None)
    assert (file.scoring_fn, file.category_limits, file.neighborhood_limits) == ("Borda", {}, {})
    assert file.categories == file.neighborhoods == [(), (), ()]
    said = {"min_project_score_threshold": "2.50", "default_score": "-3", "max_length": "5"}
    file = pabulib.read(data(**said, scoring_fn="Dowdall"))
    assert (file.score_threshold, file.default_score) == (Fraction(5, 2), -3)
    assert (file.max_length, file.scoring_fn) == (5, "Dowdall")


SCORED = ["voter_id;vote;points", "1;park,bus;5,2.50", "2;park;0", "3;;"]


def test_decimal_points_are_counted_exactly_in_parts_of_one() -> None:
    file = pabulib.read(data("scoring", votes=SCORED, min_project_score_threshold="4.95"))
    election = file.election()
    assert file.points_unit == 10
    assert (election.points, election.votes) == ((50, 25, 0), (1, 1, 0))
    assert election.limits.least_points == 50  # 49.5 of the tenths keeps out the same
    assert file.notes == ("The points have decimals and are counted in parts of 1/10.",)
    again = pabulib.read(pabulib.write(file).encode())
    assert (again.points_unit, again.election()) == (10, election)
    assert "1;park,bus;5,2.5\n" in pabulib.write(file)


def test_parts_of_points_change_no_outcome() -> None:
    whole = [SCORED[0], "1;park,bus;500,250", "2;park;1", "3;bus;275"]
    parts = [SCORED[0], "1;park,bus;5,2.50", "2;park;0.01", "3;bus;2.75"]
    for rule in ("greedy", "greedy/per-cost", "equalshares/points/add1", "optimum"):
        one, other = (
            count(pabulib.read(data("scoring", votes=votes)).election(), rule)
            for votes in (whole, parts)
        )
        assert (one.funded, one.ties_met) == (other.funded, other.ties_met)


def test_default_score_goes_to_projects_that_a_scoring_ballot_does_not_name() -> None:
    file = pabulib.read(data("scoring", votes=SCORED, default_score="0.25"))
    election = file.election()
    # In hundredths: 5 + 0 + 0.25, 2.5 + 0.25 + 0.25, three times 0.25; a 0 that is given stays 0.
    assert (election.points, election.votes) == ((525, 300, 75), (2, 3, 3))
    assert election.ballots.projects.tolist() == [0, 1, 2] * 3
    assert file.ballots.projects.tolist() == [0, 1, 0]
    assert pabulib.read(pabulib.write(file).encode()).election() == election
    for default in ("0", "0.00", None):
        same = pabulib.read(data("scoring", votes=SCORED, default_score=default)).election()
        assert same.points == (50, 25, 0)
    cumulative = pabulib.read(data("cumulative", default_score="3")).election()
    assert cumulative == pabulib.read(data("cumulative")).election()


def test_points_below_0_are_refused_with_the_place() -> None:
    votes = [SCORED[0], "1;park,bus;5,2", "2;park;-2.5", "3;;"]
    refused = "must be 0 or more, and this is"
    [said] = faults(data("scoring", votes=votes))
    assert said.startswith(f'line 22, column 8 (points): Points {refused} "-2.5". No rule')
    [said] = faults(data("scoring", default_score="-1"))
    assert said.startswith(f'line 14, column 15 (default_score): The default_score {refused} "-1".')


def test_ballots_are_filled_up_to_a_bound(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(reading, "MOST_FILLED_MARKS", 9)
    assert pabulib.read(data("scoring", default_score="1")).election().votes == (3, 3, 2)
    monkeypatch.setattr(reading, "MOST_FILLED_MARKS", 8)
    [said] = faults(data("scoring", default_score="1"))
    assert said.startswith("line 14, column 15 (default_score): With a default_score the ballots")
    assert len(pabulib.read(data("scoring", default_score="0.0")).ballots) == 3


@pytest.mark.parametrize(
    ("longest", "points"),
    [(None, (3, 0, 4)), ("1", (3, 0, 4)), ("3", (5, 0, 6)), ("5", (9, 0, 10))],
)
def test_first_place_of_a_ballot_is_worth_the_most_places_it_may_have(
    longest: str | None, points: tuple[int, ...]
) -> None:
    file = pabulib.read(data("ordinal", max_length=longest))
    assert file.ballots.points is None
    election = file.election()
    assert election.points == points
    assert pabulib.read(pabulib.write(file).encode()).election() == election


def test_unknown_scoring_function_is_noted() -> None:
    [note] = pabulib.read(data("ordinal", scoring_fn="Dowdall")).notes
    assert note == 'The scoring_fn "Dowdall" is not known; ranks count as Borda.'
    assert pabulib.read(data("ordinal", scoring_fn="borda")).notes == ()


def test_points_are_the_official_scores_of_real_files(real_files: Path) -> None:
    compared = 0
    for path in sorted(real_files.glob("*.pb")):
        file = pabulib.read(path)
        if "score" not in file.project_columns:
            continue
        counted = dict(zip(file.projects, map(str, file.election().points), strict=True))
        official = dict(zip(file.projects, file.column("score"), strict=True))
        differ = {project for project in counted if counted[project] != official[project]}
        # One ballot of Zurich names a single project, and was given 1 point for it instead of 5.
        assert differ == ({"24"} if path.name == "Switzerland_Zurich_S5R.pb" else set())
        compared += 1
    assert compared == 10


def test_limits_of_categories_and_neighborhoods_are_amounts_of_the_election() -> None:
    projects = [
        "project_id;cost;category;neighborhood",
        "park;60;green, sport;Oud-West, Zuid",
        "bus;50;;",
        "trees;40;green;Noord",
    ]
    file = pabulib.read(
        data(
            projects=projects,
            categories="green,sport",
            budget_per_category="70.5,30",
            neighborhoods="Noord",
            budget_per_neighborhood="99",
        )
    )
    assert file.categories == [("green", "sport"), (), ("green",)]
    assert file.neighborhoods == [("Oud-West, Zuid",), (), ("Noord",)]
    assert file.election().unit == 10
    assert file.category_limits == {"green": 705, "sport": 300}
    assert file.neighborhood_limits == {"Noord": 990}


def test_limits_of_real_files_fit_their_projects(real_files: Path) -> None:
    one = pabulib.read(real_files / "Netherlands_Amsterdam_604.pb")
    assert list(one.category_limits.values()) == [90610, 57312, 71364, 80715]
    assert {label for labels in one.categories for label in labels} == set(one.category_limits)
    other = pabulib.read(real_files / "Netherlands_Amsterdam_252.pb")
    assert list(other.neighborhood_limits.values()) == [150000, 100000, 250000]
    assert {name for names in other.neighborhoods for name in names} == set(
        other.neighborhood_limits
    )
    assert pabulib.read(real_files / "Poland_Warszawa_2026.pb").score_threshold == 3000


def test_every_real_file_is_read_and_survives_a_round_trip(real_files: Path) -> None:
    paths = sorted(real_files.glob("*.pb"))
    assert len(paths) == 26
    for path in paths:
        file = pabulib.read(path)
        assert len(file.ballots) == int(file.meta["num_votes"])
        again = pabulib.read(pabulib.write(file).encode())
        assert again.election() == file.election()
        assert (again.meta, again.project_rows) == (file.meta, file.project_rows)
        assert again.voter_columns == file.voter_columns
