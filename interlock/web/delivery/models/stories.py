"""The delivery record of a funded project: where it stands, what happened, and who follows it."""

from django.db import models
from django.db.models import F, Q
from django.urls import reverse
from django.utils.translation import gettext_lazy as _
from i18nfield.fields import I18nCharField, I18nTextField

from interlock.web.budgets.models import Project
from interlock.web.files.models import Picture
from interlock.web.institutions.models import Institution
from interlock.web.people.models import Person


class Stage(models.TextChoices):
    """Where a delivery stands; each follows from what has happened, never by itself."""

    PREPARING = "preparing", _("In preparation")
    CALLED = "called", _("Looking for a delivery partner")
    AWARDED = "awarded", _("Awarded, not begun yet")
    UNDER_WAY = "under_way", _("Under way")
    STUCK = "stuck", _("Stuck")
    DONE = "done", _("Done")
    GIVEN_UP = "given_up", _("Given up")


class Delivery(models.Model):
    """What has to be done because residents chose it, and what became of its money.

    `cost` is what the count funded, in minor units of the process's currency. `awarded` and
    `returned` are sums of postings, kept by the database itself; what is left of the cost is not
    awarded yet. No award can promise more than the cost, and nothing is left when it ends: the
    database refuses it.
    """

    project = models.OneToOneField(Project, on_delete=models.PROTECT, related_name="delivery")
    responsible = models.ForeignKey(
        Institution,
        on_delete=models.PROTECT,
        related_name="responsible_for",
        verbose_name=_("responsible body"),
    )
    cost = models.BigIntegerField(_("cost"))
    awarded = models.BigIntegerField(default=0, editable=False)
    returned = models.BigIntegerField(default=0, editable=False)
    plan = I18nTextField(_("plan"), blank=True)
    due_on = models.DateField(_("to be done by"), null=True, blank=True)
    recorded_at = models.DateTimeField()

    called_at = models.DateTimeField(null=True)
    awarded_at = models.DateTimeField(null=True)
    begun_at = models.DateTimeField(null=True)
    stuck_at = models.DateTimeField(null=True)
    done_at = models.DateTimeField(null=True)
    given_up_at = models.DateTimeField(null=True)

    class Meta:
        ordering = ["pk"]
        constraints = [
            models.CheckConstraint(condition=Q(cost__gte=0), name="delivery_cost_is_real"),
            models.CheckConstraint(
                condition=Q(awarded__gte=0) & Q(returned__gte=0),
                name="delivery_sums_are_real",
            ),
            models.CheckConstraint(
                condition=Q(cost__gte=F("awarded") + F("returned")),
                name="delivery_keeps_to_its_cost",
            ),
            models.CheckConstraint(
                condition=Q(done_at__isnull=True) | Q(given_up_at__isnull=True),
                name="delivery_ends_once",
            ),
        ]

    def __str__(self) -> str:
        return str(self.project)

    def get_absolute_url(self) -> str:
        return reverse("delivery:delivery", args=[self.project.process.slug, self.project.ref])

    @property
    def unawarded(self) -> int:
        """What is neither awarded nor given back."""
        return self.cost - self.awarded - self.returned

    @property
    def kept(self) -> int:
        """What of the cost did not go back."""
        return self.cost - self.returned

    @property
    def deliverers(self) -> list[Institution]:
        """Each once, of the awards that were fetched with it (`queries.stories.in_a_list`)."""
        found = [one.institution for award in self.awards.all() for one in award.suppliers.all()]
        return list(dict.fromkeys(found))

    @property
    def stage(self) -> Stage:
        if self.done_at:
            return Stage.DONE
        if self.given_up_at:
            return Stage.GIVEN_UP
        if self.stuck_at:
            return Stage.STUCK
        if self.begun_at:
            return Stage.UNDER_WAY
        if self.awarded_at:
            return Stage.AWARDED
        return Stage.CALLED if self.called_at else Stage.PREPARING


class StepKind(models.TextChoices):
    """What a step of the story is."""

    NEWS = "news", _("News")
    PLANNED = "planned", _("Planned")
    DELAYED = "delayed", _("Delayed")
    CALLED = "called", _("Call opened")
    UNCALLED = "uncalled", _("Call cancelled")
    NO_AWARD = "no_award", _("Nobody gets it")
    AWARDED = "awarded", _("Awarded")
    ANNULLED = "annulled", _("Award annulled")
    BEGUN = "begun", _("Begun")
    REPORTED = "reported", _("Reported by the delivery partner")
    ACCEPTED = "accepted", _("Accepted")
    IN_PART = "in_part", _("Accepted in part")
    CHANGED = "changed", _("Agreement changed")
    PAID = "paid", _("Paid")
    REVERSED = "reversed", _("Payment taken back")
    ENDED = "ended", _("Agreement ended early")
    STUCK = "stuck", _("Stuck")
    RESUMED = "resumed", _("Going on")
    RETURNED = "returned", _("Money returned to the pot")
    DONE = "done", _("Done")
    GIVEN_UP = "given_up", _("Given up")


class Step(models.Model):
    """One step of the public story. It is only ever added to; the database sees to it.

    A delay has its reason in `text`, and the days before and after. `about` is the milestone it is
    of, `party` the institution that something was awarded or paid to, `amount` how much.
    """

    delivery = models.ForeignKey(Delivery, on_delete=models.PROTECT, related_name="steps")
    kind = models.CharField(max_length=10, choices=StepKind)
    at = models.DateTimeField()
    by = models.ForeignKey(Institution, null=True, on_delete=models.PROTECT, related_name="+")
    text = I18nTextField(_("what happened"), blank=True)
    about = I18nCharField(max_length=200, blank=True)
    party = models.ForeignKey(Institution, null=True, on_delete=models.PROTECT, related_name="+")
    amount = models.BigIntegerField(null=True)
    due_before = models.DateField(null=True)
    due_after = models.DateField(null=True)
    picture = models.ForeignKey(Picture, null=True, on_delete=models.PROTECT, related_name="+")
    picture_alt = I18nCharField(_("what the picture shows, in words"), max_length=300, blank=True)

    class Meta:
        ordering = ["-at", "-pk"]
        constraints = [
            models.CheckConstraint(
                condition=~Q(kind__in=["delayed", "stuck", "given_up"]) | ~Q(text=""),
                name="delay_has_a_reason",
            )
        ]

    def __str__(self) -> str:
        return f"{self.kind} of {self.delivery_id}"

    @property
    def heading(self) -> str:
        """What it is, and of what."""
        nothing = self.kind == StepKind.ACCEPTED and not self.amount
        kind = _("Not accepted") if nothing else StepKind(self.kind).label
        return f"{kind}: {self.about}" if str(self.about) else str(kind)


class Follow(models.Model):
    """A person who is told of each step."""

    delivery = models.ForeignKey(Delivery, on_delete=models.CASCADE, related_name="follows")
    person = models.ForeignKey(Person, on_delete=models.CASCADE, related_name="+")
    since = models.DateTimeField()

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["delivery", "person"], name="one_follow_a_person")
        ]

    def __str__(self) -> str:
        return f"follow of {self.delivery_id}"
