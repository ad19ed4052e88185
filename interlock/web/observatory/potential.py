"""The page of what could be done next, and its table."""

import csv
import io

from django.conf import settings
from django.core.paginator import Paginator
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils import timezone
from django.views.decorators.http import require_safe

from interlock.methods.formats.formulas import guarded
from interlock.web.observatory import prospects

A_PAGE = 20
#: So many places are written in one table.
MOST_WRITTEN = 5_000


@require_safe
def potential(request: HttpRequest) -> HttpResponse:
    wanted = prospects.wanted(request.GET.dict())
    found = prospects.found(wanted, timezone.now())
    page = Paginator(found.rows, A_PAGE).get_page(request.GET.get("page"))
    context = {
        "wanted": wanted,
        "found": found,
        "page": page,
        "rows": [found.told(one) for one in page],
        "whats": prospects.What.choices,
        "units": prospects.By.choices,
    }
    return render(request, "observatory/potential.html", context)


@require_safe
def table(request: HttpRequest) -> HttpResponse:
    """The list as it is narrowed, one row a line; a reason more than one is separated by a stroke."""
    wanted = prospects.wanted(request.GET.dict())
    found = prospects.found(wanted, timezone.now())
    text = io.StringIO()
    writer = csv.writer(text)
    columns = ("list", "title", "address", "where", "why", "act", "act_address", "synthetic")
    writer.writerow(columns)
    for one in found.rows[:MOST_WRITTEN]:
        row = found.told(one)
        act = row.acts[0]
        cells = (
            *(wanted.what.value, row.title, f"{settings.INTERLOCK_ORIGIN}{row.url}", row.where),
            *(" | ".join(row.why), act.label, f"{settings.INTERLOCK_ORIGIN}{act.url}"),
            "true" if row.is_synthetic else "",
        )
        writer.writerow([guarded(cell) for cell in cells])
    answer = HttpResponse(text.getvalue(), content_type="text/csv; charset=utf-8")
    answer["Content-Disposition"] = f'attachment; filename="potential-{wanted.what.value}.csv"'
    return answer
