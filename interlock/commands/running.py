"""`interlock run`: the site and its worker on this machine, with the demo if it is empty."""

import argparse
import os
import signal
import subprocess
import sys
from pathlib import Path

from interlock.commands.site import make_ready, use_one_thread

SUMMARY = "Run the site and its worker on this machine, until Ctrl-C."


def add_arguments(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("--port", type=int, default=8000, help="default: 8000")
    parser.add_argument("--workers", type=int, default=2, help="web processes (default: 2)")
    parser.add_argument("--empty", action="store_true", help="leave an empty site empty")


def run(arguments: argparse.Namespace) -> int:
    address = f"http://127.0.0.1:{arguments.port}"
    os.environ.setdefault("INTERLOCK_ORIGIN", address)
    use_one_thread()
    make_ready()
    from django.conf import settings
    from django.core.management import call_command

    # Leaflet's sources before they were made small: five seconds a start, to compress what nobody asks for.
    call_command("collectstatic", interactive=False, verbosity=0, ignore_patterns=["leaflet-src*"])
    _tell(address, Path(settings.INTERLOCK_HOME), empty=arguments.empty)
    return _serve(arguments.port, arguments.workers)


def _tell(address: str, folder: Path, *, empty: bool) -> None:
    """What a newcomer needs, on the terminal: where to look, how to come in, how to vote."""
    from django.utils import timezone

    from interlock.web.demo import country, town
    from interlock.web.people.actions import invite
    from interlock.web.people.links import sign_in_address

    if not empty and town.why_not_make() is None:
        print("Making the demo: a town …", flush=True)
        town.make(at=timezone.now())
        print("… and a country around it, invented as all of it is …", flush=True)
        country.make(at=timezone.now())
    link = sign_in_address(invite(email=town.ORGANISER, at=timezone.now()))
    print(f"\nInterlock is at   {address}\n")
    print(f"Organise          {link}\n                  (signs {town.ORGANISER} in, once)")
    letters = town.spare_codes(3)
    for number, code in enumerate(letters):
        print(f"{'Voting codes' if number == 0 else '':<18}{code}")
    print(f"Mail lands in     {folder / 'mail'}")
    print("Stop              Ctrl-C\n", flush=True)


def _serve(port: int, workers: int) -> int:
    """Site and worker as two children; when one ends, or on a signal, both do."""
    site = [
        sys.executable, "-m", "gunicorn", "interlock.web.config.wsgi",
        "--bind", f"127.0.0.1:{port}", "--workers", str(workers), "--threads", "4",
        "--preload", "--log-level", "warning",
    ]  # fmt: skip
    # Four threads with a heap each would keep four times what one long page needed.
    children = [
        subprocess.Popen(site, env={**os.environ, "MALLOC_ARENA_MAX": "1"}),
        subprocess.Popen([sys.executable, "-m", "interlock", "work"]),
    ]

    def stop(*_: object) -> None:
        for child in children:
            child.terminate()

    signal.signal(signal.SIGTERM, stop)
    signal.signal(signal.SIGINT, stop)
    _pid, status = os.wait()
    stop()
    for child in children:
        child.wait()
    return 0 if os.waitstatus_to_exitcode(status) in {0, -signal.SIGTERM, -signal.SIGINT} else 1
