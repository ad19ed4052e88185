"""A network as a file: read as it was written, and every fault with its path."""

import json
from contextlib import suppress
from datetime import date
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from interlock.methods.formats import network_json
from interlock.methods.formats.faults import FormatError
from interlock.methods.network.collaboration import Award
from interlock.methods.network.drawing import Drawing
from interlock.methods.network.exchange import Listing
from interlock.methods.network.graph import Evidence, Institution, Kind, Tie, network

IDS = ("city", "mill", "oak", "tree")
days = st.dates(date(2000, 1, 1), date(2030, 1, 1))
institutions = st.tuples(
    *(
        st.builds(
            Institution,
            st.just(id),
            st.sampled_from(Kind),
            st.sampled_from(["", "US-IL", "GB"]),
            *[st.frozensets(st.sampled_from(["food", "español"]))] * 3,
        )
        for id in IDS
    )
)
pairs = st.tuples(st.sampled_from(IDS), st.sampled_from(IDS)).filter(lambda two: two[0] != two[1])
ties = st.lists(
    st.builds(
        lambda two, kind, since, evidence: Tie(*two, kind, since, None, evidence),
        pairs, st.sampled_from(["", "funds"]), st.none() | days, st.sampled_from(Evidence),
    )
)  # fmt: skip
listings = st.lists(
    st.builds(Listing, st.sampled_from(IDS), st.sampled_from(["food", "rooms"]), st.integers(0, 9))
)
awards = st.lists(
    st.builds(
        lambda two, day, amount, bidders, late: Award(*two, day, amount, "USD", "works", bidders, late),
        pairs, days, st.none() | st.integers(0, 10**9), st.frozensets(st.sampled_from(IDS)),
        st.dictionaries(st.sampled_from(["days-late", "over"]), st.integers(-99, 99)),
    )
)  # fmt: skip


@given(institutions, ties, listings, listings, awards, st.none() | days, st.booleans())
def test_what_is_written_is_read_again(
    who: Any, tied: Any, needs: Any, offers: Any, awarded: Any, day: Any, synthetic: bool
) -> None:
    records = network_json.Records(
        network(who, tied), day, tuple(needs), tuple(offers), tuple(awarded),
        "The register", "CC BY 4.0", synthetic,
    )  # fmt: skip
    told = network_json.compose(records)
    found = network_json.read(json.dumps(told).encode())
    assert network_json.compose(found) == told
    assert found.network.institutions == records.network.institutions
    assert found.network.ties == records.network.ties
    outcomes = [
        sorted(sorted(one.outcomes.items()) for one in of.awards) for of in (found, records)
    ]
    assert outcomes[0] == outcomes[1]
    assert (found.day, found.is_synthetic) == (day, synthetic)


CITY = {"id": "city", "kind": "pb"}
TREE = {"id": "tree", "kind": "coop"}
AWARD = {"buyer": "city", "deliverer": "tree", "day": "2025-01-02"}


@pytest.mark.parametrize(
    ("told", "fault"),
    [
        ([], "institutions: There is no list of institutions."),
        ({"institutions": 3}, "institutions: There is no list of institutions."),
        ({"institutions": [], "format": "x/2"}, "format: It is not “interlock-network/1”."),
        ({"institutions": [3]}, "institutions[0]: It is no object."),
        ({"institutions": [{"kind": "pb"}]}, "institutions[0].id: It is missing."),
        ({"institutions": [{**CITY, "place": 3}]}, "institutions[0].place: It is no text."),
        ({"institutions": [{**CITY, "needs": "x"}]}, "institutions[0].needs: It is no list of texts."),
        (
            {"institutions": [{**CITY, "colour": "x"}]},
            "institutions[0].colour: The keys are: id, kind, place, offers, needs, aims.",
        ),
        ({"institutions": [CITY, CITY]}, "city: Two institutions have this id."),
        ({"institutions": [CITY], "ties": {}}, "ties: It is no list."),
        (
            {"institutions": [CITY], "ties": [{"subject": "city", "object": "oak"}]},
            "oak: A tie is of an institution that is not in this file.",
        ),
        (
            {"institutions": [CITY], "ties": [{"subject": "city", "object": "city"}]},
            "city: A tie is of an institution with itself.",
        ),
        (
            {"institutions": [CITY], "ties": [{"subject": "city", "object": "x", "since": "soon"}]},
            "ties[0].since: It is no day, such as 2026-11-29.",
        ),
        (
            {"institutions": [CITY], "needs": [{"institution": "oak", "term": "food"}]},
            "needs: “oak” is no institution of this file.",
        ),
        (
            {"institutions": [CITY, TREE], "awards": [{**AWARD, "amount": -1}]},
            "awards[0].amount: It is no whole number from 0 to 999,999,999,999,999.",
        ),
        (
            {"institutions": [CITY, TREE], "awards": [{**AWARD, "outcomes": {"days-late": True}}]},
            "awards[0].outcomes: It is no object of numbers.",
        ),
        (
            {"institutions": [CITY, TREE], "awards": [{**AWARD, "bidders": ["oak"]}]},
            "awards: “oak” is no institution of this file.",
        ),
        (
            {
                "institutions": [CITY, TREE],
                "awards": [{**AWARD, "amount": 1, "currency": one} for one in ("USD", "EUR")],
            },
            "awards: The amounts are in several currencies: give those of one.",
        ),
    ],
)  # fmt: skip
def test_fault_says_where_and_what(told: Any, fault: str) -> None:
    with pytest.raises(FormatError) as caught:
        network_json.read(json.dumps(told).encode())
    assert [str(one) for one in caught.value.faults] == [fault]


@given(st.recursive(
    st.none() | st.booleans() | st.integers() | st.text() | st.sampled_from(["pb", "city"]),
    lambda inner: st.lists(inner) | st.dictionaries(
        st.sampled_from(["institutions", "ties", "id", "kind", "needs", "awards", "day", "x"]), inner
    ),
))  # fmt: skip
def test_any_json_is_read_or_refused(told: Any) -> None:
    with suppress(FormatError):
        network_json.read(json.dumps(told).encode())


def test_measures_hang_on_the_content_and_the_seed_alone() -> None:
    told = {"institutions": [CITY, TREE], "ties": [{"subject": "city", "object": "tree"}]}
    turned = {"ties": told["ties"], "institutions": [TREE, CITY]}
    one, other = (
        network_json.measured(network_json.read(json.dumps(each).encode()), Drawing(39))
        for each in (told, turned)
    )
    assert one == other
    assert one["institutions"] == {"pb": 1, "coop": 1, "both": 0, "other": 0}
    assert {each["name"]: each["value"] for each in one["connectivity"]}["across"] == 1.0
