"""Mail: written with the act it tells of, sent by the worker."""

from datetime import datetime, timedelta

import pytest
from django.core import mail
from django.db import transaction
from pytest_django.fixtures import Settings

from interlock.web.messages.actions import PAUSES, send_due, write
from interlock.web.messages.models import Mail
from tests.world import START

pytestmark = pytest.mark.django_db


def written(at: datetime = START, to: str = "office@example.org") -> Mail:
    context = {"name": "Mill & Sons"}
    return write(to=to, template="messages/test.txt", context=context, at=at)


def test_mail_is_written_in_every_language_and_sent_once(mail_template: None) -> None:
    written()
    assert [send_due(START), send_due(START)] == [True, False]
    (sent,) = mail.outbox
    assert (sent.to, sent.subject) == (
        ["office@example.org"],
        "Hello Mill & Sons en / Hello Mill & Sons es",
    )
    first, second = sent.body.split("-" * 40)
    assert [first.strip(), second.strip()] == [
        "Come in. http://127.0.0.1:8000 en",
        "Come in. http://127.0.0.1:8000 es",
    ]
    assert not Mail.objects.exists()


def test_mail_of_an_act_that_fails_is_never_sent(mail_template: None) -> None:
    def act() -> None:
        with transaction.atomic():
            written()
            raise KeyError

    with pytest.raises(KeyError):
        act()
    assert not send_due(START)


def test_mail_is_not_sent_before_its_time(mail_template: None) -> None:
    written(at=START + timedelta(seconds=1))
    assert not send_due(START)


def test_mail_the_server_refuses_is_tried_again_and_kept_in_the_end(
    mail_template: None, settings: Settings
) -> None:
    settings.EMAIL_BACKEND = "tests.web.messages.broken.Backend"
    written()
    at, tried = START, 0
    while send_due(at):
        tried += 1
        at = Mail.objects.get().next_at or at
    stays = Mail.objects.get()
    assert (tried, stays.tries, stays.next_at, stays.error) == (
        len(PAUSES) + 1, len(PAUSES) + 1, None, "nobody answers",
    )  # fmt: skip
    assert at - START == sum(PAUSES, timedelta())


def test_one_mail_that_fails_stops_no_other(mail_template: None, settings: Settings) -> None:
    settings.EMAIL_BACKEND = "tests.web.messages.broken.Backend"
    written()
    send_due(START)
    settings.EMAIL_BACKEND = "django.core.mail.backends.locmem.EmailBackend"
    written(to="other@example.org")
    assert send_due(START)
    assert [one.to for one in mail.outbox] == [["other@example.org"]]
