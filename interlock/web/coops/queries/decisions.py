"""A co-op's decisions: what is under way, who may answer, and how it stands."""

from collections.abc import Mapping
from dataclasses import replace
from datetime import date
from fractions import Fraction
from typing import Any

from django.db.models import Case, Count, IntegerField, Q, QuerySet, Value, When
from django.utils.translation import gettext

from interlock.methods import deciding
from interlock.web.coops.models import (
    Bylaws,
    Coop,
    Decision,
    Member,
    Office,
    OfficeKind,
    Signature,
    Standing,
    Status,
    Wish,
)
from interlock.web.coops.queries.members import electorate, register_on, still_here
from interlock.web.coops.rules.access import Inside

DIRECTOR = "director"


def bylaws_on(coop: Coop, day: date) -> Bylaws | None:
    """The version of the bylaws in force on a day."""
    return coop.bylaws.filter(effective_on__lte=day).order_by("-effective_on", "-number").first()


def rule_of(terms: deciding.Bylaws, kind: str, *, is_secret: bool = False) -> deciding.Rule:
    """The rule of a kind of decision; a ballot may be secret where the bylaws do not ask for it."""
    rule = terms.rule(kind)
    return replace(rule, is_secret=True) if is_secret else rule


def frozen_rule(decision: Decision) -> deciding.Rule:
    """The rule as it was when announced."""
    return deciding.from_json(decision.rule, deciding.Rule)


def entitled(terms: deciding.Bylaws, rule: deciding.Rule, coop: Coop, day: date) -> list[Member]:
    """Who may decide by a rule, as the register is on a day. With a collective board all members sit on it."""
    statuses = set(rule.electorate.statuses)
    days = rule.electorate.least_days
    if DIRECTOR not in statuses:
        return list(electorate(coop, statuses, day, days).select_related("person"))
    statuses.remove(DIRECTOR)
    if terms.board.is_everybody:
        statuses.add(Status.MEMBER)
        return list(electorate(coop, statuses, day, days).select_related("person"))
    board = Office.objects.filter(kind=OfficeKind.BOARD, since__lte=day).filter(
        Q(until__isnull=True) | Q(until__gt=day)
    )
    plain = electorate(coop, statuses, day, days).order_by().values("pk")
    either = Q(pk__in=board.values("member")) | Q(pk__in=plain)
    return list(register_on(coop, day).filter(either).select_related("person"))


def active_members(coop: Coop, day: date) -> int:
    """How many members there are, for the share of them that can force a vote."""
    return electorate(coop, {Status.MEMBER}, day, 0).count()


def forcing(terms: deciding.Bylaws) -> deciding.Level | None:
    """How many members can force a vote: a ballot without a meeting, or else a special meeting."""
    return terms.meetings.initiative or terms.meetings.special


def seen_by(who: Inside) -> QuerySet[Decision]:
    """The decisions of a co-op that somebody inside may read: drafts are their writers'."""
    found = Decision.objects.filter(coop=who.coop).select_related(
        "coop__institution", "proposed_by", "subject"
    )
    if who.keeps_register:
        return found
    readable = Q(announced_at__isnull=False) | Q(is_initiative=True)
    if who.member is not None:
        readable |= Q(proposed_by=who.member)
    return found.filter(readable)


def in_a_list(found: QuerySet[Decision]) -> QuerySet[Decision]:
    """What is open first, then what comes, drafts, and what is over, the newest first."""
    order = Case(
        When(Q(decided_at__isnull=False) | Q(cancelled_at__isnull=False), then=Value(3)),
        When(opened_at__isnull=False, then=Value(0)),
        When(announced_at__isnull=False, then=Value(1)),
        default=Value(2),
        output_field=IntegerField(),
    )
    return found.annotate(turn=order).order_by("turn", "-number", "-drafted_at", "pk")


def signed(decision: Decision) -> QuerySet[Signature]:
    """The signatures that count: a ballot is forced by those who are members now, and who asked for the
    other rule has to be here still."""
    active = Standing.objects.filter(until__isnull=True, status=Status.MEMBER)
    counts = Q(wish=Wish.BALLOT, member__in=active.values("member")) | Q(
        wish=Wish.OTHERWISE, member__in=still_here(decision.coop)
    )
    return decision.signatures.filter(counts).select_related("member")


def signatures(decision: Decision, wish: Wish) -> int:
    return signed(decision).filter(wish=wish).count()


def left_since(decision: Decision) -> set[int]:
    """Those on the roll who have left the co-op, by their members' keys."""
    gone = decision.electors.exclude(member__in=still_here(decision.coop))
    return set(gone.values_list("member", flat=True))


def addresses(members: QuerySet[Member] | list[Member]) -> dict[int, str]:
    """Where mail to members goes, for those who have an address."""
    return {
        one.pk: address
        for one in members
        if (address := one.person.email if one.person else one.email)
    }


def numbers(decision: Decision) -> dict[str, int]:
    """How many are entitled, and how many of them have said something openly so far."""
    return decision.electors.aggregate(entitled=Count("pk"), voted=Count("vote"))


# What the library told, from the data it was stored as.


def step_of(data: Mapping[str, Any]) -> deciding.Step:
    facts = {name: _fact(name, fact) for name, fact in data["facts"].items()}
    return deciding.Step(data["code"], facts, data.get("is_met"))


def _fact(name: str, fact: Any) -> Any:
    if isinstance(fact, list):
        return tuple(fact)
    if isinstance(fact, str) and (name == "share" or _is_fraction(fact)):
        return Fraction(fact)
    return fact


def _is_fraction(text: str) -> bool:
    above, stroke, below = text.partition("/")
    return bool(stroke) and above.isdecimal() and below.isdecimal() and int(below) > 0


def told(step: deciding.Step) -> str:
    """A step in the reader's language."""
    return deciding.sentence(step, gettext)
