from django.http import Http404, HttpRequest, HttpResponse


def award(request: HttpRequest, number: int) -> HttpResponse:
    raise Http404
