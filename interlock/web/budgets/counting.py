"""Where budgets meet the library: counting a closed process, and importing a finished one.

Only the worker and the command line import this; a web process never loads numpy.
"""

import logging
import os
import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from itertools import pairwise
from typing import Any

from babel import Locale
from babel.numbers import get_territory_currencies
from django.conf import settings
from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from interlock import __version__
from interlock.methods.counting.measures import voters_reached
from interlock.methods.counting.names import why_not_supported
from interlock.methods.counting.result import protocol
from interlock.methods.counting.rules import count
from interlock.methods.formats import bundle, pabulib
from interlock.methods.formats.amounts import decimal_text
from interlock.web.budgets import actions, queries, rulebooks, rules
from interlock.web.budgets.models import (
    Allocation,
    Area,
    Count,
    FundType,
    Margin,
    Pot,
    Process,
    Project,
)
from interlock.web.institutions.actions import free_slug, register
from interlock.web.institutions.models import Institution, Kind
from interlock.web.look.amounts import precision
from interlock.web.look.refusals import Refused
from interlock.web.voting import actions as voting
from interlock.web.voting import queries as boxes

log = logging.getLogger(__name__)


def run_due(at: datetime) -> int:
    """Close every vote whose time has come, count what waits, and say how many were counted.

    A count that fails is written down with its reason, and waits until somebody asks again.
    """
    for process in queries.due_to_close(at):
        actions.close_if_due(process=process, at=at)
    done = 0
    for process in queries.waiting_for_count():
        try:
            count_process(process=process, at=timezone.now())
            done += 1
        except Exception as error:
            log.exception("the count of %s failed", process.slug)
            Process.objects.filter(pk=process.pk).update(count_failure=str(error) or repr(error))
    return done


def count_process(*, process: Process, at: datetime) -> Process:
    """Unseal the box, count every area by the frozen rulebook, and store result and bundle.

    Running it twice gives the same bytes, so a worker that died half-way is simply run again.
    """
    voting.unseal(box=process.box, at=at)
    body = process.rulebook.body
    ballots = list(boxes.ballots(process.box))
    areas = [
        bundle.Area(
            slug=area["ref"],
            name=_plain(area["name"]),
            pabulib=_pabulib(process, body, area, ballots),
            rule=body["rule"],
            lot_seed=body["ties"]["lot_seed"],
        )
        for area in body["areas"]
    ]
    return _store(process, body, areas, boxes.receipts(process.box), len(ballots), at)


def _pabulib(
    process: Process, body: Mapping[str, Any], area: Mapping[str, Any], ballots: Sequence[Any]
) -> bytes:
    """One area's election as a `.pb` file, its ballots in an order of their own.

    Each area's ballots are sorted by what they say there: the order of another area's choices
    would tell which ballots belong together.
    """
    unit = 10 ** precision(body["currency"])
    voted = sorted(tuple(b[area["ref"]]) for b in ballots if b.get(area["ref"]))
    days = [at.strftime("%d.%m.%Y") for at in (process.box.opened_at, process.box.closed_at) if at]
    meta = {
        "description": _plain(body["title"]),
        "country": Locale("en").territories[settings.INTERLOCK_REGION],
        "unit": _plain(body["institution"]),
        "subunit": _plain(area["name"]),
        "instance": days[-1][-4:],
        "budget": decimal_text(area["budget"], unit),
        "vote_type": "approval",
        "rule": body["rule"],
        "date_begin": days[0],
        "date_end": days[-1],
        "min_length": "1",
        "max_length": str(min(area["max_choices"], len(area["projects"]))),
        "currency": body["currency"],
    }
    if process.is_synthetic:
        meta["synthetic"] = "true"
    projects = [
        {
            "project_id": project["ref"],
            "cost": decimal_text(project["cost"], unit),
            "name": _plain(project["title"]),
        }
        for project in area["projects"]
    ]
    return pabulib.write(pabulib.compose(meta, projects, voted)).encode()


def _plain(text: object) -> str:
    """A text in one language for files that have no more: English, or the first there is."""
    if isinstance(text, dict):
        return str(text.get("en") or next(iter(text.values()), ""))
    return str(text)


def _store(
    process: Process,
    body: Mapping[str, Any],
    areas: Sequence[bundle.Area],
    receipts: Sequence[str],
    ballots: int,
    at: datetime,
) -> Process:
    packed = bundle.write(
        title=_plain(body["title"]),
        slug=process.slug,
        rulebook=body,
        areas=areas,
        software=__version__,
        receipts=receipts,
    )
    results = {area.slug: _told(area, ballots, process.currency) for area in areas}
    path = queries.bundle_path(process)
    path.parent.mkdir(mode=0o700, exist_ok=True)
    aside = path.with_suffix(f".{os.getpid()}")
    with aside.open("wb") as file:
        file.write(packed)
        file.flush()
        os.fsync(file.fileno())
    aside.replace(path)
    return _save(process, areas, results, bundle.fingerprint(packed), at)


def _told(area: bundle.Area, ballots: int, currency: str) -> dict[str, Any]:
    """All that the result page tells about an area, beside the plain greedy count."""
    election = area.election
    greedy = count(election, "greedy", lot_seed=area.lot_seed)
    return {
        "protocol": protocol(area.result),
        "reached": voters_reached(election, area.result.funded),
        "greedy": {
            "funded": list(greedy.funded),
            "reached": voters_reached(election, greedy.funded),
        },
        "rules": [
            _by_rule(area, rule, currency)
            for rule in rules.rules_for(election.ballots.kind, area.rule)
        ],
        "points": dict(zip(election.projects, election.points, strict=True)),
        "ballots": ballots,
        "input_sha256": area.file.input_sha256,
    }


def _by_rule(area: bundle.Area, rule: str, currency: str) -> dict[str, Any]:
    """What a rule funds of the same ballots; what it spends in minor units of the currency."""
    election = area.election
    result = area.result if rule == area.rule else count(election, rule, lot_seed=area.lot_seed)
    return {
        "rule": rule,
        "funded": list(result.funded),
        "spent": result.spent * 10 ** precision(currency) // election.unit,
        "reached": voters_reached(election, result.funded),
    }


@transaction.atomic
def _save(
    process: Process,
    areas: Sequence[bundle.Area],
    results: Mapping[str, Mapping[str, Any]],
    fingerprint: str,
    at: datetime,
) -> Process:
    held = Process.objects.select_for_update(of=("self",)).select_related("box").get(pk=process.pk)
    if held.counted_at:
        return held
    rows = {area.ref: area for area in held.areas.all()}
    Count.objects.bulk_create(
        Count(
            area=rows[area.slug],
            rule=area.rule,
            ballot=area.election.ballots.kind,
            input_sha256=results[area.slug]["input_sha256"],
            software=__version__,
            finished_at=at,
            result=results[area.slug],
        )
        for area in areas
    )
    if rules.are_ballots_public(held, [area.result.votes for area in areas]):
        funded = [ref for area in areas for ref in area.result.funded]
        # Due for the worker's second pass, which no count and no publication waits for.
        unfunded = held.projects.exclude(ref__in=funded)
        Margin.objects.bulk_create(Margin(project=project) for project in unfunded)
    held.counted_at, held.fingerprint = at, fingerprint
    held.save(update_fields=["counted_at", "fingerprint"])
    actions.note("counted", held, at)
    return held


@dataclass(frozen=True)
class Imported:
    """A process made from a file, and what was noticed on the way."""

    process: Process
    notes: Sequence[str]


def import_election(
    *, file_name: str, data: bytes, at: datetime, rule: str = "", currency: str = ""
) -> Imported:
    """Make a finished, published process of a `.pb` file, of voters nobody here knows.

    All or nothing. Raises PabulibError with every fault of the file, and Refused for a rule,
    ballot type or currency that cannot be used. A file imported before is refused.
    """
    file = pabulib.read(data)
    rule = rule or file.rule
    if reason := why_not_supported(rule, file.ballots.kind):
        raise Refused(f"{reason} Give another with --rule.")
    currency = currency or _currency(file)
    _check_limits(file, currency)
    counts = Count.objects.exclude(area__process__imported_from="")
    if counts.filter(input_sha256=file.input_sha256).exists():
        raise Refused(_("This file was imported before."), _("Look for it in the list of budgets."))
    with transaction.atomic():
        process, area = _imported_process(file, file_name, rule, currency, at)
        _imported_projects(file, process, area)
        kind = file.ballots.kind
        body = rulebooks.written(process, lot_seed=file.input_sha256, ballot=kind)
        part = bundle.Area(area.ref, str(area.name), data, rule, file.input_sha256)
        try:
            counted = part.result
        except ValueError as error:
            raise Refused(f"{error} Give another rule with --rule.") from error
        process = _store(process, body, [part], (), counted.votes, at)
        actions.note("imported", process, at, file=file_name)
        return Imported(actions.publish(process=process, at=at), file.notes)


def _currency(file: pabulib.PabulibFile) -> str:
    """The currency the file names, or that of the country it names."""
    if named := file.meta.get("currency", "").strip().upper():
        return named
    codes = {name: code for code, name in Locale("en").territories.items()}
    country = codes.get(file.meta.get("country", "").strip())
    usual = get_territory_currencies(country) if country else []
    if not usual:
        raise Refused("The file names no currency. Give one with --currency, such as EUR.")
    return usual[0]


def _check_limits(file: pabulib.PabulibFile, currency: str) -> None:
    """What the tables cannot hold is refused in a sentence, on every database alike."""
    if not re.fullmatch("[A-Z]{3}", currency):
        raise Refused(f"“{currency}” is no currency. Give three capital letters, such as EUR.")
    longest = Project._meta.get_field("ref").max_length or 0
    if long := next((ref for ref in file.projects if len(ref) > longest), None):
        raise Refused(f"The project id “{long[:20]}…” is longer than {longest} signs. Shorten it.")
    election = file.election()
    if max(election.budget, *election.costs) * 10 ** precision(currency) >= 2**63 * election.unit:
        raise Refused("An amount is larger than any public budget. Correct the file.")


def _imported_process(
    file: pabulib.PabulibFile, file_name: str, rule: str, currency: str, at: datetime
) -> tuple[Process, Area]:
    meta = file.meta
    unit = meta.get("unit", "").strip() or file_name
    known = Institution.objects.filter(imported_from__gt="", is_synthetic=file.is_synthetic)
    owner = known.filter(name=unit).first() or register(
        name=unit,
        kind=Kind.PUBLIC_BODY,
        at=at,
        place=meta.get("country", "")[:120],
        imported_from=file_name,
        is_synthetic=file.is_synthetic,
    )
    parts = [unit, meta.get("subunit", ""), meta.get("instance", "")]
    title = ", ".join(part for part in parts if part.strip())[:200]
    box = voting.box_of_strangers(contents=_contents(file), at=at)
    process = Process.objects.create(
        institution=owner,
        slug=free_slug(title, set(Process.objects.values_list("slug", flat=True))),
        title=title,
        summary=meta.get("description", ""),
        currency=currency,
        zone="UTC",
        closes_at=at,
        rule=rule,
        box=box,
        created_at=at,
        imported_from=file_name[:200],
    )
    budget = _minor(file.election().budget, file.election().unit, currency, "budget")
    most = max(len(file.projects), 1)
    area = Area.objects.create(
        process=process, ref=AREA, name=parts[1].strip() or unit, position=1, max_choices=most
    )
    pot = Pot.objects.create(
        process=process, name=title, source=owner, fund_type=FundType.CAPITAL,
        amount=budget, unallocated=0,
    )  # fmt: skip
    Allocation.objects.create(pot=pot, area=area, amount=budget)
    return process, area


AREA = "all"


def _contents(file: pabulib.PabulibFile) -> Iterator[dict[str, list[str]]]:
    offsets, marks = file.ballots.offsets.tolist(), file.ballots.projects.tolist()
    ids = file.projects
    for start, end in pairwise(offsets):
        yield {AREA: [ids[mark] for mark in marks[start:end]]}


def _imported_projects(file: pabulib.PabulibFile, process: Process, area: Area) -> None:
    election, names, selected = file.election(), file.names(), file.selected()
    texts = (
        dict(zip(file.projects, file.column("description"), strict=True))
        if "description" in file.project_columns
        else {}
    )
    Project.objects.bulk_create(
        Project(
            process=process,
            area=area,
            ref=ref,
            title=names[ref][:200],
            description=texts.get(ref, ""),
            cost=_minor(cost, election.unit, process.currency, f"cost of project {ref}"),
            official=None if selected is None else ref in selected,
        )
        for ref, cost in zip(election.projects, election.costs, strict=True)
    )


def _minor(amount: int, unit: int, currency: str, what: str) -> int:
    """An amount of a file in minor units of its currency, exactly."""
    scale: int = 10 ** precision(currency)
    minor, rest = divmod(amount * scale, unit)
    if rest:
        raise Refused(f"The {what} has more decimals than {currency} has. Correct the file.")
    return minor
