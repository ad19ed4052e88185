"""Hello, one query, a list, an insert."""

from django.db import transaction
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render

from floor.models import Row, Vote, Voter


def hello(request: HttpRequest) -> HttpResponse:
    return HttpResponse("hello")


def one_query(request: HttpRequest) -> HttpResponse:
    return HttpResponse(Row.objects.values_list("title", flat=True).first())


def rows(request: HttpRequest, page: str) -> HttpResponse:
    found = Row.objects.filter(page=page).order_by("pk")
    return render(request, "floor/list.html", {"page": page, "rows": found})


def vote(request: HttpRequest) -> HttpResponse:
    """The form and its insert: who has that code, and one row under UNIQUE for them. A cookie
    remembers the voter, as the site's remembers a draft.
    """
    if request.method == "GET":
        return render(request, "floor/list.html", {"page": "vote", "rows": []})
    with transaction.atomic():
        voter = Voter.objects.get(code=request.POST["code"])
        Vote.objects.create(voter=voter, choices=request.POST.getlist("project"))
    response = redirect("/thanks")
    response.set_cookie("voted", request.COOKIES.get("voted", "1"))
    return response
