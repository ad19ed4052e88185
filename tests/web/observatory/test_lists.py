"""Lists of one's own in the browser: given, observed by the worker, told, and nobody else's affair."""

import io
import json
import zipfile
from collections.abc import Callable
from datetime import timedelta

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from interlock.__main__ import main
from interlock.methods.formats.observed_packages import RESULTS
from interlock.web.observatory import actions, observing, queries, reporting, rules
from interlock.web.observatory.forms import LARGEST
from interlock.web.observatory.models import Asked
from interlock.web.people.models import Person
from tests.world import START, World

SignIn = Callable[[Person], Client]

AREAS = "code,population,pb,coops\n" + "".join(
    f"{code},{(code % 9 + 1) * 40_000},{'yes' if code % 7 == 0 else 'no'},{code % 5}\n"
    for code in range(1, 61)
)
PB = "city,state\nChicago,IL\nBoston,MA\nDenver,CO\n"
COOPS = "city,state\nChicago,IL\nBoston,MA\nMadison,WI\nOakland,CA\n"


def never() -> bool:
    return False


@pytest.fixture(autouse=True)
def few_draws(monkeypatch: pytest.MonkeyPatch) -> None:
    """Not as many as for people who want to know; and no PDF, which the journey takes home."""
    monkeypatch.setattr(observing, "RESAMPLES", 39)
    monkeypatch.setattr(reporting, "pdf", lambda *_: (None, "missing"))


def file(text: str, name: str = "areas.csv") -> SimpleUploadedFile:
    return SimpleUploadedFile(name, text.encode(), "text/csv")


def given(client: Client, **told: object) -> Asked:
    answer = client.post("/observatory/lists/", told)
    assert answer.status_code == 302, answer.content.decode()
    return Asked.objects.get(code=answer["Location"].rstrip("/").rsplit("/", 1)[-1])


def test_table_of_areas_is_observed_and_told(world: World, signed_in: SignIn) -> None:
    alice = signed_in(world.alice)
    one = given(alice, areas=file(AREAS))
    page = f"/observatory/lists/{one.code}/"
    assert "Observing …" in alice.get(page).content.decode()
    assert not observing.observe_due(START, lambda: True)
    assert observing.observe_due(START, never)
    assert not observing.observe_due(START, never)
    told = alice.get(page)
    assert told.context["told"].headline in told.content.decode()
    assert [figure.name for figure in told.context["drawn"]][:2] == ["ratios", "chances"]
    archive = zipfile.ZipFile(io.BytesIO(alice.get(f"{page}interlock-observed.zip").content))
    assert {"results.json", "report.html", "report.es.html", "datapackage.json"} <= set(
        archive.namelist()
    )
    report = alice.get(f"{page}report.html")
    assert report["Content-Disposition"] == 'attachment; filename="report.html"'
    assert report.content == archive.read("report.html")
    one.refresh_from_db()
    assert one.step > 3


def test_command_gives_the_same_numbers(
    world: World, signed_in: SignIn, tmp_path: object, capsys: pytest.CaptureFixture[str]
) -> None:
    from pathlib import Path

    folder = Path(str(tmp_path))
    one = given(signed_in(world.alice), areas=file(AREAS))
    observing.observe_due(START, never)
    one.refresh_from_db()
    (folder / "areas.csv").write_text(AREAS)
    out = folder / "out"
    assert main(["observe", "--areas", str(folder / "areas.csv"), "--out", str(out), "--resamples", "39"]) in (0, 1)  # fmt: skip
    capsys.readouterr()
    archive = zipfile.ZipFile(io.BytesIO(bytes(one.package or b"")))
    ours, theirs = json.loads(archive.read(RESULTS)), json.loads((out / RESULTS).read_bytes())
    assert ours == theirs


def test_two_lists_of_points_are_observed(world: World, signed_in: SignIn) -> None:
    alice = signed_in(world.alice)
    one = given(alice, pb=file(PB, "pb.csv"), coops=file(COOPS, "coops.csv"), is_synthetic="on")
    assert observing.observe_due(START, never)
    one.refresh_from_db()
    assert (one.failure, one.faults) == ("", [])
    page = alice.get(one.get_absolute_url())
    assert page.context["told"].is_synthetic
    assert "Made-up data" in page.content.decode()
    assert "--synthetic" in page.context["told"].command


def test_fault_of_a_file_says_where_in_the_readers_language(
    world: World, signed_in: SignIn
) -> None:
    alice = signed_in(world.alice)
    one = given(alice, areas=file("code,population,pb,coops\n1,many,yes,2\n"))
    observing.observe_due(START, never)
    page = alice.get(one.get_absolute_url()).content.decode()
    assert "A list cannot be read" in page
    assert "line 2" in page
    assert "“many” is no whole number from 1." in page
    spanish = alice.get(f"{one.get_absolute_url()}?language=es").content.decode()
    assert "is no whole number" not in spanish


def test_column_that_is_missing_is_named_by_its_field(world: World, signed_in: SignIn) -> None:
    alice = signed_in(world.alice)
    one = given(alice, areas=file("code,folk,pb,coops\n1,5,yes,2\n"))
    observing.observe_due(START, never)
    page = alice.get(one.get_absolute_url()).content.decode()
    assert "“People who live there”" in page
    assert "--population" not in page
    again = given(alice, areas=file(AREAS.replace("population", "folk")), column_population="folk")
    observing.observe_due(START, never)
    again.refresh_from_db()
    assert again.package is not None


@pytest.mark.parametrize(
    ("told", "said"),
    [
        ({}, "Give both lists of points, or one table of areas."),
        ({"pb": PB}, "Give both lists of points, or one table of areas."),
        ({"pb": PB, "coops": COOPS, "areas": AREAS}, "Give both lists of points, or one table of areas."),
        ({"areas": ""}, "The submitted file is empty."),
        ({"areas": "x" * (LARGEST + 1)}, "It has more than 5 megabytes."),
    ],
)  # fmt: skip
def test_what_cannot_be_asked_is_refused_in_a_sentence(
    world: World, signed_in: SignIn, told: dict[str, str], said: str
) -> None:
    files = {role: file(text, f"{role}.csv") for role, text in told.items()}
    answer = signed_in(world.alice).post("/observatory/lists/", files)
    assert (answer.status_code, said in answer.content.decode()) == (422, True)
    assert Asked.objects.count() == 0


def test_failure_is_told_without_its_cause(
    world: World, signed_in: SignIn, monkeypatch: pytest.MonkeyPatch
) -> None:
    def fail(*_: object) -> None:
        raise OSError("/srv/secret is full")

    alice = signed_in(world.alice)
    one = given(alice, areas=file(AREAS))
    monkeypatch.setattr(observing, "_reports", fail)
    assert observing.observe_due(START, never)
    page = alice.get(one.get_absolute_url()).content.decode()
    assert "This could not be observed" in page
    assert "secret" not in page


def test_more_than_a_few_do_not_wait(world: World, signed_in: SignIn) -> None:
    alice = signed_in(world.alice)
    for _one in range(rules.MOST_WAITING):
        given(alice, areas=file(AREAS))
    assert alice.post("/observatory/lists/", {"areas": file(AREAS)}).status_code == 429
    given(signed_in(world.bob), areas=file(AREAS))


def test_nobody_else_sees_lists_or_answer(world: World, signed_in: SignIn) -> None:
    alice, bob = signed_in(world.alice), signed_in(world.bob)
    one = given(alice, areas=file(AREAS))
    observing.observe_due(START, never)
    page = one.get_absolute_url()
    paths = (page, f"{page}report.html", f"{page}interlock-observed.zip")
    for path in paths:
        assert [client.get(path).status_code for client in (Client(), bob, alice)] == [
            302,
            404,
            200,
        ]
    assert [alice.get(f"{page}{name}").status_code for name in ("results.json", "other")] == [
        404
    ] * 2
    take_back = f"{page}take-back/"
    assert [one.post(take_back).status_code for one in (Client(), bob)] == [302, 404]
    assert alice.get(take_back).status_code == 405
    assert alice.post(take_back).status_code == 302
    assert Asked.objects.count() == 0
    assert [one.get("/observatory/lists/").status_code for one in (Client(), bob)] == [302, 200]


def test_what_is_taken_back_meanwhile_stays_away(
    world: World, signed_in: SignIn, monkeypatch: pytest.MonkeyPatch
) -> None:
    one = given(signed_in(world.alice), areas=file(AREAS))

    def taken_back(files: dict[str, bytes]) -> dict[str, bytes]:
        actions.take_back(asked=Asked.objects.get(pk=one.pk))
        return {}

    monkeypatch.setattr(observing, "_reports", taken_back)
    assert observing.observe_due(START, never)
    assert Asked.objects.count() == 0


def test_old_answers_are_forgotten(world: World) -> None:
    files = {"areas": ("areas.csv", AREAS.encode())}
    now = timezone.now()
    for days in (1, 91):
        actions.ask(by=world.alice, at=now - timedelta(days=days), files=files, columns={})
    assert actions.forget_asked_due(now)
    assert Asked.objects.count() == 1
    assert not actions.forget_asked_due(now)


def test_pages_ask_as_often_for_many_as_for_one(world: World, signed_in: SignIn) -> None:
    alice = signed_in(world.alice)

    def asked() -> int:
        with CaptureQueriesContext(connection) as captured:
            assert alice.get("/observatory/lists/").status_code == 200
        return len(captured)

    given(alice, areas=file(AREAS))
    before = asked()
    given(alice, areas=file(AREAS))
    given(alice, areas=file(AREAS))
    assert asked() == before <= 5


def test_lists_that_come_with_the_site_are_asked_once_and_told_to_everybody(world: World) -> None:
    page = "/observatory/held/"
    assert "The lists are being observed." in Client().get(page).content.decode()
    assert actions.ask_held_due(START)
    assert not actions.ask_held_due(START)
    assert not observing.observe_due(START, never)  # nobody waits for them
    while observing.observe_held_due(START, never):
        pass
    answer = Client().get(page)
    told = {str(one["about"].title): one["told"] for one in answer.context["lists"]}
    asked = {name: one.results["areas"] for name, one in told.items()}
    assert {name: (one["areas"], one["marked"], one["both"]) for name, one in asked.items()} == {
        "participatorybudgeting.org": (384, 12, 6),
        "Pabulib’s ballots": (384, 14, 7),
        "Both lists": (384, 19, 8),
    }
    assert [row[:2] for row in answer.context["compared"].table.rows] == [
        ["participatorybudgeting.org: people not counted", "16"],
        ["participatorybudgeting.org: people counted", "1.8"],
        ["Pabulib’s ballots: people not counted", "17"],
        ["Pabulib’s ballots: people counted", "3.1"],
        ["Both lists: people not counted", "13"],
        ["Both lists: people counted", "2.0"],
    ]
    assert answer.context["compared"].finding.startswith("Every list seems to show a strong tie")
    one = answer.context["lists"][0]["asked"].get_absolute_url()
    assert Client().get(one).status_code == 200
    assert "Take lists and answer back" not in Client().get(one).content.decode()
    assert Client().get(f"{one}report.html").status_code == 200
    assert Client().get(f"{one}results.json").status_code == 404
    assert Client().get("/observatory/held/other/").status_code == 404


def test_list_of_nobody_is_nobodys_to_take_back(world: World, signed_in: SignIn) -> None:
    actions.ask_held_due(START)
    code = Asked.objects.first().code  # type: ignore[union-attr]
    alice = signed_in(world.alice)
    assert alice.get(f"/observatory/lists/{code}/").status_code == 404
    assert alice.post(f"/observatory/lists/{code}/take-back/").status_code == 404
    own = given(alice, areas=file(AREAS))
    assert Client().get(f"/observatory/held/{own.code}/").status_code == 404


def test_answers_of_another_version_are_forgotten(
    world: World, monkeypatch: pytest.MonkeyPatch
) -> None:
    actions.ask_held_due(START)
    assert not actions.forget_asked_due(START)
    monkeypatch.setattr(queries, "__version__", "0.0.0")
    actions.ask_held_due(START)
    assert Asked.objects.count() == 6
    assert actions.forget_asked_due(START)
    assert set(Asked.objects.values_list("code", flat=True)) == {
        "documented-0.0.0",
        "voted-0.0.0",
        "both-0.0.0",
    }
