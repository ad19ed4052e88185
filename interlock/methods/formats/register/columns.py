"""What the headings of a file mean."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Sequence
from dataclasses import dataclass
from functools import cache

# What a heading may be called, without case, accents and punctuation. The first name of each is
# the one that SEA's standard and its files have, where they have one.
MEANINGS = {
    "identifier": "identifier; id; org id; organisation id; organization id; orgid; uid; coop id",
    "identifiers": "identifiers; other identifiers",
    "name": "name; organisation name; organization name; coop name; trading name; title; nombre; "
    "display name; institution; organisation; organization",
    "other_names": "other names; also known as; aliases; nickname; legal name; registered name",
    "description": "description; about; summary; descripcion; mission",
    "structures": "organisational structure; organizational structure; structure; "
    "essglobal org structure; structure type",
    "membership": "membership type; base membership type; typology",
    "ownership": "ownership; ownership type; owned by; ownership classification",
    "primary": "primary activity; activity; main activity; economic activity; actividad",
    "activities": "activities; economic activities",
    "sector": "sector; industry sector; simplified sector",
    "tags": "tags; keywords; types; categories; category",
    "industry": "sic code; naics; naics code; nace; nace code; sic",
    "legal_form": "legal form; legal; legal structure; company type",
    "street": "street address; street; address; direccion; registered street",
    "locality": "locality; city; town; ciudad; registered city",
    "region": "region; state; province; county; estado; provincia; registered state province",
    "postcode": "postcode; zip; zip code; postal code; codigo postal; registered postcode",
    "country": "country name; country; country id; country code; pais",
    "website": "website; url; web; web site; homepage; primary url; web address; sitio web",
    "phone": "phone; telephone; tel; phone number; telefono",
    "email": "email; e mail; mail; email address; correo",
    "links": "links; other links; other addresses; other urls; urls; otros enlaces",
    "twitter": "twitter",
    "facebook": "facebook",
    "companies_house": "companies house number; company number; company registration number",
    "ein": "ein; employer identification number",
    "latitude": "latitude; lat; y",
    "longitude": "longitude; lon; lng; long; x",
    "near_latitude": "geo container latitude",
    "near_longitude": "geo container longitude",
    "founded": "founded; incorporated; founding date; date founded; incorporation date; established; "
    "year founded; founded in; starts at; year established; registered",
    "closed": "closed; dissolved; closing date; ends at; date closed",
    "workers": "workers; employees; number of workers; number of employees; worker count; trabajadores",
    "workers_year": "workers year; employees year; year of workers",
    "members": "members; number of members; member count; worker members; socios",
    "members_year": "members year; year of members",
    "slug": "slug",
    "synthetic": "synthetic; made up; fictional; inventada",
}

_LANGUAGE = re.compile(r"name ([a-z]{2})")
_COUNT = re.compile(r"(.+) ((?:19|20)[0-9]{2})")


@dataclass(frozen=True)
class Column:
    """A column of a file: its heading, where it is (from 0), and what it means; "" if nothing.

    A name in one language means "name:es", say; a count of one year "workers:2023".
    """

    place: int
    heading: str
    meaning: str


def columns(headings: Sequence[str]) -> tuple[Column, ...]:
    """What each heading means. Of two with the same meaning the first is read.

    >>> [column.meaning for column in columns(["ID", "Co-op name", "name_es", "Workers (2023)", "Fax"])]
    ['identifier', 'name', 'name:es', 'workers:2023', '']
    """
    found: list[Column] = []
    taken: set[str] = set()
    for place, heading in enumerate(headings):
        meaning = _meaning(heading)
        found.append(Column(place, heading, "" if meaning in taken else meaning))
        taken.add(meaning)
    return tuple(found)


def _meaning(heading: str) -> str:
    plain = _plain(heading)
    if known := _names().get(plain):
        return known
    if language := _LANGUAGE.fullmatch(plain):
        return f"name:{language[1]}"
    counted = _COUNT.fullmatch(plain)
    meaning = _names().get(counted[1], "") if counted else ""
    return f"{meaning}:{counted[2]}" if counted and meaning in ("workers", "members") else ""


@cache
def _names() -> dict[str, str]:
    return {
        name.strip(): meaning for meaning, names in MEANINGS.items() for name in names.split(";")
    }


def _plain(heading: str) -> str:
    letters = unicodedata.normalize("NFKD", heading[:200].casefold().replace("co-op", "coop"))
    return " ".join(re.sub(r"[^a-z0-9]+", " ", re.sub(r"[\u0300-\u036f]", "", letters)).split())
