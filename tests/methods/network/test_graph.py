from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from interlock.methods.network.graph import Institution, Kind, Network, NetworkError, Tie, network
from tests.methods.network.worlds import town


def test_network_has_ids_layers_and_pairs() -> None:
    found = town()
    assert found.ids == ("bank", "bread", "budget", "city", "tree", "union")
    assert found.layers == ("bids_to", "buys_from", "federated_in", "funds")
    assert found.graph.pairs.tolist() == [[1, 5], [2, 3], [2, 5], [3, 4], [4, 5]]
    assert found.graph.degrees.tolist() == [0, 1, 2, 2, 2, 3]
    assert found.graph.components.tolist() == [0, 1, 1, 1, 1, 1]
    assert found.graph.coverage == pytest.approx(5 / 6)
    assert found.kinds.tolist() == [3, 1, 0, 0, 1, 2]
    assert found.regions.tolist() == [-1, 1, 0, 0, 0, 1]
    assert found.place_of["city"] == 3


def test_order_of_rows_changes_nothing() -> None:
    one = town()
    other = network(reversed(one.institutions), reversed(one.ties))
    assert (other.institutions, other.ties) == (one.institutions, one.ties)
    assert other.graph.pairs.tolist() == one.graph.pairs.tolist()


def test_layer_has_the_ties_of_one_kind() -> None:
    found = town().layer("federated_in")
    assert [(tie.subject, tie.object) for tie in found.ties] == [
        ("bread", "union"),
        ("tree", "union"),
    ]
    assert len(found) == 6
    with pytest.raises(ValueError, match="There is no layer owns"):
        town().layer("owns")


def test_across_has_the_ties_between_the_two_worlds() -> None:
    """Somebody of both worlds is on either side."""
    found = town().across()
    assert [(tie.subject, tie.object) for tie in found.ties] == [
        ("bread", "union"),
        ("budget", "union"),
        ("city", "tree"),
        ("tree", "city"),
        ("tree", "union"),
    ]


@pytest.mark.parametrize(
    ("day", "ties"),
    [(date(2019, 12, 31), 2), (date(2022, 2, 1), 4), (date(2022, 2, 2), 3), (date(2025, 1, 1), 4)],
)
def test_ties_of_a_day_are_those_that_hold(day: date, ties: int) -> None:
    assert len(town().at(day).ties) == ties


def test_witnessed_ties_are_known() -> None:
    found = town()
    assert [tie.kind for tie in found.where(found.witnessed).ties] == ["buys_from"]


def test_everything_wrong_is_told_at_once() -> None:
    city = Institution("city", Kind.PB)
    with pytest.raises(NetworkError) as told:
        network(
            [city, Institution("", Kind.COOP), city],
            [
                Tie("city", "oak"),
                Tie("city", "city"),
                Tie("city", "", since=date(2021, 1, 1), until=date(2020, 1, 1), amount=-1),
            ],
        )
    assert sorted(str(fault) for fault in told.value.faults) == [
        "amount-below-zero: city – ",
        "amount-without-currency: city – ",
        "ends-before-it-begins: city – ",
        "id-again: city",
        "no-id",
        "tie-with-itself: city",
        "unknown-institution: oak",
    ]


def test_nothing_is_a_network_too() -> None:
    empty = network([], [])
    assert (len(empty), empty.graph.pairs.shape, empty.layers) == (0, (0, 2), ())
    assert empty.graph.coverage != empty.graph.coverage


ids = st.text("abcd", min_size=1, max_size=2)


@given(st.lists(ids, min_size=2, unique=True), st.data())
def test_order_of_any_rows_changes_nothing(names: list[str], data: st.DataObject) -> None:
    institutions = [Institution(id, data.draw(st.sampled_from(Kind))) for id in names]
    some = st.tuples(st.sampled_from(names), st.sampled_from(names), st.sampled_from("xyz"))
    ties = [Tie(*one) for one in data.draw(st.lists(some, max_size=9)) if one[0] != one[1]]
    one = network(institutions, ties)
    other: Network = network(
        data.draw(st.permutations(institutions)), data.draw(st.permutations(ties))
    )
    assert (one.ids, one.ties, one.layers) == (other.ids, other.ties, other.layers)
    assert one.graph.pairs.tolist() == other.graph.pairs.tolist()
