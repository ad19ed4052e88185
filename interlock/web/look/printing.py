"""Pages for paper: a PDF where this site can make one, else the page itself and how to print it."""

import logging
import os
import subprocess
import sys
from collections.abc import Mapping, Sequence
from pathlib import Path
from threading import BoundedSemaphore
from typing import Any
from urllib.parse import urljoin

from django.apps import apps
from django.conf import settings
from django.http import HttpRequest, HttpResponse
from django.template.loader import render_to_string
from django.utils.http import content_disposition_header

from interlock.web.look import press

log = logging.getLogger(__name__)

# As long as anybody waits for a sheet of paper. A page takes two, under load ten.
SECONDS = 30.0
# One press at a time in every web process: it needs as much memory as the process itself.
turn = BoundedSemaphore(1)

# Where paper is Letter (Unicode CLDR, paperSize); everywhere else it is A4.
LETTER = frozenset(
    {"BZ", "CA", "CL", "CO", "CR", "GT", "MX", "NI", "PA", "PH", "PR", "SV", "US", "VE"}
)


def pdf_answer(
    request: HttpRequest, template: str, context: Mapping[str, Any], filename: str
) -> HttpResponse:
    """The template as a PDF to keep, called `filename`; it extends `look/paper.html`.

    Where no PDF can be made, the same page answers as HTML, and says at its top how to print it. For
    that it is drawn a second time, with `no_pdf`: "missing" (WeasyPrint, Pango) or "failed".
    """
    page = render_to_string(template, {**context}, request)
    pdf, no_pdf = pressed(page, request.path)
    if pdf is None:
        return HttpResponse(render_to_string(template, {**context, "no_pdf": no_pdf}, request))
    answer = HttpResponse(pdf, content_type="application/pdf")
    # Saved, not shown: a browser's own viewer would have to be let through the content policy.
    answer["Content-Disposition"] = content_disposition_header(True, filename) or "attachment"
    return answer


def pressed(page: str, path: str) -> tuple[bytes | None, str]:
    """The PDF of a page, or None and why not. `path` is where its relative links begin."""
    return pressed_by(command(path), page, path, SECONDS)


def pressed_by(
    program: Sequence[str], page: str, path: str, seconds: float
) -> tuple[bytes | None, str]:
    """The same by a press that is given; `path` names the page where it is told what went wrong."""
    if not turn.acquire(timeout=seconds):
        log.warning("No PDF was made: others were being made for %s seconds.", seconds)
        return None, "failed"
    try:
        done = subprocess.run(
            program,
            input=page.encode(),
            capture_output=True,
            timeout=seconds,
            check=False,
            # The same page gives the same bytes: no order by chance, and no time of day in a font.
            env={**os.environ, "PYTHONHASHSEED": "0", "SOURCE_DATE_EPOCH": "0"},
        )
    except subprocess.TimeoutExpired:
        log.error("No PDF was made of %s within %s seconds.", path, seconds)
        return None, "failed"
    finally:
        turn.release()
    if done.returncode == press.UNAVAILABLE:
        return None, "missing"
    if done.returncode:
        log.error("No PDF was made of %s: %s", path, done.stderr.decode(errors="replace")[-2000:])
        return None, "failed"
    return done.stdout, ""


def command(path: str) -> list[str]:
    """The press as a program, for a page of this path."""
    origin = settings.INTERLOCK_ORIGIN
    folders = [settings.STATIC_ROOT]
    folders += [Path(config.path) / "static" for config in apps.get_app_configs()]
    return [
        # Nothing is imported from the folder of the program, or from where the site was started.
        *(sys.executable, "-P", press.__file__),
        *(urljoin(origin, path), urljoin(origin, settings.STATIC_URL)),
        "letter" if settings.INTERLOCK_REGION in LETTER else "a4",
        *map(str, folders),
    ]
