"""Mail that is due."""

from django.db import models


class Mail(models.Model):
    """One mail on its way. It is gone once it is sent: what was sent is no record of anything.

    `next_at` is when it is tried (again); one that was tried too often has none and stays, with what
    the server last said, until somebody looks.
    """

    to = models.EmailField()
    subject = models.CharField(max_length=200)
    text = models.TextField()
    written_at = models.DateTimeField()
    next_at = models.DateTimeField(null=True, db_index=True)
    tries = models.PositiveSmallIntegerField(default=0)
    error = models.CharField(max_length=300, blank=True)

    class Meta:
        ordering = ["next_at", "pk"]

    def __str__(self) -> str:
        return self.subject
