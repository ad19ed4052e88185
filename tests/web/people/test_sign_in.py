"""Signing in by code, and by the one-time link that a server prints."""

import re
from datetime import timedelta

import pytest
from django.core import mail
from django.test import Client
from django.utils import timezone

from interlock.__main__ import main
from interlock.web.look.refusals import Refused
from interlock.web.people import actions
from interlock.web.people.models import Person
from tests.world import START

BACKEND = "django.contrib.auth.backends.ModelBackend"


@pytest.mark.django_db
def test_link_signs_in_once() -> None:
    url = f"/account/sign-in/link/{actions.invite(email='dora@example.org', at=timezone.now())}/"
    client = Client()
    assert client.get(url).status_code == 200
    assert client.post(url, follow=True).redirect_chain == [("/desk/", 302)]
    again = Client().post(url)
    assert (again.status_code, "used already" in again.content.decode()) == (410, True)


@pytest.mark.django_db
def test_link_is_refused_after_a_day() -> None:
    token = actions.invite(email="dora@example.org", at=START)
    with pytest.raises(Refused, match="older than a day"):
        actions.use_link(token=token, at=START + timedelta(days=1))


@pytest.mark.django_db
def test_opening_a_link_does_not_use_it_up() -> None:
    url = f"/account/sign-in/link/{actions.invite(email='dora@example.org', at=timezone.now())}/"
    Client().get(url)
    assert Client().post(url).status_code == 302


def code_in_mail() -> str:
    found = re.search(r"^\s*([A-Z0-9]{3,4}-?[A-Z0-9]{3,4})\s*$", mail.outbox[-1].body, re.MULTILINE)
    assert found is not None, mail.outbox[-1].body
    return found[1]


@pytest.mark.django_db
def test_newcomer_makes_an_account_with_the_code_from_the_mail() -> None:
    client = Client()
    page = client.post("/account/new/", {"email": "dora@example.org"}, follow=True)
    assert "Type the code we sent" in page.content.decode()
    done = client.post("/account/new/code/", {"code": code_in_mail()}, follow=True)
    assert "My desk" in done.content.decode()
    assert Person.objects.get().email == "dora@example.org"


@pytest.mark.django_db
def test_known_person_signs_in_with_the_code_from_the_mail() -> None:
    actions.invite(email="dora@example.org", at=timezone.now())
    client = Client()
    client.post("/account/sign-in/", {"email": "dora@example.org"}, follow=True)
    done = client.post("/account/sign-in/code/", {"code": code_in_mail()}, follow=True)
    assert "dora@example.org" in done.content.decode()


@pytest.mark.django_db
def test_unknown_address_gets_the_same_answer_as_a_known_one() -> None:
    actions.invite(email="dora@example.org", at=timezone.now())
    answers = [
        Client().post("/account/sign-in/", {"email": email}, follow=True)
        for email in ("dora@example.org", "nobody@example.org")
    ]
    bodies = [
        re.sub(r"(dora|nobody)@example.org|value=\"[^\"]{20,}\"", "", a.content.decode())
        for a in answers
    ]
    assert bodies[0] == bodies[1]


@pytest.mark.django_db
@pytest.mark.parametrize(
    ("then", "address"),
    [
        ("/ties/new/?as=mill", "/account/new/?next=%2Fties%2Fnew%2F%3Fas%3Dmill"),
        ("https://evil.example/", "/account/new/"),
    ],
)
def test_who_has_no_account_goes_on_to_where_they_wanted(then: str, address: str) -> None:
    page = Client().post(
        "/account/sign-in/", {"email": "nobody@example.org", "next": then}, follow=True
    )
    assert "Then the mail has no code" in page.content.decode()
    assert f"http://testserver{address}" in mail.outbox[-1].body.split()


@pytest.mark.django_db
def test_closed_site_makes_no_accounts(settings) -> None:
    settings.INTERLOCK_REGISTRATION = False
    page = Client().get("/account/new/").content.decode()
    assert "Accounts are by invitation" in page


@pytest.mark.django_db
def test_who_is_signed_in_is_asked_no_code_of_a_new_account() -> None:
    client = Client()
    client.force_login(Person.objects.by_email("dora@example.org"), backend=BACKEND)
    assert client.get("/account/new/code/").url == "/desk/"  # type: ignore[attr-defined]


@pytest.mark.usefixtures("emptied")
def test_command_prints_a_link_that_works(capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["sign-in-link", "dora@example.org"]) == 0
    assert not Person.objects.get(email="dora@example.org").is_superuser
    path = capsys.readouterr().out.strip().removeprefix("http://127.0.0.1:8000")
    assert Client().post(path).status_code == 302


@pytest.mark.usefixtures("emptied")
def test_command_refuses_what_is_no_address(capsys: pytest.CaptureFixture[str]) -> None:
    assert (main(["sign-in-link", "dora"]), capsys.readouterr().err) == (
        2,
        "dora is not an e-mail address.\n",
    )


@pytest.mark.django_db
def test_signing_out_needs_a_press() -> None:
    client = Client()
    client.force_login(Person.objects.by_email("dora@example.org"), backend=BACKEND)
    assert "Sign out?" in client.get("/account/sign-out/").content.decode()
    client.post("/account/sign-out/")
    assert client.get("/desk/").status_code == 302


@pytest.mark.django_db
def test_whoever_runs_the_server_makes_an_administrator(capsys: pytest.CaptureFixture[str]) -> None:
    for said, administrator in (
        (["--administrator"], True),
        ([], True),
        (["--no-administrator"], False),
    ):
        assert main(["sign-in-link", "dora@example.org", *said]) == 0
        assert "/account/sign-in/link/" in capsys.readouterr().out
        assert Person.objects.get(email="dora@example.org").is_superuser == administrator
