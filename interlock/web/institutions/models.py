"""An institution, and the people who look after it."""

from django.db import models
from django.urls import reverse
from django.utils.translation import gettext_lazy as _
from i18nfield.fields import I18nCharField, I18nTextField

from interlock.web.people.models import Person


class Kind(models.TextChoices):
    PUBLIC_BODY = "public_body", _("Public body")
    WORKER_COOP = "worker_coop", _("Worker co-op")


class Institution(models.Model):
    """Any organisation in the register. `imported_from` names the file of one nobody claimed."""

    slug = models.SlugField(max_length=80, unique=True)
    name = I18nCharField(_("name"), max_length=200)
    kind = models.CharField(_("kind"), max_length=20, choices=Kind)
    place = models.CharField(_("place"), max_length=120, blank=True)
    about = I18nTextField(_("about"), blank=True)
    registered_at = models.DateTimeField()
    imported_from = models.CharField(max_length=200, blank=True)

    class Meta:
        ordering = ["slug"]

    def __str__(self) -> str:
        return str(self.name)

    def get_absolute_url(self) -> str:
        return reverse("institutions:page", args=[self.slug])

    @property
    def is_worker_coop(self) -> bool:
        return self.kind == Kind.WORKER_COOP


class Steward(models.Model):
    """A person who looks after an institution, from `since` on."""

    institution = models.ForeignKey(Institution, on_delete=models.CASCADE, related_name="stewards")
    person = models.ForeignKey(Person, on_delete=models.CASCADE, related_name="stewardships")
    since = models.DateTimeField()

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["institution", "person"], name="one_stewardship")
        ]

    def __str__(self) -> str:
        return f"{self.person} for {self.institution}"
