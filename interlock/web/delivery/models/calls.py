"""A call for delivery partners: here, frozen when it is published; or elsewhere, as a record of it."""

from django.db import models
from django.db.models import F, Q
from django.urls import reverse
from django.utils.translation import gettext_lazy as _
from i18nfield.fields import I18nCharField, I18nTextField

from interlock.web.delivery.models.stories import Delivery
from interlock.web.institutions.models import Institution
from interlock.web.institutions.vocabulary import activities
from interlock.web.needs.models import Listing
from interlock.web.people.models import Person


class Preference(models.TextChoices):
    """How worker co-ops are preferred, for the evaluation only; the price paid is the price bid."""

    NONE = "none", _("No preference")
    DISCOUNT = "discount", _("Their price counts as lower by so many per cent")
    POINTS = "points", _("So many points more")


class CallStage(models.TextChoices):
    """Where a call stands; each follows from what has happened."""

    DRAFT = "draft", _("In preparation")
    OPEN = "open", _("Open for bids")
    CLOSED = "closed", _("Closed, bids still sealed")
    OPENED = "opened", _("Bids are compared")
    RANKED = "ranked", _("Compared")
    ENDED = "ended", _("Closed")
    CANCELLED = "cancelled", _("Cancelled")


class Call(models.Model):
    """A call for delivery partners.

    One of this site belongs to a `delivery`, and what it says is frozen at its publication (`terms`,
    canonical JSON, and its SHA-256). One that is held elsewhere has a `url` and takes no bids here.
    Bids are sealed to `seal_key`, whose other half lies outside the database. A locked change of
    `published_at` and `closed_at` decides whether a bid is in time, never a clock.
    """

    issuer = models.ForeignKey(Institution, on_delete=models.PROTECT, related_name="calls")
    delivery = models.ForeignKey(
        Delivery, null=True, blank=True, on_delete=models.PROTECT, related_name="calls"
    )
    title = I18nCharField(_("title"), max_length=200)
    scope = I18nTextField(_("what has to be done"))
    activity = models.CharField(_("kind of work"), max_length=8, blank=True, choices=activities)
    currency = models.CharField(_("currency"), max_length=3, default="USD")
    zone = models.CharField(_("time zone"), max_length=60, default="America/Chicago")
    budget = models.BigIntegerField(_("at most"), null=True, blank=True)
    url = models.URLField(_("address of the call"), blank=True, max_length=500)

    closes_at = models.DateTimeField(_("bids until"))
    questions_until = models.DateTimeField(_("questions until"), null=True, blank=True)
    preference = models.CharField(
        _("preference for worker co-ops"), max_length=8, choices=Preference, default=Preference.NONE
    )
    #: Hundredths of a per cent of a price, or points of the hundred.
    preference_size = models.PositiveIntegerField(_("how much"), default=0)
    legal_basis = I18nTextField(_("legal basis, word for word"), blank=True)
    has_custodians = models.BooleanField(_("two custodians hold the key"), default=False)
    standstill_days = models.PositiveSmallIntegerField(
        _("days for complaints after an award"), default=10
    )

    #: The need that matching works with, and that co-ops are told of.
    listing = models.OneToOneField(
        Listing, null=True, blank=True, on_delete=models.SET_NULL, related_name="call"
    )
    drafted_at = models.DateTimeField()
    published_at = models.DateTimeField(null=True)
    closed_at = models.DateTimeField(null=True)
    opened_at = models.DateTimeField(null=True)
    ranked_at = models.DateTimeField(null=True)
    cancelled_at = models.DateTimeField(null=True)
    cancelled_for = I18nTextField(_("why it was cancelled"), blank=True)
    terms = models.JSONField(default=dict)
    sha256 = models.CharField(max_length=64, blank=True)
    #: The public key, or those of both custodians with a space between.
    seal_key = models.CharField(max_length=129, blank=True)

    class Meta:
        ordering = ["closes_at", "pk"]
        indexes = [
            models.Index(
                fields=["closes_at"],
                condition=Q(published_at__isnull=False, closed_at__isnull=True),
                name="call_to_close",
            )
        ]
        constraints = [
            models.CheckConstraint(
                condition=Q(delivery__isnull=True) & ~Q(url="")
                | Q(delivery__isnull=False) & Q(url=""),
                name="call_is_here_or_elsewhere",
            ),
            models.CheckConstraint(
                condition=Q(closed_at__isnull=True) | Q(published_at__isnull=False),
                name="call_opens_before_it_closes",
            ),
            models.CheckConstraint(
                condition=Q(opened_at__isnull=True) | Q(closed_at__isnull=False),
                name="call_closes_before_bids_are_opened",
            ),
            models.CheckConstraint(
                condition=Q(ranked_at__isnull=True) | Q(opened_at__isnull=False),
                name="bids_are_opened_before_they_are_ranked",
            ),
            models.CheckConstraint(
                condition=Q(published_at__isnull=True)
                | ~Q(url="")
                | ~Q(sha256="") & ~Q(seal_key=""),
                name="published_call_is_frozen",
            ),
            models.CheckConstraint(
                condition=Q(preference="none", preference_size=0)
                | ~Q(preference="none") & Q(preference_size__gt=0) & ~Q(legal_basis=""),
                name="preference_has_a_legal_basis",
            ),
        ]

    def __str__(self) -> str:
        return str(self.title)

    def get_absolute_url(self) -> str:
        return reverse("delivery:call", args=[self.pk])

    @property
    def is_elsewhere(self) -> bool:
        return self.delivery_id is None

    @property
    def stage(self) -> CallStage:
        if self.cancelled_at:
            return CallStage.CANCELLED
        if self.ranked_at:
            return CallStage.RANKED
        if self.opened_at:
            return CallStage.OPENED
        if self.closed_at:
            return CallStage.ENDED if self.is_elsewhere else CallStage.CLOSED
        return CallStage.OPEN if self.published_at else CallStage.DRAFT

    @property
    def preference_percent(self) -> str:
        """A discount as people write it: 10 or 7.5."""
        return f"{self.preference_size / 100:g}"

    @property
    def seal_keys(self) -> list[str]:
        return self.seal_key.split()

    @property
    def takes_bids(self) -> bool:
        return (
            self.published_at is not None
            and self.closed_at is None
            and self.cancelled_at is None
            and not self.is_elsewhere
        )


class Lot(models.Model):
    """A part of a call that is awarded by itself; a call without parts has one."""

    call = models.ForeignKey(Call, on_delete=models.CASCADE, related_name="lots")
    position = models.PositiveSmallIntegerField()
    title = I18nCharField(_("title"), max_length=200)
    scope = I18nTextField(_("what has to be done"), blank=True)
    budget = models.BigIntegerField(_("at most"))

    class Meta:
        ordering = ["position"]
        constraints = [
            models.UniqueConstraint(fields=["call", "position"], name="one_lot_a_position"),
            models.CheckConstraint(condition=Q(budget__gt=0), name="lot_is_worth_something"),
        ]

    def __str__(self) -> str:
        return str(self.title)


class Criterion(models.Model):
    """What bids are compared by. Weights of a published call add up to 100."""

    call = models.ForeignKey(Call, on_delete=models.CASCADE, related_name="criteria")
    position = models.PositiveSmallIntegerField()
    name = I18nCharField(_("name"), max_length=120)
    text = I18nTextField(_("what earns points"), blank=True)
    weight = models.PositiveSmallIntegerField(_("weight, in per cent"))
    #: The price is compared by arithmetic; all others by people.
    is_price = models.BooleanField(default=False)

    class Meta:
        ordering = ["position"]
        constraints = [
            models.UniqueConstraint(fields=["call", "position"], name="one_criterion_a_position"),
            models.UniqueConstraint(
                fields=["call"], condition=Q(is_price=True), name="one_price_a_call"
            ),
            models.CheckConstraint(
                condition=Q(weight__gt=0, weight__lte=100), name="weight_is_a_percentage"
            ),
        ]

    def __str__(self) -> str:
        return str(self.name)


class Question(models.Model):
    """A question about a call, and its answer, for all to read. Who asked is shown to nobody."""

    call = models.ForeignKey(Call, on_delete=models.CASCADE, related_name="questions")
    text = models.TextField(_("question"), max_length=2_000)
    asked_at = models.DateTimeField()
    asked_by = models.ForeignKey(Person, null=True, on_delete=models.SET_NULL, related_name="+")
    answer = I18nTextField(_("answer"), blank=True)
    answered_at = models.DateTimeField(null=True)

    class Meta:
        ordering = ["asked_at", "pk"]
        constraints = [
            models.CheckConstraint(
                condition=Q(answered_at__isnull=True) | Q(answered_at__gte=F("asked_at")),
                name="answer_follows_question",
            )
        ]

    def __str__(self) -> str:
        return self.text[:60]


class Notice(models.Model):
    """What was made known after a call was published: a later deadline, and why. Only added to."""

    call = models.ForeignKey(Call, on_delete=models.CASCADE, related_name="notices")
    closed_before = models.DateTimeField()
    closes_after = models.DateTimeField()
    reason = I18nTextField(_("reason"))
    at = models.DateTimeField()

    class Meta:
        ordering = ["at", "pk"]
        constraints = [
            models.CheckConstraint(
                condition=Q(closes_after__gt=F("closed_before")), name="deadline_only_moves_on"
            )
        ]

    def __str__(self) -> str:
        return f"notice on {self.call_id}"


class Custodian(models.Model):
    """One of two people without whose codes no bid can be opened.

    Each draws a key of their own, which is shown to them once as a code and kept nowhere; `key` is
    its public half. Bids are sealed to the first, and that once more to the second.
    """

    call = models.ForeignKey(Call, on_delete=models.CASCADE, related_name="custodians")
    person = models.ForeignKey(Person, on_delete=models.PROTECT, related_name="+")
    #: Under what name the public record knows them.
    name = models.CharField(_("name"), max_length=120)
    key = models.CharField(max_length=64, blank=True)
    given_at = models.DateTimeField(null=True)
    used_at = models.DateTimeField(null=True)

    class Meta:
        ordering = ["pk"]
        constraints = [
            models.UniqueConstraint(fields=["call", "person"], name="two_different_custodians")
        ]

    def __str__(self) -> str:
        return self.name
