"""An election: candidates, seats, ballots, and the order drawn by lot that decides between equals."""

from __future__ import annotations

import hashlib
from collections import Counter
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property

from interlock.methods.deciding.checks import refuse
from interlock.methods.deciding.reasons import Fault, Step, fault, step

# What one voter prefers, the best first; candidates of one rank are equal. A blank ballot has no rank.
Ballot = tuple[tuple[str, ...], ...]


def drawn(candidates: Iterable[str], seed: str) -> tuple[str, ...]:
    """Draw lots: sort candidates by the SHA-256 of the seed, a newline and the name, all in UTF-8.

    Anyone can redo it by hand: `printf 'seed\\nname' | sha256sum`, and sort the lines. The seed is
    published before the first ballot is cast.

    >>> drawn(["Ana", "Ben", "Cy"], seed="drawn on 2 May")
    ('Ben', 'Cy', 'Ana')
    """

    def lot(name: str) -> str:
        return hashlib.sha256(f"{seed}\n{name}".encode()).hexdigest()

    return tuple(sorted(candidates, key=lambda name: (lot(name), name)))


@dataclass(frozen=True)
class Election:
    """Candidates by name, the seats, and what was cast.

    An approval ballot has one rank with all whom the voter approves of. `lot` has each candidate once:
    of equals, who stands earlier in it comes first. `withdrawn` stood on the ballot and do no longer:
    they are passed over as if nobody had named them. Raises DecidingError for what cannot be.
    """

    candidates: tuple[str, ...]
    seats: int
    ballots: tuple[Ballot, ...]
    lot: tuple[str, ...]
    withdrawn: tuple[str, ...] = ()

    def __post_init__(self) -> None:
        refuse(*_faults(self))

    @classmethod
    def of_approvals(
        cls,
        candidates: Sequence[str],
        seats: int,
        approvals: Iterable[Iterable[str]],
        lot: Sequence[str] = (),
        withdrawn: Sequence[str] = (),
    ) -> Election:
        """An election whose ballots name all whom a voter approves of.

        Without a `lot` the order of the candidates is taken as the one that was drawn.
        """
        ballots = tuple((tuple(names),) if names else () for names in map(tuple, approvals))
        return cls(tuple(candidates), seats, ballots, tuple(lot or candidates), tuple(withdrawn))

    @classmethod
    def of_rankings(
        cls,
        candidates: Sequence[str],
        seats: int,
        rankings: Iterable[Iterable[str | Sequence[str]]],
        lot: Sequence[str] = (),
        withdrawn: Sequence[str] = (),
    ) -> Election:
        """An election whose ballots rank, the best first; a list within a ranking has equals."""
        ballots = tuple(
            tuple((one,) if isinstance(one, str) else tuple(one) for one in ranking)
            for ranking in rankings
        )
        return cls(tuple(candidates), seats, ballots, tuple(lot or candidates), tuple(withdrawn))

    @cached_property
    def standing(self) -> tuple[str, ...]:
        """Those who can be elected."""
        return tuple(one for one in self.candidates if one not in self.withdrawn)

    @cached_property
    def choices(self) -> Mapping[Ballot, int]:
        """How often each ballot was cast that names somebody who can be elected."""
        found = Counter(_without(ballot, self.withdrawn) for ballot in self.ballots)
        return {ballot: number for ballot, number in found.items() if ballot}

    @property
    def valid(self) -> int:
        """The ballots that name somebody who can be elected."""
        return sum(self.choices.values())

    def place(self, name: str) -> int:
        """Where the lot has somebody; 0 is the first."""
        return self.lot.index(name)

    def beginning(self) -> Iterator[Step]:
        """What is told first of every election."""
        yield step(
            "election",
            ballots=len(self.ballots), empty=len(self.ballots) - self.valid, seats=self.seats,
        )  # fmt: skip
        if self.withdrawn:
            yield step("withdrawn", names=self.withdrawn)
        if not self.valid:
            yield step("no-ballots")

    def ending(self, winners: Sequence[str]) -> Iterator[Step]:
        """What is told last: seats that nobody takes."""
        if len(winners) < self.seats:
            yield step("unfilled", seats=self.seats - len(winners))


def _without(ballot: Ballot, withdrawn: Sequence[str]) -> Ballot:
    left = (tuple(sorted(one for one in rank if one not in withdrawn)) for rank in ballot)
    return tuple(rank for rank in left if rank)


def _faults(election: Election) -> Iterator[Fault]:
    known = set(election.candidates)
    if len(known) < len(election.candidates) or not known:
        yield fault("candidates")
    if election.seats < 1:
        yield fault("seats")
    if len(election.lot) != len(known) or set(election.lot) != known:
        yield fault("lot")
    for name in election.withdrawn:
        if name not in known:
            yield fault("no-candidate", name=name)
    for number, ballot in enumerate(election.ballots, start=1):
        names = [name for rank in ballot for name in rank]
        if not all(ballot):
            yield fault("empty-rank", ballot=number)
        if len(set(names)) < len(names):
            yield fault("named-twice", ballot=number)
        for name in names:
            if name not in known:
                yield fault("no-candidate", name=name)
