"""Editions: measured by the worker month by month, shown with words, and computed again by anybody."""

import json
from collections.abc import Callable
from datetime import timedelta
from importlib import import_module
from pathlib import Path

import pytest
from django.apps import apps
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.utils import timezone
from django.utils.formats import date_format

from interlock.__main__ import main
from interlock.methods.formats import network_json
from interlock.methods.network import graph
from interlock.web.institutions.actions import register
from interlock.web.institutions.models import Kind
from interlock.web.observatory import gathering, measuring, panels, queries
from interlock.web.observatory.models import Edition
from interlock.web.people.models import Person
from interlock.web.ties.actions import confirm, dispute, say
from interlock.web.ties.models import Predicate
from tests.staging import staged
from tests.world import START, World

AT = START + timedelta(days=2)
ILLINOIS = {"country": "US", "region": "Illinois"}
PEORIA, PEKIN, CHICAGO = (
    {"country": "US", "county": county} for county in ("17143", "17179", "17031")
)


def never() -> bool:
    return False


def text_of(path: str) -> str:
    """A page as one line."""
    return " ".join(Client().get(path).content.decode().split())


def measure_all(at=AT) -> None:
    measuring.request_editions(at)
    while measuring.measure_due(at, never):
        pass


@staged
def measured(world: World) -> World:
    """Four of Illinois and one of Spain; the city funds a co-op, a federation knows both."""
    world.open()
    world.city.country, world.city.region = "US", "IL"
    world.city.save()
    world.wheelhouse.country, world.wheelhouse.region = "US", "Illinois"
    world.wheelhouse.save()
    rivers = register(name="Rivers", kind=Kind.FEDERATION, steward=world.bob, at=START, **ILLINOIS)
    mill = register(name="Mill", kind=Kind.WORKER_COOP, steward=world.carol, at=START, **ILLINOIS)
    register(name="Río", kind=Kind.WORKER_COOP, at=START, country="ES")
    for one, other, does in (
        (world.city, world.wheelhouse, Predicate.FUNDS),
        (rivers, world.wheelhouse, Predicate.ADVISES),
        (rivers, mill, Predicate.ADVISES),
    ):
        by = world.alice if one == world.city else world.bob
        say(subject=one, object=other, predicate=does, speaker=one, by=by, at=START)
    measure_all()
    return world


def test_register_is_gathered_as_two_worlds(measured: World) -> None:
    found = gathering.register(AT)
    assert {one.id: (str(one.kind), one.place) for one in found.network.institutions} == {
        "city-of-riverbend": ("pb", "US-IL"),
        "hilltown": ("other", ""),
        "mill": ("coop", "US-IL"),
        "rio": ("coop", "ES"),
        "rivers": ("coop", "US-IL"),
        "wheelhouse-cooperative": ("coop", "US-IL"),
    }
    assert [(one.subject, one.object, one.kind) for one in found.network.ties] == [
        ("city-of-riverbend", "wheelhouse-cooperative", "funds"),
        ("rivers", "mill", "advises"),
        ("rivers", "wheelhouse-cooperative", "advises"),
    ]


def test_draft_of_a_process_makes_nobody_one_of_participatory_budgeting(world: World) -> None:
    kinds = {one.id: one.kind for one in gathering.register(AT).network.institutions}
    assert kinds["city-of-riverbend"] == graph.Kind.OTHER


def test_disputed_word_is_no_tie(measured: World) -> None:
    mill = gathering.Institution.objects.get(slug="mill")
    tie = mill.ties_to.get()
    dispute(tie=tie, speaker=mill, by=measured.carol, reason="No.", at=AT)
    assert len(gathering.register(AT).network.ties) == 2


def test_who_left_is_not_measured(measured: World) -> None:
    gathering.Institution.objects.filter(slug="mill").update(left_at=AT)
    found = gathering.register(AT).network
    assert ("mill" in found.ids, len(found.ties)) == (False, 2)


def test_edition_of_all_and_of_each_state_with_enough_once_a_month(measured: World) -> None:
    found = Edition.objects.values_list("place", "day", "failure")
    day = timezone.localdate(AT)
    assert sorted(found) == [("", day, ""), ("US-IL", day, "")]
    assert not measuring.request_editions(AT + timedelta(days=1))
    assert measuring.request_editions(AT + timedelta(days=40))
    assert not measuring.measure_due(AT, lambda: True)


def test_nobody_is_not_measured(db: None) -> None:
    assert not measuring.request_editions(AT)
    assert "Nothing has been measured yet." in Client().get("/observatory/").content.decode()
    assert Client().get("/observatory/profile/").status_code == 404


def test_failure_is_kept_shown_to_nobody_and_tried_again_a_day_later(
    world: World, monkeypatch: pytest.MonkeyPatch
) -> None:
    def fail(*_: object) -> None:
        raise ValueError("A tie too many.")

    with monkeypatch.context() as broken:
        broken.setattr(gathering, "register", fail)
        measuring.request_editions(AT)
        assert measuring.measure_due(AT, never)
        assert Edition.objects.get().failure == "A tie too many."
        page = text_of("/observatory/profile/")
        assert "Places done: 0 of 1. 1 could not be worked out, and is tried again" in page
        assert "A tie too many." not in page
        assert "being worked out" in text_of("/observatory/")
        assert not measuring.measure_due(AT + timedelta(hours=23), never)
        assert measuring.measure_due(AT + timedelta(hours=25), never)
    assert not measuring.measure_due(AT + timedelta(hours=48), never)
    assert measuring.measure_due(AT + timedelta(hours=50), never)
    one = Edition.objects.get()
    assert (one.failure, one.tries, one.is_done) == ("", 3, True)
    assert "being worked out" not in text_of("/observatory/profile/")


def test_what_fails_three_times_is_left_until_the_next_month(
    world: World, monkeypatch: pytest.MonkeyPatch
) -> None:
    with monkeypatch.context() as broken:
        broken.setattr(gathering, "register", lambda *_: 1 / 0)
        measuring.request_editions(AT)
        for day in range(6):
            measuring.measure_due(AT + timedelta(days=day, hours=day), never)
    assert Edition.objects.get().tries == queries.MOST_TRIES
    assert Client().get("/observatory/profile/").status_code == 404
    assert "Nothing has been measured yet." in text_of("/observatory/")
    measure_all(AT + timedelta(days=40))
    assert Client().get("/observatory/profile/").status_code == 200


def test_page_says_how_far_the_worker_is(measured: World) -> None:
    assert "being worked out" not in text_of("/observatory/profile/")
    then = AT + timedelta(days=40)
    measuring.request_editions(then)
    day = date_format(timezone.localdate(then))
    said = f"The editions of {day} are being worked out. Places done: %s of 2."
    assert said % 0 in text_of("/observatory/profile/")
    measuring.measure_due(then, never)
    assert said % 1 in text_of("/observatory/profile/")
    assert said % 1 in text_of("/observatory/profile/US-IL/")
    measuring.measure_due(then, never)
    assert "being worked out" not in text_of("/observatory/profile/")


def test_place_that_is_to_be_measured_first_says_so(world: World) -> None:
    for name in ("Mill", "Oven", "Loom"):
        register(name=name, kind=Kind.WORKER_COOP, at=START, **PEORIA)
    measuring.request_editions(AT)
    page = text_of("/observatory/profile/37900/")
    assert "The first edition is being worked out." in page
    assert "Peoria, IL is a metropolitan area of the US Census Bureau, code 37900 of 2019." in page
    assert Client().get("/observatory/profile/37900/network.json").status_code == 404
    assert Client().get("/observatory/profile/?day=2001-01-01").status_code == 404
    assert Client().get("/observatory/profile/16980/").status_code == 404


def test_metro_with_enough_has_an_edition_of_its_own(world: World) -> None:
    """Three in two counties of Peoria's metro, one in Chicago's, one of Illinois that says no county."""
    for name in ("Mill", "Oven"):
        register(name=name, kind=Kind.WORKER_COOP, at=START, **PEORIA)
    register(name="Barn", kind=Kind.WORKER_COOP, at=START, **PEKIN)
    register(name="Loop", kind=Kind.WORKER_COOP, at=START, **CHICAGO)
    register(name="Road", kind=Kind.WORKER_COOP, at=START, **ILLINOIS)
    measure_all()
    places = Edition.objects.values_list("place", flat=True)
    assert sorted(places) == ["", "37900", "US-IL"]
    one = Edition.objects.get(place="37900")
    assert sorted(row["id"] for row in one.records["institutions"]) == ["barn", "mill", "oven"]
    page = text_of("/observatory/profile/37900/")
    assert "<h1>How far they interlock: Peoria, IL</h1>" in page
    assert "<strong>Peoria, IL.</strong> Edition of " in page
    answer = Client().get("/observatory/profile/37900/network.json")
    day = timezone.localdate(AT)
    name = f"network-metro-of-2019-37900-{day}.json"
    assert answer["Content-Disposition"] == f'attachment; filename="{name}"'
    # The way there stands on every profile, under each state that the metro is named after.
    context = Client().get("/observatory/profile/").context
    assert [(state, [way.place for way in some]) for state, some in context["metros"]] == [
        ("Illinois", ["37900"])
    ]
    assert [way.name for way in context["states"]] == ["Illinois"]


def test_county_tells_the_state_where_no_region_is_said(world: World) -> None:
    assert queries.parts_of("US", "", "36061") == ("US-NY", "35620")
    assert queries.parts_of("US", "Texas", "36003") == ("US-NY",)
    assert queries.parts_of("US", "texas", "") == ("US-TX",)
    assert queries.parts_of("US", "", "") == ("US",)
    assert queries.parts_of("GB", "Scotland", "") == ("GB",)
    assert queries.parts_of("", "", "") == ()


def test_what_failed_before_is_tried_again_after_the_migration(db: None) -> None:
    old = Edition.objects.create(
        day=timezone.localdate(AT), requested_at=AT, failure="A tie too many."
    )
    import_module("interlock.web.observatory.migrations.0004_tries").try_again(apps, None)
    assert queries.editions_due(AT + timedelta(days=2)).get() == old


def test_page_tells_each_word_beside_chance(measured: World) -> None:
    page = Client().get("/observatory/profile/")
    found = {one.word.key: one for one in page.context["panels"]}
    assert list(found) == ["connectivity", "complementarity", "collaboration", "convergence"]
    across = found["connectivity"]
    assert across.finding.startswith(
        "Of all ties, 33% run between participatory budgets and co-ops. Chance alone would give "
    )
    assert found["convergence"].finding == "There is nothing yet to measure it by."
    text = page.content.decode()
    assert "interlock measure network-" in text
    assert "What goes together is an association and not a cause." in text
    home = Client().get("/observatory/").content.decode()
    assert across.finding in home


def test_place_that_is_not_measured_is_not_found(measured: World) -> None:
    client = Client()
    assert client.get("/observatory/profile/US-IL/").status_code == 200
    assert client.get("/observatory/profile/US-NY/").status_code == 404
    assert client.get("/observatory/profile/?day=2001-01-01").status_code == 404
    assert client.get("/observatory/profile/?day=soon").status_code == 404


def test_anybody_computes_the_same_from_the_file(
    measured: World, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    answer = Client().get("/observatory/network.json")
    day = timezone.localdate(AT)
    assert answer["Content-Disposition"] == f'attachment; filename="network-{day}.json"'
    file = tmp_path / "network.json"
    file.write_bytes(answer.content)
    assert main(["measure", str(file), "--json"]) == 0
    assert json.loads(capsys.readouterr().out) == Edition.objects.get(place="").outcome
    assert network_json.read(answer.content).day == day


def test_measures_are_a_file(measured: World) -> None:
    lines = Client().get("/observatory/profile.csv").content.decode().splitlines()
    assert lines[0] == ",".join(panels.COLUMNS)
    assert [line.split(",")[:2] for line in lines[1:3]] == [
        ["connectivity", "density"],
        ["connectivity", "mean-degree"],
    ]


def test_later_edition_shows_what_changed(measured: World) -> None:
    mill, city = (
        gathering.Institution.objects.get(slug=slug) for slug in ("mill", "city-of-riverbend")
    )
    tie = say(
        subject=city, object=mill, predicate=Predicate.FUNDS, speaker=city, by=measured.alice, at=AT
    )
    confirm(tie=tie, speaker=mill, by=measured.carol, at=AT)
    measure_all(AT + timedelta(days=40))
    page = Client().get("/observatory/profile/")
    first = page.context["panels"][0]
    assert first.figures[1].finding == "First 33%, now 50%."
    assert len(page.context["editions"]) == 2
    before = Client().get(f"/observatory/profile/?day={timezone.localdate(AT)}")
    assert len(before.context["panels"][0].figures) == 1


def test_pages_ask_as_often_for_many_editions_as_for_one(measured: World) -> None:
    def asked() -> list[int]:
        found = []
        for path in ("/observatory/", "/observatory/profile/"):
            with CaptureQueriesContext(connection) as captured:
                assert Client().get(path).status_code == 200
            found.append(len(captured))
        return found

    measuring.request_editions(AT + timedelta(days=3650))  # whose progress is told
    before = asked()
    one = Edition.objects.get(place="", done_at__isnull=False)
    for month in range(1, 4):
        Edition.objects.create(
            day=one.day + timedelta(days=31 * month),
            requested_at=AT,
            done_at=AT,
            outcome=one.outcome,
        )
    assert asked() == before
    assert max(before) <= 5


def test_everybody_reads_the_same(measured: World, signed_in: Callable[[Person], Client]) -> None:
    state = Edition.objects.get(place="US-IL")
    for place, done_at in (("37900", AT), ("16980", None)):  # of the second the first is to come
        Edition.objects.create(
            place=place, day=state.day, requested_at=AT, done_at=done_at, outcome=state.outcome
        )
    for path in (
        "/observatory/", "/observatory/profile/", "/observatory/profile/US-IL/",
        "/observatory/profile/37900/", "/observatory/profile/37900/network.json",
        "/observatory/profile/16980/",
        "/observatory/profile.csv", "/observatory/network.json",
        "/observatory/profile/US-IL/measures.csv", "/observatory/profile/US-IL/network.json",
    ):  # fmt: skip
        for client in (Client(), signed_in(measured.alice), signed_in(measured.bob)):
            assert client.get(path).status_code == 200
        assert Client().post(path).status_code == 405


def test_every_measure_has_words(measured: World) -> None:
    outcome = Edition.objects.get(place="").outcome
    named = {one["name"] for word in ("connectivity", "complementarity", "collaboration") for one in outcome[word]}  # fmt: skip
    assert named - panels.TOLD.keys() == set()
