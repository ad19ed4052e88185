"""A researcher with two lists, and a reader who wants to know what is known."""

from datetime import UTC, datetime
from pathlib import Path

import pytest
from playwright.sync_api import expect

from interlock.web.observatory import observing
from interlock.web.observatory.measuring import measure_due, request_editions
from tests.journeys.conftest import Visit
from tests.journeys.looks import faults
from tests.world import World

PB = "city,state\nChicago,IL\nBoston,MA\nDenver,CO\nVallejo,CA\n"
COOPS = "city,state\nChicago,IL\nBoston,MA\nMadison,WI\nOakland,CA\n"


def never() -> bool:
    return False


@pytest.mark.parametrize("javascript", [True, False])
def test_researcher_gives_two_lists_and_takes_a_report_home(
    visit: Visit,
    town: World,
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
    javascript: bool,
) -> None:
    monkeypatch.setattr(observing, "RESAMPLES", 99)
    for name, text in (("pb.csv", PB), ("coops.csv", COOPS)):
        (tmp_path / name).write_text(text)
    page = visit(by=town.bob, javascript=javascript)
    page.goto("/")
    page.get_by_role("link", name="Observatory").click()
    page.get_by_role("link", name="Lists of your own", exact=True).click()
    page.get_by_label("Participatory budgets, as CSV").set_input_files(tmp_path / "pb.csv")
    page.get_by_role("button", name="Observe").click()
    expect(page.get_by_role("alert")).to_contain_text("Give both lists of points")
    page.get_by_label("Participatory budgets, as CSV").set_input_files(tmp_path / "pb.csv")
    page.get_by_label("Worker co-ops, as CSV").set_input_files(tmp_path / "coops.csv")
    page.get_by_role("button", name="Observe").click()
    expect(page.get_by_role("heading", level=1)).to_have_text("Observing …")
    assert observing.observe_due(datetime.now(UTC), never)
    if not javascript:
        page.get_by_role("link", name="Look again").click()
    expect(page.get_by_role("heading", name="What was found", exact=True)).to_be_visible()
    expect(page.locator("dl.figures")).to_contain_text("with participatory budgeting")
    with page.expect_download() as downloaded:
        page.get_by_role("link", name="The whole report (HTML)").click()
    assert downloaded.value.suggested_filename == "report.html"
    with page.expect_download() as downloaded:
        page.get_by_role("link", name="The report as a PDF").click()
    assert downloaded.value.path().read_bytes().startswith(b"%PDF")
    page.get_by_role("button", name="Take lists and answer back").click()
    expect(page.get_by_role("heading", level=1)).to_have_text("Lists of your own")
    assert page.get_by_text("What you asked before").count() == 0


def test_reader_learns_what_is_known_and_what_is_not(visit: Visit, town: World) -> None:
    now = datetime.now(UTC)
    assert request_editions(now)
    assert measure_due(now, never)
    page = visit()
    page.goto("/")
    page.get_by_role("link", name="Observatory").click()
    expect(page.get_by_role("heading", level=1)).to_have_text("Do the two worlds meet?")
    first = page.locator("section.panel").first
    expect(first).to_contain_text("Are they tied together at all?")
    expect(page.locator("main")).to_contain_text("an association and not a cause")
    page.get_by_role("link", name="All measures, as tables too").click()
    expect(page.get_by_role("heading", level=1)).to_have_text("How far they interlock: Everywhere")
    assert faults(page) == []
    with page.expect_download() as downloaded:
        page.get_by_role("link", name="All that was measured (JSON)").click()
    assert downloaded.value.suggested_filename.startswith("network-")
