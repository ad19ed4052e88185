"""An institution's neighbourhood: who is drawn, how its ties stand, and the table beside."""

import re
from itertools import combinations, pairwise
from math import dist

import pytest
from django.test import Client

from interlock.web.explore import networks, rings
from interlock.web.explore.networks import WIDTH, Network
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
    numbers = {node.institution.slug: node.number for node in network.nodes}
    told = [
        (row.one_number, row.one.slug, row.does, row.other.slug, row.other_number)
        for row in network.rows
    ]
    assert (numbers["bank"], "bank", "lends to", "mill", numbers["mill"]) in told
    assert (0, "city", "funds", "mill", numbers["mill"]) in told
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


def test_two_ties_of_two_that_stand_alike_are_one_line_and_others_run_beside(
    city: Institution,
) -> None:
    barn, mill = (Institution.objects.get(slug=slug) for slug in ("barn", "mill"))
    tie(city, "advises", mill)
    tie(city, "advises", barn)
    tie(city, "funds", barn, standing="disputed")
    for steps in (1, 2):
        network = Network(city, steps)
        told = sorted(edge.standing for edge in network.edges)
        assert told == ["confirmed"] * (1 + steps) + ["disputed", "disputed", "said"]
        assert len({edge.path for edge in network.edges}) == len(told)
    assert len([row for row in network.rows if row.other.slug == "barn"]) == 3


def test_who_has_no_ties_is_told_how_one_begins() -> None:
    put("alone")
    assert "A tie begins when one side says it" in page("/explore/around/alone/")


def test_names_are_on_either_side_within_the_drawing() -> None:
    city = put("city", Kind.PUBLIC_BODY)
    for number in range(24):
        tie(city, "funds", put(f"one-{number}", name="A name of many letters and more"))
    network = Network(city)
    assert network.with_names
    for label in network.labels:
        assert 0 < label.node.y < network.height
        room = label.x if label.anchor == "end" else WIDTH - label.x
        assert room > 10 * max(map(len, label.lines))
        assert len(label.lines) == 2
    ys = sorted(node.y for node in network.nodes if node.x < WIDTH / 2)
    assert min(b - a for a, b in pairwise(ys)) >= 40


def test_two_rings_have_room_for_signs_and_names() -> None:
    """Beyond so many the names go, and the numbers have room."""
    for first, second, named in ((3, 2, True), (6, 6, True), (10, 12, False)):
        city = put(f"city-{first}", Kind.PUBLIC_BODY)
        for number in range(first):
            near = put(f"near-{first}-{number}", name="Sundial Growers Cooperative")
            tie(city, "funds", near)
            for far in range(number, second, first):
                tie(near, "hosts", put(f"far-{first}-{far}", name="Harbor Light Credit Union"))
        network = Network(city, steps=2)
        _left, top, wide, high = map(float, network.box.split())
        signs = [(node.x, node.y) for node in (network.center, *network.nodes)]
        assert (len(signs), network.with_names) == (1 + first + second, named)
        assert all(0 < x < wide and top < y < top + high for x, y in signs)
        least = 48 if named else 24
        assert min(dist(one, other) for one, other in combinations(signs, 2)) > least
        lines = {label.lines[0] for label in network.labels}
        assert ("1 Sundial" in lines, "1" in lines) == (named, not named)


def test_line_passes_by_a_sign_in_its_way() -> None:
    (straight,) = rings.lines((0, 0), (200, 0), 1, [(0, 0), (200, 0), (100, 80)])
    (around,) = rings.lines((0, 0), (200, 0), 1, [(0, 0), (200, 0), (100, 0)])
    assert straight.path == "M0.0 0.0L200.0 0.0"
    assert min(dist(point, (100, 0)) for point in around.points) > rings.NEAR


def test_name_stands_where_no_line_runs() -> None:
    down = rings.lines((300, 100), (300, 200), 1, [])
    (free,) = rings.names([(300, 100)], [("Name",)], [], [], 612)
    (beside,) = rings.names([(300, 100)], [("Name",)], down, [], 612)
    (inwards,) = rings.names([(10, 100)], [("A long name",)], down, [], 612)
    assert [free.anchor, beside.anchor, inwards.anchor] == ["middle", "end", "start"]


def test_no_two_names_touch_where_there_is_room_for_both() -> None:
    """The first one was placed best for itself, and gives way once the second has its only place."""
    sundial, middle = (427.0, 93.0), (306.0, 93.0)
    signs = [sundial, (534.0, 60.0), (534.0, 130.0)]
    texts = [("1 Sundial", "Growers", "Cooperative"), ("3 Eastbank", "Co-op Workshop"), ("4 Two",)]
    drawn = [
        line
        for end in (middle, *signs[1:])
        for line in rings.lines(sundial, end, 1, [*signs, middle])
    ]
    placed = rings.names(signs, texts, drawn, [middle], 612)
    assert not any(one.meets(other) for one, other in combinations(placed, 2))


def test_heading_says_how_many_ties_the_table_has(city: Institution) -> None:
    assert "1 more tie runs between its neighbors and others." in page(
        "/explore/around/city/?steps=2"
    )
    assert "more tie" not in page("/explore/around/city/")


def test_page_of_an_institution_leads_to_its_neighborhood(city: Institution) -> None:
    assert 'href="/explore/around/city/"' in page("/institutions/city/")
    assert "Its 3 ties, drawn" in page("/institutions/city/")
    put("alone")
    assert "/explore/around/alone/" not in page("/institutions/alone/")
    Institution.objects.filter(slug="city").update(left_at=START)
    assert "Who is around it" not in page("/institutions/city/")
