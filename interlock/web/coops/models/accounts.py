"""What a co-op owes its members and holds in common: accounts, and the transfers between them."""

from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _

from interlock.web.coops.models.members import Coop, Member
from interlock.web.coops.models.years import Year
from interlock.web.people.models import Person


class AccountKind(models.TextChoices):
    """What an account is. All but the first two are what the co-op owes, or holds in common.

    A balance is credit less debit, so what lies in the bank is below 0. Payables and notices go below 0
    by a reversal only: what was paid out by mistake and is to come back.
    """

    BANK = "bank", _("Bank: money in and out")
    RESULT = "result", _("Result of the years")
    CONTRIBUTION = "contribution", _("Paid-in contribution")
    NOTICE = "notice", _("Written notice of a year")
    PAYABLE = "payable", _("To be paid out")
    DEBT = "debt", _("Owed to somebody who left")
    COLLECTIVE = "collective", _("Collective account")
    FUND = "fund", _("Fund")
    COMMONS = "commons", _("Commons pot")
    ROUND = "round", _("Given to a round")


class Account(models.Model):
    """One account. `balance` is the sum of its transfers (credit less debit), kept by the database.

    `ref` is what there is one of: `bank`, `fund/education`, `contribution/17`, `notice/17/3` …
    """

    coop = models.ForeignKey(Coop, on_delete=models.PROTECT, related_name="accounts")
    ref = models.CharField(max_length=80)
    kind = models.CharField(max_length=14, choices=AccountKind)
    member = models.ForeignKey(
        Member, null=True, blank=True, on_delete=models.PROTECT, related_name="accounts"
    )
    #: The year of a notice, as the co-op counts; those of before it came here have one too.
    year = models.PositiveIntegerField(null=True, blank=True)
    name = models.CharField(max_length=60, blank=True)
    is_qualified = models.BooleanField(default=True)
    #: By when what is owed to somebody who left is to be repaid.
    due_on = models.DateField(null=True, blank=True)
    balance = models.BigIntegerField(default=0, editable=False)

    class Meta:
        ordering = ["kind", "year", "pk"]
        constraints = [
            models.UniqueConstraint(fields=["coop", "ref"], name="one_account_of_a_sort"),
            models.CheckConstraint(
                condition=~Q(kind__in=["fund", "commons", "round", "debt"]) | Q(balance__gte=0),
                name="account_is_not_overdrawn",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.kind} {self.name}".strip()


class TransferKind(models.TextChoices):
    OPENING = "opening", _("Opening balance")
    BUY_IN = "buy_in", _("Buy-in")
    CLOSE = "close", _("Year close")
    REDEMPTION = "redemption", _("Redemption")
    PAYOUT = "payout", _("Paid out")
    INTEREST = "interest", _("Interest")
    LEAVING = "leaving", _("Leaving")
    ROUND = "round", _("Round of our own PB")
    REVERSAL = "reversal", _("Reversal")


class Transfer(models.Model):
    """An amount from one account to another: both sides of a double entry in one row. Only ever added.

    A mistake is undone by its reversal, the same amount the other way round.
    """

    coop = models.ForeignKey(Coop, on_delete=models.PROTECT, related_name="transfers")
    kind = models.CharField(max_length=10, choices=TransferKind)
    debit = models.ForeignKey(Account, on_delete=models.PROTECT, related_name="debits")
    credit = models.ForeignKey(Account, on_delete=models.PROTECT, related_name="credits")
    amount = models.BigIntegerField()
    on = models.DateField()
    year = models.ForeignKey(Year, null=True, on_delete=models.PROTECT, related_name="transfers")
    reverses = models.OneToOneField(
        "self", null=True, on_delete=models.PROTECT, related_name="reversed_by"
    )
    why = models.CharField(max_length=300, blank=True)
    at = models.DateTimeField()
    by = models.ForeignKey(Person, null=True, on_delete=models.SET_NULL, related_name="+")

    class Meta:
        ordering = ["at", "pk"]
        constraints = [
            models.CheckConstraint(condition=Q(amount__gt=0), name="transfer_moves_something"),
            models.CheckConstraint(
                condition=~Q(debit=F("credit")), name="transfer_goes_somewhere_else"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.amount} {self.kind}"


class Instalment(models.Model):
    """A part of a buy-in, and by when it is to be paid. What was paid is in the accounts."""

    member = models.ForeignKey(Member, on_delete=models.CASCADE, related_name="instalments")
    due_on = models.DateField(_("due on"))
    amount = models.BigIntegerField(_("amount"))

    class Meta:
        ordering = ["due_on", "pk"]
        constraints = [
            models.UniqueConstraint(fields=["member", "due_on"], name="one_instalment_a_day"),
            models.CheckConstraint(condition=Q(amount__gt=0), name="instalment_is_of_something"),
        ]

    def __str__(self) -> str:
        return f"{self.amount} on {self.due_on}"
