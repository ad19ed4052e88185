"""A resident votes: from the front page to the receipt."""

import re

from playwright.sync_api import Page, Route, expect

from interlock.web.voting.models import Draft
from tests.journeys.conftest import Visit
from tests.journeys.language import wrong_strings
from tests.world import World

NOT_ON_ROLL = "0000-0000-0000-00"


def tick(page: Page, *titles: str) -> None:
    """Tick, and wait until the page says that it kept the choices."""
    for title in titles:
        with page.expect_response(lambda answer: answer.request.method == "POST"):
            page.get_by_role("checkbox", name=title).check()


def kept_code(page: Page) -> str:
    found = re.search(
        r"\b[0-9A-Z]{4}-[0-9A-Z]{4}-[0-9A-Z]{2}\b", page.locator("#kept").inner_text()
    )
    assert found is not None
    return found[0]


def receipt_code(page: Page) -> str:
    expect(page.locator(".slip .code span")).to_have_count(5)
    return "".join(page.locator(".slip .code span").all_inner_texts())


def test_resident_votes_in_english_with_javascript(visit: Visit, town: World) -> None:
    code = town.letters[0].code
    page = visit()
    page.goto("/")
    page.get_by_role("link", name="Open my ballot: Riverbend decides").click()
    expect(page.get_by_role("heading", level=1)).to_have_text("Riverbend decides")
    expect(page.locator("#kept")).to_contain_text("so you can leave and come back")
    page.evaluate("document.body.dataset.same = 'page'")

    tick(page, "Night bus", "Tool library", "Pier lights")
    expect(page.locator(".bar [role=status]")).to_have_text(
        re.compile(r"City-wide\s*1 of 1\s*Harbor\s*2 of 2\s*\$193,000\s*of\s*\$200,000")
    )
    assert page.evaluate("document.body.dataset.same") == "page"
    draft = kept_code(page)
    page.reload()
    expect(page.locator("#kept")).to_contain_text(draft)
    expect(page.get_by_role("checkbox", checked=True)).to_have_count(3)

    elsewhere = visit()
    elsewhere.goto(page.url)
    elsewhere.get_by_text("Carry on with choices from another device").click()
    elsewhere.get_by_label("Code of the kept choices").fill(draft.lower())
    elsewhere.get_by_role("button", name="Carry on").click()
    expect(elsewhere.get_by_role("checkbox", checked=True)).to_have_count(3)
    elsewhere.get_by_role("button", name="Review and cast").click()
    expect(elsewhere.get_by_role("heading", level=1)).to_have_text("Look once more, then cast")
    chosen = ["Night bus", "Tool library", "Pier lights"]
    expect(elsewhere.locator(".ledger h3")).to_have_text(chosen)

    elsewhere.get_by_label("Voting code").fill(NOT_ON_ROLL)
    elsewhere.get_by_role("button", name="Cast my ballot").click()
    expect(elsewhere.locator("#id_code_error")).to_contain_text("not on the roll of this vote")
    expect(elsewhere.get_by_label("Voting code")).to_have_value(NOT_ON_ROLL)
    expect(elsewhere.locator(".ledger h3")).to_have_count(3)
    elsewhere.get_by_label("Voting code").fill(code.lower())
    elsewhere.get_by_role("button", name="Cast my ballot").click()
    expect(elsewhere.get_by_role("heading", level=1)).to_have_text("Your ballot is cast.")
    first = receipt_code(elsewhere)

    # The draft went with the cast: the other device starts anew, and its code opens nothing.
    page.reload()
    expect(page.get_by_role("checkbox", checked=True)).to_have_count(0)
    expect(page.locator("#kept")).not_to_contain_text(draft)

    assert find_receipt(page, first) == "In the box"
    page.get_by_role("link", name="Change my ballot").click()
    tick(page, "Shade at bus stops")
    page.get_by_role("button", name="Review and cast").click()
    page.get_by_label("Voting code").fill(code)
    page.get_by_role("button", name="Cast my ballot").click()
    second = receipt_code(page)
    assert find_receipt(page, first) == "No ballot has this receipt"
    assert find_receipt(page, second) == "In the box"
    assert town.process.box.envelopes.count() == 1


def test_quick_fingers_lose_no_choice(visit: Visit, town: World) -> None:
    """Ticks faster than the line: one draft, the last choices kept, and no error on the way."""
    page = visit()
    page.goto("/")
    page.get_by_role("link", name="Open my ballot: Riverbend decides").click()
    expect(page.locator("#kept")).to_contain_text("so you can leave and come back")
    page.locator("form[data-htmx-powered]").wait_for()
    sent: list[str] = []
    page.on("request", lambda request: sent.append(request.post_data or request.method))
    page.evaluate(
        """() => {
            for (const box of document.querySelectorAll("[name=project]")) box.click();
        }"""
    )
    expect(page.locator(".bar [role=status]")).to_contain_text(
        re.compile(r"2 of 1.*2 of 2", re.DOTALL)
    )
    assert [body.count("project=") for body in sent if body != "GET"] == [1, 4]
    assert Draft.objects.count() == 1
    page.get_by_role("checkbox", name="Shade at bus stops").uncheck()
    page.get_by_role("button", name="Review and cast").click()
    expect(page.locator(".ledger h3")).to_have_text(["Night bus", "Tool library", "Pier lights"])
    assert Draft.objects.count() == 1


def test_ticks_before_the_script_has_come_are_kept_when_it_comes(visit: Visit, town: World) -> None:
    """A slow line: the page is there to be read and ticked before what keeps the choices is."""
    page = visit()
    held_back: list[Route] = []
    page.route("**/htmx-4.min.js", lambda route: held_back.append(route))
    page.goto(ballot_address(town), wait_until="commit")
    for title in ("Night bus", "Pier lights"):
        page.get_by_role("checkbox", name=title).check()
    status = page.locator(".bar [role=status]")
    expect(status).to_contain_text(re.compile(r"0 of 1.*0 of 2", re.DOTALL))
    assert Draft.objects.count() == 0
    held_back[0].continue_()
    expect(status).to_contain_text(re.compile(r"1 of 1.*1 of 2", re.DOTALL))
    assert Draft.objects.count() == 1


def find_receipt(page: Page, code: str) -> str:
    """Type a receipt's code, in groups and capitals, and read what the page says."""
    page.get_by_role("link", name="Check a receipt").click()
    page.get_by_label("Receipt code").fill(" ".join(re.findall("....", code)).upper())
    page.get_by_role("button", name="Check").click()
    return page.get_by_role("heading", level=1).inner_text()


def test_resident_votes_in_spanish_without_javascript(visit: Visit, town: World) -> None:
    page = visit(javascript=False)
    page.goto("/")
    assert wrong_strings(page, "en") == []
    page.get_by_role("link", name="Español").click()
    assert wrong_strings(page, "es") == []
    page.get_by_role("link", name="Riverbend decide", exact=True).click()
    assert wrong_strings(page, "es") == []
    page.get_by_role("main").locator(f"a[href='{ballot_address(town)}']").click()
    assert wrong_strings(page, "es") == []

    page.get_by_role("checkbox", name="Autobús nocturno").check()
    page.get_by_role("checkbox", name="Luces del muelle").check()
    expect(page.locator(".bar [role=status]")).to_contain_text("0 de 1")
    page.locator("noscript button").click()
    expect(page.locator(".bar [role=status]")).to_contain_text("1 de 1")
    expect(page.get_by_role("checkbox", checked=True)).to_have_count(2)
    assert len(kept_code(page)) == 12
    assert wrong_strings(page, "es") == []
    page.locator(".bar button").click()
    expect(page.locator(".ledger h3")).to_have_text(["Autobús nocturno", "Luces del muelle"])
    assert wrong_strings(page, "es") == []
    page.locator("#id_code").fill(NOT_ON_ROLL)
    page.locator("aside button").click()
    expect(page.locator("#id_code_error")).to_be_visible()
    assert wrong_strings(page, "es") == []
    page.locator("#id_code").fill(town.letters[1].code)
    page.locator("aside button").click()
    assert len(receipt_code(page)) == 20
    assert wrong_strings(page, "es") == []
    assert town.process.box.envelopes.count() == 1


def ballot_address(town: World) -> str:
    return f"{town.process.get_absolute_url()}ballot/"
