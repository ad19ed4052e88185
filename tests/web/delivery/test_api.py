"""What became of what residents chose, read by machine."""

from django.test import Client

from interlock.web.delivery.actions import paying
from interlock.web.delivery.api import router
from interlock.web.delivery.models import PaymentKind
from tests.web.delivery.chain import AFTER, Chain


def test_deliveries_are_told_with_their_sums(chain: Chain) -> None:
    agreement = chain.agree(1_000, advance=400)
    chain.pay(agreement, 400, kind=PaymentKind.ADVANCE)
    slug = chain.world.process.slug
    first, second = Client().get(f"/api/deliveries?process={slug}").json()
    assert (first["project"], first["suppliers"], first["stage"]) == ("3", ["mill"], "under_way")
    assert [first[name] for name in ("cost", "awarded", "returned", "unawarded", "paid")] == [
        4_800_000, 1_000, 0, 4_799_000, 400,
    ]  # fmt: skip
    assert (second["project"], second["paid"]) == ("1", 0)
    assert Client().get("/api/deliveries?stage=under_way").json() == [first]
    assert Client().get("/api/deliveries?process=none").json() == []


def test_who_delivers_two_parts_is_told_once(chain: Chain) -> None:
    chain.award(1_000)
    chain.award(2_000, to=[chain.firm, chain.mill])
    told = Client().get("/api/deliveries").json()
    assert [one["suppliers"] for one in told if one["project"] == "3"] == [["mill", "brick-sons"]]


def test_one_delivery_is_told_down_to_its_payments(chain: Chain) -> None:
    agreement = chain.agree(1_000, 2_000, advance=400)
    payment = chain.pay(agreement, 400, kind=PaymentKind.ADVANCE)
    paying.confirm_receipt(
        payment=payment, amount=390, received_on=AFTER.date(), by=chain.mia, at=AFTER
    )
    chain.accept(agreement, "M1")
    told = Client().get(f"/api/deliveries/{chain.world.process.slug}/3").json()
    assert [step["kind"] for step in told["steps"]] == [
        "accepted", "reported", "paid", "begun", "awarded",
    ]  # fmt: skip
    (award,) = told["awards"]
    assert (award["kind"], award["suppliers"], award["annulled_at"]) == ("direct", ["mill"], None)
    made = award["agreement"]
    assert [(one["code"], one["amount"], one["accepted"]) for one in made["milestones"]] == [
        ("M1", 1_000, 1_000), ("M2", 2_000, 0),
    ]  # fmt: skip
    (paid,) = made["payments"]
    assert (paid["kind"], paid["amount"], paid["received"]) == ("advance", 400, 390)
    assert Client().get(f"/api/deliveries/{chain.world.process.slug}/99").status_code == 404


def test_the_api_only_reads() -> None:
    """So every verb has its row in a table of pages or of actions."""
    methods = {
        method
        for path in router.path_operations.values()
        for operation in path.operations
        for method in operation.methods
    }
    assert methods == {"GET"}
