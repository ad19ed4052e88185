"""What Riverbend's institutions say of each other: confirmed, not yet, disputed, and witnessed."""

from collections.abc import Mapping
from datetime import date, datetime, timedelta
from typing import Any

from interlock.web.budgets.models import Process
from interlock.web.institutions.models import Institution
from interlock.web.people.models import Person
from interlock.web.ties.actions import change, confirm, dispute, say, witness
from interlock.web.ties.models import Predicate, Tie


def make(made: Mapping[str, Institution], people: Mapping[str, Person], at: datetime) -> None:
    """A handful of ties; `people` are the stewards by what the demo calls them."""
    city, growers = made["City of Riverbend"], made["Sundial Growers Cooperative"]
    wheelhouse, workshop = made["Wheelhouse Cooperative"], made["Eastbank Co-op Workshop"]
    federation = made["Three Rivers Federation of Co-ops"]
    by = {
        city: people["organiser"],
        growers: people["sundial"],
        wheelhouse: people["wheelhouse"],
        workshop: people["workshop"],
        federation: people["federation"],
    }

    def says(
        speaker: Institution,
        subject: Institution,
        predicate: Predicate,
        object: Institution,
        days: int,
        **terms: Any,
    ) -> Tie:
        return say(
            subject=subject,
            predicate=predicate,
            object=object,
            speaker=speaker,
            by=by[speaker],
            at=at - timedelta(days=days),
            **terms,
        )

    def agrees(tie: Tie, side: Institution, days: int) -> None:
        confirm(tie=tie, speaker=side, by=by[side], at=at - timedelta(days=days))

    grant = says(
        city,
        city,
        Predicate.FUNDS,
        workshop,
        60,
        since=date(2026, 1, 1),
        amount=45_000_00,
        currency="USD",
        evidence="https://riverbend.example/grants/2026",
        note="A year of courses, a desk to start at.",
    )
    agrees(grant, workshop, 58)
    change(
        tie=grant,
        speaker=workshop,
        by=by[workshop],
        at=at - timedelta(days=2),
        **{**grant.terms, "amount": 47_500_00},  # type: ignore[arg-type]
    )
    for one, days in ((wheelhouse, 55), (growers, 50)):
        agrees(says(one, one, Predicate.FEDERATED_IN, federation, days), federation, days - 1)
    agrees(says(workshop, workshop, Predicate.INCUBATES, growers, 40), growers, 39)
    says(
        growers,
        growers,
        Predicate.SUPPLIES,
        city,
        20,
        since=date(2027, 1, 10),
        note="Vegetables in two school kitchens.",
    )
    says(wheelhouse, made["Harbor Light Credit Union"], Predicate.LENDS_TO, wheelhouse, 18)
    says(federation, made["Northside Neighbors"], Predicate.ADVOCATES_FOR, growers, 15)
    rent = says(city, city, Predicate.HOSTS, wheelhouse, 12, note="In an old fire station.")
    dispute(
        tie=rent,
        speaker=wheelhouse,
        by=by[wheelhouse],
        at=at - timedelta(days=11),
        reason="It is a lease at market price.",
    )
    decided = Process.objects.filter(institution=city).earliest("pk")
    witness(
        subject=wheelhouse,
        predicate=Predicate.DELIVERS_FOR,
        object=city,
        witness=f"process/{decided.slug}",
        at=at - timedelta(days=59),
    )
