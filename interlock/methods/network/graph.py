"""Institutions and ties as arrays: ids are mapped once, and every measure works on numbers.

Institutions stand in the order of their ids and ties in an order of their own, whatever the order in
which they are given; so all numbers, those drawn at random included, hang on the content alone. Terms:
S. Wasserman and K. Faust, "Social Network Analysis" (1994). A network may have several layers, one a
kind of tie; where a measure asks only who is tied to whom, parallel ties count once (`pairs`).
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from datetime import date
from enum import StrEnum
from functools import cached_property

import numpy as np
from numpy.typing import NDArray
from scipy import sparse
from scipy.sparse.csgraph import connected_components

from interlock.methods.network.reasons import Fault, NetworkError

Floats = NDArray[np.float64]
Integers = NDArray[np.int64]
Booleans = NDArray[np.bool_]


class Kind(StrEnum):
    """Which of the two worlds an institution is of."""

    PB = "pb"
    COOP = "coop"
    BOTH = "both"
    OTHER = "other"


KINDS: tuple[Kind, ...] = tuple(Kind)


class Evidence(StrEnum):
    """What stands behind a tie: a record that shows it, or somebody's word."""

    WITNESSED = "witnessed"
    REPORTED = "reported"


@dataclass(frozen=True)
class Institution:
    """One institution: where it is, and what it offers, needs and aims at, in terms of one vocabulary.

    `place` is what may be told apart as a region ("" where it is not known).
    """

    id: str
    kind: Kind
    place: str = ""
    offers: frozenset[str] = frozenset()
    needs: frozenset[str] = frozenset()
    aims: frozenset[str] = frozenset()


@dataclass(frozen=True)
class Tie:
    """One tie from an institution to another.

    `kind` is its layer, `amount` money in minor units of `currency`. It holds from `since` to `until`,
    both days included; None is a side that is open.
    """

    subject: str
    object: str
    kind: str = ""
    since: date | None = None
    until: date | None = None
    evidence: Evidence = Evidence.REPORTED
    amount: int | None = None
    currency: str = ""

    def holds(self, day: date) -> bool:
        """Whether it is in force on a day."""
        return (self.since is None or self.since <= day) and (
            self.until is None or day <= self.until
        )


@dataclass(frozen=True, eq=False)
class Graph:
    """Who is tied to whom, and nothing else: what goes to other processes.

    `kinds` are places in `KINDS`. `pairs` has a row two institutions that are tied, the lower place
    first, in rising order.
    """

    kinds: Integers
    pairs: Integers

    def __len__(self) -> int:
        return len(self.kinds)

    @property
    def pb_side(self) -> Booleans:
        """Institutions of participatory budgeting, those of both worlds among them."""
        side: Booleans = (self.kinds == 0) | (self.kinds == 2)
        return side

    @property
    def coop_side(self) -> Booleans:
        """Institutions of the co-operative world, those of both worlds among them."""
        side: Booleans = (self.kinds == 1) | (self.kinds == 2)
        return side

    @cached_property
    def degrees(self) -> Integers:
        """How many others each is tied to."""
        return np.bincount(self.pairs.ravel(), minlength=len(self)).astype(np.int64)

    @cached_property
    def adjacency(self) -> sparse.csr_array:
        """1 where two are tied, in both directions."""
        one, other = self.pairs.T
        rows, columns = np.concatenate([one, other]), np.concatenate([other, one])
        shape = (len(self), len(self))
        return sparse.csr_array((np.ones(len(rows)), (rows, columns)), shape=shape)

    @cached_property
    def components(self) -> Integers:
        """The component of each institution, numbered in the order of their first one."""
        found = connected_components(self.adjacency, directed=False)[1]
        return np.asarray(found, np.int64)

    @property
    def coverage(self) -> float:
        """The share of institutions that have a tie; NaN where there are none."""
        return float(np.mean(self.degrees > 0)) if len(self) else float("nan")

    def where(self, chosen: Booleans) -> Graph:
        """The same institutions, and some of the pairs."""
        return Graph(self.kinds, self.pairs[chosen])


def simple(kinds: Integers, ends: Integers) -> Graph:
    """A graph of ends (a row a tie): no loops, no pair twice.

    >>> simple(np.array([0, 1, 1]), np.array([[1, 0], [0, 1], [2, 2], [2, 1]])).pairs.tolist()
    [[0, 1], [1, 2]]
    """
    one, other = np.minimum(*ends.T), np.maximum(*ends.T)
    keys = np.unique((one * len(kinds) + other)[one != other])
    return Graph(kinds, np.stack(np.divmod(keys, max(len(kinds), 1)), axis=1).astype(np.int64))


@dataclass(frozen=True, eq=False)
class Network:
    """Institutions by their ids, and the ties between them; arrays have an entry a tie.

    `subjects` and `objects` are places in `institutions`, `layer_of` places in `layers` (the kinds of
    ties, by letter).
    """

    institutions: tuple[Institution, ...]
    ties: tuple[Tie, ...]
    layers: tuple[str, ...]
    subjects: Integers = field(repr=False)
    objects: Integers = field(repr=False)
    layer_of: Integers = field(repr=False)

    def __len__(self) -> int:
        return len(self.institutions)

    @cached_property
    def ids(self) -> tuple[str, ...]:
        """The ids, in the order of everything else."""
        return tuple(one.id for one in self.institutions)

    @cached_property
    def place_of(self) -> dict[str, int]:
        """The place of each id."""
        return {id: place for place, id in enumerate(self.ids)}

    @cached_property
    def kinds(self) -> Integers:
        """The kind of each institution, as a place in `KINDS`."""
        place = {kind: number for number, kind in enumerate(KINDS)}
        return np.array([place[one.kind] for one in self.institutions], np.int64)

    @cached_property
    def regions(self) -> Integers:
        """A number for each place, -1 where it is not known."""
        known = sorted({one.place for one in self.institutions} - {""})
        place = {name: number for number, name in enumerate(known)} | {"": -1}
        return np.array([place[one.place] for one in self.institutions], np.int64)

    @cached_property
    def witnessed(self) -> Booleans:
        """Which ties a record shows."""
        found = (one.evidence == Evidence.WITNESSED for one in self.ties)
        return np.fromiter(found, np.bool_, len(self.ties))

    @cached_property
    def graph(self) -> Graph:
        """Who is tied to whom by whatever kind of tie, in whatever direction."""
        return simple(self.kinds, np.stack([self.subjects, self.objects], axis=1))

    def where(self, chosen: Booleans) -> Network:
        """The same institutions and layers, and some of the ties."""
        places = np.flatnonzero(chosen)
        return Network(
            self.institutions,
            tuple(self.ties[place] for place in places),
            self.layers,
            self.subjects[places],
            self.objects[places],
            self.layer_of[places],
        )

    def layer(self, kind: str) -> Network:
        """The ties of one kind. Raises ValueError for one that no tie has."""
        if kind not in self.layers:
            raise ValueError(f"There is no layer {kind}. There are: {', '.join(self.layers)}.")
        return self.where(self.layer_of == self.layers.index(kind))

    def at(self, day: date) -> Network:
        """The ties that hold on a day."""
        return self.where(np.array([one.holds(day) for one in self.ties], np.bool_))

    def across(self) -> Network:
        """The two-sided view: ties between participatory budgeting and co-operatives only.

        An institution of both worlds is on either side.
        """
        pb, coop = self.graph.pb_side, self.graph.coop_side
        one, other = self.subjects, self.objects
        return self.where((pb[one] & coop[other]) | (coop[one] & pb[other]))


def network(institutions: Iterable[Institution], ties: Iterable[Tie]) -> Network:
    """Check institutions and ties, and give the network they are.

    Raises NetworkError with all that is wrong: an id that is empty or given twice, a tie of an
    institution that is not given or with itself, one that ends before it begins, an amount below
    zero or without a currency.

    >>> city, tree = Institution("city", Kind.PB), Institution("tree", Kind.COOP)
    >>> small = network([tree, city], [Tie("tree", "city", "bids_to"), Tie("city", "tree", "funds")])
    >>> small.ids, small.layers, small.graph.pairs.tolist()
    (('city', 'tree'), ('bids_to', 'funds'), [[0, 1]])
    >>> network([city], [Tie("city", "oak")])
    Traceback (most recent call last):
    interlock.methods.network.reasons.NetworkError: unknown-institution: oak
    """
    listed = sorted(institutions, key=lambda one: one.id)
    faults = list(_twice(listed))
    place = {one.id: number for number, one in enumerate(listed)}
    given = sorted(ties, key=_order)
    for tie in given:
        faults += _wrong(tie, place)
    if faults:
        raise NetworkError(faults)
    layers = tuple(sorted({one.kind for one in given}))
    numbers = {kind: number for number, kind in enumerate(layers)}
    return Network(
        tuple(listed),
        tuple(given),
        layers,
        np.array([place[one.subject] for one in given], np.int64),
        np.array([place[one.object] for one in given], np.int64),
        np.array([numbers[one.kind] for one in given], np.int64),
    )


def _order(tie: Tie) -> tuple[str, ...]:
    dates = ("" if day is None else day.isoformat() for day in (tie.since, tie.until))
    amount = "" if tie.amount is None else f"{tie.amount:020}"
    return tie.subject, tie.object, tie.kind, *dates, tie.evidence, amount, tie.currency


def _twice(listed: Sequence[Institution]) -> Iterable[Fault]:
    seen = set[str]()
    for one in listed:
        if not one.id:
            yield Fault("no-id", "")
        elif one.id in seen:
            yield Fault("id-again", one.id)
        seen.add(one.id)


def _wrong(tie: Tie, known: dict[str, int]) -> Iterable[Fault]:
    ends = f"{tie.subject} – {tie.object}"
    for id in (tie.subject, tie.object):
        if id not in known:
            yield Fault("unknown-institution", id)
    if tie.subject == tie.object:
        yield Fault("tie-with-itself", tie.subject)
    if tie.since is not None and tie.until is not None and tie.until < tie.since:
        yield Fault("ends-before-it-begins", ends)
    if tie.amount is not None and tie.amount < 0:
        yield Fault("amount-below-zero", ends)
    if tie.amount is not None and not tie.currency:
        yield Fault("amount-without-currency", ends)
