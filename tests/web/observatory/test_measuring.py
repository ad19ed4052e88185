"""Editions: measured by the worker month by month, shown with words, and computed again by anybody."""

import csv
import hashlib
import io
import json
import zipfile
from collections.abc import Callable
from datetime import timedelta
from pathlib import Path

import pytest
from django.db import connection
from django.template.loader import render_to_string
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from interlock.__main__ import main
from interlock.methods.formats import measure_tables, network_json
from interlock.methods.network import graph
from interlock.web.look.printing import pressed
from interlock.web.observatory import gathering, measuring, panels
from interlock.web.observatory.models import Edition, Portrait, Reckoning
from interlock.web.observatory.reckoning import reckon_due
from interlock.web.observatory.views import profile_of
from interlock.web.people.models import Person
from interlock.web.surveys.actions import publish_analysis, request_analysis
from interlock.web.surveys.analysing import analyse_due
from interlock.web.ties.actions import confirm, dispute, say
from interlock.web.ties.models import Predicate
from tests.web.observatory.editions import AT, measure_all, never
from tests.web.surveys.asked import make_asked
from tests.web.surveys.studies import fill
from tests.world import World


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


def test_failure_is_kept_and_shown_to_nobody(world: World, monkeypatch: pytest.MonkeyPatch) -> None:
    def fail(*_: object) -> None:
        raise ValueError("A tie too many.")

    monkeypatch.setattr(gathering, "register", fail)
    measuring.request_editions(AT)
    assert measuring.measure_due(AT, never)
    assert Edition.objects.get().failure == "A tie too many."
    assert Client().get("/observatory/profile/").status_code == 404


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

    before = asked()
    one = Edition.objects.get(place="")
    for month in range(1, 4):
        Edition.objects.create(
            day=one.day + timedelta(days=31 * month),
            requested_at=AT,
            done_at=AT,
            outcome=one.outcome,
        )
    assert asked() == before
    assert max(before) <= 6


def test_everybody_reads_the_same(measured: World, signed_in: Callable[[Person], Client]) -> None:
    for path in (
        "/observatory/", "/observatory/profile/", "/observatory/profile/US-IL/",
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
        "one_movement",
        "each_itself",
    ]
    text = page.content.decode()
    assert f"/surveys/{asked.study.slug}/results/{made.number}/" in text
    assert "energy distance" in text
    assert "energy distance" not in Client().get("/observatory/profile/US-IL/").content.decode()


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
    Edition.objects.update(package=None)
    assert Client().get("/observatory/network.zip").status_code == 404


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
