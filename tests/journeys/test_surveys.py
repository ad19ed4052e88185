"""A cooperator, a PBer and somebody who is both answer, and pass the survey on."""

from datetime import UTC, datetime, timedelta

import pytest
from playwright.sync_api import Page, expect

from interlock.web.surveys.models import CameBy, Respondent, Role
from tests.journeys.conftest import Visit
from tests.journeys.test_keyboard import tab_to
from tests.web.surveys.asked import Asked, make_asked

THANKS = "Thank you. Your answers are in."


@pytest.fixture
def asked(emptied: None) -> Asked:
    now = datetime.now(UTC)
    return make_asked(at=now, closes_on=now.date() + timedelta(days=60))


def begin(page: Page) -> None:
    page.get_by_label("I am 18 or older, I have read this, and I agree to take part.").check()
    page.get_by_role("button", name="Begin").click()


def core(page: Page, *roles: str) -> None:
    """The four pages of the core."""
    for role in roles:
        page.get_by_label(role, exact=True).check()
    page.get_by_role("button", name="Go on").click()
    page.get_by_label("How many people aged 18 or over").fill("12")
    page.get_by_label("Counting in the same way").fill("4")
    page.get_by_role("button", name="Go on").click()
    page.get_by_label("How many of these people are both?").fill("1")
    page.get_by_label("Someone I work with").check()
    page.get_by_role("button", name="Go on").click()
    page.get_by_label("Where do you do most of this work?").select_option("Illinois")
    page.get_by_label("About every month").check()
    page.get_by_role("button", name="Submit my answers").click()
    expect(page.get_by_role("heading", level=1)).to_have_text("Thank you. Your answers are in.")


def rest(page: Page) -> list[str]:
    """Go on to the end, and the titles of the pages on the way."""
    page.get_by_role("link", name="Go on with more questions").click()
    seen = []
    while (title := page.get_by_role("heading", level=1).inner_text()) != THANKS:
        seen.append(title)
        page.get_by_role(
            "button", name="Send the last ones" if title == "About you" else "Go on"
        ).click()
    expect(page.get_by_text("You answered all of it.")).to_be_visible()
    return seen


def test_cooperator_answers_on_a_phone_and_passes_it_on(visit: Visit, asked: Asked) -> None:
    page = visit()
    page.add_init_script("navigator.share = async said => { window.said = said }")
    page.goto("/")
    page.get_by_role("link", name="The survey for cooperators").click()
    begin(page)
    page.get_by_label("Member-owner of a worker co-op").check()
    page.locator("[name=pb_role][value=none]").check()
    core(page)
    link = page.get_by_label("Your link").input_value()
    page.get_by_role("button", name="Share").click()
    assert link in page.evaluate("window.said.text")
    message = page.get_by_role("link", name="Message").get_attribute("href")
    assert str(message).startswith("sms:?&body=")
    assert rest(page) == [
        "Ties between worker co-ops and PB",
        "What government should do",
        "Your worker cooperative",
        "About you",
    ]
    found = Respondent.objects.get()
    assert (found.role, found.came_by) == (Role.COOP, CameBy.OPEN)
    friend = visit()
    friend.goto(link.replace("http://127.0.0.1:8000", ""))
    assert friend.url.endswith("/surveys/s/")
    begin(friend)
    assert Respondent.objects.exclude(link=None).count() == 1


def test_pber_answers_without_javascript_and_finishes_elsewhere(visit: Visit, asked: Asked) -> None:
    page = visit(javascript=False)
    page.goto("/surveys/pbers/")
    begin(page)
    page.locator("[name=coop_role][value=none]").check()
    page.get_by_label("Voted", exact=True).check()
    page.get_by_role("button", name="Go on").click()
    page.get_by_label("Counting in the same way").fill("many")
    page.get_by_role("button", name="Go on").click()
    expect(page.get_by_role("alert")).to_contain_text("Something below needs another look")
    expect(page.get_by_text("Please write a whole number, in digits.")).to_be_visible()
    page.get_by_role("button", name="Save and finish later").click()
    code = page.locator(".code").inner_text()
    page.get_by_role("button", name="Leave this device").click()
    elsewhere = visit(javascript=False, width=1280)
    elsewhere.goto("/surveys/")
    elsewhere.get_by_role("link", name="Go on with my answers").click()
    elsewhere.get_by_label("Your code").fill(code)
    elsewhere.get_by_role("button", name="Go on").click()
    elsewhere.get_by_role("link", name="Back one page").click()
    expect(elsewhere.get_by_label("Voted", exact=True)).to_be_checked()
    core(elsewhere)
    expect(elsewhere.get_by_role("button", name="Share")).to_be_hidden()
    assert rest(elsewhere)[2:] == ["Your participatory budgeting process", "About you"]
    assert Respondent.objects.get().role == Role.PB


def test_both_come_by_a_coupon_and_hand_three_on(visit: Visit, asked: Asked) -> None:
    page = visit()
    page.goto(f"/surveys/s/{asked.cards[0].code}/")
    begin(page)
    core(page, "Member-owner of a worker co-op", "Voted")
    expect(page.get_by_text("0 of your three links were used")).to_be_visible()
    link = page.get_by_label("Link 2").input_value().replace("http://127.0.0.1:8000", "")
    page.get_by_role("link", name="Cards to print").click()
    expect(page.locator(".qr")).to_have_count(3)
    page.get_by_role("link", name="Back").click()
    assert rest(page)[2:4] == ["Your worker cooperative", "Your participatory budgeting process"]
    friend, late = visit(), visit()
    friend.goto(link)
    begin(friend)
    late.goto(link)
    begin(late)
    expect(late.get_by_role("heading", level=1)).to_have_text("This link lets nobody in")
    waves = list(Respondent.objects.order_by("wave").values_list("wave", flat=True))
    assert waves == [0, 1]


def leave_by(page: Page, button: str) -> None:
    tab_to(page, button)
    with page.expect_navigation():
        page.keyboard.press("Enter")


def test_survey_is_answered_by_keyboard_alone(visit: Visit, asked: Asked) -> None:
    page = visit()
    page.goto("/surveys/cooperators/")
    tab_to(page, "I am 18 or older, I have read this, and I agree to take part.")
    page.keyboard.press("Space")
    leave_by(page, "Begin")
    leave_by(page, "Go on")
    tab_to(page, page.locator("legend").first.inner_text().removesuffix(" (needed)").strip())
    page.keyboard.press("Enter")
    expect(page.locator("[name=coop_role]").first).to_be_focused()
    page.keyboard.press("Space")
    tab_to(page, "Voted")
    page.keyboard.press("Space")
    leave_by(page, "Go on")
    for place, number in enumerate(("7", "3")):
        tab_to(page, page.locator("label").nth(place).inner_text().strip())
        page.keyboard.type(number)
    leave_by(page, "Go on")
    tab_to(page, "Someone I work with")
    page.keyboard.press("Space")
    leave_by(page, "Go on")
    leave_by(page, "Submit my answers")
    expect(page.get_by_role("heading", level=1)).to_have_text(THANKS)


def test_institutions_are_named_after_it(visit: Visit, asked: Asked) -> None:
    page = visit()
    page.goto("/surveys/pbers/")
    begin(page)
    core(page, "Member-owner of a worker co-op", "Voted")
    page.get_by_role("button", name="Name institutions").click()
    first = page.get_by_role("group", name="Institution or tie 1")
    first.get_by_label("Name", exact=True).fill("Wheelhouse")
    first.get_by_label("What it is", exact=True).select_option("Worker co-op")
    page.get_by_label("What I name may be shown to everybody.").check()
    page.get_by_role("button", name="Name them").click()
    expect(page.get_by_role("status")).to_contain_text("They enter the register within a day")
    expect(page.get_by_role("button", name="Name institutions")).to_have_count(0)
