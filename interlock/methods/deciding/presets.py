"""Four bylaws that co-ops use, as parameters; a co-op begins with one of them and changes it.

- `SELC`: the sample bylaws of the Sustainable Economies Law Center and Arizmendi, California;
- `CODE_HOOK`: Code Hook LLC, after the template of the Democracy at Work Institute;
- `COLAB`: CoLab Cooperative;
- `HYPHA`: Hypha Worker Co-operative, Ontario.

Figures are theirs. Where a text says a share and not what it is counted from, the base here is the
stricter reading that its words allow, and it is shown before every vote: "75 % of the members" is
counted from those entitled, a vote at a meeting from those present, "of votes cast" from all that are
cast. None of it is legal advice.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from fractions import Fraction

from interlock.methods.deciding.bylaws import (
    APPROVAL,
    CONDORCET,
    Board,
    Bylaws,
    Meetings,
    Membership,
)
from interlock.methods.deciding.rule import (
    Alternative,
    Continuing,
    Electorate,
    Level,
    Objections,
    Quorum,
    Rule,
    Threshold,
    Unanimity,
)

_HALF, _TWO_THIRDS, _THREE_QUARTERS = Fraction(1, 2), Fraction(2, 3), Fraction(3, 4)
_MAJORITY = Quorum(Level(share=_HALF), is_strict=True)
_BOARD = Electorate(("director",))
_CALIFORNIAN_MEETINGS = Meetings(
    least_notice_days=10,
    most_notice_days=90,
    special=Level(3, Fraction(1, 20), count_above=4),
    initiative=Level(share=Fraction(1, 5)),
    notice_tenure_days=30,
)


def _selc() -> Bylaws:
    consensus = Rule(
        Unanimity("yes-no"),
        _MAJORITY,
        Electorate(least_days=10),
        continuing=Continuing(_THREE_QUARTERS),
        alternative=Alternative(
            Threshold(_THREE_QUARTERS, "present"), Level(share=_THREE_QUARTERS), "quorum"
        ),
        notice_days=10,
    )
    majority = replace(
        consensus, passing=Threshold(_HALF, "yes-no", is_strict=True), alternative=None
    )
    return Bylaws(
        "SELC",
        Membership(hours=650, months=6, buy_in=0),
        {
            "ordinary": consensus,
            "expulsion": replace(
                majority,
                passing=Threshold(_THREE_QUARTERS, "entitled"),
                notice_days=15,
                hearing_days=5,
            ),
            "readmission": replace(majority, passing=Threshold(_THREE_QUARTERS, "present")),
            "election": majority,
            "removal": majority,
        },
        _CALIFORNIAN_MEETINGS,
        Board(least=3, most=40, term_months=12, is_everybody=True),
    )


def _code_hook() -> Bylaws:
    consensus = Rule(
        Unanimity("yes-no"),
        _MAJORITY,
        continuing=Continuing(_HALF, is_strict=True),
        alternative=Alternative(Threshold(_THREE_QUARTERS, "present")),
        notice_days=10,
    )
    statute = replace(
        consensus, passing=Threshold(_HALF, "entitled", is_strict=True), alternative=None
    )
    return Bylaws(
        "Code Hook",
        Membership(buy_in=0),
        {
            "ordinary": consensus,
            "expulsion": replace(
                statute, passing=Threshold(_THREE_QUARTERS, "entitled"), notice_days=15
            ),
            "readmission": replace(statute, passing=Unanimity("present")),
            "election": statute,
            "removal": statute,
            "board": replace(
                statute, passing=Threshold(_THREE_QUARTERS, "present"), electorate=_BOARD
            ),
        },
        replace(_CALIFORNIAN_MEETINGS, initiative=None, notice_tenure_days=0, most_record_days=60),
        Board(least=3, most=40, term_months=12),
    )


def _colab() -> Bylaws:
    consensus = Rule(
        Unanimity("yes-no"),
        alternative=Alternative(Objections(Level(2, Fraction(1, 4)), "entitled")),
        ballot_days=7,
    )
    minus_one = replace(consensus, passing=Unanimity("yes-no", less=1), alternative=None)
    return Bylaws(
        "CoLab",
        Membership(
            hours=600,
            months=12,
            recent_hours=300,
            recent_months=6,
            has_trainings=True,
            has_board_meeting=True,
            has_inactive=True,
            keep_hours=600,
        ),
        {
            "ordinary": consensus,
            "admission": Rule(Objections(Level(share=_HALF), "entitled"), electorate=_BOARD),
            "expulsion": replace(minus_one, may_appeal=True),
            "bylaws": minus_one,
        },
        Meetings(),
        Board(least=7, most=7, method=CONDORCET),
    )


def _hypha() -> Bylaws:
    majority = Rule(
        Threshold(_HALF, "yes-no", is_strict=True),
        Quorum(Level(share=Fraction(3, 5))),
        alternative=Alternative(Threshold(_TWO_THIRDS, "yes-no"), Level(1)),
        notice_days=10,
        is_secret=True,
    )
    two_thirds = replace(majority, passing=Threshold(_TWO_THIRDS, "cast"), alternative=None)
    return Bylaws(
        "Hypha",
        Membership(months=12, has_inactive=True),
        {
            "ordinary": majority,
            "admission": replace(two_thirds, passing=Unanimity("cast")),
            "termination": two_thirds,
            "expulsion": Rule(
                Threshold(_TWO_THIRDS, "entitled"),
                electorate=_BOARD,
                notice_days=10,
                hearing_days=1,
                may_appeal=True,
            ),
            "bylaws": two_thirds,
            "election": replace(majority, alternative=None),
        },
        Meetings(least_notice_days=10, special=Level(share=Fraction(1, 5))),
        Board(least=3, most=20, term_months=24, is_staggered=True, method=APPROVAL),
    )


SELC, CODE_HOOK, COLAB, HYPHA = _selc(), _code_hook(), _colab(), _hypha()
PRESETS: Mapping[str, Bylaws] = {
    "selc": SELC,
    "codehook": CODE_HOOK,
    "colab": COLAB,
    "hypha": HYPHA,
}
