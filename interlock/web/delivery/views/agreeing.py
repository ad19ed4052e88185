from django.http import Http404, HttpRequest, HttpResponse


def agreement(request: HttpRequest, number: int) -> HttpResponse:
    raise Http404
