"""A person with an account, and the one-time links that let someone in without mail."""

import secrets

from django.contrib.auth.models import AbstractBaseUser, BaseUserManager, PermissionsMixin
from django.db import models
from django.utils.translation import gettext_lazy as _


def random_reference() -> str:
    return secrets.token_hex(8)


class PersonManager(BaseUserManager["Person"]):
    def by_email(self, email: str) -> "Person":
        """The person of an address, made when there is none yet."""
        person, _created = self.get_or_create(email=self.normalize_email(email).lower())
        return person


class Person(AbstractBaseUser, PermissionsMixin):
    """Someone with an account. `reference` is what the record calls them: random, not a name."""

    email = models.EmailField(_("e-mail address"), unique=True)
    name = models.CharField(_("name"), max_length=120, blank=True)
    reference = models.CharField(
        max_length=32, unique=True, default=random_reference, editable=False
    )
    is_active = models.BooleanField(default=True)

    USERNAME_FIELD = "email"
    REQUIRED_FIELDS = []

    objects = PersonManager()

    class Meta:
        verbose_name = _("person")
        verbose_name_plural = _("people")

    def __str__(self) -> str:
        return self.name or self.email


class SignInLink(models.Model):
    """A link that signs one person in, once. Only its hash is kept."""

    person = models.ForeignKey(Person, on_delete=models.CASCADE)
    token_hash = models.CharField(max_length=64, unique=True)
    expires_at = models.DateTimeField()
    used_at = models.DateTimeField(null=True)

    def __str__(self) -> str:
        return f"link for {self.person}"
