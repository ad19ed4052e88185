"""The evaluator of questionnaires beside libxml2's XPath, on random expressions.

    python bench/expressions.py [NUMBER] [--seed N] [--store FILE NUMBER]

Needs lxml, which is no part of the environment: install it aside and put it on PYTHONPATH.
Answers hold no "1e3": to libxml2 that is a number, to XPath 1.0 it is not.
Prints how many values differ, and the ratio of the times. None may differ, but for the digits of a
number that was made text (libxml2 prints 15, XPath 1.0 asks for as many as tell a number from all
others) and for the last bit of a text that was made a number (libxml2 adds its decimals up, XPath
1.0 asks for the nearest number: to libxml2, "2.53" + 1 is not 3.53); both are counted apart.
`--store` writes the first cases as JSON, with libxml2's values, for the test suite.
"""

from __future__ import annotations

import argparse
import json
import math
import random
import re
import sys
import time
from pathlib import Path
from typing import Any

from lines import Line
from lxml import etree

from interlock.methods.questionnaires.expressions import ExpressionError, evaluate, parse

NAMES = ("a", "b", "c", "d")
ANSWERS = ("", "0", "1", "2", "-3", "10", "2.5", "007", "yes", "no", "red blue", "x", " 4 ")
TEXTS = ("''", "'1'", "'yes'", "'red'", "'blue'", "'x'", "'2.50'", '"no"', "' '")
NUMBERS = ("0", "1", "2", "3", "10", "2.5", "0.5", ".25", "100")
COMPARISONS = ("=", "!=", "<", "<=", ">", ">=")
SUMS = ("+", "-", "*", "div", "mod")
CALLS = (
    ("selected", 2), ("count-selected", 1), ("not", 1), ("true", 0), ("false", 0),
    ("string-length", 1), ("number", 1), ("string", 1), ("boolean", 1), ("coalesce", 2),
    ("round", 1), ("round", 2), ("int", 1), ("contains", 2), ("starts-with", 2), ("concat", 2),
    ("concat", 3), ("min", 2), ("max", 3), ("if", 3),
)  # fmt: skip


def expression(rng: random.Random, depth: int) -> str:
    """A random expression of the subset."""
    kind = rng.random()
    if depth == 0 or kind < 0.12:
        return rng.choice(
            [
                f"${{{rng.choice(NAMES)}}}",
                f"${{{rng.choice(NAMES)}}}",
                rng.choice(TEXTS),
                rng.choice(NUMBERS),
                ".",
            ]
        )
    if kind < 0.16:
        return f"-{expression(rng, depth - 1)}"
    if kind < 0.24:
        return f"({expression(rng, depth - 1)})"
    if kind < 0.70:
        sign = rng.choice([*COMPARISONS, *SUMS, "and", "or"])
        return f"{expression(rng, depth - 1)} {sign} {expression(rng, depth - 1)}"
    name, number = rng.choice(CALLS)
    return f"{name}({', '.join(expression(rng, depth - 1) for _ in range(number))})"


_TEXT, _NUMBER, _BOOLEAN = (etree.XPath(f"{one}($v)") for one in ("string", "number", "boolean"))
_ROOT = etree.Element("r")


def _functions() -> dict[tuple[None, str], Any]:
    """ODK's functions, on libxml2's own conversions."""

    def text(value: Any) -> str:
        return str(_TEXT(_ROOT, v=value))

    def number(value: Any) -> float:
        return float(_NUMBER(_ROOT, v=value))

    def least(*values: Any) -> float:
        numbers = [number(one) for one in values]
        return math.nan if any(map(math.isnan, numbers)) else min(numbers)

    def rounded(value: Any, places: Any) -> float:
        plain, to = number(value), number(places)
        if not math.isfinite(to):
            return math.nan
        if not math.isfinite(plain):
            return plain
        from fractions import Fraction

        unit = Fraction(10) ** -max(-15, min(15, int(to)))
        return float(math.floor(Fraction(plain) / unit + Fraction(1, 2)) * unit)

    return {
        (None, "selected"): lambda _c, one, two: text(two) in text(one).split(),
        (None, "count-selected"): lambda _c, one: float(len(text(one).split())),
        (None, "coalesce"): lambda _c, one, two: text(one) or text(two),
        (None, "int"): lambda _c, one: (
            float(math.trunc(number(one))) if math.isfinite(number(one)) else number(one)
        ),
        (None, "min"): lambda _c, *values: least(*values),
        (None, "max"): lambda _c, *values: -least(*(-number(one) for one in values)),
        (None, "round-to"): lambda _c, one, two: rounded(one, two),
        (None, "if"): lambda _c, one, two, three: two if _BOOLEAN(_ROOT, v=one) else three,
    }


_EXTENSIONS = _functions()


def by_libxml2(source: str, answers: dict[str, str], dot: str) -> Any:
    """The value of an expression as libxml2 has it."""
    root = etree.Element("d")
    for name, value in {**answers, "dot": dot}.items():
        etree.SubElement(root, name).text = value
    path = re.sub(r"\$\{(\w+)\}", r"/d/\1", _two_values(source))
    found = etree.XPath(path, extensions=_EXTENSIONS)(root.find("dot"))
    return found[0].text or "" if isinstance(found, list) else found


def _two_values(source: str) -> str:
    """`round` with two values by another name, which XPath's own of one leaves free."""
    out, at = "", 0
    for call in re.finditer(r"round\(", source):
        depth, commas, quote = 1, 0, ""
        for sign in source[call.end() :]:
            if quote:
                quote = "" if sign == quote else quote
            elif sign in "'\"":
                quote = sign
            else:
                depth += (sign == "(") - (sign == ")")
                commas += sign == "," and depth == 1
            if depth == 0:
                break
        out += source[at : call.start()] + ("round-to(" if commas else "round(")
        at = call.end()
    return out + source[at:]


def are_same(ours: Any, theirs: Any) -> bool:
    if isinstance(ours, float) and isinstance(theirs, float):
        return ours == theirs or (math.isnan(ours) and math.isnan(theirs))
    if isinstance(ours, bool) != isinstance(theirs, bool):
        return False
    return str(ours) == str(theirs)


def _neighbours(value: float) -> tuple[float, float]:
    return math.nextafter(value, -math.inf), math.nextafter(value, math.inf)


def main() -> int:
    options = argparse.ArgumentParser()
    options.add_argument("number", type=int, nargs="?", default=100_000)
    options.add_argument("--seed", type=int, default=1)
    options.add_argument("--store", nargs=2, metavar=("FILE", "NUMBER"))
    given = options.parse_args()
    rng = random.Random(given.seed)
    cases: list[dict[str, Any]] = []
    differ: list[str] = []
    digits = bits = refused = 0
    spent = {"ours": 0.0, "theirs": 0.0}
    done = 0
    while done < given.number:
        source = expression(rng, rng.randint(1, 4))
        answers = {name: rng.choice(ANSWERS) for name in NAMES}
        dot = rng.choice(ANSWERS)
        start = time.perf_counter()
        try:
            ours = evaluate(parse(source), answers, dot)
        except ExpressionError:
            refused += 1
            continue
        middle = time.perf_counter()
        theirs = by_libxml2(source, answers, dot)
        spent["ours"] += middle - start
        spent["theirs"] += time.perf_counter() - middle
        done += 1
        if not are_same(ours, theirs):
            if isinstance(ours, float) and theirs in _neighbours(ours):
                bits += 1
                continue
            if _has_long_number(source, answers, dot):
                digits += 1
                continue
            differ.append(f"{source}  {answers} . = {dot!r}: {ours!r}, libxml2 {theirs!r}")
        elif given.store and len(cases) < int(given.store[1]):
            value = str(theirs) if isinstance(theirs, float) else theirs
            cases.append({"expression": source, "answers": answers, "dot": dot, "value": value})
    for line in differ[:20]:
        print(line, file=sys.stderr)
    ratio = spent["theirs"] / spent["ours"]
    lines = [
        Line(f"{done:,} expressions, {refused:,} refused as too long; {len(differ)} differ, "
             f"{digits} in the digits of a number made text, "
             f"{bits} in the last bit of a text made a number", bool(differ)),
        Line(f"libxml2, with a tree for each: {ratio:.1f} of our time", False),
    ]  # fmt: skip
    if given.store:
        Path(given.store[0]).write_text(json.dumps(cases, indent=0) + "\n")
    return int(any(line.print().over for line in lines))


def _has_long_number(source: str, answers: dict[str, str], dot: str) -> bool:
    """Whether a number within, made text, has more digits than libxml2 prints."""
    from interlock.methods.questionnaires import expressions

    seen: list[str] = []
    plain = expressions.text

    def noted(value: Any) -> str:
        told = plain(value)
        if isinstance(value, float) and not isinstance(value, bool):
            seen.append(told)
        return told

    tables = dict(expressions.FUNCTIONS)
    expressions.text = noted
    tables["string"] = (1, 1, noted)
    before, expressions.FUNCTIONS = expressions.FUNCTIONS, tables
    try:
        evaluate(parse(source), answers, dot)
    finally:
        expressions.text, expressions.FUNCTIONS = plain, before
    return any(len(re.sub(r"\D", "", one).lstrip("0")) > 15 or one != f"{float(one):.15g}"
               for one in seen if one not in ("NaN", "Infinity", "-Infinity"))  # fmt: skip


if __name__ == "__main__":
    sys.exit(main())
