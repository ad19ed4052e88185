"""What pabutools makes of elections: one JSON object a line in, one a line out.

    .oracle/bin/python tests/oracle/pabutools_answers.py < asked > answered

Runs in the oracle's own environment (`make oracle`), where pabutools is and interlock is not. An
election names its `rules` and its tie order `ties`; it is either a `file` of Pabulib, read by
pabutools, or given in numbers (see `elections.Numbers`). The answer maps each rule to the ids of the
funded projects, sorted.
"""

import json
import sys

from pabutools.election import (
    Additive_Cardinal_Sat,
    ApprovalBallot,
    ApprovalProfile,
    CardinalBallot,
    Cardinality_Sat,
    CardinalProfile,
    Cost_Sat,
    Instance,
    Project,
    parse_pabulib,
    total_cost,
)
from pabutools.rules import (
    exhaustion_by_budget_increase,
    greedy_utilitarian_welfare,
    method_of_equal_shares,
    sequential_phragmen,
)
from pabutools.tiebreaking import TieBreakingRule

UTILITIES = {
    "cost": Cost_Sat,
    "cardinality": Cardinality_Sat,
    "points": Additive_Cardinal_Sat,
}
# It calls itself once a funded project.
sys.setrecursionlimit(20_000)


def main():
    for line in sys.stdin:
        asked = json.loads(line)
        instance, profile = parse_pabulib(asked["file"]) if "file" in asked else made(asked)
        rank = {str(project): place for place, project in enumerate(asked["ties"])}
        ties = TieBreakingRule(lambda _instance, _profile, project, rank=rank: rank[project.name])
        unit = asked.get("unit", 1)
        found = {rule: funded(rule, instance, profile, ties, unit) for rule in asked["rules"]}
        print(json.dumps(found), flush=True)


def made(asked):
    """An instance and a profile from numbers; projects are called by their place."""
    projects = [Project(str(place), cost) for place, cost in enumerate(asked["costs"])]
    instance = Instance(projects, budget_limit=asked["budget"])
    if asked["points"] is None:
        ballots = [ApprovalBallot([projects[p] for p in row]) for row in asked["ballots"]]
        return instance, ApprovalProfile(ballots)
    pairs = zip(asked["ballots"], asked["points"], strict=True)
    ballots = [
        CardinalBallot({projects[p]: w for p, w in zip(row, given, strict=True)})
        for row, given in pairs
    ]
    return instance, CardinalProfile(ballots)


def funded(rule, instance, profile, ties, unit):
    """The ids of the projects that this rule of ours funds, in pabutools' words."""
    family, *parts = rule.split("/")
    if family == "phragmen":
        found = sequential_phragmen(instance, profile, tie_breaking=ties)
    elif family == "greedy":
        # Its greedy goes by satisfaction per cost, so by votes when satisfaction is cost.
        points = not isinstance(profile, ApprovalProfile)
        per_cost = UTILITIES["points" if points else "cardinality"]
        sat = per_cost if parts else UTILITIES["cost"]
        found = greedy_utilitarian_welfare(instance, profile, sat_class=sat, tie_breaking=ties)
    else:
        sat = UTILITIES[parts[0]]
        if len(parts) == 1:
            found = method_of_equal_shares(instance, profile, sat_class=sat, tie_breaking=ties)
        else:
            found = raised(parts[1], instance, profile, sat, ties, unit)
    return sorted(project.name for project in found)


def raised(completion, instance, profile, sat, ties, unit):
    """Equal shares with a budget that grows by one currency unit a voter."""
    voters = profile.num_ballots()
    return exhaustion_by_budget_increase(
        instance,
        profile,
        method_of_equal_shares,
        {"sat_class": sat, "tie_breaking": ties},
        exhaustive_stop=completion == "add1-exhaustive",
        budget_step=voters * unit,
        # With a share of all costs everybody can buy everything; its own bound may come before.
        budget_bound=voters * (total_cost(instance) + 2 * unit) + instance.budget_limit,
    )


if __name__ == "__main__":
    main()
