"""How a co-op was opened, corrected as long as nothing rests on it."""

import re
from datetime import date

import pytest
from django.test import Client

from interlock.web.coops.actions.opening import correct
from interlock.web.coops.actions.years import begin_year
from interlock.web.coops.models import Coop
from interlock.web.coops.queries.opening import left_by
from interlock.web.look.refusals import Refused
from interlock.web.people.models import Person
from tests.web.coops.guild import Guild
from tests.world import START

LAST_YEAR = date(START.year - 1, 1, 1)


def said(guild: Guild, by: Person, currency: str = "USD") -> Coop:
    return correct(
        coop=guild.coop,
        first_year_begins_on=LAST_YEAR,
        currency=currency,
        zone="America/New_York",
        by=by,
        at=START,
    )


def test_first_year_is_corrected_while_nothing_rests_on_it(guild: Guild) -> None:
    corrected = said(guild, guild.bob, "EUR")
    assert corrected.first_year_begins_on == LAST_YEAR
    assert (corrected.currency, corrected.zone) == ("EUR", "America/New_York")


def test_only_a_steward_corrects_it(guild: Guild) -> None:
    with pytest.raises(Refused, match="steward"):
        said(guild, guild.ana)


def test_first_year_stays_once_a_year_was_begun(guild: Guild) -> None:
    begin_year(coop=guild.coop, number=1, by=guild.bob, at=START)
    with pytest.raises(Refused, match="rest on it already"):
        said(guild, guild.bob)


def test_currency_stays_while_the_register_has_buy_ins(guild: Guild) -> None:
    guild.coop.members.filter(pk=guild.member("Eva").pk).update(buy_in=50_000)
    with pytest.raises(Refused, match="USD"):
        said(guild, guild.bob, "EUR")
    assert said(guild, guild.bob).first_year_begins_on == LAST_YEAR


def test_who_left_finds_their_own_account_and_nothing_else(guild: Guild, client: Client) -> None:
    client.force_login(guild.fay)
    page = client.get("/coops/").content.decode()
    mine = f"/coops/{guild.spokes.slug}/accounts/{guild.member('Fay').pk}/"
    assert set(re.findall(rf'"(/coops/{guild.spokes.slug}/[^"]*)"', page)) == {mine}
    assert client.get(mine).status_code == 200


def test_whoever_is_inside_is_not_told_of_an_account_outside(guild: Guild) -> None:
    told = {one.email: len(left_by(one)) for one in (guild.eva, guild.bob, guild.wes)}
    assert told == {guild.eva.email: 0, guild.bob.email: 0, guild.wes.email: 1}
