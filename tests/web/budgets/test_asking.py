"""What if: other rules beside the one that decided, and other terms, counted by the worker."""

import re
from collections.abc import Callable
from datetime import UTC, datetime, timedelta

import pytest
from django.test import Client

from interlock.web.budgets import answering, asking, rules
from interlock.web.budgets.answering import KEPT, answer_what_if
from interlock.web.budgets.models import WhatIf
from interlock.web.people.models import Person
from tests.world import World, make_world

NOW = datetime.now(UTC)


@pytest.fixture
def decided(world: World, monkeypatch: pytest.MonkeyPatch) -> World:
    monkeypatch.setattr(asking, "PATIENCE", 0.0)
    return world.open().cast_many(40).close().count().publish()


def ask(world: World, *, area: str = "harbor", **terms: str) -> str:
    """Ask about an area by the page, and give the address of the answer."""
    path = f"{world.process.get_absolute_url()}what-if/{area}/"
    typed = {"rule": "greedy", "budget": "50,000", "project": "", "cost": ""} | terms
    answer = Client().post(path, typed)
    assert answer.status_code == 302, answer.content.decode()
    return str(answer["Location"])


def page(path: str) -> str:
    answer = Client().get(path)
    assert answer.status_code == 200
    return answer.content.decode()


def words(path: str) -> str:
    """What a page says, without its marks."""
    return " ".join(re.sub(r"<[^>]+>", "", page(path)).split())


def test_all_rules_stand_side_by_side(decided: World) -> None:
    text = page(f"{decided.process.get_absolute_url()}result/rules/")
    for name in rules.RULES:
        assert f"<code>{name}</code>" in text
    assert text.count("The rule of this vote") == decided.process.areas.count()


def test_an_answer_comes_from_the_worker(decided: World) -> None:
    address = ask(decided, budget="48,000")
    waiting = page(address)
    assert 'hx-trigger="load delay:1s"' in waiting
    assert "Look again" in waiting
    assert answer_what_if(NOW)
    assert "hx-trigger" not in page(address)
    told = words(address)
    assert "Then 1 project is funded, $48,000 of $48,000" in told
    assert "The same projects are funded." in told


def test_a_lower_cost_is_counted_and_who_gains_is_told(decided: World) -> None:
    """Pier lights got no vote; the tools, at a cost beyond the budget, drop out."""
    address = ask(decided, project="3", cost="60,000")
    assert answer_what_if(NOW)
    told = words(address)
    assert "Then 0 projects are funded, $0 of $50,000" in told
    assert "Not funded then, and funded as decided" in told
    assert "projects funded: 0; with fewer: 40." in told


def test_the_same_question_is_one_row_and_a_wrong_one_is_refused(decided: World) -> None:
    assert ask(decided) == ask(decided)
    assert WhatIf.objects.count() == 1
    path = f"{decided.process.get_absolute_url()}what-if/harbor/"
    for terms in ({"project": "3", "cost": ""}, {"rule": "lottery"}, {"budget": "much"}):
        typed = {"rule": "greedy", "budget": "50,000", "project": "", "cost": ""} | terms
        assert Client().post(path, typed).status_code == 422
    assert WhatIf.objects.count() == 1


def test_a_count_that_fails_is_told_without_its_error_and_not_tried_again(
    decided: World, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(answering, "election_of", broken)
    address = ask(decided)
    assert answer_what_if(NOW)
    assert not answer_what_if(NOW)
    told = words(address)
    assert "This could not be counted." in told
    assert "disk" not in told
    assert WhatIf.objects.get().failure == "disk"


def broken(*_: object) -> None:
    raise OSError("disk")


def test_a_count_that_takes_too_long_is_given_up(
    decided: World, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(answering, "LONGEST", -1)
    ask(decided, area="city-wide", rule="equalshares/add1", budget="120,000")
    assert answer_what_if(NOW)
    assert WhatIf.objects.get().failure.startswith("given up")


def test_too_many_questions_are_sent_away(decided: World, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(rules, "MOST_WAITING", 1)
    ask(decided)
    path = f"{decided.process.get_absolute_url()}what-if/harbor/"
    refused = Client().post(path, {"rule": "phragmen", "budget": "1", "project": "", "cost": ""})
    assert (refused.status_code, b"Many people are asking" in refused.content) == (503, True)


def test_old_answers_are_dropped_with_the_next(decided: World) -> None:
    ask(decided)
    asked_at = WhatIf.objects.get().asked_at
    assert answer_what_if(asked_at)
    ask(decided, budget="48,000")
    assert answer_what_if(asked_at + KEPT)
    assert WhatIf.objects.count() == 2
    ask(decided, budget="47,000")
    assert answer_what_if(asked_at + KEPT + timedelta(minutes=5))
    assert WhatIf.objects.count() == 0


def test_an_organiser_is_led_to_votes_whose_ballots_are_public(
    decided: World, signed_in: Callable[[Person], Client]
) -> None:
    few = make_world().open().cast_many(5).close().count().publish()
    draft = make_world()
    desk = signed_in(draft.alice).get(f"{draft.process.get_absolute_url()}organise/")
    text = desk.content.decode()
    assert f"{decided.process.get_absolute_url()}what-if/?rule=equalshares%2Fadd1" in text
    assert f"{few.process.get_absolute_url()}what-if/" not in text


def test_few_ballots_answer_nothing(world: World) -> None:
    world.open().cast_many(rules.FEWEST_PUBLISHED_BALLOTS - 1).close().count().publish()
    url = world.process.get_absolute_url()
    for path in ("what-if/", "what-if/harbor/", "result/rules/"):
        assert Client().get(f"{url}{path}").status_code == 403
    assert Client().post(f"{url}what-if/harbor/", {"rule": "greedy"}).status_code == 403


def test_of_two_areas_each_is_asked_apart(decided: World) -> None:
    text = page(f"{decided.process.get_absolute_url()}what-if/")
    assert 'aria-current="page">City-wide' in " ".join(text.split()).replace(" >", ">")
    assert f"{decided.process.get_absolute_url()}what-if/harbor/" in text
