"""What was observed as files: results.json, tables, a Frictionless data package, a citation.

The same observation gives the same bytes (`packages`).
"""

from __future__ import annotations

import hashlib
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from interlock import __version__
from interlock.methods.formats.area_tables import AreaTable
from interlock.methods.formats.observed_packages import MADE_BY, REPORTS, RESULTS
from interlock.methods.formats.packages import (
    CITATION,
    PACKAGE,
    SYNTHETIC,
    Field,
    citation,
    document_resource,
    json_file,
    number,
    package,
    table_file,
    table_resource,
)
from interlock.methods.observatory.areas import Answer, Observed
from interlock.methods.observatory.points import Counted, Near
from interlock.methods.observatory.reasons import Reason, sentence, title
from interlock.methods.observatory.verdict import ALIKE
from interlock.methods.places.colocation.by_people import Chance
from interlock.methods.places.colocation.power import LEVEL, WANTED
from interlock.methods.places.colocation.regression import Ratio
from interlock.methods.places.colocation.scales import Scale

_RESULTS = "Every number, each reason with its code, facts and sentence"
_FIELDS: Mapping[str, tuple[Field, ...]] = {
    "areas": (
        ("code", "string", "Code of the area"),
        ("name", "string", "Its name"),
        ("region", "string", "The region it lies in"),
        ("population", "integer", "People"),
        ("marked", "boolean", "Whether it has participatory budgeting"),
        ("count", "integer", "Worker co-ops counted, or 1 for any"),
        ("expected", "number", "What its people predict"),
    ),
    "ratios": (
        ("test", "string", "Code of the test"),
        ("title", "string", "Its name"),
        ("standing", "string", "right, naive, doubtful or check"),
        ("decides", "boolean", "Whether the finding rests on it"),
        ("measure", "string", "Ratio of rates or of odds"),
        ("ratio", "number", "Marked areas by others"),
        ("low", "number", "Lower end of the interval of 95 %"),
        ("high", "number", "Upper end of the interval of 95 %"),
        ("p", "number", "Two-sided"),
        ("p_more", "number", "One-sided, upwards"),
        ("least", "number", "Least ratio found with a power of 0.8, one-sided at 5 %"),
        ("evalue", "number", "E-value of the ratio"),
        ("evalue_limit", "number", "E-value of the interval's nearer end"),
        ("reason", "string", "Why there is no answer"),
    ),
    "chances": (
        ("test", "string", "Code of the test"),
        ("title", "string", "Its name"),
        ("standing", "string", "right, naive, doubtful or check"),
        ("decides", "boolean", "Whether the finding rests on it"),
        ("statistic", "string", "What was observed"),
        ("observed", "number", "Its value"),
        ("mean", "number", "Mean by chance"),
        ("low", "number", "95 % of chance lie from here"),
        ("high", "number", "to here"),
        ("p", "number", "Two-sided"),
        ("p_more", "number", "One-sided, upwards"),
        ("least", "number", "Least ratio found with a power of 0.8, one-sided at 5 %"),
        ("null", "string", "What chance is taken to be, or why that is wrong"),
        ("reason", "string", "Why there is no answer"),
    ),
    "power": (
        ("test", "string", "rates, redraw or odds"),
        ("ratio", "number", "A ratio"),
        ("power", "number", "The chance of finding it, one-sided at 5 %"),
        ("low", "number", "Lower end of its interval, where it is simulated"),
        ("high", "number", "Upper end of its interval"),
        ("simulations", "integer", "0: exact"),
    ),
    "left_out": (
        ("code", "string", "The marked area that is left out"),
        ("name", "string", "Its name"),
        ("ratio", "number", "The deciding ratio without it"),
        ("reason", "string", "Why there is no answer"),
    ),
    "distances": (
        ("km", "number", "Within this distance"),
        ("pairs", "integer", "Co-ops near towns with participatory budgeting, counted once a town"),
        ("mean", "number", "Mean by chance: as many towns drawn by people"),
        ("low", "number", "95 % of whole curves of chance lie from here"),
        ("high", "number", "to here"),
        ("beyond", "boolean", "Whether the curve leaves the band here"),
    ),
    "scales": (
        ("unit", "string", "How the map is cut"),
        ("areas", "integer", "Areas"),
        ("marked", "integer", "Areas with participatory budgeting"),
        ("counted", "integer", "Worker co-ops"),
        ("ratio", "number", "Ratio of rates, population an offset"),
        ("low", "number", "Lower end of the interval of 95 %"),
        ("high", "number", "Upper end of the interval of 95 %"),
        ("redraw_p_more", "number", "Redraw by people, one-sided, upwards"),
        ("least", "number", "Least ratio found with a power of 0.8, one-sided at 5 %"),
        ("reason", "string", "Why there is no answer"),
    ),
    "control": (
        ("of", "string", "own, control, or beyond: the one by the other"),
        ("ratio", "number", "Marked areas by others"),
        ("low", "number", "Lower end of the interval of 95 %"),
        ("high", "number", "Upper end of the interval of 95 %"),
        ("p", "number", "Two-sided"),
    ),
}
TABLES = tuple(f"tables/{name}.csv" for name in _FIELDS)
_REPORTS = tuple(name for pair in REPORTS.values() for name in pair)
# Whatever of ours may lie in a folder of an observation.
FILES = (*TABLES, CITATION, PACKAGE, *_REPORTS, RESULTS)
_TITLES = {
    "areas": "The areas as they were read, and what their people predict",
    "ratios": "Every ratio, right and naive",
    "chances": "Every number beside chance, right and naive",
    "power": "What the lists could have found",
    "left_out": "The deciding ratio without each marked area",
    "distances": "Co-ops near participatory budgets, by distance, beside chance",
    "scales": "The same question by other cuttings of the map",
    "control": "Beside the negative control",
}


@dataclass(frozen=True)
class Input:
    """A file that went in: what it was for, its name without its folder, its SHA-256, its size in bytes."""

    role: str
    name: str
    sha256: str
    size: int

    @classmethod
    def of(cls, role: str, name: str, data: bytes) -> Input:
        return cls(role, name, hashlib.sha256(data).hexdigest(), len(data))


@dataclass(frozen=True, eq=False)
class Beside:
    """What two lists of points have beside their areas."""

    counted: Counted
    near: Near


def results(
    found: Observed,
    table: AreaTable,
    inputs: Sequence[Input],
    command: Sequence[str],
    beside: Beside | None = None,
    *,
    is_synthetic: bool = False,
) -> dict[str, Any]:
    """All numbers of an observation as plain data, each reason also as a sentence."""
    areas = found.areas
    left = found.sure.left_out
    beyond = found.control
    told = {
        "made_by": MADE_BY,
        "version": __version__,
        "synthetic": is_synthetic,
        "command": list(command),
        "inputs": [vars(one) for one in inputs],
        "columns": dict(table.columns),
        "seed": found.seed,
        "resamples": found.resamples,
        "simulations": found.simulations,
        "finding": _reason(found.finding),
        "verdict": {
            "kind": found.verdict,
            "measure": found.judged.measure,
            "deciding": list(found.deciding),
            "ratio": _ratio(found.judged.ratio),
            "p_more": found.judged.p_more,
            "p_less": found.judged.p_less,
            "least": found.judged.least,
            "rules": {"level": LEVEL, "alike": ALIKE, "power": WANTED},
        },
        "areas": {
            "areas": len(areas),
            "people": areas.people,
            "marked": int(areas.marked.sum()),
            "counted": areas.events,
            "having": int((areas.counts > 0).sum()),
            "both": int((areas.counts[areas.marked] > 0).sum()),
            "regions": len(areas.region_names) if "region" in table.columns else 0,
            "is_yes_no": found.is_yes_no,
        },
        "answers": [_answer(one) for one in found.answers],
        "power": [
            {
                "test": one.test,
                "at": [vars(power) for power in one.powers],
                "least": one.least,
                "reason": _reason(one.reason),
            }
            for one in found.found
        ],
        "left_out": {
            "values": {} if left is None else dict(left.values),
            "low": None if left is None else left.low,
            "high": None if left is None else left.high,
            "reason": _reason(found.sure.reason),
        },
        "control": None
        if beyond is None
        else {
            "own": _ratio(beyond.own.ratio),
            "control": _ratio(beyond.control.ratio),
            "beyond": _ratio(beyond.beyond),
        },
        "points": None if beside is None else _points(beside),
    }
    plain: dict[str, Any] = _plain(told)
    return plain


def files(
    found: Observed,
    table: AreaTable,
    inputs: Sequence[Input],
    command: Sequence[str],
    beside: Beside | None = None,
    *,
    is_synthetic: bool = False,
) -> dict[str, bytes]:
    """The files of an observation by their paths, `RESULTS` last; with `beside` those of points.

    `is_synthetic` marks each of them as made of made-up data: tables by a column more.
    """
    rows = _rows(found, table, beside)
    fields = {name: [*_FIELDS[name], *([SYNTHETIC] if is_synthetic else [])] for name in _FIELDS}
    mark = [True] if is_synthetic else []
    made = {
        f"tables/{name}.csv": table_file(fields[name], [[*row, *mark] for row in rows[name]])
        for name in _FIELDS
        if rows[name]
    }
    made[CITATION] = citation(is_synthetic=is_synthetic).encode()
    told = results(found, table, inputs, command, beside, is_synthetic=is_synthetic)
    held = json_file(told)
    made[PACKAGE] = json_file(_package(told, {**made, RESULTS: held}, fields, inputs))
    made[RESULTS] = held
    return made


def _answer(one: Answer) -> dict[str, Any]:
    return {
        "test": one.test,
        "title": title(one.test),
        "standing": one.standing,
        "measure": one.measure or None,
        "ratio": _ratio(one.ratio),
        "likelihood": _ratio(one.likelihood),
        "chance": _chance(one.chance),
        "least": one.least,
        "evalue": None if one.evalue is None else vars(one.evalue),
        "why": _reason(one.why),
        "notes": [_reason(note) for note in one.notes],
        "reason": _reason(one.reason),
    }


def _ratio(found: Ratio | None) -> dict[str, Any] | None:
    return None if found is None else dict(vars(found))


def _chance(found: Chance | None) -> dict[str, Any] | None:
    if found is None:
        return None
    return {**vars(found), "p": found.p, "null": found.null.kind}


def _reason(told: Reason | None) -> dict[str, Any] | None:
    if told is None:
        return None
    return {"kind": told.kind, "facts": dict(told.facts), "sentence": sentence(told)}


def _plain(value: Any) -> Any:
    """As JSON has it: ten figures, INF for no end, null for what is no number."""
    if isinstance(value, dict):
        return {key: _plain(one) for key, one in value.items()}
    if isinstance(value, (list, tuple)):
        return [_plain(one) for one in value]
    if isinstance(value, float):
        return number(value)
    return value


def _rows(found: Observed, table: AreaTable, beside: Beside | None) -> dict[str, list[list[Any]]]:
    areas, names = found.areas, dict(zip(found.areas.codes, table.names, strict=True))
    regions = [areas.region_names[place] for place in areas.regions.tolist()]
    columns = (areas.population, areas.marked, areas.counts, areas.expected)
    left, control = found.sure.left_out, found.control
    return {
        "areas": [
            [code, names[code], region, *numbers]
            for code, region, *numbers in zip(
                areas.codes, regions, *(column.tolist() for column in columns), strict=True
            )
        ],
        "ratios": [_ratio_row(found, one) for one in found.answers if one.measure],
        "chances": [_chance_row(found, one) for one in found.answers if not one.measure],
        "power": [
            [one.test, power.ratio, power.value, power.low, power.high, power.simulations]
            for one in found.found
            for power in one.powers
        ],
        "left_out": []
        if left is None
        else [
            [code, names[code], value, str(left.reasons.get(code, ""))]
            for code, value in left.values.items()
        ],
        "distances": [] if beside is None else _distance_rows(beside.near),
        "scales": [] if beside is None else [_scale_row(one) for one in beside.near.scales],
        "control": []
        if control is None
        else [
            [name, one.value, one.low, one.high, one.p]
            for name, one in (
                ("own", control.own.ratio),
                ("control", control.control.ratio),
                ("beyond", control.beyond),
            )
        ],
    }


def _distance_rows(found: Near) -> list[list[Any]]:
    if found.curve is None:
        return []
    band = found.curve.envelope
    columns = (found.curve.radii, found.curve.counts, band.mean, band.low, band.high, band.beyond)
    return [list(row) for row in zip(*(column.tolist() for column in columns), strict=True)]


def _scale_row(one: Scale) -> list[Any]:
    ratio, excess = one.ratio, one.excess
    numbers = [None] * 3 if ratio is None else [ratio.value, ratio.low, ratio.high]
    chance = None if excess is None else excess.p_more
    why = "" if one.reason is None else str(one.reason)
    return [one.unit, one.areas, one.marked, one.events, *numbers, chance, one.least, why]


def _points(beside: Beside) -> dict[str, Any]:
    found = beside.near
    curve = found.curve
    return {
        "pb": len(beside.counted.pb),
        "coops": len(beside.counted.coops),
        "notes": [_reason(note) for note in beside.counted.notes],
        "candidates": found.candidates,
        "distances": [
            dict(zip((name for name, _, _ in _FIELDS["distances"]), row, strict=True))
            for row in _distance_rows(found)
        ],
        "distances_p": None if curve is None else curve.envelope.p,
        "distances_reason": _reason(found.reason),
        "scales": [
            dict(zip((name for name, _, _ in _FIELDS["scales"]), _scale_row(one), strict=True))
            for one in found.scales
        ],
    }


def _head(found: Observed, one: Answer) -> list[Any]:
    return [one.test, title(one.test), one.standing, one.test in found.deciding]


def _ratio_row(found: Observed, one: Answer) -> list[Any]:
    ratio, strong = one.ratio, one.evalue
    numbers: list[Any] = [None] * 5
    if ratio is not None:
        numbers = [ratio.value, ratio.low, ratio.high, ratio.p, ratio.p_more]
    evalues = [None, None] if strong is None else [strong.estimate, strong.limit]
    why = "" if one.reason is None else sentence(one.reason)
    return [*_head(found, one), one.measure, *numbers, one.least, *evalues, why]


def _chance_row(found: Observed, one: Answer) -> list[Any]:
    chance = one.chance
    numbers: list[Any] = [None] * 7
    if chance is not None:
        numbers = [chance.statistic, chance.observed, chance.mean, chance.low, chance.high]
        numbers += [chance.p, chance.p_more]
    null, why = ("" if told is None else sentence(told) for told in (one.why, one.reason))
    return [*_head(found, one), *numbers, one.least, null, why]


def _package(
    told: Mapping[str, Any],
    made: Mapping[str, bytes],
    fields: Mapping[str, Sequence[Field]],
    inputs: Sequence[Input],
) -> dict[str, Any]:
    tables = [
        table_resource(name, path, _TITLES[name], made[path], fields[name])
        for name in _FIELDS
        if (path := f"tables/{name}.csv") in made
    ]
    return package(
        "interlock-observation",
        "Participatory budgeting and worker co-ops: do they go together?",
        told["finding"]["sentence"],
        [*tables, document_resource("results", RESULTS, _RESULTS, made[RESULTS])],
        [f"{one.role}: {one.name}, SHA-256 {one.sha256}" for one in inputs],
        is_synthetic=told["synthetic"],
    )
