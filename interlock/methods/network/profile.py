"""The four words of one network, side by side: never one score, for its weights would be anybody's.

Connectivity and complementarity are of the network itself, collaboration of awards, convergence of
answers and policies. What is not given is not measured: its part is empty.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass

from interlock.methods.network.answers import Answers, Question, apart, by_question, change
from interlock.methods.network.brokerage import brokerage
from interlock.methods.network.cohesion import (
    cohesion,
    density,
    joined_worlds,
    largest_component,
    reach,
)
from interlock.methods.network.collaboration import Award, collaboration, outcome_difference
from interlock.methods.network.drawing import STANDARD, Drawing
from interlock.methods.network.dyads import complementary_ties
from interlock.methods.network.exchange import Listing, listed, met_needs
from interlock.methods.network.graph import Floats, Integers, Network
from interlock.methods.network.layers import multiplexity, reciprocity
from interlock.methods.network.measure import Measure
from interlock.methods.network.missing import Statistic, Without, without_ties
from interlock.methods.network.mixing import Mixed, across, by_kinds, external_internal, mixing
from interlock.methods.network.nestedness import nestedness
from interlock.methods.network.policy import Policy, convergence, policies

#: What is taken again with ties taken away.
LEANING: Mapping[str, Statistic] = {
    "density": density,
    "largest-component": largest_component,
    "joined-worlds": joined_worlds,
    "reach": reach,
    "external-internal": external_internal,
    "across": across,
}


@dataclass(frozen=True)
class Connectivity:
    """The network as a whole and by kinds; the mixing of each layer, and of witnessed ties alone; without
    some ties."""

    whole: tuple[Measure, ...]
    kinds: tuple[Mixed, ...]
    layers: Mapping[str, tuple[Measure, ...]]
    witnessed: tuple[Measure, ...]
    missing: tuple[Without, ...]


@dataclass(frozen=True)
class Convergence:
    """Answers of the two groups, question by question too, and policies; empty where none are given."""

    answers: tuple[Measure, ...]
    questions: tuple[Question, ...]
    policies: tuple[Measure, ...]
    places: tuple[Measure, ...]


@dataclass(frozen=True)
class Profile:
    """The four words."""

    connectivity: Connectivity
    complementarity: tuple[Measure, ...]
    collaboration: tuple[Measure, ...]
    convergence: Convergence


def connectivity(network: Network, drawing: Drawing = STANDARD) -> Connectivity:
    """Cohesion, mixing, brokerage; each layer; witnessed ties alone; what missing ties may do."""
    graph = network.graph
    return Connectivity(
        (*cohesion(graph, drawing), *mixing(graph, drawing), *brokerage(graph, drawing)),
        by_kinds(graph, drawing),
        {kind: mixing(network.layer(kind).graph, drawing) for kind in network.layers},
        mixing(network.where(network.witnessed).graph, drawing),
        without_ties(graph, LEANING, drawing.of(min(drawing.resamples, 200))),
    )


def complementarity(
    network: Network,
    needs: Iterable[Listing] | None = None,
    offers: Iterable[Listing] | None = None,
    drawing: Drawing = STANDARD,
) -> tuple[Measure, ...]:
    """Needs met, complementary ties, nestedness; without lists, those that stand with institutions."""
    own = listed(network)
    met = met_needs(
        network,
        own[0] if needs is None else needs,
        own[1] if offers is None else offers,
        drawing,
    )
    return (*met, *complementary_ties(network, drawing), nestedness(network, drawing))


def profile(
    network: Network,
    *,
    needs: Iterable[Listing] | None = None,
    offers: Iterable[Listing] | None = None,
    awards: Iterable[Award] = (),
    answers: Answers | None = None,
    waves: Integers | None = None,
    coded: Iterable[Policy] = (),
    places: tuple[Floats, Floats] | None = None,
    model: float | None = None,
    drawing: Drawing = STANDARD,
) -> Profile:
    """All four. `waves` go with `answers`; `places` are policy scores before and after, `model` theirs.

    Raises ValueError for whatever its parts do.
    """
    coded, awards = list(coded), list(awards)
    outcomes = sorted({name for one in awards for name in one.outcomes})
    told = list[Measure]()
    if answers is not None:
        told.append(apart(answers, drawing))
    if answers is not None and waves is not None:
        told.append(change(answers, waves, drawing))
    return Profile(
        connectivity(network, drawing),
        complementarity(network, needs, offers, drawing),
        (
            *collaboration(network, awards, drawing),
            *(outcome_difference(network, awards, name, drawing) for name in outcomes),
            multiplexity(network, drawing),
            reciprocity(network, drawing),
        ),
        Convergence(
            tuple(told),
            () if answers is None else by_question(answers, drawing),
            policies(coded, drawing) if coded else (),
            () if places is None else convergence(*places, model=model, drawing=drawing),
        ),
    )
