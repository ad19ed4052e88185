"""How far an unfunded project was: the worker's second pass, and the pages that tell it."""

import csv
import io
import json
import re
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
from django.test import Client

from interlock.__main__ import main
from interlock.web.budgets import counting, recounting, rules
from interlock.web.budgets.models import Margin, Process
from interlock.web.budgets.recounting import is_urgent, work_out_margin
from tests.staging import staged
from tests.web.budgets.test_import import SMALL
from tests.world import CLOSE, START, World, make_world

AFTER = CLOSE + timedelta(minutes=5)


def never() -> bool:
    return False


def work_out_all() -> None:
    while work_out_margin(AFTER, never):
        pass


def words(path: str, language: str = "en") -> str:
    """What a page says, without its marks."""
    answer = Client().get(f"{path}?language={language}", follow=True)
    assert answer.status_code == 200
    return " ".join(re.sub(r"<[^>]+>", "", answer.content.decode()).split())


@staged
def counted(world: World) -> World:
    """Nineteen for the shade, twenty-one for the night bus; who ticks the tools, does not matter."""
    world.open().cast_many(39)
    world.cast(39, {"city-wide": ["2"], "harbor": ["3"]})
    return world.close().count()


@staged
def worked_out(counted: World) -> World:
    work_out_all()
    return counted.publish()


def test_pages_tell_how_far_a_project_was(worked_out: World, tmp_path: Path) -> None:
    """The numbers are those that `interlock explain` finds in the file of the ballots."""
    url = worked_out.process.get_absolute_url()
    file = tmp_path / "city-wide.pb"
    file.write_bytes(Client().get(f"{url}result/ballots/city-wide/").content)
    unfunded = Margin.objects.get(project__area__ref="city-wide")
    needed, cost = explained(file, unfunded.project.ref)
    assert (unfunded.votes, unfunded.cost) == (needed, cost * 100)
    vote = "vote" if needed == 1 else "votes"
    now = f"${unfunded.project.cost // 100:,}"
    told = (
        f"With {needed} more {vote}, or at ${cost:,} instead of {now}, it would have been funded."
    )
    for page in ("result/", f"projects/{unfunded.project.ref}/"):
        assert told in words(f"{url}{page}")
        assert "found by counting again" in words(f"{url}{page}")


def explained(file: Path, project: str) -> tuple[int, Any]:
    """What the command finds: how many more votes, and at which cost in currency units."""
    out = io.StringIO()
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr("sys.stdout", out)
        assert main(["explain", str(file), project, "--json"]) == 0
    told = json.loads(out.getvalue())
    return told["more_votes"]["needed"], told["lower_cost"]["needed"]


def test_pages_tell_it_in_spanish(worked_out: World) -> None:
    unfunded = Margin.objects.get(project__area__ref="city-wide").project
    assert "se habría financiado." in words(unfunded.get_absolute_url(), "es")


def test_neither_count_nor_publication_waits(counted: World) -> None:
    waiting = Margin.objects.filter(worked_out_at=None)
    assert waiting.count() == Margin.objects.count() == 2
    counted.publish()
    url = counted.process.get_absolute_url()
    unfunded = Margin.objects.get(project__area__ref="city-wide").project
    for page in ("result/", f"projects/{unfunded.ref}/"):
        told = words(f"{url}{page}")
        assert "still being found by counting again" in told
        assert "would have been funded" not in told
    work_out_all()
    assert "still being found" not in words(f"{url}result/")


def test_nothing_is_shown_of_a_project_before_publication(counted: World) -> None:
    work_out_all()
    for margin in Margin.objects.select_related("project__process"):
        told = words(margin.project.get_absolute_url())
        assert ("unded" in told, "upported it" in told) == (False, False)


def test_a_project_that_nobody_wants_is_told_without_numbers(worked_out: World) -> None:
    lights = Margin.objects.get(project__ref="4")
    assert (lights.cost, lights.worked_out_at) == (None, AFTER)
    told = words(lights.project.get_absolute_url())
    assert "Nobody voted for it." in told
    assert "instead of" not in told


def test_what_is_urgent_goes_first_and_nothing_is_lost(counted: World) -> None:
    """As when the worker is stopped: the project is simply begun anew."""
    waiting = Margin.objects.filter(worked_out_at=None)
    assert work_out_margin(AFTER, lambda: True)
    assert waiting.count() == 2
    assert work_out_margin(AFTER, never)
    assert waiting.count() == 1
    assert counted.process.counted_at


def test_a_search_asks_again_and_again_whether_it_must_stop(
    counted: World, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(recounting, "LOOK_UP", 0)
    asked = []

    def at_the_third() -> bool:
        asked.append(1)
        return len(asked) == 3

    assert work_out_margin(AFTER, at_the_third)
    assert (len(asked), Margin.objects.filter(worked_out_at=None).count()) == (3, 2)
    assert counted.process.counted_at


def test_a_vote_to_close_a_count_and_a_question_are_urgent(world: World) -> None:
    world.open().cast_many(31)
    before = CLOSE - timedelta(seconds=1)
    assert (is_urgent(before), is_urgent(CLOSE)) == (False, True)
    world.close()
    assert is_urgent(AFTER)
    world.count()
    assert not is_urgent(AFTER)
    world.publish()
    path = f"{world.process.get_absolute_url()}what-if/harbor/"
    typed = {"rule": "greedy", "budget": "50,000", "project": "", "cost": ""}
    assert Client().post(path, typed).status_code == 302
    assert is_urgent(AFTER)


def test_a_search_that_takes_too_long_is_given_up_once(
    counted: World, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(recounting, "LONGEST", -1)
    work_out_all()
    found = Margin.objects.values_list("votes", "cost", "worked_out_at")
    assert list(found) == 2 * [(None, None, AFTER)]
    told = words(f"{counted.publish().process.get_absolute_url()}result/")
    assert "counting again" not in told
    assert "would have been" not in told


def test_a_search_that_fails_is_not_tried_for_ever(
    counted: World, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    def broken(*_: object) -> None:
        raise OSError("disk")

    monkeypatch.setattr(recounting, "election_of", broken)
    recounting._counted.cache_clear()
    work_out_all()
    assert not Margin.objects.filter(worked_out_at=None).exists()
    assert f"a margin in {counted.process.slug} failed" in caplog.text


def test_few_ballots_are_never_asked_how_far(world: World) -> None:
    """One vote more or less would tell what somebody chose."""
    world.open().cast_many(rules.FEWEST_PUBLISHED_BALLOTS - 1).close().count().publish()
    assert not Margin.objects.exists()
    assert not work_out_margin(AFTER, never)
    told = words(f"{world.process.get_absolute_url()}result/")
    assert "counting again" not in told
    project = words(f"{world.process.get_absolute_url()}projects/2/")
    assert ("unded" in project, "upport" in project) == (True, False)


def test_few_ballots_keep_back_what_was_worked_out_all_the_same(world: World) -> None:
    world.open().cast_many(rules.FEWEST_PUBLISHED_BALLOTS - 1).close().count().publish()
    lights = world.process.projects.get(ref="4")
    Margin.objects.create(project=lights, votes=5, cost=4_200_00, worked_out_at=AFTER)
    url, client = world.process.get_absolute_url(), Client()
    pages = [f"{url}result/", f"{url}projects/4/", f"{url}result/projects.csv"]
    pages.append(f"/api/processes/{world.process.slug}/result")
    seen = "".join(client.get(page).content.decode() for page in pages)
    assert [told for told in ("more vote", "4,200", "4200", 'more_votes":') if told in seen] == []


def test_newest_count_comes_first(counted: World) -> None:
    newer = make_world().open().cast_many(40).close().count()
    assert work_out_margin(AFTER, never)
    done = Margin.objects.get(worked_out_at=AFTER)
    assert done.project.process_id == newer.process.pk != counted.process.pk


@pytest.mark.django_db
def test_imported_votes_are_told_to_the_cent(tmp_path: Path) -> None:
    """Of 110.25 the others leave 9.75; so few ballots were public before."""
    file = tmp_path / "small.pb"
    text = SMALL.replace("100.50", "110.25").replace("equalshares/add1-comparison", "greedy")
    file.write_text(text)
    counting.import_election(file_name=file.name, data=file.read_bytes(), at=START)
    work_out_all()
    margin = Margin.objects.get()
    assert explained(file, "p3") == (margin.votes, "9.75")
    assert margin.cost == 975
    told = words(margin.project.get_absolute_url())
    assert "more votes, or at PLN 9.75 instead of PLN 50, it would" in told


def test_numbers_are_in_the_file_of_reasons_and_in_the_api(worked_out: World) -> None:
    url = worked_out.process.get_absolute_url()
    margin = Margin.objects.get(project__area__ref="city-wide")
    rows = csv.DictReader(Client().get(f"{url}result/projects.csv").content.decode().splitlines())
    found = {row["project"]: (row["more_votes"], row["lower_cost"]) for row in rows}
    assert margin.cost is not None
    assert found[margin.project.ref] == (str(margin.votes), str(margin.cost // 100))
    told = Client().get(f"/api/processes/{worked_out.process.slug}/result").json()
    assert told["areas"][0]["margins"] == {
        margin.project.ref: {"more_votes": margin.votes, "lower_cost_minor_units": margin.cost}
    }


@pytest.mark.usefixtures("emptied", "hasty_worker")
def test_worker_works_them_out_when_nothing_else_is_due() -> None:
    world = make_world().open().cast_many(40).close().count()
    assert main(["work", "--once"]) == 0
    assert not Margin.objects.filter(worked_out_at=None).exists()
    assert Process.objects.get(pk=world.process.pk).counted_at
