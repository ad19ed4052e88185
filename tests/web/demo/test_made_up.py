"""What is made up says so, in every room that shows it: on pages, in lists, in files."""

import csv
import io
import json
from io import BytesIO
from zipfile import ZipFile

import pytest
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from interlock.methods.formats import murmurations
from interlock.web.explore.mapping import look
from interlock.web.institutions import exporting
from interlock.web.institutions.actions import register
from interlock.web.institutions.models import Institution, Kind
from interlock.web.institutions.queries import wanted
from interlock.web.look.made_up import INVENTED
from interlock.web.needs.actions import post
from interlock.web.needs.models import Exchange, Item, Listing, Transaction
from interlock.web.observatory import measuring
from interlock.web.observatory.models import Edition
from interlock.web.people.models import Person
from interlock.web.ties.actions import say
from interlock.web.ties.models import Predicate
from tests.staging import staged
from tests.world import START

MARK = "Made up</span>"
WHERE = {"place": "Peoria", "region": "Illinois", "country": "US", "latitude": 40.69, "longitude": -89.59}  # fmt: skip


@staged
def two() -> None:
    """One that is made up, and one that is not, with a tie and a need each of its own people."""
    desk, other = Person.objects.by_email("desk@x.example"), Person.objects.by_email("y@x.example")
    mill = register(
        name="Mill", kind=Kind.WORKER_COOP, steward=desk, at=START, is_synthetic=True, county="17143",
        **WHERE,
    )  # fmt: skip
    barn = register(
        name="Barn", kind=Kind.PB_AUTHORITY, steward=other, at=START, county="17143", **WHERE
    )
    say(subject=mill, predicate=Predicate.SUPPLIES, object=barn, speaker=mill, by=desk, at=START)
    for one, by, exchange in ((mill, desk, Exchange.OFFER), (barn, other, Exchange.WANT)):
        post(
            institution=one, by=by, at=timezone.now(), exchange_type=exchange, item_type=Item.GOOD,
            transaction_types=[Transaction.BUY_SELL], title="Flour", tags=["flour"], geographic_scope="local",
        )  # fmt: skip


def body(address: str) -> str:
    answer = Client().get(address)
    assert answer.status_code == 200
    whole = b"".join(answer.streaming_content) if answer.streaming else answer.content
    return whole.decode()


def rows(address: str) -> list[dict[str, str]]:
    return list(csv.DictReader(io.StringIO(body(address))))


@pytest.mark.usefixtures("two")
def test_page_says_so_in_words_and_that_of_another_does_not() -> None:
    page = body("/institutions/mill/")
    assert f"<strong>Made up.</strong> {INVENTED}" in page
    other = body("/institutions/barn/")
    assert str(INVENTED) not in other
    assert other.count(MARK) == 1  # its tie with the one that is


@pytest.mark.usefixtures("two")
@pytest.mark.parametrize(
    ("address", "marks"),
    [
        ("/institutions/", 1),
        ("/needs/", 1),
        ("/ties/", 1),
        ("/explore/around/barn/", 1),
        ("/explore/around/mill/", 1),
        ("/explore/deliver/?q=flour&at=barn", 1),
        ("/explore/paths/?from=barn&to=mill", 1),
        ("/observatory/potential/?what=needs", 1),
        ("/explore/map/?county=17143", 1),
    ],
)
def test_list_marks_the_one_that_is(address: str, marks: int) -> None:
    assert body(address).count(MARK) == marks


@pytest.mark.usefixtures("two")
def test_listing_says_whose_it_is() -> None:
    for listing in (one for name in ("mill", "barn") for one in listings(name)):
        page = body(listing.get_absolute_url())
        assert (str(INVENTED) in page) == (listing.institution.slug == "mill")


@pytest.mark.usefixtures("two")
def test_map_tells_how_many_are() -> None:
    (mark,) = look(wanted({})).marks
    assert mark.label == "Illinois: 1 public body, 1 co-op (of these made up: 1)"
    Institution.objects.filter(slug="barn").update(is_synthetic=True)
    (mark,) = look(wanted({})).marks
    assert mark.label == "Illinois: 1 public body, 1 co-op (made up)"
    assert "All that is drawn here is invented" in body("/explore/map/")
    assert [row["synthetic"] for row in rows("/explore/map.csv")] == ["2"]


@pytest.mark.usefixtures("two")
def test_every_file_says_so() -> None:
    assert {one["Slug"]: one["Synthetic"] for one in rows(reverse("institutions:csv"))} == {
        "mill": "true",
        "barn": "",
    }
    features = json.loads(body(reverse("institutions:geojson")))["features"]
    assert {one["properties"]["slug"]: one["properties"].get("synthetic") for one in features} == {
        "mill": True,
        "barn": None,
    }
    profiles = {
        slug: json.loads(body(reverse("institutions:profile", args=[slug])))
        for slug in ("mill", "barn")
    }
    assert [profiles["mill"]["synthetic"], "synthetic" in profiles["barn"]] == [True, False]
    assert murmurations.faults(profiles["mill"], murmurations.ORGANIZATIONS) == ()
    offers = [json.loads(body(f"{one.get_absolute_url()}murmurations.json")) for one in listings()]
    assert [one.get("synthetic") for one in offers] == [True, None]
    assert [one["synthetic"] for one in rows("/ties/ties.csv")] == ["true"]
    assert body("/ties/ties.graphml").count('_synthetic">true<') == 2  # the node, and its tie
    assert [one["synthetic"] for one in rows("/observatory/potential.csv?what=needs")] == ["true"]


@pytest.mark.usefixtures("two")
def test_api_says_so() -> None:
    told = json.loads(body("/api/institutions"))["institutions"]
    assert {one["slug"]: one["synthetic"] for one in told} == {"mill": True, "barn": False}
    assert json.loads(body("/api/institutions/mill"))["synthetic"] is True
    assert [one["synthetic"] for one in json.loads(body("/api/ties"))] == [True]
    assert {one["institution"]: one["synthetic"] for one in json.loads(body("/api/listings"))} == {
        "mill": True,
        "barn": False,
    }


@pytest.mark.usefixtures("two")
def test_what_it_takes_along_and_its_linked_data_say_so() -> None:
    mill = Institution.objects.get(slug="mill")
    with exporting.everything(mill) as file, ZipFile(file) as folder:
        assert str(INVENTED) in folder.read("README.txt").decode()
        assert json.loads(folder.read("page.json"))["is_synthetic"] is True
    assert json.loads(exporting.json_ld(mill))["disambiguatingDescription"] == str(INVENTED)


@pytest.mark.usefixtures("two")
def test_edition_that_holds_one_is_made_up_as_a_whole() -> None:
    now = timezone.now()
    measuring.request_editions(now)
    while measuring.measure_due(now, lambda: False):
        pass
    edition = Edition.objects.get(place="")
    assert (edition.is_synthetic, edition.outcome["synthetic"]) == (True, True)
    for address in ("/observatory/", reverse("observatory:profile")):
        assert "it says nothing of any real place" in body(address)
    numbers = rows(f"{reverse('observatory:profile_csv')}?day={edition.day}")
    assert {one["synthetic"] for one in numbers} == {"true"}
    alone = reverse("observatory:institution", args=["mill"])
    assert str(INVENTED) in body(alone)
    assert {one["synthetic"] for one in rows(f"{alone}measures.csv")} == {"true"}
    answer = Client().get(reverse("observatory:profile_package"))
    with ZipFile(BytesIO(answer.content)) as folder:
        for name in folder.namelist():
            held = folder.read(name).decode()
            assert "synthetic" in held or "Made-up data" in held, name


def listings(slug: str = "") -> list[Listing]:
    found = Listing.objects.select_related("institution").order_by("pk")
    return list(found.filter(institution__slug=slug) if slug else found)
