"""A co-op's year: what it earned, by which policy it is divided, and what is each member's share."""

from django.db import models
from django.db.models import F, Q
from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from interlock.web.coops.models.decisions import Decision
from interlock.web.coops.models.members import Coop, Member
from interlock.web.delivery.models import Receipt
from interlock.web.people.models import Person


class Policy(models.Model):
    """How a year's net income is divided: `methods.surplus.Policy` as data. Never changed.

    Adopted before a year begins it binds that year; later it is discretionary there, with a reason.
    """

    coop = models.ForeignKey(Coop, on_delete=models.PROTECT, related_name="policies")
    number = models.PositiveIntegerField()
    preset = models.CharField(max_length=20, blank=True)
    body = models.JSONField()
    sha256 = models.CharField(max_length=64)
    adopted_on = models.DateField(_("adopted on"))
    reason = models.CharField(_("what changed and why"), max_length=500, blank=True)
    decision = models.ForeignKey(
        Decision, null=True, blank=True, on_delete=models.PROTECT, related_name="+"
    )
    said_at = models.DateTimeField()
    by = models.ForeignKey(Person, null=True, on_delete=models.SET_NULL, related_name="+")

    class Meta:
        ordering = ["number"]
        verbose_name_plural = "policies"
        constraints = [
            models.UniqueConstraint(fields=["coop", "number"], name="one_policy_a_number")
        ]

    def __str__(self) -> str:
        return f"policy {self.number}"


class YearStage(models.TextChoices):
    DRAFT = "draft", _("Draft")
    PROPOSED = "proposed", _("Put to the members")
    POSTED = "posted", _("Posted to the accounts")
    REVERSED = "reversed", _("Reversed")


class Year(models.Model):
    """One year of a co-op. While it is a draft every member sees and recomputes it; posted, it stays.

    A mistake found later reverses what was posted, and the year is drafted anew as its next version.
    `given` is the year as `interlock surplus` reads it and `result` what came out, both as they were
    when posted; `sha256` is of `given`, and what the approving decision was about.
    """

    coop = models.ForeignKey(Coop, on_delete=models.PROTECT, related_name="years")
    number = models.PositiveIntegerField()
    version = models.PositiveSmallIntegerField(default=1)
    begins_on = models.DateField()
    ends_on = models.DateField()
    net = models.BigIntegerField(_("net income"), null=True)
    nonpatronage = models.BigIntegerField(_("of it not from work"), default=0)
    nonmember_hours = models.DecimalField(
        _("hours of those who are not on the list"), max_digits=11, decimal_places=2, default=0
    )
    policy = models.ForeignKey(Policy, null=True, on_delete=models.PROTECT, related_name="years")
    discretionary_for = models.CharField(
        _("why a policy adopted after the year began"), max_length=500, blank=True
    )
    decision = models.ForeignKey(
        Decision, null=True, blank=True, on_delete=models.PROTECT, related_name="years"
    )
    given = models.JSONField(null=True)
    result = models.JSONField(null=True)
    sha256 = models.CharField(max_length=64, blank=True)
    begun_at = models.DateTimeField()
    posted_at = models.DateTimeField(null=True)
    posted_by = models.ForeignKey(Person, null=True, on_delete=models.SET_NULL, related_name="+")
    reversed_at = models.DateTimeField(null=True)
    reversed_for = models.CharField(_("why it was reversed"), max_length=500, blank=True)

    class Meta:
        ordering = ["-begins_on", "-version"]
        constraints = [
            models.UniqueConstraint(
                fields=["coop", "number", "version"], name="year_once_a_version"
            ),
            models.UniqueConstraint(
                fields=["coop", "number"],
                condition=Q(reversed_at__isnull=True),
                name="one_year_a_number",
            ),
            models.CheckConstraint(
                condition=Q(reversed_at__isnull=True) | Q(posted_at__isnull=False),
                name="year_is_posted_before_it_is_reversed",
            ),
            models.CheckConstraint(condition=Q(ends_on__gt=F("begins_on")), name="year_lasts"),
            models.CheckConstraint(
                condition=Q(posted_at__isnull=True)
                | (Q(net__isnull=False) & Q(policy__isnull=False) & Q(result__isnull=False)),
                name="posted_year_is_whole",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.begins_on} – {self.ends_on}"

    def get_absolute_url(self) -> str:
        return reverse("coops:year", args=[self.coop.institution.slug, self.number])

    @property
    def loss(self) -> int:
        return max(0, -(self.net or 0))

    @property
    def stage(self) -> YearStage:
        if self.reversed_at:
            return YearStage.REVERSED
        if self.posted_at:
            return YearStage.POSTED
        return YearStage.PROPOSED if self.decision_id else YearStage.DRAFT


class Share(models.Model):
    """What a posted year gave one member."""

    year = models.ForeignKey(Year, on_delete=models.PROTECT, related_name="shares")
    member = models.ForeignKey(Member, on_delete=models.PROTECT, related_name="shares")
    hours = models.DecimalField(max_digits=11, decimal_places=2)
    wages = models.BigIntegerField()
    allocation = models.BigIntegerField()
    cash = models.BigIntegerField()
    notice = models.BigIntegerField()

    class Meta:
        ordering = ["member__name", "pk"]
        constraints = [
            models.UniqueConstraint(fields=["year", "member"], name="one_share_a_member"),
            models.CheckConstraint(
                condition=Q(allocation=F("cash") + F("notice")), name="share_is_cash_and_notice"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.allocation} for {self.member}"


class Revenue(models.Model):
    """A payment that the co-op confirmed to have received, cited as revenue of a year."""

    year = models.ForeignKey(Year, on_delete=models.CASCADE, related_name="revenue")
    receipt = models.ForeignKey(Receipt, on_delete=models.PROTECT, related_name="revenue")

    class Meta:
        ordering = ["pk"]
        verbose_name_plural = "revenue"
        constraints = [
            models.UniqueConstraint(fields=["year", "receipt"], name="receipt_once_a_year")
        ]

    def __str__(self) -> str:
        return f"receipt {self.receipt_id}"
