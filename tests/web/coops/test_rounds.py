"""A round of a co-op's own PB, from a commons pot to what came back to it."""

import re
from datetime import timedelta

import pytest

from interlock.methods import deciding
from interlock.web.budgets import actions as budgets
from interlock.web.budgets.models import Phase
from interlock.web.budgets.queries import processes
from interlock.web.coops.actions import rounds as actions
from interlock.web.coops.actions.accounts import account
from interlock.web.coops.models import Account, AccountKind, Goal, Round, TransferKind
from interlock.web.coops.queries import rounds as queries
from interlock.web.look.refusals import Refused
from interlock.web.messages.models import Mail
from interlock.web.people.waiting import waiting_for
from interlock.web.record.models import Audience, Entry
from interlock.web.voting import actions as voting
from interlock.web.voting.models import RollEntry
from tests.web.coops.guild import Guild, put_bylaws
from tests.web.coops.playing import ENDED, RECORD, begun, counted, opened, pot
from tests.world import CLOSE, START


def codes() -> list[str]:
    """The voting codes as they stand in the mails."""
    found = [re.search(r"\b(\w{4}-\w{4}-\w{4}-\w{2})\b", one.text) for one in mails()]
    return [one[1] for one in found if one]


def mails() -> list[Mail]:
    return list(Mail.objects.filter(subject__contains="Your voting code").order_by("pk"))


def balances(held: Round) -> tuple[int, int]:
    """What the source and the round's own account hold."""
    return (
        Account.objects.get(pk=held.source_id).balance,
        Account.objects.get(pk=held.account_id).balance,
    )


def vote(held: Round, choices: list[list[str]]) -> None:
    process = processes().get(pk=held.process_id)
    for code, refs in zip(codes(), choices, strict=False):
        budgets.cast_ballot(
            process=process,
            voting_code=code,
            choices={"all-of-us": refs},
            nonce=voting.new_nonce(),
        )


def test_a_round_is_voted_counted_by_equal_shares_and_the_rest_goes_back(guild: Guild) -> None:
    held = opened(begun(guild), guild)
    assert balances(held) == (10_000, 90_000)
    vote(held, [["1"], ["1", "2"], ["2"], ["1"]])
    held = counted(held)
    assert held.process.rule == "equalshares/add1"
    held = actions.publish_round(round=held, by=guild.ana, at=ENDED)
    # 400 for the espresso, which three of four want; 700 more than is left for the stands.
    assert (held.spent, held.settled_at) == (40_000, ENDED)
    assert balances(held) == (60_000, 40_000)
    assert dict(Goal.objects.values_list("project__ref", "funded")) == {
        "1": 40_000,
        "2": 0,
    }
    moved = guild.coop.transfers.filter(kind=TransferKind.ROUND).values_list("amount", flat=True)
    assert list(moved) == [90_000, 50_000]


def test_a_round_begins_with_its_pot_one_area_and_an_internal_process(guild: Guild) -> None:
    held = begun(guild)
    process = held.process
    assert (process.is_internal, process.phase, process.currency) == (True, Phase.DRAFT, "USD")
    assert process.slug.startswith("inside-")
    money = process.pots.get()
    assert (money.amount, money.unallocated, str(money)) == (90_000, 0, "Commons pot")
    assert process.areas.get().budget == 90_000


def test_electors_are_those_of_the_record_date_and_codes_belong_to_nobody(guild: Guild) -> None:
    held = opened(begun(guild), guild)
    assert held.electors == 4
    assert sorted(one.to for one in mails()) == [
        f"{name}@example.org" for name in ("ana", "ben", "bob", "eva")
    ]
    assert len(set(codes())) == 4
    assert RollEntry.objects.filter(box=held.process.box).count() == 4
    fields = {one.name for one in RollEntry._meta.get_fields()}
    assert fields == {"ref", "box", "number", "code_hash", "has_voted"}


def test_who_may_not_decide_yet_by_the_bylaws_takes_no_part(guild: Guild) -> None:
    """SELC: members of ten days and more at the record date."""
    put_bylaws(guild.coop, deciding.to_json(deciding.PRESETS["selc"]))
    guild.member("Eva").standings.update(since=RECORD - timedelta(days=9))
    assert opened(begun(guild), guild).electors == 3


def test_candidates_take_part_where_the_round_says_so(guild: Guild) -> None:
    held = begun(guild)
    Round.objects.filter(pk=held.pk).update(with_candidates=True)
    held.refresh_from_db()
    assert opened(held, guild).electors == 5


def test_what_is_not_spent_at_all_goes_back_when_nobody_voted(guild: Guild) -> None:
    held = counted(opened(begun(guild), guild))
    held = actions.publish_round(round=held, by=guild.ana, at=ENDED)
    assert (held.spent, balances(held)) == (0, (100_000, 0))


def test_a_vote_of_two_is_not_told_and_ends_with_all_the_money_back(guild: Guild) -> None:
    held = opened(begun(guild), guild)
    vote(held, [["1"], ["1"]])
    with pytest.raises(Refused, match="Members have begun"):
        actions.end_round(round=held, why="too late", by=guild.ana, at=ENDED)
    held = counted(held)
    with pytest.raises(Refused, match="Fewer than three"):
        actions.publish_round(round=held, by=guild.ana, at=ENDED)
    held = actions.end_round(round=held, why="Two voted.", by=guild.ana, at=ENDED)
    assert (held.spent, held.ended_for, balances(held)) == (0, "Two voted.", (100_000, 0))
    with pytest.raises(Refused, match="over"):
        actions.end_round(round=held, why="again", by=guild.ana, at=ENDED)


def test_a_round_that_is_not_open_yet_ends_with_its_money_back(guild: Guild) -> None:
    held = actions.end_round(round=begun(guild), why="Not this year.", by=guild.ana, at=ENDED)
    assert balances(held) == (100_000, 0)
    with pytest.raises(Refused, match="over"):
        opened(held, guild)


def test_a_round_takes_no_more_than_there_is_and_only_of_common_money(guild: Guild) -> None:
    money = pot(guild)
    bank = account(coop=guild.coop, kind=AccountKind.BANK)
    said = {"coop": guild.coop, "title": "Round", "by": guild.ana, "at": START}
    with pytest.raises(Refused, match="has only"):
        actions.begin_round(source=money, amount=100_001, **said)  # type: ignore[arg-type]
    assert not Round.objects.exists()
    with pytest.raises(Refused, match="fund or a commons pot"):
        actions.begin_round(source=bank, amount=1, **said)  # type: ignore[arg-type]
    with pytest.raises(Refused, match="more than 0"):
        actions.begin_round(source=money, amount=0, **said)  # type: ignore[arg-type]
    elsewhere = account(coop=guild.other, kind=AccountKind.COMMONS, name="Commons pot")
    with pytest.raises(Refused, match="fund or a commons pot"):
        actions.begin_round(source=elsewhere, amount=1, **said)  # type: ignore[arg-type]


def test_a_round_does_not_open_too_early_too_small_or_for_a_day_to_come(guild: Guild) -> None:
    held = begun(guild)
    late = {"round": held, "by": guild.ana, "at": START}
    with pytest.raises(Refused, match="not known yet"):
        actions.open_round(record_on=RECORD + timedelta(days=30), closes_at=CLOSE, **late)  # type: ignore[arg-type]
    with pytest.raises(Refused, match="later than now"):
        actions.open_round(record_on=RECORD, closes_at=START, **late)  # type: ignore[arg-type]
    with pytest.raises(Refused, match="at least 3"):
        actions.open_round(record_on=RECORD - timedelta(days=700), closes_at=CLOSE, **late)  # type: ignore[arg-type]
    held.process.projects.all().delete()
    with pytest.raises(Refused, match="no project"):
        actions.open_round(record_on=RECORD, closes_at=CLOSE, **late)  # type: ignore[arg-type]


def test_a_project_that_costs_more_than_the_round_is_refused(guild: Guild) -> None:
    held = begun(guild)
    with pytest.raises(Refused, match="more than the whole round"):
        actions.put_project(round=held, title="Boat", minimum=90_001, by=guild.eva, at=START)
    with pytest.raises(Refused, match="one cost"):
        actions.put_project(round=held, title="Boat", minimum=10, target=20, by=guild.eva, at=START)


def test_everything_on_the_record_is_for_the_co_op(guild: Guild) -> None:
    held = counted(opened(begun(guild), guild))
    actions.publish_round(round=held, by=guild.ana, at=ENDED)
    about = Entry.objects.filter(
        act__in=["coop.round_begun", "coop.round_opened", "coop.round_settled"]
    )
    assert about.count() == 3
    assert set(about.values_list("audience", flat=True)) == {Audience.INSTITUTION}
    process = Entry.objects.filter(subject=f"process/{held.process.slug}")
    assert set(process.values_list("audience", flat=True)) == {Audience.INSTITUTION}


def test_the_source_names_its_year(guild: Guild) -> None:
    assert queries.source_in_words(pot(guild)) == "Commons pot"


def test_the_desk_tells_who_has_to_act(guild: Guild) -> None:
    held = opened(begun(guild), guild)
    assert [str(one.title) for one in waiting_for(guild.eva)] == ["Cast your ballot"]
    # Cam, a candidate, and Iris, who is inactive, have no code to cast one with.
    for other in (guild.dora, guild.carol, guild.cam, guild.iris):
        assert waiting_for(other) == []
    counted(held)
    assert [str(one.title) for one in waiting_for(guild.ana)] == [
        "Publish the result to the members"
    ]
    assert waiting_for(guild.eva) == []
