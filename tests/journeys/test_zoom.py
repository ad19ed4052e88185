"""The map that can be zoomed: fetched when it is asked for, by pointer and by keys, and left again."""

import os
from pathlib import Path

import pytest
from playwright.sync_api import Page, Request

from interlock.web.institutions.models import Institution, Kind
from tests.journeys.conftest import Visit
from tests.journeys.looks import faults
from tests.web.explore.register import KINGS, PEORIA, TAZEWELL, put

LATE = ("zoom", "leaflet", ".geojson", "outlines.json")


@pytest.fixture
def register(emptied: None) -> None:
    """In Illinois a city and three co-ops, two of them in one place; a firm in New York; one nowhere."""
    put("city", Kind.PUBLIC_BODY, county=PEORIA, latitude=40.70, longitude=-89.59)
    for name in ("mill", "oven"):
        put(name, county=PEORIA, latitude=40.85, longitude=-89.75, placed_by="town")
    put("barn", county=TAZEWELL, latitude=40.51, longitude=-89.51)
    put("pier", "firm", county=KINGS, latitude=40.64, longitude=-73.95)
    put("cloud")


def opened(page: Page, address: str = "/explore/map/") -> None:
    page.goto(address)
    page.get_by_role("button", name="Zoom", exact=True).click()
    page.get_by_role("region", name="Map that can be zoomed").wait_for()


def picture(page: Page, name: str) -> None:
    if folder := os.environ.get("SHOTS"):
        Path(folder).mkdir(parents=True, exist_ok=True)
        for scheme in ("light", "dark"):
            page.emulate_media(color_scheme=scheme)
            page.screenshot(path=f"{folder}/{name}-{scheme}.png", full_page=True)


def centre(page: Page) -> tuple[float, float]:
    box = page.locator("[data-ground]").bounding_box()
    assert box
    return box["x"] + box["width"] / 2, box["y"] + box["height"] / 2


@pytest.mark.parametrize("width", [390, 1280])
def test_layer_is_fetched_when_asked_for_and_a_point_opens(
    visit: Visit, register: None, width: int
) -> None:
    page = visit(width=width)
    asked: list[str] = []

    def note(request: Request) -> None:
        asked.append(request.url)

    page.context.on("request", note)
    page.goto("/explore/map/")
    page.get_by_role("button", name="Zoom", exact=True).wait_for()
    assert [url for url in asked if any(part in url for part in LATE)] == []
    asked.clear()
    opened(page)
    host = page.url.split("/explore/")[0]
    assert {url.split("/static/")[0].split("/explore/")[0] for url in asked} == {host}
    assert any("leaflet" in url for url in asked)
    assert page.evaluate("document.activeElement.hasAttribute('data-ground')") is True
    assert page.locator("svg[data-map]").is_hidden()
    picture(page, f"zoom-{width}")
    assert page.locator("[data-said]").inner_text() == "In view: 5 of 6."
    assert page.locator("[data-lost]").inner_text() == "Without a place on this map: 1."
    picture(page, f"zoom-{width}")
    names = page.get_by_role("list", name="In view").get_by_role("button")
    assert names.all_inner_texts() == ["Barn", "City", "Mill", "Oven", "Pier"]

    # A name is shown closer; the counties of its state come.
    with page.expect_response("**/outlines.json?country=US&state=17"):
        names.filter(has_text="Mill").click()
    assert page.evaluate("document.activeElement.textContent") == "Mill"
    said = page.locator("[data-popup]").inner_text()
    assert "Worker co-op" in said
    assert "drawn at the middle of its town" in said
    page.wait_for_timeout(500)  # the map has come to rest
    picture(page, f"zoom-{width}-mill")
    two = page.get_by_text("In view: 2 of 6.")
    for _time in range(8):
        if not two.count():
            page.get_by_role("button", name="Closer").click()
            page.wait_for_timeout(400)
    assert two.is_visible()
    page.get_by_role("link", name="Mill").focus()
    page.keyboard.press("Escape")
    assert page.evaluate("document.activeElement.textContent") == "Mill"
    names.filter(has_text="Mill").click()
    page.keyboard.press("Enter")
    page.get_by_role("heading", level=1, name="Mill").wait_for()


def test_sign_shows_who_is_there_and_one_of_many_comes_closer(visit: Visit, register: None) -> None:
    page = visit(width=1280)
    opened(page, f"/explore/map/?county={PEORIA}")
    assert page.locator("[data-said]").inner_text() == "In view: 3 of 3."
    page.get_by_role("button", name="City").click()  # tells where the city is
    page.keyboard.press("Escape")
    opened(page, "/explore/map/?q=oven")
    page.get_by_role("button", name="Oven").click()
    page.get_by_role("link", name="Oven").wait_for()
    page.get_by_role("button", name="Close", exact=True).click()
    page.locator("[data-popup]").wait_for(state="detached")

    # Two in one place are one sign, and its popup names both.
    page.goto("/explore/map/?box=-89.77,40.83,-89.73,40.87&country=US")
    opened(page, "/explore/map/?box=-89.77,40.83,-89.73,40.87&country=US")
    page.mouse.click(*centre(page))
    page.locator("[data-popup]").wait_for()
    assert page.locator("[data-popup] a").all_inner_texts() == ["Mill", "Oven"]
    page.keyboard.press("Escape")
    assert page.evaluate("document.activeElement.hasAttribute('data-ground')") is True


def test_escape_and_the_button_lead_back_to_the_plain_map(visit: Visit, register: None) -> None:
    page = visit(width=390)
    opened(page)
    page.keyboard.press("+")
    page.keyboard.press("ArrowLeft")
    page.keyboard.press("Escape")
    button = page.get_by_role("button", name="Zoom", exact=True)
    assert page.evaluate("document.activeElement.textContent") == "Zoom"
    assert page.locator("svg[data-map]").is_visible()
    button.click()
    page.get_by_role("button", name="Back to the plain map").click()
    assert page.evaluate("document.activeElement.textContent") == "Zoom"
    assert page.get_by_role("region", name="Map that can be zoomed").count() == 0
    # And a link of the page takes it along.
    button.click()
    page.get_by_role("region", name="Map that can be zoomed").wait_for()
    page.get_by_role("link", name="New York").last.click()
    page.get_by_role("heading", level=1, name="New York").wait_for()


def test_layer_fits_a_window_that_becomes_narrow(visit: Visit, register: None) -> None:
    page = visit(width=1280)
    opened(page)
    page.set_viewport_size({"width": 390, "height": 844})
    page.get_by_text("In view: 4 of 6.").wait_for()  # New York is beyond the edge
    page.get_by_role("button", name="Further away").click()
    page.get_by_text("In view: 5 of 6.").wait_for()
    picture(page, "zoom-narrow")


def test_reader_who_wants_less_motion_gets_none(visit: Visit, register: None) -> None:
    page = visit(width=1280)
    page.emulate_media(reduced_motion="reduce")
    opened(page)
    assert page.locator(".leaflet-zoom-anim, .leaflet-fade-anim").count() == 0
    page.keyboard.press("+")
    assert page.locator(".leaflet-pan-anim, .leaflet-zoom-anim").count() == 0


def test_trouble_is_said_and_the_plain_map_stays(visit: Visit, register: None) -> None:
    page = visit(width=390)
    page.route("**/map.geojson**", lambda route: route.fulfill(status=500))
    page.goto("/explore/map/")
    page.get_by_role("button", name="Zoom", exact=True).click()
    page.get_by_text("could not be fetched").wait_for()
    assert page.locator("svg[data-map]").is_visible()
    page.unroute("**/map.geojson**")
    page.get_by_role("button", name="Zoom", exact=True).click()
    page.get_by_role("region", name="Map that can be zoomed").wait_for()


def test_without_a_script_nothing_is_offered(visit: Visit, register: None) -> None:
    page = visit(width=390, javascript=False)
    page.goto("/explore/map/")
    assert page.get_by_role("button", name="Zoom", exact=True).count() == 0
    assert page.locator("svg[data-map]").is_visible()


@pytest.mark.parametrize("turn", range(4))
def test_open_layer_has_no_fault(visit: Visit, register: None, turn: int) -> None:
    Institution.objects.filter(slug="pier").update(name="Pier of the Far and Very Long Rockaways")
    page = visit(width=1280)
    opened(page, "/explore/map/?state=17")
    page.get_by_role("button", name="City").click()
    assert faults(page, turn) == []
