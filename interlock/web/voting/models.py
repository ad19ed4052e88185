"""Who may vote and has voted on one side, what was voted on the other, and nothing between them.

An envelope's handle is an HMAC over box and roll entry by a key that lies outside the database.
No ballot carries a serial number, a time, or a foreign key to a person or a roll entry.
"""

import uuid

from django.db import models


class Box(models.Model):
    """One ballot box. It takes ballots while it is open, and is opened once after the close.

    `ref` is what anything outside says of it; a locked change of `opened_at` and `closed_at` is
    the only thing that decides whether a ballot is in time.
    """

    ref = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    opened_at = models.DateTimeField(null=True)
    closes_at = models.DateTimeField(null=True)
    closed_at = models.DateTimeField(null=True)
    unsealed_at = models.DateTimeField(null=True)

    class Meta:
        constraints = [
            models.CheckConstraint(
                condition=models.Q(closed_at=None) | models.Q(opened_at__isnull=False),
                name="box_opens_before_it_closes",
            ),
            models.CheckConstraint(
                condition=models.Q(unsealed_at=None) | models.Q(closed_at__isnull=False),
                name="box_closes_before_it_is_unsealed",
            ),
        ]

    def __str__(self) -> str:
        return str(self.ref)

    @property
    def is_open(self) -> bool:
        return self.opened_at is not None and self.closed_at is None


class RollEntry(models.Model):
    """One right to vote, known by the number on its letter and the hash of its voting code."""

    ref = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    box = models.ForeignKey(Box, on_delete=models.PROTECT, related_name="roll")
    number = models.PositiveIntegerField()
    code_hash = models.CharField(max_length=64, unique=True)
    has_voted = models.BooleanField(default=False)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["box", "number"], name="one_entry_a_letter")]

    def __str__(self) -> str:
        return f"letter {self.number}"


class Envelope(models.Model):
    """One voter's ballot while the box is closed to readers. On SQLite `WITHOUT ROWID`."""

    handle = models.CharField(max_length=64, primary_key=True)
    box = models.ForeignKey(Box, on_delete=models.PROTECT, related_name="envelopes")
    content = models.TextField()
    leaf = models.CharField(max_length=64)

    class Meta:
        indexes = [models.Index(fields=["leaf"], name="envelope_leaf")]

    def __str__(self) -> str:
        return self.leaf


class SpentNonce(models.Model):
    """A review page that was cast: sent twice, it must not undo a later change of mind."""

    digest = models.CharField(max_length=64, primary_key=True)
    box = models.ForeignKey(Box, on_delete=models.PROTECT, related_name="+")

    def __str__(self) -> str:
        return self.digest


class Ballot(models.Model):
    """A ballot after the opening, written anew in the order of its content."""

    box = models.ForeignKey(Box, on_delete=models.PROTECT, related_name="ballots")
    content = models.JSONField()

    def __str__(self) -> str:
        return f"ballot {self.pk}"


class Receipt(models.Model):
    """The leaf of a counted ballot, after the opening; which ballot it belongs to is not kept."""

    leaf = models.CharField(max_length=64, primary_key=True)
    box = models.ForeignKey(Box, on_delete=models.PROTECT, related_name="receipts")

    def __str__(self) -> str:
        return self.leaf


class Draft(models.Model):
    """Choices not cast yet. Known by the hash of a code that only the voter's devices hold."""

    code_hash = models.CharField(max_length=64, primary_key=True)
    box = models.ForeignKey(Box, on_delete=models.CASCADE, related_name="drafts")
    content = models.JSONField()

    def __str__(self) -> str:
        return "draft"
