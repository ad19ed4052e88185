"""The address of a one-time link, as it is printed or sent."""

from django.conf import settings
from django.urls import reverse


def sign_in_address(token: str) -> str:
    return f"{settings.INTERLOCK_ORIGIN}{reverse('sign_in_by_link', args=[token])}"
