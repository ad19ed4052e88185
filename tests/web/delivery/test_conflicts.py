"""Who of the panel turns out to have a part in a bidder: what they scored of its lot is set aside."""

from collections.abc import Callable
from datetime import timedelta
from functools import partial
from typing import Any

import pytest
from django.db import IntegrityError, connection, transaction
from django.test import Client

from interlock.web.coops.actions import members as coop_members
from interlock.web.coops.actions.opening import open_coop
from interlock.web.coops.models import Status
from interlock.web.delivery.actions import agreeing, awarding, bids, evaluating
from interlock.web.delivery.actions.agreeing import Part, Terms
from interlock.web.delivery.actions.calls import LotSaid
from interlock.web.delivery.models import Award, Call, Conflict, Lot, Score
from interlock.web.delivery.queries.evaluating import ranking_of, sheet_of, to_award, to_set_aside
from interlock.web.delivery.rules.evaluating import Undeclared
from interlock.web.institutions.actions import accept_role, end_role, give_role, register
from interlock.web.institutions.models import Institution, Kind, Role
from interlock.web.look.refusals import Refused
from interlock.web.people.models import Person
from interlock.web.record.models import Entry
from interlock.web.record.wording import sentence
from tests.web.delivery.calling import COST, LATER, Fair
from tests.world import DOLLARS, START

SignIn = Callable[[Person], Client]


def joins(fair: Fair, person: Person, to: Institution, role: Role = Role.MEMBER) -> Any:
    """With the word of both: its steward gives the role, and the person says yes."""
    steward = {fair.spokes: fair.bob, fair.firm: fair.finn}.get(to, fair.dora)
    given = give_role(institution=to, person=person, role=role, by=steward, at=LATER)
    return accept_role(membership=given, by=person, at=LATER)


def scored(fair: Fair, **said: Any) -> Call:
    """Ana gives the co-op 10 and the firm 0, Ben 5 to both; neither has said a conflict."""
    call = fair.published(**said)
    fair.both_bid(call)
    call = fair.opened(call)
    plan = call.criteria.get(is_price=False)
    for seat in call.panel.select_related("person", "call"):
        evaluating.declare(panelist=seat, by=seat.person, at=LATER, conflicts={})
        for lead in (fair.spokes, fair.firm):
            points = 5 if seat.person == fair.ben else 10 if lead == fair.spokes else 0
            evaluating.score(
                panelist=seat, offer=fair.offer(call, lead), by=seat.person, at=LATER,
                given={plan: (points, "So.")},
            )  # fmt: skip
    return call


def found(call: Call) -> list[Undeclared]:
    """As it is asked anew."""
    return to_set_aside(Call.objects.get(pk=call.pk))


def best(call: Call) -> list[str]:
    """Who could be awarded a lot now."""
    fresh = Call.objects.get(pk=call.pk)
    return [name for _offer, name in to_award(fresh, to_set_aside(fresh))]


def rank(fair: Fair, call: Call) -> list[tuple[str, list[int]]]:
    """Who stands where, with what the panel gave for the plan."""
    made = evaluating.rank(call=call, by=fair.alice, at=LATER)
    return [
        (one.offer.id, [int(points) for _who, points in one.points[1].given])
        for one in made.lots[0].ranked
    ]


def told(act: str) -> list[str]:
    return [str(sentence(one)) for one in Entry.objects.filter(act=act)]


def award(fair: Fair, call: Call, to: Institution) -> Award:
    return awarding.award(offer=fair.offer(call, to), reasons="The best.", by=fair.alice, at=LATER)


def test_who_joins_a_bidder_after_scoring_does_not_count_for_its_lot(fair: Fair) -> None:
    call = scored(fair)
    joins(fair, fair.ana, fair.spokes)
    assert [(one.panelist.name, one.lot) for one in found(call)] == [("Ana Ruiz", call.lots.get())]
    assert rank(fair, call) == [("green-ltd", [5]), ("spokes-cooperative", [5])]
    (said,) = told("call.set_aside")
    assert said == (
        "What Ana Ruiz scored of The library does not count, for a part in a bidder that they had not "
        "declared: A tool library."
    )
    assert Score.objects.count() == 4


def test_whose_part_it_is_in_is_told_to_nobody(fair: Fair) -> None:
    call = scored(fair)
    joins(fair, fair.ana, fair.spokes)
    rank(fair, call)
    entry = Entry.objects.get(act="call.set_aside")
    assert set(entry.facts) == {"name", "title", "panelist", "lot"}
    assert {(one.panelist, one.reason) for one in sheet_of(call).recusals} == {
        ("Ana Ruiz", "Set aside: a part in a bidder came to light that they had not declared.")
    }
    assert {one.offer for one in sheet_of(call).recusals} == {"green-ltd", "spokes-cooperative"}


def test_who_says_so_before_the_ranking_is_recused_from_that_bid_only(fair: Fair) -> None:
    call = scored(fair)
    joins(fair, fair.ana, fair.spokes)
    evaluating.declare(
        panelist=call.panel.get(person=fair.ana), by=fair.ana, at=LATER,
        conflicts={fair.spokes: "I joined it."},
    )  # fmt: skip
    assert found(call) == []
    assert rank(fair, call) == [("spokes-cooperative", [5]), ("green-ltd", [0, 5])]
    assert told("call.set_aside") == []


@pytest.mark.parametrize("role", Role)
def test_every_role_is_a_part(fair: Fair, role: Role) -> None:
    call = scored(fair)
    joins(fair, fair.ana, fair.spokes, role)
    assert len(found(call)) == 1


def mill(fair: Fair) -> Institution:
    """A co-op that Dora looks after."""
    return register(name="Mill Cooperative", kind=Kind.WORKER_COOP, steward=fair.dora, at=START)


def test_a_member_of_the_co_op_by_its_own_register_has_a_part(fair: Fair) -> None:
    call = scored(fair)
    coop = open_coop(
        institution=fair.spokes, preset="selc", first_year_begins_on=START.date(), by=fair.bob,
        at=START,
    )  # fmt: skip
    ana = coop_members.add_member(
        coop=coop, name="Ana", email=fair.ana.email, status=Status.CANDIDATE, since=START.date(),
        by=fair.bob, at=LATER,
    )  # fmt: skip
    coop_members.invite(member=ana, by=fair.bob, at=LATER)
    assert found(call) == []
    coop_members.accept_invitation(member=ana, by=fair.ana, at=LATER)
    call.refresh_from_db()
    assert [one.panelist.name for one in found(call)] == ["Ana Ruiz"]


def test_a_part_in_one_that_bids_jointly_is_one_in_the_bid(fair: Fair) -> None:
    call, joined = fair.published(), mill(fair)
    bid = fair.draft(call)
    partner = bids.ask_partner(bid=bid, institution=joined, by=fair.bob, at=START)
    bids.agree(partner=partner, by=fair.dora, at=START)
    bids.seal(bid=bid, by=fair.bob, at=START)
    call = fair.scored(call)
    joins(fair, fair.ana, joined)
    assert [one.panelist.name for one in found(call)] == ["Ana Ruiz"]


def test_no_bid_gets_rid_of_a_panelist_by_what_it_says_in_words(fair: Fair) -> None:
    """Officials sit on panels, and bids speak of their city; who reads of their co-op says so."""
    call, named = fair.published(), mill(fair)
    fair.sealed(
        call, subcontractors="Mill Cooperative. The permits come from the City of Riverbend"
    )
    call = fair.scored(call)
    joins(fair, fair.ana, named)
    given = give_role(
        institution=fair.city, person=fair.ben, role=Role.DELEGATE, by=fair.alice, at=LATER
    )
    accept_role(membership=given, by=fair.ben, at=LATER)
    assert found(call) == []
    seat, offer = call.panel.get(person=fair.ana), fair.offer(call, fair.spokes)
    plan = call.criteria.get(is_price=False)
    evaluating.score(
        panelist=seat, offer=offer, by=fair.ana, at=LATER, given={plan: (9, "Oak.")}
    )  # fmt: skip
    page = Client()
    page.force_login(fair.ana, backend="django.contrib.auth.backends.ModelBackend")
    read = page.get(f"{call.get_absolute_url()}scores/{offer.pk}/").content.decode()
    assert "If you have a part in one of these, that is a conflict with this bid" in read
    evaluating.declare(
        panelist=seat, by=fair.ana, at=LATER, conflicts={fair.spokes: "Mill works for it."}
    )
    assert seat.recusals.count() == 1


def test_who_left_the_bidder_meanwhile_had_a_part(fair: Fair) -> None:
    call = scored(fair)
    end_role(membership=joins(fair, fair.ana, fair.spokes), by=fair.ana, at=LATER)
    assert len(found(call)) == 1


def test_who_left_it_before_the_call_has_none(fair: Fair) -> None:
    given = give_role(
        institution=fair.spokes, person=fair.ana, role=Role.MEMBER, by=fair.bob, at=START
    )
    accept_role(membership=given, by=fair.ana, at=START)
    end_role(membership=given, by=fair.ana, at=START - timedelta(days=1))
    call = scored(fair)
    assert found(call) == []


def test_no_bidder_gets_rid_of_a_panelist_by_giving_them_a_role(fair: Fair) -> None:
    call = scored(fair)
    give_role(institution=fair.spokes, person=fair.ana, role=Role.MEMBER, by=fair.bob, at=LATER)
    assert found(call) == []
    assert rank(fair, call) == [("spokes-cooperative", [10, 5]), ("green-ltd", [0, 5])]


def test_only_the_lots_where_that_bidder_stands_are_touched(fair: Fair) -> None:
    call = fair.published(lots=[LotSaid("Shelves", COST // 2), LotSaid("Tools", COST // 2)])
    fair.sealed(call, prices={"1": 20_000 * DOLLARS})
    fair.sealed(call, lead=fair.firm, by=fair.finn, prices={"1": 9_000, "2": 9_000})
    call = fair.scored(call)
    joins(fair, fair.ana, fair.spokes)
    assert [str(one.lot) for one in found(call)] == ["Shelves"]


def test_where_nobody_is_left_before_the_ranking_somebody_may_be_named(fair: Fair) -> None:
    call = scored(fair)
    for person in (fair.ana, fair.ben):
        joins(fair, person, fair.spokes)
    with pytest.raises(Refused, match="Nobody is left to score"):
        rank(fair, call)
    assert not Conflict.objects.exists()
    cleo = Person.objects.by_email("cleo@example.org")
    seat = evaluating.name_panelist(call=call, person=cleo, name="Cleo", by=fair.alice, at=LATER)
    evaluating.declare(panelist=seat, by=cleo, at=LATER, conflicts={})
    for lead in (fair.spokes, fair.firm):
        evaluating.score(
            panelist=seat, offer=fair.offer(call, lead), by=cleo, at=LATER,
            given={call.criteria.get(is_price=False): (6, "So.")},
        )  # fmt: skip
    assert rank(fair, call) == [("green-ltd", [6]), ("spokes-cooperative", [6])]


def test_after_the_ranking_nothing_is_awarded_before_it_is_ranked_again(fair: Fair) -> None:
    call = scored(fair)
    assert rank(fair, call)[0] == ("spokes-cooperative", [10, 5])
    joins(fair, fair.ana, fair.spokes)
    assert best(call) == []
    with pytest.raises(Refused, match="Ana Ruiz compared these bids and has a part"):
        award(fair, call, fair.spokes)
    assert rank(fair, call) == [("green-ltd", [5]), ("spokes-cooperative", [5])]
    assert told("call.ranked_again") == ["2 offers were compared again: A tool library."]
    assert best(call) == ["Green Ltd"]
    assert award(fair, call, fair.firm).value == 43_000 * DOLLARS
    with pytest.raises(Refused, match="compared already"):
        rank(fair, call)


def test_ranked_again_with_nobody_left_says_what_to_do(fair: Fair) -> None:
    call = scored(fair)
    rank(fair, call)
    for person in (fair.ana, fair.ben):
        joins(fair, person, fair.spokes)
    with pytest.raises(Refused, match="nobody of the panel is left") as caught:
        rank(fair, call)
    assert "Award that lot to nobody" in str(caught.value.remedy)
    assert not Conflict.objects.exists()
    evaluating.decide_no_award(
        lot=call.lots.get(), reason="The panel was not free.", by=fair.alice, at=LATER
    )
    assert found(call) == []


def test_who_scored_before_cannot_score_after_it_was_ranked_again(fair: Fair) -> None:
    call = scored(fair)
    rank(fair, call)
    joins(fair, fair.ana, fair.spokes)
    rank(fair, call)
    seat, offer = call.panel.get(person=fair.ben), fair.offer(call, fair.firm)
    seat.call.refresh_from_db()
    with pytest.raises(Refused, match="compared already"):
        evaluating.score(panelist=seat, offer=offer, by=fair.ben, at=LATER, given={})


def signed(fair: Fair, made: Award) -> None:
    after = made.standstill_until
    terms = Terms([Part("M1", "All of it", after.date(), made.value)])
    version = agreeing.draft(award=made, terms=terms, acting=fair.city, by=fair.alice, at=after)
    for acting, by in ((fair.city, fair.alice), (fair.spokes, fair.bob)):
        agreeing.sign(version=version, acting=acting, by=by, at=after)


def test_after_the_award_it_stands_and_the_record_says_so_once(fair: Fair) -> None:
    call = scored(fair)
    rank(fair, call)
    made = award(fair, call, fair.spokes)
    before = ranking_of(call).lots
    joins(fair, fair.ana, fair.spokes)
    assert found(call) == []
    with pytest.raises(Refused, match="compared already"):
        rank(fair, call)
    signed(fair, made)
    (said,) = told("call.conflict_after")
    assert said == (
        "After the award it came to light that Ana Ruiz, who compared the bids for The library, "
        "has a part in a bidder: A tool library. The award stands."
    )
    assert ranking_of(Call.objects.get(pk=call.pk)).lots == before


def test_an_annulled_award_is_not_made_anew_from_a_ranking_with_a_conflict(fair: Fair) -> None:
    call = scored(fair)
    rank(fair, call)
    made = award(fair, call, fair.spokes)
    joins(fair, fair.ana, fair.spokes)
    evaluating.note_conflicts_after_award(lot=Lot.objects.get(), at=LATER)
    awarding.annul(award=made, reason="A conflict.", by=fair.alice, at=LATER)
    with pytest.raises(Refused, match="Ana Ruiz compared these bids"):
        award(fair, call, fair.firm)
    rank(fair, call)
    assert award(fair, call, fair.firm)
    assert Conflict.objects.get().set_aside_at == LATER


def test_nobody_with_a_part_reads_the_bid_of_a_rival(fair: Fair, signed_in: SignIn) -> None:
    call = fair.published()
    fair.both_bid(call)
    theirs = fair.draft(call, lead=fair.firm, by=fair.finn)
    kept = bids.attach(bid=theirs, by=fair.finn, name="a.pdf", data=b"%PDF-1.7\n%%EOF\n")
    bids.seal(bid=theirs, by=fair.finn, at=START)
    fair.scored(call)
    page = f"/delivery/calls/{call.pk}/bid/{theirs.pk}/files/{kept.pk}/"
    alice = signed_in(fair.alice)
    assert alice.get(page).status_code == 200
    joins(fair, fair.alice, fair.spokes)
    assert alice.get(page).status_code == 404
    ana = signed_in(fair.ana)
    assert ana.get(page).status_code == 200
    joins(fair, fair.ana, fair.spokes)
    assert ana.get(page).status_code == 404


def test_the_desk_and_the_ranking_tell_of_a_conflict(fair: Fair, signed_in: SignIn) -> None:
    call = scored(fair)
    joins(fair, fair.ana, fair.spokes)
    alice, base = signed_in(fair.alice), f"/delivery/calls/{call.pk}/"
    has_one = (
        "Ana Ruiz is on the panel, has a part in a bidder of The library and has not declared it."
    )
    desk = alice.get(f"{base}organise/").content.decode()
    assert has_one in desk
    assert "Ask them to declare it" in desk
    alice.post(f"{base}organise/rank/")
    page = Client().get(f"{base}ranking/").content.decode()
    assert has_one not in page
    assert "What they scored of The library does not count" in page
    assert "Spokes" not in page[page.index('id="panel"') :]
    mine = signed_in(fair.ana).get(f"{base}scores/").content.decode()
    assert "What you scored of The library does not count" in mine


def test_a_ranking_with_a_conflict_is_shown_as_such_and_made_again(
    fair: Fair, signed_in: SignIn
) -> None:
    call = scored(fair)
    rank(fair, call)
    joins(fair, fair.ana, fair.spokes)
    alice, base = signed_in(fair.alice), f"/delivery/calls/{call.pk}/"
    assert "made with a conflict of interest" in Client().get(f"{base}ranking/").content.decode()
    desk = alice.get(f"{base}organise/").content.decode()
    assert "Rank again without them" in desk
    assert "Award it to this offer" not in desk
    alice.post(f"{base}organise/rank/")
    desk = alice.get(f"{base}organise/").content.decode()
    assert "Rank again without them" not in desk
    assert "Award it to this offer" in desk
    assert "made with a conflict" not in Client().get(f"{base}ranking/").content.decode()


CHANGES = (
    "UPDATE delivery_conflict SET set_aside_at = NULL",
    "UPDATE delivery_conflict SET found_at = '2020-01-01'",
    "DELETE FROM delivery_conflict",
)


@pytest.mark.parametrize("change", CHANGES)
def test_what_was_set_aside_stays(fair: Fair, change: str) -> None:
    call = scored(fair)
    joins(fair, fair.ana, fair.spokes)
    rank(fair, call)
    with (
        pytest.raises(IntegrityError, match="set aside stays"),
        transaction.atomic(),
        connection.cursor() as cursor,
    ):
        cursor.execute(change)


def test_of_what_is_awarded_nothing_is_set_aside_whoever_writes_it(fair: Fair) -> None:
    call = scored(fair)
    rank(fair, call)
    award(fair, call, fair.spokes)
    conflict = {"panelist": call.panel.get(person=fair.ana), "lot": call.lots.get()}
    for at in (LATER, None):
        if at is None:
            made = Conflict.objects.create(**conflict, found_at=LATER)
            made.set_aside_at = LATER
            write: Callable[[], object] = made.save
        else:
            write = partial(Conflict.objects.create, **conflict, found_at=at, set_aside_at=at)
        with pytest.raises(IntegrityError, match="awarded stays"), transaction.atomic():
            write()
