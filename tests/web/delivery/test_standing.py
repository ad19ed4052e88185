"""An institution stands in one bid for each lot, and nobody learns of its others."""

from collections.abc import Callable
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
from django.conf import settings
from django.db import IntegrityError, transaction
from django.test import Client

from interlock.web.delivery import sealing
from interlock.web.delivery.actions import bids, calls
from interlock.web.delivery.actions.calls import LotSaid
from interlock.web.delivery.models import Bid, Call, Partner, Stand
from interlock.web.delivery.rules.evaluating import why_bidding
from interlock.web.institutions.actions import accept_role, give_role, register
from interlock.web.institutions.models import Institution, Role
from interlock.web.look.refusals import Refused
from interlock.web.messages.models import Mail
from interlock.web.people.models import Person
from tests.web.delivery.calling import COST, LATER, Fair
from tests.web.delivery.test_bids import mill, with_custodians
from tests.world import DOLLARS, START

SHELVES, TOOLS = {"1": 20_000 * DOLLARS}, {"2": 20_000 * DOLLARS}


@pytest.fixture
def call(fair: Fair) -> Call:
    """One of two lots."""
    return fair.published(lots=[LotSaid("Shelves", COST // 2), LotSaid("Tools", COST // 2)])


def asks(fair: Fair, call: Call, other: Institution, **said: Any) -> Partner:
    """The firm asks another to bid with it."""
    bid = fair.draft(call, lead=fair.firm, by=fair.finn, **said)
    known = bid.partners.filter(institution=other).first()
    return known or bids.ask_partner(bid=bid, institution=other, by=fair.finn, at=START)


def agrees(fair: Fair, partner: Partner) -> None:
    bids.agree(partner=partner, by=fair.bob, at=START)


def test_who_has_sealed_a_bid_agrees_to_none_for_the_same_lot(fair: Fair, call: Call) -> None:
    fair.sealed(call, prices=SHELVES)
    with pytest.raises(Refused) as caught:
        agrees(fair, asks(fair, call, fair.spokes, prices={**SHELVES, **TOOLS}))
    assert str(caught.value.reason) == (
        "Spokes Cooperative has signed another bid for this: Shelves."
    )
    assert str(caught.value.remedy).startswith("Everybody is in one bid for each lot. Leave the")
    agrees(fair, asks(fair, call, fair.spokes, prices=TOOLS))


def test_who_agreed_to_a_bid_seals_none_for_the_same_lot(fair: Fair, call: Call) -> None:
    partner = asks(fair, call, fair.spokes, prices=SHELVES)
    agrees(fair, partner)
    with pytest.raises(Refused, match="another bid for this: Shelves"):
        fair.sealed(call, prices=SHELVES)
    assert fair.sealed(call, prices=TOOLS).is_sealed
    bids.drop_partner(partner=partner, by=fair.bob)
    assert fair.sealed(call, prices=SHELVES).is_sealed


def test_nobody_agrees_to_two_for_one_lot(fair: Fair, call: Call) -> None:
    kiln = mill(fair)
    agrees(fair, asks(fair, call, fair.spokes, prices=SHELVES))
    bid = fair.draft(call, lead=kiln, by=fair.ana, prices=SHELVES)
    other = bids.ask_partner(bid=bid, institution=fair.spokes, by=fair.ana, at=START)
    with pytest.raises(Refused, match="another bid for this: Shelves"):
        agrees(fair, other)


def test_partner_is_free_of_a_draft_that_changed(fair: Fair, call: Call) -> None:
    agrees(fair, asks(fair, call, fair.spokes, prices=SHELVES))
    fair.draft(call, lead=fair.firm, by=fair.finn, prices=SHELVES, plan="Another plan.")
    assert fair.sealed(call, prices=SHELVES).is_sealed


def joint(fair: Fair, call: Call, **said: Any) -> Bid:
    """Sealed by the firm, with the co-op in it."""
    partner = asks(fair, call, fair.spokes, **said)
    agrees(fair, partner)
    bids.seal(bid=partner.bid, by=fair.finn, at=START)
    return partner.bid


def test_partner_of_what_is_sealed_is_in_it_whatever_the_draft_became(
    fair: Fair, call: Call
) -> None:
    bid = joint(fair, call, prices=SHELVES)
    asks(fair, call, fair.spokes, prices=TOOLS)
    with pytest.raises(Refused, match="another bid for this: Shelves"):
        fair.sealed(call, prices=SHELVES)
    bids.withdraw(bid=bid, by=fair.finn, at=START)
    assert fair.sealed(call, prices=SHELVES).is_sealed


def test_partner_of_a_bid_that_is_withdrawn_is_in_its_draft_yet(fair: Fair, call: Call) -> None:
    bids.withdraw(bid=joint(fair, call, prices=SHELVES), by=fair.finn, at=START)
    with pytest.raises(Refused, match="another bid for this: Shelves"):
        fair.sealed(call, prices=SHELVES)
    bids.drop_partner(partner=Partner.objects.get(), by=fair.bob)
    assert fair.sealed(call, prices=SHELVES).is_sealed


def test_a_bid_sealed_anew_for_less_leaves_the_other_lot(fair: Fair, call: Call) -> None:
    fair.sealed(call, prices={**SHELVES, **TOOLS})
    fair.sealed(call, prices=TOOLS)
    agrees(fair, asks(fair, call, fair.spokes, prices=SHELVES))


def test_subcontractor_may_be_in_several(fair: Fair, call: Call) -> None:
    for lead, by in ((fair.firm, fair.finn), (mill(fair), fair.ana), (fair.spokes, fair.bob)):
        fair.sealed(call, lead=lead, by=by, prices=SHELVES, subcontractors="Spokes Cooperative")
    assert Bid.objects.exclude(sealed=None).count() == 3


def test_lead_does_not_learn_that_its_partner_bids_elsewhere(
    fair: Fair, call: Call, signed_in: Callable[[Person], Client]
) -> None:
    """The partner is refused, in its own words; to the lead it has not agreed yet."""
    partner = asks(fair, call, fair.spokes, prices=SHELVES)
    page = f"/delivery/calls/{call.pk}/bid/{partner.bid_id}/"
    finn, bob = signed_in(fair.finn), signed_in(fair.bob)
    before = [finn.get(page + step).content for step in ("", "partners/", "sign/")]
    mails = Mail.objects.count()
    fair.sealed(call, prices=SHELVES)
    answer = bob.post(f"{page}partners/{partner.pk}/")
    assert answer.status_code == 409
    assert "Spokes Cooperative has signed another bid for this: Shelves." in answer.content.decode()
    told = [finn.get(page + step).content for step in ("", "partners/", "sign/")]
    assert [len(one) for one in told] == [len(one) for one in before]
    assert Mail.objects.filter(to=fair.finn.email).count() == 0
    assert Mail.objects.count() == mails + 1  # Spokes's own, that it is sealed
    with pytest.raises(Refused, match="have not agreed to the bid as it is now: Spokes") as caught:
        bids.seal(bid=partner.bid, by=fair.finn, at=START)
    assert caught.value.remedy == ""


def test_refusal_at_the_seal_is_on_the_page_that_seals(
    fair: Fair, call: Call, signed_in: Callable[[Person], Client]
) -> None:
    agrees(fair, asks(fair, call, fair.spokes, prices=SHELVES))
    bid = fair.draft(call, prices=SHELVES)
    said = {"has_conflict": "no", "conflict": "", "seal": "1"}
    answer = signed_in(fair.bob).post(f"/delivery/calls/{call.pk}/bid/{bid.pk}/sign/", said)
    assert answer.status_code == 422
    page = answer.content.decode()
    assert "has signed another bid for this: Shelves. Everybody is in one bid for each lot." in page


def marks(bid: Bid) -> set[str]:
    return set(bid.stands.values_list("mark", flat=True))


def test_no_number_of_marks_tells_for_how_many_lots_a_bid_is(fair: Fair, call: Call) -> None:
    one = fair.sealed(call, prices=SHELVES)
    both = fair.sealed(call, lead=fair.firm, by=fair.finn, prices={**SHELVES, **TOOLS})
    numbers = {len(marks(one)), len(marks(both))}
    partner = asks(fair, call, mill(fair), prices=SHELVES)
    bids.agree(partner=partner, by=fair.ana, at=START)
    agreed = partner.bid.stands.filter(institution=partner.institution)
    assert numbers | {agreed.count()} == {2}
    assert {len(mark) for mark in marks(one) | marks(both)} == {64}


def test_marks_are_of_a_key_outside_the_database(fair: Fair, call: Call) -> None:
    bid = fair.sealed(call, prices=SHELVES)
    shelves = f"{call.lots.get(position=1).pk} {fair.spokes.pk}"
    assert sealing.mark(shelves) in marks(bid)
    (Path(settings.INTERLOCK_HOME) / "seals" / sealing.MARKS).unlink()
    assert sealing.mark(shelves) not in marks(bid)


def test_marks_go_when_the_bids_are_opened(fair: Fair, call: Call) -> None:
    joint(fair, call, prices=SHELVES)
    fair.opened(call, LATER)
    assert not Stand.objects.exists()


def test_with_custodians_it_is_known_without_any_draft(fair: Fair) -> None:
    call, _codes = with_custodians(fair)
    fair.sealed(call)
    with pytest.raises(Refused, match="another bid for this: The library"):
        agrees(fair, asks(fair, call, fair.spokes))


def test_the_database_takes_no_second_mark(fair: Fair, call: Call) -> None:
    bid = fair.sealed(call, prices=SHELVES)
    other = fair.draft(call, lead=fair.firm, by=fair.finn)
    mark = bid.stands.order_by("pk").values_list("mark", flat=True)[0]
    with pytest.raises(IntegrityError), transaction.atomic():
        Stand.objects.create(bid=other, institution=fair.spokes, mark=mark)


def test_a_partner_asked_after_the_sealing_goes_again(fair: Fair) -> None:
    """It agreed to a newer draft, and is in nothing that is sealed."""
    call = fair.published()
    bid = fair.sealed(call, lead=fair.firm, by=fair.finn)
    later = START + timedelta(minutes=1)
    partner = bids.ask_partner(bid=bid, institution=fair.spokes, by=fair.finn, at=later)
    bids.agree(partner=partner, by=fair.bob, at=later)
    with pytest.raises(Refused, match="has signed another bid"):
        fair.sealed(call)
    bids.drop_partner(partner=partner, by=fair.bob)
    assert fair.sealed(call).is_sealed


def test_the_number_of_marks_tells_nothing_of_a_newer_draft(fair: Fair) -> None:
    half = [LotSaid("Shelves", COST // 2), LotSaid("Tools", COST // 2)]
    for drafts in ({"1": DOLLARS}, {"2": DOLLARS}):
        call = fair.published(lots=half)
        bid = fair.draft(call, lead=fair.firm, by=fair.finn, prices={"1": DOLLARS})
        partner = bids.ask_partner(bid=bid, institution=fair.spokes, by=fair.finn, at=START)
        bids.agree(partner=partner, by=fair.bob, at=START)
        bids.seal(bid=bid, by=fair.finn, at=START)
        bids.save_draft(bid=bid, by=fair.finn, prices=drafts)
        bids.agree(partner=Partner.objects.get(bid=bid), by=fair.bob, at=START)
        marks = Stand.objects.filter(bid=bid, institution=fair.spokes)
        assert (marks.filter(is_sealed=True).count(), marks.count()) == (2, 4)
        bids.seal(bid=bid, by=fair.finn, at=START)
        assert (marks.filter(is_sealed=True).count(), marks.count()) == (2, 2)
        calls.cancel(call=call, reason="So.", by=fair.alice, at=START)
        assert not Stand.objects.filter(bid=bid).exists()


def test_whom_a_bidder_only_asked_takes_nothing_from_an_officer(fair: Fair) -> None:
    call = fair.published()
    asked = register(name="Union", kind="firm", steward=fair.dora, at=START)
    given = give_role(
        institution=asked, person=fair.alice, role=Role.DELEGATE, by=fair.dora, at=START
    )
    accept_role(membership=given, by=fair.alice, at=START)
    bid = fair.sealed(call)
    bids.ask_partner(bid=bid, institution=asked, by=fair.bob, at=START + timedelta(minutes=1))
    assert why_bidding(call, fair.alice) is None


def test_a_member_learns_by_no_refusal_that_theirs_has_sealed(fair: Fair) -> None:
    call = fair.published()
    fair.sealed(call)
    given = give_role(
        institution=fair.spokes, person=fair.alice, role=Role.MEMBER, by=fair.bob, at=START
    )
    accept_role(membership=given, by=fair.alice, at=START)
    assert why_bidding(call, fair.alice) is None
    call = fair.opened(call)
    assert "You belong to Spokes Cooperative too" in str(why_bidding(call, fair.alice))
