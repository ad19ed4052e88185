"""Bids: prepared, sealed, withdrawn, opened; and read by nobody before."""

import hashlib
import json
from datetime import timedelta
from pathlib import Path

import pytest
from django.conf import settings
from django.core.management import call_command
from django.db import connection

from interlock.web.delivery import sealing
from interlock.web.delivery.actions import bids, calls, evaluating
from interlock.web.delivery.actions.calls import LotSaid
from interlock.web.delivery.models import Attachment, Bid, Call, Offer
from interlock.web.delivery.queries.bids import draft_file, draft_of, opened_file
from interlock.web.delivery.rules.bids import MOST_ASKED, gaps
from interlock.web.institutions.actions import give_role, register
from interlock.web.institutions.models import Institution, Kind, Role
from interlock.web.look.refusals import Refused
from interlock.web.messages.models import Mail
from interlock.web.record.chain import canonical
from interlock.web.record.models import Entry
from interlock.web.ties.models import Tie
from tests.web.delivery.calling import CLOSES, COST, LATER, PDF, PLAN, Fair
from tests.world import DOLLARS, START


def everything_stored() -> bytes:
    """All values of all tables, as a dump of the database has them."""
    found = []
    with connection.cursor() as cursor:
        for table in connection.introspection.table_names():
            cursor.execute(f'SELECT * FROM "{table}"')
            for row in cursor.fetchall():
                found += [
                    bytes(cell) if isinstance(cell, bytes | memoryview) else str(cell).encode()
                    for cell in row
                ]
    return b"\n".join(found)


def test_a_bid_is_sealed_and_opened_after_the_close(fair: Fair) -> None:
    call = fair.published()
    bid = fair.sealed(call)
    assert bid.digest == hashlib.sha256(bytes(bid.sealed or b"")).hexdigest()
    assert (bid.sealed_at, bid.signed_by, bid.content) == (START, fair.bob, None)
    fair.opened(call)
    bid.refresh_from_db()
    assert bid.content
    assert (bid.content["plan"], bid.content["lead"]) == (PLAN, fair.spokes.slug)
    assert bid.is_preferred
    offer = fair.offer(call, fair.spokes)
    assert (offer.price, offer.excluded_at) == (45_000 * DOLLARS, None)
    assert Entry.objects.get(act="call.opened").facts["number"] == 1
    tie = Tie.objects.get(predicate="bids_to")
    assert (tie.subject, tie.object, tie.witness) == (fair.spokes, fair.city, f"call/{call.pk}")


def test_the_panel_is_told_when_there_is_something_to_compare(fair: Fair) -> None:
    call = fair.published()
    fair.sealed(call)
    fair.opened(call)
    told = Mail.objects.filter(subject__startswith="Yours to compare now").order_by("to")
    assert [one.to for one in told] == [fair.ana.email, fair.ben.email]


def test_nothing_stored_tells_what_a_sealed_bid_says(fair: Fair) -> None:
    call = fair.published()
    bid = fair.draft(call, price=45_123)
    bids.attach(bid=bid, by=fair.bob, name="budget-of-oak.pdf", data=PDF)
    bids.seal(bid=bid, by=fair.bob, at=START)
    stored = everything_stored()
    assert bid.ref.hex.encode() in stored.replace(b"-", b"")
    for secret in (b"4512300", b"45123", b"oak", b"harvest", b"Six members", b"%PDF", b"teaching,"):
        assert secret not in stored
    fair.opened(call)
    opened = everything_stored()
    for told in (b"4512300", b"harvest", b"%PDF"):
        assert told in opened


def test_no_key_in_the_database_opens_a_bid(fair: Fair) -> None:
    """Whoever has the database, and the key of the drafts too, has no more."""
    call = fair.published()
    bid = fair.sealed(call)
    with pytest.raises(sealing.Tampered):
        sealing.opened_by_site(bytes(bid.sealed or b""), sealing.DRAFTS)
    sealing.destroy(str(call.pk))
    fair.panel(call)
    with pytest.raises(Refused, match="The key of this call is missing"):
        bids.open_bids(call=fair.closed(call), by=fair.alice, at=LATER)
    call.refresh_from_db()
    assert call.opened_at is None


def test_all_short_bids_are_of_one_length(fair: Fair) -> None:
    call = fair.published()
    ours, theirs = fair.both_bid(call)
    short = fair.sealed(call, plan="x")
    assert len(ours.sealed or b"") == len(theirs.sealed or b"") == len(short.sealed or b"")
    assert len(ours.draft or b"") == len(theirs.draft or b"")


def test_bids_stay_sealed_until_the_close(fair: Fair) -> None:
    call = fair.published()
    fair.sealed(call)
    fair.panel(call)
    with pytest.raises(Refused, match="until the call is closed"):
        bids.open_bids(call=call, by=fair.alice, at=LATER)
    assert not Offer.objects.exists()


def test_the_panel_is_named_before_bids_are_opened(fair: Fair) -> None:
    call = fair.published()
    fair.sealed(call)
    with pytest.raises(Refused, match="Name the panel first"):
        bids.open_bids(call=fair.closed(call), by=fair.alice, at=LATER)


def test_where_nobody_bid_no_panel_is_needed(fair: Fair) -> None:
    call = bids.open_bids(call=fair.closed(fair.published()), by=fair.alice, at=LATER)
    evaluating.decide_no_award(lot=call.lots.get(), reason="Nobody.", by=fair.alice, at=LATER)


def test_a_late_bid_is_refused_by_the_state_of_the_call(fair: Fair) -> None:
    call = fair.published()
    bid = fair.draft(call)
    fair.closed(call)
    for act in (
        lambda: bids.seal(bid=bid, by=fair.bob, at=CLOSES - timedelta(days=1)),
        lambda: bids.save_draft(bid=bid, by=fair.bob, plan="Better."),
        lambda: bids.withdraw(bid=bid, by=fair.bob, at=START),
        lambda: bids.begin(call=call, lead=fair.firm, by=fair.finn),
        lambda: bids.attach(bid=bid, by=fair.bob, name="a.pdf", data=PDF),
    ):
        with pytest.raises(Refused, match="no bid is taken, changed or withdrawn any more"):
            act()


def test_a_sealed_bid_is_changed_by_sealing_it_again(fair: Fair) -> None:
    call = fair.published()
    first = fair.sealed(call).digest
    changed = fair.sealed(call, price=41_000)
    assert changed.digest != first
    fair.draft(call, price=1)  # never sealed, so it counts for nothing
    fair.opened(call)
    assert fair.offer(call, fair.spokes).price == 41_000 * DOLLARS
    assert Bid.objects.count() == 1
    assert Bid.objects.get().draft is None


def test_a_withdrawn_bid_is_gone_and_may_come_again(fair: Fair) -> None:
    call = fair.published()
    bid = fair.sealed(call)
    gone = bids.withdraw(bid=bid, by=fair.bob, at=START)
    assert (gone.sealed, gone.digest, gone.is_sealed) == (None, "", False)
    assert draft_of(gone)["plan"] == PLAN
    with pytest.raises(Refused, match="no sealed bid"):
        bids.withdraw(bid=bid, by=fair.bob, at=START)
    fair.both_bid(call)
    bids.withdraw(bid=Bid.objects.get(lead=fair.firm), by=fair.finn, at=START)
    fair.opened(call)
    assert [offer.bid.lead for offer in Offer.objects.all()] == [fair.spokes]


def test_a_delegate_prepares_and_a_steward_signs(fair: Fair) -> None:
    call = fair.published()
    bid = fair.draft(call, by=fair.dora)
    for act in (bids.seal, bids.withdraw):
        with pytest.raises(Refused, match="one of its stewards signs") as caught:
            act(bid=bid, by=fair.dora, at=START)  # type: ignore[operator]
        assert caught.value.status == 403
    assert bids.seal(bid=bid, by=fair.bob, at=START)


@pytest.mark.parametrize(
    ("said", "told"),
    [
        ({"prices": {}}, "Say your price for at least one lot."),
        ({"plan": " "}, "Say how you would do it."),
        ({"has_conflict": None}, "Say whether you have a conflict of interest."),
        ({"has_conflict": True}, "Say what the conflict of interest is."),
    ],
)
def test_a_bid_that_lacks_something_is_not_sealed(
    fair: Fair, said: dict[str, object], told: str
) -> None:
    bid = fair.draft(fair.published(), **said)
    with pytest.raises(Refused) as caught:
        bids.seal(bid=bid, by=fair.bob, at=START)
    assert str(caught.value.reason) == told


def mill(fair: Fair) -> Institution:
    """Another co-op, that Ana looks after."""
    return register(name="Mill", kind=Kind.WORKER_COOP, steward=fair.ana, at=START)


def test_partners_agree_to_the_bid_as_it_is(fair: Fair) -> None:
    call = fair.published()
    bid = fair.draft(call)
    partner = bids.ask_partner(bid=bid, institution=mill(fair), by=fair.bob, at=START)
    assert Mail.objects.filter(to="ana@example.org", subject__contains="bid together").count() == 1
    with pytest.raises(Refused, match="have not agreed to the bid as it is now: Mill"):
        bids.seal(bid=bid, by=fair.bob, at=START)
    with pytest.raises(Refused, match="one of its stewards agrees"):
        bids.agree(partner=partner, by=fair.bob, at=START)
    bids.agree(partner=partner, by=fair.ana, at=START)
    bids.save_draft(bid=bid, by=fair.bob, plan=PLAN)  # nothing changed
    bids.save_draft(bid=bid, by=fair.bob, prices={"1": 40_000 * DOLLARS})
    with pytest.raises(Refused, match="as it is now"):
        bids.seal(bid=bid, by=fair.bob, at=START)
    bids.agree(partner=partner, by=fair.ana, at=START)
    bids.seal(bid=bid, by=fair.bob, at=START)
    fair.opened(call)
    bid.refresh_from_db()
    assert bid.content
    assert bid.content["partners"] == ["mill"]
    assert bid.is_preferred
    assert set(Tie.objects.filter(predicate="bids_to").values_list("subject__slug", flat=True)) == {
        "mill", "spokes-cooperative",
    }  # fmt: skip


def test_a_sealed_bid_is_of_those_who_sealed_it_whatever_its_draft_became(fair: Fair) -> None:
    call = fair.published()
    bid, joined = fair.draft(call), mill(fair)
    partner = bids.ask_partner(bid=bid, institution=joined, by=fair.bob, at=START)
    bids.agree(partner=partner, by=fair.ana, at=START)
    bids.seal(bid=bid, by=fair.bob, at=START)
    bids.save_draft(bid=bid, by=fair.bob, plan="Another plan.")
    bids.ask_partner(bid=bid, institution=fair.firm, by=fair.bob, at=START)
    fair.opened(call)
    bid.refresh_from_db()
    assert [(one.institution, one.agreed_at) for one in bid.partners.all()] == [(joined, START)]
    assert bid.is_preferred
    bidders = Tie.objects.filter(predicate="bids_to").order_by("subject__slug")
    assert [tie.subject for tie in bidders] == [joined, fair.spokes]


def test_a_bid_with_a_firm_in_it_is_not_preferred(fair: Fair) -> None:
    call = fair.published()
    bid = fair.draft(call)
    partner = bids.ask_partner(bid=bid, institution=fair.firm, by=fair.bob, at=START)
    bids.agree(partner=partner, by=fair.finn, at=START)
    bids.seal(bid=bid, by=fair.bob, at=START)
    fair.opened(call)
    bid.refresh_from_db()
    assert not bid.is_preferred


def test_no_partner_is_asked_twice_or_bids_to_itself(fair: Fair) -> None:
    bid = fair.draft(fair.published())
    for one in (fair.spokes, fair.city, fair.world.wheelhouse):
        with pytest.raises(Refused):
            bids.ask_partner(bid=bid, institution=one, by=fair.bob, at=START)
    partner = bids.ask_partner(bid=bid, institution=fair.firm, by=fair.bob, at=START)
    with pytest.raises(Refused, match="partner already"):
        bids.ask_partner(bid=bid, institution=fair.firm, by=fair.bob, at=START)
    bids.drop_partner(partner=partner, by=fair.finn)
    assert not bid.partners.exists()


def test_a_bid_asks_for_partners_so_often_and_no_more(fair: Fair) -> None:
    """Each asking is a mail to somebody."""
    bid = fair.draft(fair.published())
    for _time in range(MOST_ASKED):
        partner = bids.ask_partner(bid=bid, institution=fair.firm, by=fair.bob, at=START)
        bids.drop_partner(partner=partner, by=fair.bob)
    with pytest.raises(Refused, match="has asked 20 times already"):
        bids.ask_partner(bid=bid, institution=fair.firm, by=fair.bob, at=START)


def test_who_calls_does_not_bid(fair: Fair) -> None:
    call = fair.published()
    with pytest.raises(Refused, match="does not bid"):
        bids.begin(call=call, lead=fair.city, by=fair.alice)
    with pytest.raises(Refused) as caught:
        bids.begin(call=call, lead=fair.spokes, by=fair.finn)
    assert caught.value.status == 403


def test_files_are_sealed_with_the_bid_and_opened_with_it(fair: Fair) -> None:
    call = fair.published()
    bid = fair.draft(call)
    kept = bids.attach(bid=bid, by=fair.bob, name="plan.pdf", data=PDF)
    gone = bids.attach(bid=bid, by=fair.bob, name="old.pdf", data=PDF)
    assert draft_file(bid, kept.ref) == PDF
    bids.detach(bid=bid, by=fair.bob, ref=gone.ref)
    bids.seal(bid=bid, by=fair.bob, at=START)
    assert opened_file(bid, kept.ref) is None
    fair.opened(call)
    assert opened_file(bid, kept.ref) == PDF
    bid.refresh_from_db()
    assert bid.content
    assert [one["name"] for one in bid.content["attachments"]] == ["plan.pdf"]
    assert [one.ref for one in Attachment.objects.all()] == [kept.ref]


def test_a_file_that_was_added_after_sealing_spoils_nothing(fair: Fair) -> None:
    call = fair.published()
    bid = fair.draft(call)
    kept = bids.attach(bid=bid, by=fair.bob, name="plan.pdf", data=PDF)
    bids.seal(bid=bid, by=fair.bob, at=START)
    bids.attach(bid=bid, by=fair.bob, name="later.pdf", data=PDF)
    fair.opened(call)
    bid.refresh_from_db()
    assert (bid.is_unreadable, opened_file(bid, kept.ref)) == (False, PDF)
    assert [one.ref for one in Attachment.objects.all()] == [kept.ref]


def test_only_a_pdf_of_five_megabytes_is_kept_and_five_of_them(fair: Fair) -> None:
    bid = fair.draft(fair.published())
    for data in (b"GIF89a", b"%PDF-1.7 cut short", PDF + b" " * 5 * 2**20):
        with pytest.raises(Refused) as caught:
            bids.attach(bid=bid, by=fair.bob, name="a.pdf", data=data)
        assert caught.value.status == 422
    for number in range(5):
        bids.attach(bid=bid, by=fair.bob, name=f"{number}.pdf", data=PDF)
    with pytest.raises(Refused, match="At most 5 files"):
        bids.attach(bid=bid, by=fair.bob, name="6.pdf", data=PDF)


def test_a_price_above_the_lot_is_not_sealed_and_is_told_with_all_that_is_missing(
    fair: Fair,
) -> None:
    call = fair.published(lots=[LotSaid("A", COST - 10_000), LotSaid("B", 10_000)])
    bid = fair.draft(call, prices={"1": COST, "2": 10_000}, plan=" ")
    told = [(gap.step, str(gap.reason)) for gap in gaps(call, draft_of(bid))]
    dear = "A: More than the $47,900 of this lot; it would be excluded."
    assert told == [("price", dear), ("plan", "Say how you would do it.")]
    with pytest.raises(Refused, match=r"it would be excluded\. Say how"):
        bids.seal(bid=bid, by=fair.bob, at=START)
    bids.save_draft(bid=bid, by=fair.bob, prices={"1": COST - 10_000}, plan=PLAN)
    bids.seal(bid=bid, by=fair.bob, at=START)


def test_a_sealed_price_above_the_lot_is_excluded_with_that_reason(fair: Fair) -> None:
    """Whatever was sealed: the page refuses it, the opening does not trust the page."""
    call = fair.published(lots=[LotSaid("A", COST - 100), LotSaid("B", 100)])
    bid = fair.sealed(call, prices={"1": COST - 100, "2": 100})
    said = {
        **draft_of(bid), "prices": {"1": COST, "2": 100}, "bid": str(bid.ref),
        "call": call.sha256, "lead": fair.spokes.slug, "partners": [],
    }  # fmt: skip
    sealed = sealing.seal(canonical(said).encode(), call.seal_keys)
    Bid.objects.update(sealed=sealed, digest=hashlib.sha256(sealed).hexdigest())
    fair.opened(call)
    told = {one.lot.position: one.reason for one in Offer.objects.select_related("lot")}
    assert told == {1: "The price is above the most that the lot may cost.", 2: ""}


def tampered(bid: Bid, what: str, other: Bid) -> None:
    sealed = bytearray(bid.sealed or b"")
    if what == "a byte":
        sealed[100] ^= 1
        Bid.objects.filter(pk=bid.pk).update(sealed=bytes(sealed))
    elif what == "a byte and its digest":
        sealed[100] ^= 1
        digest = hashlib.sha256(sealed).hexdigest()
        Bid.objects.filter(pk=bid.pk).update(sealed=bytes(sealed), digest=digest)
    elif what == "another's bid":
        Bid.objects.filter(pk=bid.pk).update(sealed=other.sealed, digest=other.digest)
    elif what == "a bid of one's own making":
        content = {
            "bid": str(bid.ref),
            "call": bid.call.sha256,
            "prices": {"1": 100},
            "attachments": [],
        }
        forged = sealing.seal(json.dumps(content).encode(), bid.call.seal_keys)
        Bid.objects.filter(pk=bid.pk).update(sealed=forged)


@pytest.mark.parametrize(
    "what", ["a byte", "a byte and its digest", "another's bid", "a bid of one's own making"]
)
def test_a_bid_that_was_tampered_with_is_told_and_keeps_nobody_elses_shut(
    fair: Fair, what: str
) -> None:
    call = fair.published()
    ours, theirs = fair.both_bid(call)
    tampered(ours, what, theirs)
    fair.opened(call)
    ours.refresh_from_db()
    assert (ours.is_unreadable, ours.content) == (True, None)
    assert [offer.bid_id for offer in Offer.objects.all()] == [theirs.pk]
    assert Entry.objects.get(act="call.opened").facts["unreadable"] == 1


def with_custodians(fair: Fair) -> tuple[Call, list[str]]:
    call = fair.call(has_custodians=True)
    codes = []
    for person in (fair.ana, fair.ben):
        seat = calls.name_custodian(
            call=call, person=person, name=person.email, by=fair.alice, at=START
        )
        codes.append(calls.take_key(custodian=seat, by=person, at=START))
    return calls.publish(call=call, by=fair.alice, at=START), codes


def test_with_custodians_nothing_on_the_site_opens_a_bid(fair: Fair) -> None:
    call, codes = with_custodians(fair)
    bid = fair.draft(call, price=45_123)
    bids.attach(bid=bid, by=fair.bob, name="plan.pdf", data=PDF)
    bids.seal(bid=bid, by=fair.bob, at=START)
    bid.refresh_from_db()
    assert bid.draft is None
    assert Attachment.objects.get().draft is None
    for key in (Path(settings.INTERLOCK_HOME) / "seals").glob("*.key"):
        with pytest.raises(sealing.Tampered):
            sealing.opened_by_site(bytes(bid.sealed or b""), key.stem)
    fair.panel(call)
    closed = fair.closed(call)
    slipped = codes[1][:-1] + ("1" if codes[1][-1] == "0" else "0")
    for wrong in ([], codes[:1], [codes[0], codes[0]], [codes[0], slipped]):
        with pytest.raises(Refused, match="not the codes of both custodians"):
            bids.open_bids(call=closed, by=fair.alice, at=LATER, codes=wrong)
    bids.open_bids(call=closed, by=fair.alice, at=LATER, codes=codes[::-1])
    assert fair.offer(call, fair.spokes).price == 45_123 * DOLLARS
    assert opened_file(bid, Attachment.objects.get().ref) == PDF
    assert set(call.custodians.values_list("used_at", flat=True)) == {LATER}


def test_sealing_writes_nothing_on_the_record(fair: Fair) -> None:
    call = fair.published()
    before = Entry.objects.count()
    fair.sealed(call)
    assert Entry.objects.count() == before


def test_a_member_of_the_lead_prepares_nothing(fair: Fair) -> None:
    call = fair.published()
    bid = fair.draft(call)
    give_role(institution=fair.spokes, person=fair.ana, role=Role.MEMBER, by=fair.bob, at=START)
    for person in (fair.ana, fair.alice, fair.finn):
        with pytest.raises(Refused) as caught:
            bids.save_draft(bid=bid, by=person, plan="Mine.")
        assert caught.value.status == 403


def test_the_fixtures_of_a_dump_tell_nothing_either(fair: Fair, tmp_path: Path) -> None:
    fair.sealed(fair.published(), price=45_123)
    file = tmp_path / "dump.json"
    call_command("dumpdata", "delivery", output=str(file), verbosity=0)
    assert "45123" not in file.read_text()
    assert "harvest" not in file.read_text()
