import itertools

import numpy as np
import pytest
from hypothesis import given

from interlock.methods.network import layout as layouts
from interlock.methods.network.graph import Floats, Graph, simple
from interlock.methods.network.layout import GRID, layout
from tests.methods.network.worlds import graph, graphs, random_graph


def test_chain_is_drawn_in_its_order() -> None:
    found = layout(graph("pcpcp", (0, 1), (1, 2), (2, 3), (3, 4)))
    across = found.at[:, 0].tolist()
    assert sorted(across) in (across, across[::-1])
    steps = np.abs(np.diff(across))
    assert steps.max() < 1.5 * steps.min()


def test_those_with_most_ties_are_drawn_where_there_are_too_many() -> None:
    star = graph("pccccc", *((0, other) for other in range(1, 6)), (4, 5))
    assert layout(star, 3).places.tolist() == [0, 4, 5]
    assert layout(graph("pp"), 3).places.tolist() == []
    with pytest.raises(ValueError, match="At least 1"):
        layout(star, 0)


def test_parts_that_do_not_hang_together_stand_apart() -> None:
    found = layout(graph("pcpcpc", (0, 1), (1, 2), (0, 2), (3, 4), (4, 5), (3, 5)))
    distances = np.hypot(*(found.at[:, None] - found.at).transpose(2, 0, 1))
    within = max(distances[np.ix_(part, part)].max() for part in ([0, 1, 2], [3, 4, 5]))
    assert distances[:3, 3:].mean() > 0.8 * within


@given(graphs())
def test_all_that_are_tied_stand_on_the_grid_and_none_on_another(one: Graph) -> None:
    found = layout(one)
    assert found.places.tolist() == np.flatnonzero(one.degrees).tolist()
    assert found.at.shape == (len(found.places), 2)
    assert ((found.at >= 0) & (found.at <= GRID)).all()
    assert len({tuple(row) for row in found.at.tolist()}) == len(found.at)


def test_picture_hangs_on_the_ties_alone() -> None:
    one = random_graph(60, 90)
    again = simple(one.kinds, one.pairs[::-1, ::-1])
    assert layout(one).to_json() == layout(again).to_json()


@pytest.mark.parametrize(
    "pairs",
    [
        [(0, other) for other in range(1, 13)],
        [(one, (one + 1) % 13) for one in range(13)],
        list(itertools.combinations(range(13), 2)),
    ],
)
def test_last_bits_of_arithmetic_choose_no_turn(
    pairs: list[tuple[int, int]], monkeypatch: pytest.MonkeyPatch
) -> None:
    """Of a star, a ring and all with all any turn is as good; each machine has to draw the same."""
    one = graph("p" * 13, *pairs)
    drawn = layout(one).to_json()
    whole = layouts._apart
    noise = np.random.default_rng(1).uniform(-1e-13, 1e-13, (13, 13))

    def blurred(near: object) -> Floats:
        return whole(near) * (1 + noise + noise.T)

    monkeypatch.setattr(layouts, "_apart", blurred)
    assert layout(one).to_json() == drawn
