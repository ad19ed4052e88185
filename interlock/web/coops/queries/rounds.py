"""Rounds of a co-op's own PB: where they stand, and who may see them."""

from dataclasses import dataclass

from django.db.models import Q, QuerySet, Sum

from interlock.web.budgets.models import Process
from interlock.web.budgets.queries import funded
from interlock.web.coops.models import (
    Account,
    AccountKind,
    Allowance,
    Coop,
    Goal,
    Member,
    Pledge,
    Round,
    Status,
    Transfer,
    TransferKind,
)
from interlock.web.coops.queries.members import electorate
from interlock.web.institutions.models import Institution
from interlock.web.people.models import Person

#: Who sees what the members decide, as long as they are that.
INSIDE = (Status.CANDIDATE, Status.MEMBER, Status.INACTIVE)


def belonged_to(person: Person) -> QuerySet[Institution]:
    """The co-ops that a person is in today; who looks after one is asked elsewhere."""
    return Institution.objects.filter(
        coop__members__in=Member.objects.filter(
            person=person, standings__until__isnull=True, standings__status__in=INSIDE
        )
    )


def rounds(coop: Coop) -> QuerySet[Round]:
    """Each with what its line in a list tells, the newest first."""
    return coop.rounds.select_related(
        "coop__institution", "process__box", "process__institution", "source", "account"
    )
