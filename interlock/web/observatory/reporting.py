"""The report of an observation: its data package in, one HTML file out, and a tagged PDF.

Nothing is computed here. The file stands alone: its style is in it, it asks nothing of anybody, and it has
no script. Equal packages, language and version give equal bytes; of a PDF, with equal fonts too. It needs no
site around it: no database, no request, no operator's settings.
"""

from __future__ import annotations

import re
import sys
from functools import cache
from pathlib import Path

from django.template import Context, Engine
from django.template.base import Template
from django.utils import translation
from django.utils.safestring import mark_safe

from interlock import __version__
from interlock.methods.formats.observed_packages import REPORTS, RESULTS, ObservedPackage
from interlock.web.look import press, printing
from interlock.web.look.loading import INDENTATION
from interlock.web.observatory.telling.told import Told

#: As long as whoever waits at a command line does.
SECONDS = 240.0
_HERE = Path(__file__).parent
_SHEETS = (
    Path(press.__file__).parent / "static" / "look" / "interlock.css",
    _HERE / "static" / "observatory" / "report.css",
)
_COMMENT = re.compile(r"/\*.*?\*/", re.DOTALL)
# Where links of the page would hang on, if it had any: nothing is there.
_NOWHERE = "https://report.invalid/"


def html(package: ObservedPackage, language: str) -> str:
    """The report as a page for the screen, in one of the languages of `REPORTS`.

    Raises ValueError where the results lack what this version of the report tells.
    """
    return _drawn(package, language, paper=False)


def pdf(package: ObservedPackage, language: str) -> tuple[bytes | None, str]:
    """The report as a tagged PDF; or None and why not: "missing" (WeasyPrint, Pango) or "failed"."""
    page = _drawn(package, language, paper=True)
    return printing.pressed_by(_press(_is_us(package)), page, _NOWHERE, SECONDS)


def _press(is_us: bool) -> list[str]:
    """The press without any file to take from; lists of the United States are read on their paper."""
    paper = "letter" if is_us else "a4"
    return [sys.executable, "-P", press.__file__, _NOWHERE, f"{_NOWHERE}static/", paper]


def _is_us(package: ObservedPackage) -> bool:
    with translation.override("en"):
        return Told(package).map is not None


def _drawn(package: ObservedPackage, language: str, *, paper: bool) -> str:
    if language not in REPORTS:
        raise ValueError(f"Languages are {' and '.join(REPORTS)}.")
    with translation.override(language):
        context = {
            "told": Told(package),
            "language": language,
            "paper": paper,
            "style": _style(),
            "version": __version__,
            "seal": package.sha256(RESULTS),
        }
        try:
            page: str = _template().render(Context(context))
        except (KeyError, TypeError, IndexError, AttributeError) as error:
            raise ValueError(
                f"{RESULTS} lacks what this version tells ({error}). Ask again with this version."
            ) from error
    return INDENTATION.sub("", page).lstrip()


@cache
def _style() -> str:
    """The site's style sheet and the reports' without comments, as they stand in a page."""
    text = _COMMENT.sub("", "\n".join(sheet.read_text() for sheet in _SHEETS))
    return mark_safe(INDENTATION.sub("", text).replace("\n\n", "\n"))  # ours, and holds no "<"


@cache
def _template() -> Template:
    """The report's template, by an engine of its own: a site's settings do not reach it."""
    engine = Engine(
        dirs=[str(_HERE / "templates")],
        libraries={"i18n": "django.templatetags.i18n", "l10n": "django.templatetags.l10n"},
    )
    return engine.get_template("observatory/report.html")
