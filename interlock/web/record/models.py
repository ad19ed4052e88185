"""One table that is only ever added to; triggers of the database see to it."""

from django.db import models
from django.utils.translation import gettext_lazy as _


class Audience(models.TextChoices):
    PUBLIC = "public", _("everyone")
    INSTITUTION = "institution", _("the institution's own people")
    NOBODY = "nobody", _("nobody but an auditor with access to the server")


class Entry(models.Model):
    """One fact. It names no person, only a random reference, and links to the entry before it.

    `digest` = SHA-256 of the canonical JSON of the fact; `link` = SHA-256 of the previous entry's
    link, a line break, and this digest. So the chain can be checked by someone who may read only
    some of its facts.
    """

    at = models.DateTimeField()
    audience = models.CharField(max_length=12, choices=Audience)
    act = models.CharField(max_length=60)
    actor = models.CharField(max_length=32, blank=True)
    subject = models.CharField(max_length=120, db_index=True)
    facts = models.JSONField(default=dict)
    digest = models.CharField(max_length=64)
    previous = models.CharField(max_length=64, unique=True)
    link = models.CharField(max_length=64, unique=True)

    class Meta:
        ordering = ["-pk"]

    def __str__(self) -> str:
        return f"{self.act} {self.subject}"
