"""Surplus: a co-op's fiscal year in, what funds and members get and every step of it out.

`policy` is the ordered waterfall of slices, `presets` those of real co-ops, `year` what else goes in,
`closing` the arithmetic, `apportioning` its rounding; `accounts` is what follows for member accounts and
books; `reasons` the sentences that tell all of it. The JSON file of a year is `formats.years`.

Figures, not tax advice.
"""

from interlock.methods.surplus.accounts import (
    Line,
    Notice,
    Redeemed,
    Slip,
    journal,
    most_interest,
    redemption,
    reversal,
    worksheet,
)
from interlock.methods.surplus.apportioning import apportioned
from interlock.methods.surplus.closing import Closed, Given, Share, close
from interlock.methods.surplus.policy import (
    Cap,
    Losses,
    Patronage,
    Policy,
    Slice,
    faults_of_policy,
)
from interlock.methods.surplus.presets import PRESETS
from interlock.methods.surplus.reasons import (
    Fault,
    Step,
    SurplusError,
    amount_text,
    number_text,
    sentence,
)
from interlock.methods.surplus.year import Worker, Year, faults_of

__all__ = [
    "PRESETS",
    "Cap",
    "Closed",
    "Fault",
    "Given",
    "Line",
    "Losses",
    "Notice",
    "Patronage",
    "Policy",
    "Redeemed",
    "Share",
    "Slice",
    "Slip",
    "Step",
    "SurplusError",
    "Worker",
    "Year",
    "amount_text",
    "apportioned",
    "close",
    "faults_of",
    "faults_of_policy",
    "journal",
    "most_interest",
    "number_text",
    "redemption",
    "reversal",
    "sentence",
    "worksheet",
]
