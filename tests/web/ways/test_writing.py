"""The text as a value: what is signed, what differs, what two writers both changed."""

from hashlib import sha256

from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from i18nfield.strings import LazyI18nString

from interlock.web.ways.writing import (
    Clash,
    Piece,
    Signing,
    Text,
    changes,
    compare,
    document,
    fingerprint,
    merge,
    readings,
)

PARTIES = [
    Signing("city", LazyI18nString({"en": "City", "es": "Ciudad"})),
    Signing("mill", "Mill"),
]


def text(title: object, **sections: object) -> Text:
    """Sections by their keys: a text of one language, or a dictionary; headings in capitals."""
    told = {"en": title} if isinstance(title, str) else title
    rows = [
        {
            "key": key,
            "heading": {"en": key.upper()},
            "text": {"en": one} if isinstance(one, str) else one,
        }
        for key, one in sections.items()
    ]
    return Text.of(told, rows)  # type: ignore[arg-type]


def test_document_is_the_text_in_each_language_with_its_parties() -> None:
    signed = text({"en": "Bread", "es": "Pan"}, a="We buy.\r\n\r\nA lot.", b={"es": "Ley"})
    told = document(signed, PARTIES)
    assert told == (
        "# Bread\n\n- City (city)\n- Mill (mill)\n\n"
        "## A\n\nWe buy.\n\nA lot.\n\n## B\n\nLey\n"
        "\n* * *\n\n"
        "# Pan\n\n- Ciudad (city)\n- Mill (mill)\n\n"
        "## A\n\nWe buy.\n\nA lot.\n\n## B\n\nLey\n"
    )
    assert fingerprint(told) == sha256(told.encode()).hexdigest()


def test_party_that_is_made_up_is_marked_in_what_is_signed() -> None:
    told = document(text("Bread", a="Buy."), [Signing("mill", "Mill", is_synthetic=True)])
    assert told == "# Bread\n\n- Mill (mill, synthetic)\n\n## A\n\nBuy.\n"


def test_titles_and_headings_stay_on_one_line() -> None:
    rows = [{"key": "a", "heading": "One\n## Two", "text": "x"}]
    assert document(Text.of("A\n\n## B", rows), []) == "# A ## B\n\n\n## One ## Two\n\nx\n"


def test_section_that_says_nothing_is_none() -> None:
    rows = [{"key": "a", "heading": {"en": " "}, "text": {"en": "\r\n", "es": ""}}]
    assert Text.of({"en": "T", "es": " "}, rows) == Text({"en": "T"}, ())


def test_reader_gets_their_language_first() -> None:
    told = text({"en": "Bread", "es": "Pan"}, a={"en": "Buy", "es": "Comprar"})
    assert [(one.language, one.title, one.sections) for one in readings(told, "es")] == [
        ("es", "Pan", (("A", "Comprar"),)),
        ("en", "Bread", (("A", "Buy"),)),
    ]
    assert [one.language for one in readings(told, "fr")] == ["en", "es"]


def test_what_each_changed_alone_is_in_the_merged_text() -> None:
    base = text("T", a="1", b="2", c="3")
    mine = text("T", a="1 mine", b="2", d="mine")
    theirs = text("T theirs", a="1", b="2 theirs", c="3", e="theirs")
    merged = merge(base, mine, theirs)
    assert merged.clashes == ()
    assert merged.text == text("T theirs", a="1 mine", b="2 theirs", e="theirs", d="mine")


def test_what_both_changed_clashes_and_mine_stands() -> None:
    base = text("T", a="1", b="2", c="3")
    mine = text("T", a="mine", c="3 mine")
    theirs = text("T", a="theirs", b="2 theirs")
    merged = merge(base, mine, theirs)
    assert merged.clashes == (
        Clash("a", "text", "en", "mine", "theirs"),
        Clash("b", "text", "en", "", "2 theirs"),
        Clash("c", "text", "en", "3 mine", ""),
    )
    told = {one.key: one.text["en"] for one in merged.text.sections}
    assert told == {"a": "mine", "b": "2 theirs", "c": "3 mine"}


# The first example brings the site's settings along, which takes its time.
patient = settings(suppress_health_check=[HealthCheck.too_slow])
KEYS = st.sampled_from("abc")
SAID = st.dictionaries(st.sampled_from(["en", "es"]), st.sampled_from(["", "x", "y", "z"]))
TEXTS = st.builds(
    lambda title, rows: Text.of(
        title, [{"key": key, "heading": one, "text": two} for key, (one, two) in rows.items()]
    ),
    SAID,
    st.dictionaries(KEYS, st.tuples(SAID, SAID)),
)


def leaves(one: Text) -> dict[tuple[str, str, str], str]:
    found = {("", "title", code): text for code, text in one.title.items()}
    for section in one.sections:
        found |= {(section.key, "heading", code): text for code, text in section.heading.items()}
        found |= {(section.key, "text", code): text for code, text in section.text.items()}
    return found


@patient
@given(TEXTS, TEXTS, TEXTS)
def test_nothing_that_either_wrote_is_lost_unseen(base: Text, mine: Text, theirs: Text) -> None:
    """Each place holds the change of whoever changed it; where both did, both are shown."""
    merged = merge(base, mine, theirs)
    was, own, other, now = map(leaves, (base, mine, theirs, merged.text))
    clashes = {(one.key, one.part, one.language): (one.mine, one.theirs) for one in merged.clashes}
    for place in {*was, *own, *other, *now}:
        before, here, there = (one.get(place, "") for one in (was, own, other))
        if here == there:
            expected = here
        elif here == before:
            expected = there
        elif there == before:
            expected = here
        else:
            assert clashes.pop(place) == (here, there)
            expected = here or there
        assert now.get(place, "") == expected
    assert clashes == {}


@patient
@given(TEXTS, TEXTS)
def test_merging_with_one_who_changed_nothing_is_the_other(base: Text, mine: Text) -> None:
    for merged in (merge(base, mine, base), merge(base, base, mine)):
        assert (leaves(merged.text), merged.clashes) == (leaves(mine), ())


LINES = st.lists(st.sampled_from(["a b", "b", "", "c  d", "Añ"]), max_size=6).map("\n".join)


@patient
@given(LINES, LINES)
def test_difference_has_all_of_both_texts(before: str, after: str) -> None:
    pieces = list(compare(before, after))
    assert "".join(one.text for one in pieces if one.kind != "ins") == before
    assert "".join(one.text for one in pieces if one.kind != "del") == after
    if before == after:
        assert {one.kind for one in pieces} <= {""}


def test_difference_is_told_word_by_word() -> None:
    assert list(compare("We buy bread.\nAlways.\n", "We buy rolls.\nAlways.\n")) == [
        Piece("", "We buy "),
        Piece("del", "bread."),
        Piece("ins", "rolls."),
        Piece("", "\n"),
        Piece("", "Always.\n"),
    ]


def test_long_difference_is_told_as_a_whole() -> None:
    before = "\n".join(f"line {number}" for number in range(500))
    assert [one.kind for one in compare(before, before + "\nend")] == ["del", "ins"]
    words = " ".join(f"w{number}" for number in range(300))
    assert [one.kind for one in compare(words, words + " end")] == ["del", "ins"]


def test_changes_name_their_place() -> None:
    before, after = text("T", a="1", b="2"), text("U", a="1", c={"es": "3"})
    assert [(one.heading, one.part, one.language) for one in changes(before, after)] == [
        ("", "title", "en"),
        ("C", "heading", "en"),
        ("C", "text", "es"),
        ("B", "heading", "en"),
        ("B", "text", "en"),
    ]
