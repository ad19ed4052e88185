"""Towns that are made once and found anew by every test that asks for them.

Most of a test's time went into making the town it begins with. `staged` makes a fixture of a function
that makes one, of nothing or of other staged towns: it runs inside a transaction that stays open as
long as the tests that follow ask for the same, each test in a savepoint of its own, with a copy of
the town's objects. A test that asks for nothing of it finds an empty database, as ever.

A plugin that pytest loads before its others: what stands is seen to before a test's own transaction.
"""

from collections.abc import Callable, Iterator
from contextlib import ExitStack
from copy import deepcopy
from dataclasses import dataclass
from inspect import Parameter, Signature, signature
from typing import TYPE_CHECKING, Any

import pytest
from django.db import connection, transaction

if TYPE_CHECKING:
    from pytest_django import DjangoDbBlocker

Make = Callable[..., Any]

#: Fixtures whose tests commit for real: there is no transaction to stay open.
COMMITTING = {"transactional_db", "live_server"}


@dataclass(frozen=True)
class Stage:
    """What was made, and those it was made of as they are since: by the function that made each."""

    make: Make
    made: dict[Make, Any]
    within: ExitStack


#: What stands now, each upon those before it.
_standing: list[Stage] = []
#: What lets them be put up and struck, once there is a database.
_blockers: list["DjangoDbBlocker"] = []
#: The test's own copies of it.
_own: dict[Make, Any] = {}


def staged(make: Make) -> Any:
    """A fixture of what `make` makes, once; its parameters are other staged fixtures."""
    needs = signature(make).parameters

    def found(db: None, **needed: Any) -> Any:
        return _own[make] if make in _own else make(**needed)

    # What pytest reads: the fixture needs what the function does.
    found.__signature__ = Signature(  # type: ignore[attr-defined]
        Parameter(name, Parameter.KEYWORD_ONLY) for name in ("db", *needs)
    )
    found.make = make  # type: ignore[attr-defined]
    return pytest.fixture(name=make.__name__)(found)


@pytest.fixture(scope="session")
def standing(
    django_db_setup: None, django_db_blocker: "DjangoDbBlocker"
) -> Iterator["DjangoDbBlocker"]:
    """What lets towns be put up and struck, and strikes them all at last."""
    _blockers.append(django_db_blocker)
    yield django_db_blocker
    with _blockers.pop().unblock():
        _strike(0)


@pytest.hookimpl(tryfirst=True)
def pytest_runtest_setup(item: pytest.Item) -> None:
    """Before any fixture of a test, strike what it does not ask for.

    A fixture would come too late: those of a server or a marked test may have the connection by then.
    """
    if not _standing:
        return
    wanted = _wanted(item)
    kept = 0
    while kept < min(len(wanted), len(_standing)) and _standing[kept].make is wanted[kept]:
        kept += 1
    names = set(getattr(item, "fixturenames", ()))
    if wanted or item.get_closest_marker("django_db") or names & {"db", *COMMITTING}:
        with _blockers[0].unblock():
            _strike(kept)


@pytest.fixture(autouse=True)
def _staged(request: pytest.FixtureRequest) -> None:
    """Before the database is the test's own: what it asks for is put up."""
    _own.clear()
    if wanted := _wanted(request.node):
        with request.getfixturevalue("standing").unblock():
            for make in wanted[len(_standing) :]:
                _put_up(make)
        _own.update(deepcopy(_standing[-1].made))


def _wanted(item: pytest.Item) -> list[Make]:
    """The functions of the staged fixtures that a test asks for, each after those it needs."""
    names = set(getattr(item, "fixturenames", ()))
    marked = item.get_closest_marker("django_db")
    if COMMITTING & names or (marked and marked.kwargs.get("transaction")):
        return []
    fixtures = item._fixtureinfo.name2fixturedefs if names else {}
    found: list[Make] = []

    def add(name: str) -> None:
        defined = fixtures.get(name)
        make = defined and getattr(defined[-1].func, "make", None)
        if make and make not in found:
            for need in signature(make).parameters:
                add(need)
            found.append(make)

    for name in sorted(names):
        add(name)
    return found


def _put_up(make: Make) -> None:
    assert len(connection.atomic_blocks) == len(_standing), "the test has begun its transaction"
    made = deepcopy(_standing[-1].made) if _standing else {}
    by_name = {one.__name__: value for one, value in made.items()}
    with ExitStack() as within:
        within.enter_context(transaction.atomic())
        made[make] = make(*(by_name[name] for name in signature(make).parameters))
        _standing.append(Stage(make, made, within.pop_all()))


def _strike(kept: int) -> None:
    while len(_standing) > kept:
        transaction.set_rollback(True)
        _standing.pop().within.close()
