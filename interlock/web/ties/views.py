"""The pages of ties."""

from django.http import Http404, HttpRequest, HttpResponse


def tie(request: HttpRequest, number: int) -> HttpResponse:
    raise Http404


def answer(request: HttpRequest, token: str) -> HttpResponse:
    raise Http404


def mail(request: HttpRequest, signed: str) -> HttpResponse:
    raise Http404
