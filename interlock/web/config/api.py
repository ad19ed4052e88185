"""The API: one router a room, its description at /api/openapi.json."""

from django.http import Http404, HttpRequest, HttpResponse
from django.utils.translation import gettext as _
from ninja import NinjaAPI
from ninja.errors import AuthenticationError, HttpError

from interlock import __version__
from interlock.web.budgets.api import router as budgets
from interlock.web.delivery.api import router as delivery
from interlock.web.explore.api import router as explore
from interlock.web.institutions.api import router as institutions
from interlock.web.look.refusals import Refused
from interlock.web.needs.api import router as needs
from interlock.web.observatory.api import router as observatory
from interlock.web.surveys.api import router as surveys
from interlock.web.ties.api import router as ties
from interlock.web.ways.api import router as ways

api = NinjaAPI(title="Interlock", version=__version__, docs_url=None, urls_namespace="api")
api.add_router("", budgets)
api.add_router("", institutions)
api.add_router("", ties)
api.add_router("", needs)
api.add_router("", ways)
api.add_router("", explore)
api.add_router("", delivery)
api.add_router("", surveys)
api.add_router("", observatory)


@api.exception_handler(Refused)
def refused(request: HttpRequest, refusal: Refused) -> HttpResponse:
    told = {"reason": str(refusal.reason), "remedy": str(refusal.remedy)}
    return api.create_response(request, told, status=refusal.status)


@api.exception_handler(AuthenticationError)
def not_signed_in(request: HttpRequest, error: AuthenticationError) -> HttpResponse:
    told = {
        "reason": _("Only people with an account can do that, and you are not signed in."),
        "remedy": _("Sign in on the site, and send its cookies along with the CSRF token."),
    }
    return api.create_response(request, told, status=401)


@api.exception_handler(HttpError)
def not_read(request: HttpRequest, error: HttpError) -> HttpResponse:
    """What the framework refuses by itself: a body that is no JSON, a session without its token."""
    told = {"reason": str(error), "remedy": ""}
    if error.status_code == 403:
        told = {
            "reason": _("The CSRF token of your session is missing or wrong."),
            "remedy": _("Send the token of the cookie csrftoken as the header X-CSRFToken."),
        }
    return api.create_response(request, told, status=error.status_code)


@api.exception_handler(Http404)
def not_found(request: HttpRequest, error: Http404) -> HttpResponse:
    return api.create_response(request, {"reason": "There is no such thing."}, status=404)
