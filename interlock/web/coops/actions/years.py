"""The verbs of a year: begun, worked on, put to the members, posted, reversed. Posting twice posts once."""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import datetime
from decimal import Decimal

from django.db import transaction
from django.utils.translation import gettext as _

from interlock.methods.surplus import Closed, SurplusError
from interlock.methods.surplus.policy import COMMONS, EDUCATION, SOLIDARITY
from interlock.web.coops.actions.accounts import opened, overdrawn
from interlock.web.coops.actions.decisions import draft_decision
from interlock.web.coops.actions.noting import books_kept_by, note
from interlock.web.coops.models import (
    Account,
    AccountKind,
    Coop,
    DecisionForm,
    Member,
    Policy,
    Revenue,
    Share,
    Transfer,
    TransferKind,
    Year,
)
from interlock.web.coops.queries import years as queries
from interlock.web.coops.rules import years as rules
from interlock.web.coops.rules.access import today
from interlock.web.coops.telling import told_fault
from interlock.web.delivery.models import Receipt
from interlock.web.look.amounts import calendar_day
from interlock.web.look.refusals import Refused
from interlock.web.people.models import Person
from interlock.web.record.chain import digest

ENTRIES = 1_000  # transfers in one statement


@transaction.atomic
def begin_year(*, coop: Coop, number: int, by: Person, at: datetime) -> Year:
    """Begin to work on a year: its days follow from the co-op, its policy is the one in force then."""
    held = books_kept_by(coop, by, at)
    if found := queries.years(held).filter(number=number).first():
        return found
    if not 1 <= number <= rules.number_on(held, today(held, at)):
        raise Refused(_("This year has not begun yet."), status=422)
    begins_on = rules.begins_on(held, number)
    adopted = held.policies.filter(adopted_on__lte=begins_on).order_by("adopted_on", "number")
    return Year.objects.create(
        coop=held,
        number=number,
        begins_on=begins_on,
        ends_on=rules.ends_on(held, number),
        policy=adopted.last() or held.policies.last(),
        begun_at=at,
    )


@transaction.atomic
def work_on_year(
    *,
    year: Year,
    by: Person,
    at: datetime,
    net: int,
    policy: Policy,
    nonpatronage: int = 0,
    nonmember_hours: Decimal = Decimal(0),
    discretionary_for: str = "",
    receipts: Iterable[Receipt] = (),
) -> Year:
    """Say what the year earned, and by which policy it is divided; cite payments as its revenue."""
    held = _held(year, by, at)
    if reason := rules.why_not_change(held):
        raise Refused(reason)
    held.net, held.nonpatronage, held.policy = net, nonpatronage, policy
    held.nonmember_hours = nonmember_hours
    held.discretionary_for = discretionary_for
    held.save()
    offered = set(queries.to_cite(held).values_list("pk", flat=True))
    wanted = [one for one in receipts if one.pk in offered]
    held.revenue.all().delete()
    Revenue.objects.bulk_create(Revenue(year=held, receipt=one) for one in wanted)
    return held


@transaction.atomic
def put_to_members(*, year: Year, by: Person, at: datetime) -> Year:
    """Ask the members to approve the year as it is now: a decision about its SHA-256."""
    held = _held(year, by, at)
    if reason := rules.why_not_put(held):
        raise Refused(reason, status=422)
    told = queries.given(held)
    _closed(told)
    held.given, held.sha256 = told, digest(told)
    held.decision = draft_decision(
        coop=held.coop,
        kind="ordinary",
        form=DecisionForm.PROPOSAL,
        title=_("Approve the year %(begins)s to %(ends)s")
        % {"begins": calendar_day(held.begins_on), "ends": calendar_day(held.ends_on)},
        text=_(
            "The year is closed as its draft shows, with this SHA-256: %(sha256)s. Once approved it "
            "is posted to the accounts, and corrected only by entries that reverse it."
        )
        % {"sha256": held.sha256},
        by=by,
        at=at,
    )
    held.save()
    note("year_put", held.coop, at, by, year=str(held))
    return held


@transaction.atomic
def take_back(*, year: Year, by: Person, at: datetime) -> Year:
    """Work on a year again that the members did not approve, or were not asked about yet."""
    held = _held(year, by, at)
    if reason := rules.why_not_take_back(held):
        raise Refused(reason)
    held.decision, held.given, held.sha256 = None, None, ""
    held.save()
    return held


@transaction.atomic
def post_year(*, year: Year, by: Person, at: datetime) -> Year:
    """Post what the members approved: each share, and every entry that follows. Once."""
    held = _held(year, by, at)
    if held.posted_at and not held.reversed_at:
        return held
    on = today(held.coop, at)
    if reason := rules.why_not_post(held, queries.members_on(held.coop, on)):
        raise Refused(reason)
    if held.given is None:
        held.given = queries.given(held)
        held.sha256 = digest(held.given)
    closed = _closed(held.given)
    members = {one.number: one for one in held.coop.members.all()}
    Share.objects.bulk_create(_shares(held, closed, members))
    held.result = closed.to_json()
    held.posted_at, held.posted_by = at, by
    held.save()
    _enter(held, _entries(held, closed, members), by, at)
    note("year_posted", held.coop, at, by, year=str(held), sha256=held.sha256)
    return held


@transaction.atomic
def reverse_year(*, year: Year, by: Person, at: datetime, why: str) -> Year:
    """Undo a posted year by the opposite of each entry, and begin its next version as a draft."""
    held = _held(year, by, at)
    if reason := rules.why_not_reverse(held):
        raise Refused(reason)
    if not why.strip():
        raise Refused(_("Say what was wrong, and who found it."), status=422)
    on = today(held.coop, at)
    # The last first; what came from a fund has to be there again.
    entries = held.transfers.filter(reverses=None, reversed_by=None).order_by("-pk")
    with overdrawn(
        held.coop,
        _("What the year gave to a fund was spent since. Have it given back first."),
    ):
        Transfer.objects.bulk_create(
            [
                Transfer(
                    coop=held.coop,
                    kind=TransferKind.REVERSAL,
                    debit_id=one.credit_id,
                    credit_id=one.debit_id,
                    amount=one.amount,
                    on=on,
                    year=held,
                    reverses=one,
                    why=why[:300],
                    at=at,
                    by=by,
                )
                for one in entries
            ],
            batch_size=ENTRIES,
        )
    held.reversed_at, held.reversed_for = at, why
    held.save()
    draft = Year.objects.create(
        coop=held.coop,
        number=held.number,
        version=held.version + 1,
        begins_on=held.begins_on,
        ends_on=held.ends_on,
        net=held.net,
        nonpatronage=held.nonpatronage,
        nonmember_hours=held.nonmember_hours,
        policy=held.policy,
        discretionary_for=held.discretionary_for,
        begun_at=at,
    )
    Revenue.objects.bulk_create(
        Revenue(year=draft, receipt_id=one.receipt_id) for one in held.revenue.all()
    )
    note("year_reversed", held.coop, at, by, year=str(held))
    return draft


# What a closed year means for the accounts


@dataclass(frozen=True)
class _Entry:
    """An amount from one account to another (the other way round below 0), before they are opened."""

    debit: Account
    credit: Account
    amount: int
    why: str = ""

    @property
    def way(self) -> tuple[str, str]:
        refs = self.debit.ref, self.credit.ref
        return refs if self.amount > 0 else (refs[1], refs[0])


def _entries(year: Year, closed: Closed, members: dict[str, Member]) -> Iterator[_Entry]:
    """What the year earned comes into the result, and goes from there to whom it belongs."""
    bank, result = Account.of(AccountKind.BANK), Account.of(AccountKind.RESULT)
    accrued = Account.objects.filter(coop=year.coop, ref=result.ref).values_list(
        "balance", flat=True
    )
    # Interest that members were promised in the year is taken from the result before.
    before = accrued.first() or 0
    yield _Entry(bank, result, closed.year.net - before, _("What the year earned"))
    for name, amount in closed.funds.items():
        yield _Entry(result, _fund(name, closed), amount)
    if closed.carried:
        fund = _fund(closed.year.policy.bearing, closed)
        yield _Entry(result, fund, closed.carried, _("Loss carried forward"))
    owed = _notices(year) if closed.year.net < 0 else {}
    for share in closed.members:
        member = members[share.worker.id]
        payable = Account.of(AccountKind.PAYABLE, member)
        yield _Entry(result, payable, share.cash)
        if share.account >= 0:
            qualified = closed.year.policy.is_qualified
            notice = Account.of(
                AccountKind.NOTICE, member, year.ends_on.year, is_qualified=qualified
            )
            yield _Entry(result, notice, share.account)
            continue
        left = -share.account
        for account in owed.get(member.pk, ()):
            taken = min(left, account.balance)
            left -= taken
            yield _Entry(account, result, taken, _("Share of the loss"))
        yield _Entry(
            Account.of(AccountKind.CONTRIBUTION, member), result, left, _("Share of the loss")
        )


def _fund(name: str, closed: Closed) -> Account:
    kinds = {one.fund: one.kind for one in closed.year.policy.slices}
    kind = {
        COMMONS: AccountKind.COMMONS,
        EDUCATION: AccountKind.FUND,
        SOLIDARITY: AccountKind.FUND,
    }.get(kinds[name], AccountKind.COLLECTIVE)
    return Account.of(kind, name=name[:60])


def _notices(year: Year) -> dict[int, list[Account]]:
    """What members are owed by notices, the oldest first."""
    found: dict[int, list[Account]] = {}
    for one in year.coop.accounts.filter(kind=AccountKind.NOTICE, balance__gt=0).order_by(
        "year", "pk"
    ):
        assert one.member_id
        found.setdefault(one.member_id, []).append(one)
    return found


def _enter(year: Year, entries: Iterable[_Entry], by: Person, at: datetime) -> None:
    moving = [one for one in entries if one.amount]
    accounts = opened(year.coop, [one for entry in moving for one in (entry.debit, entry.credit)])
    with overdrawn(year.coop, _("A fund has less than its share of the loss.")):
        Transfer.objects.bulk_create(
            [
                Transfer(
                    coop=year.coop,
                    kind=TransferKind.CLOSE,
                    debit=accounts[one.way[0]],
                    credit=accounts[one.way[1]],
                    amount=abs(one.amount),
                    on=year.ends_on,
                    year=year,
                    why=one.why,
                    at=at,
                    by=by,
                )
                for one in moving
            ],
            batch_size=ENTRIES,
        )


def _shares(year: Year, closed: Closed, members: dict[str, Member]) -> Iterator[Share]:
    for share in closed.members:
        yield Share(
            year=year,
            member=members[share.worker.id],
            hours=Decimal(share.worker.hours.numerator) / share.worker.hours.denominator,
            wages=share.worker.wages,
            allocation=share.allocation,
            cash=share.cash,
            notice=share.account,
        )


def _closed(told: dict[str, object]) -> Closed:
    try:
        return queries.read(told)
    except SurplusError as error:
        raise Refused(told_fault(error.faults[0]), status=422) from None


def _held(year: Year, by: Person, at: datetime) -> Year:
    """The year as it is now; nobody else works on the co-op's money until the transaction ends."""
    coop = books_kept_by(year.coop, by, at)
    held = Year.objects.select_related("policy", "decision").get(pk=year.pk)
    held.coop = coop
    return held
