"""Rounds of Spokes' own PB: money in a commons pot, and the verbs of a round by the people who do them."""

from datetime import datetime, timedelta

from interlock.web.budgets.actions import close_if_due
from interlock.web.budgets.counting import count_process
from interlock.web.budgets.queries import processes
from interlock.web.coops.actions import accounts
from interlock.web.coops.actions import rounds as actions
from interlock.web.coops.models import Account, AccountKind, Round, TransferKind
from tests.web.coops.guild import Guild
from tests.world import CLOSE, START, both

RECORD = START.date() - timedelta(days=2)
ENDED = CLOSE + timedelta(minutes=1)


def pot(guild: Guild, amount: int = 100_000, *, at: datetime = START) -> Account:
    """A commons pot with so much in it."""
    made = accounts.account(coop=guild.coop, kind=AccountKind.COMMONS, name="Commons pot")
    accounts.transfer(
        coop=guild.coop,
        kind=TransferKind.OPENING,
        debit=accounts.account(coop=guild.coop, kind=AccountKind.BANK),
        credit=made,
        amount=amount,
        on=at.date(),
        by=guild.ana,
        at=at,
    )
    return made


def begun(
    guild: Guild, *, is_pledged: bool = False, amount: int = 90_000, at: datetime = START
) -> Round:
    """Ana begins a round of 900 dollars; Eva and Ana add a project each."""
    made = actions.begin_round(
        coop=guild.coop,
        source=pot(guild, at=at),
        amount=amount,
        title=both("What shall we do with it?", "¿Qué hacemos con esto?"),
        is_pledged=is_pledged,
        by=guild.ana,
        at=at,
    )
    espresso, stands = both("Espresso", "Café exprés"), both("Bike stands", "Estantes")
    for by, title, minimum in ((guild.eva, espresso, 40_000), (guild.ana, stands, 70_000)):
        actions.put_project(round=made, title=title, minimum=minimum, by=by, at=at)
    return made


def opened(
    held: Round,
    guild: Guild,
    given: dict[int, int] | None = None,
    *,
    at: datetime = START,
    closes_at: datetime = CLOSE,
) -> Round:
    return actions.open_round(
        round=held,
        record_on=at.date() - timedelta(days=2),
        closes_at=closes_at,
        by=guild.ana,
        at=at,
        given=given,
    )


def counted(held: Round, *, at: datetime = CLOSE) -> Round:
    """Closed and counted by the worker, and not published."""
    process = close_if_due(process=processes().get(pk=held.process_id), at=at)
    count_process(process=process, at=at + timedelta(minutes=1))
    return Round.objects.get(pk=held.pk)
