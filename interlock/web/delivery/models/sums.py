"""What stayed with the people of a co-op of what it was paid: its own word, told to nobody alone."""

from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from interlock.web.institutions.models import Institution


class Kept(models.Model):
    """What an institution kept in a year of the payments on record to it, in minor units.

    Outside it is seen only as a share, together with that of at least two others.
    """

    institution = models.ForeignKey(Institution, on_delete=models.CASCADE, related_name="kept")
    year = models.PositiveSmallIntegerField(_("year"))
    currency = models.CharField(_("currency"), max_length=3)
    wages = models.BigIntegerField(_("wages of members"))
    patronage = models.BigIntegerField(_("patronage to members"))
    collective = models.BigIntegerField(_("kept by the co-op for all"))
    said_at = models.DateTimeField()

    class Meta:
        ordering = ["-year", "currency"]
        constraints = [
            models.UniqueConstraint(
                fields=["institution", "year", "currency"], name="one_word_a_year"
            ),
            models.CheckConstraint(
                condition=Q(wages__gte=0, patronage__gte=0, collective__gte=0),
                name="what_was_kept_is_real",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.institution_id} in {self.year}"

    @property
    def sum(self) -> int:
        return self.wages + self.patronage + self.collective
