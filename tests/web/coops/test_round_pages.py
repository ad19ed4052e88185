"""The pages of a round: from a pot and an amount to its end, without leaving them."""

from collections.abc import Callable
from datetime import timedelta

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from interlock.web.coops.actions import rounds as actions
from interlock.web.coops.models import Account, Round
from interlock.web.people.models import Person
from tests.web.coops.guild import Guild
from tests.web.coops.playing import ENDED, begun, counted, opened, pot
from tests.world import CLOSE, START


@pytest.fixture(autouse=True)
def now(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(timezone, "now", lambda: START)


@pytest.fixture
def clients(guild: Guild, signed_in: Callable[[Person], Client]) -> Callable[[str], Client]:
    return lambda who: signed_in(getattr(guild, who))


def test_a_treasurer_begins_and_opens_a_round_and_a_member_adds_a_project(
    guild: Guild, clients: Callable[[str], Client]
) -> None:
    source, home = pot(guild), f"/coops/{guild.spokes.slug}/"
    ana, eva = clients("ana"), clients("eva")
    assert b"Begin a round" in ana.get(f"{home}rounds/").content
    assert b"The treasurer begins it" in eva.get(f"{home}rounds/").content
    said = {"title_0": "Our pot", "source": source.pk, "amount": "600", "way": "vote"}
    assert ana.post(f"{home}rounds/new/", said).headers["Location"] == f"{home}rounds/1/"
    idea = {"title_0": "Espresso", "minimum": "400"}
    assert eva.post(f"{home}rounds/1/projects/new/", idea).status_code == 302
    assert b"Espresso" in ana.get(f"{home}rounds/1/").content
    told = ana.get(f"{home}rounds/1/open/").content.decode()
    assert "Today 4 people would take part." in told
    end = {"record_on": "2027-05-03", "closes_at": "2027-05-10T18:00"}
    assert ana.post(f"{home}rounds/1/open/", end).status_code == 302
    held = Round.objects.get()
    assert (held.amount, held.electors, str(held)) == (60_000, 4, "Our pot")
    assert b"Open my ballot" in eva.get(f"{home}rounds/1/").content


def test_too_large_an_amount_is_told_at_its_field(
    guild: Guild, clients: Callable[[str], Client]
) -> None:
    source = pot(guild)
    said = {"title_0": "Our pot", "source": source.pk, "amount": "1000.01", "way": "vote"}
    answer = clients("ana").post(f"/coops/{guild.spokes.slug}/rounds/new/", said)
    assert answer.status_code == 422
    assert "has only $1,000" in answer.content.decode()
    assert "1000.01" in answer.content.decode()


def test_without_money_the_first_step_is_said(
    guild: Guild, clients: Callable[[str], Client]
) -> None:
    answer = clients("ana").get(f"/coops/{guild.spokes.slug}/rounds/new/")
    assert answer.status_code == 409
    assert b"A year\xe2\x80\x99s surplus fills one" in answer.content


def test_pledges_are_typed_on_one_page_and_told_when_too_much(
    guild: Guild, clients: Callable[[str], Client]
) -> None:
    held = opened(begun(guild, is_pledged=True), guild)
    one, other = held.process.projects.order_by("pk")
    page = f"/coops/{guild.spokes.slug}/rounds/1/pledges/"
    eva = clients("eva")
    said = {f"project_{one.pk}": "100", f"project_{other.pk}": "200"}
    answer = eva.post(page, said)
    assert answer.status_code == 422
    assert "That is $75 more than you have." in answer.content.decode()
    assert eva.post(page, said | {f"project_{other.pk}": ""}).status_code == 302
    assert held.allowances.get(member__person=guild.eva).pledged == 10_000
    assert b"$125" in eva.get(f"/coops/{guild.spokes.slug}/rounds/1/").content


def test_the_first_look_after_its_end_settles_the_pledges(
    guild: Guild, clients: Callable[[str], Client], monkeypatch: pytest.MonkeyPatch
) -> None:
    held = opened(begun(guild, is_pledged=True), guild)
    monkeypatch.setattr(timezone, "now", lambda: CLOSE)
    assert b"This round is over" in clients("eva").get(held.get_absolute_url()).content
    assert Account.objects.get(pk=held.source_id).balance == 100_000


def test_the_treasurer_looks_and_publishes_to_the_members(
    guild: Guild, clients: Callable[[str], Client], monkeypatch: pytest.MonkeyPatch
) -> None:
    held = counted(opened(begun(guild), guild))
    monkeypatch.setattr(timezone, "now", lambda: ENDED)
    page = held.get_absolute_url()
    assert f"{page}publish/" in clients("ana").get(f"{page}result/").content.decode()
    assert clients("eva").get(f"/budgets/{held.process.slug}/result/").status_code == 409
    assert clients("ana").post(f"{page}publish/").status_code == 302
    shown = clients("eva").get(f"/budgets/{held.process.slug}/result/").content.decode()
    assert f'href="{page}"' in shown
    assert "/delivery/" + held.process.slug not in shown


def test_a_round_is_ended_with_a_reason(guild: Guild, clients: Callable[[str], Client]) -> None:
    held = begun(guild)
    page = f"{held.get_absolute_url()}end/"
    assert clients("ana").post(page, {"why": ""}).status_code == 422
    assert clients("ana").post(page, {"why": "Not this year."}).status_code == 302
    assert b"Not this year." in clients("eva").get(held.get_absolute_url()).content


def test_lists_and_pages_ask_as_often_however_much_there_is(
    guild: Guild, clients: Callable[[str], Client]
) -> None:
    held, eva = begun(guild, is_pledged=True), clients("eva")
    pages = [f"/coops/{guild.spokes.slug}/rounds/", held.get_absolute_url()]
    asked = []
    for _turn in range(2):
        for page in pages:
            with CaptureQueriesContext(connection) as seen:
                assert eva.get(page).status_code == 200
            asked.append(len(seen))
        for number in range(3):
            actions.put_project(
                round=held, title=f"More {number}", minimum=1_000, by=guild.eva, at=START
            )
            actions.begin_round(
                coop=guild.coop, source=held.source, amount=100, title="More", by=guild.ana,
                at=START + timedelta(hours=number),
            )  # fmt: skip
    assert asked[:2] == asked[2:]
    assert max(asked) <= 18
