"""What is made up says so in the register's files, and stays so where these are read again."""

from collections.abc import Iterator
from datetime import timedelta

import pytest
from django.test import Client
from django.urls import reverse
from pytest_django import Settings

from interlock.web.institutions import following, importing, remarks
from interlock.web.institutions.actions import register
from interlock.web.institutions.forms import InstitutionForm
from interlock.web.institutions.importing import Choices
from interlock.web.institutions.models import Import, Institution, Kind
from interlock.web.people.models import Person
from tests.staging import staged
from tests.web.institutions.loopback import Site, served
from tests.web.institutions.test_following import given, publish
from tests.world import START

LATER = START + timedelta(days=1)
WHERE = {"place": "Leeds", "country": "GB"}


@staged
def two() -> None:
    """One that is made up, and one that is not."""
    desk = Person.objects.by_email("desk@x.example")
    register(name="Mill", kind=Kind.WORKER_COOP, steward=desk, at=START, is_synthetic=True, **WHERE)
    register(name="Barn", kind=Kind.PB_AUTHORITY, at=START, **WHERE)


def exported() -> str:
    answer = Client().get(reverse("institutions:csv"))
    return b"".join(answer.streaming_content).decode()  # type: ignore[attr-defined]


def enter(data: str) -> Import:
    return importing.enter_at_once(
        data=data.encode(), file_name="x.csv", choices=Choices(kind=Kind.PB_AUTHORITY), at=LATER
    )[0]


def outcomes(held: Import) -> tuple[int, int, int]:
    return held.created, held.unchanged, held.refused


@pytest.mark.usefixtures("two")
def test_own_file_is_read_again_and_changes_nothing() -> None:
    assert outcomes(enter(exported())) == (0, 2, 0)


@pytest.mark.usefixtures("two")
def test_mark_travels_to_the_site_that_reads_the_file() -> None:
    data = exported()
    Institution.objects.filter(slug="mill").update(name="Windmill", searched="", place="Pekin")
    held = enter(data)
    assert outcomes(held) == (1, 1, 0)
    made = held.rows.get(outcome="created").institution
    assert (made.slug, made.is_synthetic) == ("mill-2", True)


@pytest.mark.usefixtures("two")
def test_made_up_and_real_of_one_name_are_two() -> None:
    held = enter("Name,Locality,Country,Synthetic\nMill,Leeds,GB,\nBarn,Leeds,GB,yes\n")
    assert outcomes(held) == (2, 0, 0)
    marks = dict(Institution.objects.values_list("slug", "is_synthetic"))
    assert marks == {"mill": True, "mill-2": False, "barn": False, "barn-2": True}
    again = enter("Name,Locality,Country,Synthetic\nMill,Leeds,GB,\nBarn,Leeds,GB,yes\n")
    assert outcomes(again) == (0, 2, 0)


@pytest.mark.django_db
def test_made_up_one_never_takes_the_number_of_a_real_one() -> None:
    rows = "Identifier,Name,Synthetic\nXI-TEST-1,Mill,{}\n"
    enter(rows.format(""))
    held = enter(rows.format("true"))
    assert outcomes(held) == (0, 0, 1)
    (fault,) = held.rows.get().faults
    assert "has a number of one that is not" in remarks.told(fault).text
    assert Institution.objects.get().is_synthetic is False


@pytest.mark.django_db
def test_cell_that_is_neither_yes_nor_no_is_taken_for_yes_with_a_note() -> None:
    held = enter("Name,Synthetic\nMill,perhaps\nBarn,no\n")
    marks = dict(Institution.objects.values_list("slug", "is_synthetic"))
    assert marks == {"mill": True, "barn": False}
    (note,) = held.rows.get(name="Mill").notes
    assert "neither yes nor no" in remarks.told(note).text


@pytest.mark.usefixtures("two")
def test_no_form_says_so() -> None:
    assert "is_synthetic" not in InstitutionForm.base_fields
    client = Client()
    client.force_login(Person.objects.get(email="desk@x.example"))
    client.post("/institutions/mill/edit/", {"name": "Mill", "is_synthetic": ""})
    client.post("/institutions/new/", {"name_0": "New", "kind": "firm", "is_synthetic": "on"})
    marks = dict(Institution.objects.values_list("slug", "is_synthetic"))
    assert (marks.pop("mill"), any(marks.values())) == (True, False)


@pytest.fixture
def site(settings: Settings) -> Iterator[Site]:
    with served() as one:
        settings.INTERLOCK_NEARBY = one.nearby
        yield one


@pytest.mark.usefixtures("two")
def test_profile_of_another_site_brings_its_mark(site: Site) -> None:
    publish(site, synthetic=True)
    made = following.enter(followed=given(site, None), by=None, at=START)
    assert made.is_synthetic is True


@pytest.mark.usefixtures("two")
def test_profile_never_changes_what_is_of_the_other_world(site: Site) -> None:
    publish(site)
    held = given(site, None)
    made = following.enter(followed=held, by=None, at=START)
    publish(site, etag='"2"', synthetic=True, description="Other words.")
    assert following.refresh_due(LATER)
    made.refresh_from_db()
    assert (made.is_synthetic, str(made.about)) == (False, "We plant.")
