"""Tables to take away, as CSV that a spreadsheet opens without running anything in it."""

import csv
import io
from collections.abc import Iterable, Sequence

from django.http import HttpResponse
from django.utils.http import content_disposition_header

from interlock.methods.formats.formulas import guarded


def table(filename: str, headings: Sequence[str], rows: Iterable[Sequence[object]]) -> HttpResponse:
    text = io.StringIO()
    writer = csv.writer(text)
    writer.writerow(headings)
    writer.writerows([guarded(str(cell)) for cell in row] for row in rows)
    return saved(text.getvalue().encode(), filename, "text/csv; charset=utf-8")


def saved(data: bytes, filename: str, kind: str) -> HttpResponse:
    """A file to keep. It is somebody's own business: no cache in between keeps it."""
    answer = HttpResponse(data, content_type=kind)
    answer["Content-Disposition"] = content_disposition_header(True, filename) or "attachment"
    answer["Cache-Control"] = "private, no-store"
    return answer
