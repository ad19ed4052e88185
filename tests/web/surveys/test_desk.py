"""The pages of those who ask, from the first press to the end."""

from collections.abc import Callable
from datetime import date, datetime, timedelta

import pytest
from django.test import Client
from django.utils import timezone
from pytest_django import DjangoAssertNumQueries

from interlock.web.institutions.actions import register
from interlock.web.institutions.models import Kind
from interlock.web.institutions.rules import bonds_of
from interlock.web.look.refusals import Refused
from interlock.web.people.models import Person
from interlock.web.surveys import actions, codes, queries, rules
from interlock.web.surveys.models import Anonymity, Coupon, Seed, Study
from tests.web.surveys.asked import CLOSES, DAY, START, Asked, make_asked

SignIn = Callable[[Person], Client]


def test_one_press_prepares_a_survey_and_three_open_it(asked: Asked, signed_in: SignIn) -> None:
    client = signed_in(asked.dora)
    day = (timezone.now() + timedelta(days=60)).date()
    answer = client.post(
        "/surveys/launch/",
        {
            "institution": asked.federation.pk,
            "contact_0": "survey@threerivers.example",
            "ethics_0": "ethics@threerivers.example",
            "closes_on": day.isoformat(),
        },
        follow=True,
    )
    made = Study.objects.order_by("-pk")[0]
    home = f"/surveys/{made.slug}/desk/"
    assert answer.redirect_chain == [(home, 302)]
    assert made.versions.get().published_at is None
    assert "Next: publish the questions" in answer.content.decode()
    answer = client.post(f"{home}questions/1/publish/", follow=True)
    assert "Next: open the survey" in answer.content.decode()
    answer = client.post(f"{home}open/", follow=True)
    made.refresh_from_db()
    assert (answer.redirect_chain, made.is_open) == ([(home, 302)], True)


def test_next_round_is_launched_as_such(asked: Asked, signed_in: SignIn) -> None:
    client = signed_in(asked.dora)
    other = register(name="Mill", kind=Kind.FEDERATION, at=START, steward=asked.dora)
    posted = {
        "institution": asked.federation.pk,
        "contact_0": "survey@threerivers.example",
        "ethics_0": "ethics@threerivers.example",
        "closes_on": (timezone.now() + 60 * DAY).date().isoformat(),
        "follows": asked.study.pk,
    }
    refused = client.post("/surveys/launch/", {**posted, "institution": other.pk})
    assert refused.status_code == 422
    assert "that survey is of another institution" in refused.content.decode()
    client.post("/surveys/launch/", posted)
    assert Study.objects.order_by("-pk")[0].follows == asked.study


def test_first_round_is_asked_for_no_round_before(db: None, signed_in: SignIn) -> None:
    asked = make_asked(opens=False, seeds=0)
    page = signed_in(asked.dora).get("/surveys/launch/").content.decode()
    assert "The round before" not in page


@pytest.mark.parametrize("rounds", [1, 3])
def test_launch_asks_the_database_as_often_whatever_the_rounds(
    asked: Asked,
    signed_in: SignIn,
    rounds: int,
    django_assert_max_num_queries: DjangoAssertNumQueries,
) -> None:
    for _round in range(rounds - 1):
        made = actions.launch(
            institution=asked.federation, contact="c", ethics="e",
            closes_on=asked.study.closes_on, by=asked.dora, at=START, follows=asked.study,
        )  # fmt: skip
        actions.publish_version(version=made.versions.get(), by=asked.dora, at=START)
        actions.open_study(study=made, by=asked.dora, at=START)
    client = signed_in(asked.dora)
    with django_assert_max_num_queries(10):
        page = client.get("/surveys/launch/")
    assert page.content.decode().count("budgeting, ") == rounds


PAGES = (
    "/surveys/desk/", "/surveys/launch/", "{home}", "{home}texts/", "{home}questions/",
    "{home}questions/1/", "{home}questions/1/preview/", "{home}seeds/", "{home}doubts/",
    "{home}researchers/", "{home}questions/1.xlsx", "{home}questions/1.zip",
    "{home}questions/1.yaml", "/surveys/desk/instruments/ties.xlsx",
    "/institutions/three-rivers/", "{public}research/",
)  # fmt: skip


@pytest.mark.parametrize("path", PAGES)
def test_page_of_the_desk_is_there(asked: Asked, signed_in: SignIn, path: str) -> None:
    public = asked.study.get_absolute_url()
    for seed in asked.cards:
        asked.core(asked.enter(coupon=seed.code).code)
    address = path.format(home=f"{public}desk/", public=public)
    assert signed_in(asked.dora).get(address).status_code == 200


def words(study: Study) -> dict[str, object]:
    """All that can be said of a study before it opens, as it stands."""
    names = (
        "title", "about", "contact", "ethics", "anonymity", "doors", "closes_on", "links_until",
        "contacts_until", "answers_until",
    )  # fmt: skip
    agreed = study.consents.first()
    assert agreed
    return {**{name: getattr(study, name) for name in names}, "consent": agreed.text}


def test_study_is_worded_anew_and_another_consent_is_another_version(db: None) -> None:
    asked = make_asked(opens=False, seeds=0)
    said = {**words(asked.study), "title": "Ours", "by": asked.dora, "at": START}
    made = actions.change_study(study=asked.study, **said)  # type: ignore[arg-type]
    assert (str(made.title), made.consents.count()) == ("Ours", 1)
    made = actions.change_study(study=made, **{**said, "consent": "- Yes"})  # type: ignore[arg-type]
    first = made.consents.first()
    assert first
    assert (first.number, str(first.text)) == (2, "- Yes")


def test_nothing_that_people_were_told_changes_once_it_is_open(asked: Asked) -> None:
    said = {**words(asked.study), "by": asked.dora, "at": START}
    with pytest.raises(Refused):
        actions.change_study(study=asked.study, **said)  # type: ignore[arg-type]


@pytest.mark.parametrize("name", ["links_until", "contacts_until", "answers_until"])
def test_days_come_sooner_only(asked: Asked, name: str) -> None:
    Study.objects.update(answers_until=CLOSES + 400 * DAY)
    asked.study.refresh_from_db()
    kept = ("contact", "ethics", "doors", "links_until", "contacts_until", "answers_until")
    said = {one: getattr(asked.study, one) for one in kept}
    at = {"by": asked.dora, "at": START}
    with pytest.raises(Refused):
        actions.correct_study(study=asked.study, **{**said, name: said[name] + DAY}, **at)
    sooner = {**said, name: said[name] - DAY}
    made = actions.correct_study(study=asked.study, **sooner, **at)
    assert getattr(made, name) == said[name] - DAY


def test_nobody_loses_the_time_to_take_answers_back(asked: Asked) -> None:
    kept = ("contact", "ethics", "doors", "links_until", "contacts_until", "answers_until")
    said = {one: getattr(asked.study, one) for one in kept}

    def correct(links: date, at: datetime) -> date:
        sooner = {**said, "links_until": links}
        made = actions.correct_study(study=asked.study, **sooner, by=asked.dora, at=at)
        return made.links_until

    with pytest.raises(Refused, match="a week after the last day"):
        correct(CLOSES + 6 * DAY, START)
    actions.close_study(study=asked.study, by=asked.dora, at=START)
    with pytest.raises(Refused, match="The soonest day"):
        correct(CLOSES - DAY, START)
    late = START + 60 * DAY
    with pytest.raises(Refused, match="The soonest day"):
        correct(late.date() + 6 * DAY, late)
    assert correct(late.date() + 7 * DAY, late) == late.date() + 7 * DAY


def test_survey_lasts_longer_while_there_is_a_week_to_take_answers_back(asked: Asked) -> None:
    last = rules.latest_close(asked.study)
    assert asked.study.links_until - last == 7 * DAY
    for day in (CLOSES, last + DAY):
        with pytest.raises(Refused):
            actions.extend_study(study=asked.study, closes_on=day, by=asked.dora, at=START)
    made = actions.extend_study(study=asked.study, closes_on=last, by=asked.dora, at=START)
    assert made.closes_on == last


def test_cards_are_shown_once_and_only_their_hashes_are_kept(
    asked: Asked, signed_in: SignIn
) -> None:
    answer = signed_in(asked.dora).post(
        f"{asked.study.get_absolute_url()}desk/seeds/", {"number": 3}
    )
    cards = answer.context["cards"]
    assert [card.number for card in cards] == [3, 4, 5]
    page = answer.content.decode()
    assert [card.address in page for card in cards] == [True] * 3
    assert page.count('class="qr"') == 3
    assert "no-store" in answer.headers["Cache-Control"]
    stored = set(Coupon.objects.values_list("code_hash", flat=True))
    typed = [codes.read(card.address.strip("/").split("/")[-1]) for card in cards]
    assert not stored & set(typed)
    found = [queries.coupon_of(code) for code in typed]
    assert [one and one.seed.number for one in found] == [3, 4, 5]


@pytest.mark.parametrize("number", ["0", "201", "many"])
def test_wrong_number_of_seeds_answers_422(asked: Asked, signed_in: SignIn, number: str) -> None:
    url = f"{asked.study.get_absolute_url()}desk/seeds/"
    assert signed_in(asked.dora).post(url, {"number": number}).status_code == 422
    assert Seed.objects.count() == 2


def test_study_without_chains_has_no_cards(db: None, signed_in: SignIn) -> None:
    asked = make_asked(anonymity=Anonymity.APART, seeds=0)
    url = f"{asked.study.get_absolute_url()}desk/"
    client = signed_in(asked.dora)
    assert client.get(f"{url}seeds/").status_code == 409
    assert "Make cards for seeds" not in client.get(url).content.decode()


def test_whoever_looks_after_nothing_learns_what_it_takes(asked: Asked, signed_in: SignIn) -> None:
    client = signed_in(asked.bob)
    page = client.get("/surveys/desk/").content.decode()
    assert ["What it takes" in page, "Register an institution" in page] == [True, True]
    assert client.get("/surveys/launch/").headers["Location"] == "/surveys/desk/"


def test_institution_does_not_leave_while_its_survey_is_open(asked: Asked) -> None:
    assert bonds_of(asked.federation) == ["A survey of it is open. Close it first."]
    actions.close_study(study=asked.study, by=asked.dora, at=START)
    assert bonds_of(asked.federation) == []


def test_page_of_the_institution_shows_its_surveys(db: None, signed_in: SignIn) -> None:
    """To everybody those that were opened; to its stewards all, and how one begins."""
    asked = make_asked(opens=False, seeds=0)
    home = asked.federation.get_absolute_url()
    title = str(asked.study.title)
    assert title not in Client().get(home).content.decode()
    page = signed_in(asked.dora).get(home).content.decode()
    assert [title in page, "Launch a survey" in page] == [True, True]
    actions.publish_version(version=asked.study.versions.get(), by=asked.dora, at=START)
    actions.open_study(study=asked.study, by=asked.dora, at=START)
    assert title in Client().get(home).content.decode()


def test_survey_is_closed_by_a_look_at_its_desk_after_its_last_day(
    db: None, signed_in: SignIn
) -> None:
    at = timezone.now() - 90 * DAY
    asked = make_asked(at=at, closes_on=at.date() + 30 * DAY)
    page = signed_in(asked.dora).get(f"{asked.study.get_absolute_url()}desk/").content.decode()
    asked.study.refresh_from_db()
    assert (asked.study.is_open, "Closed" in page) == (False, True)
