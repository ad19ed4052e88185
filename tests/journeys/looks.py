"""What is wrong with how a page is built: axe's findings, and what axe does not look at."""

import os
from typing import Literal

from axe_playwright_python.sync_playwright import Axe  # type: ignore[import-untyped]
from playwright.sync_api import Page

from tests.journeys.conftest import HEIGHTS, PHONE

TAGS = ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa", "best-practice"]
AXE = Axe().axe_script
SCHEMES: list[Literal["light", "dark"]] = ["light", "dark"]
TURNS = [(PHONE, "light"), (1280, "dark"), (PHONE, "dark"), (1280, "light")]
RUN = """async tags => {
  const options = {resultTypes: ["violations"], preload: false, selectors: false, runOnly: tags};
  const results = await axe.run(options);
  const told = found => `${found.id}: ${found.nodes.map(node => node.html).join(" ")}`;
  return results.violations.map(told);
}"""

# A link inside a sentence may be as high as its line; everything else is at least 24 px. A sign on a
# map is as large as it is: its table has the same link (WCAG 2.5.8, essential and equivalent).
LAYOUT = """() => {
  const faults = [];
  const wide = document.documentElement.scrollWidth - window.innerWidth;
  if (wide > 0) faults.push(`scrolls ${wide} px sideways`);
  for (const one of document.querySelectorAll("a, button, input, select, textarea, summary")) {
    const box = one.getBoundingClientRect();
    const style = getComputedStyle(one);
    if (!one.checkVisibility() || !box.width || box.right < 0 || one.type === "hidden" || one.ownerSVGElement)
      continue;
    const inText = style.display === "inline"
      && one.parentElement.innerText.trim() !== one.innerText.trim();
    if (!inText && (box.width < 23.9 || box.height < 23.9))
      faults.push(`${Math.round(box.width)} × ${Math.round(box.height)} px: ${one.outerHTML}`);
  }
  return faults;
}"""


def faults(page: Page, turn: int = 0) -> list[str]:
    """Everything wrong with the page as it stands, at three widths, and in light or in dark.

    axe takes most of the time of it all. It looks once, at the phone or at the wide page, in light
    or in dark: which, takes turns, so that parts that many pages have are seen in all of them.
    LOOKS=all in the environment is every width in both schemes.
    """
    found = _document(page)
    page.evaluate(AXE)
    every = os.environ.get("LOOKS") == "all"
    for width, height in HEIGHTS.items():
        page.set_viewport_size({"width": width, "height": height})
        found += [f"{width} px: {fault}" for fault in page.evaluate(LAYOUT)]
        for scheme in SCHEMES:
            if every or TURNS[turn % len(TURNS)] == (width, scheme):
                page.emulate_media(color_scheme=scheme)
                found += [f"{width} px, {scheme}: {fault}" for fault in page.evaluate(RUN, TAGS)]
    return found


def _document(page: Page) -> list[str]:
    page.wait_for_load_state()  # a press is over when its page begins to come
    headings = page.locator("h1").count()
    found = [] if headings == 1 else [f"{headings} h1"]
    return found if page.title().split(" · ")[0].strip() else [*found, "no title"]
