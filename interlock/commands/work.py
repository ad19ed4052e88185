"""`interlock work`: close votes whose time has come, count them, answer. Runs beside the site."""

import argparse
import signal
import time
from types import FrameType

from interlock.commands.site import set_up

SUMMARY = "Run the worker: close votes that are due, count them, answer what-ifs, until stopped."


def add_arguments(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("--once", action="store_true", help="do what is due now, then end")
    parser.add_argument(
        "--every",
        type=float,
        default=0.2,
        metavar="SECONDS",
        help="how often to look (default: 0.2)",
    )


def run(arguments: argparse.Namespace) -> int:
    set_up()
    from django.db import close_old_connections
    from django.utils import timezone

    from interlock.web.budgets.answering import answer_what_if
    from interlock.web.budgets.counting import run_due

    stopped = False

    def stop(_signal: int, _frame: FrameType | None) -> None:
        nonlocal stopped
        stopped = True

    # A count under way is finished first: nothing is left half-done by a restart.
    signal.signal(signal.SIGTERM, stop)
    signal.signal(signal.SIGINT, stop)
    while True:
        close_old_connections()
        run_due(timezone.now())
        answered = answer_what_if(timezone.now())
        if stopped or (arguments.once and not answered):
            return 0
        if not answered:
            time.sleep(arguments.every)
        if stopped:
            return 0
