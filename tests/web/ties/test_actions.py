"""What is said of two institutions, and what becomes of it."""

from collections.abc import Callable
from functools import partial

import pytest
from django.test import Client

from interlock.web.institutions.actions import give_role
from interlock.web.institutions.models import Institution, Role
from interlock.web.look.refusals import Refused
from interlock.web.messages.models import Mail
from interlock.web.people.models import Person
from interlock.web.record.models import Entry
from interlock.web.ties.actions import agree, change, confirm, dispute, say, withdraw, witness
from interlock.web.ties.models import Predicate, Standing, Tie
from interlock.web.ties.queries import waiting
from tests.web.ties.conftest import LATER
from tests.world import START, World


def test_tie_is_confirmed_when_both_sides_said_so(
    world: World, mill: Institution, funds: Tie
) -> None:
    assert (funds.standing, funds.state) == (
        Standing.SAID,
        "Said by City of Riverbend, not confirmed by Mill yet",
    )
    told = confirm(tie=funds, speaker=mill, by=world.bob, at=LATER)
    assert (told.standing, told.state, str(told)) == (
        Standing.CONFIRMED,
        "Confirmed by both",
        "City of Riverbend funds Mill",
    )
    acts = list(Entry.objects.order_by("pk").values_list("act", flat=True))[-2:]
    assert acts == ["tie.said", "tie.confirmed"]


def test_saying_what_the_other_side_said_confirms_it(
    world: World, mill: Institution, funds: Tie
) -> None:
    told = say(
        subject=world.city,
        predicate=Predicate.FUNDS,
        object=mill,
        speaker=mill,
        by=world.bob,
        at=LATER,
        amount=1_200_050,
        currency="USD",
    )
    assert (told, told.standing, Tie.objects.count()) == (funds, Standing.CONFIRMED, 1)


def test_disputed_tie_says_by_whom(world: World, mill: Institution, funds: Tie) -> None:
    told = dispute(tie=funds, speaker=mill, by=world.bob, at=LATER, reason="It was a loan.")
    assert (told.standing, told.state, told.dispute) == (
        Standing.DISPUTED,
        "Disputed by Mill",
        "It was a loan.",
    )


def both_sides(world: World, mill: Institution) -> None:
    """Alice has a role in the mill, too."""
    give_role(institution=mill, person=world.alice, role=Role.STEWARD, by=world.bob, at=START)


def test_nobody_says_so_for_both_sides(
    world: World, mill: Institution, funds: Tie, signed_in: Callable[[Person], Client]
) -> None:
    both_sides(world, mill)
    for answer in (
        partial(confirm, tie=funds),
        partial(say, subject=world.city, predicate=Predicate.FUNDS, object=mill),
    ):
        with pytest.raises(Refused, match="You said this for City of Riverbend"):
            answer(speaker=mill, by=world.alice, at=LATER)
    page = signed_in(world.alice).get(funds.get_absolute_url()).content.decode()
    assert "somebody else answers for Mill" in page
    assert "Yes, it is so" not in page
    assert confirm(tie=funds, speaker=mill, by=world.bob, at=LATER).standing == Standing.CONFIRMED


def test_nobody_agrees_to_their_own_change_for_the_other_side(
    world: World, mill: Institution, funds: Tie
) -> None:
    both_sides(world, mill)
    confirm(tie=funds, speaker=mill, by=world.bob, at=LATER)
    change(tie=funds, speaker=mill, by=world.alice, at=LATER, note="Twice as much.")
    with pytest.raises(Refused, match="You said this for Mill"):
        agree(tie=funds, speaker=world.city, by=world.alice, at=LATER)


def test_tie_that_another_has_to_confirm_is_not_on_the_desk(
    world: World, mill: Institution, funds: Tie
) -> None:
    both_sides(world, mill)
    assert list(waiting(world.alice)) == []
    assert [str(one.url) for one in waiting(world.bob)] == [funds.get_absolute_url()]


def test_nobody_else_confirms(world: World, mill: Institution, funds: Tie) -> None:
    for speaker, by in ((mill, world.alice), (world.city, world.bob)):
        with pytest.raises(Refused) as refused:
            confirm(tie=funds, speaker=speaker, by=by, at=LATER)
        assert refused.value.status == 403


def test_word_taken_back_takes_the_tie_along(world: World, funds: Tie) -> None:
    told = withdraw(tie=funds, speaker=world.city, by=world.alice, at=LATER)
    assert told.withdrawn_at == LATER


def test_witnessed_tie_stands_beside_one_that_was_said(
    world: World, mill: Institution, funds: Tie
) -> None:
    seen = [
        witness(subject=world.city, predicate="funds", object=mill, witness="award/1", at=LATER)
        for _ in range(2)
    ]
    assert (seen[0], seen[0].state) == (seen[1], "Witnessed by this site")
    assert Tie.objects.count() == 2


def test_partners_are_one_tie_from_either_side(world: World, mill: Institution) -> None:
    ends = [(world.city, mill, world.alice), (mill, world.city, world.bob)]
    made = {
        say(
            subject=one,
            predicate=Predicate.PARTNERS_WITH,
            object=other,
            speaker=one,
            by=by,
            at=START,
        ).standing
        for one, other, by in ends
    }
    assert (made, Tie.objects.count()) == ({Standing.SAID, Standing.CONFIRMED}, 1)


def test_stewards_of_the_other_side_get_a_mail(world: World, funds: Tie) -> None:
    mail = Mail.objects.get()
    assert mail.to == world.bob.email
    assert "Is this so? City of Riverbend funds Mill" in mail.subject
    assert f"/ties/{funds.pk}/" in mail.text
    assert "$12,000.50" in mail.text
