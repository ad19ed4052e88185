"""Search folds accents, capitals and punctuation, on both databases and by every way in."""

import importlib
from unicodedata import normalize

import pytest
from django.apps import apps
from django.db import connection
from hypothesis import example, given
from hypothesis import strategies as some

from interlock.web.institutions import importing
from interlock.web.institutions.actions import change, register
from interlock.web.institutions.models import Institution, Kind, search_text
from interlock.web.institutions.queries import search, wanted
from tests.world import START, World, both

pytestmark = pytest.mark.django_db


def found(words: str) -> list[str]:
    return [one.slug for one in search(wanted({"q": words})).institutions]


def stale() -> list[str]:
    """Those whose stored text is not what their name and town say."""
    return [
        one.slug
        for one in Institution.objects.all()
        if one.searched != search_text(one.name, one.place)
    ]


@pytest.mark.parametrize(
    "words",
    ["cooperacion", "COOPERACIÓN", "Cooperación", "coöperacion", "cordoba", "CÓRDOBA", "co-operacion",
     "cooperacion cordoba", "munoz", "  cooperacion  "],
)  # fmt: skip
def test_accents_capitals_and_hyphens_make_no_difference(words: str) -> None:
    register(name=both("Muñoz", "Cooperación"), kind=Kind.WORKER_COOP, place="Córdoba", at=START)
    assert found(words) == ["munoz"]


@pytest.mark.parametrize("words", ["cooperacion hilltown", "%", "_", "\\", "&&", "en", "{"])
def test_what_is_not_said_is_not_found(words: str) -> None:
    register(name=both("Dock", "Cooperación"), kind=Kind.WORKER_COOP, place="Rio", at=START)
    assert found(words) == []


def test_activities_of_two_lists_that_mean_the_same_are_one() -> None:
    register(name="Dock", kind=Kind.WORKER_COOP, activity="AM90", at=START)
    register(name="Roof", kind=Kind.WORKER_COOP, activity="ICA210", at=START)
    for asked in ({}, {"activity": "AM90"}, {"activity": "ICA210"}):
        found = search(wanted(asked))
        told = [(one.value, one.label, one.number) for one in found.activities]
        assert (found.number, told) == (2, [("AM90", "Housing", 2)])


def test_activity_is_found_without_its_accents() -> None:
    register(name="Dock", kind=Kind.WORKER_COOP, activity="AM60", at=START)
    assert (found("alimentacion"), found("ALIMENTACIÓN")) == (["dock"], ["dock"])


def test_correction_is_found_at_once(world: World) -> None:
    change(institution=world.city, by=world.alice, at=START, name="Sevilla", kind="public_body",
           place="Andalucía")  # fmt: skip
    assert (found("andalucia"), found("riverbend"), stale()) == (["city-of-riverbend"], [], [])


def test_lists_and_their_undoing_keep_it_true(world: World) -> None:
    register(name="Pier", kind="firm", identifiers=[("GB-COH", "00000009")], at=START)
    lines = (
        "Name,Companies House Number,Locality\n"
        "Pier Cádiz,00000009,Málaga\nQuay Ávila,00000010,León\n"
    )
    held, planned = importing.enter_at_once(
        data=lines.encode(), file_name="list.csv", choices=importing.Choices(), at=START
    )
    assert {one: planned.counts[one] for one in ("created", "matched")} == {
        "created": 1, "matched": 1,
    }  # fmt: skip
    assert (found("malaga"), found("avila leon"), stale()) == (["pier"], ["quay-avila"], [])
    importing.undo(entering=held, at=START)
    assert (found("malaga"), found("pier"), stale()) == ([], ["pier"], [])


def test_migration_fills_what_was_there_before(world: World) -> None:
    register(name=both("Pier", "Cádiz"), kind="firm", at=START)
    Institution.objects.update(searched="")
    migration = importlib.import_module("interlock.web.institutions.migrations.0004_claims")
    migration.fill_in_what_is_searched(apps, connection.schema_editor())
    assert (found("cadiz"), stale()) == (["pier"], [])


@given(some.text(max_size=60))
@example("\N{MATHEMATICAL SANS-SERIF BOLD CAPITAL A}")
def test_accents_written_as_one_sign_or_two_are_the_same(name: str) -> None:
    one, two = (search_text(normalize(form, name), "") for form in ("NFC", "NFD"))
    assert one == two == search_text(one, "")
