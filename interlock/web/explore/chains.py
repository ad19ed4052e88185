"""The shortest chains of ties between two institutions, found from both ends, level by level.

Each level asks at most twice, once for each way that a tie may point, and reads a bounded part of
what there is: an institution with a thousand ties does not make the page slow, and when something was
not read the answer says so. (Bidirectional breadth-first search: I. Pohl, "Bi-directional Search",
Machine Intelligence 6, 1971.)
"""

from collections.abc import Iterator
from dataclasses import dataclass, field
from itertools import islice, pairwise

from django.db.models import Q, QuerySet
from django.utils.translation import gettext as _

from interlock.web.explore.queries import IS_CONFIRMED, Tied, institutions_of, shown, tied_by
from interlock.web.institutions.models import Institution
from interlock.web.ties.models import Tie

MOST_STEPS = 6
MOST_CHAINS = 5
#: So many institutions a level goes on from, and so many ties it reads of each way.
MOST_FRONTIER = 400
MOST_READ = 4_000


@dataclass(frozen=True)
class Link:
    """One step of a chain: a sentence between two institutions, and the ties behind it."""

    one: Institution
    other: Institution
    ties: tuple[Tied, ...]

    @property
    def told(self) -> str:
        """ "Rosewood is funded by Riverbend."; the strongest tie where there are several."""
        does = self.ties[0].told_by(self.one.pk)
        return _("%(one)s %(does)s %(other)s.") % {
            "one": self.one,
            "does": does,
            "other": self.other,
        }

    @property
    def standing(self) -> str:
        return self.ties[0].said

    @property
    def more(self) -> int:
        return len(self.ties) - 1


@dataclass(frozen=True)
class Found:
    """Chains of equal length, and whether everything within the limit was read."""

    chains: list[list[Link]]
    read_all: bool
    #: There are more chains of this length than those that are told.
    more: bool = False

    @property
    def steps(self) -> int:
        return len(self.chains[0]) if self.chains else 0


@dataclass
class _Side:
    """What was reached from one end: of each institution, those before it that lie one step nearer."""

    end: int
    before: dict[int, set[int]] = field(default_factory=dict)
    frontier: set[int] = field(default_factory=set)
    level: dict[int, int] = field(default_factory=dict)
    steps: int = 0


def between(
    one: Institution, other: Institution, *, confirmed_only: bool, most_steps: int = MOST_STEPS
) -> Found:
    """The shortest chains from one institution to another; a tie that is disputed leads nowhere."""
    ties = shown().filter(IS_CONFIRMED if confirmed_only else IS_CONFIRMED | Q(disputed_at=None))
    sides = [_Side(end.pk, {end.pk: set()}, {end.pk}, {end.pk: 0}) for end in (one, other)]
    between_two: dict[tuple[int, int], list[Tied]] = {}
    read_all = True
    while sides[0].steps + sides[1].steps < most_steps and sides[0].frontier and sides[1].frontier:
        side = min(sides, key=lambda one: len(one.frontier))
        whole, read = _read(ties, side.frontier)
        read_all &= whole
        _advance(side, read, between_two)
        far = sides[1] if side is sides[0] else sides[0]
        if met := side.frontier & far.before.keys():
            # Where a level was not read whole, some of these may lie further off than others.
            least = min(far.level[number] for number in met)
            met = {number for number in met if far.level[number] == least}
            return _told(sides, met, between_two, read_all, one, other)
    return Found([], read_all)


def _read(ties: QuerySet[Tie], frontier: set[int]) -> tuple[bool, list[Tied]]:
    """The ties of a level, and whether these are all of them."""
    some = sorted(frontier)[:MOST_FRONTIER]
    found: list[Tied] = []
    whole = len(some) == len(frontier)
    for side in (Q(subject__in=some), Q(object__in=some)):
        read = tied_by(ties.filter(side).order_by("pk")[: MOST_READ + 1])
        whole &= len(read) <= MOST_READ
        found += read[:MOST_READ]
    return whole, found


def _advance(side: _Side, read: list[Tied], between_two: dict[tuple[int, int], list[Tied]]) -> None:
    """One step further; an institution reached before is not reached again."""
    reached: dict[int, set[int]] = {}
    for tied in read:
        pair = _pair(tied.subject, tied.object)
        if tied not in between_two.setdefault(pair, []):
            between_two[pair].append(tied)
        for here, there in ((tied.subject, tied.object), (tied.object, tied.subject)):
            if here in side.frontier and there not in side.before:
                reached.setdefault(there, set()).add(here)
    side.before |= reached
    side.frontier = set(reached)
    side.steps += 1
    side.level |= dict.fromkeys(reached, side.steps)


def _told(
    sides: list[_Side],
    met: set[int],
    between_two: dict[tuple[int, int], list[Tied]],
    read_all: bool,
    one: Institution,
    other: Institution,
) -> Found:
    ways = (
        [*left[::-1], *right[1:]]
        for middle in sorted(met)
        for left in _ways(sides[0], middle)
        for right in _ways(sides[1], middle)
    )
    chains = list(islice(ways, MOST_CHAINS + 1))
    known = institutions_of(number for chain in chains for number in chain)
    known |= {one.pk: one, other.pk: other}
    ranked = {
        pair: tuple(sorted(some, key=lambda tied: tied.standing != "confirmed"))
        for pair, some in between_two.items()
    }
    told = [
        [
            Link(known[here], known[there], ranked[_pair(here, there)])
            for here, there in pairwise(chain)
        ]
        for chain in chains[:MOST_CHAINS]
        if all(number in known for number in chain)
    ]
    return Found(told, read_all, more=len(chains) > MOST_CHAINS)


def _ways(side: _Side, here: int) -> Iterator[list[int]]:
    """All ways from here back to the end of a side, one after the other."""
    if here == side.end:
        yield [here]
        return
    for before in sorted(side.before[here]):
        for way in _ways(side, before):
            yield [here, *way]


def _pair(one: int, other: int) -> tuple[int, int]:
    return min(one, other), max(one, other)
