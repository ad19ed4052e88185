"""`interlock recount BUNDLE`: count a published bundle again, and compare everything.

The answer is one sentence and exit code 0 when the published count is reproduced bit for bit, each
difference and exit code 1 when not. The fingerprint must be the one that was published: with
`--fingerprint` it is compared too.
"""

from __future__ import annotations

import argparse
import sys
from pathlib import Path

from interlock.commands import reading
from interlock.methods.counting.tables import printable
from interlock.methods.formats import bundle

SUMMARY = "Count a published bundle again, and say whether everything in it is reproduced."


def add_arguments(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("bundle", type=Path, metavar="BUNDLE", help="the published zip")
    parser.add_argument(
        "--fingerprint",
        metavar="HEX",
        help="the published fingerprint, at least 16 digits of it; spaces do not matter",
    )


def run(arguments: argparse.Namespace) -> int:
    expected = None if arguments.fingerprint is None else _digits(arguments.fingerprint)
    if expected == "":
        message = "A fingerprint is at least 16 of the digits 0 to 9 and a to f."
        print(message, file=sys.stderr)
        return 2
    try:
        found = bundle.recount(arguments.bundle.read_bytes())
    except OSError as error:
        print(f"{error.filename}: {error.strerror}", file=sys.stderr)
        return 2
    except bundle.BundleError as error:
        print(f"{arguments.bundle}: {error}", file=sys.stderr)
        return 2
    differences = list(found.differences)
    if expected is not None and not found.fingerprint.startswith(expected):
        differences.insert(0, "The fingerprint is not the one you gave.")
    print(f"Fingerprint {bundle.short_fingerprint(found.fingerprint)}")
    print(f"Rulebook    {bundle.short_fingerprint(found.rulebook)}")
    if differences:
        print(*differences, sep="\n")
        return 1
    if found.is_synthetic:
        print(reading.MADE_UP)
    ballots = " + ".join(f"{number:,}" for _, number in found.votes)
    print(
        f"The count of {ballots} ballots of “{printable(found.title)}” is reproduced bit for bit."
    )
    return 0


def _digits(text: str) -> str:
    """The hexadecimal digits of a fingerprint, or "" when it is none."""
    digits = "".join(text.split()).lower()
    known = 16 <= len(digits) <= 64 and set(digits) <= set("0123456789abcdef")
    return digits if known else ""
