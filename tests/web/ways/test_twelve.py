"""The twelve ways: the same shape and the same figures in each language, and sources that are told."""

import re
from collections import Counter
from dataclasses import astuple
from urllib.parse import urlsplit

import pytest
from django.test import Client
from django.utils import translation

from interlock.web.ways.twelve import OPEN, TEXTS, WAYS, prompts_of, template_of
from interlock.web.ways.twelve.shape import Basis, Told

EACH = [(slug, code) for slug in WAYS for code in TEXTS]
#: What counts as a figure: money, shares, years, votes.
FIGURE = re.compile(r"[$€£]?\d[\d,.]*\d|[$€£]?\d")


def said(told: object) -> list[str]:
    """Every string in a text."""
    if isinstance(told, str):
        return [told]
    return [one for part in told for one in said(part)]  # type: ignore[attr-defined]


def figures(told: Told) -> Counter[str]:
    return Counter(FIGURE.findall(" ".join([told.proof, *told.evidence])))


def test_there_are_twelve_told_in_each_language() -> None:
    assert [way.number for way in WAYS.values()] == list(range(1, 13))
    assert {code: set(texts) for code, texts in TEXTS.items()} == {
        code: set(WAYS) for code in ("en", "es")
    }
    assert {code: len(prompts) for code, prompts in OPEN.items()} == {"en": 5, "es": 5}


@pytest.mark.parametrize(("slug", "code"), EACH)
def test_way_has_all_its_parts(slug: str, code: str) -> None:
    told, facts = TEXTS[code][slug], WAYS[slug].facts
    assert len(told.evidence) == len(facts.evidence)
    assert len(told.template) == 5
    assert len(told.traps) == 3
    assert [text for text in said(astuple(told)) if not text.strip()] == []
    assert len({prompt.heading for prompt in told.template}) == 5


@pytest.mark.parametrize("slug", WAYS)
def test_figures_are_the_same_in_each_language(slug: str) -> None:
    english, spanish = (figures(TEXTS[code][slug]) for code in ("en", "es"))
    assert english == spanish


@pytest.mark.parametrize("slug", WAYS)
def test_evidence_says_how_it_is_known(slug: str) -> None:
    """What was read or counted names where; what was not names nothing."""
    for known in WAYS[slug].facts.evidence:
        assert bool(known.sources) == (known.basis in (Basis.READ, Basis.COUNTED))
        for source in known.sources:
            parts = urlsplit(source.url)
            assert (parts.scheme in ("http", "https"), bool(parts.hostname)) == (True, True) or (
                source.url == "" and source.name
            )


#: What `reference` says of each, to the digit.
KNOWN = {
    "deliver-what-was-chosen": ["$5", "11", "4,000", "$3.2", "12"],
    "city-co-op-programme": ["$1.2", "$541,350", "13", "$1.3", "$200,000", "1,460"],
    "anchor-buyers": ["£112.3", "£74", "€24.6", "2015", "2019"],
    "co-ops-on-the-ballot": ["2,566", "1,491", "39"],
    "campaign-for-pb": ["$30.8", "2021"],
    "pb-inside-a-co-op": ["80", "€25,000", "2019"],
    "residents-vote-on-investments": ["$1.3", "$5"],
    "people-who-are-both": ["11", "17", "89"],
    "practise-at-work-and-school": ["88"],
}


@pytest.mark.parametrize("slug", KNOWN)
def test_figures_are_those_that_were_found(slug: str) -> None:
    assert [one for one in KNOWN[slug] if one not in figures(TEXTS["en"][slug])] == []


def test_template_has_headings_in_every_language_and_no_text() -> None:
    for way in ("", *WAYS):
        for section in template_of(way):
            assert set(section["heading"]) == {"en", "es"}  # type: ignore[call-overload]
            assert section["text"] == {}
        assert list(prompts_of(way)) == [str(section["key"]) for section in template_of(way)]


@pytest.mark.django_db
@pytest.mark.parametrize("slug", WAYS)
def test_page_shows_all_of_it_and_fetches_nothing(slug: str) -> None:
    """Sources are links that one follows: nothing on the page is loaded from another host."""
    with translation.override("en"):
        page = Client().get(f"/ways/{slug}/").content.decode()
    told = TEXTS["en"][slug]
    plain = page.replace("&#x27;", "'").replace("&amp;", "&").replace("&quot;", '"')
    shown = [*told.evidence, *told.traps, told.keeps.city, told.keeps.coop, told.what]
    assert [text for text in shown if text not in plain] == []
    assert re.findall(r"(?:src|srcset|action)=\"(?:https?:)?//", page) == []
    assert re.findall(r"<link[^>]+href=\"https?:", page) == []
    links = re.findall(r'<a\s+href="(https?://[^"]+)"\s+rel="([^"]+)"', page)
    sources = [one.url for known in WAYS[slug].facts.evidence for one in known.sources if one.url]
    assert [url.replace("&amp;", "&") for url, _rel in links] == sources
    assert {rel for _url, rel in links} <= {"external nofollow noreferrer"}


@pytest.mark.django_db
def test_page_of_no_way_is_none() -> None:
    assert Client().get("/ways/none/").status_code == 404


@pytest.mark.django_db
@pytest.mark.parametrize("by", ["", "?by=money"])
def test_list_shows_each_once(by: str) -> None:
    page = Client().get(f"/ways/{by}").content.decode()
    assert Counter(re.findall(r'href="/ways/([\w-]+)/"', page)) - Counter(["proposals"]) == Counter(
        list(WAYS)
    )
