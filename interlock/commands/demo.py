"""`interlock demo`: the fictional town, and a country around it, on a site where nothing has happened."""

import argparse
import sys

from interlock.commands.site import make_ready, use_one_thread

SUMMARY = "Make the demo town: a vote that is open, one that is counted, and a co-op."


def add_arguments(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("--seed", type=int, default=2027, help="of the made-up ballots")
    parser.add_argument(
        "--country", action="store_true", help="600 invented institutions in the United States, too"
    )


def run(arguments: argparse.Namespace) -> int:
    use_one_thread()
    make_ready()
    from django.utils import timezone

    from interlock.web.demo import country, town

    if reason := town.why_not_make():
        print(reason, file=sys.stderr)
        return 2
    town.make(at=timezone.now(), seed=arguments.seed)
    if arguments.country:
        country.make(at=timezone.now())
    return 0
