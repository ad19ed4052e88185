"""The bylaws as versions: begun with a model, changed with a reason, told in plain words."""

from dataclasses import replace
from datetime import date, timedelta
from fractions import Fraction

import pytest

from interlock.methods import deciding
from interlock.web.coops.actions.bylaws import change_bylaws
from interlock.web.coops.models import Bylaws
from interlock.web.coops.queries.bylaws import asked, latest, terms, to_enter, told_rules
from interlock.web.coops.queries.decisions import bylaws_on
from interlock.web.look.refusals import Refused
from tests.web.coops.guild import Guild
from tests.web.coops.test_members import TODAY, decided
from tests.world import START


def with_quorum(bylaws: Bylaws, share: Fraction) -> deciding.Bylaws:
    """The same, with another quorum for ordinary decisions."""
    known = terms(bylaws)
    rule = replace(known.rule("ordinary"), quorum=deciding.Quorum(deciding.Level(share=share)))
    return replace(known, decisions={**known.decisions, "ordinary": rule})


def changed(guild: Guild, share: Fraction = Fraction(3, 4), **said: object) -> Bylaws:
    before = latest(guild.coop)
    assert before
    told = {"effective_on": TODAY, "reason": "More of us have to come.", **said}
    return change_bylaws(
        coop=guild.coop,
        bylaws=with_quorum(before, share),
        by=guild.ben,
        at=START,
        **told,  # type: ignore[arg-type]
    )


def test_new_version_holds_from_its_day_and_the_one_before_stays(guild: Guild) -> None:
    tomorrow = TODAY + timedelta(days=1)
    made = changed(guild, effective_on=tomorrow)
    today, later = bylaws_on(guild.coop, TODAY), bylaws_on(guild.coop, tomorrow)
    assert today
    assert later
    assert (today.number, later, made.number) == (1, made, 2)
    assert terms(today).rule("ordinary").quorum.level.share == Fraction(3, 5)
    assert terms(later).rule("ordinary").quorum.level.share == Fraction(3, 4)


@pytest.mark.parametrize(
    ("said", "why"),
    [
        ({"reason": " "}, "Say what changed and why"),
        ({"effective_on": date(2026, 12, 31)}, "It cannot be in force before the version"),
        ({"share": Fraction(3, 5)}, "Nothing is different"),
    ],
)
def test_version_that_cannot_be_is_refused(guild: Guild, said: dict[str, object], why: str) -> None:
    with pytest.raises(Refused, match=why):
        changed(guild, **said)  # type: ignore[arg-type]


def test_once_the_members_decide_by_them_they_change_by_a_decision(guild: Guild) -> None:
    about = decided(guild, "Eva", "bylaws")
    assert list(to_enter(guild.coop)) == [about]
    with pytest.raises(Refused, match="They change by a decision on the bylaws"):
        changed(guild)
    with pytest.raises(Refused, match="rests on a decision about them"):
        changed(guild, decision=decided(guild, "Eva", "ordinary"))
    with pytest.raises(Refused, match="before it was decided"):
        changed(guild, decision=about, effective_on=TODAY - timedelta(days=1))
    changed(guild, decision=about)
    assert list(to_enter(guild.coop)) == []


def test_rules_are_told_with_how_many_may_vote_today(guild: Guild) -> None:
    found = latest(guild.coop)
    assert found
    told = {one.kind: one.sentences for one in told_rules(guild.coop, terms(found), TODAY)}
    of_four = deciding.described(terms(found).rule("ordinary"), 4)
    assert told["ordinary"] == [str(one) for one in of_four]
    assert list(asked(terms(found).membership)) == [
        "Months as a candidate: at least 12.",
        "A decision on admission was carried.",
        "Who is inactive has no vote, and is not counted for a quorum.",
    ]
