import math

import pytest

from interlock.methods.observatory.reasons import SENTENCES, sentence
from interlock.methods.observatory.verdict import Judged, Kind, finding, verdict
from interlock.methods.places.colocation.regression import Ratio


def ratio(low: float, high: float) -> Ratio:
    return Ratio("marked", math.sqrt(low * high), low, high, 0.5, 0.5, "")


def judged(
    own: Ratio | None,
    p_more: float | None,
    p_less: float | None = None,
    beyond: Ratio | None = None,
) -> Judged:
    return Judged("rates", own, p_more, 1.0 if p_less is None else p_less, 2.0, beyond)


@pytest.mark.parametrize(
    ("given", "kind"),
    [
        (judged(ratio(1.01, 3), 0.025), "together"),
        (judged(ratio(1.01, 3), 0.026), "depends"),
        (judged(ratio(1.0, 3), 0.001), "depends"),
        (judged(ratio(0.1, 0.9), 1.0, 0.02), "apart"),
        (judged(ratio(0.1, 0.9), 1.0, 0.2), "depends"),
        (judged(ratio(1 / 1.5, 1.5), 0.5), "alike"),
        (judged(ratio(0.66, 1.5), 0.5), "cannot-tell"),
        (judged(ratio(0.7, 1.51), 0.5), "cannot-tell"),
        (judged(ratio(2, 3), None), "depends"),
        (judged(None, 0.01), "depends"),
        (judged(None, 0.4), "cannot-tell"),
        (judged(None, None), "no-answer"),
        (judged(ratio(1.5, 3), 0.01, beyond=ratio(1.1, 4)), "together"),
        (judged(ratio(1.5, 3), 0.01, beyond=ratio(1.0, 4)), "control"),
        (judged(ratio(0.5, 3), 0.5, beyond=ratio(0.5, 4)), "cannot-tell"),
    ],
)
def test_verdict_follows_the_rules(given: Judged, kind: Kind) -> None:
    assert verdict(given) == kind


def test_every_finding_has_a_sentence_that_speaks_of_no_cause() -> None:
    kinds = ("together", "apart", "alike", "depends", "cannot-tell")
    told = {f"{kind}-{measure}" for kind in kinds for measure in ("rates", "odds")}
    told |= {"control-rates", "no-answer"}
    assert told <= set(SENTENCES)
    for kind in told - {"no-answer"}:
        words = ("not that one", "not as a cause", "cause of both")
        assert any(word in SENTENCES[kind] for word in words), kind
        assert SENTENCES[kind].count(". ") == 0


def test_finding_without_a_ratio_leaves_everything_open() -> None:
    found = finding(Judged("odds", None, 0.4, 0.7, None))
    assert found.kind == "cannot-tell-odds"
    assert "anything from 0 to ∞ times the odds" in sentence(found)
    assert "only from > 100 times on" in sentence(found)
