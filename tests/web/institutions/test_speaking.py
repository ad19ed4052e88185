"""Whom a person acts for, and how to come to somebody to act for."""

import pytest

from interlock.web.institutions.actions import register
from interlock.web.institutions.models import Institution, Kind
from interlock.web.institutions.speaking import acting_for
from interlock.web.look.refusals import Refused
from tests.world import START, World


def test_people_act_for_their_own_that_are_here(world: World) -> None:
    assert acting_for(world.alice, "No.") == [world.city]
    left = register(name="Gone", kind=Kind.PUBLIC_BODY, steward=world.alice, at=START)
    Institution.objects.filter(pk=left.pk).update(left_at=START)
    assert acting_for(world.alice, "No.") == [world.city]


def test_who_has_none_is_told_where_to_begin(world: World) -> None:
    with pytest.raises(Refused) as refusal:
        acting_for(world.bob, "You speak for none.")
    told = refusal.value
    assert (told.reason, told.status, [step.url for step in told.steps]) == (
        "You speak for none.", 403, ["/institutions/", "/institutions/new/"],
    )  # fmt: skip
