"""The twelve ways to interlock: facts in one module, and their texts in one module a language.

Whoever adds a language adds one module of the shape of `en`, and its line here. A test holds all of
them to the same shape and the same figures.
"""

from collections.abc import Mapping
from dataclasses import dataclass

from django.utils.translation import get_language

from interlock.web.ways.twelve import en, es
from interlock.web.ways.twelve.facts import FACTS
from interlock.web.ways.twelve.shape import Facts, Prompt, Told

TEXTS: Mapping[str, Mapping[str, Told]] = {"en": en.TEXTS, "es": es.TEXTS}
#: The sections of a proposal that is begun from nothing.
OPEN: Mapping[str, tuple[Prompt, ...]] = {"en": en.OPEN, "es": es.OPEN}


@dataclass(frozen=True)
class Way:
    """One of the twelve, in the reader's language; a language without a text is told in English."""

    number: int
    facts: Facts

    @property
    def slug(self) -> str:
        return self.facts.slug

    @property
    def told(self) -> Told:
        return TEXTS.get(get_language() or "en", en.TEXTS)[self.slug]


WAYS: Mapping[str, Way] = {
    facts.slug: Way(number, facts) for number, facts in enumerate(FACTS, start=1)
}


def template_of(way: str) -> list[dict[str, object]]:
    """The sections of a way's joint proposal, with headings in every language and no text yet."""
    languages = {code: texts[way].template if way else OPEN[code] for code, texts in TEXTS.items()}
    return [
        {
            "key": f"s{place}",
            "heading": {code: prompts[place - 1].heading for code, prompts in languages.items()},
            "text": {},
        }
        for place in range(1, len(languages["en"]) + 1)
    ]


def prompts_of(way: str) -> dict[str, str]:
    """What to write in each section of the template, by its key, in the reader's language."""
    code = get_language() or "en"
    told = TEXTS.get(code, en.TEXTS)[way].template if way in WAYS else OPEN.get(code, en.OPEN)
    return {f"s{place}": prompt.ask for place, prompt in enumerate(told, start=1)}
