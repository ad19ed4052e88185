"""Pictures at the address of their content."""

from django.http import FileResponse, Http404, HttpRequest, HttpResponse, HttpResponseBase
from django.shortcuts import get_object_or_404
from django.views.decorators.http import require_safe

from interlock.web.files.models import Picture
from interlock.web.files.queries import path_of

# Opened by itself it is a picture and nothing else, whatever its bytes were.
ALONE = "default-src 'none'; sandbox"


@require_safe
def picture(request: HttpRequest, sha256: str, small: bool = False) -> HttpResponseBase:
    """A picture. What lies at an address never changes, so that a browser asks for it once."""
    path = path_of(get_object_or_404(Picture, pk=sha256).pk, small=small)
    if not path.is_file():
        raise Http404
    tag = f'"{path.stem}"'
    answer: HttpResponseBase
    if request.headers.get("If-None-Match") == tag:
        answer = HttpResponse(status=304)
    else:
        answer = FileResponse(path.open("rb"), content_type="image/webp")
    answer["ETag"] = tag
    answer["Cache-Control"] = "public, max-age=31536000, immutable"
    answer["Content-Security-Policy"] = ALONE
    answer["X-Content-Type-Options"] = "nosniff"
    answer["Cross-Origin-Resource-Policy"] = "cross-origin"
    return answer
