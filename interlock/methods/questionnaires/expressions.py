"""The expressions of a questionnaire: read once, worked out on a mapping of answers.

The language is the subset of XLSForm's that `FUNCTIONS` and `_PRECEDENCE` show, with the rules of
XPath 1.0 (W3C, 16 November 1999: §3.4 for comparisons, §3.5 for numbers, §4 for conversions). An
answer, `${name}` or `.`, is a node: it compares as a number with a number, as text with text or
another node, and as a condition it is always true, even when it is blank; write `${name} != ''`.
Functions that are not of XPath 1.0 are those of the ODK XForms specification, here with text and
numbers only: selected, count-selected, if, coalesce, int, min, max, and round with two values.

Nothing is run by Python: length, depth and the set of functions are bounded, there is no regex(),
and the work is linear in the length of the expression and its answers. `bench/expressions.py`
compares it with libxml2 on random expressions.
"""

from __future__ import annotations

import math
import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from decimal import ROUND_FLOOR, Decimal

from interlock.methods.questionnaires.limits import (
    DEEPEST_EXPRESSION,
    LONGEST_EXPRESSION,
    LONGEST_TEXT,
    TALLEST_EXPRESSION,
)
from interlock.methods.questionnaires.sentences import Message, said


class Node(str):
    """A stored answer, which compares by other rules than text that an expression gives."""


Value = bool | float | str


@dataclass(frozen=True)
class Literal:
    """A number or a text written in the expression."""

    value: float | str


@dataclass(frozen=True)
class Answer:
    """`${name}`; without a name it is ".", the answer being checked."""

    name: str


@dataclass(frozen=True)
class Negative:
    """A minus before a value."""

    value: Tree


@dataclass(frozen=True)
class Operation:
    """Two values and what stands between them."""

    sign: str
    left: Tree
    right: Tree


@dataclass(frozen=True)
class Call:
    """A function and its values."""

    function: str
    values: tuple[Tree, ...]


Tree = Literal | Answer | Negative | Operation | Call


@dataclass(frozen=True)
class Expression:
    """An expression that could be read: its source, its tree, and the names of `${…}` in it."""

    source: str
    tree: Tree
    names: frozenset[str]
    has_dot: bool

    def __str__(self) -> str:
        return self.source


class ExpressionError(ValueError):
    """An expression that cannot be read; `message` says why and what to do."""

    def __init__(self, message: Message) -> None:
        self.message = message
        super().__init__(str(message))


_PRECEDENCE = {
    "or": 1,
    "and": 2,
    "=": 3,
    "!=": 3,
    "<": 4,
    "<=": 4,
    ">": 4,
    ">=": 4,
    "+": 5,
    "-": 5,
    "*": 6,
    "div": 6,
    "mod": 6,
}
_UNARY = 7
_TOKEN = re.compile(
    r"""[ \t\r\n]*(?:(?P<number>[0-9]+(?:\.[0-9]*)?|\.[0-9]+)
    |(?P<text>'[^']*'|"[^"]*")
    |\$\{[ ]*(?P<answer>[A-Za-z_][A-Za-z0-9_.-]*)[ ]*\}
    |(?P<word>[A-Za-z_][A-Za-z0-9_-]*)
    |(?P<sign><=|>=|!=|[-+*=<>(),.]))""",
    re.VERBOSE,
)
_CLOCK = frozenset({"today", "now", "random", "uuid", "once"})
_ELSEWHERE = frozenset({"instance", "pulldata", "jr:choice-name", "position", "indexed-repeat"})


def parse(source: str) -> Expression:
    """Read an expression. Raises ExpressionError.

    >>> sorted(parse("${age} >= 18 and selected(${role}, 'member')").names)
    ['age', 'role']
    >>> try:
    ...     parse("age > 18")
    ... except ExpressionError as error:
    ...     print(error)
    “age” stands alone. Write ${age} for the question, or 'age' for the text.
    """
    if len(source) > LONGEST_EXPRESSION:
        raise ExpressionError(said("expression-long", most=LONGEST_EXPRESSION))
    parser = _Parser(_tokens(source))
    tree = parser.whole()
    if _height(tree) > TALLEST_EXPRESSION:
        raise ExpressionError(said("expression-deep"))
    return Expression(source.strip(), tree, frozenset(parser.names - {""}), "" in parser.names)


def _tokens(source: str) -> list[tuple[str, str]]:
    found: list[tuple[str, str]] = []
    at, source = 0, source.rstrip()
    while at < len(source):
        token = _TOKEN.match(source, at)
        if token is None or token.lastgroup is None:
            raise ExpressionError(said("expression-sign", text=source[at : at + 12].strip()))
        found.append((token.lastgroup, token[token.lastgroup]))
        at = token.end()
    return [*found, ("end", "")]


class _Parser:
    """Precedence climbing; each nesting counts, so that no text can exhaust the stack."""

    def __init__(self, tokens: list[tuple[str, str]]) -> None:
        self.tokens = tokens
        self.at = 0
        self.names: set[str] = set()

    def whole(self) -> Tree:
        tree = self.expression(0, 0)
        if self.tokens[self.at][0] != "end":
            self.unexpected()
        return tree

    def expression(self, least: int, depth: int) -> Tree:
        if depth > DEEPEST_EXPRESSION:
            raise ExpressionError(said("expression-deep"))
        tree = self.operand(depth)
        while True:
            kind, text = self.tokens[self.at]
            precedence = _PRECEDENCE.get(text, 0) if kind in ("sign", "word") else 0
            if precedence <= least:
                return tree
            self.at += 1
            tree = Operation(text, tree, self.expression(precedence, depth + 1))

    def operand(self, depth: int) -> Tree:
        kind, text = self.tokens[self.at]
        self.at += 1
        if kind == "number":
            return Literal(float(text))
        if kind == "text":
            return Literal(text[1:-1])
        if kind == "answer" or (kind, text) == ("sign", "."):
            name = text if kind == "answer" else ""
            self.names.add(name)
            return Answer(name)
        if (kind, text) == ("sign", "-"):
            return Negative(self.expression(_UNARY - 1, depth + 1))
        if (kind, text) == ("sign", "("):
            tree = self.expression(0, depth + 1)
            self.want(")")
            return tree
        if kind == "word":
            return self.call(text, depth)
        self.at -= 1
        self.unexpected()
        raise AssertionError

    def call(self, function: str, depth: int) -> Tree:
        if self.tokens[self.at] != ("sign", "("):
            raise ExpressionError(said("expression-word", text=function))
        self.at += 1
        values: list[Tree] = []
        if self.tokens[self.at] != ("sign", ")"):
            values.append(self.expression(0, depth + 1))
            while self.tokens[self.at] == ("sign", ","):
                self.at += 1
                values.append(self.expression(0, depth + 1))
        self.want(")")
        if function not in FUNCTIONS:
            raise ExpressionError(_why_no_function(function))
        least, most, _run = FUNCTIONS[function]
        if not least <= len(values) <= most:
            given = said("expression-arguments", text=function, least=least, most=most)
            raise ExpressionError(given)
        return Call(function, tuple(values))

    def want(self, sign: str) -> None:
        if self.tokens[self.at] != ("sign", sign):
            self.unexpected()
        self.at += 1

    def unexpected(self) -> None:
        kind, text = self.tokens[self.at]
        if kind == "end":
            raise ExpressionError(said("expression-end"))
        raise ExpressionError(said("expression-unexpected", text=text))


def _why_no_function(function: str) -> Message:
    if function == "regex":
        return said("expression-regex")
    if function in _CLOCK:
        return said("expression-clock", text=function)
    if function in _ELSEWHERE:
        return said("expression-elsewhere", text=function)
    return said("expression-function", text=function, functions=", ".join(sorted(FUNCTIONS)))


def _height(tree: Tree) -> int:
    """How many values lie within each other at most; "a or b or c" is as high as it is long."""
    highest, waiting = 0, [(tree, 1)]
    while waiting:
        one, height = waiting.pop()
        highest = max(highest, height)
        if isinstance(one, Operation):
            waiting += [(one.left, height + 1), (one.right, height + 1)]
        elif isinstance(one, Negative):
            waiting.append((one.value, height + 1))
        elif isinstance(one, Call):
            waiting += [(value, height + 1) for value in one.values]
    return highest


def evaluate(expression: Expression, answers: Mapping[str, str], dot: str = "") -> Value:
    """The value of an expression; a name without an answer is blank.

    >>> evaluate(parse("${a} + ${b} * 2"), {"a": "1", "b": "3"})
    7.0
    >>> evaluate(parse("selected(., 'none')"), {}, "money none")
    True
    """
    return _value(expression.tree, answers, dot)


def is_true(expression: Expression, answers: Mapping[str, str], dot: str = "") -> bool:
    """Whether a condition holds."""
    return boolean(evaluate(expression, answers, dot))


def written(value: Value) -> str:
    """A value as an answer is stored: XPath's text of it, but true and false as 1 and 0.

    >>> written(2.0), written(0.1), written(True), written(math.nan)
    ('2', '0.1', '1', '')
    """
    if isinstance(value, bool):
        return "1" if value else "0"
    if isinstance(value, float) and not math.isfinite(value):
        return ""
    # A row that joins an answer twenty times, and a row that joins that: without end, were it not cut.
    return text(value)[:LONGEST_TEXT]


def _value(tree: Tree, answers: Mapping[str, str], dot: str) -> Value:
    if isinstance(tree, Literal):
        return tree.value
    if isinstance(tree, Answer):
        return Node(answers.get(tree.name, "") if tree.name else dot)
    if isinstance(tree, Negative):
        return -number(_value(tree.value, answers, dot))
    if isinstance(tree, Call):
        if tree.function == "if":
            chosen = 1 if boolean(_value(tree.values[0], answers, dot)) else 2
            return _value(tree.values[chosen], answers, dot)
        return FUNCTIONS[tree.function][2](*(_value(one, answers, dot) for one in tree.values))
    left = _value(tree.left, answers, dot)
    if tree.sign == "and":
        return boolean(left) and boolean(_value(tree.right, answers, dot))
    if tree.sign == "or":
        return boolean(left) or boolean(_value(tree.right, answers, dot))
    right = _value(tree.right, answers, dot)
    if _PRECEDENCE[tree.sign] in (3, 4):
        return _compared(tree.sign, left, right)
    return _reckoned(tree.sign, number(left), number(right))


def _compared(sign: str, left: Value, right: Value) -> bool:
    if sign in ("=", "!="):
        if isinstance(left, bool) or isinstance(right, bool):
            same = boolean(left) == boolean(right)
        elif isinstance(left, float) or isinstance(right, float):
            same = number(left) == number(right)
        else:
            same = text(left) == text(right)
        return same == (sign == "=")
    # Beside a boolean a node is one too; text is a number all the same.
    one = number(boolean(left) if isinstance(left, Node) and isinstance(right, bool) else left)
    other = number(boolean(right) if isinstance(right, Node) and isinstance(left, bool) else right)
    if sign == "<":
        return one < other
    if sign == "<=":
        return one <= other
    return one > other if sign == ">" else one >= other


def _reckoned(sign: str, left: float, right: float) -> float:
    """IEEE 754, without Python's refusals."""
    if sign == "+":
        return left + right
    if sign == "-":
        return left - right
    if sign == "*":
        return left * right
    if sign == "div":
        if right:
            return left / right
        if left == 0 or math.isnan(left):
            return math.nan
        return math.copysign(math.inf, left) * math.copysign(1, right)
    if right == 0 or math.isnan(left) or math.isnan(right) or math.isinf(left):
        return math.nan
    return math.fmod(left, right)


_NUMBER = re.compile(r"-?(?:[0-9]+(?:\.[0-9]*)?|\.[0-9]+)")
_SPACE = " \t\r\n"


def number(value: Value) -> float:
    """XPath's number(): what is no number is NaN.

    >>> number(" 12.50 "), number(""), number(True)
    (12.5, nan, 1.0)
    """
    if isinstance(value, str):
        plain = value.strip(_SPACE)
        return float(plain) if _NUMBER.fullmatch(plain) else math.nan
    return float(value)


def text(value: Value) -> str:
    """XPath's string(): a whole number without a point, never an exponent.

    >>> text(3.0), text(0.5), text(1e-7), text(False)
    ('3', '0.5', '0.0000001', 'false')
    """
    if isinstance(value, str):
        return str(value)
    if isinstance(value, bool):
        return "true" if value else "false"
    if math.isnan(value):
        return "NaN"
    if math.isinf(value):
        return "Infinity" if value > 0 else "-Infinity"
    return str(int(value)) if value == int(value) else f"{Decimal(repr(value)):f}"


def boolean(value: Value) -> bool:
    """XPath's boolean(): a node is true, be it blank; text when there is any; 0 and NaN are not."""
    if isinstance(value, Node):
        return True
    if isinstance(value, float):
        return not (value == 0 or math.isnan(value))
    return bool(value)


def _selected(chosen: Value, one: Value) -> bool:
    return text(one) in text(chosen).split()


def _rounded(value: Value, places: Value = 0.0) -> float:
    """XPath's round(): halves go up; with two values, to that many places."""
    plain, wanted = number(value), number(places)
    if not math.isfinite(plain) or not math.isfinite(wanted):
        return plain if math.isfinite(wanted) else math.nan
    to = Decimal(1).scaleb(-max(-15, min(15, int(wanted))))
    return float(((Decimal(plain) / to) + Decimal("0.5")).to_integral_value(ROUND_FLOOR) * to)


def _whole(value: Value) -> float:
    plain = number(value)
    return float(math.trunc(plain)) if math.isfinite(plain) else plain


def _least(*values: Value) -> float:
    numbers = [number(one) for one in values]
    return math.nan if any(map(math.isnan, numbers)) else min(numbers)


def _greatest(*values: Value) -> float:
    return -_least(*(-number(one) for one in values))


def _first(one: Value, other: Value) -> str:
    return text(one) or text(other)


# Its name, the least and the most values it takes, and what it does; `if` chooses by itself.
FUNCTIONS: Mapping[str, tuple[int, int, Callable[..., Value]]] = {
    "boolean": (1, 1, boolean),
    "coalesce": (2, 2, _first),
    "concat": (2, 20, lambda *values: "".join(map(text, values))),
    "contains": (2, 2, lambda one, other: text(other) in text(one)),
    "count-selected": (1, 1, lambda one: float(len(text(one).split()))),
    "false": (0, 0, lambda: False),
    "if": (3, 3, lambda condition, one, other: one if boolean(condition) else other),
    "int": (1, 1, _whole),
    "max": (1, 20, _greatest),
    "min": (1, 20, _least),
    "not": (1, 1, lambda one: not boolean(one)),
    "number": (1, 1, number),
    "round": (1, 2, _rounded),
    "selected": (2, 2, _selected),
    "starts-with": (2, 2, lambda one, other: text(one).startswith(text(other))),
    "string": (1, 1, text),
    "string-length": (1, 1, lambda one: float(len(text(one)))),
    "true": (0, 0, lambda: True),
}
