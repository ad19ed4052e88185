"""Every page: read by axe, at three widths, in light or dark, and in each of its languages."""

import os
from pathlib import Path

import pytest
from django.db import connection
from playwright.sync_api import Page

from tests.journeys.conftest import HEIGHTS, PHONE, Visit
from tests.journeys.language import wrong_strings
from tests.journeys.looks import faults
from tests.journeys.pages import STAGES
from tests.kept import kept_rows
from tests.plugin import OTHER_DATABASE

PALE = """<!doctype html><html lang="en"><title>Pale</title><main><h1>Pale</h1>
<p style="color: #ccc; background: #fff">Too pale to read.</p><input name="unlabelled"></main>"""


@pytest.mark.skipif(connection.vendor != "sqlite", reason=f"how pages look: {OTHER_DATABASE}")
@pytest.mark.parametrize("name", STAGES)
def test_pages_have_no_fault_and_speak_one_language(visit: Visit, name: str) -> None:
    """In English with axe at its widths and schemes, in Spanish on a narrow phone."""
    stage = STAGES[name]()
    put_back = kept_rows()
    found = []
    page = visit(by=stage.by)
    for turn, (place, way) in enumerate(stage.ways.items()):
        way(page)
        wrong = (*wrong_strings(page, "en"), *faults(page, turn))
        found += [f"{place}: {fault}" for fault in wrong]
        photograph(page, f"{name}-{place}")

    put_back()
    page = visit(by=stage.by, width=360)
    page.goto("/?language=es")
    for place, way in stage.ways.items():
        way(page)
        found += [f"{place}, Spanish: {text}" for text in wrong_strings(page, "es")]
        photograph(page, f"{name}-{place}-es", 360)
        if page.evaluate("document.documentElement.scrollWidth > window.innerWidth"):
            found.append(f"{place}, Spanish: scrolls sideways")
    assert not found, "\n".join(found)


def test_page_with_pale_text_and_unlabelled_input_has_faults(visit: Visit) -> None:
    page = visit()
    page.set_content(PALE)
    rules = {fault.split(": ")[1] for fault in faults(page)}
    assert {"color-contrast", "label"} <= rules


def photograph(page: Page, name: str, *widths: int) -> None:
    """With SHOTS=folder in the environment every page is kept as a picture, to be looked at."""
    if not (folder := os.environ.get("SHOTS")):
        return
    page.emulate_media(color_scheme="light")
    for width in widths or (PHONE, 1280):
        page.set_viewport_size({"width": width, "height": HEIGHTS[width]})
        path = Path(folder) / f"{name.replace(', ', '-').replace(' ', '-')}-{width}.png"
        page.screenshot(path=path, full_page=True)
