"""Why a need and an offer could meet, as data, and the one table of sentences that tell it."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import Any


def gettext_noop(text: str) -> str:
    """Mark a sentence for the translators' tools, which know this name; it is translated when told."""
    return text


SENTENCES: Mapping[str, str] = {
    "tags": gettext_noop("Both are tagged: %(words)s"),
    "words": gettext_noop("Both say: %(words)s"),
    "same-work": gettext_noop("The same kind of work: %(activity)s"),
    "related-work": gettext_noop("Related kinds of work: %(activity)s, %(other)s"),
    "same-town": gettext_noop("In the same town: %(town)s"),
    "apart": gettext_noop("%(distance)s apart"),
    "terms": gettext_noop("Both would: %(terms)s"),
}
MOST_WORDS = 6


@dataclass(frozen=True)
class Reason:
    """One thing that speaks for a match: which sentence, and what it is told of.

    `words` are lists of words by language, "" where a word (a tag) has none. `facts` are the values
    of the other sentences: codes of activities and of terms, a distance in kilometres, a town.
    """

    code: str
    words: Mapping[str, tuple[str, ...]] = field(default_factory=dict)
    facts: Mapping[str, Any] = field(default_factory=dict)

    def to_json(self) -> dict[str, Any]:
        said = {language: list(some) for language, some in self.words.items()}
        return {"code": self.code, **({"words": said} if said else {}), **self.facts}


def told(
    reason: Reason,
    *,
    language: str = "en",
    translate: Callable[[str], str] = str,
    values: Mapping[str, Callable[[Any], str]] | None = None,
) -> str:
    """The sentence of a reason for a reader of that language.

    `translate` gives a sentence in the reader's language, and `values` write the fact of a name
    (`activity`, `other`, `distance`, `terms`) as the reader knows it. Words are shown in the reader's
    language where both sides said them in it, else as they were said.

    >>> told(Reason("words", {"en": ("translation",), "es": ("traducción",)}), language="es")
    'Both say: traducción'
    >>> told(Reason("apart", facts={"distance": 19.3}), values={"distance": "{:.0f} km".format})
    '19 km apart'
    """
    written = {name: (values or {}).get(name, str)(fact) for name, fact in reason.facts.items()}
    if reason.words:
        own = (*reason.words.get("", ()), *reason.words.get(language, ()))
        others = (word for language in sorted(reason.words) for word in reason.words[language])
        written["words"] = ", ".join(dict.fromkeys(own or others))
    return translate(SENTENCES[reason.code]) % written
