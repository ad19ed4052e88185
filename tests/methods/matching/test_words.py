"""Words as they are compared."""

import pytest
from hypothesis import given
from hypothesis import strategies as some

from interlock.methods.matching.words import (
    LONGEST_STEM,
    STEMMERS,
    STOP_WORDS,
    fold,
    stem,
    tag_key,
    words,
)


def test_forms_of_a_word_are_one() -> None:
    english = ["translation", "translations", "translating", "translate", "translators"]
    assert {stem(word, "en") for word in english} == {"translat"}
    spanish = ["cooperativa", "cooperativas", "Cooperativas", "COOPERATIVA"]
    assert len({stem(word, "es") for word in spanish}) == 1


@pytest.mark.parametrize(
    ("language", "one", "other"),
    [("es", "Traducción", "traduccion"), ("es", "facilitación", "FACILITACION"),
     ("fr", "Événements", "evenements"), ("pt", "impressões", "impressoes"),
     ("de", "Übersetzungen", "ubersetzungen"), ("ru", "перевод", "Переводы")],
)  # fmt: skip
def test_accents_and_capitals_make_no_difference(language: str, one: str, other: str) -> None:
    assert stem(one, language) == stem(other, language) != ""


@pytest.mark.parametrize("language", STEMMERS)
def test_every_language_of_the_table_has_a_stemmer(language: str) -> None:
    assert stem("Radio", language) != ""


def test_vowels_of_other_scripts_stay() -> None:
    assert list(words("हिन्दी अनुवाद")) == ["हिन्दी", "अनुवाद"]
    assert fold("हिन्दी") == "हिन्दी"


def test_tag_is_read_in_a_language() -> None:
    for language, one, other in (
        ("en", "translation", "Translations"), ("es", "imprenta", "Imprentas"),
        ("es", "Impresión", "impresiones"), ("en", "popular education", "Popular  Education"),
        ("en", "co-op", "Coops"), ("es", "e-mail", "Email"),
    ):  # fmt: skip
        assert tag_key(one, language) == tag_key(other, language) != ""
    assert tag_key("printing", "en") != tag_key("catering", "en")


def test_stop_word_of_one_language_is_a_tag_of_another() -> None:
    assert (tag_key("sea", "es"), tag_key("clases de baile", "es"), tag_key("&", "es")) == (
        "sea", tag_key("clases baile", "es"), "",
    )  # fmt: skip


def test_stop_words_are_folded_and_lie_in_no_stem() -> None:
    for language, stopped in STOP_WORDS.items():
        assert {fold(word) for word in stopped} == stopped
        assert {stem(word, language) for word in stopped} == {""}


@given(some.text(max_size=200), some.sampled_from(sorted(STEMMERS)))
def test_anything_is_read(text: str, language: str) -> None:
    for word in words(text):
        assert len(stem(word, language)) <= LONGEST_STEM
        assert stem(word, language) == stem(word.upper(), language) or not word.isascii()
    assert len(tag_key(text, "es")) <= 2 * LONGEST_STEM
