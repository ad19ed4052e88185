"""Chain referral: a recruitment forest in, estimates with honest intervals out, or why not.

A survey that is passed from hand to hand (respondent-driven sampling) reaches people no list holds,
and reaches those who know many people first. From who recruited whom and how many each knows follow
estimates of the whole population; how far they may be off follows from drawing the trees again.
Below the limits of the method there is a description only. The public names below are loaded when
first used, so that telling a reason needs no numpy.
"""

from __future__ import annotations

from importlib import import_module
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from interlock.methods.referral.analysis import Analysis, analysed
    from interlock.methods.referral.comparison import Comparison, compared
    from interlock.methods.referral.estimates import (
        Estimate,
        rds_i,
        rds_ii,
        recruitment,
        successive_sampling,
    )
    from interlock.methods.referral.forest import Forest, Respondent, Variable, planted
    from interlock.methods.referral.indices import Measure, Sides
    from interlock.methods.referral.intervals import (
        Draws,
        Interval,
        Spread,
        drawn,
        salganik_bootstrap,
        tree_bootstrap,
        tree_sums,
    )
    from interlock.methods.referral.raking import Margin, Raked, raked
    from interlock.methods.referral.reasons import Fault, ForestError, Reason, sentence
    from interlock.methods.referral.suppression import Published, published
    from interlock.methods.referral.table import Columns, read

__all__ = [
    "Analysis",
    "Columns",
    "Comparison",
    "Draws",
    "Estimate",
    "Fault",
    "Forest",
    "ForestError",
    "Interval",
    "Margin",
    "Measure",
    "Published",
    "Raked",
    "Reason",
    "Respondent",
    "Sides",
    "Spread",
    "Variable",
    "analysed",
    "compared",
    "drawn",
    "planted",
    "published",
    "raked",
    "rds_i",
    "rds_ii",
    "read",
    "recruitment",
    "salganik_bootstrap",
    "sentence",
    "successive_sampling",
    "tree_bootstrap",
    "tree_sums",
]

_HOME = {
    "Analysis": "analysis",
    "analysed": "analysis",
    "Comparison": "comparison",
    "compared": "comparison",
    "Estimate": "estimates",
    "rds_i": "estimates",
    "rds_ii": "estimates",
    "recruitment": "estimates",
    "successive_sampling": "estimates",
    "Forest": "forest",
    "Respondent": "forest",
    "Variable": "forest",
    "planted": "forest",
    "Measure": "indices",
    "Sides": "indices",
    "Draws": "intervals",
    "Interval": "intervals",
    "Spread": "intervals",
    "drawn": "intervals",
    "salganik_bootstrap": "intervals",
    "tree_bootstrap": "intervals",
    "tree_sums": "intervals",
    "Margin": "raking",
    "Raked": "raking",
    "raked": "raking",
    "Fault": "reasons",
    "ForestError": "reasons",
    "Reason": "reasons",
    "sentence": "reasons",
    "Published": "suppression",
    "published": "suppression",
    "Columns": "table",
    "read": "table",
}


def __getattr__(name: str) -> Any:
    if name not in _HOME:
        raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
    return getattr(import_module(f"{__name__}.{_HOME[name]}"), name)
