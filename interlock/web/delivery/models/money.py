"""From award to last payment. We keep records; no money moves through this site.

`Posting` is the one table of amounts: only ever added to, corrected by a posting of the opposite
amount. Triggers of the database add each to the sums of its delivery and agreement, whose
constraints refuse what would promise, accept or pay too much, whoever writes it and however many at
once.
"""

from django.db import models
from django.db.models import F, Q
from django.urls import reverse
from django.utils.translation import gettext_lazy as _
from i18nfield.fields import I18nCharField, I18nTextField

from interlock.web.budgets.models import Pot
from interlock.web.delivery.models.bids import Offer
from interlock.web.delivery.models.calls import Lot
from interlock.web.delivery.models.stories import Delivery
from interlock.web.files.models import Picture
from interlock.web.institutions.models import Institution
from interlock.web.people.models import Person


class AwardKind(models.TextChoices):
    """How it was decided who delivers."""

    CALL = "call", _("After a call")
    DIRECT = "direct", _("Direct award")
    GRANT = "grant", _("Grant")
    OWN = "own", _("By the responsible body itself")


class Award(models.Model):
    """Who delivers, for how much, and why. Only ever added to; an annulment stands beside it.

    One after a call is of an `offer`, at its price. `standstill_until` is when its agreement may be
    signed at the earliest.
    """

    delivery = models.ForeignKey(Delivery, on_delete=models.PROTECT, related_name="awards")
    kind = models.CharField(max_length=6, choices=AwardKind)
    offer = models.ForeignKey(Offer, null=True, on_delete=models.PROTECT, related_name="awards")
    value = models.BigIntegerField(_("value"))
    scope = I18nTextField(_("what for"), blank=True)
    reasons = I18nTextField(_("reasons"))
    awarded_at = models.DateTimeField()
    awarded_by = models.ForeignKey(Person, null=True, on_delete=models.SET_NULL, related_name="+")
    standstill_until = models.DateTimeField()

    class Meta:
        ordering = ["awarded_at", "pk"]
        constraints = [
            models.CheckConstraint(condition=Q(value__gt=0), name="award_is_worth_something"),
            models.CheckConstraint(
                condition=Q(kind="call", offer__isnull=False)
                | ~Q(kind="call") & Q(offer__isnull=True),
                name="award_after_a_call_has_an_offer",
            ),
        ]

    def __str__(self) -> str:
        return str(self.delivery)

    def get_absolute_url(self) -> str:
        return reverse("delivery:award", args=[self.pk])


class Supplier(models.Model):
    """An institution to which something was awarded; the lead comes first."""

    award = models.ForeignKey(Award, on_delete=models.PROTECT, related_name="suppliers")
    institution = models.ForeignKey(Institution, on_delete=models.PROTECT, related_name="awarded")
    position = models.PositiveSmallIntegerField()

    class Meta:
        ordering = ["position"]
        constraints = [
            models.UniqueConstraint(fields=["award", "institution"], name="one_part_in_an_award")
        ]

    def __str__(self) -> str:
        return f"{self.institution_id} in {self.award_id}"


class Annulment(models.Model):
    """An award that does not stand, and why; its value may be awarded again."""

    award = models.OneToOneField(Award, on_delete=models.PROTECT, related_name="annulment")
    reason = I18nTextField(_("reason"))
    at = models.DateTimeField()

    def __str__(self) -> str:
        return f"annulment of {self.award_id}"


class NoAward(models.Model):
    """A lot that nobody gets, and why."""

    lot = models.OneToOneField(Lot, on_delete=models.PROTECT, related_name="no_award")
    reason = I18nTextField(_("reason"))
    at = models.DateTimeField()

    def __str__(self) -> str:
        return f"no award of {self.lot_id}"


class Complaint(models.Model):
    """What an institution objects to in an award, and the answer, for all to read."""

    award = models.ForeignKey(Award, on_delete=models.PROTECT, related_name="complaints")
    by = models.ForeignKey(Institution, on_delete=models.PROTECT, related_name="+")
    text = models.TextField(_("complaint"), max_length=5_000)
    at = models.DateTimeField()
    answer = I18nTextField(_("answer"), blank=True)
    answered_at = models.DateTimeField(null=True)
    is_upheld = models.BooleanField(null=True)

    class Meta:
        ordering = ["at", "pk"]
        constraints = [
            models.UniqueConstraint(fields=["award", "by"], name="one_complaint_a_side"),
            models.CheckConstraint(
                condition=Q(answered_at__isnull=True, is_upheld__isnull=True)
                | Q(answered_at__isnull=False, is_upheld__isnull=False) & ~Q(answer=""),
                name="complaint_is_answered_with_reasons",
            ),
        ]

    def __str__(self) -> str:
        return f"complaint about {self.award_id}"


class Agreement(models.Model):
    """What was agreed with whom an award went to. Its terms are those of its version in force.

    `value`, `advance` and `retainage` (hundredths of a per cent of what is accepted, held back until
    `released_at`) are copied from that version by the database; `accepted` and `paid` are sums of
    postings. What is paid never exceeds what was accepted, less what is held back, or the advance
    as far as work has not earned it yet.
    """

    award = models.OneToOneField(Award, on_delete=models.PROTECT, related_name="agreement")
    payer = models.ForeignKey(Institution, on_delete=models.PROTECT, related_name="pays_for")
    drafted_at = models.DateTimeField()
    signed_at = models.DateTimeField(null=True)
    released_at = models.DateTimeField(null=True)
    ended_at = models.DateTimeField(null=True)
    value = models.BigIntegerField(default=0, editable=False)
    advance = models.BigIntegerField(default=0, editable=False)
    retainage = models.PositiveIntegerField(default=0, editable=False)
    accepted = models.BigIntegerField(default=0, editable=False)
    approved = models.BigIntegerField(default=0, editable=False)
    paid = models.BigIntegerField(default=0, editable=False)

    class Meta:
        ordering = ["pk"]
        constraints = [
            models.CheckConstraint(
                condition=Q(accepted__gte=0) & Q(accepted__lte=F("value")),
                name="accepted_within_the_agreement",
            ),
            models.CheckConstraint(
                condition=Q(paid__gte=0) & Q(paid__lte=F("approved")),
                name="paid_only_what_was_approved",
            ),
            models.CheckConstraint(
                condition=Q(approved__lte=F("advance"))
                | Q(approved__lte=F("accepted") - F("accepted") * F("retainage") / 10_000)
                | Q(released_at__isnull=False, approved__lte=F("accepted")),
                name="paid_only_what_was_earned_or_advanced",
            ),
            models.CheckConstraint(
                condition=Q(advance__gte=0, advance__lte=F("value"), retainage__lte=10_000),
                name="advance_within_the_agreement",
            ),
        ]

    def __str__(self) -> str:
        return str(self.award.delivery)

    def get_absolute_url(self) -> str:
        return reverse("delivery:agreement", args=[self.pk])

    @property
    def held_back(self) -> int:
        """What is kept until the end, in minor units."""
        return 0 if self.released_at else self.accepted * self.retainage // 10_000

    @property
    def payable(self) -> int:
        """How much more may be approved for payment today."""
        earned = self.accepted - self.held_back
        return (earned if self.ended_at else max(self.advance, earned)) - self.approved


class Version(models.Model):
    """The terms of an agreement; a change order is the next one, never an edit.

    It is in force once both sides have signed it, and the sum of its milestones is its value: the
    database refuses it otherwise.
    """

    agreement = models.ForeignKey(Agreement, on_delete=models.PROTECT, related_name="versions")
    number = models.PositiveSmallIntegerField()
    value = models.BigIntegerField(_("value"))
    advance = models.BigIntegerField(_("advance payment"), default=0)
    retainage = models.PositiveIntegerField(_("held back until the end"), default=0)
    reason = I18nTextField(_("reason for the change"), blank=True)
    drafted_at = models.DateTimeField()
    payer_signed_at = models.DateTimeField(null=True)
    deliverer_signed_at = models.DateTimeField(null=True)
    in_force_at = models.DateTimeField(null=True)
    dropped_at = models.DateTimeField(null=True)
    milestones_sum = models.BigIntegerField(default=0, editable=False)

    class Meta:
        ordering = ["number"]
        constraints = [
            models.UniqueConstraint(fields=["agreement", "number"], name="one_terms_a_number"),
            models.UniqueConstraint(
                fields=["agreement"],
                condition=Q(in_force_at__isnull=True, dropped_at__isnull=True),
                name="one_version_waits",
            ),
            models.CheckConstraint(condition=Q(value__gt=0), name="version_is_worth_something"),
            models.CheckConstraint(
                condition=Q(in_force_at__isnull=True)
                | Q(
                    milestones_sum=F("value"),
                    payer_signed_at__isnull=False,
                    deliverer_signed_at__isnull=False,
                    dropped_at__isnull=True,
                ),
                name="milestones_sum_to_the_agreement",
            ),
            models.CheckConstraint(
                condition=Q(number=1) | ~Q(reason=""), name="change_order_has_a_reason"
            ),
        ]

    def __str__(self) -> str:
        return f"version {self.number} of {self.agreement_id}"

    @property
    def share_held_back(self) -> float:
        """In per cent of what is accepted."""
        return self.retainage / 100


class Milestone(models.Model):
    """A part of a version that is accepted and paid by itself. Its `code` stays the same from one
    version to the next."""

    version = models.ForeignKey(Version, on_delete=models.PROTECT, related_name="milestones")
    code = models.CharField(max_length=8)
    position = models.PositiveSmallIntegerField()
    title = I18nCharField(_("what is done then"), max_length=200)
    due_on = models.DateField(_("by"))
    amount = models.BigIntegerField(_("amount"))

    class Meta:
        ordering = ["position"]
        constraints = [
            models.UniqueConstraint(fields=["version", "code"], name="one_milestone_a_code"),
            models.CheckConstraint(condition=Q(amount__gt=0), name="milestone_is_worth_something"),
        ]

    def __str__(self) -> str:
        return self.code


class Report(models.Model):
    """The deliverer says that a milestone is met, or how far it is."""

    agreement = models.ForeignKey(Agreement, on_delete=models.PROTECT, related_name="reports")
    code = models.CharField(max_length=8)
    by = models.ForeignKey(Institution, on_delete=models.PROTECT, related_name="+")
    text = I18nTextField(_("what was done"))
    picture = models.ForeignKey(Picture, null=True, on_delete=models.PROTECT, related_name="+")
    picture_alt = I18nCharField(_("what the picture shows, in words"), max_length=300, blank=True)
    at = models.DateTimeField()

    class Meta:
        ordering = ["at", "pk"]

    def __str__(self) -> str:
        return f"report on {self.code}"


class Outcome(models.TextChoices):
    """What the responsible body says to a report; OCDS's words for a milestone."""

    MET = "met", _("Accepted")
    PARTIALLY_MET = "partiallyMet", _("Accepted in part")
    NOT_MET = "notMet", _("Rejected")


class Acceptance(models.Model):
    """The answer to a report: what of its milestone's amount is earned by it. Only added to."""

    report = models.OneToOneField(Report, on_delete=models.PROTECT, related_name="acceptance")
    outcome = models.CharField(max_length=12, choices=Outcome)
    amount = models.BigIntegerField(_("amount earned"), default=0)
    reason = I18nTextField(_("reason"), blank=True)
    at = models.DateTimeField()
    by = models.ForeignKey(Person, null=True, on_delete=models.SET_NULL, related_name="+")

    class Meta:
        ordering = ["at", "pk"]
        constraints = [
            models.CheckConstraint(
                condition=Q(outcome="met", amount__gt=0)
                | Q(outcome="partiallyMet", amount__gt=0) & ~Q(reason="")
                | Q(outcome="notMet", amount=0) & ~Q(reason=""),
                name="what_is_not_accepted_has_a_reason",
            )
        ]

    def __str__(self) -> str:
        return f"{self.outcome} on {self.report_id}"


class PaymentKind(models.TextChoices):
    """What is paid."""

    ADVANCE = "advance", _("Advance")
    MILESTONE = "milestone", _("For a milestone")
    RETAINAGE = "retainage", _("What was held back")


class Payment(models.Model):
    """A payment on record: planned → invoiced → approved → paid, each a day that is set once.

    Of a document only its SHA-256 is kept. One that was recorded by mistake is reversed: the record
    stays, and postings of the opposite amount stand beside it.
    """

    agreement = models.ForeignKey(Agreement, on_delete=models.PROTECT, related_name="payments")
    payee = models.ForeignKey(Institution, on_delete=models.PROTECT, related_name="payments")
    kind = models.CharField(max_length=9, choices=PaymentKind)
    code = models.CharField(max_length=8, blank=True)
    amount = models.BigIntegerField(_("amount"))
    planned_on = models.DateField(_("planned for"), null=True, blank=True)
    planned_at = models.DateTimeField()
    invoiced_at = models.DateTimeField(null=True)
    invoice_number = models.CharField(_("number of the invoice"), max_length=60, blank=True)
    invoice_sha256 = models.CharField(max_length=64, blank=True)
    approved_at = models.DateTimeField(null=True)
    approved_by = models.ForeignKey(Person, null=True, on_delete=models.SET_NULL, related_name="+")
    paid_on = models.DateField(_("paid on"), null=True, blank=True)
    paid_at = models.DateTimeField(null=True)
    proof_sha256 = models.CharField(max_length=64, blank=True)
    reversed_at = models.DateTimeField(null=True)
    reversed_for = models.CharField(_("why it is reversed"), max_length=500, blank=True)

    class Meta:
        ordering = ["pk"]
        constraints = [
            models.CheckConstraint(condition=Q(amount__gt=0), name="payment_is_of_something"),
            models.CheckConstraint(
                condition=Q(approved_at__isnull=True) | Q(invoiced_at__isnull=False),
                name="invoiced_before_approved",
            ),
            models.CheckConstraint(
                condition=Q(paid_at__isnull=True, paid_on__isnull=True)
                | Q(paid_at__isnull=False, paid_on__isnull=False, approved_at__isnull=False),
                name="approved_before_paid",
            ),
            models.CheckConstraint(
                condition=Q(reversed_at__isnull=True, reversed_for="")
                | Q(reversed_at__isnull=False) & ~Q(reversed_for=""),
                name="reversal_has_a_reason",
            ),
        ]

    def __str__(self) -> str:
        return str(self.agreement)

    def get_absolute_url(self) -> str:
        return reverse("delivery:payment", args=[self.pk])


class Receipt(models.Model):
    """The receiving side's own word: what it got, and when. It may differ; then both are shown."""

    payment = models.OneToOneField(Payment, on_delete=models.PROTECT, related_name="receipt")
    amount = models.BigIntegerField(_("amount received"))
    received_on = models.DateField(_("received on"))
    at = models.DateTimeField()
    by = models.ForeignKey(Person, null=True, on_delete=models.SET_NULL, related_name="+")

    class Meta:
        ordering = ["pk"]
        constraints = [models.CheckConstraint(condition=Q(amount__gte=0), name="receipt_is_real")]

    def __str__(self) -> str:
        return f"receipt of {self.payment_id}"

    @property
    def is_other(self) -> bool:
        """Whether it says another amount than who paid."""
        return self.amount != self.payment.amount


class PostingKind(models.TextChoices):
    """What an amount was."""

    AWARDED = "awarded", _("Awarded")
    RETURNED = "returned", _("Returned to the pot")
    ACCEPTED = "accepted", _("Accepted")
    APPROVED = "approved", _("Approved for payment")
    PAID = "paid", _("Paid")


class Posting(models.Model):
    """One amount, in minor units, positive, or negative where it takes another back (`reverses`)."""

    kind = models.CharField(max_length=8, choices=PostingKind)
    delivery = models.ForeignKey(Delivery, on_delete=models.PROTECT, related_name="postings")
    agreement = models.ForeignKey(
        Agreement, null=True, on_delete=models.PROTECT, related_name="postings"
    )
    award = models.ForeignKey(Award, null=True, on_delete=models.PROTECT, related_name="postings")
    pot = models.ForeignKey(Pot, null=True, on_delete=models.PROTECT, related_name="returns")
    payment = models.ForeignKey(
        Payment, null=True, on_delete=models.PROTECT, related_name="postings"
    )
    acceptance = models.ForeignKey(
        Acceptance, null=True, on_delete=models.PROTECT, related_name="postings"
    )
    reverses = models.OneToOneField(
        "self", null=True, on_delete=models.PROTECT, related_name="reversal"
    )
    amount = models.BigIntegerField()
    at = models.DateTimeField()

    class Meta:
        ordering = ["pk"]
        constraints = [
            models.CheckConstraint(condition=~Q(amount=0), name="posting_is_of_something"),
            models.CheckConstraint(
                condition=Q(kind="awarded", award__isnull=False)
                | Q(kind="returned", pot__isnull=False)
                | Q(kind="accepted", agreement__isnull=False)
                | Q(kind__in=["approved", "paid"], agreement__isnull=False, payment__isnull=False),
                name="posting_names_its_cause",
            ),
            # A change order may award less; all else is taken back by naming what it takes back.
            models.CheckConstraint(
                condition=Q(amount__gt=0) | Q(reverses__isnull=False) | Q(kind="awarded"),
                name="posting_takes_back_a_posting",
            ),
            models.UniqueConstraint(
                fields=["payment", "kind"],
                condition=Q(payment__isnull=False, reverses__isnull=True),
                name="payment_is_posted_once",
            ),
            models.UniqueConstraint(
                fields=["acceptance"],
                condition=Q(acceptance__isnull=False, reverses__isnull=True),
                name="acceptance_is_posted_once",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.amount} {self.kind}"
