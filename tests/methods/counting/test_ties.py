import hashlib
import re

import pytest

from interlock.methods.counting import Election, count, lot_order, tie_order

TOWN = Election.from_approvals({"a": 2, "b": 1, "c": 1, "d": 1}, 9, [["b"], ["c"], ["c"]])


def test_order_is_cost_then_votes_then_lot() -> None:
    assert tie_order(TOWN, ["d", "c", "b", "a"]) == ("c", "b", "d", "a")
    level = Election.from_approvals({"a": 1, "b": 1}, 9, [["a", "b"]])
    assert tie_order(level, ["b", "a"]) == ("b", "a")


def test_lot_can_be_redone_by_hand() -> None:
    digest = {p: hashlib.sha256(f"seed\n{p}".encode()).hexdigest() for p in "abcd"}
    assert lot_order("abcd", "seed") == tuple(sorted("abcd", key=lambda p: digest[p]))


def test_other_seed_draws_another_lot() -> None:
    assert len({lot_order("abcdefgh", seed) for seed in ("one", "two", "three")}) == 3


@pytest.mark.parametrize(
    ("order", "message"),
    [
        (["a", "b", "c"], 'The tie order leaves out 1 of 4 projects, "d" first.'),
        (["a", "b", "c", "d", "a"], 'The tie order names "a" twice.'),
        (["a", "b", "c", "d", "e"], 'The tie order names "e", which is not a project.'),
    ],
)
@pytest.mark.parametrize("rule", ["greedy", "equalshares", "equalshares/add1"])
def test_incomplete_order_is_refused(rule: str, order: list[str], message: str) -> None:
    with pytest.raises(ValueError, match=re.escape(message)):
        count(TOWN, rule, order)
