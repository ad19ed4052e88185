"""The pages of the register, of ties, needs, joint proposals, the map and the networks."""

import json
import re
from datetime import UTC, datetime, timedelta

from playwright.sync_api import Page

from interlock.web.demo import town
from interlock.web.institutions.actions import register
from interlock.web.institutions.following import enter
from interlock.web.institutions.leaving import announce, leave_due
from interlock.web.institutions.models import Followed, Institution, Membership, Role
from interlock.web.messages.models import Mail
from interlock.web.needs.actions import close
from interlock.web.needs.models import Closing, Introduction, Listing
from interlock.web.people.models import Person
from interlock.web.ties.actions import say
from interlock.web.ties.models import Tie
from interlock.web.ways import actions as ways
from interlock.web.ways.models import Proposal
from interlock.web.ways.twelve import WAYS, template_of
from tests.journeys.pages.walking import (
    Stage,
    Way,
    at,
    demo_town,
    held,
    sent,
    sent_by,
    tables,
    then,
    uploaded,
)
from tests.methods.formats import spoiled
from tests.world import both


def filled_register() -> Stage:
    """The demo's register, with a co-op that its steward looks at and corrects."""
    demo_town()
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
    demo_town()
    at_once = datetime.now(UTC)
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
            "map that can be zoomed": then(
                at("/explore/map/?country=US&state=17"), "[data-open]", ".zoomed li button >> nth=0"
            ),
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
    demo_town()
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
    demo_town()
    at_once = datetime.now(UTC)
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
    demo_town()
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


def claimed_and_left() -> Stage:
    """The demo's register as a federation sees it that is asked to vouch; one page has left."""
    demo_town()
    at_once = datetime.now(UTC)
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


def register_with_ties() -> Stage:
    """The demo's ties, seen by who speaks for the co-op workshop, which proposed a change of one."""
    demo_town()
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
            "answer refused": sent_by("main form >> nth=1", link.group()),
            "answer unknown": at("/ties/answer/none/"),
            "no more mail": at(stop.group()),
        },
        by=steward,
    )


def proposals() -> Stage:
    """The demo's proposals, and some more, seen by a city that takes part in all but one."""
    demo_town()
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
            "joint proposal, not ticked": sent_by("form[action$='/sign/']", waits),
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
