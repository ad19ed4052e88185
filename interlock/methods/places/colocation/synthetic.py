"""Made-up countries, and worlds planted in them where the truth is known: to try every test on.

Areas are as unequal as the 3,142 counties of the United States in 2019 (quantiles of the Census
Bureau's estimates), lie in states of unequal size, and have places on a map; nothing else of them is
real. In a world, areas are marked and things counted by people, by a ratio that is planted, and, if
asked for, by a hidden cause that both share: a smooth field over the map that no list tells of.
Equal values and seed give an equal world on every machine (PCG64).
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from interlock.methods.blocks import generator
from interlock.methods.places.colocation.irls import Floats, Integers
from interlock.methods.places.colocation.table import Areas, areas

# People of US counties in 2019: at a share of all counties, this many or fewer.
_SHARES = (0, 0.05, 0.1, 0.2, 0.3, 0.4, 0.5, 0.6, 0.7, 0.8, 0.9, 0.95, 0.98, 0.99, 0.995, 0.999, 1)
_PEOPLE = (
    *(86, 2_751, 4_992, 8_808, 13_335, 18_693, 25_726, 36_742, 54_018, 94_275),
    *(213_707, 447_585, 888_019, 1_270_628, 1_967_756, 4_323_675, 10_039_107),
)
# How wide waves of the hidden cause are, in degrees, and of how many of them it is made.
_WIDTH, _WAVES = 3.0, 60


@dataclass(frozen=True, eq=False)
class Country:
    """Areas with people, a state (a number from 0) and a place in degrees. All made up."""

    population: Integers
    states: Integers
    latitude: Floats
    longitude: Floats

    def __len__(self) -> int:
        return len(self.population)


def country(counties: int = 3_142, states: int = 51, seed: int = 0) -> Country:
    """Make a country up. Raises ValueError for fewer counties than states, or no state.

    >>> made = country()
    >>> len(made), int(made.population.sum()) // 100_000_000
    (3142, 3)
    """
    if not 1 <= states <= counties:
        raise ValueError("A country has a state, and each state a county.")
    rng = generator(seed)
    shares = (rng.permutation(counties) + rng.random(counties)) / counties
    people = np.exp(np.interp(shares, _SHARES, np.log(_PEOPLE))).astype(np.int64)
    size = rng.lognormal(0, 0.9, states)
    rest = rng.choice(states, counties - states, p=size / size.sum())
    state = np.sort(np.concatenate([np.arange(states), rest])).astype(np.int64)
    centre = np.stack([rng.uniform(27, 48, states), rng.uniform(-122, -70, states)])
    spot = centre[:, state] + rng.normal(0, 1.3, (2, counties))
    return Country(people, state, spot[0], spot[1])


def hidden_cause(made: Country, rng: np.random.Generator) -> Floats:
    """A smooth random field over the map, mean 0 and deviation 1 over areas.

    A sum of waves (A. Rahimi, B. Recht, "Random Features for Large-Scale Kernel Machines", 2007).
    """
    waves = rng.normal(size=(_WAVES, 2)) / _WIDTH
    phases, heights = rng.random(_WAVES) * 2 * np.pi, rng.normal(size=_WAVES)
    angle = made.longitude[:, None] * waves[:, 0] + made.latitude[:, None] * waves[:, 1]
    field = (np.cos(angle + phases) * heights).sum(axis=1)
    found: Floats = (field - field.mean()) / field.std()
    return found


def world(
    made: Country,
    *,
    marks: float = 120.0,
    events: float = 600.0,
    ratio: float = 1.0,
    hidden: float = 0.0,
    seed: int = 0,
) -> Areas:
    """Mark areas and count things in them, by people.

    `marks` and `events` are how many of each there are on average (an area is marked once however
    many fall on it), before the rate in marked areas is multiplied by `ratio`; `hidden` is how strong
    the hidden cause of both is (0: there is none; 1: a rate 2.7 times as high a deviation up).

    >>> planted = world(country(300, 10), events=200, ratio=3.0, seed=1)
    >>> len(planted), 100 < planted.events < 500, 20 < int(planted.marked.sum()) < 110
    (300, True, True)
    """
    rng = generator(seed, 1)
    field = hidden_cause(made, rng) * hidden if hidden else np.zeros(len(made))
    pull = made.population * np.exp(field)
    share = pull / pull.sum()
    marked = rng.poisson(marks * share) > 0
    counts = rng.poisson(events * share * np.where(marked, ratio, 1.0))
    width = len(str(len(made) - 1))
    return areas(
        [f"{place:0{width}d}" for place in range(len(made))],
        made.population,
        marked,
        counts,
        regions=[f"{state:02d}" for state in made.states.tolist()],
        unit="made-up county",
        vintage="made up",
    )
