"""An institution, what it is known by, and the people who look after it."""

from collections.abc import Iterable
from typing import Any

from django.db import models
from django.db.models import F, Q
from django.urls import reverse
from django.utils.translation import gettext_lazy as _
from i18nfield.fields import I18nCharField, I18nTextField
from i18nfield.strings import LazyI18nString

from interlock.methods.formats.register.cells import sameness
from interlock.web.files.models import Picture
from interlock.web.institutions.vocabulary import activities, membership_types, structures
from interlock.web.people.models import Person
from interlock.web.record.wording import words


class Group(models.TextChoices):
    """What the kinds are grouped by."""

    PUBLIC = "public", _("Public bodies")
    COOPERATIVE = "cooperative", _("Co-ops and their federations")
    SUPPORT = "support", _("Developers and lenders")
    COMMUNITY = "community", _("Communities")
    OTHER = "other", _("Others")


class Kind(models.Model):
    """A kind of institution. Whoever runs a site adds theirs; these are the ones it begins with."""

    PUBLIC_BODY = "public_body"
    PB_AUTHORITY = "pb_authority"
    WORKER_COOP = "worker_coop"
    FEDERATION = "federation"

    slug = models.SlugField(max_length=40, primary_key=True)
    name = I18nCharField(_("name"), max_length=80)
    group = models.CharField(_("group"), max_length=20, choices=Group)
    position = models.PositiveSmallIntegerField(default=100)

    class Meta:
        ordering = ["position", "slug"]

    def __str__(self) -> str:
        return str(self.name)


class Status(models.TextChoices):
    """Murmurations' words for what an institution does at present."""

    ACTIVE = "active", _("Active")
    IN_PLANNING = "in_planning", _("In planning")
    ON_HOLD = "on_hold", _("On hold")
    COMPLETED = "completed", _("Completed")
    CANCELLED = "cancelled", _("Given up")


class Scope(models.TextChoices):
    """Murmurations' words for how far it reaches."""

    LOCAL = "local", _("Local")
    REGIONAL = "regional", _("Regional")
    NATIONAL = "national", _("National")
    INTERNATIONAL = "international", _("International")


class PlacedBy(models.TextChoices):
    """What put an institution on the map, where nobody gave the coordinates of its address.

    With the first four they are of the middle of something larger. With `NEAR` they are its own, and its
    county is that of the nearest ZIP code.
    """

    TOWN = "town", _("the middle of its town")
    ZIP = "zip", _("the middle of its ZIP code")
    COUNTY = "county", _("the middle of its county")
    AREA = "area", _("the middle of an area")
    NEAR = "near", _("by the nearest ZIP code")


def search_text(name: str | LazyI18nString, place: str, others: Iterable[str] = ()) -> str:
    """A name in all its languages, a town and what else it is known by, without case and accents."""
    said = words(name)
    names = said.values() if isinstance(said, dict) else [said]
    return "\n".join(sameness(one) for one in (*names, place, *others) if one)


class SearchField(models.TextField):  # type: ignore[type-arg]
    """What a search looks in, written anew whenever its institution is saved.

    A database compares letters beyond ASCII as they are. One that updates fields by name, as lists
    do, names this among them.
    """

    def pre_save(self, model_instance: Any, add: bool) -> str:
        text = searched_of(model_instance)
        setattr(model_instance, self.attname, text)
        return text


def searched_of(one: "Institution") -> str:
    """With what else it does, by its code between strokes: `search` finds it by its name."""
    besides = "".join(coded(code) for code in one.other_activities)
    text = search_text(one.name, one.place, [*one.other_names, *one.tags])
    return f"{text}\n{besides}" if besides else text


def coded(activity: str) -> str:
    """An activity as `searched` has it; no name has strokes there."""
    return f"|{activity}|"


class Institution(models.Model):
    """Any organisation in the register.

    `structure`, `membership_type` and `activity` are ESSGLOBAL's codes; what it is registered as
    (`structure`) never makes it a worker co-op. `imported_from` names the file of one that was not
    entered by its own people; `entered_by` is the person who typed it in, shown to nobody. One that
    is `trusted_at` may vouch for people of others. One that asked to leave goes when `leaving_at` has
    come; one that left is a tombstone: its name, its numbers and the ties of others stay. One that
    `is_synthetic` is made up, to show how the site works; no form says so, and nothing takes it back.
    """

    slug = models.SlugField(max_length=80, unique=True)
    name = I18nCharField(_("name"), max_length=200)
    kind = models.ForeignKey(Kind, on_delete=models.PROTECT, verbose_name=_("kind"))
    about = I18nTextField(_("about"), blank=True)
    #: A picture, and what it shows in words: no picture without them.
    picture = models.ForeignKey(
        Picture,
        on_delete=models.PROTECT,
        null=True,
        blank=True,
        related_name="+",
        verbose_name=_("picture"),
    )
    picture_alt = I18nCharField(_("what the picture shows, in words"), max_length=300, blank=True)

    structure = models.CharField(_("registered as"), max_length=8, blank=True, choices=structures)
    membership_type = models.CharField(
        _("members are"), max_length=8, blank=True, choices=membership_types
    )
    activity = models.CharField(_("activity"), max_length=8, blank=True, choices=activities)
    status = models.CharField(_("status"), max_length=12, choices=Status, default=Status.ACTIVE)
    scope = models.CharField(_("reach"), max_length=14, blank=True, choices=Scope)

    place = models.CharField(_("town"), max_length=120, blank=True)
    street = models.CharField(_("street"), max_length=200, blank=True)
    region = models.CharField(_("state or region"), max_length=120, blank=True)
    postcode = models.CharField(_("postcode"), max_length=20, blank=True)
    country = models.CharField(_("country"), max_length=2, blank=True)
    latitude = models.FloatField(_("latitude"), null=True, blank=True)
    longitude = models.FloatField(_("longitude"), null=True, blank=True)
    #: A US county's FIPS code, and the year of the boundaries it belongs to.
    county = models.CharField(_("county"), max_length=5, blank=True)
    county_year = models.PositiveSmallIntegerField(null=True, blank=True)
    placed_by = models.CharField(
        _("placed by"), max_length=6, blank=True, choices=PlacedBy, editable=False
    )

    website = models.URLField(_("website"), blank=True)
    email = models.EmailField(_("public e-mail address"), blank=True)
    phone = models.CharField(_("phone"), max_length=40, blank=True)

    #: What it does in words of its own or of a list, what else it is called, its other addresses,
    #: and ESSGLOBAL's codes of what it does beside its activity.
    tags = models.JSONField(_("tags"), default=list, blank=True)
    other_names = models.JSONField(_("other names"), default=list, blank=True)
    links = models.JSONField(_("other addresses"), default=list, blank=True)
    other_activities = models.JSONField(_("other activities"), default=list, blank=True)

    founded_on = models.DateField(_("founded on"), null=True, blank=True)
    closed_on = models.DateField(_("closed on"), null=True, blank=True)
    workers = models.PositiveIntegerField(_("workers"), null=True, blank=True)
    workers_year = models.PositiveSmallIntegerField(_("in the year"), null=True, blank=True)
    members = models.PositiveIntegerField(_("members"), null=True, blank=True)
    members_year = models.PositiveSmallIntegerField(_("in the year"), null=True, blank=True)

    registered_at = models.DateTimeField()
    imported_from = models.CharField(max_length=200, blank=True)
    is_synthetic = models.BooleanField(_("made up"), default=False, editable=False)
    entered_by = models.ForeignKey(
        Person, null=True, blank=True, editable=False, on_delete=models.SET_NULL, related_name="+"
    )
    trusted_at = models.DateTimeField(null=True, editable=False)
    leaving_at = models.DateTimeField(null=True, editable=False)
    left_at = models.DateTimeField(null=True, editable=False)
    searched = SearchField(blank=True, default="", editable=False)

    class Meta:
        ordering = ["slug"]
        indexes = [
            models.Index(fields=["kind", "slug"]),
            models.Index(fields=["country", "region"]),
            models.Index(
                fields=["leaving_at"], condition=Q(leaving_at__isnull=False), name="leaving"
            ),
        ]
        constraints = [
            models.CheckConstraint(
                condition=Q(latitude__isnull=True, longitude__isnull=True)
                | Q(latitude__range=(-90, 90), longitude__range=(-180, 180)),
                name="place_on_earth",
            ),
            models.CheckConstraint(
                condition=Q(closed_on__isnull=True)
                | Q(founded_on__isnull=True)
                | Q(closed_on__gte=F("founded_on")),
                name="founded_before_closed",
            ),
            models.CheckConstraint(
                condition=Q(picture__isnull=True, picture_alt="")
                | (Q(picture__isnull=False) & ~Q(picture_alt="")),
                name="picture_has_words",
            ),
        ]

    def __str__(self) -> str:
        return str(self.name)

    def get_absolute_url(self) -> str:
        return reverse("institutions:page", args=[self.slug])

    @property
    def is_worker_coop(self) -> bool:
        return self.kind_id == Kind.WORKER_COOP


class Identifier(models.Model):
    """What a register calls it: an org-id.guide scheme and the id there, as GB-COH and 01234567."""

    institution = models.ForeignKey(
        Institution, on_delete=models.CASCADE, related_name="identifiers"
    )
    scheme = models.CharField(_("register"), max_length=40)
    value = models.CharField(_("number"), max_length=100)

    class Meta:
        ordering = ["scheme", "value"]
        constraints = [models.UniqueConstraint(fields=["scheme", "value"], name="one_identifier")]

    def __str__(self) -> str:
        return f"{self.scheme}-{self.value}"


class Certification(models.Model):
    """What somebody certifies an institution to be, and until when."""

    institution = models.ForeignKey(
        Institution, on_delete=models.CASCADE, related_name="certifications"
    )
    name = models.CharField(_("certified as"), max_length=120)
    issuer = models.CharField(_("by whom"), max_length=200)
    issued_on = models.DateField(_("on"), null=True, blank=True)
    expires_on = models.DateField(_("until"), null=True, blank=True)

    class Meta:
        ordering = ["name", "pk"]

    def __str__(self) -> str:
        return f"{self.name}, {self.issuer}"


class Role(models.TextChoices):
    STEWARD = "steward", _("Steward: looks after the page and speaks for it here")
    DELEGATE = "delegate", _("Delegate: speaks for it in meetings and proposals")
    MEMBER = "member", _("Member: belongs to it")


class MembershipQuerySet(models.QuerySet["Membership"]):
    def stewards(self) -> "MembershipQuerySet":
        """Those who look after a page today."""
        return self.filter(role=Role.STEWARD, until__isnull=True)

    def speakers(self) -> "MembershipQuerySet":
        """Those who speak for an institution today."""
        return self.filter(role__in=[Role.STEWARD, Role.DELEGATE], until__isnull=True)

    def to_accept(self) -> "MembershipQuerySet":
        """Those that a person was given and has not said yes to."""
        return self.filter(accepted_at__isnull=True, until__isnull=True)


class Membership(models.Model):
    """A person's role in an institution, from `since` until `until` (Popolo's membership).

    `accepted_at` is when the person said so too. A role that stewards gave counts from the start as
    far as it lets somebody act; nobody else learns of one that only they say.
    """

    institution = models.ForeignKey(
        Institution, on_delete=models.CASCADE, related_name="memberships"
    )
    person = models.ForeignKey(Person, on_delete=models.CASCADE, related_name="memberships")
    role = models.CharField(_("role"), max_length=10, choices=Role, default=Role.STEWARD)
    since = models.DateTimeField()
    until = models.DateTimeField(null=True)
    accepted_at = models.DateTimeField(null=True)

    objects = MembershipQuerySet.as_manager()

    class Meta:
        ordering = ["since", "pk"]
        constraints = [
            models.UniqueConstraint(
                fields=["institution", "person", "role"],
                condition=Q(until__isnull=True),
                name="one_role_at_a_time",
            )
        ]

    def __str__(self) -> str:
        return f"{self.person} for {self.institution}"


class Claim(models.Model):
    """A person who says that they belong to an institution, until somebody has answered.

    To a page nobody looks after they prove it by the code that went to its published e-mail address,
    of which only the hash is kept; or they ask a trusted federation (`asked_of`) to vouch for them. To
    a page that has stewards they ask these: `asked_of` is the institution itself. `note` is what they
    tell of themselves, and gone with the answer.
    """

    institution = models.ForeignKey(Institution, on_delete=models.CASCADE, related_name="claims")
    person = models.ForeignKey(Person, on_delete=models.CASCADE, related_name="claims")
    asked_at = models.DateTimeField()
    code_hash = models.CharField(max_length=64, blank=True)
    attempts = models.PositiveSmallIntegerField(default=0)
    asked_of = models.ForeignKey(
        Institution, null=True, on_delete=models.CASCADE, related_name="questions"
    )
    note = models.CharField(_("who you are there, and how they can check it"), max_length=500)
    proven_at = models.DateTimeField(null=True)
    vouched_by = models.ForeignKey(
        Institution, null=True, on_delete=models.SET_NULL, related_name="vouched"
    )
    answer = models.CharField(max_length=500, blank=True)
    settled_at = models.DateTimeField(null=True)
    granted = models.BooleanField(default=False)

    class Meta:
        ordering = ["asked_at", "pk"]
        indexes = [models.Index(fields=["person", "asked_at"])]
        constraints = [
            models.UniqueConstraint(
                fields=["institution", "person"],
                condition=Q(settled_at__isnull=True, asked_of__isnull=True),
                name="one_open_code",
            ),
            models.UniqueConstraint(
                fields=["institution", "person"],
                condition=Q(settled_at__isnull=True, asked_of__isnull=False),
                name="one_open_question",
            ),
            models.CheckConstraint(
                condition=Q(granted=False) | Q(settled_at__isnull=False),
                name="granted_is_settled",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.person} claims {self.institution}"

    @property
    def is_to_join(self) -> bool:
        """Whether it is the institution's own stewards who answer."""
        return self.asked_of_id == self.institution_id


class Followed(models.Model):
    """The address of a profile on another site, from which an institution's page is kept up to date.

    `contents` is what was read there and waits for a decision; `given` are the values it wrote, by
    field; it `made` the institution, or that one was here before. `error` is why it could not be read
    the last time, by its code. Whoever runs the site gave it where nobody is `by`.
    """

    url = models.URLField(_("address of the profile"), max_length=1000)
    by = models.ForeignKey(Person, on_delete=models.SET_NULL, null=True, related_name="followed")
    institution = models.ForeignKey(
        Institution, on_delete=models.CASCADE, null=True, related_name="followed"
    )
    made = models.BooleanField(default=False)
    asked_at = models.DateTimeField()
    next_at = models.DateTimeField(null=True)
    looked_at = models.DateTimeField(null=True)
    entered_at = models.DateTimeField(null=True)
    stopped_at = models.DateTimeField(null=True)
    etag = models.CharField(max_length=200, blank=True)
    modified = models.CharField(max_length=100, blank=True)
    failures = models.PositiveSmallIntegerField(default=0)
    error = models.JSONField(default=dict)
    contents = models.TextField(blank=True)
    given = models.JSONField(default=dict)

    class Meta:
        ordering = ["-asked_at", "-pk"]
        indexes = [
            models.Index(
                fields=["next_at"], condition=Q(next_at__isnull=False), name="followed_due"
            )
        ]
        constraints = [
            models.UniqueConstraint(
                fields=["url"], condition=Q(stopped_at__isnull=True), name="followed_once"
            ),
            models.UniqueConstraint(
                fields=["institution"],
                condition=Q(stopped_at__isnull=True, entered_at__isnull=False),
                name="one_profile_each",
            ),
        ]

    def __str__(self) -> str:
        return self.url

    def get_absolute_url(self) -> str:
        return reverse("institutions:followed", args=[self.pk])


class Outcome(models.TextChoices):
    """What becomes of a row of an imported list."""

    CREATED = "created", _("Entered")
    MATCHED = "matched", _("Already here, changed")
    UNCHANGED = "unchanged", _("Already here, nothing to change")
    DOUBTFUL = "doubtful", _("Doubtful")
    REFUSED = "refused", _("Left out")


class Import(models.Model):
    """A list of institutions: looked at, perhaps entered, perhaps undone.

    Anybody is `by` who looked at it; `entered_by` is whom the site trusts to. Neither is anybody where
    whoever runs the site entered it by the command line. `contents` is the file, from the look until it
    is entered; `notes` is what there is to say of its headings; `credit` is who made it, and its
    licence. The counts say what became of its rows, or would.
    """

    by = models.ForeignKey(
        Person, on_delete=models.SET_NULL, null=True, related_name="imported_lists"
    )
    entered_by = models.ForeignKey(Person, on_delete=models.SET_NULL, null=True, related_name="+")
    credit = models.CharField(max_length=300, blank=True)
    file_name = models.CharField(max_length=200)
    sha256 = models.CharField(max_length=64)
    contents = models.BinaryField(default=b"")
    kind = models.ForeignKey(Kind, on_delete=models.PROTECT)
    membership = models.CharField(max_length=8, blank=True, choices=membership_types)
    scheme = models.CharField(max_length=40, blank=True)
    notes = models.JSONField(default=list)
    looked_at = models.DateTimeField()
    entered_at = models.DateTimeField(null=True)
    undone_at = models.DateTimeField(null=True)
    created = models.PositiveIntegerField(default=0)
    matched = models.PositiveIntegerField(default=0)
    unchanged = models.PositiveIntegerField(default=0)
    doubtful = models.PositiveIntegerField(default=0)
    refused = models.PositiveIntegerField(default=0)

    class Meta:
        ordering = ["-looked_at", "-pk"]

    def __str__(self) -> str:
        return self.file_name

    def get_absolute_url(self) -> str:
        return reverse("institutions:import", args=[self.pk])


class ImportRow(models.Model):
    """What becomes of one row, and all that takes it back.

    `given` are the values it wrote and `former` those they replaced, by field; `numbers` the
    identifiers it added. `kept` are fields that stayed as the institution's own people wrote them.
    `faults` is why it was refused, is doubtful or stays when its list is undone; `notes` is what was
    tolerated in it. Both are kept by code (`remarks`).
    """

    entering = models.ForeignKey(Import, on_delete=models.CASCADE, related_name="rows")
    line = models.PositiveIntegerField()
    name = models.CharField(max_length=200, blank=True)
    fingerprint = models.CharField(max_length=32, blank=True, db_index=True)
    outcome = models.CharField(max_length=9, choices=Outcome)
    institution = models.ForeignKey(
        Institution, on_delete=models.SET_NULL, null=True, related_name="import_rows"
    )
    candidates = models.JSONField(default=list)
    given = models.JSONField(default=dict)
    former = models.JSONField(default=dict)
    numbers = models.JSONField(default=list)
    kept = models.JSONField(default=list)
    faults = models.JSONField(default=list)
    notes = models.JSONField(default=list)

    class Meta:
        ordering = ["line", "pk"]

    def __str__(self) -> str:
        return f"{self.line}: {self.name}"
