"""Which needs and offers match, in which order, and why."""

from collections.abc import Mapping, Sequence
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as some

from interlock.methods.matching.activities import PARENTS, SAME, activity, kinship
from interlock.methods.matching.listings import Listing, Terms, terms
from interlock.methods.matching.ranking import Match, Rarity, match, ranked
from interlock.methods.matching.reasons import SENTENCES, Reason, told
from interlock.methods.places.distance import distance_km

SITE = ["en", "es"]
TOWN: dict[str, Any] = {"latitude": 40.5, "longitude": -89.65}
# Some 20 km, 200 km and 1,300 km east of it.
NEAR, FAR, OUT = (dict[str, Any](latitude=40.5, longitude=east) for east in (-89.41, -87.3, -74.0))


def listing(
    id: int, title: str = "", text: str = "", tags: Sequence[str] = (), **others: Any
) -> Listing:
    said = terms(title={"en": title}, text={"en": text}, tags=tags, languages=SITE)
    return Listing(id, said, **{"transactions": frozenset(), **others})


def codes(found: Match | None) -> list[str]:
    return [reason.code for reason in found.reasons] if found else []


def found_of(one: Listing, *others: Listing) -> list[int]:
    return [each.listing.id for each in ranked(one, others, most=10)]


NEED = listing(
    1, "Translation of the ballot", "Into Spanish, 4,000 words, for the vote in May.",
    ["translation", "Spanish"], activity="AM40", scope="local",
    transactions=frozenset({"buy-sell"}), **TOWN,
)  # fmt: skip


def test_need_meets_its_offers_the_closest_first() -> None:
    offers = [
        listing(2, "Catering for meetings", "Vegan food.", ["catering"], **TOWN),
        listing(3, "Interpreters", "Spanish and sign language.", ["interpreting"], **NEAR),
        listing(4, "We translate", "Between Spanish and English.", ["translations", "spanish"],
                activity="ICA160", transactions=frozenset({"buy-sell"}), **NEAR),
        listing(5, "Language school", "Lessons for adults.", [], activity="AM40", **TOWN),
    ]  # fmt: skip
    found = ranked(NEED, offers, most=10)
    assert [(one.listing.id, codes(one)) for one in found] == [
        (4, ["tags", "same-work", "apart", "terms"]),
        (5, ["same-work", "apart"]),
    ]
    assert ranked(NEED, offers, most=1) == found[:1]


def test_what_meets_in_a_text_alone_is_told_where_nothing_better_is() -> None:
    """A translator of letters and ballots is nobody's printer, unless there is none."""
    need = listing(1, "Printing", "Letters with codes.", ["printing", "ballots"])
    printer = listing(2, "Posters and flyers", "On recycled paper.", ["printing"])
    translator = listing(3, "Translation", "We translate letters and ballots.", ["translation"])
    assert found_of(need, printer, translator) == [2]
    assert found_of(need, translator) == [3]
    assert [one.weak for one in ranked(need, [translator], most=1)] == [True]


def test_reasons_are_sentences() -> None:
    offer = listing(
        4, "We translate ballots", "", ["translations", "spanish"], activity="AM40",
        transactions=frozenset({"buy-sell"}), **NEAR,
    )  # fmt: skip
    (found,) = ranked(NEED, [offer], most=1)
    values = {
        "activity": {"AM40": "Education"}.get,
        "distance": "{:.0f} km".format,
        "terms": ", ".join,
    }
    assert [told(reason, values=values) for reason in found.reasons] == [  # type: ignore[arg-type]
        "Both are tagged: Spanish, translation",
        "Both say: ballot",
        "The same kind of work: Education",
        "20 km apart",
        "Both would: buy-sell",
    ]


def test_word_is_told_in_the_language_of_the_reader() -> None:
    both = {"en": "Printing of ballots", "es": "Impresión de papeletas"}
    one, other = (
        Listing(number, terms(title=title, text={}, tags=(), languages=SITE))
        for number, title in ((1, both), (2, {**both, "en": "Printers: ballots and flyers"}))
    )
    (found,) = ranked(one, [other], most=1)
    (reason,) = found.reasons
    spanish = told(reason, language="es", translate=lambda text: text.replace("Both say", "Ambas"))
    assert (told(reason), spanish) == ("Both say: ballots", "Ambas: impresión, papeletas")
    assert told(reason, language="fr") == "Both say: ballots, impresión, papeletas"


def test_listings_of_two_languages_meet_by_tag() -> None:
    need = Listing(
        1, terms(title={"es": "Traducción"}, text={}, tags=["interpretes"], languages=SITE)
    )
    offer = Listing(
        2, terms(title={"en": "Languages"}, text={}, tags=["Intérprete"], languages=SITE)
    )
    assert codes(match(need, offer, Rarity.of([need, offer]))) == ["tags"]


def test_words_of_a_text_are_no_match_unless_one_is_a_tag_or_there_are_three() -> None:
    need = listing(1, "Chairs", "For a meeting in the hall of the school.")
    assert found_of(need, listing(2, "Lawyers", "We once had a meeting.")) == []
    assert found_of(need, listing(2, "Lawyers", "A meeting in our hall.")) == []
    assert found_of(need, listing(2, "Lawyers", "A meeting in our school hall.")) == [2]
    assert found_of(need, listing(2, "Meetings", "Led by us.")) == []
    assert found_of(need, listing(2, "Music", "Led by us.", ["meetings"])) == [2]
    assert found_of(need, listing(2, "More chairs", "Led by us.")) == [2]


def test_rare_word_counts_for_more() -> None:
    need = listing(1, "Sound and welding")
    others = [listing(number, "Sound") for number in range(3, 9)]
    assert found_of(need, *others, listing(9, "Welding"))[:2] == [9, 3]


def test_nearness_decides_between_equals_and_id_between_equal_ones() -> None:
    need = listing(1, "Printing", scope="regional", **TOWN)
    offers = [
        listing(2, "Printing", **FAR),
        listing(4, "Printing", **NEAR),
        listing(3, "Printing", **NEAR),
    ]
    assert found_of(need, *offers) == [3, 4, 2]


@pytest.mark.parametrize(
    ("scope", "other", "places", "expected"),
    [
        ("local", "", (TOWN, NEAR), True),
        ("local", "", (TOWN, FAR), False),
        ("regional", "", (TOWN, FAR), True),
        ("regional", "", (TOWN, OUT), False),
        ("regional", "local", (TOWN, FAR), False),
        ("national", "national", (TOWN, OUT), True),
        ("national", "local", (TOWN, OUT), False),
        ("", "", (TOWN, OUT), True),
        ("local", "local", (TOWN, {}), True),
        ("local", "local", ({"country": "US"}, {"country": "CA"}), False),
        ("local", "local", ({"country": "US", **TOWN}, {"country": "CA", **NEAR}), True),
        ("national", "", ({"country": "US"}, {"country": "CA"}), False),
        ("national", "", ({"country": "US"}, {"country": "US"}), True),
        ("international", "", ({"country": "US"}, {"country": "CA"}), True),
    ],
)  # fmt: skip
def test_scope_decides_how_far_matters(
    scope: str, other: str, places: tuple[Mapping[str, Any], Mapping[str, Any]], expected: bool
) -> None:
    one = listing(1, "Printing", scope=scope, **places[0])
    two = listing(2, "Printing", scope=other, **places[1])
    assert (found_of(one, two) == [2]) is (found_of(two, one) == [1]) is expected


def test_same_town_is_said_where_no_coordinates_are() -> None:
    one = listing(1, "Printing", town="Peñíscola", region="Castellón", scope="local")
    two = listing(2, "Printing", town="peniscola")
    (found,) = ranked(one, [two], most=1)
    assert found.reasons[-1] == Reason("same-town", facts={"town": "Peñíscola"})
    elsewhere = listing(2, "Printing", town="Peniscola", region="Florida")
    assert "same-town" not in codes(ranked(one, [elsewhere], most=1)[0])


def test_kinds_of_work_that_lie_near() -> None:
    assert (kinship("ICA20", "ICA10"), kinship("AM60", "AM60"), kinship("AM60", "")) == (
        "related", "same", "",
    )  # fmt: skip
    related = match(
        listing(1, "Milk", activity="ICA20"), listing(2, "Milk", activity="AM130"),
        Rarity(2, {}),
    )  # fmt: skip
    assert related
    assert related.reasons[1] == Reason(
        "related-work", facts={"activity": "AM130", "other": "ICA20"}
    )
    assert codes(match(listing(1, "A", activity="ICA20"), listing(2, "B", activity="AM130"),
                       Rarity(2, {}))) == []  # fmt: skip


def test_table_of_activities_has_no_circle_and_known_codes() -> None:
    from interlock.methods.formats.essglobal import ACTIVITIES

    for table in (SAME, PARENTS):
        assert set(table) | set(table.values()) <= set(ACTIVITIES)
    for code in PARENTS:
        seen = [code]
        while (wider := PARENTS.get(seen[-1])) is not None:
            assert wider not in seen
            seen.append(wider)
        assert activity(code) == code


def test_terms_survive_storing() -> None:
    import json

    kept = json.loads(json.dumps(NEED.terms.data()))
    assert Terms.of(kept) == NEED.terms
    assert Terms.of(kept).data() == NEED.terms.data()


def test_every_reason_has_a_sentence_and_becomes_json() -> None:
    (found,) = ranked(NEED, [listing(2, "Ballots, in Spanish", "", ["spanish"], **TOWN)], most=1)
    assert {reason.code for reason in found.reasons} <= set(SENTENCES)
    assert [reason.to_json() for reason in found.reasons] == [
        {"code": "tags", "words": {"": ["Spanish"]}},
        {"code": "words", "words": {"en": ["ballot"]}},
        {"code": "apart", "distance": 0.0},
    ]


# Properties.

WORD = some.sampled_from(
    ["print", "ballot", "caterer", "hall", "food", "translate", "spanish", "tool", "land", "money"]
)
PLACE = some.sampled_from([TOWN, NEAR, FAR, OUT, {}])


@some.composite
def drafts(draw: some.DrawFn) -> dict[str, Any]:
    """All that a listing says but its id."""
    return {
        "title": " ".join(draw(some.lists(WORD, max_size=4))),
        "text": " ".join(draw(some.lists(WORD, max_size=8))),
        "tags": draw(some.lists(WORD, max_size=3)),
        "activity": draw(some.sampled_from(["", "AM60", "AM130", "ICA10", "ICA20"])),
        "scope": draw(some.sampled_from(["", "local", "regional", "national", "international"])),
        "transactions": draw(some.frozensets(some.sampled_from(["buy-sell", "borrow-lend"]))),
        "country": draw(some.sampled_from(["", "US", "CA"])),
        "town": draw(some.sampled_from(["", "Oak", "OAK", "Elm"])),
        **draw(PLACE),
    }


def listings(id: int | None = None) -> some.SearchStrategy[Listing]:
    ids = some.integers(1, 999) if id is None else some.just(id)
    return some.builds(lambda number, said: listing(number, **said), ids, drafts())


@given(listings(id=1), listings(id=2), some.lists(listings(), max_size=5))
def test_match_is_the_same_from_both_sides(
    one: Listing, other: Listing, rest: list[Listing]
) -> None:
    rarity = Rarity.of([one, other, *rest])
    here, there = match(one, other, rarity), match(other, one, rarity)
    assert (here is None) == (there is None)
    if here and there:
        assert (here.strength, here.reasons) == (there.strength, there.reasons)
        assert here.reasons


@given(
    drafts(),
    drafts(),
    some.sampled_from(["print", "popular food", "seed"]),
    some.lists(listings(), max_size=5),
)
def test_shared_tag_never_weakens(
    one: dict[str, Any], other: dict[str, Any], tag: str, rest: list[Listing]
) -> None:
    def pair(tags: list[str]) -> tuple[Listing, Listing]:
        first, second = (
            listing(number, **{**said, "tags": [*said["tags"], *tags]})
            for number, said in ((1, one), (2, other))
        )
        return first, second

    rarity = Rarity.of([*pair([]), *rest])
    before, after = match(*pair([]), rarity), match(*pair([tag]), rarity)
    if before:
        assert after
        assert after.strength >= before.strength
        if tag not in one["tags"] or tag not in other["tags"]:
            assert after.strength > before.strength


@given(listings(id=1), some.lists(listings(), max_size=8, unique_by=lambda one: one.id))
def test_order_of_what_is_given_makes_no_difference(one: Listing, others: list[Listing]) -> None:
    found = ranked(one, others, most=99)
    assert found == ranked(one, others[::-1], most=99)
    assert [(-each.strength, each.listing.id) for each in found] == sorted(
        (-each.strength, each.listing.id) for each in found
    )
    assert one.id not in [each.listing.id for each in found]


@given(listings(id=1), listings(id=2))
def test_what_is_out_of_reach_never_matches(one: Listing, other: Listing) -> None:
    found = match(one, other, Rarity.of([one, other]))
    if found and "local" in (one.scope, other.scope) and one.latitude and other.latitude:
        assert one.longitude is not None
        assert other.longitude is not None
        ends = one.latitude, one.longitude, other.latitude, other.longitude
        assert distance_km(*ends) <= 48.3
