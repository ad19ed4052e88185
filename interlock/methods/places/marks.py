"""Marks on a map that do not cover each other.

Each mark is a disc that would like to be at its place; where two would overlap both give way, and stay
as near as they can. The outcome depends on the marks alone: equal marks give an equal drawing.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from math import cos, hypot, sin

from interlock.methods.places.projection import Point

ROUNDS = 40


@dataclass(frozen=True)
class Disc:
    """Where a mark would like to be, and the half of its width."""

    x: float
    y: float
    radius: float


def spread(discs: Sequence[Disc], width: float, height: float) -> list[Point]:
    """Where each disc is drawn within the frame, so that none lies on another if there is room.

    Every round first pulls each disc a little towards its own place, then pushes apart those that
    overlap, found in a grid, so that a thousand marks take no longer than they have to.

    >>> spread([Disc(50, 50, 10), Disc(50, 50, 10)], 100, 100)[0] != (50, 50)
    True
    >>> spread([Disc(50, 50, 10), Disc(80, 50, 10)], 100, 100)
    [(50, 50), (80, 50)]
    """
    at = [(one.x, one.y) for one in discs]
    side = 2 * max((one.radius for one in discs), default=1.0) or 1.0
    for number in range(ROUNDS):
        moved = _push_apart(discs, at, side)
        at = [_inside(point, one, width, height) for point, one in zip(at, discs, strict=True)]
        if not moved:
            break
        if number < ROUNDS // 2:  # the last half only pushes, so that nothing overlaps at the end
            at = [
                (x + 0.06 * (one.x - x), y + 0.06 * (one.y - y))
                for (x, y), one in zip(at, discs, strict=True)
            ]
    return at


def _push_apart(discs: Sequence[Disc], at: list[Point], side: float) -> bool:
    grid: dict[tuple[int, int], list[int]] = {}
    for number, (x, y) in enumerate(at):
        grid.setdefault((int(x // side), int(y // side)), []).append(number)
    moved = False
    for (column, row), here in grid.items():
        near = [
            other
            for across in (-1, 0, 1)
            for down in (-1, 0, 1)
            for other in grid.get((column + across, row + down), ())
        ]
        for one in here:
            for other in near:
                if one < other:
                    moved |= _part(discs, at, one, other)
    return moved


def _part(discs: Sequence[Disc], at: list[Point], one: int, other: int) -> bool:
    """Move two discs out of each other, half the way each; whether they lay on each other."""
    (x, y), (u, v) = at[one], at[other]
    least = discs[one].radius + discs[other].radius
    across, down = u - x, v - y
    apart = hypot(across, down)
    if apart >= least - 0.01:
        return False
    if apart < 0.01:  # in one place: each pair has a direction of its own
        turn = 2.4 * (one + other)  # radians; near the golden angle, so that directions differ
        across, down, apart = cos(turn), sin(turn), 1.0
        step = least / 2
    else:
        step = (least - apart) / 2
    at[one] = (x - across / apart * step, y - down / apart * step)
    at[other] = (u + across / apart * step, v + down / apart * step)
    return True


def _inside(point: Point, disc: Disc, width: float, height: float) -> Point:
    x, y = point
    return (
        min(max(x, disc.radius), width - disc.radius),
        min(max(y, disc.radius), height - disc.radius),
    )
