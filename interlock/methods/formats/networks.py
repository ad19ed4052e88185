"""A network of the library for other tools: GraphML, and a list of edges as CSV.

Gephi, igraph, R and networkx read both. Where a network is drawn from the register, `formats.ties` has
more of each tie; here is what the measures know, so that a measure can be taken again elsewhere.
"""

from __future__ import annotations

import csv
import io
from collections.abc import Iterator, Mapping

import numpy as np
from numpy.typing import NDArray

from interlock.methods.formats import graphml as graphml_file
from interlock.methods.formats.amounts import decimal_text
from interlock.methods.formats.formulas import guarded
from interlock.methods.formats.ties import Institution, Tie
from interlock.methods.network.graph import Network

EDGE_COLUMNS = (
    "source",
    "target",
    "kind",
    "since",
    "until",
    "evidence",
    "amount",
    "currency",
)

# What most currencies have after the point (ISO 4217).
_DECIMALS = 2


def graphml(
    network: Network,
    measures: Mapping[str, NDArray[np.float64]] | None = None,
    *,
    decimals: int = _DECIMALS,
    is_synthetic: bool = False,
) -> bytes:
    """The network as GraphML, with a number of each institution for each measure.

    `measures` have an entry an institution, in the network's order; `decimals` is how many a unit of
    the ties' currency has; where the network `is_synthetic`, each part of it says so. Raises ValueError for a measure of another length.

    >>> from interlock.methods.network.graph import Institution as Node, Kind, Tie as Edge, network as made
    >>> two = made([Node("city", Kind.PB), Node("tree", Kind.COOP)], [Edge("city", "tree", "funds")])
    >>> b'attr.name="degree"' in graphml(two, {"degree": two.graph.degrees.astype(float)})
    True
    """
    told, mark = measures or {}, "true" if is_synthetic else ""
    for name, values in told.items():
        if len(values) != len(network):
            raise ValueError(f"The measure {name} has no number for each institution.")
    by_id = {
        name: dict(zip(network.ids, values.tolist(), strict=True)) for name, values in told.items()
    }
    institutions = (
        Institution(one.id, one.id, one.kind, one.place, synthetic=mark)
        for one in network.institutions
    )
    ties = (
        Tie(
            one.subject,
            one.kind,
            one.object,
            "" if one.since is None else one.since.isoformat(),
            "" if one.until is None else one.until.isoformat(),
            _amount(one.amount, decimals),
            one.currency,
            state=one.evidence,
            synthetic=mark,
        )
        for one in network.ties
    )
    return graphml_file.compose(institutions, ties, by_id)


def edges(network: Network, *, decimals: int = _DECIMALS) -> Iterator[str]:
    r"""The lines of a CSV file of ties, the headings first, formulas made harmless.

    >>> from interlock.methods.network.graph import Institution as Node, Kind, Tie as Edge, network as made
    >>> two = made([Node("city", Kind.PB), Node("tree", Kind.COOP)], [Edge("city", "tree", "funds", amount=50, currency="USD")])
    >>> list(edges(two))[1]
    'city,tree,funds,,,reported,0.5,USD\r\n'
    """
    yield _line(EDGE_COLUMNS)
    for one in network.ties:
        days = ("" if day is None else day.isoformat() for day in (one.since, one.until))
        amount = _amount(one.amount, decimals)
        yield _line((one.subject, one.object, one.kind, *days, one.evidence, amount, one.currency))


def _amount(minor: int | None, decimals: int) -> str:
    return "" if minor is None else decimal_text(minor, unit=10**decimals)


def _line(cells: tuple[str, ...]) -> str:
    text = io.StringIO()
    csv.writer(text, lineterminator="\r\n").writerow([guarded(cell) for cell in cells])
    return text.getvalue()
