"""Editions: measured by the worker month by month, shown with words, and computed again by anybody."""

import csv
import hashlib
import io
import json
import zipfile
from collections.abc import Callable
from datetime import UTC, date, datetime, timedelta
from importlib import import_module
from pathlib import Path

import pytest
from django.apps import apps
from django.db import connection
from django.template.loader import render_to_string
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.utils import timezone
from django.utils.formats import date_format

from interlock.__main__ import main
from interlock.methods.formats import measure_tables, network_json
from interlock.methods.network import graph
from interlock.methods.network.drawing import Drawing
from interlock.web.institutions.actions import register
from interlock.web.institutions.models import Kind
from interlock.web.look.printing import pressed
from interlock.web.observatory import gathering, measuring, panels, pictures, queries
from interlock.web.observatory.models import Edition, Portrait, Reckoning
from interlock.web.observatory.reckoning import reckon_due
from interlock.web.observatory.views import profile_of
from interlock.web.people.models import Person
from interlock.web.surveys.actions import publish_analysis, request_analysis
from interlock.web.surveys.analysing import analyse_due
from interlock.web.ties.actions import confirm, dispute, say
from interlock.web.ties.models import Predicate
from tests.web.observatory.editions import AT, ILLINOIS, measure_all, never
from tests.web.surveys.asked import make_asked
from tests.web.surveys.studies import fill
from tests.world import START, World

PEORIA, PEKIN, CHICAGO = (
    {"country": "US", "county": county} for county in ("17143", "17179", "17031")
)


def text_of(path: str) -> str:
    """A page as one line."""
    return " ".join(Client().get(path).content.decode().split())


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


def test_one_that_is_made_up_is_left_out_where_most_are_real(measured: World) -> None:
    made = register(name="Nowhere", kind=Kind.WORKER_COOP, at=START, is_synthetic=True)
    found = gathering.register(AT)
    assert (made.slug in found.network.ids, found.is_synthetic) == (False, False)
    gathering.Institution.objects.exclude(slug="rio").update(is_synthetic=True)
    found = gathering.register(AT)
    assert ({made.slug, "rio"} <= set(found.network.ids), found.is_synthetic) == (True, True)


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


def test_what_is_tried_again_is_of_the_day_when_it_is_worked_out(
    world: World, monkeypatch: pytest.MonkeyPatch
) -> None:
    with monkeypatch.context() as broken:
        broken.setattr(gathering, "register", lambda *_: 1 / 0)
        measure_all()
    assert measuring.measure_due(AT + timedelta(hours=50), never)
    one = Edition.objects.get()
    day = timezone.localdate(AT + timedelta(hours=50))
    assert (one.day, one.records["day"], one.file_name) == (
        day,
        day.isoformat(),
        f"network-{day}.json",
    )


def test_what_failed_is_left_once_the_next_month_is_asked_for(
    measured: World, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Worked out then, it would be the register of the new month under the name of the old."""
    last = datetime(2027, 6, 30, 12, tzinfo=UTC)
    with monkeypatch.context() as broken:
        broken.setattr(gathering, "register", lambda *_: 1 / 0)
        measure_all(last)
    measure_all(last + timedelta(hours=20))
    assert not measuring.measure_due(last + timedelta(hours=30), never)
    assert set(Portrait.objects.values_list("edition__day", flat=True)) == {date(2027, 7, 1)}
    Edition.objects.filter(place="US-IL").exclude(done_at=None).delete()
    Edition.objects.filter(place="US-IL", day=last).update(place="37900")
    assert Client().get("/observatory/profile/37900/").status_code == 404


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
    import_module("interlock.web.observatory.migrations.0005_tries").try_again(apps, None)
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


def test_ties_are_drawn_and_told_by_kinds(measured: World) -> None:
    page = Client().get("/observatory/profile/")
    kinds, network = page.context["pictures"]
    assert kinds.finding.startswith("Between budgets and co-ops there is 1 tie. Chance alone would")
    assert [row[:2] for row in kinds.table.rows] == [
        ["Budgets – Budgets", "0"],
        ["Budgets – Co-ops", "1"],
        ["Budgets – Other kinds", "0"],
        ["Co-ops – Co-ops", "2"],
        ["Co-ops – Other kinds", "0"],
        ["Other kinds – Other kinds", "0"],
    ]
    assert network.finding == (
        "Drawn are all 4 institutions that have a tie. 2 have none. 1 of the lines joins the two worlds."
    )
    assert [row[:4] for row in network.table.rows] == [
        ["Wheelhouse Cooperative", "Co-ops", "2", "1"],
        ["City of Riverbend", "Budgets", "1", "1"],
        ["Rivers", "Co-ops", "2", "0"],
        ["Mill", "Co-ops", "1", "0"],
    ]
    assert network.table.rows[0][4] == "City of Riverbend, Rivers"
    lines = Client().get("/observatory/profile.csv").content.decode()
    assert "connectivity,ties-pb-coop,1.0," in lines


def test_who_is_of_both_worlds_joins_them(db: None) -> None:
    """Nobody is of budgets alone, and yet both worlds are here."""
    who = [graph.Institution("oak", graph.Kind.BOTH), graph.Institution("elm", graph.Kind.COOP)]
    records = network_json.Records(graph.network(who, [graph.Tie("oak", "elm")]))
    outcome = network_json.measured(records, Drawing(39))
    kinds, network = pictures.figures(Edition(outcome=outcome), {}, csv="", command="")
    assert kinds.finding == "Only those of both worlds can join the two here."
    assert network.finding.endswith("1 of the lines joins the two worlds.")


def test_edition_of_before_there_were_pictures_has_none(measured: World) -> None:
    one = Edition.objects.get(place="")
    del one.outcome["picture"], one.outcome["kinds"]
    one.save()
    page = Client().get("/observatory/profile/")
    assert (page.status_code, page.context["pictures"]) == (200, [])


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
    assert lines[0] == ",".join(measure_tables.COLUMNS)
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
    assert max(before) <= 8


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
    told = [outcome, *Portrait.objects.values_list("outcome", flat=True)]
    Reckoning.objects.create(requested_at=AT)
    assert reckon_due(AT, never)
    coded = set(Reckoning.objects.get().outcome["measures"])
    named = coded | {
        one["name"]
        for measures in told
        for word in ("connectivity", "complementarity", "collaboration")
        for one in measures[word]
    }
    assert coded
    assert named - panels.TOLD.keys() == set()


def test_profile_tells_the_latest_published_results_of_a_survey(measured: World) -> None:
    assert "survey" not in Client().get("/observatory/profile/").context
    asked = make_asked()
    fill(asked.study, 140)
    made = request_analysis(study=asked.study, by=asked.dora, at=AT)
    assert analyse_due(AT, never)
    assert "survey" not in Client().get("/observatory/profile/").context
    made.refresh_from_db()
    publish_analysis(analysis=made, by=asked.dora, at=AT)
    page = Client().get("/observatory/profile/")
    assert [one.name for one in page.context["answered"].measures] == [
        "goals_near",
        "answers_apart",
        "came_nearer",
        "one_culture",
        "competence",
        "culture_coop",
        "culture_pb",
        "one_movement",
        "each_itself",
    ]
    text = page.content.decode()
    assert f"/surveys/{asked.study.slug}/results/{made.number}/" in text
    assert "energy distance" in text
    assert "energy distance" not in Client().get("/observatory/profile/US-IL/").content.decode()
    # Who asks may be invented later than the edition.
    assert "Made up" not in text
    gathering.Institution.objects.filter(pk=asked.federation.pk).update(is_synthetic=True)
    assert "Made up" in text_of("/observatory/profile/")


def test_edition_is_a_data_package(
    measured: World, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    answer = Client().get("/observatory/network.zip")
    day = timezone.localdate(AT)
    assert answer["Content-Disposition"] == f'attachment; filename="network-{day}.zip"'
    with zipfile.ZipFile(io.BytesIO(answer.content)) as archive:
        files = {name: archive.read(name) for name in archive.namelist()}
    told = json.loads(files["datapackage.json"])
    assert {one["path"] for one in told["resources"]} == files.keys() - {
        "datapackage.json",
        "CITATION.cff",
    }
    for one in told["resources"]:
        held = files[one["path"]]
        assert one["hash"] == f"sha256:{hashlib.sha256(held).hexdigest()}"
        assert one["bytes"] == len(held)
    rows = list(csv.DictReader(io.StringIO(files["tables/institutions.csv"].decode())))
    assert [(row["id"], row["kind"], row["ties"]) for row in rows][:2] == [
        ("city-of-riverbend", "pb", "1"),
        ("hilltown", "other", "0"),
    ]
    ties = list(csv.DictReader(io.StringIO(files["tables/ties.csv"].decode())))
    assert [row["kind"] for row in ties] == ["funds", "advises", "advises"]
    assert b"wheelhouse-cooperative" in files["network.graphml"]
    # Whoever has the records makes the same files by the command.
    records = tmp_path / "network.json"
    records.write_bytes(files["network.json"])
    assert main(["measure", str(records), "--out", str(tmp_path / "out"), "--json"]) == 0
    capsys.readouterr()
    made = {name: (tmp_path / "out" / name).read_bytes() for name in files}
    assert made == files


def test_edition_without_a_package_has_none(measured: World) -> None:
    assert "network.zip" in text_of("/observatory/profile/")
    Edition.objects.update(package=None)
    assert Client().get("/observatory/network.zip").status_code == 404
    assert "network.zip" not in text_of("/observatory/profile/")


def test_profile_is_a_report_on_paper(measured: World) -> None:
    """The page without the press, which other tests have."""
    page = render_to_string(
        "observatory/profile_paper.html",
        profile_of(Edition.objects.get(place=""), "", "https://here.example"),
    )
    assert "Who is tied to whom" in page
    assert "https://here.example/observatory/profile.csv?day=" in page
    assert "<details>" not in page
    assert "Measured by interlock" in page


def test_report_is_the_same_pdf_twice(measured: World) -> None:
    if pressed("<p>", "/")[1] == "missing":
        pytest.skip("WeasyPrint or Pango is not here (docs/operating.md)")
    pages = [Client().get("/observatory/profile/US-IL/report.pdf") for _again in range(2)]
    assert [one["Content-Type"] for one in pages] == ["application/pdf"] * 2
    assert pages[0].content == pages[1].content
