"""The results page, its files and its API: told to everybody once published, to the owner before."""

import csv
import io
import json
import re
import zipfile
from collections.abc import Callable, Mapping
from datetime import timedelta
from random import Random

import pytest
from django.core import mail
from django.http import HttpResponseBase
from django.test import Client
from django.utils import timezone, translation
from pytest_django import DjangoAssertNumQueries

from interlock.web.institutions.actions import give_role
from interlock.web.institutions.models import Institution, Role
from interlock.web.messages.actions import send_due
from interlock.web.people.models import Person
from interlock.web.surveys import actions
from interlock.web.surveys.analysing import analyse_due
from interlock.web.surveys.exporting import RECRUITMENT, archive
from interlock.web.surveys.findings import SAID, WORDS, Results, told, words_told
from interlock.web.surveys.models import Analysis, Answer, Contact, Estimate, Respondent, Study
from tests.web.surveys.asked import CLOSES, START, Asked, make_asked
from tests.web.surveys.studies import fill, usual

SignIn = Callable[[Person], Client]


def worked_out(asked: Asked, study: Study | None = None) -> Analysis:
    made = actions.request_analysis(study=study or asked.study, by=asked.dora, at=START)
    assert analyse_due(START, lambda: False)
    made.refresh_from_db()
    return made


def published(asked: Asked, study: Study | None = None) -> Analysis:
    made = worked_out(asked, study)
    return actions.publish_analysis(analysis=made, by=asked.dora, at=START)


def page(study: Study, rest: str = "") -> str:
    return f"/surveys/{study.slug}/results/{rest}"


def read(answer: HttpResponseBase) -> str:
    assert answer.status_code == 200, answer.status_code
    content = b"".join(answer) if answer.streaming else answer.content  # type: ignore[attr-defined]
    return content.decode()


def yesterday() -> None:
    """All that was answered so far was answered before today."""
    Respondent.objects.update(finished_on=timezone.now().date() - timedelta(days=1))


def text_of(html: str) -> str:
    return " ".join(re.sub("<[^>]*>", " ", html).split())


def test_published_results_tell_who_answered_each_question_and_the_four_words(
    asked: Asked,
) -> None:
    fill(asked.study, 140, opened=40)
    published(asked)
    html = read(Client().get(page(asked.study)))
    told = text_of(html)
    assert "About 140 people answered" in told
    assert "About 40 people came by a link that anybody may use." in told
    for word in WORDS.values():
        assert str(word.title) in told
        assert str(word.not_said) in told
    places = [told.index(str(word.not_said)) for word in WORDS.values()]
    assert places == sorted(places)
    assert told.index("Only cooperators") < told.index("Only PBers")
    assert "Researchers read what people wrote here." in told
    assert "Meet more often." not in html
    assert html.count('role="img"') == len(
        re.findall(r'role="img"\s+aria-labelledby="[^"]+"', html)
    )
    ids = re.findall(r'id="([^"]+)"', html)
    assert len(ids) == len(set(ids))
    assert set(re.findall(r'aria-labelledby="([^"]+)"', html)) <= set(ids)
    assert "<script" not in html.replace('<script src="', "")


def test_finding_says_how_answers_differ_and_never_why(asked: Asked) -> None:
    fill(asked.study, 300, seed=3)
    told = text_of(read(Client().get(page(asked.study, f"{published(asked).number}/"))))
    assert re.search(r"Most often “[^”]+”: \d+%, between \d+% and \d+%\.", told)
    assert re.search(
        r"Cooperators answer “[^”]+” more often than PBers, by \d+ points, \d+ to \d+\. "
        "That says who answers so, not why.",
        told,
    )
    for cause in ("because", "leads to", "causes", "due to"):
        assert cause not in told


def test_few_answers_are_told_as_a_description(asked: Asked) -> None:
    fill(asked.study, 60)
    published(asked)
    told = text_of(read(Client().get(page(asked.study))))
    assert "These numbers describe those who answered, and nobody else." in told
    assert "Estimates begin at 100 respondents who answered; so far it is 60." in told
    assert "A description of about 60 answers, not an estimate." in told
    assert "The four words" not in told


def test_before_publication_it_says_how_many_are_missing(asked: Asked) -> None:
    told = text_of(read(Client().get(page(asked.study))))
    assert "Fewer than ten people have answered." in told
    assert "About 100 more are needed" in told
    fill(asked.study, 41)
    yesterday()
    later = text_of(read(Client().get(page(asked.study))))
    assert "About 40 people have answered in the chains" in later
    assert "About 60 more are needed" in later
    fill(asked.study, 70, seed=2)
    yesterday()
    enough = text_of(read(Client().get(page(asked.study))))
    assert "Those who ask look at the results first" in enough


def test_study_that_ended_too_small_says_so_for_good(asked: Asked) -> None:
    fill(asked.study, 9)
    actions.close_study(study=asked.study, by=asked.dora, at=START)
    told = text_of(read(Client().get(page(asked.study))))
    assert "Too few to tell" in told
    assert "nothing ever will be" in told


def test_study_that_never_opened_has_no_results(db: None) -> None:
    asked = make_asked(opens=False)
    assert Client().get(page(asked.study)).status_code == 404


# Who sees what.

PEOPLE = ("anonymous", "bob", "member", "delegate", "steward", "other")
ACTS: dict[str, tuple[str, bool, tuple[object, ...]]] = {
    "latest": ("", False, (200,) * 6),
    "published": ("1/", False, (200,) * 6),
    "preview": ("2/", False, (404, 404, 404, 404, 200, 404)),
    "no such": ("7/", False, (404,) * 6),
    "table": ("1/table.csv", False, (200,) * 6),
    "document": ("1/all.json", False, (200,) * 6),
    "table before": ("2/table.csv", False, (404,) * 6),
    "document before": ("2/all.json", False, (404,) * 6),
    "analyse by reading": ("analyse/", False, ("sign in", 405, 405, 405, 405, 405)),
    "analyse": ("analyse/", True, ("sign in", 403, 403, 403, 302, 403)),
    "publish": ("2/publish/", True, ("sign in", 403, 403, 403, 302, 403)),
}


def test_who_may_see_and_do_what(asked: Asked, signed_in: SignIn) -> None:
    """Every role by every act, in this order: what the steward does comes last."""
    fill(asked.study, 60)
    published(asked)
    fill(asked.study, 60, seed=2)
    worked_out(asked)
    fill(asked.study, 30, seed=3)
    other = Person.objects.by_email("other@example.org")
    people = {"bob": asked.bob, "steward": asked.dora, "other": other}
    for role in (Role.MEMBER, Role.DELEGATE):
        people[role.value] = Person.objects.by_email(f"{role.value}@example.org")
        give_role(
            institution=asked.federation,
            person=people[role.value],
            role=role,
            by=asked.dora,
            at=START,
        )
    clients = {who: signed_in(people[who]) if who in people else Client() for who in PEOPLE}
    found = {}
    for act, (where, posts, _told) in ACTS.items():
        answers = [
            getattr(clients[who], "post" if posts else "get")(page(asked.study, where))
            for who in PEOPLE
        ]
        found[act] = tuple(
            "sign in"
            if one.headers.get("Location", "").startswith("/account/")
            else one.status_code
            for one in answers
        )
    assert found == {act: told for act, (_where, _posts, told) in ACTS.items()}


def test_owner_previews_and_publishes(asked: Asked, signed_in: SignIn) -> None:
    fill(asked.study, 60)
    dora = signed_in(asked.dora)
    assert "Work the results out now" in read(dora.get(page(asked.study)))
    answer = dora.post(page(asked.study, "analyse/"), follow=True)
    assert "Look again in a minute" in text_of(read(answer))
    assert analyse_due(START, lambda: False)
    assert "Results 1: only you see them yet." in text_of(read(dora.get(page(asked.study))))
    assert "No results yet" in text_of(read(Client().get(page(asked.study))))
    assert dora.post(page(asked.study, "1/publish/")).status_code == 302
    assert "Results 1, published on" in text_of(read(Client().get(page(asked.study))))


def test_owner_reads_why_results_are_not_published_once_more(
    asked: Asked, signed_in: SignIn
) -> None:
    fill(asked.study, 60)
    first = published(asked)
    kept = {"outcome": first.outcome, "parameters": first.parameters, "done_at": START}
    kept["answers"] = first.answers + 24
    Analysis.objects.create(study=asked.study, number=2, requested_at=START, **kept)
    dora = signed_in(asked.dora)
    told = text_of(read(dora.get(page(asked.study, "2/"))))
    assert "would give away single answers" in told
    assert "Publish these results" not in told
    assert dora.post(page(asked.study, "2/publish/")).status_code == 409


def test_owner_is_told_that_it_failed_and_nobody_else(asked: Asked, signed_in: SignIn) -> None:
    Analysis.objects.create(
        study=asked.study, number=1, requested_at=START, failure="Secret detail"
    )
    told = text_of(read(signed_in(asked.dora).get(page(asked.study))))
    assert "Working out results 1 failed." in told
    assert "Secret detail" not in told
    assert "failed" not in text_of(read(Client().get(page(asked.study))))


def test_published_results_stay_and_older_ones_can_be_read(asked: Asked) -> None:
    fill(asked.study, 60)
    published(asked)
    before = read(Client().get(page(asked.study, "1/all.json")))
    fill(asked.study, 100, seed=2)
    assert published(asked).number == 2
    assert "Results 2, published" in text_of(read(Client().get(page(asked.study))))
    assert "Results 1, published" in text_of(read(Client().get(page(asked.study, "1/"))))
    assert read(Client().get(page(asked.study, "1/all.json"))) == before


def test_survey_that_does_not_ask_how_many_one_knows_is_described(asked: Asked) -> None:
    fill(asked.study, 40, opened=20)
    for one in Answer.objects.all():
        one.document = {name: said for name, said in one.document.items() if name != "degree"}
        one.save()
    published(asked)
    told = text_of(read(Client().get(page(asked.study))))
    assert "About 40 people answered" in told
    assert "From hand to hand: answers by wave" not in told


# Files, API, mail.


def test_table_has_no_formula_in_it(db: None) -> None:
    asked = make_asked(opens=False)
    version = asked.study.versions.get()
    said = "Worker co-ops and participatory budgeting belong to one movement."
    assert said in version.document["survey"]
    version.document["survey"] = version.document["survey"].replace(said, "@SUM(A1)")
    version.save()
    actions.publish_version(version=version, by=asked.dora, at=START)
    asked.study = actions.open_study(study=asked.study, by=asked.dora, at=START)
    fill(asked.study, 40)
    published(asked)
    rows = csv.DictReader(io.StringIO(read(Client().get(page(asked.study, "1/table.csv")))))
    assert {one["asked"] for one in rows if one["question"] == "same_move"} == {"'@SUM(A1)"}


def test_files_hold_what_the_page_tells_and_no_more(asked: Asked) -> None:
    fill(asked.study, 130, opened=30)
    found = published(asked)
    answer = Client().get(page(asked.study, "1/table.csv"))
    assert answer.streaming
    rows = list(csv.DictReader(io.StringIO(read(answer))))
    told = {
        (one.name, level, name): share
        for one in found.estimates.all()
        for name, of in (
            ("everyone", one.outcome.get("everyone")),
            *one.outcome.get("groups", {}).items(),
            ("open links", (one.outcome.get("open") or {}).get("everyone")),
        )
        if of
        for level, share in zip(
            (one.outcome["open"] if name == "open links" else one.outcome)["levels"],
            of["shares"],
            strict=True,
        )
        if share is not None
    }
    assert {
        (row["question"], row["answer"], row["of"]): int(row["percent"]) for row in rows
    } == told
    assert {row["estimated"] for row in rows if row["of"] == "open links"} == {"no"}
    stored = json.loads(read(Client().get(page(asked.study, "1/all.json"))))
    assert stored["results"] == found.outcome
    assert stored["questions"] == {one.name: one.outcome for one in found.estimates.all()}


def test_results_of_a_made_up_study_say_so_in_each_file_and_answer(asked: Asked) -> None:
    fill(asked.study, 60)
    published(asked)
    for is_synthetic in (False, True):
        Institution.objects.filter(pk=asked.federation.pk).update(is_synthetic=is_synthetic)
        rows = csv.DictReader(io.StringIO(read(Client().get(page(asked.study, "1/table.csv")))))
        assert {row["synthetic"] for row in rows} == {"true" if is_synthetic else ""}
        stored = json.loads(read(Client().get(page(asked.study, "1/all.json"))))
        [listed] = Client().get("/api/surveys").json()
        told = Client().get(f"/api/surveys/{asked.study.slug}/results").json()
        assert [one["synthetic"] for one in (stored, listed, told)] == [is_synthetic] * 3


def test_api_tells_surveys_and_published_results(asked: Asked) -> None:
    fill(asked.study, 60)
    [listed] = Client().get("/api/surveys").json()
    assert (listed["slug"], listed["results"], listed["open"]) == (asked.study.slug, None, True)
    early = Client().get(f"/api/surveys/{asked.study.slug}/results")
    assert (early.status_code, early.json()["reason"]) == (
        409,
        "The results of this survey are not published yet.",
    )
    found = published(asked)
    told = Client().get(f"/api/surveys/{asked.study.slug}/results").json()
    assert told["results"] == found.outcome
    assert told["number"] == Client().get("/api/surveys").json()[0]["results"] == 1
    assert Client().get("/api/surveys/none/results").status_code == 404


def test_who_left_an_address_gets_one_mail_and_the_address_goes(asked: Asked) -> None:
    fill(asked.study, 60)
    for name in ("ana", "ben"):
        Contact.objects.create(study=asked.study, email=f"{name}@example.org", language="es")
    published(asked)
    assert not Contact.objects.exists()
    while send_due(START):
        pass
    assert sorted(one.to[0] for one in mail.outbox) == ["ana@example.org", "ben@example.org"]
    assert f"/surveys/{asked.study.slug}/results/" in mail.outbox[0].body


# The second round.


def test_second_round_is_told_beside_the_first(asked: Asked) -> None:
    fill(asked.study, 140)
    second = actions.launch(
        institution=asked.federation, contact="c", ethics="e", closes_on=CLOSES, by=asked.dora,
        at=START, follows=asked.study,
    )  # fmt: skip
    actions.publish_version(version=second.versions.get(), by=asked.dora, at=START)
    second = actions.open_study(study=second, by=asked.dora, at=START)
    fill(second, 140, seed=2)
    alone = published(asked, second)
    assert "In the round before:" not in text_of(read(Client().get(page(second))))
    published(asked)
    told = text_of(read(Client().get(page(second, f"{alone.number}/"))))
    assert "In the round before:" in told
    assert "All, in the round before" in told
    first = text_of(read(Client().get(page(asked.study))))
    assert "In the round before:" not in first
    assert "this survey follows none" in first


# How often the database is asked, and how long a page is.


def short(asked: Asked, questions: int) -> Analysis:
    """Published results of the first so many questions."""
    found = published(asked)
    Estimate.objects.filter(analysis=found, position__gte=questions).delete()
    return found


@pytest.mark.parametrize("questions", [1, 3, 40])
def test_page_asks_the_database_as_often_whatever_the_questions(
    asked: Asked,
    signed_in: SignIn,
    django_assert_max_num_queries: DjangoAssertNumQueries,
    questions: int,
) -> None:
    fill(asked.study, 60)
    short(asked, questions)
    with django_assert_max_num_queries(4):
        Client().get(page(asked.study))
    with django_assert_max_num_queries(4):
        read(Client().get(page(asked.study, "1/table.csv")))
    with django_assert_max_num_queries(4):
        Client().get(f"/api/surveys/{asked.study.slug}/results")
    dora = signed_in(asked.dora)
    with django_assert_max_num_queries(8):
        dora.get(page(asked.study))


@pytest.mark.parametrize("studies", [1, 3])
def test_list_by_machine_asks_as_often_for_one_as_for_three(
    db: None, django_assert_num_queries: DjangoAssertNumQueries, studies: int
) -> None:
    for _study in range(studies):
        make_asked(seeds=0)
    with django_assert_num_queries(1):
        Client().get("/api/surveys")


def test_every_measure_that_is_stored_has_its_words(asked: Asked) -> None:
    fill(asked.study, 140)
    found = worked_out(asked)
    measures = [
        (word, one["name"]) for word, those in found.outcome["words"].items() for one in those
    ]
    assert {name for _word, name in measures} == set(SAID)
    assert {word for word, _name in measures} == set(WORDS)


def test_measure_that_is_not_told_says_why(asked: Asked) -> None:
    fill(asked.study, 140, answers=lambda role, random: {**usual(role, random), "goals": ""})
    [goals, *_] = worked_out(asked).outcome["words"]["convergence"]
    assert (goals["name"], goals["value"]) == ("goals_near", None)
    assert told(goals["why"]) == (
        "Fewer than 10 people answered what this takes, or one answer outweighs all others."
    )


@pytest.mark.parametrize("language", ["en", "es"])
def test_results_read_in_both_languages(asked: Asked, language: str) -> None:
    fill(asked.study, 140)
    found = published(asked)
    with translation.override(language):
        shown = Results(found, asked.study.versions.get(), list(found.estimates.all()))
        assert {one.asked for one in shown.findings} >= {
            {
                "en": "What does your own field lack most?",
                "es": "¿Qué es lo que más le falta a tu propio campo?",
            }[language]
        }
        assert all(one.leading or one.withheld for one in shown.findings)


def test_worker_is_the_only_one_that_loads_numpy() -> None:
    """A page of results is drawn in a process of its own, in which numpy is never loaded."""
    import subprocess
    import sys

    code = (
        "import os, sys; os.environ['DJANGO_SETTINGS_MODULE'] = 'interlock.web.config.settings';"
        "import django; django.setup();"
        "import interlock.web.config.urls, interlock.web.surveys.results, interlock.web.surveys.api;"
        "sys.exit('numpy' in sys.modules)"
    )
    assert subprocess.run([sys.executable, "-c", code], check=False).returncode == 0


# What a reader is told, and can do with it.


def test_lines_show_how_it_settled_and_the_table_says_the_same(asked: Asked) -> None:
    fill(asked.study, 300, seed=3)
    found = published(asked)
    html = read(Client().get(page(asked.study)))
    shown = Results(found, asked.study.versions.get(), [])
    chart = shown.settled
    assert chart
    for curve in chart.curves:
        assert f'points="{curve.line}"' in html
    answered, shares = chart.rows[-1]
    assert answered == chart.most == 300
    text = text_of(html)
    assert " ".join(map(str, (answered, *shares))) in text
    assert "Do the chains meet?" in text


def test_measure_of_few_says_so_in_a_short_sentence(asked: Asked) -> None:
    def skipping(role: str, random: Random) -> Mapping[str, str]:
        told = dict(usual(role, random))
        if random.random() < 0.6:
            told.pop("goals", None)
        return told

    fill(asked.study, 140, answers=skipping)
    published(asked)
    told = text_of(read(Client().get(page(asked.study))))
    assert "cooperators and PBers have … in common" in told
    assert re.search(r"Not told: about \d+ answered this, and estimates begin at 100\.", told)
    assert re.search(r"answers, not an estimate\. Estimates begin at 100\.", told)
    assert "more seeds" not in told


def test_all_others_are_never_the_leading_answer(asked: Asked) -> None:
    fill(asked.study, 140)
    published(asked)
    told = text_of(read(Client().get(page(asked.study))))
    assert "“All others”" not in told


def test_command_of_the_page_names_a_column_that_researchers_have(asked: Asked) -> None:
    fill(asked.study, 140)
    found = published(asked)
    example = Results(found, asked.study.versions.get(), list(found.estimates.all())).example
    with zipfile.ZipFile(io.BytesIO(archive(asked.study))) as parts:
        headings = parts.read(RECRUITMENT).decode().splitlines()[0].split(",")
    assert example in headings
    assert f"--outcome {example} " in read(Client().get(page(asked.study)))


@pytest.mark.parametrize(("value", "end"), [(150, "0.2"), (390, "0.4"), (451, "1"), (2000, "2")])
def test_distance_is_drawn_where_its_axis_says(value: int, end: str) -> None:
    measure = {
        "name": "answers_apart", "unit": "distance", "value": value, "interval": (10, value),
        "chance": (0, 30), "answered": 120, "why": None,
    }  # fmt: skip
    (word,) = words_told({"words": {"convergence": [measure]}}, {})
    (shown,) = word.measures
    (first, _zero), (last, most) = shown.ticks[0], shown.ticks[-1]
    assert (first, last, most) == ("3.00%", "97.00%", end)
    share = value / 1000 / float(most)
    assert float(shown.at.removesuffix("%")) == pytest.approx(3 + 94 * share, abs=0.01)


def test_results_of_an_invented_institution_say_so(asked: Asked) -> None:
    fill(asked.study, 60)
    published(asked)
    said = "This institution is invented, for demonstration."
    assert said not in text_of(read(Client().get(page(asked.study))))
    Institution.objects.filter(pk=asked.federation.pk).update(is_synthetic=True)
    assert said in text_of(read(Client().get(page(asked.study))))
