"""Policies: one person enters a passage, two code it blind, and the paradigm page tells."""

from datetime import UTC, datetime

from playwright.sync_api import Page, expect

from interlock.web.observatory.models import Policy
from interlock.web.observatory.reckoning import reckon_due
from tests.journeys.conftest import Visit
from tests.journeys.looks import faults
from tests.journeys.test_organiser import heading
from tests.web.observatory.coded import readers
from tests.world import make_world

TITLE = "Charter of Rosewater"


def test_two_code_blind_and_the_paradigm_page_tells(visit: Visit) -> None:
    people = readers(make_world(letters=0))
    reader, bob, kim, cleo, dov = (
        visit(by=one) for one in (None, people.bob, people.kim, people.cleo, people.dov)
    )
    begins(bob)
    confirms(kim)
    cleo.goto("/desk/")
    cleo.get_by_role("link", name="1 policy waits to be coded").click()
    codes(cleo, "Third order: the goals", "It says what money is for.")
    expect(cleo.get_by_text("One of two codings is in.")).to_be_visible()

    dov.goto(Policy.objects.get().get_absolute_url())
    expect(dov.get_by_text("It says what money is for.")).to_have_count(0)
    dov.goto("/observatory/policies/?state=to_code")
    codes(dov, "Third order: the goals", "A new aim of public money.")
    expect(dov.get_by_text("It says what money is for.")).to_be_visible()

    assert reckon_due(datetime.now(UTC), lambda: False)
    reader.goto("/observatory/")
    reader.get_by_role("link", name="Does a paradigm change?").click()
    expect(reader.get_by_text("What is coded and awarded so far cannot tell.")).to_be_visible()
    row = reader.get_by_role("row").filter(has_text="Third order")
    assert row.get_by_role("cell").all_inner_texts() == ["1", "0", "0", "1"]
    expect(reader.get_by_text("agreement cannot be told from habit").first).to_be_visible()
    assert faults(reader) == []


def begins(page: Page) -> None:
    page.goto("/observatory/paradigm/")
    expect(page.get_by_text("There is no evidence yet.")).to_be_visible()
    page.get_by_role("link", name="Propose a policy").click()
    heading(page, "Propose a policy")
    page.get_by_label("What it is called").fill(TITLE)
    page.get_by_label("Or the place in words").fill("Rosewater")
    page.get_by_label("Country").select_option("United States")
    page.get_by_label("Adopted on").fill("2025-06-03")
    page.get_by_label("The passage to be coded").fill("Public money is decided by residents.")
    page.get_by_label("Address of the source").fill("https://rosewater.example/charter")
    page.get_by_role("button", name="Propose it").click()
    heading(page, TITLE)
    expect(page.get_by_text("Nobody has confirmed it yet.")).to_be_visible()


def confirms(page: Page) -> None:
    page.goto("/desk/")
    page.get_by_role("link", name="1 policy waits to be confirmed").click()
    page.get_by_role("link", name=TITLE).click()
    page.get_by_role("button", name="Confirm it").click()
    expect(page.get_by_text("Confirmed. Everybody reads it now")).to_be_visible()


def codes(page: Page, order: str, reason: str) -> None:
    page.get_by_role("link", name=TITLE).click()
    page.get_by_role("link", name="Code it").click()
    page.get_by_label(order).check()
    page.get_by_label("Towards interlocking").check()
    page.get_by_label("Why, in a sentence").fill(reason)
    page.get_by_role("button", name="Hand it in").click()
    heading(page, TITLE)
