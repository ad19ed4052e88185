"""From the close of a vote to its published, explained result, and beside it what a bare copy costs.

    python bench/closing.py [--ballots 100000] [--projects 60] [--database sqlite|postgres://…]

The clock runs from the close over marking the roll, unsealing, counting, telling the reasons, the
bundle and publishing to the first reader's page: all that stands between the click and the result.
The floor reads each envelope once and writes each ballot once, in one transaction.
"""

from __future__ import annotations

import argparse
import hashlib
import json
import resource
import time
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from datetime import timedelta
from random import Random
from typing import TYPE_CHECKING

from lines import Line
from town import both, make_vote, prepare

if TYPE_CHECKING:
    from interlock.web.budgets.models import Process

LIMIT = 5.0  # seconds on the wall


def main() -> int:
    parser = argparse.ArgumentParser(description=(__doc__ or "").splitlines()[0])
    parser.add_argument("--ballots", type=int, default=100_000)
    parser.add_argument("--projects", type=int, default=60)
    parser.add_argument("--database", default="sqlite")
    arguments = parser.parse_args()
    with ExitStack() as stack:
        prepare(stack, arguments.database)
        process = build(arguments.projects)
        fill(process, arguments.ballots)
        floor = bare_copy(process)
        seconds = bring_out(process)
    peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024
    print(f"{'a bare copy of the ballots':<32}{floor:7.2f} s")
    line = Line(
        f"{'close to the page of the result':<32}{seconds:7.2f} s   {seconds / floor:.1f} times the "
        f"copy, peak {peak:.0f} MB   limit {LIMIT:g} s",
        seconds > LIMIT,
    )
    return 1 if line.print().over else 0


@contextmanager
def timed(name: str) -> Iterator[None]:
    wall, cpu = time.perf_counter(), time.process_time()
    yield
    wall, cpu = time.perf_counter() - wall, time.process_time() - cpu
    print(f"{name:<32}{wall:7.2f} s   {cpu:.2f} s of CPU", flush=True)


def build(projects: int) -> Process:
    from django.utils import timezone

    from interlock.web.institutions.actions import register
    from interlock.web.people.models import Person

    at = timezone.now() - timedelta(days=15)
    by = Person.objects.by_email("bench@example.org")
    city = register(name=both("Riverbend"), kind="public_body", at=at, steward=by)
    coop = register(name=both("Wheelhouse Cooperative"), kind="worker_coop", at=at)
    process, _codes = make_vote(
        title=f"{projects} projects",
        projects=projects,
        letters=1,
        city=city,
        coop=coop,
        by=by,
        at=at,
    )
    return process


def fill(process: Process, number: int) -> None:
    """So many voters with their ballots in the box, as casts leave them, but in bulk."""
    from interlock.web.voting import keys
    from interlock.web.voting.models import Envelope, RollEntry

    random, box = Random(11), process.box
    area = process.areas.get()
    refs = list(process.projects.values_list("ref", flat=True))
    liked = [1 / place for place in range(1, len(refs) + 1)]
    entries = [
        RollEntry(box=box, number=n + 2, code_hash=hashlib.sha256(b"%d" % n).hexdigest())
        for n in range(number)
    ]
    RollEntry.objects.bulk_create(entries, batch_size=2_000)
    keyed = keys.keyed_by(box.ref)
    envelopes = []
    for entry in entries:
        chosen = sorted(set(random.choices(refs, liked, k=area.max_choices)))
        content = json.dumps({area.ref: chosen}, sort_keys=True, separators=(",", ":"))
        handle = keyed(keys.handle_of(entry.ref))
        leaf = hashlib.sha256(f"{handle}{content}".encode()).hexdigest()
        envelopes.append(Envelope(handle=handle, box=box, content=content, leaf=leaf))
    Envelope.objects.bulk_create(envelopes, batch_size=2_000)


def bare_copy(process: Process) -> float:
    from django.db import connection, transaction

    began = time.perf_counter()
    with transaction.atomic(), connection.cursor() as cursor:
        cursor.execute("CREATE TABLE bare_copy (id INTEGER PRIMARY KEY, content TEXT)")
        cursor.execute("SELECT content FROM voting_envelope ORDER BY content")
        rows = [(place, content) for place, (content,) in enumerate(cursor.fetchall())]
        cursor.executemany("INSERT INTO bare_copy (id, content) VALUES (%s, %s)", rows)
    return time.perf_counter() - began


def bring_out(process: Process) -> float:
    """Close, count, publish, read: the seconds on the wall from the first to the last."""
    from django.test import Client

    from interlock.web.budgets import actions, queries
    from interlock.web.budgets.counting import count_process
    from interlock.web.people.models import Person

    by = Person.objects.by_email("bench@example.org")
    assert process.closes_at is not None
    at = process.closes_at
    began = time.perf_counter()
    with timed("close, mark the roll"):
        closed = actions.close_if_due(process=process, at=at)
    with timed("unseal, count, explain, bundle"):
        counted = count_process(process=closed, at=at)
    with timed("publish"):
        actions.publish(process=counted, at=at, by=by)
    with timed("the page"):
        path = queries.processes().get(pk=process.pk).get_absolute_url()
        answer = Client(headers={"host": "127.0.0.1"}).get(f"{path}result/")
        assert answer.status_code == 200
    return time.perf_counter() - began


if __name__ == "__main__":
    raise SystemExit(main())
