"""The other side is asked by e-mail, and answers from it without an account."""

import re
from collections.abc import Callable
from datetime import timedelta

import pytest
from django.test import Client
from django.utils import timezone

from interlock.web.institutions import claiming, importing
from interlock.web.institutions.actions import give_role, register
from interlock.web.institutions.models import Institution, Membership, Role
from interlock.web.look.refusals import Refused
from interlock.web.messages.models import Mail
from interlock.web.people.models import Person
from interlock.web.ties import rules
from interlock.web.ties.actions import answer_by_link, ask, change, confirm, say
from interlock.web.ties.models import Act, NoMail, Predicate, Standing, Tie, TieLink
from tests.staging import staged
from tests.web.ties.conftest import LATER
from tests.world import START, World, entrust

SignIn = Callable[[Person], Client]


@staged
def dock(world: World) -> Institution:
    """A firm that nobody looks after; its page shows an e-mail address."""
    return register(name="Dock", kind="firm", email="Office@dock.example", at=START)


def hosts(world: World, dock: Institution, number: int = 0, **named: object) -> Tie:
    """The city says that it hosts the dock, since some year."""
    told = {"at": timezone.now(), "speaker": world.city, "by": world.alice, **named}
    since = None if not number else START.date().replace(year=2000 + number)
    return say(subject=world.city, predicate=Predicate.HOSTS, object=dock, since=since, **told)  # type: ignore[arg-type]


def links(mail: Mail) -> list[str]:
    """The addresses in a mail, in its first language."""
    return re.findall(r"http://\S+?(/\S+)", mail.text.split("-" * 40)[0])


def link_in(mail: Mail) -> str:
    return next(url for url in links(mail) if "/answer/" in url)


def test_published_address_answers_by_a_link(world: World, dock: Institution) -> None:
    tie = hosts(world, dock)
    mail = Mail.objects.get()
    assert mail.to == "Office@dock.example"
    assert not TieLink.objects.filter(token_hash__in=link_in(mail).split("/")).exists()
    client, url = Client(), link_in(mail)
    page = client.get(url).content.decode()
    assert ("City of Riverbend hosts Dock" in page, "Yes, it is so" in page) == (True, True)
    tie.refresh_from_db()
    assert tie.standing == Standing.SAID
    answer = client.post(url, {"answer": "yes", "read": tie.fingerprint})
    assert (answer.status_code, answer["Location"]) == (302, f"/ties/{tie.pk}/")
    tie.refresh_from_db()
    assert tie.standing == Standing.CONFIRMED
    story = " ".join(client.get(f"/ties/{tie.pk}/").content.decode().split())
    assert "<strong>Dock</strong> confirmed it, by e-mail" in story
    again = client.post(url, {"answer": "no", "reason": "Oh."})
    assert (again.status_code, "used already" in again.content.decode()) == (410, True)


def test_link_disputes_with_a_reason(world: World, dock: Institution) -> None:
    tie = hosts(world, dock)
    url, client = link_in(Mail.objects.get()), Client()
    assert client.post(url, {"answer": "no", "reason": " "}).status_code == 422
    assert client.post(url, {"answer": "no", "reason": "We pay rent."}).status_code == 302
    tie.refresh_from_db()
    assert (tie.state, tie.dispute) == ("Disputed by Dock", "We pay rent.")
    told = Mail.objects.latest("pk")
    assert (told.to, "We pay rent." in told.text) == (world.alice.email, True)


def token_of(mail: Mail) -> str:
    return link_in(mail).split("/")[-2]


@pytest.mark.parametrize(
    ("late", "email", "steward", "said"),
    [
        (rules.LINK_LIFETIME, "", False, "too old"),
        (timedelta(0), "new@dock.example", False, "another e-mail address"),
        (timedelta(0), "", True, "Its own people look after its page"),
    ],
)
def test_link_holds_no_longer(
    world: World, dock: Institution, late: timedelta, email: str, steward: bool, said: str
) -> None:
    tie = hosts(world, dock, at=START)
    if email:
        Institution.objects.filter(pk=dock.pk).update(email=email)
    if steward:
        Membership.objects.create(
            institution=dock, person=world.carol, role=Role.STEWARD, since=START
        )
    token = token_of(Mail.objects.get())
    with pytest.raises(Refused, match=said) as refused:
        answer_by_link(token=token, yes=True, at=START + late)
    assert refused.value.status == 410
    tie.refresh_from_db()
    assert tie.standing == Standing.SAID


def test_unknown_link_says_so(world: World) -> None:
    answer = Client().get("/ties/answer/none/")
    assert (answer.status_code, "not one of ours" in answer.content.decode()) == (410, True)


def test_link_answers_what_was_read(world: World, dock: Institution) -> None:
    tie = hosts(world, dock)
    url, client, read = link_in(Mail.objects.get()), Client(), tie.fingerprint
    change(tie=tie, speaker=world.city, by=world.alice, at=timezone.now(), note="For ever.")
    answer = client.post(url, {"answer": "yes", "read": read})
    assert (answer.status_code, "changed while you read" in answer.content.decode()) == (409, True)
    assert "For ever." in answer.content.decode()
    tie.refresh_from_db()
    assert tie.standing == Standing.SAID
    # The link is not used up by what it did not do.
    assert client.post(url, {"answer": "yes", "read": tie.fingerprint}).status_code == 302


def test_change_is_agreed_to_by_a_link(world: World, dock: Institution) -> None:
    tie, client = hosts(world, dock), Client()
    client.post(link_in(Mail.objects.get()), {"answer": "yes"})
    change(tie=tie, speaker=world.city, by=world.alice, at=timezone.now(), note="In a school.")
    url = link_in(Mail.objects.latest("pk"))
    page = client.get(url).content.decode()
    assert "In a school." in page
    read = Tie.objects.get().change.fingerprint
    assert client.post(url, {"answer": "yes", "read": read}).status_code == 302
    tie.refresh_from_db()
    assert (tie.note, tie.standing) == ("In a school.", Standing.CONFIRMED)


def test_few_mails_a_day_go_to_an_address(world: World, dock: Institution) -> None:
    for number in range(5):
        hosts(world, dock, number)
    assert Mail.objects.count() == rules.MOST_MAILS_TO_STRANGERS
    hosts(world, dock, 6, at=timezone.now() + rules.DAY)
    assert Mail.objects.count() == rules.MOST_MAILS_TO_STRANGERS + 1


def test_few_mails_a_day_go_to_stewards(world: World, mill: Institution) -> None:
    for number in range(12):
        hosts(world, mill, number)
    assert Mail.objects.count() == rules.MOST_MAILS


def test_who_wants_no_more_mail_gets_none(world: World, dock: Institution) -> None:
    hosts(world, dock)
    url = next(one for one in links(Mail.objects.get()) if "/ties/mail/" in one)
    client = Client()
    assert client.get(url).status_code == 200
    assert not NoMail.objects.exists()
    assert client.post(url).status_code == 302
    hosts(world, dock, 1)
    assert Mail.objects.count() == 1
    assert "no mails about ties" in client.get(url).content.decode().lower()
    client.post(url, {"again": "1"})
    hosts(world, dock, 2)
    assert Mail.objects.count() == 2
    assert client.get("/ties/mail/none/").status_code == 410


def test_address_of_a_list_that_was_undone_proves_nothing(world: World) -> None:
    entrust(world.carol)
    lines = b"Name,Email\nPier,office@pier.example\nDeck,office@deck.example\n"
    held, _planned = importing.enter_at_once(
        data=lines, file_name="list.csv", choices=importing.Choices(), at=START, by=world.carol
    )
    pier, deck = (Institution.objects.get(slug=slug) for slug in ("pier", "deck"))
    hosts(world, deck)
    assert [mail.to for mail in Mail.objects.all()] == ["office@deck.example"]
    claiming.ask(
        institution=pier, person=world.bob, asked_of=Institution.objects.get(trusted_at__isnull=False),
        about="Me", at=START,
    )  # fmt: skip
    importing.undo(entering=held, at=START, by=world.carol)
    hosts(world, pier)
    hosts(world, deck, 1)
    assert [mail.to for mail in Mail.objects.filter(to__contains="@pier")] == []
    assert (TieLink.objects.count(), Mail.objects.filter(to="office@deck.example").count()) == (
        1,
        1,
    )


def test_nobody_answers_themselves(world: World, dock: Institution) -> None:
    """Neither by a link to the own address, nor by a mail to oneself as steward of the other."""
    Institution.objects.filter(pk=dock.pk).update(email="Alice@example.org")
    hosts(world, dock)
    assert Mail.objects.count() == 0
    give_role(
        institution=register(name="Yard", kind="firm", steward=world.alice, at=START),
        person=world.bob,
        role=Role.MEMBER,
        by=world.alice,
        at=START,
    )
    before = Mail.objects.count()
    hosts(world, Institution.objects.get(slug="yard"))
    assert Mail.objects.count() == before


def test_silent_side_is_asked_again_after_two_weeks(world: World, dock: Institution) -> None:
    tie = hosts(world, dock, at=START)
    again = {"tie": tie, "speaker": world.city, "by": world.alice}
    with pytest.raises(Refused, match="less than two weeks ago"):
        ask(**again, at=START + rules.DAY)  # type: ignore[arg-type]
    ask(**again, at=START + rules.BEFORE_ASKING_AGAIN)  # type: ignore[arg-type]
    assert (Mail.objects.count(), tie.words.filter(act=Act.ASKED).count()) == (2, 2)


def test_who_said_so_is_told_the_answer(world: World, mill: Institution, funds: Tie) -> None:
    confirm(tie=funds, speaker=mill, by=world.bob, at=LATER)
    mail = Mail.objects.latest("pk")
    assert mail.to == world.alice.email
    assert "Mill says yes: City of Riverbend funds Mill" in mail.subject


def test_mail_names_no_person(world: World, dock: Institution) -> None:
    hosts(world, dock)
    assert world.alice.email not in Mail.objects.get().text
