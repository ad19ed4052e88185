"""The year: hours in, a draft that everybody recomputes, a decision, and a posting that happens once."""

import json
from datetime import UTC, date, datetime
from decimal import Decimal

import pytest
from django.db import DatabaseError, connection, transaction

from interlock.methods.surplus import PRESETS
from interlock.web.coops.actions.accounts import account, reverse, transfer
from interlock.web.coops.actions.decisions import change, discard
from interlock.web.coops.actions.hours import correct_hours, enter_hours, take_out
from interlock.web.coops.actions.members import correct_member
from interlock.web.coops.actions.policies import adopt_policy
from interlock.web.coops.actions.years import (
    begin_year,
    post_year,
    put_to_members,
    reverse_year,
    take_back,
    work_on_year,
)
from interlock.web.coops.models import (
    Account,
    AccountKind,
    Bylaws,
    Decision,
    Hours,
    Member,
    Share,
    Transfer,
    TransferKind,
    Year,
    YearStage,
)
from interlock.web.coops.queries import years as queries
from interlock.web.coops.rules import policies
from interlock.web.look.refusals import Refused
from interlock.web.record.models import Audience, Entry
from tests.web.coops.spokes import NOW, Spokes, spokes

pytestmark = pytest.mark.django_db

HOURS = """member,from,to,hours,wages
1,2026-01,2026-12,"2,000.00",40000
Ben Yusuf,2026-01-01,2026-12-31,1500,30000.50
3,2026-01-01,2026-06-30,600,12000
3,2026-07-01,2026-12-31,700.5,14000
4,2026-09,2026-12,400,8000
5,2026-01,2026-09,900,18000
"""


def enter(one: Spokes, text: str = HOURS) -> None:
    enter_hours(coop=one.coop, data=text.encode(), name="hours.csv", by=one.sol, at=NOW)


def adopt(one: Spokes, preset: str = "selc", on: date = date(2025, 6, 1), reason: str = "") -> None:
    adopt_policy(
        coop=one.coop,
        body=policies.as_data(PRESETS[preset]),
        preset=preset,
        adopted_on=on,
        reason=reason,
        by=one.sol,
        at=NOW,
    )


def drafted(one: Spokes, net: int = 100_000_00) -> Year:
    enter(one)
    adopt(one)
    year = begin_year(coop=one.coop, number=1, by=one.sol, at=NOW)
    assert year.policy
    return work_on_year(year=year, by=one.sol, at=NOW, net=net, policy=year.policy)


def bylaws(one: Spokes) -> None:
    Bylaws.objects.create(
        coop=one.coop, number=1, body={}, sha256="0", effective_on=date(2025, 1, 1), adopted_at=NOW
    )


def carried(year: Year, *, is_carried: bool = True) -> Year:
    """As B's verbs leave a decision: announced, opened, decided."""
    Decision.objects.filter(pk=year.decision_id).update(
        announced_at=NOW, opened_at=NOW, decided_at=NOW, is_carried=is_carried
    )
    return Year.objects.get(pk=year.pk)


def approved(one: Spokes, net: int = 100_000_00) -> Year:
    year = drafted(one, net)
    bylaws(one)
    return carried(put_to_members(year=year, by=one.sol, at=NOW))


def balances(one: Spokes) -> dict[str, int]:
    return {
        found.ref: found.balance for found in Account.objects.filter(coop=one.coop) if found.balance
    }


def test_posted_year_gives_each_their_share_and_the_accounts_follow():
    one = spokes()
    year = post_year(year=approved(one), by=one.sol, at=NOW)
    shares = {
        share.member.name: (share.hours, share.allocation, share.cash, share.notice)
        for share in Share.objects.filter(year=year)
    }
    # Members worked 2000 + 1500 + 700.5 + 900 = 5100.5 of 6100.5 hours.
    closed = queries.read(year.given or {})
    assert (closed.surplus, closed.profit) == (83_607_90, 16_392_10)
    assert sum(share[1] for share in shares.values()) == 75_000_00
    assert shares["Chi Okafor"] == (Decimal("700.50"), 10_300_46, 5_150_23, 5_150_23)
    assert shares["Eva Lindt"][0] == Decimal(900)
    assert "Dee Park" not in shares
    found = balances(one)
    assert found["bank"] == -100_000_00
    assert found["collective/Collective account"] == 25_000_00
    assert found[f"payable/{one.chi.pk}"] == 5_150_23
    assert found[f"notice/{one.chi.pk}/2026"] == 5_150_23
    assert "result" not in found
    assert sum(found.values()) == 0
    assert year.stage == YearStage.POSTED


def test_year_is_posted_once():
    one = spokes()
    year = approved(one)
    first = post_year(year=year, by=one.sol, at=NOW)
    number = Transfer.objects.count()
    again = post_year(year=year, by=one.sol, at=datetime(2027, 4, 1, tzinfo=UTC))
    assert (again.posted_at, Transfer.objects.count()) == (first.posted_at, number)
    assert Entry.objects.filter(act="coop.year_posted").count() == 1


def test_numbers_stay_with_those_whom_a_year_knows_by_them(signed_in):
    """Exchanged before the posting, each would get the share of the other, and see it afterwards."""
    one = spokes()
    year = approved(one)

    def renumber(member: Member, number: str) -> None:
        correct_member(
            member=member, name="Ana O.", number=number, email="", buy_in=0, by=one.sol, at=NOW
        )

    renumber(one.ana, "1")
    with pytest.raises(Refused, match="knows them by this number"):
        renumber(one.ana, "9")
    said = {"name": "Ana Ortiz", "number": "9", "email": "", "buy_in": ""}
    page = signed_in(one.sol).post(f"/coops/{one.slug}/members/{one.ana.pk}/edit/", said)
    assert (page.status_code, b"knows them by this number" in page.content) == (422, True)
    year = post_year(year=year, by=one.sol, at=NOW)
    assert Share.objects.get(year=year, member=one.ana).hours == 2000
    with pytest.raises(Refused, match="knows them by this number"):
        renumber(one.ana, "9")


def test_same_numbers_come_out_of_the_file():
    one = spokes()
    year = drafted(one)
    told = queries.given(year)
    from interlock.methods.formats import years as files
    from interlock.methods.surplus import close

    (read,) = files.read(json.dumps(told).encode())
    whole = close(read.year)
    assert [worker["id"] for worker in told["workers"]] == ["1", "2", "3", "4", "5"]
    assert whole == queries.read(told)
    # A member's file has nobody's number, and gives them the same to the cent.
    (mine,) = files.read(json.dumps(queries.without_names(told, "3")).encode())
    own = next(share for share in close(mine.year).members if "(you)" in share.worker.id)
    assert own.allocation == next(
        share.allocation for share in whole.members if share.worker.id == "3"
    )


def test_members_file_joins_fewer_than_three_others():
    told = {
        "net": 1000,
        "policy": "selc",
        "workers": [
            {"id": "1", "member": True, "hours": 10, "hours_before": 0, "wages": 5},
            {"id": "2", "member": True, "hours": 20, "hours_before": 1, "wages": 6},
            {"id": "3", "member": False, "hours": 0, "hours_before": 7, "wages": 7},
        ],
    }
    assert queries.without_names(told, "1")["workers"] == [
        {"id": "member 1 (you)", "member": True, "hours": 10, "hours_before": 0, "wages": 5},
        {"id": "the other members together", "member": True, "hours": 20},
        {"id": "the others together", "member": False, "hours": 0, "hours_before": 8},
    ]


@pytest.mark.parametrize("by", ["hours", "wages", "mix", "equal"])
@pytest.mark.parametrize("number", [1, 2, 3, 4, 5])
def test_members_file_gives_them_their_share_and_nobody_elses_wages(by: str, number: int):
    """Whether the others are one, two or many; wages are told where shares depend on them."""
    policy = {**policies.as_data(PRESETS["selc"]), "adopted": "2025-06-01"}
    policy["patronage"] = {"by": by, "hours_share": 0.5, "least_hours": 0}
    told = {
        "net": 100_000_00,
        "policy": policy,
        "workers": [
            {
                "id": str(one), "member": one < 6, "hours": 100 * one if one < 6 else 0,
                "hours_before": 10, "wages": 1_000_00 + one,
            }
            for one in range(1, 8)
            if one <= number or one >= 6
        ],
    }  # fmt: skip
    mine = queries.without_names(told, "1")
    whole = {one.worker.id: one for one in queries.read(told).members}
    own = next(one for one in queries.read(mine).members if one.worker.id.endswith("(you)"))
    assert abs(own.allocation - whole["1"].allocation) <= (number <= 3)
    listed = [one for one in mine["workers"] if one["member"] and "(you)" not in one["id"]]
    assert {"wages" in one for one in listed} <= {by in ("wages", "mix")}
    assert not any("hours_before" in one for one in listed)


def test_reversed_year_leaves_nothing_and_is_drafted_anew():
    one = spokes()
    year = post_year(year=approved(one), by=one.sol, at=NOW)
    draft = reverse_year(year=year, by=one.sol, at=NOW, why="An invoice was missing.")
    assert balances(one) == {}
    year.refresh_from_db()
    assert (year.stage, draft.stage, draft.version, draft.net) == (
        YearStage.REVERSED,
        YearStage.DRAFT,
        2,
        100_000_00,
    )
    assert Share.objects.filter(year=year).count() == 4
    second = carried(put_to_members(year=draft, by=one.sol, at=NOW))
    assert post_year(year=second, by=one.sol, at=NOW).stage == YearStage.POSTED
    with pytest.raises(Refused):
        reverse_year(year=year, by=one.sol, at=NOW, why="Again.")


def test_entries_of_a_year_go_with_the_year_and_not_by_themselves():
    one = spokes()
    year = post_year(year=approved(one), by=one.sol, at=NOW)
    for entry in year.transfers.all():
        with pytest.raises(Refused, match="belongs to a year"):
            reverse(transfer=entry, on=entry.on, by=one.sol, at=NOW, why="Half of it.")


def test_year_is_reversed_after_members_were_paid():
    one = spokes()
    year = post_year(year=approved(one), by=one.sol, at=NOW)
    owed = account(coop=one.coop, kind=AccountKind.PAYABLE, member=one.chi)
    transfer(
        coop=one.coop,
        kind=TransferKind.PAYOUT,
        debit=owed,
        credit=account(coop=one.coop, kind=AccountKind.BANK),
        amount=5_150_23,
        on=date(2027, 2, 1),
        by=one.sol,
        at=NOW,
    )
    reverse_year(year=year, by=one.sol, at=NOW, why="An invoice was missing.")
    assert balances(one) == {f"payable/{one.chi.pk}": -5_150_23, "bank": 5_150_23}


def test_loss_is_borne_by_notices_and_contributions():
    one = spokes()
    post_year(year=approved(one), by=one.sol, at=NOW)
    later = datetime(2029, 3, 1, tzinfo=UTC)
    enter(one, "member,from,to,hours\n1,2028-01,2028-12,1000\n2,2028-01,2028-12,1000\n")
    year = begin_year(coop=one.coop, number=3, by=one.sol, at=later)
    assert year.policy
    work_on_year(year=year, by=one.sol, at=later, net=-60_000_00, policy=year.policy)
    year.refresh_from_db()
    before = balances(one)
    year = post_year(
        year=carried(put_to_members(year=year, by=one.sol, at=later)), by=one.sol, at=later
    )
    found = balances(one)
    # A quarter is collective; Ana and Ben bear the rest, their notices first.
    assert found["collective/Collective account"] == 10_000_00
    assert f"notice/{one.ana.pk}/2026" not in found
    assert found[f"contribution/{one.ana.pk}"] == before[f"notice/{one.ana.pk}/2026"] - 22_500_00
    assert sum(found.values()) == 0
    assert {share.notice for share in Share.objects.filter(year=year)} >= {-22_500_00}


def test_policy_that_came_late_needs_a_reason():
    one = spokes()
    enter(one)
    adopt(one, on=date(2026, 6, 1))
    bylaws(one)
    year = begin_year(coop=one.coop, number=1, by=one.sol, at=NOW)
    assert year.policy
    work_on_year(year=year, by=one.sol, at=NOW, net=1000_00, policy=year.policy)
    year.refresh_from_db()
    with pytest.raises(Refused) as refused:
        put_to_members(year=year, by=one.sol, at=NOW)
    assert str(refused.value.reason) == (
        "The policy was adopted after the year began. Say why it is used all the same."
    )
    work_on_year(
        year=year, by=one.sol, at=NOW, net=1000_00, policy=year.policy,
        discretionary_for="Our first year.",
    )  # fmt: skip
    year.refresh_from_db()
    put_to_members(year=year, by=one.sol, at=NOW)
    year.refresh_from_db()
    assert queries.read(year.given or {}).is_discretionary


def test_year_is_posted_only_when_the_members_approved_it():
    one = spokes()
    year = drafted(one)
    with pytest.raises(Refused) as refused:
        post_year(year=year, by=one.sol, at=NOW)
    assert str(refused.value.reason) == (
        "The members have not approved the year. Put it to them first."
    )
    bylaws(one)
    put = put_to_members(year=year, by=one.sol, at=NOW)
    with pytest.raises(Refused):
        post_year(year=put, by=one.sol, at=NOW)
    lost = carried(put, is_carried=False)
    with pytest.raises(Refused):
        post_year(year=lost, by=one.sol, at=NOW)
    assert take_back(year=lost, by=one.sol, at=NOW).stage == YearStage.DRAFT


def test_what_asks_about_a_year_is_neither_reworded_nor_thrown_away_under_it():
    """Otherwise members would carry something else, and the year be posted on it."""
    one = spokes()
    bylaws(one)
    year = put_to_members(year=drafted(one), by=one.sol, at=NOW)
    assert year.decision
    with pytest.raises(Refused, match="Take the year back"):
        change(decision=year.decision, by=one.sol, at=NOW, title="A van", kind="board")
    with pytest.raises(Refused, match="Take the year back"):
        discard(decision=year.decision, by=one.sol, at=NOW)
    take_back(year=year, by=one.sol, at=NOW)
    discard(decision=year.decision, by=one.sol, at=NOW)
    assert not Decision.objects.exists()


def test_coop_of_one_posts_without_a_decision():
    one = spokes()
    one.ben.standings.update(status="candidate")
    one.chi.standings.update(status="candidate")
    year = drafted(one)
    assert post_year(year=year, by=one.sol, at=NOW).stage == YearStage.POSTED


def test_hours_stay_once_the_year_is_before_the_members():
    one = spokes()
    approved(one)
    line = Hours.objects.filter(member=one.ana).get()
    for act in (
        lambda: correct_hours(hours=line, worked=Decimal(1), wages=0, by=one.sol, at=NOW),
        lambda: take_out(hours=line, by=one.sol, at=NOW),
    ):
        with pytest.raises(Refused):
            act()
    enter(one, "member,from,to,hours\n1,2026-01,2026-12,7\n")
    line.refresh_from_db()
    assert line.hours == 2000


#: What somebody with the database open may try with a posted year.
TAMPERING = {
    "net": "UPDATE coops_year SET net = net + 1",
    "given": "UPDATE coops_year SET given = NULL",
    "unposted": "UPDATE coops_year SET posted_at = NULL",
    "gone": "DELETE FROM coops_year",
    "share": "UPDATE coops_share SET allocation = allocation + 1, cash = cash + 1",
    "no share": "DELETE FROM coops_share",
    "policy": "UPDATE coops_policy SET adopted_on = '2020-01-01'",
    "no policy": "DELETE FROM coops_policy",
    "bylaws": "UPDATE coops_bylaws SET number = 9",
    "decision": "UPDATE coops_decision SET is_carried = NULL",
    "title": "UPDATE coops_decision SET title = 'Another'",
}


@pytest.mark.parametrize("tampering", TAMPERING.values(), ids=TAMPERING)
def test_database_refuses(tampering: str):
    one = spokes()
    post_year(year=approved(one), by=one.sol, at=NOW)
    with pytest.raises(DatabaseError), transaction.atomic(), connection.cursor() as cursor:
        cursor.execute(tampering)


def test_record_tells_no_name_and_no_amount():
    one = spokes()
    post_year(year=approved(one), by=one.sol, at=NOW)
    told = Entry.objects.filter(act__startswith="coop.")
    assert set(told.values_list("audience", flat=True)) == {Audience.INSTITUTION}
    assert {key for entry in told for key in entry.facts} == {
        "lines", "name", "number", "sha256", "year"
    }  # fmt: skip
    assert {str(entry.facts["name"]["en"]) for entry in told} == {str(one.coop)}
