"""The public pages of a process, with and without script, and their errors."""

import io
import re
import zipfile

import pytest
from django.http import HttpResponse
from django.test import Client
from django.utils import timezone

from interlock.methods.formats import bundle, pabulib
from interlock.web.voting import codes
from interlock.web.voting.models import Draft, Envelope
from tests.world import World

Shown = tuple[World, Client, str]


@pytest.fixture
def shown(world: World, monkeypatch: pytest.MonkeyPatch) -> Shown:
    """An open vote, a browser, and the address of its ballot."""
    monkeypatch.setattr(timezone, "now", lambda: world.process.created_at)
    world.open()
    return world, Client(), f"{world.process.get_absolute_url()}ballot/"


def nonce_of(page: str) -> str:
    return page.split('name="nonce" value="')[1].split('"')[0]


def ticked(answer: HttpResponse) -> list[str]:
    """The projects that a ballot page shows as ticked."""
    boxes = re.findall(r"<input\s[^>]*type=\"checkbox\"[^>]*>", answer.content.decode())
    return [
        found[1]
        for box in boxes
        if "checked" in box and (found := re.search(r'value="(\w+)"', box))
    ]


def test_ballot_goes_from_ticks_to_receipt(shown: Shown) -> None:
    world, client, ballot = shown
    answer = client.post(ballot, {"project": ["1", "3"]}, follow=True)
    page = answer.content.decode()
    assert "Look once more, then cast" in page
    cast = {"project": ["1", "3"], "nonce": nonce_of(page), "code": world.letters[0].code}
    receipt = client.post(f"{ballot}review/", cast, follow=True)
    assert "Your ballot is cast." in receipt.content.decode()
    assert (Envelope.objects.count(), Draft.objects.count()) == (1, 0)


def test_touch_saves_the_draft_and_answers_the_bar_alone(shown: Shown) -> None:
    _world, client, ballot = shown
    answer = client.post(ballot, {"project": ["1"]}, headers={"HX-Request": "true"})
    page = answer.content.decode()
    assert ("<html" in page, "My ballot" in page, "Carry on elsewhere" in page) == (
        False,
        True,
        True,
    )
    assert Draft.objects.get().content == {"city-wide": ["1"]}
    assert ticked(client.get(ballot)) == ["1"]


def test_draft_is_carried_on_by_its_code_on_another_device(shown: Shown) -> None:
    _world, client, ballot = shown
    client.post(ballot, {"project": ["3"]}, headers={"HX-Request": "true"})
    code = client.cookies["draft"].value
    other = Client()
    page = other.post(f"{ballot}resume/", {"code": codes.grouped(code).lower()}, follow=True)
    assert ticked(page) == ["3"]


def test_unknown_code_of_a_draft_is_refused_with_a_reason(shown: Shown) -> None:
    answer = shown[1].post(f"{shown[2]}resume/", {"code": "AAAA"})
    assert (answer.status_code, "No kept choices go by that code" in answer.content.decode()) == (
        404,
        True,
    )


def test_too_many_choices_are_kept_and_explained(shown: Shown) -> None:
    _world, client, ballot = shown
    answer = client.post(ballot, {"project": ["1", "2"]})
    page = answer.content.decode()
    assert (answer.status_code, "at most 1 can be on a ballot" in page) == (422, True)
    assert Draft.objects.get().content == {"city-wide": ["1", "2"]}


def test_empty_ballot_is_refused_with_the_way_on(shown: Shown) -> None:
    answer = shown[1].post(shown[2], {})
    assert (answer.status_code, "Tick at least one project" in answer.content.decode()) == (
        422,
        True,
    )


def test_wrong_voting_code_keeps_choices_and_nonce(shown: Shown) -> None:
    _world, client, ballot = shown
    wrong = {"project": ["1"], "nonce": "kept", "code": codes.new_voting_code()}
    answer = client.post(f"{ballot}review/", wrong)
    page = answer.content.decode()
    assert (answer.status_code, nonce_of(page), "not on the roll" in page) == (422, "kept", True)
    assert Envelope.objects.count() == 0


def test_project_of_another_vote_is_not_taken(shown: Shown) -> None:
    world, client, ballot = shown
    client.post(
        f"{ballot}review/", {"project": ["99"], "nonce": "n", "code": world.letters[0].code}
    )
    assert Envelope.objects.count() == 0


def test_cast_leaves_no_session_and_no_other_cookie(shown: Shown) -> None:
    world, client, ballot = shown
    client.post(ballot, {"project": ["1"]})
    client.post(f"{ballot}review/", {"project": ["1"], "nonce": "n", "code": world.letters[0].code})
    assert {name for name, cookie in client.cookies.items() if cookie.value} <= {"csrftoken"}


def test_late_visit_closes_the_vote(shown: Shown, monkeypatch: pytest.MonkeyPatch) -> None:
    world, client, ballot = shown
    monkeypatch.setattr(timezone, "now", lambda: world.process.closes_at)
    answer = client.get(ballot)
    assert (answer.status_code, world.refresh().box.closed_at) == (409, world.process.closes_at)


def test_result_tells_every_project_with_its_numbers(world: World) -> None:
    world.open().cast_many(40).close().count().publish()
    page = Client().get(f"{world.process.get_absolute_url()}result/").content.decode()
    assert "2 projects funded" in page
    assert "20 voters supported it. Each of them paid at most $3,200" in page
    assert "The whole shares of its 20 supporters make" in page
    assert "Wheelhouse Cooperative" in page


def test_bundle_is_the_published_one_and_recounts(world: World) -> None:
    world.open().cast_many(40).close().count().publish()
    answer = Client().get(f"{world.process.get_absolute_url()}result/bundle/")
    found = bundle.recount(b"".join(answer.streaming_content))
    assert (found.differences, found.fingerprint) == ((), world.process.fingerprint)


def test_ballot_file_reads_as_the_counted_election(world: World) -> None:
    world.open().cast_many(40).close().count().publish()
    url = f"{world.process.get_absolute_url()}result/ballots/harbor/"
    file = pabulib.read(Client().get(url).content)
    assert (len(file.ballots), file.projects, file.rule) == (40, ("3", "4"), "equalshares/add1")


def test_two_areas_of_one_ballot_cannot_be_joined_by_order(world: World) -> None:
    """Each area's file is sorted by what it says itself."""
    world.open()
    for letter, (city, harbor) in enumerate(10 * [("1", "4"), ("1", "3"), ("2", "4"), ("2", "3")]):
        world.cast(letter, {"city-wide": [city], "harbor": [harbor]})
    world.close().count().publish()
    answer = Client().get(f"{world.process.get_absolute_url()}result/bundle/")
    with zipfile.ZipFile(io.BytesIO(b"".join(answer.streaming_content))) as archive:
        file = pabulib.read(archive.read("harbor.pb"))
    assert file.ballots.projects.tolist() == sorted(file.ballots.projects.tolist())


def test_few_ballots_are_not_published(world: World) -> None:
    world.open().cast_many(10).close().count().publish()
    url, client = world.process.get_absolute_url(), Client()
    page = client.get(f"{url}result/").content.decode()
    assert ("supported it" in page, "$" in page, "Funded" in page) == (False, True, True)
    assert [
        client.get(f"{url}result/{end}").status_code for end in ("bundle/", "ballots/harbor/")
    ] == [
        403,
        403,
    ]
    rows = client.get(f"{url}result/projects.csv").content.decode().splitlines()
    assert rows[1] == "City-wide,1,Shade at bus stops,64000,,,1,,,,,"
    told = client.get(f"/api/processes/{world.process.slug}/result").json()
    assert (told["ballots_public"], told["areas"][0]["votes"]) == (False, {})


def test_one_area_with_few_ballots_keeps_all_of_them_back(world: World) -> None:
    world.open()
    for letter in range(35):
        world.cast(
            letter, {"city-wide": ["1"], "harbor": ["3"]} if letter < 5 else {"city-wide": ["1"]}
        )
    world.close().count().publish()
    url = world.process.get_absolute_url()
    page = Client().get(f"{url}result/").content.decode()
    assert ("35 voters cast a ballot" in page, "supported it" in page) == (True, False)
    assert Client().get(f"{url}result/bundle/").status_code == 403


def test_very_small_turnout_is_told_nowhere(world: World) -> None:
    world.open().cast_many(7).close().count().publish()
    client = Client()
    seen = client.get(f"{world.process.get_absolute_url()}result/").content.decode()
    assert "Fewer than ten people cast a ballot." in seen
    assert "closed with fewer than ten ballots" in client.get("/record/").content.decode()
    assert client.get(f"/api/processes/{world.process.slug}/result").json()["ballots"] is None


def test_csv_cell_cannot_be_a_formula(world: World) -> None:
    world.process.projects.filter(ref="1").update(title="=HYPERLINK(1)")
    world.open().cast_many(40).close().count().publish()
    rows = Client().get(f"{world.process.get_absolute_url()}result/projects.csv").content.decode()
    assert "'=HYPERLINK(1)" in rows


def test_spanish_page_is_spanish(world: World, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(timezone, "now", lambda: world.process.created_at)
    world.open()
    page = Client().get(
        f"{world.process.get_absolute_url()}ballot/", headers={"Accept-Language": "es"}
    )
    assert (
        'lang="es"' in page.content.decode(),
        "Sombra en las paradas" in page.content.decode(),
    ) == (
        True,
        True,
    )
