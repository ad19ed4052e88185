"""`interlock sign-in-link E-MAIL`: let someone in without mail, once."""

import argparse
import os
import sys

from interlock.commands.site import make_ready

SUMMARY = "Print a link that signs a person in once, within a day."


def add_arguments(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("email", metavar="E-MAIL", help="their address")
    parser.add_argument(
        "--port", type=int, default=8000, help="where `interlock run` listens (default: 8000)"
    )
    parser.add_argument(
        "--administrator",
        action=argparse.BooleanOptionalAction,
        help="whether they run this site: an administrator enters and undoes lists of institutions",
    )


def run(arguments: argparse.Namespace) -> int:
    os.environ.setdefault("INTERLOCK_ORIGIN", f"http://127.0.0.1:{arguments.port}")
    make_ready()
    from django.core.exceptions import ValidationError
    from django.core.validators import validate_email
    from django.utils import timezone

    from interlock.web.people.actions import invite, make_administrator
    from interlock.web.people.links import sign_in_address

    try:
        validate_email(arguments.email)
    except ValidationError:
        print(f"{arguments.email} is not an e-mail address.", file=sys.stderr)
        return 2
    print(sign_in_address(invite(email=arguments.email, at=timezone.now())))
    if arguments.administrator is not None:
        make_administrator(email=arguments.email, administrator=arguments.administrator)
    return 0
