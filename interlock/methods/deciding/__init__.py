"""Deciding: a bylaw's rule and the votes in, the outcome and each step of its arithmetic out.

`rule` is who decides and when it is carried, `outcome` the arithmetic, `describing` the rule in plain
language before the vote, `bylaws` all rules of a co-op, `presets` four that are in use, `plain` their
JSON, `reasons` the sentences. Elections: `ballots` in, `approval`, `transferable` and `condorcet` count,
`electing` holds them under a rule.
"""

from interlock.methods.deciding.approval import ApprovalCount, by_approval
from interlock.methods.deciding.ballots import Ballot, Election, drawn
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
from interlock.methods.deciding.condorcet import CondorcetCount, by_condorcet
from interlock.methods.deciding.describing import described, described_election
from interlock.methods.deciding.electing import Elected, elect
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
from interlock.methods.deciding.transferable import (
    Round,
    TransferableCount,
    by_transferable_vote,
)

__all__ = [
    "KINDS",
    "METHODS",
    "PRESETS",
    "Alternative",
    "ApprovalCount",
    "Ballot",
    "Board",
    "Bylaws",
    "CondorcetCount",
    "Continuing",
    "DecidingError",
    "Elected",
    "Election",
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
    "Round",
    "Rule",
    "Step",
    "Tally",
    "Threshold",
    "TransferableCount",
    "Unanimity",
    "by_approval",
    "by_condorcet",
    "by_transferable_vote",
    "described",
    "described_election",
    "drawn",
    "elect",
    "from_json",
    "outcome",
    "progress",
    "sentence",
    "to_json",
]
