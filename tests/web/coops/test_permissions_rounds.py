"""Who may do what with a round: every role and every page, before it opens, while it is open, after."""

from collections.abc import Callable

import pytest
from django.test import Client
from django.utils import timezone

from interlock.web.coops.models import Round
from interlock.web.people.models import Person
from tests.staging import staged
from tests.web.coops.guild import Guild
from tests.web.coops.playing import ENDED, begun, counted, opened
from tests.world import START, World, make_world

WHO = ("nobody", "alice", "carol", "dora", "fay", "wes", "cam", "iris", "eva", "ben", "ana", "bob")
OUT = "302 404 404 404 404 404"
#: For each page: nobody, the city's officer, another co-op's steward, the own delegate, who left, who
#: works there; then candidate, inactive member, the one who added the project, secretary, treasurer,
#: steward. 302 is the sign-in page for nobody, and the act itself for the others of a post.
TABLE: dict[str, dict[tuple[str, str], str]] = {
    "ideas": {
        ("rounds/", "get"): f"{OUT} 200 200 200 200 200 200",
        ("rounds/new/", "get"): f"{OUT} 403 403 403 403 200 200",
        ("rounds/1/", "get"): f"{OUT} 200 200 200 200 200 200",
        ("rounds/1/projects/new/", "get"): f"{OUT} 200 200 200 200 200 200",
        ("rounds/1/projects/1/", "get"): f"{OUT} 403 403 200 403 200 200",
        ("rounds/1/open/", "get"): f"{OUT} 403 403 403 403 200 200",
        ("rounds/1/pledges/", "get"): f"{OUT} 409 409 409 409 409 409",
        ("rounds/1/result/", "get"): f"{OUT} 403 403 403 403 409 409",
        ("rounds/1/publish/", "post"): f"{OUT} 403 403 403 403 409 409",
        ("rounds/1/count/", "post"): f"{OUT} 403 403 403 403 409 409",
        ("rounds/1/end/", "get"): f"{OUT} 403 403 403 403 200 200",
    },
    "open": {
        ("rounds/1/", "get"): f"{OUT} 200 200 200 200 200 200",
        ("rounds/1/projects/new/", "get"): f"{OUT} 409 409 409 409 409 409",
        ("rounds/1/projects/1/", "get"): f"{OUT} 409 409 409 409 409 409",
        ("rounds/1/open/", "get"): f"{OUT} 403 403 403 403 409 409",
        ("rounds/1/pledges/", "get"): f"{OUT} 409 409 409 409 409 409",
        ("rounds/1/result/", "get"): f"{OUT} 403 403 403 403 409 409",
        ("rounds/1/end/", "get"): f"{OUT} 403 403 403 403 409 409",
    },
    "pledged": {
        ("rounds/1/", "get"): f"{OUT} 200 200 200 200 200 200",
        ("rounds/1/pledges/", "get"): f"{OUT} 403 403 200 200 200 200",
        ("rounds/1/end/", "get"): f"{OUT} 403 403 403 403 409 409",
    },
    "counted": {
        ("rounds/1/", "get"): f"{OUT} 200 200 200 200 200 200",
        ("rounds/1/result/", "get"): f"{OUT} 403 403 403 403 200 200",
        ("rounds/1/open/", "get"): f"{OUT} 403 403 403 403 409 409",
        ("rounds/1/end/", "get"): f"{OUT} 403 403 403 403 409 409",
        ("rounds/1/publish/", "post"): f"{OUT} 403 403 403 403 302 409",
    },
}


@staged
def world() -> World:
    return make_world()


def taken(guild: Guild, stage: str) -> Round:
    held = begun(guild, is_pledged=stage == "pledged")
    if stage != "ideas":
        held = opened(held, guild)
    return counted(held) if stage == "counted" else held


@pytest.mark.parametrize("stage", TABLE)
def test_status_of_every_page(
    stage: str,
    guild: Guild,
    world: World,
    signed_in: Callable[[Person], Client],
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    taken(guild, stage)
    monkeypatch.setattr(timezone, "now", lambda: ENDED if stage == "counted" else START)
    people = {who: getattr(guild, who, None) or world.alice for who in WHO[1:]}
    clients = {"nobody": Client()} | {who: signed_in(one) for who, one in people.items()}
    found = {
        page: " ".join(
            str(getattr(clients[who], page[1])(f"/coops/{guild.spokes.slug}/{page[0]}").status_code)
            for who in WHO
        )
        for page in TABLE[stage]
    }
    assert found == TABLE[stage]
