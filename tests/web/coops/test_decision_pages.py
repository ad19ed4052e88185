"""The pages of decisions, walked by a secretary and by members."""

import json
import re
from collections.abc import Callable

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from interlock.web.coops.actions import deciding, decisions
from interlock.web.coops.models import Decision, DecisionForm, DecisionStage, Minutes
from interlock.web.coops.queries.waiting import decisions_waiting
from interlock.web.people.models import Person
from interlock.web.record.chain import digest
from tests.web.coops.questions import ENDS, MEETING, Assembly, code_of, make_assembly
from tests.world import START

SignIn = Callable[[Person], Client]
pytestmark = pytest.mark.django_db


def home(assembly: Assembly) -> str:
    return f"/coops/{assembly.coop.institution.slug}/decisions/"


@pytest.fixture
def now(monkeypatch: pytest.MonkeyPatch) -> None:
    """The tests' decisions are of 2027: the site's clock stands at their beginning."""
    monkeypatch.setattr(timezone, "now", lambda: START)


def test_a_secretary_drafts_announces_and_members_vote(now: None, signed_in: SignIn) -> None:
    assembly = make_assembly("colab", 4)
    ben, eva = signed_in(assembly.guild.ben), signed_in(assembly.guild.eva)
    empty = ben.get(home(assembly)).content.decode()
    assert "Nothing has been decided here yet" in empty
    page = ben.get(f"{home(assembly)}new/?kind=bylaws").content.decode()
    assert "those who vote yes or no" in page
    said = {"title": "We buy a van", "text": "Used.", "form": "proposal"}
    ben.post(f"{home(assembly)}new/?kind=ordinary", said)
    decision = Decision.objects.get()
    mine = decision.get_absolute_url()
    refused = ben.post(f"{mine}announce/", {"record_on": "2027-05-03"})
    assert (refused.status_code, "when the meeting is" in refused.content.decode()) == (422, True)
    plan = {"record_on": "2027-05-03", "closes_at": "2027-05-20T12:00"}
    assert ben.post(f"{mine}announce/", plan).status_code == 302
    assert "Your vote" in eva.get(mine).content.decode()
    assert eva.post(f"{mine}vote/", {"choice": ""}).status_code == 422
    assert eva.post(f"{mine}vote/", {"choice": "yes"}).status_code == 302
    told = eva.get(mine).content.decode()
    assert "Eva Lind: Yes" in " ".join(told.split())
    assert "1 of 4 have answered" in told


def test_a_secret_ballot_is_cast_with_ones_code(now: None, signed_in: SignIn) -> None:
    assembly = make_assembly("hypha", 4)
    decision = assembly.ballot()
    ana = signed_in(assembly.guild.ana)
    page = f"{decision.get_absolute_url()}ballot/"
    assert "if all choose the same, everybody knows" in ana.get(page).content.decode()
    wrong = ana.post(page, {"choice": "yes", "code": "AAAA", "nonce": "n"})
    assert (wrong.status_code, "slip in it" in wrong.content.decode()) == (422, True)
    cast = ana.post(
        page, {"choice": "yes", "code": code_of(decision, assembly.guild.ana), "nonce": "n"}
    )
    assert "Your ballot is cast" in ana.get(cast["Location"]).content.decode()


def test_a_ranking_is_filled_in_with_numbers(now: None, signed_in: SignIn) -> None:
    assembly = make_assembly("colab", 4)
    decision = assembly.ballot(kind="election", form=DecisionForm.ELECTION, names=("A", "B", "C"))
    page = f"{decision.get_absolute_url()}vote/"
    ana = signed_in(assembly.guild.ana)
    twice = ana.post(page, {"option_1": "1", "option_2": "1"})
    assert (twice.status_code, "same number" in twice.content.decode()) == (422, True)
    assert ana.post(page, {}).status_code == 422
    assert ana.post(page, {"option_3": "1", "option_1": "2"}).status_code == 302
    assert decision.electors.get(member__name="Ana Ruiz").vote.ranks == [3, 1]
    assert ana.post(page, {"blank": "on"}).status_code == 302
    assert decision.electors.get(member__name="Ana Ruiz").vote.choice == "blank"
    assembly.rank(decision, (1, 2), (1,), (2, 1))
    assembly.closed(decision)
    told = ana.get(decision.get_absolute_url()).content.decode()
    assert "One to one" in told


def test_a_meeting_is_held_on_its_page(monkeypatch: pytest.MonkeyPatch, signed_in: SignIn) -> None:
    assembly = make_assembly("codehook", 4)
    decision = decisions.announce(
        decision=assembly.draft(), by=assembly.secretary, at=START, meets_at=MEETING
    )
    monkeypatch.setattr(timezone, "now", lambda: MEETING)
    ben = signed_in(assembly.guild.ben)
    mine = decision.get_absolute_url()
    ben.post(f"{mine}meeting/", {"came": ["1", "2", "3"]})
    assert "3 of 4 are here" in ben.get(f"{mine}meeting/").content.decode()
    ben.post(f"{mine}do/open/")
    many = {"hands": "1", "yes": "4", "no": "0", "abstain": "0", "blank": "0"}
    assert ben.post(f"{mine}meeting/", many).status_code == 422
    ben.post(f"{mine}meeting/", {**many, "yes": "3"})
    ben.post(f"{mine}do/close/")
    decision.refresh_from_db()
    assert (decision.stage, decision.is_carried) == (DecisionStage.DECIDED, True)


def test_minutes_are_written_and_the_record_is_signed(
    monkeypatch: pytest.MonkeyPatch, signed_in: SignIn
) -> None:
    assembly = make_assembly("colab", 4)
    decision = assembly.ballot()
    assembly.vote(decision, "yes", "yes", "no")
    assembly.closed(decision)
    monkeypatch.setattr(timezone, "now", lambda: ENDS)
    ben, cam = signed_in(assembly.guild.ben), signed_in(assembly.guild.cam)
    mine = decision.get_absolute_url()
    ben.post(f"{mine}minutes/", {"text": "Bob led it."})
    assert "Not signed yet" in cam.get(f"{mine}record/").content.decode()
    ben.post(f"{mine}minutes/", {"name": "Ben Okafor"})
    signed = Minutes.objects.get()
    data = cam.get(f"{mine}record.json")
    body = json.loads(data.content)
    assert digest(body) == signed.sha256
    assert body["vote_event"]["counts"][:2] == [
        {"option": "yes", "value": 2}, {"option": "no", "value": 1},
    ]  # fmt: skip
    assert body["vote_event"]["votes"][0] == {
        "voter": {"name": "Ana Ruiz"}, "option": "yes", "answer": "yes",
    }  # fmt: skip
    shown = re.sub(r"<[^>]*>|\s", "", cam.get(f"{mine}record/").content.decode())
    assert signed.sha256 in shown
    assert cam.get(f"{mine}minutes/").status_code == 403
    assert ben.get(f"{mine}minutes/").status_code == 302


def test_the_record_of_a_secret_ballot_has_no_votes(signed_in: SignIn) -> None:
    assembly = make_assembly("hypha", 4)
    decision = assembly.ballot()
    assembly.vote(decision, "yes", "no", "yes")
    assembly.closed(decision)
    client = signed_in(assembly.guild.cam)
    body = json.loads(client.get(f"{decision.get_absolute_url()}record.json").content)
    assert body["vote_event"]["votes"] == []


def test_lists_and_pages_ask_the_same_however_much_there_is(now: None, signed_in: SignIn) -> None:
    assembly = make_assembly("colab", 4)
    client = signed_in(assembly.guild.ben)
    first = assembly.ballot(form=DecisionForm.CONSENT)
    deciding.object_to(decision=first, text="No.", by=assembly.guild.eva, at=first.drafted_at)
    client.get(home(assembly))
    counts = {}
    for page in (home(assembly), first.get_absolute_url()):
        with CaptureQueriesContext(connection) as asked:
            client.get(page)
        counts[page] = len(asked)
    for voter in (assembly.guild.ana, assembly.guild.bob):
        deciding.object_to(decision=first, text="No.", by=voter, at=first.drafted_at)
    assembly.ballot()
    assembly.draft()
    for page, before in counts.items():
        with CaptureQueriesContext(connection) as asked:
            client.get(page)
        assert len(asked) == before
    assert counts[home(assembly)] <= 9
    assert counts[first.get_absolute_url()] <= 13


def test_a_vote_waits_on_the_desk_until_it_is_given() -> None:
    assembly = make_assembly("colab", 4)
    decision = assembly.ballot(form=DecisionForm.CONSENT)
    guild = assembly.guild
    [vote] = decisions_waiting(guild.eva)
    assert (str(vote.title), vote.quoted) == ("Vote on a decision", "A second van")
    assert list(decisions_waiting(guild.cam)) == []
    deciding.object_to(decision=decision, text="No.", by=guild.eva, at=decision.drafted_at)
    assert list(decisions_waiting(guild.eva)) == []
    assert [str(one.title) for one in decisions_waiting(guild.ben)] == [
        "Vote on a decision", "Answer an objection",
    ]  # fmt: skip
    assembly.closed(decision)
    assert [str(one.title) for one in decisions_waiting(guild.ben)] == ["Write the minutes"]


@pytest.mark.parametrize("verb", ["withdraw", "resolve", "stand-down"])
def test_what_is_not_there_is_not_found(now: None, signed_in: SignIn, verb: str) -> None:
    assembly = make_assembly("colab", 4)
    ben, page = signed_in(assembly.guild.ben), assembly.ballot().get_absolute_url()
    for key in ("abc", "²", "9" * 40, ""):
        said = {"objection": key, "option": key, "choice": "yes", "text": "So."}
        assert ben.post(f"{page}do/{verb}/", said).status_code == 404
