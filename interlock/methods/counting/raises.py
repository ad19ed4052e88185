"""The completion "add1", over spans of raises that give exactly what stepping gives.

All shares grow by one currency unit at a time until an outcome ends it (see `equal_shares`). A
large budget takes thousands of such steps, and hardly any of them matters: whole spans of them are
passed at once by what `spans` proves about every share in them. A span about which too little is
known is parted where something seems to change, and a single share is counted exactly when floating
point cannot tell.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence

from interlock.methods.counting.names import Rule
from interlock.methods.counting.purchases import Market, Run
from interlock.methods.counting.spans import Opening, Span

# A backstop for elections whose amounts are out of all proportion to their currency unit.
MOST_STEPS = 1_000_000


def raised(market: Market, rule: Rule, progress: Callable[[int], None] | None = None) -> int:
    """The number of raises of the outcome that stands."""
    goes_on = _goes_on(market, rule)
    opening = Opening(market)
    spans = [Span(opening, 0, 0)]
    while True:
        span = spans.pop()
        if progress is not None and span.first:
            progress(span.first)
        goes = span.follow(goes_on)
        if not goes and not span.finished:
            if span.first < span.last:
                spans += span.parts()
                continue
            run = Run(market, span.first).finish()
            span.basket, goes = run.basket, goes_on(run.basket.spent, run.basket.open)
        if not goes:
            return _standing(market, span.first, span.basket.spent)
        if not spans:
            spans.append(_next(opening, span.last))


def stepped(market: Market, rule: Rule, progress: Callable[[int], None] | None = None) -> int:
    """What `raised` gives, step by step, as the rule reads: its proof for the tests."""
    goes_on = _goes_on(market, rule)
    for step in range(MOST_STEPS + 1):
        if progress is not None and step:
            progress(step)
        basket = Run(market, step).finish().basket
        if not goes_on(basket.spent, basket.open):
            return _standing(market, step, basket.spent)
    raise too_long()


def _goes_on(market: Market, rule: Rule) -> Callable[[int, Sequence[int]], bool]:
    """Whether a further raise is wanted after an outcome: what it spends, what is not funded.

    It also is if less is spent and more is open, so it may be asked with the most that may be spent
    and the projects that surely are open.
    """
    election = market.election

    def goes_on(spent: int, open: Sequence[int]) -> bool:
        if spent > election.budget:
            return False
        if rule.completion == "add1-exhaustive":
            return any(election.costs[p] <= election.budget - spent for p in open)
        return bool(open)

    return goes_on


def _standing(market: Market, step: int, spent: int) -> int:
    """The raises of the outcome that stands, where after so many the count does not go on."""
    return step - 1 if spent > market.election.budget else step


def _next(opening: Opening, last: int) -> Span:
    """The span after the last one, as long as all before."""
    if last >= MOST_STEPS:
        raise too_long()
    return Span(opening, last + 1, min(max(2 * last, 1), MOST_STEPS))


def too_long() -> ValueError:
    """The refusal of a count that `MOST_STEPS` raises of all shares, however large, do not end."""
    return ValueError(
        f"The count is not finished after {MOST_STEPS:,} steps. "
        "Check that the budget and the costs are in the right unit."
    )
