"""Institutions and ties in, the indicators of the essay's four words out.

Connectivity, complementarity, collaboration and convergence, each as numbers that carry what it takes
to judge them: the world of chance they are set beside, by its name, with both ends of its band; an
interval; p; what they rest on, and how much of the data that is. `profile.profile` is the door. The
library gives codes (`Finding`) and numbers; words are the reader's side's. It needs numpy and scipy.

The public names below are loaded when first used. Those called like their module are in it:
`betweenness.betweenness`, `collaboration.collaboration` and so on.
"""

from __future__ import annotations

from importlib import import_module
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from interlock.methods.network.answers import (
        Answers,
        Question,
        apart,
        by_question,
        change,
        energy_distance,
        scaled,
    )
    from interlock.methods.network.betweenness import Betweenness
    from interlock.methods.network.brokerage import Brokers, brokers, top_kept
    from interlock.methods.network.coding import Scale, alpha, reliability
    from interlock.methods.network.collaboration import Award, outcome_difference, second_tie_days
    from interlock.methods.network.consensus import Consensus
    from interlock.methods.network.drawing import Drawing
    from interlock.methods.network.dyads import (
        Coefficient,
        complementary,
        complementary_ties,
        mrqap,
    )
    from interlock.methods.network.exchange import (
        Listing,
        Meeting,
        Unmet,
        Way,
        listed,
        meeting,
        met_needs,
    )
    from interlock.methods.network.graph import (
        Evidence,
        Graph,
        Institution,
        Kind,
        Network,
        Tie,
        network,
    )
    from interlock.methods.network.layers import multiplexity, reciprocity
    from interlock.methods.network.measure import Chance, Interval, Measure
    from interlock.methods.network.missing import Without, without_ties
    from interlock.methods.network.mixing import external_internal
    from interlock.methods.network.nestedness import nodf
    from interlock.methods.network.policy import (
        Condition,
        Direction,
        Policy,
        convergence,
        paradigm,
        policies,
    )
    from interlock.methods.network.profile import (
        Connectivity,
        Convergence,
        Profile,
        complementarity,
        connectivity,
    )
    from interlock.methods.network.reasons import Fault, Finding, NetworkError

__all__ = [
    "Answers",
    "Award",
    "Betweenness",
    "Brokers",
    "Chance",
    "Coefficient",
    "Condition",
    "Connectivity",
    "Consensus",
    "Convergence",
    "Direction",
    "Drawing",
    "Evidence",
    "Fault",
    "Finding",
    "Graph",
    "Institution",
    "Interval",
    "Kind",
    "Listing",
    "Measure",
    "Meeting",
    "Network",
    "NetworkError",
    "Policy",
    "Profile",
    "Question",
    "Scale",
    "Tie",
    "Unmet",
    "Way",
    "Without",
    "alpha",
    "apart",
    "brokers",
    "by_question",
    "change",
    "complementarity",
    "complementary",
    "complementary_ties",
    "connectivity",
    "convergence",
    "energy_distance",
    "external_internal",
    "listed",
    "meeting",
    "met_needs",
    "mrqap",
    "multiplexity",
    "network",
    "nodf",
    "outcome_difference",
    "paradigm",
    "policies",
    "reciprocity",
    "reliability",
    "scaled",
    "second_tie_days",
    "top_kept",
    "without_ties",
]

_HOME = {
    "Answers": "answers",
    "Question": "answers",
    "apart": "answers",
    "by_question": "answers",
    "change": "answers",
    "energy_distance": "answers",
    "scaled": "answers",
    "Betweenness": "betweenness",
    "Brokers": "brokerage",
    "brokers": "brokerage",
    "top_kept": "brokerage",
    "Scale": "coding",
    "alpha": "coding",
    "reliability": "coding",
    "Award": "collaboration",
    "outcome_difference": "collaboration",
    "second_tie_days": "collaboration",
    "Consensus": "consensus",
    "Drawing": "drawing",
    "Coefficient": "dyads",
    "complementary": "dyads",
    "complementary_ties": "dyads",
    "mrqap": "dyads",
    "Listing": "exchange",
    "Meeting": "exchange",
    "Unmet": "exchange",
    "Way": "exchange",
    "listed": "exchange",
    "meeting": "exchange",
    "met_needs": "exchange",
    "Evidence": "graph",
    "Graph": "graph",
    "Institution": "graph",
    "Kind": "graph",
    "Network": "graph",
    "Tie": "graph",
    "network": "graph",
    "multiplexity": "layers",
    "reciprocity": "layers",
    "Chance": "measure",
    "Interval": "measure",
    "Measure": "measure",
    "Without": "missing",
    "without_ties": "missing",
    "external_internal": "mixing",
    "nodf": "nestedness",
    "Condition": "policy",
    "Direction": "policy",
    "Policy": "policy",
    "convergence": "policy",
    "paradigm": "policy",
    "policies": "policy",
    "Connectivity": "profile",
    "Convergence": "profile",
    "Profile": "profile",
    "complementarity": "profile",
    "connectivity": "profile",
    "Fault": "reasons",
    "Finding": "reasons",
    "NetworkError": "reasons",
}


def __getattr__(name: str) -> Any:
    if name not in _HOME:
        raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
    return getattr(import_module(f"{__name__}.{_HOME[name]}"), name)
