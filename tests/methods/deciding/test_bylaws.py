"""Bylaws as data: the four that are in use, and JSON that is refused at its place."""

import json
from contextlib import suppress
from fractions import Fraction
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from interlock.methods.deciding import (
    KINDS,
    PRESETS,
    Board,
    Bylaws,
    DecidingError,
    Level,
    Membership,
    Objections,
    Progress,
    Rule,
    Threshold,
    Unanimity,
    from_json,
    progress,
    to_json,
)
from tests.methods.deciding.votes import rules


@pytest.mark.parametrize("name", PRESETS)
def test_presets_survive_json(name: str) -> None:
    text = json.dumps(to_json(PRESETS[name]))
    assert from_json(json.loads(text), Bylaws) == PRESETS[name]


@given(rules)
def test_rules_survive_json(rule: Rule) -> None:
    assert from_json(json.loads(json.dumps(to_json(rule))), Rule) == rule


def test_presets_are_the_four_of_the_reference() -> None:
    selc, codehook, colab, hypha = PRESETS.values()
    assert [selc.name, codehook.name, colab.name, hypha.name] == ["SELC", "Code Hook", "CoLab", "Hypha"]  # fmt: skip
    assert (selc.membership.hours, selc.membership.months) == (650, 6)
    assert selc.meetings.special == Level(3, Fraction(1, 20), count_above=4)
    assert selc.meetings.initiative == Level(share=Fraction(1, 5))
    assert selc.rule("ordinary").asking(10) == 5
    assert selc.rule("expulsion").notice_days == 15
    assert codehook.rule("readmission").passing == Unanimity("present")
    assert colab.rule("expulsion").passing == Unanimity("yes-no", less=1)
    assert colab.rule("ordinary").otherwise().passing == Objections(
        Level(2, Fraction(1, 4)), "entitled"
    )
    assert (colab.membership.hours, colab.membership.recent_hours) == (600, 300)
    assert (colab.board.least, colab.board.most, colab.board.method) == (7, 7, "condorcet")
    assert hypha.rule("ordinary").quorum.least(11) == 7
    assert hypha.rule("bylaws").passing == Threshold(Fraction(2, 3), "cast")
    assert (hypha.board.term_months, hypha.board.is_staggered) == (24, True)


def test_kind_without_a_rule_is_decided_as_ordinary() -> None:
    colab = PRESETS["colab"]
    assert "readmission" not in colab.decisions
    assert all(colab.rule(kind) for kind in KINDS)
    assert colab.rule("readmission") == colab.rule("ordinary")


def test_special_meeting_is_called_by_the_greater_of_three_and_five_per_cent() -> None:
    special = PRESETS["selc"].meetings.special
    assert special is not None
    assert [special.least(members) for members in (3, 4, 5, 60, 61)] == [1, 1, 3, 3, 4]


@pytest.mark.parametrize(
    ("change", "told"),
    [
        ({"name": 3}, "name: This should be a text."),
        ({"names": "x"}, "“names” is not known here."),
        (
            {"membership": {"hours": -1, "months": -2}},
            "membership: hours is below 0.\nmembership: months is below 0.",
        ),
        ({"membership": {"buy_in": 1.5}}, "membership.buy_in: This should be a whole number."),
        ({"membership": {"months": True}}, "membership.months: This should be a whole number."),
        ({"decisions": {}}, "The bylaws have no rule for ordinary decisions."),
        ({"decisions": []}, "decisions: This should be an object with names and values."),
        ({"decisions": {"ordinary": {}}}, "decisions.ordinary: “passing” is missing."),
        ({"board": {"least": 5, "most": 3}}, "board: 5 at least and 3 at most is not possible."),
        (
            {"board": {"method": "borda"}},
            "board: “borda” is none of: approval, stv, condorcet.",
        ),
        ({"meetings": {"special": {"share": "5%"}}}, "meetings.special.share: This should be a share such as \"3/4\"."),
        ({"meetings": {"special": {"share": "1/0"}}}, "meetings.special.share: This should be a share such as \"3/4\"."),
        ({"meetings": {"special": {"share": "6/5"}}}, "meetings.special: A share is above 0 and at most 1; 6/5 is not."),
    ],
)  # fmt: skip
def test_fault_is_told_at_its_place(change: dict[str, Any], told: str) -> None:
    data = {**to_json(PRESETS["hypha"]), **change}
    with pytest.raises(DecidingError) as wrong:
        from_json(data, Bylaws)
    assert str(wrong.value) == told


@pytest.mark.parametrize(
    ("passing", "told"),
    [
        (7, "passing: This should be an object with names and values."),
        ({"kind": "lot"}, "passing.kind: “lot” is none of: threshold, unanimity, objections."),
        ({"kind": "threshold", "share": "1/2"}, "passing: “base” is missing."),
        ({"kind": "unanimity", "base": "all"}, "passing: “all” is none of: yes-no, cast, present, entitled."),
        ({"kind": "threshold", "share": "0", "base": "cast"}, "passing: A share is above 0 and at most 1; 0 is not."),
        ({"kind": "threshold", "share": "1", "base": "cast", "is_strict": True}, "passing: Nothing is more than all: use a smaller share."),
        ({"kind": "threshold", "share": "1/2", "base": "cast", "is_strict": 1}, "passing.is_strict: This should be true or false."),
    ],
)  # fmt: skip
def test_passing_is_refused_at_its_place(passing: object, told: str) -> None:
    with pytest.raises(DecidingError) as wrong:
        from_json({"passing": passing}, Rule)
    assert str(wrong.value) == told


def test_electorate_of_nobody_or_unknown_is_refused() -> None:
    base = {"passing": {"kind": "unanimity", "base": "cast"}}
    for statuses, told in (
        ([], "electorate: Nobody would be entitled to vote."),
        (["cat"], "electorate: “cat” is none of: candidate, member, inactive, director."),
        ("member", "electorate.statuses: This should be a list of texts."),
    ):
        with pytest.raises(DecidingError) as wrong:
            from_json({**base, "electorate": {"statuses": statuses}}, Rule)
        assert str(wrong.value) == told


def test_kind_of_decision_that_is_unknown_is_refused() -> None:
    with pytest.raises(DecidingError) as wrong:
        Bylaws("X", Membership(), {"ordinary": Rule(Unanimity("cast")), "party": Rule(Unanimity("cast"))})  # fmt: skip
    assert [one.code for one in wrong.value.faults] == ["choice"]


def test_board_of_everybody_is_possible() -> None:
    assert Board(least=3, most=40, is_everybody=True) == PRESETS["selc"].board


def test_rule_without_alternative_has_no_other_way() -> None:
    rule = Rule(Unanimity("cast"))
    assert rule.asking(10) == 0
    with pytest.raises(ValueError, match="no alternative"):
        rule.otherwise()


def test_candidate_sees_what_is_met_and_what_is_not() -> None:
    asked = PRESETS["colab"].membership
    done = Progress(hours=610, months=12, recent_hours=280, is_trained=True)
    assert [(one.code, one.is_met) for one in progress(asked, done)] == [
        ("hours", True),
        ("recent-hours", False),
        ("months", True),
        ("trainings", True),
        ("board-meeting", False),
    ]
    assert progress(Membership(), Progress()) == ()


anything = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats(allow_nan=False) | st.text(max_size=5),
    lambda one: st.lists(one, max_size=3) | st.dictionaries(st.text(max_size=5), one, max_size=3),
    max_leaves=5,
)


@given(st.data(), anything)
def test_whatever_stands_in_a_file_is_read_or_refused(data: st.DataObject, value: object) -> None:
    made = to_json(data.draw(st.sampled_from(list(PRESETS.values()))))
    place: Any = made
    while True:
        key = data.draw(st.sampled_from(sorted(place)))
        if not isinstance(place[key], dict) or not place[key] or data.draw(st.booleans()):
            break
        place = place[key]
    place[key] = value
    with suppress(DecidingError):
        assert isinstance(from_json(made, Bylaws), Bylaws)
