"""What the drawings of ties have in common: which ties count, in which words they are told."""

from collections.abc import Iterable
from dataclasses import dataclass

from django.db.models import Case, Q, QuerySet, Value, When
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from interlock.web.institutions.models import Group, Institution
from interlock.web.ties.models import Predicate, Tie

#: A tie as its object's side tells it.
PASSIVE = {
    Predicate.FUNDS: gettext_lazy("is funded by"),
    Predicate.BUYS_FROM: gettext_lazy("sells to"),
    Predicate.DELIVERS_FOR: gettext_lazy("has work delivered by"),
    Predicate.SUPPLIES: gettext_lazy("is supplied by"),
    Predicate.LENDS_TO: gettext_lazy("borrows from"),
    Predicate.INCUBATES: gettext_lazy("is incubated by"),
    Predicate.FEDERATED_IN: gettext_lazy("federates"),
    Predicate.ADVISES: gettext_lazy("is advised or trained by"),
    Predicate.HOSTS: gettext_lazy("is hosted by"),
    Predicate.ADVOCATES_FOR: gettext_lazy("has an advocate in"),
    Predicate.PARTNERS_WITH: gettext_lazy("partners with"),
    Predicate.SPUN_OFF_FROM: gettext_lazy("spun off"),
}

BOTH_SAID = Q(subject_said_at__isnull=False, object_said_at__isnull=False)
IS_CONFIRMED = Q(disputed_at=None) & (~Q(witness="") | BOTH_SAID)


def shown() -> QuerySet[Tie]:
    """The ties of those who are here: whatever was not withdrawn, confirmed or not."""
    here = Q(subject__left_at=None, object__left_at=None)
    return Tie.objects.filter(here, withdrawn_at=None).order_by()


@dataclass(frozen=True)
class Word:
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
        return str(predicate.label if self.subject == one else PASSIVE[predicate])

    @property
    def said(self) -> str:
        """Where it stands, in words."""
        if self.standing == "confirmed":
            return _("confirmed")
        return _("disputed") if self.standing == "disputed" else _("said by one side only")


def words_of(ties: QuerySet[Tie]) -> list[Word]:
    """Ties without what a drawing does not need."""
    standing = Case(
        When(disputed_at__isnull=False, then=Value("disputed")),
        When(IS_CONFIRMED, then=Value("confirmed")),
        default=Value("said"),
    )
    rows = ties.annotate(standing=standing)
    told = rows.values_list("subject_id", "object_id", "predicate", "standing")
    return [Word(*row) for row in told]


def institutions_of(numbers: Iterable[int]) -> dict[int, Institution]:
    """By number, with no more of each than a drawing needs."""
    some = Institution.objects.filter(pk__in=set(numbers), left_at=None)
    return {one.pk: one for one in some.select_related("kind").only("slug", "name", "place", "kind")}


def sign_of(institution: Institution) -> str:
    """Which sign of the map's alphabet stands for an institution."""
    group = institution.kind.group
    return {Group.PUBLIC.value: "public", Group.COOPERATIVE.value: "co-op"}.get(group, "other")
