"""What policies and awards add up to, as the worker works it out and the page words it."""

import re
from datetime import date

import pytest
from django.test import Client

from interlock.methods.network.coding import FIRM, TENTATIVE
from interlock.methods.network.policy import Condition
from interlock.web.delivery.actions import awarding
from interlock.web.delivery.models import Annulment
from interlock.web.observatory import paradigms, queries
from interlock.web.observatory.models import Reckoning
from interlock.web.observatory.reckoning import reckon_due, request_if_awards_changed
from tests.web.delivery.chain import BEGIN, DOLLARS, called, new_chain
from tests.web.observatory.coded import AT, Readers, coded, confirmed
from tests.world import World


def never() -> bool:
    return False


def page() -> str:
    return re.sub(r"\s+", " ", Client().get("/observatory/paradigm/").content.decode())


def verdicts() -> list[str]:
    told = paradigms.conditions(queries.latest(), queries.counts())
    return [one.verdict.value for one in told]


def four_places(people: Readers) -> None:
    """Far apart in 2020, alike in 2024, and all change goals."""
    for place, before in zip("abcd", (-3, -1, 1, 3), strict=True):
        way = "towards" if before > 0 else "away"
        for day, code in (
            (date(2020, 5, 1), (abs(before), way)),
            (date(2024, 5, 1), (3, "towards")),
        ):
            coded(people, code, code, area=place, adopted_on=day)


def test_nothing_coded_is_no_evidence_and_says_how_to_begin(people: Readers) -> None:
    text = page()
    assert "There is no evidence yet." in text
    assert "No policy is entered. Begin with one passage that you know" in text
    assert verdicts() == ["none"] * 3
    assert "Among the policies that both coders coded alike" in text
    confirmed(people)
    assert "1 policy waits to be coded by two people." in page()


def test_worker_reckons_what_is_due_once_for_all_requests(people: Readers) -> None:
    assert not reckon_due(AT, never)
    four_places(people)
    assert queries.due().count() == 16
    assert "It is being worked out." in page()
    assert not reckon_due(AT, lambda: True)
    assert reckon_due(AT, never)
    assert (queries.due().count(), Reckoning.objects.count()) == (0, 1)
    assert not reckon_due(AT, never)


def test_conditions_stand_by_what_was_stated(people: Readers) -> None:
    four_places(people)
    reckon_due(AT, never)
    latest = queries.latest()
    assert latest
    outcome = latest.outcome
    assert outcome["middle"] == "2020-05-01"
    assert outcome["measures"]["third-order"]["value"] == 6 / 8
    # From -3, -1, 1, 3 to all alike.
    assert outcome["measures"]["sigma"]["value"] == pytest.approx(-2.582, abs=0.001)
    assert verdicts() == ["for", "unknown", "none"]
    text = page()
    assert "Policies coded alike: 8. Of these, 75% change goals" in text
    assert "Nothing that residents decided has been awarded on this site." in text
    assert "α 1" in text
    assert "It looks well, but rests on so few policies" in text
    assert "What is coded and awarded so far cannot tell." in text


def test_no_goals_changed_is_against(people: Readers) -> None:
    for place in "abcd":
        coded(people, (1, "towards"), (1, "towards"), area=place)
    reckon_due(AT, never)
    assert verdicts()[0] == "against"
    assert "Policies coded alike: 4. None of them changes goals." in page()
    assert "All codes are the same" in page()


def test_alpha_is_of_the_two_blind_codings_whatever_a_third_settles(people: Readers) -> None:
    coded(people, (1, "towards"), (3, "away"), (3, "away"))
    coded(people, (2, "away"), (2, "away"))
    reckon_due(AT, never)
    latest = queries.latest()
    assert latest
    measures = latest.outcome["measures"]
    assert (measures["alpha-nominal"]["n"], measures["alpha-nominal"]["value"]) == (2, 0.0)
    assert measures["third-order"]["value"] == 0.0
    assert queries.counts().cells[2].all == 1


def test_policies_of_none_of_the_orders_count(people: Readers) -> None:
    coded(people, (0, "neither"), (0, "neither"))
    coded(people, (3, "towards"), (3, "towards"))
    reckon_due(AT, never)
    latest = queries.latest()
    assert latest
    assert latest.outcome["measures"]["third-order"]["value"] == 0.5
    assert queries.counts().cells[3].neither == 1


def test_what_fails_is_kept_and_asked_again_with_the_next_coding(
    people: Readers, monkeypatch: pytest.MonkeyPatch
) -> None:
    confirmed(people)
    monkeypatch.setattr("interlock.web.observatory.reckoning.STANDARD", None)
    assert reckon_due(AT, never)
    assert "'NoneType'" in Reckoning.objects.get().failure
    assert (queries.latest(), queries.due().exists()) == (None, False)
    monkeypatch.undo()
    confirmed(people)
    assert reckon_due(AT, never)
    assert queries.latest()


def test_page_names_conditions_and_limits_as_the_library_does() -> None:
    names = (paradigms.THIRD_ORDER, paradigms.SIGMA, paradigms.MONEY)
    assert names == tuple(map(str, Condition))
    assert (paradigms.FIRM, paradigms.TENTATIVE) == (FIRM, TENTATIVE)


@pytest.mark.parametrize(
    ("alpha", "low", "number", "word"),
    [
        (None, None, 50, "All codes"),
        (0.8, 0.7, 50, "Firm"),
        (0.8, 0.6, 50, "It looks well, but"),
        (1.0, 1.0, 19, "It looks well, but"),
        (0.667, 0.667, 50, "Tentative"),
        (0.1, 0.0, 50, "Too low"),
        (0.0, -0.5, 50, "None"),
    ],
)
def test_alpha_is_told_in_words(
    alpha: float | None, low: float | None, number: int, word: str
) -> None:
    assert paradigms.meaning(alpha, low, number).startswith(word)


def test_all_three_must_hold() -> None:
    def overall(*verdicts: str) -> str:
        return paradigms.overall(
            [paradigms.Condition("", "", paradigms.Verdict(one), "") for one in verdicts]
        )

    assert overall("for", "for", "for").startswith("All three conditions hold.")
    assert overall("for", "unknown", "for") == "What is coded and awarded so far cannot tell."
    assert overall("for", "unknown", "against").startswith("At least one of the three")


@pytest.mark.django_db
def test_no_awards_ask_for_nothing() -> None:
    assert not request_if_awards_changed(AT)


def test_awards_are_read_with_their_bidders_and_ask_again_when_they_change(world: World) -> None:
    chain = new_chain(world=world)
    offers = called(chain, 400 * DOLLARS, 500 * DOLLARS)
    assert not request_if_awards_changed(AT)
    award = awarding.award(offer=offers[0], reasons="The best plan.", by=chain.alice, at=BEGIN)
    assert request_if_awards_changed(AT)
    assert not request_if_awards_changed(AT)
    reckon_due(AT, never)
    latest = queries.latest()
    assert latest
    money = latest.outcome["measures"]["share-of-money"]
    assert (latest.outcome["currency"], money["value"], money["n"]) == ("USD", 1.0, 1)
    assert money["chance"]["mean"] == pytest.approx(0.5, abs=0.1)
    assert verdicts() == ["none", "none", "unknown"]
    assert "Awards: 1. Co-ops got 100% of the money" in page()
    assert not request_if_awards_changed(AT)
    Annulment.objects.create(award=award, reason="Wrong", at=AT)
    assert request_if_awards_changed(AT)
    reckon_due(AT, never)
    assert verdicts()[2] == "none"
