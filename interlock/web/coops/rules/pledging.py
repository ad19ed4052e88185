"""What a pledged round funds, of sums alone: no database, no clock.

As in Cobudget: a project is funded when what is pledged to it reaches its minimum by the close. It
keeps its target at most. The rest goes back to those who pledged, in proportion to their pledges.
"""

from collections.abc import Hashable, Mapping
from dataclasses import dataclass
from typing import Generic, TypeVar

from interlock.web.delivery.rules.awarding import in_proportion

M = TypeVar("M", bound=Hashable)
P = TypeVar("P", bound=Hashable)


@dataclass(frozen=True)
class Outcome(Generic[M, P]):
    """`kept` is what each funded project gets, `refunds` what of each pledge goes back, both in minor
    units."""

    kept: Mapping[P, int]
    refunds: Mapping[tuple[M, P], int]


def settled(
    goals: Mapping[P, tuple[int, int]], pledges: Mapping[tuple[M, P], int]
) -> Outcome[M, P]:
    """What is kept and refunded, given each project's minimum and target, and the pledges.

    Pledges are in an order that decides between equal remainders: the earlier gets the unit. All
    amounts are minor units; what is kept and refunded adds up to what was pledged.
    """
    kept: dict[P, int] = {}
    refunds: dict[tuple[M, P], int] = {}
    for project, (minimum, target) in goals.items():
        mine = {key: amount for key, amount in pledges.items() if key[1] == project}
        total = sum(mine.values())
        gets = min(total, target) if total >= minimum else 0
        if gets:
            kept[project] = gets
        if mine:
            parts = in_proportion(total - gets, list(mine.values()))
            refunds |= dict(zip(mine, parts, strict=True))
    return Outcome(kept, refunds)
