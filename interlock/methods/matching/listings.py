"""A need or an offer as it is compared, and its words."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from functools import cached_property
from typing import Any

from interlock.methods.matching.words import stem, tag_key, words

#: A word of the title, or of a tag, weighs so much of one in the text.
TITLE, TEXT = 3, 1


@dataclass(frozen=True)
class Word:
    """A word of a listing as it was written, and the weight of its place."""

    shown: str
    weight: int


Words = Mapping[str, Word]


@dataclass(frozen=True)
class Terms:
    """What a listing says, as it is compared: by language, words by their stems and tags by keys.

    `words` has the languages that something is written in, and `tags` those that tags are read in:
    a tag has no language. Making them costs a stemmer some 0.1 ms a word; comparing them costs next
    to nothing. Who keeps listings keeps these too, as `data`, which `of` reads again.
    """

    words: Mapping[str, Words] = field(default_factory=dict)
    tags: Mapping[str, Mapping[str, str]] = field(default_factory=dict)

    def of_language(self, language: str) -> Words:
        """The words in a language; of who writes nothing in it, those of the tags."""
        return self.words.get(language) or _tagged(self.tags.get(language, {}))

    @cached_property
    def keys(self) -> frozenset[str]:
        """All by which it may be found, as "en:translat"."""
        return frozenset(
            f"{language}:{key}"
            for language in {*self.words, *self.tags}
            for key in self.of_language(language)
        )

    def data(self) -> dict[str, Any]:
        """The same as plain JSON."""
        return {
            "words": {
                language: {key: [word.shown, word.weight] for key, word in said.items()}
                for language, said in self.words.items()
            },
            "tags": {language: dict(keys) for language, keys in self.tags.items()},
        }

    @classmethod
    def of(cls, data: Mapping[str, Any]) -> Terms:
        """Terms from their `data`."""
        said = {
            language: {key: Word(*word) for key, word in words.items()}
            for language, words in data["words"].items()
        }
        return cls(said, data["tags"])


def terms(
    *,
    title: Mapping[str, str],
    text: Mapping[str, str],
    tags: Sequence[str],
    languages: Iterable[str],
) -> Terms:
    """The terms of a listing.

    `title` and `text` are by language (ISO 639-1 codes); a language without a stemmer is compared
    word by word. `tags` have none, and are read in each of `languages`; a tag's words count as words
    of the title too, so that a tag meets a text that says it.

    >>> made = terms(title={"en": "Translators"}, text={"en": "Into Spanish."}, tags=["ballots"],
    ...     languages=["en", "es"])
    >>> {stem: word.weight for stem, word in made.words["en"].items()}
    {'ballot': 3, 'translat': 3, 'spanish': 1}
    >>> made.tags
    {'en': {'ballot': 'ballots'}, 'es': {'ballots': 'ballots'}}
    """
    keys: dict[str, dict[str, str]] = {}
    for language in languages:
        for tag in tags:
            if key := tag_key(tag, language):
                keys.setdefault(language, {}).setdefault(key, tag)
    said: dict[str, dict[str, Word]] = {}
    for weight, texts in ((TITLE, title), (TEXT, text)):
        for language, one in texts.items():
            found = said.setdefault(language, dict(_tagged(keys.get(language, {}))))
            for word in words(one):
                if key := stem(word, language):
                    found.setdefault(key, Word(word.lower(), weight))
    return Terms({language: some for language, some in said.items() if some}, keys)


def _tagged(keys: Mapping[str, str]) -> Words:
    """The words of tags, by their stems. A tag of several words is not told word by word."""
    return {
        part: Word(tag if part == key else part, TITLE)
        for key, tag in keys.items()
        for part in key.split()
    }


@dataclass(frozen=True)
class Listing:
    """A need or an offer. What is unknown is empty.

    `id` tells it from others. `activity` is a code of ESSGLOBAL; `transactions` and `scope` are
    Murmurations' words ("buy-sell", "local"); `country` is ISO 3166-1's two letters; coordinates are
    in degrees.
    """

    id: int
    terms: Terms
    activity: str = ""
    transactions: frozenset[str] = frozenset()
    scope: str = ""
    town: str = ""
    region: str = ""
    country: str = ""
    latitude: float | None = None
    longitude: float | None = None
