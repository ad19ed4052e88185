"""The verbs of participatory budgeting, from a new process to its published result."""

from collections.abc import Callable, Mapping
from datetime import datetime
from secrets import token_hex
from typing import TypeAlias

from django.db import transaction
from django.db.models import F
from django.utils.translation import gettext as _
from i18nfield.strings import LazyI18nString

from interlock.web.budgets import queries, rulebooks, rules
from interlock.web.budgets.models import (
    Allocation,
    Area,
    FundType,
    Pot,
    Process,
    Project,
    Rulebook,
    WhatIf,
)
from interlock.web.institutions.actions import free_slug
from interlock.web.institutions.models import Institution
from interlock.web.look.refusals import Refused
from interlock.web.people.models import Person
from interlock.web.record import actions as record
from interlock.web.record.chain import digest
from interlock.web.record.models import Audience
from interlock.web.record.wording import words
from interlock.web.voting import actions as voting
from interlock.web.voting.models import Box
from interlock.web.voting.rules import is_due

Words: TypeAlias = str | LazyI18nString

# Rooms join this list: given a process that is published, when and by whom, begin what follows.
following: list[Callable[[Process, datetime, Person | None], object]] = []


@transaction.atomic
def create_process(
    *, institution: Institution, title: Words, at: datetime, by: Person, **details: object
) -> Process:
    """A new process in preparation, with its empty ballot box."""
    process = Process.objects.create(
        institution=institution,
        slug=_address_of(title, internal=bool(details.get("is_internal"))),
        title=title,
        box=Box.objects.create(),
        created_at=at,
        **details,
    )
    note("created", process, at, by, audience=Audience.INSTITUTION)
    return process


def _address_of(title: Words, *, internal: bool) -> str:
    """The title, as in the address; that of an internal one is drawn, so that it tells nothing."""
    if internal:
        return f"inside-{token_hex(8)}"
    return free_slug(str(title), set(Process.objects.values_list("slug", flat=True)))


@transaction.atomic
def change_process(*, process: Process, changes: Mapping[str, object]) -> Process:
    process = _hold_changeable(process)
    if changes.get("currency", process.currency) != process.currency and queries.has_amounts(
        process
    ):
        raise Refused(
            _(
                "Amounts are kept in the smallest unit of a currency, so another one would change them."
            ),
            _("Take the pots and projects off first, or begin another process."),
        )
    for name, value in changes.items():
        setattr(process, name, value)
    process.save(update_fields=list(changes))
    return process


@transaction.atomic
def put_pot(
    *,
    process: Process,
    name: Words,
    source: Institution,
    fund_type: FundType | str,
    amount: int,
    pot: Pot | None = None,
) -> Pot:
    """Add a pot or change one; refused when it would hold less than areas already have from it."""
    process = _hold_changeable(process)
    pot = process.pots.get(pk=pot.pk) if pot else None
    allocated = pot.amount - pot.unallocated if pot else 0
    if amount < allocated:
        raise Refused(
            _("Areas already have more from this pot than that."), _("Lower their part first.")
        )
    pot = pot or Pot(process=process)
    pot.name, pot.source, pot.fund_type = name, source, FundType(fund_type)
    pot.amount, pot.unallocated = amount, amount - allocated
    pot.save()
    return pot


@transaction.atomic
def put_area(
    *,
    process: Process,
    name: Words,
    max_choices: int,
    allocations: Mapping[Pot, int],
    area: Area | None = None,
) -> Area:
    """Add an area or change one, and give it its part of each pot."""
    process = _hold_changeable(process)
    area = process.areas.get(pk=area.pk) if area else None
    if area is None:
        taken = set(process.areas.values_list("ref", flat=True))
        area = Area(process=process, ref=free_slug(str(name), taken), position=len(taken) + 1)
    area.name, area.max_choices = name, max_choices
    area.save()
    for pot, amount in allocations.items():
        _allocate(pot, area, amount)
    return area


@transaction.atomic
def remove_area(*, area: Area) -> None:
    """Take an empty area off; its money goes back to the pots it came from."""
    _hold_changeable(area.process)
    if area.projects.exists():
        raise Refused(_("There are projects in this area."), _("Move them or take them off first."))
    for allocation in area.allocations.select_related("pot"):
        _allocate(allocation.pot, area, 0)
    area.delete()


@transaction.atomic
def remove_pot(*, pot: Pot) -> None:
    _hold_changeable(pot.process)
    if pot.allocations.exists():
        raise Refused(_("Areas have money from this pot."), _("Set their part to nothing first."))
    pot.delete()


@transaction.atomic
def put_project(
    *,
    area: Area,
    title: Words,
    cost: int,
    description: Words = "",
    delivery_partner: Institution | None = None,
    project: Project | None = None,
) -> Project:
    """Add a project or change one. Its `ref` is a number that stays, also when others go."""
    process = _hold_changeable(area.process)
    project = process.projects.get(pk=project.pk) if project else None
    if project is None:
        refs = process.projects.values_list("ref", flat=True)
        project = Project(process=process, ref=str(max((int(ref) for ref in refs), default=0) + 1))
    project.area, project.title, project.cost = area, title, cost
    project.description, project.delivery_partner = description, delivery_partner
    project.save()
    return project


@transaction.atomic
def remove_project(*, project: Project) -> None:
    _hold_changeable(project.process)
    project.delete()


@transaction.atomic
def make_codes(*, process: Process, letters: int, at: datetime, by: Person) -> list[voting.Letter]:
    """Make voting codes, and put their number on record: for everyone once the vote is open."""
    made = voting.enrol(box=process.box, letters=letters)
    audience = Audience.PUBLIC if process.box.opened_at else Audience.INSTITUTION
    note("codes_made", process, at, by, audience=audience, letters=letters)
    return made


@transaction.atomic
def open_process(*, process: Process, at: datetime, by: Person) -> Process:
    """Freeze the rulebook, draw the lot for ties, and open the box."""
    process = _hold_changeable(process)
    missing = [line for line in rules.readiness(process, at) if not (line.done or line.advice)]
    if missing:
        raise Refused(missing[0].title, missing[0].text)
    body = rulebooks.written(process, lot_seed=rulebooks.drawn_lot())
    rulebook = Rulebook.objects.create(
        process=process, body=body, sha256=digest(body), frozen_at=at
    )
    assert process.closes_at is not None  # readiness saw to it
    process.box = voting.open_box(box=process.box, closes_at=process.closes_at, at=at)
    note("opened", process, at, by, rulebook=rulebook.sha256)
    return process


def cast_ballot(
    *,
    process: Process,
    voting_code: str,
    choices: rules.Choices,
    nonce: str,
    draft_code: str = "",
) -> str:
    """Cast one voter's ballot and return its receipt. Writes nothing to the record.

    The rulebook is frozen while the box is open, so what a ballot may hold cannot change between
    this check and the cast. Before the opening there is none: voting has not begun.
    """
    if not hasattr(process, "rulebook"):
        raise Refused(_("Voting has not opened yet."))
    if reason := rules.why_not_ballot(process.rulebook, choices):
        raise Refused(reason, status=422)
    areas = rules.ballot_areas(process.rulebook.sha256)
    content = {area.ref: sorted(set(choices.get(area.ref, ()))) for area in areas}
    return voting.cast(
        box_ref=process.box_id,
        voting_code=voting_code,
        content=content,
        nonce=nonce,
        draft_code=draft_code,
    )


def close_if_due(*, process: Process, at: datetime) -> Process:
    """Close a vote whose announced time has come, and ask the worker for its count.

    Every page of an open vote asks this, so only a vote that is due begins a transaction: on
    SQLite that takes the one write lock there is.
    """
    return _close(process, at) if is_due(process.box, at) else process


@transaction.atomic
def _close(process: Process, at: datetime) -> Process:
    closed = voting.close_if_due(box=process.box, at=at)
    process = queries.processes().get(pk=process.pk)
    if closed:
        process.count_requested_at = at
        process.save(update_fields=["count_requested_at"])
        ballots, roll = process.box.envelopes.count(), process.box.roll.count()
        if ballots >= rules.SMALLEST_TURNOUT_TOLD:
            note("closed", process, at, ballots=ballots, roll=roll)
        else:
            note("closed_with_few", process, at, roll=roll)
    return process


@transaction.atomic
def ask_for_count(*, process: Process, at: datetime) -> Process:
    """Ask once more for a count that failed."""
    process = _hold(process)
    if process.counted_at or not process.box.closed_at:
        raise Refused(_("There is nothing to count now."))
    process.count_requested_at, process.count_failure = at, ""
    process.save(update_fields=["count_requested_at", "count_failure"])
    return process


@transaction.atomic
def publish(*, process: Process, at: datetime, by: Person | None = None) -> Process:
    """Show the counted result, its reasons and its bundle to everyone."""
    process = _hold(process)
    if reason := rules.why_not_publish(process, queries.ballots_counted(process)):
        raise Refused(reason)
    if not queries.bundle_path(process).exists():
        raise Refused(
            _("The bundle of this count is missing on the server."),
            _("Bring it back from the back-up of the folder “bundles”, then publish."),
            status=503,
        )
    process.published_at = at
    process.save(update_fields=["published_at"])
    note("published", process, at, by, fingerprint=process.fingerprint)
    for begin in following:
        begin(process, at, by)
    return process


def ask_what_if(
    *, area: Area, rule: str, budget: int, costs: Mapping[str, int], at: datetime
) -> WhatIf:
    """Ask the worker to count an area's public ballots under other terms.

    The same question is one row, whoever asks. Refused while too many wait.
    """
    terms = [area.pk, area.process.fingerprint, rule, budget, dict(costs)]
    key = digest(terms)
    if known := WhatIf.objects.filter(pk=key).first():
        return known
    if queries.unanswered().count() >= rules.MOST_WAITING:
        raise Refused(
            _("Many people are asking right now."),
            _("Wait a minute, then ask again; nothing you typed has to change."),
            status=503,
        )
    asked, _new = WhatIf.objects.get_or_create(
        pk=key,
        defaults={
            "area": area, "rule": rule, "budget": budget, "costs": dict(costs), "asked_at": at,
        },
    )  # fmt: skip
    return asked


def _hold(process: Process) -> Process:
    """The process as it is now, locked until the transaction ends."""
    return (
        Process.objects.select_for_update(of=("self",))
        .select_related("box", "institution")
        .get(pk=process.pk)
    )


def _hold_changeable(process: Process) -> Process:
    held = _hold(process)
    if reason := rules.why_not_change(held):
        raise Refused(reason)
    return held


def _allocate(pot: Pot, area: Area, amount: int) -> None:
    """Set what a pot gives to an area; the pot's rest moves by the difference, never below 0."""
    before = Allocation.objects.filter(pot=pot, area=area).first()
    difference = amount - (before.amount if before else 0)
    moved = Pot.objects.filter(pk=pot.pk, unallocated__gte=difference).update(
        unallocated=F("unallocated") - difference
    )
    if not moved:
        raise Refused(
            _("%(pot)s does not hold that much any more.") % {"pot": pot.name},
            _("Give less, or lower another area's part first."),
            status=422,
        )
    if amount:
        Allocation.objects.update_or_create(pot=pot, area=area, defaults={"amount": amount})
    elif before:
        before.delete()


def note(
    what: str,
    process: Process,
    at: datetime,
    by: Person | None = None,
    *,
    audience: Audience = Audience.PUBLIC,
    **facts: object,
) -> None:
    """Put an act on the record; what is internal is for nobody but its institution."""
    if process.is_internal:
        audience = Audience.INSTITUTION
    record.write(
        act=f"process.{what}",
        subject=f"process/{process.slug}",
        at=at,
        is_synthetic=process.is_synthetic,
        audience=audience,
        actor=by.reference if by else "",
        facts={"title": words(process.title), **facts},
    )
