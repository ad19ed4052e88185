"""Who may do what with a study; an answer is a reason, or None when they may."""

from collections.abc import Collection, Mapping
from datetime import date, datetime, timedelta
from typing import Any

from django.contrib.auth.models import AnonymousUser
from django.utils.functional import Promise
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from interlock.web.institutions.models import Institution
from interlock.web.institutions.rules import why_not_look_after
from interlock.web.look.amounts import calendar_day
from interlock.web.people.models import Person
from interlock.web.surveys.models import (
    Analysis,
    Coupon,
    CouponState,
    FormVersion,
    Respondent,
    Role,
    Study,
)

#: So many coupons a respondent hands on (`reference`: enough to grow, too few to flood a circle).
COUPONS_EACH = 3
COUPON_LIFETIME = timedelta(days=30)
#: Where a day ends last, it is twelve hours behind UTC.
FARTHEST_WEST = timedelta(hours=12)
#: From the last day to answer until codes and chains are destroyed; until addresses are.
LINKS_KEPT = timedelta(days=30)
CONTACTS_KEPT = timedelta(days=365)
#: So long before codes and chains are destroyed a survey ends, that its last answers can be taken back.
TIME_TO_WITHDRAW = timedelta(days=7)
#: So many chains are begun at once, and in all.
MOST_SEEDS = 200
#: So many versions of its questions a study may have.
MOST_VERSIONS = 99
#: Nobody is told of fewer than so many, and sizes are told to the next multiple of five.
LEAST_TOLD, ROUNDED_TO = 10, 5
#: By so many a published group has grown before it is published once more, and all together.
LEAST_GROWTH, LEAST_GROWTH_OF_ALL = 10, 25
#: So many analyses a study may have: each takes the worker up to a minute.
MOST_ANALYSES = 60


def is_over(day: date, at: datetime) -> bool:
    """Whether a day has ended everywhere on Earth: nobody is shut out on what is still that day."""
    return (at - FARTHEST_WEST).date() > day


def why_not_own(study: Study, person: Person | AnonymousUser) -> str | Promise | None:
    """Why a person does not look after a study: those do who look after its institution."""
    return why_not_look_after(study.institution, person)


def why_not_follow(institution: Institution, before: Study) -> str | None:
    """Why a study of an institution is not the next round of another one."""
    if before.institution_id != institution.pk:
        return _(
            "A round follows one of the same institution; that survey is of another institution."
        )
    if not before.opened_at:
        return _("A round follows one that people answered, and that survey was never opened.")
    return None


def why_not_days(
    closes_on: date,
    links_until: date,
    contacts_until: date,
    answers_until: date | None,
    at: datetime,
) -> str | None:
    """Why a study cannot promise these days."""
    if is_over(closes_on, at):
        return _("The last day to answer has passed already.")
    if links_until < closes_on + TIME_TO_WITHDRAW:
        return _(
            "Codes are kept for a week after the last day to answer at least: the last people need "
            "it to take their answers back."
        )
    if contacts_until < closes_on:
        return _("Addresses for the results are needed until the last day to answer at least.")
    return _why_not_answers_until(answers_until, links_until)


def _why_not_answers_until(answers_until: date | None, links_until: date) -> str | None:
    if answers_until and answers_until < links_until:
        return _("Answers are kept at least as long as they can be withdrawn.")
    return None


def why_not_publish(version: FormVersion) -> str | None:
    if version.published_at:
        return _("This version is published already.")
    if version.study.closed_at:
        return _("This survey is closed.")
    return None


def why_not_open(study: Study, at: datetime) -> str | None:
    if study.closed_at:
        return _("This survey is closed.")
    if study.opened_at:
        return _("This survey is open already.")
    if not study.versions.filter(published_at__isnull=False).exists():
        return _("Publish the questions first.")
    if is_over(study.closes_on, at):
        return _("The last day to answer has passed already.")
    return None


def why_not_close(study: Study) -> str | None:
    if study.closed_at:
        return _("This survey is closed.")
    if not study.opened_at:
        return _("This survey is not open yet.")
    return None


def why_not_change(study: Study) -> str | None:
    """Why the texts, the days and what ties answers stay: people answered, or can, on these words."""
    if study.closed_at:
        return _("This survey is closed.")
    if study.opened_at:
        return _("This survey is open: what people were told stays as it was told.")
    return None


def why_not_sooner(
    study: Study, links: date, contacts: date, answers: date | None, at: datetime
) -> str | None:
    """Why an open or closed survey cannot destroy things on these days instead: only sooner ones,
    and never so soon that nobody has the time to take their answers back."""
    if not study.opened_at:
        return _("This survey is not open yet.")
    if study.is_open and (reason := why_not_days(study.closes_on, links, contacts, answers, at)):
        return reason
    kept = study.answers_until
    if (
        links > study.links_until
        or contacts > study.contacts_until
        or (kept and (answers is None or answers > kept))
    ):
        return _("People were told until when things are kept. It can only become sooner.")
    soonest = max(study.closes_on, at.date() + TIME_TO_WITHDRAW)
    if links != study.links_until and links < soonest:
        return _(
            "The soonest day for codes and chains is %(day)s: people need the time to take their "
            "answers back."
        ) % {"day": calendar_day(soonest)}
    return _why_not_answers_until(answers, links)


def why_not_extend(study: Study, day: date) -> str | None:
    """Why a survey does not end on this later day instead."""
    if reason := why_not_close(study):
        return reason
    if day <= study.closes_on:
        return _("Choose a day after the present last one.")
    last = latest_close(study)
    if day > last:
        return _(
            "The latest day is %(day)s: people were told when codes and chains are destroyed, and "
            "the last of them need a week to take their answers back."
        ) % {"day": calendar_day(last)}
    return None


def latest_close(study: Study) -> date:
    """The last day that a study may end on, by what people were told."""
    return study.links_until - TIME_TO_WITHDRAW


def why_not_seed(study: Study, number: int) -> str | None:
    """Why so many chains cannot be begun."""
    if study.closed_at:
        return _("This survey is closed.")
    if not study.is_chain:
        return _("This survey ties no answers to each other, so it has no coupons.")
    if number < 1:
        return _("Begin one chain at least.")
    if study.seeds.count() + number > MOST_SEEDS:
        return _("A survey has %(most)s seeds at most.") % {"most": MOST_SEEDS}
    return None


def why_not_answer(study: Study, at: datetime) -> str | Promise | None:
    """Why nobody can answer a study now."""
    if study.closed_at or is_over(study.closes_on, at):
        return gettext_lazy("This survey is closed. Nothing more can be answered.")
    if not study.opened_at:
        return gettext_lazy("This survey is not open yet.")
    return None


def why_not_show(coupon: Coupon | None, at: datetime) -> str | None:
    """Why a coupon does not even show what is asked.

    Never because somebody used it: whoever handed it on knows its address and to whom they gave it,
    and would learn who took part by looking.
    """
    if coupon is None:
        return _("This link is not one of ours, or was cut off on its way.")
    if is_over(coupon.expires_on, at):
        return _("This link is too old.")
    return None


def why_not_use(coupon: Coupon | None, at: datetime) -> str | None:
    """Why a coupon does not let anybody in. What is already used may be used by one of two at once:
    that is for the verb to find out."""
    if reason := why_not_show(coupon, at):
        return reason
    return why_spent() if coupon and coupon.state != CouponState.UNUSED else None


def why_spent() -> str:
    """One reason for both: who took their answers back would learn which of theirs were used."""
    return _("This link was used already, or taken back. It lets one person in, once.")


def about(count: int) -> int | None:
    """A number of people as results tell it, so that none is what is left of others."""
    return round(count / ROUNDED_TO) * ROUNDED_TO if count >= LEAST_TOLD else None


def why_not_analyse(study: Study, before: Collection[Analysis], at: datetime) -> str | None:
    """Why the results of a study are not worked out (once more); `before` are all its analyses.

    Whoever runs it sees each of them, published or not, and reads no rows.
    """
    if not study.opened_at:
        return _("This survey is not open yet.")
    if study.is_chain and is_over(study.links_until, at):
        return _(
            "The chains were destroyed, as it was promised. What was worked out before then stays."
        )
    if study.answers_until and is_over(study.answers_until, at):
        return _("The answers were destroyed, as it was promised.")
    if any(one.done_at is None and not one.failure for one in before):
        return _("The results are being worked out already.")
    if len(before) >= MOST_ANALYSES:
        return _("The results were worked out %(most)s times, and that is the most.") % {
            "most": MOST_ANALYSES
        }
    seen = [one.answers for one in before if one.done_at]
    if seen and _answers_of(study) < max(seen) + LEAST_GROWTH_OF_ALL:
        return _(
            "Since the results were last worked out fewer than %(least)s people more answered. Two "
            "tables of almost the same people would give away single answers, to you too."
        ) % {"least": LEAST_GROWTH_OF_ALL}
    return None


def _answers_of(study: Study) -> int:
    """How many answers there are that results can tell of."""
    submitted = study.respondents.filter(finished_on__isnull=False, withdrawn_on=None)
    return submitted.exclude(role=Role.NEITHER).count()


def why_not_publish_results(analysis: Analysis, before: Analysis | None) -> str | None:
    """Why an analysis is not published; `before` is the latest that was, if any.

    Two tables of almost the same people are a subtraction: whoever has both could tell what the few
    answered who are in one of them only. So every group that is told of has grown, or it was not
    told of before.
    """
    if analysis.published_at:
        return _("These results are published already.")
    if not analysis.outcome:
        return _("These results are not worked out yet.")
    if analysis.outcome["respondents"] is None and analysis.outcome["open"] is None:
        return _("Fewer than ten people answered. Nothing can be told of so few.")
    if before is None or not before.outcome:
        return None
    if before.number > analysis.number:
        return _("Later results than these are published already.")
    if analysis.answers < before.answers + LEAST_GROWTH_OF_ALL:
        return _(
            "Since the last published results fewer than %(least)s people more answered. Two tables "
            "of almost the same people would give away single answers."
        ) % {"least": LEAST_GROWTH_OF_ALL}
    old, new = _sizes(before.outcome), _sizes(analysis.outcome)
    if any(name in new and new[name] < size + LEAST_GROWTH for name, size in old.items()):
        return _(
            "Since the last published results one of the groups grew by fewer than %(least)s. Two "
            "tables of almost the same people would give away single answers."
        ) % {"least": LEAST_GROWTH}
    return None


def _sizes(outcome: Mapping[str, Any]) -> dict[str, int]:
    """The groups that results tell of, as large as they say."""
    named = {**outcome["groups"], "open": outcome["open"]}
    return {name: size for name, size in named.items() if size is not None}


def why_not_withdraw(respondent: Respondent | None, at: datetime) -> str | None:
    if respondent is None:
        return _("There is no such code, or its answers were taken back already.")
    if is_over(respondent.study.links_until, at):
        return _("It is too late: what tied your code to your answers was destroyed.")
    return None


def role_of(answers: Mapping[str, str]) -> str:
    """What the questions at the beginning make of somebody; "" where a survey does not ask."""
    if "is_coop" not in answers or "is_pb" not in answers:
        return ""
    is_coop, is_pb = answers["is_coop"] == "1", answers["is_pb"] == "1"
    if is_coop and is_pb:
        return Role.BOTH
    if is_coop:
        return Role.COOP
    return Role.PB if is_pb else Role.NEITHER
