import json
from dataclasses import replace
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from interlock.methods.formats import murmurations
from interlock.methods.formats.faults import FormatError
from interlock.methods.formats.murmurations import (
    OFFERS_WANTS,
    ORGANIZATIONS,
    Offer,
    Organization,
    Relationship,
)

from ..real import real
from .murmurations_facts import FACTS, wrong

TREE = Organization(
    "Tree Co-op",
    nickname="Tree",
    primary_url="https://tree.example",
    tags=("worker co-op", "trees"),
    urls=(("shop", "https://shop.tree.example"), ("", "https://t.example/tree")),
    description="Trees, and more.",
    mission="More trees.",
    status="active",
    full_address="1 Elm Lane, Oakton, NY 10451",
    country="US",
    latitude=40.5,
    longitude=-73.25,
    image="https://tree.example/logo.png",
    relationships=(Relationship("https://schema.org/memberOf", "https://federation.example"),),
    starts_at=1048550400,
    email="hello@tree.example",
    contact_form="https://tree.example/contact",
    telephone="+1 212 555 0100",
    geographic_scope="regional",
    unique_id="US-EIN-12-3456789",
)
NEED = Offer(
    "want",
    "Facilitators",
    "Ten evenings in May, in English and Spanish.",
    ("buy-sell",),
    ("facilitation", "Spanish"),
    "local",
    item_type="service",
    details_url="https://city.example/needs/1",
    latitude=40.5,
    longitude=-73.25,
    email="pb@city.example",
    expires_at=1798761600,
)


def organization(**changes: Any) -> bytes:
    """The profile of the tree co-op, changed; None leaves a field out."""
    profile = {**murmurations.organization_profile(TREE), **changes}
    return json.dumps({key: one for key, one in profile.items() if one is not None}).encode()


def offer(**changes: Any) -> bytes:
    profile = {**murmurations.offer_profile(NEED), **changes}
    return json.dumps({key: one for key, one in profile.items() if one is not None}).encode()


def test_profile_survives_writing_and_reading() -> None:
    assert murmurations.read_organization(organization()) == (TREE, ())
    assert murmurations.read_offer(offer()) == (NEED, ())


def test_profile_keeps_to_what_the_schemas_require() -> None:
    least = Organization("Tree")
    for one in (TREE, least):
        assert wrong(murmurations.organization_profile(one), FACTS[ORGANIZATIONS]) == []
    assert wrong(murmurations.offer_profile(NEED), FACTS[OFFERS_WANTS]) == []


@pytest.mark.parametrize("schema", [ORGANIZATIONS, OFFERS_WANTS])
def test_profile_is_valid_by_the_published_schema(schema: str) -> None:
    """By the schema itself, its fields put in as the index serves it: it may not be carried."""
    published = real(f"schemas/{schema}.json", "the schemas of Murmurations, and jsonschema")
    why_not = "real files are not here (the schemas of Murmurations, and jsonschema)"
    jsonschema = pytest.importorskip("jsonschema", reason=why_not)
    profile = organization() if schema == ORGANIZATIONS else offer()
    jsonschema.validate(json.loads(profile), json.loads(published.read_bytes()))


def test_rules_know_every_field_of_the_facts() -> None:
    """A wrong value in any field is a fault there: none is left unchecked."""
    for schema, sound in ((ORGANIZATIONS, organization()), (OFFERS_WANTS, offer())):
        for key in FACTS[schema]["fields"]:
            broken = {**json.loads(sound), key: {"not": "this"}}
            if key == "contact_details":
                broken[key] = "not this"
            paths = [fault.path.split(".")[0] for fault in murmurations.faults(broken, schema)]
            assert set(paths) == {key}


WORDS = st.text(max_size=220)
URLS = st.just("") | st.text(max_size=30).map(lambda text: f"https://x.example/{text}") | WORDS
DEGREES = st.none() | st.floats(-400, 400)


@given(
    st.builds(
        Organization,
        WORDS,
        nickname=WORDS,
        primary_url=URLS,
        tags=st.lists(WORDS, max_size=120).map(tuple),
        urls=st.lists(st.tuples(WORDS, URLS), max_size=4).map(tuple),
        status=st.sampled_from(["", "active", "on_hold", "closed"]),
        country=st.sampled_from(["", "GB", "UK", "xx"]),
        latitude=DEGREES,
        longitude=DEGREES,
        relationships=st.lists(st.builds(Relationship, URLS, URLS), max_size=4).map(tuple),
        starts_at=st.none() | st.floats(),
        geographic_scope=st.sampled_from(["", "local", "global"]),
    )
)
@settings(max_examples=300)
def test_any_profile_that_is_composed_is_sound(one: Organization) -> None:
    try:
        profile = murmurations.organization_profile(one)
    except FormatError:
        return
    assert wrong(profile, FACTS[ORGANIZATIONS]) == []


JSON = st.recursive(
    st.none() | st.booleans() | st.floats() | st.integers() | st.text(max_size=20),
    lambda inner: st.lists(inner, max_size=4) | st.dictionaries(st.text(max_size=9), inner),
    max_leaves=12,
)
KEYS = sorted({*FACTS[ORGANIZATIONS]["fields"], *FACTS[OFFERS_WANTS]["fields"]})


@given(
    changes=st.dictionaries(st.sampled_from(KEYS), JSON, max_size=4),
    data=st.none() | st.binary(max_size=60),
)
@settings(max_examples=400)
def test_any_profile_that_is_pulled_is_read_or_refused(
    changes: dict[str, Any], data: bytes | None
) -> None:
    for read, sound in (
        (murmurations.read_organization, organization),
        (murmurations.read_offer, offer),
    ):
        try:
            read(data if data is not None else sound(**changes))
        except FormatError as error:
            told = str(error)
        else:
            told = "nothing"
        assert told.replace("\n", " ").isprintable()


@pytest.mark.parametrize(
    ("changes", "path"),
    [
        ({"name": None}, "name"),
        ({"name": 7}, "name"),
        ({"name": "N" * 201}, "name"),
        ({"name": " \u200e "}, "name"),
        ({"linked_schemas": []}, "linked_schemas"),
        ({"linked_schemas": ["people_schema-v0.1.0"]}, "linked_schemas"),
        ({"linked_schemas": [ORGANIZATIONS, "No Schema"]}, "linked_schemas[1]"),
        ({"primary_url": "javascript:alert(1)"}, "primary_url"),
        ({"primary_url": "https://x.example/" + "x" * 2000}, "primary_url"),
        ({"tags": ["x"] * 2}, "tags"),
        ({"tags": [f"{n}" for n in range(101)]}, "tags"),
        ({"tags": ["x" * 101]}, "tags[0]"),
        ({"status": "closed"}, "status"),
        ({"country_iso_3166": "UK"}, "country_iso_3166"),
        ({"geolocation": {"lat": 91, "lon": 0}}, "geolocation.lat"),
        ({"geolocation": {"lat": True, "lon": 0}}, "geolocation.lat"),
        ({"geolocation": {"lat": 1}}, "geolocation.lon"),
        ({"relationships": [{"predicate_url": "https://x"}]}, "relationships[0].object_url"),
        ({"starts_at": "2003"}, "starts_at"),
        ({"contact_details": {"contact_form": "mailto:x"}}, "contact_details.contact_form"),
        ({"description": "d" * 20_001}, "description"),
    ],
)
def test_fault_of_a_profile_says_where(changes: dict[str, Any], path: str) -> None:
    with pytest.raises(FormatError) as caught:
        murmurations.read_organization(organization(**changes))
    assert [fault.path for fault in caught.value.faults] == [path]


@pytest.mark.parametrize(
    ("changes", "left", "path"),
    [
        ({"primary_url": "http://u:p@x.example"}, {"primary_url": ""}, "primary_url"),
        ({"primary_url": 'https://x.example/"><b>'}, {"primary_url": ""}, "primary_url"),
        ({"image": "http://localhost/"}, {"image": ""}, "image"),
        (
            {"geolocation": {"lat": 0, "lon": 0.0}},
            {"latitude": None, "longitude": None},
            "geolocation",
        ),
        (
            {"contact_details": {"email": "nobody"}},
            {"email": "", "contact_form": ""},
            "contact_details.email",
        ),
    ],
)
def test_what_no_page_can_use_is_left_out_and_noted(
    changes: dict[str, Any], left: dict[str, Any], path: str
) -> None:
    found, notes = murmurations.read_organization(organization(**changes))
    assert found == replace(TREE, **left)
    assert [note.path for note in notes] == [path]


@pytest.mark.parametrize(
    ("data", "said"),
    [
        (b"", "not JSON"),
        (b"[" * 100_000, "nested too deeply"),
        (b'{"a":' * 60 + b"1" + b"}" * 60, "nested too deeply"),
        (b'{"name": "a", "name": "b"}', "given twice"),
        (b'{"name": NaN}', "no JSON number"),
        (b'{"starts_at": 1e999}', "too large"),
        (b'{"starts_at": ' + b"9" * 5000 + b"}", "too large"),
        (b'{"name": "\\ud800"}', "half a character"),
        (b"\xff\xfe{}", "not UTF-8"),
        (b'"' + b"x" * murmurations.LARGEST + b'"', "not read"),
        (b"[]", "must be an object"),
    ],
)
def test_hostile_json_is_refused(data: bytes, said: str) -> None:
    with pytest.raises(FormatError, match=said):
        murmurations.read_organization(data)


def test_field_that_no_schema_knows_is_not_read() -> None:
    assert murmurations.read_organization(organization(extra={"a": [1]})) == (TREE, ())


@pytest.mark.parametrize("missing", FACTS[OFFERS_WANTS]["needs"].split())
def test_offer_needs_what_the_schema_requires(missing: str) -> None:
    with pytest.raises(FormatError) as caught:
        murmurations.read_offer(offer(**{missing: None}))
    assert [fault.path for fault in caught.value.faults] == [missing]


def test_offer_without_a_contact_is_not_composed() -> None:
    with pytest.raises(FormatError, match="contact_details"):
        murmurations.offer_profile(replace(NEED, email=""))
