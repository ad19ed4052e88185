"""Co-location: areas or points of two kinds in, whether they come together beyond chance out.

Both participatory budgets and worker co-ops are where people are. Whether they are together more than
that is asked of areas (`rate_ratio`, `redraw`) and of points (`redrawn`, `relabelled`,
`colocation_quotient`), each beside what chance would give, with what the lists could have found
(`power`) and how much hangs on what they do not tell (`sensitivity`). The tests that one would try first
are here too, marked as wrong (`naive`): docs/methods/colocation.md says why. Needs scipy (the extra
"observatory"), which is loaded with the first name that is used.
"""

from __future__ import annotations

from importlib import import_module
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from interlock.methods.places.colocation.by_people import Chance, Redraw, redraw
    from interlock.methods.places.colocation.crossk import (
        Curve,
        Exposure,
        exposure,
        redrawn,
        relabelled,
    )
    from interlock.methods.places.colocation.envelope import Envelope, enveloped
    from interlock.methods.places.colocation.maps import (
        Association,
        Local,
        Neighbours,
        lee,
        local_lee,
        moran,
        neighbours,
    )
    from interlock.methods.places.colocation.naive import (
        fisher,
        free_permutation,
        propensity_redraw,
        stratified_permutation,
    )
    from interlock.methods.places.colocation.nearby import Pairs, pairs
    from interlock.methods.places.colocation.power import (
        Power,
        least_detectable,
        least_rate_ratio,
        odds_power,
        rate_power,
        redraw_power,
    )
    from interlock.methods.places.colocation.quotient import (
        Around,
        LocalQuotients,
        colocation_quotient,
        kernel,
        local_quotients,
        nearest,
    )
    from interlock.methods.places.colocation.ratios import (
        Compared,
        exact_ratio,
        odds_ratio,
        rate_ratio,
    )
    from interlock.methods.places.colocation.reasons import ColocationError, Reason, sentence
    from interlock.methods.places.colocation.regression import Fit, Ratio, fitted
    from interlock.methods.places.colocation.scales import Scale, hexagons, panel
    from interlock.methods.places.colocation.sensitivity import (
        Controlled,
        EValue,
        LeftOut,
        beside_control,
        evalue,
        leave_one_out,
    )
    from interlock.methods.places.colocation.table import Areas, areas

__all__ = [
    "Areas",
    "Around",
    "Association",
    "Chance",
    "ColocationError",
    "Compared",
    "Controlled",
    "Curve",
    "EValue",
    "Envelope",
    "Exposure",
    "Fit",
    "LeftOut",
    "Local",
    "LocalQuotients",
    "Neighbours",
    "Pairs",
    "Power",
    "Ratio",
    "Reason",
    "Redraw",
    "Scale",
    "areas",
    "beside_control",
    "colocation_quotient",
    "enveloped",
    "evalue",
    "exact_ratio",
    "exposure",
    "fisher",
    "fitted",
    "free_permutation",
    "hexagons",
    "kernel",
    "least_detectable",
    "least_rate_ratio",
    "leave_one_out",
    "lee",
    "local_lee",
    "local_quotients",
    "moran",
    "nearest",
    "neighbours",
    "odds_power",
    "odds_ratio",
    "pairs",
    "panel",
    "propensity_redraw",
    "rate_power",
    "rate_ratio",
    "redraw",
    "redraw_power",
    "redrawn",
    "relabelled",
    "sentence",
    "stratified_permutation",
]

_HOME = {
    "Areas": "table",
    "areas": "table",
    "Curve": "crossk",
    "Exposure": "crossk",
    "exposure": "crossk",
    "redrawn": "crossk",
    "relabelled": "crossk",
    "Envelope": "envelope",
    "enveloped": "envelope",
    "Association": "maps",
    "Local": "maps",
    "Neighbours": "maps",
    "lee": "maps",
    "local_lee": "maps",
    "moran": "maps",
    "neighbours": "maps",
    "fisher": "naive",
    "free_permutation": "naive",
    "propensity_redraw": "naive",
    "stratified_permutation": "naive",
    "Pairs": "nearby",
    "pairs": "nearby",
    "Power": "power",
    "least_detectable": "power",
    "least_rate_ratio": "power",
    "odds_power": "power",
    "rate_power": "power",
    "redraw_power": "power",
    "Around": "quotient",
    "LocalQuotients": "quotient",
    "colocation_quotient": "quotient",
    "kernel": "quotient",
    "local_quotients": "quotient",
    "nearest": "quotient",
    "Compared": "ratios",
    "exact_ratio": "ratios",
    "odds_ratio": "ratios",
    "rate_ratio": "ratios",
    "ColocationError": "reasons",
    "Reason": "reasons",
    "sentence": "reasons",
    "Chance": "by_people",
    "Redraw": "by_people",
    "redraw": "by_people",
    "Fit": "regression",
    "Ratio": "regression",
    "fitted": "regression",
    "Scale": "scales",
    "hexagons": "scales",
    "panel": "scales",
    "Controlled": "sensitivity",
    "EValue": "sensitivity",
    "LeftOut": "sensitivity",
    "beside_control": "sensitivity",
    "evalue": "sensitivity",
    "leave_one_out": "sensitivity",
}


def __getattr__(name: str) -> Any:
    if name not in _HOME:
        raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
    return getattr(import_module(f"{__name__}.{_HOME[name]}"), name)
