"""Pledges: what reaches its minimum is funded, the rest goes back, and every cent is somewhere."""

from datetime import timedelta

import pytest
from django.db import IntegrityError, connection, transaction
from hypothesis import given, settings
from hypothesis import strategies as st

from interlock.web.budgets.models import Project
from interlock.web.coops.actions import rounds as actions
from interlock.web.coops.actions.accounts import reverse
from interlock.web.coops.models import Account, Allowance, Goal, Pledge, Round, TransferKind
from interlock.web.coops.rules.pledging import settled
from interlock.web.delivery.rules.awarding import in_proportion
from interlock.web.look.refusals import Refused
from interlock.web.messages.models import Mail
from interlock.web.people.models import Person
from interlock.web.people.waiting import waiting_for
from tests.plugin import OTHER_DATABASE
from tests.web.coops.guild import Guild, make_guild
from tests.web.coops.playing import ENDED, begun, opened
from tests.web.threads import Crew
from tests.world import CLOSE, START

LATER = START + timedelta(days=1)


def project(held: Round, title: str) -> Project:
    return held.process.projects.get(ref={"Espresso": "1", "Bike stands": "2"}[title])


def pledge(held: Round, by: Person, **amounts: int) -> Allowance:
    said = {project(held, title.replace("_", " ")): amount for title, amount in amounts.items()}
    return actions.pledge(round=held, amounts=said, by=by, at=LATER)


def pledged_round(guild: Guild) -> Round:
    """900 dollars: Espresso needs 400 to 500, the stands 700."""
    held = begun(guild, is_pledged=True)
    actions.put_project(
        round=held, project=project(held, "Espresso"), title="Espresso", minimum=40_000,
        target=50_000, by=guild.eva, at=START,
    )  # fmt: skip
    return opened(held, guild)


def test_a_project_is_funded_at_its_minimum_and_the_rest_goes_back(guild: Guild) -> None:
    held = pledged_round(guild)
    assert [one.amount for one in held.allowances.all()] == [22_500] * 4
    for by in (guild.ana, guild.ben, guild.bob):
        pledge(held, by, Espresso=20_000)
    pledge(held, guild.eva, Bike_stands=22_500)
    held = actions.close_pledges(round=held, at=CLOSE)
    # 600 were pledged, 500 kept: 33.33 or 33.34 back to each. The stands had 225 of 700.
    assert dict(Goal.objects.values_list("project__ref", "funded")) == {
        "1": 50_000,
        "2": 0,
    }
    assert [one.refunded for one in Pledge.objects.order_by("pk")] == [3_334, 3_333, 3_333, 22_500]
    assert {one.member.person: one.pledged for one in held.allowances.all()} == {
        guild.ana: 16_666, guild.ben: 16_667, guild.bob: 16_667, guild.eva: 0,
    }  # fmt: skip
    assert held.spent == 50_000
    assert Account.objects.get(pk=held.source_id).balance == 50_000
    assert Account.objects.get(pk=held.account_id).balance == 50_000


def test_pledges_change_while_it_is_open_and_not_afterwards(guild: Guild) -> None:
    held = pledged_round(guild)
    assert pledge(held, guild.eva, Espresso=20_000).pledged == 20_000
    assert pledge(held, guild.eva, Espresso=2_000, Bike_stands=20_500).pledged == 22_500
    assert pledge(held, guild.eva, Espresso=0).pledged == 20_500
    with pytest.raises(Refused, match="over"):
        actions.pledge(round=held, amounts={}, by=guild.eva, at=CLOSE)
    actions.close_pledges(round=held, at=CLOSE)
    with pytest.raises(Refused, match="no pledges now"):
        pledge(held, guild.eva, Espresso=1)


def test_nobody_pledges_more_than_their_allowance(guild: Guild) -> None:
    held = pledged_round(guild)
    pledge(held, guild.eva, Espresso=20_000)
    with pytest.raises(Refused, match=r"\$25 more"):
        pledge(held, guild.eva, Bike_stands=5_000)
    with pytest.raises(Refused, match="no allowance"):
        pledge(held, guild.cam, Espresso=1)
    with pytest.raises(Refused, match="amount for a project"):
        pledge(held, guild.eva, Espresso=-1)
    mine = held.allowances.get(member__person=guild.eva)
    with pytest.raises(IntegrityError), transaction.atomic():
        Allowance.objects.filter(pk=mine.pk).update(pledged=22_501)
    with pytest.raises(IntegrityError), transaction.atomic():
        Round.objects.filter(pk=held.pk).update(allotted=90_001)


def test_allowances_that_are_given_add_up_to_no_more_than_the_round(guild: Guild) -> None:
    held = begun(guild, is_pledged=True)
    ana, eva = guild.member("Ana").pk, guild.member("Eva").pk
    with pytest.raises(Refused, match="more than the round has"):
        opened(held, guild, {ana: 90_000, eva: 1})
    held = opened(held, guild, {ana: 60_000, eva: 30_000})
    assert {one.member_id: one.amount for one in held.allowances.filter(amount__gt=0)} == {
        ana: 60_000,
        eva: 30_000,
    }
    assert held.allotted == 90_000


def test_each_is_told_their_allowance_and_reminded_on_their_desk(guild: Guild) -> None:
    held = pledged_round(guild)
    told = Mail.objects.filter(subject__contains="$225 to pledge")
    assert {one.to for one in told} == {f"{n}@example.org" for n in ("ana", "ben", "bob", "eva")}
    assert [str(one.title) for one in waiting_for(guild.eva)] == ["Pledge what you have"]
    pledge(held, guild.eva, Espresso=1)
    assert waiting_for(guild.eva) == []


def test_the_money_of_a_round_is_not_reversed_under_it(guild: Guild) -> None:
    """It could neither be settled nor shown any more."""
    held = opened(begun(guild, is_pledged=True), guild)
    given = guild.coop.transfers.get(kind=TransferKind.ROUND)
    with pytest.raises(Refused, match="belongs to a round"):
        reverse(transfer=given, on=given.on, by=guild.ana, at=START, why="A mistake.")
    assert actions.close_pledges(round=held, at=ENDED).spent == 0


def test_the_worker_settles_once(guild: Guild) -> None:
    held = pledged_round(guild)
    assert not actions.close_pledges_due(LATER)
    assert actions.close_pledges_due(CLOSE)
    assert not actions.close_pledges_due(CLOSE)
    held = actions.close_pledges(round=held, at=CLOSE)
    assert (held.spent, held.coop.transfers.filter(kind="round").count()) == (0, 2)


amounts = st.integers(0, 10**9)


@st.composite
def rounds(draw: st.DrawFn) -> tuple[dict[str, tuple[int, int]], dict[tuple[int, str], int]]:
    """Projects with a minimum and a target, and pledges of members to them."""
    goals = {}
    for name in draw(st.lists(st.sampled_from("abcdef"), unique=True, min_size=1)):
        least = draw(st.integers(1, 10**9))
        goals[name] = (least, least + draw(amounts))
    members = draw(st.integers(1, 8))
    pledges = {
        (member, name): draw(st.integers(1, 10**9))
        for member in range(members)
        for name in goals
        if draw(st.booleans())
    }
    return goals, pledges


@settings(max_examples=300)
@given(rounds())
def test_every_cent_is_kept_or_refunded(
    made: tuple[dict[str, tuple[int, int]], dict[tuple[int, str], int]],
) -> None:
    goals, pledges = made
    outcome = settled(goals, pledges)
    assert sum(outcome.kept.values()) + sum(outcome.refunds.values()) == sum(pledges.values())
    assert all(0 <= outcome.refunds[key] <= amount for key, amount in pledges.items())
    for name, (least, most) in goals.items():
        total = sum(amount for (_m, one), amount in pledges.items() if one == name)
        assert outcome.kept.get(name, 0) == (min(total, most) if total >= least else 0)
        # Whoever gave more never gets less back, and nobody's part is off by a unit or more.
        back = {key: outcome.refunds[key] for key in pledges if key[1] == name}
        rest = total - outcome.kept.get(name, 0)
        for one, part in back.items():
            assert all(part >= back[other] for other in back if pledges[one] > pledges[other])
            assert abs(part * total - rest * pledges[one]) < total


@given(st.integers(0, 10**6), st.lists(amounts, min_size=1).filter(any))
def test_an_amount_divided_in_proportion_adds_up(amount: int, weights: list[int]) -> None:
    assert sum(in_proportion(amount, weights)) == amount


@pytest.mark.skipif(
    connection.vendor == "sqlite", reason=f"several writers at once: {OTHER_DATABASE}"
)
def test_two_at_once_do_not_overspend_an_allowance(emptied: None) -> None:
    guild = make_guild()
    held = pledged_round(guild)

    def one(title: str) -> int:
        try:
            return actions.pledge(
                round=held, amounts={project(held, title): 15_000}, by=guild.eva, at=LATER
            ).pledged
        except Refused as refusal:
            return refusal.status

    with Crew(2) as crew:
        found = crew.at_once(lambda: one("Espresso"), lambda: one("Bike stands"))
    assert sorted(found) == [422, 15_000]
    mine = held.allowances.get(member__person=guild.eva)
    assert (mine.pledged, sum(mine.pledges.values_list("amount", flat=True))) == (15_000, 15_000)


@pytest.mark.skipif(
    connection.vendor == "sqlite", reason=f"several writers at once: {OTHER_DATABASE}"
)
def test_closing_twice_at_once_gives_back_once(emptied: None) -> None:
    guild = make_guild()
    held = pledged_round(guild)
    with Crew(2) as crew:
        crew.at_once(*[lambda: actions.close_pledges(round=held, at=CLOSE)] * 2)
    assert held.coop.transfers.filter(kind="round").count() == 2
    assert Account.objects.get(pk=held.source_id).balance == 100_000
