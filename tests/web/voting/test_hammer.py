"""200 voters at once, from real threads, judged afterwards by what each of them was told."""

import json
import re
from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from functools import partial
from threading import Event, Lock

import pytest
from django.test import Client
from django.utils import timezone

from interlock.web.budgets import actions, queries
from interlock.web.budgets.rules import SMALLEST_TURNOUT_TOLD
from interlock.web.look.refusals import Refused
from interlock.web.record.models import Entry
from interlock.web.voting import codes
from interlock.web.voting import queries as boxes
from interlock.web.voting.models import Draft, Envelope, RollEntry, SpentNonce
from interlock.web.voting.queries import Standing
from tests.web.threads import PATIENCE, Crew
from tests.world import CLOSE, World, make_world

VOTERS = 200
TOGETHER = 8  # voters under way at the same time; each acts from two threads, so 16 in all

Choices = Mapping[str, Sequence[str]]

BALLOTS: list[Choices] = [
    {"city-wide": city, "harbor": harbor}
    for city in ([], ["1"], ["2"])
    for harbor in ([], ["3"], ["4"], ["3", "4"])
    if city or harbor
]


def first_choice(voter: int) -> Choices:
    return BALLOTS[voter % len(BALLOTS)]


def second_choice(voter: int) -> Choices:
    return BALLOTS[(voter + 1 + voter // len(BALLOTS) % (len(BALLOTS) - 1)) % len(BALLOTS)]


def attempt(world: World, voter: int, choices: Choices, page: str) -> str | None:
    """The receipt, or None for a refusal. Anything else is a failure of the test."""
    try:
        return world.cast(voter, choices, nonce=f"{voter} {page}")
    except Refused:
        return None


@dataclass(frozen=True)
class Told:
    """What one voter was told: the receipt that counts, for which choices, and what is void."""

    voter: int
    receipt: str
    choices: Choices
    replaced: str


@pytest.fixture
def town(emptied: None) -> World:
    return make_world(letters=VOTERS).open()


def votes_twice_and_again(world: World, hands: Crew, voter: int) -> Told:
    """Cast by a double click, change while the first page is sent again, send it once more."""
    first = partial(attempt, world, voter, first_choice(voter), "first page")
    second = partial(attempt, world, voter, second_choice(voter), "second page")
    once, twice = hands.at_once(first, first)
    assert once == twice
    assert once is not None
    changed, replayed = hands.at_once(second, first)
    assert changed is not None
    assert replayed in {once, None}
    assert hands.in_turn([first]) == [None]
    return Told(voter, changed, second_choice(voter), replaced=once)


def test_every_voter_has_one_ballot_and_it_is_the_acknowledged_one(town: World) -> None:
    assert all(first_choice(voter) != second_choice(voter) for voter in range(VOTERS))
    with Crew(2 * TOGETHER) as hands, Crew(TOGETHER) as voters:
        told = voters.in_turn(
            partial(votes_twice_and_again, town, hands, voter) for voter in range(VOTERS)
        )
    assert len(told) == VOTERS
    check_sealed(told)
    town.close()
    check_closed(town, told)
    town.count()
    check_counted(town, told)


@dataclass
class Race:
    """The close that a crowd of voters runs into: it begins when half of them have voted."""

    world: World
    begin: Event = field(default_factory=Event)
    over: Event = field(default_factory=Event)
    lock: Lock = field(default_factory=Lock)
    acknowledged: int = 0
    at_the_close: dict[str, str] = field(default_factory=dict)

    def vote(self, voter: int) -> Told | None:
        """Cast, then change; nothing that begins after the close has returned may succeed."""
        first = self.cast(voter, first_choice(voter), "first page")
        second = self.cast(voter, second_choice(voter), "second page")
        if second is not None:
            return Told(voter, second, second_choice(voter), replaced=first or "")
        return Told(voter, first, first_choice(voter), replaced="") if first else None

    def cast(self, voter: int, choices: Choices, page: str) -> str | None:
        late = self.over.is_set()
        receipt = attempt(self.world, voter, choices, page)
        if receipt is not None:
            assert not late
            with self.lock:
                self.acknowledged += 1
                if self.acknowledged == VOTERS // 2:
                    self.begin.set()
        return receipt

    def close(self) -> None:
        assert self.begin.wait(PATIENCE)
        actions.close_if_due(process=self.world.process, at=CLOSE)
        self.at_the_close = sealed()
        self.over.set()

    def vote_late(self, voter: int) -> None:
        assert self.over.is_set()
        assert self.cast(voter, second_choice(voter), "late page") is None


def test_nothing_enters_the_box_after_the_close(town: World) -> None:
    race = Race(town)
    crowd = [partial(race.vote, voter) for voter in range(VOTERS)]
    with Crew(2 * TOGETHER + 1) as threads:
        outcomes = threads.in_turn([race.close, *crowd])[1:]
        threads.at_once(*(partial(race.vote_late, voter) for voter in range(2 * TOGETHER)))
    told = [one for one in outcomes if one is not None]
    assert race.at_the_close == sealed()
    town.refresh()
    check_sealed(told)
    check_closed(town, told)
    town.count()
    check_counted(town, told)


def test_close_by_many_at_once_happens_once(town: World) -> None:
    told = [
        Told(voter, town.cast(voter, first_choice(voter)), first_choice(voter), replaced="")
        for voter in range(SMALLEST_TURNOUT_TOLD)
    ]
    with Crew(2 * TOGETHER) as threads:
        threads.at_once(*[town.close] * (2 * TOGETHER))
    check_closed(town, told)


def sealed() -> dict[str, str]:
    """Every envelope's receipt and content, as they lie in the box."""
    rows = Envelope.objects.values_list("leaf", "content")
    return {leaf[: codes.RECEIPT_DIGITS]: content for leaf, content in rows}


def content(choices: Choices) -> dict[str, list[str]]:
    return {area: sorted(choices.get(area, ())) for area in ("city-wide", "harbor")}


def canonical(ballot: object) -> str:
    return json.dumps(ballot, sort_keys=True)


def check_sealed(told: Sequence[Told]) -> None:
    """The box holds one envelope a voter, with what that voter was told last, and nothing else."""
    found = {receipt: json.loads(text) for receipt, text in sealed().items()}
    assert found == {one.receipt: content(one.choices) for one in told}
    assert Envelope.objects.count() == len(told)


def check_closed(world: World, told: Sequence[Told]) -> None:
    """The close counted as many ballots as were acknowledged, marked their voters, takes no more."""
    marked = set(RollEntry.objects.filter(has_voted=True).values_list("number", flat=True))
    assert marked == {one.voter + 1 for one in told}
    facts = [entry.facts["ballots"] for entry in Entry.objects.filter(act="process.closed")]
    assert facts == [len(told)]
    with pytest.raises(Refused):
        world.cast(0, BALLOTS[0])


def check_counted(world: World, told: Sequence[Told]) -> None:
    """Ballots, receipts and votes are those of the choices that were acknowledged last."""
    box = world.process.box
    assert Counter(map(canonical, boxes.ballots(box))) == Counter(
        canonical(content(one.choices)) for one in told
    )
    assert boxes.turnout(box) == (VOTERS, len(told))
    assert {one.receipt for one in told} == {
        leaf[: codes.RECEIPT_DIGITS] for leaf in boxes.receipts(box)
    }
    assert all(
        boxes.find_receipt(one.replaced).standing is Standing.UNKNOWN
        for one in told
        if one.replaced
    )
    assert (Envelope.objects.count(), SpentNonce.objects.count()) == (0, 0)
    votes = {
        line.project.ref: line.votes
        for area in queries.result(world.process).areas
        for line in area.lines
    }
    assert votes == Counter(ref for one in told for refs in one.choices.values() for ref in refs)


# The same by the pages: a double click, a retry on a bad line, two tabs.


def field_of(page: bytes, name: str) -> str:
    found = re.search(rf'name="{name}" value="([^"]+)"', page.decode())
    assert found is not None
    return found[1]


@pytest.fixture
def open_today(emptied: None) -> World:
    """A vote that is open at this moment, as the pages see it."""
    at = timezone.now()
    return make_world(at=at, closes_at=at + (CLOSE - CLOSE.replace(day=1))).open(at=at)


def post_again_and_again(client: Client, url: str, data: Mapping[str, object]) -> list[str]:
    """The same form from eight threads with the same cookies: status and address of each answer."""

    def post() -> str:
        twin = Client(raise_request_exception=False)
        twin.cookies = client.cookies.copy()
        answer = twin.post(url, data)
        return f"{answer.status_code} {answer.headers.get('Location')}"

    with Crew(8) as threads:
        return threads.at_once(*[post] * 8)


def test_page_cast_many_times_at_once_gives_one_receipt(open_today: World) -> None:
    ballot = f"{open_today.process.get_absolute_url()}ballot/"
    client = Client()
    assert client.post(ballot, {"project": ["1", "3"]}).status_code == 302
    page = client.get(f"{ballot}review/").content
    answers = post_again_and_again(
        client,
        f"{ballot}review/",
        {
            "project": ["1", "3"],
            "nonce": field_of(page, "nonce"),
            "code": open_today.letters[0].code,
        },
    )
    [receipt] = sealed()
    assert set(answers) == {f"302 /receipt/{receipt}/?cast"}
    assert Draft.objects.count() == 0


def test_draft_saved_many_times_at_once_is_kept_once(open_today: World) -> None:
    ballot = f"{open_today.process.get_absolute_url()}ballot/"
    client = Client()
    client.get(ballot)
    answers = post_again_and_again(client, ballot, {"project": ["1"]})
    assert set(answers) == {f"302 {ballot}review/"}
    assert Draft.objects.count() == 1
