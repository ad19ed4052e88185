"""Rounds of Spokes' own PB: money in a commons pot, and the verbs of a round by the people who do them."""

from datetime import date, timedelta

from interlock.web.budgets.counting import count_process
from interlock.web.budgets.queries import processes
from interlock.web.coops.actions import accounts
from interlock.web.coops.actions import rounds as actions
from interlock.web.coops.models import Account, AccountKind, Round, TransferKind
from tests.web.coops.guild import Guild
from tests.world import CLOSE, START

RECORD = date(2027, 5, 1)
ENDED = CLOSE + timedelta(minutes=1)


def pot(guild: Guild, amount: int = 100_000) -> Account:
    """A commons pot with so much in it."""
    bank = accounts.account(coop=guild.coop, kind=AccountKind.BANK)
    made = accounts.account(coop=guild.coop, kind=AccountKind.COMMONS, name="Commons pot")
    accounts.transfer(
        coop=guild.coop,
        kind=TransferKind.OPENING,
        debit=bank,
        credit=made,
        amount=amount,
        on=RECORD,
        by=guild.ana,
        at=START,
    )
    return made


def begun(guild: Guild, *, is_pledged: bool = False, amount: int = 90_000) -> Round:
    """Ana begins a round of 900 dollars; Eva and Ana add a project each."""
    made = actions.begin_round(
        coop=guild.coop,
        source=pot(guild),
        amount=amount,
        title="What shall we do with it?",
        is_pledged=is_pledged,
        by=guild.ana,
        at=START,
    )
    for by, title, minimum in ((guild.eva, "Espresso", 40_000), (guild.ana, "Bike stands", 70_000)):
        actions.put_project(round=made, title=title, minimum=minimum, by=by, at=START)
    return made


def opened(held: Round, guild: Guild, given: dict[int, int] | None = None) -> Round:
    return actions.open_round(
        round=held, record_on=RECORD, closes_at=CLOSE, by=guild.ana, at=START, given=given
    )


def counted(held: Round) -> Round:
    """Closed and counted by the worker, and not published."""
    from interlock.web.budgets.actions import close_if_due

    process = close_if_due(process=processes().get(pk=held.process_id), at=CLOSE)
    count_process(process=process, at=ENDED)
    return Round.objects.get(pk=held.pk)
