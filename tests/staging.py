"""Towns that are made once and found anew by every test that asks for them.

Most of a test's time went into making the town it begins with. `staged` makes a fixture of a function
that makes one, of nothing or of other staged towns: it runs inside a transaction that stays open as
long as the tests that follow ask for the same, each test in a savepoint of its own, with a copy of
the town's objects. A test that asks for nothing of it finds an empty database, as ever.

A plugin that pytest loads before its others: what stands is seen to before a test's own transaction.
"""

from collections.abc import Callable, Iterable, Iterator, Sequence
from contextlib import ExitStack
from copy import deepcopy
from dataclasses import dataclass
from inspect import Parameter, Signature, signature
from typing import TYPE_CHECKING, Any

import pytest
from django.db import transaction

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
) -> Iterator[Callable[[Sequence[Make]], None]]:
    """Lets these stand, in their order, and nothing else."""

    def let(wanted: Sequence[Make]) -> None:
        kept = 0
        while kept < min(len(wanted), len(_standing)) and _standing[kept].make is wanted[kept]:
            kept += 1
        with django_db_blocker.unblock():
            _strike(kept)
            for make in wanted[kept:]:
                _put_up(make)

    yield let
    let([])


@pytest.fixture(autouse=True)
def _staged(request: pytest.FixtureRequest) -> None:
    """Before the database is the test's own: what it asks for stands."""
    names = set(request.fixturenames)
    marked = request.node.get_closest_marker("django_db")
    committing = COMMITTING & names or (marked and marked.kwargs.get("transaction"))
    wanted = [] if committing else list(_wanted(request.node))
    if wanted or (_standing and (marked or names & {"db", *COMMITTING})):
        request.getfixturevalue("standing")(wanted)
    _own.clear()
    if wanted:
        _own.update(deepcopy(_standing[-1].made))


def _wanted(item: pytest.Item) -> Iterable[Make]:
    """The functions of the staged fixtures that a test asks for, each after those it needs."""
    fixtures = item._fixtureinfo.name2fixturedefs
    done = set[str]()

    def of(name: str) -> Iterable[Make]:
        defined = fixtures.get(name)
        make = defined and getattr(defined[-1].func, "make", None)
        if make and name not in done:
            done.add(name)
            for need in signature(make).parameters:
                yield from of(need)
            yield make

    for name in sorted(item.fixturenames):
        yield from of(name)


def _put_up(make: Make) -> None:
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
