"""What was promised to be destroyed is destroyed when its day has come, and the record says so.

Each promise is kept once, in one transaction with its own `RetentionRecord`: how much, on which day,
promised for which. Nothing here looks at an answer.
"""

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import date, datetime

from django.db import transaction
from django.db.models import Q, QuerySet

from interlock.web.surveys.actions import close_if_due, hold, note
from interlock.web.surveys.models import (
    Answer,
    Contact,
    Coupon,
    OpenLink,
    Permission,
    Respondent,
    Retained,
    RetentionRecord,
    Seed,
    Study,
)
from interlock.web.surveys.rules import is_over


@dataclass(frozen=True)
class Due:
    """A promise whose day has come: of which study, what, and the last day that it was kept."""

    study: Study
    what: Retained
    promised: date


def due(at: datetime) -> Iterator[Due]:
    """Every promise that is to be kept now, the oldest study first."""
    opened = Study.objects.filter(opened_at__isnull=False).prefetch_related("retention")
    for study in opened.filter(_some_day_came(at)).order_by("pk"):
        kept = {one.what for one in study.retention.all()}
        for what, day in _promises(study):
            if what not in kept and day is not None and is_over(day, at):
                yield Due(study, what, day)


def retain_due(at: datetime) -> bool:
    """Keep what is promised by now. Says whether there was anything to do."""
    found = list(due(at))
    for one in found:
        retain(one, at)
    return bool(found)


@transaction.atomic
def retain(one: Due, at: datetime) -> RetentionRecord | None:
    """Destroy what a promise is about, and write down that it was.

    None where a survey was let last longer since its drafts were found due.
    """
    held = hold(close_if_due(study=one.study, at=at))
    done = held.retention.filter(what=one.what).first()
    if done is not None:
        return done
    if one.what == Retained.DRAFTS and held.is_open:
        return None
    number = DESTROY[one.what](held)
    made = RetentionRecord.objects.create(
        study=held, what=one.what, promised=one.promised, done_on=at.date(), number=number
    )
    note("retained", held, None, at, facts={"what": one.what.value, "number": number})
    return made


def _some_day_came(at: datetime) -> Q:
    today = at.date()
    return (
        Q(closed_at__isnull=False)
        | Q(closes_on__lt=today)
        | Q(links_until__lt=today)
        | Q(contacts_until__lt=today)
        | Q(answers_until__lt=today)
    )


def _promises(study: Study) -> Iterator[tuple[Retained, date | None]]:
    """What is destroyed after which day. Drafts go when a study is closed, early or not."""
    closed = study.closed_at.date() if study.closed_at else study.closes_on
    yield Retained.DRAFTS, min(closed, study.closes_on)
    yield Retained.LINKS, study.links_until
    yield Retained.CONTACTS, study.contacts_until
    yield Retained.ANSWERS, study.answers_until


def _destroy_drafts(study: Study) -> int:
    """Answers that were never submitted, and what was posted on the way to those that were."""
    answers = Answer.objects.filter(respondent__study=study)
    never, _each = answers.filter(respondent__finished_on=None).delete()
    answers.update(kept={})
    study.respondents.filter(finished_on=None).update(role="", flags=[])
    return never


def _destroy_links(study: Study) -> int:
    """Codes, coupons, links and seeds. Tree and wave stay: random numbers that lead to nobody.

    Seeds go as rows, since their owner knows whom each number was given to.
    """
    respondents: QuerySet[Respondent] = study.respondents.all()
    codes = respondents.exclude(code_hash=None).count()
    respondents.update(coupon=None, link=None, code_hash=None)
    seeds = Seed.objects.filter(study=study)
    seeds.delete()
    coupons = Coupon.objects.filter(study=study)
    handed = coupons.update(parent=None, code_hash=None)
    links = OpenLink.objects.filter(study=study).update(code_hash=None)
    Permission.objects.filter(study=study).delete()
    return codes + handed + links


def _destroy_contacts(study: Study) -> int:
    return Contact.objects.filter(study=study).delete()[0]


def _destroy_answers(study: Study) -> int:
    """Answers, and what is known of them elsewhere: the role, and doubts."""
    gone, _each = Answer.objects.filter(respondent__study=study).delete()
    study.respondents.update(role="", flags=[])
    return gone


DESTROY: dict[str, Callable[[Study], int]] = {
    Retained.DRAFTS: _destroy_drafts,
    Retained.LINKS: _destroy_links,
    Retained.CONTACTS: _destroy_contacts,
    Retained.ANSWERS: _destroy_answers,
}
