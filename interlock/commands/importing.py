"""`interlock import FILE.pb`: a finished election becomes a process on the site."""

import argparse
import sys
from pathlib import Path

from interlock.commands.site import make_ready

SUMMARY = "Put a finished election from a Pabulib .pb file on the site, with its ballots."


def add_arguments(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("file", type=Path, metavar="FILE.pb", help="the election")
    parser.add_argument("--rule", default="", help="count by this rule (default: the file's own)")
    parser.add_argument(
        "--currency", default="", help="three letters, such as EUR (default: the file's own)"
    )


def run(arguments: argparse.Namespace) -> int:
    make_ready()
    from django.conf import settings
    from django.utils import timezone

    from interlock.methods.formats.pabulib import PabulibError
    from interlock.web.budgets import queries
    from interlock.web.budgets.counting import import_election
    from interlock.web.look.refusals import Refused

    try:
        made = import_election(
            file_name=arguments.file.name,
            data=arguments.file.read_bytes(),
            at=timezone.now(),
            rule=arguments.rule,
            currency=arguments.currency.upper(),
        )
    except PabulibError as error:
        for fault in error.faults:
            print(f"{arguments.file}: {fault}", file=sys.stderr)
        return 2
    except OSError as error:
        print(f"{error.filename}: {error.strerror}", file=sys.stderr)
        return 2
    except Refused as refusal:
        print(refusal.reason, refusal.remedy, file=sys.stderr)
        return 2
    for note in made.notes:
        print(f"Note: {note}", file=sys.stderr)
    result = queries.result(made.process)
    print(
        f"{made.process.title}: {result.ballots:,} ballots, projects funded: {result.funded}. "
        f"{settings.INTERLOCK_ORIGIN}{made.process.get_absolute_url()}result/"
    )
    return 0
