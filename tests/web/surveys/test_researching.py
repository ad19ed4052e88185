"""Single answers: leave, its end, what is written down, and what is taken along."""

import csv
import io
import json
import subprocess
import sys
import zipfile
from collections.abc import Callable
from datetime import timedelta
from pathlib import Path

import pytest
from django.test import Client
from django.utils import timezone
from pytest_django import DjangoAssertNumQueries

from interlock.methods.formats.packages import MADE_UP
from interlock.methods.questionnaires import content_hash, read
from interlock.methods.questionnaires.instruments import instrument, tables
from interlock.methods.referral.table import Columns
from interlock.methods.referral.table import read as read_recruitment
from interlock.web.institutions.actions import end_role, give_role, register
from interlock.web.institutions.models import Role
from interlock.web.look.made_up import INVENTED
from interlock.web.look.refusals import Refused
from interlock.web.people.models import Person
from interlock.web.people.waiting import waiting_for
from interlock.web.record.models import Entry
from interlock.web.surveys import actions, exporting, researching
from interlock.web.surveys.models import CameBy, Opening, ResearcherAccess, Respondent
from interlock.web.surveys.retaining import retain_due
from tests.staging import staged
from tests.web.surveys.asked import COOPERATOR, DAY, DUAL, PBER, START, Asked

SignIn = Callable[[Person], Client]
UNTIL = (START + 60 * DAY).date()


def leave(asked: Asked, person: Person) -> ResearcherAccess:
    access = researching.ask(study=asked.study, reason="A thesis", by=person, at=START)
    return researching.give(access=access, until=UNTIL, by=asked.dora, at=START)


def unpacked(data: bytes) -> dict[str, str]:
    with zipfile.ZipFile(io.BytesIO(data)) as archive:
        return {
            name: archive.read(name).decode()
            for name in archive.namelist()
            if not name.endswith((".xlsx", ".sav", ".dta"))
        }


def table(text: str) -> list[dict[str, str]]:
    return list(csv.DictReader(io.StringIO(text)))


@staged
def answered(asked: Asked) -> Asked:
    """A chain of three, of which the middle one took the answers back; and one by the public page."""
    first = asked.enter(coupon=asked.cards[0].code)
    asked.core(first.code)
    second = asked.enter(coupon=next(actions.coupon_codes(first.code)))
    asked.core(second.code, PBER)
    third = asked.enter(coupon=next(actions.coupon_codes(second.code)))
    asked.core(third.code, DUAL)
    actions.withdraw(code=second.code, at=START)
    asked.core(asked.enter().code, COOPERATOR)
    asked.enter()
    return asked


def test_leave_is_asked_for_given_used_and_ended(asked: Asked) -> None:
    access = researching.ask(study=asked.study, reason="A thesis", by=asked.bob, at=START)
    with pytest.raises(Refused):
        researching.open_answers(study=asked.study, what="a.zip", by=asked.bob, at=START)
    [waits] = waiting_for(asked.dora)
    assert waits.url == f"{asked.study.get_absolute_url()}desk/researchers/"
    access = researching.give(access=access, until=UNTIL, by=asked.dora, at=START)
    assert waiting_for(asked.dora) == []
    researching.open_answers(study=asked.study, what="a.zip", by=asked.bob, at=START)
    researching.end(access=access, by=asked.dora, at=START)
    with pytest.raises(Refused) as refusal:
        researching.open_answers(study=asked.study, what="a.zip", by=asked.bob, at=START)
    assert refusal.value.status == 403
    assert [(one.what, one.access) for one in Opening.objects.all()] == [("a.zip", access)]
    acts = Entry.objects.filter(act__startswith="survey.access").order_by("pk")
    assert [(one.act, one.audience) for one in acts] == [
        ("survey.access_given", "public"), ("survey.access_ended", "public"),
    ]  # fmt: skip


def test_leave_ends_after_its_day(asked: Asked) -> None:
    leave(asked, asked.bob)
    last = START + 60 * DAY
    researching.open_answers(study=asked.study, what="a.zip", by=asked.bob, at=last)
    with pytest.raises(Refused):
        researching.open_answers(study=asked.study, what="a.zip", by=asked.bob, at=last + DAY)


@pytest.mark.parametrize("kind", ["public_body", "pb_authority", "worker_coop"])
@pytest.mark.parametrize("role", [Role.STEWARD, Role.DELEGATE])
def test_officials_of_those_who_are_asked_about_never_read(
    asked: Asked, kind: str, role: Role
) -> None:
    """Not when they ask, not when they are given leave, and not with leave from before their office."""
    leave(asked, asked.bob)
    other = Person.objects.by_email("other@example.org")
    waits = researching.ask(study=asked.study, reason="Mine", by=other, at=START)
    owner = Person.objects.by_email("owner@example.org")
    body = register(name="Body", kind=kind, steward=owner, at=START)
    for person in (asked.bob, other):
        give_role(institution=body, person=person, role=role, by=owner, at=START)
    with pytest.raises(Refused):
        researching.open_answers(study=asked.study, what="a.zip", by=asked.bob, at=START)
    with pytest.raises(Refused):
        researching.give(access=waits, until=UNTIL, by=asked.dora, at=START)
    with pytest.raises(Refused):
        researching.ask(study=asked.study, reason="Mine", by=owner, at=START)
    held = asked.bob.memberships.get(institution=body)
    end_role(membership=held, by=owner, at=START)
    researching.open_answers(study=asked.study, what="a.zip", by=asked.bob, at=START)


def test_member_of_a_worker_coop_without_office_may_read(asked: Asked) -> None:
    coop = register(name="Mill", kind="worker_coop", steward=asked.dora, at=START)
    give_role(institution=coop, person=asked.bob, role=Role.MEMBER, by=asked.dora, at=START)
    leave(asked, asked.bob)
    assert researching.open_answers(study=asked.study, what="a", by=asked.bob, at=START)


def test_nobody_gives_leave_to_themselves(asked: Asked) -> None:
    access = researching.ask(study=asked.study, reason="Mine", by=asked.dora, at=START)
    with pytest.raises(Refused):
        researching.give(access=access, until=UNTIL, by=asked.dora, at=START)
    second = Person.objects.by_email("second@example.org")
    give_role(
        institution=asked.federation, person=second, role=Role.STEWARD, by=asked.dora, at=START
    )
    researching.give(access=access, until=UNTIL, by=second, at=START)
    assert researching.open_answers(study=asked.study, what="a", by=asked.dora, at=START)


@pytest.mark.parametrize("days", [-1, 367])
def test_leave_ends_on_a_day_within_a_year(asked: Asked, days: int) -> None:
    access = researching.ask(study=asked.study, reason="Mine", by=asked.bob, at=START)
    day = START.date() + timedelta(days=days)
    with pytest.raises(Refused):
        researching.give(access=access, until=day, by=asked.dora, at=START)


def test_declined_is_told_and_may_ask_again(asked: Asked, signed_in: SignIn) -> None:
    access = researching.ask(study=asked.study, reason="Mine", by=asked.bob, at=START)
    researching.decline(access=access, by=asked.dora, at=START)
    page = signed_in(asked.bob).get(f"{asked.study.get_absolute_url()}research/").content.decode()
    assert "You were declined on May 3, 2027." in page
    researching.ask(study=asked.study, reason="Better", by=asked.bob, at=START)


def test_archive_has_codes_words_codebooks_and_scripts(answered: Asked) -> None:
    data = exporting.archive(answered.study)
    files = unpacked(data)
    assert sorted(files) == [
        "README.txt", "answers-codes.csv", "answers-labels.csv", "codebook-ddi.xml",
        "codebook.json", "labels.R", "labels.do", "labels.sps", "recruitment.csv",
    ]  # fmt: skip
    codes, labels = table(files["answers-codes.csv"]), table(files["answers-labels.csv"])
    assert sorted((one["came_by"], one["wave"], one["is_coop"], one["is_pb"]) for one in codes) == [
        ("coupon", "0", "1", "0"), ("coupon", "2", "1", "1"), ("open", "", "1", "0"),
    ]  # fmt: skip
    assert [one["same_move"] for one in codes] == ["4"] * 3
    assert [one["same_move"] for one in labels] == ["Agree"] * 3
    assert [one["id"] for one in codes] == sorted(one["id"] for one in codes)
    assert json.loads(files["codebook.json"])["hash"] == content_hash(instrument("ties"))
    with zipfile.ZipFile(io.BytesIO(data)) as archive:
        form = read({"q.xlsx": archive.read("questionnaire.xlsx")}).must()
    assert content_hash(form) == content_hash(instrument("ties"))


def test_archive_of_a_made_up_study_says_so_in_each_file_that_holds_answers(
    answered: Asked,
) -> None:
    plain = unpacked(exporting.archive(answered.study))
    assert not [name for name, text in plain.items() if "synthetic" in text]
    answered.study.institution.is_synthetic = True
    answered.study.institution.save()
    files = unpacked(exporting.archive(answered.study))
    for name in ("answers-codes.csv", "answers-labels.csv", "recruitment.csv"):
        assert {row["synthetic"] for row in table(files[name])} == {"true"}
    assert json.loads(files["codebook.json"])["synthetic"] is True
    assert MADE_UP in files["codebook-ddi.xml"]
    assert str(INVENTED) in files["README.txt"]
    assert read_recruitment(files["recruitment.csv"].encode(), Columns(degree="known", wave="wave"))


def test_archive_has_files_of_spss_and_stata(answered: Asked, tmp_path: Path) -> None:
    pyreadstat = pytest.importorskip("pyreadstat")
    with zipfile.ZipFile(io.BytesIO(exporting.archive(answered.study))) as archive:
        archive.extractall(tmp_path)
    for name, reader in (("answers.sav", "read_sav"), ("answers.dta", "read_dta")):
        frame, meta = getattr(pyreadstat, reader)(tmp_path / name)
        assert sorted(frame["same_move"]) == [4, 4, 4]
        assert meta.variable_value_labels["same_move"][4] == "Agree"


def test_files_of_spss_and_stata_say_what_is_made_up(answered: Asked, tmp_path: Path) -> None:
    pyreadstat = pytest.importorskip("pyreadstat")
    answered.study.institution.is_synthetic = True
    answered.study.institution.save()
    with zipfile.ZipFile(io.BytesIO(exporting.archive(answered.study))) as archive:
        archive.extractall(tmp_path)
    for name, reader in (("answers.sav", "read_sav"), ("answers.dta", "read_dta")):
        frame, _meta = getattr(pyreadstat, reader)(tmp_path / name)
        assert list(frame["synthetic"]) == ["true"] * 3


def test_archive_is_whole_without_pyreadstat(
    answered: Asked, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("sys.executable", "/bin/false")
    with zipfile.ZipFile(io.BytesIO(exporting.archive(answered.study))) as archive:
        names = archive.namelist()
    assert ("answers.sav" in names, "answers-codes.csv" in names) == (False, True)


def test_archive_has_no_day_no_code_and_no_number_of_the_database(answered: Asked) -> None:
    text = "".join(unpacked(exporting.archive(answered.study)).values())
    found = [one for one in Respondent.objects.all()]
    inside = {str(one.pk) for one in found} | {one.pk.hex for one in found}
    inside |= {str(one.tree) for one in found} | {str(one.code_hash) for one in found}
    inside |= {START.date().isoformat()}
    assert [each for each in inside - {"None"} if each in text] == []


def test_archives_cannot_be_laid_upon_each_other(answered: Asked) -> None:
    first, second = (
        {
            one["id"]
            for one in table(unpacked(exporting.archive(answered.study))["answers-codes.csv"])
        }
        for _time in range(2)
    )
    assert first & second == set()


def test_recruitment_table_is_what_the_library_reads(answered: Asked) -> None:
    text = unpacked(exporting.archive(answered.study))["recruitment.csv"]
    missing = frozenset({"-1", "-2", "-3"})
    wanted = Columns(degree="known", wave="wave", answers=("same_move",), missing=missing)
    rows = read_recruitment(text.encode(), wanted)
    by_wave = {one.wave: one for one in rows}
    # The middle one took the answers back: an empty place that holds the chain together.
    assert [(one.wave, one.degree, dict(one.answers)) for _wave, one in sorted(by_wave.items())] == [
        (0, 14, {"same_move": "4"}), (1, None, {"same_move": ""}), (2, 14, {"same_move": "4"}),
    ]  # fmt: skip
    assert [by_wave[1].recruiter, by_wave[2].recruiter] == [by_wave[0].id, by_wave[1].id]


def test_command_of_the_readme_runs(answered: Asked, tmp_path: Path) -> None:
    files = unpacked(exporting.archive(answered.study))
    (tmp_path / "recruitment.csv").write_text(files["recruitment.csv"])
    [line] = [one for one in files["README.txt"].splitlines() if "interlock referral" in one]
    ran = subprocess.run(
        [sys.executable, "-m", *line.split()],
        cwd=tmp_path,
        env={"PYTHONPATH": str(Path.cwd()), "PATH": ""},
        capture_output=True,
        text=True,
        check=False,
    )
    assert (ran.returncode in (0, 1), "Estimates begin at 100" in ran.stdout) == (True, True)


def test_when_links_are_destroyed_there_is_no_recruitment_table(answered: Asked) -> None:
    retain_due(START + 100 * DAY)
    files = unpacked(exporting.archive(answered.study))
    assert "recruitment.csv" not in files
    waves = [one["wave"] for one in table(files["answers-codes.csv"])]
    assert sorted(waves) == ["", "0", "2"]


def test_versions_are_merged_where_they_can_be_and_kept_where_not(answered: Asked) -> None:
    changed = {name: bytes(data) for name, data in tables("ties").items()}
    changed["choices.csv"] = changed["choices.csv"].replace(b"sender,list,", b"sender,page,")
    version = actions.add_version(study=answered.study, files=changed, by=answered.dora, at=START)
    actions.publish_version(version=version, by=answered.dora, at=START)
    answered.core(answered.enter().code)
    files = unpacked(exporting.archive(answered.study))
    all_of = table(files["answers-codes.csv"])
    # Who answered the first version was asked "sender" in a way that cannot be compared.
    assert sorted((one["version"], one["sender"], one["same_move"]) for one in all_of) == [
        *[("1", "-3", "4")] * 3, ("2", "1", "4"),
    ]  # fmt: skip
    assert [one["sender"] for one in table(files["version-1/answers-codes.csv"])] == ["1"] * 3


def test_download_is_written_down_before_it_is_given(answered: Asked, signed_in: SignIn) -> None:
    asked = answered
    access = researching.ask(study=asked.study, reason="Mine", by=asked.bob, at=START)
    until = timezone.now().date() + 30 * DAY
    researching.give(access=access, until=until, by=asked.dora, at=timezone.now())
    url = f"{asked.study.get_absolute_url()}research/"
    client = signed_in(asked.bob)
    answer = client.post(f"{url}answers.zip")
    assert (answer.status_code, answer.headers["Content-Type"]) == (200, "application/zip")
    assert "no-store" in answer.headers["Cache-Control"]
    assert Opening.objects.count() == 1
    assert "were opened 1 time." in client.get(url).content.decode()
    page = signed_in(asked.dora).get(f"{asked.study.get_absolute_url()}desk/researchers/")
    assert [one.access.person for one in page.context["page"]] == [asked.bob]


@pytest.mark.parametrize("others", [0, 20])
def test_archive_asks_so_much_and_no_more(
    answered: Asked, django_assert_num_queries: DjangoAssertNumQueries, others: int
) -> None:
    for _other in range(others):
        answered.core(answered.enter().code)
    with django_assert_num_queries(4):
        exporting.archive(answered.study)
    assert Respondent.objects.filter(came_by=CameBy.OPEN).count() == 2 + others
