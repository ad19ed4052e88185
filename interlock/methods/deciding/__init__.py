"""Deciding: a bylaw's rule and the votes in, the outcome and each step of its arithmetic out.

`rule` is who decides and when it is carried, `outcome` the arithmetic, `describing` the rule in plain
language before the vote, `bylaws` all rules of a co-op, `presets` four that are in use, `plain` their
JSON, `reasons` the sentences.
"""

from interlock.methods.deciding.bylaws import (
    KINDS,
    METHODS,
    Board,
    Bylaws,
    Meetings,
    Membership,
    Progress,
    progress,
)
from interlock.methods.deciding.describing import described
from interlock.methods.deciding.outcome import Outcome, Tally, outcome
from interlock.methods.deciding.plain import from_json, to_json
from interlock.methods.deciding.presets import PRESETS
from interlock.methods.deciding.reasons import DecidingError, Fault, Step, sentence
from interlock.methods.deciding.rule import (
    Alternative,
    Continuing,
    Electorate,
    Level,
    Objections,
    Passing,
    Quorum,
    Rule,
    Threshold,
    Unanimity,
)

__all__ = [
    "KINDS",
    "METHODS",
    "PRESETS",
    "Alternative",
    "Board",
    "Bylaws",
    "Continuing",
    "DecidingError",
    "Electorate",
    "Fault",
    "Level",
    "Meetings",
    "Membership",
    "Objections",
    "Outcome",
    "Passing",
    "Progress",
    "Quorum",
    "Rule",
    "Step",
    "Tally",
    "Threshold",
    "Unanimity",
    "described",
    "from_json",
    "outcome",
    "progress",
    "sentence",
    "to_json",
]
