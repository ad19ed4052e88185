"""Within a co-op: a treasurer with two lists, a member who votes and recomputes, a candidate on the way."""

from datetime import timedelta

from django.core.files.uploadedfile import SimpleUploadedFile
from django.utils import timezone
from playwright.sync_api import Page, expect

from interlock.__main__ import main
from interlock.web.coops.actions import decisions
from interlock.web.coops.actions.hours import enter_hours
from interlock.web.coops.actions.policies import adopt_policy
from interlock.web.coops.actions.years import begin_year, work_on_year
from interlock.web.coops.models import DecisionForm
from interlock.web.coops.rules.policies import PRESETS, as_data
from interlock.web.people.models import Person
from tests.journeys.conftest import Visit
from tests.web.coops.guild import Guild, make_guild

MEMBERS = """name,number,email,status,since,buy-in
Ada Wirth,1,ada@example.org,member,2020-01-15,500
Luis Romero,2,,member,2021-03-01,500
Joy Okoro,3,,candidate,2025-09-01,
"""


def heading(page: Page, text: str) -> None:
    expect(page.get_by_role("heading", level=1)).to_contain_text(text)


def give(page: Page, name: str, text: str) -> None:
    """Choose a file in the page's form, and have it looked at."""
    file = {"name": name, "mimeType": "text/csv", "buffer": text.encode()}
    page.locator("main input[type=file]").set_input_files(file)  # type: ignore[arg-type]
    page.locator("main form button").first.click()


def test_treasurer_goes_from_a_blank_site_to_a_previewed_year(visit: Visit) -> None:
    """Without script, on a phone: register, open, two lists, a policy, the net income, the draft."""
    last = timezone.now().year - 1
    page = visit(by=Person.objects.by_email("tess@example.org"), javascript=False)
    page.goto("/")
    page.get_by_role("link", name="Run our co-op").click()
    heading(page, "Your co-op, from within")
    page.get_by_role("link", name="Register our co-op").click()
    page.locator("[name=name_0]").fill("Lathe Cooperative")
    page.get_by_role("button", name="Register").click()
    heading(page, "Open its inside")
    page.locator("[name=first_year_begins_on]").fill(f"{last}-01-01")
    page.get_by_role("button", name="Open it").click()
    heading(page, "Members")

    page.goto("/coops/lathe-cooperative/members/list/")
    give(page, "members.csv", MEMBERS)
    page.locator("main form button").last.click()
    expect(page.get_by_role("main")).to_contain_text("Luis Romero")

    page.goto("/coops/lathe-cooperative/years/")
    page.locator("main a.button").first.click()
    hours = f"member,from,to,hours,wages\n1,{last}-01,{last}-12,1800,43200\n2,{last}-01,{last}-12,1200,28800\n3,{last}-01,{last}-12,600,12000\n"
    give(page, "hours.csv", hours)
    page.get_by_role("button", name="Enter the hours").click()
    page.goto("/coops/lathe-cooperative/policies/selc/")
    page.locator("[name=adopted_on]").fill(f"{last - 1}-06-01")
    page.get_by_role("button", name="Put it on record").click()
    heading(page, "Years")
    page.get_by_role("button", name="Begin the draft").last.click()
    page.locator("[name=net]").fill("36,000")
    page.get_by_role("button", name="See the draft").click()
    heading(page, "$36,000 to share out")
    shown = page.get_by_role("main")
    # Of 3,600 hours 3,000 are members'; a quarter stays in common, the rest goes by hours.
    expect(shown).to_contain_text("$30,000")
    expect(shown).to_contain_text("$9,000")
    expect(shown).to_contain_text("$27,000")


def test_member_votes_and_recomputes_their_share(visit: Visit) -> None:
    now = timezone.now()
    guild = make_guild(preset="selc", at=now - timedelta(days=1))
    put(guild)
    decision = decisions.draft_decision(
        coop=guild.coop,
        kind="ordinary",
        form=DecisionForm.PROPOSAL,
        title="A second van",
        text="Used, at most $18,000.",
        by=guild.ben,
        at=now,
    )
    decisions.announce(decision=decision, by=guild.ben, at=now, closes_at=now + timedelta(days=30))
    page = visit(by=guild.eva)
    page.goto("/desk/")
    expect(page.get_by_role("main")).to_contain_text("A second van")
    page.goto(decision.get_absolute_url())
    page.locator("[name=choice][value=yes]").check()
    page.locator("form:has([name=choice]) button").first.click()
    expect(page.get_by_role("main")).to_contain_text("Yes")
    assert decision.electors.get(member__person=guild.eva).vote.choice == "yes"
    page.goto(f"/coops/{guild.spokes.slug}/")
    page.get_by_role("link", name="See the year").click()
    page.get_by_role("link", name="Show the math, step by step").click()
    heading(page, "Your share: $")
    expect(page.get_by_role("main")).to_contain_text("By hours:")
    with page.expect_download() as got:
        page.get_by_role("link", name="Download it and recompute").click()
    assert main(["surplus", str(got.value.path())]) == 0


def test_candidate_sees_what_is_missing_and_nothing_of_others(visit: Visit) -> None:
    guild = make_guild(preset="selc", at=timezone.now() - timedelta(days=1))
    page = visit(by=guild.cam)
    page.goto("/coops/")
    page.get_by_role("link", name="Spokes Cooperative").click()
    page.get_by_role("link", name="What it says of me").click()
    heading(page, "Cam Petrov")
    expect(page.get_by_role("main")).to_contain_text("Still missing.")
    page.goto(f"/coops/{guild.spokes.slug}/accounts/")
    expect(page.get_by_role("main")).not_to_contain_text("Ana Ruiz")


def put(guild: Guild) -> None:
    """A year of the guild as a draft."""
    now = timezone.now()
    begins = guild.coop.first_year_begins_on
    policy = adopt_policy(
        coop=guild.coop,
        body=as_data(PRESETS["selc"]),
        preset="selc",
        adopted_on=begins - timedelta(days=30),
        by=guild.bob,
        at=now,
    )
    year = begin_year(coop=guild.coop, number=1, by=guild.bob, at=now)
    ends = min(year.ends_on, now.date())
    lines = "".join(
        f"{one.number},{begins},{ends},{1_000 + 10 * number},20000\n"
        for number, one in enumerate(guild.coop.members.order_by("pk")[:4])
    )
    file = SimpleUploadedFile("hours.csv", f"member,from,to,hours,wages\n{lines}".encode())
    enter_hours(coop=guild.coop, data=file.read(), name="hours.csv", by=guild.bob, at=now)
    work_on_year(year=year, by=guild.bob, at=now, net=4_000_000, policy=policy)
