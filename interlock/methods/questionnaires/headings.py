"""The headings of the three tables, and the languages in them."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass

TRANSLATED = {
    "survey": ("label", "hint", "constraint_message"),
    "choices": ("label",),
    "settings": ("public_title",),
}
PLAIN = {
    "survey": (
        "type",
        "name",
        "required",
        "relevant",
        "constraint",
        "calculation",
        "choice_filter",
        "appearance",
        "parameters",
        "measure",
        "scale",
        "sensitive",
        "core",
    ),
    "choices": ("list_name", "name", "code"),
    "settings": (
        "form_title",
        "form_id",
        "version",
        "default_language",
        "namespaces",
        "style",
        "core_ends",
    ),
}
# Columns that XLSForm does not know travel as attributes of ours, which pyxform carries along.
OURS = ("measure", "scale", "sensitive", "core")
NAMESPACE = 'interlock="urn:interlock:questionnaire"'

_BOUND = re.compile(r"bind::[A-Za-z_][\w.-]*:(measure|scale|sensitive|core)")
_LANGUAGE = re.compile(r"(?:(?P<name>[^()]+?)\s*\(\s*(?P<named>[^()]+?)\s*\)|(?P<code>[^()]+))")
_CODE = re.compile(r"[a-z]{2,3}(?:-[A-Za-z0-9]{2,8})*")


@dataclass(frozen=True)
class Heading:
    """What a heading means: a column, and for a translated one its language ("" is the default)."""

    text: str
    column: str
    language: str = ""


def language_of(text: str) -> tuple[str, str] | None:
    """The code and the name of a language as XLSForm writes them; None without a code.

    A language without a name is called by its code.

    >>> language_of("English (en)"), language_of("pt-BR"), language_of("Español")
    (('en', 'English'), ('pt-BR', 'pt-BR'), None)
    """
    found = _LANGUAGE.fullmatch(text.strip())
    if found is None:
        return None
    code = found["named"] or found["code"]
    return (code, found["name"] or code) if _CODE.fullmatch(code) else None


def heading(sheet: str, text: str) -> Heading | None:
    """What a heading of a sheet means; None when nothing that is read.

    Raises ValueError when it names a language without its code.

    >>> heading("survey", "label::Español (es)")
    Heading(text='label::Español (es)', column='label', language='es')
    >>> heading("survey", "bind::coop:measure").column
    'measure'
    """
    column, mark, language = text.partition("::")
    if column in TRANSLATED[sheet]:
        if not mark:
            return Heading(text, column)
        told = language_of(language)
        if told is None:
            raise ValueError(text)
        return Heading(text, column, told[0])
    if text in PLAIN[sheet]:
        return Heading(text, text)
    bound = _BOUND.fullmatch(text)
    return Heading(text, bound[1]) if bound and sheet == "survey" else None


def in_order(codes: Sequence[str], default: str) -> tuple[str, ...]:
    """Languages as they came, the default one first."""
    return tuple(dict.fromkeys([default, *codes]))
