"""An organiser: from an empty site to an open vote, and from a count to its published result."""

import csv
import re
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from django.core.mail import EmailMessage
from playwright.sync_api import Page, expect

from interlock.methods.formats.bundle import recount
from tests.journeys.conftest import Visit, counted_world

DORA = "dora@example.org"


def test_organiser_comes_to_an_empty_site_and_opens_a_vote(
    visit: Visit, mailoutbox: list[EmailMessage]
) -> None:
    page = visit(width=1280)
    page.goto("/")
    page.get_by_role("link", name="Run participatory budgeting").click()
    heading(page, "Sign in")
    page.get_by_role("link", name="Make an account").click()
    page.get_by_label("Email").fill(DORA)
    page.get_by_role("button", name="Send me a code").click()
    heading(page, "Type the code we sent")
    expect(page.get_by_text(f"It is on its way to {DORA}")).to_be_visible()
    page.get_by_label("Code").fill(mailed_code(mailoutbox))
    page.get_by_role("button", name="Go on").click()

    heading(page, "Register an institution")
    expect(page.get_by_role("status")).to_contain_text("First, who runs it?")
    both(page, "Name", "Sandhaven", "Arenal")
    page.get_by_label("Kind").select_option("Public body")
    page.get_by_role("button", name="Register").click()
    heading(page, "Sandhaven")

    page.get_by_role("link", name="My desk").click()
    page.get_by_role("link", name="Begin a participatory budget").click()
    both(page, "Title", "Sandhaven decides", "Arenal decide")
    both(page, "Who helps voters, and how", "555-0199", "555-0199")
    page.get_by_role("button", name="Save").click()
    heading(page, "Sandhaven decides")
    done = follow_readiness_list(page)
    assert done == [
        "Voting has no end yet.",
        "There is no money yet.",
        "There is no area yet.",
        "City-wide has no project yet.",
        "The voter roll is empty.",
    ]

    page.get_by_role("button", name="Freeze the rulebook and open the vote").click()
    expect(page.get_by_role("heading", name="Voting is open")).to_be_visible()
    page.get_by_role("link", name="The page that residents see").click()
    heading(page, "Sandhaven decides")
    resident = visit()
    resident.goto("/")
    resident.get_by_role("link", name="Open my ballot: Sandhaven decides").click()
    expect(resident.get_by_role("checkbox")).to_have_count(2)


def follow_readiness_list(page: Page) -> list[str]:
    """Do what the desk names next until nothing is missing; what was done, in order."""
    steps = {
        "Voting has no end yet.": set_the_end,
        "There is no money yet.": add_a_pot,
        "There is no area yet.": add_an_area,
        "City-wide has no project yet.": add_two_projects,
        "The voter roll is empty.": download_codes,
    }
    done: list[str] = []
    while (missing := page.locator(".key h2").inner_text()).startswith("Next: "):
        if missing == "Next: open the vote":
            break
        done.append(missing.removeprefix("Next: "))
        page.locator(".key").get_by_role("link", name="Do this now").click()
        steps[done[-1]](page)
        heading(page, "Sandhaven decides")
    return done


def set_the_end(page: Page) -> None:
    later = datetime.now(UTC) + timedelta(days=9)
    page.get_by_label("Voting closes").fill(later.strftime("%Y-%m-%dT20:00"))
    page.get_by_role("button", name="Save").click()


def add_a_pot(page: Page) -> None:
    both(page, "Name", "Street fund", "Fondo de calles")
    page.get_by_label("Amount, in USD").fill("50,000")
    page.get_by_role("button", name="Save").click()


def add_an_area(page: Page) -> None:
    both(page, "Name", "City-wide", "Toda la ciudad")
    expect(page.get_by_label("From “Street fund”")).to_have_value("50,000")
    page.get_by_role("button", name="Save").click()


def add_two_projects(page: Page) -> None:
    both(page, "Title", "Benches", "Bancos")
    page.get_by_label("Cost, in USD").fill("12,500.50")
    page.get_by_role("button", name="Save and add another").click()
    # The same form again: it is the next one once it is empty.
    expect(page.get_by_label("Cost, in USD")).to_have_value("")
    both(page, "Title", "Street trees", "Árboles")
    page.get_by_label("Cost, in USD").fill("30000")
    page.get_by_role("button", name="Save", exact=True).click()


def download_codes(page: Page) -> None:
    page.get_by_label("How many codes").fill("3")
    with page.expect_download() as download:
        page.get_by_role("button", name="Make codes and download them").click()
    rows = list(csv.reader(Path(download.value.path()).read_text().splitlines()))
    assert [row[0] for row in rows] == ["letter", "1", "2", "3"]
    assert all(re.fullmatch(r"([0-9A-Z]{4}-){3}[0-9A-Z]{2}", row[1]) for row in rows[1:])
    page.get_by_role("link", name="Back to the desk").click()


def both(page: Page, label: str, english: str, spanish: str) -> None:
    group = page.get_by_role("group", name=label)
    group.get_by_label("English").fill(english)
    group.get_by_label("Español").fill(spanish)


def heading(page: Page, text: str) -> None:
    expect(page.get_by_role("heading", level=1)).to_have_text(text)


def mailed_code(sent: list[EmailMessage]) -> str:
    (message,) = sent
    assert message.to == [DORA]
    found = re.search(r"^\s*([A-Z0-9]{3,}-?[A-Z0-9]{3,})\s*$", str(message.body), re.MULTILINE)
    assert found is not None, message.body
    return found[1]


def test_organiser_publishes_a_result_that_anyone_can_recount(visit: Visit, tmp_path: Path) -> None:
    world = counted_world()
    resident = visit()
    resident.goto(f"{world.process.get_absolute_url()}result/")
    expect(resident.get_by_text("is not published yet")).to_be_visible()

    page = visit(width=1280, by=world.alice)
    page.goto("/desk/")
    page.get_by_role("link", name="Riverbend decides").click()
    page.get_by_role("link", name="Look at the result").click()
    expect(page.get_by_text("Only you see this yet.")).to_be_visible()
    heading(page, "2 projects funded, $112,000 of $200,000")
    page.get_by_role("button", name="Publish the result").click()
    expect(page.get_by_text("Counted and published.")).to_be_visible()

    resident.reload()
    heading(resident, "2 projects funded, $112,000 of $200,000")
    fingerprint = "".join(resident.locator(".code.small span").all_inner_texts())
    with resident.expect_download() as download:
        resident.get_by_role("link", name="Everything in one bundle").click()
    path = tmp_path / download.value.suggested_filename
    download.value.save_as(path)
    assert path.name == "riverbend-decides.zip"
    check = recount(path.read_bytes())
    assert check.differences == ()
    assert check.fingerprint.startswith(fingerprint)


@pytest.mark.parametrize("javascript", [True, False])
def test_every_door_of_an_empty_site_leads_to_a_first_step(visit: Visit, javascript: bool) -> None:
    page = visit(javascript=javascript)
    page.goto("/")
    doors = page.locator(".doors a").all_inner_texts()
    steps = {}
    for door in doors:
        page.goto("/")
        with page.expect_navigation() as answer:
            page.get_by_role("link", name=door).click()
        assert answer.value.status == 200
        steps[door] = page.locator("main :is(button, .button)").first.inner_text()
    assert steps == {
        "Vote": "Run a participatory budget",
        "Run participatory budgeting": "Send me a code",
        "Run our co-op": "Register our co-op",
        "Connect co-ops and public money": "Joint proposals that were agreed",
        "Deliver what residents chose": "Needs and offers",
        "See what became of it": "Look at the votes",
        "Offer or find help": "Post a need or an offer",
        "The survey for cooperators": "Find your institution",
        "The survey for PBers": "Find your institution",
        "See the evidence": "Ask with two lists of your own",
    }
