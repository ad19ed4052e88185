"""The accounts as pages show them: a line a member, one's own, what is owed, opening balances."""

from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import date

from django.db.models import Count, F, Q, QuerySet, Sum
from django.utils.translation import gettext as _

from interlock.methods.surplus import Closed
from interlock.methods.surplus.accounts import Notice, Slip, redemption, worksheet
from interlock.web.coops import reading
from interlock.web.coops.models import (
    Account,
    AccountKind,
    Coop,
    Instalment,
    Member,
    Transfer,
    TransferKind,
    Year,
)
from interlock.web.coops.queries.hours import Register
from interlock.web.coops.rules import years

COLUMNS = {
    "member": ("number", "name", "miembro", "socio", "socia", "número", "nombre"),
    "contribution": ("paid in", "buy-in", "aportación", "aporte"),
    "year": ("notice year", "año"),
    "notice": ("notices", "allocation", "notificación", "excedente"),
}
COMMON = (AccountKind.COLLECTIVE, AccountKind.FUND, AccountKind.COMMONS)


def of_members(coop: Coop) -> QuerySet[Member]:
    """The members with what each has: paid in, notices, to be paid out, owed since they left."""

    def sum_of(kind: AccountKind) -> Sum:
        return Sum("accounts__balance", filter=Q(accounts__kind=kind), default=0)

    return (
        coop.members.annotate(
            contribution=sum_of(AccountKind.CONTRIBUTION),
            notices=sum_of(AccountKind.NOTICE),
            payable=sum_of(AccountKind.PAYABLE),
            debt=sum_of(AccountKind.DEBT),
        )
        .annotate(whole=F("contribution") + F("notices") + F("payable") + F("debt"))
        .order_by("name", "pk")
    )


def totals(coop: Coop) -> dict[str, int]:
    """The sum of each kind of account."""
    found = Account.objects.filter(coop=coop).values("kind").annotate(sum=Sum("balance"))
    return {kind: 0 for kind in AccountKind.values} | {
        one["kind"]: one["sum"] for one in found.order_by("kind")
    }


def totals_told(coop: Coop, reader: Member | None) -> dict[str, int | None]:
    """The same for who does not keep the money: what only one other has is theirs, and is not told."""
    others = Q(member__isnull=False) & ~Q(balance=0)
    if reader is not None:
        others &= ~Q(member=reader)
    people = Count("member", distinct=True, filter=others)
    found = Account.objects.filter(coop=coop).order_by().values("kind").annotate(people=people)
    alone = {one["kind"] for one in found if one["people"] == 1}
    return {kind: None if kind in alone else sum for kind, sum in totals(coop).items()}


def common(coop: Coop) -> QuerySet[Account]:
    """What is held in common."""
    return Account.objects.filter(coop=coop, kind__in=COMMON).order_by("kind", "name")


def given_to_commons(coop: Coop) -> int:
    """What the years that stand put into commons pots."""
    found = Transfer.objects.filter(
        coop=coop, kind=TransferKind.CLOSE, credit__kind=AccountKind.COMMONS, reversed_by=None
    )
    return found.aggregate(sum=Sum("amount"))["sum"] or 0


def of_member(member: Member) -> QuerySet[Account]:
    return member.accounts.order_by("kind", "year", "pk")


def history(member: Member) -> QuerySet[Transfer]:
    """All that came into a member's accounts or left them, the latest first."""
    mine = Q(debit__member=member) | Q(credit__member=member)
    found = Transfer.objects.filter(mine).select_related("debit", "credit", "year")
    return found.order_by("-on", "-pk")


def outstanding(coop: Coop) -> list[Account]:
    """Notices that are still owed, the oldest first."""
    found = coop.accounts.filter(kind=AccountKind.NOTICE, balance__gt=0)
    return list(found.select_related("member").order_by("year", "member__number", "pk"))


def redeemed(coop: Coop, cash: int) -> list[tuple[Account, int]]:
    """What each notice is repaid of so much cash."""
    owed = {f"{one.pk:012}": one for one in outstanding(coop)}
    notices = [Notice(key, one.year or 0, one.balance) for key, one in owed.items()]
    return [(owed[one.notice.member], one.paid) for one in redemption(notices, cash)]


def interest_of_year(coop: Coop, day: date) -> dict[int | None, int]:
    """What each member got as interest in the co-op's year that a day lies in, by their keys."""
    number = years.number_on(coop, day)
    found = Transfer.objects.filter(
        coop=coop,
        kind=TransferKind.INTEREST,
        reversed_by=None,
        on__range=(years.begins_on(coop, number), years.ends_on(coop, number)),
    )
    return dict(found.order_by().values_list("credit__member").annotate(sum=Sum("amount")))


def called(account: Account) -> str:
    """An account as a line of a journal names it, with whose it is."""
    told = [account.get_kind_display(), str(account.year or ""), account.name]
    if account.member:
        told += [account.member.number, account.member.name]
    return " ".join(filter(None, told))


def slips(year: Year, closed: Closed) -> Sequence[Slip]:
    """Whom a Form 1099-PATR is due for the year, by number; its box 5 is of the calendar year of payment.

    That is when the year was posted; a draft's is the year after its end.
    """
    paid_in = year.posted_at.year if year.posted_at else year.ends_on.year + 1
    redeemed = (
        Transfer.objects.filter(
            coop=year.coop,
            kind=TransferKind.REDEMPTION,
            debit__is_qualified=False,
            on__year=paid_in,
            reversed_by=None,
        )
        .values("debit__member__number")
        .annotate(sum=Sum("amount"))
        .order_by("debit__member__number")
    )
    return worksheet(closed, {one["debit__member__number"]: one["sum"] for one in redeemed})


@dataclass
class Opening:
    """A line of opening balances, and the account that it opens."""

    line: int
    who: str
    what: str = ""
    amount: int = 0
    account: Account | None = None
    is_there: bool = False
    why: str = ""


@dataclass
class Looked:
    """Opening balances looked over."""

    entries: list[Opening] = field(default_factory=list)

    @property
    def wrong(self) -> Sequence[Opening]:
        return [one for one in self.entries if one.why]

    @property
    def new(self) -> Sequence[Opening]:
        return [one for one in self.entries if not one.why and not one.is_there and one.amount]

    @property
    def total(self) -> int:
        return sum(one.amount for one in self.entries)


def look_over(coop: Coop, data: bytes) -> Looked:
    """What would become of each line. Raises `reading.Unreadable` for what is no list of balances."""
    register, looked = Register(coop), Looked()
    openings = Transfer.objects.filter(coop=coop, kind=TransferKind.OPENING, reversed_by=None)
    there = dict(openings.values_list("credit__ref", "amount"))
    seen = set[str]()
    for line in reading.lines(data, COLUMNS, ("member",)):
        entries = list(_entries(coop, register, line))
        for one in entries:
            ref = one.account.ref if one.account else ""
            if ref and ref in seen:
                one.why = _("This is in the list before. Add it up.")
            elif ref in there:
                one.is_there = there[ref] == one.amount
                if not one.is_there:
                    one.why = _("Another opening balance was entered before. Reverse it first.")
            seen.add(ref)
        looked.entries += entries
    return looked


def _entries(coop: Coop, register: Register, line: reading.Line) -> Sequence[Opening]:
    who = line.cells.get("member", "")
    try:
        member = register.find(who)
        paid = reading.amount(line.cells.get("contribution") or "0", coop.currency)
        notice = reading.amount(line.cells.get("notice") or "0", coop.currency)
        year = line.cells.get("year", "")
        if notice and not (year.isdecimal() and len(year) == 4):
            raise reading.Unreadable(_("Say of which year the notice is: 2024."))
    except reading.Unreadable as error:
        return [Opening(line.number, who, why=str(error))]
    found = []
    if paid:
        kept = Account.of(AccountKind.CONTRIBUTION, member)
        found.append(Opening(line.number, member.name, _("Paid in"), paid, kept))
    if notice:
        kept = Account.of(AccountKind.NOTICE, member, int(year))
        told = _("Notice of %(year)s") % {"year": year}
        found.append(Opening(line.number, member.name, told, notice, kept))
    return found


def still_to_pay(member: Member, paid_in: int) -> list[tuple[Instalment, int]]:
    """The instalments that what was paid in does not cover yet, each with what is left of it."""
    found = []
    for one in member.instalments.all():
        left = max(0, one.amount - paid_in)
        paid_in = max(0, paid_in - one.amount)
        if left:
            found.append((one, left))
    return found
