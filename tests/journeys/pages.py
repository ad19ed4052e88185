"""Every page of the site, by the state of the town in which it is looked at, and the way to it."""

import json
import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta

from playwright.sync_api import Page

from interlock.methods.questionnaires.instruments import tables as instrument
from interlock.web.budgets.actions import ask_what_if, close_if_due, publish
from interlock.web.budgets.answering import answer_what_if
from interlock.web.budgets.counting import count_process, import_election
from interlock.web.budgets.models import Process, WhatIf
from interlock.web.budgets.recounting import work_out_margin
from interlock.web.delivery.actions import agreeing, awarding, finishing, paying, stories
from interlock.web.delivery.actions.bids import ask_partner, attach, seal
from interlock.web.delivery.actions.calls import LotSaid, extend, name_custodian, record_elsewhere
from interlock.web.delivery.actions.calls import answer as answer_about
from interlock.web.delivery.actions.calls import ask as ask_about
from interlock.web.delivery.actions.evaluating import declare
from interlock.web.delivery.models import Agreement, Call, Delivery, Payment, PaymentKind
from interlock.web.demo import town
from interlock.web.files.actions import keep
from interlock.web.institutions.actions import register
from interlock.web.institutions.following import enter
from interlock.web.institutions.leaving import announce, leave_due
from interlock.web.institutions.models import Followed, Institution, Membership, Role
from interlock.web.messages.models import Mail
from interlock.web.needs.actions import close
from interlock.web.needs.models import Closing, Introduction, Listing
from interlock.web.people.models import Person
from interlock.web.surveys.actions import (
    add_seeds,
    add_version,
    close_study,
    launch,
    open_study,
    publish_analysis,
    publish_version,
    request_analysis,
)
from interlock.web.surveys.analysing import analyse_due
from interlock.web.surveys.models import Respondent, Study
from interlock.web.surveys.researching import ask as ask_to_read
from interlock.web.surveys.researching import give, open_answers
from interlock.web.surveys.retaining import due, retain
from interlock.web.ties.actions import say
from interlock.web.ties.models import Tie
from interlock.web.ways import actions as ways
from interlock.web.ways.models import Proposal
from interlock.web.ways.twelve import WAYS, template_of
from tests.journeys.conftest import counted_world, open_world
from tests.methods.formats import spoiled
from tests.web.delivery.calling import PDF, Fair, make_fair
from tests.web.delivery.chain import AFTER, DAY, DUE, FEW, Chain, new_chain
from tests.web.files.pictures import drawn
from tests.web.files.pictures import sent as picture_file
from tests.web.surveys.asked import Asked, make_asked
from tests.web.surveys.studies import fill
from tests.world import DOLLARS, World, both, make_world

POINTS = """META
key;value
description;PB
country;Poland
unit;Smallville
instance;2024
num_projects;3
num_votes;4
budget;110
vote_type;cumulative
rule;greedy
date_begin;01.01.2024
date_end;31.01.2024
PROJECTS
project_id;cost;name
p1;60;Drzewa
p2;40;Ławki
p3;50;Fontanna
VOTES
voter_id;vote;points
1;p1,p2;3,2
2;p1;5
3;p1,p2;1,4
4;p3;5
"""
NOT_ON_ROLL = "0000-0000-0000-00"
Way = Callable[[Page], None]


@dataclass(frozen=True)
class Stage:
    """A town in some state, somebody who visits it (or nobody), and the way to each page."""

    ways: Mapping[str, Way]
    by: Person | None = None


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


def ticked(process: Process, *refs: str) -> Way:
    """The ballot with these projects ticked, and the bar that says so."""

    def way(page: Page) -> None:
        page.goto(f"{process.get_absolute_url()}ballot/")
        checked = page.get_by_role("checkbox", checked=True)
        while checked.count():
            with page.expect_response(lambda answer: answer.request.method == "POST"):
                checked.first.uncheck()
        for ref in refs:
            with page.expect_response(lambda answer: answer.request.method == "POST"):
                page.locator(f"[name=project][value='{ref}']").check()
        page.locator(f".bar li:nth-of-type({max(len(refs), 1)})").wait_for(state="attached")

    return way


def then(first: Way, *selectors: str) -> Way:
    """One way, and then a press on each of these."""

    def way(page: Page) -> None:
        first(page)
        for selector in selectors:
            page.locator(selector).click()
            page.wait_for_load_state()

    return way


def cast(process: Process, code: str, *refs: str) -> Way:
    def way(page: Page) -> None:
        then(ticked(process, *refs), ".bar button")(page)
        page.locator("#id_code").fill(code)
        page.locator("aside button").click()
        page.wait_for_load_state()

    return way


def empty_site() -> Stage:
    return Stage(
        {
            "home": at("/"),
            "budgets": at("/budgets/"),
            "institutions": at("/institutions/"),
            "co-ops": at("/institutions/?kind=worker_coop"),
            "needs": at("/needs/"),
            "deliveries": at("/delivery/"),
            "record": at("/record/"),
            "what it adds up to": at("/delivery/sums/"),
            "help": at("/help/"),
            "data": at("/data/"),
            "privacy": at("/privacy/"),
            "check": at("/receipt/"),
            "receipt unknown": at("/receipt/0123456789abcdef0123/"),
            "sign in": at("/account/sign-in/"),
            "sign in refused": sent("/account/sign-in/", email="nobody"),
            "make an account": at("/account/new/"),
            "make an account refused": sent("/account/new/", email="nobody"),
            "type the code": sent("/account/new/", email="dora@example.org"),
            "no such link": sent("/account/sign-in/link/none/"),
            "no such page": at("/nowhere/"),
        }
    )


def newcomer() -> Stage:
    return Stage(
        {
            "desk": at("/desk/"),
            "first an institution": at("/budgets/new/"),
            "need without an institution": at("/needs/new/"),
            "institution": at("/institutions/new/"),
            "institution refused": sent("/institutions/new/"),
            "list to look at": at("/institutions/import/"),
            "list to hand on": uploaded(LIST),
            "sign out": at("/account/sign-out/"),
        },
        by=Person.objects.by_email("bob@example.org"),
    )


def open_vote() -> Stage:
    world = open_world()
    process, home = world.process, world.process.get_absolute_url()
    return Stage(
        {
            "home": at("/"),
            "budgets": at("/budgets/"),
            "process": at(home),
            "project": at(f"{home}projects/3/"),
            "rulebook": at(f"{home}rulebook/"),
            "ballot": ticked(process),
            "ballot ticked": ticked(process, "2", "3", "4"),
            "ballot refused": then(ticked(process, "1", "2"), ".bar button"),
            "review": then(ticked(process, "2", "3"), ".bar button"),
            "code refused": cast(process, NOT_ON_ROLL, "2", "3"),
            "code missing": then(ticked(process, "2"), ".bar button", "aside button"),
            "receipt": cast(process, world.letters[0].code, "2", "3"),
            "resume refused": resume_refused(process),
            "result not yet": at(f"{home}result/"),
            "institution": at(world.city.get_absolute_url()),
            "co-op": at(world.wheelhouse.get_absolute_url()),
            "institutions": at("/institutions/"),
            "record": at("/record/"),
            "record of one": at(f"/record/?about=process/{process.slug}"),
        }
    )


def resume_refused(process: Process) -> Way:
    def way(page: Page) -> None:
        page.goto(f"{process.get_absolute_url()}ballot/")
        page.locator("summary").click()
        page.locator("#resume").fill("0000")
        page.locator("details button").click()
        page.wait_for_load_state()

    return way


def filled_register() -> Stage:
    """The demo's register, with a co-op that its steward looks at and corrects."""
    town.make(at=datetime.now(UTC))
    coop = Institution.objects.get(slug="wheelhouse-cooperative")
    steward = Person.objects.by_email("dora@example.org")
    Membership.objects.create(
        institution=coop, person=steward, role=Role.STEWARD, since=datetime.now(UTC)
    )
    home = coop.get_absolute_url()
    found = "/institutions/?group=cooperative&country=US&region=Illinois"
    return Stage(
        {
            "institutions": at("/institutions/"),
            "narrowed": then(at(found), "summary"),
            "nothing found": at("/institutions/?q=zeppelin&kind=federation&unclaimed=1"),
            "institution": at(home),
            "planned one": at("/institutions/riverbend-homes-land-trust/"),
            "new": then(at("/institutions/new/"), *tables(6)),
            "edit": at(f"{home}edit/"),
            "edit refused": sent(
                f"{home}edit/", longitude="", workers_year="20", **{"identifiers-1-value": "7"}
            ),
            "people": at(f"{home}people/"),
            "last steward stays": then(at(f"{home}people/"), "[name=end] >> nth=0"),
            "people refused": nobody_added(f"{home}people/"),
            "not theirs": at("/institutions/city-of-riverbend/edit/"),
        },
        by=steward,
    )


def explored() -> Stage:
    """The demo's register as a map and as networks of its ties, and a second country."""
    at_once = datetime.now(UTC)
    town.make(at=at_once)
    city, rivers, bank = (
        Institution.objects.get(slug=slug)
        for slug in (
            "city-of-riverbend", "three-rivers-federation-of-co-ops", "harbor-light-credit-union",
        )
    )  # fmt: skip
    register(
        name="Taller Río", kind="worker_coop", at=at_once, place="Sevilla", country="ES",
        latitude=37.39, longitude=-5.99,
    )  # fmt: skip
    return Stage(
        {
            "map": then(at("/explore/map/"), "details:not([open]) summary"),
            "map of a state": at("/explore/map/?country=US&state=17"),
            "map of a county": at("/explore/map/?country=US&county=17179"),
            "map of points": at("/explore/map/?country=ES"),
            "map of nobody": at("/explore/map/?q=zeppelin"),
            "around": at(f"/explore/around/{rivers.slug}/"),
            "around, two steps": at(f"/explore/around/{city.slug}/?steps=2"),
            "around nobody": at("/explore/around/riverbend-homes-land-trust/"),
            "paths": at("/explore/paths/"),
            "path": at(f"/explore/paths/?from={rivers.slug}&to={bank.slug}"),
            "path to choose": at(f"/explore/paths/?from={city.slug}&to=co-op"),
            "no path": at(
                f"/explore/paths/?from={city.slug}&to=riverbend-homes-land-trust&confirmed=1"
            ),
            "path to nobody": at("/explore/paths/?from=zeppelin"),
            "deliver": at("/explore/deliver/"),
            "who could deliver": at(f"/explore/deliver/?q=bicycle+repair&at={city.slug}"),
            "who could deliver nowhere": at("/explore/deliver/?where=Zeppelin"),
            "nobody could deliver": at(f"/explore/deliver/?q=zeppelin&at={city.slug}"),
            "institution": at(city.get_absolute_url()),
        }
    )


def pictured() -> Stage:
    """The demo's register; two of its co-ops show a picture, and their steward looks at the pages."""
    town.make(at=datetime.now(UTC))
    coop = Institution.objects.get(slug="wheelhouse-cooperative")
    steward = coop.memberships.stewards()[0].person
    quiet = register(name="Quiet Mill", kind="firm", at=datetime.now(UTC), steward=steward)
    quiet.about = both(
        "# We mill\n\nSince **1990**.\n\n## What we do\n\n- flour\n- oats\n\n1. Come\n2. Taste",
        "# Molemos\n\nDesde **1990**.\n\n## Qué hacemos\n\n- harina\n- avena\n\n1. Ven\n2. Prueba",
    )
    quiet.save()
    home = coop.get_absolute_url()
    return Stage(
        {
            "institutions": at("/institutions/?group=cooperative"),
            "institution": at(home),
            "its picture": at(f"{home}picture/"),
            "picture refused": sent(f"{home}picture/", alt_0="", alt_1=""),
            "no picture yet": at(f"{quiet.get_absolute_url()}picture/"),
            "text with headings": at(quiet.get_absolute_url()),
        },
        by=steward,
    )


def needs_and_offers() -> Stage:
    """The demo's needs but two, with an introduction that waits and one that was accepted."""
    at_once = datetime.now(UTC)
    town.make(at=at_once)
    city = Person.objects.get(email=town.ORGANISER)
    listings = {str(one): one for one in Listing.objects.all()}
    for met in ("Facilitators for idea assemblies", "Food and child care at meetings"):
        close(listing=listings[met], by=city, at=at_once, closing=Closing.ELSEWHERE)
    need = listings["Translation and interpreting"].get_absolute_url()
    printing = listings["Printing of ballots and posters"].get_absolute_url()
    bikes = listings["Three cargo bikes to borrow"].get_absolute_url()
    waiting, accepted = (
        Introduction.objects.get(accepted=yes).get_absolute_url() for yes in (False, True)
    )
    return Stage(
        {
            "needs": at("/needs/"),
            "needs narrowed": at("/needs/?q=ballots&near=Riverbend&exchange=want&item=good"),
            "needs near a place elsewhere": at("/needs/?near=Peoria, IL"),
            "needs not found": at("/needs/?q=zeppelin"),
            "need": at(need),
            "need, asked about": then(at(printing), "summary"),
            "offer": at(bikes),
            "post a need": then(at("/needs/new/"), *tables(3)),
            "post a need refused": sent("/needs/new/", title_0=""),
            "change a need": at(f"{need}edit/"),
            "needs of a process": then(at("/needs/process/"), *tables(2)),
            "needs of a process refused": sent("/needs/process/", last_day="2020-01-01"),
            "around": at("/needs/around/city-of-riverbend/"),
            "ask": at(f"{bikes}ask/"),
            "ask refused": sent(f"{bikes}ask/", reach=""),
            "introduction": at(waiting),
            "introduction refused": sent(waiting, answer=""),
            "introduction accepted": at(accepted),
            "not theirs to change": at(f"{bikes}edit/"),
            "institution with needs": at("/institutions/city-of-riverbend/"),
            "desk with needs": at("/desk/"),
        },
        by=city,
    )


def profiles_followed() -> Stage:
    """Profiles on other sites, each in another state, and whoever gave their addresses."""
    town.make(at=datetime.now(UTC))
    now, coop = datetime.now(UTC), Institution.objects.get(slug="wheelhouse-cooperative")
    steward = coop.memberships.stewards()[0].person
    said = {
        "linked_schemas": ["organizations_schema-v1.0.0"],
        "name": "Harbor Light Credit Union",
        "primary_url": "https://harborlight.example",
        "description": "Loans, fictional.",
        "country_iso_3166": "US",
        "geolocation": {"lat": 40.5, "lon": -89.65},
        "tags": ["loans", "savings"],
        "telephone": "555-0161",
    }
    near, elsewhere, new = (
        json.dumps({**said, **changes})
        for changes in (
            {"unique_id": "XI-EXAMPLE-CU-0007"},
            {"geolocation": {"lat": 41.9, "lon": -87.6}, "country_iso_3166": "MX"},
            {"name": "Tidewater Bakers", "nickname": "Tidewater"},
        )
    )
    register(name="Harbor Light Credit Union", kind="credit_union", at=now)
    told = {
        "waits": {"next_at": now},
        "new": {"contents": new, "looked_at": now},
        "known": {"contents": near, "looked_at": now},
        "doubtful": {"contents": elsewhere, "looked_at": now},
        "failed": {"looked_at": now, "error": {"code": "status", "given": {"status": 404}}},
        "read": {"contents": new.replace("Tidewater", "Lowland"), "looked_at": now},
    }
    made = {
        name: Followed.objects.create(
            url=f"https://{name}.example/murmurations.json", by=steward, asked_at=now, **fields
        )
        for name, fields in told.items()
    }
    entered = enter(followed=made["read"], by=steward, at=now)
    ways = {name: at(one.get_absolute_url()) for name, one in made.items()}
    return Stage(
        {
            **ways,
            "waits": held(made["waits"].get_absolute_url()),
            "follow": at("/institutions/follow/"),
            "address refused": sent("/institutions/follow/", url="http://tree.example"),
            "which one": then(at(made["doubtful"].get_absolute_url()), "main form.stack button"),
            "kept up to date": at(entered.get_absolute_url()),
            "desk": at("/desk/"),
        },
        by=steward,
    )


def nobody_added(path: str) -> Way:
    def way(page: Page) -> None:
        page.goto(path)
        page.locator("#id_email").fill("nobody")
        page.evaluate("document.querySelector('main form.stack').noValidate = true")
        page.locator("main form.stack button").click()
        page.wait_for_load_state()

    return way


LIST = b"Name,Locality,Country,Email,Founded\nTree Co-op,Leeds,GB,a@tree.example,2003\n,Hull,GB,,\n"
#: Longer than a phone is wide, as files of registers are.
LONG_NAME = "uk_worker_coops_2023_as_exported_from_the_register_odc_by.csv"


def uploaded(data: bytes, *further: str) -> Way:
    """A list looked at, and perhaps a press on each of these."""

    def way(page: Page) -> None:
        page.goto("/institutions/import/")
        file = {"name": LONG_NAME, "mimeType": "text/csv", "buffer": data}
        page.locator("[name=file]").set_input_files(file)  # type: ignore[arg-type]
        then(lambda one: one.locator("main form button").click(), *further)(page)

    return way


def claimed_and_left() -> Stage:
    """The demo's register as a federation sees it that is asked to vouch; one page has left."""
    at_once = datetime.now(UTC)
    town.make(at=at_once)
    steward = Person.objects.by_email("desk@threerivers.example")
    mill = register(name=both("Old Mill", "Molino Viejo"), kind="firm", at=at_once, steward=steward)
    announce(institution=mill, by=steward, at=at_once - timedelta(days=8))
    assert leave_due(at_once)
    register(name=both("Barn", "Granero"), kind="firm", at=at_once, steward=steward)
    theirs, own = "/institutions/three-rivers-federation-of-co-ops/", "/institutions/barn/"
    nobodys, anothers = (
        f"/institutions/{slug}/" for slug in ("harbor-light-credit-union", "city-of-riverbend")
    )
    same = b"Name,Locality\nWheelhouse Cooperative,\nNew Co-op,Hilltown\n"
    return Stage(
        {
            "not claimed": at(nobodys),
            "claim": at(f"{nobodys}claim/"),
            "vouching refused": sent_by("[action$='ask/']", f"{nobodys}claim/"),
            "code sent": then(at(f"{nobodys}claim/"), "[action$='code/'] button"),
            "code refused": sent(f"{nobodys}claim/", code="12345678"),
            "join": at(f"{anothers}claim/"),
            "join refused": sent_by("[action$='ask/']", f"{anothers}claim/"),
            "asked to vouch": at(f"{theirs}people/"),
            "decline without a word": then(at(f"{theirs}people/"), "[name=decline]"),
            "left": at("/institutions/old-mill/"),
            "leave with a survey open": at(f"{theirs}leave/"),
            "leave": at(f"{own}leave/"),
            "leave refused": sent(f"{own}leave/", name="Another"),
            "leaving": sent(f"{own}leave/", name="Barn"),
            "leaves soon": at(own),
            "import": at("/institutions/import/"),
            "import refused": uploaded(b"%PDF"),
            "import with faults": uploaded(spoiled.file()[0]),
            "import in doubt": uploaded(same),
            "import entered": uploaded(same, "[action$='enter/'] button"),
        },
        by=steward,
    )


def sent_by(form: str, path: str) -> Way:
    """Send one of the page's forms empty, past the browser's own checks."""

    def way(page: Page) -> None:
        page.goto(path)
        page.locator(form).evaluate("form => { form.noValidate = true }")
        page.locator(f"{form} button").click()
        page.wait_for_load_state()

    return way


def register_with_ties() -> Stage:
    """The demo's ties, seen by who speaks for the co-op workshop, which proposed a change of one."""
    town.make(at=datetime.now(UTC))
    steward = Person.objects.by_email("desk@eastbank.example")
    workshop = Institution.objects.get(slug="eastbank-co-op-workshop")
    growers = Institution.objects.get(slug="sundial-growers-cooperative")
    for place in range(12):
        person = Person.objects.by_email(f"p{place}@example.org")
        for one in (workshop, growers):
            if place < 7 or place % 2 == (one == growers):
                Membership.objects.create(
                    institution=one,
                    person=person,
                    role=Role.MEMBER,
                    since=datetime(2020, 1, 1, tzinfo=UTC),
                )
    Membership.objects.create(
        institution=growers, person=steward, role=Role.DELEGATE, since=datetime.now(UTC)
    )
    granted = Tie.objects.get(predicate="funds").get_absolute_url()
    asks = Tie.objects.get(predicate="advocates_for").get_absolute_url()
    lends = Tie.objects.get(predicate="lends_to").get_absolute_url()
    hosted = Tie.objects.get(predicate="hosts").get_absolute_url()
    seen = (
        Tie.objects.exclude(witness="")
        .filter(predicate="delivers_for")
        .latest("pk")
        .get_absolute_url()
    )
    land = Institution.objects.get(slug="riverbend-homes-land-trust")
    land.email = "office@land.example"
    land.save()
    asked = say(
        subject=workshop,
        predicate="advises",
        object=land,
        speaker=workshop,
        by=steward,
        at=datetime.now(UTC),
    )
    mail = Mail.objects.filter(to=land.email).latest("pk")
    link = re.search(r"/ties/answer/[^/]+/", mail.text)
    stop = re.search(r"/ties/mail/[^/]+/", mail.text)
    assert link
    assert stop
    new = "/ties/new/?as=eastbank-co-op-workshop"
    no = then(at(asks), "details summary")
    return Stage(
        {
            "ties": at("/ties/"),
            "ties of one": at("/ties/of/eastbank-co-op-workshop/"),
            "no tie found": at("/ties/?q=zeppelin"),
            "words": at("/ties/words/"),
            "institution with ties": at(workshop.get_absolute_url()),
            "desk with ties": at("/desk/"),
            "tie, change proposed": at(granted),
            "tie, not confirmed": no,
            "tie, said by another": at(lends),
            "tie, disputed": at(hosted),
            "tie, witnessed": at(seen),
            "tie asked by mail": at(asked.get_absolute_url()),
            "tie changed": at(f"{granted}change/"),
            "tie change refused": sent(f"{granted}change/", amount="much", until="2025-01-01"),
            "tie, search": at(f"{new}&q=riverbend"),
            "tie, nobody found": at(f"{new}&q=zeppelin"),
            "tie, new": at(f"{new}&with=harbor-light-credit-union"),
            "tie, refused": sent(f"{new}&with=harbor-light-credit-union", amount="much"),
            "tie of others": at(f"{new}&others=1&one=northside-neighbors"),
            "answer": at(link.group()),
            "answer refused": sent_second(link.group()),
            "answer unknown": at("/ties/answer/none/"),
            "no more mail": at(stop.group()),
        },
        by=steward,
    )


def sent_second(path: str) -> Way:
    """Send the second form of the page with nothing in it."""

    def way(page: Page) -> None:
        page.goto(path)
        page.evaluate("document.querySelectorAll('main form')[1].noValidate = true")
        page.locator("main form").nth(1).locator("button").click()
        page.wait_for_load_state()

    return way


def proposals() -> Stage:
    """The demo's proposals, and some more, seen by a city that takes part in all but one."""
    town.make(at=datetime.now(UTC))
    by = Person.objects.by_email("organiser@riverbend.example")
    growers = Person.objects.by_email("desk@sundial.example")
    city, sundial = (
        Institution.objects.get(slug=slug)
        for slug in ("city-of-riverbend", "sundial-growers-cooperative")
    )
    at_once = datetime.now(UTC)
    waits, kitchen = (one.get_absolute_url() for one in Proposal.objects.order_by("-pk"))
    alone, other = (
        ways.begin(institution=one, title=title, by=person, at=at_once, sections=template_of(""))
        for one, title, person in (
            (city, both("A garden on the roof", "Un huerto en la azotea"), by), (sundial, both("Seeds for schools", "Semillas para escuelas"), growers),
        )
    )  # fmt: skip
    ways.invite(proposal=other, institution=city, acting=sundial, by=growers, at=at_once)
    asked = Institution.objects.get(slug="northside-neighbors")
    ways.invite(proposal=alone, institution=asked, acting=city, by=by, at=at_once)
    lonely = ways.begin(institution=city, title=both("A bench", "Un banco"), by=by, at=at_once)
    home = alone.get_absolute_url()
    return Stage(
        {
            "ways": at("/ways/"),
            "ways by money": at("/ways/?by=money"),
            **{f"way {slug}": at(f"/ways/{slug}/") for slug in WAYS},
            "joint proposals": at("/ways/proposals/"),
            "joint proposals of none": at("/ways/proposals/?way=fair-bids"),
            "joint proposal, new": at("/ways/proposals/new/?way=fair-bids"),
            "joint proposal, refused": sent("/ways/proposals/new/"),
            "joint proposal, alone": at(lonely.get_absolute_url()),
            "joint proposal, not answered": at(home),
            "joint proposal, invited": then(at(other.get_absolute_url()), "form summary"),
            "joint proposal, to sign": at(waits),
            "joint proposal, not ticked": sent_form(waits, "form[action$='/sign/']"),
            "joint proposal, in the works": then(at(kitchen), "details summary"),
            "invite": at(f"{home}invite/"),
            "invite, found": at(f"{home}invite/?q=riverbend"),
            "invite, nobody": at(f"{home}invite/?q=zeppelin"),
            "write": then(at(f"{waits}write/"), *tables(2)),
            "write refused": sent(f"{waits}write/", title_0="", title_1=""),
            "write, both": overtaken(waits, growers),
            "versions": at(f"{waits}versions/"),
            "version": at(f"{waits}versions/3/"),
            "what became of it": at(f"{kitchen}move/"),
            "what became of it refused": sent(f"{kitchen}move/", sentence=""),
            "leave a draft": at(f"{home}leave/"),
            "withdraw": at(f"{kitchen}leave/"),
            "institution with proposals": at(city.get_absolute_url()),
            "desk with proposals": at("/desk/"),
        },
        by=by,
    )


def overtaken(path: str, by: Person) -> Way:
    """Write, while the other party writes at the same place."""

    def way(page: Page) -> None:
        page.goto(f"{path}write/")
        proposal = Proposal.objects.get(pk=int(path.strip("/").split("/")[-1]))
        latest = proposal.versions.get(number=proposal.version)
        sections = [dict(one) for one in latest.sections]
        sections[0]["text"] = {"en": f"Bread, {latest.number} loaves.", "es": "Pan."}
        ways.write(
            proposal=proposal,
            acting=Institution.objects.get(slug="sundial-growers-cooperative"),
            by=by,
            at=datetime.now(UTC),
            base=latest.number,
            title=latest.title,
            sections=sections,
            voids=[one.pk for one in latest.signatures.all()],
        )
        page.locator("[name=section-0-text_0]").fill("Soup, and bread that we bake.")
        page.get_by_role("button").last.click()
        page.wait_for_load_state()

    return way


def sent_form(path: str, form: str) -> Way:
    """Send one form of the page as it is, past the browser's own checks."""

    def way(page: Page) -> None:
        page.goto(path)
        page.locator(form).evaluate("form => { form.noValidate = true }")
        page.locator(f"{form} button").click()
        page.wait_for_load_state()

    return way


def surveys() -> Stage:
    """A survey that is open, answered on one device: by a public page, then by a coupon."""
    asked = make_asked(
        seeds=2, at=datetime.now(UTC), closes_on=datetime.now(UTC).date() + timedelta(days=60)
    )
    used, unused = (f"/surveys/s/{card.code}/" for card in asked.cards)
    asked.enter(at=datetime.now(UTC), coupon=asked.cards[0].code)
    over = make_asked(seeds=0, at=datetime.now(UTC), closes_on=datetime.now(UTC).date())
    close_study(study=over.study, by=over.dora, at=datetime.now(UTC))
    home = asked.study.get_absolute_url()
    mine, thanks = "/surveys/mine/", "/surveys/mine/thanks/"
    goes_on = then(at(thanks), f"a[href='{mine}']")
    on = [answers(mine) for _page in range(3)]
    return Stage(
        {
            "home": at("/"),
            "surveys": at("/surveys/"),
            "survey for cooperators": at("/surveys/cooperators/"),
            "survey for PBers": at("/surveys/pbers/"),
            "survey": at(home),
            "survey over": at(over.study.get_absolute_url()),
            "leaflet": at(f"{home}leaflet/"),
            "go on": at("/surveys/resume/"),
            "go on refused": sent("/surveys/resume/", code="0000"),
            "take back": at("/surveys/withdraw/"),
            "take back refused": sent("/surveys/withdraw/", code="0000"),
            "link cut off": at("/surveys/s/nonsense/"),
            "link used": agrees(used),
            "link": at(unused),
            "not agreed": then(at("/surveys/pbers/"), "main form button"),
            "begun": agrees("/surveys/pbers/"),
            "questions refused": then(at(mine), "main form button >> nth=0"),
            "people you know": answers(mine, role=True),
            "people refused": then(at(mine), "main form button >> nth=0"),
            "who sent it": answers(mine),
            "core": answers(mine),
            "saved": then(at(mine), "[name=later]"),
            "thanks": answers(mine),
            "thanks with texts": then(at(thanks), "summary"),
            "leaflet of one's own": at("/surveys/mine/cards/"),
            "ties": goes_on,
            "policy": on[0],
            "your co-op": on[1],
            "your budget": on[2],
            "about you": answers(mine),
            "all answered": answers(mine),
            "names": then(at(thanks), "form[action='/surveys/name/'] button"),
            "names refused": then(at("/surveys/name/"), "main form button"),
            "updates": then(at(thanks), "form[action='/surveys/updates/'] button"),
            "updates refused": sent("/surveys/updates/", email="nobody"),
            "begun before": at("/surveys/cooperators/"),
            "begun by coupon": agrees(unused),
            "thanks by coupon": then_all(answers(mine, role=True), *[answers(mine)] * 3),
            "cards": at("/surveys/mine/cards/"),
            "no leave": at("/surveys/updates/"),
        }
    )


def survey_results() -> Stage:
    """Published results with estimates and a second round, as everybody reads them."""
    first = _with_results(140, opened=30)
    second = make_asked(
        seeds=0,
        at=datetime.now(UTC),
        closes_on=datetime.now(UTC).date() + timedelta(days=60),
    )
    Study.objects.filter(pk=second.study.pk).update(follows=first.study)
    fill(second.study, 120, seed=2)
    _work_out(second, publishes=True)
    few = _with_results(60)
    none = make_asked(seeds=0, at=datetime.now(UTC), closes_on=datetime.now(UTC).date())
    small = make_asked(seeds=0, at=datetime.now(UTC), closes_on=datetime.now(UTC).date())
    close_study(study=small.study, by=small.dora, at=datetime.now(UTC))
    return Stage(
        {
            "surveys": at("/surveys/"),
            "results": at(f"{first.study.get_absolute_url()}results/"),
            "results unfolded": unfolded(f"{first.study.get_absolute_url()}results/"),
            "second round": unfolded(f"{second.study.get_absolute_url()}results/"),
            "few answers": at(f"{few.study.get_absolute_url()}results/"),
            "no results": at(f"{none.study.get_absolute_url()}results/"),
            "too small": at(f"{small.study.get_absolute_url()}results/"),
        }
    )


def unpublished_survey_results() -> Stage:
    """Results that only their owner sees, and why others are not published."""
    asked = _with_results(60, publishes=False)
    again = _with_results(60)
    fill(again.study, 26, seeds=4, seed=2)
    _work_out(again, publishes=False)
    broken = make_asked(seeds=0, at=datetime.now(UTC), closes_on=datetime.now(UTC).date())
    broken.study.analyses.create(number=1, requested_at=datetime.now(UTC), failure="no numbers")
    return Stage(
        {
            "preview": at(f"{asked.study.get_absolute_url()}results/"),
            "published": at(f"{again.study.get_absolute_url()}results/"),
            "hardly grown": at(f"{again.study.get_absolute_url()}results/2/"),
            "failed": at(f"{broken.study.get_absolute_url()}results/"),
        },
        by=asked.dora,
    )


def _with_results(respondents: int, *, opened: int = 0, publishes: bool = True) -> Asked:
    asked = make_asked(
        seeds=0,
        at=datetime.now(UTC),
        closes_on=datetime.now(UTC).date() + timedelta(days=60),
    )
    fill(asked.study, respondents, opened=opened)
    _work_out(asked, publishes=publishes)
    return asked


def _work_out(asked: Asked, *, publishes: bool) -> None:
    now = datetime.now(UTC)
    made = request_analysis(study=asked.study, by=asked.dora, at=now)
    assert analyse_due(now, lambda: False)
    if publishes:
        publish_analysis(analysis=made, by=asked.dora, at=now)


def unfolded(path: str) -> Way:
    """A page with all its parts open."""

    def way(page: Page) -> None:
        page.goto(path)
        page.locator("details").evaluate_all("all => all.forEach(one => { one.open = true })")

    return way


def no_survey() -> Stage:
    return Stage({"surveys": at("/surveys/"), "nothing open": at("/surveys/pbers/")})


def agrees(path: str) -> Way:
    """Begin a survey."""

    def way(page: Page) -> None:
        page.context.clear_cookies(name=re.compile("survey-mine"))
        page.goto(path)
        page.locator("#id_agreed").check()
        page.locator("main form button").click()
        page.wait_for_load_state()

    return way


def answers(path: str, *, role: bool = False) -> Way:
    """Answer the page of questions where one is, a little of each kind, and go on."""

    def way(page: Page) -> None:
        page.goto(path)
        if role:
            page.locator("[name=coop_role][value=member]").check()
            page.locator("[name=pb_role][value=voter]").check()
        for box in page.locator("main form [inputmode=numeric]").all():
            box.fill("3")
        for choice in page.locator("main form fieldset:has([type=radio]) input:first-child").all():
            if choice.get_attribute("id"):
                choice.check()
        page.locator("main form button").first.click()
        page.wait_for_load_state()

    return way


#: A questionnaire with a fault in each sheet, and one that differs from ours in a few places.
FAULTY = {
    "survey.csv": b"type,name,label,relevant\ninteger,years,,${later} > 1\nvideo,clip,A clip,\n",
    "choices.csv": b"list_name,name,label\nyesno,a b,Yes\n",
    "notes.csv": b"what\nthis is no sheet\n",
}


def surveys_desk() -> Stage:
    """The demo's survey with researchers, one being prepared, one ready to open, one over."""
    now = datetime.now(UTC)
    town.make(at=now)
    study = Study.objects.get()
    by = study.institution.memberships.stewards()[0].person
    university = register(name="College", kind="school", at=now, steward=by)
    whom = {"contact": "college@college.example", "ethics": "ethics@college.example"}
    begun = {"closes_on": now.date() + timedelta(days=60), "by": by, "at": now}
    new, ready, over = (
        launch(institution=university, **whom, **begun) for _name in ("new", "ready", "over")
    )
    for one in (ready, over):
        publish_version(version=one.versions.get(), by=by, at=now)
    changed = {name: data.decode() for name, data in instrument("ties").items()}
    changed["survey.csv"] = changed["survey.csv"].replace("Your best guess is fine.", "Guess.")
    changed["choices.csv"] = changed["choices.csv"].replace("sender,list,", "sender,page,")
    files = {name: text.encode() for name, text in changed.items()}
    add_version(study=study, files=files, by=by, at=now, note=both("Shorter", "Más corta"))
    open_study(study=over, by=by, at=now - timedelta(days=1))
    add_seeds(study=over, number=3, by=by, at=now)
    close_study(study=over, by=by, at=now - timedelta(days=1))
    for promise in due(now + timedelta(days=200)):
        if promise.study == over:
            retain(promise, now)
    Respondent.objects.filter(pk__in=[one.pk for one in study.respondents.all()[:3]]).update(
        flags=["fast"]
    )
    reader, other = (
        Person.objects.by_email(f"{name}@college.example") for name in ("dana", "robin")
    )
    ask_to_read(study=study, reason="For a thesis on who knows whom", by=other, at=now)
    leave = ask_to_read(study=study, reason="Weights, and a report", by=reader, at=now)
    give(access=leave, until=now.date() + timedelta(days=90), by=by, at=now)
    open_answers(study=study, what="answers.zip", by=reader, at=now)
    home, draft = (f"{one.get_absolute_url()}desk/" for one in (study, new))
    return Stage(
        {
            "surveys of an institution": at("/surveys/desk/"),
            "launch": at("/surveys/launch/"),
            "launch refused": sent("/surveys/launch/", closes_on="2020-01-01"),
            "desk": then(at(home), "summary"),
            "preparing": at(draft),
            "ready to open": at(f"{ready.get_absolute_url()}desk/"),
            "over": at(f"{over.get_absolute_url()}desk/"),
            "texts": at(f"{draft}texts/"),
            "texts refused": sent(f"{draft}texts/", closes_on="2020-01-01"),
            "texts while open": at(f"{home}texts/"),
            "questions": at(f"{home}questions/"),
            "faults": given(f"{home}questions/", FAULTY),
            "version": at(f"{home}questions/1/"),
            "version changed": at(f"{home}questions/2/"),
            "preview": at(f"{home}questions/1/preview/"),
            "preview refused": then(at(f"{home}questions/1/preview/"), "main button >> nth=0"),
            "seeds": at(f"{home}seeds/"),
            "cards": sent(f"{home}seeds/", number="2"),
            "doubts": at(f"{home}doubts/"),
            "researchers": at(f"{home}researchers/"),
            "institution": at(study.institution.get_absolute_url()),
            "my desk": at("/desk/"),
        },
        by=by,
    )


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


def surveys_researcher() -> Stage:
    """Somebody with leave to read the answers of the demo's survey, and two others without."""
    now = datetime.now(UTC)
    town.make(at=now)
    study = Study.objects.get()
    steward = study.institution.memberships.stewards()[0].person
    reader = Person.objects.by_email("dana@college.example")
    leave = ask_to_read(study=study, reason="For a thesis", by=reader, at=now)
    give(access=leave, until=now.date() + timedelta(days=90), by=steward, at=now)
    asked = launch(
        institution=study.institution,
        contact="survey@threerivers.example",
        ethics="ethics@college.example",
        closes_on=now.date() + timedelta(days=60),
        by=steward,
        at=now,
    )
    publish_version(version=asked.versions.get(), by=steward, at=now)
    open_study(study=asked, by=steward, at=now)
    home = study.get_absolute_url()
    return Stage(
        {
            "research with leave": at(f"{home}research/"),
            "research without": at(f"{asked.get_absolute_url()}research/"),
            "research refused": sent(f"{asked.get_absolute_url()}research/", reason=""),
            "research asked": sent(f"{asked.get_absolute_url()}research/", reason="A report"),
            "desk of others": at(f"{home}desk/"),
            "no survey of mine": at("/surveys/desk/"),
        },
        by=reader,
    )


def delivery_sums() -> Stage:
    """One project delivered by a worker co-op, one under way and late; a town that funded nothing."""
    chain = new_chain()
    told = {"by": chain.alice, "at": AFTER}
    stories.plan(delivery=chain.delivery, plan=both("Build.", "Construir."), due_on=DUE, **told)
    agreement = chain.agree(1_500_000, 2_500_000)
    chain.accept(agreement, "M1")
    chain.pay(agreement, 1_500_000)
    chain.accept(agreement, "M2")
    chain.pay(agreement, 2_500_000, code="M2", at=AFTER + 300 * DAY)
    finishing.finish(delivery=chain.delivery, **told)
    for other in Delivery.objects.exclude(pk=chain.delivery.pk):
        by_firm = Chain(
            chain.world, other, chain.firm, chain.fred, chain.dan, chain.mill, chain.mia
        )
        by_firm.refresh()
        stories.plan(delivery=other, plan=both("Drive.", "Conducir."), due_on=DUE, **told)
        rain = both("Rain.", "Lluvia.")
        stories.delay(delivery=other, due_on=DUE + 90 * DAY, reason=rain, **told)
        running = by_firm.agree(1_000_000, 2_000_000)
        by_firm.accept(running)
        by_firm.pay(running, 1_000_000)
    slug = chain.world.process.slug
    none = make_world().open().close().count().publish().process.slug
    say_it = f"/delivery/sums/kept/{chain.mill.slug}/{AFTER.year}/USD/"
    return Stage(
        {
            "what became of it": then(at(f"/delivery/{slug}/sums/"), *tables(2)),
            "what became of nothing": at(f"/delivery/{none}/sums/"),
            "no package of nothing": at(f"/delivery/{none}/ocds.json"),
            "what it adds up to": then(at("/delivery/sums/"), *tables(1)),
            "what one process adds up to": at(f"/delivery/sums/?process={slug}"),
            "no such month": at("/delivery/coop-contracts.csv?begins=13"),
            "what stayed": at(f"/delivery/sums/kept/{chain.mill.slug}/"),
            "say what stayed": at(say_it),
            "say what stayed, refused": sent(say_it, wages="90000"),
            "data": at("/data/"),
        },
        by=chain.mia,
    )


def organisers_draft() -> Stage:
    world = make_world(letters=0)
    desk = f"{world.process.get_absolute_url()}organise/"
    pot = world.process.pots.get()
    return Stage(
        {
            "desk": at("/desk/"),
            "organise, not ready": at(desk),
            "new process": at("/budgets/new/"),
            "new process refused": sent("/budgets/new/", closes_at="2027-05-03T12:00"),
            "title, time, rule": at(f"{desk}edit/"),
            "pot": at(f"{desk}pots/new/"),
            "pot refused": sent(f"{desk}pots/new/", amount="much"),
            "pot changed": at(f"{desk}pots/{pot.pk}/"),
            "area": at(f"{desk}areas/new/"),
            "area refused": sent(f"{desk}areas/new/", name_0="West", **{f"pot_{pot.pk}": "9"}),
            "area changed": at(f"{desk}areas/harbor/"),
            "area not removed": then(at(f"{desk}areas/harbor/"), "[name=remove]"),
            "project": at(f"{desk}projects/new/"),
            "project refused": sent(f"{desk}projects/new/", cost="-1"),
            "project changed": at(f"{desk}projects/3/"),
            "codes": at(f"{desk}codes/"),
            "codes refused": sent(f"{desk}codes/", letters="0"),
        },
        by=world.alice,
    )


def organisers_vote() -> Stage:
    """Five processes of one city, each in another phase."""
    ready = make_world()
    voting = open_world()
    closed = make_world().open().cast_many(1).close()
    failed = make_world().open().cast_many(1).close()
    Process.objects.filter(pk=failed.process.pk).update(count_failure="OSError: 28")
    counted = counted_world()
    published = counted_world().publish()
    desks = {
        "ready": ready, "open": voting, "being counted": closed, "count failed": failed,
        "counted": counted, "published": published,
    }  # fmt: skip
    return Stage(
        {
            "desk": at("/desk/"),
            **{
                f"organise, {name}": at(f"{world.process.get_absolute_url()}organise/")
                for name, world in desks.items()
            },
            "result before publication": at(
                f"{counted.process.get_absolute_url()}organise/result/"
            ),
            "codes while open": at(f"{voting.process.get_absolute_url()}organise/codes/"),
            "refused when open": at(f"{voting.process.get_absolute_url()}organise/result/"),
        },
        by=counted.alice,
    )


def results() -> Stage:
    world = make_world().open()
    receipt = world.cast(39, {"harbor": ["4"]})
    world.cast_many(39).close().count().publish()
    while work_out_margin(datetime.now(UTC), lambda: False):
        pass
    few = counted_world(ballots=7).publish()
    none = counted_world(ballots=0).publish()
    greedy = make_world()
    Process.objects.filter(pk=greedy.process.pk).update(rule="greedy")
    greedy.refresh()
    greedy.open().cast_many(31).close().count().publish()
    closed = make_world().open().cast_many(1).close()
    home = world.process.get_absolute_url()
    answered = ask(world, "greedy", {"3": 60_000_00})
    answer_what_if(datetime.now(UTC))
    failed = ask(world, "equalshares", {})
    WhatIf.objects.filter(pk=failed).update(failure="TimeoutError: given up")
    waiting = ask(world, "phragmen", {})
    points = imported_with_points()
    return Stage(
        {
            "other rules": at(f"{home}result/rules/"),
            "what if": at(f"{home}what-if/"),
            "what if refused": sent(f"{home}what-if/harbor/", budget="much"),
            "what if, answered": at(f"{home}what-if/harbor/{answered}/"),
            "what if, failed": at(f"{home}what-if/harbor/{failed}/"),
            "what if, waiting": held(f"{home}what-if/harbor/{waiting}/"),
            "home": at("/"),
            "budgets": at("/budgets/"),
            "process": at(home),
            "process closed": at(closed.process.get_absolute_url()),
            "project": at(f"{home}projects/3/"),
            "project not funded": at(f"{home}projects/2/"),
            "project, how far is worked out": at(f"{greedy.process.get_absolute_url()}projects/1/"),
            "project of few": at(f"{few.process.get_absolute_url()}projects/2/"),
            "points": at(f"{points.get_absolute_url()}result/"),
            "points as a table": then(at(f"{points.get_absolute_url()}result/"), *tables(1)),
            "points by other rules": at(f"{points.get_absolute_url()}result/rules/"),
            "project with points": at(f"{points.get_absolute_url()}projects/p3/"),
            "ballot closed": at(f"{home}ballot/"),
            "result": at(f"{home}result/"),
            "result as tables": then(at(f"{home}result/"), *tables(2)),
            "result of few": at(f"{few.process.get_absolute_url()}result/"),
            "bundle of few": at(f"{few.process.get_absolute_url()}result/bundle/"),
            "result of none": at(f"{none.process.get_absolute_url()}result/"),
            "result by greedy": at(f"{greedy.process.get_absolute_url()}result/"),
            "rulebook": at(f"{greedy.process.get_absolute_url()}rulebook/"),
            "receipt": at(f"/receipt/{receipt}/"),
            "co-op": at(world.wheelhouse.get_absolute_url()),
            "record": at("/record/"),
        }
    )


def imported_with_points() -> Process:
    """A finished vote of another town, whose voters spread points."""
    at_once = datetime.now(UTC)
    return import_election(file_name="points.pb", data=POINTS.encode(), at=at_once).process


def ask(world: World, rule: str, costs: Mapping[str, int]) -> str:
    """Ask what the harbor would have funded, and give the question's key."""
    area = world.process.areas.get(ref="harbor")
    at_once = world.process.closes_at
    assert at_once is not None
    asked = ask_what_if(area=area, rule=rule, budget=area.budget, costs=costs, at=at_once)
    return asked.key


def tables(number: int) -> list[str]:
    return [f"summary >> nth={place}" for place in range(number)]


def filed(path: str) -> Way:
    """The second form of a page, sent as it stands, past the browser's own checks."""

    def way(page: Page) -> None:
        page.goto(path)
        page.evaluate("document.querySelectorAll('main form')[1].noValidate = true")
        page.locator("main form[method=post] button").last.click()
        page.wait_for_load_state()

    return way


def chain_today() -> tuple[Chain, datetime]:
    """A town whose result was published some weeks ago, and the hour it is."""
    at_once = datetime.now(UTC)
    world = make_world(
        letters=FEW, at=at_once - timedelta(days=60), closes_at=at_once - timedelta(days=30)
    )
    world.open(at=at_once - timedelta(days=59)).cast_many(FEW)
    close_if_due(process=world.process, at=at_once - timedelta(days=30))
    count_process(process=world.process, at=at_once - timedelta(days=29))
    publish(process=world.refresh(), at=at_once - timedelta(days=28), by=world.alice)
    world.refresh()
    return new_chain(world=world), at_once


def delivered() -> tuple[Chain, datetime, Agreement, Payment]:
    """A project half done by the Mill, with a picture, a delay, a rejected report, payments."""
    chain, now = chain_today()
    held, by = chain.delivery, chain.alice
    day = now.date()
    plan = both(
        "Shelves first, then the counter.\n\n- 555-0142", "Primero los estantes.\n\n- 555-0142"
    )
    began = now - timedelta(days=20)
    stories.plan(
        delivery=held, plan=plan, due_on=day - timedelta(days=3), by=by, at=now - timedelta(days=27)
    )
    stories.follow(delivery=held, person=chain.world.bob, at=began)
    award = chain.award(
        4_500_000, at=began - timedelta(days=1), standstill_days=0,
        scope=both("Building and furnishing", "Construcción y muebles"),
    )  # fmt: skip
    terms = chain.terms(1_500_000, 2_500_000, 500_000, advance=800_000, retainage=500)
    agreement = chain.sign(chain.draft(award, terms, began), began)
    chain.pay(agreement, 800_000, kind=PaymentKind.ADVANCE, at=began)
    chain.accept(agreement, "M1", at=now - timedelta(days=10))
    agreement.refresh_from_db()
    paid = chain.pay(agreement, agreement.payable, at=now - timedelta(days=9))
    paying.confirm_receipt(
        payment=paid, amount=paid.amount - 2_500, received_on=day, by=chain.mia, at=now
    )
    reason = both("The boards came late.", "Las tablas llegaron tarde.")
    stories.delay(
        delivery=held, due_on=day - timedelta(days=1), reason=reason, by=by,
        at=now - timedelta(days=8),
    )  # fmt: skip
    file = picture_file(drawn(size=(900, 500), color="darkolivegreen", corner="tan"))
    stories.news(
        delivery=held, acting=chain.mill, text=both("The shelves stand.", "Los estantes están."),
        picture=keep(file=file, size=file.size or 0, at=now),
        picture_alt=both("Shelves with tools", "Estantes con herramientas"),
        by=chain.mia, at=now - timedelta(days=5),
    )  # fmt: skip
    answer = both("The counter is missing.", "Falta el mostrador.")
    paying.accept(
        report=chain.report(agreement, "M2", now - timedelta(days=4)), outcome="notMet",
        reason=answer, by=by, at=now - timedelta(days=3),
    )  # fmt: skip
    return chain, now, agreement, paid


def deliveries() -> Stage:
    """What anybody reads: all projects, one vote, one project, its award, agreement and payment."""
    chain, now, agreement, paid = delivered()
    home = chain.delivery.get_absolute_url()
    chain.change(
        agreement, chain.terms(1_500_000, 2_500_000, 600_000, advance=800_000, retainage=500), now
    )
    award = agreement.award.get_absolute_url()
    slug = chain.world.process.slug
    other = Delivery.objects.exclude(pk=chain.delivery.pk).get()
    return Stage(
        {
            "all": at("/delivery/"),
            "stage": at("/delivery/?stage=done"),
            "vote": at(f"/delivery/{slug}/"),
            "project": at(home),
            "prepared": at(other.get_absolute_url()),
            "award": at(award),
            "agreement": at(agreement.get_absolute_url()),
            "versions": at(f"{agreement.get_absolute_url()}versions/"),
            "payment": at(paid.get_absolute_url()),
        }
    )


def delivery_officer() -> Stage:
    """What an officer sees and fills in."""
    chain, now, agreement, paid = delivered()
    home = chain.delivery.get_absolute_url()
    report = chain.report(agreement, "M2", now)
    invoice = chain.invoice(agreement, 100, code="M2", at=now)
    other = Delivery.objects.select_related("project__process").exclude(pk=chain.delivery.pk).get()
    stories.plan(
        delivery=other, plan=both("Shade.", "Sombra."), due_on=None, by=chain.alice, at=now
    )
    next_home = other.get_absolute_url()
    small = awarding.award_directly(
        delivery=other, kind="direct", suppliers=[chain.mill, chain.firm], value=400_000,
        reasons=both("Small.", "Pequeño."), by=chain.alice, at=now,
    )  # fmt: skip
    complaint = awarding.complain(
        award=small, institution=chain.world.carol.memberships.get().institution,
        text="555-0199", by=chain.world.carol, at=now,
    )  # fmt: skip
    again = agreement.award.pk
    notice = small.get_absolute_url()
    return Stage(
        {
            "project": at(home),
            "plan": at(f"{home}plan/"),
            "delay": at(f"{home}delay/"),
            "wrong delay": sent(f"{home}delay/", due_on="2020-01-01", reason_0="A", reason_1="B"),
            "news": at(f"{home}news/"),
            "done": at(f"{home}done/"),
            "give back": at(f"{home}give-back/"),
            "not done": sent(f"{home}done/"),
            "next": at(next_home),
            "award": at(f"{next_home}award/?q=mill"),
            "nobody": at(f"{next_home}award/?q=nobody"),
            "wrong award": filed(f"{next_home}award/?q=mill"),
            "notice": at(notice),
            "answer complaint": at(f"{notice}complaints/{complaint.pk}/"),
            "annul": at(f"{notice}annul/"),
            "draft": at(f"{notice}draft/"),
            "wrong draft": sent(f"{notice}draft/", **{"part-0-amount": "1"}),
            "change": at(f"/delivery/awards/{again}/draft/"),
            "agreement": at(agreement.get_absolute_url()),
            "end": at(f"{agreement.get_absolute_url()}end/"),
            "answer": at(f"/delivery/reports/{report.pk}/"),
            "plan payment": at(f"{agreement.get_absolute_url()}payments/"),
            "invoice": at(invoice.get_absolute_url()),
            "differ": at(paid.get_absolute_url()),
            "reverse": at(f"{invoice.get_absolute_url()}reverse/"),
            "desk": at("/desk/"),
        },
        chain.alice,
    )


def delivery_partner() -> Stage:
    """What those who deliver see: a draft to sign, a milestone to report, a payment to confirm."""
    chain, now, agreement, _paid = delivered()
    award = chain.award(200_000, at=now, standstill_days=0)
    version = chain.draft(award, chain.terms(200_000), now)
    agreeing.sign(version=version, acting=chain.city, by=chain.alice, at=now)
    planned = paying.plan_payment(
        agreement=agreement, kind="milestone", amount=10_000, payee=chain.mill, code="M2",
        by=chain.alice, at=now,
    )  # fmt: skip
    first = Payment.objects.order_by("pk")[0]
    return Stage(
        {
            "project": at(chain.delivery.get_absolute_url()),
            "draft": at(version.agreement.get_absolute_url()),
            "agreement": at(agreement.get_absolute_url()),
            "report": at(f"{agreement.get_absolute_url()}report/M2/"),
            "planned": at(planned.get_absolute_url()),
            "invoice": at(f"{planned.get_absolute_url()}invoice/"),
            "paid": at(first.get_absolute_url()),
            "confirm": at(f"{first.get_absolute_url()}confirm/"),
        },
        chain.mia,
    )


def fair_of_calls() -> tuple[Fair, dict[str, Call]]:
    """A call at each stage, for small parts of the tool library; a co-op and a firm bid."""
    now = datetime.now(UTC)
    later = now + timedelta(days=31)
    fair = make_fair(make_world(closes_at=now + timedelta(days=14)), now)
    lots = [LotSaid(both("The shelves", "Los estantes"), 8_000 * DOLLARS)]
    made = {"draft": fair.call(now, lots=lots, has_custodians=True)}
    for person, name in ((fair.ana, "Ana Ruiz"), (fair.ben, "Ben Okafor")):
        name_custodian(call=made["draft"], person=person, name=name, by=fair.alice, at=now)
    for name in ("open", "closed", "opened", "ranked"):
        made[name] = fair.preferring(now, lots=lots)
        for lead, by, price in ((fair.spokes, fair.bob, 7_500), (fair.firm, fair.finn, 7_200)):
            bid = fair.draft(made[name], lead, by, price)
            attach(bid=bid, by=by, name="plan.pdf", data=PDF)
            seal(bid=bid, by=by, at=now)
    for text, answer in (("Is there power?", "Yes, two sockets."), ("Who keeps the key?", "")):
        question = ask_about(call=made["open"], text=text, by=fair.finn, at=now)
        if answer:
            answer_about(question=question, answer=both(answer, "Sí, dos."), by=fair.alice, at=now)
    extend(
        call=made["open"], closes_at=later, reason=both("A storm.", "Una tormenta."),
        by=fair.alice, at=now,
    )  # fmt: skip
    record_elsewhere(
        issuer=fair.city, acting=fair.city, by=fair.alice, at=now,
        url="https://bids.example.org/12", title=both("Street trees", "Árboles de calle"),
        scope=both("Plant forty trees.", "Plantar cuarenta árboles."),
        closes_at=later, zone="America/Chicago", currency="USD",
    )  # fmt: skip
    made["closed"] = fair.closed(made["closed"], later)
    made["opened"] = fair.opened(made["opened"], later)
    made["ranked"] = fair.ranked(made["ranked"], later)
    return fair, made


def calls_for_all() -> Stage:
    _fair, made = fair_of_calls()
    return Stage(
        {
            "calls": at("/delivery/calls/"),
            "past calls": at("/delivery/calls/?state=past"),
            "no call found": at("/delivery/calls/?near=Boston"),
            "open call": then(at(made["open"].get_absolute_url()), "summary >> nth=0"),
            "opened call": at(made["opened"].get_absolute_url()),
            "ranking": at(f"{made['ranked'].get_absolute_url()}ranking/"),
            "no ranking yet": at(f"{made['open'].get_absolute_url()}ranking/"),
        }
    )


def calls_of_organiser() -> Stage:
    fair, made = fair_of_calls()
    ways = {
        f"organise {name}": at(f"{call.get_absolute_url()}organise/") for name, call in made.items()
    }
    return Stage(
        {
            "calls with a draft": at("/delivery/calls/"),
            "new call": at(f"/delivery/calls/new/{fair.delivery.pk}/"),
            "edit call": at(f"{made['draft'].get_absolute_url()}edit/"),
            "call elsewhere": at("/delivery/calls/elsewhere/"),
            **ways,
        },
        fair.alice,
    )


def calls_of_bidder() -> Stage:
    fair, made = fair_of_calls()
    call = made["open"].get_absolute_url()
    bid = made["open"].bids.get(lead=fair.spokes)
    partner = register(
        name="Mill Cooperative", kind="worker_coop", steward=fair.ana, at=datetime.now(UTC)
    )
    ask_partner(bid=bid, institution=partner, by=fair.bob, at=datetime.now(UTC))
    steps = {
        f"bid {name}": at(f"{call}bid/{bid.pk}/{name}/")
        for name in ("price", "plan", "partners", "files", "sign")
    }
    return Stage(
        {"begin a bid": at(f"{call}bid/"), "bid": at(f"{call}bid/{bid.pk}/"), **steps}, fair.bob
    )


def calls_of_panelist() -> Stage:
    fair, made = fair_of_calls()
    opened = made["opened"]
    scores = f"{opened.get_absolute_url()}scores/"
    seat = opened.panel.get(person=fair.ben)
    declare(panelist=seat, by=fair.ben, at=datetime.now(UTC), conflicts={})
    offer = fair.offer(opened, fair.spokes)
    return Stage(
        {
            "scores": at(scores),
            "score": at(f"{scores}{offer.pk}/"),
            "sealed scores": at(f"{made['ranked'].get_absolute_url()}scores/"),
            "custody": at(f"{made['draft'].get_absolute_url()}custody/"),
            "code of a custodian": then(
                at(f"{made['draft'].get_absolute_url()}custody/"), "main button"
            ),
        },
        fair.ben,
    )


def calls_to_declare() -> Stage:
    fair, made = fair_of_calls()
    return Stage({"declare": at(f"{made['opened'].get_absolute_url()}scores/")}, fair.ana)


STAGES: Mapping[str, Callable[[], Stage]] = {
    "empty": empty_site,
    "newcomer": newcomer,
    "open": open_vote,
    "register": filled_register,
    "claims": claimed_and_left,
    "ties": register_with_ties,
    "explore": explored,
    "pictured": pictured,
    "needs": needs_and_offers,
    "followed": profiles_followed,
    "proposals": proposals,
    "calls": calls_for_all,
    "calls, organiser": calls_of_organiser,
    "calls, bidder": calls_of_bidder,
    "calls, panelist": calls_of_panelist,
    "calls, to declare": calls_to_declare,
    "surveys": surveys,
    "no survey": no_survey,
    "survey desk": surveys_desk,
    "survey researcher": surveys_researcher,
    "survey results": survey_results,
    "survey results before": unpublished_survey_results,
    "draft": organisers_draft,
    "organise": organisers_vote,
    "results": results,
    "delivery sums": delivery_sums,
    "deliveries": deliveries,
    "delivery officer": delivery_officer,
    "delivery partner": delivery_partner,
}
