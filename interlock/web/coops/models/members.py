"""A co-op's people, what each step from candidate to former was, and the bylaws they live by."""

from django.db import models
from django.db.models import F, Q
from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from interlock.web.institutions.models import Institution
from interlock.web.people.models import Person


class Coop(models.Model):
    """An institution that keeps its inside here. Nobody outside sees anything of it.

    Years are numbered from `first_year_begins_on`, and each begins on its anniversary. What the public
    page tells of the inside is only what was chosen: `shows_size`, `shows_commons`.
    """

    institution = models.OneToOneField(Institution, on_delete=models.PROTECT, related_name="coop")
    currency = models.CharField(_("currency"), max_length=3, default="USD")
    zone = models.CharField(_("time zone"), max_length=60, default="America/Chicago")
    first_year_begins_on = models.DateField(_("first day of the first year"))
    shows_size = models.BooleanField(_("show how many members there are"), default=False)
    shows_commons = models.BooleanField(_("show what went into commons pots"), default=False)
    opened_at = models.DateTimeField()
    closed_at = models.DateTimeField(null=True)

    class Meta:
        ordering = ["pk"]

    def __str__(self) -> str:
        return str(self.institution)

    def get_absolute_url(self) -> str:
        return reverse("coops:coop", args=[self.institution.slug])


class Status(models.TextChoices):
    """What somebody is to their co-op."""

    WORKER = "worker", _("Worker, not a member")
    CANDIDATE = "candidate", _("Candidate")
    MEMBER = "member", _("Member")
    INACTIVE = "inactive", _("Inactive member")
    FORMER = "former", _("Former member")


class Member(models.Model):
    """Somebody who works or worked here, by the name and number that the co-op knows them by.

    `person` is their account, once they have said that it is they. Until then whoever signs in with
    `email` is asked. `buy_in` is what they are to pay in.
    """

    coop = models.ForeignKey(Coop, on_delete=models.PROTECT, related_name="members")
    number = models.CharField(_("number"), max_length=40)
    name = models.CharField(_("name"), max_length=120)
    email = models.EmailField(_("e-mail address"), blank=True)
    person = models.ForeignKey(
        Person, null=True, blank=True, on_delete=models.SET_NULL, related_name="coop_members"
    )
    invited_at = models.DateTimeField(null=True)
    buy_in = models.BigIntegerField(_("buy-in"), default=0)
    #: How they agreed to be taxed on written notices (26 USC 1388(c)(2)), and when.
    consent = models.CharField(_("consent to notices"), max_length=12, blank=True)
    consent_on = models.DateField(null=True, blank=True)

    class Meta:
        ordering = ["name", "pk"]
        constraints = [
            models.UniqueConstraint(fields=["coop", "number"], name="one_member_a_number"),
            models.UniqueConstraint(
                fields=["coop", "person"],
                condition=Q(person__isnull=False),
                name="one_member_a_person",
            ),
            models.CheckConstraint(condition=Q(buy_in__gte=0), name="buy_in_is_real"),
        ]

    def __str__(self) -> str:
        return self.name

    def get_absolute_url(self) -> str:
        return reverse("coops:member", args=[self.coop.institution.slug, self.pk])


class Standing(models.Model):
    """What a member was from `since` to the day before `until`. The register at any day is made of these."""

    member = models.ForeignKey(Member, on_delete=models.CASCADE, related_name="standings")
    status = models.CharField(_("status"), max_length=10, choices=Status)
    since = models.DateField()
    until = models.DateField(null=True)
    reason = models.CharField(_("why"), max_length=300, blank=True)
    decision = models.ForeignKey(
        "coops.Decision", null=True, blank=True, on_delete=models.PROTECT, related_name="+"
    )
    said_at = models.DateTimeField()
    said_by = models.ForeignKey(Person, null=True, on_delete=models.SET_NULL, related_name="+")

    class Meta:
        ordering = ["since", "pk"]
        constraints = [
            models.UniqueConstraint(
                fields=["member"], condition=Q(until__isnull=True), name="one_standing_at_a_time"
            ),
            models.CheckConstraint(
                condition=Q(until__isnull=True) | Q(until__gt=F("since")),
                name="standing_lasts",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.status} since {self.since}"


class OfficeKind(models.TextChoices):
    TREASURER = "treasurer", _("Treasurer: hours, years and accounts")
    SECRETARY = "secretary", _("Secretary: members, bylaws and decisions")
    BOARD = "board", _("Board")


class Office(models.Model):
    """What a member does for all of them. Stewards of the institution may do what both officers may."""

    member = models.ForeignKey(Member, on_delete=models.CASCADE, related_name="offices")
    kind = models.CharField(_("office"), max_length=10, choices=OfficeKind)
    since = models.DateField()
    until = models.DateField(null=True, blank=True)
    decision = models.ForeignKey(
        "coops.Decision", null=True, blank=True, on_delete=models.PROTECT, related_name="+"
    )

    class Meta:
        ordering = ["since", "pk"]
        constraints = [
            models.UniqueConstraint(
                fields=["member", "kind"],
                condition=Q(until__isnull=True),
                name="one_office_at_a_time",
            )
        ]

    def __str__(self) -> str:
        return f"{self.kind} since {self.since}"


class ImportKind(models.TextChoices):
    MEMBERS = "members", _("Members")
    HOURS = "hours", _("Hours and wages")
    BALANCES = "balances", _("Opening balances")


class Import(models.Model):
    """A list that was entered, so that it can be looked up, and not be entered twice."""

    coop = models.ForeignKey(Coop, on_delete=models.PROTECT, related_name="imports")
    kind = models.CharField(max_length=10, choices=ImportKind)
    name = models.CharField(max_length=200)
    sha256 = models.CharField(max_length=64)
    lines = models.PositiveIntegerField()
    at = models.DateTimeField()
    by = models.ForeignKey(Person, null=True, on_delete=models.SET_NULL, related_name="+")

    class Meta:
        ordering = ["-at", "-pk"]

    def __str__(self) -> str:
        return self.name


class Hours(models.Model):
    """What somebody worked in a time, both days included, and the wages for it.

    Hours count towards patronage only `as_member`; those of candidates and other workers are the
    non-member labour of the year.
    """

    member = models.ForeignKey(Member, on_delete=models.PROTECT, related_name="hours")
    begins_on = models.DateField()
    ends_on = models.DateField()
    hours = models.DecimalField(_("hours"), max_digits=9, decimal_places=2)
    wages = models.BigIntegerField(_("wages"), default=0)
    as_member = models.BooleanField(default=True)
    entered = models.ForeignKey(Import, null=True, on_delete=models.PROTECT, related_name="hours")

    class Meta:
        ordering = ["begins_on", "pk"]
        verbose_name_plural = "hours"
        constraints = [
            models.UniqueConstraint(
                fields=["member", "begins_on", "ends_on", "as_member"], name="hours_once_a_time"
            ),
            models.CheckConstraint(
                condition=Q(hours__gte=0) & Q(wages__gte=0), name="hours_are_real"
            ),
            models.CheckConstraint(condition=Q(ends_on__gte=F("begins_on")), name="hours_end"),
        ]

    def __str__(self) -> str:
        return f"{self.hours} h"


class Training(models.Model):
    """Something a candidate had to attend, and did."""

    member = models.ForeignKey(Member, on_delete=models.CASCADE, related_name="trainings")
    name = models.CharField(_("training"), max_length=120)
    on = models.DateField()

    class Meta:
        ordering = ["on", "pk"]

    def __str__(self) -> str:
        return self.name


class Bylaws(models.Model):
    """One version of the bylaws as parameters: `methods.deciding.Bylaws` as data. Never changed.

    In force from `effective_on` until a later version is. A decision keeps the version it began with.
    """

    coop = models.ForeignKey(Coop, on_delete=models.PROTECT, related_name="bylaws")
    number = models.PositiveIntegerField()
    preset = models.CharField(max_length=20, blank=True)
    body = models.JSONField()
    sha256 = models.CharField(max_length=64)
    effective_on = models.DateField(_("in force from"))
    reason = models.CharField(_("what changed and why"), max_length=500, blank=True)
    decision = models.ForeignKey(
        "coops.Decision", null=True, blank=True, on_delete=models.PROTECT, related_name="+"
    )
    adopted_at = models.DateTimeField()
    by = models.ForeignKey(Person, null=True, on_delete=models.SET_NULL, related_name="+")

    class Meta:
        ordering = ["number"]
        verbose_name_plural = "bylaws"
        constraints = [
            models.UniqueConstraint(fields=["coop", "number"], name="one_bylaws_a_number")
        ]

    def __str__(self) -> str:
        return f"version {self.number}"
