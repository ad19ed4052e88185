import numpy as np
import pytest

from interlock.methods.blocks import generator
from interlock.methods.places.colocation.by_people import redraw
from interlock.methods.places.colocation.ratios import rate_ratio
from interlock.methods.places.colocation.synthetic import country, hidden_cause, world


def test_country_is_as_unequal_as_the_counted_one() -> None:
    made = country()
    assert made.population.sum() == pytest.approx(328e6, rel=0.15)
    assert np.median(made.population) == pytest.approx(25_726, rel=0.02)
    assert len(np.unique(made.states)) == 51


@pytest.mark.parametrize(("ratio", "is_found"), [(1.0, False), (3.0, True), (5.0, True)])
def test_verdict_is_that_of_what_was_planted(ratio: float, is_found: bool) -> None:
    planted = world(country(), ratio=ratio, seed=11)
    found = rate_ratio(planted, by_region=True).ratio
    assert found.low < ratio < found.high
    assert (found.low > 1) is is_found
    assert (redraw(planted, resamples=999).excess.p_more < 0.025) is is_found


def test_hidden_cause_fools_who_knows_people_only() -> None:
    planted = world(country(), hidden=1.0, seed=3)
    assert redraw(planted, resamples=199).excess.p_more < 0.025


def test_hidden_cause_is_smooth() -> None:
    made = country()
    field = hidden_cause(made, generator(1))
    assert (field.mean(), field.std()) == (pytest.approx(0, abs=1e-9), pytest.approx(1))
    near = np.hypot(made.latitude - made.latitude[0], made.longitude - made.longitude[0])
    assert np.abs(field[np.argsort(near)[1:4]] - field[0]).max() < 1


def test_seed_decides() -> None:
    made = country(300, 10)
    first, again = world(made, seed=1), world(made, seed=1)
    assert (first.counts == again.counts).all()
    assert (first.counts != world(made, seed=2).counts).any()
    assert (country(300, 10).population == made.population).all()


def test_country_without_states_is_refused() -> None:
    for counties, states in ((3, 4), (3, 0)):
        with pytest.raises(ValueError, match="A country has a state"):
            country(counties, states)
