"""A tie between two institutions: dated, typed, evidenced, and confirmed by both or not."""

import hashlib
import json
from datetime import datetime

from django.db import models
from django.db.models import F, Q
from django.urls import reverse
from django.utils.functional import Promise
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from interlock.web.institutions.models import Institution
from interlock.web.people.models import Person

LONGEST_REASON = 500


class Predicate(models.TextChoices):
    """What the subject of a tie does for, or is to, its object."""

    FUNDS = "funds", gettext_lazy("funds")
    BUYS_FROM = "buys_from", gettext_lazy("buys from")
    DELIVERS_FOR = "delivers_for", gettext_lazy("delivers for")
    SUPPLIES = "supplies", gettext_lazy("supplies")
    LENDS_TO = "lends_to", gettext_lazy("lends to")
    INCUBATES = "incubates", gettext_lazy("incubates")
    FEDERATED_IN = "federated_in", gettext_lazy("is federated in")
    ADVISES = "advises", gettext_lazy("advises or trains")
    HOSTS = "hosts", gettext_lazy("hosts")
    ADVOCATES_FOR = "advocates_for", gettext_lazy("advocates for")
    PARTNERS_WITH = "partners_with", gettext_lazy("partners with")
    SPUN_OFF_FROM = "spun_off_from", gettext_lazy("was spun off from")
    BIDS_TO = "bids_to", gettext_lazy("bids to")

    @property
    def inverse(self) -> Promise:
        """The same, read from the object's side."""
        return INVERSES[self]

    @property
    def meaning(self) -> Promise:
        return MEANINGS[self]

    @property
    def is_mutual(self) -> bool:
        """Whether it says the same of both, so that there is one tie of two and not two of them."""
        return self == Predicate.PARTNERS_WITH


INVERSES: dict[str, Promise] = {
    Predicate.FUNDS: gettext_lazy("is funded by"),
    Predicate.BUYS_FROM: gettext_lazy("sells to"),
    Predicate.DELIVERS_FOR: gettext_lazy("has as delivery partner"),
    Predicate.SUPPLIES: gettext_lazy("is supplied by"),
    Predicate.LENDS_TO: gettext_lazy("borrows from"),
    Predicate.INCUBATES: gettext_lazy("is incubated by"),
    Predicate.FEDERATED_IN: gettext_lazy("has as member"),
    Predicate.ADVISES: gettext_lazy("is advised or trained by"),
    Predicate.HOSTS: gettext_lazy("is hosted by"),
    Predicate.ADVOCATES_FOR: gettext_lazy("has as advocate"),
    Predicate.PARTNERS_WITH: gettext_lazy("partners with"),
    Predicate.SPUN_OFF_FROM: gettext_lazy("gave rise to"),
    Predicate.BIDS_TO: gettext_lazy("has bids from"),
}


MEANINGS: dict[str, Promise] = {
    Predicate.FUNDS: gettext_lazy(
        "It gives it money that need not be paid back: a grant, a budget."
    ),
    Predicate.BUYS_FROM: gettext_lazy("It pays it for goods or services."),
    Predicate.DELIVERS_FOR: gettext_lazy(
        "It carries out what the other has to deliver, such as a project that residents chose."
    ),
    Predicate.SUPPLIES: gettext_lazy("It provides it with goods or services, for money or not."),
    Predicate.LENDS_TO: gettext_lazy("It gives it money that is paid back: a loan, a guarantee."),
    Predicate.INCUBATES: gettext_lazy(
        "It helps it to begin: courses, space, accounts, a first loan."
    ),
    Predicate.FEDERATED_IN: gettext_lazy("It is a member of it: a federation, an association."),
    Predicate.ADVISES: gettext_lazy("It teaches it or its people, or gives it advice."),
    Predicate.HOSTS: gettext_lazy("It gives it a place: rooms, land, servers, a legal home."),
    Predicate.ADVOCATES_FOR: gettext_lazy("It speaks up for it in public, or campaigns for it."),
    Predicate.PARTNERS_WITH: gettext_lazy("They do something together as equals."),
    Predicate.SPUN_OFF_FROM: gettext_lazy("It was a part of the other, and stands on its own now."),
    Predicate.BIDS_TO: gettext_lazy("It offers to do what the other calls for, for a price."),
}


class Standing(models.TextChoices):
    """How much a tie is worth: whose word it has."""

    SAID = "said", gettext_lazy("Not confirmed yet")
    CONFIRMED = "confirmed", gettext_lazy("Confirmed by both")
    DISPUTED = "disputed", gettext_lazy("Disputed")
    WITNESSED = "witnessed", gettext_lazy("Witnessed by this site")


class Terms(models.Model):
    """What is said of a tie beyond who does what for whom. A word for a tie is a word for these."""

    since = models.DateField(gettext_lazy("since"), null=True, blank=True)
    until = models.DateField(gettext_lazy("until"), null=True, blank=True)
    amount = models.BigIntegerField(gettext_lazy("amount"), null=True, blank=True)
    currency = models.CharField(gettext_lazy("currency"), max_length=3, blank=True)
    evidence = models.URLField(gettext_lazy("evidence"), blank=True, max_length=500)
    note = models.CharField(gettext_lazy("in a sentence"), max_length=300, blank=True)

    class Meta:
        abstract = True
        constraints = [
            models.CheckConstraint(
                condition=Q(amount__isnull=True) | Q(amount__gte=0) & ~Q(currency=""),
                name="%(class)s_amount_has_currency",
            ),
            models.CheckConstraint(
                condition=Q(since__isnull=True) | Q(until__isnull=True) | Q(until__gte=F("since")),
                name="%(class)s_begins_before_it_ends",
            ),
        ]

    @property
    def terms(self) -> dict[str, object]:
        return {name: getattr(self, name) for name in TERMS}

    @property
    def fingerprint(self) -> str:
        """What a reader has read: a word is given to these terms, not to those that came later."""
        said = json.dumps(self.terms, default=str, sort_keys=True)
        return hashlib.sha256(said.encode()).hexdigest()[:16]


TERMS = ("since", "until", "amount", "currency", "evidence", "note")


class Tie(Terms):
    """A relation between two institutions.

    It is confirmed when both sides have said so, each by its own people (`subject_said_at`,
    `object_said_at`); one that the platform itself saw (`witness` names the record) needs nobody's
    word, and stands beside what people say of the same two. A side that disputes it says why. When
    both dispute it, it is withdrawn. `said_by` is whose word it stands on: one of the two, or a
    third institution, or nobody of the site where a file or a survey said so.
    """

    subject = models.ForeignKey(Institution, on_delete=models.PROTECT, related_name="ties_from")
    predicate = models.CharField(gettext_lazy("does what"), max_length=20, choices=Predicate)
    object = models.ForeignKey(Institution, on_delete=models.PROTECT, related_name="ties_to")
    witness = models.CharField(max_length=120, blank=True, editable=False)

    said_by = models.ForeignKey(
        Institution, null=True, on_delete=models.PROTECT, related_name="ties_said"
    )
    said_at = models.DateTimeField()
    subject_said_at = models.DateTimeField(null=True)
    object_said_at = models.DateTimeField(null=True)
    disputed_by = models.ForeignKey(
        Institution, null=True, on_delete=models.PROTECT, related_name="ties_disputed"
    )
    disputed_at = models.DateTimeField(null=True)
    dispute = models.CharField(max_length=LONGEST_REASON, blank=True)
    withdrawn_at = models.DateTimeField(null=True)

    class Meta:
        ordering = ["-said_at", "-pk"]
        constraints = [
            *Terms.Meta.constraints,
            models.CheckConstraint(condition=~Q(subject=F("object")), name="tie_of_two"),
            models.CheckConstraint(
                condition=~Q(predicate="partners_with") | Q(subject__lt=F("object")),
                name="mutual_tie_in_one_order",
            ),
            models.CheckConstraint(
                condition=Q(disputed_by__isnull=True, disputed_at__isnull=True)
                | Q(disputed_by__isnull=False, disputed_at__isnull=False),
                name="dispute_says_by_whom",
            ),
            models.UniqueConstraint(
                fields=["subject", "predicate", "object", "witness"],
                condition=Q(withdrawn_at__isnull=True, since__isnull=True),
                name="one_undated_tie",
            ),
            models.UniqueConstraint(
                fields=["subject", "predicate", "object", "witness", "since"],
                condition=Q(withdrawn_at__isnull=True, since__isnull=False),
                name="one_tie_since",
            ),
        ]

    def __str__(self) -> str:
        """The tie as a sentence, in the reader's language."""
        told = {"subject": self.subject, "does": self.does, "object": self.object}
        return _("%(subject)s %(does)s %(object)s") % told

    def get_absolute_url(self) -> str:
        return reverse("ties:tie", args=[self.pk])

    @property
    def does(self) -> str:
        return str(Predicate(self.predicate).label)

    @property
    def is_synthetic(self) -> bool:
        """A tie with what is made up is made up. Needs the institutions selected."""
        return self.subject.is_synthetic or self.object.is_synthetic

    @property
    def is_confirmed(self) -> bool:
        """Both sides said so and neither disputes it, or the site saw it."""
        return self.standing in (Standing.CONFIRMED, Standing.WITNESSED)

    @property
    def standing(self) -> Standing:
        if self.witness:
            return Standing.WITNESSED
        if self.disputed_at:
            return Standing.DISPUTED
        if self.subject_said_at and self.object_said_at:
            return Standing.CONFIRMED
        return Standing.SAID

    @property
    def state(self) -> str:
        """How it stands, in words: who said it, who disputes it. Needs the institutions selected."""
        if self.standing == Standing.DISPUTED:
            return _("Disputed by %(name)s") % {"name": self.disputed_by}
        if self.standing != Standing.SAID:
            return str(self.standing.label)
        silent = self.silent
        if len(silent) == 1:
            (other,) = silent
            told = {"name": self.other(other), "other": other}
            return _("Said by %(name)s, not confirmed by %(other)s yet") % told
        if self.said_by:
            return _("Said by %(name)s, confirmed by neither of the two yet") % {
                "name": self.said_by
            }
        return _("From a list or a survey, confirmed by neither of the two yet")

    @property
    def sides(self) -> tuple[Institution, Institution]:
        return self.subject, self.object

    @property
    def silent(self) -> list[Institution]:
        """The sides that have not said so."""
        return [one for one in self.sides if not self.said_at_by(one)]

    def other(self, side: Institution) -> Institution:
        return self.object if side.pk == self.subject_id else self.subject

    def is_side(self, institution: Institution) -> bool:
        return institution.pk in (self.subject_id, self.object_id)

    def said_at_by(self, side: Institution) -> datetime | None:
        """When a side gave its word, if it did."""
        return self.subject_said_at if side.pk == self.subject_id else self.object_said_at

    def speak(self, side: Institution, at: datetime | None) -> None:
        """Note a side's word, or take it off."""
        setattr(self, "subject_said_at" if side.pk == self.subject_id else "object_said_at", at)


class Change(Terms):
    """Other terms for a tie, said by one side and not agreed to by the other yet.

    A tie that both confirmed never shows what only one of them says: the new terms wait here.
    """

    tie = models.OneToOneField(Tie, on_delete=models.CASCADE, related_name="change")
    said_by = models.ForeignKey(Institution, on_delete=models.PROTECT, related_name="+")
    said_at = models.DateTimeField()

    def __str__(self) -> str:
        return f"change of {self.tie}"


class Act(models.TextChoices):
    """What somebody did about a tie."""

    SAID = "said", gettext_lazy("said so")
    CONFIRMED = "confirmed", gettext_lazy("confirmed it")
    DISPUTED = "disputed", gettext_lazy("disputed it")
    WITHDREW = "withdrew", gettext_lazy("took its word back")
    CHANGED = "changed", gettext_lazy("changed what it says")
    PROPOSED = "proposed", gettext_lazy("proposed a change")
    AGREED = "agreed", gettext_lazy("agreed to the change")
    DECLINED = "declined", gettext_lazy("did not agree to the change")
    DROPPED = "dropped", gettext_lazy("took the change back")
    ASKED = "asked", gettext_lazy("was asked by e-mail")


class Word(models.Model):
    """One step in the story of a tie: which institution did what, and when.

    `person` is who spoke for it, kept for the limits of a day and shown to nobody. One given by a
    link in a mail (`by_mail`) has none. `terms` are those it was about, field by field.
    """

    tie = models.ForeignKey(Tie, on_delete=models.CASCADE, related_name="words")
    act = models.CharField(max_length=9, choices=Act)
    institution = models.ForeignKey(Institution, on_delete=models.PROTECT, related_name="+")
    person = models.ForeignKey(Person, null=True, on_delete=models.SET_NULL, related_name="+")
    by_mail = models.BooleanField(default=False)
    at = models.DateTimeField()
    reason = models.CharField(max_length=LONGEST_REASON, blank=True)
    terms = models.JSONField(default=dict)

    class Meta:
        ordering = ["at", "pk"]
        indexes = [
            models.Index(fields=["person", "at"]),
            models.Index(fields=["institution", "act", "at"]),
        ]

    def __str__(self) -> str:
        return f"{self.institution} {self.act}"


class TieLink(models.Model):
    """A link, sent to an institution's published address, to answer a tie without an account.

    Only hashes are kept, of the link and of the address: one that went to an address the page no
    longer shows answers nothing.
    """

    tie = models.ForeignKey(Tie, on_delete=models.CASCADE, related_name="links")
    institution = models.ForeignKey(Institution, on_delete=models.PROTECT, related_name="+")
    token_hash = models.CharField(max_length=64, unique=True)
    address_hash = models.CharField(max_length=64)
    sent_at = models.DateTimeField()
    expires_at = models.DateTimeField()
    used_at = models.DateTimeField(null=True)

    def __str__(self) -> str:
        return f"link for {self.institution} to {self.tie}"


class NoMail(models.Model):
    """An address whose owner wants no mail about ties. Only its hash is kept."""

    address_hash = models.CharField(max_length=64, unique=True)
    said_at = models.DateTimeField()

    def __str__(self) -> str:
        return self.address_hash
