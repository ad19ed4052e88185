"""Nobody outside learns of a round, and inside nobody learns what another one pledged."""

from collections.abc import Callable
from datetime import timedelta

import pytest
from django.test import Client
from django.utils import timezone

from interlock.web.coops.actions import rounds as actions
from interlock.web.coops.actions.members import change_status
from interlock.web.coops.models import Status
from interlock.web.messages.models import Mail
from interlock.web.people.models import Person
from tests.staging import staged
from tests.web.coops.guild import Guild
from tests.web.coops.playing import begun, counted, opened
from tests.web.coops.test_rounds import vote
from tests.world import START, World, make_world

PAGES = (
    "rounds/", "rounds/new/", "rounds/1/", "rounds/1/projects/new/", "rounds/1/projects/1/",
    "rounds/1/open/", "rounds/1/pledges/", "rounds/1/result/", "rounds/1/end/", "",
)  # fmt: skip
#: A title, a project, a name, an allowance and a pledge.
WORDS = (b"What shall we do", b"Espresso", b"Eva Lind", b"225", b"123.45")


@staged
def world() -> World:
    return make_world()


@pytest.mark.parametrize("who", ["nobody", "alice", "carol", "dora", "fay", "wes"])
def test_no_page_of_a_round_tells_an_outsider_anything(
    who: str,
    guild: Guild,
    world: World,
    signed_in: Callable[[Person], Client],
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    held = opened(begun(guild, is_pledged=True), guild)
    project = held.process.projects.first()
    assert project is not None
    actions.pledge(round=held, amounts={project: 12_345}, by=guild.eva, at=START)
    monkeypatch.setattr(timezone, "now", lambda: START)
    person = world.alice if who == "alice" else getattr(guild, who, None)
    client = signed_in(person) if person else Client()
    for page in PAGES:
        answer = client.get(f"/coops/{guild.spokes.slug}/{page}")
        assert answer.status_code == (404 if person else 302)
        assert [word for word in WORDS if word in answer.content] == []
    for page in ("/", "/desk/", "/record/", f"/institutions/{guild.spokes.slug}/"):
        assert [word for word in WORDS if word in client.get(page).content] == []


@pytest.mark.parametrize("is_pledged", [True, False])
def test_nothing_goes_to_who_left_between_record_date_and_opening(
    guild: Guild, is_pledged: bool
) -> None:
    held = begun(guild, is_pledged=is_pledged)
    change_status(
        member=guild.member("Eva"),
        status=Status.FORMER,
        on=START.date() - timedelta(days=1),
        own_will=True,
        by=guild.bob,
        at=START,
    )
    Mail.objects.all().delete()
    held = opened(held, guild)
    assert held.electors == 3
    assert sorted(one.to for one in Mail.objects.all()) == [
        f"{name}@example.org" for name in ("ana", "ben", "bob")
    ]


def test_what_two_voted_is_told_to_nobody(
    guild: Guild, signed_in: Callable[[Person], Client]
) -> None:
    """Whoever is to publish the count would learn what somebody chose."""
    held = opened(begun(guild), guild)
    vote(held, [["1"], ["1"]])
    counted(held)
    answer = signed_in(guild.ana).get(f"/coops/{guild.spokes.slug}/rounds/1/result/")
    assert answer.status_code == 409
    assert b"Espresso" not in answer.content


def test_what_one_pledged_is_told_to_oneself_and_to_others_in_sum_only(
    guild: Guild, signed_in: Callable[[Person], Client], monkeypatch: pytest.MonkeyPatch
) -> None:
    held = opened(begun(guild, is_pledged=True), guild)
    project = held.process.projects.first()
    assert project is not None
    actions.pledge(round=held, amounts={project: 12_345}, by=guild.eva, at=START)
    actions.pledge(round=held, amounts={project: 100}, by=guild.ben, at=START)
    monkeypatch.setattr(timezone, "now", lambda: START)
    pages = [f"/coops/{guild.spokes.slug}/rounds/1/{page}" for page in ("", "pledges/")]
    for page in pages:
        assert b"123.45" in signed_in(guild.eva).get(page).content
        for other in (guild.ana, guild.ben):
            content = signed_in(other).get(page).content
            assert b"124.45" in content
            assert b"123.45" not in content
            assert b"Eva Lind" not in content
