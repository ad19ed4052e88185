"""What the drawings of ties have in common: which ties count, in which words they are told."""

from collections.abc import Iterable
from dataclasses import dataclass

from django.db.models import Case, Q, QuerySet, Value, When
from django.utils.translation import gettext as _

from interlock.web.institutions.models import Group, Institution, Kind
from interlock.web.ties.models import Predicate, Tie
from interlock.web.ties.queries import current

BOTH_SAID = Q(subject_said_at__isnull=False, object_said_at__isnull=False)
#: As `Tie.is_confirmed` says it, for the database.
IS_CONFIRMED = ~Q(witness="") | BOTH_SAID & Q(disputed_at=None)


def shown() -> QuerySet[Tie]:
    """The ties of those who are here: whatever was not withdrawn, confirmed or not."""
    here = Q(subject__left_at=None, object__left_at=None)
    return current().filter(here).select_related(None).order_by()


@dataclass(frozen=True)
class Tied:
    """One tie, as a drawing or a sentence tells it."""

    subject: int
    object: int
    predicate: str
    standing: str  # "confirmed", "said" or "disputed"

    def other(self, one: int) -> int:
        return self.object if self.subject == one else self.subject

    def told_by(self, one: int) -> str:
        """What it is to one of the two: "funds", or "is funded by"."""
        predicate = Predicate(self.predicate)
        return str(predicate.label if self.subject == one else predicate.inverse)

    @property
    def said(self) -> str:
        """Where it stands, in words."""
        if self.standing == "confirmed":
            return _("confirmed")
        return _("disputed") if self.standing == "disputed" else _("said by one side only")


def tied_by(ties: QuerySet[Tie]) -> list[Tied]:
    """Ties without what a drawing does not need."""
    standing = Case(
        When(IS_CONFIRMED, then=Value("confirmed")),
        When(disputed_at__isnull=False, then=Value("disputed")),
        default=Value("said"),
    )
    rows = ties.annotate(stands=standing)
    told = rows.values_list("subject_id", "object_id", "predicate", "stands")
    return [Tied(*row) for row in told]


def institutions_of(numbers: Iterable[int]) -> dict[int, Institution]:
    """By number, with no more of each than a drawing needs."""
    some = Institution.objects.filter(pk__in=set(numbers), left_at=None)
    fields = ("slug", "name", "place", "kind", "is_synthetic")
    return {one.pk: one for one in some.select_related("kind").only(*fields)}


def sign_of(institution: Institution) -> str:
    """Which sign of the map's alphabet stands for an institution."""
    return sign_of_kind(institution.kind)


def sign_of_kind(kind: Kind) -> str:
    return {Group.PUBLIC.value: "public", Group.COOPERATIVE.value: "co-op"}.get(kind.group, "other")
