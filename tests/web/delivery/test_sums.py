"""What deliveries add up to: shares from postings, what stayed told only of three, few questions asked."""

import csv
import io
from collections.abc import Callable
from datetime import timedelta
from zoneinfo import ZoneInfo

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from interlock.methods.formats import ocds
from interlock.web.delivery import exporting
from interlock.web.delivery.actions import awarding, finishing, paying, stories
from interlock.web.delivery.actions.sums import say_kept
from interlock.web.delivery.models import AwardKind, Delivery, Kept, Step, StepKind
from interlock.web.delivery.queries import sums as queries
from interlock.web.institutions import leaving
from interlock.web.institutions.actions import register
from interlock.web.institutions.models import Institution, Kind
from interlock.web.look.refusals import Refused
from interlock.web.people.models import Person
from interlock.web.record.models import Audience, Entry
from tests.staging import staged
from tests.web.delivery.chain import AFTER, DAY, DUE, Chain, new_chain
from tests.world import World

SignIn = Callable[[Person], Client]
YEAR = AFTER.year


@staged
def paid(chain: Chain) -> Chain:
    """The tool library, delivered by the Mill and paid; the night bus granted to the firm."""
    agreement = chain.agree(1_500_000, 2_500_000)
    chain.accept(agreement, "M1")
    chain.pay(agreement, 1_500_000)
    chain.accept(agreement, "M2")
    chain.pay(agreement, 2_500_000, code="M2")
    finishing.finish(delivery=chain.delivery, by=chain.alice, at=AFTER + 10 * DAY)
    chain.refresh()
    return chain


def other(chain: Chain, ref: str) -> Delivery:
    return Delivery.objects.get(project__process=chain.world.process, project__ref=ref)


def page(client: Client, path: str) -> str:
    told = " ".join(client.get(path).content.decode().split())
    return told.replace("> ", ">").replace(" <", "<")


def rows(client: Client, path: str) -> list[dict[str, str]]:
    answer = client.get(path)
    body = b"".join(answer.streaming_content) if answer.streaming else answer.content
    return list(csv.DictReader(io.StringIO(body.decode())))


def test_money_paid_is_told_by_who_got_it(paid: Chain) -> None:
    told = queries.add_up(AFTER + 20 * DAY)
    (money,) = told.money
    assert (money.currency, money.paid, money.to_coops, money.coops_share) == (
        "USD",
        4_000_000,
        4_000_000,
        100,
    )
    assert [(one.kind, one.awards, one.value, one.paid) for one in money.by_kind] == [
        (Kind.WORKER_COOP, 1, 4_000_000, 4_000_000)
    ]
    assert (money.planned, money.spent, money.spent_share) == (4_800_000, 4_000_000, 83)
    assert (told.done, told.due, told.in_time_share) == (1, 0, None)
    assert (told.to_award.number, told.to_payment.days, told.to_done.days) == (1, 10, 20)


def test_payment_taken_back_is_no_payment(paid: Chain) -> None:
    payment = paid.delivery.awards.get().agreement.payments.first()
    assert payment is not None
    paying.reverse(payment=payment, reason="Sent twice.", by=paid.alice, at=AFTER + 11 * DAY)
    (money,) = queries.add_up(AFTER + 20 * DAY).money
    assert (money.paid, money.to_coops) == (2_500_000, 2_500_000)


def test_award_is_told_with_its_change_orders_and_no_more_once_annulled(chain: Chain) -> None:
    agreement = chain.agree(1_500_000, 2_500_000)
    chain.change(agreement, chain.terms(1_500_000, 2_600_000))
    (money,) = queries.add_up(AFTER).money
    assert [(one.kind, one.awards, one.value) for one in money.by_kind] == [
        (Kind.WORKER_COOP, 1, 4_100_000)
    ]
    assert money.awarded == 4_100_000


def test_annulled_award_is_none(chain: Chain) -> None:
    award = chain.award(1_000_000)
    awarding.annul(award=award, reason="The bid was late.", by=chain.alice, at=AFTER)
    (money,) = queries.add_up(AFTER).money
    assert (money.by_kind, money.awarded) == ([], 0)


def test_three_years_after_the_result_it_is_told_whether_it_was_done(paid: Chain) -> None:
    told = queries.add_up(AFTER + 3 * 366 * DAY)
    assert (told.due, told.done_in_time) == (told.deliveries, 1)


def test_process_is_told_by_area_and_year(paid: Chain) -> None:
    told = queries.overview(paid.world.process, AFTER + 20 * DAY)
    line = next(line for line in told.lines if line.delivery.pk == paid.delivery.pk)
    assert (str(line.stage), line.paid, line.is_late) == ("done", 4_000_000, None)
    harbor = next(one for one in told.areas if one.area and one.area.ref == "harbor")
    assert (harbor.done, harbor.awarded, harbor.returned, harbor.paid) == (
        1,
        4_000_000,
        800_000,
        4_000_000,
    )
    assert told.years == [(YEAR, 4_000_000)]
    assert told.whole.number == len(told.lines)


def test_days_late_are_counted_from_the_day_that_was_said_first(paid: Chain) -> None:
    one = Delivery.objects.filter(pk=paid.delivery.pk)
    delivery = one.get()
    assert delivery.done_at
    assert queries.days_late() == {}
    done = timezone.localdate(delivery.done_at, ZoneInfo(paid.world.process.zone))
    one.update(due_on=done - timedelta(days=3))
    assert queries.days_late() == {delivery.pk: 3}
    Step.objects.create(
        delivery=delivery,
        kind=StepKind.DELAYED,
        text="Rain.",
        due_before=done - timedelta(days=10),
        due_after=done - timedelta(days=3),
        at=AFTER,
    )
    assert queries.days_late() == {delivery.pk: 10}
    # Of what is not done there is none.
    assert Delivery.objects.filter(done_at=None).update(due_on=done)
    assert queries.days_late() == {delivery.pk: 10}


def test_late_is_what_was_delayed_or_is_not_done_on_its_day(chain: Chain) -> None:
    def late(days: int = 0) -> bool | None:
        told = queries.overview(chain.world.process, AFTER + days * DAY)
        return next(one for one in told.lines if one.delivery.pk == chain.delivery.pk).is_late

    assert late() is None
    stories.plan(delivery=chain.delivery, plan="Build.", due_on=DUE, by=chain.alice, at=AFTER)
    assert late() is False
    assert late(400) is True
    stories.delay(
        delivery=chain.delivery,
        due_on=DUE + timedelta(days=30),
        reason="The ground is wet.",
        by=chain.alice,
        at=AFTER,
    )
    assert late() is True


# What stayed with their people.


def say(institution: Institution, by: Person, wages: int = 1_000_00, **said: int) -> Kept:
    told = {"patronage": 0, "collective": 0, "year": YEAR, **said}
    return say_kept(institution=institution, currency="USD", wages=wages, by=by, at=AFTER, **told)


def test_what_stayed_is_told_of_three_together_and_of_no_fewer(world: World) -> None:
    chain = new_chain(world=world)
    agreement = chain.agree(1_000_000, 1_000_000, 1_000_000)
    people = [(chain.mill, chain.mia)]
    for place in range(2):
        person = Person.objects.by_email(f"coop{place}@example.org")
        made = register(name=f"Co-op {place}", kind=Kind.WORKER_COOP, at=AFTER, steward=person)
        people.append((made, person))
    for place, (institution, _person) in enumerate(people):
        code = f"M{place + 1}"
        chain.accept(agreement, code)
        suppliers = agreement.award.suppliers
        if institution != chain.mill:
            suppliers.create(institution=institution, position=place)
        planned = paying.plan_payment(
            agreement=agreement,
            kind="milestone",
            amount=1_000_000,
            payee=institution,
            code=code,
            by=chain.alice,
            at=AFTER,
        )
        paying.invoice(payment=planned, number="1", by=_person, at=AFTER)
        paying.approve(payment=planned, by=chain.alice, at=AFTER)
        paying.pay(payment=planned, paid_on=AFTER.date(), by=chain.alice, at=AFTER)
    for number, (institution, person) in enumerate(people, 1):
        say(institution, person, wages=500_000, patronage=200_000, collective=100_000 * number)
        (money,) = queries.add_up(AFTER).money
        # 2,100,000 and 600,000 of 3,000,000
        assert money.kept == (90 if number == 3 else None)


def test_no_amount_of_what_stayed_is_on_the_record(paid: Chain) -> None:
    say(paid.mill, paid.mia)
    entry = Entry.objects.latest("pk")
    assert (entry.act, entry.audience, entry.facts) == (
        "delivery.kept",
        Audience.INSTITUTION,
        {"year": str(YEAR)},
    )


def test_more_than_was_paid_did_not_stay(paid: Chain) -> None:
    with pytest.raises(Refused, match=r"only \$40,000 was paid"):
        say(paid.mill, paid.mia, wages=4_000_001)
    with pytest.raises(Refused, match="No payment to you"):
        say(paid.mill, paid.mia, year=YEAR + 1)


def test_saying_it_again_corrects_it(paid: Chain) -> None:
    say(paid.mill, paid.mia)
    say(paid.mill, paid.mia, wages=2_000_00)
    assert [one.wages for one in Kept.objects.all()] == [2_000_00]
    assert [one["wages"] for one in queries.export(paid.mill)] == [2_000_00]


def test_what_it_said_goes_with_an_institution_that_leaves(paid: Chain) -> None:
    say(paid.mill, paid.mia)
    leaving.announce(institution=paid.mill, by=paid.mia, at=AFTER)
    assert leaving.leave_due(AFTER + 8 * DAY) is True
    (money,) = queries.add_up(AFTER + 9 * DAY).money
    assert (Kept.objects.count(), money.to_coops) == (0, 4_000_000)


@pytest.mark.parametrize(
    ("who", "status"), [("mia", 200), ("dan", 404), ("alice", 404), ("fred", 404), ("", 302)]
)
def test_only_stewards_say_what_stayed(
    paid: Chain, signed_in: SignIn, who: str, status: int
) -> None:
    client = signed_in(getattr(paid, who)) if who else Client()
    for path in ("/delivery/sums/kept/mill/", f"/delivery/sums/kept/mill/{YEAR}/USD/"):
        assert client.get(path).status_code == status
    if who and who != "mia":
        with pytest.raises(Refused) as caught:
            say(paid.mill, getattr(paid, who))
        assert caught.value.status == 403


def test_steward_says_it_on_the_page(paid: Chain, signed_in: SignIn) -> None:
    client = signed_in(paid.mia)
    assert "Say what stayed with the people of Mill" in page(client, "/delivery/sums/")
    path = f"/delivery/sums/kept/mill/{YEAR}/USD/"
    answer = client.post(path, {"wages": "50,000", "patronage": "", "collective": ""})
    assert answer.status_code == 422
    assert "only $40,000 was paid to you" in answer.content.decode()
    answer = client.post(path, {"wages": "30,000", "patronage": "1,000", "collective": ""})
    assert answer.status_code == 302
    assert "You said that<data" in page(client, "/delivery/sums/kept/mill/")
    assert [one.sum for one in Kept.objects.all()] == [3_100_000]
    assert client.get(f"/delivery/sums/kept/mill/{YEAR + 1}/USD/").status_code == 404


# The pages and files.


def test_pages_tell_it(paid: Chain, client: Client) -> None:
    slug = paid.world.process.slug
    assert "<dd>100%</dd>" in page(client, "/delivery/sums/")
    assert "<dd>100%</dd>" in page(client, f"/delivery/sums/?process={slug}")
    told = page(client, f"/delivery/{slug}/sums/")
    assert "Harbor" in told
    assert "of 3 projects are done" in told or "of 2 projects are done" in told


def test_empty_pages_teach_the_first_step(world: World, client: Client) -> None:
    assert "No funded project is on record yet." in page(client, "/delivery/sums/")
    world.open()
    assert "not published yet" in page(client, f"/delivery/{world.process.slug}/sums/")
    assert client.get("/delivery/nowhere/sums/").status_code == 404


def test_process_that_funded_nothing_teaches_the_first_step(world: World, client: Client) -> None:
    world.open().close().count().publish()
    slug = world.process.slug
    assert "Nothing is on record here yet" in page(client, f"/delivery/{slug}/sums/")
    answer = client.get(f"/delivery/{slug}/ocds.json")
    assert (answer.status_code, "with one button" in answer.content.decode()) == (404, True)


def test_tables_tell_the_same(paid: Chain, client: Client) -> None:
    slug = paid.world.process.slug
    told = {row["project"]: row for row in rows(client, f"/delivery/{slug}/projects.csv")}
    assert (told["3"]["stage"], told["3"]["paid"], told["3"]["returned"]) == (
        "done",
        "40000",
        "8000",
    )
    sums = {(row["measure"], row["kind"]): row for row in rows(client, "/delivery/sums.csv")}
    assert sums["paid_by_kind", "worker_coop"]["amount"] == "40000"
    assert sums["done", ""]["number"] == "1"
    (year,) = rows(client, "/delivery/coop-contracts.csv?begins=1")
    assert (year["contracts_to_worker_coops"], year["paid_to_worker_coops"]) == ("1", "40000")
    assert client.get("/delivery/coop-contracts.csv?begins=13").status_code == 400


def test_grants_are_in_their_own_file_and_in_no_report_of_contracts(
    chain: Chain, client: Client
) -> None:
    chain.award(kind=AwardKind.GRANT)
    (row,) = rows(client, f"/delivery/{chain.world.process.slug}/grants.csv")
    assert (row["Amount Awarded"], row["Recipient Org:0:Name"], row["Funding Org:0:Name"]) == (
        "48000",
        "Mill",
        "City of Riverbend",
    )
    assert rows(client, "/delivery/coop-contracts.csv") == []


def test_packages_keep_the_sums_of_the_postings(paid: Chain, client: Client) -> None:
    payment = paid.delivery.awards.get().agreement.payments.first()
    assert payment is not None
    paying.reverse(payment=payment, reason="Sent twice.", by=paid.alice, at=AFTER + 11 * DAY)
    (money,) = queries.add_up(AFTER + 20 * DAY).money
    for name in ("ocds", "records"):
        answer = client.get(f"/delivery/{paid.world.process.slug}/{name}.json")
        (told,) = ocds.read(b"".join(answer.streaming_content))
        assert (told.budgeted, told.awarded, told.contracted, told.paid) == (
            money.funded,
            money.awarded,
            4_000_000,
            money.paid,
        )
        assert dict(told.paid_to) == {"ocds-000000-mill": money.paid}


def test_pots_of_a_package_add_up_to_the_cost(paid: Chain) -> None:
    for one in exporting.contractings(paid.world.process):
        assert sum(pot.amount for pot in one.pots) == one.cost


def asked(client: Client, path: str) -> int:
    with CaptureQueriesContext(connection) as found:
        answer = client.get(path)
        if answer.streaming:
            b"".join(answer.streaming_content)
    assert answer.status_code == 200
    return len(found)


@pytest.mark.parametrize(
    ("path", "most"),
    [
        ("/delivery/sums/", 8),
        ("/delivery/sums.csv", 8),
        ("/delivery/sums/?process={slug}", 8),
        ("/delivery/{slug}/sums/", 8),
        ("/delivery/{slug}/projects.csv", 8),
        ("/delivery/{slug}/grants.csv", 8),
        ("/delivery/coop-contracts.csv", 8),
        ("/delivery/{slug}/ocds.json", 18),
        ("/delivery/{slug}/records.json", 18),
    ],
)
def test_database_is_asked_as_often_for_three_as_for_one(
    paid: Chain, client: Client, path: str, most: int
) -> None:
    path = path.format(slug=paid.world.process.slug)
    asked(client, path)
    before = asked(client, path)
    for delivery in Delivery.objects.exclude(pk=paid.delivery.pk):
        more = Chain(paid.world, delivery, paid.mill, paid.mia, paid.dan, paid.firm, paid.fred)
        more.refresh()
        agreement = more.agree(1_000_000)
        more.accept(agreement)
        more.pay(agreement, 1_000_000)
    after = asked(client, path)
    assert (after, after <= most) == (before, True), after
