"""A rule in plain language, with the numbers of this electorate, before anybody votes."""

from __future__ import annotations

from collections.abc import Iterator
from fractions import Fraction

from interlock.methods.deciding.bylaws import METHODS
from interlock.methods.deciding.checks import outside, refuse
from interlock.methods.deciding.reasons import Step, step
from interlock.methods.deciding.rule import Objections, Passing, Quorum, Rule, Threshold


def described(rule: Rule, entitled: int) -> tuple[Step, ...]:
    """What a rule asks of so many who are entitled, as steps that `sentence` tells.

    >>> from interlock.methods.deciding.rule import Level
    >>> half = Level(share=Fraction(1, 2))
    >>> rule = Rule(Threshold(Fraction(1, 2), "yes-no", is_strict=True), Quorum(half, is_strict=True))
    >>> print(*described(rule, 10)[:5], sep="\\n")
    Carried when more than half of those who vote yes or no say yes.
    Abstentions, stand-asides and blank ballots do not count.
    If that is all 10: yes from at least 6.
    If that is 6, the least that may decide: yes from at least 4.
    With as many yes as no it is not carried: nobody has a casting vote.
    """
    return (*_carried(rule, entitled), *_held(rule, entitled), *_otherwise(rule, entitled))


def described_election(method: str, seats: int, rule: Rule, entitled: int) -> tuple[Step, ...]:
    """What an election by `approval`, `stv` or `condorcet` asks of so many who are entitled.

    >>> rule = Rule(Threshold(Fraction(1, 2), "yes-no", is_strict=True))
    >>> print(*described_election("approval", 3, rule, 12)[:3], sep="\\n")
    Seats: 3. Everybody marks all whom they approve of; the most approved are elected.
    Between equals an order decides that is drawn by lot and published before voting begins.
    Those who take part decide, however few they are.
    """
    refuse(*outside(METHODS, method))
    quorum = rule.quorum.least(entitled)
    lost = [step("continuing-none", quorum=quorum)] if quorum else []
    return (
        step(f"by-{method}", seats=seats),
        step("by-lot"),
        _quorum(rule.quorum, entitled, quorum),
        *lost,
        *_held(rule, entitled),
    )


def _carried(rule: Rule, entitled: int) -> Iterator[Step]:
    quorum = rule.quorum.least(entitled)
    yield from _passing(rule.passing, entitled, quorum)
    yield _quorum(rule.quorum, entitled, quorum)
    if quorum and rule.continuing is None:
        yield step("continuing-none", quorum=quorum)
    elif quorum and rule.continuing is not None:
        yield step(
            "continuing-more" if rule.continuing.is_strict else "continuing-least",
            quorum=quorum, share=rule.continuing.share, needed=rule.continuing.needed(quorum),
        )  # fmt: skip


def _otherwise(rule: Rule, entitled: int) -> Iterator[Step]:
    """The other rule comes last, so that all that follows it is about it."""
    if rule.alternative is not None:
        asking = rule.asking(entitled)
        if asking > 1:
            yield step("otherwise-asked", asking=asking)
        else:
            yield step("otherwise-anybody" if asking else "otherwise")
        yield from _passing(rule.alternative.passing, entitled, rule.quorum.least(entitled))


def _passing(passing: Passing, entitled: int, quorum: int) -> Iterator[Step]:
    base = passing.base
    if isinstance(passing, Objections):
        yield _objections(passing)
        yield step("silence")
        if entitled:
            always = base == "entitled" or not passing.limit.share
            code = "limit-always" if always else "limit-of-all"
            yield step(code, entitled=entitled, limit=passing.most(entitled))
        return
    if isinstance(passing, Threshold):
        code = "threshold-more" if passing.is_strict else "threshold-least"
        yield step(code, share=passing.share, base=base)
    elif passing.less:
        yield step("unanimity-less", base=base, less=passing.less)
    else:
        yield step("unanimity", base=base)
    yield step(f"base-{base}")
    if entitled and base == "entitled":
        yield step("needs-always", entitled=entitled, needed=passing.needed(entitled))
    elif entitled:
        yield step("needs-of-all", entitled=entitled, needed=passing.needed(entitled))
        if 0 < quorum < entitled:
            yield step("needs-at-quorum", quorum=quorum, needed=passing.needed(quorum))
    if isinstance(passing, Threshold) and passing.share == Fraction(1, 2) and passing.is_strict:
        yield step("tie")


def _objections(passing: Objections) -> Step:
    limit = passing.limit
    if not limit.share:
        return step("objections-count", count=limit.count)
    if not limit.count:
        return step("objections-share", share=limit.share, base=passing.base)
    return step("objections-greater", count=limit.count, share=limit.share, base=passing.base)


def _quorum(quorum: Quorum, entitled: int, least: int) -> Step:
    share = quorum.level.share
    if not least:
        return step("quorum-none")
    if not share or quorum.level.count:
        return step("quorum-count", quorum=least, entitled=entitled)
    code = "quorum-more" if quorum.is_strict else "quorum-least"
    return step(code, quorum=least, entitled=entitled, share=share)


def _held(rule: Rule, entitled: int) -> Iterator[Step]:
    statuses, days = rule.electorate.statuses, rule.electorate.least_days
    if days:
        yield step("electorate-tenure", statuses=statuses, days=days)
    else:
        yield step("electorate", statuses=statuses)
    if not entitled:
        yield step("electorate-nobody")
    for code, number in (
        ("notice", rule.notice_days),
        ("hearing", rule.hearing_days),
        ("ballot", rule.ballot_days),
    ):
        if number:
            yield step(code, days=number)
    if rule.may_appeal:
        yield step("appeal")
    yield step("secret" if rule.is_secret else "open")
    yield step("may-change" if rule.may_change else "may-not-change")
    yield step("proxies")
