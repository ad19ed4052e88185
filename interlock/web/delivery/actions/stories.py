"""The verbs of the story: recorded, planned, delayed, told, stuck, going on, done, given up.

Every verb of this room holds the delivery first, so that no two act on its money at the same time.
"""

from collections.abc import Iterable, Mapping
from datetime import date, datetime
from typing import TypeAlias

from django.conf import settings
from django.db import transaction
from django.utils import translation
from django.utils.functional import Promise
from django.utils.translation import gettext as _
from i18nfield.strings import LazyI18nString

from interlock.web.budgets import queries as budgets
from interlock.web.budgets.models import Process
from interlock.web.budgets.rules import why_not_organise
from interlock.web.delivery.models import Delivery, Follow, Step, StepKind
from interlock.web.delivery.queries.awarding import open_lots, standing
from interlock.web.delivery.rules import stories as rules
from interlock.web.files.models import Picture
from interlock.web.institutions.models import Institution, Membership
from interlock.web.look.amounts import money
from interlock.web.look.refusals import Page, Refused
from interlock.web.messages.actions import write_all
from interlock.web.people.models import Person
from interlock.web.record import actions as record
from interlock.web.record.wording import words
from interlock.web.ties.actions import end_witnessed

Words: TypeAlias = str | LazyI18nString


@transaction.atomic
def record_funded(*, process: Process, at: datetime, by: Person | None = None) -> list[Delivery]:
    """A delivery for each project that a published count funded; those that are there stay.

    `by` is whoever asks for it; publishing asks by itself.
    """
    Process.objects.select_for_update(of=("self",)).get(pk=process.pk)
    if process.published_at is None:
        raise Refused(_("The result is not published yet."), _("Publish it first."))
    found = budgets.funded(process).filter(delivery=None).order_by("pk")
    made = Delivery.objects.bulk_create(
        Delivery(
            project=project, responsible=process.institution, cost=project.cost, recorded_at=at
        )
        for project in found
    )
    if made:
        record.write(
            act="delivery.recorded",
            subject=f"process/{process.slug}",
            at=at,
            is_synthetic=process.is_synthetic,
            actor=by.reference if by else "",
            facts={"title": words(process.title), "projects": len(made)},
        )
    return made


def ask_for_records(*, process: Process, by: Person, at: datetime) -> list[Delivery]:
    """The same, asked for by an organiser, of what was published before or imported."""
    if reason := why_not_organise(process, by):
        raise Refused(reason, status=403)
    return record_funded(process=process, at=at, by=by)


@transaction.atomic
def plan(
    *, delivery: Delivery, plan: Words, due_on: date | None, by: Person, at: datetime
) -> Delivery:
    """Say what will be done, and by when. A later day than the one said before is a delay."""
    held = held_by(delivery, by)
    if reason := rules.why_not_plan(held, due_on):
        raise Refused(reason, status=422)
    before, held.plan, held.due_on = held.due_on, plan, due_on
    held.save(update_fields=["plan", "due_on"])
    tell(held, StepKind.PLANNED, at, by, text=plan, due_before=before, due_after=due_on)
    return held


@transaction.atomic
def delay(*, delivery: Delivery, due_on: date, reason: Words, by: Person, at: datetime) -> Delivery:
    held = held_by(delivery, by)
    if why := rules.why_not_delay(held, due_on, str(reason)):
        raise Refused(why, status=422)
    before, held.due_on = held.due_on, due_on
    held.save(update_fields=["due_on"])
    tell(held, StepKind.DELAYED, at, by, text=reason, due_before=before, due_after=due_on)
    return held


@transaction.atomic
def news(
    *,
    delivery: Delivery,
    acting: Institution,
    text: Words,
    by: Person,
    at: datetime,
    picture: Picture | None = None,
    picture_alt: Words = "",
) -> Step:
    """What the responsible body or who delivers has to tell, perhaps with a picture.

    Also of what is done: it opens, it is used.
    """
    held = hold(delivery)
    if reason := rules.why_not_tell(held, acting, by):
        raise Refused(reason, status=403)
    if not str(text).strip():
        raise Refused(_("Say what happened."), status=422)
    check_picture(picture, picture_alt)
    return tell(
        held, StepKind.NEWS, at, by, acting, text=text, picture=picture, picture_alt=picture_alt
    )


@transaction.atomic
def stop(*, delivery: Delivery, reason: Words, by: Person, at: datetime) -> Delivery:
    """It is stuck, and at what."""
    held = held_by(delivery, by)
    if why := rules.why_not_stop(held, str(reason)):
        raise Refused(why, status=422)
    held.stuck_at = at
    held.save(update_fields=["stuck_at"])
    tell(held, StepKind.STUCK, at, by, text=reason)
    return held


@transaction.atomic
def resume(*, delivery: Delivery, by: Person, at: datetime, text: Words = "") -> Delivery:
    held = held_by(delivery, by)
    if reason := rules.why_not_resume(held):
        raise Refused(reason)
    held.stuck_at = None
    held.save(update_fields=["stuck_at"])
    tell(held, StepKind.RESUMED, at, by, text=text)
    return held


def stop_looking(held: Delivery) -> None:
    """Where no lot is open and no award stands any more, nobody is looked for until the next call."""
    if held.called_at and not standing(held).exists() and not open_lots(held).exists():
        held.called_at = None
        held.save(update_fields=["called_at"])


def follow(*, delivery: Delivery, person: Person, at: datetime) -> None:
    """Be told of each step by e-mail."""
    Follow.objects.get_or_create(delivery=delivery, person=person, defaults={"since": at})


def unfollow(*, delivery: Delivery, person: Person) -> None:
    Follow.objects.filter(delivery=delivery, person=person).delete()


def end(held: Delivery, kind: StepKind, by: Person, at: datetime, text: Words) -> Delivery:
    """It is over; what the site saw between those who took part is a thing of the past."""
    held.refresh_from_db(fields=["awarded", "returned"])
    if kind == StepKind.DONE:
        held.done_at = at
    else:
        held.given_up_at = at
    held.stuck_at = None
    held.save(update_fields=["done_at", "given_up_at", "stuck_at"])
    for award in standing(held).filter(agreement__isnull=False).select_related("agreement"):
        end_witnessed(witness=witness_of(award.agreement.pk), at=at)
    tell(held, kind, at, by, text=text)
    return held


def witness_of(agreement: int) -> str:
    """What the register names as witness of a tie that came of an agreement."""
    return f"agreement/{agreement}"


def hold(delivery: Delivery) -> Delivery:
    """As it is stored, held against others until the act is done."""
    found = Delivery.objects.select_for_update(of=("self",), no_key=True)
    return found.select_related("project__process", "project__area", "responsible").get(
        pk=delivery.pk
    )


def held_by(delivery: Delivery, by: Person) -> Delivery:
    """The same, only for its officers."""
    held = hold(delivery)
    if reason := rules.why_not_officer(held, by):
        raise Refused(reason, status=403)
    return held


def check_picture(picture: Picture | None, alt: Words) -> None:
    if picture and not str(alt).strip():
        raise Refused(
            _("A picture needs words for those who cannot see it."),
            _("Say in a sentence what it shows."),
            status=422,
        )


def tell(
    held: Delivery,
    kind: StepKind,
    at: datetime,
    by: Person,
    acting: Institution | None = None,
    facts: Mapping[str, object] | None = None,
    **said: object,
) -> Step:
    """A step of the story: on the page, on the record, and in the mail of all who follow it."""
    step = Step.objects.create(
        delivery=held, kind=kind, at=at, by=acting or held.responsible, **said
    )
    told = {**(facts or {}), "by": words(step.by.name)} if step.by else dict(facts or {})
    if step.party:
        told["party"] = words(step.party.name)
    if step.amount is not None:
        told |= {"amount": step.amount, "money": in_words(held, step.amount)}
    if step.due_after:
        told["due_on"] = step.due_after.isoformat()
    note(kind, held, at, by, told)
    followers = Follow.objects.filter(delivery=held).exclude(person=by)
    write_all(
        to=followers.values_list("person__email", flat=True),
        template="delivery/mail/step.txt",
        context={"delivery": held, "step": step},
        at=at,
    )
    return step


def speakers(
    institutions: Iterable[Institution] | Iterable[int], *, but: Person | None = None
) -> list[str]:
    """The addresses of all who speak for these."""
    found = Membership.objects.speakers().filter(institution__in=institutions).exclude(person=but)
    return sorted(set(found.values_list("person__email", flat=True)))


def ask(
    institutions: Iterable[Institution],
    held: Delivery,
    what: str | Promise,
    page: Page,
    at: datetime,
    *,
    but: Person | None = None,
) -> None:
    """A mail to all who speak for these: what happened, and what is now theirs to do."""
    write_all(
        to=speakers(institutions, but=but),
        template="delivery/mail/yours.txt",
        context={"delivery": held, "what": what, "page": page},
        at=at,
    )


def note(
    what: str, held: Delivery, at: datetime, by: Person | None, facts: Mapping[str, object]
) -> None:
    """One fact about a delivery, on the public record."""
    record.write(
        act=f"delivery.{what}",
        subject=f"delivery/{held.pk}",
        at=at,
        is_synthetic=held.responsible.is_synthetic,
        actor=by.reference if by else "",
        facts={"title": words(held.project.title), **facts},
    )


def in_words(held: Delivery, amount: int) -> dict[str, str]:
    """An amount as each language writes it, for the record's sentences."""
    told = {}
    for code, _name in settings.LANGUAGES:
        with translation.override(code):
            told[code] = money(amount, held.project.process.currency)
    return told
