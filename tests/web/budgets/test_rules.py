"""Readiness and ballots: reasons, or None."""

from datetime import timedelta

import pytest

from interlock.web.budgets import actions, rules
from interlock.web.budgets.models import Phase, Process
from interlock.web.look.refusals import Refused
from interlock.web.record.chain import digest
from tests.world import CLOSE, DOLLARS, START, World


def missing(process: Process) -> list[str]:
    return [
        line.title for line in rules.readiness(process, START) if not (line.done or line.advice)
    ]


def test_world_is_ready_to_open(world: World) -> None:
    lines = rules.readiness(world.process, START)
    assert ([line.title for line in lines if not line.done], rules.is_ready(lines)) == ([], True)


def test_new_process_says_all_that_is_missing(world: World) -> None:
    bare = actions.create_process(
        institution=world.city, title="Bare", at=START, by=world.alice, zone="UTC"
    )
    assert missing(bare) == [
        "Voting has no end yet.",
        "There is no money yet.",
        "The voter roll is empty.",
    ]


def test_money_outside_every_area_is_missing_something(world: World) -> None:
    area = world.process.areas.get(ref="harbor")
    actions.put_area(
        process=world.process,
        area=area,
        name=area.name,
        max_choices=2,
        allocations={world.process.pots.get(): 49_000 * DOLLARS},
    )
    assert missing(world.process) == ["$1,000 is in no area yet."]


def test_project_dearer_than_its_area_is_named(world: World) -> None:
    world.process.projects.filter(ref="3").update(cost=50_001 * DOLLARS)
    assert missing(world.process) == ["Tool library costs more than Harbor has."]


def test_area_without_projects_is_named(world: World) -> None:
    world.process.projects.filter(area__ref="harbor").delete()
    assert missing(world.process) == ["Harbor has no project yet."]


def test_past_deadline_is_named(world: World) -> None:
    Process.objects.update(closes_at=START - timedelta(days=1))
    assert missing(world.refresh()) == ["The end of voting has passed."]


def test_missing_spanish_is_an_advice_only(world: World) -> None:
    world.process.projects.filter(ref="1").update(title="English only")
    lines = rules.readiness(world.process, START)
    assert ([line.title for line in lines if not line.done], rules.is_ready(lines)) == (
        ["1 title has no Spanish yet."],
        True,
    )


def test_opening_what_is_not_ready_is_refused_with_the_first_thing(world: World) -> None:
    world.process.projects.all().delete()
    with pytest.raises(Refused, match="City-wide has no project yet"):
        world.open()
    assert world.refresh().phase is Phase.DRAFT


def test_rulebook_is_frozen_and_hashed_when_voting_opens(world: World) -> None:
    book = world.open().process.rulebook
    assert book.sha256 == digest(book.body)
    assert [area["budget"] for area in book.body["areas"]] == [15_000_000, 5_000_000]
    for change in (
        lambda: actions.change_process(process=world.process, changes={"rule": "greedy"}),
        lambda: actions.remove_project(project=world.process.projects.get(ref="1")),
        lambda: actions.remove_pot(pot=world.process.pots.get()),
    ):
        with pytest.raises(Refused, match="frozen"):
            change()


@pytest.mark.parametrize(
    ("choices", "reason"),
    [
        ({"city-wide": ["1"], "harbor": ["3", "4"]}, None),
        ({"city-wide": ["1", "2"]}, "You ticked 2 projects in City-wide"),
        ({"harbor": ["1"]}, "not part of this vote"),
        ({"nowhere": ["1"]}, "not part of this vote"),
        ({}, "Nothing is ticked yet"),
        ({"harbor": []}, "Nothing is ticked yet"),
    ],
)
def test_ballot_is_accepted_or_told_why_not(
    world: World, choices: dict[str, list[str]], reason: str | None
) -> None:
    told = rules.why_not_ballot(world.open().process.rulebook, choices)
    assert (told is None) if reason is None else (told is not None and reason in told)


def test_failed_count_says_why_and_can_be_asked_for_again(
    world: World, monkeypatch: pytest.MonkeyPatch
) -> None:
    from interlock.web.budgets import counting

    world.open().cast_many(4).close()
    with monkeypatch.context() as broken:
        broken.setattr(counting.bundle, "write", lambda **_: 1 / 0)
        counting.run_due(CLOSE)
    assert (world.refresh().count_failure, world.process.phase) == (
        "division by zero",
        Phase.CLOSED,
    )
    assert counting.run_due(CLOSE) == 0
    actions.ask_for_count(process=world.process, at=CLOSE)
    assert (counting.run_due(CLOSE), world.refresh().phase) == (1, Phase.COUNTED)


def test_worker_closes_and_counts_what_is_due(world: World) -> None:
    from interlock.web.budgets import counting

    world.open().cast_many(4)
    assert counting.run_due(START) == 0
    assert counting.run_due(CLOSE) == 1
    assert world.refresh().phase is Phase.COUNTED
