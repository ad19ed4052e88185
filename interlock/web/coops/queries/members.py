"""The register of a co-op at any day."""

from collections.abc import Iterable
from datetime import date, timedelta

from django.db.models import F, FilteredRelation, Q, QuerySet

from interlock.web.coops.models import Coop, Member


def register_on(coop: Coop, day: date) -> QuerySet[Member]:
    """Everybody who was something to the co-op on a day, with their `status` then and `since` when."""
    then = Q(standings__since__lte=day) & (
        Q(standings__until__isnull=True) | Q(standings__until__gt=day)
    )
    return (
        coop.members.annotate(standing=FilteredRelation("standings", condition=then))
        .filter(standing__isnull=False)
        .annotate(status=F("standing__status"), since=F("standing__since"))
        .order_by("name", "pk")
    )


def electorate(
    coop: Coop, statuses: Iterable[str], day: date, tenure_days: int
) -> QuerySet[Member]:
    """Those of these statuses on a day who had been so for as many days by then."""
    return register_on(coop, day).filter(
        status__in=list(statuses), since__lte=day - timedelta(tenure_days)
    )
