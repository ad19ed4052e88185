"""The pages of a co-op's own budget, for its treasurer and for a member."""

from datetime import UTC, datetime, timedelta

from interlock.web.coops.actions import rounds as actions
from tests.journeys.pages.walking import Stage, at, sent
from tests.web.coops.guild import make_guild
from tests.web.coops.playing import begun, counted, opened


def coops_no_round() -> Stage:
    """A co-op with no money to decide on, seen by a member."""
    guild = make_guild(at=datetime.now(UTC))
    home = f"/coops/{guild.spokes.slug}/rounds/"
    return Stage({"no round": at(home), "not the treasurer": at(f"{home}new/")}, by=guild.eva)


def coops_rounds() -> Stage:
    """One round over, one counted, one of pledges open, one where projects are gathered."""
    now = datetime.now(UTC)
    then, end = now - timedelta(days=20), now - timedelta(days=5)
    guild = make_guild(at=now - timedelta(days=30))
    told = {"by": guild.ana, "at": now}
    over = counted(opened(begun(guild, at=then), guild, at=then, closes_at=end), at=end)
    actions.publish_round(round=over, **told)
    seen = counted(opened(begun(guild, at=then), guild, at=then, closes_at=end), at=end)
    giving = begun(guild, at=now, is_pledged=True)
    giving = opened(giving, guild, at=now, closes_at=now + timedelta(days=9))
    some = list(giving.process.projects.order_by("pk"))
    actions.pledge(round=giving, amounts={some[0]: 12_000}, by=guild.eva, at=now)
    actions.pledge(round=giving, amounts={some[1]: 9_000}, by=guild.ana, at=now)
    voting = opened(begun(guild, at=now), guild, at=now, closes_at=now + timedelta(days=9))
    ideas = begun(guild, at=now)
    ended = actions.end_round(round=begun(guild, at=now), why="2028.", by=guild.ana, at=now)
    home, page = f"/coops/{guild.spokes.slug}/", ideas.get_absolute_url()
    return Stage(
        {
            "first page": at(home),
            "rounds": at(f"{home}rounds/"),
            "begin": at(f"{home}rounds/new/"),
            "begin, refused": sent(f"{home}rounds/new/", amount="99999999"),
            "projects are gathered": at(page),
            "a project": at(f"{page}projects/new/"),
            "a project, refused": sent(f"{page}projects/new/", minimum="1000000"),
            "change a project": at(f"{page}projects/1/"),
            "open": at(f"{page}open/"),
            "end": at(f"{page}end/"),
            "a vote": at(voting.get_absolute_url()),
            "its ballot": at(f"/budgets/{voting.process.slug}/ballot/"),
            "its public page": at(f"/budgets/{voting.process.slug}/"),
            "pledges are made": at(giving.get_absolute_url()),
            "my pledges": at(f"{giving.get_absolute_url()}pledges/"),
            "too much pledged": sent(
                f"{giving.get_absolute_url()}pledges/", **{f"project_{some[0].pk}": "9999"}
            ),
            "counted": at(seen.get_absolute_url()),
            "result to publish": at(f"{seen.get_absolute_url()}result/"),
            "over": at(over.get_absolute_url()),
            "its result": at(f"/budgets/{over.process.slug}/result/"),
            "ended": at(ended.get_absolute_url()),
        },
        by=guild.ana,
    )
