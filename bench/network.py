"""Measures of networks beside networkx and beside plain loops, and their memory.

    python bench/network.py [--pivots K]

Times differ from machine to machine, so what counts are ratios of CPU seconds in one run, on made-up
networks whose institutions have few ties or many. Betweenness of 2,000 institutions and 10,000 ties
beside networkx (K of its sources are measured, 100 unless given, and counted up), and beside rustworkx
where it is at hand; one pivot of 20,000 and 100,000. Worlds of chance of the E-I index (3,000 institutions,
9,000 ties, 999 draws of each null) and of MRQAP beside loops that draw one at a time; nestedness beside its
definition, pair by pair.
The same with one process and with two. Ends each line with ok or OVER. Limits: betweenness at least 15
times as fast as networkx; no loop quicker than ours; the same bytes.
"""

from __future__ import annotations

import argparse
import json
import resource
import time
from collections.abc import Callable
from concurrent.futures import ProcessPoolExecutor
from importlib.util import find_spec

import numpy as np
from floors import least
from lines import Line

from interlock.methods.network.betweenness import betweenness
from interlock.methods.network.drawing import Drawing
from interlock.methods.network.dyads import mrqap
from interlock.methods.network.graph import Floats, Graph, simple
from interlock.methods.network.mixing import ACROSS, mixing
from interlock.methods.network.nestedness import curveball, nodf
from interlock.methods.plain import plain

AGAINST, DRAWS = 15.0, 999


def main() -> int:
    parser = argparse.ArgumentParser(description=(__doc__ or "").splitlines()[0])
    parser.add_argument("--pivots", type=int, default=100, help="sources of networkx to measure")
    pivots = parser.parse_args().pivots
    lines = [*central(pivots), *mixed(), dyads(), nested(), shared()]
    peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024
    print(f"\nPeak memory of all of it: {peak:.0f} MB")
    over = sum(line.over for line in lines)
    print(f"{len(lines)} lines ok, none OVER" if not over else f"{over} OVER")
    return 1 if over else 0


def made(institutions: int, ties: int, seed: int = 0) -> Graph:
    """Ties that seek those who have many, and kinds that seek their own."""
    rng = np.random.default_rng(seed)
    weights = rng.pareto(2.0, institutions) + 0.1
    kinds = rng.integers(0, 4, institutions)
    ends = rng.choice(institutions, (4 * ties, 2), p=weights / weights.sum())
    kept = (kinds[ends[:, 0]] == kinds[ends[:, 1]]) | (rng.random(len(ends)) < 0.35)
    graph = simple(kinds, ends[kept])
    chosen = np.zeros(len(graph.pairs), np.bool_)
    chosen[rng.permutation(len(graph.pairs))[:ties]] = True
    return graph.where(chosen)


def once(what: Callable[[], object]) -> float:
    return least(what, times=1)


def central(pivots: int) -> list[Line]:
    graph = made(2_000, 10_000)
    ours = least(lambda: betweenness(graph), times=2)
    print(f"betweenness, 2,000 institutions, {len(graph.pairs):,} ties: {ours:.2f} s", flush=True)
    lines = []
    if find_spec("networkx"):
        import networkx

        theirs = networkx.Graph(graph.pairs.tolist())
        theirs.add_nodes_from(range(len(graph)))
        taken = once(lambda: networkx.betweenness_centrality(theirs, k=pivots, seed=1))
        ratio = taken * len(graph) / pivots / ours
        text = f"networkx: {taken * len(graph) / pivots:.1f} s, {ratio:.1f} x, at least {AGAINST:g}"
        lines.append(Line(text, ratio < AGAINST).print())
    if find_spec("rustworkx"):
        import rustworkx

        other = rustworkx.PyGraph(multigraph=False)
        other.add_nodes_from(list(range(len(graph))))
        other.add_edges_from_no_data([tuple(pair) for pair in graph.pairs.tolist()])
        alone = len(graph) + 1
        taken = least(
            lambda: rustworkx.graph_betweenness_centrality(other, parallel_threshold=alone), times=2
        )
        print(f"rustworkx, one thread: {taken:.2f} s, {taken / ours:.2f} x ours", flush=True)
    large = made(20_000, 100_000)
    taken = once(lambda: betweenness(large, pivots=128)) / 128
    print(f"a pivot of 20,000 institutions and {len(large.pairs):,} ties: {1000 * taken:.1f} ms")
    return lines


def mixed() -> list[Line]:
    graph = made(3_000, 9_000)
    ours = least(lambda: mixing(graph), times=3)
    loops = once(lambda: looped(graph))
    for one in mixing(graph):
        if one.name == "external-internal" and one.chance is not None:
            print(
                f"E-I index {one.value:.3f}; {one.chance.null}: {one.chance.mean:.3f} "
                f"({one.chance.low:.3f} to {one.chance.high:.3f}), p {one.chance.p:.3f}"
            )
    text = (
        f"E-I index, assortativity and ties across, {DRAWS} draws of both nulls and of the bootstrap: "
        f"{ours:.2f} s; the same one draw at a time: {loops:.2f} s, {loops / ours:.1f} x"
    )
    return [Line(text, loops < ours).print()]


def looped(graph: Graph) -> None:
    """One draw at a time, as one would write it down."""
    rng, many = np.random.default_rng(0), len(graph)
    for _draw in range(DRAWS):
        measured(rng.permutation(graph.kinds)[graph.pairs])
        ends = rng.permutation(graph.pairs.ravel()).reshape(-1, 2)
        measured(graph.kinds[ends[ends[:, 0] != ends[:, 1]]])
        copies = np.bincount(rng.integers(0, many, many), minlength=many)
        measured(graph.kinds[graph.pairs], copies[graph.pairs].prod(axis=1))


def measured(kinds: np.ndarray, weights: np.ndarray | None = None) -> None:
    is_external = kinds[:, 0] != kinds[:, 1]
    np.average(2 * is_external - 1, weights=weights)
    np.average(ACROSS[kinds[:, 0], kinds[:, 1]], weights=weights)
    mixed = np.zeros((4, 4))
    np.add.at(mixed, (kinds[:, 0], kinds[:, 1]), 1 if weights is None else weights)
    mixed = (mixed + mixed.T) / mixed.sum() / 2
    by_chance = (mixed.sum(axis=0) ** 2).sum()
    (np.trace(mixed) - by_chance) / (1 - by_chance)


def dyads() -> Line:
    rng = np.random.default_rng(0)
    x, z = rng.random((2, 150, 150))
    y = 0.3 * x + rng.random((150, 150))
    ours = least(lambda: mrqap(y, {"x": x, "z": z}, Drawing(resamples=199)), times=2)
    loops = once(lambda: [permuted_fit(y, x, z, rng) for _draw in range(199)])
    text = (
        f"MRQAP, 150 institutions, 199 draws: {ours:.2f} s for two predictors; least squares in a loop "
        f"for one: {loops:.2f} s, {2 * loops / ours:.1f} x"
    )
    return Line(text, 2 * loops < ours).print()


def permuted_fit(y: Floats, x: Floats, z: Floats, rng: np.random.Generator) -> None:
    off = ~np.eye(len(y), dtype=bool)
    order = rng.permutation(len(y))
    design = np.column_stack([np.ones(off.sum()), x[np.ix_(order, order)][off], z[off]])
    np.linalg.lstsq(design, y[off])
    np.linalg.inv(design.T @ design)


def nested() -> Line:
    table = np.random.default_rng(0).random((500, 200)) < 0.05
    rng = np.random.default_rng(1)
    ours = least(lambda: nodf(table), times=3)
    loops = once(lambda: by_pairs(table[:100])) * (500 / 100) ** 2
    trade = once(lambda: curveball(table, rng))
    text = (
        f"NODF of 500 x 200: {1000 * ours:.0f} ms, pair by pair about {loops:.1f} s, {loops / ours:.0f} x; "
        f"a curveball {1000 * trade:.0f} ms"
    )
    return Line(text, loops < ours).print()


def by_pairs(table: np.ndarray) -> float:
    total = 0.0
    for one in range(len(table)):
        for other in range(one):
            a, b = table[one], table[other]
            if a.sum() != b.sum() and min(a.sum(), b.sum()):
                total += (a & b).sum() / min(a.sum(), b.sum())
    return total


def shared() -> Line:
    graph = made(1_000, 3_000)
    alone = json.dumps(plain(mixing(graph))), betweenness(graph).values.tobytes()
    began = time.perf_counter()
    with ProcessPoolExecutor(2) as processes:
        both = (
            json.dumps(plain(mixing(graph, Drawing(executor=processes)))),
            betweenness(graph, executor=processes).values.tobytes(),
        )
    taken = time.perf_counter() - began
    text = f"mixing and betweenness with two processes ({taken:.1f} s) and with one: the same bytes"
    return Line(text, alone != both).print()


if __name__ == "__main__":
    raise SystemExit(main())
