"""Of decisions nobody outside learns anything, and who left neither."""

from collections.abc import Callable
from datetime import timedelta

import pytest
from django.test import Client
from django.utils import timezone

from interlock.web.coops.actions import deciding, decisions, minutes
from interlock.web.coops.models import Decision, DecisionForm
from interlock.web.messages.models import Mail
from interlock.web.people.models import Person
from tests.staging import staged
from tests.web.coops.questions import ENDS, MEETING, Assembly, make_assembly
from tests.world import START, World

SignIn = Callable[[Person], Client]
NAMES = ("Ruiz", "Okafor", "Marsh", "Lind", "Haddad", "Petrov", "second van", "Too dear")


@staged
def assembly(world: World) -> Assembly:
    return make_assembly("codehook", 4)


def pages(assembly: Assembly, decision: Decision) -> list[str]:
    home = f"/coops/{assembly.coop.institution.slug}/decisions/"
    mine = f"{home}{decision.pk}/"
    last = (
        "", "edit/", "announce/", "cancel/", "ballot/", "meeting/", "minutes/", "record/",
        "record.pdf", "record.json",
    )  # fmt: skip
    return [home, f"{home}new/", *(mine + one for one in last)]


def decided(assembly: Assembly) -> Decision:
    decision = assembly.meeting(came=4, form=DecisionForm.CONSENT)
    deciding.object_to(decision=decision, text="Too dear.", by=assembly.guild.eva, at=MEETING)
    done = deciding.close(decision=decision, by=assembly.secretary, at=MEETING)
    minutes.write_minutes(decision=done, text="Ana Ruiz led it.", by=assembly.secretary, at=MEETING)
    return done


def test_outsiders_and_who_left_find_no_page(
    assembly: Assembly, world: World, signed_in: SignIn
) -> None:
    open_one, done = assembly.ballot(), decided(assembly)
    guild = assembly.guild
    outsiders = [world.alice, guild.carol, guild.dora, guild.fay, guild.wes]
    for person in outsiders:
        client = signed_in(person)
        for decision in (open_one, done):
            for page in pages(assembly, decision):
                answer = client.get(page)
                told = answer.content.decode()
                assert answer.status_code == 404, page
                assert not [name for name in NAMES if name in told], page
            for verb in ("vote/", "discard/", "do/open/", "do/close/", "do/sign/"):
                address = f"{pages(assembly, decision)[2]}{verb}"
                assert client.post(address, {"choice": "yes"}).status_code == 404


def test_anonymous_visitors_are_asked_to_sign_in(assembly: Assembly, client: Client) -> None:
    for page in pages(assembly, decided(assembly)):
        answer = client.get(page)
        assert (answer.status_code, answer.url.split("?")[0]) == (302, "/account/sign-in/")  # type: ignore[attr-defined]


def test_public_pages_say_nothing_of_a_decision(assembly: Assembly, client: Client) -> None:
    """The record, the institution, and a receipt that somebody shows around."""
    secret = assembly.draft(is_secret=True)
    receipt = assembly.say(assembly.ballot(secret), assembly.guild.ana, choice="yes")
    decided(assembly)
    slug = assembly.coop.institution.slug
    for page in ("/record/", f"/institutions/{slug}/", f"/receipt/{receipt}/", "/"):
        answer = client.get(page, follow=True)
        told = answer.content.decode()
        assert not [name for name in NAMES if name in told], page


def test_no_code_goes_to_who_left_before_the_vote_opened(db: None) -> None:
    """The mail tells what is decided, and a code of a vote that is not theirs any more."""
    assembly = make_assembly("hypha", 6)
    later, gone = START + timedelta(days=2), assembly.voters[4]
    decisions.announce(
        decision=assembly.draft(), by=assembly.secretary, at=START, opens_at=later, closes_at=ENDS
    )
    assembly.leave(gone)
    Mail.objects.all().delete()
    assert deciding.act_due(later)
    assert sorted({one.to for one in Mail.objects.all()}) == sorted(
        one.email for one in assembly.voters if one != gone
    )


def test_drafts_are_their_writers(
    assembly: Assembly, signed_in: SignIn, monkeypatch: pytest.MonkeyPatch
) -> None:
    """An initiative is for all to read: so that they can sign it."""
    monkeypatch.setattr(timezone, "now", lambda: START)
    guild = assembly.guild
    draft, initiative = assembly.draft(), assembly.draft(by=guild.eva)
    answers = {
        name: [
            signed_in(getattr(guild, name)).get(one.get_absolute_url()).status_code
            for one in (draft, initiative)
        ]
        for name in ("ben", "bob", "eva", "cam", "fay")
    }
    assert answers == {
        "ben": [200, 200], "bob": [200, 200], "eva": [404, 200], "cam": [404, 200], "fay": [404, 404],
    }  # fmt: skip
