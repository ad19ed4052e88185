import json
from fractions import Fraction

import pytest
from hypothesis import given, settings

from interlock.methods.counting import Reason, count, protocol, sentence
from interlock.methods.counting.exact import amount_from, written
from interlock.methods.counting.reasons import OUTVOTED, SENTENCES

from .elections import Plain, elections


def dollars(amount: Fraction) -> str:
    cents = round(amount * 100)
    return f"${cents // 100:,}" if cents % 100 == 0 else f"${cents / 100:,.2f}"


def told(kind: str, voters: int, outvoted: bool = False, **amounts: Fraction | int) -> str:
    exact = {name: Fraction(amount) for name, amount in amounts.items()}
    return sentence(Reason(kind, voters, exact, outvoted), money=dollars)


def test_funded_project_says_who_paid_what() -> None:
    payment, share = Fraction("168.37"), Fraction("301.68")
    assert told("funded-by-shares", 879, payment=payment, share=share) == (
        "879 voters supported it. Each of them paid at most $168.37 of their $301.68 share, "
        "and together that is the whole cost."
    )


def test_one_supporter_is_told_in_the_singular() -> None:
    assert told("funded-by-shares", 1, payment=5, share=8) == (
        "1 voter supported it and paid $5 of their $8 share, and that is the whole cost."
    )
    assert told("shares-spent", 1, left=5, cost=8) == (
        "Its 1 supporter had $5 of their share left when its turn came; it costs $8."
    )


def test_outvoted_project_is_told_why_votes_were_not_enough() -> None:
    assert told("shares-spent", 623, outvoted=True, left=44374, cost=95000) == (
        "Its 623 supporters had $44,374 of their shares left when its turn came; it costs $95,000. "
        "It had more votes than some funded projects, but its supporters had already paid for "
        "others they like."
    )


def test_project_without_votes_is_told_so() -> None:
    assert told("no-votes", 0) == "Nobody voted for it."
    assert told("over-budget-without-votes", 0, cost=9, budget=5) == (
        "It costs $9, more than the whole budget of $5, and nobody voted for it."
    )


def test_sentence_can_be_translated() -> None:
    spanish = {SENTENCES["no-votes"][0]: "Nadie votó por él."}
    reason = Reason("no-votes", 0)
    assert sentence(reason, money=dollars, ngettext=lambda one, many, n: spanish[one]) == (
        "Nadie votó por él."
    )


@pytest.mark.parametrize("pair", [*SENTENCES.values(), *OUTVOTED.values()])
def test_singular_and_plural_name_the_same_amounts(pair: tuple[str, str]) -> None:
    class Names(dict[str, str]):
        def __missing__(self, name: str) -> str:
            self[name] = name
            return name

    found = [Names(), Names()]
    for text, names in zip(pair, found, strict=True):
        assert text % names
    assert found[0].keys() == found[1].keys()


@pytest.mark.parametrize("rule", ["greedy", "greedy-no-skip", "equalshares", "equalshares/add1"])
@given(plain=elections())
@settings(max_examples=40)
def test_every_outcome_has_a_reason_that_can_be_told_and_stored(rule: str, plain: Plain) -> None:
    result = count(plain.election, rule)
    for outcome in result.outcomes:
        assert outcome.funded == outcome.reason.kind.startswith(("funded", "in-the-optimum"))
        stored = json.loads(json.dumps(outcome.reason.to_json()))
        assert Reason.from_json(stored) == outcome.reason
        assert "%" not in sentence(outcome.reason, money=dollars)
    assert json.loads(json.dumps(protocol(result))) == protocol(result)


def test_unknown_kind_of_reason_is_refused() -> None:
    stored = {"kind": "because", "voters": 1, "amounts": {}, "outvoted": False}
    with pytest.raises(ValueError, match="not a kind of reason"):
        Reason.from_json(stored)


def test_numbers_beyond_decimal_text_survive_storage() -> None:
    amount = Fraction(7**9000, 3**20000)
    assert amount_from(written(amount)) == amount
