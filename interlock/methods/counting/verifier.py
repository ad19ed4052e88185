"""A second opinion: check a published protocol with whole numbers and fractions, and nothing else.

This file stands alone. It imports only the standard library, knows nothing of the code that
counted, and can be read in one sitting and carried away: whoever does not trust the count can trust
this, or write it again from `docs/rules`. It takes the ballots as plain data, follows each rule as
its definition reads, and holds every number of the protocol against what it finds.

It knows every rule but `optimum`, whose claim (no other choice is worth more) is not arithmetic.

Equal shares: D. Peters, G. Pierczyński and P. Skowron, "Proportional Participatory Budgeting with
Additive Utilities" (NeurIPS 2021). Exact: S. Kraiczy, I. Robinson and E. Elkind, "Streamlining Equal
Shares" (arXiv 2502.11797). Overspending: G. Papasotiropoulos and others, "Method of Equal Shares with
Bounded Overspending" (arXiv 2409.15005). Phragmén: M. Los, Z. Christoff and D. Grossi, "Proportional
Budget Allocations: Towards a Systematization" (IJCAI 2022). Maximin support: L. Sánchez-Fernández and
others, "The Maximin Support Method" (Mathematical Programming, 2022).
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from fractions import Fraction
from itertools import accumulate, groupby, pairwise
from typing import Any, NamedTuple

Ballot = Sequence[str] | Mapping[str, int]
Cap = tuple[str, int, Sequence[str]]
Row = dict[str, Any]

APPROVALS = ("approval", "choose-1")
PARTS = {"cost", "cardinality", "points", "add1", "add1-exhaustive", "integral", "utilitarian"}
UTILITIES = {"cost", "cardinality", "points"}
EXACT_PARTS = {"cost", "cardinality", "add-opt", "add-opt-skip"}
GREEDY = ("greedy", "greedy-no-skip", "greedy-threshold", "greedy-exclusive")


def faults(
    protocol: Mapping[str, Any],
    costs: Mapping[str, int],
    budget: int,
    ballots: Iterable[Ballot],
    *,
    kind: str = "approval",
    unit: int = 1,
    least_points: int = 0,
    exclusive: Sequence[Sequence[str]] = (),
    caps: Sequence[Cap] = (),
    rule: str | None = None,
    order: Sequence[str] | None = None,
    every_raise: bool = False,
) -> list[str]:
    """Say in sentences what is wrong with a protocol; an empty list when all of it is right.

    `protocol` is the JSON data of `result.protocol`. The election is plain: whole-number `costs` by
    project and `budget`, `unit` of them one currency unit; a ballot is a sequence of project ids
    (ordinal ballots: best first) or a mapping from ids to points; `kind` is Pabulib's vote type;
    `caps` are (name, budget, projects). `rule` and `order` are what was published before the count;
    without them the protocol's own are believed. Of a completed count the raise that stands and
    its two neighbors are counted again; with `every_raise` also all before, each of which must have
    stayed within the budget. The raises of `add-opt` are all counted again: one gives the next.

    >>> faults({"rule": "greedy", "steps": 0}, {"a": 5}, 9, [["a"], []])
    ['The protocol has no order.']
    """
    for key in ("rule", "order", "steps"):
        if key not in protocol:
            return [f"The protocol has no {key}."]
    said_order, steps, name = protocol["order"], protocol["steps"], str(protocol["rule"])
    if not isinstance(said_order, list) or sorted(map(str, said_order)) != sorted(costs):
        return ["The order does not name each project once."]
    if type(steps) is not int or steps < 0:
        return ["The number of raises is not a whole number."]
    facts = _Facts(costs, budget, unit, ballots, kind, said_order)
    facts.least_points, facts.exclusive, facts.caps = least_points, exclusive, caps
    compared = protocol.get("comparison")
    # Where greedy stands, the protocol no longer says how often the shares were raised.
    unsaid = isinstance(compared, dict) and compared.get("stood") == "greedy"
    count = _counted(facts, name, None if unsaid else steps, every_raise)
    if count is None:
        return [f'The rule "{name}" is not one this verifier knows.']
    found = [] if order is None or list(order) == said_order else ["The order is another one."]
    if rule is not None and rule != name:
        found.append(f"The rule is {name}, not {rule}.")
    return found + count.faults + _differences("", dict(protocol), count.protocol())


class _Facts:
    """The election, with equal ballots put together: `people` voters gave `given` points."""

    least_points = 0
    exclusive: Sequence[Sequence[str]] = ()
    caps: Sequence[Cap] = ()

    def __init__(
        self,
        costs: Mapping[str, int],
        budget: int,
        unit: int,
        ballots: Iterable[Ballot],
        kind: str,
        order: Sequence[str],
    ) -> None:
        rows = [ballot if isinstance(ballot, Mapping) else list(ballot) for ballot in ballots]
        best = max(map(len, rows), default=0)
        self.weighted = kind == "ordinal" or any(isinstance(row, Mapping) for row in rows)
        merged: Counter[tuple[tuple[str, int], ...]] = Counter()
        for row in rows:
            if isinstance(row, Mapping):
                pairs = [(p, w) for p, w in row.items() if w > 0]
            else:
                pairs = [(p, best - i if kind == "ordinal" else 1) for i, p in enumerate(row)]
            merged[tuple(sorted(pairs))] += 1
        self.costs, self.budget, self.unit, self.kind = costs, budget, unit, kind
        self.rank = {p: place for place, p in enumerate(order)}
        self.voters = len(rows)
        self.given, self.people = list(merged), list(merged.values())
        self.fans: dict[str, list[tuple[int, int]]] = {p: [] for p in costs}
        for group, pairs_given in enumerate(self.given):
            for p, weight in pairs_given:
                self.fans[p].append((group, weight))
        self.votes = {p: sum(self.people[g] for g, _ in self.fans[p]) for p in costs}
        self.points = {p: sum(w * self.people[g] for g, w in self.fans[p]) for p in costs}

    def by_cost(self, parts: Sequence[str]) -> bool:
        """Whether equal shares counts what is spent on what voters like."""
        usual = self.kind in APPROVALS and not {"cardinality", "points"} & set(parts)
        return usual or "cost" in parts

    def by_points(self, parts: Sequence[str]) -> bool:
        """Whether it counts points; else a supporter is a supporter."""
        return self.kind not in APPROVALS and not {"cost", "cardinality"} & set(parts)


class _Count:
    """One count as it goes on: what is still open, what is funded, what is out and why."""

    def __init__(self, facts: _Facts, rule: str) -> None:
        self.facts, self.rule, self.steps = facts, rule, 0
        self.faults: list[str] = []
        self.rounds: list[Row] = []
        self.ties: list[Row] = []
        self.why: dict[str, Row] = {}
        self.start: Fraction | None = None
        self.share: Fraction | None = None
        self.comparison: Row | None = None
        self.room = [cap[1] for cap in facts.caps]
        self.open = sorted(facts.costs, key=lambda p: facts.rank[p])
        for p in list(self.open):
            voters, cost, points = facts.votes[p], facts.costs[p], facts.points[p]
            if cost > facts.budget:
                kind = "over-budget" if voters else "over-budget-without-votes"
                self.out(p, kind, {"cost": cost, "budget": facts.budget})
            elif not voters:
                self.out(p, "no-votes")
            elif points < (least := facts.least_points) and facts.weighted:
                self.out(p, "below-threshold", {}, {"points": points, "least": least})
            elif points < least:
                self.out(p, "too-few-votes", {}, {"least": least})
        self.close_caps()

    @property
    def funded(self) -> list[str]:
        return [row["project"] for row in self.rounds]

    @property
    def spent(self) -> int:
        return sum(self.facts.costs[p] for p in self.funded)

    def out(self, p: str, kind: str, amounts: Row | None = None, facts: Row | None = None) -> None:
        """Close a project with its reason."""
        self.open.remove(p)
        exact = {name: Fraction(amount) for name, amount in (amounts or {}).items()}
        self.why[p] = {"kind": kind, "voters": self.facts.votes[p], "amounts": exact}
        self.why[p] |= {"outvoted": False} | ({"facts": facts} if facts else {})

    def close_caps(self) -> None:
        for (name, _, projects), left in zip(self.facts.caps, self.room, strict=True):
            for p in [p for p in self.open if p in projects and self.facts.costs[p] > left]:
                amounts = {"left": left, "cost": self.facts.costs[p]}
                self.out(p, "cap-reached", amounts, {"cap": name})

    def fund(self, p: str, kind: str, amounts: Row, facts: Row | None = None, **row: Any) -> None:
        """Fund a project, and close what it excludes and what its caps have no room for."""
        votes = self.facts.votes[p]
        unpaid = {"payment": Fraction(0), "full_payers": votes, "partial_payers": 0, "broke": 0}
        effective = self.facts.costs[p] / row["payment"] if row else Fraction(votes)
        self.rounds.append({"project": p} | (row or unpaid) | {"effective_votes": effective})
        self.out(p, kind, amounts, facts)
        for group in self.facts.exclusive:
            for other in [q for q in self.open if p in group and q in group]:
                self.out(other, "excluded", {}, {"other": p})
        for number, (_, _, projects) in enumerate(self.facts.caps):
            self.room[number] -= self.facts.costs[p] if p in projects else 0
        self.close_caps()

    def tie(self, level: Sequence[str]) -> None:
        self.ties.append({"projects": list(level), "chosen": level[0]})

    def outvote(self, kinds: Sequence[str], support: Mapping[str, int]) -> None:
        """Mark the unfunded that had more support than something funded, the rest aside."""
        paid = [p for p in self.funded if not self.why[p]["kind"].startswith("funded-by-rest")]
        fewest = min((support[p] for p in paid), default=None)
        for p, why in self.why.items():
            why["outvoted"] = why["kind"] in kinds and fewest is not None and support[p] > fewest

    def protocol(self) -> Row:
        """What the protocol ought to say, exact amounts as fractions."""
        facts, funded = self.facts, set(self.funded)
        told: Row = {
            "format": "interlock-protocol/1",
            "rule": self.rule,
            "budget": Fraction(facts.budget),
            "unit": Fraction(facts.unit),
            "votes": facts.voters,
            "order": sorted(facts.rank, key=lambda p: facts.rank[p]),
            "funded": self.funded,
            "spent": Fraction(self.spent),
            "initial_endowment": self.start,
            "endowment": self.share,
            "steps": self.steps,
            "rounds": self.rounds,
            "ties_met": self.ties,
        }
        told["projects"] = [
            {
                "project": p,
                "cost": Fraction(cost),
                "supporters": facts.votes[p],
                "funded": p in funded,
                "reason": self.why[p],
            }
            for p, cost in facts.costs.items()
        ]
        return told | ({} if self.comparison is None else {"comparison": self.comparison})


def _counted(facts: _Facts, rule: str, steps: int | None, every_raise: bool) -> _Count | None:
    """Count by the rule of this name after that many raises; None for a name unknown here."""
    name, _, version = rule.partition("@")
    family, *parts = name.split("/")
    if version not in ("", "1"):
        return None
    if family in GREEDY and parts in ([], ["per-cost"]):
        return _greedy(facts, rule, family != "greedy-no-skip", bool(parts))
    if name == "phragmen":
        return _phragmen(facts, rule)
    if name == "maximin-support":
        return _maximin_support(facts, rule)
    if family == "equalshares-exact" and EXACT_PARTS.issuperset(parts) and facts.kind in APPROVALS:
        return _exact_shares(facts, rule, parts)
    if family == "equalshares-bos" and (not parts or (parts[0] in UTILITIES and len(parts) == 1)):
        return _overspending(facts, rule, parts)
    family, *parts = name.removesuffix("-comparison").split("/")
    if family != "equalshares" or not PARTS.issuperset(parts):
        return None
    return _equal_shares(facts, rule, parts, steps, every_raise)


def _greedy(facts: _Facts, rule: str, skip: bool, per_cost: bool) -> _Count:
    """Most points (or points per cost) first, equal ones by the order, while they fit."""
    count, costs, left, stopped = _Count(facts, rule), facts.costs, facts.budget, False
    points = facts.points

    def turn(p: str) -> tuple[bool, Fraction]:
        paid = per_cost and costs[p] > 0  # what is free comes first, by its points
        return per_cost and paid, -Fraction(points[p], costs[p] if paid else 1)

    by_points = facts.weighted
    funded = "funded-by-points" if by_points else "funded-by-votes"
    unfit = "points-do-not-fit" if by_points else "does-not-fit"
    for _, group in groupby(sorted(count.open, key=turn), key=turn):
        level = [p for p in group if p in count.open]
        fitting = [p for p in level if costs[p] <= left and not stopped]
        for p in level:
            amounts: Row = {"left": left, "cost": costs[p]}
            if per_cost and costs[p]:
                amounts["each"] = Fraction(costs[p], points[p])
            told = {"points": points[p]} if by_points else None
            if p not in count.open:
                continue
            if not stopped and costs[p] <= left:
                count.fund(p, funded, amounts, told)
                left -= costs[p]
            elif stopped or skip:
                count.out(p, "after-the-stop" if stopped else unfit, amounts, told)
            else:
                count.out(p, "stopped-here", amounts, told)
                stopped = True
        contested = fitting if skip else level
        if fitting and not set(contested) <= set(count.funded):
            count.tie(contested)
    count.outvote(("does-not-fit", "points-do-not-fit"), points)
    return count


def _phragmen(facts: _Facts, rule: str) -> _Count:
    """Money flows to all; whoever together has a project's cost buys it, until it is too dear."""
    count, costs, people, left = _Count(facts, rule), facts.costs, facts.people, facts.budget
    last, one = [0] * len(people), 1  # when each group last bought something, in 1/one
    known: dict[str, Fraction] = {}  # times only rise, so the last one found is a lower bound

    def given(p: str) -> int:
        return sum(people[g] * last[g] for g, _ in facts.fans[p])

    while count.open:
        now, level = None, list[str]()
        for p in sorted(count.open, key=lambda p: known.get(p, Fraction(0))):
            if now is not None and known.get(p, 0) > now:
                break
            time = known[p] = Fraction(costs[p] * one + given(p), facts.votes[p] * one)
            now, level = (time, [p]) if now is None or time < now else (now, [*level, p])
            level = [q for q in level if known[q] == now]
        level.sort(key=lambda p: facts.rank[p])
        p = level[0]
        if len(level) > 1 and (costs[p] or facts.exclusive):
            count.tie(level)
        assert now is not None
        if costs[p] > left:
            _stop_phragmen(
                count, now, level, left, {q: Fraction(given(q), one) for q in count.open}
            )
            break
        left -= costs[p]
        if not now:
            count.fund(p, "funded-free", {})
            continue
        growth = (now * one).denominator
        last, one = [time * growth for time in last], one * growth
        fans = [g for g, _ in facts.fans[p]]
        earliest, at = min(last[g] for g in fans), int(now * one)
        full = sum(people[g] for g in fans if last[g] == earliest)
        broke = sum(people[g] for g in fans if last[g] == at)
        row = {"full_payers": full, "partial_payers": facts.votes[p] - full - broke, "broke": broke}
        payment = now - Fraction(earliest, one)
        count.fund(p, "funded-by-load", {"received": now}, None, payment=payment, **row)
        for g in fans:
            last[g] = at
    return count


def _stop_phragmen(
    count: _Count, now: Fraction, level: Sequence[str], left: int, given: Mapping[str, Fraction]
) -> None:
    facts = count.facts
    for p in list(count.open):
        amounts: Row = {"left": left, "cost": facts.costs[p]}
        if p == level[0]:
            count.out(p, "load-over-budget", amounts | {"received": now})
        elif p in level:
            count.out(p, "after-the-stop", amounts)
        else:
            amounts |= {"left": facts.votes[p] * now - given[p], "received": now}
            count.out(p, "load-unfinished" if given[p] else "load-too-small", amounts)
    count.outvote(("load-unfinished", "load-too-small"), facts.votes)


def _maximin_support(facts: _Facts, rule: str) -> _Count:
    """The project with which all costs can be shared with the least largest load is next."""
    count, costs, left = _Count(facts, rule), facts.costs, facts.budget
    while free := [p for p in count.open if not costs[p]]:
        if len(free) > 1 and facts.exclusive:
            count.tie(free)
        count.fund(free[0], "funded-free", {})
    # Loads only rise, so the last one found is a lower bound.
    known = {p: Fraction(costs[p], facts.votes[p]) for p in count.open}
    load, shared = Fraction(0), _Shared(1, {})
    while count.open:
        found = dict[str, _Shared]()
        least: Fraction | None = None
        for p in sorted(count.open, key=known.__getitem__):
            if least is not None and known[p] > least:
                break
            known[p], found[p] = _least_load(facts, shared, p, known[p])
            least = known[p] if least is None else min(least, known[p])
        assert least is not None
        load, level = least, [p for p in count.open if known[p] == least]
        if len(level) > 1:
            count.tie(level)
        p = level[0]
        if costs[p] > left:
            _stop_maximin(count, load, level, left, shared)
            break
        left -= costs[p]
        shared = found[p]
        row = {"full_payers": facts.votes[p], "partial_payers": 0, "broke": 0}
        count.fund(p, "funded-by-least-load", {"load": load}, None, payment=load, **row)
    return count


class _Shared(NamedTuple):
    """What each group carries of each project, in 1/one."""

    one: int
    carried: dict[str, dict[int, int]]


def _stop_maximin(
    count: _Count, load: Fraction, level: Sequence[str], left: int, shared: _Shared
) -> None:
    costs, votes = count.facts.costs, count.facts.votes
    for p in list(count.open):
        amounts: Row = {"left": left, "cost": costs[p]}
        if p == level[0]:
            count.out(p, "least-load-over-budget", amounts | {"load": load})
        elif p in level:
            count.out(p, "after-the-stop", amounts)
        else:
            alone = Fraction(costs[p], votes[p])
            own, _ = _least_load(count.facts, shared, p, max(load, alone))
            kind = "load-too-large" if own == alone else "load-on-others"
            count.out(p, kind, {"load": own, "least": load, "cost": costs[p]})
    count.outvote(("load-too-large", "load-on-others"), votes)


def _least_load(facts: _Facts, shared: _Shared, p: str, load: Fraction) -> tuple[Fraction, _Shared]:
    """The least largest load with one project more, if it is no less than `load`, and a way to it.

    It is the greatest cost of some of the projects for each voter who supports one of those.
    """
    carried = shared.carried | {p: {g: 0 for g, _ in facts.fans[p]}}
    before, one = shared.one, load.denominator
    while True:
        carried = {
            q: {g: money * one // before for g, money in theirs.items()}
            for q, theirs in carried.items()
        }
        overloaded = _overloaded(facts, carried, load)
        if not overloaded:
            return load, _Shared(one, carried)
        voters = {g for q in overloaded for g in carried[q]}
        cost = sum(facts.costs[q] for q in overloaded)
        load = Fraction(cost, sum(facts.people[g] for g in voters))
        before, one = one, load.denominator


def _overloaded(facts: _Facts, carried: Mapping[str, dict[int, int]], load: Fraction) -> set[str]:
    """Projects whose supporters cannot carry their costs with nobody above a load, or none.

    What is lacking of a cost is handed out, and on from one project's supporters to others, on the
    shortest way there is, until all is carried or no way is left. Amounts are in 1/denominator.
    """
    room = {g: many * load.numerator for g, many in enumerate(facts.people)}
    for theirs in carried.values():
        for g, money in theirs.items():
            room[g] -= money
    lacking = {
        p: facts.costs[p] * load.denominator - sum(theirs.values()) for p, theirs in carried.items()
    }
    while True:
        front = [p for p in carried if lacking[p]]
        taker: dict[str, str | None] = dict.fromkeys(front)  # whose supporters take over from it
        seen = set[int]()
        for p in front:  # which grows
            new = [g for g in carried[p] if g not in seen]
            if any(room[g] for g in new):
                break
            seen.update(new)
            for g in new:
                for q, _ in facts.given[g]:
                    if q not in taker and q in carried and carried[q][g]:
                        taker[q] = p
                        front.append(q)
        else:
            return set(taker)
        way = [p]
        while (taking := taker[way[-1]]) is not None:
            way.append(taking)
        # The last of the way lacks something, the first has supporters with room.
        steps = [(room, carried[way[0]])]
        steps += [(carried[q], carried[p]) for q, p in pairwise(way)]
        amount = lacking[way[-1]]
        for source, mine in steps:
            amount = min(amount, sum(source.get(g, 0) for g in mine))
        lacking[way[-1]] -= amount
        for source, mine in steps:
            rest = amount
            for g in mine:
                if part := min(rest, source.get(g, 0)):
                    source[g], mine[g], rest = source[g] - part, mine[g] + part, rest - part


def _equal_shares(
    facts: _Facts, rule: str, parts: Sequence[str], steps: int | None, every_raise: bool
) -> _Count:
    """The run that stands, what is added to it, and whether its completion ends where it should."""
    start = Fraction(facts.budget, facts.voters) if facts.voters else Fraction(0)
    if "integral" in parts:
        start = Fraction(start // facts.unit * facts.unit)
    exhaustive, complete = "add1-exhaustive" in parts, "add1-exhaustive" in parts or "add1" in parts
    found = list[str]()

    def run(step: int) -> tuple[_Count, list[str], bool]:
        """A run, what it leaves open, and whether no raise is wanted after it."""
        count, still = _shares_run(facts, rule, parts, start + step * facts.unit)
        left = facts.budget - count.spent
        return count, still, all(exhaustive and facts.costs[p] > left for p in still)

    if steps is None or (every_raise and complete):
        last, steps = steps, 0
        while complete and not run(steps)[2] and run(steps + 1)[0].spent <= facts.budget:
            steps += 1
        if last not in (None, steps):
            found.append(f"The count ends after {steps} raises, not after {last}.")
            steps = last or 0
    count, still, ended = run(steps)
    count.start, count.steps = start, steps
    if steps and not complete:
        found.append("This rule raises nothing.")
    elif steps and (count.spent > facts.budget or run(steps - 1)[2]):
        found.append(f"The count ends before raise {steps}.")
    if complete and not ended and run(steps + 1)[0].spent <= facts.budget:
        found.append(f"Raise {steps + 1} is within the budget, so the count goes on.")
    if "utilitarian" in parts:
        still = _spend_the_rest(count, still)
    count.outvote(("shares-spent", "shares-too-small"), facts.votes)
    if rule.partition("@")[0].endswith("-comparison"):
        count = _compare(count, parts)
    count.faults = found
    return count


def _spend_the_rest(count: _Count, still: Sequence[str]) -> list[str]:
    """What is left of the budget goes to projects by points; why the others were not is told."""
    facts, told = count.facts, {p: count.why.pop(p) for p in still}
    count.open, left = sorted(still, key=lambda p: facts.rank[p]), facts.budget - count.spent
    while fitting := [p for p in count.open if facts.costs[p] <= left]:
        most = max(facts.points[p] for p in fitting)
        level = [p for p in fitting if facts.points[p] == most]
        p, by = level[0], "-points" if facts.weighted else ""
        given = {"points": most} if facts.weighted else None
        count.fund(p, f"funded-by-rest{by}", {"left": left, "cost": facts.costs[p]}, given)
        left -= facts.costs[p]
        if any(p not in count.open or facts.costs[p] > left for p in level[1:]):
            count.tie(level)
    count.why |= {p: told[p] for p in count.open}
    return count.open


def _compare(count: _Count, parts: Sequence[str]) -> _Count:
    """Greedy's outcome instead, if strictly more voters prefer it."""
    facts = count.facts
    greedy = _greedy(facts, "greedy", skip=True, per_cost=False)
    one, other, votes = set(count.funded), set(greedy.funded), Counter[int]()
    worth = "cost" if facts.by_cost(parts) else "points" if facts.by_points(parts) else ""
    for pairs, people in zip(facts.given, facts.people, strict=True):
        gain = 0
        for p, w in pairs:
            value = facts.costs[p] if worth == "cost" else w if worth == "points" else 1
            gain += value * ((p in one) - (p in other))
        votes[(gain > 0) - (gain < 0)] += people
    standing = greedy if votes[-1] > votes[1] else count
    standing.rule = count.rule
    standing.comparison = {
        "stood": "greedy" if standing is greedy else "equalshares",
        "equal_shares": count.funded,
        "greedy": greedy.funded,
        "prefer_equal_shares": votes[1],
        "prefer_greedy": votes[-1],
    }
    return standing


def _shares_run(
    facts: _Facts, rule: str, parts: Sequence[str], share: Fraction
) -> tuple[_Count, list[str]]:
    """Equal shares with this endowment, and the projects that are neither funded nor out.

    Money is whole numbers in 1/one.
    """
    count, costs, people = _Count(facts, rule), facts.costs, facts.people
    by_cost, by_points, count.share = facts.by_cost(parts), facts.by_points(parts), share
    purse, one = [share.numerator] * len(people), share.denominator
    left = {p: facts.votes[p] * share.numerator for p in costs}
    short: dict[str, Row] = {}
    known: dict[str, Fraction] = {}  # prices only rise, so the last one found is a lower bound
    kind = "shares-too-small"
    for p in [p for p in count.open if not costs[p]]:
        if p in count.open:
            count.fund(p, "funded-free", {})
    while True:
        for p in [p for p in count.open if p not in short and left[p] < costs[p] * one]:
            short[p] = {"kind": kind, "left": Fraction(left[p], one), "cost": costs[p]}
        best: Fraction | None = None
        level: list[str] = []
        rates: dict[str, Fraction] = {}
        payable = [p for p in count.open if p not in short]
        for p in sorted(payable, key=lambda p: known.get(p, Fraction(0))):
            if best is not None and known.get(p, 0) > best:
                break
            held = [(purse[g], w if by_points else 1, people[g]) for g, w in facts.fans[p]]
            rates[p] = _rate(costs[p] * one, held)
            price = known[p] = rates[p] / (one * (costs[p] if by_cost else 1))
            if best is None or price < best:
                best, level = price, []
            if price == best:
                level.append(p)
        if best is None:
            break
        level.sort(key=lambda p: facts.rank[p])
        p, rate, kind = level[0], rates[level[0]], "shares-spent"
        if len(level) > 1:
            count.tie(level)
        growth = rate.denominator
        purse, one = [money * growth for money in purse], one * growth
        left = {q: money * growth for q, money in left.items()}
        most, row = 0, {"full_payers": 0, "partial_payers": 0, "broke": 0}
        for g, weight in facts.fans[p]:
            asked = rate.numerator * (weight if by_points else 1)
            paid = min(purse[g], asked)
            who = "full_payers" if paid == asked else "partial_payers" if paid else "broke"
            row[who] += people[g]
            most = max(most, paid)
            purse[g] -= paid
            for q, _ in facts.given[g] if paid else ():
                left[q] -= paid * people[g]
        payment = Fraction(most, one)
        amounts = {"payment": payment, "share": share}
        count.fund(p, "funded-by-shares", amounts, None, payment=payment, **row)
    still = list(count.open)
    for p in still:
        count.out(p, short[p].pop("kind"), short[p])
    return count, still


def _rate(cost: int, held: Sequence[tuple[int, int, int]]) -> Fraction:
    """What one point pays when (money, points, people) share a cost they have.

    Whoever cannot pay for all their points gives all they have, and the others share the rest.
    """
    payers = [row for row in held if row[0]]
    rest, points = cost, sum(weight * people for _, weight, people in payers)
    while poor := [row for row in payers if row[0] * points < rest * row[1]]:
        payers = [row for row in payers if row[0] * points >= rest * row[1]]
        rest -= sum(money * people for money, _, people in poor)
        points -= sum(weight * people for _, weight, people in poor)
    return Fraction(rest, points)


def _exact_shares(facts: _Facts, rule: str, parts: Sequence[str]) -> _Count:
    """Whoever pays for a project pays as much as the others; shares are raised to the next change."""
    start = Fraction(facts.budget, facts.voters) if facts.voters else Fraction(0)
    skip, by_cost = "add-opt-skip" in parts, "cardinality" not in parts
    stands, still, turns = _exact_run(facts, rule, by_cost, start)
    count, share, raises = stands, start, 0
    while still and (skip or "add-opt" in parts):
        share += min(
            lacking
            for chosen, offers in turns
            for p, held in offers.items()
            if not (skip and p in count.funded)
            for lacking, _ in _gaps(facts.costs[p], held, _needed(count, by_cost, p, chosen))
        )
        raises += 1
        count, still, turns = _exact_run(facts, rule, by_cost, share)
        count.steps, over = raises, count.spent > facts.budget
        if over and not skip:
            break
        if not over and (not skip or count.spent > stands.spent):
            stands = count
    stands.start = start
    stands.outvote(("no-equal-payments", "shares-too-small"), facts.votes)
    return stands


Held = list[tuple[Fraction, int]]
Turn = tuple[tuple[str, int] | None, dict[str, Held]]


def _exact_run(
    facts: _Facts, rule: str, by_cost: bool, share: Fraction
) -> tuple[_Count, list[str], list[Turn]]:
    """One count with this share, what it leaves open, and for each turn what was bought by how many
    and what the supporters of each open project had: (money, how many have that or more).

    Whoever paid for the same has the same: `purse` says which of the `monies` each group has.
    """
    count, costs, people = _Count(facts, rule), facts.costs, facts.people
    purse, monies, turns, count.share = [0] * len(people), [share], list[Turn](), share
    held: dict[str, Held] = {}
    for p in [p for p in count.open if not costs[p]]:
        if p in count.open:
            count.fund(p, "funded-free", {})
    while True:
        sizes = dict[str, int]()
        for p in count.open:
            if p not in held:
                had = Counter[int]()
                for g, _ in facts.fans[p]:
                    had[purse[g]] += people[g]
                kinds = sorted(had, key=monies.__getitem__, reverse=True)
                many = accumulate(had[kind] for kind in kinds)
                held[p] = [(monies[kind], size) for kind, size in zip(kinds, many, strict=True)]
            # Of those with the same money all pay or none: the more, the less for each.
            able = [size for money, size in held[p] if money * size >= costs[p]]
            sizes |= {p: able[-1]} if able else {}
        value = {p: _part(count, by_cost, p, size) for p, size in sizes.items()}
        best = min(value.values(), default=None)
        level = [p for p in count.open if value.get(p) == best is not None]
        chosen = (level[0], sizes[level[0]]) if level else None
        turns.append((chosen, {p: held[p] for p in count.open}))
        if not level:
            break
        p, size = level[0], sizes[level[0]]
        if len(level) > 1:
            count.tie(level)
        price = Fraction(costs[p], size)
        after: dict[int, int] = {}
        for g, _ in facts.fans[p]:
            if monies[purse[g]] >= price:
                if purse[g] not in after:
                    after[purse[g]] = len(monies)
                    monies.append(monies[purse[g]] - price)
                purse[g] = after[purse[g]]
                for q, _ in facts.given[g]:
                    held.pop(q, None)
        row = {"full_payers": size, "partial_payers": 0, "broke": facts.votes[p] - size}
        amounts = {"payment": price, "share": share}
        count.fund(p, "funded-by-equal-payments", amounts, {"payers": size}, payment=price, **row)
    still = list(count.open)
    for p in still:
        if (whole := facts.votes[p] * share) < costs[p]:
            count.out(p, "shares-too-small", {"left": whole, "cost": costs[p]})
            continue
        lacking, size = min(_gaps(costs[p], held[p], 1))
        unpaid: Row = {"lacking": lacking, "cost": costs[p]}
        count.out(p, "no-equal-payments", unpaid, {"payers": -size})
    return count, still, turns


def _part(count: _Count, by_cost: bool, p: str, size: int) -> Fraction:
    """What is least for the best buy: the price, or its part of the cost."""
    return Fraction(1 if by_cost else count.facts.costs[p], size)


def _needed(count: _Count, by_cost: bool, p: str, chosen: tuple[str, int] | None) -> int:
    """How many must pay for p so that it is bought before that purchase."""
    if chosen is None:
        return 1
    ratio = _part(count, by_cost, p, 1) / _part(count, by_cost, *chosen)
    before = count.facts.rank[p] < count.facts.rank[chosen[0]]
    return int(ratio) if before and ratio.denominator == 1 else int(ratio) + 1


def _gaps(cost: int, held: Held, needed: int) -> list[tuple[Fraction, int]]:
    """What the poorest lack for equal payments by so many or more, and minus how many they are."""
    return [(Fraction(cost, size) - money, -size) for money, size in held if size >= needed]


def _overspending(facts: _Facts, rule: str, parts: Sequence[str]) -> _Count:
    """The rate for a part of a project that is best buys all of it, while the budget has its cost."""
    count, costs, people = _Count(facts, rule), facts.costs, facts.people
    by_cost, by_points = facts.by_cost(parts), facts.by_points(parts)
    share = Fraction(facts.budget, facts.voters) if facts.voters else Fraction(0)
    purse, left, count.start, count.share = [share] * len(people), facts.budget, share, share
    known: dict[str, Fraction] = {}  # what is least for the best only rises
    for p in [p for p in count.open if not costs[p]]:
        if p in count.open:
            count.fund(p, "funded-free", {})
    while True:
        ways = dict[str, tuple[Fraction, Fraction, Fraction]]()
        fitting = [p for p in count.open if costs[p] <= left]
        for p in sorted(fitting, key=lambda p: known.get(p, Fraction(0))):
            if ways and known.get(p, 0) > min(ways.values())[0]:
                break
            weighed = [(g, w if by_points else 1) for g, w in facts.fans[p]]
            held = [(purse[g], w, people[g]) for g, w in weighed if purse[g]]
            if held:
                ways[p] = _best_part(costs[p], held, costs[p] if by_cost else 1)
                known[p] = ways[p][0]
        if not ways:
            break
        least = min(way[0] for way in ways.values())
        level = [p for p in count.open if p in ways and ways[p][0] == least]
        if len(level) > 1:
            count.tie(level)
        p, part, rate = level[0], -ways[level[0]][1], ways[level[0]][2]
        most, paid = Fraction(0), Fraction(0)
        row = {"full_payers": 0, "partial_payers": 0, "broke": 0}
        for g, w in facts.fans[p]:
            asked = rate * (w if by_points else 1)
            gives = min(purse[g], asked)
            who = "full_payers" if gives == asked else "partial_payers" if gives else "broke"
            row[who] += people[g]
            most, paid = max(most, gives), paid + gives * people[g]
            purse[g] -= gives
        amounts: Row = {"payment": most, "share": share}
        amounts |= {"paid": paid, "cost": costs[p]} if part < 1 else {}
        kind = "funded-by-shares" if part == 1 else "funded-by-overspending"
        count.fund(p, kind, amounts, None, payment=most, **row)
        left -= costs[p]
    for p in list(count.open):
        spent = costs[p] <= left
        amounts = {"cost": costs[p]} | ({} if spent else {"left": left})
        count.out(p, "shares-used-up" if spent else "beyond-what-is-left", amounts)
    count.outvote(("shares-used-up",), facts.votes)
    return count


def _best_part(
    cost: int, held: Sequence[tuple[Fraction, int, int]], worth: int
) -> tuple[Fraction, Fraction, Fraction]:
    """What is least for the best, minus the part, and the rate for all of a project.

    Either somebody has just spent all at the rate of the part, or the part is the whole.
    """
    found = list[tuple[Fraction, Fraction, Fraction]]()
    spent, points = Fraction(0), sum(w * many for _, w, many in held)
    for money, w, many in sorted(held, key=lambda row: row[0] / row[1]):
        x = min(money / w, (cost - spent) / points)
        part = (spent + x * points) / cost
        found.append((x / part**2 / worth, -part, x / part))
        if part == 1:
            break
        spent, points = spent + money * many, points - w * many
    return min(found)


def _differences(place: str, said: Any, found: Any) -> list[str]:
    """A sentence for each place where the protocol says something else."""
    if isinstance(found, dict) and isinstance(said, dict):
        both = [key for key in found if key in said]
        inner = [_differences(f"{place} {key}".strip(), said[key], found[key]) for key in both]
        told = [f"{place} {key} is missing.".strip() for key in found.keys() - said.keys()]
        told += [f"{place} {key} says more.".strip() for key in said.keys() - found.keys()]
        return sum(inner, told)
    if isinstance(found, list) and isinstance(said, list) and len(found) == len(said):
        pairs = enumerate(zip(said, found, strict=True), start=1)
        return sum((_differences(f"{place} {n}", s, f) for n, (s, f) in pairs), list[str]())
    if isinstance(found, Fraction):
        same, right = _amount(said) == found, str(found)
    else:
        same, right = type(said) is type(found) and said == found, repr(found)
    return [] if same else [f"{place} is {_short(repr(said))}, but {_short(right)} is right."]


def _short(text: str) -> str:
    return text if len(text) <= 80 else f"{text[:77]}..."


def _amount(text: Any) -> Fraction | None:
    """Read "168", "3179/7" or, for very long numbers, "0x…/0x…"."""
    if not isinstance(text, str):
        return None
    try:
        over, _, under = text.partition("/")
        return Fraction(int(over, 0), int(under, 0) if under else 1)
    except (ValueError, ZeroDivisionError):
        return None
