"""Loaded before Django's settings: a home folder of its own for every test process.

And the account of what did not run: named at the end, and a failure under REQUIRE_ALL=1.
"""

import atexit
import os
import shutil
import tempfile
from typing import TYPE_CHECKING

import hypothesis
import pytest

if TYPE_CHECKING:
    from django.db.backends.base.base import BaseDatabaseWrapper

folder = tempfile.mkdtemp(prefix="interlock-tests-")
atexit.register(shutil.rmtree, folder, ignore_errors=True)
os.environ["INTERLOCK_HOME"] = folder
for name in ("INTERLOCK_ORIGIN", "INTERLOCK_LANGUAGE", "INTERLOCK_REGION", "INTERLOCK_DEBUG"):
    os.environ.pop(name, None)
# As the site's worker does, and there are as many processes as cores.
for name in ("OMP_NUM_THREADS", "OPENBLAS_NUM_THREADS"):
    os.environ.setdefault(name, "1")
# The browser's driver runs a loop of its own in the thread of the tests.
os.environ["DJANGO_ALLOW_ASYNC_UNSAFE"] = "true"

REAL_FILES = "real files"
OTHER_DATABASE = "of the other database"
#: What the standard's own checker says is asked by `make standard`, which sets STANDARD=1.
CHECKER = "make standard"


# How long an example takes says more of the machine than of what is tested.
hypothesis.settings.register_profile(
    "interlock", deadline=None, suppress_health_check=[hypothesis.HealthCheck.too_slow]
)
hypothesis.settings.load_profile("interlock")


def pytest_configure(config: pytest.Config) -> None:
    from django.conf import settings

    # Hashed names need `collectstatic`; the pages of the tests are served from the source.
    settings.STORAGES["staticfiles"]["BACKEND"] = (
        "django.contrib.staticfiles.storage.StaticFilesStorage"
    )
    from django.db.backends.signals import connection_created

    from interlock.commands.translate import compile_catalogues

    connection_created.connect(_hurry)
    compile_catalogues()


def _hurry(connection: "BaseDatabaseWrapper", **_: object) -> None:
    """The databases of the tests need not outlive a power cut."""
    if connection.vendor == "sqlite":
        connection.cursor().execute("PRAGMA synchronous=OFF")


def pytest_terminal_summary(terminalreporter: pytest.TerminalReporter) -> None:
    reasons: dict[str, int] = {}
    for report in terminalreporter.stats.get("skipped", []):
        reason = report.longrepr[2].removeprefix("Skipped: ")
        reasons[reason] = reasons.get(reason, 0) + 1
    for reason, number in sorted(reasons.items()):
        terminalreporter.write_line(f"not run: {number} ({reason})")


@pytest.hookimpl(trylast=True)
def pytest_sessionfinish(session: pytest.Session) -> None:
    """Under REQUIRE_ALL=1 a test that did not run is a failure.

    Absent real files aside, and what only the other database has, or the checker of OCDS: the gate
    runs on both, and with it.
    """
    reporter = session.config.pluginmanager.get_plugin("terminalreporter")
    if reporter is None or os.environ.get("REQUIRE_ALL") != "1":
        return
    missing = [
        report
        for report in reporter.stats.get("skipped", [])
        if not _may_be_missing(report.longrepr[2])
    ]
    if missing and session.exitstatus == 0:
        session.exitstatus = pytest.ExitCode.TESTS_FAILED


def _may_be_missing(reason: str) -> bool:
    if CHECKER in reason:
        return os.environ.get("STANDARD") != "1"
    return REAL_FILES in reason or OTHER_DATABASE in reason
