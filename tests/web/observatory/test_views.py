"""The pages of the register, what may be taken away, and the codebook."""

import csv
import io
import json
import re
from collections.abc import Callable

import pytest
from django.test import Client

from interlock.web.observatory import codebook
from interlock.web.observatory.models import Policy
from interlock.web.people.models import Person
from tests.web.observatory.coded import Readers, coded, confirmed
from tests.world import World

SignIn = Callable[[Person], Client]
LIST = "/observatory/policies/"


def text(client: Client, path: str, status: int = 200) -> str:
    told = client.get(path)
    assert told.status_code == status
    return re.sub(r"\s+", " ", told.content.decode())


FORM = {
    "title": "Charter", "country": "US", "adopted_on": "2024-05-01", "passage": "Public money…",
    "source": "https://rosewater.example/charter",
}  # fmt: skip


def titles(**asked: str) -> list[str]:
    told = Client().get("/api/policies", asked).json()
    return [one["title"] for one in told["policies"]]


@pytest.mark.parametrize(
    "whose", ["City of Riverbend", "/institutions/city-of-riverbend/", "city-of-riverbend"]
)
def test_policy_is_proposed_for_an_institution_by_name_or_address(
    world: World, people: Readers, signed_in: SignIn, whose: str
) -> None:
    answer = signed_in(people.bob).post(f"{LIST}new/", FORM | {"institution": whose})
    policy = Policy.objects.get()
    assert answer["Location"] == policy.get_absolute_url()
    assert (policy.institution, policy.area, policy.place) == (world.city, "", "City of Riverbend")


@pytest.mark.parametrize(
    ("said", "reason"),
    [
        ({}, "Say where it holds"),
        ({"institution": "Nobody & Sons"}, "Nobody in the register is called so"),
        ({"area": "Rosewater", "source": "no address"}, "Enter a valid URL"),
    ],
)
def test_what_is_missing_is_said_and_nothing_is_entered(
    people: Readers, signed_in: SignIn, said: dict[str, str], reason: str
) -> None:
    answer = signed_in(people.bob).post(f"{LIST}new/", FORM | said)
    assert answer.status_code == 422
    assert reason in answer.content.decode()
    assert not Policy.objects.exists()


def test_list_narrows_by_words_place_order_direction_and_state(
    people: Readers, world: World
) -> None:
    coded(people, (1, "towards"), (1, "towards"), title="A", area="Rosewater")
    coded(people, (3, "away"), (3, "away"), title="B", area="Mill Hill")
    coded(people, (2, "towards"), (3, "towards"), title="C", area="", institution=world.city)
    confirmed(people, title="D", passage="Something about trees.")
    assert titles() == ["D", "C", "B", "A"]
    assert titles(q="trees") == ["D"]
    assert titles(place="rosewater") == ["D", "A"]
    assert titles(place="Ciudad de Riverbend") == ["C"]
    assert titles(order="3") == ["B"]
    assert titles(direction="towards") == ["C", "A"]
    assert titles(state="apart") == ["C"]
    assert titles(order="many", state="none") == ["D", "C", "B", "A"]


def test_withdrawn_is_listed_only_where_it_is_asked_for(people: Readers) -> None:
    policy = confirmed(people)
    Policy.objects.filter(pk=policy.pk).update(
        state="withdrawn", withdrawn_at=policy.entered_at, withdrawn_because="Twice in the list."
    )
    assert titles() == []
    assert titles(state="withdrawn") == ["Ordinance 14-22"]
    assert "Twice in the list." in text(Client(), policy.get_absolute_url())


def test_two_code_blind_and_the_page_shows_both_after(people: Readers, signed_in: SignIn) -> None:
    policy = confirmed(people)
    url = f"{policy.get_absolute_url()}code/"
    told = {"text_version": "1", "order": "2", "direction": "towards", "reason": "May bid"}
    assert signed_in(people.cleo).post(url, told).status_code == 302
    page = text(signed_in(people.dov), policy.get_absolute_url())
    assert "One of two codings is in." in page
    assert "May bid" not in page
    assert signed_in(people.dov).post(url, told | {"order": "3"}).status_code == 302
    page = text(Client(), policy.get_absolute_url())
    assert "The two do not say the same." in page
    assert page.count("May bid") == 2
    assert "Settle it" in text(signed_in(people.eve), policy.get_absolute_url())


def test_text_corrected_meanwhile_is_read_again(people: Readers, signed_in: SignIn) -> None:
    policy = confirmed(people)
    Policy.objects.filter(pk=policy.pk).update(version=2, text_version=2)
    told = {"text_version": "1", "order": "2", "direction": "towards", "reason": "May bid"}
    answer = signed_in(people.cleo).post(f"{policy.get_absolute_url()}code/", told)
    page = re.sub(r"\s+", " ", answer.content.decode())
    assert answer.status_code == 422
    assert "The text was corrected while you read it." in page
    assert 'name="text_version" value="2"' in page


def test_empty_list_says_how_to_begin(db: None) -> None:
    assert "Begin with one you know" in text(Client(), LIST)
    assert "Drop a word or a filter." in text(Client(), f"{LIST}?q=zeppelin")


def test_table_and_document_say_the_same(people: Readers) -> None:
    coded(people, (1, "away"), (2, "away"), (2, "towards"), title="=1+1")
    confirmed(people, title="Waits")
    rows = list(
        csv.DictReader(io.StringIO(Client().get("/observatory/policies.csv").content.decode()))
    )
    told = json.loads(Client().get("/observatory/policies.json").content)["policies"]
    assert [one["title"] for one in rows] == ["Waits", "'=1+1"]
    assert {name: rows[1][name] for name in ("order", "direction", "state", "edition")} == {
        "order": "2", "direction": "towards", "state": "settled", "edition": "1",
    }  # fmt: skip
    pairs = [
        (rows[1][f"{who}_order"], rows[1][f"{who}_direction"])
        for who in ("first", "second", "settled")
    ]
    assert pairs == [("1", "away"), ("2", "away"), ("2", "towards")]
    assert [one["codings"] == [] for one in told] == [True, False]
    assert told[1]["codings"][2] == {
        "blind": False, "order": 2, "direction": "towards", "reason": "eve@example.org says so",
        "edition": 1,
    }  # fmt: skip
    assert Client().get(f"/api/policies/{told[1]['number']}").json() == told[1]


def test_who_entered_it_is_told_by_the_reference_of_the_record(people: Readers) -> None:
    policy = confirmed(people)
    page = text(Client(), policy.get_absolute_url())
    assert people.bob.reference in page
    assert people.bob.email not in page


def test_text_of_each_edition_of_the_codebook_is_known() -> None:
    """Whoever changes a sentence of it raises the edition: codings name the one they were made by."""
    assert codebook.FINGERPRINTS[codebook.EDITION] == codebook.fingerprint()


@pytest.mark.django_db
def test_codebook_is_published_with_every_code_and_example() -> None:
    page = text(Client(), f"{LIST}codebook/")
    for one in (*codebook.ORDERS, *codebook.DIRECTIONS):
        assert str(one.label) in page
    assert page.count("Made up:") == 7
    assert "Edition 1" in page
