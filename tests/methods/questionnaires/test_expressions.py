"""Expressions, beside what libxml2 said of the same (`bench/expressions.py --store`)."""

from __future__ import annotations

import json
import math
from contextlib import suppress
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from interlock.methods.questionnaires.expressions import (
    FUNCTIONS,
    ExpressionError,
    evaluate,
    is_true,
    parse,
    written,
)

CASES = json.loads((Path(__file__).parent / "expressions.json").read_text())


def value(source: str, **answers: str) -> Any:
    return evaluate(parse(source), answers)


def test_condition_of_an_answer_holds() -> None:
    assert is_true(parse("${age} >= 18 and selected(${role}, 'member')"), ADULT)


ADULT = {"age": "41", "role": "worker member"}


def test_value_is_libxml2s() -> None:
    assert len(CASES) == 300
    for case in CASES:
        found = evaluate(parse(case["expression"]), case["answers"], case["dot"])
        told = str(found) if isinstance(found, float) else found
        assert (case["expression"], str(told)) == (case["expression"], str(case["value"]))


@pytest.mark.parametrize(
    ("source", "expected"),
    [
        ("1 + 2 * 3", 7.0),
        ("(1 + 2) * 3", 9.0),
        ("-2 * 3", -6.0),
        ("7 mod 4 - 1", 2.0),
        ("-7 mod 4", -3.0),
        ("1 = 1 or 1 div 0 = 2", True),
        ("${blank} = ''", True),
        ("${blank} > 0", False),
        ("${blank} = 0", False),
        ("boolean(${blank})", True),
        ("'a' < 'b'", False),
        ("round(2.5)", 3.0),
        ("round(-2.5)", -2.0),
        ("round(2.345, 2)", 2.35),
        ("int(-2.7)", -2.0),
        ("coalesce(${blank}, 'x')", "x"),
        ("count-selected('a b c')", 3.0),
        ("selected('ab b', 'a')", False),
        ("min(3, 1, 2)", 1.0),
        ("concat(1, 'a', true())", "1atrue"),
        ("if(${blank} = '', 'none', 'some')", "none"),
        ("'it''s'", None),
    ],
)
def test_value_of(source: str, expected: Any) -> None:
    if expected is None:
        with pytest.raises(ExpressionError):
            parse(source)
    else:
        assert value(source) == expected


def test_division_by_nothing_is_infinite_or_no_number() -> None:
    assert (value("1 div 0"), value("-1 div 0")) == (math.inf, -math.inf)
    assert math.isnan(value("0 div 0"))
    assert math.isnan(value("1 mod 0"))


@pytest.mark.parametrize(
    ("source", "message"),
    [
        ("age > 1", "“age” stands alone. Write ${age} for the question, or 'age' for the text."),
        ("1 +", "The expression ends too early. Complete it."),
        ("1 2", "“2” does not belong here. Correct it."),
        ("not(1", "The expression ends too early. Complete it."),
        ("${a} && ${b}", "“&& ${b}” cannot be read here. Correct the expression."),
        ("not()", "not() takes 1 to 1 values in its brackets. Correct it."),
        (
            "regex(., '(a+)+$')",
            (
                "regex() is not read, because some patterns take forever. Use contains() or "
                "starts-with()."
            ),
        ),
        (
            "today() > '2020'",
            "today() would give another answer tomorrow. Ask for the date instead.",
        ),
        (
            "pulldata('x', 'y')",
            (
                "pulldata() looks into other data, which a questionnaire here does not have. Ask "
                "instead."
            ),
        ),
        ("1 +" * 400 + "1", "The expression has more than 1,000 signs. Shorten it."),
        (
            "(" * 40 + "1" + ")" * 40,
            "The expression is nested too deeply. Put a part of it into a calculate row.",
        ),
        (
            "1" + "+1" * 200,
            "The expression is nested too deeply. Put a part of it into a calculate row.",
        ),
    ],
)
def test_refusal_says_why_and_what_to_do(source: str, message: str) -> None:
    with pytest.raises(ExpressionError) as refused:
        parse(source)
    assert str(refused.value) == message


def test_unknown_function_is_answered_with_all_there_are() -> None:
    with pytest.raises(ExpressionError) as refused:
        parse("__import__('os')")
    names = ", ".join(sorted(FUNCTIONS))
    told = f"There is no function __import__() here. There are: {names}."
    assert str(refused.value) == told


def test_names_are_those_in_the_expression() -> None:
    told = parse("if(${a} = 1, ${ b }, ${a}) and . = 2")
    assert (told.names, told.has_dot) == ({"a", "b"}, True)


@given(st.text(max_size=80) | st.text("${}().,'=<>-+*/ abif12not", max_size=80))
def test_any_text_is_read_or_refused(source: str) -> None:
    with suppress(ExpressionError):
        written(evaluate(parse(source), {}, ""))


@given(st.floats(allow_nan=False, allow_infinity=False))
def test_number_written_is_read_as_itself(number: float) -> None:
    told = evaluate(parse("number(${n})"), {"n": written(number)})
    if len(written(number)) < 400:
        assert told == number


def test_joined_answers_do_not_grow_without_end() -> None:
    doubled = parse("concat(${a}, ${a}, ${a}, ${a}, ${a}, ${a}, ${a}, ${a})")
    text = "x" * 100
    for _ in range(30):
        text = written(evaluate(doubled, {"a": text}))
    assert len(text) == 4000
