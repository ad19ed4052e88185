"""Who may do what with a call, and when."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime, timedelta

from django.contrib.auth.models import AnonymousUser
from django.utils.functional import Promise
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from interlock.web.delivery.models import Call, Delivery, Lot, Preference
from interlock.web.institutions.models import Institution
from interlock.web.institutions.rules import (
    why_not_enter_lists,
    why_not_look_after,
    why_not_speak_for,
)
from interlock.web.look.amounts import money
from interlock.web.people.models import Person

#: Nobody can answer a call that closes tomorrow.
SHORTEST = timedelta(days=1)
LONGEST = timedelta(days=360)
CUSTODIANS = 2
MOST_LOTS = 20
MOST_CRITERIA = 10
MOST_QUESTIONS = 200
MOST_QUESTIONS_OF_ONE = 10


def why_not_organise(call: Call, person: Person | AnonymousUser) -> str | Promise | None:
    """An officer looks after the responsible body; one of elsewhere, whoever speaks for who told it."""
    if call.is_elsewhere:
        teller = call.listing.institution if call.listing else call.issuer
        return why_not_speak_for(teller, person)
    return why_not_look_after(call.issuer, person)


def why_not_call(delivery: Delivery) -> str | Promise | None:
    """Why there is nothing to look for a partner for."""
    if delivery.done_at or delivery.given_up_at:
        return gettext_lazy("This project is done or given up, so nobody is looked for.")
    if delivery.unawarded <= 0:
        return gettext_lazy("All of its money is awarded or returned already.")
    return None


def asks_custodians(delivery: Delivery) -> bool:
    """Whether the rulebook of its vote wants two custodians for each call."""
    rulebook = getattr(delivery.project.process, "rulebook", None)
    return bool(rulebook and rulebook.body.get("has_custodians"))


def why_not_change(call: Call) -> str | Promise | None:
    if call.cancelled_at:
        return gettext_lazy("This call was cancelled.")
    if call.published_at:
        return gettext_lazy(
            "What was published is frozen: everybody bids on the same terms. The deadline may still be "
            "moved on, or the call cancelled with a reason and another one made."
        )
    return None


@dataclass(frozen=True)
class Need:
    """One thing a call has to have before it is published; `reason` says what is missing."""

    what: str
    reason: str | None


def readiness(call: Call, at: datetime, free: int) -> list[Need]:
    """What a call needs before it is published, line by line.

    `free` is what of its delivery's money is promised to nobody yet.
    """
    lots, criteria = list(call.lots.all()), list(call.criteria.all())
    needs = [
        Need(_("What has to be done"), _missing(str(call.title).strip(), str(call.scope).strip())),
        Need(_("Lots and the most they may cost"), _why_not_lots(call, lots, free)),
        Need(
            _("Criteria whose weights add up to 100"),
            _why_not_weights([criterion.weight for criterion in criteria]),
        ),
        Need(_("A deadline"), _why_not_deadline(call, at)),
        Need(_("The preference and its legal basis"), _why_not_preference(call)),
    ]
    if call.has_custodians or (call.delivery and asks_custodians(call.delivery)):
        needs.append(Need(_("The custodians’ keys"), _why_not_keys(call)))
    return needs


def why_not_publish(call: Call, at: datetime, free: int) -> str | Promise | None:
    if reason := why_not_change(call):
        return reason
    if call.delivery and (reason := why_not_call(call.delivery)):
        return reason
    return " ".join(need.reason for need in readiness(call, at, free) if need.reason) or None


def why_not_extend(call: Call, closes_at: datetime) -> str | Promise | None:
    if not call.takes_bids or call.published_at is None:
        return gettext_lazy("The deadline of a call moves only while it is open.")
    if closes_at <= call.closes_at:
        return gettext_lazy("The deadline may only move to a later moment.")
    if closes_at > call.published_at + LONGEST:
        return gettext_lazy("A call is open for less than a year. Cancel it, and make another one.")
    return None


def why_not_cancel(call: Call) -> str | Promise | None:
    if call.cancelled_at or call.published_at is None:
        return gettext_lazy("There is no open call to cancel.")
    if call.opened_at:
        return gettext_lazy(
            "Its bids are opened, so it is brought to an end: award it, or say lot by lot why nobody "
            "gets it."
        )
    if call.is_elsewhere and call.closed_at:
        return gettext_lazy("This call is closed.")
    return None


def why_not_ask(call: Call, person: Person, at: datetime) -> str | Promise | None:
    if not call.takes_bids or at >= (call.questions_until or call.closes_at):
        return gettext_lazy("Questions are not taken any more. What was asked is answered here.")
    if call.questions.filter(asked_by=person).count() >= MOST_QUESTIONS_OF_ONE:
        return _("You asked %(most)s questions. Wait for the answers.") % {
            "most": MOST_QUESTIONS_OF_ONE
        }
    if call.questions.count() >= MOST_QUESTIONS:
        return gettext_lazy("There are too many questions already.")
    return None


def why_not_answer(call: Call) -> str | Promise | None:
    if not call.takes_bids:
        return gettext_lazy("Answers are given while a call is open, for all bidders alike.")
    return None


def is_due(call: Call, at: datetime) -> bool:
    """Whether the announced time has come and somebody has to close it now."""
    still = call.published_at and not call.closed_at and not call.cancelled_at
    return bool(still) and call.closes_at <= at


def why_not_take_key(call: Call) -> str | Promise | None:
    if call.published_at or call.cancelled_at:
        return gettext_lazy("The key of a published call stays as it is: bids are sealed to it.")
    return None


def why_not_custodian(call: Call, person: Person) -> str | Promise | None:
    if reason := why_not_change(call):
        return reason
    if call.custodians.filter(person=person).exists():
        return gettext_lazy("The two custodians have to be two different people.")
    if call.custodians.count() >= CUSTODIANS:
        return gettext_lazy("There are two custodians already. Take one off first.")
    return None


def why_not_tell_of(
    issuer: Institution, acting: Institution, person: Person
) -> str | Promise | None:
    """Why a person does not record a call that `issuer` holds elsewhere, for `acting`.

    One's own may be told by everybody; those of others by whom the site trusts with lists.
    """
    if reason := why_not_speak_for(acting, person):
        return reason
    return None if issuer == acting else why_not_enter_lists(person)


def _missing(*texts: str) -> str | None:
    return None if all(texts) else _("Say what has to be done, with a title.")


def _why_not_lots(call: Call, lots: Iterable[Lot], free: int) -> str | None:
    total = sum(lot.budget for lot in lots)
    if not total:
        return _("Say what it may cost at most.")
    if total > free:
        return _("The lots may cost %(total)s together, and %(left)s is left to be awarded.") % {
            "total": money(total, call.currency),
            "left": money(free, call.currency),
        }
    return None


def _why_not_weights(weights: Iterable[int]) -> str | None:
    total = sum(weights)
    if total != 100:
        return _("The weights add up to %(sum)s and should add up to 100.") % {"sum": total}
    return None


def _why_not_deadline(call: Call, at: datetime) -> str | None:
    if call.closes_at < at + SHORTEST:
        return _("Bidders need at least a day. Choose a later deadline.")
    if call.closes_at > at + LONGEST:
        return _("A call is open for less than a year. Choose an earlier deadline.")
    if call.questions_until and not at < call.questions_until <= call.closes_at:
        return _("Questions have to end before the bids do, and not before today.")
    return None


def _why_not_preference(call: Call) -> str | None:
    if call.preference == Preference.NONE:
        return None
    if not str(call.legal_basis).strip():
        return _("A preference needs the text of the law or rule that allows it.")
    most = 10_000 if call.preference == Preference.DISCOUNT else 101
    if not 0 < call.preference_size < most:
        return _("A discount is above 0 and below 100 per cent, points are from 1 to 100.")
    return None


def _why_not_keys(call: Call) -> str | None:
    if not call.has_custodians:
        return _("By the rulebook of this vote two custodians hold the key. Say so in the draft.")
    if call.custodians.exclude(key="").count() != CUSTODIANS:
        return _("Both custodians have to take their codes first. A mail tells them how.")
    return None
