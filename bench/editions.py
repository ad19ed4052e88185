"""A month's editions: the whole register beside each of its states and metropolitan areas.

    python bench/editions.py [--institutions 1000] [--database sqlite|postgres://…]

The worker works out one place after the other, and looks for votes to close and mail to send between
two. What counts is how long the longest part holds it up beside the whole register, and what all parts
take beside it. Limits: a part takes no longer than the whole register; all of a thousand institutions'
together 20 times as long.
"""

from __future__ import annotations

import argparse
import time
from contextlib import ExitStack

from lines import Line
from register import fill
from town import prepare

LONGEST, TOGETHER = 1.0, 20.0


def main() -> int:
    parser = argparse.ArgumentParser(description=(__doc__ or "").splitlines()[0])
    parser.add_argument("--institutions", type=int, default=1_000)
    parser.add_argument(
        "--database", default="sqlite", help="sqlite (default) or a postgres:// URL"
    )
    arguments = parser.parse_args()
    with ExitStack() as stack:
        prepare(stack, arguments.database)
        fill(arguments.institutions)
        taken = measure()
    whole = taken.pop("")
    states = [seconds for place, seconds in taken.items() if place.startswith("US-")]
    metros = [seconds for place, seconds in taken.items() if place.isdigit()]
    print(f"whole register: {whole:.1f} s")
    for name, some in (("states", states), ("metropolitan areas", metros)):
        print(f"{len(some)} {name}: {sum(some):.1f} s, {max(some, default=0):.1f} s the longest")
    longest, together = max(taken.values()) / whole, sum(taken.values()) / whole
    lines = [
        Line(f"longest part : whole {longest:6.2f}   limit {LONGEST:g}", longest > LONGEST),
        Line(f"all parts : whole    {together:6.2f}   limit {TOGETHER:g}", together > TOGETHER),
    ]
    return 1 if any(line.print().over for line in lines) else 0


def measure() -> dict[str, float]:
    """How many seconds the worker takes for each place."""
    from django.utils import timezone

    from interlock.web.observatory import measuring
    from interlock.web.observatory.models import Edition

    at = timezone.now()
    measuring.request_editions(at)
    taken = {}
    while True:
        done = set(Edition.objects.filter(done_at__isnull=False).values_list("place", flat=True))
        begun = time.perf_counter()
        if not measuring.measure_due(at, lambda: False):
            break
        seconds = time.perf_counter() - begun
        (place,) = (
            set(Edition.objects.filter(done_at__isnull=False).values_list("place", flat=True))
            - done
        )
        taken[place] = seconds
    return taken


if __name__ == "__main__":
    raise SystemExit(main())
