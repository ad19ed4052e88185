"""Counting: ballots in, funded projects and the reasons out.

Every rule is exact (whole numbers and fractions decide, never floats), breaks ties by one order
fixed beforehand, and tells for each project why it was funded or not. The public names below are
loaded when first used, so that asking for a rule's name or telling a reason needs no numpy.
"""

from __future__ import annotations

from importlib import import_module
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from interlock.methods.counting.comparison import SideBySide, side_by_side
    from interlock.methods.counting.election import Ballots, Election
    from interlock.methods.counting.names import SUPPORTED, why_not_supported
    from interlock.methods.counting.reasons import Reason, sentence
    from interlock.methods.counting.result import Outcome, Result, Round, Tie, protocol
    from interlock.methods.counting.rules import count
    from interlock.methods.counting.simulation import Chances, WhatIf, chances, what_if
    from interlock.methods.counting.ties import lot_order, tie_order

__all__ = [
    "SUPPORTED",
    "Ballots",
    "Chances",
    "Election",
    "Outcome",
    "Reason",
    "Result",
    "Round",
    "SideBySide",
    "Tie",
    "WhatIf",
    "chances",
    "count",
    "lot_order",
    "protocol",
    "sentence",
    "side_by_side",
    "tie_order",
    "what_if",
    "why_not_supported",
]

_HOME = {
    "SUPPORTED": "names",
    "why_not_supported": "names",
    "Ballots": "election",
    "Election": "election",
    "Reason": "reasons",
    "sentence": "reasons",
    "Outcome": "result",
    "Result": "result",
    "Round": "result",
    "Tie": "result",
    "protocol": "result",
    "count": "rules",
    "SideBySide": "comparison",
    "side_by_side": "comparison",
    "Chances": "simulation",
    "WhatIf": "simulation",
    "chances": "simulation",
    "what_if": "simulation",
    "lot_order": "ties",
    "tie_order": "ties",
}


def __getattr__(name: str) -> Any:
    if name not in _HOME:
        raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
    return getattr(import_module(f"{__name__}.{_HOME[name]}"), name)
