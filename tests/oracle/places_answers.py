"""What statsmodels and esda make of numbers: one JSON object a line in, one a line out.

    .places/bin/python tests/oracle/places_answers.py < asked > answered

Runs in an environment of its own (`make oracle`), where these are and interlock is not. A model has
`outcome`, `columns`, `offset`, `groups`, a family and kind of errors; a map has `x`, `y` and pairs of
neighbours. The answer is numbers by name, or None where the library has no such thing.
"""

import json
import sys
import warnings

import numpy as np
import statsmodels.api as sm
from esda.lee import Spatial_Pearson, Spatial_Pearson_Local
from esda.moran import Moran
from libpysal.weights import W
from scipy import sparse
from statsmodels.discrete.discrete_model import NegativeBinomial

warnings.simplefilter("ignore")


def main():
    for line in sys.stdin:
        asked = json.loads(line)
        found = {"model": model, "map": mapped}[asked["kind"]](asked)
        print(json.dumps(found), flush=True)


def model(asked):
    outcome = np.array(asked["outcome"], float)
    columns = np.array(asked["columns"], float)
    groups = np.array(asked["groups"])
    dummies = [groups == group for group in np.unique(groups)]
    table = np.column_stack([columns, *dummies]).astype(float)
    found = {}
    if asked["family"] == "logit":
        family = sm.families.Binomial()
    elif asked["family"] == "poisson" or not asked["alpha"]:
        family = sm.families.Poisson()
    else:
        family = sm.families.NegativeBinomial(alpha=asked["alpha"])
        exact = NegativeBinomial(outcome, table, offset=np.array(asked["offset"]))
        start = sm.GLM(outcome, table, family=family, offset=asked["offset"]).fit().params
        best = exact.fit(
            start_params=[*start, asked["alpha"] * 1.1], disp=0, maxiter=500, gtol=1e-10
        )
        found["alpha"] = float(best.params[-1])
        found["best"] = [float(one) for one in best.params[: columns.shape[1]]]
    options = {}
    if asked["errors"] == "HC1":
        options = {"cov_type": "HC1"}
    if asked["errors"] == "clustered":
        options = {"cov_type": "cluster", "cov_kwds": {"groups": groups}}
    fit = sm.GLM(outcome, table, family=family, offset=asked["offset"]).fit(tol=1e-13, **options)
    many = columns.shape[1]
    found |= {
        "coefficients": fit.params[:many].tolist(),
        "errors": fit.bse[:many].tolist(),
        "likelihood": float(fit.llf),
        "pearson": float(fit.pearson_chi2 / fit.df_resid),
    }
    return found


def mapped(asked):
    x, y = (np.array(asked[one], float).reshape(-1, 1) for one in "xy")
    pairs = np.array(asked["pairs"])
    weights = sparse.csr_matrix((np.ones(len(pairs)), pairs.T), shape=(len(x), len(x)))
    weights = sparse.csr_matrix(weights / weights.sum(axis=1).reshape(-1, 1))
    whole = Spatial_Pearson(connectivity=weights, permutations=0).fit(x, y)
    local = Spatial_Pearson_Local(connectivity=weights, permutations=0).fit(x, y)
    near = {place: pairs[pairs[:, 0] == place, 1].tolist() for place in range(len(x))}
    around = W(near, silence_warnings=True)
    around.transform = "r"
    return {
        "moran": float(Moran(x.ravel(), around, permutations=0).I),
        "lee": float(whole.association_[0, 1]),
        "smoothing": [float(whole.association_[0, 0]), float(whole.association_[1, 1])],
        "local": np.asarray(local.associations_).ravel().tolist(),
    }


if __name__ == "__main__":
    main()
