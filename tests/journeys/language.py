"""Whether a page speaks one language: its words are held against the catalogues.

A page in one language may say nothing that the catalogues know as the other's: not as text, not
in a label or title that only a screen reader says. Texts with values in them are cut at the
values, and their pieces looked for. A single word, which is in names as well, is foreign where it
stands alone. A few small words that only one of the two languages has find what no catalogue
knows, because nobody marked it.
"""

import re
from collections import defaultdict
from collections.abc import Iterator, Mapping
from functools import cache
from html.parser import HTMLParser
from pathlib import Path

import allauth
import django
from babel.messages.pofile import read_po
from playwright.sync_api import Page

from interlock.commands.translate import catalogue_path

SPOKEN = ("aria-label", "title", "alt", "placeholder", "content")
SILENT = {"script", "style"}
VOID = {"area", "base", "br", "col", "embed", "hr", "img", "input", "link", "meta", "source", "wbr"}
WORD = re.compile(r"[\w'’-]+")
RUN = re.compile(r"\w+")
EDGES = " .,:;()“”\n"
VALUES = re.compile(r"%\(\w+\)[sd]|%[sd]|\{\w*\}|<[^>]+>")
SMALL = {
    "en": "the and you your with this that from was were for not which here until are",
    "es": "los las una que para con por del está sus hasta quien muy",
}


class Reader(HTMLParser):
    """What a page says, and in which language it says so, piece by piece."""

    def __init__(self) -> None:
        super().__init__()
        self.said: list[tuple[str, str]] = []
        self.open: list[tuple[str, str]] = []
        self.lang = ""

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        values = dict(attrs)
        above = self.open[-1][1] if self.open else ""
        lang = (values["lang"] or "unknown") if "lang" in values else above
        self.lang = self.lang or lang
        if tag != "meta" or values.get("name") == "description":
            self.said += [(lang, text) for name in SPOKEN if (text := values.get(name))]
        if tag not in VOID:
            self.open.append((tag, lang))

    def handle_endtag(self, tag: str) -> None:
        while self.open and self.open.pop()[0] != tag:
            pass

    def handle_data(self, data: str) -> None:
        text = " ".join(data.split())
        if text and self.open and self.open[-1][0] not in SILENT:
            self.said.append((self.open[-1][1], text))


def wrong_strings(page: Page, language: str) -> list[str]:
    """Everything on the page in the other language, and the one it declares if that is wrong."""
    reader = Reader()
    page.wait_for_load_state()  # a press is over when its page begins to come
    reader.feed(page.content())
    said = [text for lang, text in reader.said if lang == reader.lang]
    found = [f"<html lang={reader.lang}>"] if reader.lang != language else []
    within, alone = foreign(language)
    for text in said:
        if piece := next(_within(text, within), None):
            found.append(f"{piece!r} in {text!r}")
        elif text.strip(EDGES) in alone:
            found.append(repr(text))
    return found


def _within(text: str, pieces: Mapping[str, re.Pattern[str]]) -> Iterator[str]:
    for word in set(RUN.findall(text)) & pieces.keys():
        if match := pieces[word].search(text):
            yield match[0]


@cache
def foreign(language: str) -> tuple[Mapping[str, re.Pattern[str]], frozenset[str]]:
    """What does not belong on a page in that language: anywhere in a text, and as all of it.

    The former by the first word of each piece, as thousands of pieces in one pattern are slow.
    """
    pieces = set(_pieces(language))
    words = frozenset(piece for piece in pieces if " " not in piece)
    small = SMALL["en" if language == "es" else "es"].split()
    by_word = defaultdict[str, list[str]](list)
    for piece in sorted({*(pieces - words), *small}, key=len, reverse=True):
        by_word[RUN.findall(piece)[0]].append(re.escape(piece))
    patterns = {
        word: re.compile(rf"(?<!\w)(?:{'|'.join(longest_first)})(?!\w)")
        for word, longest_first in by_word.items()
    }
    return patterns, words


def _pieces(language: str) -> Iterator[str]:
    ours = list(_messages(catalogue_path("es"), whole=False))
    theirs = [
        pair
        for package in (django.__path__[0] + "/conf", allauth.__path__[0])
        for pair in _messages(Path(package) / "locale/es/LC_MESSAGES/django.po", whole=True)
    ]
    own = {word for pair in ours for word in WORD.findall(_right(pair, language))}
    for pair in [*ours, *theirs]:
        text = _right(pair, "en" if language == "es" else "es")
        if text == _right(pair, language):
            continue
        parts = [part.strip(EDGES) for part in VALUES.split(text)]
        for part in parts:
            several = " " in part
            long_enough = len(part) >= (10 if len(parts) > 1 else 4)
            # A single word may be one in both languages: "total", "no", a name.
            if long_enough and (several or (len(parts) == 1 and part not in own)):
                yield " ".join(part.split())


def _right(pair: tuple[str, str], language: str) -> str:
    return pair[0] if language == "en" else pair[1]


def _messages(path: Path, *, whole: bool) -> Iterator[tuple[str, str]]:
    """Original and translation; of others' catalogues only whole sentences, not single words."""
    with path.open("rb") as file:
        for message in read_po(file, "es"):
            ids = message.id if isinstance(message.id, tuple) else (message.id,)
            told = message.string if isinstance(message.string, tuple) else (message.string,)
            for original, translated in zip(map(str, ids), map(str, (*told, *told)), strict=False):
                values = VALUES.search(original) or VALUES.search(translated)
                words = 1 + min(original.count(" "), translated.count(" "))
                if original and not (whole and (values or words < 3)):
                    yield original, translated
