"""A network as GraphML, for the tools of network research.

U. Brandes et al., "GraphML Progress Report" (Graph Drawing 2001); the schema is
http://graphml.graphdrawing.org/xmlns/1.0/graphml.xsd. Every institution is a node, every tie an
edge with its own id ("tie12"; its place in the file where it has none), directed from subject to
object: two ties between the same two are two edges, which networkx reads as a multigraph, igraph and
Gephi as parallel edges.
"""

from __future__ import annotations

import math
import re
import xml.etree.ElementTree as ET
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import fields

from interlock.methods.formats.ties import Institution, Tie

NAMESPACE = "http://graphml.graphdrawing.org/xmlns"

# What XML 1.0 (2.2) has no place for, escaped or not.
_NO_XML = re.compile("[^\t\n\r\u0020-\ud7ff\ue000-\ufffd\U00010000-\U0010ffff]")
_AMOUNT = re.compile(r"-?[0-9]+(?:\.[0-9]+)?")
_NODE_KEYS = tuple(one.name for one in fields(Institution) if one.name != "id")
_EDGE_KEYS = tuple(one.name for one in fields(Tie) if one.name not in ("id", "subject", "object"))
_NUMBERS = ("latitude", "longitude", "amount")


def compose(
    institutions: Iterable[Institution],
    ties: Iterable[Tie],
    measures: Mapping[str, Mapping[str, float]] | None = None,
) -> bytes:
    """The bytes of a GraphML file; `measures` are numbers of institutions, by name and by id.

    Raises ValueError for a tie of an institution that is not given, and for an amount that is no
    number. What is not finite is left out, as what is not known is.

    >>> network = [Institution("city", "City"), Institution("tree", "Tree & Co")]
    >>> b"Tree &amp; Co" in compose(network, [Tie("city", "funds", "tree")])
    True
    """
    return "".join(chunks(institutions, ties, measures)).encode()


def chunks(
    institutions: Iterable[Institution],
    ties: Iterable[Tie],
    measures: Mapping[str, Mapping[str, float]] | None = None,
) -> Iterator[str]:
    """The same file piece by piece, so that a large network is never in memory as a whole.

    Only the ids of the institutions are kept. Raises ValueError as `compose` does, at the piece
    that is wrong.
    """
    yield f'<?xml version="1.0" encoding="UTF-8"?>\n<graphml xmlns="{NAMESPACE}">\n'
    for domain, keys in (("node", _NODE_KEYS), ("edge", _EDGE_KEYS)):
        for key in keys:
            kind = "double" if key in _NUMBERS else "boolean" if key == "synthetic" else "string"
            id = f"{domain}_{key}"
            said = {"id": id, "for": domain, "attr.name": key, "attr.type": kind}
            yield _piece(ET.Element("key", said), 1)
    numbers = {f"measure_{place}": one for place, one in enumerate((measures or {}).items())}
    for id, (name, _values) in numbers.items():
        said = {"id": id, "for": "node", "attr.name": _text(name), "attr.type": "double"}
        yield _piece(ET.Element("key", said), 1)
    yield '  <graph id="interlock" edgedefault="directed">\n'
    known: set[str] = set()
    for institution in institutions:
        if institution.id in known:
            raise ValueError(f'two institutions have the id "{institution.id}"')
        known.add(institution.id)
        node = ET.Element("node", {"id": _text(institution.id)})
        _data(node, institution, "node", _NODE_KEYS)
        for key, (_name, values) in numbers.items():
            value = values.get(institution.id, math.nan)
            if math.isfinite(value):
                ET.SubElement(node, "data", {"key": key}).text = repr(float(value))
        yield _piece(node, 2)
    for number, tie in enumerate(ties, start=1):
        if not {tie.subject, tie.object} <= known:
            raise ValueError(f'a tie of "{tie.subject}" and "{tie.object}", not both of them given')
        if tie.amount and not _AMOUNT.fullmatch(tie.amount):
            raise ValueError(f'the amount "{tie.amount}" is no decimal number')
        ends = {"source": _text(tie.subject), "target": _text(tie.object)}
        edge = ET.Element("edge", {"id": f"tie{_text(tie.id) or number}", **ends})
        _data(edge, tie, "edge", _EDGE_KEYS)
        yield _piece(edge, 2)
    yield "  </graph>\n</graphml>\n"


def _piece(element: ET.Element, level: int) -> str:
    ET.indent(element, level=level)
    text: str = ET.tostring(element, encoding="unicode")
    return f"{'  ' * level}{text}\n"


def _data(element: ET.Element, said: Institution | Tie, domain: str, keys: Iterable[str]) -> None:
    for key in keys:
        value = getattr(said, key)
        if value is not None and value != "":
            ET.SubElement(element, "data", {"key": f"{domain}_{key}"}).text = _text(str(value))


def _text(text: str) -> str:
    """Text that XML can hold; the rest becomes the sign for what was lost."""
    return _NO_XML.sub("\ufffd", text)
