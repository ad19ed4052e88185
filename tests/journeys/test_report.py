"""The report of an observation is a file: opened in a browser it asks nobody, and has no fault."""

from pathlib import Path

import pytest
from playwright.sync_api import Browser

from interlock.__main__ import main
from interlock.commands.report import drawn
from interlock.methods.formats.observed_packages import opened
from tests.commands.test_observe import files, lists
from tests.journeys.conftest import PHONE
from tests.journeys.looks import faults


@pytest.fixture(scope="module")
def answer(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """An answer with every figure but the negative control's: of two lists of points."""
    folder = tmp_path_factory.mktemp("observed")
    asked = ["observe", *lists(folder), "--out", str(folder / "out"), "--resamples", "39"]
    assert main([*asked, "--synthetic"]) == 0
    return folder / "out"


@pytest.mark.parametrize(("language", "turn"), [("en", 0), ("en", 1), ("es", 2), ("es", 3)])
def test_report_is_read_in_a_browser_without_a_site(
    browser: Browser, answer: Path, language: str, turn: int
) -> None:
    """A lay reader opens the file, looks at a figure's table, and follows its numbers."""
    (answer / "read.html").write_bytes(drawn(opened(files(answer)), language))
    asked: list[str] = []
    context = browser.new_context(viewport={"width": PHONE, "height": 844})
    try:
        page = context.new_page()
        page.on("request", lambda request: asked.append(request.url))
        page.on("console", lambda message: asked.append(message.text))
        page.goto((answer / "read.html").as_uri())
        figures = page.locator("figure")
        assert figures.count() == 7
        for summary in page.locator("figure summary").all():
            summary.click()
        assert page.locator("figure table").all()[0].is_visible()
        assert page.locator("figure pre").first.inner_text().startswith("interlock observe --pb")
        found = faults(page, turn)
        assert found == [], "\n".join(found)
        assert [url for url in asked if not url.startswith(("file:", "data:"))] == []
    finally:
        context.close()
