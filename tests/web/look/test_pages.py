"""What every page has: policy, language, refusals, nothing from elsewhere."""

import re
from pathlib import Path

import pytest
from django.contrib.staticfiles import finders
from django.test import Client

from interlock.web.look.templatetags.look import jointed, markdown, qr, width


@pytest.mark.django_db
def test_page_allows_nothing_from_elsewhere_and_nothing_inline() -> None:
    policy = Client().get("/").headers["Content-Security-Policy"]
    assert ("default-src 'none'" in policy, "unsafe" in policy, "http" in policy) == (
        True,
        False,
        False,
    )


@pytest.mark.django_db
def test_chosen_language_is_kept_and_the_address_is_clean() -> None:
    client = Client()
    answer = client.get("/budgets/?page=2&language=es")
    assert (answer.status_code, answer.headers["Location"]) == (302, "/budgets/?page=2")
    assert 'lang="es"' in client.get("/").content.decode()


@pytest.mark.django_db
@pytest.mark.parametrize("path", ["//evil.example/?language=es", "/\\evil.example/?language=es"])
def test_language_link_never_leads_to_another_site(path: str) -> None:
    answer = Client().get(path)
    assert not answer.headers.get("Location", "/").startswith(("//", "/\\", "http"))


@pytest.mark.django_db
def test_unknown_language_is_ignored() -> None:
    assert Client().get("/?language=xx").status_code == 200


@pytest.mark.django_db
def test_missing_page_says_so_kindly() -> None:
    answer = Client().get("/nowhere/")
    assert (answer.status_code, "There is no such page" in answer.content.decode()) == (404, True)


@pytest.mark.django_db
def test_form_without_its_token_is_refused_with_a_way_on() -> None:
    answer = Client(enforce_csrf_checks=True).post("/account/sign-in/", {"email": "a@b.example"})
    assert (answer.status_code, "open too long" in answer.content.decode()) == (403, True)


@pytest.mark.parametrize(
    "text",
    ["<script>alert(1)</script>", "[x](javascript:alert(1))", "<svg onload=alert(1)>", "![x](http://e.example/p.png)"],
)  # fmt: skip
def test_organisers_text_cannot_carry_script(text: str) -> None:
    html = markdown(text).lower()
    assert [
        bad
        for bad in ("<script", 'javascript:"', "<svg", "<img", 'href="javascript')
        if bad in html
    ] == []


def test_bar_never_leaves_its_frame() -> None:
    assert [width(3, 2), width(-1, 2), width(1, 0), width(1, 3)] == [
        "100.00%",
        "0.00%",
        "0.00%",
        "33.33%",
    ]


def test_qr_code_is_one_path_with_a_name() -> None:
    drawn = qr("https://example.org/receipt/0123/")
    assert (drawn.count("<path"), "aria-label" in drawn) == (1, True)


def test_name_of_a_file_breaks_after_its_signs_and_nowhere_else() -> None:
    assert jointed("uk_co-ops.2023<b>.csv") == ("uk_<wbr>co-<wbr>ops.<wbr>2023&lt;b&gt;.<wbr>csv")


def test_style_tells_no_phone_from_another() -> None:
    """The journeys read the colours of 360 px for those of 390 px."""
    path = finders.find("look/interlock.css")
    widths = re.findall(r"-width: ([\d.]+)(\w+)\)", Path(str(path)).read_text())
    assert {unit for _number, unit in widths} == {"rem"}
    assert min(float(number) for number, _unit in widths) >= 30
