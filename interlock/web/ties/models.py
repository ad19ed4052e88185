"""A tie between two institutions: dated, typed, evidenced, and confirmed by both or not."""

from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _

from interlock.web.institutions.models import Institution


class Predicate(models.TextChoices):
    """What the subject of a tie does for, or is to, its object."""

    FUNDS = "funds", _("funds")
    BUYS_FROM = "buys_from", _("buys from")
    DELIVERS_FOR = "delivers_for", _("delivers for")
    SUPPLIES = "supplies", _("supplies")
    LENDS_TO = "lends_to", _("lends to")
    INCUBATES = "incubates", _("incubates")
    FEDERATED_IN = "federated_in", _("is federated in")
    ADVISES = "advises", _("advises or trains")
    HOSTS = "hosts", _("hosts")
    ADVOCATES_FOR = "advocates_for", _("advocates for")
    PARTNERS_WITH = "partners_with", _("partners with")
    SPUN_OFF_FROM = "spun_off_from", _("was spun off from")


class Tie(models.Model):
    """A relation between two institutions.

    It is confirmed when both sides have said so, each by its own people (`subject_said_at`,
    `object_said_at`); one that the platform itself saw (`witness` names the record) needs nobody's
    word. A side that disputes it says why. `said_by` is who entered it: one of the two, or a third
    institution, or nobody of the site where a file said so.
    """

    subject = models.ForeignKey(Institution, on_delete=models.PROTECT, related_name="ties_from")
    predicate = models.CharField(_("does what"), max_length=20, choices=Predicate)
    object = models.ForeignKey(Institution, on_delete=models.PROTECT, related_name="ties_to")
    since = models.DateField(_("since"), null=True, blank=True)
    until = models.DateField(_("until"), null=True, blank=True)
    amount = models.BigIntegerField(_("amount"), null=True, blank=True)
    currency = models.CharField(_("currency"), max_length=3, blank=True)
    evidence = models.URLField(_("evidence"), blank=True, max_length=500)
    note = models.CharField(_("in a sentence"), max_length=300, blank=True)
    witness = models.CharField(max_length=120, blank=True, editable=False)

    said_by = models.ForeignKey(
        Institution, null=True, on_delete=models.SET_NULL, related_name="ties_said"
    )
    said_at = models.DateTimeField()
    subject_said_at = models.DateTimeField(null=True)
    object_said_at = models.DateTimeField(null=True)
    disputed_by = models.ForeignKey(
        Institution, null=True, on_delete=models.SET_NULL, related_name="ties_disputed"
    )
    disputed_at = models.DateTimeField(null=True)
    dispute = models.CharField(max_length=500, blank=True)
    withdrawn_at = models.DateTimeField(null=True)

    class Meta:
        ordering = ["-said_at", "-pk"]
        constraints = [
            models.CheckConstraint(condition=~Q(subject=F("object")), name="tie_of_two"),
            models.CheckConstraint(
                condition=Q(amount__isnull=True) | Q(amount__gte=0) & ~Q(currency=""),
                name="tie_amount_has_currency",
            ),
            models.UniqueConstraint(
                fields=["subject", "predicate", "object"],
                condition=Q(withdrawn_at__isnull=True, since__isnull=True),
                name="one_undated_tie",
            ),
            models.UniqueConstraint(
                fields=["subject", "predicate", "object", "since"],
                condition=Q(withdrawn_at__isnull=True),
                name="one_tie_since",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.subject} {self.predicate} {self.object}"

    @property
    def is_confirmed(self) -> bool:
        both = self.subject_said_at is not None and self.object_said_at is not None
        return self.disputed_at is None and (bool(self.witness) or both)


class TieLink(models.Model):
    """A link, sent to an institution's published address, to answer a tie without an account."""

    tie = models.ForeignKey(Tie, on_delete=models.CASCADE, related_name="links")
    institution = models.ForeignKey(Institution, on_delete=models.CASCADE, related_name="+")
    token_hash = models.CharField(max_length=64, unique=True)
    sent_at = models.DateTimeField()
    expires_at = models.DateTimeField()
    used_at = models.DateTimeField(null=True)

    def __str__(self) -> str:
        return f"link for {self.institution} to {self.tie}"
