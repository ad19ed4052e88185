"""`interlock import`: a finished election from a file, of voters nobody here knows."""

import hashlib
import os
from pathlib import Path

import pytest
from django.test import Client

from interlock.__main__ import main
from interlock.home import ROOT
from interlock.methods.formats import bundle
from interlock.web.budgets import counting, queries
from interlock.web.budgets.models import Process
from interlock.web.look.refusals import Refused
from interlock.web.voting.models import Ballot
from tests.plugin import REAL_FILES
from tests.world import START

SMALL = """META
key;value
description;A small vote
country;Poland
unit;Smallville
instance;2024
num_projects;3
num_votes;4
budget;100.50
vote_type;approval
rule;equalshares/add1-comparison
date_begin;01.01.2024
date_end;31.01.2024
PROJECTS
project_id;cost;votes;name;selected
p1;60.50;3;Trees;1
p2;40;2;Bench;1
p3;50;1;Fountain;0
VOTES
voter_id;vote
1;p1,p2
2;p1
3;p1,p2
4;p3
"""


@pytest.mark.django_db
def test_file_that_is_made_up_makes_an_institution_that_is_and_a_real_one_never_joins_it() -> None:
    invented = SMALL.replace("unit;", "synthetic;true\nunit;").encode()
    made_up = counting.import_election(file_name="a.pb", data=invented, at=START).process
    real = counting.import_election(file_name="b.pb", data=SMALL.encode(), at=START).process
    assert (made_up.is_synthetic, real.is_synthetic) == (True, False)
    assert made_up.institution.name == real.institution.name
    found = bundle.recount(queries.bundle_path(made_up).read_bytes())
    assert (found.is_synthetic, found.differences) == (True, ())


@pytest.mark.django_db
def test_import_makes_a_published_process_with_its_ballots() -> None:
    made = counting.import_election(file_name="small.pb", data=SMALL.encode(), at=START)
    result = queries.result(made.process)
    area = result.areas[0]
    assert (made.process.currency, area.budget, area.spent) == ("PLN", 10_050, 10_050)
    assert [line.project.ref for line in area.funded] == ["p1", "p2"]
    assert (area.agrees_with_file, result.ballots, Ballot.objects.count()) == (True, 4, 4)
    assert made.process.rule == "equalshares/add1-comparison"
    page = Client().get(f"{made.process.get_absolute_url()}result/").content.decode()
    assert "It funds exactly the projects that the file names as funded." in page


@pytest.mark.django_db
def test_bundle_of_an_import_holds_the_very_file() -> None:
    made = counting.import_election(file_name="small.pb", data=SMALL.encode(), at=START)
    packed = queries.bundle_path(made.process).read_bytes()
    assert bundle.recount(packed).differences == ()
    count = made.process.areas.get().count
    assert count.input_sha256 == hashlib.sha256(SMALL.encode()).hexdigest()


@pytest.mark.django_db
def test_same_file_is_not_imported_twice() -> None:
    counting.import_election(file_name="small.pb", data=SMALL.encode(), at=START)
    with pytest.raises(Refused, match="imported before"):
        counting.import_election(file_name="small.pb", data=SMALL.encode(), at=START)
    assert Process.objects.count() == 1


@pytest.mark.django_db
@pytest.mark.parametrize(
    ("before", "after", "reason"),
    [
        ("equalshares/add1-comparison", "unknown", "--rule"),
        ("equalshares/add1-comparison", "greedy-threshold", "--rule"),
        ("country;Poland", "country;Worldwide", "--currency"),
        ("60.50;3", "60.505;3", "more decimals than PLN has"),
    ],
)
def test_import_refuses_in_a_sentence_and_leaves_nothing(
    before: str, after: str, reason: str
) -> None:
    with pytest.raises(Refused) as refused:
        counting.import_election(
            file_name="small.pb", data=SMALL.replace(before, after).encode(), at=START
        )
    assert reason in str(refused.value.reason)
    assert (Process.objects.count(), Ballot.objects.count()) == (0, 0)


@pytest.mark.usefixtures("emptied")
def test_command_prints_where_the_result_is(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    file = tmp_path / "small.pb"
    file.write_text(SMALL)
    assert main(["import", str(file)]) == 0
    assert "/budgets/smallville-2024/result/" in capsys.readouterr().out


@pytest.mark.usefixtures("emptied")
def test_command_names_every_fault_with_its_line(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    file = tmp_path / "small.pb"
    file.write_text(SMALL.replace("p3;50", "p3;NaN").replace("4;p3", "4;p9"))
    assert main(["import", str(file)]) == 2
    told = capsys.readouterr().err
    assert ("line 18" in told, "line 24" in told) == (True, True)


@pytest.mark.django_db
def test_real_town_is_reproduced() -> None:
    name = "Poland_Wieliczka_2023_Green_Budget.pb"
    data = Path(os.environ.get("INTERLOCK_DATA", ROOT.parent / "shared" / "data"))
    file = data / "pb" / "open" / name
    if not file.exists():
        pytest.skip(f"{REAL_FILES}: {name} is not there")
    made = counting.import_election(file_name=name, data=file.read_bytes(), at=START)
    area = queries.result(made.process).areas[0]
    assert (len(area.funded), area.agrees_with_file) == (30, True)
