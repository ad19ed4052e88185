"""The text of a proposal as a value: what is signed, what differs, what two writers both changed."""

import hashlib
import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from difflib import SequenceMatcher
from typing import Any

from django.conf import settings
from i18nfield.strings import LazyI18nString

from interlock.web.record.wording import words

Words = Mapping[str, str]

#: Beyond these a difference is told as a whole: comparing takes time that grows with their square.
MOST_LINES = 400
MOST_PAIRS = 40_000  # of words, in a line that was changed
BETWEEN_LANGUAGES = "\n* * *\n\n"


def said(text: LazyI18nString | str | Words | None) -> dict[str, str]:
    """What is said in each language, trimmed, with plain line ends; languages that say nothing left out."""
    given = words(text) if isinstance(text, LazyI18nString | str) else dict(text or {})
    if isinstance(given, str):
        given = {settings.LANGUAGE_CODE: given}
    plain = {code: re.sub(r"\r\n?", "\n", one or "").strip() for code, one in given.items()}
    return {code: plain[code] for code in sorted(plain) if plain[code]}


def in_lines(words: Words) -> dict[str, str]:
    """A title or heading in each language, on one line."""
    return {code: " ".join(one.split()) for code, one in words.items()}


@dataclass(frozen=True)
class Section:
    """A heading and a text, each in any languages. Its key stays when it is written anew."""

    key: str
    heading: Words
    text: Words


@dataclass(frozen=True)
class Text:
    """A title and sections."""

    title: Words
    sections: tuple[Section, ...]

    @classmethod
    def of(
        cls, title: LazyI18nString | str | Words, sections: Sequence[Mapping[str, Any]]
    ) -> "Text":
        """From what is stored or was typed; a section that says nothing at all is none."""
        read = (
            Section(one["key"], in_lines(said(one["heading"])), said(one["text"]))
            for one in sections
        )
        return cls(in_lines(said(title)), tuple(one for one in read if one.heading or one.text))

    def data(self) -> list[dict[str, object]]:
        """The sections as they are stored."""
        return [
            {"key": one.key, "heading": dict(one.heading), "text": dict(one.text)}
            for one in self.sections
        ]

    @property
    def says_something(self) -> bool:
        return any(one.text for one in self.sections)

    @property
    def languages(self) -> list[str]:
        """Those in which it says something; headings that nothing stands under do not count."""
        parts = (self.title, *(one.text for one in self.sections))
        return sorted({code for part in parts for code in part})

    def length(self) -> int:
        parts = [self.title, *(part for one in self.sections for part in (one.heading, one.text))]
        return sum(len(text) for part in parts for text in part.values())


@dataclass(frozen=True)
class Signing:
    """A party as the text names it: its address, its name, and whether it is made up."""

    slug: str
    name: LazyI18nString | str
    is_synthetic: bool = False


def document(text: Text, parties: Sequence[Signing]) -> str:
    """What is signed, as Markdown: title, parties (address and name), sections, in each language.

    It has no words of ours, so that no later translation of them changes what was signed; a party that is
    made up has the mark of every file, `synthetic`.
    """
    return BETWEEN_LANGUAGES.join(_in_language(text, parties, code) for code in text.languages)


@dataclass(frozen=True)
class Reading:
    """The text in one language; what is not said in it stands in another."""

    language: str
    title: str
    sections: tuple[tuple[str, str], ...]


def readings(text: Text, first: str) -> list[Reading]:
    """All that is signed, language by language: that one first, if there is any of it."""
    codes = sorted(text.languages, key=lambda code: code != first)
    return [
        Reading(
            code,
            told(text.title, code),
            tuple((told(one.heading, code), told(one.text, code)) for one in text.sections),
        )
        for code in codes
    ]


def fingerprint(document: str) -> str:
    return hashlib.sha256(document.encode()).hexdigest()


def _in_language(text: Text, parties: Sequence[Signing], code: str) -> str:
    lines = [f"# {told(text.title, code)}", ""]
    for party in parties:
        mark = ", synthetic" if party.is_synthetic else ""
        lines.append(f"- {told(said(party.name), code)} ({party.slug}{mark})")
    for one in text.sections:
        lines += ["", f"## {told(one.heading, code)}"]
        if one.text:
            lines += ["", told(one.text, code)]
    return "\n".join(lines) + "\n"


def told(words: Words, code: str) -> str:
    """In that language, or else in the first there is."""
    return words.get(code) or next(iter(words.values()), "")


# Two who write at once.


@dataclass(frozen=True)
class Clash:
    """A place that both changed, and what each made of it."""

    key: str
    part: str
    language: str
    mine: str
    theirs: str


@dataclass(frozen=True)
class Merged:
    """Both writers' changes in one text; where both changed the same place mine, and a clash."""

    text: Text
    clashes: tuple[Clash, ...]


def merge(base: Text, mine: Text, theirs: Text) -> Merged:
    """What was changed by one side only is taken from that side. Nothing is left out unseen."""
    leaves: dict[tuple[str, str, str], str] = {}
    clashes = []
    before, own, other = _leaves(base), _leaves(mine), _leaves(theirs)
    for place in dict.fromkeys([*other, *own, *before]):
        was, here, there = (one.get(place, "") for one in (before, own, other))
        if here in (was, there):
            leaves[place] = there
        elif there == was:
            leaves[place] = here
        else:
            leaves[place] = here or there
            clashes.append(Clash(*place, here, there))
    keys = dict.fromkeys(one.key for one in (*theirs.sections, *mine.sections))

    def part(key: str, name: str) -> dict[str, str]:
        return {code: text for (k, n, code), text in leaves.items() if (k, n) == (key, name)}

    sections = [
        {"key": key, "heading": part(key, "heading"), "text": part(key, "text")} for key in keys
    ]
    return Merged(Text.of(part("", "title"), sections), tuple(clashes))


def _leaves(text: Text) -> dict[tuple[str, str, str], str]:
    found = {("", "title", code): one for code, one in text.title.items()}
    for section in text.sections:
        for part in ("heading", "text"):
            for code, one in getattr(section, part).items():
                found[section.key, part, code] = one
    return found


# What changed.


@dataclass(frozen=True)
class Piece:
    """Some words that stayed (`kind` ""), went ("del") or came ("ins")."""

    kind: str
    text: str


@dataclass(frozen=True)
class Change:
    """What changed at one place, in one language."""

    heading: str
    part: str
    language: str
    pieces: tuple[Piece, ...]


def changes(before: Text, after: Text) -> list[Change]:
    """Every place that differs, in the order of the later text."""
    headings = {one.key: one.heading for one in (*before.sections, *after.sections)}
    old, new = _leaves(before), _leaves(after)
    return [
        Change(told(headings.get(key, {}), language), part, language, tuple(compare(was, now)))
        for key, part, language in dict.fromkeys([*new, *old])
        if (was := old.get((key, part, language), ""))
        != (now := new.get((key, part, language), ""))
    ]


def compare(before: str, after: str) -> Iterator[Piece]:
    """Line by line, and word by word where a line was changed."""
    old, new = before.splitlines(keepends=True), after.splitlines(keepends=True)
    if max(len(old), len(new)) > MOST_LINES:
        yield from _replaced(before, after)
        return
    for kind, a, b, c, d in SequenceMatcher(None, old, new, autojunk=False).get_opcodes():
        was, now = "".join(old[a:b]), "".join(new[c:d])
        if kind == "equal":
            yield Piece("", was)
        else:
            yield from _by_words(was, now)


def _by_words(before: str, after: str) -> Iterator[Piece]:
    old, new = re.findall(r"\s+|[^\s]+", before), re.findall(r"\s+|[^\s]+", after)
    if not old or not new or len(old) * len(new) > MOST_PAIRS:
        yield from _replaced(before, after)
        return
    for kind, a, b, c, d in SequenceMatcher(None, old, new, autojunk=False).get_opcodes():
        if kind == "equal":
            yield Piece("", "".join(old[a:b]))
        else:
            yield from _replaced("".join(old[a:b]), "".join(new[c:d]))


def _replaced(before: str, after: str) -> Iterator[Piece]:
    if before:
        yield Piece("del", before)
    if after:
        yield Piece("ins", after)
