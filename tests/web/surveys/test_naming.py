"""What somebody names after a survey enters the register once a day, as nobody's word."""

from datetime import UTC, datetime, time

import pytest

from interlock.web.institutions.actions import register
from interlock.web.institutions.models import Institution, Kind
from interlock.web.messages.models import Mail
from interlock.web.record.models import Entry
from interlock.web.surveys import actions
from interlock.web.surveys.models import Batch, NamedTie
from interlock.web.ties.models import Standing, Tie
from tests.web.surveys.asked import DAY, START

TOMORROW = START + DAY
MORNING = datetime.combine(TOMORROW.date(), time.min, UTC)


@pytest.fixture(autouse=True)
def begun(db: None) -> None:
    assert not actions.enter_named_due(START)


def name(subject: str = "Wheelhouse", object: str = "", **more: str) -> None:
    NamedTie.objects.create(
        subject_name=subject,
        subject_kind_id=Kind.WORKER_COOP,
        predicate="delivers_for" if object else "",
        object_name=object,
        object_kind_id=Kind.PUBLIC_BODY if object else None,
        **more,
    )


def test_what_was_named_enters_the_next_day_and_is_said_by_nobody() -> None:
    name(object="City of Riverbend", subject_place="Riverbend")
    assert not actions.enter_named_due(START)
    assert not Institution.objects.exists()
    assert actions.enter_named_due(TOMORROW)
    tie = Tie.objects.get()
    assert str(tie) == "Wheelhouse delivers for City of Riverbend"
    assert (tie.said_by, tie.standing, tie.said_at) == (None, Standing.SAID, MORNING)
    assert {one.registered_at for one in Institution.objects.all()} == {MORNING}
    assert not NamedTie.objects.exists()
    assert not Mail.objects.exists()
    assert [one.at for one in Entry.objects.filter(act="tie.named")] == [MORNING]


def test_nothing_is_entered_twice_on_a_day() -> None:
    name()
    actions.enter_named_due(TOMORROW)
    name("Sundial")
    assert not actions.enter_named_due(TOMORROW)
    assert NamedTie.objects.count() == 1
    assert Batch.objects.get().day == TOMORROW.date()


def test_all_are_entered_in_the_order_of_random_numbers() -> None:
    for number in range(12):
        name(f"Co-op {number}")
    waiting = [one.subject_name for one in NamedTie.objects.order_by("pk")]
    actions.enter_named_due(TOMORROW)
    entered = [str(one.name) for one in Institution.objects.order_by("pk")]
    assert entered == waiting


def test_institution_that_is_here_already_is_meant_by_its_name_and_town() -> None:
    here = register(name="Wheelhouse", kind=Kind.WORKER_COOP, place="Riverbend", at=START)
    name("WHEELHOUSE")
    name("Wheelhouse", subject_place="riverbend")
    actions.enter_named_due(TOMORROW)
    assert list(Institution.objects.all()) == [here]
    name("Wheelhouse", subject_place="Hilltown")
    actions.enter_named_due(TOMORROW + DAY)
    assert Institution.objects.count() == 2


def test_institution_that_left_is_not_entered_again() -> None:
    gone = register(name="Wheelhouse", kind=Kind.WORKER_COOP, at=START)
    Institution.objects.filter(pk=gone.pk).update(left_at=START)
    name(object="City of Riverbend")
    actions.enter_named_due(TOMORROW)
    assert Institution.objects.count() == 1
    assert not Tie.objects.exists()


def test_tie_that_was_ever_said_stays_as_it_was() -> None:
    name(object="City of Riverbend")
    actions.enter_named_due(TOMORROW)
    Tie.objects.update(withdrawn_at=TOMORROW)
    name(object="City of Riverbend")
    actions.enter_named_due(TOMORROW + DAY)
    assert Tie.objects.count() == 1


def test_page_says_that_somebody_named_it(client) -> None:  # type: ignore[no-untyped-def]
    name()
    actions.enter_named_due(TOMORROW)
    page = client.get("/institutions/wheelhouse/").content.decode()
    assert "Entered by somebody else, not by the institution itself." in page
