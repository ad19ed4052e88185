import subprocess
import sys

import pytest

from interlock.methods import counting
from interlock.methods.counting import SUPPORTED, Election, count, why_not_supported
from interlock.methods.counting.names import Rule, rule


def test_supported_rules_count_approval_and_choose_one() -> None:
    assert {why_not_supported(rule, "approval") for rule in SUPPORTED} == {None}
    assert {why_not_supported(rule, "choose-1") for rule in SUPPORTED} == {None}


def test_unsupported_rule_is_refused_in_a_sentence() -> None:
    assert why_not_supported("greedy-custom", "approval") == (
        'The rule "greedy-custom" (a city\'s own variation of greedy) is not supported. Choose one '
        "of greedy, greedy-no-skip, greedy/per-cost, equalshares, equalshares/add1, phragmen; "
        "docs/rules names all."
    )


@pytest.mark.parametrize(
    "name",
    [
        "equalshares/add1/add1",
        "equalshares/add1/cost",
        "equalshares/",
        "equalshare",
        "equalshares-comparison-comparison",
        "greedy/cost",
        "phragmen/add1",
        "maximin-support/cost",
        "maximin-support-comparison",
        "equalshares-exact/points",
        "equalshares-exact/add-opt/cost",
        "equalshares-exact/add-opt/add-opt-skip",
        "equalshares-exact-comparison",
        "equalshares-bos/add-opt",
        "equalshares-bos/cost/points",
        "optimum/add1",
        "",
        "equalshares/add1@2",
    ],
)
def test_a_name_that_is_none_is_refused(name: str) -> None:
    assert why_not_supported(name, "approval") is not None


def test_a_name_says_all_parameters_and_its_version() -> None:
    read = rule("equalshares/cardinality/add1-exhaustive/integral/utilitarian-comparison")
    assert (read.utility, read.completion) == ("cardinality", "add1-exhaustive")
    assert (read.integral, read.utilitarian, read.comparison) == (True, True, True)
    assert rule("greedy-no-skip/per-cost") == Rule(
        "greedy-no-skip/per-cost", "greedy", skip=False, per_cost=True
    )
    assert rule("greedy-threshold").needs == "threshold"
    assert rule("phragmen").versioned == "phragmen@1"
    assert rule("maximin-support@1") == Rule("maximin-support", "maximin-support")
    exact = rule("equalshares-exact/cardinality/add-opt-skip@1")
    assert (exact.utility, exact.completion) == ("cardinality", "add-opt-skip")
    assert rule("equalshares-bos/points") == Rule(
        "equalshares-bos/points", "equalshares-bos", utility="points"
    )


def test_unsupported_ballots_are_refused_in_a_sentence() -> None:
    assert why_not_supported("phragmen", "ordinal") == (
        'The rule "phragmen" counts approval and choose-1 ballots, and these are "ordinal" '
        "ballots. Count them by equalshares or greedy instead."
    )
    assert why_not_supported("maximin-support", "scoring") == (
        'The rule "maximin-support" counts approval and choose-1 ballots, and these are "scoring" '
        "ballots. Count them by equalshares or greedy instead."
    )
    assert why_not_supported("equalshares-exact/cost", "cumulative") == (
        'The rule "equalshares-exact/cost" counts approval and choose-1 ballots, and these are '
        '"cumulative" ballots. Count them by equalshares or greedy instead.'
    )
    assert why_not_supported("equalshares/points", "approval") is not None
    assert why_not_supported("equalshares-bos/points", "approval") is not None
    assert why_not_supported("equalshares-bos", "ordinal") is None
    ordinal = Election.from_approvals({"a": 1}, 1, [["a"]], kind="ordinal")
    with pytest.raises(ValueError, match="approval and choose-1"):
        count(ordinal, "phragmen")


def test_names_and_reasons_need_no_numpy() -> None:
    program = (
        "import sys, interlock.methods.counting.reasons, interlock.methods.counting.names\n"
        "import interlock.methods.counting.result\n"
        "from interlock.methods.counting import Reason, sentence, why_not_supported\n"
        "print('numpy' in sys.modules)"
    )
    answer = subprocess.run([sys.executable, "-c", program], capture_output=True, check=True)
    assert answer.stdout.decode().strip() == "False"


def test_every_public_name_is_there() -> None:
    for name in counting.__all__:
        assert getattr(counting, name) is not None
    with pytest.raises(AttributeError, match="no attribute 'nothing'"):
        _ = counting.nothing
