"""Who is tied to whom as a picture: signs for institutions, lines for ties, bold between the two worlds."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Literal

WIDTH, HEIGHT = 612.0, 430.0
#: The signs stand within this frame, so that names have room, whose letters are larger on a telephone.
ASIDE, ABOVE, UNDER = 60.0, 14.0, 30.0
#: Signs of so many institutions are small.
MANY = 50
LONGEST_NAME, LETTER, LINE, BELOW = 22, 10.6, 22.0, 24.0

Sign = Literal["public", "co-op", "both", "other"]
SIGNS: tuple[Sign, ...] = ("public", "co-op", "both", "other")


@dataclass(frozen=True)
class Node:
    """What is to be drawn: where it stands, from 0 to 1 each, and whether its name is written."""

    x: float
    y: float
    sign: Sign
    name: str
    is_named: bool = False


@dataclass(frozen=True)
class Mark:
    """A sign where it stands."""

    x: float
    y: float
    sign: Sign
    name: str


@dataclass(frozen=True)
class Thread:
    """A tie from sign to sign."""

    start: Mark
    end: Mark
    is_across: bool


@dataclass(frozen=True)
class Name:
    """A name under its sign."""

    x: float
    y: float
    text: str


@dataclass(frozen=True)
class Network:
    """Signs, the ties among them (those within a world first), and the names for which there is room."""

    marks: tuple[Mark, ...]
    threads: tuple[Thread, ...]
    names: tuple[Name, ...]
    scale: float

    name = "network"
    width, height = WIDTH, HEIGHT

    @classmethod
    def of(cls, nodes: Sequence[Node], ties: Sequence[tuple[int, int, bool]]) -> Network:
        """Ties are the places of two nodes, and whether they join the two worlds."""
        marks = tuple(
            Mark(
                round(ASIDE + one.x * (WIDTH - 2 * ASIDE), 1),
                round(ABOVE + one.y * (HEIGHT - ABOVE - UNDER), 1),
                one.sign,
                one.name,
            )
            for one in nodes
        )
        threads = sorted(
            (Thread(marks[one], marks[other], is_across) for one, other, is_across in ties),
            key=lambda thread: thread.is_across,
        )
        named = [mark for mark, node in zip(marks, nodes, strict=True) if node.is_named]
        scale = 1.0 if len(nodes) <= MANY else 0.7
        return cls(marks, tuple(threads), tuple(_names(named)), scale)

    @property
    def signs(self) -> list[Sign]:
        """Those that it shows, in the order of the key."""
        here = {mark.sign for mark in self.marks}
        return [sign for sign in SIGNS if sign in here]


def _names(marks: Sequence[Mark]) -> list[Name]:
    """Those of the first marks that lie on no other name and not outside."""
    found: list[Name] = []
    for mark in marks:
        cut = len(mark.name) > LONGEST_NAME
        text = f"{mark.name[: LONGEST_NAME - 1].rstrip()}…" if cut else mark.name
        half = len(text) * LETTER / 2
        x = min(max(mark.x, half), WIDTH - half)
        y = mark.y + BELOW
        if all(
            abs(one.y - y) > LINE or abs(one.x - x) > half + len(one.text) * LETTER / 2
            for one in found
        ):
            found.append(Name(round(x, 1), round(y, 1), text))
    return found
