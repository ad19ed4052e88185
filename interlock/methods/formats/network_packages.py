"""A network that was measured, as files: its records, every measure, tables, GraphML, a data package.

The same records, seed and version give the same bytes (`packages`).
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from typing import Any

from interlock.methods.formats import measure_tables, network_json, networks
from interlock.methods.formats.network_json import Records
from interlock.methods.formats.packages import (
    CITATION,
    PACKAGE,
    SYNTHETIC,
    Field,
    citation,
    document_resource,
    json_file,
    package,
    table_file,
    table_resource,
)
from interlock.methods.network.exchange import listed

RECORDS, RESULTS, GRAPHML = "network.json", "results.json", "network.graphml"
_ID: Field = ("id", "string", "Of the institution")
_FIELDS: Mapping[str, tuple[str, tuple[Field, ...]]] = {
    "institutions": (
        "The institutions as they were measured",
        (
            _ID,
            ("kind", "string", "pb, coop, both or other"),
            ("place", "string", "Where it is, as far as it is known"),
            ("ties", "integer", "With how many others it is tied"),
            ("needs", "integer", "How many terms it needs"),
            ("offers", "integer", "How many terms it offers"),
        ),
    ),
    "ties": (
        "The ties between them",
        (
            ("subject", "string", "From this one"),
            ("object", "string", "to this one"),
            ("kind", "string", "What it is"),
            ("since", "date", "From this day"),
            ("until", "date", "to this day"),
            ("evidence", "string", "witnessed by a record, or reported"),
        ),
    ),
    "measures": ("Every measure beside chance", measure_tables.FIELDS),
    "institutions_alone": (
        "Each institution alone beside chance, told exactly",
        (_ID, *measure_tables.FIELDS),
    ),
}


def files(
    records: Records, measured: Mapping[str, Any], portrayed: Mapping[str, Mapping[str, Any]]
) -> dict[str, bytes]:
    """The files by their paths, of records and what `network_json` makes of them.

    >>> from interlock.methods.network.graph import Institution, Kind, network
    >>> from interlock.methods.network.drawing import Drawing
    >>> one = Records(network([Institution("city", Kind.PB)], []))
    >>> made = files(one, network_json.measured(one, Drawing(39)), network_json.portrayed(one))
    >>> sorted(made)[:4], made["tables/institutions.csv"].decode().splitlines()
    (['CITATION.cff', 'datapackage.json', 'network.graphml', 'network.json'], ['id,kind,place,ties,needs,offers', 'city,pb,,0,0,0'])
    """
    mark = records.is_synthetic
    made: dict[str, bytes] = {}
    resources = []
    for name, (title, fields) in _FIELDS.items():
        told = list(_rows(name, records, measured, portrayed))
        if mark:
            fields, told = (*fields, SYNTHETIC), [[*row, True] for row in told]
        path = f"tables/{name}.csv"
        made[path] = table_file(fields, told)
        resources.append(table_resource(name, path, title, made[path], fields))
    documents = {
        RECORDS: (json_file(network_json.compose(records)), "All that was measured", _JSON),
        RESULTS: (
            json_file({"measured": measured, "institutions": portrayed}),
            "Every number, as `interlock measure` computes it",
            _JSON,
        ),
        GRAPHML: (
            networks.graphml(records.network, is_synthetic=mark),
            "The network for other tools",
            _GRAPHML,
        ),
    }
    for path, (data, title, form) in documents.items():
        made[path] = data
        name = path.replace(".", "-")
        resources.append(document_resource(name, path, title, data, form))
    made[CITATION] = citation(is_synthetic=mark).encode()
    made[PACKAGE] = json_file(
        package(
            "interlock-network",
            "Participatory budgeting and worker co-ops: how far do they interlock?",
            _said(records),
            resources,
            [records.source] if records.source else [],
            is_synthetic=mark,
        )
    )
    return made


_JSON = ("json", "application/json")
_GRAPHML = ("graphml", "application/graphml+xml")


def _said(records: Records) -> str:
    when = f" on {records.day}" if records.day else ""
    return (
        f"{len(records.network)} institutions and {len(records.network.ties)} ties{when}. What goes "
        "together is an association and not a cause."
    )


def _rows(
    name: str,
    records: Records,
    measured: Mapping[str, Any],
    portrayed: Mapping[str, Mapping[str, Any]],
) -> Iterator[Sequence[Any]]:
    network = records.network
    if name == "institutions":
        standing = listed(network)
        needs, offers = (
            Counter(id for id, _term in {(one.institution, one.term) for one in listings or own})
            for listings, own in zip((records.needs, records.offers), standing, strict=True)
        )
        for one, ties in zip(network.institutions, network.graph.degrees.tolist(), strict=True):
            yield (one.id, str(one.kind), one.place, ties, needs[one.id], offers[one.id])
    elif name == "ties":
        for tie in network.ties:
            days = (day and day.isoformat() for day in (tie.since, tie.until))
            yield (tie.subject, tie.object, tie.kind, *days, str(tie.evidence))
    elif name == "measures":
        yield from measure_tables.rows(measured)
    else:
        for id, portrait in sorted(portrayed.items()):
            for row in measure_tables.rows(portrait):
                yield (id, *row)
