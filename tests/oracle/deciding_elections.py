"""The elections that pref_voting and votelib are asked about, as plain numbers.

`pref_voting` (MIT) has the rules of the Scottish order for the single transferable vote, `votelib` (MIT)
Schulze's method with winning votes, and approvals. Where the definitions differ there is nothing to
compare, so these elections keep clear of it, or the outcome is left out:

- blank ballots, which pref_voting counts for the quota;
- a candidate whom no ballot ranks, whom votelib does not know;
- two equal surpluses that only the lot sets apart: pref_voting draws the lot anew and cannot be told
  which of the two orders is asked for;
- places that Schulze's method leaves equal: votelib then goes by the number of victories;
- a tie for the last seat by approval, which votelib leaves open.
"""

from __future__ import annotations

import json
import random
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from interlock.methods.deciding import Election, by_approval, by_condorcet, by_transferable_vote

AGREED = Path(__file__).with_name("deciding_agreed.json")
KINDS = ("stv", "approval", "condorcet")

Found = dict[str, Any]


@dataclass(frozen=True)
class Numbers:
    """An election in which candidates are called by their place, counted from 0."""

    kind: str
    names: int
    seats: int
    ballots: list[list[Any]]
    lot: list[int]

    @property
    def election(self) -> Election:
        names = [str(name) for name in range(self.names)]
        lot = [str(name) for name in self.lot]
        if self.kind == "approval":
            marked = [[str(name) for name in ballot] for ballot in self.ballots]
            return Election.of_approvals(names, self.seats, marked, lot)
        ranked = [
            [[str(name) for name in one] if isinstance(one, list) else str(one) for one in ballot]
            for ballot in self.ballots
        ]
        return Election.of_rankings(names, self.seats, ranked, lot)

    def found(self) -> Found:
        """What we make of it, in the form of the answers; None where definitions differ."""
        if self.kind == "stv":
            count = by_transferable_vote(self.election)
            drew = any(one.is_by_lot and one.action == "surplus" for one in count.rounds)
            return {"winners": None if drew else sorted(map(int, count.winners))}
        if self.kind == "approval":
            approved = by_approval(self.election)
            tied = any(one.code == "equal-by-lot" for one in approved.steps)
            return {
                "votes": list(approved.votes.values()),
                "winners": None if tied else [int(name) for name in approved.winners],
            }
        schulze = by_condorcet(self.election)
        paths = schulze.to_json()["paths"]
        pairs = [(a, b) for a in range(self.names) for b in range(a)]
        is_strict = all(paths[a][b] != paths[b][a] for a, b in pairs)
        return {"paths": paths, "order": [int(n) for n in schulze.order] if is_strict else None}


def differing(ours: Found, theirs: Found) -> list[str]:
    """A line for each part of an answer that both sides define and that differs."""
    return [
        f"{part}: {ours[part]} here, {theirs[part]} there"
        for part in theirs
        if ours[part] is not None and theirs[part] is not None
        if (sorted(ours[part]) != sorted(theirs[part]) if part == "winners" else ours[part] != theirs[part])
    ]  # fmt: skip


def drawn(kind: str, place: int) -> Numbers:
    """A random election: few candidates, from few ballots to many, so that ties and circles occur."""
    chance = random.Random(f"{kind} {place}")
    names = chance.randint(2, 7)
    voters = chance.choice([3, 5, 8, 12, 20, 40, 101])
    everybody = list(range(names))
    # Some elections have a few camps that vote much alike.
    camps = [chance.sample(everybody, names) for _ in range(chance.randint(1, 4))]
    ballots = [_ballot(kind, chance, camps, everybody) for _ in range(voters)]
    if kind == "condorcet":
        # Everybody is ranked by somebody.
        ballots.append(chance.sample(everybody, names))
    return Numbers(kind, names, chance.randint(1, names), ballots, chance.sample(everybody, names))


def _ballot(
    kind: str, chance: random.Random, camps: list[list[int]], everybody: list[int]
) -> list[Any]:
    order = list(chance.choice(camps)) if chance.random() < 0.7 else chance.sample(everybody, len(everybody))  # fmt: skip
    if chance.random() < 0.3:
        place = chance.randrange(len(order) - 1)
        order[place], order[place + 1] = order[place + 1], order[place]
    marked = order[: chance.randint(1, len(order))]
    if kind == "approval":
        return sorted(marked)
    if kind == "condorcet" and len(marked) > 2 and chance.random() < 0.3:
        return [marked[0], sorted(marked[1:3]), *marked[3:]]
    return marked


def stored() -> Iterator[tuple[Numbers, Found]]:
    """The stored elections, each with what was agreed on."""
    for row in json.loads(AGREED.read_text()):
        agreed = row.pop("agreed")
        yield Numbers(**row), agreed
