"""Awarding: a call's published sheet in, the ranking of its offers and every step of it out.

Weights, prices, points and the preference for worker co-ops are numbers that anybody may read; the
ranking follows from them by exact arithmetic, and never from anything else. `ranking` is the
arithmetic, `sheet` what goes into it, `reasons` what is wrong with one; the file is `formats.sheets`.
"""

from interlock.methods.awarding.ranking import (
    Lot,
    Points,
    Ranked,
    Ranking,
    ranked,
    results,
)
from interlock.methods.awarding.reasons import AwardingError, Fault, sentence
from interlock.methods.awarding.sheet import (
    Criterion,
    Offer,
    Part,
    Preference,
    Recusal,
    Result,
    Score,
    Sheet,
    differences,
    faults_of,
)

__all__ = [
    "AwardingError",
    "Criterion",
    "Fault",
    "Lot",
    "Offer",
    "Part",
    "Points",
    "Preference",
    "Ranked",
    "Ranking",
    "Recusal",
    "Result",
    "Score",
    "Sheet",
    "differences",
    "faults_of",
    "ranked",
    "results",
    "sentence",
]
