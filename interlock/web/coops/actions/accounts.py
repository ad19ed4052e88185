"""The verbs of the accounts. Every amount goes from one account to another; the database adds up."""

from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from datetime import date, datetime

from django.db import IntegrityError, transaction
from django.utils.translation import gettext as _

from interlock.web.coops.actions.noting import books_kept_by, hold_coop
from interlock.web.coops.models import Account, AccountKind, Coop, Member, Transfer, TransferKind
from interlock.web.coops.models.years import Year
from interlock.web.coops.rules.accounts import why_not_reverse
from interlock.web.look.amounts import money
from interlock.web.look.refusals import Refused
from interlock.web.people.models import Person


def account(
    *,
    coop: Coop,
    kind: AccountKind,
    member: Member | None = None,
    year: int | None = None,
    name: str = "",
    is_qualified: bool = True,
    due_on: date | None = None,
) -> Account:
    """The one account of this sort, opened where there is none yet.

    A member's contribution, payables and notices of a year are told by `member` (and `year`), funds,
    commons pots and rounds by `name`; the bank and the result need no more than their kind.
    """
    wanted = Account.of(kind, member, year, name, is_qualified=is_qualified, due_on=due_on)
    return opened(coop, [wanted])[wanted.ref]


def opened(coop: Coop, wanted: Iterable[Account]) -> dict[str, Account]:
    """These accounts by their `ref`; those that are not there yet are opened."""
    by_ref = {one.ref: one for one in wanted}
    mine = Account.objects.filter(coop=coop, ref__in=by_ref).select_related("member")
    found = {one.ref: one for one in mine}
    if missing := [one for ref, one in by_ref.items() if ref not in found]:
        for one in missing:
            one.coop = coop
        Account.objects.bulk_create(missing, ignore_conflicts=True)
        found = {one.ref: one for one in mine.all()}
    return found


@transaction.atomic
def transfer(
    *,
    coop: Coop,
    kind: TransferKind,
    debit: Account,
    credit: Account,
    amount: int,
    on: date,
    by: Person | None,
    at: datetime,
    year: Year | None = None,
    why: str = "",
) -> Transfer:
    """Take an amount from one account, and give it to the other.

    Refused where the first has not that much, and must not go below 0.
    """
    hold_coop(coop)
    return _post(
        Transfer(
            coop=coop,
            kind=kind,
            debit=debit,
            credit=credit,
            amount=amount,
            on=on,
            year=year,
            why=why,
            at=at,
            by=by,
        )
    )


@transaction.atomic
def reverse(*, transfer: Transfer, on: date, by: Person, at: datetime, why: str) -> Transfer:
    """Undo a transfer by the same amount the other way round; both stay to be seen."""
    coop = books_kept_by(transfer.coop, by, at)
    if not why.strip():
        raise Refused(_("Say why it is reversed."), status=422)
    stored = Transfer.objects.select_related("debit", "credit").get(pk=transfer.pk)
    if refusal := why_not_reverse(stored):
        raise Refused(*refusal)
    if Transfer.objects.filter(reverses=stored).exists():
        raise Refused(_("This was reversed before."), _("Nothing more is to be done."))
    return _post(
        Transfer(
            coop=coop,
            kind=TransferKind.REVERSAL,
            debit=stored.credit,
            credit=stored.debit,
            amount=stored.amount,
            on=on,
            year=stored.year,
            reverses=stored,
            why=why,
            at=at,
            by=by,
        )
    )


def _post(made: Transfer) -> Transfer:
    if made.amount <= 0:
        raise Refused(_("The amount must be more than 0."), status=422)
    with overdrawn(made.coop, _("Enter at most that much, or put more into it first."), made.debit):
        made.save(force_insert=True)
    return made


@contextmanager
def overdrawn(coop: Coop, remedy: str, account: Account | None = None) -> Iterator[None]:
    """Say in words that an account has not as much as is taken from it."""
    try:
        with transaction.atomic():
            yield
    except IntegrityError as error:
        if "account_is_not_overdrawn" not in str(error):
            raise
        if account is None:
            raise Refused(_("An account would go below 0."), remedy) from error
        stored = Account.objects.get(pk=account.pk)
        raise Refused(
            _("“%(account)s” has only %(balance)s.")
            % {
                "account": stored.name or stored.get_kind_display(),
                "balance": money(stored.balance, coop.currency),
            },
            remedy,
        ) from error
