"""The pages of hours, policies, years and accounts, as people go through them."""

import json
from datetime import timedelta
from pathlib import Path

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client

from interlock.web.coops.actions.opening import open_coop
from interlock.web.coops.actions.owing import pay_in
from interlock.web.coops.actions.years import begin_year, post_year, reverse_year, work_on_year
from interlock.web.coops.models import Decision, Hours, Policy, Revenue, Transfer, Year, YearStage
from interlock.web.coops.queries.accounts import look_over
from interlock.web.coops.queries.years import to_cite
from interlock.web.delivery.actions.paying import confirm_receipt
from interlock.web.delivery.models import PaymentKind
from interlock.web.people.models import Person
from tests.web.coops.spokes import NOW, Spokes, spokes
from tests.web.coops.test_years import HOURS, adopt, approved, bylaws, carried, drafted, enter
from tests.web.delivery.chain import AFTER, new_chain

pytestmark = pytest.mark.django_db


def signed_in(person: Person | None) -> Client:
    assert person
    client = Client()
    client.force_login(person, backend="django.contrib.auth.backends.ModelBackend")
    return client


def test_treasurer_goes_from_a_blank_site_to_a_previewed_year():
    one = spokes()
    ana, home = signed_in(one.ana.person), f"/coops/{one.slug}"
    page = ana.get(f"{home}/years/")
    assert [step.is_done for step in page.context["steps"]] == [True, False, False, False]
    assert page.context["next"].url == f"{home}/hours/"
    file = SimpleUploadedFile("hours.csv", HOURS.encode())
    looked = ana.post(f"{home}/hours/", {"file": file})
    assert [str(found.verdict) for found in looked.context["looked"].entries] == ["new"] * 6
    assert Hours.objects.count() == 0
    text = looked.context["text"].replace("\n", "\r\n")  # as browsers send it
    ana.post(f"{home}/hours/", {"text": text, "name": "hours.csv", "enter": "1"})
    assert Hours.objects.count() == 6
    policy = {
        "adopted_on": "2025-06-01", "collective": "25", "commons": "5", "commons_of": "remainder",
        "by": "hours", "least_hours": "0", "cash_rate": "50", "regime": "T", "is_qualified": "on",
        "collective_years": "2", "loss_share": "25",
    }  # fmt: skip
    assert ana.post(f"{home}/policies/selc/", policy).url == f"{home}/years/"
    assert ana.post(f"{home}/years/1/begin/").url == f"{home}/years/1/edit/"
    numbers = {
        "net": "100,000",
        "nonpatronage": "",
        "nonmember_hours": "",
        "policy": Year.objects.get().policy_id,
    }
    assert ana.post(f"{home}/years/1/edit/", numbers).url == f"{home}/years/1/"
    told = ana.get(f"{home}/years/1/").context["told"]
    assert dict(told.closed.funds) == {"Collective account": 25_000_00, "Commons pot": 3_750_00}
    assert told.closed.allocated == 71_250_00


PAGES = (
    "hours/",
    "hours/template.csv",
    "hours/2026-01-01/2026-12-31/",
    "hours/{line}/",
    "policies/",
    "policies/selc/",
    "policies/colab/",
    "policies/hypha/",
    "policies/mondragon/",
    "policies/italy/",
    "years/",
    "years/1/",
    "years/1/?version=1",
    "years/1/mine/",
    "years/1/year.json",
    "years/1/journal.csv",
    "years/1/patr.csv",
    "accounts/",
    "accounts/redeem/",
    "accounts/interest/",
    "accounts/opening/",
    "accounts/opening/template.csv",
    "accounts/entries/{entry}/reverse/",
    "accounts/{ana}/",
)


def filled(one: Spokes) -> dict[str, int]:
    """A year that was posted, reversed and posted again; and what the addresses need."""
    year = post_year(year=approved(one), by=one.sol, at=NOW)
    reverse_year(year=year, by=one.sol, at=NOW, why="An invoice was missing.")
    from interlock.web.coops.actions.years import put_to_members

    draft = Year.objects.get(reversed_at=None)
    post_year(year=carried(put_to_members(year=draft, by=one.sol, at=NOW)), by=one.sol, at=NOW)
    entry = pay_in(member=one.ana, amount=500_00, on=NOW.date(), by=one.sol, at=NOW)
    line = Hours.objects.filter(member=one.ana).get()
    return {"line": line.pk, "entry": entry.pk, "ana": one.ana.pk, "ben": one.ben.pk}


@pytest.mark.parametrize("page", PAGES)
@pytest.mark.parametrize("language", ["en", "es"])
def test_page_opens_for_the_treasurer(page: str, language: str):
    one = spokes()
    known = filled(one)
    client = signed_in(one.ana.person)
    client.cookies["django_language"] = language
    answer = client.get(f"/coops/{one.slug}/{page.format(**known)}")
    assert answer.status_code == 200


def test_who_left_finds_the_way_to_their_account():
    one = spokes()
    page = signed_in(one.eva.person).get("/coops/")
    assert list(page.context["left"]) == [one.eva]
    assert f"/coops/{one.slug}/accounts/{one.eva.pk}/" in page.content.decode()
    for inside in (one.ana.person, one.dee.person, one.sol):
        assert list(signed_in(inside).get("/coops/").context["left"]) == []


def test_policy_rests_on_a_decision_that_was_carried():
    one = spokes()
    approved(one)
    decision = Decision.objects.get()
    ana, path = signed_in(one.ana.person), f"/coops/{one.slug}/policies/colab/"
    said = {
        "adopted_on": "2027-02-01", "collective": "50", "commons": "0", "commons_of": "remainder",
        "by": "hours", "least_hours": "0", "cash_rate": "20", "regime": "T",
        "collective_years": "2", "loss_share": "100", "reason": "More in common.",
        "decision": str(decision.pk),
    }  # fmt: skip
    early = ana.post(path, said)
    assert early.context["form"].errors["adopted_on"] == [
        "It cannot be adopted before it was decided."
    ]
    assert ana.post(path, {**said, "adopted_on": "2027-03-01"}).status_code == 302
    assert Policy.objects.get(number=2).decision == decision
    assert decision.title in ana.get(f"/coops/{one.slug}/policies/").content.decode()


def test_loss_that_nobody_bears_is_told():
    one = spokes()
    enter(one)
    adopt(one, "mondragon")
    year = begin_year(coop=one.coop, number=1, by=one.sol, at=NOW)
    body = year.policy.body
    policy = Policy.objects.create(
        coop=one.coop, number=2, sha256="0", adopted_on=year.begins_on, said_at=NOW,
        body={**body, "losses": {**body["losses"], "collective_years": 0, "collective_share": 0,
                                 "below_zero": False}},
    )  # fmt: skip
    work_on_year(year=year, by=one.sol, at=NOW, net=-1_000_00, policy=policy)
    told = signed_in(one.ben.person).get(f"/coops/{one.slug}/years/1/")
    assert told.context["carried"] == 1_000_00
    assert "borne by nobody yet" in told.content.decode()


def test_years_that_cannot_be_are_not_there():
    one = spokes()
    filled(one)
    client = signed_in(one.sol)
    assert client.get(f"/coops/{one.slug}/years/1/?version=²").status_code == 200
    for number in (0, 99, 9_999, 10**15):
        answer = client.post(f"/coops/{one.slug}/years/{number}/begin/")
        assert answer.status_code == 422
    (entry,) = look_over(one.coop, "member,year,notice\n1,²,5\n".encode()).entries
    assert entry.why == "Say of which year the notice is: 2024."


def test_empty_pages_teach_the_first_step():
    one = spokes()
    for person in (one.ana.person, one.ben.person):
        client = signed_in(person)
        for page in ("hours/", "policies/", "years/", "accounts/"):
            assert client.get(f"/coops/{one.slug}/{page}").status_code == 200


def test_member_sees_totals_and_their_own_share_only():
    one = spokes()
    filled(one)
    page = signed_in(one.ben.person).get(f"/coops/{one.slug}/years/1/")
    assert page.context["told"].rows == ()
    assert page.context["told"].own.worker.id == "2"
    body = page.content.decode()
    assert "Chi Okafor" not in body
    assert "10,300.46" not in body  # Chi's
    assert "$25,000" in body


def test_treasurers_file_gives_the_same_with_the_command(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
):
    from interlock.__main__ import main
    from interlock.commands import surplus  # noqa: F401

    one = spokes()
    drafted(one)
    data = signed_in(one.ana.person).get(f"/coops/{one.slug}/years/1/year.json").content
    file = tmp_path / "year.json"
    file.write_bytes(data)
    assert main(["surplus", str(file), "--json"]) == 0
    assert '"allocation": 1030046' in capsys.readouterr().out


def test_members_file_names_nobody():
    one = spokes()
    drafted(one)
    told = json.loads(signed_in(one.ben.person).get(f"/coops/{one.slug}/years/1/year.json").content)
    assert [worker["id"] for worker in told["workers"]] == [
        "member 1",
        "member 2 (you)",
        "member 3",
        "member 4",
        "the others together",
    ]
    assert all("left" not in worker for worker in told["workers"])


def test_year_is_put_taken_back_posted_and_reversed_by_its_pages():
    one = spokes()
    drafted(one)
    bylaws(one)
    ana, home = signed_in(one.ana.person), f"/coops/{one.slug}/years/1"
    ana.post(f"{home}/put/")
    year = Year.objects.get()
    assert year.stage == YearStage.PROPOSED
    ana.post(f"{home}/take-back/")
    year.refresh_from_db()
    assert year.stage == YearStage.DRAFT
    ana.post(f"{home}/put/")
    carried(Year.objects.get())
    ana.post(f"{home}/post/")
    year.refresh_from_db()
    assert year.stage == YearStage.POSTED
    ana.post(f"{home}/reverse/", {"why": "An invoice was missing."})
    year.refresh_from_db()
    assert year.stage == YearStage.REVERSED


@pytest.mark.parametrize("currency", ["USD", "CAD"])
def test_payments_are_cited_in_the_currency_of_the_co_op(currency: str):
    chain = new_chain()
    payment = chain.pay(
        chain.agree(4_000_000, advance=1_000_000), 1_000_000, kind=PaymentKind.ADVANCE
    )
    day = AFTER.date()
    confirm_receipt(payment=payment, amount=1_000_000, received_on=day, by=chain.mia, at=AFTER)
    coop = open_coop(
        institution=chain.mill, preset="selc", first_year_begins_on=day, currency=currency,
        by=chain.mia, at=AFTER,
    )  # fmt: skip
    year = Year.objects.create(
        coop=coop, number=1, begins_on=day, ends_on=day + timedelta(days=364), begun_at=AFTER
    )
    offered = list(to_cite(year))
    assert len(offered) == (currency == "USD")
    for one in offered:
        Revenue.objects.create(year=year, receipt=one)
        page = signed_in(chain.mia).get(f"/coops/{coop.institution.slug}/years/1/")
        assert page.context["cited_sum"] == 1_000_000


def test_treasurer_records_payments_in_an_account():
    one = spokes()
    known = filled(one)
    ana, home = signed_in(one.ana.person), f"/coops/{one.slug}/accounts"
    day = "2027-03-01"
    ana.post(f"{home}/{known['ben']}/pay-in/", {"in-amount": "100", "in-on": day})
    ana.post(
        f"{home}/{known['ben']}/plan/",
        {"plan-amount": "500", "plan-parts": "5", "plan-first_on": day},
    )
    page = ana.get(f"{home}/{known['ben']}/")
    owed = page.context["to_pay_out"][0]
    ana.post(
        f"{home}/{known['ben']}/pay-out/",
        {"account": owed.pk, "out-amount": "50", "out-on": day},
    )
    assert ana.post(f"{home}/redeem/", {"amount": "100", "on": day}).status_code == 200
    ana.post(f"{home}/redeem/", {"amount": "100", "on": day, "redeem": "1"})
    ana.post(f"{home}/interest/", {"percent": "3", "on": day})
    ana.post(f"{home}/{one.eva.pk}/leave/", {"due_on": "2032-03-01"})
    kinds = Transfer.objects.exclude(kind__in=["close", "reversal"]).order_by("pk")
    assert list(dict.fromkeys(kinds.values_list("kind", flat=True))) == [
        "buy_in", "payout", "redemption", "interest", "leaving",
    ]  # fmt: skip
    wrong = ana.post(f"{home}/{known['ben']}/pay-in/", {"in-amount": "x", "in-on": day})
    assert wrong.status_code == 422


def test_opening_balances_tell_line_by_line_what_is_wrong():
    one = spokes()
    ana = signed_in(one.ana.person)
    text = "member,contribution\n1,100\n9,5\n"
    said = {"text": text, "total": "105", "on": "2027-01-01"}
    page = ana.post(f"/coops/{one.slug}/accounts/opening/", said)
    assert page.status_code == 422
    assert [bool(line.why) for line in page.context["looked"].entries] == [False, True]
    said["text"] = "member,contribution\n1,105\n"
    assert ana.post(f"/coops/{one.slug}/accounts/opening/", said).status_code == 302


def test_lists_that_cannot_be_read_say_why():
    one = spokes()
    ana = signed_in(one.ana.person)
    for text in ("", "name;stuff\n1;2\n", 'member,from,hours\n"1,2026-01,5\n'):
        assert ana.post(f"/coops/{one.slug}/hours/", {"text": text}).status_code == 422


def test_hours_are_corrected_and_taken_out_by_their_pages():
    one = spokes()
    enter(one)
    adopt(one)
    line = Hours.objects.filter(member=one.ana).get()
    ana, page = signed_in(one.ana.person), f"/coops/{one.slug}/hours/{line.pk}/"
    ana.post(page, {"hours": "1.900,5", "wages": "1"})
    line.refresh_from_db()
    assert float(line.hours) == 1900.5
    ana.post(f"{page}take-out/")
    assert not Hours.objects.filter(pk=line.pk).exists()
