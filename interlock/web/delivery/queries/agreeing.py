"""An agreement as its page shows it: terms, milestones with what is earned, payments."""

from collections.abc import Sequence
from dataclasses import dataclass

from django.db.models import Prefetch, QuerySet

from interlock.web.delivery.models import (
    Agreement,
    Milestone,
    Outcome,
    Payment,
    Report,
    Version,
)


@dataclass(frozen=True)
class MilestoneStory:
    """A milestone in force with what was reported of it, newest first."""

    milestone: Milestone
    reports: Sequence[Report]

    @property
    def accepted(self) -> int:
        answers = [one.acceptance for one in self.reports if hasattr(one, "acceptance")]
        return sum(one.amount for one in answers)

    @property
    def left(self) -> int:
        return self.milestone.amount - self.accepted

    @property
    def waits(self) -> Report | None:
        """The report that has no answer yet."""
        return next((one for one in self.reports if not hasattr(one, "acceptance")), None)

    @property
    def is_rejected(self) -> bool:
        last = self.reports[0] if self.reports else None
        answer = getattr(last, "acceptance", None)
        return answer is not None and answer.outcome == Outcome.NOT_MET


@dataclass(frozen=True)
class Terms:
    """The version in force, if one is, and the draft that waits for signatures, if one does."""

    in_force: Version | None
    waiting: Version | None
    number: int
    stories: Sequence[MilestoneStory]

    @property
    def next_code(self) -> str:
        """The milestone that is reported next."""
        open_ones = (one for one in self.stories if one.left > 0 and not one.waits)
        return next((one.milestone.code for one in open_ones), "")


def agreements() -> QuerySet[Agreement]:
    return Agreement.objects.select_related(
        "award__delivery__project__process", "award__delivery__responsible", "award__annulment",
        "payer",
    )  # fmt: skip


def versions(agreement: Agreement) -> QuerySet[Version]:
    return agreement.versions.prefetch_related(
        Prefetch("milestones", queryset=Milestone.objects.order_by("position"))
    )


def terms(agreement: Agreement) -> Terms:
    found = list(versions(agreement))
    force = next((one for one in reversed(found) if one.in_force_at), None)
    waiting = next((one for one in found if not (one.in_force_at or one.dropped_at)), None)
    reports: dict[str, list[Report]] = {}
    told = agreement.reports.select_related("acceptance", "by", "picture").order_by("-at", "-pk")
    for one in told:
        reports.setdefault(one.code, []).append(one)
    stories = [
        MilestoneStory(one, reports.get(one.code, []))
        for one in (force.milestones.all() if force else ())
    ]
    return Terms(force, waiting, len(found), stories)


def payments(agreement: Agreement) -> list[Payment]:
    return list(agreement.payments.select_related("payee", "receipt", "agreement"))
