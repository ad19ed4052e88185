"""The worker's half of lists that are given in the browser: read, asked, and told as files.

Only the worker imports this; a web process never loads numpy.
"""

import logging
from collections.abc import Callable
from datetime import datetime
from typing import Any

from interlock.methods.formats import observing
from interlock.methods.formats.observed_packages import REPORTS, opened
from interlock.methods.formats.packages import archive
from interlock.methods.formats.register.faults import Fault
from interlock.web.observatory import reporting
from interlock.web.observatory.models import Asked

log = logging.getLogger(__name__)

#: How often chance is drawn: as often as by the command.
RESAMPLES = observing.RESAMPLES


def observe_due(at: datetime, must_stop: Callable[[], bool]) -> bool:
    """Answer who has waited longest, and say whether there was anybody.

    It waits while `must_stop` says so. What is wrong with a file is told to whoever gave it; what fails
    otherwise is kept for whoever runs the site.
    """
    asked = Asked.objects.waiting().exclude(by=None).order_by("pk").first()
    return _observe(asked, at, must_stop)


def observe_held_due(at: datetime, must_stop: Callable[[], bool]) -> bool:
    """The same of the lists that come with the site, for which nobody waits."""
    asked = Asked.objects.waiting().filter(by=None).order_by("pk").first()
    return _observe(asked, at, must_stop)


def _observe(asked: Asked | None, at: datetime, must_stop: Callable[[], bool]) -> bool:
    if asked is None or must_stop():
        return False
    try:
        taken = observing.take(_question(asked))
        files = dict(observing.answer(taken, progress=_progress(asked)).files)
        files |= _reports(files)
        asked.package, asked.done_at = archive(files), at
    except observing.GivenError as error:
        asked.faults = [_plain(error.given.role, one) for one in error.error.faults]
    except Exception as error:
        log.exception("lists %s failed", asked.pk)
        asked.failure = str(error) or repr(error)
    # Somebody may have taken it back meanwhile.
    told = {name: getattr(asked, name) for name in ("package", "done_at", "faults", "failure")}
    Asked.objects.filter(pk=asked.pk).update(**told)
    return True


def _question(asked: Asked) -> observing.Question:
    given = (observing.Given(one.role, one.name, bytes(one.data)) for one in asked.files.all())
    return observing.Question(
        tuple(given), asked.columns, resamples=RESAMPLES, is_synthetic=asked.is_synthetic
    )


def _progress(asked: Asked) -> Callable[[str], None]:
    """Each test that begins is a step, which the page tells."""

    def tell(_test: str) -> None:
        asked.step += 1
        Asked.objects.filter(pk=asked.pk).update(step=asked.step)

    return tell


def _reports(files: dict[str, bytes]) -> dict[str, bytes]:
    """The report in both languages, as a page and, where it can be made, as a PDF."""
    package, made = opened(files), {}
    for language, (page, pdf) in REPORTS.items():
        made[page] = reporting.html(package, language).encode()
        pressed, _why_not = reporting.pdf(package, language)
        if pressed is not None:
            made[pdf] = pressed
    return made


def _plain(role: str, one: Fault) -> dict[str, Any]:
    return {
        "role": role,
        "line": one.line,
        "cell": one.cell,
        "column": one.column,
        "code": one.message.code,
        "given": dict(one.message.given),
        "english": str(one.message),
    }
