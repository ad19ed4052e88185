"""A co-op's own PB: a fund becomes a pot, the register an electorate, and the engine is the city's."""

from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _

from interlock.web.budgets.models import Process, Project
from interlock.web.coops.models.accounts import Account
from interlock.web.coops.models.members import Coop, Member


class Round(models.Model):
    """One PB among the members. `is_pledged`: each has an allowance, and pledges it to projects."""

    coop = models.ForeignKey(Coop, on_delete=models.PROTECT, related_name="rounds")
    process = models.OneToOneField(Process, on_delete=models.PROTECT, related_name="round")
    source = models.ForeignKey(Account, on_delete=models.PROTECT, related_name="+")
    amount = models.BigIntegerField(_("amount"))
    record_on = models.DateField(_("record date"), null=True)
    is_pledged = models.BooleanField(default=False)
    begun_at = models.DateTimeField()
    #: Votes by codes are opened by the process; pledges by these.
    opened_at = models.DateTimeField(null=True)
    settled_at = models.DateTimeField(null=True)

    class Meta:
        ordering = ["-begun_at"]
        constraints = [
            models.CheckConstraint(condition=Q(amount__gt=0), name="round_has_something")
        ]

    def __str__(self) -> str:
        return str(self.process)


class Goal(models.Model):
    """What a project of a pledged round needs at least, and at most."""

    project = models.OneToOneField(Project, on_delete=models.CASCADE, related_name="goal")
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
