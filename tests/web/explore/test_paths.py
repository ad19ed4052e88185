"""Paths between two institutions: the shortest ones, in sentences, and an honest answer when none is."""

import re
from itertools import pairwise
from random import Random

import networkx
import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from interlock.web.explore import chains
from interlock.web.explore.chains import Found, between
from interlock.web.institutions.models import Institution
from tests.web.explore.register import fill, put, tie
from tests.world import START

pytestmark = pytest.mark.django_db


def line(*slugs: str, standing: str = "confirmed") -> list[Institution]:
    """Institutions in a row, each funding the next."""
    made = [Institution.objects.filter(slug=slug).first() or put(slug) for slug in slugs]
    for one, other in pairwise(made):
        tie(one, "funds", other, standing=standing)
    return made


def find(one: Institution, other: Institution, confirmed_only: bool = False) -> Found:
    return between(one, other, confirmed_only=confirmed_only)


def told(found: Found) -> list[list[str]]:
    return [[link.told for link in chain] for chain in found.chains]


def page(query: str, status: int = 200) -> str:
    answer = Client().get(f"/explore/paths/{query}")
    assert answer.status_code == status
    return re.sub(r"\s+", " ", answer.content.decode())


def test_chain_is_told_in_sentences_from_one_to_the_other() -> None:
    city, _mill, barn = line("city", "mill", "barn")
    assert told(find(city, barn)) == [["City funds Mill.", "Mill funds Barn."]]
    assert told(find(barn, city)) == [["Barn is funded by Mill.", "Mill is funded by City."]]
    text = page("?from=city&to=barn")
    assert "2 steps" in text
    assert "City funds Mill." in text


def test_only_the_shortest_are_told_and_all_of_that_length() -> None:
    city, *_rest, barn = line("city", "mill", "barn")
    line("city", "pier", "barn")
    line("city", "one", "two", "barn")
    assert sorted(link[0].other.slug for link in find(city, barn).chains) == ["mill", "pier"]
    assert "several of this length" in page("?from=city&to=barn")


def test_neighbors_are_one_step_apart() -> None:
    city, mill = line("city", "mill")
    tie(mill, "supplies", city, standing="said")
    (chain,) = find(city, mill).chains
    assert [(link.told, link.standing, link.more) for link in chain] == [
        ("City funds Mill.", "confirmed", 1)
    ]
    assert "1 more tie between them" in page("?from=city&to=mill")


def test_what_only_one_side_said_may_be_left_out() -> None:
    city, _mill, barn = line("city", "mill", "barn", standing="said")
    assert find(city, barn).steps == 2
    assert find(city, barn, confirmed_only=True).chains == []
    text = page("?from=city&to=barn&confirmed=1")
    assert "No path was found" in text
    assert "Count ties that only one side has said" in text


def test_disputed_tie_leads_nowhere() -> None:
    city, _mill, barn = line("city", "mill", "barn", standing="disputed")
    assert find(city, barn).chains == []


def test_nothing_is_found_beyond_six_steps() -> None:
    made = line(*"abcdefgh")
    assert find(made[0], made[6]).steps == 6
    assert find(made[0], made[7]) == Found([], read_all=True)
    text = page("?from=a&to=h")
    assert "Nothing in the register ties them within 6 steps." in text


def test_nobody_leads_through_who_has_left() -> None:
    city, mill, barn = line("city", "mill", "barn")
    Institution.objects.filter(pk=mill.pk).update(left_at=START)
    assert find(city, barn).chains == []
    assert "Nobody in the register is called so" in page("?from=mill&to=city", 422)


def test_number_of_chains_is_bounded_and_more_are_told_of() -> None:
    city, barn = put("city"), put("barn")
    for number in range(8):
        middle = put(f"middle-{number}")
        tie(city, "funds", middle)
        tie(middle, "funds", barn)
    found = find(city, barn)
    assert (len(found.chains), found.more, found.read_all) == (5, True, True)
    assert "There are more of this length." in page("?from=city&to=barn")


def test_page_says_when_not_everything_was_read(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(chains, "MOST_READ", 2)
    made = line(*"abcde")
    for number in range(4):
        tie(made[0], "hosts", put(f"side-{number}"))
    lone = put("lone")
    tie(lone, "funds", put("end"))
    assert not find(made[0], lone).read_all
    assert "a path may have been missed" in page("?from=a&to=lone")


def test_all_shortest_chains_are_those_of_networkx() -> None:
    fill(60, 90)
    graph = networkx.Graph()
    everybody = {one.pk: one for one in Institution.objects.all()}
    graph.add_nodes_from(everybody)
    for one in everybody.values():
        graph.add_edges_from(
            (one.pk, end) for end in one.ties_from.values_list("object", flat=True)
        )
    random = Random(5)
    for _pair in range(40):
        one, other = random.sample(sorted(everybody), 2)
        found = find(everybody[one], everybody[other])
        try:
            expected = {tuple(way) for way in networkx.all_shortest_paths(graph, one, other)}
        except networkx.NetworkXNoPath:
            expected = set()
        if expected and len(next(iter(expected))) - 1 > chains.MOST_STEPS:
            expected = set()
        ways = {(chain[0].one.pk, *(link.other.pk for link in chain)) for chain in found.chains}
        assert ways <= expected
        assert len(ways) == min(len(expected), chains.MOST_CHAINS)
        assert found.more == (len(expected) > chains.MOST_CHAINS)


def test_each_level_asks_twice_at_most() -> None:
    made = line(*"abcdefg")
    with CaptureQueriesContext(connection) as captured:
        find(made[0], made[6])
    assert len(captured) <= 2 * chains.MOST_STEPS + 1
    *levels, _names = [query["sql"] for query in captured.captured_queries]
    assert [sql for sql in levels if "LIMIT" not in sql] == []


def test_institutions_are_chosen_by_name_and_one_of_several_is_asked_for() -> None:
    city = put("city")
    for number in range(3):
        tie(city, "funds", put(f"mill-{number}", place="Peoria"))
    text = page("?from=city&to=mill")
    assert "Several are called so. Which one?" in text
    assert text.count('type="radio"') == 3
    assert "One step" in page("?from=City&to=mill&to=mill-2")
    assert "City funds Mill 2." in page("?from=CITY&to=mill-2")


def test_the_same_one_twice_is_no_path() -> None:
    put("city")
    assert "That is the same institution." in page("?from=city&to=city", 422)


def test_one_end_alone_is_no_error() -> None:
    put("city")
    page("")
    page("?from=city")
    page("?from=%00&to=")
