"""What happens to every request: language, content policy, refusals as pages."""

from collections.abc import Callable

from django.conf import settings
from django.http import HttpRequest, HttpResponse, HttpResponseBase, HttpResponseRedirect
from django.middleware.gzip import GZipMiddleware
from django.shortcuts import render
from django.utils.translation import gettext as _

from interlock.web.look.refusals import Refused

Answer = Callable[[HttpRequest], HttpResponse]

# Nothing from another host, nothing inline. Styles and scripts are files of this site.
POLICY = (
    "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self' data:; "
    "connect-src 'self'; font-src 'self'; manifest-src 'self'; form-action 'self'; "
    "base-uri 'none'; frame-ancestors 'none'"
)

# The largest list that can be imported, and room for the form around it.
MOST_UPLOADED = 34 * 2**20


def remember_language(get_response: Answer) -> Answer:
    """`?language=es` on any page is a choice: keep it a year, and show the page without it."""

    def middleware(request: HttpRequest) -> HttpResponse:
        chosen = request.GET.get("language")
        if request.method != "GET" or chosen not in dict(settings.LANGUAGES):
            return get_response(request)
        rest = request.GET.copy()
        del rest["language"]
        # "//host/" would be another site: one leading stroke, whatever was asked for.
        path = "/" + request.path.lstrip("/")
        response = HttpResponseRedirect(path + (f"?{rest.urlencode()}" if rest else ""))
        response.set_cookie(
            settings.LANGUAGE_COOKIE_NAME,
            chosen,
            max_age=31_536_000,
            samesite="Lax",
            secure=settings.SESSION_COOKIE_SECURE,
        )
        return response

    return middleware


def content_policy(get_response: Answer) -> Answer:
    def middleware(request: HttpRequest) -> HttpResponse:
        response = get_response(request)
        response.headers.setdefault("Content-Security-Policy", POLICY)
        return response

    return middleware


class Compress(GZipMiddleware):
    """What is compressed already, pictures, archives and PDFs, is sent as it is."""

    def process_response(
        self, request: HttpRequest, response: HttpResponseBase
    ) -> HttpResponseBase:
        kind = response.headers.get("Content-Type", "")
        if kind.startswith(("image/", "application/zip", "application/pdf")):
            return response
        return super().process_response(request, response)


def bound_uploads(get_response: Answer) -> Answer:
    """What is larger than any form here takes is refused by what its head says, before it is read."""

    def middleware(request: HttpRequest) -> HttpResponse:
        said = request.META.get("CONTENT_LENGTH") or "0"
        if said.isdecimal() and int(said) <= MOST_UPLOADED:
            return get_response(request)
        refusal = Refused(
            _("What you sent is larger than %(most)s megabytes.")
            % {"most": MOST_UPLOADED // 2**20},
            _("Go back, and choose a smaller file."),
        )
        return render(request, "look/refused.html", {"refusal": refusal}, status=413)

    return middleware


class ExplainRefusals:
    """A `Refused` raised anywhere becomes a page that says why and what to do next."""

    def __init__(self, get_response: Answer) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        return self.get_response(request)

    def process_exception(self, request: HttpRequest, error: Exception) -> HttpResponse | None:
        if not isinstance(error, Refused):
            return None
        return render(request, "look/refused.html", {"refusal": error}, status=error.status)
