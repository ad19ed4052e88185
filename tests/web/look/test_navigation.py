"""The links of every page."""

from collections.abc import Iterator

import pytest
from django.test import RequestFactory

from interlock.web.look import navigation
from interlock.web.look.navigation import Place


@pytest.fixture
def places() -> Iterator[None]:
    kept = navigation.places[:]
    navigation.places[:] = [
        Place("budgets", "Budgets", lambda: "/budgets/", 1),
        Place("institutions", "Institutions", lambda: "/institutions/", 2, beside="List"),
        Place("explore", "Map", lambda: "/explore/", 3, under="institutions"),
    ]
    yield
    navigation.places[:] = kept


def links(path: str) -> tuple[list[tuple[str, bool]], list[tuple[str, bool]]]:
    told = navigation.for_page(RequestFactory().get(path))
    return tuple([(one["label"], one["here"]) for one in told[name]] for name in ("places", "part"))  # type: ignore[return-value, attr-defined]


@pytest.mark.usefixtures("places")
def test_page_of_a_part_shows_the_part_and_what_lies_beside() -> None:
    main = [("Budgets", False), ("Institutions", True)]
    assert links("/explore/us/") == (main, [("List", False), ("Map", True)])
    assert links("/institutions/mill/") == (main, [("List", True), ("Map", False)])


@pytest.mark.usefixtures("places")
def test_part_of_one_and_page_of_no_part_show_no_second_row() -> None:
    assert links("/budgets/") == ([("Budgets", True), ("Institutions", False)], [])
    assert links("/") == ([("Budgets", False), ("Institutions", False)], [])
