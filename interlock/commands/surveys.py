"""`interlock surveys retain`: destroy what surveys promised to destroy by today."""

import argparse
import json

from interlock.commands.site import make_ready

SUMMARY = "Destroy what surveys promised to destroy by today, and say what it was."


def add_arguments(parser: argparse.ArgumentParser) -> None:
    acts = parser.add_subparsers(dest="act", metavar="ACT", required=True)
    said = "destroy what is due: drafts, codes and links, e-mail addresses, answers"
    keep = acts.add_parser("retain", help=said, description=f"{said.capitalize()}.")
    keep.add_argument("--dry-run", action="store_true", help="say what is due, destroy nothing")
    keep.add_argument("--json", action="store_true", help="print a list as JSON")


def run(arguments: argparse.Namespace) -> int:
    make_ready()
    from django.utils import timezone

    from interlock.web.surveys.retaining import due, retain

    at = timezone.now()
    told: list[dict[str, object]] = []
    for one in due(at):
        line: dict[str, object] = {
            "survey": one.study.slug,
            "what": one.what.value,
            "promised": one.promised.isoformat(),
        }
        if not arguments.dry_run:
            done = retain(one, at)
            if done is None:
                continue
            line["destroyed"] = done.number
        told.append(line)
    if arguments.json:
        print(json.dumps(told, indent=2))
        return 0
    for line in told:
        end = f": {line['destroyed']:,} destroyed" if "destroyed" in line else ": due"
        print(f"{line['survey']}: {line['what']}, promised after {line['promised']}{end}")
    if not told:
        print("Nothing is due.")
    return 0
