"""A bid: sealed until the call is closed and opened, then offers anybody can compare."""

import uuid

from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from interlock.web.delivery.models.calls import Call, Lot
from interlock.web.institutions.models import Institution
from interlock.web.people.models import Person


class Bid(models.Model):
    """What one institution, alone or with partners, answers to a call.

    `draft` is sealed to the site's own key, so that who prepares it can go on; `sealed` to the
    call's, and `digest` is the SHA-256 of that, the bidder's proof. Neither tells its price, its
    plan or even its length. `content` is there once the call was opened; a bid that the key did not
    open, or that is not the one its digest names, is `unreadable`. One that is withdrawn is gone.
    """

    ref = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    call = models.ForeignKey(Call, on_delete=models.PROTECT, related_name="bids")
    lead = models.ForeignKey(Institution, on_delete=models.PROTECT, related_name="bids")
    draft = models.BinaryField(null=True)
    sealed = models.BinaryField(null=True)
    digest = models.CharField(max_length=64, blank=True)
    sealed_at = models.DateTimeField(null=True)
    signed_by = models.ForeignKey(Person, null=True, on_delete=models.SET_NULL, related_name="+")
    withdrawn_at = models.DateTimeField(null=True)
    content = models.JSONField(null=True)
    is_unreadable = models.BooleanField(default=False)
    #: Whether the preference for worker co-ops applies, by what the page of each bidder shows.
    is_preferred = models.BooleanField(default=False)
    #: How often a partner was asked, those counted who were dropped since: each got a mail.
    times_asked = models.PositiveSmallIntegerField(null=True)

    class Meta:
        ordering = ["ref"]
        constraints = [
            models.UniqueConstraint(fields=["call", "lead"], name="one_bid_an_institution"),
            models.CheckConstraint(
                condition=Q(sealed__isnull=True, sealed_at__isnull=True, digest="")
                | Q(sealed__isnull=False, sealed_at__isnull=False) & ~Q(digest=""),
                name="sealed_bid_has_its_digest",
            ),
            models.CheckConstraint(
                condition=Q(content__isnull=True) | Q(sealed__isnull=False),
                name="only_sealed_bids_are_opened",
            ),
        ]

    def __str__(self) -> str:
        return f"bid {self.ref}"

    @property
    def is_sealed(self) -> bool:
        return self.sealed_at is not None and self.withdrawn_at is None


class Partner(models.Model):
    """An institution that bids together with another; it agrees by itself before the bid is sealed."""

    bid = models.ForeignKey(Bid, on_delete=models.CASCADE, related_name="partners")
    institution = models.ForeignKey(Institution, on_delete=models.PROTECT, related_name="+")
    asked_at = models.DateTimeField()
    agreed_at = models.DateTimeField(null=True)
    agreed_by = models.ForeignKey(Person, null=True, on_delete=models.SET_NULL, related_name="+")

    class Meta:
        ordering = ["pk"]
        constraints = [
            models.UniqueConstraint(fields=["bid", "institution"], name="one_part_in_a_bid")
        ]

    def __str__(self) -> str:
        return f"{self.institution} in {self.bid_id}"


class Stand(models.Model):
    """An institution signed a bid for a lot: as its lead by sealing it, or as a partner by agreeing.

    It stands in one bid for each lot. For which ones a bid is, nobody may read before the opening, so
    `mark` is made of institution and lot by a key outside the database, and each signature leaves as
    many marks as the call has lots. Gone when the bids are opened.
    """

    bid = models.ForeignKey(Bid, on_delete=models.CASCADE, related_name="stands")
    institution = models.ForeignKey(Institution, on_delete=models.PROTECT, related_name="+")
    mark = models.CharField(max_length=64)
    #: Of what is sealed; else of a draft that a partner agreed to.
    is_sealed = models.BooleanField(default=False)

    class Meta:
        ordering = ["pk"]
        constraints = [models.UniqueConstraint(fields=["mark"], name="one_bid_for_a_lot")]

    def __str__(self) -> str:
        return f"{self.institution_id} in {self.bid_id}"


class Attachment(models.Model):
    """A PDF that belongs to a bid, kept as the bid is: its draft, what was sealed, what was opened.

    Its name and its SHA-256 are in the bid.
    """

    ref = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    bid = models.ForeignKey(Bid, on_delete=models.CASCADE, related_name="attachments")
    draft = models.BinaryField(null=True)
    sealed = models.BinaryField(null=True)
    content = models.BinaryField(null=True)

    class Meta:
        ordering = ["ref"]

    def __str__(self) -> str:
        return f"attachment {self.ref}"


class Exclusion(models.TextChoices):
    """Why the site itself excludes an offer; any other reason is somebody's own words."""

    ABOVE_BUDGET = "above-budget", _("The price is above the most that the lot may cost.")


class Offer(models.Model):
    """What an opened bid offers for one lot. `price` is in minor units."""

    bid = models.ForeignKey(Bid, on_delete=models.PROTECT, related_name="offers")
    lot = models.ForeignKey(Lot, on_delete=models.PROTECT, related_name="offers")
    price = models.BigIntegerField(_("price"))
    excluded_at = models.DateTimeField(null=True)
    excluded_for = models.TextField(_("why it is excluded"), blank=True)

    class Meta:
        ordering = ["lot", "price", "pk"]
        constraints = [
            models.UniqueConstraint(fields=["bid", "lot"], name="one_offer_a_lot"),
            models.CheckConstraint(condition=Q(price__gt=0), name="offer_has_a_price"),
            models.CheckConstraint(
                condition=Q(excluded_at__isnull=True, excluded_for="")
                | Q(excluded_at__isnull=False) & ~Q(excluded_for=""),
                name="exclusion_has_a_reason",
            ),
        ]

    def __str__(self) -> str:
        return f"offer {self.pk}"

    @property
    def reason(self) -> str:
        """Why it is excluded, in the reader's language where the site itself excluded it."""
        known = Exclusion._value2member_map_.get(self.excluded_for)
        return str(known.label) if isinstance(known, Exclusion) else self.excluded_for
