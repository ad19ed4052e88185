"""The names of counting rules and ballots: Pabulib's where it has one, and parts joined to them.

A name says everything that decides the outcome, parameters included, and carries a version, so that
a count can be repeated in ten years. The vocabulary is Pabulib's (https://pabulib.org/format):

    greedy  greedy-no-skip  greedy-threshold  greedy-exclusive     most points first
    greedy/per-cost  greedy-no-skip/per-cost  ...                  most points per cost first
    equalshares  equalshares/add1  equalshares/add1-comparison     the Method of Equal Shares
    equalshares-exact                                              Exact Equal Shares
    equalshares-bos                                                with bounded overspending
    phragmen                                                       sequential Phragmén
    maximin-support                                                the maximin support method
    optimum                                                        the most points the budget buys

Equal shares and the optimum take a utility as their next part: `equalshares/cost`,
`equalshares/cardinality` or `equalshares/points`. Without one, equal shares counts cost on approval
ballots and points on others, the optimum points (votes, on approval ballots). Equal shares then takes a completion, `add1` or `add1-exhaustive`, with `integral` for
shares that start rounded down to a whole unit, `utilitarian` to spend what is left by votes, and
`-comparison` on the last part. `equalshares-exact` takes `cost` or `cardinality`, then `add-opt` or
`add-opt-skip`, `equalshares-bos` a utility. This module imports no numpy, so a web process can ask about rules
without loading the counting itself.
"""

from __future__ import annotations

from dataclasses import dataclass
from functools import lru_cache

VOTE_TYPES = ("approval", "ordinal", "cumulative", "scoring", "choose-1")

# What the site offers and `interlock compare` shows; every other name of the grammar counts too.
SUPPORTED = (
    "greedy",
    "greedy-no-skip",
    "greedy/per-cost",
    "equalshares",
    "equalshares/add1",
    "phragmen",
)

VERSION = 1
UTILITIES = ("cost", "cardinality", "points")
COMPLETIONS = ("add1", "add1-exhaustive")
EXACT_COMPLETIONS = ("add-opt", "add-opt-skip")
_APPROVALS = ("approval", "choose-1")
_WITH_UTILITY = ("equalshares-bos", "optimum")
_WITHOUT_PARTS = ("phragmen", "maximin-support")
_ON_APPROVALS = ("equalshares-exact", *_WITHOUT_PARTS)
_GREEDY = ("greedy", "greedy-no-skip", "greedy-threshold", "greedy-exclusive")
_ELSEWHERE = {
    "greedy-custom": "a city's own variation of greedy",
    "unknown": "no rule at all",
}


@dataclass(frozen=True)
class Rule:
    """A counting rule with all its parameters.

    `family` is "greedy", "equalshares", "equalshares-exact", "equalshares-bos", "phragmen",
    "maximin-support" or "optimum". `skip` and `per_cost` belong to greedy; `needs` names what the
    election must bring ("threshold", "exclusive"). `utility` is one of `UTILITIES`, or "" for the usual one of the ballots.
    `completion` ("" or one of `COMPLETIONS`), `integral`, `utilitarian` and `comparison` belong to
    equal shares; the `completion` of "equalshares-exact" is one of `EXACT_COMPLETIONS`.
    """

    name: str
    family: str
    skip: bool = True
    per_cost: bool = False
    needs: str = ""
    utility: str = ""
    completion: str = ""
    integral: bool = False
    utilitarian: bool = False
    comparison: bool = False

    @property
    def versioned(self) -> str:
        """The name with the version of its definition: "equalshares/add1@1"."""
        return f"{self.name}@{VERSION}"

    def utility_of(self, vote_type: str) -> str:
        """The utility counted with ballots of this type: cost for approvals, else their points."""
        return self.utility or ("cost" if vote_type in _APPROVALS else "points")


@lru_cache(maxsize=256)
def rule(name: str) -> Rule:
    """Read a rule's name. Raises ValueError with a sentence for anything that is none.

    >>> rule("equalshares/add1-comparison").completion
    'add1'
    >>> rule("equalshares/add1").versioned
    'equalshares/add1@1'
    """
    plain, at, version = name.partition("@")
    if at and version != str(VERSION):
        raise ValueError(
            f'The rule "{plain}" is known here in version {VERSION}, not "{version}". Count with '
            "the release that knows it."
        )
    family, *parts = plain.split("/")
    read = _read(plain, family, parts)
    if read is None:
        meaning = _ELSEWHERE.get(plain)
        said = f'The rule "{name}" ({meaning})' if meaning else f'The rule "{name}"'
        raise ValueError(
            f"{said} is not supported. Choose one of {', '.join(SUPPORTED)}; docs/rules names all."
        )
    return read


def _read(name: str, family: str, parts: list[str]) -> Rule | None:
    if family in _GREEDY and parts in ([], ["per-cost"]):
        needs = family.removeprefix("greedy-") if family in _GREEDY[2:] else ""
        return Rule(
            name, "greedy", skip=family != "greedy-no-skip", per_cost=bool(parts), needs=needs
        )
    if name in _WITHOUT_PARTS:
        return Rule(name, name)
    if family in _WITH_UTILITY and (not parts or (len(parts) == 1 and parts[0] in UTILITIES)):
        return Rule(name, family, utility="".join(parts))
    if family == "equalshares-exact":
        return _read_exact(name, parts)
    if not name.startswith("equalshares"):
        return None
    body = name.removesuffix("-comparison")
    _family, *parts = body.split("/")
    if _family != "equalshares":
        return None
    # Each part at most once, in this order.
    utility = parts.pop(0) if parts and parts[0] in UTILITIES else ""
    completion = parts.pop(0) if parts and parts[0] in COMPLETIONS else ""
    integral = bool(parts and parts[0] == "integral" and parts.pop(0))
    utilitarian = bool(parts and parts[0] == "utilitarian" and parts.pop(0))
    if parts:
        return None
    return Rule(
        name,
        "equalshares",
        utility=utility,
        completion=completion,
        integral=integral,
        utilitarian=utilitarian,
        comparison=body != name,
    )


def _read_exact(name: str, parts: list[str]) -> Rule | None:
    utility = parts.pop(0) if parts and parts[0] in ("cost", "cardinality") else ""
    completion = parts.pop(0) if parts and parts[0] in EXACT_COMPLETIONS else ""
    return (
        None if parts else Rule(name, "equalshares-exact", utility=utility, completion=completion)
    )


def why_not_supported(name: str, vote_type: str) -> str | None:
    """Say why ballots of `vote_type` cannot be counted by this rule, or None when they can.

    >>> why_not_supported("equalshares/add1", "approval")
    >>> why_not_supported("borda", "approval")
    'The rule "borda" is not supported. Choose one of greedy, greedy-no-skip, greedy/per-cost, \
equalshares, equalshares/add1, phragmen; docs/rules names all.'
    """
    try:
        found = rule(name)
    except ValueError as error:
        return str(error)
    if found.family in _ON_APPROVALS and vote_type not in _APPROVALS:
        return (
            f'The rule "{name}" counts {" and ".join(_APPROVALS)} ballots, and these are '
            f'"{vote_type}" ballots. Count them by equalshares or greedy instead.'
        )
    if found.utility == "points" and vote_type in _APPROVALS:
        return (
            f'The rule "{name}" counts points, and "{vote_type}" ballots give none. Choose '
            "cost or cardinality."
        )
    return None
