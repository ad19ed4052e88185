"""How one comes to a page: by its address, by a form that is sent, by presses on the way."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import UTC, datetime

from playwright.sync_api import Page

from interlock.web.demo import town
from interlock.web.people.models import Person
from tests.kept import kept_rows

Way = Callable[[Page], None]
LIST = b"Name,Locality,Country,Email,Founded\nTree Co-op,Leeds,GB,a@tree.example,2003\n,Hull,GB,,\n"
#: Longer than a phone is wide, as files of registers are.
LONG_NAME = "uk_worker_coops_2023_as_exported_from_the_register_odc_by.csv"


@dataclass(frozen=True)
class Stage:
    """A town in some state, somebody who visits it (or nobody), and the way to each page."""

    ways: Mapping[str, Way]
    by: Person | None = None


#: What puts the demo town back, once it was made.
_towns: list[Callable[[], None]] = []


def demo_town() -> None:
    """The demo town and nothing else. It takes ten seconds to make, and is made once."""
    if _towns:
        _towns[0]()
    else:
        town.make(at=datetime.now(UTC))
        _towns.append(kept_rows())


def at(path: str) -> Way:
    return lambda page: void(page.goto(path))


def held(path: str) -> Way:
    """A page that loads itself again and again, held still while it is looked at."""

    def way(page: Page) -> None:
        page.goto(path)
        page.evaluate("window.stop()")

    return way


def void(_answer: object) -> None:
    """A way gives nothing back."""


def sent(path: str, **values: str) -> Way:
    """Fill the main form of the page, send it past the browser's own checks, and see the answer."""

    def way(page: Page) -> None:
        page.goto(path)
        for name, value in values.items():
            page.locator(f"main [name={name}]").fill(value)
        page.evaluate("document.querySelector('main form').noValidate = true")
        page.locator("main form button:not(noscript *)").first.click()
        page.wait_for_load_state()

    return way


def then(first: Way, *selectors: str) -> Way:
    """One way, and then a press on each of these."""

    def way(page: Page) -> None:
        first(page)
        for selector in selectors:
            page.locator(selector).click()
            page.wait_for_load_state()

    return way


def uploaded(data: bytes, *further: str) -> Way:
    """A list looked at, and perhaps a press on each of these."""

    def way(page: Page) -> None:
        page.goto("/institutions/import/")
        file = {"name": LONG_NAME, "mimeType": "text/csv", "buffer": data}
        page.locator("[name=file]").set_input_files(file)  # type: ignore[arg-type]
        then(lambda one: one.locator("main form button").click(), *further)(page)

    return way


def sent_by(form: str, path: str) -> Way:
    """Send one of the page's forms as it stands, past the browser's own checks."""

    def way(page: Page) -> None:
        page.goto(path)
        one = page.locator(form)
        one.evaluate("form => { form.noValidate = true }")
        one.locator("button").last.click()
        page.wait_for_load_state()

    return way


def unfolded(path: str) -> Way:
    """A page with all its parts open."""

    def way(page: Page) -> None:
        page.goto(path)
        page.locator("details").evaluate_all("all => all.forEach(one => { one.open = true })")

    return way


def given(path: str, files: Mapping[str, bytes]) -> Way:
    """Give the form of the page some files, and see the answer."""

    def way(page: Page) -> None:
        page.goto(path)
        given = [
            {"name": name, "mimeType": "text/csv", "buffer": data} for name, data in files.items()
        ]
        page.locator("main input[type=file]").set_input_files(given)  # type: ignore[arg-type]
        page.locator("main form button").first.click()
        page.wait_for_load_state()

    return way


def then_all(*several: Way) -> Way:
    def way(page: Page) -> None:
        for one in several:
            one(page)

    return way


def tables(number: int) -> list[str]:
    return [f"summary >> nth={place}" for place in range(number)]
