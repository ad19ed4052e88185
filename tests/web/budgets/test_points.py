"""Imported votes whose ballots rank projects, or give points: what the numbers are called."""

import csv
import json
import zipfile

import pytest
from django.test import Client

from interlock.web.budgets import counting, queries
from interlock.web.budgets.models import Process
from interlock.web.budgets.recounting import work_out_margin
from tests.web.budgets.test_import import SMALL
from tests.web.budgets.test_margins import never, words
from tests.world import START

BALLOTS = {
    "approval": "voter_id;vote\n1;p1,p2\n2;p1\n3;p1,p2\n4;p3\n",
    "choose-1": "voter_id;vote\n1;p1\n2;p1\n3;p1\n4;p3\n",
    "ordinal": "voter_id;vote\n1;p1,p2\n2;p1\n3;p2,p1\n4;p3\n",
    "cumulative": "voter_id;vote;points\n1;p1,p2;3,2\n2;p1;5\n3;p1,p2;1,4\n4;p3;5\n",
    "scoring": "voter_id;vote;points\n1;p1,p2;3,2\n2;p1;5\n3;p1,p2;1,4\n4;p3;5\n",
}
# Of p1: its points, and the voters who gave some. A first place of two is worth two points.
FIRST = {"ordinal": (5, 3), "cumulative": (9, 3), "scoring": (9, 3)}
COLUMN = {
    "ordinal": "Voters who ranked it",
    "cumulative": "Voters who gave some",
    "scoring": "Voters who gave some",
}


def imported(kind: str, rule: str = "greedy") -> Process:
    head, _votes = SMALL.split("VOTES\n")
    text = head.replace("vote_type;approval", f"vote_type;{kind}")
    text = text.replace("equalshares/add1-comparison", rule).replace(";votes;", ";note;")
    data = f"{text}VOTES\n{BALLOTS[kind]}".encode()
    return counting.import_election(file_name=f"{kind}.pb", data=data, at=START).process


@pytest.mark.django_db
@pytest.mark.parametrize("kind", FIRST)
@pytest.mark.parametrize("rule", ["greedy", "equalshares/add1"])
def test_result_tells_points_and_who_gave_them(kind: str, rule: str) -> None:
    process = imported(kind, rule)
    points, voters = FIRST[kind]
    told = words(f"{process.get_absolute_url()}result/")
    assert f"{points} points, from {voters} voters" in told
    assert (COLUMN[kind] in told, "Voters for" in told, "its points, beside" in told) == (
        True, False, True,
    )  # fmt: skip
    lines = {line.project.ref: line for line in queries.result(process).areas[0].lines}
    assert (lines["p1"].points, lines["p1"].votes) == (points, voters)


@pytest.mark.django_db
@pytest.mark.parametrize("kind", ["approval", "choose-1"])
def test_result_of_votes_tells_voters(kind: str) -> None:
    told = words(f"{imported(kind).get_absolute_url()}result/")
    assert ("Voters for" in told, "voters who chose it" in told, "points" in told) == (
        True, True, False,
    )  # fmt: skip


@pytest.mark.django_db
def test_each_kind_says_in_its_words_what_voters_did() -> None:
    said = {
        "ordinal": ("Each ranked projects", "Cada quien ordenó proyectos"),
        "cumulative": ("Each spread points", "Cada quien repartió puntos"),
        "scoring": ("Each scored projects", "Cada quien puntuó proyectos"),
    }
    for kind, (english, spanish) in said.items():
        url = f"{imported(kind).get_absolute_url()}result/"
        assert (english in words(url), spanish in words(url, "es")) == (True, True)


@pytest.mark.django_db
@pytest.mark.parametrize("kind", BALLOTS)
def test_rules_that_cannot_count_these_ballots_are_not_offered(kind: str) -> None:
    """Phragmén counts ballots that only tick; a rule that is not offered is kept for its own vote."""
    process = imported(kind, "greedy-threshold\nmin_project_score_threshold;2")
    url, possible = process.get_absolute_url(), kind not in FIRST
    told = words(f"{url}result/rules/")
    assert ("Phragmén: money flows" in told, "is not among them" in told) == (
        possible, not possible,
    )  # fmt: skip
    unit = "votes" if possible else "points"
    assert f"Greedy: most {unit} first, of projects with enough of them" in told
    form = Client().get(f"{url}what-if/").content.decode()
    assert ('value="phragmen"' in form, '<option value="greedy-threshold" selected' in form) == (
        possible,
        True,
    )


@pytest.mark.django_db
def test_bundle_names_the_ballots_and_the_file_of_reasons_their_points() -> None:
    process = imported("cumulative")
    with zipfile.ZipFile(queries.bundle_path(process)) as archive:
        assert json.loads(archive.read("rulebook.json"))["ballot"] == "cumulative"
    url = f"{process.get_absolute_url()}result/projects.csv"
    rows = csv.DictReader(Client().get(url).content.decode().splitlines())
    assert {row["project"]: (row["points"], row["votes"]) for row in rows} == {
        "p1": ("9", "3"),
        "p2": ("6", "2"),
        "p3": ("5", "1"),
    }
    told = Client().get(f"/api/processes/{process.slug}/result").json()["areas"][0]
    assert (told["ballot"], told["points"]["p1"], told["votes"]["p1"]) == ("cumulative", 9, 3)


@pytest.mark.django_db
def test_no_votes_can_be_added_to_points_so_only_the_cost_is_told() -> None:
    process = imported("cumulative")
    while work_out_margin(START, never):
        pass
    url = f"{process.get_absolute_url()}projects/p3/"
    told = words(url)
    assert ("more vote" in told, "At which cost" in told) == (False, "instead of" in told)
