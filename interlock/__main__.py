"""The command line: `interlock VERB …`, one module a verb, loaded when it is asked for.

Results go to standard output and everything else to standard error. Exit codes: 0 done, 1 a
negative finding (a recount that differs), 2 bad input.
"""

from __future__ import annotations

import argparse
import os
import signal
import sys
from collections.abc import Sequence
from importlib import import_module

VERBS = {
    "count": "interlock.commands.count",
    "explain": "interlock.commands.explain",
    "compare": "interlock.commands.compare",
    "simulate": "interlock.commands.simulate",
    "verify": "interlock.commands.verify",
    "recount": "interlock.commands.recount",
    "ranking": "interlock.commands.ranking",
    "surplus": "interlock.commands.surplus",
    "referral": "interlock.commands.referral",
    "observe": "interlock.commands.observe",
    "report": "interlock.commands.report",
    "measure": "interlock.commands.measure",
    "complement": "interlock.commands.complement",
    "run": "interlock.commands.running",
    "work": "interlock.commands.work",
    "import": "interlock.commands.importing",
    "institutions": "interlock.commands.institutions",
    "surveys": "interlock.commands.surveys",
    "export": "interlock.commands.export",
    "map": "interlock.commands.mapping",
    "gazetteer": "interlock.commands.gazetteer",
    "demo": "interlock.commands.demo",
    "sign-in-link": "interlock.commands.sign_in_link",
    "audit": "interlock.commands.audit",
    "translate": "interlock.commands.translate",
}


def parser(verb: str | None) -> argparse.ArgumentParser:
    """The parser of the whole command line, with the arguments of the one verb that was asked."""
    from interlock import __version__

    whole = argparse.ArgumentParser(
        prog="interlock",
        description="Participatory budgeting and worker co-operatives on one platform.",
    )
    whole.add_argument("--version", action="version", version=f"interlock {__version__}")
    verbs = whole.add_subparsers(dest="verb", metavar="VERB", required=True)
    for name, module in VERBS.items():
        if verb not in VERBS or name == verb:
            command = import_module(module)
            one = verbs.add_parser(name, help=command.SUMMARY, description=command.SUMMARY)
            command.add_arguments(one)
            one.set_defaults(run=command.run)
    return whole


def main(argv: Sequence[str] | None = None) -> int:
    """Run one verb and return its exit code."""
    arguments = list(sys.argv[1:] if argv is None else argv)
    verb = next((word for word in arguments if not word.startswith("-")), None)
    parsed = parser(verb).parse_args(arguments)
    try:
        code: int = parsed.run(parsed)
        sys.stdout.flush()
    except BrokenPipeError:
        # Whoever read us (`| head`) has seen enough; what is still buffered goes nowhere.
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
        return 128 + signal.SIGPIPE
    return code


if __name__ == "__main__":
    sys.exit(main())
