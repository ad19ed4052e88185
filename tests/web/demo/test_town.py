"""The fictional town, as a newcomer finds it."""

import json
from collections import Counter
from pathlib import Path

import pytest
from django.test import Client
from django.utils import timezone

from interlock.web.budgets import queries
from interlock.web.budgets.models import Margin
from interlock.web.delivery.models import Call, Delivery
from interlock.web.demo import surveys, town
from interlock.web.institutions.models import Institution
from interlock.web.observatory import paradigms, prospects
from interlock.web.observatory import queries as observatory
from interlock.web.observatory.models import Policy
from interlock.web.observatory.reckoning import reckon_due
from interlock.web.people.models import Person
from interlock.web.surveys.four_words import concluded
from interlock.web.surveys.models import CameBy
from interlock.web.surveys.queries import at_the_doors
from tests.web.budgets.test_margins import explained


@pytest.mark.usefixtures("riverbend")
def test_town_has_one_vote_open_and_one_published() -> None:
    assert [str(p.title) for p in queries.open_now()] == ["Riverbend decides $600,000"]
    published = queries.published().get()
    result = queries.result(published)
    assert (result.ballots > 300, result.ballots_public, result.spent) == (True, True, 36_800_000)


@pytest.mark.usefixtures("riverbend")
def test_coop_delivers_a_funded_project_and_both_pages_say_so() -> None:
    wheelhouse = Institution.objects.get(slug="wheelhouse-cooperative")
    page = Client().get(wheelhouse.get_absolute_url()).content.decode()
    assert "Bike kitchen" in page
    result = Client().get("/budgets/riverbend-decided-400000/result/").content.decode()
    assert wheelhouse.get_absolute_url() in result


@pytest.mark.usefixtures("riverbend")
def test_town_tells_how_far_the_others_were_as_explain_does(tmp_path: Path) -> None:
    """Which voters are drawn decides how many it takes, so the number shows that it is one lot."""
    published = queries.published().get()
    margins = Margin.objects.filter(project__process=published).select_related("project")
    file = tmp_path / "town.pb"
    url = f"{published.get_absolute_url()}result/ballots/city-wide/"
    file.write_bytes(Client().get(url).content)
    assert {margin.project.ref: (margin.votes, margin.cost) for margin in margins} == {
        margin.project.ref: (votes, cost * 100)
        for margin in margins
        for votes, cost in [explained(file, margin.project.ref)]
    }


@pytest.mark.usefixtures("riverbend")
def test_spare_code_casts_a_ballot() -> None:
    (code,) = town.spare_codes(1)
    process = queries.open_now().get()
    ballot = f"{process.get_absolute_url()}ballot/review/"
    answer = Client().post(ballot, {"project": ["1"], "nonce": "n", "code": code}, follow=True)
    assert "Your ballot is cast." in answer.content.decode()


@pytest.mark.usefixtures("riverbend")
def test_organiser_looks_after_the_town() -> None:
    assert queries.organised_by(Person.objects.get(email=town.ORGANISER)).count() == 2


@pytest.mark.usefixtures("riverbend")
def test_town_is_made_on_an_empty_site_only() -> None:
    assert "empty site only" in (town.why_not_make() or "")


@pytest.mark.usefixtures("riverbend")
def test_federation_asks_and_some_dozens_answered_by_both_ways() -> None:
    study = at_the_doors(timezone.now())
    assert study is not None
    assert str(study.institution) == "Three Rivers Federation of Co-ops"
    began = study.respondents
    assert began.filter(came_by=CameBy.COUPON).count() == surveys.MOST_IN_CHAINS
    assert began.filter(came_by=CameBy.OPEN).count() == surveys.OPEN_ANSWERS
    finished = began.filter(finished_on__isnull=False)
    assert finished.count() > 40
    assert max(finished.exclude(wave=None).values_list("wave", flat=True)) >= 2


@pytest.mark.usefixtures("riverbend")
def test_fields_came_nearer_from_the_first_round_of_the_survey_to_the_second() -> None:
    open_now = at_the_doors(timezone.now())
    assert open_now is not None
    second = open_now.follows
    assert second is not None
    assert second.follows is not None
    first = second.follows
    assert (first.respondents.count(), second.respondents.count()) == (120, 120)
    told = second.analyses.get().outcome
    [nearer] = [one for one in told["words"]["convergence"] if one["name"] == "came_nearer"]
    assert "more alike than in the round before" in str(concluded(nearer, []))
    [one] = [one for one in told["words"]["convergence"] if one["name"] == "one_culture"]
    assert one["value"] > one["chance"][1]


@pytest.mark.usefixtures("riverbend")
def test_policies_stand_in_each_state() -> None:
    """So that every page of their register shows something, and nothing of it is a finding."""
    counted = Counter(Policy.objects.values_list("state", flat=True))
    assert counted == {"alike": 3, "apart": 1, "settled": 1, "to_code": 1, "proposed": 1}
    assert reckon_due(timezone.now(), lambda: False)
    told = paradigms.conditions(observatory.latest(), observatory.counts())
    assert "for" not in {one.verdict for one in told}


@pytest.mark.usefixtures("riverbend")
def test_something_could_be_done_next() -> None:
    """Each list but that of places has a row: the town has both institutions."""

    def titles(what: str) -> list[str]:
        found = prospects.found(prospects.wanted({"what": what}), timezone.now())
        return [found.told(one).title for one in found.rows]

    assert titles("projects") == ["Harbor tool library"]
    assert "Printing of ballots and posters" in titles("needs")
    assert titles("places") == []


@pytest.mark.usefixtures("riverbend")
def test_all_of_the_town_says_that_it_is_made_up() -> None:
    assert set(Institution.objects.values_list("is_synthetic", flat=True)) == {True}
    whole = (
        queries.open_now().get().get_absolute_url(),
        "/budgets/riverbend-decided-400000/result/",
    )
    for address in whole:
        assert "is invented, for demonstration" in Client().get(address).content.decode()
    story, call = Delivery.objects.first(), Call.objects.first()
    assert story is not None
    assert call is not None
    listed = ("/", "/budgets/", "/delivery/", story.get_absolute_url(), call.get_absolute_url())
    for address in listed:
        assert "Made up</span>" in Client().get(address).content.decode(), address


@pytest.mark.usefixtures("riverbend")
def test_contracts_of_the_town_name_parties_that_are_made_up() -> None:
    answer = Client().get("/delivery/riverbend-decided-400000/ocds.json")
    body = b"".join(answer.streaming_content) if answer.streaming else answer.content  # type: ignore[attr-defined]
    parties = [one for release in json.loads(body)["releases"] for one in release["parties"]]
    assert {one["details"]["synthetic"] for one in parties} == {True}
