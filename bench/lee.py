"""Lee's L with its permutations beside esda's, both in one run.

    python bench/lee.py --against PATH_TO_PYTHON

CPU seconds of 999 permutations on 3,108 areas with about six neighbours each: ours, and esda's
`Spatial_Pearson` by the Python of an environment that has it (`make .places/ready`; the import of esda
not counted). The value must be equal to 1e-12. (esda shuffles both maps together, ours one of them; the
work of an L is the same.) Limit: esda takes at least 50 times as long. Ends each line with ok or OVER.
"""

from __future__ import annotations

import argparse
import json
import subprocess

import numpy as np
from floors import least
from lines import Line
from scipy.spatial import cKDTree

from interlock.methods.blocks import generator
from interlock.methods.places.colocation.maps import lee, local_lee, neighbours

AREAS, RESAMPLES, AGAINST = 3_108, 999, 50.0

ORACLE = """
import json, sys, time
import numpy as np
from esda.lee import Spatial_Pearson
from scipy import sparse
asked = json.load(sys.stdin)
x, y = (np.array(asked[one]).reshape(-1, 1) for one in "xy")
pairs = np.array(asked["pairs"])
weights = sparse.csr_matrix((np.ones(len(pairs)), pairs.T), shape=(len(x), len(x)))
weights = sparse.csr_matrix(weights / weights.sum(axis=1).reshape(-1, 1))
began = time.process_time()
found = Spatial_Pearson(connectivity=weights, permutations=asked["resamples"]).fit(x, y)
print(json.dumps([float(found.association_[0, 1]), time.process_time() - began]))
"""


def main() -> int:
    parser = argparse.ArgumentParser(description=(__doc__ or "").splitlines()[0])
    parser.add_argument("--against", metavar="PYTHON", required=True, help="one with esda")
    arguments = parser.parse_args()
    rng = generator(0)
    spots = rng.random((AREAS, 2))
    near = cKDTree(spots).query(spots, k=6)[1][:, 1:]
    around = neighbours(np.column_stack([np.repeat(np.arange(AREAS), 5), near.ravel()]), AREAS)
    x, noise = rng.normal(size=(2, AREAS))
    y = x / 2 + noise
    both = np.column_stack([np.repeat(np.arange(AREAS), around.many), around.places])
    asked = {"x": x.tolist(), "y": y.tolist(), "pairs": both.tolist(), "resamples": RESAMPLES}
    ran = subprocess.run(
        [arguments.against, "-c", ORACLE],
        input=json.dumps(asked),
        text=True,
        stdout=subprocess.PIPE,
        check=True,
    )
    value, theirs = json.loads(ran.stdout)
    ours = least(lambda: lee(x, y, around, resamples=RESAMPLES), 3)
    local = least(lambda: local_lee(x, y, around, resamples=RESAMPLES), 1)
    apart = abs(lee(x, y, around, resamples=1).value - value)
    print(f"local, {RESAMPLES} permutations: {local:.2f} s")
    lines = [
        Line(
            f"{AREAS:,} areas, {RESAMPLES} permutations: esda {theirs:.2f} s, ours {ours:.3f} s: "
            f"{theirs / ours:.0f} x, at least {AGAINST:g}",
            theirs / ours < AGAINST,
        ).print(),
        Line(f"apart by {apart:.1e}, at most 1e-12", apart > 1e-12).print(),
    ]
    return int(any(line.over for line in lines))


if __name__ == "__main__":
    raise SystemExit(main())
