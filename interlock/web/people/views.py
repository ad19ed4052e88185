"""The one-time link, and a way on for who is signed in. All else about signing in is allauth's."""

from allauth.account.views import email_verification_sent
from django.contrib.auth import login
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.views.decorators.http import require_http_methods

from interlock.web.people import actions


@require_http_methods(["GET", "POST"])
def sign_in_by_link(request: HttpRequest, token: str) -> HttpResponse:
    """Opening the link only shows a button: mail scanners and chats open links by themselves."""
    if request.method == "GET":
        return render(request, "people/sign_in_by_link.html")
    person = actions.use_link(token=token, at=timezone.now())
    login(request, person, backend="django.contrib.auth.backends.ModelBackend")
    return redirect("front:desk")


def code_of_new_account(request: HttpRequest) -> HttpResponse:
    """Where the code of a new account is typed; who is in already has no use for it."""
    if request.user.is_authenticated:
        return redirect("front:desk")
    answer: HttpResponse = email_verification_sent(request)
    return answer
