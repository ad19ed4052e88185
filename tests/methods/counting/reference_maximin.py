"""The maximin support method as its definition reads, with fractions, by asking every subset.

The least largest load of some projects is the greatest cost of a subset for each of its supporters
together. Shares no code with the product.
"""

from collections.abc import Sequence
from fractions import Fraction

from .reference_others import Case


def least_largest_load(case: Case, projects: Sequence[str]) -> Fraction:
    """The greatest cost(S) / supporters(S) over all sets S of these projects.

    Sets are numbers whose bits are projects; each is one project more than a smaller one.
    """
    fans = [sum(1 << v for v in case.fans(p)) for p in projects]
    costs, people, greatest = [0], [0], Fraction(0)
    for number in range(1, 1 << len(projects)):
        last = number.bit_length() - 1
        rest = number ^ (1 << last)
        costs.append(costs[rest] + case.costs[projects[last]])
        people.append(people[rest] | fans[last])
        greatest = max(greatest, Fraction(costs[-1], people[-1].bit_count()))
    return greatest


def maximin_support(
    case: Case, order: Sequence[str], skip: bool = False
) -> tuple[list[str], list[Fraction], list[list[str]], dict[str, Fraction]]:
    """Funded projects, the load after each, what was level, and the loads when the count ended.

    With `skip` projects beyond what is left are passed over, as pabutools does.
    """
    funded, loads, levels = list[str](), list[Fraction](), list[list[str]]()
    while True:
        found = {
            p: least_largest_load(case, [*funded, p])
            for p in order
            if case.takes_part(p) and p not in funded and case.within_limits([*funded, p])
            if not skip or case.spent([*funded, p]) <= case.budget
        }
        if not found:
            return funded, loads, levels, found
        least = min(found.values())
        level = [p for p in order if found.get(p) == least]
        levels.append(level)
        if case.spent([*funded, level[0]]) > case.budget:
            return funded, loads, levels, found
        funded.append(level[0])
        loads.append(least)
