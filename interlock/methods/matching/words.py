"""Words as they are compared: folded, without stop words, cut to their stems.

Stems are those of the Snowball project (M. F. Porter, "Snowball: a language for stemming
algorithms", 2001), by the `snowballstemmer` package: "translations" and "translating" are one in
English, "cooperativas" and "cooperativa" in Spanish. Letters are folded before they are cut, so that
somebody who types without accents is understood; that costs the stemmers of a few languages some of
their endings, alike on both sides.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterator
from functools import lru_cache

import snowballstemmer

#: Snowball's stemmers by the language's code (ISO 639-1).
STEMMERS = {
    "ar": "arabic", "ca": "catalan", "cs": "czech", "da": "danish", "de": "german", "el": "greek",
    "en": "english", "eo": "esperanto", "es": "spanish", "et": "estonian", "eu": "basque",
    "fa": "persian", "fi": "finnish", "fr": "french", "ga": "irish", "hi": "hindi",
    "hu": "hungarian", "hy": "armenian", "id": "indonesian", "it": "italian", "lt": "lithuanian",
    "ne": "nepali", "nl": "dutch", "no": "norwegian", "pl": "polish", "pt": "portuguese",
    "ro": "romanian", "ru": "russian", "sr": "serbian", "st": "sesotho", "sv": "swedish",
    "ta": "tamil", "tr": "turkish", "yi": "yiddish",
}  # fmt: skip

#: Words that tell no need from another, folded. Other languages do with the weight of rarity alone.
STOP_WORDS = {
    language: frozenset(said.split())
    for language, said in {
        "en": (
            "a about after all also am an and any are as at be because been before both but by can could "
            "do does each etc every for from get give had has have he her here his how i if in into is it "
            "its just like make many may me more most much must my need needs no not of off offer offers "
            "on one only or other our out over own per please same she should so some such than that the "
            "their them then there these they this those through to too under until up us use very want "
            "was we well were what when where which while who whom will with would yes you your"
        ),
        "es": (
            "a al algo algun alguna algunas algunos ambos ante antes aqui asi aun aunque bajo bien cada "
            "como con contra cual cuales cuando de del desde donde dos durante e el ella ellas ellos en "
            "entre era es esa ese eso esos esta estan estas este esto estos etc favor fue ha hace hacia "
            "han hasta hay la las le les lo los mas me mi mis mucho muchos muy nada ni no nos nosotras "
            "nosotros nuestra nuestras nuestro nuestros o ofrece ofrecemos ofrezco otra otras otro otros "
            "para pero poco por porque que quien quienes se sea ser si sin sobre somos son su sus tal "
            "tambien tan tanto te tener tiene todo todos tras tu u un una unas uno unos y ya yo "
            "necesita necesitamos necesito necesidad"
        ),
    }.items()
}

LONGEST_STEM = 40
_REMEMBERED = 20_000
# "co-op", "e-mail", "co-operative": a prefix this short is no word of its own.
_PREFIX = re.compile(r"\b(\w{1,2})-(?=\w)")


def fold(text: str) -> str:
    """A text without case and without accents of the Latin, Greek and Cyrillic kind.

    >>> fold("Traducción AL Español")
    'traduccion al espanol'
    """
    letters = unicodedata.normalize("NFKD", text.casefold())
    kept = "".join(sign for sign in letters if not "\u0300" <= sign <= "\u036f")
    return unicodedata.normalize("NFC", kept)


def words(text: str) -> Iterator[str]:
    """The words of a text, as they are written; numbers alone are none.

    >>> list(words("Co-op printing: 4,000 e-mails & flyers"))
    ['Coop', 'printing', 'emails', 'flyers']
    """
    joined = _PREFIX.sub(r"\1", unicodedata.normalize("NFC", text))
    apart = "".join(
        sign if sign.isalnum() or unicodedata.category(sign).startswith("M") else " "
        for sign in joined
    )
    yield from (word for word in apart.split() if len(word) > 1 and not word.isdecimal())


@lru_cache(_REMEMBERED)
def stem(word: str, language: str) -> str:
    """A word as it is compared in a language (ISO 639-1); "" for a stop word.

    In a language that has no stemmer here it is folded only.

    >>> stem("Translations", "en"), stem("traducciones", "es"), stem("Käännökset", "xx")
    ('translat', 'traduccion', 'kaannokset')
    >>> stem("with", "en")
    ''
    """
    folded = fold(word)
    if folded in STOP_WORDS.get(language, ()):
        return ""
    name = STEMMERS.get(language)
    # One stemmer for each call: they keep the word they work on, and pages are served by threads.
    cut = snowballstemmer.stemmer(name).stemWord(folded) if name else folded
    return str(cut)[:LONGEST_STEM]


def tag_key(tag: str, language: str) -> str:
    """A tag as it is compared when it is read in that language: its words' stems; "" for nothing.

    >>> tag_key("Popular educators", "en")
    'popular educ'
    """
    said = list(words(tag))
    key = " ".join(filter(None, (stem(word, language) for word in said)))
    # What is a stop word in one language is a tag in another: "sea".
    return (key or " ".join(map(fold, said)))[: 2 * LONGEST_STEM]
