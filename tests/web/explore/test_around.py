"""An institution's neighbourhood: who is drawn, how its ties stand, and the table beside."""

import re
from itertools import pairwise

import pytest
from django.test import Client

from interlock.web.explore import networks
from interlock.web.explore.networks import Network
from interlock.web.institutions.models import Institution, Kind
from tests.web.explore.register import put, tie
from tests.world import START

pytestmark = pytest.mark.django_db


@pytest.fixture
def city() -> Institution:
    """A city that funds the mill (confirmed), hosts the barn (said), and whose pier disputes; the mill
    has a lender of its own."""
    city = put("city", Kind.PUBLIC_BODY)
    mill, barn, pier, bank = put("mill"), put("barn"), put("pier", "firm"), put("bank", "lender")
    tie(city, "funds", mill)
    tie(city, "hosts", barn, standing="said")
    tie(city, "buys_from", pier, standing="disputed")
    tie(bank, "lends_to", mill)
    return city


def page(path: str) -> str:
    answer = Client().get(path)
    assert answer.status_code == 200
    return re.sub(r"\s+", " ", answer.content.decode())


def drawn(network: Network) -> list[tuple[str, int, str]]:
    return [(node.institution.slug, node.ring, node.sign) for node in network.nodes]


def test_neighbors_are_drawn_around_it(city: Institution) -> None:
    network = Network(city)
    assert sorted(drawn(network)) == [
        ("barn", 1, "co-op"),
        ("mill", 1, "co-op"),
        ("pier", 1, "other"),
    ]
    assert sorted(edge.standing for edge in network.edges) == ["confirmed", "disputed", "said"]
    text = page("/explore/around/city/")
    assert 'href="/explore/around/mill/"' in text
    assert "bank" not in text.lower()


def test_table_tells_every_tie_in_words(city: Institution) -> None:
    tie(put("dock"), "supplies", city)
    rows = [(row.one.slug, row.does, row.other.slug, row.tied.said) for row in Network(city).rows]
    assert sorted(rows) == [
        ("city", "buys from", "pier", "disputed"),
        ("city", "funds", "mill", "confirmed"),
        ("city", "hosts", "barn", "said by one side only"),
        ("city", "is supplied by", "dock", "confirmed"),
    ]


def test_second_step_draws_their_neighbors(city: Institution) -> None:
    network = Network(city, steps=2)
    assert ("bank", 2, "other") in drawn(network)
    assert [node.number for node in network.nodes] == [1, 2, 3, 4]
    told = [(row.number, row.one.slug, row.does, row.other.slug) for row in network.rows]
    assert (4, "bank", "lends to", "mill") in told
    assert "Bank" in page("/explore/around/city/?steps=2")


def test_confirmed_ties_come_first_and_what_is_left_out_is_told(
    city: Institution, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(networks, "MOST_NODES", 1)
    network = Network(city)
    assert drawn(network) == [("mill", 1, "co-op")]
    assert network.left_out == 2
    assert [row.number for row in network.rows] == [1, 0, 0]
    text = page("/explore/around/city/")
    assert "2 neighbors are in the table only" in text
    assert "not drawn" in text


def test_drawing_is_the_same_each_time(city: Institution) -> None:
    assert Network(city, 2).nodes == Network(city, 2).nodes
    assert page("/explore/around/city/?steps=2") == page("/explore/around/city/?steps=2")


def test_ties_of_who_left_or_that_were_withdrawn_are_not_drawn(city: Institution) -> None:
    Institution.objects.filter(slug="barn").update(left_at=START)
    city.ties_from.filter(object__slug="pier").update(withdrawn_at=START)
    network = Network(city)
    assert (drawn(network), network.number_of_ties) == ([("mill", 1, "co-op")], 1)
    assert Client().get("/explore/around/barn/").status_code == 404


def test_witnessed_tie_is_confirmed_whoever_disputes_it(city: Institution) -> None:
    tie(city, "delivers_for", put("dock"), standing="disputed", witness="award/1")
    assert [edge.standing for edge in Network(city).edges].count("confirmed") == 2


def test_two_ties_of_two_are_one_line_as_the_stronger_stands(city: Institution) -> None:
    tie(city, "advises", Institution.objects.get(slug="barn"))
    network = Network(city)
    assert sorted(edge.standing for edge in network.edges) == ["confirmed", "confirmed", "disputed"]
    assert len([row for row in network.rows if row.other.slug == "barn"]) == 2


def test_who_has_no_ties_is_told_how_one_begins() -> None:
    put("alone")
    assert "A tie begins when one side says it" in page("/explore/around/alone/")


def test_names_are_on_either_side_within_the_drawing() -> None:
    city = put("city", Kind.PUBLIC_BODY)
    for number in range(24):
        tie(city, "funds", put(f"one-{number}", name="A name of many letters and more"))
    network = Network(city)
    assert network.with_names
    for node in network.nodes:
        assert 0 < node.y < network.height
        room = node.beside if node.is_left else network.width - node.beside
        assert room > 9 * len(node.short)
    ys = sorted(node.y for node in network.nodes if node.is_left)
    assert min(b - a for a, b in pairwise(ys)) >= 24


def test_page_of_an_institution_leads_to_its_neighborhood(city: Institution) -> None:
    assert 'href="/explore/around/city/"' in page("/institutions/city/")
    assert "Its 3 ties, drawn" in page("/institutions/city/")
    put("alone")
    assert "/explore/around/alone/" not in page("/institutions/alone/")
    Institution.objects.filter(slug="city").update(left_at=START)
    assert "Who is around it" not in page("/institutions/city/")
