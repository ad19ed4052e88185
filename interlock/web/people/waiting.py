"""What waits for a person: the list of their desk, which rooms join when the app is ready."""

from collections.abc import Callable, Iterable
from dataclasses import dataclass

from django.utils.functional import Promise

from interlock.web.people.models import Person


@dataclass(frozen=True)
class Waiting:
    """One thing that somebody else waits for, and where it is done."""

    title: str | Promise
    url: str
    note: str | Promise = ""
    #: What somebody wrote of it, in whatever language they did.
    quoted: str = ""


# Rooms join this list: given a person, what waits for them there, in a bounded number of queries.
waiting: list[Callable[[Person], Iterable[Waiting]]] = []


def waiting_for(person: Person) -> list[Waiting]:
    return [one for ask in waiting for one in ask(person)]
