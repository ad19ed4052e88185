"""Versions: the hash of what is asked, and what differs."""

from __future__ import annotations

from dataclasses import replace

import pytest

from interlock.methods.questionnaires import content_hash, difference
from interlock.methods.questionnaires.instruments import instrument
from tests.methods.questionnaires.forms import YES_NO, form

SURVEY = "type,name,label,relevant\nselect_one yn,a,A,\ninteger,b,B,${a} = 'yes'\ntext,c,C,\n"


def test_hash_is_of_the_content() -> None:
    one = form(SURVEY)
    shuffled = (
        "name,type,relevant,label\na,select_one yn,,A\n\nb,integer,${a} = 'yes',B\n,,,\nc,text,,C\n"
    )
    assert content_hash(form(shuffled)) == content_hash(one)
    assert content_hash(replace(one, version="2")) == content_hash(one)


def test_hash_of_ours_changes_only_with_its_version() -> None:
    ours = instrument("ties")
    assert (ours.version, content_hash(ours)[:16]) == ("2026.2", HASH)


HASH = "b9c310e59138d771"


@pytest.mark.parametrize(
    ("before", "after"),
    [("B,", "Bee,"), ("'yes'", "'no'"), ("text,c", "note,c"), ("text,c,C,\n", ""), ("c,C", "d,C")],
)
def test_hash_changes_with_the_survey(before: str, after: str) -> None:
    assert content_hash(form(SURVEY.replace(before, after))) != content_hash(form(SURVEY))


def changes(before: str, after: str, old: str = YES_NO, new: str = YES_NO) -> list[tuple[str, ...]]:
    told = difference(form(before, old), form(after, new))
    return [(one.name, one.part, one.before, one.after, one.effect) for one in told]


@pytest.mark.parametrize(
    ("before", "after", "expected"),
    [
        ("A,", "A,", []),
        ("text,c,C,\n", "", [("c", "removed", "text", "", "breaks")]),
        ("text,c,C,\n", "text,c,C,\ntext,d,D,\n", [("d", "added", "", "text", "nothing")]),
        ("text,c", "integer,c", [("c", "type", "text", "integer", "breaks")]),
        ("c,C", "c,Sea", [("c", "label::en", "C", "Sea", "look")]),
        (
            "${a} = 'yes'",
            "${a} != 'no'",
            [("b", "relevant", "(${a} = 'yes')", "(${a} != 'no')", "breaks")],
        ),
        ("label,", "label,", []),
    ],
)
def test_difference_of_questions(before: str, after: str, expected: list[tuple[str, ...]]) -> None:
    assert changes(SURVEY, SURVEY.replace(before, after)) == expected


def test_difference_of_choices() -> None:
    new = "list_name,name,label,code\nyn,no,No,5\nyn,yes,Yes!,1\nyn,never,Never,3\n"
    assert changes("type,name,label\nselect_one yn,a,A\n", "type,name,label\nselect_one yn,a,A\n",
                   YES_NO, new) == [
        ("a", "choice-removed", "dk", "", "breaks"),
        ("a", "choice-code", "0", "5", "breaks"),
        ("a", "choice-label yes::en", "Yes", "Yes!", "look"),
        ("a", "choice-added", "", "never", "look"),
        ("a", "choice-order", "", "", "look"),
    ]  # fmt: skip


def test_translation_added_changes_nothing() -> None:
    before = "type,name,label::en\ntext,a,A\n"
    after = "type,name,label::en,label::es\ntext,a,A,Á\n"
    assert changes(before, after) == [("a", "label::es", "", "Á", "nothing")]


def test_order_of_questions_is_a_change() -> None:
    told = changes("type,name,label\ntext,a,A\ntext,b,B\n", "type,name,label\ntext,b,B\ntext,a,A\n")
    assert told == [("a", "order", "", "", "look")]
