"""A site of its own for a bench: a temporary home, a database that goes with it, and votes in it."""

from __future__ import annotations

import os
import secrets
import tempfile
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from datetime import datetime, timedelta
from typing import TYPE_CHECKING
from urllib.parse import urlsplit

if TYPE_CHECKING:  # what imports Django's models waits until `prepare` has set it up
    from i18nfield.strings import LazyI18nString

    from interlock.web.budgets.models import Process
    from interlock.web.institutions.models import Institution
    from interlock.web.people.models import Person


def prepare(stack: ExitStack, database: str) -> None:
    """Point the settings to a home and a database that go when the bench ends."""
    folder = stack.enter_context(tempfile.TemporaryDirectory(prefix="interlock-bench-"))
    os.environ["INTERLOCK_HOME"] = folder
    os.environ["DATABASE_URL"] = (
        "" if database == "sqlite" else stack.enter_context(postgresql(database))
    )
    from interlock.commands.site import make_ready

    make_ready()
    from django.core.management import call_command
    from django.db import connections

    stack.callback(connections.close_all)
    call_command("collectstatic", interactive=False, verbosity=0)


@contextmanager
def postgresql(url: str) -> Iterator[str]:
    import psycopg

    name = f"interlock_bench_{secrets.token_hex(4)}"
    with psycopg.connect(url, autocommit=True) as server:
        server.execute(f"CREATE DATABASE {name}")
    try:
        yield urlsplit(url)._replace(path=f"/{name}").geturl()
    finally:
        with psycopg.connect(url, autocommit=True) as server:
            server.execute(f"DROP DATABASE {name} WITH (FORCE)")


def both(text: str) -> LazyI18nString:
    from i18nfield.strings import LazyI18nString

    return LazyI18nString({"en": text, "es": f"{text} (es)"})


def make_vote(
    *,
    title: str,
    projects: int,
    letters: int,
    city: Institution,
    coop: Institution,
    by: Person,
    at: datetime,
) -> tuple[Process, list[str]]:
    """An open vote and its voting codes."""
    from interlock.web.budgets import actions, queries
    from interlock.web.voting.actions import enrol

    process = actions.create_process(
        institution=city,
        title=both(title),
        summary=both("What residents decide here, in **two** sentences. This is the second."),
        closes_at=at + timedelta(days=14),
        at=at,
        by=by,
    )
    money = 100_000_00
    pot = actions.put_pot(
        process=process, name=both("Capital"), source=city, fund_type="capital", amount=money
    )
    area = actions.put_area(
        process=process, name=both("City-wide"), max_choices=5, allocations={pot: money}
    )
    for number in range(projects):
        actions.put_project(
            area=area,
            title=both(f"Shade, seats and water at stop {number}"),
            description=both(
                f"A roof, two benches and a *drinking fountain* at stop {number}, "
                "where people wait longest in the sun."
            ),
            cost=(4_000 + 10 * number) * 100,
            delivery_partner=coop if number % 5 == 0 else None,
        )
    codes = [letter.code for letter in enrol(box=process.box, letters=letters)]
    actions.open_process(process=process, at=at, by=by)
    return queries.processes().get(pk=process.pk), codes
