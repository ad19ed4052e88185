"""The register of a co-op."""

from django.http import HttpRequest, HttpResponse


def invitation(request: HttpRequest, slug: str) -> HttpResponse: ...
def member(request: HttpRequest, slug: str, number: int) -> HttpResponse: ...
