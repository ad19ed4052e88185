"""What networkx, rustworkx and krippendorff make of networks and codes: one JSON object a line in, one out.

    .network/bin/python tests/oracle/network_answers.py < asked > answered

Runs in an environment of its own (`make oracle`), where these are and interlock is not. A network has
`kinds` and `pairs`, codes have `codes` (a row a coder, None for none). Numbers that are not defined
are None.
"""

import json
import math
import sys
import warnings

import krippendorff
import networkx
import numpy as np
import rustworkx

warnings.simplefilter("ignore")


def main():
    for line in sys.stdin:
        asked = json.loads(line)
        found = {"network": network, "codes": codes}[asked["kind"]](asked)
        print(json.dumps({name: plain(value) for name, value in found.items()}), flush=True)


def plain(value):
    if isinstance(value, list):
        return [plain(one) for one in value]
    return float(value) if value is not None and math.isfinite(value) else None


def network(asked):
    kinds, many = asked["kinds"], len(asked["kinds"])
    graph = networkx.Graph()
    graph.add_nodes_from((place, {"kind": kind}) for place, kind in enumerate(kinds))
    graph.add_edges_from(asked["pairs"])
    pb = [place for place, kind in enumerate(kinds) if kind in (0, 2)]
    coop = [place for place, kind in enumerate(kinds) if kind in (1, 2)]
    both = sum(kind == 2 for kind in kinds)
    pairs = len(pb) * len(coop) - both
    other = rustworkx.PyGraph(multigraph=False)
    other.add_nodes_from(list(range(many)))
    other.add_edges_from_no_data([tuple(pair) for pair in asked["pairs"]])
    theirs = rustworkx.graph_betweenness_centrality(other)
    between = networkx.betweenness_centrality(graph)
    # networkx halves what it counts of undirected networks.
    worlds = networkx.betweenness_centrality_subset(graph, pb, coop)
    constraint = networkx.constraint(graph)
    # Without ties, or with one kind only, it has nothing to divide by, and says 0 or warns.
    alike = networkx.attribute_assortativity_coefficient(graph, "kind") if graph.size() else None
    way = dict(networkx.all_pairs_shortest_path_length(graph))
    met = sum(way[a].get(b, many) <= 2 for a in pb for b in coop if a != b)
    return {
        "density": networkx.density(graph),
        "largest-component": max(map(len, networkx.connected_components(graph))) / many,
        "reach": met / pairs if pairs else None,
        "assortativity": alike,
        "betweenness": [between[place] for place in range(many)],
        "betweenness-by-rustworkx": [theirs[place] for place in range(many)],
        "between-worlds": [2 * worlds[place] / pairs if pairs else None for place in range(many)],
        "constraint": [constraint[place] for place in range(many)],
    }


def codes(asked):
    table = np.array(asked["codes"], float)
    found = {}
    for scale in ("nominal", "ordinal"):
        try:
            found[f"alpha-{scale}"] = krippendorff.alpha(
                reliability_data=table, level_of_measurement=scale
            )
        except ValueError:
            found[f"alpha-{scale}"] = None
    return found


if __name__ == "__main__":
    main()
