"""Who may see and do what, in each phase: one table."""

from collections.abc import Callable

import pytest
from django.test import Client
from django.utils import timezone

from interlock.web.people.models import Person
from tests.world import World

PHASES = ("draft", "open", "closed", "counted", "published")

# For each address: the status by phase, for anyone, and for those who organise the process.
# 302 leads to the sign-in page; 403 and 409 are refusals that say why; 404 hides what is not public.
TABLE: dict[tuple[str, str], dict[str, str]] = {
    # address, method                anyone, Bob and Carol         Alice
    ("", "get"): {"others": "404 200 200 200 200", "alice": "404 200 200 200 200"},
    ("projects/1/", "get"): {"others": "404 200 200 200 200", "alice": "404 200 200 200 200"},
    ("rulebook/", "get"): {"others": "404 200 200 200 200", "alice": "404 200 200 200 200"},
    ("ballot/", "get"): {"others": "404 200 409 409 409", "alice": "404 200 409 409 409"},
    ("ballot/review/", "get"): {"others": "404 422 409 409 409", "alice": "404 422 409 409 409"},
    ("result/", "get"): {"others": "404 409 409 409 200", "alice": "404 409 409 409 200"},
    ("result/bundle/", "get"): {"others": "404 409 409 409 200", "alice": "404 409 409 409 200"},
    ("result/rules/", "get"): {"others": "404 409 409 409 200", "alice": "404 409 409 409 200"},
    ("what-if/", "get"): {"others": "404 409 409 409 200", "alice": "404 409 409 409 200"},
    ("what-if/harbor/", "get"): {"others": "404 409 409 409 200", "alice": "404 409 409 409 200"},
    ("result/projects.csv", "get"): {
        "others": "404 409 409 409 200",
        "alice": "404 409 409 409 200",
    },
    ("result/ballots/harbor/", "get"): {
        "others": "404 409 409 409 200",
        "alice": "404 409 409 409 200",
    },
    ("organise/", "get"): {"others": "no no no no no", "alice": "200 200 200 200 200"},
    ("organise/edit/", "get"): {"others": "no no no no no", "alice": "200 409 409 409 409"},
    ("organise/pots/new/", "get"): {"others": "no no no no no", "alice": "200 409 409 409 409"},
    ("organise/areas/new/", "get"): {"others": "no no no no no", "alice": "200 409 409 409 409"},
    ("organise/areas/harbor/", "get"): {
        "others": "no no no no no",
        "alice": "200 409 409 409 409",
    },
    ("organise/projects/new/", "get"): {"others": "no no no no no", "alice": "200 409 409 409 409"},
    ("organise/projects/1/", "get"): {"others": "no no no no no", "alice": "200 409 409 409 409"},
    ("organise/codes/", "get"): {"others": "no no no no no", "alice": "200 200 409 409 409"},
    ("organise/open/", "post"): {"others": "no no no no no", "alice": "302 409 409 409 409"},
    ("organise/count/", "post"): {"others": "no no no no no", "alice": "409 409 302 409 409"},
    ("organise/result/", "get"): {"others": "no no no no no", "alice": "409 409 409 200 200"},
    ("organise/publish/", "post"): {"others": "no no no no no", "alice": "409 409 409 302 409"},
}


@pytest.fixture
def in_phase(world: World) -> Callable[[str], World]:
    """The world, taken as far as a phase by the verbs."""

    def take(phase: str) -> World:
        steps = [world.open, lambda: world.cast_many(40) and world.close(), world.count]
        for step in [*steps, world.publish][: PHASES.index(phase)]:
            step()
        return world

    return take


@pytest.mark.parametrize("phase", PHASES)
@pytest.mark.parametrize("who", ["nobody", "bob", "carol", "alice"])
def test_status_of_every_address(
    phase: str,
    who: str,
    in_phase: Callable[[str], World],
    signed_in: Callable[[Person], Client],
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    world = in_phase(phase)
    monkeypatch.setattr(timezone, "now", lambda: world.process.created_at)
    client = Client() if who == "nobody" else signed_in(getattr(world, who))
    found, expected = {}, {}
    for (address, method), told in TABLE.items():
        if method == "post" and who == "alice":
            continue
        row = told["alice" if who == "alice" else "others"].split()
        want = row[PHASES.index(phase)]
        expected[address] = {"no": 302 if who == "nobody" else 403}.get(want) or int(want)
        url = f"{world.process.get_absolute_url()}{address}"
        answer = getattr(client, method)(url)
        found[address] = answer.status_code
        b"".join(answer)  # a file is closed when it has been read
    assert found == expected


@pytest.mark.parametrize("phase", PHASES)
@pytest.mark.parametrize("address", ["organise/open/", "organise/count/", "organise/publish/"])
def test_verb_of_the_organiser_works_in_its_phase_only(
    phase: str,
    address: str,
    in_phase: Callable[[str], World],
    signed_in: Callable[[Person], Client],
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    world = in_phase(phase)
    monkeypatch.setattr(timezone, "now", lambda: world.process.created_at)
    answer = signed_in(world.alice).post(f"{world.process.get_absolute_url()}{address}")
    assert answer.status_code == int(TABLE[address, "post"]["alice"].split()[PHASES.index(phase)])


@pytest.mark.parametrize("phase", ["open", "closed", "counted"])
def test_nothing_about_votes_leaks_before_publication(
    phase: str, in_phase: Callable[[str], World], monkeypatch: pytest.MonkeyPatch
) -> None:
    """By page, export, API or record."""
    world = in_phase(phase)
    monkeypatch.setattr(timezone, "now", lambda: world.process.created_at)
    client, url = Client(), world.process.get_absolute_url()
    pages = ["/", "/budgets/", url, f"{url}projects/1/", f"{url}rulebook/", "/record/"]
    pages += [f"/api/processes/{world.process.slug}", f"{url}result/", f"{url}result/bundle/"]
    pages += [f"/api/processes/{world.process.slug}/result", world.city.get_absolute_url()]
    seen = "".join(b"".join(client.get(page)).decode() for page in pages)
    if phase == "open":
        world.cast_many(40)
        assert "".join(b"".join(client.get(page)).decode() for page in pages) == seen
    words = ("supported it", "their shares left", "Not funded", "paid at most", "20 voters")
    assert [word for word in words if word in seen] == []
