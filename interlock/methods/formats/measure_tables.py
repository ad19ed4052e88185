"""Measures of a network as rows of a table: plain data in (`network_json.measured`), a row each out.

It loads no numpy, so that a page of the site writes the same table as the command.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from typing import Any

from interlock.methods.formats.packages import Field

Json = Mapping[str, Any]

#: The words whose measures such data has.
WORDS = ("connectivity", "complementarity", "collaboration")
FIELDS: tuple[Field, ...] = (
    ("word", "string", "Connectivity, complementarity or collaboration"),
    ("measure", "string", "Its name (docs/methods/network.md)"),
    ("value", "number", "What was found"),
    ("low", "number", "Lower end of the interval of 95 %"),
    ("high", "number", "Upper end of the interval of 95 %"),
    ("interval", "string", "What was drawn again for it"),
    ("chance_low", "number", "95 % of chance lie from here"),
    ("chance_high", "number", "to here"),
    ("chance_mean", "number", "Mean by chance"),
    ("chance", "string", "What chance is taken to be"),
    ("p", "number", "Two-sided"),
    ("draws", "integer", "How often chance was drawn; none where it is told exactly"),
    ("n", "integer", "How many units it rests on"),
    ("unit", "string", "Of what"),
    ("coverage", "number", "Their share of all there could be"),
    ("finding", "string", "What to say of it"),
)
COLUMNS = tuple(name for name, _kind, _what in FIELDS)


def rows(measured: Json) -> Iterator[Sequence[Any]]:
    """All measures of these data, under `COLUMNS`; those of each two kinds under connectivity."""
    for word in WORDS:
        kinds = measured.get("kinds", ()) if word == "connectivity" else ()
        for one in (*measured.get(word, ()), *(each["ties"] for each in kinds)):
            near, beside = one["interval"] or {}, one["chance"] or {}
            yield (
                word,
                one["name"],
                one["value"],
                *map(near.get, ("low", "high", "method")),
                *map(beside.get, ("low", "high", "mean", "null", "p", "draws")),
                *(one[name] for name in ("n", "unit", "coverage", "finding")),
            )
