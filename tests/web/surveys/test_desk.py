"""The pages of those who ask, from the first press to the end."""

from collections.abc import Callable
from datetime import timedelta

import pytest
from django.test import Client
from django.utils import timezone

from interlock.web.people.models import Person
from interlock.web.surveys.models import Study
from tests.web.surveys.conftest import Asked

SignIn = Callable[[Person], Client]


def test_one_press_prepares_a_survey_and_three_open_it(asked: Asked, signed_in: SignIn) -> None:
    client = signed_in(asked.dora)
    day = (timezone.now() + timedelta(days=60)).date()
    answer = client.post(
        "/surveys/launch/",
        {
            "institution": asked.federation.pk,
            "contact_0": "survey@threerivers.example",
            "ethics_0": "ethics@threerivers.example",
            "closes_on": day.isoformat(),
        },
        follow=True,
    )
    made = Study.objects.order_by("-pk")[0]
    home = f"/surveys/{made.slug}/desk/"
    assert answer.redirect_chain == [(home, 302)]
    assert made.versions.get().published_at is None
    assert "Next: publish the questions" in answer.content.decode()
    answer = client.post(f"{home}questions/1/publish/", follow=True)
    assert "Next: open the survey" in answer.content.decode()
    answer = client.post(f"{home}open/", follow=True)
    made.refresh_from_db()
    assert (answer.redirect_chain, made.is_open) == ([(home, 302)], True)


PAGES = (
    "/surveys/desk/", "/surveys/launch/", "{home}", "{home}texts/", "{home}questions/",
    "{home}questions/1/", "{home}questions/1/preview/", "{home}seeds/", "{home}doubts/",
    "{home}researchers/", "{home}questions/1.xlsx", "{home}questions/1.zip",
    "{home}questions/1.yaml", "/surveys/desk/instruments/ties.xlsx",
    "/institutions/three-rivers/", "{public}research/",
)  # fmt: skip


@pytest.mark.parametrize("path", PAGES)
def test_page_of_the_desk_is_there(asked: Asked, signed_in: SignIn, path: str) -> None:
    public = asked.study.get_absolute_url()
    for seed in asked.cards:
        asked.core(asked.enter(coupon=seed.code).code)
    address = path.format(home=f"{public}desk/", public=public)
    assert signed_in(asked.dora).get(address).status_code == 200
