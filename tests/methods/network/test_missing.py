import math

import numpy as np
import pytest

from interlock.methods.network.cohesion import density, largest_component
from interlock.methods.network.drawing import Drawing
from interlock.methods.network.missing import without_ties
from interlock.methods.network.mixing import external_internal
from tests.methods.network.worlds import QUICK, graph, random_graph


def test_density_falls_by_the_share_that_is_gone() -> None:
    found = without_ties(random_graph(40, 100), {"density": density}, QUICK)
    assert [(one.share, one.mean / one.value) for one in found] == [
        (0.1, pytest.approx(0.9)),
        (0.2, pytest.approx(0.8)),
        (0.3, pytest.approx(0.7)),
    ]


def test_index_stays_where_ties_go_at_random_and_its_band_widens() -> None:
    asked = {"ei": external_internal, "largest": largest_component}
    found = without_ties(random_graph(40, 100), asked, Drawing(resamples=400))
    assert [one.name for one in found] == ["ei"] * 3 + ["largest"] * 3
    assert [one.mean for one in found[:3]] == pytest.approx([found[0].value] * 3, abs=0.03)
    widths = [one.band.high - one.band.low for one in found[:3] if one.band]
    assert widths == sorted(widths)
    assert widths[2] == pytest.approx(2 * widths[0], rel=0.35)


def test_band_of_one_tie_of_two_is_what_counting_gives() -> None:
    """Without one of two ties, one within and one across, the index is 1 or -1."""
    one = without_ties(
        graph("ppc", (0, 1), (1, 2)), {"ei": external_internal}, QUICK, shares=(0.5,)
    )
    assert one[0].band is not None
    assert (one[0].value, one[0].band.low, one[0].band.high) == (0.0, -1.0, 1.0)


def test_nothing_left_is_not_defined() -> None:
    found = without_ties(graph("pc", (0, 1)), {"ei": external_internal}, QUICK, shares=(0.6,))
    assert math.isnan(found[0].mean)
    assert found[0].band is None


def test_shares_out_of_range_are_refused() -> None:
    for share in (0.0, 1.0, np.nan):
        with pytest.raises(ValueError, match="share"):
            without_ties(graph("pc", (0, 1)), {}, QUICK, shares=(share,))
