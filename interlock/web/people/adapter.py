"""What this site asks of allauth: who may make an account, and that nobody loses their way to it."""

from typing import Any

from allauth.account.adapter import DefaultAccountAdapter
from allauth.core import context as current
from django.conf import settings
from django.http import HttpRequest
from django.utils.http import url_has_allowed_host_and_scheme, urlencode


class Adapter(DefaultAccountAdapter):  # type: ignore[misc]
    def is_open_for_signup(self, request: HttpRequest) -> bool:
        return bool(settings.INTERLOCK_REGISTRATION)

    def send_mail(self, template_prefix: str, email: str, context: dict[str, Any]) -> None:
        """Who has no account yet goes on, once there is one, to where they wanted to sign in for."""
        then = current.request.POST.get("next", "") if "signup_url" in context else ""
        if then.startswith("/") and url_has_allowed_host_and_scheme(then, allowed_hosts=None):
            context = {
                **context,
                "signup_url": f"{context['signup_url']}?{urlencode({'next': then})}",
            }
        super().send_mail(template_prefix, email, context)
