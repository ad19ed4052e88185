"""The API: one router a room, its description at /api/openapi.json."""

from django.http import Http404, HttpRequest, HttpResponse
from ninja import NinjaAPI

from interlock import __version__
from interlock.web.budgets.api import router as budgets
from interlock.web.look.refusals import Refused
from interlock.web.ways.api import router as ways

api = NinjaAPI(title="Interlock", version=__version__, docs_url=None, urls_namespace="api")
api.add_router("", budgets)
api.add_router("", ways)


@api.exception_handler(Refused)
def refused(request: HttpRequest, refusal: Refused) -> HttpResponse:
    told = {"reason": str(refusal.reason), "remedy": str(refusal.remedy)}
    return api.create_response(request, told, status=refusal.status)


@api.exception_handler(Http404)
def not_found(request: HttpRequest, error: Http404) -> HttpResponse:
    return api.create_response(request, {"reason": "There is no such thing."}, status=404)
