"""The completion "add1", by jumps that give exactly what stepping gives.

All shares grow by one currency unit at a time until an outcome ends it (see `equal_shares`). A
large budget takes thousands of such steps, and most of them buy the same projects in the same order
as the step before. They are skipped by the following theorem, after which no step is left out that
could have mattered.

**Lemma.** Let the same projects be bought in the same order at the shares e1 < e2. Then in each
round every voter's money is at least as large at e2 as at e1, and each project's rate at most as
large. Proof by induction over the rounds. All start with more money at e2. Let b_i <= b'_i be the
money of voter i before a round, and q, q' the rates of one project. If everybody can give more, the
sum of min(b'_i, x w_i) reaches the cost at no larger x: q' <= q. So a voter pays min(b_i, q w_i) at
e1 and min(b'_i, q' w_i) at e2, and keeps max(b_i - q w_i, 0) <= max(b'_i - q' w_i, 0).

**Theorem.** Let the run at e1 buy the projects c_1, ..., c_k and then nothing more. In the run at e2,
let it be so that in each round r the project c_r is bought, that every other project d still in has
rate_d(e2) / m_d > rate_c(e1) / m_c for c = c_r, or equal with c before d in the tie order, and that
after round k nothing is payable. Then the run at every share e between buys exactly c_1, ..., c_k.
Proof: let it be so before round r. c_r is payable at e, as it is at e1 and no voter has less at e. By
the lemma its rate at e is at most its rate at e1, and that of any other d at least its rate at e2 (a
project not payable there is not payable at e). So c_r is first, if need be by the tie order. After
round k nothing is payable at e, as nothing is at e2. Which projects a limit takes out depends only
on what was bought, so it is the same at e1, e and e2.

The proof goes round by round, so it also holds for the beginning of an order: if the conditions
hold for the rounds up to r, all shares between begin with the same r purchases. That makes a
search from left to right cheap. The run at the last known share is the guide for a run farther on,
which follows it while the conditions hold. Where they fail it waits, and a run in the middle begins
with the purchases that are certain by then. What remains are neighbouring steps, and these are
simply counted. The guide's rates are known from its own run.
"""

from __future__ import annotations

from collections.abc import Callable
from fractions import Fraction

from interlock.methods.counting.names import Rule
from interlock.methods.counting.purchases import Market, Offer, Run

# A backstop for elections whose amounts are out of all proportion to their currency unit.
MOST_STEPS = 1_000_000


def raised(market: Market, rule: Rule, progress: Callable[[int], None] | None = None) -> int:
    """The number of raises of the outcome that stands."""
    ended = _ended(market, rule)
    guide = Run(market, 0).finish()
    ahead, waiting = 1, list[Run]()
    while not ended(guide):
        if not waiting:
            if guide.steps == MOST_STEPS:
                raise ValueError(
                    f"The count is not finished after {MOST_STEPS:,} steps of one currency unit. "
                    "Check that the budget and the costs are in the right unit."
                )
            waiting.append(Run(market, min(guide.steps + ahead, MOST_STEPS)))
            ahead *= 2
        if progress is not None:
            progress(guide.steps + 1)
        run = waiting[-1]
        if run.steps == guide.steps + 1:
            if run.finish().spent > market.election.budget:
                break
        elif not _follow(run, guide):
            waiting.append(_between(run, guide))
            continue
        guide = waiting.pop()
    return guide.steps


def stepped(market: Market, rule: Rule, progress: Callable[[int], None] | None = None) -> int:
    """What `raised` gives, step by step, as the rule reads: its proof for the tests."""
    ended = _ended(market, rule)
    kept = Run(market, 0).finish()
    while not ended(kept):
        if progress is not None:
            progress(kept.steps + 1)
        following = Run(market, kept.steps + 1).finish()
        if following.spent > market.election.budget:
            break
        kept = following
    return kept.steps


def _ended(market: Market, rule: Rule) -> Callable[[Run], bool]:
    """Whether no further raise is wanted after an outcome."""

    def ended(run: Run) -> bool:
        costs, left = market.election.costs, market.election.budget - run.spent
        if rule.completion == "add1-exhaustive":
            return all(costs[p] > left for p in run.open)
        return not run.open

    return ended


def _follow(run: Run, guide: Run) -> bool:
    """Let a run follow the guide's as far as the theorem holds; whether it does to the end."""
    while len(run.purchases) < len(guide.purchases):
        number = len(run.purchases)
        purchase = guide.purchases[number]
        offers = run.offers(purchase.high)
        chosen = next((one for one in offers if one.project == purchase.project), None)
        if chosen is None or not _certain(run, chosen, offers, guide):
            run.keep(offers)
            return False
        run.buy(chosen, run.settle(chosen))
        run.keep(offers)
    offers = run.offers()
    run.keep(offers)
    return not offers


def _certain(run: Run, chosen: Offer, offers: list[Offer], guide: Run) -> bool:
    """Whether the guide's next purchase comes first at every share up to the run's."""
    high = guide.purchases[len(run.purchases)].high
    near = [one for one in offers if one is not chosen and one.low <= high]
    if not near:
        return True
    market, number = run.market, len(run.purchases)
    if any(one.high < chosen.low for one in near):
        return False
    before = market.normal(chosen.project, guide.rate(number))
    for one in near:
        rate = market.normal(one.project, run.settle(one).rate / Fraction(run.ledger.denominator))
        if rate < before:
            return False
        if rate == before and market.ranks[one.project] < market.ranks[chosen.project]:
            return False
    return True


def _between(run: Run, guide: Run) -> Run:
    """A run between the two, begun with the purchases that are certain for it."""
    middle = Run(run.market, (guide.steps + run.steps) // 2)
    # With less money rates are at least as high, and whoever is out is out.
    middle.rates = dict(run.rates)
    for purchase in run.purchases:
        offer = middle.offer(purchase.project)
        assert offer is not None, "the lemma"
        middle.buy(offer, middle.settle(offer))
    middle.waiting, middle.fans = list(run.waiting), dict(run.fans)
    return middle
