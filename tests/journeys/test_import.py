"""A list of institutions comes in, and goes again."""

from pathlib import Path

from interlock.web.institutions.actions import register
from interlock.web.institutions.models import Institution
from tests.journeys.conftest import Visit
from tests.journeys.looks import faults
from tests.world import START, World, entrust

LIST = "Name,Locality,Country,Founded\nMill,,,\nTree Co-op,Leeds,GB,soon\n,Hull,GB,\n"


def test_trusted_steward_imports_a_list_and_undoes_it(
    visit: Visit, town: World, tmp_path: Path
) -> None:
    register(name="Mill", kind="firm", at=START, place="York")
    entrust(town.bob)
    path = tmp_path / "trees.csv"
    path.write_text(LIST)
    page = visit(by=town.bob, javascript=True)
    page.goto("/institutions/import/")
    found = faults(page)
    page.set_input_files("input[type=file]", path)
    page.get_by_role("button", name="Look at it").click()
    found += faults(page)
    assert "The institution has no name." in page.inner_text("main")
    page.get_by_label("Another: enter it").check()
    page.get_by_role("button", name="Enter the list").click()
    found += faults(page)
    page.get_by_role("link", name="Tree Co-op").click()
    assert page.inner_text("h1") == "Tree Co-op"
    page.go_back()
    page.get_by_role("button", name="Undo the import").click()
    page.get_by_text("Undone", exact=True).wait_for()
    found += faults(page)
    assert not Institution.objects.filter(slug="tree-co-op").exists()
    assert not found, "\n".join(found)
