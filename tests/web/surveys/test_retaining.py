"""What was promised to be destroyed is destroyed, on its day, once, with a record; and nothing else."""

import json
from datetime import datetime, timedelta

import pytest
from django.utils import timezone

from interlock.__main__ import main
from interlock.web.look.refusals import Refused
from interlock.web.record.models import Entry
from interlock.web.surveys import actions, queries
from interlock.web.surveys.models import (
    Answer,
    Contact,
    Coupon,
    OpenLink,
    Permission,
    Respondent,
    Retained,
    RetentionRecord,
    Seed,
    Study,
)
from interlock.web.surveys.retaining import due, retain, retain_due
from tests.web.surveys.asked import CLOSES, DAY, START, Asked, make_asked


@pytest.fixture
def answered(asked: Asked) -> Asked:
    """Two in a chain, one by the public page, one who stopped, one who took answers back, an address."""
    first = asked.enter(coupon=asked.cards[0].code)
    asked.core(first.code)
    handed = list(actions.coupon_codes(first.code))
    asked.core(asked.enter(coupon=handed[0]).code)
    gone = asked.enter(coupon=handed[1])
    asked.core(gone.code)
    actions.withdraw(code=gone.code, at=START)
    asked.core(asked.enter().code)
    asked.enter()
    Contact.objects.create(study=asked.study, email="ana@example.org", language="en")
    return asked


def on(day: object) -> datetime:
    """The moment after a day has ended."""
    assert hasattr(day, "toordinal")
    return datetime.combine(day, START.timetz()) + DAY  # type: ignore[arg-type]


def rows() -> dict[str, int]:
    return {
        model.__name__: model.objects.count()
        for model in (Answer, Contact, Coupon, OpenLink, Permission, Respondent, Seed)
    }


def test_each_promise_is_kept_the_day_after_and_not_before(answered: Asked) -> None:
    study = answered.study
    Study.objects.filter(pk=study.pk).update(answers_until=study.contacts_until + DAY)
    study.refresh_from_db()
    days = {
        Retained.DRAFTS: CLOSES,
        Retained.LINKS: study.links_until,
        Retained.CONTACTS: study.contacts_until,
        Retained.ANSWERS: study.answers_until,
    }
    found = []
    for day in days.values():
        assert not retain_due(on(day) - DAY)
        assert retain_due(on(day))
        assert not retain_due(on(day))
        found.append(RetentionRecord.objects.order_by("pk").last())
    told = [(one.what, one.promised, one.number, one.done_on) for one in found if one]
    # Codes of four who did not take theirs back, 11 coupons (2 seeds, 3 each of 3), one link.
    numbers = (1, 4 + 11 + 1, 1, 3)
    assert told == [
        (what, day, number, day + DAY)
        for (what, day), number in zip(days.items(), numbers, strict=True)
    ]
    assert Entry.objects.filter(act="survey.retained").count() == 4


def test_drafts_go_when_it_is_closed_and_what_was_submitted_stays(answered: Asked) -> None:
    actions.close_study(study=answered.study, by=answered.dora, at=START)
    before = list(Answer.objects.exclude(document={}).order_by("pk").values_list("document"))
    assert retain_due(START + DAY)
    left = Answer.objects.order_by("pk")
    assert list(left.values_list("document")) == before
    assert set(map(str, left.values_list("kept", flat=True))) == {"{}"}
    assert rows()["Respondent"] == 5


def test_links_go_and_tree_and_wave_stay(answered: Asked) -> None:
    waves = list(Respondent.objects.order_by("pk").values_list("tree", "wave", "role"))
    before = rows()
    assert retain_due(on(answered.study.links_until))
    assert list(Respondent.objects.order_by("pk").values_list("tree", "wave", "role")) == waves
    for model in (Coupon, OpenLink, Respondent):
        assert not model.objects.exclude(code_hash=None).exists()
    assert not Respondent.objects.exclude(coupon=None, link=None).exists()
    assert not Coupon.objects.exclude(parent=None).exists()
    assert rows() == {**before, "Answer": 3, "Permission": 0, "Seed": 0}
    assert queries.coupon_of(answered.cards[1].code) is None


def test_nobody_takes_answers_back_when_what_tied_them_is_gone(answered: Asked) -> None:
    code = answered.enter().code
    answered.core(code)
    retain_due(on(answered.study.links_until))
    with pytest.raises(Refused):
        actions.withdraw(code=code, at=on(answered.study.links_until))


def test_answers_go_with_what_else_is_known_of_them(answered: Asked) -> None:
    Study.objects.filter(pk=answered.study.pk).update(answers_until=answered.study.links_until)
    Respondent.objects.update(flags=["fast"])
    retain_due(on(answered.study.links_until))
    assert not Answer.objects.exists()
    assert set(Respondent.objects.values_list("role", flat=True)) == {""}
    assert all(one.flags == [] for one in Respondent.objects.all())


def test_what_is_kept_for_good_is_kept(answered: Asked) -> None:
    retain_due(START + timedelta(days=9_000))
    assert [one.what for one in RetentionRecord.objects.order_by("what")] == [
        Retained.CONTACTS, Retained.DRAFTS, Retained.LINKS,
    ]  # fmt: skip
    assert Answer.objects.count() == 3


def test_study_that_was_never_opened_promised_nothing(db: None) -> None:
    make_asked(opens=False, seeds=0)
    assert list(due(START + timedelta(days=9_000))) == []


@pytest.mark.usefixtures("emptied")
def test_command_says_what_is_due_and_destroys_it(capsys: pytest.CaptureFixture[str]) -> None:
    at = timezone.now() - timedelta(days=900)
    asked = make_asked(at=at, closes_on=at.date() + timedelta(days=60))
    asked.enter(at=at)
    slug = asked.study.slug
    assert main(["surveys", "retain", "--dry-run"]) == 0
    said = capsys.readouterr().out.splitlines()
    assert said[0] == f"{slug}: drafts, promised after {asked.study.closes_on}: due"
    assert RetentionRecord.objects.count() == 0
    assert main(["surveys", "retain", "--json"]) == 0
    told = json.loads(capsys.readouterr().out)
    assert [(one["what"], one["destroyed"]) for one in told] == [
        ("drafts", 1), ("links", 3), ("contacts", 0),
    ]  # fmt: skip
    assert main(["surveys", "retain"]) == 0
    assert capsys.readouterr().out == "Nothing is due.\n"


def test_of_who_never_submitted_nothing_stays_that_they_said(asked: Asked) -> None:
    asked.enter()
    Respondent.objects.update(role="both", flags=["fast"])  # as an earlier release wrote it
    actions.close_study(study=asked.study, by=asked.dora, at=START)
    retain_due(START + 2 * DAY)
    assert list(Respondent.objects.values_list("role", "flags")) == [("", [])]


def test_drafts_stay_where_it_lasts_longer_after_all(answered: Asked) -> None:
    night = on(CLOSES)
    [found] = due(night)
    Study.objects.update(closes_on=CLOSES + 5 * DAY)
    assert retain(found, night) is None
    assert rows()["Answer"] == 4
    assert not RetentionRecord.objects.exists()
