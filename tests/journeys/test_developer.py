"""A co-op developer: a co-op enters the register, a tie is confirmed, a need meets an offer."""

from playwright.sync_api import Page, expect

from interlock.web.needs.models import Introduction
from interlock.web.people.models import Person
from interlock.web.ties.models import Predicate, Tie
from tests.journeys.conftest import Visit
from tests.journeys.looks import faults
from tests.journeys.test_organiser import both, heading
from tests.world import make_world

CITY = "City of Riverbend"
COOP = "Lantern Translators"


def test_coop_is_registered_tied_and_introduced(visit: Visit) -> None:
    world = make_world(letters=0)
    dora = Person.objects.by_email("dora@example.org")
    developer, clerk = visit(by=dora), visit(width=1280, by=world.alice)

    registers_a_coop(developer)
    says_that_it_supplies_the_city(developer)
    the_city_confirms(clerk)
    developer.reload()
    expect(developer.get_by_text("Confirmed by both").first).to_be_visible()
    tie = Tie.objects.get(predicate=Predicate.SUPPLIES)
    assert (str(tie.subject), str(tie.object), tie.is_confirmed) == (COOP, CITY, True)

    the_city_needs_translation(clerk)
    the_coop_offers_it(developer)
    asks_to_be_introduced(developer)
    the_city_says_yes(clerk)
    developer.reload()
    expect(developer.get_by_text("alice@example.org")).to_be_visible()
    assert Introduction.objects.get().accepted is True


def test_map_and_paths_work_without_javascript(visit: Visit) -> None:
    world = make_world(letters=0)
    world.city.country, world.city.region = "US", "Illinois"
    world.city.latitude, world.city.longitude = 40.69, -89.59
    world.city.county, world.city.county_year = "17143", 2019
    world.city.save()
    page = visit(javascript=False)
    page.goto("/institutions/")
    page.get_by_role("link", name="Map", exact=True).click()
    heading(page, "United States")
    page.goto("/explore/map/?state=IL")
    expect(page.get_by_role("heading", level=1)).to_contain_text("Illinois")
    expect(page.get_by_role("row").filter(has_text="Peoria").first).to_be_visible()


def registers_a_coop(page: Page) -> None:
    page.goto("/")
    page.get_by_role("link", name="Run our co-op").click()
    page.get_by_role("link", name="Register our co-op").click()
    both(page, "Name", COOP, "Traductoras Farol")
    page.get_by_label("Kind").select_option("Worker co-op")
    page.get_by_label("Town").fill("Riverbend")
    page.get_by_role("button", name="Register").click()
    # One may keep the inside here too; the public page is there already.
    heading(page, "Open its inside")
    page.get_by_role("main").get_by_role("link", name=COOP).click()
    heading(page, COOP)


def says_that_it_supplies_the_city(page: Page) -> None:
    page.get_by_role("link", name="Record a tie").click()
    heading(page, "Record a tie")
    page.get_by_label("Name or town").fill("riverbend")
    page.get_by_role("button", name="Search").click()
    page.get_by_role("link", name=CITY).click()
    page.get_by_label(f"{COOP} …").select_option(f"… supplies {CITY}")
    page.get_by_label("In a sentence").fill("Letters to voters in four languages.")
    page.get_by_role("button", name="Say so").click()
    expect(page.get_by_text(f"not confirmed by {CITY} yet").first).to_be_visible()
    assert faults(page) == []


def the_city_confirms(page: Page) -> None:
    page.goto("/desk/")
    page.locator("main").get_by_role("link", name=COOP).first.click()
    page.get_by_role("button", name="Yes, it is so").click()
    expect(page.get_by_text("Confirmed by both").first).to_be_visible()


def the_city_needs_translation(page: Page) -> None:
    page.goto("/needs/new/")
    both(page, "Title", "Translation of ballots", "Traducción de papeletas")
    page.get_by_label("Tags").fill("translation, ballots")
    page.get_by_role("button", name="Post it").click()
    heading(page, "Translation of ballots")
    expect(page.get_by_text("Nobody yet.")).to_be_visible()


def the_coop_offers_it(page: Page) -> None:
    page.goto("/needs/new/")
    page.get_by_label("Need or offer").select_option("Offer")
    both(page, "Title", "We translate", "Traducimos")
    page.get_by_label("Tags").fill("translations, Spanish")
    page.get_by_role("button", name="Post it").click()
    heading(page, "We translate")


def asks_to_be_introduced(page: Page) -> None:
    expect(page.get_by_role("link", name="Translation of ballots", exact=True)).to_be_visible()
    page.get_by_role("link", name=f"Ask to be introduced to {CITY}").click()
    page.get_by_label("What you would like to talk about").fill("Your ballots, in four languages.")
    page.get_by_role("button", name="Ask", exact=True).click()
    expect(page.get_by_text(f"{CITY} has not answered yet.").first).to_be_visible()


def the_city_says_yes(page: Page) -> None:
    page.goto("/desk/")
    page.locator("main").get_by_role("link", name=COOP).first.click()
    assert faults(page) == []
    page.get_by_label("A sentence to them").fill("Gladly: come on Tuesday.")
    page.get_by_role("button", name="Yes, introduce us").click()
    expect(page.get_by_text("dora@example.org")).to_be_visible()
