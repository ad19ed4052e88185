"""Who voted and what they voted: every join that a reader of the database could try, after the count.

Sixty voters cast sixty different ballots in an order of their own, so each attack is a guess that
can be scored. By luck one of sixty is right, and more than six once in 12,000 runs.
"""

import json
import zipfile
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import timedelta
from pathlib import Path
from random import Random

import pytest
from django.conf import settings
from django.contrib.sessions.models import Session
from django.db import DatabaseError, connection, transaction
from django.test import Client
from django.utils import timezone

from interlock.web.budgets import actions, queries
from interlock.web.record.models import Entry
from interlock.web.voting import codes
from interlock.web.voting.models import Draft, Envelope, RollEntry, SpentNonce
from tests.plugin import OTHER_DATABASE
from tests.web.voting.test_hammer import field_of
from tests.world import DOLLARS, World, both, make_world

VOTERS = 60
CHANCE = 6
EXTRA_PROJECTS = 4  # with the harbor's own two, subsets enough for sixty different ballots

# Columns that no model names and every table has.
HIDDEN = {"postgresql": ["xmin::text::bigint", "ctid"], "sqlite": ["rowid"]}


@dataclass(frozen=True)
class Secret:
    """What only the voters know together, in the order in which they cast."""

    letters: Sequence[int]
    ballots: Sequence[str]
    receipts: Sequence[str]

    def right(self, letters: Iterable[int], ballots: Iterable[str]) -> int:
        """How many pairs of an attack are right, by ballot or by receipt."""
        truth = set(zip(self.letters, self.ballots, strict=True))
        truth |= set(zip(self.letters, self.receipts, strict=True))
        return len(truth & set(zip(letters, ballots, strict=False)))


def canonical(ballot: object) -> str:
    return json.dumps(ballot, sort_keys=True)


@pytest.fixture
def counted(emptied: None) -> tuple[World, Secret]:
    world = make_world(letters=VOTERS + 20)
    harbor = world.process.areas.get(ref="harbor")
    actions.put_area(
        process=world.process, area=harbor, name=harbor.name, max_choices=6, allocations={}
    )
    for number in range(EXTRA_PROJECTS):
        title = both(f"Bench {number}", f"Banco {number}")
        actions.put_project(area=harbor, title=title, cost=9_000 * DOLLARS)
    world.open()
    secret = cast_all(world)
    world.close().count()
    return world, secret


def cast_all(world: World) -> Secret:
    """Everyone's own ballot, in shuffled order; some change it, and only the last one counts."""
    random = Random(60)
    refs = ["3", "4", "5", "6", "7", "8"]
    subsets = [[ref for place, ref in enumerate(refs) if n >> place & 1] for n in range(1, 64)]
    random.shuffle(subsets)
    letters = random.sample(range(VOTERS + 20), VOTERS)
    receipts = []
    for letter, harbor in zip(letters, subsets, strict=False):
        if letter % 5 == 0:
            world.cast(letter, {"city-wide": ["1"]})
        receipts.append(world.cast(letter, {"harbor": harbor}))
    ballots = [canonical({"city-wide": [], "harbor": harbor}) for harbor in subsets[:VOTERS]]
    return Secret([letter + 1 for letter in letters], ballots, receipts)


def rows(sql: str) -> list[tuple[object, ...]]:
    with connection.cursor() as cursor:
        cursor.execute(sql)
        return list(cursor.fetchall())


def voted_by(order: str) -> list[int]:
    """The numbers of those who voted, in an order of the database's own."""
    found = rows(f"SELECT number FROM voting_rollentry WHERE has_voted ORDER BY {order}")
    return [int(str(number)) for (number,) in found]


def ballots_by(order: str) -> list[str]:
    found = rows(f"SELECT content FROM voting_ballot ORDER BY {order}")
    return [canonical(json.loads(str(text))) for (text,) in found]


def receipts_by(order: str) -> list[str]:
    found = rows(f"SELECT leaf FROM voting_receipt ORDER BY {order}")
    return [str(leaf)[: codes.RECEIPT_DIGITS] for (leaf,) in found]


def best_guess(secret: Secret, *, roll: Sequence[str], box: Sequence[str]) -> int:
    """The most pairs that any two orders get right, read forwards or backwards."""
    scores = []
    for mine in roll:
        letters = voted_by(mine)
        assert sorted(letters) == sorted(secret.letters)
        for theirs in box:
            for found in (
                ballots_by(theirs.format(key="id")),
                receipts_by(theirs.format(key="leaf")),
            ):
                scores += [secret.right(letters, found), secret.right(letters, reversed(found))]
    return max(scores)


def test_attack_is_sharp_enough_to_find_a_link(counted: tuple[World, Secret]) -> None:
    _world, secret = counted
    assert len(set(secret.ballots)) == len(set(secret.receipts)) == VOTERS
    assert secret.right(secret.letters, secret.ballots) == VOTERS
    assert secret.right(secret.letters, secret.receipts) == VOTERS
    assert sorted(ballots_by("id")) == sorted(secret.ballots)
    assert sorted(receipts_by("leaf")) == sorted(secret.receipts)


def test_no_hidden_column_joins_roll_and_box(counted: tuple[World, Secret]) -> None:
    """Rows written by one transaction share their `xmin`: the join that undoes separate tables."""
    _world, secret = counted
    for column in HIDDEN[connection.vendor]:
        for table, content in (("voting_ballot", "content"), ("voting_receipt", "leaf")):
            pairs = rows(
                f"SELECT r.number, b.{content} FROM voting_rollentry r JOIN {table} b "
                f"ON r.{column} = b.{column} WHERE r.has_voted"
            )
            assert secret.right(*columns(pairs)) <= CHANCE


def columns(pairs: list[tuple[object, ...]]) -> tuple[list[int], list[str]]:
    """Letters and what was joined to them, written as the secret writes it."""
    letters = [int(str(number)) for number, _found in pairs]
    found = [str(text) for _number, text in pairs]
    return letters, [
        canonical(json.loads(text)) if text.startswith("{") else text[: codes.RECEIPT_DIGITS]
        for text in found
    ]


def test_no_order_joins_roll_and_box(counted: tuple[World, Secret]) -> None:
    _world, secret = counted
    hidden = HIDDEN[connection.vendor]
    roll = [*hidden, "number", "ref", "code_hash"]
    assert best_guess(secret, roll=roll, box=[*hidden, "{key}"]) <= CHANCE


def test_envelopes_have_no_row_number(db: None) -> None:
    with pytest.raises(DatabaseError, match="rowid"), transaction.atomic():
        rows("SELECT rowid FROM voting_envelope")


def test_box_is_not_in_the_order_of_casting(counted: tuple[World, Secret]) -> None:
    _world, secret = counted
    in_box = ballots_by("id")
    assert sum(a == b for a, b in zip(secret.ballots, in_box, strict=True)) <= CHANCE
    assert len(in_box) == VOTERS
    for order in [*HIDDEN[connection.vendor], "leaf"]:
        found = receipts_by(order)
        assert sum(a == b for a, b in zip(secret.receipts, found, strict=True)) <= CHANCE


def test_nothing_between_roll_and_box_is_left(counted: tuple[World, Secret]) -> None:
    world, _secret = counted
    left = (Envelope.objects.count(), SpentNonce.objects.count(), Draft.objects.count())
    assert left == (0, 0, 0)
    keys = Path(settings.INTERLOCK_HOME) / "link-keys"
    assert [path.name for path in keys.glob(f"*{world.process.box_id}*")] == []


def test_record_tells_nothing_of_any_cast(counted: tuple[World, Secret]) -> None:
    world, _secret = counted
    about = f"process/{world.process.slug}"
    facts = {
        entry.act: set(entry.facts) for entry in Entry.objects.filter(subject=about).order_by("pk")
    }
    assert facts == {
        "process.created": {"title"},
        "process.opened": {"title", "rulebook"},
        "process.closed": {"title", "ballots", "roll"},
        "process.counted": {"title"},
    }
    assert Entry.objects.filter(subject=about).count() == len(facts)


def test_published_bundle_is_in_no_order_of_casting(counted: tuple[World, Secret]) -> None:
    world, secret = counted
    with zipfile.ZipFile(queries.bundle_path(world.process)) as archive:
        times = {info.date_time for info in archive.infolist()}
        text = archive.read("harbor.pb").decode()
    voted = [line.split(";")[1] for line in text.split("VOTES\n")[1].splitlines()[1:]]
    cast = [",".join(json.loads(ballot)["harbor"]) for ballot in secret.ballots]
    assert sorted(voted) == sorted(cast)
    assert sum(a == b for a, b in zip(voted, cast, strict=True)) <= CHANCE
    assert len(times) == 1


def test_voting_by_the_pages_leaves_no_session(emptied: None) -> None:
    at = timezone.now()
    world = make_world(at=at, closes_at=at + timedelta(days=1)).open(at=at)
    ballot = f"{world.process.get_absolute_url()}ballot/"
    client = Client()
    client.get("/")
    client.get(ballot)
    client.post(ballot, {"project": ["1"]})
    nonce = field_of(client.get(f"{ballot}review/").content, "nonce")
    form = {"project": ["1"], "nonce": nonce, "code": world.letters[0].code}
    answer = client.post(f"{ballot}review/", form, follow=True)
    assert (answer.status_code, Envelope.objects.count()) == (200, 1)
    assert Session.objects.count() == 0
    kept = {name for name, cookie in client.cookies.items() if cookie.value}
    assert kept == {"csrftoken"}


def test_casting_writes_nothing_to_the_roll(emptied: None) -> None:
    """Nothing that a transaction leaves behind joins roll and box, not even while voting is open."""
    world = make_world(letters=12).open()
    before = rows_of_the_roll()
    for letter in range(12):
        world.cast(letter, {"city-wide": ["1"]})
    assert rows_of_the_roll() == before
    world.close()
    assert RollEntry.objects.filter(has_voted=True).count() == 12


def rows_of_the_roll() -> list[tuple[object, ...]]:
    """Every row with what PostgreSQL notes of who wrote and who locked it."""
    hidden = ", xmin::text, xmax::text, ctid::text" if connection.vendor == "postgresql" else ""
    with connection.cursor() as cursor:
        cursor.execute(f"SELECT *{hidden} FROM voting_rollentry ORDER BY ref")
        return list(cursor.fetchall())


@pytest.mark.skipif(connection.vendor != "sqlite", reason=f"the log {OTHER_DATABASE}")
def test_write_ahead_log_forgets_the_envelopes(emptied: None) -> None:
    """The log keeps transactions in their order until it is emptied, and a backup may copy it."""
    world = make_world(letters=12).open()
    for letter in range(12):
        world.cast(letter, {"city-wide": ["1"]})
    leaves = [leaf.encode() for leaf in Envelope.objects.values_list("leaf", flat=True)]
    database = Path(str(connection.settings_dict["NAME"]))
    log = database.with_name(f"{database.name}-wal")
    assert all(leaf in log.read_bytes() + database.read_bytes() for leaf in leaves)
    contents = [text.encode() for text in Envelope.objects.values_list("handle", flat=True)]
    world.close().count()
    left = log.read_bytes() + database.read_bytes()
    assert [handle for handle in contents if handle in left] == []
