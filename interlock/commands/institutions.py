"""`interlock institutions import FILE`, `undo NUMBER`, `steward SLUG EMAIL`, `trust SLUG`."""

import argparse
import json
import re
import sys
from pathlib import Path
from typing import Any

from interlock.commands.site import make_ready

SUMMARY = "Import a list of institutions or undo it; name who looks after one, or who may vouch."

LONGEST_CREDIT = 300


def add_arguments(parser: argparse.ArgumentParser) -> None:
    acts = parser.add_subparsers(dest="act", metavar="ACT", required=True)
    bring = acts.add_parser("import", help="import a list", description="Import a list.")
    bring.add_argument("file", type=Path, metavar="FILE.csv", help="the list")
    bring.add_argument(
        "--dry-run", action="store_true", help="say what would happen, write nothing"
    )
    bring.add_argument("--json", action="store_true", help="print the counts as JSON")
    bring.add_argument(
        "--members",
        default="",
        metavar="CODE",
        help="who the members are where a row does not say: a code of ESSGLOBAL, such as BMT30 "
        "(workers) for a list of worker co-ops",
    )
    bring.add_argument(
        "--kind",
        default="other_coop",
        help="the kind of those whose members are not said to be workers (default: other_coop)",
    )
    bring.add_argument(
        "--scheme",
        default="",
        help="the list at org-id.guide that identifiers are from, such as GB-COH",
    )
    bring.add_argument(
        "--doubtful",
        choices=["new", "same"],
        default="",
        help="enter doubtful rows as new, or as the one they may be (default: leave them out)",
    )
    bring.add_argument(
        "--credit",
        default="",
        help="who made the list, and its licence: told wherever the register is taken away",
    )
    back = acts.add_parser("undo", help="undo an import", description="Undo an import.")
    back.add_argument("number", type=int, help="its number, which the import said")
    named = acts.add_parser(
        "steward",
        help="name who looks after an institution",
        description="Name a person to look after an institution: you know them to belong to it. "
        "One that had left is here again.",
    )
    named.add_argument("slug", help="the last part of the address of its page")
    named.add_argument("email", help="the address that the person signs in with")
    for act, said in (
        ("trust", "let an institution vouch for others, and enter lists"),
        ("distrust", "no longer"),
    ):
        trusted = acts.add_parser(act, help=said, description=said.capitalize() + ".")
        trusted.add_argument("slug", help="the last part of the address of its page")


def run(arguments: argparse.Namespace) -> int:
    make_ready()
    from interlock.web.look.refusals import Refused

    try:
        if arguments.act in ("import", "undo"):
            return undo(arguments) if arguments.act == "undo" else bring(arguments)
        return name(arguments)
    except OSError as error:
        print(f"{error.filename}: {error.strerror}", file=sys.stderr)
    except Refused as refusal:
        print(refusal.reason, refusal.remedy, file=sys.stderr)
    return 2


def bring(arguments: argparse.Namespace) -> int:
    from django.utils import timezone

    from interlock.methods.formats.register.rows import LARGEST_FILE
    from interlock.web.institutions import importing
    from interlock.web.look.refusals import Refused

    if arguments.file.stat().st_size > LARGEST_FILE:
        raise importing.too_large()
    data = arguments.file.read_bytes()
    choices = choices_of(arguments)
    number = None
    if len(arguments.credit) > LONGEST_CREDIT:
        raise Refused(f"The credit has more than {LONGEST_CREDIT} signs.", "Say it in fewer.")
    if arguments.dry_run:
        planned = importing.plan(data, choices)
    else:
        if data.count(b"\n") > importing.MOST_ROWS:
            print("A long list: while it is written, whoever writes here waits.", file=sys.stderr)
        made, planned = importing.enter_at_once(
            data=data,
            file_name=arguments.file.name,
            choices=choices,
            at=timezone.now(),
            credit=arguments.credit,
        )
        number = made.pk
    report(planned, number, as_json=arguments.json)
    return 0


def choices_of(arguments: argparse.Namespace) -> Any:
    from interlock.methods.formats.essglobal import membership_code
    from interlock.web.institutions.importing import SCHEME, Choices
    from interlock.web.institutions.models import Kind
    from interlock.web.look.refusals import Refused

    membership = membership_code(arguments.members)
    if arguments.members and not membership:
        raise Refused(f"“{arguments.members}” is no type of membership.", "Give BMT10 to BMT60.")
    kinds = list(Kind.objects.values_list("slug", flat=True))
    if arguments.kind not in kinds:
        raise Refused(f"There is no kind “{arguments.kind}”.", f"Give one of {', '.join(kinds)}.")
    if arguments.scheme and not re.match(SCHEME, arguments.scheme):
        raise Refused(f"“{arguments.scheme}” is no list at org-id.guide.", "Give one as GB-COH.")
    return Choices(arguments.kind, membership, arguments.scheme, rest=arguments.doubtful)


def report(planned: Any, number: int | None, *, as_json: bool) -> None:
    """The counts on standard output; every row that is not simply entered on standard error."""
    from interlock.web.institutions.models import Outcome
    from interlock.web.institutions.remarks import labels, told

    # What is doubtful is left out by a real import, so that a dry run counts it so.
    counts = planned.counts
    counts["refused"] += counts.pop("doubtful")
    refused: list[dict[str, object]] = []
    for row in planned.rows:
        if row.outcome in (Outcome.REFUSED, Outcome.DOUBTFUL):
            refused += [
                {
                    "line": row.line,
                    "cell": one.cell,
                    "column": one.column,
                    "code": one.code,
                    "reason": one.text,
                }
                for one in map(told, row.faults)
            ]
    if as_json:
        print(json.dumps({**counts, "refused_rows": refused}, ensure_ascii=False, indent=2))
    else:
        print(", ".join(f"{outcome}: {number:,}" for outcome, number in counts.items()))
    for note in planned.notes:
        print(f"Note: {told(note)}", file=sys.stderr)
    for row in planned.rows:
        left_out = [] if as_json else row.faults
        for one in map(told, [*left_out, *row.notes]):
            print(f"line {row.line}: {one}", file=sys.stderr)
        if row.outcome == Outcome.MATCHED:
            fields = ", ".join([*labels(row.given), *(number[0] for number in row.numbers)])
            print(f"line {row.line}: {row.name}: {fields}", file=sys.stderr)
        if row.kept:
            kept = ", ".join(labels(row.kept))
            print(f"line {row.line}: {row.name} keeps its own: {kept}", file=sys.stderr)
    if number:
        print(f"Undo it with: interlock institutions undo {number}", file=sys.stderr)


def undo(arguments: argparse.Namespace) -> int:
    from django.utils import timezone

    from interlock.web.institutions import importing
    from interlock.web.institutions.models import Import
    from interlock.web.institutions.remarks import texts
    from interlock.web.look.refusals import Refused

    entering = Import.objects.filter(pk=arguments.number).first()
    if entering is None:
        raise Refused(f"There is no import {arguments.number}.")
    undone = importing.undo(entering=entering, at=timezone.now())
    print(f"removed: {undone.removed:,}, restored: {undone.restored:,}, stay: {len(undone.stay):,}")
    for row in undone.stay:
        print(f"{row.name} stays. {texts(row.faults)}", file=sys.stderr)
    return 0


def name(arguments: argparse.Namespace) -> int:
    """What whoever runs the site says of an institution, on nobody else's word."""
    from django.core.exceptions import ValidationError
    from django.core.validators import validate_email
    from django.utils import timezone

    from interlock.web.institutions import claiming
    from interlock.web.institutions.models import Institution
    from interlock.web.look.refusals import Refused

    institution = Institution.objects.filter(slug=arguments.slug).first()
    if institution is None:
        raise Refused(f"There is no institution “{arguments.slug}”.")
    at = timezone.now()
    if arguments.act == "steward":
        try:
            validate_email(arguments.email)
        except ValidationError:
            raise Refused(f"“{arguments.email}” is no e-mail address.") from None
        claiming.appoint(institution=institution, email=arguments.email, at=at)
        print(f"{arguments.email} looks after the page of {institution}.")
    elif arguments.act == "trust":
        claiming.trust(institution=institution, at=at)
        print(f"{institution} may vouch for the people of others, and its stewards enter lists.")
    else:
        claiming.distrust(institution=institution, at=at)
        print(f"{institution} may vouch for nobody any more, and its stewards enter no lists.")
    return 0
