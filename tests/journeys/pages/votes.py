"""The pages of votes, by the state of the town: empty, in preparation, open, counted, published."""

from collections.abc import Mapping
from datetime import UTC, datetime

from playwright.sync_api import Page

from interlock.web.budgets.actions import ask_what_if
from interlock.web.budgets.answering import answer_what_if
from interlock.web.budgets.counting import import_election
from interlock.web.budgets.models import Process, WhatIf
from interlock.web.budgets.recounting import work_out_margin
from interlock.web.people.models import Person
from tests.journeys.conftest import counted_world, open_world
from tests.journeys.pages.walking import LIST, Stage, Way, at, held, sent, tables, then, uploaded
from tests.world import World, make_world

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
