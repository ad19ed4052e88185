"""Questions about the register."""

from collections.abc import Callable, Iterable
from dataclasses import dataclass

from django.db.models import QuerySet
from django.utils.functional import Promise

from interlock.web.institutions.models import Institution
from interlock.web.people.models import Person


@dataclass(frozen=True)
class Deed:
    """Something an institution does elsewhere on the site, as its page lists it."""

    title: str
    url: str
    note: str | Promise


# Rooms join this list: given an institution, what it does in that room.
deeds: list[Callable[[Institution], Iterable[Deed]]] = []


def deeds_of(institution: Institution) -> list[Deed]:
    return [deed for ask in deeds for deed in ask(institution)]


def looked_after_by(person: Person) -> QuerySet[Institution]:
    return Institution.objects.filter(stewards__person=person)
