"""Why each project was funded or not, as data, and the one table of sentences that tell it.

A count stores reasons, never sentences; the command line tells them in English and the site in the
reader's language, from the same table. This module imports no numpy.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from fractions import Fraction
from typing import Any

from interlock.methods.counting.exact import amount_from, written


def ngettext(singular: str, plural: str) -> tuple[str, str]:
    """Mark a pair for the translators' tools, which know this name; it is translated when told."""
    return singular, plural


SENTENCES: Mapping[str, tuple[str, str]] = {
    # Equal shares
    "funded-by-shares": ngettext(
        "%(voters)s voter supported it and paid %(payment)s of their %(share)s share, "
        "and that is the whole cost.",
        "%(voters)s voters supported it. Each of them paid at most %(payment)s of their "
        "%(share)s share, and together that is the whole cost.",
    ),
    "funded-free": ngettext(
        "%(voters)s voter supported it, and it costs nothing.",
        "%(voters)s voters supported it, and it costs nothing.",
    ),
    "shares-too-small": ngettext(
        "Its %(voters)s supporter has a share of %(left)s; it costs %(cost)s.",
        "The whole shares of its %(voters)s supporters make %(left)s; it costs %(cost)s.",
    ),
    "shares-spent": ngettext(
        "Its %(voters)s supporter had %(left)s of their share left when its turn came; "
        "it costs %(cost)s.",
        "Its %(voters)s supporters had %(left)s of their shares left when its turn came; "
        "it costs %(cost)s.",
    ),
    # Exact equal shares
    "funded-by-equal-payments": ngettext(
        "%(payers)s of %(voters)s supporter paid %(payment)s of their %(share)s share, and that is "
        "the whole cost.",
        "%(payers)s of %(voters)s supporters paid %(payment)s of their %(share)s share each, "
        "and together that is the whole cost.",
    ),
    "no-equal-payments": ngettext(
        "It costs %(cost)s. When the count ended its %(voters)s supporter could not pay that: with "
        "%(lacking)s more, %(payers)s could.",
        "It costs %(cost)s. When the count ended no group of its %(voters)s supporters could pay "
        "that in equal parts: with %(lacking)s more for each, %(payers)s of them could.",
    ),
    # Bounded overspending
    "funded-by-overspending": ngettext(
        "%(voters)s voter supported it and paid %(payment)s of their %(share)s share, in all "
        "%(paid)s. It costs %(cost)s, and what is lacking comes out of the budget: here that was "
        "the best buy.",
        "%(voters)s voters supported it. Each of them paid at most %(payment)s of their %(share)s "
        "share, together %(paid)s. It costs %(cost)s, and what is lacking comes out of the budget: "
        "here that was the best buy.",
    ),
    "beyond-what-is-left": ngettext(
        "%(voters)s voter supported it. It costs %(cost)s, and of the budget only %(left)s was left "
        "in the end.",
        "%(voters)s voters supported it. It costs %(cost)s, and of the budget only %(left)s was "
        "left in the end.",
    ),
    "shares-used-up": ngettext(
        "It costs %(cost)s, and its %(voters)s supporter had nothing left of their share.",
        "It costs %(cost)s, and its %(voters)s supporters had nothing left of their shares.",
    ),
    # Greedy
    "funded-by-votes": ngettext(
        "%(voters)s voter supported it. When its turn came %(left)s was left, "
        "and it costs %(cost)s.",
        "%(voters)s voters supported it. When its turn came %(left)s was left, "
        "and it costs %(cost)s.",
    ),
    "does-not-fit": ngettext(
        "%(voters)s voter supported it. When its turn came only %(left)s was left, "
        "and it costs %(cost)s.",
        "%(voters)s voters supported it. When its turn came only %(left)s was left, "
        "and it costs %(cost)s.",
    ),
    "funded-by-points": ngettext(
        "%(voters)s voter gave it %(points)s points. When its turn came %(left)s was left, "
        "and it costs %(cost)s.",
        "%(voters)s voters gave it %(points)s points. When its turn came %(left)s was left, "
        "and it costs %(cost)s.",
    ),
    "points-do-not-fit": ngettext(
        "%(voters)s voter gave it %(points)s points. When its turn came only %(left)s was left, "
        "and it costs %(cost)s.",
        "%(voters)s voters gave it %(points)s points. When its turn came only %(left)s was left, "
        "and it costs %(cost)s.",
    ),
    "stopped-here": ngettext(
        "%(voters)s voter supported it. When its turn came only %(left)s was left, "
        "and it costs %(cost)s. The rule ends at the first project that does not fit.",
        "%(voters)s voters supported it. When its turn came only %(left)s was left, "
        "and it costs %(cost)s. The rule ends at the first project that does not fit.",
    ),
    "after-the-stop": ngettext(
        "%(voters)s voter supported it. The count had ended before its turn, "
        "at the first project that did not fit into the %(left)s left.",
        "%(voters)s voters supported it. The count had ended before its turn, "
        "at the first project that did not fit into the %(left)s left.",
    ),
    # Sequential Phragmén
    "funded-by-load": ngettext(
        "Money flows evenly to all voters. When each had been given %(received)s, its %(voters)s "
        "supporter had its whole cost.",
        "Money flows evenly to all voters. When each had been given %(received)s, its %(voters)s "
        "supporters together had its whole cost.",
    ),
    "load-unfinished": ngettext(
        "When the count ended each voter had been given %(received)s. Its %(voters)s supporter "
        "had %(left)s of it left; it costs %(cost)s.",
        "When the count ended each voter had been given %(received)s. Its %(voters)s supporters "
        "together had %(left)s of it left; it costs %(cost)s.",
    ),
    "load-too-small": ngettext(
        "When the count ended each voter had been given %(received)s. Its %(voters)s supporter "
        "had %(left)s; it costs %(cost)s.",
        "When the count ended each voter had been given %(received)s. Its %(voters)s supporters "
        "together had %(left)s; it costs %(cost)s.",
    ),
    "load-over-budget": ngettext(
        "When each voter had been given %(received)s, its %(voters)s supporter had its whole cost "
        "of %(cost)s, but only %(left)s of the budget was left. The rule ends there.",
        "When each voter had been given %(received)s, its %(voters)s supporters together had its "
        "whole cost of %(cost)s, but only %(left)s of the budget was left. The rule ends there.",
    ),
    # Maximin support
    "funded-by-least-load": ngettext(
        "%(voters)s voter supported it. All costs so far, its own among them, can be shared by "
        "supporters so that nobody carries more than %(load)s. With no other project next would "
        "that be less.",
        "%(voters)s voters supported it. All costs so far, its own among them, can be shared by "
        "supporters so that nobody carries more than %(load)s. With no other project next would "
        "that be less.",
    ),
    "least-load-over-budget": ngettext(
        "%(voters)s voter supported it, and it was next: with it nobody would have to carry more "
        "than %(load)s. But it costs %(cost)s, and only %(left)s of the budget was left. The rule "
        "ends there.",
        "%(voters)s voters supported it, and it was next: with it nobody would have to carry more "
        "than %(load)s. But it costs %(cost)s, and only %(left)s of the budget was left. The rule "
        "ends there.",
    ),
    "load-too-large": ngettext(
        "It costs %(cost)s, which is %(load)s for its %(voters)s supporter. With the project that was "
        "next when the count ended nobody would carry more than %(least)s.",
        "It costs %(cost)s, which is %(load)s for each of its %(voters)s supporters. With the "
        "project that was next when the count ended nobody would carry more than %(least)s.",
    ),
    "load-on-others": ngettext(
        "%(voters)s voter supported it, and it costs %(cost)s. Its supporter carries costs of "
        "other funded projects: with this one somebody would have to carry %(load)s, and with the "
        "project that was next when the count ended nobody more than %(least)s.",
        "%(voters)s voters supported it, and it costs %(cost)s. Its supporters carry costs of "
        "other funded projects: with this one somebody would have to carry %(load)s, and with the "
        "project that was next when the count ended nobody more than %(least)s.",
    ),
    # The optimum
    "in-the-optimum": ngettext(
        "%(voters)s voter supported it. The best way to spend %(budget)s includes it.",
        "%(voters)s voters supported it. The best way to spend %(budget)s includes it.",
    ),
    "not-in-the-optimum": ngettext(
        "%(voters)s voter supported it, and it costs %(cost)s. The best way to spend %(budget)s "
        "uses that money for others.",
        "%(voters)s voters supported it, and it costs %(cost)s. The best way to spend %(budget)s "
        "uses that money for others.",
    ),
    "excluded-by-the-optimum": ngettext(
        "%(voters)s voter supported it. The best way to spend %(budget)s includes %(other)s, and "
        "the two exclude each other.",
        "%(voters)s voters supported it. The best way to spend %(budget)s includes %(other)s, and "
        "the two exclude each other.",
    ),
    "funded-by-search": ngettext(
        "%(voters)s voter supported it. The best way found to spend %(budget)s includes it; there "
        "may be a better one.",
        "%(voters)s voters supported it. The best way found to spend %(budget)s includes it; there "
        "may be a better one.",
    ),
    "not-in-the-best-found": ngettext(
        "%(voters)s voter supported it, and it costs %(cost)s. The best way found to spend "
        "%(budget)s does without it; there may be a better one.",
        "%(voters)s voters supported it, and it costs %(cost)s. The best way found to spend "
        "%(budget)s does without it; there may be a better one.",
    ),
    # Completion and comparison
    "funded-by-rest": ngettext(
        "%(voters)s voter supported it. After the equal shares %(left)s was left, which goes to "
        "projects by their votes, and it costs %(cost)s.",
        "%(voters)s voters supported it. After the equal shares %(left)s was left, which goes to "
        "projects by their votes, and it costs %(cost)s.",
    ),
    "funded-by-rest-points": ngettext(
        "%(voters)s voter gave it %(points)s points. After the equal shares %(left)s was left, "
        "which goes to projects by their points, and it costs %(cost)s.",
        "%(voters)s voters gave it %(points)s points. After the equal shares %(left)s was left, "
        "which goes to projects by their points, and it costs %(cost)s.",
    ),
    # Every rule
    "too-few-votes": ngettext(
        "%(voters)s voter supported it; a project needs at least %(least)s votes to take part.",
        "%(voters)s voters supported it; a project needs at least %(least)s votes to take part.",
    ),
    "below-threshold": ngettext(
        "It has %(points)s points; a project needs at least %(least)s to take part.",
        "It has %(points)s points; a project needs at least %(least)s to take part.",
    ),
    "excluded": ngettext(
        "%(voters)s voter supported it, but %(other)s was funded before, and the two exclude each "
        "other.",
        "%(voters)s voters supported it, but %(other)s was funded before, and the two exclude "
        "each other.",
    ),
    "cap-reached": ngettext(
        "%(voters)s voter supported it. It costs %(cost)s, more than the %(left)s then left for "
        "%(cap)s.",
        "%(voters)s voters supported it. It costs %(cost)s, more than the %(left)s then left for "
        "%(cap)s.",
    ),
    "over-budget": ngettext(
        "%(voters)s voter supported it, but it costs %(cost)s, more than the whole budget of "
        "%(budget)s.",
        "%(voters)s voters supported it, but it costs %(cost)s, more than the whole budget of "
        "%(budget)s.",
    ),
    "over-budget-without-votes": ngettext(
        "It costs %(cost)s, more than the whole budget of %(budget)s, and nobody voted for it.",
        "It costs %(cost)s, more than the whole budget of %(budget)s, and nobody voted for it.",
    ),
    "no-votes": ngettext("Nobody voted for it.", "Nobody voted for it."),
}

OUTVOTED = {
    "shares-spent": ngettext(
        "It had more votes than some funded projects, but its supporter had already paid for "
        "others they like.",
        "It had more votes than some funded projects, but its supporters had already paid for "
        "others they like.",
    ),
    "no-equal-payments": ngettext(
        "It had more votes than some funded projects, but its supporter had already paid for "
        "others they like.",
        "It had more votes than some funded projects, but its supporters had already paid for "
        "others they like.",
    ),
    "shares-used-up": ngettext(
        "It had more votes than some funded projects, but its supporter had already paid for "
        "others they like.",
        "It had more votes than some funded projects, but its supporters had already paid for "
        "others they like.",
    ),
    "shares-too-small": ngettext(
        "It had more votes than some funded projects, but those cost less for each supporter.",
        "It had more votes than some funded projects, but those cost less for each supporter.",
    ),
    "does-not-fit": ngettext(
        "It had more votes than some funded projects, but those cost less.",
        "It had more votes than some funded projects, but those cost less.",
    ),
    "points-do-not-fit": ngettext(
        "It had more points than some funded projects, but those cost less.",
        "It had more points than some funded projects, but those cost less.",
    ),
    "load-too-small": ngettext(
        "It had more votes than some funded projects, but those cost less for each supporter.",
        "It had more votes than some funded projects, but those cost less for each supporter.",
    ),
    "load-too-large": ngettext(
        "It had more votes than some funded projects, but those cost less for each supporter.",
        "It had more votes than some funded projects, but those cost less for each supporter.",
    ),
    "load-on-others": ngettext(
        "It had more votes than some funded projects, but its supporter had already paid for "
        "others they like.",
        "It had more votes than some funded projects, but its supporters had already paid for "
        "others they like.",
    ),
    "load-unfinished": ngettext(
        "It had more votes than some funded projects, but its supporter had already paid for "
        "others they like.",
        "It had more votes than some funded projects, but its supporters had already paid for "
        "others they like.",
    ),
}

# Told after the reason of a rule that counts points per cost.
PER_COST = (
    ngettext(
        "That is one vote for each %(each)s of its cost; the least comes first.",
        "That is one vote for each %(each)s of its cost; the least comes first.",
    ),
    ngettext(
        "That is one point for each %(each)s of its cost; the least comes first.",
        "That is one point for each %(each)s of its cost; the least comes first.",
    ),
)


@dataclass(frozen=True)
class Reason:
    """Why one project was funded or not.

    `kind` is a key of `SENTENCES`; `voters` the project's supporters; `amounts` the exact amounts
    its sentence names, in the election's integers; `outvoted` whether this unfunded project had
    more votes than some funded one; `facts` the numbers and names it tells that are no money.
    """

    kind: str
    voters: int
    amounts: Mapping[str, Fraction] = field(default_factory=dict)
    outvoted: bool = False
    facts: Mapping[str, int | str] = field(default_factory=dict)

    def to_json(self) -> dict[str, Any]:
        """Plain data for storage, amounts as exact strings."""
        told: dict[str, Any] = {
            "kind": self.kind,
            "voters": self.voters,
            "amounts": {name: written(amount) for name, amount in self.amounts.items()},
            "outvoted": self.outvoted,
        }
        return told | {"facts": dict(self.facts)} if self.facts else told

    @classmethod
    def from_json(cls, stored: Mapping[str, Any]) -> Reason:
        """Read back what `to_json` gave. Raises KeyError or ValueError for anything else."""
        if stored["kind"] not in SENTENCES:
            raise ValueError(f'"{stored["kind"]}" is not a kind of reason.')
        amounts = {name: amount_from(amount) for name, amount in stored["amounts"].items()}
        facts = dict(stored.get("facts", {}))
        return cls(stored["kind"], int(stored["voters"]), amounts, bool(stored["outvoted"]), facts)


def in_english(singular: str, plural: str, number: int) -> str:
    """Choose between singular and plural as English does, in gettext's manner."""
    return singular if number == 1 else plural


def sentence(
    reason: Reason,
    *,
    money: Callable[[Fraction], str],
    number: Callable[[int], str] = str,
    ngettext: Callable[[str, str, int], str] = in_english,
) -> str:
    """Tell a reason in one or two sentences, translated by `ngettext`, amounts by `money`.

    >>> reason = Reason("shares-spent", 623, {"left": Fraction(44374), "cost": Fraction(95000)})
    >>> sentence(reason, money=lambda amount: f"${int(amount):,}")
    'Its 623 supporters had $44,374 of their shares left when its turn came; it costs $95,000.'
    """
    values = {name: money(amount) for name, amount in reason.amounts.items()}
    values["voters"] = number(reason.voters)
    for name, fact in reason.facts.items():
        values[name] = number(fact) if isinstance(fact, int) else fact
    pairs = [SENTENCES[reason.kind]]
    if "each" in reason.amounts:
        pairs.append(PER_COST["points" in reason.facts])
    if reason.outvoted and reason.kind in OUTVOTED:
        pairs.append(OUTVOTED[reason.kind])
    return " ".join(ngettext(one, many, reason.voters) % values for one, many in pairs)
