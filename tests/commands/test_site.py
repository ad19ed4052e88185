"""The verbs of the site: demo, work, run."""

import os
import signal
import subprocess
import sys
import time
import urllib.error
import urllib.request
from pathlib import Path

import pytest
from django.utils import timezone

from interlock.__main__ import main
from interlock.home import ROOT
from interlock.web.budgets import queries
from interlock.web.budgets.models import Phase, Process
from interlock.web.institutions.models import Institution
from interlock.web.record.models import Entry

PATIENCE = 300  # seconds until a server that does not answer is a failure
PORT = 8797


@pytest.mark.usefixtures("emptied")
def test_demo_is_made_once(capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["demo", "--country"]) == 0
    assert (Process.objects.count(), Institution.objects.count() > 580) == (3, True)
    assert set(Institution.objects.values_list("is_synthetic", flat=True)) == {True}
    assert (main(["demo"]), "empty site only" in capsys.readouterr().err) == (2, True)


@pytest.mark.usefixtures("emptied", "hasty_worker")
def test_worker_closes_and_counts_what_is_due() -> None:
    main(["demo"])
    process = queries.open_now().get()
    type(process.box).objects.filter(pk=process.box_id).update(closes_at=timezone.now())
    Process.objects.filter(pk=process.pk).update(closes_at=timezone.now())
    assert main(["work", "--once"]) == 0
    assert queries.processes().get(pk=process.pk).phase is Phase.COUNTED


@pytest.mark.usefixtures("emptied")
def test_audit_tells_whether_the_record_holds(capsys: pytest.CaptureFixture[str]) -> None:
    main(["demo"])
    assert main(["audit"]) == 0
    assert "entries hold" in capsys.readouterr().out
    slipped_in = Entry(
        at=timezone.now(), audience="public", act="x", subject="y", previous="p", link="l"
    )
    slipped_in.save()
    assert (main(["audit"]), "breaks at entry" in capsys.readouterr().out) == (1, True)


def answers(address: str) -> bool:
    try:
        with urllib.request.urlopen(address) as answer:
            return answer.status == 200
    except (urllib.error.URLError, ConnectionError):
        return False


def of_its_own(folder: Path) -> dict[str, str]:
    """The environment of a site that has nothing yet."""
    taken = ("DATABASE_URL", "INTERLOCK_ORIGIN")
    environment = {name: value for name, value in os.environ.items() if name not in taken}
    return environment | {"INTERLOCK_HOME": str(folder / "home")}


def test_link_leads_to_the_port_where_the_site_is(tmp_path: Path) -> None:
    done = subprocess.run(
        [sys.executable, "-m", "interlock", "sign-in-link", "dora@example.org", "--port", "8123"],
        cwd=ROOT,
        env=of_its_own(tmp_path),
        stdout=subprocess.PIPE,
        text=True,
        check=True,
    )
    assert done.stdout.startswith("http://127.0.0.1:8123/account/sign-in/link/")


def test_site_runs_from_nothing_and_stops_when_told(tmp_path: Path) -> None:
    with subprocess.Popen(
        [sys.executable, "-m", "interlock", "run", "--port", str(PORT), "--workers", "1"],
        cwd=ROOT,
        env=of_its_own(tmp_path),
        stdout=subprocess.PIPE,
        text=True,
    ) as site:
        deadline = time.monotonic() + PATIENCE
        while time.monotonic() < deadline and site.poll() is None:
            if answers(f"http://127.0.0.1:{PORT}/health"):
                break
        page = urllib.request.urlopen(f"http://127.0.0.1:{PORT}/").read().decode()
        site.send_signal(signal.SIGTERM)
        told, _ = site.communicate(timeout=PATIENCE)
    assert site.returncode == 0
    assert "What brings you here?" in page
    assert told.count("-") >= 9  # three voting codes in groups
    assert f"http://127.0.0.1:{PORT}/account/sign-in/link/" in told
