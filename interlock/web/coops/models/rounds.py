"""A co-op's own PB: a fund becomes a pot, the register an electorate, and the engine is the city's."""

from django.db import models
from django.db.models import F, Q
from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from interlock.web.budgets.models import Process, Project
from interlock.web.coops.models.accounts import Account
from interlock.web.coops.models.members import Coop, Member


class Round(models.Model):
    """One PB among the members, with a number of its own in the co-op.

    Its `amount` was moved from `source` to `account` when it began; what it does not spend goes back.
    `is_pledged`: each has an allowance, and pledges it to projects. Otherwise it is a vote, and all it
    does is done by its process. `allotted` is the sum of the allowances.
    """

    coop = models.ForeignKey(Coop, on_delete=models.PROTECT, related_name="rounds")
    number = models.PositiveIntegerField()
    process = models.OneToOneField(Process, on_delete=models.PROTECT, related_name="round")
    source = models.ForeignKey(Account, on_delete=models.PROTECT, related_name="+")
    account = models.ForeignKey(Account, on_delete=models.PROTECT, related_name="+")
    amount = models.BigIntegerField(_("amount"))
    is_pledged = models.BooleanField(default=False)
    with_candidates = models.BooleanField(default=False)
    record_on = models.DateField(_("record date"), null=True)
    electors = models.PositiveIntegerField(default=0)
    allotted = models.BigIntegerField(default=0)
    spent = models.BigIntegerField(null=True)
    begun_at = models.DateTimeField()
    opened_at = models.DateTimeField(null=True)
    settled_at = models.DateTimeField(null=True)
    #: Why it ended with nothing decided.
    ended_for = models.CharField(_("why it ends"), max_length=300, blank=True)

    class Meta:
        ordering = ["-number"]
        constraints = [
            models.UniqueConstraint(fields=["coop", "number"], name="one_round_a_number"),
            models.CheckConstraint(condition=Q(amount__gt=0), name="round_has_something"),
            models.CheckConstraint(
                condition=Q(allotted__gte=0) & Q(allotted__lte=F("amount")),
                name="round_is_not_overallotted",
            ),
            models.CheckConstraint(
                condition=Q(spent__isnull=True, settled_at__isnull=True)
                | Q(spent__gte=0, spent__lte=F("amount"), settled_at__isnull=False),
                name="round_spends_what_it_has",
            ),
        ]

    def __str__(self) -> str:
        return str(self.process)

    def get_absolute_url(self) -> str:
        return reverse("coops:round", args=[self.coop.institution.slug, self.number])


class Goal(models.Model):
    """What a project of a round needs at least and takes at most, and which member thought of it.

    In a vote the two are its cost.
    """

    project = models.OneToOneField(Project, on_delete=models.CASCADE, related_name="goal")
    proposed_by = models.ForeignKey(Member, null=True, on_delete=models.SET_NULL, related_name="+")
    minimum = models.BigIntegerField(_("needs at least"))
    target = models.BigIntegerField(_("would take at most"))
    funded = models.BigIntegerField(null=True)

    class Meta:
        constraints = [
            models.CheckConstraint(
                condition=Q(minimum__gt=0) & Q(target__gte=F("minimum")), name="goal_is_real"
            )
        ]

    def __str__(self) -> str:
        return f"{self.minimum} to {self.target}"


class Allowance(models.Model):
    """What one member may pledge in a round; `pledged` is the sum of their standing pledges."""

    round = models.ForeignKey(Round, on_delete=models.CASCADE, related_name="allowances")
    member = models.ForeignKey(Member, on_delete=models.PROTECT, related_name="+")
    amount = models.BigIntegerField()
    pledged = models.BigIntegerField(default=0)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["round", "member"], name="one_allowance_each"),
            models.CheckConstraint(
                condition=Q(pledged__gte=0) & Q(pledged__lte=F("amount")),
                name="allowance_is_not_overspent",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.amount} for {self.member}"


class Pledge(models.Model):
    """What one member gives to one project; pledging anew replaces it."""

    allowance = models.ForeignKey(Allowance, on_delete=models.CASCADE, related_name="pledges")
    project = models.ForeignKey(Project, on_delete=models.CASCADE, related_name="pledges")
    amount = models.BigIntegerField()
    at = models.DateTimeField()
    refunded = models.BigIntegerField(default=0)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["allowance", "project"], name="one_pledge_a_project"),
            models.CheckConstraint(
                condition=Q(amount__gt=0) & Q(refunded__gte=0) & Q(refunded__lte=F("amount")),
                name="pledge_is_real",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.amount} for {self.project_id}"
