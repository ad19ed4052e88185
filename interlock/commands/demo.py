"""`interlock demo`: the fictional town, on a site where nothing has happened yet."""

import argparse
import sys

from interlock.commands.site import make_ready

SUMMARY = "Make the demo town: a vote that is open, one that is counted, and a co-op."


def add_arguments(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("--seed", type=int, default=2027, help="of the made-up ballots")


def run(arguments: argparse.Namespace) -> int:
    make_ready()
    from django.utils import timezone

    from interlock.web.demo.town import make, why_not_make

    if reason := why_not_make():
        print(reason, file=sys.stderr)
        return 2
    make(at=timezone.now(), seed=arguments.seed)
    return 0
