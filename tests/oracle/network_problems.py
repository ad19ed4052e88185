"""Networks and codes that are asked of other libraries, and our answers to them."""

import json
import math
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import numpy as np

from interlock.methods.network.betweenness import betweenness
from interlock.methods.network.brokerage import constraint
from interlock.methods.network.coding import Scale, alpha
from interlock.methods.network.cohesion import density, largest_component, reach
from interlock.methods.network.graph import simple
from interlock.methods.network.mixing import assortativity

AGREED = Path(__file__).with_name("network_agreed.json")
KINDS = ("network", "codes")

Problem = dict[str, Any]
Found = dict[str, Any]


def drawn(kind: str, number: int, most: int = 40) -> Problem:
    """One by its number: of few institutions or many, hardly tied or closely; codes with gaps."""
    rng = np.random.default_rng([KINDS.index(kind), number])
    if kind == "codes":
        shape = int(rng.integers(2, 5)), int(rng.integers(2, 30))
        truth = rng.integers(0, rng.integers(2, 6), shape[1])
        codes = np.where(rng.random(shape) < rng.random(), truth, rng.integers(0, 5, shape))
        gaps = rng.random(shape) < 0.4 * rng.random()
        return {
            "kind": kind,
            "codes": [
                [None if gap else int(code) for code, gap in zip(*row, strict=True)]
                for row in zip(codes, gaps, strict=True)
            ],
        }
    many = int(rng.integers(3, most))
    weights = rng.pareto(2.0, many) + 0.1
    ends = rng.choice(many, (int(rng.integers(1, 4 * many)), 2), p=weights / weights.sum())
    pairs = simple(np.zeros(many, np.int64), ends).pairs
    return {"kind": kind, "kinds": rng.integers(0, 4, many).tolist(), "pairs": pairs.tolist()}


def found(problem: Problem) -> Found:
    """Our answers, None where there is none."""
    if problem["kind"] == "codes":
        rows = [[-1 if code is None else code for code in row] for row in problem["codes"]]
        told: Found = {f"alpha-{scale}": alpha(np.array(rows), scale) for scale in Scale}
    else:
        pairs = np.array(problem["pairs"], np.int64).reshape(-1, 2)
        graph = simple(np.array(problem["kinds"], np.int64), pairs)
        told = {
            "density": density(graph),
            "largest-component": largest_component(graph),
            "reach": reach(graph),
            "assortativity": assortativity(graph),
            "betweenness": betweenness(graph).values.tolist(),
            "between-worlds": betweenness(graph, between_worlds=True).values.tolist(),
            "constraint": constraint(graph).tolist(),
        }
        told["betweenness-by-rustworkx"] = told["betweenness"]
    return {name: _plain(value) for name, value in told.items()}


def _plain(value: Any) -> Any:
    if isinstance(value, list):
        return [_plain(one) for one in value]
    return value if math.isfinite(value) else None


def differing(ours: Found, theirs: Found) -> Iterator[str]:
    """A line for each number that is another."""
    for name, value in theirs.items():
        lists = (value, ours[name]) if isinstance(value, list) else ([value], [ours[name]])
        for their, our in zip(*lists, strict=True):
            if not _same(our, their):
                yield f"{name}: ours {our}, theirs {their}"


def _same(one: float | None, other: float | None) -> bool:
    if one is None or other is None:
        return one is other
    return math.isclose(one, other, rel_tol=1e-9, abs_tol=1e-12)


def stored() -> list[tuple[Problem, Found]]:
    """What was agreed on, with the problems it is the answer to."""
    return [(one["problem"], one["agreed"]) for one in json.loads(AGREED.read_text())]
