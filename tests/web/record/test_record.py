"""The record: one chain, only ever added to, and a forgery shows."""

import json
from datetime import timedelta
from functools import partial

import pytest
from django.db import DatabaseError, connection, transaction
from django.test import Client

from interlock.web.record.actions import write
from interlock.web.record.chain import BEGINNING, digest, fact_of, link
from interlock.web.record.models import Audience, Entry
from interlock.web.record.queries import first_broken_link, public
from tests.web.threads import Crew
from tests.world import START, World

WRITERS, ENTRIES = 8, 25


def write_several(number: int = 3) -> list[Entry]:
    return [
        write(
            act="test.happened",
            subject=f"test/{place}",
            at=START + timedelta(seconds=place),
            is_synthetic=False,
            facts={"place": place, "name": "Peñón"},
        )
        for place in range(number)
    ]


def run(sql: str, *values: object) -> None:
    with transaction.atomic(), connection.cursor() as cursor:
        cursor.execute(sql, values)


def forge(entry: Entry) -> Entry:
    """Put an entry behind the verbs' back, as somebody with the database's password would."""
    run(
        "INSERT INTO record_entry"
        " (at, audience, act, actor, subject, facts, digest, previous, link)"
        " VALUES (%s, %s, %s, %s, %s, %s, %s, %s, %s)",
        entry.at, entry.audience, entry.act, entry.actor, entry.subject,
        json.dumps(entry.facts), entry.digest, entry.previous, entry.link,
    )  # fmt: skip
    return Entry.objects.latest("pk")


def entry_after(last: Entry, **changes: object) -> Entry:
    """A good entry behind another one, but for the changes."""
    entry = Entry(
        at=START, audience=Audience.PUBLIC, act="test.forged", subject="test/forged", facts={}
    )
    entry.digest, entry.previous = digest(fact_of(entry)), last.link
    entry.link = link(entry.previous, entry.digest)
    for name, value in changes.items():
        setattr(entry, name, value)
    return entry


def test_chain_of_a_whole_process_holds(world: World) -> None:
    world.open().cast_many(3).close().count().publish()
    entries = list(Entry.objects.order_by("pk"))
    assert [entry.previous for entry in entries] == [
        BEGINNING,
        *(entry.link for entry in entries[:-1]),
    ]
    assert first_broken_link() is None


def test_empty_record_holds(db: None) -> None:
    assert first_broken_link() is None


def test_fact_reads_back_as_it_was_hashed(db: None) -> None:
    [written] = write_several(1)
    kept = Entry.objects.get()
    assert (digest(fact_of(kept)), fact_of(kept)) == (written.digest, fact_of(written))


def test_fact_of_something_made_up_says_so_and_its_line_too(db: None) -> None:
    for is_synthetic in (True, False):
        write(act="test.happened", subject="test", at=START, is_synthetic=is_synthetic)
    real, invented = public()
    assert (invented.facts, real.facts) == ({"synthetic": True}, {})
    assert first_broken_link() is None
    page = Client().get("/record/").content.decode()
    assert page.count("Made up</span>") == 1


def test_public_record_leaves_other_audiences_out(db: None) -> None:
    for audience in Audience:
        write(act="test.happened", subject="test", at=START, is_synthetic=False, audience=audience)
    assert [entry.audience for entry in public()] == [Audience.PUBLIC]
    assert first_broken_link() is None


@pytest.mark.parametrize(
    "sql",
    [
        "UPDATE record_entry SET facts = '{}'",
        "UPDATE record_entry SET audience = 'nobody' WHERE subject = 'test/1'",
        "DELETE FROM record_entry",
        "DELETE FROM record_entry WHERE subject = 'test/2'",
    ],
)
def test_database_refuses_to_change_the_record(db: None, sql: str) -> None:
    entries = write_several()
    with pytest.raises(DatabaseError, match="the record is only added to"):
        run(sql)
    assert list(Entry.objects.order_by("pk")) == entries
    assert first_broken_link() is None


def test_model_cannot_change_or_delete_an_entry(db: None) -> None:
    [entry] = write_several(1)
    entry.facts = {}
    for change in (entry.save, entry.delete):
        with pytest.raises(DatabaseError, match="only added to"), transaction.atomic():
            change()


def test_database_refuses_a_fork(db: None) -> None:
    entries = write_several()
    with pytest.raises(DatabaseError):
        forge(entry_after(entries[0]))
    assert first_broken_link() is None


def test_entry_of_another_fact_is_found(db: None) -> None:
    last = write_several()[-1]
    forged = forge(entry_after(last, facts={"never": "happened"}))
    assert first_broken_link() == forged


def test_entry_with_a_wrong_link_is_found(db: None) -> None:
    last = write_several()[-1]
    forged = forge(entry_after(last, link="f" * 64))
    write_several(1)
    assert first_broken_link() == forged


def test_entry_that_hangs_on_nothing_is_found(db: None) -> None:
    last = write_several()[-1]
    forged = forge(entry_after(last, previous="e" * 64))
    assert first_broken_link() == forged


def test_writers_at_once_never_fork_the_chain(emptied: None) -> None:
    with Crew(WRITERS) as crew:
        crew.at_once(*[partial(write_several, ENTRIES)] * WRITERS)
    assert Entry.objects.count() == WRITERS * ENTRIES
    assert first_broken_link() is None


def write_and_fail() -> None:
    with transaction.atomic():
        write_several()
        raise RuntimeError


def test_fact_of_an_act_that_failed_is_not_in_the_record(db: None) -> None:
    with pytest.raises(RuntimeError):
        write_and_fail()
    assert Entry.objects.count() == 0


def test_entry_cannot_be_replaced_by_inserting_over_it(db: None) -> None:
    """SQLite's REPLACE removes the old row, and asks the triggers only when told to."""
    write_several()
    first = Entry.objects.order_by("pk")[0]
    verb = "INSERT OR REPLACE INTO" if connection.vendor == "sqlite" else "INSERT INTO"
    columns = "id, at, audience, act, actor, subject, facts, digest, previous, link"
    values = "id, at, audience, 'forged', actor, subject, facts, digest, previous, link"
    with pytest.raises(DatabaseError), transaction.atomic(), connection.cursor() as cursor:
        cursor.execute(f"{verb} record_entry ({columns}) SELECT {values} FROM record_entry")
    first.refresh_from_db()
    assert first.act != "forged"
