"""A refusal says why, what to do, and where that is done."""

from collections.abc import Callable

import pytest
from django.test import Client

from interlock.web.people.models import Person
from tests.world import World

SignIn = Callable[[Person], Client]


@pytest.mark.parametrize(
    ("path", "status", "steps"),
    [
        ("/needs/new/", 403, ["/institutions/", "/institutions/new/"]),
        ("/needs/process/", 403, ["/institutions/", "/institutions/new/"]),
        ("/ties/new/", 403, ["/institutions/", "/institutions/new/"]),
        ("/ways/proposals/new/", 403, ["/institutions/", "/institutions/new/"]),
        ("/needs/around/city-of-riverbend/", 403, ["/institutions/city-of-riverbend/"]),
        ("/institutions/city-of-riverbend/edit/", 403, ["/institutions/city-of-riverbend/"]),
        ("/budgets/riverbend-decides/organise/", 403, ["/institutions/city-of-riverbend/"]),
    ],
)
def test_page_that_is_refused_leads_to_the_next_step(
    world: World, signed_in: SignIn, path: str, status: int, steps: list[str]
) -> None:
    answer = signed_in(world.bob).get(path)
    assert (answer.status_code, [step.url for step in answer.context["refusal"].steps]) == (
        status, steps,
    )  # fmt: skip
    page = answer.content.decode()
    assert [f'href="{step}"' in page for step in (*steps, "/")] == [True] * (len(steps) + 1)


def test_result_that_is_not_published_leads_to_its_process(world: World) -> None:
    world.open().close()
    answer = Client().get("/budgets/riverbend-decides/result/")
    assert [step.url for step in answer.context["refusal"].steps] == ["/budgets/riverbend-decides/"]
