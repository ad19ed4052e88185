from django.http import Http404, HttpRequest, HttpResponse


def delivery(request: HttpRequest, slug: str, ref: str) -> HttpResponse:
    raise Http404
