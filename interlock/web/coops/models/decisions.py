"""A question put to the members under a bylaw rule, who may answer it, and what they answered."""

import uuid

from django.db import models
from django.db.models import Q
from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from interlock.web.coops.models.members import Bylaws, Coop, Member
from interlock.web.people.models import Person
from interlock.web.voting.models import Box


class DecisionForm(models.TextChoices):
    PROPOSAL = "proposal", _("Proposal: yes, no, abstain")
    CONSENT = "consent", _("Consent: yes, stand aside, or an objection with its reason")
    ELECTION = "election", _("Election of people")


class DecisionStage(models.TextChoices):
    """Follows from what has happened, as in a process."""

    DRAFT = "draft", _("Being written")
    ANNOUNCED = "announced", _("Announced")
    OPEN = "open", _("Open for votes")
    DECIDED = "decided", _("Decided")
    CANCELLED = "cancelled", _("Cancelled")


class Decision(models.Model):
    """One decision. `rule` is the rule as it was when announced (`methods.deciding.Rule` as data).

    `kind` is the bylaws' own word (ordinary, expulsion, bylaws …); where it is about a member,
    `subject` says whom. A secret one has a ballot box, and what each chose is nowhere; the votes of
    others are rows of `Vote`, or `hands`: what was counted at a meeting. `outcome` is the arithmetic as
    the library told it. Once decided nothing of it changes; minutes are a row of their own.
    """

    ref = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    coop = models.ForeignKey(Coop, on_delete=models.PROTECT, related_name="decisions")
    number = models.PositiveIntegerField(null=True)
    kind = models.CharField(_("kind"), max_length=20)
    form = models.CharField(_("form"), max_length=10, choices=DecisionForm)
    title = models.CharField(_("title"), max_length=200)
    text = models.TextField(_("what is put to the members"), blank=True)
    subject = models.ForeignKey(
        Member, null=True, blank=True, on_delete=models.PROTECT, related_name="+"
    )
    bylaws = models.ForeignKey(Bylaws, on_delete=models.PROTECT, related_name="decisions")
    rule = models.JSONField(default=dict)
    method = models.CharField(_("how votes are counted"), max_length=12, blank=True)
    seats = models.PositiveSmallIntegerField(_("seats"), default=1)
    is_secret = models.BooleanField(_("secret"), default=False)
    meets_at = models.DateTimeField(_("meeting"), null=True, blank=True)
    place = models.CharField(_("where"), max_length=200, blank=True)
    record_on = models.DateField(_("record date"), null=True)
    opens_at = models.DateTimeField(_("votes from"), null=True)
    closes_at = models.DateTimeField(_("votes until"), null=True)
    box = models.OneToOneField(
        Box, null=True, on_delete=models.PROTECT, related_name="coop_decision"
    )
    hands = models.JSONField(null=True)
    #: Drawn at the announcement; of equal candidates it decides who comes first.
    seed = models.CharField(max_length=32, blank=True)

    proposed_by = models.ForeignKey(
        Member, null=True, on_delete=models.PROTECT, related_name="proposed"
    )
    drafted_at = models.DateTimeField()
    #: A member initiative: so many signatures force the ballot.
    is_initiative = models.BooleanField(default=False)
    announced_at = models.DateTimeField(null=True)
    opened_at = models.DateTimeField(null=True)
    reminded_at = models.DateTimeField(null=True)
    decided_at = models.DateTimeField(null=True)
    cancelled_at = models.DateTimeField(null=True)
    cancelled_for = models.CharField(max_length=300, blank=True)
    outcome = models.JSONField(null=True)
    is_carried = models.BooleanField(null=True)

    class Meta:
        ordering = ["-drafted_at"]
        constraints = [
            models.UniqueConstraint(fields=["coop", "number"], name="one_decision_a_number"),
            models.CheckConstraint(
                condition=Q(decided_at__isnull=True) | Q(opened_at__isnull=False),
                name="decision_opens_before_it_is_decided",
            ),
            models.CheckConstraint(
                condition=Q(opened_at__isnull=True) | Q(announced_at__isnull=False),
                name="decision_is_announced_before_it_opens",
            ),
        ]

    def __str__(self) -> str:
        return self.title

    def get_absolute_url(self) -> str:
        return reverse("coops:decision", args=[self.coop.institution.slug, self.pk])

    @property
    def stage(self) -> DecisionStage:
        if self.cancelled_at:
            return DecisionStage.CANCELLED
        if self.decided_at:
            return DecisionStage.DECIDED
        if self.opened_at:
            return DecisionStage.OPEN
        return DecisionStage.ANNOUNCED if self.announced_at else DecisionStage.DRAFT


class Option(models.Model):
    """Who stands for election, or what may be chosen."""

    decision = models.ForeignKey(Decision, on_delete=models.CASCADE, related_name="options")
    position = models.PositiveSmallIntegerField()
    name = models.CharField(_("name"), max_length=120)
    statement = models.TextField(_("in their own words"), blank=True)
    member = models.ForeignKey(
        Member, null=True, blank=True, on_delete=models.PROTECT, related_name="+"
    )
    withdrawn_at = models.DateTimeField(null=True)

    class Meta:
        ordering = ["position"]
        constraints = [
            models.UniqueConstraint(fields=["decision", "position"], name="one_option_a_place")
        ]

    def __str__(self) -> str:
        return self.name


class Elector(models.Model):
    """Somebody entitled to decide, as the register was at the record date. Who, never changes afterwards.

    `came_at` and `left_at` are a meeting's. `took_part` is marked for all at once at the close; of a
    secret ballot it says who voted, never what, and of one of fewer than three not even that.
    """

    decision = models.ForeignKey(Decision, on_delete=models.CASCADE, related_name="electors")
    member = models.ForeignKey(Member, on_delete=models.PROTECT, related_name="+")
    number = models.PositiveIntegerField()
    came_at = models.DateTimeField(null=True)
    left_at = models.DateTimeField(null=True)
    took_part = models.BooleanField(default=False)

    class Meta:
        ordering = ["number"]
        constraints = [
            models.UniqueConstraint(fields=["decision", "member"], name="elector_once"),
            models.UniqueConstraint(fields=["decision", "number"], name="elector_a_number"),
            models.CheckConstraint(
                condition=Q(left_at__isnull=True) | Q(came_at__isnull=False),
                name="elector_came_before_leaving",
            ),
        ]

    def __str__(self) -> str:
        return str(self.member)


class Choice(models.TextChoices):
    """What one answers. An objection is a no with a reason; who stands aside abstains with a reason."""

    YES = "yes", _("Yes")
    NO = "no", _("No")
    ABSTAIN = "abstain", _("Abstain")
    BLANK = "blank", _("Blank")
    STAND_ASIDE = "stand_aside", _("Stand aside")
    OBJECT = "object", _("Object")


class Vote(models.Model):
    """An open vote: a `choice`, or in an election `ranks`, the places of the options, the first first.

    `entered_at` is when it was written down for somebody at a meeting; of one's own answer it is empty.
    """

    elector = models.OneToOneField(Elector, on_delete=models.PROTECT, related_name="vote")
    choice = models.CharField(max_length=12, choices=Choice, blank=True)
    ranks = models.JSONField(default=list)
    at = models.DateTimeField()
    entered_at = models.DateTimeField(null=True)

    def __str__(self) -> str:
        return self.choice or str(self.ranks)


class Objection(models.Model):
    """Why somebody cannot consent. It stands until whoever raised it withdraws it.

    `resolution` is how the secretary says that it was resolved: words for the minutes, and no more.
    """

    decision = models.ForeignKey(Decision, on_delete=models.CASCADE, related_name="objections")
    member = models.ForeignKey(Member, on_delete=models.PROTECT, related_name="+")
    text = models.TextField(_("objection"))
    at = models.DateTimeField()
    withdrawn_at = models.DateTimeField(null=True)
    resolution = models.TextField(_("how it was resolved"), blank=True)

    class Meta:
        ordering = ["at", "pk"]

    def __str__(self) -> str:
        return self.text[:60]


class Wish(models.TextChoices):
    BALLOT = "ballot", _("that it is put to all members")
    OTHERWISE = "otherwise", _("that it is decided by the other rule")


class Signature(models.Model):
    """A member who wants a draft to be put to all of them, or the bylaws' other rule to decide."""

    decision = models.ForeignKey(Decision, on_delete=models.CASCADE, related_name="signatures")
    member = models.ForeignKey(Member, on_delete=models.PROTECT, related_name="+")
    wish = models.CharField(max_length=10, choices=Wish, default=Wish.BALLOT)
    at = models.DateTimeField()

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["decision", "member", "wish"], name="one_signature_a_member"
            )
        ]

    def __str__(self) -> str:
        return str(self.member)


class Minutes(models.Model):
    """What was said, and the record as it was signed: `body` as data, `sha256` of it. Signed, it stays."""

    decision = models.OneToOneField(Decision, on_delete=models.CASCADE, related_name="minutes")
    text = models.TextField(_("minutes"))
    written_at = models.DateTimeField()
    body = models.JSONField(null=True)
    sha256 = models.CharField(max_length=64, blank=True)
    signed_at = models.DateTimeField(null=True)
    signed_by = models.ForeignKey(Person, null=True, on_delete=models.SET_NULL, related_name="+")
    signed_name = models.CharField(_("name, as a signature"), max_length=120, blank=True)

    class Meta:
        verbose_name_plural = "minutes"

    def __str__(self) -> str:
        return f"minutes of {self.decision_id}"
