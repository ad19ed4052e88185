"""Institutions and ties for the tests of exploring, in bulk or one by one."""

from random import Random
from typing import Any

from interlock.web.institutions.models import Institution, Kind
from interlock.web.ties.models import Predicate, Tie
from tests.world import START

PEORIA, TAZEWELL, KINGS = "17143", "17179", "36047"


def put(slug: str, kind: str = Kind.WORKER_COOP, **fields: Any) -> Institution:
    """One institution, entered without a word on the record."""
    told = {"name": slug.replace("-", " ").capitalize(), "country": "US", **fields}
    return Institution.objects.create(slug=slug, kind_id=kind, registered_at=START, **told)


def tie(
    subject: Institution,
    predicate: str,
    object: Institution,
    *,
    standing: str = "confirmed",
    **fields: Any,
) -> Tie:
    if standing == "disputed":
        fields |= {"disputed_by": object, "disputed_at": START, "dispute": "No."}
    return Tie.objects.create(
        subject=subject,
        predicate=predicate,
        object=object,
        said_by=subject,
        said_at=START,
        subject_said_at=START,
        object_said_at=START if standing == "confirmed" else None,
        **fields,
    )


def fill(institutions: int, ties: int, seed: int = 1) -> None:
    """So many more at once, in counties of three states, tied at random; one has a hundred ties."""
    random = Random(seed)
    counties = {
        "17143": (40.79, -89.76),
        "17179": (40.51, -89.51),
        "36047": (40.64, -73.95),
        "48201": (29.86, -95.39),
    }
    kinds = [Kind.PUBLIC_BODY, Kind.WORKER_COOP, Kind.WORKER_COOP, "firm"]
    before = Institution.objects.count()
    made = []
    for number in range(before, before + institutions):
        county = random.choice(sorted(counties))
        north, east = counties[county]
        made.append(
            Institution(
                slug=f"one-{number}",
                name=f"Garden and repair {number}",
                kind_id=random.choice(kinds),
                place="Peoria",
                country="US",
                county=county if number % 4 else "",
                latitude=north + random.uniform(-0.2, 0.2) if number % 7 else None,
                longitude=east + random.uniform(-0.2, 0.2) if number % 7 else None,
                activity=random.choice(["AM60", "AM120", ""]),
                registered_at=START,
            )
        )
    Institution.objects.bulk_create(made)
    pks = list(Institution.objects.order_by("pk").values_list("pk", flat=True))
    predicates = [one for one in Predicate.values if one != Predicate.PARTNERS_WITH]
    pairs: set[tuple[int, int, str]] = set(
        Tie.objects.values_list("subject_id", "object_id", "predicate")
    )
    some = []
    for number in range(ties):
        one, other = random.sample(pks, 2) if number > 100 else (pks[0], random.choice(pks[1:]))
        key = (one, other, random.choice(predicates))
        if key not in pairs:
            pairs.add(key)
            some.append(
                Tie(
                    subject_id=one,
                    object_id=other,
                    predicate=key[2],
                    said_by_id=one,
                    said_at=START,
                    subject_said_at=START,
                    object_said_at=START if number % 2 else None,
                )
            )
    Tie.objects.bulk_create(some)
