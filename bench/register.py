"""The register of institutions at 10,000 with 40,000 ties beside 1,000 with 4,000, page by page.

    python bench/register.py [--rounds 7] [--database sqlite|postgres://…]

In one run and one database: a site with the smaller register is asked every page of institutions,
ties, the map, networks, paths and who could deliver; then it is filled up and asked again. What counts
is the ratio of the shortest times of several rounds, 10,000 to 1,000, of the same page in the same process, and that no
page asks the database more often. Limits: a ratio of 3 (files of the whole register apart, which are
ten times as long), 8 queries a page (18 for an institution's own, which other rooms' sections stand on;
two a step and three for paths).
"""

from __future__ import annotations

import argparse
import time
from contextlib import ExitStack
from dataclasses import dataclass
from random import Random

from lines import Line
from town import prepare

SIZES = (1_000, 10_000)
TIES_EACH = 4
RATIO, QUERIES, OWN_PAGE, PATHS = 3.0, 8, 18, 15
HUB = 300  # ties of the best-connected institution


def main() -> int:
    parser = argparse.ArgumentParser(description=(__doc__ or "").splitlines()[0])
    parser.add_argument("--rounds", type=int, default=7)
    parser.add_argument(
        "--database", default="sqlite", help="sqlite (default) or a postgres:// URL"
    )
    arguments = parser.parse_args()
    with ExitStack() as stack:
        prepare(stack, arguments.database)
        from django.test.utils import setup_test_environment, teardown_test_environment

        setup_test_environment()
        stack.callback(teardown_test_environment)
        asked = []
        for size in SIZES:
            print(
                f"Filling up to {size:,} institutions and {TIES_EACH * size:,} ties …", flush=True
            )
            fill(size)
            asked.append([ask(page, arguments.rounds) for page in PAGES])
        print(
            f"\n{'':<34}{'queries':>9}{'':>7}{'ms':>9}{'':>9}   ratio {SIZES[1]:,} : {SIZES[0]:,}",
            flush=True,
        )
        lines = [tell(*one).print() for one in zip(PAGES, *asked, strict=True)]
    over = sum(line.over for line in lines)
    print(f"\n{len(lines) - over} lines ok, {over} OVER")
    return 1 if over else 0


@dataclass(frozen=True)
class Page:
    """A page, how often it may ask, and whether its length grows with the register."""

    name: str
    path: str
    queries: int = QUERIES
    grows: bool = False


PAGES = (
    Page("register", "/institutions/"),
    Page("register, last page", "/institutions/?page=9999"),
    Page("register, words", "/institutions/?q=garden+repair"),
    Page("register, kind and activity", "/institutions/?kind=worker_coop&activity=AM60"),
    Page("register, a county", "/institutions/?country=US&county=36061"),
    Page("institution", "/institutions/hub/", OWN_PAGE),
    Page("institution, few ties", "/institutions/one-77/", OWN_PAGE),
    Page("map", "/explore/map/"),
    Page("map, a state", "/explore/map/?country=US&state=36"),
    Page("map, a county", "/explore/map/?country=US&county=36061"),
    Page("map, a part", "/explore/map/?country=US&box=-75.0,40.0,-73.0,42.0"),
    Page("map, another country", "/explore/map/?country=GB"),
    Page("map, words", "/explore/map/?q=garden"),
    Page("map, file", "/explore/map.csv"),
    Page("map, points to zoom", "/explore/map.geojson", grows=True),
    Page("map, outlines to zoom", "/explore/outlines.json?country=US&state=36"),
    Page("around", "/explore/around/hub/"),
    Page("around, two steps", "/explore/around/hub/?steps=2"),
    Page("around, few ties", "/explore/around/one-77/?steps=2"),
    Page("paths, few steps", "/explore/paths/?from=hub&to=one-500", PATHS),
    Page("paths, many steps", "/explore/paths/?from=one-77&to=one-500&confirmed=1", PATHS),
    Page("paths, none", "/explore/paths/?from=one-77&to=alone", PATHS),
    Page("paths, to choose", "/explore/paths/?from=garden&to=repair"),
    Page("who could deliver", "/explore/deliver/?q=garden+repair&where=New+York&far=250"),
    Page("who could deliver, one", "/explore/deliver/?at=hub"),
    Page("needs and offers", "/needs/"),
    Page("register as CSV", "/institutions/institutions.csv", grows=True),
)


def fill(size: int) -> None:
    """Up to so many institutions in the counties of the United States and some in Britain, and ties."""
    from django.utils import timezone

    from interlock.methods.places.atlas import united_states
    from interlock.methods.places.projection import LOWER_48
    from interlock.web.institutions.models import Institution
    from interlock.web.ties.models import Predicate, Tie

    random, at = Random(size), timezone.now()
    counties = [
        one
        for fips, state in united_states().states.items()
        if fips not in ("02", "15", "72", "78")
        for one in state.counties
    ]
    # Every tenth lies in Manhattan, so that one county is full.
    manhattan = next(one for one in counties if one.id == "36061")
    kinds = ("public_body", "pb_authority", "worker_coop", "worker_coop", "other_coop", "firm")
    before = Institution.objects.count()
    made = []
    for number in range(before, size):
        county = manhattan if number % 10 == 0 else random.choice(counties)
        north, east = LOWER_48.invert(*county.at)
        british = number % 20 == 7
        made.append(
            Institution(
                slug={0: "hub", 1: "alone"}.get(number, f"one-{number}"),
                name=f"{random.choice(WORDS)} {random.choice(WORDS)} {number}",
                kind_id=random.choice(kinds),
                about="A few sentences about what they do, for whom, and since when.",
                place=county.name,
                country="GB" if british else "US",
                county="" if british or number % 5 == 1 else county.id,
                latitude=random.uniform(50.5, 55) if british else north + random.gauss(0, 0.05),
                longitude=random.uniform(-4, 1) if british else east + random.gauss(0, 0.05),
                activity=random.choice(("AM60", "AM120", "AM90", "")),
                registered_at=at,
            )
        )
    Institution.objects.bulk_create(made, batch_size=500)
    pks = list(Institution.objects.order_by("pk").values_list("pk", flat=True))
    hub, _alone, *others = pks
    taken = set(Tie.objects.values_list("subject_id", "predicate", "object_id"))
    predicates = [one for one in Predicate.values if one != Predicate.PARTNERS_WITH]
    ties: list[Tie] = []
    while len(taken) < TIES_EACH * size:
        one, other = (
            (hub, random.choice(others)) if len(taken) < HUB else tuple(random.sample(others, 2))
        )
        key = (one, random.choice(predicates), other)
        if key not in taken:
            taken.add(key)
            ties.append(
                Tie(
                    subject_id=one,
                    predicate=key[1],
                    object_id=other,
                    said_by_id=one,
                    said_at=at,
                    subject_said_at=at,
                    object_said_at=at if random.random() < 0.5 else None,
                )
            )
    Tie.objects.bulk_create(ties, batch_size=500)
    from django.db import connection

    with connection.cursor() as cursor:
        cursor.execute("ANALYZE")


WORDS = (
    "garden", "repair", "kitchen", "print", "care", "wheel", "solar", "bread", "studio", "tenant",
    "river", "north",
)  # fmt: skip


@dataclass(frozen=True)
class Asked:
    """How often a page asked, and its shortest time in milliseconds."""

    queries: int
    ms: float


def ask(page: Page, rounds: int) -> Asked | None:
    from django.db import connection
    from django.test import Client
    from django.test.utils import CaptureQueriesContext

    client = Client(headers={"host": "127.0.0.1"})

    def get() -> int:
        answer = client.get(page.path)
        if answer.streaming:
            for _part in answer:
                pass
        return answer.status_code

    with CaptureQueriesContext(connection) as captured:
        status = get()
    if status == 404:
        return None
    assert status == 200, (page.path, status)
    queries = sum(
        not query["sql"].startswith(("BEGIN", "COMMIT")) for query in captured.captured_queries
    )
    taken = []
    for _round in range(rounds):
        begun = time.perf_counter()
        get()
        taken.append(1000 * (time.perf_counter() - begun))
    return Asked(queries, min(taken))


def tell(page: Page, few: Asked | None, many: Asked | None) -> Line:
    if few is None or many is None:
        return Line(f"{page.name:<34}{'is not on this site':>34}", False)
    ratio = many.ms / few.ms
    limit = "" if page.grows else f"limit {RATIO:g}, {page.queries} queries"
    text = f"{page.name:<34}{few.queries:9}{many.queries:7}{few.ms:9.1f}{many.ms:9.1f}{ratio:8.2f}   {limit}"
    # A way of more steps asks more, within its limit.
    more = many.queries > few.queries and page.queries != PATHS
    slow = ratio > RATIO and not page.grows
    return Line(text, more or slow or many.queries > page.queries)


if __name__ == "__main__":
    raise SystemExit(main())
