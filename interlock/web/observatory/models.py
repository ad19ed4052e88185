"""Policies, each coded by two people blind to each other, and what they add up to."""

from django.db import models
from django.db.models import Q
from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from interlock.methods.places.metros import metros
from interlock.web.institutions.models import Institution
from interlock.web.people.models import Person


class Order(models.IntegerChoices):
    """How deep a policy goes, after Peter Hall; 0 where it changes nothing of the three."""

    NONE = 0, _("None of the three")
    SETTING = 1, _("First order: a setting")
    INSTRUMENT = 2, _("Second order: an instrument")
    GOALS = 3, _("Third order: the goals")


class Direction(models.TextChoices):
    """Where it leads; the values are those of `interlock.methods.network.policy`."""

    TOWARDS = "towards", _("Towards interlocking")
    AWAY = "away", _("Away from it")
    NEITHER = "neither", _("Neither")


class State(models.TextChoices):
    """Where an entry stands; each follows from what people did."""

    PROPOSED = "proposed", _("Proposed, not confirmed yet")
    TO_CODE = "to_code", _("Waiting to be coded")
    ALIKE = "alike", _("Coded alike by both")
    APART = "apart", _("Coded apart")
    SETTLED = "settled", _("Coded apart, settled by a third")
    WITHDRAWN = "withdrawn", _("Withdrawn")


#: Those of which both codings are in, so that everybody sees them.
CODED = (State.ALIKE, State.APART, State.SETTLED)


class PolicyQuerySet(models.QuerySet["Policy"]):
    def coded(self) -> "PolicyQuerySet":
        """Those that two people coded, and that nobody withdrew."""
        return self.filter(state__in=CODED)


class Policy(models.Model):
    """A law, a programme or a decision of a place, and the passage of it that is coded.

    The place is an `institution` of the register, or an `area` in words. `text_version` is the number
    of the version that last changed what coders read; a coding of an earlier one counts no longer.
    `order` and `direction` are what both coders say, or what a third settled; empty before that.
    """

    institution = models.ForeignKey(
        Institution, null=True, blank=True, on_delete=models.PROTECT, related_name="policies"
    )
    area = models.CharField(_("city, state or region"), max_length=120, blank=True)
    country = models.CharField(_("country"), max_length=2, blank=True)
    adopted_on = models.DateField(_("adopted on"))
    title = models.CharField(_("title"), max_length=200)
    passage = models.TextField(_("the passage, word for word"))
    source = models.URLField(_("address of the source"), max_length=500)

    state = models.CharField(max_length=9, choices=State, default=State.PROPOSED)
    #: Of a place that does not exist. One of an institution says it by that.
    is_invented = models.BooleanField(default=False, editable=False)
    version = models.PositiveIntegerField(default=1)
    text_version = models.PositiveIntegerField(default=1)
    order = models.PositiveSmallIntegerField(null=True, choices=Order)
    direction = models.CharField(max_length=7, blank=True, choices=Direction)

    entered_by = models.ForeignKey(
        Person, null=True, on_delete=models.SET_NULL, related_name="policies_entered"
    )
    entered_at = models.DateTimeField()
    confirmed_by = models.ForeignKey(Person, null=True, on_delete=models.SET_NULL, related_name="+")
    confirmed_at = models.DateTimeField(null=True)
    withdrawn_at = models.DateTimeField(null=True)
    withdrawn_because = models.CharField(max_length=500, blank=True)

    objects = PolicyQuerySet.as_manager()

    class Meta:
        ordering = ["-adopted_on", "-pk"]
        indexes = [
            models.Index(fields=["state", "-adopted_on"]),
            models.Index(fields=["order", "direction"]),
        ]
        constraints = [
            models.CheckConstraint(
                condition=Q(institution__isnull=False) | ~Q(area=""), name="policy_is_of_a_place"
            ),
            models.CheckConstraint(
                condition=Q(state__in=[State.PROPOSED, State.WITHDRAWN])
                | Q(confirmed_at__isnull=False),
                name="policy_is_confirmed_before_it_is_coded",
            ),
            models.CheckConstraint(
                condition=Q(state=State.WITHDRAWN, withdrawn_at__isnull=False)
                & ~Q(withdrawn_because="")
                | ~Q(state=State.WITHDRAWN) & Q(withdrawn_at__isnull=True),
                name="withdrawn_policy_says_why",
            ),
            models.CheckConstraint(
                condition=~Q(state__in=[State.PROPOSED, State.TO_CODE])
                | Q(order__isnull=True, direction=""),
                name="policy_is_blind_until_both_have_coded",
            ),
        ]

    def __str__(self) -> str:
        return self.title

    def get_absolute_url(self) -> str:
        return reverse("observatory:policy", args=[self.pk])

    @property
    def place(self) -> str:
        """Where it holds, in words."""
        return str(self.institution.name) if self.institution else self.area

    @property
    def is_synthetic(self) -> bool:
        """Of an institution that is made up, or of an area that whoever entered it invented."""
        return self.institution.is_synthetic if self.institution else self.is_invented

    @property
    def is_coded(self) -> bool:
        return self.state in CODED

    @property
    def is_final(self) -> bool:
        """Whether order and direction stand: both say the same, or a third settled it."""
        return self.state in (State.ALIKE, State.SETTLED)


class Version(models.Model):
    """What an entry said once. None is ever changed or lost."""

    policy = models.ForeignKey(Policy, on_delete=models.CASCADE, related_name="versions")
    number = models.PositiveIntegerField()
    said = models.JSONField()
    note = models.CharField(max_length=200, blank=True)
    made_by = models.ForeignKey(Person, null=True, on_delete=models.SET_NULL, related_name="+")
    made_at = models.DateTimeField()

    class Meta:
        ordering = ["-number"]
        constraints = [
            models.UniqueConstraint(
                fields=["policy", "number"], name="one_version_of_a_policy_a_number"
            )
        ]

    def __str__(self) -> str:
        return f"{self.policy}, version {self.number}"


class Coding(models.Model):
    """What one person says of a passage. Places 1 and 2 are the two blind ones, 3 settles.

    `text_version` is the text that was read, `edition` the codebook that it was coded by.
    """

    FIRST, SECOND, THIRD = 1, 2, 3

    policy = models.ForeignKey(Policy, on_delete=models.CASCADE, related_name="codings")
    text_version = models.PositiveIntegerField()
    place = models.PositiveSmallIntegerField()
    order = models.PositiveSmallIntegerField(_("how deep it goes"), choices=Order)
    direction = models.CharField(_("where it leads"), max_length=7, choices=Direction)
    reason = models.CharField(_("why, in a sentence"), max_length=500)
    edition = models.PositiveSmallIntegerField()
    coder = models.ForeignKey(Person, null=True, on_delete=models.SET_NULL, related_name="codings")
    coded_at = models.DateTimeField()

    class Meta:
        ordering = ["text_version", "place"]
        constraints = [
            models.UniqueConstraint(
                fields=["policy", "text_version", "place"], name="one_coding_a_place"
            ),
            models.UniqueConstraint(
                fields=["policy", "text_version", "coder"], name="one_coding_a_coder"
            ),
            models.CheckConstraint(condition=Q(place__in=[1, 2, 3]), name="coding_has_a_place"),
            models.CheckConstraint(condition=~Q(reason=""), name="coding_says_why"),
        ]

    def __str__(self) -> str:
        return f"{self.policy}, coding {self.place}"

    @property
    def is_blind(self) -> bool:
        return self.place != self.THIRD


class Reckoning(models.Model):
    """What all codings and awards add up to, worked out by the worker; one that is not done is due.

    `outcome` is data and no sentences: measures by name, conditions with their states, and how much
    was read.
    """

    requested_at = models.DateTimeField()
    done_at = models.DateTimeField(null=True)
    failure = models.TextField(blank=True)
    outcome = models.JSONField(default=dict)

    class Meta:
        ordering = ["-pk"]

    def __str__(self) -> str:
        return f"reckoning {self.pk}"


class Edition(models.Model):
    """How far institutions interlocked on a day, worked out by the worker; one that is not done is due.

    `place` is empty for the whole register, a state as "US-IL", or a metropolitan area by its code of
    2019 as "35620". One that fails is tried again (`queries.editions_due`). `records` is all that was measured
    (`methods.formats.network_json`), kept so that anybody computes the same from it; `outcome` the
    measures. `package` is both as files in a zip archive; only the whole register has one.
    """

    place = models.CharField(max_length=6, blank=True)
    day = models.DateField()
    requested_at = models.DateTimeField()
    done_at = models.DateTimeField(null=True)
    failure = models.TextField(blank=True)
    tries = models.PositiveSmallIntegerField(default=0)
    tried_at = models.DateTimeField(null=True)
    records = models.JSONField(default=dict)
    outcome = models.JSONField(default=dict)
    package = models.BinaryField(null=True)

    class Meta:
        ordering = ["-day", "place"]
        indexes = [
            models.Index(fields=["requested_at"], name="edition_requested_at"),
            # The worker asks five times a second for what is due.
            models.Index(fields=["tries"], name="edition_due", condition=Q(done_at=None)),
        ]
        constraints = [
            models.UniqueConstraint(fields=["place", "day"], name="one_edition_a_place_and_day")
        ]

    def __str__(self) -> str:
        return f"edition of {self.place or 'all'}, {self.day}"

    @property
    def is_done(self) -> bool:
        return self.done_at is not None

    @property
    def is_synthetic(self) -> bool:
        return bool(self.outcome.get("synthetic"))

    @property
    def file_name(self) -> str:
        """What its records are called as a file."""
        metro = metros().get(self.place)
        place = f"metro-of-{metro.vintage}-{metro.code}" if metro else self.place
        return "-".join(("network", *([place] if place else []), f"{self.day}.json"))

    @property
    def command(self) -> str:
        """What computes it again from its file."""
        return f"interlock measure {self.file_name}"

    @property
    def pb(self) -> int:
        """Institutions of participatory budgeting, those of both worlds among them."""
        return self._of("pb")

    @property
    def coops(self) -> int:
        """Institutions of the co-operative world, those of both worlds among them."""
        return self._of("coop")

    def _of(self, kind: str) -> int:
        numbers: dict[str, int] = self.outcome.get("institutions", {})
        return numbers.get(kind, 0) + numbers.get("both", 0)


class Portrait(models.Model):
    """What the latest edition of the whole register says of one institution alone.

    Those of earlier editions are not kept: whoever wants one computes it from that edition's records.
    """

    edition = models.ForeignKey(Edition, on_delete=models.CASCADE, related_name="portraits")
    institution = models.ForeignKey(Institution, on_delete=models.CASCADE, related_name="portraits")
    outcome = models.JSONField()

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["institution"], name="one_portrait_an_institution")
        ]

    def __str__(self) -> str:
        return f"portrait of {self.institution_id}"


class AskedQuerySet(models.QuerySet["Asked"]):
    def waiting(self) -> "AskedQuerySet":
        """Those that nobody has answered."""
        return self.filter(done_at=None, failure="", faults=[])


class Asked(models.Model):
    """Lists that somebody gave to be observed, and the answer. Nobody else sees them.

    Those of nobody (`by` is empty) come with the site (`held`), and everybody reads them.
    `columns` name columns where their own names do not tell. `faults` are what is wrong with a file:
    its role, the line, the column and the sentence (its code, and what it was told of). `package` is the
    answer's files as a zip archive, the reports among them.
    """

    code = models.CharField(max_length=24, unique=True)
    by = models.ForeignKey(Person, null=True, on_delete=models.CASCADE, related_name="asked")
    at = models.DateTimeField()
    columns = models.JSONField(default=dict)
    is_synthetic = models.BooleanField(default=False)
    step = models.PositiveIntegerField(default=0)
    done_at = models.DateTimeField(null=True)
    failure = models.TextField(blank=True)
    faults = models.JSONField(default=list)
    package = models.BinaryField(null=True)

    objects = AskedQuerySet.as_manager()

    class Meta:
        ordering = ["-at", "-pk"]

    def __str__(self) -> str:
        return ", ".join(one.name for one in self.files.all())

    def get_absolute_url(self) -> str:
        return reverse("observatory:asked" if self.by_id else "observatory:held", args=[self.code])

    @property
    def waits(self) -> bool:
        return self.done_at is None and not self.failure and not self.faults


class AskedFile(models.Model):
    """A file as it was given: `role` is an option of `interlock observe`."""

    asked = models.ForeignKey(Asked, on_delete=models.CASCADE, related_name="files")
    role = models.CharField(max_length=10)
    name = models.CharField(max_length=200)
    data = models.BinaryField()

    class Meta:
        ordering = ["pk"]
        constraints = [
            models.UniqueConstraint(fields=["asked", "role"], name="one_file_a_role"),
        ]

    def __str__(self) -> str:
        return self.name
