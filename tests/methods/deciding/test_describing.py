"""A rule in plain language: by hand, and the same numbers as the arithmetic after the vote."""

from fractions import Fraction

import pytest
from hypothesis import given
from hypothesis import strategies as st

from interlock.methods.deciding import (
    METHODS,
    PRESETS,
    DecidingError,
    Level,
    Quorum,
    Rule,
    Step,
    Tally,
    Threshold,
    Unanimity,
    described,
    described_election,
    outcome,
    sentence,
)
from interlock.methods.deciding.reasons import BASES, SENTENCES, SHARES, STATUSES
from tests.methods.deciding.votes import rules, thresholds


def told(rule: Rule, entitled: int) -> list[str]:
    return [str(one) for one in described(rule, entitled)]


def test_hypha_is_told_with_its_numbers() -> None:
    assert told(PRESETS["hypha"].rule("bylaws"), 10) == [
        f"Carried when at least two thirds of {BASES['cast']} say yes.",
        "Abstentions, stand-asides and blank ballots count, and so they count against it.",
        "If that is all 10: yes from at least 7.",
        "If that is 6, the least that may decide: yes from at least 4.",
        "Quorum: at least 6 of 10 take part, which is at least 60 %.",
        "If so many leave a meeting that fewer than 6 are there, nothing more is decided.",
        "Entitled to vote: members.",
        "Days of notice: at least 10.",
        "The ballot is secret.",
        "A vote can be changed until voting ends.",
        "Nobody can vote for somebody else: there are no proxies.",
    ]


def test_numbers_of_nobody_are_not_told() -> None:
    rule = PRESETS["colab"].rule("admission")
    assert rule.electorate.statuses == ("director",)
    lines = told(rule, 0)
    assert "Nobody in the register is that today." in lines
    assert [line for line in lines if "0" in line] == []


def test_consensus_minus_one_is_told() -> None:
    rule = Rule(Unanimity("present", less=1))
    assert told(rule, 5)[0] == "Carried when all but 1 of those who take part say yes."


def test_alternative_is_told_with_who_may_ask_for_it() -> None:
    asked = {name: [one.code for one in described(PRESETS[name].rule("ordinary"), 10)] for name in PRESETS}  # fmt: skip
    assert [
        next(code for code in codes if code.startswith("otherwise")) for codes in asked.values()
    ] == ["otherwise-asked", "otherwise", "otherwise", "otherwise-anybody"]


def test_election_is_told_without_what_would_carry_a_motion() -> None:
    rule = PRESETS["hypha"].rule("election")
    for method in METHODS:
        codes = [one.code for one in described_election(method, 3, rule, 20)]
        assert codes[:4] == [f"by-{method}", "by-lot", "quorum-least", "continuing-none"]
        assert all(map(str, described_election(method, 3, rule, 20)))
    with pytest.raises(DecidingError, match="“borda” is none of"):
        described_election("borda", 3, rule, 20)


@pytest.mark.parametrize("share", [Fraction(5, 7), Fraction(3, 5)])
def test_share_without_a_word_is_told_as_a_number(share: Fraction) -> None:
    word = {Fraction(5, 7): "5/7", Fraction(3, 5): "60 %"}[share]
    line = sentence(Step("threshold-least", {"share": share, "base": "cast"}))
    assert line.startswith(f"Carried when at least {word} of")


def test_everything_is_translated_once() -> None:
    seen: list[str] = []

    def translate(text: str) -> str:
        seen.append(text)
        return text.upper()

    step = Step("electorate", {"statuses": ("member", "director")})
    assert sentence(step, lambda text: {"members": "socios"}.get(text, text)) == (
        "Entitled to vote: socios, directors."
    )
    half = Step("threshold-more", {"share": Fraction(1, 2), "base": "cast"})
    sentence(half, lambda text: translate(text) and text)
    assert sorted(seen) == sorted([SENTENCES["threshold-more"], BASES["cast"], SHARES[Fraction(1, 2)]])  # fmt: skip
    assert set(STATUSES) == {"candidate", "member", "inactive", "director"}


@given(rules, st.integers(0, 30))
def test_every_rule_can_be_told(rule: Rule, entitled: int) -> None:
    assert all(told(rule, entitled))


@given(thresholds, st.integers(1, 30), st.integers(0, 30))
def test_what_is_said_before_is_what_decides_after(
    passing: Threshold, entitled: int, yes: int
) -> None:
    rule = Rule(passing, Quorum(Level(share=Fraction(1, 2))))
    [needed] = [
        one.facts["needed"]
        for one in described(rule, entitled)
        if one.code in ("needs-of-all", "needs-always")
    ]
    yes = min(yes, entitled)
    found = outcome(rule, Tally(entitled, entitled, yes=yes, no=entitled - yes))
    assert found.is_carried == (yes >= int(str(needed)))
