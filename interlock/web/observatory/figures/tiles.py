"""The United States as tiles, one a state whatever its size, with the signs of what is there.

A ring with a dot is participatory budgeting, a plain ring worker co-ops; both interlock.
"""

from __future__ import annotations

import math
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cached_property
from typing import Literal

from interlock.methods.places.states import states

WIDTH, HEIGHT = 612.0, 394.0
ACROSS, DOWN, RADIUS = 52.0, 46.0, 27.0
#: Rows from the north, by how many half tiles each begins from the west; a dot is no state.
_ROWS = (
    (0, "AK . . . . . . . . . ME"),
    (1, ". . . . . . . . . VT NH"),
    (0, "WA ID MT ND MN IL WI MI NY RI MA"),
    (1, "OR NV WY SD IA IN OH PA NJ CT"),
    (0, "CA UT CO NE MO KY WV VA MD DE"),
    (1, ". AZ NM KS AR TN NC SC DC"),
    (0, ". . . OK LA MS AL GA"),
    (1, "HI . . TX . . . . FL . PR"),
)
_NAMES = {state.code: state.name for state in states()}

Sign = Literal["both", "public", "co-op", "none"]


@dataclass(frozen=True)
class Here:
    """What a state has: areas with participatory budgeting, areas with co-ops, areas with both."""

    public: int = 0
    coops: int = 0
    both: int = 0


@dataclass(frozen=True)
class Tile:
    """A state where it stands: the middle of its tile."""

    x: float
    y: float
    code: str
    here: Here

    @property
    def name(self) -> str:
        return _NAMES[self.code]

    @property
    def sign(self) -> Sign:
        if self.here.public and self.here.coops:
            return "both"
        return "public" if self.here.public else "co-op" if self.here.coops else "none"

    @property
    def corners(self) -> str:
        return " ".join(
            f"{self.x + RADIUS * math.sin(turn * math.pi / 3):.1f},"
            f"{self.y - RADIUS * math.cos(turn * math.pi / 3):.1f}"
            for turn in range(6)
        )

    @property
    def above(self) -> float:
        """Where its signs stand."""
        return self.y - 6

    @property
    def below(self) -> float:
        """Where its letters stand: under its signs, or in the middle."""
        return self.y + (5 if self.sign == "none" else 19)


@dataclass(frozen=True)
class Tiles:
    """All tiles, and the states that have something and no tile here (territories)."""

    tiles: tuple[Tile, ...]
    elsewhere: tuple[str, ...]

    name = "tiles"
    width, height = WIDTH, HEIGHT

    @cached_property
    def filled(self) -> tuple[Tile, ...]:
        """Those with anything, by name."""
        return tuple(
            sorted((one for one in self.tiles if one.sign != "none"), key=lambda t: t.name)
        )

    @property
    def blank(self) -> tuple[Tile, ...]:
        return tuple(one for one in self.tiles if one.sign == "none")

    @classmethod
    def of(cls, here: Mapping[str, Here]) -> Tiles:
        """The map of what each state has, by its postal code. Raises KeyError for what is no state."""
        found, nothing = [], Here()
        for row, (half, codes) in enumerate(_ROWS):
            for column, code in enumerate(codes.split()):
                if code != ".":
                    x, y = 30 + ACROSS * column + ACROSS / 2 * half, 32 + DOWN * row
                    found.append(Tile(x, y, code, here.get(code, nothing)))
        drawn = {one.code for one in found}
        others = (code for code, one in here.items() if code not in drawn and one != nothing)
        return cls(tuple(found), tuple(sorted(_NAMES[code] for code in others)))
