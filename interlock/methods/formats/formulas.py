"""Text that a spreadsheet would run as a formula, written so that it does not.

A cell that begins with "=", "+", "-" or "@" (or their wide forms, or a tab) is a formula to a
spreadsheet, and a formula may send what stands beside it to somebody else (OWASP ASVS 5.0, 1.2.10;
CWE-1236). Such a cell is written with an apostrophe before it, as ASVS asks. Reading takes one
apostrophe away again, so that what is written and read comes back as it was. Plain numbers are no
formulas and stay as they are.
"""

from __future__ import annotations

import re

_RUNS = re.compile("'*[=+\\-@\t\r\uff1d\uff0b\uff0d\uff20]")
_NUMBER = re.compile(r"[+-]?[0-9]+(?:\.[0-9]+)?")


def is_formula(text: str) -> bool:
    """Whether a spreadsheet would try to run this text.

    >>> is_formula("=1+1"), is_formula("-1.5"), is_formula("Tree & Co")
    (True, False, False)
    """
    return bool(_RUNS.match(text)) and not text.startswith("'") and not _NUMBER.fullmatch(text)


def guarded(text: str) -> str:
    r"""The text of a cell as it is written.

    >>> guarded("=1+1"), guarded("'=1+1"), guarded("-1.5"), guarded("Tree & Co")
    ("'=1+1", "''=1+1", '-1.5', 'Tree & Co')
    """
    return f"'{text}" if _RUNS.match(text) and not _NUMBER.fullmatch(text) else text


def unguarded(text: str) -> str:
    """The text of a cell as it was before `guarded` wrote it.

    >>> unguarded("'=1+1"), unguarded("''=1+1"), unguarded("'t Veld")
    ('=1+1', "'=1+1", "'t Veld")
    """
    return text[1:] if text.startswith("'") and _RUNS.match(text) else text
