"""What the tests of all rooms share: commits that every connection sees."""

from collections.abc import Iterator
from pathlib import Path

import pytest
from django.conf import settings
from django.db import connection, transaction


@pytest.fixture(scope="session", autouse=True)
def static_folder() -> None:
    """The folder of collected files, empty, which the site's file server looks for at its start."""
    Path(settings.STATIC_ROOT).mkdir(parents=True, exist_ok=True)


@pytest.fixture
def emptied(transactional_db: None) -> Iterator[None]:
    """Transactions are real. Afterwards the record is emptied, while SQLite's triggers rest."""
    yield
    if connection.vendor == "sqlite":
        with transaction.atomic():
            _empty_the_record()


def _empty_the_record() -> None:
    with connection.cursor() as cursor:
        cursor.execute("SELECT name, sql FROM sqlite_master WHERE type = 'trigger'")
        triggers = cursor.fetchall()
        for name, _sql in triggers:
            cursor.execute(f'DROP TRIGGER "{name}"')
        cursor.execute("DELETE FROM record_entry")
        for _name, sql in triggers:
            cursor.execute(sql)
