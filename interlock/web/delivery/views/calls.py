"""The pages of calls."""

from django.http import HttpRequest, HttpResponse


def call(request: HttpRequest, number: int) -> HttpResponse:
    return HttpResponse()
