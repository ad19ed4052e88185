"""All ties as files to take away."""

from collections.abc import Iterable

from django.http import HttpRequest, StreamingHttpResponse

from interlock.web.ties import exporting


def csv(request: HttpRequest) -> StreamingHttpResponse:
    return _file(exporting.csv(), "text/csv; charset=utf-8", "ties.csv")


def graphml(request: HttpRequest) -> StreamingHttpResponse:
    return _file(exporting.graphml(), "application/graphml+xml; charset=utf-8", "ties.graphml")


def _file(lines: Iterable[str], kind: str, name: str) -> StreamingHttpResponse:
    answer = StreamingHttpResponse(lines, content_type=kind)
    answer["Content-Disposition"] = f'attachment; filename="{name}"'
    return answer
