"""The pages of a co-op from within: opened, its register, its lists, its bylaws."""

from datetime import timedelta

from django.utils import timezone
from playwright.sync_api import Page

from interlock.web.coops.actions import members
from interlock.web.coops.actions.opening import show
from interlock.web.coops.models import Hours, Status
from interlock.web.institutions.actions import register
from interlock.web.institutions.models import Kind
from interlock.web.people.models import Person
from tests.journeys.pages.walking import LONG_NAME, Stage, Way, at, sent, then
from tests.web.coops.guild import Guild, make_guild

HOME = "/coops/spokes-cooperative/"
LIST = (
    "name,number,email,status,since,buy_in\n"
    "Gus Berg,20,gus@example.org,member,2020-01-05,500\n"
    "Eva Lindt,4,,member,{since},\n"
    "Hana Sato,,hana@nowhere,candidate,2026-03-01,\n"
    "Boss,21,,director,2020-01-01,\n"
)


def no_coop() -> Stage:
    """What the place teaches whoever has no co-op there."""
    return Stage({"start": at("/coops/")})


def coop_to_open() -> Stage:
    steward = Person.objects.by_email("bob@example.org")
    register(name="Mill", kind=Kind.WORKER_COOP, at=timezone.now(), steward=steward)
    return Stage(
        {
            "start": at("/coops/"),
            "institution": at("/institutions/mill/"),
            "open": at("/coops/new/mill/"),
            "refused": sent("/coops/new/mill/", first_year_begins_on=""),
            "opened": then(at("/coops/new/mill/"), "main form button"),
            "inside": at("/coops/mill/"),
            "shown": at("/coops/mill/shown/"),
            "beginning": at("/coops/mill/beginning/"),
        },
        by=steward,
    )


def coop_asked() -> Stage:
    """Somebody whom the register of a co-op asks whether it is they."""
    guild, now = make_guild(at=timezone.now()), timezone.now()
    one = members.add_member(
        coop=guild.coop,
        name="Noor Aziz",
        email="noor@example.org",
        status=Status.CANDIDATE,
        since=now.date() - timedelta(days=20),
        by=guild.bob,
        at=now,
    )
    members.invite(member=one, by=guild.bob, at=now)
    return Stage(
        {"desk": at("/desk/"), "start": at("/coops/"), "asked": at(f"{HOME}invitation/")},
        by=Person.objects.by_email("noor@example.org"),
    )


def coop_keeper() -> Stage:
    """A register with hours, some of them too few, and all that its secretary does in it."""
    guild = _worked()
    cam, eva = guild.member("Cam"), guild.member("Eva")
    page = f"{HOME}members/{cam.pk}/"
    return Stage(
        {
            "home": at(HOME),
            "public page": at("/institutions/spokes-cooperative/"),
            "register": at(f"{HOME}members/"),
            "former": at(f"{HOME}members/?status=former"),
            "add": at(f"{HOME}members/new/"),
            "add refused": sent(f"{HOME}members/new/", name="", since="2099-01-01"),
            "candidate": then(at(page), "summary >> nth=0", "summary >> nth=1"),
            "status refused": then(
                at(page), "summary >> nth=0", f"form[action='{page}status/'] button"
            ),
            "member": at(f"{HOME}members/{eva.pk}/"),
            "edit": at(f"{HOME}members/{eva.pk}/edit/"),
            "list": at(f"{HOME}members/list/"),
            "looked at": _looked_at(guild),
            "bylaws": at(f"{HOME}bylaws/"),
            "change": at(f"{HOME}bylaws/change/ordinary/"),
            "change refused": sent(f"{HOME}bylaws/change/ordinary/", quorum="most", reason="Why"),
            "membership": at(f"{HOME}bylaws/change/membership/"),
            "model": at(f"{HOME}bylaws/change/model/"),
        },
        by=guild.ben,
    )


def coop_left() -> Stage:
    """Whoever left, or is no member: the way to their own account, and that."""
    guild = _worked()
    mine = guild.member("Fay")
    return Stage(
        {"start": at("/coops/"), "account": at(f"{HOME}accounts/{mine.pk}/")}, by=guild.fay
    )


def coop_candidate() -> Stage:
    guild = _worked()
    mine = guild.member("Cam")
    return Stage(
        {
            "home": at(HOME),
            "register": at(f"{HOME}members/"),
            "me": at(f"{HOME}members/{mine.pk}/"),
            "bylaws": at(f"{HOME}bylaws/"),
            "not theirs": at(f"{HOME}members/new/"),
        },
        by=guild.cam,
    )


def _worked() -> Guild:
    now = timezone.now()
    guild = make_guild(preset="colab", at=now)
    day = now.date()
    for name, hours in (("Bob", 1_840), ("Ana", 410), ("Ben", 1_200), ("Eva", 960), ("Cam", 210)):
        Hours.objects.create(
            member=guild.member(name),
            begins_on=day - timedelta(days=60),
            ends_on=day - timedelta(days=2),
            hours=hours,
            as_member=name != "Cam",
        )
    members.note_training(
        member=guild.member("Cam"),
        name="Money",
        on=day - timedelta(days=9),
        by=guild.ben,
        at=now,
    )
    show(coop=guild.coop, shows_size=True, shows_commons=False, by=guild.bob, at=now)
    return guild


def _looked_at(guild: Guild) -> Way:
    since = guild.member("Eva").standings.get().since.isoformat()
    data = LIST.format(since=since).encode()

    def way(page: Page) -> None:
        page.goto(f"{HOME}members/list/")
        file = {"name": LONG_NAME, "mimeType": "text/csv", "buffer": data}
        page.locator("[name=file]").set_input_files(file)  # type: ignore[arg-type]
        page.locator("main form button").click()
        page.wait_for_load_state()

    return way
