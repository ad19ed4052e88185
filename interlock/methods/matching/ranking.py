"""Which offers could answer a need, or which needs an offer: in order, with the reasons.

Two listings match when they share a tag, or are the same kind of work, or one says a word of the
other's tags, or their titles share a word, or they share three words; and when neither is out of the
other's reach. What meets in the text of one alone ("ballots" in a letter of a translator, for a printer)
is a weak match: it is told only where there is no better one. What is local reaches `REACH_KM["local"]`, what is regional as far as is written there, what is
national its own country. Where nobody knows how far two are apart, they may match.

The order is by a strength, that no reader is shown:

    2 where they share tags or words at all: who shares only the kind of work stands after these
    + 2 · Σ idf(tag) over shared tags
    + S · S / T over shared words, with S = ⅓ Σ weight · idf(word) over these, and T the smaller of
      both listings' own such sums over all their words
    + 1 for the same kind of work, ½ for a related one
    + up to ½ for being near, as far as their reach makes that matter
    + ¼ where they would exchange in the same way

`weight` is the place of a word (3 in the title or a tag, 1 in the text), the smaller of both; `idf` is
its rarity among the listings, log(1 + (N − n + ½) / (n + ½)) with n of N listings saying it:
S. Robertson and H. Zaragoza, "The Probabilistic Relevance Framework: BM25 and Beyond", Foundations
and Trends in Information Retrieval 3:4 (2009), with the 1 that keeps it positive. Shared words count
by how much they tell and by what part they are of whoever says less: a long text gains nothing by its
length. Words and tags are compared language by language, and the language that speaks most for the
match counts. Strength is the same from both sides, and never falls when both get a tag more. Equals
stand in the order of their ids.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from math import fsum, log

from interlock.methods.matching.activities import activity, kinship
from interlock.methods.matching.listings import TITLE, Listing
from interlock.methods.matching.reasons import MOST_WORDS, Reason
from interlock.methods.matching.words import fold
from interlock.methods.places.distance import distance_km

#: How far what reaches so far goes, in kilometres: thirty and two hundred and fifty miles.
REACH_KM = {"local": 48.3, "regional": 402.3}
#: Beyond this, being near is no reason.
NEAR_KM = 150.0

SHARED, TAGS, SAME_WORK, RELATED_WORK, NEARNESS, TERMS = 2.0, 2.0, 1.0, 0.5, 0.5, 0.25


@dataclass(frozen=True)
class Rarity:
    """How many of so many listings say a word, in its language ("en:translat")."""

    number: int
    saying: Mapping[str, int]

    @classmethod
    def of(cls, listings: Iterable[Listing]) -> Rarity:
        known = list(listings)
        return cls(len(known), Counter(key for one in known for key in one.terms.keys))

    def idf(self, language: str, key: str) -> float:
        """The weight of a word; of a tag that has several, that of the rarest."""
        said = (self.saying.get(f"{language}:{part}", 0) for part in key.split())
        rarest = min(min(said, default=0), self.number)
        return log(1 + (self.number - rarest + 0.5) / (rarest + 0.5))


@dataclass(frozen=True)
class Match:
    """A listing that could meet another, and why. `strength` orders matches, and says no more.

    It is `weak` where the two share no tag, no kind of work, and no word of both their titles or tags.
    """

    listing: Listing
    strength: float
    reasons: tuple[Reason, ...]
    weak: bool = False


def match(one: Listing, other: Listing, rarity: Rarity) -> Match | None:
    """How `other` could meet `one`, or None when it could not. The same from both sides."""
    if not _within_reach(one, other):
        return None
    shared = [_shared(one, other, language, rarity) for language in _languages(one, other)]
    kin = kinship(one.activity, other.activity)
    tells = any(each.tells for each in shared)
    if not (tells or kin == "same"):
        return None
    km = _apart(one, other)
    parts = (
        SHARED if tells else 0.0,
        max((each.of_tags for each in shared), default=0.0),
        max((each.of_words for each in shared), default=0.0),
        {"same": SAME_WORK, "related": RELATED_WORK}.get(kin, 0.0),
        NEARNESS * _nearness(one, other, km),
        TERMS if one.transactions & other.transactions else 0.0,
    )
    reasons = tuple(_reasons(one, other, shared, kin, km))
    weak = kin != "same" and not any(each.heads for each in shared)
    return Match(other, round(fsum(parts), 9), reasons, weak)


def ranked(
    one: Listing, others: Iterable[Listing], *, most: int, rarity: Rarity | None = None
) -> list[Match]:
    """The best matches of a listing among others, at most so many, the strongest first.

    Weak ones are among them where all are weak.
    Rarity is that among all of them where none is given.

    >>> from interlock.methods.matching.listings import terms
    >>> def listing(id: int, title: str, *tags: str) -> Listing:
    ...     return Listing(id, terms(title={"en": title}, text={}, tags=tags, languages=["en"]))
    >>> need = listing(1, "A ballot in Spanish", "translation")
    >>> offers = [listing(2, "Catering"), listing(3, "We translate into Spanish"),
    ...     listing(4, "Interpreting", "translations")]
    >>> [(found.listing.id, [reason.code for reason in found.reasons])
    ...     for found in ranked(need, offers, most=5)]
    [(3, ['words']), (4, ['tags'])]
    """
    known = list(others)
    weights = rarity or Rarity.of([one, *known])
    found = [match(one, other, weights) for other in known if other.id != one.id]
    met = [each for each in found if each]
    better = [each for each in met if not each.weak] or met
    return sorted(better, key=lambda each: (-each.strength, each.listing.id))[:most]


@dataclass(frozen=True)
class _Shared:
    """What two listings both say in one language: keys of tags, and of words, the weightiest first."""

    language: str
    tags: tuple[str, ...]
    words: tuple[str, ...]
    of_tags: float
    of_words: float
    tells: bool
    #: They share a tag, or a word of both their titles or tags.
    heads: bool


def _languages(one: Listing, other: Listing) -> list[str]:
    """Those in which the one writes and the other at least has tags, or both have."""
    said, answered = one.terms, other.terms
    return sorted({*said.words, *said.tags} & {*answered.words, *answered.tags})


def _shared(one: Listing, other: Listing, language: str, rarity: Rarity) -> _Shared:
    mine, theirs = (each.terms.tags.get(language, {}) for each in (one, other))
    tags = sorted(mine.keys() & theirs.keys())
    said = [each.terms.of_language(language) for each in (one, other)]
    # Where neither writes anything, tags have been compared already.
    written = language in one.terms.words or language in other.terms.words
    common = sorted(said[0].keys() & said[1].keys()) if written else []
    lighter = {key: min(some[key].weight for some in said) for key in common}
    weight = {key: lighter[key] * rarity.idf(language, key) / TITLE for key in common}
    both = fsum(weight[key] for key in common)
    whole = min(
        fsum(word.weight * rarity.idf(language, key) for key, word in some.items()) / TITLE
        for some in said
    )
    tagged = {part for key in (*mine, *theirs) for part in key.split()}
    heads = bool(tags) or any(lighter[key] >= TITLE for key in common)
    return _Shared(
        language,
        tuple(tags),
        tuple(sorted(common, key=lambda key: (-weight[key], key))),
        TAGS * fsum(rarity.idf(language, key) for key in tags),
        both * both / whole if whole else 0.0,
        tells=heads or any(key in tagged for key in common) or len(common) > 2,
        heads=heads,
    )


def _apart(one: Listing, other: Listing) -> float | None:
    """Kilometres between the two; None where nobody knows."""
    ends = (one.latitude, one.longitude, other.latitude, other.longitude)
    here, there, to_lat, to_lon = ends
    if here is None or there is None or to_lat is None or to_lon is None:
        return 0.0 if _same_town(one, other) else None
    # From the smaller end to the larger, so that the last digit is the same from both sides.
    first, second = sorted([(here, there), (to_lat, to_lon)])
    return distance_km(*first, *second)


def _same_town(one: Listing, other: Listing) -> bool:
    """Whether both name one town, and nothing says that it is another of that name."""
    towns = fold(one.town), fold(other.town)
    wider = ((one.region, other.region), (one.country, other.country))
    return bool(towns[0]) and towns[0] == towns[1] and not any(_differ(*pair) for pair in wider)


def _differ(one: str, other: str) -> bool:
    return bool(one and other) and fold(one) != fold(other)


def _reach(one: Listing, other: Listing) -> float | None:
    """The smaller reach of the two in kilometres; None where the earth is small enough."""
    given = [REACH_KM[each.scope] for each in (one, other) if each.scope in REACH_KM]
    return min(given, default=None)


def _within_reach(one: Listing, other: Listing) -> bool:
    abroad = _differ(one.country, other.country)
    if abroad and "national" in (one.scope, other.scope):
        return False
    reach, km = _reach(one, other), _apart(one, other)
    if reach is None:
        return True
    # A town at a border reaches across it.
    return not abroad if km is None else km <= reach


def _nearness(one: Listing, other: Listing, km: float | None) -> float:
    if km is None:
        return 0.0
    return max(0.0, 1 - km / (_reach(one, other) or NEAR_KM))


def _reasons(
    one: Listing, other: Listing, shared: list[_Shared], kin: str, km: float | None
) -> Iterator[Reason]:
    tags = sorted(
        {
            min(one.terms.tags[each.language][key], other.terms.tags[each.language][key])
            for each in shared
            for key in each.tags
        },
        key=lambda tag: (fold(tag), tag),
    )
    once = tuple({fold(tag): tag for tag in reversed(tags)}.values())[::-1]
    if once:
        yield Reason("tags", {"": once[:MOST_WORDS]})
    said: dict[str, tuple[str, ...]] = {}
    for each in shared:
        known = {part for key in each.tags for part in key.split()}
        words = [key for key in each.words if key not in known][:MOST_WORDS]
        sides = [side.terms.of_language(each.language) for side in (one, other)]
        if words:
            said[each.language] = tuple(min(some[key].shown for some in sides) for key in words)
    if said:
        yield Reason("words", said)
    if kin == "same":
        yield Reason("same-work", facts={"activity": activity(one.activity)})
    elif kin:
        first, second = sorted([one.activity, other.activity])
        yield Reason("related-work", facts={"activity": first, "other": second})
    if _same_town(one, other) and (km or 0) <= REACH_KM["local"]:
        yield Reason("same-town", facts={"town": min(one.town, other.town)})
    elif km is not None and km <= max(NEAR_KM, _reach(one, other) or 0):
        yield Reason("apart", facts={"distance": km})
    if both := sorted(one.transactions & other.transactions):
        yield Reason("terms", facts={"terms": tuple(both)})
