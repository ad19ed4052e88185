"""Names that every program of the field takes as a variable's.

SPSS (Command Syntax Reference, "Variable Names"): a letter first, no ending in "_", case does not
tell names apart, thirteen words are kept. Stata ([U] 11.3): at most 32 letters, digits and "_",
some words are kept. R (R-lang, "Reserved words"): some words are kept.
"""

from __future__ import annotations

import re

from interlock.methods.questionnaires.limits import LONGEST_NAME

_NAME = re.compile(r"[A-Za-z](?:[A-Za-z0-9_]*[A-Za-z0-9])?")
# fmt: off
_KEPT = frozenset({
    # SPSS
    "all", "and", "by", "eq", "ge", "gt", "le", "lt", "ne", "not", "or", "to", "with",
    # Stata
    "byte", "double", "float", "if", "in", "int", "long", "strl", "using",
    # R
    "break", "else", "false", "for", "function", "inf", "na", "nan", "next", "null", "repeat",
    "true", "while",
})
# fmt: on
_STATA_TEXT = re.compile(r"str[0-9]+", re.IGNORECASE)


def is_exportable(name: str) -> bool:
    """Whether SPSS, Stata and R take a name as it is.

    >>> [is_exportable(name) for name in ("net_coop", "_x", "x_", "2x", "with", "str12", "x-y")]
    [True, False, False, False, False, False, False]
    """
    return (
        len(name) <= LONGEST_NAME
        and _NAME.fullmatch(name) is not None
        and name.lower() not in _KEPT
        and not _STATA_TEXT.fullmatch(name)
    )


def column_of(question: str, choice: str) -> str:
    """What exports call the column of one choice of a question that takes several.

    >>> column_of("needs", "money")
    'needs_money'
    """
    return f"{question}_{choice}"
