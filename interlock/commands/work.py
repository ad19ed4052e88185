"""`interlock work`: close votes, decisions, surveys and calls that are due, count and explain, answer, send mail, let go. Runs beside the site."""

import argparse
import signal
import time
from types import FrameType

from interlock.commands.site import set_up, use_one_thread

#: How often to look for what is due by the day. Each look locks the database of a small site.
SELDOM_SECONDS = 60
#: A site where nothing happens is looked at this often, and each idle look comes so much later.
IDLE_SECONDS = 1.0
LATER = 1.25

SUMMARY = (
    "Run the worker: close votes that are due, count and explain, answer, send mail, until stopped."
)


def add_arguments(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("--once", action="store_true", help="do what is due now, then end")
    parser.add_argument(
        "--every",
        type=float,
        default=0.2,
        metavar="SECONDS",
        help="how often to look; up to once a second where nothing happens (default: 0.2)",
    )


def run(arguments: argparse.Namespace) -> int:
    use_one_thread()
    set_up()
    from django.db import close_old_connections
    from django.utils import timezone

    from interlock.web.budgets.answering import answer_what_if
    from interlock.web.budgets.counting import run_due
    from interlock.web.budgets.recounting import is_urgent, work_out_margin
    from interlock.web.coops.actions.deciding import act_due as decide_due
    from interlock.web.coops.actions.rounds import close_pledges_due
    from interlock.web.delivery.actions.calls import close_due as close_calls_due
    from interlock.web.files.actions import tidy_due
    from interlock.web.institutions.following import refresh_due
    from interlock.web.institutions.leaving import leave_due
    from interlock.web.messages.actions import send_due
    from interlock.web.needs.actions import remind_due
    from interlock.web.observatory.actions import ask_held_due, forget_asked_due
    from interlock.web.observatory.measuring import measure_due, request_editions
    from interlock.web.observatory.observing import observe_due, observe_held_due
    from interlock.web.observatory.reckoning import reckon_due, request_if_awards_changed
    from interlock.web.surveys.actions import analyse_closed_due, close_due, enter_named_due
    from interlock.web.surveys.analysing import analyse_due
    from interlock.web.surveys.retaining import retain_due

    stopped = False

    def must_stop() -> bool:
        return stopped or is_urgent(timezone.now())

    def stop(_signal: int, _frame: FrameType | None) -> None:
        nonlocal stopped
        stopped = True

    # A count under way is finished first: nothing is left half-done by a restart.
    signal.signal(signal.SIGTERM, stop)
    signal.signal(signal.SIGINT, stop)
    seldom_at = 0.0
    pause: float = arguments.every
    while True:
        close_old_connections()
        run_due(timezone.now())
        # What nobody waits for comes last, and stops for all else.
        busy = send_due(timezone.now()) or refresh_due(timezone.now())
        if not busy and time.monotonic() >= seldom_at:
            seldom = (
                leave_due,
                remind_due,
                tidy_due,
                close_due,
                close_calls_due,
                decide_due,
                close_pledges_due,
                analyse_closed_due,
                enter_named_due,
                retain_due,
                request_if_awards_changed,
                request_editions,
                forget_asked_due,
                ask_held_due,
            )
            busy = any(due(timezone.now()) for due in seldom)
            seldom_at = seldom_at if busy else time.monotonic() + SELDOM_SECONDS
        busy = (
            busy
            or answer_what_if(timezone.now())
            or analyse_due(timezone.now(), must_stop)
            or reckon_due(timezone.now(), must_stop)
            or observe_due(timezone.now(), must_stop)
            or measure_due(timezone.now(), must_stop)
            or observe_held_due(timezone.now(), must_stop)
            or work_out_margin(timezone.now(), must_stop)
        )
        if stopped or (arguments.once and not busy):
            return 0
        if busy:
            pause = arguments.every
        else:
            time.sleep(pause)
            pause = max(arguments.every, min(pause * LATER, IDLE_SECONDS))
        if stopped:
            return 0
