"""How far the random sweeps go: INTERLOCK_SWEEP times their usual length."""

import os

TIMES = int(os.environ.get("INTERLOCK_SWEEP", "1"))


def seeds(usual: int) -> range:
    return range(usual * TIMES)
