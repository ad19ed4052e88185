"""The register of a co-op: who was what on which day, and each step from candidate to former."""

from datetime import date

from interlock.web.coops.models import Status
from interlock.web.coops.queries.members import electorate, register_on, workforce
from tests.web.coops.guild import JOINED, LATELY, Guild


def test_register_on_a_day_has_everybody_as_they_were_then(guild: Guild) -> None:
    found = [(one.name, one.status, one.since) for one in register_on(guild.coop, JOINED)]
    assert found == [
        ("Ana Ruiz", "member", JOINED),
        ("Ben Okafor", "member", JOINED),
        ("Bob Marsh", "member", date(2025, 1, 1)),
        ("Eva Lind", "member", JOINED),
    ]


def test_electorate_leaves_out_who_came_too_late(guild: Guild) -> None:
    soon = date(2026, 2, 11)
    assert [one.name for one in electorate(guild.coop, ["member"], soon, 11)] == ["Bob Marsh"]
    assert electorate(guild.coop, ["member"], soon, 10).count() == 4


def test_workforce_counts_members_and_candidates_among_all_who_work(guild: Guild) -> None:
    found = workforce(guild.coop, LATELY)
    assert found.numbers == {
        Status.WORKER: 1,
        Status.CANDIDATE: 1,
        Status.MEMBER: 4,
        Status.INACTIVE: 1,
        Status.FORMER: 1,
    }
    assert (found.inside, found.workers, found.needed, found.enough) == (5, 6, 4, True)
