"""What a PDF costs: a sheet of three cards with QR codes, by a press of its own and within a worker.

    python bench/pdf.py [--rounds 5]

Memory is what a web process holds (VmRSS) with the whole site loaded: before, after a PDF by
`look.printing`, and after one that WeasyPrint made in the process itself. Limit: 90 MB a worker, and
the press adds less than a twentieth. The press' own memory (its peak) and both ways' CPU are told.
"""

from __future__ import annotations

import argparse
import os
import resource
import subprocess
import sys
from contextlib import ExitStack
from pathlib import Path
from statistics import median
from typing import TYPE_CHECKING

from lines import Line
from town import prepare

if TYPE_CHECKING:
    from django.http import HttpRequest

SITE = "http://127.0.0.1:8000/"
MEGABYTES, SHARE = 90, 1.05
# Between the two, for what a process held before it became the press would count as the press' own.
PEAK = """\
import resource, subprocess, sys
subprocess.run(sys.argv[1:], stdout=subprocess.DEVNULL, check=True)
print(resource.getrusage(resource.RUSAGE_CHILDREN).ru_maxrss)
"""
CARDS = """\
{% extends "look/paper.html" %}
{% block title %}Three cards{% endblock %}
{% block main %}<h1>Pass these on</h1>{% for code in codes %}<div class="slip"><div class="stack">
<h2>You are asked about co-ops and budgets</h2><p>It takes about three minutes.</p><p>{{ code }}</p>
</div>{% qr code %}</div>{% endfor %}{% endblock %}
"""


def main() -> int:
    parser = argparse.ArgumentParser(description=(__doc__ or "").splitlines()[0])
    parser.add_argument("--rounds", type=int, default=5)
    parser.add_argument("--way", choices=WAYS, help="only this one, as numbers for a machine")
    arguments = parser.parse_args()
    if arguments.way:
        print(*WAYS[arguments.way](arguments.rounds))
        return 0
    with ExitStack() as stack:
        prepare(stack, "sqlite")
        # In processes of their own: this one has loaded more than a web process does.
        found = [numbers(way, arguments.rounds) for way in WAYS]
    (before, after, peak, press_cpu), (_before, loaded, _peak, within_cpu) = found
    told = [
        Line(
            f"a web process: {before:.0f} MB, with PDFs by a press {after:.0f} MB "
            f"({after / before:.2f} times)",
            after > MEGABYTES or after > SHARE * before,
        ),
        Line(
            f"a web process that made them itself: {loaded:.0f} MB ({loaded / before:.2f} times); "
            f"the press while it runs: {peak:.0f} MB",
            False,
        ),
        Line(
            f"CPU of a PDF: by a press {press_cpu:.2f} s, within the process {within_cpu:.2f} s",
            False,
        ),
    ]
    return 1 if any(line.print().over for line in told) else 0


def numbers(way: str, rounds: int) -> list[float]:
    command = [sys.executable, __file__, "--way", way, "--rounds", str(rounds)]
    ran = subprocess.run(command, stdout=subprocess.PIPE, text=True, check=True)
    return [float(number) for number in ran.stdout.split()]


def by_press(rounds: int) -> tuple[float, ...]:
    """Memory before and after, the peak of the press, CPU of a PDF."""
    request, page = asked()
    from interlock.web.look import printing

    before, used = held(), []
    for _round in range(rounds):
        start = cpu(resource.RUSAGE_CHILDREN)
        pdf, why_not = printing.pressed(page, request.path)
        used.append(cpu(resource.RUSAGE_CHILDREN) - start)
        if pdf is None:
            sys.exit(f"No PDF was made: {why_not}.")
    ran = subprocess.run(
        [sys.executable, "-c", PEAK, *printing.command(request.path)],
        input=page,
        capture_output=True,
        text=True,
        check=True,
    )
    return before, held(), int(ran.stdout) / 1024, median(used)


def within(rounds: int) -> tuple[float, ...]:
    """The same, by WeasyPrint in this process; CPU without the first, which loads it."""
    _request, page = asked()
    from django.conf import settings

    from interlock.web.look import press

    before, used = held(), []
    for _round in range(rounds + 1):
        start = cpu(resource.RUSAGE_SELF)
        shelf = press.Shelf(f"{SITE}static/", [settings.STATIC_ROOT])
        press.pressed(page.encode(), site=SITE, shelf=shelf, paper="letter")
        used.append(cpu(resource.RUSAGE_SELF) - start)
    return before, held(), 0.0, median(used[1:])


def asked() -> tuple[HttpRequest, str]:
    """A request, and the page that answers it, in a process that has the whole site loaded."""
    os.environ["DJANGO_SETTINGS_MODULE"] = "interlock.web.config.settings"
    import django

    django.setup()
    from django.contrib.auth.models import AnonymousUser
    from django.template import engines
    from django.test import RequestFactory
    from django.urls import get_resolver

    import interlock.web.config.wsgi

    assert interlock.web.config.wsgi.application
    assert get_resolver().url_patterns
    request = RequestFactory().get("/cards/")
    request.user = AnonymousUser()
    codes = [f"https://interlock.example/s/abcd-efgh-{number}jkm" for number in range(3)]
    return request, engines["django"].from_string(CARDS).render({"codes": codes}, request)


def held() -> float:
    """Megabytes in memory, of this process."""
    status = Path("/proc/self/status").read_text()
    return int(status.split("VmRSS:")[1].split()[0]) / 1024


def cpu(whose: int) -> float:
    used = resource.getrusage(whose)
    return used.ru_utime + used.ru_stime


WAYS = {"press": by_press, "within": within}

if __name__ == "__main__":
    sys.exit(main())
