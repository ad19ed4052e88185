"""A resident votes without a pointer: Tab, Space and Enter, and always sees where the focus is."""

from playwright.sync_api import Page, expect

from tests.journeys.conftest import Visit
from tests.world import World

# What has the focus, and what keeps it from being seen: nothing drawn round it, or the bar over it.
FOCUS = """() => {
  const one = document.activeElement, box = one.getBoundingClientRect(), hidden = [];
  if (getComputedStyle(one).outlineStyle === "none") hidden.push("no outline");
  const over = document.elementFromPoint(box.x + box.width / 2, box.y + box.height / 2);
  if (!over) hidden.push("out of sight");
  else if (over.closest(".bar") && !one.closest(".bar")) hidden.push("under the bar");
  const bar = document.querySelector(".bar:not(:focus-within)")?.getBoundingClientRect();
  const covered = bar && box.bottom > bar.top + 1 && box.top < bar.bottom
    && box.left < bar.right && box.right > bar.left;
  if (covered) hidden.push("partly under the bar");
  const name = one.ariaLabel || one.labels?.[0]?.innerText || one.innerText || one.value;
  return {name: name.trim(), hidden, html: one.outerHTML.slice(0, 200)};
}"""


def tab_to(page: Page, name: str, *, back: bool = False) -> None:
    """Press Tab until that is reached; everything on the way must be seen when it has the focus."""
    for _ in range(60):
        page.keyboard.press("Shift+Tab" if back else "Tab")
        here = page.evaluate(FOCUS)
        assert here["hidden"] == [], here["html"]
        if here["name"] == name:
            return
    raise AssertionError(f"{name} cannot be reached by Tab")


def test_ballot_is_filled_and_cast_by_keyboard_alone(visit: Visit, town: World) -> None:
    page = visit()
    page.goto("/")
    tab_to(page, "Open my ballot: Riverbend decides")
    page.keyboard.press("Enter")
    expect(page.get_by_role("checkbox")).to_have_count(4)
    for title in page.locator(".pick").all_inner_texts():
        tab_to(page, title)
        if title in {"Night bus", "Tool library"}:
            with page.expect_response(lambda answer: answer.request.method == "POST"):
                page.keyboard.press("Space")
            expect(page.get_by_role("checkbox", name=title)).to_be_focused()
    tab_to(page, "Review and cast")
    tab_to(page, "Read more: " + page.locator(".pick").last.inner_text(), back=True)
    tab_to(page, "Review and cast")
    page.keyboard.press("Enter")
    expect(page.locator(".ledger h3")).to_have_text(["Night bus", "Tool library"])
    tab_to(page, "Voting code")
    page.keyboard.type(town.letters[0].code)
    page.keyboard.press("Enter")
    expect(page.get_by_role("heading", level=1)).to_have_text("Your ballot is cast.")


def test_skip_link_leads_past_the_navigation(visit: Visit, town: World) -> None:
    page = visit()
    page.goto(f"{town.process.get_absolute_url()}ballot/")
    tab_to(page, "Skip to the content")
    page.keyboard.press("Enter")
    tab_to(page, "City of Riverbend")
