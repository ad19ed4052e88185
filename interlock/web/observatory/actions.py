"""The verbs of the register of policies, and of lists that are given to be observed."""

from collections.abc import Iterable, Mapping
from datetime import date, datetime
from secrets import token_urlsafe
from typing import TypedDict

from django.db import transaction
from django.db.models import Q
from django.utils.translation import gettext as _

from interlock.web.institutions.models import Institution
from interlock.web.look.refusals import Refused
from interlock.web.messages.actions import write_all
from interlock.web.observatory import held, queries, rules
from interlock.web.observatory.codebook import EDITION
from interlock.web.observatory.models import (
    Asked,
    AskedFile,
    Coding,
    Policy,
    Reckoning,
    State,
    Version,
)
from interlock.web.people.models import Person
from interlock.web.record import actions as record
from interlock.web.record.models import Audience
from interlock.web.record.wording import words


class Said(TypedDict):
    """What an entry says."""

    institution: Institution | None
    area: str
    country: str
    adopted_on: date
    title: str
    passage: str
    source: str


#: What coders read.
READ = ("title", "passage")


@transaction.atomic
def propose(*, by: Person, at: datetime, said: Said, is_invented: bool = False) -> Policy:
    """Enter a policy. Until somebody confirms it, only they and the keepers of the register see it.

    Of an area in words nobody else knows whether it `is_invented`: no form says so.
    """
    if reason := rules.why_not_propose(by, at):
        raise Refused(reason, status=429)
    made = Policy.objects.create(entered_by=by, entered_at=at, is_invented=is_invented, **said)
    _keep_version(made, by, at, "")
    _note("proposed", made, by, at, audience=Audience.NOBODY)
    return made


@transaction.atomic
def confirm(*, policy: Policy, by: Person, at: datetime) -> Policy:
    """The source says so: from now on everybody reads it, and it waits to be coded."""
    held = _held(policy)
    if reason := rules.why_not_confirm(held, by):
        raise Refused(reason, status=403)
    held.state, held.confirmed_at, held.confirmed_by = State.TO_CODE, at, by
    held.save(update_fields=["state", "confirmed_at", "confirmed_by"])
    _note("confirmed", held, by, at)
    _mail("to_code", queries.newly_asked(held).exclude(pk=by.pk), held, at)
    request_reckoning(at)
    return held


@transaction.atomic
def correct(*, policy: Policy, by: Person, at: datetime, said: Said, note: str) -> Policy:
    """A new version. Where coders read another text from now on, one coding that is in counts no longer."""
    held = _held(policy)
    if reason := rules.why_not_correct(held, by):
        raise Refused(reason, status=403)
    changed = [name for name, value in said.items() if getattr(held, name) != value]
    if not changed:
        return held
    is_text = not set(changed).isdisjoint(READ)
    if is_text and (reason := rules.why_not_change_text(held)):
        raise Refused(reason)
    for name in changed:
        setattr(held, name, said[name])  # type: ignore[literal-required]
    held.version += 1
    if is_text:
        held.text_version = held.version
    held.save()
    _keep_version(held, by, at, note)
    if held.confirmed_at:
        _note("corrected", held, by, at, fields=sorted(changed), version=held.version)
        if is_text:
            again = held.codings.exclude(text_version=held.text_version).values("coder")
            _mail("to_code", queries.newly_asked(held).filter(pk__in=again), held, at)
        request_reckoning(at)
    return held


@transaction.atomic
def withdraw(*, policy: Policy, by: Person, at: datetime, reason: str) -> Policy:
    """It is counted no longer. Its page stays, with the reason."""
    held = _held(policy)
    if why_not := rules.why_not_withdraw(held, by):
        raise Refused(why_not, status=403)
    held.state, held.withdrawn_at, held.withdrawn_because = State.WITHDRAWN, at, reason
    held.save(update_fields=["state", "withdrawn_at", "withdrawn_because"])
    public = held.confirmed_at is not None
    audience = Audience.PUBLIC if public else Audience.NOBODY
    _note("withdrawn", held, by, at, audience=audience, reason=reason)
    if public:
        request_reckoning(at)
    return held


@transaction.atomic
def code(
    *,
    policy: Policy,
    by: Person,
    at: datetime,
    text_version: int,
    order: int,
    direction: str,
    reason: str,
) -> Coding:
    """Say what a passage is: blind to the other, or, once both are in and differ, to settle it.

    `text_version` is the text that was read; it is refused where another stands by now.
    """
    held = _held(policy)
    if why_not := rules.why_not_code(held, by):
        raise Refused(why_not, status=403)
    if text_version != held.text_version:
        raise Refused(
            _("The text was corrected while you read it."),
            _("Read it once more, and code it again."),
        )
    current = list(held.codings.filter(text_version=held.text_version).order_by("place"))
    made = Coding.objects.create(
        policy=held,
        text_version=held.text_version,
        place=len(current) + 1,
        order=order,
        direction=direction,
        reason=reason,
        edition=EDITION,
        coder=by,
        coded_at=at,
    )
    _conclude(held, [*current, made], by, at)
    return made


def request_reckoning(at: datetime) -> None:
    """What all policies add up to is due to be worked out anew."""
    Reckoning.objects.create(requested_at=at)


def _conclude(held: Policy, codings: list[Coding], by: Person, at: datetime) -> None:
    """What follows from the coding that came last. The first is told to nobody but that it is there."""
    if len(codings) == 1:
        _note("coded_once", held, by, at)
        return
    first, second, latest = codings[0], codings[1], codings[-1]
    if latest.place == Coding.THIRD:
        held.state, held.order, held.direction = State.SETTLED, latest.order, latest.direction
    else:
        same_order, same_way = first.order == second.order, first.direction == second.direction
        held.state = State.ALIKE if same_order and same_way else State.APART
        held.order = first.order if same_order else None
        held.direction = first.direction if same_way else ""
    held.save(update_fields=["state", "order", "direction"])
    told = [{"order": one.order, "direction": one.direction} for one in codings]
    _note(f"coded_{held.state}", held, by, at, codings=told)
    if held.state == State.APART:
        _mail("to_code", queries.newly_asked(held), held, at)
    if held.entered_by and held.entered_by != by:
        _mail("coded", [held.entered_by], held, at)
    request_reckoning(at)


def _mail(what: str, to: Iterable[Person], held: Policy, at: datetime) -> None:
    """The mail of that name. None says what a coder said: the page does, once everybody may read it."""
    write_all(
        to=[one.email for one in to],
        template=f"observatory/mail/{what}.txt",
        context={"policy": held},
        at=at,
    )


def _held(policy: Policy) -> Policy:
    """As it is stored, held against others until the act is done."""
    found = Policy.objects.select_for_update(of=("self",)).select_related(
        "institution", "entered_by"
    )
    return found.get(pk=policy.pk)


def _keep_version(policy: Policy, by: Person, at: datetime, note: str) -> None:
    said = {
        "institution": policy.institution.slug if policy.institution else "",
        "area": policy.area,
        "country": policy.country,
        "adopted_on": policy.adopted_on.isoformat(),
        "title": policy.title,
        "passage": policy.passage,
        "source": policy.source,
    }
    Version.objects.create(
        policy=policy, number=policy.version, said=said, note=note, made_by=by, made_at=at
    )


def _note(
    what: str,
    policy: Policy,
    by: Person,
    at: datetime,
    *,
    audience: Audience = Audience.PUBLIC,
    **facts: object,
) -> None:
    """One fact about an entry, on the record."""
    place = words(policy.institution.name) if policy.institution else policy.area
    record.write(
        act=f"policy.{what}",
        subject=f"policy/{policy.pk}",
        at=at,
        is_synthetic=policy.is_synthetic,
        audience=audience,
        actor=by.reference,
        facts={"title": policy.title, "place": place, **facts},
    )


@transaction.atomic
def ask(
    *,
    by: Person,
    at: datetime,
    files: Mapping[str, tuple[str, bytes]],
    columns: Mapping[str, str],
    is_synthetic: bool = False,
) -> Asked:
    """Give lists to be observed: a name and the bytes by role. What one asks is nobody else's affair."""
    Person.objects.select_for_update().get(pk=by.pk)
    if reason := rules.why_not_ask(by):
        raise Refused(reason, status=429)
    made = Asked.objects.create(
        code=token_urlsafe(12), by=by, at=at, columns=dict(columns), is_synthetic=is_synthetic
    )
    AskedFile.objects.bulk_create(
        AskedFile(asked=made, role=role, name=name[:200], data=data)
        for role, (name, data) in files.items()
    )
    return made


def ask_held_due(at: datetime) -> bool:
    """Ask of the lists that come with the site, once for each version; say whether any was asked."""
    known = set(queries.held().values_list("code", flat=True))
    missing = [name for name in held.HELD if queries.held_code(name) not in known]
    for name in missing:
        with transaction.atomic():
            made = Asked.objects.create(code=queries.held_code(name), at=at)
            AskedFile.objects.create(
                asked=made, role="areas", name=f"us_metros_{name}.csv", data=held.table(name)
            )
    return bool(missing)


def take_back(*, asked: Asked) -> None:
    """Forget lists and their answer."""
    asked.delete()


def forget_asked_due(at: datetime) -> bool:
    """Forget what was asked so long ago, and what another version held; say whether there was any."""
    old = Q(at__lt=at - rules.KEPT, by__isnull=False)
    another = Q(by=None) & ~Q(pk__in=queries.held().values("pk"))
    return Asked.objects.filter(old | another).delete()[0] > 0
