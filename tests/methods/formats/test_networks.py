"""GraphML and CSV of ties, JSON-LD of institutions."""

import csv
import io
import json
import re
import xml.etree.ElementTree as ET
from html.parser import HTMLParser

import networkx
import pytest
from hypothesis import given
from hypothesis import strategies as st

from interlock.methods.formats import graphml, jsonld, networks, ties
from interlock.methods.formats.formulas import guarded, unguarded
from interlock.methods.formats.register import Address, Headcount, Identifier
from interlock.methods.formats.ties import Institution, Tie
from tests.methods.network.worlds import town

CITY = Institution("city", 'City & "Sons" <b>', "public_body", "Oakton", 40.5, -73.25)
TREE = Institution("tree", "Tree\0Co-op\ud800")
FUNDS = Tie("city", "funds", "tree", "2020", "2024-05", "1200.50", "USD", "https://x.example")
BUYS = Tie("city", "buys from", "tree", state="confirmed")

IN = {"g": graphml.NAMESPACE}


def test_graph_has_a_node_an_institution_and_an_edge_a_tie() -> None:
    root = ET.fromstring(graphml.compose([CITY, TREE], [FUNDS, BUYS]))
    keys = {key.get("id"): key.get("attr.name") for key in root.findall("g:key", IN)}
    nodes, edges = (
        [
            (
                {name: one.get(name) for name in names},
                {keys[data.get("key")]: data.text for data in one.findall("g:data", IN)},
            )
            for one in root.findall(f"g:graph/g:{kind}", IN)
        ]
        for kind, names in (("node", ["id"]), ("edge", ["id", "source", "target"]))
    )
    assert nodes == [
        (
            {"id": "city"},
            {
                "name": 'City & "Sons" <b>',
                "kind": "public_body",
                "place": "Oakton",
                "latitude": "40.5",
                "longitude": "-73.25",
            },
        ),
        ({"id": "tree"}, {"name": "Tree\ufffdCo-op\ufffd"}),
    ]
    assert edges == [
        (
            {"id": "tie1", "source": "city", "target": "tree"},
            {
                "predicate": "funds",
                "since": "2020",
                "until": "2024-05",
                "amount": "1200.50",
                "currency": "USD",
                "evidence": "https://x.example",
            },
        ),
        (
            {"id": "tie2", "source": "city", "target": "tree"},
            {"predicate": "buys from", "state": "confirmed"},
        ),
    ]


@given(st.lists(st.text(max_size=20), max_size=6))
def test_any_name_gives_a_graph_that_is_xml(names: list[str]) -> None:
    institutions = [Institution(f"n{number}", name) for number, name in enumerate(names)]
    root = ET.fromstring(graphml.compose(institutions, []))
    assert len(root.findall("g:graph/g:node", IN)) == len(names)


@pytest.mark.parametrize(
    ("institutions", "tie"),
    [
        ([CITY], BUYS),
        ([CITY, CITY], BUYS),
        ([CITY, TREE], Tie("city", "funds", "tree", amount="x")),
    ],
)
def test_graph_that_does_not_hold_together_is_refused(
    institutions: list[Institution], tie: Tie
) -> None:
    with pytest.raises(ValueError, match=r"a tie of|two institutions|no decimal number"):
        graphml.compose(institutions, [tie])


def test_ties_are_a_table_without_formulas() -> None:
    text = "".join(ties.lines([FUNDS, Tie("=1+1", "funds", "tree", amount="-5.00")]))
    first, second = csv.DictReader(io.StringIO(text, newline=""))
    assert (first["subject"], first["amount"], first["said_by"]) == ("city", "1200.50", "")
    assert (second["subject"], second["amount"]) == ("'=1+1", "-5.00")


@given(st.text(st.sampled_from("'=+-@\t\r１＝a1. ")) | st.text())
def test_guarded_text_comes_back_and_never_runs(text: str) -> None:
    written = guarded(text)
    assert unguarded(written) == text
    if not re.fullmatch(r"[+-]?[0-9]+(\.[0-9]+)?", written):
        assert written[:1] not in tuple("=+-@\t\r＝＋－＠")


def test_organization_says_what_is_known() -> None:
    one = jsonld.Organization(
        "https://x.example/tree",
        "Tree",
        identifiers=[Identifier("GB-COH", "01234567")],
        address=Address(locality="Oakton", country="US"),
        latitude=0.0,
        longitude=-73.25,
        website="https://tree.example",
        workers=Headcount(12, 2023),
        keywords=["worker co-op"],
        member_of=["https://x.example/federation"],
    )
    assert jsonld.organization(one) == {
        "@context": "https://schema.org",
        "@type": "Organization",
        "@id": "https://x.example/tree",
        "url": "https://x.example/tree",
        "name": "Tree",
        "identifier": [{"@type": "PropertyValue", "propertyID": "GB-COH", "value": "01234567"}],
        "address": {
            "@type": "PostalAddress",
            "addressLocality": "Oakton",
            "addressCountry": "US",
        },
        "location": {
            "@type": "Place",
            "geo": {"@type": "GeoCoordinates", "latitude": 0.0, "longitude": -73.25},
        },
        "sameAs": "https://tree.example",
        "numberOfEmployees": {"@type": "QuantitativeValue", "value": 12},
        "keywords": ["worker co-op"],
        "memberOf": [{"@type": "Organization", "@id": "https://x.example/federation"}],
    }


@given(st.text() | st.sampled_from(["</script>", "<!--<script>", "]]>", "\u2028"]))
def test_script_ends_where_the_page_ends_it(text: str) -> None:
    written = jsonld.script({"name": text})
    assert json.loads(written) == {"name": text}
    found: list[str] = []

    class Page(HTMLParser):
        def handle_data(self, data: str) -> None:
            found.append(data)

    page = Page()
    page.feed(f'<script type="application/ld+json">{written}</script>')
    page.close()
    assert "".join(found) == written


def test_network_of_the_library_is_read_back_with_its_measures() -> None:
    measured = town()
    degrees = measured.graph.degrees.astype(float)
    degrees[0] = float("nan")
    file = networks.graphml(measured, {"degree & all": degrees})
    read = networkx.read_graphml(io.BytesIO(file), force_multigraph=True)
    assert sorted(read.nodes) == list(measured.ids)
    told = {id: data.get("degree & all") for id, data in read.nodes(data=True)}
    assert told == {"bank": None, "bread": 1, "budget": 2, "city": 2, "tree": 2, "union": 3}
    assert read.nodes["city"]["kind"] == "pb"
    ties = sorted((one, other, data["predicate"]) for one, other, data in read.edges(data=True))
    assert ties == sorted((one.subject, one.object, one.kind) for one in measured.ties)
    paid = read.edges["city", "tree", "tie4"]
    assert (paid["amount"], paid["currency"], paid["state"]) == (5.0, "USD", "witnessed")
    with pytest.raises(ValueError, match="no number for each"):
        networks.graphml(measured, {"degree": degrees[:2]})


def test_edges_have_two_ends_a_kind_and_what_is_known() -> None:
    rows = list(csv.DictReader(networks.edges(town())))
    assert len(rows) == 6
    assert (
        rows[3 - 1]
        == {
            "source": "city",
            "target": "tree",
            "kind": "buys_from",
            "since": "2022-05-01",
            "until": "",
            "evidence": "witnessed",
            "amount": "5",
            "currency": "USD",
        }
        or rows
    )
