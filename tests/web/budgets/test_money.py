"""Money never appears or vanishes: verbs refuse, and behind them the database does."""

import pytest
from django.db import IntegrityError, transaction
from hypothesis import HealthCheck, given
from hypothesis import settings as options
from hypothesis import strategies as st

from interlock.web.budgets import actions
from interlock.web.budgets.models import Area, Pot
from interlock.web.look.refusals import Refused
from tests.world import DOLLARS, World


def sums(world: World) -> tuple[int, int]:
    pots = list(world.process.pots.all())
    areas = world.process.areas.prefetch_related("allocations")
    return sum(pot.amount for pot in pots), sum(pot.unallocated for pot in pots) + sum(
        area.budget for area in areas
    )


def test_pot_is_what_areas_have_and_what_is_left(world: World) -> None:
    assert sums(world) == (200_000 * DOLLARS, 200_000 * DOLLARS)


def test_area_cannot_take_more_than_the_pot_has(world: World) -> None:
    pot, area = world.process.pots.get(), world.process.areas.get(ref="harbor")
    with pytest.raises(Refused, match="does not hold that much"):
        actions.put_area(
            process=world.process,
            area=area,
            name=area.name,
            max_choices=2,
            allocations={pot: 50_001 * DOLLARS},
        )
    assert Area.objects.get(pk=area.pk).budget == 50_000 * DOLLARS


def test_pot_cannot_shrink_below_what_areas_have(world: World) -> None:
    pot = world.process.pots.get()
    with pytest.raises(Refused, match="Areas already have more"):
        actions.put_pot(
            process=world.process,
            pot=pot,
            name=pot.name,
            source=pot.source,
            fund_type=pot.fund_type,
            amount=199_999 * DOLLARS,
        )


def test_removed_area_gives_its_money_back(world: World) -> None:
    area = world.process.areas.get(ref="harbor")
    area.projects.all().delete()
    actions.remove_area(area=area)
    assert world.process.pots.get().unallocated == 50_000 * DOLLARS


def test_area_with_projects_is_not_removed(world: World) -> None:
    with pytest.raises(Refused, match="projects in this area"):
        actions.remove_area(area=world.process.areas.get(ref="harbor"))


def test_pot_with_allocations_is_not_removed(world: World) -> None:
    with pytest.raises(Refused, match="Areas have money"):
        actions.remove_pot(pot=world.process.pots.get())


@options(
    max_examples=25, suppress_health_check=[HealthCheck.function_scoped_fixture], deadline=None
)
@given(moves=st.lists(st.tuples(st.sampled_from(["city-wide", "harbor"]), st.integers(0, 250_000))))
def test_no_sequence_of_allocations_changes_the_sum(
    world: World, moves: list[tuple[str, int]]
) -> None:
    pot = world.process.pots.get()
    for ref, amount in moves:
        area = world.process.areas.get(ref=ref)
        try:
            actions.put_area(
                process=world.process,
                area=area,
                name=area.name,
                max_choices=2,
                allocations={pot: amount * DOLLARS},
            )
        except Refused:
            continue
    assert sums(world) == (200_000 * DOLLARS, 200_000 * DOLLARS)


@pytest.mark.parametrize("change", [{"unallocated": -1}, {"unallocated": 10**12}, {"amount": 0}])
def test_database_refuses_an_overdrawn_pot(world: World, change: dict[str, int]) -> None:
    with pytest.raises(IntegrityError), transaction.atomic():
        Pot.objects.update(**change)
