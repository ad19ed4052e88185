"""The verbs of leaving: announced, perhaps stopped, done when its day has come."""

from collections.abc import Callable, Iterable
from datetime import datetime
from functools import partial

from django.db import transaction

from interlock.web.files.actions import release
from interlock.web.institutions import rules
from interlock.web.institutions.actions import held_by, note, tell
from interlock.web.institutions.models import Institution
from interlock.web.look.refusals import Refused
from interlock.web.people.models import Person

#: What stays of one that left. Its numbers keep a list from entering it again, and tell those who have
#: ties with it which one it was; all else is as if nobody had ever said it.
KEPT = {"id", "slug", "name", "kind", "registered_at", "left_at", "is_synthetic"}

# Rooms join this list: given an institution that leaves and when, end there what goes with it.
endings: list[Callable[[Institution, datetime], None]] = []


@transaction.atomic
def announce(*, institution: Institution, by: Person, at: datetime) -> Institution:
    """Say that it leaves. Every steward is told, and has a week to stop it."""
    held = held_by(institution, by)
    if reason := rules.why_not_leave(held):
        raise Refused(reason)
    held.leaving_at = at + rules.BEFORE_LEAVING
    held.save(update_fields=["leaving_at"])
    note("leaving", held, at, by)
    tell("leaving", _stewards(held), held, at)
    return held


@transaction.atomic
def stay(*, institution: Institution, by: Person, at: datetime) -> Institution:
    """Stop it: nothing has gone yet."""
    held = held_by(institution, by)
    if held.leaving_at:
        held.leaving_at = None
        held.save(update_fields=["leaving_at"])
        note("stays", held, at, by)
        tell("stays", _stewards(held), held, at)
    return held


def leave_due(at: datetime) -> bool:
    """Let one go whose day has come, if there is one. What binds it by then keeps it here."""
    with transaction.atomic():
        due = Institution.objects.filter(leaving_at__lte=at).order_by("leaving_at")
        held = due.select_for_update(of=("self",), skip_locked=True).first()
        if held is None:
            return False
        if rules.bonds_of(held):
            held.leaving_at = None
            held.save(update_fields=["leaving_at"])
            note("stays", held, at)
            # Asked again in each language of the mail.
            reasons = partial(rules.bonds_of, held)
            tell("bound", _stewards(held), held, at, reasons=reasons)
        else:
            _leave(held, at)
        return True


def _leave(held: Institution, at: datetime) -> None:
    for end in endings:
        end(held, at)
    current = held.memberships.filter(until__isnull=True)
    told = set(current.values_list("person__email", flat=True))
    current.update(until=at)
    held.claims.filter(settled_at=None).update(settled_at=at, note="")
    held.questions.filter(settled_at=None).update(settled_at=at, note="")
    held.certifications.all().delete()
    # What lists said of it; that a row was about it stays, so that the list is not entered again.
    held.import_rows.update(given={}, former={}, numbers=[], faults=[], notes=[])
    held.followed.all().delete()
    release(sha256=held.picture_id, at=at)
    for field in Institution._meta.concrete_fields:
        if field.name not in KEPT:
            setattr(held, field.attname, field.get_default())
    held.left_at = at
    held.save()
    note("left", held, at)
    tell("left", sorted(told), held, at)


def _stewards(held: Institution) -> Iterable[str]:
    return held.memberships.stewards().values_list("person__email", flat=True)
