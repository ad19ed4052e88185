"""The public record, newest first."""

from django.core.paginator import Paginator
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render

from interlock.web.record import queries
from interlock.web.record.wording import sentence


def entries(request: HttpRequest) -> HttpResponse:
    about = request.GET.get("about", "")
    found = queries.public()
    if about:
        found = found.filter(subject=about)
    page = Paginator(found, 50).get_page(request.GET.get("page"))
    rows = [(entry, sentence(entry)) for entry in page]
    return render(request, "record/entries.html", {"page": page, "rows": rows, "about": about})
