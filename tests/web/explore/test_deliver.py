"""Who around here could deliver this: everybody near who may, in an order that the page tells."""

import re
from datetime import UTC, date, datetime

import pytest
from django.test import Client
from django.utils import translation
from pytest_django.fixtures import Settings

from interlock.web.explore import delivering
from interlock.web.explore.delivering import Answer, asked, sought, where_is
from interlock.web.institutions.models import Institution, Kind, Membership, Role
from interlock.web.needs.actions import close, post
from interlock.web.people.models import Person
from tests.web.explore.register import put, tie
from tests.world import START, make_world

pytestmark = pytest.mark.django_db
NOW = datetime(2027, 5, 3, 15, 0, tzinfo=UTC)
PEORIA = {"latitude": 40.6936, "longitude": -89.589}


@pytest.fixture
def town() -> None:
    """Around Peoria: a co-op that repairs bicycles, a firm that does so next door, a far one, a baker."""
    put("spokes", activity="AM120", place="Peoria", latitude=40.70, longitude=-89.60)
    put("wheels", "firm", tags=["bicycle", "repair"], latitude=40.694, longitude=-89.589)
    put("oven", activity="AM60", about="Bread and cakes", latitude=40.69, longitude=-89.58)
    put("distant", activity="AM120", latitude=41.90, longitude=-87.60)


def answer(**given: str) -> Answer:
    question = asked(given)
    where = where_is(question)
    assert where.wrong == ""
    return Answer(question, where.spots[0], NOW)


def found(**given: str) -> list[str]:
    return [one.institution.slug for one in answer(**given).candidates]


def page(query: str, status: int = 200) -> str:
    told = Client().get(f"/explore/deliver/{query}")
    assert told.status_code == status
    return re.sub(r"\s+", " ", told.content.decode())


def test_who_may_is_found_near_with_reasons(town: None) -> None:
    assert found(q="Bicycle repair", where="Peoria, IL") == ["spokes", "wheels"]
    text = page("?q=Bicycle+repair&where=Peoria,+IL")
    assert "2 around Peoria, IL" in text
    assert "Its page says: bicycle, repair." in text
    assert "0.7 miles" in text


def test_worker_coops_come_first_by_the_readers_choice_alone(town: None) -> None:
    assert found(q="bicycle repair", where="61602") == ["spokes", "wheels"]
    assert found(q="bicycle repair", where="61602", order="all") == ["wheels", "spokes"]
    assert "worker co-ops first, because you chose so" in page("?q=repair&where=61602")
    assert "because you chose so" not in page("?q=repair&where=61602&order=all")


def test_nothing_asked_lists_everybody_near_the_nearest_first(town: None) -> None:
    assert found(where="Peoria, IL", order="all") == ["wheels", "oven", "spokes"]


def test_how_far_is_a_choice(town: None) -> None:
    assert found(q="repair", where="Peoria, IL", far="250") == ["spokes", "distant", "wheels"]
    assert found(q="repair", where="Peoria, IL", far="7") == ["spokes", "wheels"]  # as usual


def test_activity_alone_is_enough(town: None) -> None:
    assert found(activity="AM60", where="Peoria, IL") == ["oven"]
    assert "It does what you look for: Food." in page("?activity=AM60&where=Peoria,+IL")


def test_around_an_institution_it_is_not_listed_itself(town: None) -> None:
    city = put("city", Kind.PUBLIC_BODY, tags=["repair"], **PEORIA)
    assert found(q="repair", at="city") == ["spokes", "wheels"]
    assert "Left empty, it is around City." in page("?q=repair&at=city")
    assert city.slug not in found(at="city")


def test_who_says_no_place_cannot_be_looked_around(town: None) -> None:
    put("lost")
    assert "Nobody said where Lost is." in page("?at=lost", 422)
    assert "There is no such institution." in page("?at=nobody", 422)
    assert "No such place is known here." in page("?where=Xanadu by the Sea", 422)


def test_town_of_the_register_is_known_in_any_country() -> None:
    put("taller", place="Sevilla", country="ES", latitude=37.39, longitude=-5.99)
    assert found(where="sevilla") == ["taller"]


def test_other_places_of_that_name_are_offered() -> None:
    text = page("?where=Rochester")
    assert "around Rochester, NY" in text
    assert "where=Rochester%2C+MN" in text


def test_place_says_whose_table_found_it() -> None:
    assert "GeoNames" in page("?where=Peoria,+IL")


def test_left_closed_and_given_up_ones_are_not_listed(town: None) -> None:
    one = Institution.objects.filter(slug="spokes")
    for change in (
        {"left_at": START},
        {"closed_on": date(2027, 5, 2)},
        {"status": "completed"},
        {"status": "cancelled"},
        {"latitude": None, "longitude": None},
    ):
        one.update(left_at=None, closed_on=None, status="active", latitude=40.7, longitude=-89.6)
        assert found(q="bicycle repair", where="61602") == ["spokes", "wheels"]
        one.update(**change)
        assert found(q="bicycle repair", where="61602") == ["wheels"]


def test_certifications_and_deliveries_are_reasons_when_they_hold(town: None) -> None:
    spokes = Institution.objects.get(slug="spokes")
    spokes.certifications.create(name="Worker-owned", issuer="Federation")
    spokes.certifications.create(name="Safe", issuer="City", expires_on=date(2027, 5, 2))
    tie(spokes, "delivers_for", put("city", Kind.PUBLIC_BODY))
    tie(spokes, "delivers_for", put("school", "school"), standing="said")
    one = answer(q="repair", where="61602")
    (told,) = one.shown(one.candidates[:1])
    assert told.reasons == (
        "Its page says: repair.",
        "It has delivered for 1 other; both sides say so.",
        "Certified today: Worker-owned.",
        "It is active.",
    )


def test_a_claim_of_one_side_is_told_as_one(town: None) -> None:
    tie(Institution.objects.get(slug="spokes"), "delivers_for", put("city"), standing="said")
    assert "One side says that it has delivered for 1 other." in page("?q=repair&where=61602")


def test_who_is_being_planned_says_so(town: None) -> None:
    Institution.objects.filter(slug="spokes").update(status="in_planning")
    assert "It is still being planned." in page("?q=repair&where=61602")


def test_nobody_found_is_told_what_to_do(town: None) -> None:
    assert "Look further around" in page("?q=zeppelin&where=61602")


def test_first_visit_asks_for_what_and_where() -> None:
    assert "What is to be done?" in page("")


def test_distances_are_in_the_unit_of_the_region(town: None, settings: Settings) -> None:
    settings.INTERLOCK_REGION = "ES"
    text = page("?q=repair&where=Peoria,+IL")
    assert "1.2 km" in text
    assert "250 km" in text


def test_reading_is_bounded_and_the_page_says_so(
    town: None, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(delivering, "MOST_READ", 1)
    assert found(where="61602") == ["wheels"]
    assert "More match than were read" in page("?where=61602")


def test_words_that_say_nothing_are_not_looked_for() -> None:
    def shown(text: str) -> list[str]:
        return [one.shown for one in sought(text)]

    assert shown("Seniors’ home repair crew") == ["seniors", "home", "repair", "crew"]
    assert shown("Bicycles for the children, and a bicycle") == ["bicycles", "children"]
    assert shown("") == []
    with translation.override("es"):
        assert shown("Huertos y árboles para el parque") == ["huertos", "árboles", "parque"]


def test_offers_of_it_are_reasons_and_lead_to_it(town: None) -> None:
    oven = Institution.objects.get(slug="oven")
    steward = Person.objects.by_email("oven@example.org")
    Membership.objects.create(institution=oven, person=steward, role=Role.STEWARD, since=START)
    offer = post(
        institution=oven, by=steward, at=START, exchange_type="offer", item_type="service",
        transaction_types=["buy-sell"], title="Repairing of ovens", geographic_scope="local",
    )  # fmt: skip
    (first,) = [
        one for one in answer(q="repair ovens", where="61602").candidates if one.institution == oven
    ]
    assert (first.offers, first.offered) == ((offer,), ("repair", "ovens"))
    text = page("?q=ovens&where=61602")
    assert "It offers:" in text
    assert f'href="{offer.get_absolute_url()}"' in text
    assert found(q="repairing", where="61602") == ["oven", "spokes", "wheels"]
    close(listing=offer, by=steward, at=START, closing="no_more")
    assert found(q="repairing", where="61602") == ["spokes", "wheels"]


def test_distance_from_the_middle_of_a_county_is_told_as_one(town: None) -> None:
    Institution.objects.filter(slug="spokes").update(placed_by="county")
    assert "it is drawn at the middle of its county" in page("?q=repair&where=61602")


def test_project_leads_to_who_could_deliver_it() -> None:
    world = make_world().open()
    text = Client().get(f"{world.process.get_absolute_url()}projects/3/").content.decode()
    assert 'href="/explore/deliver/?q=Tool%20library&amp;at=city-of-riverbend"' in text


def test_how_many_there_are_is_not_looked_for() -> None:
    assert [one.shown for one in sought("Shade at eight bus stops, 12 benches")] == [
        *("shade", "bus", "stops", "benches")
    ]
