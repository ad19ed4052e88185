"""What of a call is told to other programs, and when; ids, languages and who is named in which role."""

import json
from datetime import datetime

import pytest
from django.test import Client

from interlock.methods.formats import ocds
from interlock.web.budgets.models import FundType, Pot
from interlock.web.delivery import exporting
from interlock.web.delivery.models import (
    Award,
    AwardKind,
    Bid,
    Call,
    Criterion,
    Lot,
    NoAward,
    Offer,
    Partner,
    Preference,
    Supplier,
)
from interlock.web.institutions.models import Identifier, Institution
from tests.methods.formats.ocds.facts import wrong
from tests.web.delivery.chain import BEGIN, DAY, Chain
from tests.world import both


def call_of(chain: Chain, *, opened: datetime | None = BEGIN + 20 * DAY) -> Call:
    """A call with two lots, opened with a bid of the Mill and the Wheelhouse, and one of the firm."""
    call = Call.objects.create(
        issuer=chain.city,
        delivery=chain.delivery,
        title=both("Tool library", "Biblioteca"),
        scope=both("Build it.", "Construirla."),
        drafted_at=BEGIN,
        published_at=BEGIN,
        closes_at=BEGIN + 19 * DAY,
        closed_at=opened,
        opened_at=opened,
        sha256="0" * 64,
        seal_key="1" * 64,
        preference=Preference.DISCOUNT,
        preference_size=500,
        legal_basis=both("Law 22.", "Ley 22."),
    )
    for position, budget in enumerate((3_000_000, 1_000_000), 1):
        Lot.objects.create(
            call=call, position=position, title=both(f"Lot {position}", f"Lote {position}"),
            budget=budget,
        )  # fmt: skip
    Criterion.objects.create(call=call, position=1, name="Price", weight=60, is_price=True)
    Criterion.objects.create(call=call, position=2, name="Plan", weight=40)
    # Never sealed, so nobody's business.
    Bid.objects.create(call=call, lead=Institution.objects.get(slug="hilltown"), draft=b"x")
    for lead, price in ((chain.mill, 2_500_000), (chain.firm, 2_900_000)):
        bid = Bid.objects.create(
            call=call,
            lead=lead,
            sealed=b"x",
            digest="2" * 64,
            sealed_at=BEGIN + 18 * DAY,
            content={"plan": "secret plan"} if opened else None,
        )
        if opened:
            Offer.objects.create(bid=bid, lot=call.lots.get(position=1), price=price)
        if lead == chain.mill:
            Partner.objects.create(
                bid=bid,
                institution=chain.world.wheelhouse,
                asked_at=BEGIN,
                agreed_at=BEGIN,
            )
            Partner.objects.create(bid=bid, institution=chain.firm, asked_at=BEGIN)
    return call


def told(chain: Chain) -> ocds.Contracting:
    return next(
        one
        for one in exporting.contractings(chain.world.process)
        if one.ocid.endswith(f"-{chain.delivery.project.ref}")
    )


def test_call_its_lots_and_bids_are_told_once_opened(chain: Chain) -> None:
    call = call_of(chain)
    NoAward.objects.create(lot=call.lots.get(position=2), reason="Nobody.", at=BEGIN + 21 * DAY)
    releases = ocds.releases(told(chain))
    assert [fault for one in releases for fault in wrong(one)] == []
    assert [one["tag"] for one in releases] == [
        ["planning"],
        ["tender"],
        ["tenderUpdate"],
        ["tenderUpdate"],
    ]
    release = ocds.compiled(releases)
    assert [(lot["status"], lot["value"]["amount"]) for lot in release["tender"]["lots"]] == [
        ("active", 30_000),
        ("unsuccessful", 10_000),
    ]
    bids = sorted(release["bids"]["details"], key=lambda one: one["value"]["amount"])
    assert [
        ([one["name"] for one in bid["tenderers"]], bid["value"]["amount"]) for bid in bids
    ] == [(["Mill", "Wheelhouse Cooperative"], 25_000), (["Brick & Sons"], 29_000)]
    assert release["tender"]["numberOfTenderers"] == 3
    details = "Their price counts as lower by so many per cent: 5%. Law 22."
    assert release["tender"]["awardCriteriaDetails"] == details
    assert release["tender"]["awardCriteriaDetails_es"].endswith(": 5%. Ley 22.")


def test_sealed_bids_are_told_to_nobody(chain: Chain, client: Client) -> None:
    call_of(chain, opened=None)
    slug = chain.world.process.slug
    body = b"".join(client.get(f"/delivery/{slug}/ocds.json").streaming_content).decode()  # type: ignore[attr-defined]
    assert ("Tool library" in body, "Mill" in body, "bids" in body) == (True, False, False)
    years = client.get("/delivery/coop-contracts.csv")
    assert len(b"".join(years.streaming_content).splitlines()) == 1  # type: ignore[attr-defined]


def test_draft_of_a_call_is_told_to_nobody(chain: Chain) -> None:
    Call.objects.create(
        issuer=chain.city,
        delivery=chain.delivery,
        title="Not yet",
        scope="Build it.",
        drafted_at=BEGIN,
        closes_at=BEGIN + 19 * DAY,
    )
    assert told(chain).calls == []


def test_what_bidders_wrote_stays_out(chain: Chain) -> None:
    call_of(chain)
    assert "secret plan" not in json.dumps(ocds.releases(told(chain)))


def test_award_after_a_call_names_its_lot_and_bid(chain: Chain) -> None:
    call = call_of(chain)
    offer = Offer.objects.get(bid__lead=chain.mill)
    award = Award.objects.create(
        delivery=chain.delivery,
        kind=AwardKind.CALL,
        offer=offer,
        value=offer.price,
        reasons="First.",
        awarded_at=BEGIN + 22 * DAY,
        standstill_until=BEGIN + 32 * DAY,
    )
    Supplier.objects.create(award=award, institution=chain.mill, position=0)
    (found,) = told(chain).awards
    assert (found.method, found.lot, found.bid) == (
        "open",
        f"lot-{call.lots.get(position=1).pk}",
        f"bid-{offer.bid_id}",
    )
    (year,) = exporting.coop_years()
    assert (year.bids.number, year.bids.coops, len(year.bids.all_sides)) == (2, 1, 3)


def test_number_of_a_register_is_the_id_of_a_party(chain: Chain) -> None:
    Identifier.objects.create(institution=chain.city, scheme="US-EIN", value="13-6400434")
    assert told(chain).buyer.id == "US-EIN-13-6400434"
    assert told(chain).ocid == "ocds-000000-riverbend-decides-3"


def test_pots_pay_in_proportion_to_what_they_gave(chain: Chain) -> None:
    area = chain.delivery.project.area
    pot = Pot.objects.create(
        process=chain.world.process,
        name="Commons",
        source=chain.mill,
        fund_type=FundType.COOP_FUND,
        amount=2_500_000,
        unallocated=0,
    )
    area.allocations.create(pot=pot, amount=2_500_000)
    assert [(one.source.name, one.amount) for one in told(chain).pots] == [
        ("City of Riverbend", 3_200_000),
        ("Mill", 1_600_000),
    ]


@pytest.mark.parametrize("prefix", ["ocds-a1b2c3"])
def test_prefix_is_the_publishers_own(chain: Chain, settings: object, prefix: str) -> None:
    settings.INTERLOCK_OCID_PREFIX = prefix  # type: ignore[attr-defined]
    assert told(chain).ocid == f"{prefix}-riverbend-decides-3"
