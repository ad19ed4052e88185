import subprocess
import sys

import pytest

from interlock.methods import counting
from interlock.methods.counting import SUPPORTED, Election, count, why_not_supported


def test_supported_rules_count_approval_and_choose_one() -> None:
    assert {why_not_supported(rule, "approval") for rule in SUPPORTED} == {None}
    assert {why_not_supported(rule, "choose-1") for rule in SUPPORTED} == {None}


def test_unsupported_rule_is_refused_in_a_sentence() -> None:
    assert why_not_supported("equalshares/add1-comparison", "approval") == (
        'The rule "equalshares/add1-comparison" (equal shares, compared with greedy afterwards) is '
        "not supported. Choose one of greedy, greedy-no-skip, equalshares, equalshares/add1."
    )


def test_unsupported_ballots_are_refused_in_a_sentence() -> None:
    assert why_not_supported("greedy", "ordinal") == (
        'The rule "greedy" counts approval and choose-1 ballots, and these are "ordinal" ballots. '
        "Count an approval or choose-1 election instead."
    )
    ordinal = Election.from_approvals({"a": 1}, 1, [["a"]], kind="ordinal")
    with pytest.raises(ValueError, match="approval and choose-1"):
        count(ordinal, "greedy")


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
