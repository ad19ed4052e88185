"""Every verb asks by itself who does it, whatever the page before it has asked."""

from collections.abc import Callable
from datetime import timedelta
from decimal import Decimal
from fractions import Fraction
from typing import Any

import pytest

from interlock.methods import deciding
from interlock.methods.surplus import PRESETS
from interlock.web.coops import importing
from interlock.web.coops.actions import (
    accounts,
    bylaws,
    hours,
    members,
    owing,
    policies,
    rounds,
    years,
)
from interlock.web.coops.models import (
    AccountKind,
    Coop,
    Hours,
    OfficeKind,
    Status,
    TransferKind,
    Year,
)
from interlock.web.coops.rules.policies import as_data
from interlock.web.look.refusals import Refused
from interlock.web.people.models import Person
from tests.web.coops.guild import JOINED, Guild
from tests.web.coops.playing import begun
from tests.world import CLOSE, START

Verb = Callable[[Guild, dict[str, Any]], object]
DAY = START.date()

#: What only the secretary does, or a steward.
REGISTER: dict[str, Verb] = {
    "add": lambda guild, said: members.add_member(
        coop=guild.coop, name="New", status=Status.WORKER, since=JOINED, **said
    ),
    "correct": lambda guild, said: members.correct_member(
        member=guild.member("Eva"), name="Eva", number="9", email="", buy_in=0, **said
    ),
    "change status": lambda guild, said: members.change_status(
        member=guild.member("Bob"), status=Status.FORMER, on=DAY, own_will=True, **said
    ),
    "invite": lambda guild, said: members.invite(member=guild.member("Eva"), **said),
    "training": lambda guild, said: members.note_training(
        member=guild.member("Cam"), name="Money", on=DAY, **said
    ),
    "give an office": lambda guild, said: members.give_office(
        member=guild.member("Eva"), kind=OfficeKind.TREASURER, since=DAY, **said
    ),
    "end an office": lambda guild, said: members.end_office(
        office=guild.member("Ben").offices.get(), **said
    ),
    "enter a list": lambda guild, said: importing.enter(
        coop=guild.coop, data=b"name,status,since\nNew,worker,2027-01-01\n", name="x", **said
    ),
    "change the bylaws": lambda guild, said: bylaws.change_bylaws(
        coop=guild.coop, bylaws=deciding.PRESETS["colab"], effective_on=DAY, reason="So.", **said
    ),
}


def line(guild: Guild) -> Hours:
    days = {"begins_on": DAY, "ends_on": DAY}
    return Hours.objects.get_or_create(
        member=guild.member("Eva"), **days, defaults={"hours": Decimal(5)}
    )[0]


def year(guild: Guild) -> Year:
    days = {"begins_on": DAY, "ends_on": DAY + timedelta(days=1), "begun_at": START}
    return Year.objects.get_or_create(coop=guild.coop, number=1, defaults=days)[0]


def entry(guild: Guild) -> Any:
    coop: Coop = guild.coop
    return accounts.transfer(
        coop=coop, kind=TransferKind.BUY_IN, debit=accounts.account(coop=coop, kind=AccountKind.BANK),
        credit=owed(guild), amount=5, on=DAY, by=guild.bob, at=START,
    )  # fmt: skip


def owed(guild: Guild) -> Any:
    return accounts.account(coop=guild.coop, kind=AccountKind.PAYABLE, member=guild.member("Eva"))


#: What only the treasurer does, or a steward.
BOOKS: dict[str, Verb] = {
    "enter hours": lambda guild, said: hours.enter_hours(
        coop=guild.coop, data=b"member,from,hours\n1,2027-01,5\n", name="x", **said
    ),
    "correct hours": lambda guild, said: hours.correct_hours(
        hours=line(guild), worked=Decimal(6), wages=0, **said
    ),
    "take hours out": lambda guild, said: hours.take_out(hours=line(guild), **said),
    "adopt a policy": lambda guild, said: policies.adopt_policy(
        coop=guild.coop, body=as_data(PRESETS["selc"]), adopted_on=DAY, **said
    ),
    "begin a year": lambda guild, said: years.begin_year(coop=guild.coop, number=1, **said),
    "put a year": lambda guild, said: years.put_to_members(year=year(guild), **said),
    "take a year back": lambda guild, said: years.take_back(year=year(guild), **said),
    "post a year": lambda guild, said: years.post_year(year=year(guild), **said),
    "reverse a year": lambda guild, said: years.reverse_year(year=year(guild), why="So.", **said),
    "plan a buy-in": lambda guild, said: owing.plan_buy_in(
        member=guild.member("Eva"), amount=5, parts=1, first_on=DAY, **said
    ),
    "pay in": lambda guild, said: owing.pay_in(
        member=guild.member("Eva"), amount=5, on=DAY, **said
    ),
    "pay out": lambda guild, said: owing.pay_out(owed=owed(guild), amount=5, on=DAY, **said),
    "enter balances": lambda guild, said: owing.enter_balances(
        coop=guild.coop, data=b"member,contribution\n1,5\n", name="x", total=5_00, on=DAY, **said
    ),
    "redeem": lambda guild, said: owing.redeem(coop=guild.coop, cash=5, on=DAY, **said),
    "interest": lambda guild, said: owing.pay_interest(
        coop=guild.coop, percent=Fraction(3), on=DAY, **said
    ),
    "leave": lambda guild, said: owing.leave(
        member=guild.member("Fay"), due_on=DAY, on=DAY, **said
    ),
    "reverse an entry": lambda guild, said: accounts.reverse(
        transfer=entry(guild), on=DAY, why="So.", **said
    ),
    "begin a round": lambda guild, said: rounds.begin_round(
        coop=guild.coop, source=owed(guild), amount=5, title="Round", **said
    ),
    "open a round": lambda guild, said: rounds.open_round(
        round=begun(guild), record_on=DAY, closes_at=CLOSE, **said
    ),
    "publish a round": lambda guild, said: rounds.publish_round(round=begun(guild), **said),
    "count a round again": lambda guild, said: rounds.count_again(round=begun(guild), **said),
    "end a round": lambda guild, said: rounds.end_round(round=begun(guild), why="So.", **said),
}


def refuse(guild: Guild, verb: Verb, *people: Person) -> None:
    for person in people:
        with pytest.raises(Refused) as refused:
            verb(guild, {"by": person, "at": START})
        assert (refused.value.status, str(refused.value.reason)[:9]) == (403, "Only the ")


@pytest.mark.parametrize("name", REGISTER)
def test_the_register_is_kept_by_nobody_else(guild: Guild, name: str) -> None:
    others = (guild.ana, guild.eva, guild.iris, guild.cam, guild.wes, guild.fay)
    refuse(guild, REGISTER[name], *others, guild.dora, guild.carol)


@pytest.mark.parametrize("name", BOOKS)
def test_the_books_are_kept_by_nobody_else(guild: Guild, name: str) -> None:
    others = (guild.ben, guild.eva, guild.cam, guild.fay)
    refuse(guild, BOOKS[name], *others, guild.dora, guild.carol)
