"""A process from draft to published result. Amounts are integers in minor units of one currency."""

from functools import lru_cache

from django.core.validators import MinValueValidator
from django.db import models
from django.urls import reverse
from django.utils.translation import gettext_lazy as _
from i18nfield.fields import I18nCharField, I18nTextField

from interlock.web.institutions.models import Institution
from interlock.web.voting.models import Box


@lru_cache(maxsize=4_096)
def _address(page: str, *parts: str) -> str:
    """Where a page is; a list of a thousand projects asks a thousand times."""
    return reverse(page, args=parts)


class FundType(models.TextChoices):
    CAPITAL = "capital", _("Capital: things that last")
    EXPENSE = "expense", _("Expense: services and running costs")
    LOAN = "loan", _("Loan: to be paid back")
    COOP_FUND = "coop_fund", _("Co-op fund")


class Phase(models.TextChoices):
    """Where a process stands, in the one order there is.

    Each follows from what has happened (a timestamp that one verb sets), never by itself.
    """

    DRAFT = "draft", _("In preparation")
    OPEN = "open", _("Open for voting")
    CLOSED = "closed", _("Closed, being counted")
    COUNTED = "counted", _("Counted, not yet published")
    PUBLISHED = "published", _("Result published")


class Process(models.Model):
    """One PB exercise, from rulebook to result, run by one institution with one box."""

    institution = models.ForeignKey(Institution, on_delete=models.PROTECT, related_name="processes")
    slug = models.SlugField(max_length=80, unique=True)
    title = I18nCharField(_("title"), max_length=200)
    summary = I18nTextField(_("what it is about, in two sentences"), blank=True)
    currency = models.CharField(_("currency"), max_length=3, default="USD")
    zone = models.CharField(_("time zone"), max_length=60, default="America/Chicago")
    closes_at = models.DateTimeField(_("voting closes"), null=True)
    rule = models.CharField(_("counting rule"), max_length=40, default="equalshares/add1")
    contact = I18nCharField(_("who helps voters, and how"), max_length=200, blank=True)
    #: What is funded may be awarded without a call up to this amount.
    direct_up_to = models.BigIntegerField(_("awards without a call up to"), default=0)
    #: Bids on what is funded are opened with the codes of two custodians only.
    has_custodians = models.BooleanField(_("two custodians hold the key to bids"), default=False)
    #: Only those inside its institution see it (`queries.visible_to`).
    is_internal = models.BooleanField(default=False, editable=False)

    box = models.OneToOneField(Box, on_delete=models.PROTECT, related_name="process")
    created_at = models.DateTimeField()
    counted_at = models.DateTimeField(null=True)
    published_at = models.DateTimeField(null=True)
    count_requested_at = models.DateTimeField(null=True)
    count_failure = models.TextField(blank=True)
    fingerprint = models.CharField(max_length=64, blank=True)
    imported_from = models.CharField(max_length=200, blank=True)

    class Meta:
        ordering = ["-created_at", "-pk"]
        constraints = [
            models.CheckConstraint(
                condition=models.Q(published_at=None) | models.Q(counted_at__isnull=False),
                name="process_is_counted_before_it_is_published",
            )
        ]

    def __str__(self) -> str:
        return str(self.title)

    def get_absolute_url(self) -> str:
        return _address("budgets:process", self.slug)

    @property
    def is_synthetic(self) -> bool:
        """It is made up where its institution is."""
        return self.institution.is_synthetic

    @property
    def phase(self) -> Phase:
        if self.published_at:
            return Phase.PUBLISHED
        if self.counted_at:
            return Phase.COUNTED
        if self.box.closed_at:
            return Phase.CLOSED
        return Phase.OPEN if self.box.opened_at else Phase.DRAFT

    @property
    def phase_label(self) -> str:
        return str(self.phase.label)


class Area(models.Model):
    """A part of a process with its own limit, which is the sum of what pots allocate to it."""

    process = models.ForeignKey(Process, on_delete=models.CASCADE, related_name="areas")
    ref = models.SlugField(max_length=60)
    name = I18nCharField(_("name"), max_length=120)
    position = models.PositiveIntegerField()
    max_choices = models.PositiveIntegerField(
        _("how many projects one voter may tick"), validators=[MinValueValidator(1)], default=5
    )

    class Meta:
        ordering = ["position"]
        constraints = [
            models.UniqueConstraint(fields=["process", "ref"], name="one_area_a_ref"),
            models.CheckConstraint(
                condition=models.Q(max_choices__gte=1), name="area_takes_a_choice"
            ),
        ]

    def __str__(self) -> str:
        return str(self.name)

    @property
    def budget(self) -> int:
        """The area's limit. One query, unless its allocations are prefetched."""
        return sum(allocation.amount for allocation in self.allocations.all())


class Pot(models.Model):
    """Money to be decided. `unallocated` goes down as areas get their share, never below zero.

    `returned` is what came back of what areas had: funded, and not needed in the end. It is a sum of
    postings, kept by the database.
    """

    process = models.ForeignKey(Process, on_delete=models.CASCADE, related_name="pots")
    name = I18nCharField(_("name"), max_length=120)
    source = models.ForeignKey(Institution, on_delete=models.PROTECT, related_name="pots")
    fund_type = models.CharField(_("fund type"), max_length=12, choices=FundType)
    amount = models.BigIntegerField(_("amount"))
    unallocated = models.BigIntegerField()
    returned = models.BigIntegerField(default=0, editable=False)

    class Meta:
        ordering = ["pk"]
        constraints = [
            models.CheckConstraint(condition=models.Q(amount__gt=0), name="pot_holds_something"),
            models.CheckConstraint(
                condition=models.Q(unallocated__gte=0)
                & models.Q(unallocated__lte=models.F("amount")),
                name="pot_is_not_overdrawn",
            ),
            models.CheckConstraint(
                condition=models.Q(returned__gte=0)
                & models.Q(returned__lte=models.F("amount") - models.F("unallocated")),
                name="pot_takes_back_what_it_gave",
            ),
        ]

    def __str__(self) -> str:
        return str(self.name)


class Allocation(models.Model):
    """What one pot gives to one area."""

    pot = models.ForeignKey(Pot, on_delete=models.CASCADE, related_name="allocations")
    area = models.ForeignKey(Area, on_delete=models.CASCADE, related_name="allocations")
    amount = models.BigIntegerField()

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["pot", "area"], name="one_allocation_a_pair"),
            models.CheckConstraint(
                condition=models.Q(amount__gt=0), name="allocation_gives_something"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.amount} from {self.pot_id} to {self.area_id}"


class Project(models.Model):
    """A costed, votable item. `ref` is its id on ballots and in files; `official` a file's word."""

    process = models.ForeignKey(Process, on_delete=models.CASCADE, related_name="projects")
    area = models.ForeignKey(Area, on_delete=models.CASCADE, related_name="projects")
    ref = models.CharField(max_length=60)
    title = I18nCharField(_("title"), max_length=200)
    description = I18nTextField(_("description"), blank=True)
    cost = models.BigIntegerField(_("cost"))
    delivery_partner = models.ForeignKey(
        Institution,
        on_delete=models.SET_NULL,
        null=True,
        blank=True,
        related_name="deliveries",
        verbose_name=_("delivery partner"),
    )
    official = models.BooleanField(null=True)

    class Meta:
        ordering = ["pk"]
        constraints = [
            models.UniqueConstraint(fields=["process", "ref"], name="one_project_a_ref"),
            models.CheckConstraint(condition=models.Q(cost__gte=0), name="project_cost_is_real"),
        ]

    def __str__(self) -> str:
        return str(self.title)

    def get_absolute_url(self) -> str:
        return _address("budgets:project", self.process.slug, self.ref)


class Rulebook(models.Model):
    """The rules of a process as they were frozen: canonical JSON and its SHA-256."""

    process = models.OneToOneField(Process, on_delete=models.CASCADE, related_name="rulebook")
    body = models.JSONField()
    sha256 = models.CharField(max_length=64)
    frozen_at = models.DateTimeField()

    def __str__(self) -> str:
        return self.sha256


class Count(models.Model):
    """A stored run over one area, with all that its page tells. Amounts in it are minor units.

    `ballot` is Pabulib's type of the ballots; those of imported votes may rank, or give points.
    """

    area = models.OneToOneField(Area, on_delete=models.CASCADE, related_name="count")
    ballot = models.CharField(max_length=12, default="approval")
    rule = models.CharField(max_length=40)
    input_sha256 = models.CharField(max_length=64)
    software = models.CharField(max_length=20)
    finished_at = models.DateTimeField()
    result = models.JSONField()

    def __str__(self) -> str:
        return f"count of {self.area}"


class Margin(models.Model):
    """How far an unfunded project was from being funded, found by counting again.

    A recount funds it with so many more `votes`, or at this `cost` in minor units; None where no
    recount did, or none in time. Until `worked_out_at` is set the worker has yet to look.
    """

    project = models.OneToOneField(Project, on_delete=models.CASCADE, related_name="margin")
    votes = models.PositiveIntegerField(null=True)
    cost = models.BigIntegerField(null=True)
    worked_out_at = models.DateTimeField(null=True)

    def __str__(self) -> str:
        return f"margin of {self.project}"


class WhatIf(models.Model):
    """A question to the ballots of a published area: what would other terms have funded?

    `costs` holds the projects whose cost is asked to be another, in minor units. `answer` is the
    worker's; until then `step` says how far a long count has come.
    """

    key = models.CharField(max_length=64, primary_key=True)
    area = models.ForeignKey(Area, on_delete=models.CASCADE, related_name="what_ifs")
    rule = models.CharField(max_length=60)
    budget = models.BigIntegerField()
    costs = models.JSONField(default=dict)
    asked_at = models.DateTimeField()
    step = models.PositiveIntegerField(default=0)
    answer = models.JSONField(null=True)
    failure = models.TextField(blank=True)

    class Meta:
        ordering = ["asked_at"]

    def __str__(self) -> str:
        return f"what if {self.rule} over {self.area}"

    @property
    def waits(self) -> bool:
        return self.answer is None and not self.failure
