"""Leave to read single answers: asked for with a reason, given by whoever runs the survey, logged.

Nobody who governs what the survey asks about reads rows: not the stewards and delegates of a public
body or of a worker co-op, wherever it is. A chain has no borders, so no list could say which city or
co-op is meant; and a wave, a place and a role are enough to know a colleague again. Members of a
co-op who hold no office there may, as anybody. Whoever runs the survey has no rows either: they need
leave like all others, and nobody gives it to themselves. An office that begins later ends the
reading while it lasts, since each opening asks anew.
"""

from collections.abc import Iterator
from datetime import date, datetime, timedelta

from django.contrib.auth.models import AnonymousUser
from django.db import transaction
from django.db.models import QuerySet
from django.urls import reverse
from django.utils.functional import Promise
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from interlock.web.institutions.models import Kind
from interlock.web.look.amounts import calendar_day
from interlock.web.look.refusals import Refused
from interlock.web.people.models import Person
from interlock.web.people.waiting import Waiting
from interlock.web.record.models import Audience
from interlock.web.surveys.actions import held_by, note
from interlock.web.surveys.models import Opening, ResearcherAccess, Study

#: Whose stewards and delegates are asked about: those that a survey of this room can touch.
GOVERNED = (Kind.PUBLIC_BODY, Kind.PB_AUTHORITY, Kind.WORKER_COOP)
#: So long leave is given at once; so many people may wait for an answer.
LONGEST = timedelta(days=366)
MOST_WAITING = 50


def why_not_read(person: Person | AnonymousUser) -> str | Promise | None:
    """Why a person reads no rows of any survey, whoever would give them leave."""
    if not isinstance(person, Person):
        return gettext_lazy(
            "Single answers are read by people with leave, and you are not signed in."
        )
    if person.memberships.speakers().filter(institution__kind__in=GOVERNED).exists():
        return gettext_lazy(
            "You speak for a public body or a worker co-op here, and officials of those who are asked "
            "about never read single answers."
        )
    return None


def why_not_open(
    access: ResearcherAccess | None, person: Person, at: datetime
) -> str | Promise | None:
    """Why a person does not read the answers of a survey now."""
    if reason := why_not_read(person):
        return reason
    if access is None or access.person_id != person.pk or access.given_at is None:
        return gettext_lazy("You have no leave to read single answers of this survey.")
    if not access.holds(at):
        return gettext_lazy("Your leave to read single answers of this survey has ended.")
    return None


def why_not_ask(study: Study, person: Person) -> str | Promise | None:
    if reason := why_not_read(person):
        return reason
    if not study.opened_at:
        return _("This survey is not open yet, so there is nothing to read.")
    if study.retention.filter(what="answers").exists():
        return _("The answers of this survey were destroyed, as was promised.")
    if current(study).filter(person=person).exists():
        return _("You have asked already, or have leave.")
    if current(study).filter(given_at=None).count() >= MOST_WAITING:
        return _("Too many people wait for their answer already. Try again later.")
    return None


def why_not_give(
    access: ResearcherAccess, by: Person, until: date, at: datetime
) -> str | Promise | None:
    if access.given_at or access.declined_at or access.ended_at or access.person is None:
        return _("This was answered already.")
    if access.person_id == by.pk:
        return _("Nobody gives leave to themselves: another steward has to answer.")
    if why_not_read(access.person):
        return _(
            "They speak for a public body or a worker co-op here, and officials of those who are "
            "asked about never read single answers."
        )
    if not at.date() <= until <= at.date() + LONGEST:
        return _("Choose a day from today to %(day)s.") % {"day": calendar_day(at.date() + LONGEST)}
    return None


def current(study: Study) -> QuerySet[ResearcherAccess]:
    """Leave that is asked for or given, and neither declined nor ended."""
    return study.researchers.filter(ended_at=None, declined_at=None).select_related("person")


def access_of(study: Study, person: Person) -> ResearcherAccess | None:
    """What a person asked for last."""
    return study.researchers.filter(person=person).first()


def openings_of(study: Study) -> QuerySet[Opening]:
    """Each time single answers of a study were opened, the latest first."""
    return Opening.objects.filter(access__study=study).select_related("access__person")


@transaction.atomic
def ask(*, study: Study, reason: str, by: Person, at: datetime) -> ResearcherAccess:
    """Ask whoever runs a survey for leave to read its single answers."""
    if why := why_not_ask(study, by):
        raise Refused(why, status=409 if why_not_read(by) is None else 403)
    return ResearcherAccess.objects.create(study=study, person=by, reason=reason, asked_at=at)


@transaction.atomic
def give(*, access: ResearcherAccess, until: date, by: Person, at: datetime) -> ResearcherAccess:
    """Let somebody read single answers until a day."""
    held, stored = _held(access, by)
    if reason := why_not_give(stored, by, until, at):
        raise Refused(reason)
    stored.given_at, stored.given_by, stored.until = at, by, until
    stored.save(update_fields=["given_at", "given_by", "until"])
    facts = {"until": until.isoformat()}
    note("access_given", held, by, at, facts=facts)
    return stored


@transaction.atomic
def decline(*, access: ResearcherAccess, by: Person, at: datetime) -> ResearcherAccess:
    held, stored = _held(access, by)
    if stored.given_at or stored.declined_at or stored.ended_at:
        raise Refused(_("This was answered already."))
    stored.declined_at = at
    stored.save(update_fields=["declined_at"])
    note("access_declined", held, by, at, audience=Audience.INSTITUTION)
    return stored


@transaction.atomic
def end(*, access: ResearcherAccess, by: Person, at: datetime) -> ResearcherAccess:
    """Take leave back, from now on."""
    held, stored = _held(access, by)
    if not stored.given_at or stored.ended_at:
        raise Refused(_("There is no leave that could be ended."))
    stored.ended_at = at
    stored.save(update_fields=["ended_at"])
    note("access_ended", held, by, at)
    return stored


@transaction.atomic
def give_back(*, access: ResearcherAccess, by: Person, at: datetime) -> None:
    """A researcher needs to read no longer, or asks no longer."""
    stored = ResearcherAccess.objects.select_for_update().get(pk=access.pk)
    if stored.person_id != by.pk or stored.ended_at or stored.declined_at:
        raise Refused(_("There is no leave that could be ended."))
    stored.ended_at = at
    stored.save(update_fields=["ended_at"])
    if stored.given_at:
        note("access_ended", stored.study, by, at)


@transaction.atomic
def open_answers(*, study: Study, what: str, by: Person, at: datetime) -> Opening:
    """Write down that somebody opens single answers; without this nobody does."""
    access = study.researchers.select_for_update(of=("self",)).filter(person=by).first()
    if reason := why_not_open(access, by, at):
        raise Refused(reason, _("Ask whoever runs the survey, with a reason."), status=403)
    if study.retention.filter(what="answers").exists():
        raise Refused(_("The answers of this survey were destroyed, as was promised."), status=410)
    assert access
    return Opening.objects.create(access=access, at=at, what=what)


def waiting(person: Person) -> Iterator[Waiting]:
    """For the desk: who asks to read answers of the surveys that a person looks after."""
    own = person.memberships.stewards().values("institution")
    asked = ResearcherAccess.objects.filter(
        study__institution__in=own, given_at=None, declined_at=None, ended_at=None
    ).exclude(person=person)
    for one in asked.select_related("study")[:MOST_WAITING]:
        title = _("Somebody asks to read single answers: %(title)s") % {"title": one.study.title}
        yield Waiting(title, reverse("surveys:researchers", args=[one.study.slug]))


def _held(access: ResearcherAccess, by: Person) -> tuple[Study, ResearcherAccess]:
    held = held_by(access.study, by)
    stored = ResearcherAccess.objects.select_for_update(of=("self",)).select_related("person")
    return held, stored.get(pk=access.pk)
