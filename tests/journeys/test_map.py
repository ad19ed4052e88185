"""The map by links alone, and richer with a script: in place, by wheel, by drag and by keys."""

import pytest
from playwright.sync_api import Page, expect

from tests.journeys.conftest import Visit
from tests.web.explore.register import PEORIA, TAZEWELL, put


@pytest.fixture
def register(emptied: None) -> None:
    """Two counties of Illinois, one of them with a co-op that stands alone, and one of New York."""
    for number in range(3):
        put(f"mill-{number}", county=PEORIA, latitude=40.7 + number / 20, longitude=-89.6)
    put("barn", county=TAZEWELL, latitude=40.51, longitude=-89.51)
    put("pier", "firm", county="36047", latitude=40.64, longitude=-73.95)


def sign(page: Page, name: str) -> None:
    page.locator(f"svg[data-map] [data-marks] a[aria-label^='{name}']").click()


def view_of(page: Page) -> list[float]:
    told = page.locator("svg[data-map]").get_attribute("viewBox")
    assert told
    return [float(number) for number in told.split()]


@pytest.mark.parametrize("width", [390, 1280])
def test_links_lead_closer_and_out_again_without_a_script(
    visit: Visit, register: None, width: int
) -> None:
    page = visit(width=width, javascript=False)
    page.goto("/explore/map/")
    sign(page, "Illinois")
    assert page.locator("h1").inner_text() == "Illinois"
    sign(page, "Peoria County")
    assert page.locator("h1").inner_text() == "Peoria County"
    page.get_by_role("link", name="These as a list").click()
    expect(page.get_by_role("heading", name="3 institutions")).to_be_visible()
    page.go_back()
    page.locator(".kicker").get_by_role("link", name="United States").click()
    assert page.locator("h1").inner_text() == "United States"


def test_with_a_script_the_next_level_comes_in_place(visit: Visit, register: None) -> None:
    page = visit(width=1280)
    page.goto("/explore/map/")
    page.evaluate("window.stayed = true")
    sign(page, "Illinois")
    page.get_by_role("heading", level=1, name="Illinois").wait_for()
    assert page.url.endswith("?country=US&state=17")
    assert page.title().startswith("Map: Illinois")
    assert page.evaluate("document.activeElement.tagName") == "H1"
    page.go_back()
    page.get_by_role("heading", level=1, name="United States").wait_for()
    page.go_forward()
    page.get_by_role("heading", level=1, name="Illinois").wait_for()
    assert page.evaluate("window.stayed") is True
    sign(page, "Barn")  # one that stands alone leads to its own page
    page.get_by_role("heading", level=1, name="Barn").wait_for()


def test_keys_wheel_and_drag_move_the_map(visit: Visit, register: None) -> None:
    page = visit(width=1280)
    page.goto("/explore/map/")
    drawing = page.locator("svg[data-map]")
    whole = view_of(page)
    drawing.focus()
    for _time in range(3):
        page.keyboard.press("+")
    closer = view_of(page)
    assert closer[2] == pytest.approx(whole[2] / 1.3**3, rel=1e-3)
    page.keyboard.press("ArrowRight")
    assert view_of(page)[0] > closer[0]
    page.keyboard.press("0")
    assert view_of(page) == whole

    seen = drawing.bounding_box()
    assert seen
    x, y = seen["x"] + seen["width"] * 0.3, seen["y"] + seen["height"] * 0.9
    page.mouse.move(x, y)
    page.keyboard.down("Control")
    page.mouse.wheel(0, -100)
    page.keyboard.up("Control")
    page.wait_for_function("document.querySelector('[data-map]').viewBox.baseVal.width < 600")
    before = view_of(page)
    page.mouse.down()
    page.mouse.move(x + 60, y - 30, steps=4)
    page.mouse.up()
    after = view_of(page)
    assert after[0] < before[0]
    assert after[1] > before[1]
    assert page.locator("h1").inner_text() == "United States"  # a drag presses no link
    # A sign is as large on the screen as before.
    mark = page.locator("[data-marks] a > g").first.get_attribute("transform")
    assert mark
    assert f"scale({after[2] / whole[2]:.3f}"[:11] in mark


def test_name_under_the_pointer_or_the_focus_is_told(visit: Visit, register: None) -> None:
    page = visit(width=1280)
    page.goto("/explore/map/")
    page.locator("[data-marks] a[aria-label^='Illinois']").hover()
    assert page.locator("[data-told]").inner_text() == "Illinois: 4 co-ops"
    page.locator("[data-marks] a[aria-label^='New York']").focus()
    assert page.locator("[data-told]").inner_text() == "New York: 1 other"
