"""Small networks for the tests, and networks for hypothesis to draw."""

from datetime import date

import numpy as np
from hypothesis import strategies as st

from interlock.methods.network.drawing import Drawing
from interlock.methods.network.graph import (
    KINDS,
    Evidence,
    Graph,
    Institution,
    Kind,
    Network,
    Tie,
    network,
    simple,
)

QUICK = Drawing(resamples=99)


def graph(kinds: str, *pairs: tuple[int, int]) -> Graph:
    """Kinds by letter: p, c, b(oth), o(ther)."""
    codes = np.array(["pcbo".index(letter) for letter in kinds], np.int64)
    return simple(codes, np.array(pairs, np.int64).reshape(-1, 2))


def town() -> Network:
    """A city and its PB, two co-ops, their federation, a bank; six ties of four kinds."""
    return network(
        [
            Institution("city", Kind.PB, "east"),
            Institution("budget", Kind.PB, "east"),
            Institution("tree", Kind.COOP, "east"),
            Institution("bread", Kind.COOP, "west"),
            Institution("union", Kind.BOTH, "west"),
            Institution("bank", Kind.OTHER),
        ],
        [
            Tie("city", "budget", "funds", date(2020, 1, 1), date(2023, 12, 31)),
            Tie(
                "city", "tree", "buys_from", date(2022, 5, 1), None, Evidence.WITNESSED, 500, "USD"
            ),
            Tie("tree", "city", "bids_to", date(2022, 1, 1), date(2022, 2, 1)),
            Tie("tree", "union", "federated_in"),
            Tie("bread", "union", "federated_in"),
            Tie("budget", "union", "funds", date(2024, 1, 1)),
        ],
    )


@st.composite
def graphs(draw: st.DrawFn, most: int = 12) -> Graph:
    many = draw(st.integers(2, most))
    place = st.integers(0, many - 1)
    pairs = draw(st.lists(st.tuples(place, place), max_size=30))
    kinds = draw(st.lists(st.integers(0, len(KINDS) - 1), min_size=many, max_size=many))
    return simple(np.array(kinds, np.int64), np.array(pairs, np.int64).reshape(-1, 2))


@st.composite
def renamed(draw: st.DrawFn, most: int = 12) -> tuple[Graph, Graph, "np.ndarray"]:
    """A graph, the same with its institutions in another order, and where each of them went."""
    one = draw(graphs(most))
    to = np.array(draw(st.permutations(range(len(one)))), np.int64)
    kinds = np.empty_like(one.kinds)
    kinds[to] = one.kinds
    return one, simple(kinds, to[one.pairs]), to


def random_graph(institutions: int, ties: int, seed: int = 0) -> Graph:
    """Kinds by chance, and ties that seek those who have many: nothing in it but chance."""
    rng = np.random.default_rng(seed)
    weights = rng.pareto(2.0, institutions) + 0.1
    ends = rng.choice(institutions, (2 * ties, 2), p=weights / weights.sum())
    made = simple(rng.integers(0, len(KINDS), institutions), ends)
    kept = np.zeros(len(made.pairs), np.bool_)
    kept[rng.permutation(len(made.pairs))[:ties]] = True
    return made.where(kept)
