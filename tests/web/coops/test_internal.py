"""What members decide among themselves: nobody else finds it anywhere on the site."""

import re
from collections.abc import Callable, Iterator

import pytest
from django.test import Client
from django.urls import URLPattern, URLResolver, get_resolver, reverse
from django.utils import timezone
from django.utils.translation import override

from interlock.web.budgets import actions as budgets
from interlock.web.budgets import queries
from interlock.web.budgets.counting import count_process
from interlock.web.budgets.models import FundType, Process
from interlock.web.institutions.models import Institution
from interlock.web.people.models import Person
from interlock.web.record.models import Audience, Entry
from interlock.web.voting import actions as voting
from tests.staging import staged
from tests.web.coops.guild import Guild
from tests.world import CLOSE, START, World, make_world

#: Words that stand nowhere but in the process.
WORDS = ("Zanzibar", "Quokka", "Xylophone")
OUTSIDERS = ("nobody", "alice", "carol", "dora", "fay", "wes")


def begun(
    institution: Institution, by: Person, words: tuple[str, str, str], **more: bool
) -> Process:
    title, pot, project = words
    process = budgets.create_process(
        institution=institution, title=title, closes_at=CLOSE, at=START, by=by, **more
    )
    money = budgets.put_pot(
        process=process,
        name=pot,
        source=institution,
        fund_type=FundType.COOP_FUND,
        amount=90_000,
    )
    area = budgets.put_area(
        process=process, name="Everyone", max_choices=2, allocations={money: 90_000}
    )
    for cost in (60_000, 50_000):
        budgets.put_project(
            area=area, title=f"{project} {cost}", cost=cost, delivery_partner=Institution.objects.get(slug="gears-cooperative"),
        )  # fmt: skip
    return process


def held(process: Process, by: Person, ballots: int) -> tuple[Process, str]:
    """Voted in by so many, counted and published; with the receipt of one."""
    letters = budgets.make_codes(process=process, letters=ballots, at=START, by=by)
    opened = budgets.open_process(process=process, at=START, by=by)
    receipts = [
        budgets.cast_ballot(
            process=opened,
            voting_code=one.code,
            choices={"everyone": ["1"] if one.number % 3 else ["1", "2"]},
            nonce=voting.new_nonce(),
        )
        for one in letters
    ]
    budgets.close_if_due(process=opened, at=CLOSE)
    count_process(process=queries.processes().get(pk=process.pk), at=CLOSE)
    return budgets.publish(process=process, at=CLOSE, by=by), receipts[0]


def addresses(
    found: list[URLPattern | URLResolver], before: str = ""
) -> Iterator[tuple[str, dict[str, object]]]:
    """All addresses of the site, as patterns."""
    for one in found:
        path = before + str(one.pattern)
        if isinstance(one, URLResolver):
            yield from addresses(one.url_patterns, path)
        else:
            yield path, one.pattern.converters


def filled(process: Process, receipt: str) -> list[str]:
    """Every address that a page could have which is about this process, or about its institution."""
    institution = process.institution
    made = []
    for pattern, names in addresses(get_resolver().url_patterns):
        values = {"slug": [process.slug, institution.slug], "ref": ["1", "everyone"]}
        paths = [pattern.replace("^", "").replace("\\Z", "").replace("$", "")]
        for name in names:
            told = values.get(name, [receipt if name == "code" else "1"])
            paths = [re.sub(rf"<(\w+:)?{name}>", one, path) for path in paths for one in told]
        made += ["/" + path for path in paths]
    lists = ["/", "/budgets/", "/api/processes", "/api/openapi.json", "/record/", "/institutions/"]
    return sorted({*made, *lists})


def shows(client: Client, paths: list[str], words: tuple[str, ...]) -> set[str]:
    """The addresses at which any of these words occur in the answer, with its headers."""
    found = set()
    for path in paths:
        if "sign-out" in path or "logout" in path:
            continue
        with override("en"):
            answer = client.get(path)
        body = b"".join(answer.streaming_content) if answer.streaming else answer.content  # type: ignore[attr-defined]
        told = body + repr(sorted(answer.headers.items())).encode()
        if any(word.encode() in told for word in words):
            found.add(path)
    return found


@staged
def world() -> World:
    return make_world()


@pytest.fixture
def clients(
    world: World, guild: Guild, signed_in: Callable[[Person], Client]
) -> Callable[[str], Client]:
    def client(who: str) -> Client:
        if who == "nobody":
            return Client()
        return signed_in(world.alice if who == "alice" else getattr(guild, who))

    return client


@pytest.mark.parametrize("who", OUTSIDERS)
def test_outsiders_find_an_internal_process_at_no_address(
    who: str,
    guild: Guild,
    clients: Callable[[str], Client],
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    inner, receipt = held(begun(guild.spokes, guild.bob, WORDS, is_internal=True), guild.bob, 31)
    waiting = begun(guild.spokes, guild.bob, WORDS, is_internal=True)
    budgets.make_codes(process=waiting, letters=3, at=START, by=guild.bob)
    budgets.open_process(process=waiting, at=START, by=guild.bob)
    monkeypatch.setattr(timezone, "now", lambda: START)
    client = clients(who)
    paths = sorted({*filled(inner, receipt), *filled(waiting, receipt)})
    # A page that is not there says back the address at which it was looked for.
    own = [path for path in paths if waiting.slug in path]
    others = [path for path in paths if waiting.slug not in path]
    assert shows(client, own, WORDS) == set()
    assert shows(client, others, (*WORDS, waiting.slug)) == set()


def test_a_public_one_is_found_at_all_of_them(
    guild: Guild, clients: Callable[[str], Client], monkeypatch: pytest.MonkeyPatch
) -> None:
    outer, receipt = held(begun(guild.spokes, guild.bob, WORDS), guild.bob, 31)
    monkeypatch.setattr(timezone, "now", lambda: START)
    found = shows(clients("nobody"), filled(outer, receipt), WORDS)
    page, public = f"/budgets/{outer.slug}/", f"/delivery/{outer.slug}/"
    assert {
        "/", "/budgets/", "/record/", "/api/processes", f"/api/processes/{outer.slug}", page,
        f"{page}projects/1/", f"{page}rulebook/", f"{page}result/", f"{page}result/projects.csv",
        f"{page}result/ballots/everyone/", f"{page}result/rules/", f"{page}what-if/",
        f"{page}what-if/everyone/", f"/institutions/{guild.spokes.slug}/", public,
        reverse("voting:receipt", args=[receipt]),
    } <= found  # fmt: skip


@pytest.mark.parametrize("who", ["ana", "eva", "iris", "cam", "bob"])
def test_those_inside_find_it_at_the_usual_pages(
    who: str, guild: Guild, clients: Callable[[str], Client]
) -> None:
    inner, receipt = held(begun(guild.spokes, guild.bob, WORDS, is_internal=True), guild.bob, 31)
    page = f"/budgets/{inner.slug}/"
    usual = [
        page, f"{page}projects/1/", f"{page}rulebook/", f"{page}result/",
        f"{page}result/projects.csv", f"{page}result/ballots/everyone/", f"{page}result/rules/",
        f"{page}what-if/", reverse("voting:receipt", args=[receipt]),
    ]  # fmt: skip
    assert shows(clients(who), usual, WORDS) == set(usual)
    assert shows(clients(who), ["/", "/budgets/", "/record/", "/api/processes"], WORDS) == set()


def test_members_fill_and_cast_a_ballot_and_outsiders_cannot(
    guild: Guild, clients: Callable[[str], Client], monkeypatch: pytest.MonkeyPatch
) -> None:
    process = begun(guild.spokes, guild.bob, WORDS, is_internal=True)
    code = budgets.make_codes(process=process, letters=3, at=START, by=guild.bob)[0].code
    budgets.open_process(process=process, at=START, by=guild.bob)
    monkeypatch.setattr(timezone, "now", lambda: START)
    ballot = f"/budgets/{process.slug}/ballot/"
    said = {"project": ["1"], "code": code, "nonce": voting.new_nonce()}
    for who in OUTSIDERS:
        assert clients(who).post(ballot, {"project": ["1"]}).status_code == 404
        assert clients(who).post(f"{ballot}review/", said).status_code == 404
        assert clients(who).post(f"{ballot}resume/", {"code": "x"}).status_code == 404
    assert not process.box.envelopes.exists()
    member = clients("eva")
    assert member.get(ballot).status_code == 200
    assert member.post(ballot, {"project": ["1"]}).status_code == 302
    cast = member.post(f"{ballot}review/", said)
    assert cast.status_code == 302
    assert process.box.envelopes.count() == 1


def test_its_organiser_is_sent_to_the_pages_of_the_members(
    guild: Guild, clients: Callable[[str], Client]
) -> None:
    process = begun(guild.spokes, guild.bob, WORDS, is_internal=True)
    desk = f"/budgets/{process.slug}/organise/"
    assert clients("bob").get(desk).status_code == 409
    assert clients("eva").get(desk).status_code == 403
    assert clients("alice").get(desk).status_code == 404


def test_nothing_of_it_is_public_on_the_record_or_begins_a_delivery(guild: Guild) -> None:
    inner, _receipt = held(begun(guild.spokes, guild.bob, WORDS, is_internal=True), guild.bob, 31)
    about = Entry.objects.filter(subject=f"process/{inner.slug}")
    assert set(about.values_list("audience", flat=True)) == {Audience.INSTITUTION}
    assert not inner.projects.filter(delivery__isnull=False).exists()
    assert "zanzibar" not in inner.slug


def test_the_command_line_exports_nothing_of_it(
    guild: Guild, capsys: pytest.CaptureFixture[str]
) -> None:
    from interlock.__main__ import main

    inner, _receipt = held(begun(guild.spokes, guild.bob, WORDS, is_internal=True), guild.bob, 31)
    assert main(["export", "ocds", inner.slug]) == 2
    assert "Zanzibar" not in capsys.readouterr().out


def test_the_worker_closes_it_when_its_time_has_come(guild: Guild) -> None:
    process = begun(guild.spokes, guild.bob, WORDS, is_internal=True)
    budgets.make_codes(process=process, letters=3, at=START, by=guild.bob)
    budgets.open_process(process=process, at=START, by=guild.bob)
    assert [one.pk for one in queries.due_to_close(CLOSE)] == [process.pk]
