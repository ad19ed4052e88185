"""Letting people in."""

import hashlib
import secrets
from datetime import datetime, timedelta

from allauth.account.models import EmailAddress
from django.db import transaction
from django.utils.translation import gettext_lazy as _

from interlock.web.look.refusals import Refused
from interlock.web.people.models import Person, SignInLink

LIFETIME = timedelta(hours=24)


def _hash(token: str) -> str:
    return hashlib.sha256(token.encode()).hexdigest()


@transaction.atomic
def invite(*, email: str, at: datetime) -> str:
    """Make the person if needed, and a link token that signs them in once within a day.

    Whoever can run this on the server vouches for the address, so it counts as verified.
    """
    person = Person.objects.by_email(email)
    EmailAddress.objects.get_or_create(
        user=person, email=person.email, defaults={"verified": True, "primary": True}
    )
    token = secrets.token_urlsafe(32)
    SignInLink.objects.create(person=person, token_hash=_hash(token), expires_at=at + LIFETIME)
    return token


@transaction.atomic
def make_administrator(*, email: str, administrator: bool) -> Person:
    """Whoever can run this on the server says who runs the site with them, and who no longer does."""
    person = Person.objects.by_email(email)
    person.is_superuser = administrator
    person.save(update_fields=["is_superuser"])
    return person


@transaction.atomic
def use_link(*, token: str, at: datetime) -> Person:
    """The person a link belongs to; the link is spent. Refused when spent, unknown or too old."""
    spent = SignInLink.objects.filter(
        token_hash=_hash(token), used_at=None, expires_at__gt=at
    ).update(used_at=at)
    if not spent:
        raise Refused(
            _("This sign-in link was used already, or is older than a day."),
            _("Ask for a code by e-mail on the sign-in page, or for a new link."),
            status=410,
        )
    return SignInLink.objects.select_related("person").get(token_hash=_hash(token)).person
