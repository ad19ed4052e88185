"""From a call to the last payment, in four roles: the office, a co-op with its developer, the panel,
and a resident who follows it."""

from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from typing import Any
from zoneinfo import ZoneInfo

import pytest
from django.utils import timezone
from playwright.sync_api import Page, expect

from interlock.web.delivery.models import Agreement, Call, Payment, Posting
from interlock.web.messages.models import Mail
from interlock.web.people.models import Person
from tests.journeys.conftest import Visit, counted_world
from tests.journeys.looks import faults
from tests.web.delivery.chain import Chain, new_chain

DAY = timedelta(days=1)
Later = Callable[[timedelta], None]


@pytest.fixture
def later(monkeypatch: pytest.MonkeyPatch) -> Later:
    """`later(3 * DAY)`: the site's clock goes on by so much."""
    passed, now = [timedelta()], timezone.now
    monkeypatch.setattr(timezone, "now", lambda: now() + passed[0])

    def go_on(time: timedelta) -> None:
        passed[0] += time

    return go_on


@pytest.fixture
def chain(emptied: None) -> Chain:
    return new_chain(world=counted_world().publish())


def test_from_call_to_last_payment(visit: Visit, chain: Chain, later: Later) -> None:
    delivery, ana = chain.delivery, Person.objects.by_email("ana@example.org")
    office = visit(width=1280, by=chain.alice)
    office.goto(delivery.get_absolute_url())
    office.get_by_role("link", name="Write the plan").click()
    both(office, "plan", "Shelves, a bench, three evenings a week.", "Estantes y tres tardes.")
    office.locator("[name=due_on]").fill(day(120))
    press(office)
    office.get_by_role("link", name="Call for bids").first.click()
    call_for_bids(office, delivery.cost)
    call = Call.objects.get()

    resident = visit(by=Person.objects.by_email("rosa@example.org"))
    resident.goto(delivery.get_absolute_url())
    resident.get_by_role("button", name="Follow this project").click()

    developer = visit(by=chain.dan)
    prepare_a_bid(developer, call, "46000")
    expect(developer.get_by_role("button", name="Sign and seal")).to_have_count(0)
    steward = visit(by=chain.mia)
    steward.goto(f"{developer.url}sign/")
    assert faults(steward) == []
    press(steward, "Sign and seal")
    expect(steward.get_by_text("Sealed on")).to_be_visible()
    firm = visit(width=1280, javascript=False, by=chain.fred)
    prepare_a_bid(firm, call, "44000")
    press(firm, "Sign and seal")

    office.goto(f"{call.get_absolute_url()}organise/")
    office.locator("summary", has_text="Name somebody").click()
    office.get_by_label("E-mail address").fill("ana@example.org")
    office.get_by_label("Name", exact=True).fill("Ana Ruiz")
    press(office, "Name them for the panel")
    later(22 * DAY)
    office = visit(width=1280, by=chain.alice)
    office.goto(f"{call.get_absolute_url()}organise/")
    press(office, "Open the bids")

    panelist = visit(width=1280, by=ana)
    panelist.goto(f"{call.get_absolute_url()}scores/")
    panelist.get_by_label("I have no other conflict").check()
    press(panelist, "Declare")
    for name, points in (("Mill", "9"), ("Brick & Sons", "5")):
        panelist.goto(f"{call.get_absolute_url()}scores/")
        with panelist.expect_navigation():
            panelist.get_by_role("link", name=name).click()
        for box in panelist.locator("main input[type=number]").all():
            box.fill(points)
        for box in panelist.locator("main textarea").all():
            box.fill("Clear steps and days.")
        press(panelist, "Save, and on to the next")

    office.goto(f"{call.get_absolute_url()}organise/")
    press(office, "Rank the bids")
    office.get_by_role("link", name="See the ranking").click()
    expect(office.locator("ol.ledger li, ul.ledger li").first).to_contain_text("Mill")
    assert faults(office) == []
    office.goto(f"{call.get_absolute_url()}organise/")
    office.get_by_role("link", name="Award it to this offer").first.click()
    both(office, "reasons", "First in the ranking.", "Primera en la clasificación.")
    press(office)
    expect(office.get_by_role("heading", name="It waits for you")).to_be_visible()

    agreement = agree(visit, chain, office, later)
    report_and_accept(visit, chain, office, agreement)
    pay(visit, chain, office, agreement)
    office.goto(delivery.get_absolute_url())
    office.locator("summary", has_text="All that you can do here").click()
    office.get_by_role("link", name="Say that it is done").click()
    both(office, "text", "Come and borrow a drill.", "Ven a pedir un taladro.")
    press(office)

    resident.goto(delivery.get_absolute_url())
    expect(resident.locator("main")).to_contain_text("It is done.")
    assert Mail.objects.filter(to="rosa@example.org").count() >= 5
    done = chain.refresh()
    assert (done.awarded + done.returned, done.awarded) == (done.cost, 46_000_00)
    assert sum(one.amount for one in Posting.objects.filter(kind="paid")) == 46_000_00


def call_for_bids(page: Page, cost: int) -> None:
    """The form, the panel's criteria, a preference with its law, and the publication."""
    both(page, "title", "Build the tool library", "Montar la biblioteca")
    both(page, "scope", "Shelves and a bench.", "Estantes y un banco.")
    closes = datetime.now(UTC).astimezone(ZoneInfo("America/Chicago")) + 20 * DAY
    page.locator("[name=closes_at]").fill(closes.strftime("%Y-%m-%dT%H:%M"))
    page.get_by_label("Preference for worker co-ops").select_option(index=1)
    page.locator("[name=preference_size]").fill("10")
    both(page, "legal_basis", "Ordinance 12, section 3.", "Ordenanza 12, artículo 3.")
    both(page, "lot_0_title", "All of it", "Todo")
    page.locator("[name=lot_0_budget]").fill(str(cost // 100))
    both(page, "criterion_0_name", "Price", "Precio")
    page.locator("[name=criterion_0_weight]").fill("50")
    both(page, "criterion_1_name", "Plan", "Plan")
    page.locator("[name=criterion_1_weight]").fill("50")
    press(page)
    press(page, "Publish the call")


def prepare_a_bid(page: Page, call: Call, dollars: str) -> None:
    """From the page of the call through the steps to the last one."""
    page.goto(call.get_absolute_url())
    page.get_by_role("link", name="Prepare a bid").click()
    press(page)
    page.locator("main [name^=lot_]").fill(dollars)
    press(page, "Save and go on")
    page.locator("[name=plan]").fill("Shelves first, then the bench, open in spring.")
    page.locator("[name=team]").fill("Six of us.")
    press(page, "Save and go on")
    for _step in range(2):
        press(page, "Go on")
    page.locator("[name=has_conflict][value=no]").check()
    if page.get_by_role("button", name="Save", exact=True).count():  # a delegate cannot seal
        press(page, "Save")


def agree(visit: Visit, chain: Chain, office: Page, later: Later) -> Agreement:
    """Two milestones, drafted by the office, signed by both once the days for complaints are over."""
    office.get_by_role("link", name="Draft the agreement").click()
    for place, (title, dollars) in enumerate((("Shelves stand", 30_000), ("It is open", 16_000))):
        both(office, f"part-{place}-title", title, title)
        office.locator(f"[name=part-{place}-due_on]").fill(day(60 + 30 * place))
        office.locator(f"[name=part-{place}-amount]").fill(str(dollars))
    press(office)
    later(11 * DAY)
    agreement = Agreement.objects.get()
    for person, side in ((chain.alice, "City of Riverbend"), (chain.mia, "Mill")):
        page = visit(width=1280, by=person)
        page.goto(agreement.get_absolute_url())
        press(page, f"Sign for {side}")
    agreement.refresh_from_db()
    assert agreement.signed_at is not None
    return agreement


def report_and_accept(visit: Visit, chain: Chain, office: Page, agreement: Agreement) -> None:
    for _milestone in range(2):
        mill = visit(by=chain.dan)
        mill.goto(agreement.get_absolute_url())
        mill.locator("main a.button:not(.quiet)", has_text="Report it").first.click()
        mill.locator("[name=text_0]").fill("It stands.")
        press(mill)
        office.goto(agreement.get_absolute_url())
        office.get_by_role("link", name="Answer the report").click()
        press(office)
    agreement.refresh_from_db()
    assert agreement.accepted == agreement.value


def pay(visit: Visit, chain: Chain, office: Page, agreement: Agreement) -> None:
    for place, dollars in ((0, "30000"), (1, "16000")):
        office.goto(f"{agreement.get_absolute_url()}payments/")
        office.locator("[name=what]").select_option(f"M{place + 1}")
        office.locator("[name=amount]").fill(dollars)
        press(office)
        payment = Payment.objects.latest("pk")
        address = f"/delivery/payments/{payment.pk}/"
        mill = visit(by=chain.mia)
        mill.goto(address)
        mill.get_by_role("link", name="Say that the invoice is sent").click()
        mill.locator("[name=number]").fill(f"2027-{place}")
        press(mill)
        office.goto(address)
        press(office, "Approve it")
        office.get_by_role("link", name="Record it as paid").click()
        office.locator("[name=paid_on]").fill(day(0))
        press(office)
        mill.goto(address)
        mill.get_by_role("link", name="Say what you received").click()
        mill.locator("[name=received_on]").fill(day(0))
        press(mill)
        expect(mill.get_by_text("Paid, and confirmed")).to_be_visible()


def both(page: Page, name: str, english: str, spanish: str) -> None:
    page.locator(f"[name={name}_0]").fill(english)
    page.locator(f"[name={name}_1]").fill(spanish)


def press(page: Page, button: str = "") -> None:
    """The button of that name, or the first of the main form; and nothing was wrong."""
    one: Any = page.locator("main form button:not(.quiet)")
    if button:
        one = page.get_by_role("button", name=button, exact=True)
    with page.expect_navigation():
        one.first.click()
    expect(page.locator("main .wrong, main [aria-invalid=true]")).to_have_count(0)


def day(number: int) -> str:
    today = timezone.now().astimezone(ZoneInfo("America/Chicago")).date()
    return (today + number * DAY).isoformat()
