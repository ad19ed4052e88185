"""A whole survey is answered; then everything that was written down anywhere is read."""

import logging
import re
from collections.abc import Iterator
from datetime import datetime

import pytest
from django.apps import apps
from django.contrib.sessions.models import Session
from django.test import Client
from django.utils import timezone

from interlock.web.surveys import actions, codes
from interlock.web.surveys.models import Purpose
from tests.web.surveys.asked import CORE, DUAL, Asked

ADDRESS, AGENT = "203.0.113.77", "PrivacyProbe/7.7"
CODE = re.compile(r"[0-9A-Z]{4}-[0-9A-Z]{4}-[0-9A-Z]{4}-[0-9A-Z]{2}")
AGREED = {"agreed": "on", "website": ""}


def everything() -> dict[tuple[str, object], dict[str, object]]:
    """Each row of each table, by table and key."""
    return {
        (model._meta.db_table, row[model._meta.pk.attname]): row
        for model in apps.get_models(include_auto_created=True)
        if model._meta.pk and model._meta.managed
        for row in model._default_manager.values()
    }


def walk(client: Client, path: str) -> tuple[str, set[str]]:
    """Answer all of it, wrongly too, name a tie, leave an address; and the codes that were seen."""
    client.post(path, {})
    client.post(path, AGREED)
    code = CODE.search(client.get("/surveys/mine/code/").content.decode())
    assert code
    own = code.group().replace("-", "")
    client.post("/surveys/mine/", {"page": "coop_role"})
    client.post("/surveys/mine/", {"page": "coop_role", **DUAL})
    for _page in range(8):
        page = re.search(
            r'name="page" value="(\w+)"', client.get("/surveys/mine/").content.decode()
        )
        if page:
            client.post("/surveys/mine/", {"page": page.group(1), **CORE, "comment": "Together."})
    for place in ("thanks", "cards", "code"):
        assert client.get(f"/surveys/mine/{place}/").status_code == 200
    leaves = {one: codes.derived(own, one) for one in Purpose.values}
    client.post("/surveys/name/", {"leave": leaves["naming"]})
    named = {"1-subject_name": "Wheelhouse", "1-subject_kind": "worker_coop", "public": "on"}
    client.post("/surveys/name/", {})
    assert client.post("/surveys/name/", named).status_code == 302
    client.post("/surveys/updates/", {"leave": leaves["contact"]})
    assert client.post("/surveys/updates/", {"email": "ana@example.org"}).status_code == 302
    client.post("/surveys/resume/", {"code": "0"})
    client.post("/surveys/resume/", {"code": own})
    return own, {own, *actions.coupon_codes(own), actions.link_code(own), *leaves.values()}


@pytest.fixture
def logged(caplog: pytest.LogCaptureFixture) -> Iterator[pytest.LogCaptureFixture]:
    """All that any part of the site writes to a log, the least of it too."""
    with caplog.at_level(logging.DEBUG):
        yield caplog


@pytest.mark.parametrize("by_coupon", [True, False])
def test_nothing_of_who_where_and_when_is_written_down(
    asked: Asked, logged: pytest.LogCaptureFixture, by_coupon: bool
) -> None:
    before = everything()
    client = Client(REMOTE_ADDR=ADDRESS, headers={"user-agent": AGENT})
    seed = asked.cards[0].code
    if by_coupon:
        client.get(f"/surveys/s/{seed}/")
    own, secret = walk(client, "/surveys/s/" if by_coupon else "/surveys/pbers/")
    client.post("/surveys/withdraw/", {"code": "0"})
    client.get("/surveys/s/nonsense/")
    client.get("/surveys/s/")
    after = everything()
    new = {key: row for key, row in after.items() if before.get(key) != row}
    told = {f"surveys_{one}" for one in ("respondent", "answer", "contact", "namedtie")}
    made = {"surveys_coupon"} if by_coupon else {"surveys_openlink"}
    assert {table for table, _key in new} == told | made
    assert not Session.objects.exists()
    values = [value for row in new.values() for value in row.values()]
    assert [value for value in values if isinstance(value, datetime)] == []
    written = "\n".join([*map(repr, new.values()), logged.text])
    plain = {seed, *secret, ADDRESS, AGENT}
    found = [one for one in plain for text in (one, codes.grouped(one)) if text in written]
    assert found == []
    assert own not in written


def test_answers_and_what_comes_after_share_no_value_that_could_join_them(asked: Asked) -> None:
    before = everything()
    walk(Client(), "/surveys/pbers/")
    new = {key: row for key, row in everything().items() if before.get(key) != row}

    def values_of(*tables: str) -> set[str]:
        names = {f"surveys_{one}" for one in tables}
        rows = [row for (table, _key), row in new.items() if table in names]
        return {repr(value) for row in rows for value in row.values() if value}

    shared = {repr(timezone.now().date()), repr(asked.study.pk)}  # a day, and the study
    answers = values_of("respondent", "answer")
    assert answers & values_of("contact", "namedtie") <= shared
    assert answers & values_of("openlink") <= shared


def test_cookie_with_the_code_is_sent_to_its_own_pages_only(asked: Asked) -> None:
    client = Client()
    client.get(f"/surveys/s/{asked.cards[0].code}/")
    assert client.cookies["survey-arrival"]["path"] == "/surveys/s/"
    client.post("/surveys/s/", AGREED)
    cookie = client.cookies["survey-mine"]
    assert (cookie["path"], cookie["httponly"], cookie["max-age"]) == ("/surveys/mine/", True, "")
    assert client.cookies["survey-arrival"].value == ""
    assert "sessionid" not in client.cookies


@pytest.mark.parametrize(
    "path",
    ["/surveys/pbers/", "/surveys/s/", "/surveys/mine/", "/surveys/resume/", "/surveys/withdraw/"],
)
def test_page_is_stored_nowhere_and_found_by_nobody(asked: Asked, path: str) -> None:
    headers = Client().get(path).headers
    assert (headers["Cache-Control"], headers["X-Robots-Tag"]) == ("no-store", "noindex")
    assert headers["Referrer-Policy"] == (
        "same-origin"  # a browser told "no-referrer" would send a form without saying from where
    )


@pytest.mark.parametrize("behind", ["", ".", "/", "/)", "/x/y"])
@pytest.mark.parametrize("method", ["get", "post", "put", "head", "options"])
def test_code_in_an_address_reaches_no_log(
    asked: Asked, logged: pytest.LogCaptureFixture, behind: str, method: str
) -> None:
    code = asked.cards[0].code
    client = Client(enforce_csrf_checks=True)
    answer = getattr(client, method)(f"/surveys/s/{code}{behind}")
    assert answer.headers["Location"] == "/surveys/s/"
    assert client.get("/surveys/s/").status_code == (200 if behind in ("", "/") else 410)
    assert code not in logged.text
