"""Fixtures for every room: the world, and clients that are somebody."""

from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from django.conf import settings
from django.core.management.color import no_style
from django.db import connection, transaction
from django.test import Client
from django.utils import translation

from interlock.web.people.models import Person
from tests.kept import kept_tables
from tests.staging import staged
from tests.world import World, make_world


@pytest.fixture(scope="session")
def tables(
    request: pytest.FixtureRequest, django_db_modify_db_settings: None
) -> Iterator[Callable[[], None]]:
    if connection.vendor != "sqlite":
        yield lambda: None
        return
    folder = request.config.cache.mkdir("tables")
    with kept_tables(folder, connection.settings_dict["TEST"]["NAME"]) as keep:
        yield keep


@pytest.fixture(scope="session")
def django_db_keepdb(request: pytest.FixtureRequest) -> bool:
    """SQLite's file lies in the home folder of this process, and goes with it."""
    return connection.vendor == "sqlite" or bool(request.config.getvalue("reuse_db"))


@pytest.fixture(scope="session")
def django_db_setup(tables: Callable[[], None], django_db_setup: None) -> None:
    tables()


@staged
def world() -> World:
    return make_world()


@pytest.fixture(autouse=True)
def english() -> Iterator[None]:
    """A page asked for in Spanish leaves its thread in Spanish; the next test begins in English."""
    with translation.override("en"):
        yield


@pytest.fixture
def signed_in() -> Callable[[Person], Client]:
    """A client signed in as a person: `signed_in(world.alice)`."""

    def client_of(person: Person) -> Client:
        client = Client()
        client.force_login(person, backend="django.contrib.auth.backends.ModelBackend")
        return client

    return client_of


@pytest.fixture(scope="session", autouse=True)
def static_folder() -> None:
    """The folder of collected files, empty, which the site's file server looks for at its start."""
    Path(settings.STATIC_ROOT).mkdir(parents=True, exist_ok=True)


@pytest.fixture
def hasty_worker(monkeypatch: pytest.MonkeyPatch) -> None:
    """A worker that answers lists from few draws and prints no reports, which take it a minute."""
    monkeypatch.setattr("interlock.web.observatory.observing.RESAMPLES", 99)
    monkeypatch.setattr("interlock.web.observatory.reporting.pdf", lambda *_: (None, "missing"))


@pytest.fixture
def emptied(transactional_db: None) -> Iterator[None]:
    """Transactions are real. Afterwards all is emptied, while SQLite's triggers rest."""
    yield
    if connection.vendor == "sqlite":
        with transaction.atomic():
            _empty()


def _empty() -> None:
    tables = connection.introspection.django_table_names(only_existing=True, include_views=False)
    with connection.cursor() as cursor:
        cursor.execute("SELECT name, sql FROM sqlite_master WHERE type = 'trigger'")
        triggers = cursor.fetchall()
        for name, _sql in triggers:
            cursor.execute(f'DROP TRIGGER "{name}"')
        for statement in connection.ops.sql_flush(no_style(), tables):
            cursor.execute(statement)
        for _name, sql in triggers:
            cursor.execute(sql)
