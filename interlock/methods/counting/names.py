"""The names of counting rules and ballots, as Pabulib spells them, and which this library counts.

The vocabulary is Pabulib's: https://pabulib.org/format. This module imports nothing, so a web
process can ask about rules without loading the counting itself.
"""

VOTE_TYPES = ("approval", "ordinal", "cumulative", "scoring", "choose-1")

SUPPORTED = ("greedy", "greedy-no-skip", "equalshares", "equalshares/add1")

SUPPORTED_VOTE_TYPES = ("approval", "choose-1")

_KNOWN_ELSEWHERE = {
    "greedy-threshold": "a greedy count with a minimum number of votes",
    "greedy-exclusive": "a greedy count in which some projects exclude each other",
    "greedy-custom": "a city's own variation of greedy",
    "equalshares-comparison": "equal shares, compared with greedy afterwards",
    "equalshares/add1-comparison": "equal shares, compared with greedy afterwards",
    "unknown": "no rule at all",
}


def why_not_supported(rule: str, vote_type: str) -> str | None:
    """Say why ballots of `vote_type` cannot be counted by `rule`, or None when they can.

    >>> why_not_supported("equalshares/add1", "approval")
    >>> why_not_supported("borda", "approval")
    'The rule "borda" is not supported. Choose one of greedy, greedy-no-skip, equalshares, \
equalshares/add1.'
    """
    if rule not in SUPPORTED:
        meaning = _KNOWN_ELSEWHERE.get(rule)
        said = f'The rule "{rule}" ({meaning})' if meaning else f'The rule "{rule}"'
        return f"{said} is not supported. Choose one of {', '.join(SUPPORTED)}."
    if vote_type not in SUPPORTED_VOTE_TYPES:
        return (
            f'The rule "{rule}" counts {" and ".join(SUPPORTED_VOTE_TYPES)} ballots, '
            f'and these are "{vote_type}" ballots. Count an approval or choose-1 election instead.'
        )
    return None
