"""A joint proposal: its parties, every version of its text, their signatures, what became of it."""

from django.db import models
from django.db.models import F, Q
from django.urls import reverse
from django.utils.translation import gettext_lazy as _
from i18nfield.fields import I18nCharField

from interlock.web.institutions.models import Institution
from interlock.web.people.models import Person


class State(models.TextChoices):
    """Where a joint proposal stands."""

    DRAFT = "draft", _("Draft")
    AGREED = "agreed", _("Agreed")
    IN_THE_WORKS = "in_the_works", _("In the works")
    DONE = "done", _("Done")
    GIVEN_UP = "given_up", _("Given up")
    ENDED = "ended", _("Ended: a party withdrew")


#: What one party may say of an agreed proposal. All else follows from signing and from leaving.
MOVES: dict[State, tuple[State, ...]] = {
    State.AGREED: (State.IN_THE_WORKS, State.DONE, State.GIVEN_UP),
    State.IN_THE_WORKS: (State.DONE, State.GIVEN_UP),
}
#: Where those who had agreed are partners no longer; of what is done they stay what it made them.
BROKEN_OFF = (State.GIVEN_UP, State.ENDED)
#: Where the parties are still bound to each other by it.
ALIVE = (State.DRAFT, State.AGREED, State.IN_THE_WORKS)


class Proposal(models.Model):
    """What two to six institutions write together, sign, and then do or do not do.

    Only its parties see it until all have signed; then everybody does, whatever becomes of it.
    `version` is the number of the text that holds, and `title` that text's. It is agreed if and only
    if every party signed that version.
    """

    way = models.SlugField(max_length=60, blank=True)
    title = I18nCharField(_("title"), max_length=200)
    version = models.PositiveIntegerField(default=0)
    state = models.CharField(max_length=12, choices=State, default=State.DRAFT)
    begun_at = models.DateTimeField()
    agreed_at = models.DateTimeField(null=True)

    class Meta:
        ordering = ["-agreed_at", "-pk"]
        indexes = [models.Index(fields=["way", "agreed_at"])]
        constraints = [
            models.CheckConstraint(
                condition=Q(state=State.DRAFT, agreed_at__isnull=True)
                | Q(state=State.GIVEN_UP)
                | ~Q(state=State.DRAFT) & Q(agreed_at__isnull=False),
                name="proposal_is_agreed_before_it_is_done",
            )
        ]

    def __str__(self) -> str:
        return str(self.title)

    def get_absolute_url(self) -> str:
        return reverse("ways:proposal", args=[self.pk])

    @property
    def is_draft(self) -> bool:
        return self.state == State.DRAFT

    @property
    def is_alive(self) -> bool:
        return self.state in ALIVE

    @property
    def is_synthetic(self) -> bool:
        """Whether one of `those` that the query found with it is made up; then the whole is."""
        return any(one.institution.is_synthetic for one in self.those)  # type: ignore[attr-defined]

    @property
    def moves(self) -> tuple[State, ...]:
        return MOVES.get(State(self.state), ())


class PartyQuerySet(models.QuerySet["Party"]):
    def taking_part(self) -> "PartyQuerySet":
        return self.filter(accepted_at__isnull=False, left_at=None)

    def bound(self) -> "PartyQuerySet":
        """Takes part, or did when it was agreed."""
        stayed = Q(left_at=None) | Q(left_at__gte=F("proposal__agreed_at"))
        return self.filter(stayed, accepted_at__isnull=False)

    def asked(self) -> "PartyQuerySet":
        """Invited, and has not answered."""
        return self.filter(accepted_at=None, declined_at=None, left_at=None)


class Party(models.Model):
    """An institution that was asked to take part in a proposal, and what it answered.

    `left_at` is also when an invitation was taken back. `reason` is what it said when it declined,
    left or withdrew.
    """

    proposal = models.ForeignKey(Proposal, on_delete=models.CASCADE, related_name="parties")
    institution = models.ForeignKey(
        Institution, on_delete=models.PROTECT, related_name="proposal_parts"
    )
    invited_by = models.ForeignKey(
        Institution, null=True, on_delete=models.PROTECT, related_name="proposal_invitations"
    )
    invited_at = models.DateTimeField()
    accepted_at = models.DateTimeField(null=True)
    declined_at = models.DateTimeField(null=True)
    left_at = models.DateTimeField(null=True)
    reason = models.CharField(max_length=500, blank=True)

    objects = PartyQuerySet.as_manager()

    class Meta:
        ordering = ["pk"]
        constraints = [
            models.UniqueConstraint(fields=["proposal", "institution"], name="one_part_each"),
            models.CheckConstraint(
                condition=Q(accepted_at__isnull=True) | Q(declined_at__isnull=True),
                name="party_accepts_or_declines",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.institution} in {self.proposal}"

    @property
    def takes_part(self) -> bool:
        return self.accepted_at is not None and self.left_at is None

    @property
    def is_asked(self) -> bool:
        return not (self.accepted_at or self.declined_at or self.left_at)


class Cause(models.TextChoices):
    """Why there is a new version. Who takes part is part of what is signed."""

    BEGUN = "begun", _("Begun")
    WRITTEN = "written", _("Written")
    JOINED = "joined", _("Takes part now")
    LEFT = "left", _("No longer takes part")


class Version(models.Model):
    """The text as it stood once. None is ever changed or lost.

    `document` is what is signed, to the letter: the text in all its languages and who takes part;
    `fingerprint` is its SHA-256. Who wrote it is told by institution; the person only to their own.
    """

    proposal = models.ForeignKey(Proposal, on_delete=models.CASCADE, related_name="versions")
    number = models.PositiveIntegerField()
    cause = models.CharField(max_length=8, choices=Cause)
    title = I18nCharField(max_length=200)
    sections = models.JSONField(default=list)
    document = models.TextField()
    fingerprint = models.CharField(max_length=64)
    note = models.CharField(_("what you changed, in a sentence"), max_length=200, blank=True)
    institution = models.ForeignKey(Institution, on_delete=models.PROTECT, related_name="+")
    person = models.ForeignKey(Person, null=True, on_delete=models.SET_NULL, related_name="+")
    made_at = models.DateTimeField()

    class Meta:
        ordering = ["-number"]
        constraints = [
            models.UniqueConstraint(fields=["proposal", "number"], name="one_version_a_number")
        ]

    def __str__(self) -> str:
        return f"{self.proposal}, version {self.number}"


class Signature(models.Model):
    """A party's yes to one version, to the letter; void as soon as there is a later one."""

    party = models.ForeignKey(Party, on_delete=models.CASCADE, related_name="signatures")
    version = models.ForeignKey(Version, on_delete=models.CASCADE, related_name="signatures")
    fingerprint = models.CharField(max_length=64)
    person = models.ForeignKey(Person, null=True, on_delete=models.SET_NULL, related_name="+")
    signed_at = models.DateTimeField()

    class Meta:
        ordering = ["signed_at", "pk"]
        constraints = [
            models.UniqueConstraint(fields=["party", "version"], name="one_signature_each")
        ]

    def __str__(self) -> str:
        return f"{self.party}, signed"


class Message(models.Model):
    """What a party says to the others; nobody else sees it, before or after it is agreed."""

    proposal = models.ForeignKey(Proposal, on_delete=models.CASCADE, related_name="messages")
    institution = models.ForeignKey(Institution, on_delete=models.PROTECT, related_name="+")
    person = models.ForeignKey(Person, null=True, on_delete=models.SET_NULL, related_name="+")
    text = models.TextField()
    written_at = models.DateTimeField()

    class Meta:
        ordering = ["-pk"]

    def __str__(self) -> str:
        return f"{self.institution}, {self.written_at}"


class Step(models.Model):
    """What became of an agreed proposal, in a sentence by one of its parties."""

    proposal = models.ForeignKey(Proposal, on_delete=models.CASCADE, related_name="steps")
    state = models.CharField(max_length=12, choices=State)
    sentence = models.CharField(_("in a sentence"), max_length=500)
    institution = models.ForeignKey(Institution, on_delete=models.PROTECT, related_name="+")
    person = models.ForeignKey(Person, null=True, on_delete=models.SET_NULL, related_name="+")
    at = models.DateTimeField()

    class Meta:
        ordering = ["pk"]

    def __str__(self) -> str:
        return f"{self.proposal}: {self.state}"
