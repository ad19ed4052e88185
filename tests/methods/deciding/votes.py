"""Tallies, rules and elections, drawn by hypothesis: few and small, so that ties occur."""

from fractions import Fraction

from hypothesis import strategies as st

from interlock.methods.deciding import (
    Alternative,
    Continuing,
    Election,
    Electorate,
    Level,
    Objections,
    Passing,
    Quorum,
    Rule,
    Tally,
    Threshold,
    Unanimity,
)

BASES = ("yes-no", "cast", "present", "entitled")
SHARES = [Fraction(1, 3), Fraction(1, 2), Fraction(3, 5), Fraction(2, 3), Fraction(3, 4)]
HALF, MORE_THAN_HALF = Fraction(1, 2), Quorum(Level(share=Fraction(1, 2)), is_strict=True)
MAJORITY = Threshold(HALF, "yes-no", is_strict=True)
NAMES = ("Ana", "Ben", "Cy", "Dee", "Eva", "Flo")

shares = st.sampled_from(SHARES)
bases = st.sampled_from(BASES)
levels = st.builds(Level, st.integers(0, 4), st.sampled_from([Fraction(0), *SHARES]))
thresholds = st.builds(Threshold, shares, bases, st.booleans())
passings: st.SearchStrategy[Passing] = st.one_of(
    thresholds,
    st.builds(Unanimity, bases, st.integers(0, 2)),
    st.builds(Objections, levels, bases),
)
rules = st.builds(
    Rule,
    passings,
    st.builds(Quorum, levels, st.booleans()),
    st.builds(Electorate, st.just(("member", "candidate")), st.integers(0, 30)),
    st.none() | st.builds(Continuing, shares, st.booleans()),
    st.none() | st.builds(Alternative, passings, levels, st.sampled_from(["entitled", "quorum"])),
    notice_days=st.integers(0, 30),
    is_secret=st.booleans(),
)


@st.composite
def tallies(draw: st.DrawFn) -> Tally:
    yes, no, abstain, blank, objections, stand_asides, silent, left, away, departed = (
        draw(st.integers(0, 5)) for _ in range(10)
    )
    present = yes + no + abstain + blank + objections + stand_asides + silent
    return Tally(
        present + left + away + departed,
        present, yes, no, abstain, blank, objections, stand_asides, left, departed,
    )  # fmt: skip


@st.composite
def rankings(draw: st.DrawFn, *, may_be_equal: bool = False) -> Election:
    names = NAMES[: draw(st.integers(2, 6))]
    one = st.permutations(names).flatmap(
        lambda order: st.integers(0, len(names)).map(lambda length: list(order[:length]))
    )
    ballots: list[list[str | list[str]]] = draw(st.lists(one, max_size=15))
    if may_be_equal:
        ballots = [
            [list(ballot[:2]), *ballot[2:]] if len(ballot) > 1 and draw(st.booleans()) else ballot  # type: ignore[list-item]
            for ballot in ballots
        ]
    lot = draw(st.permutations(names))
    withdrawn = draw(st.sampled_from([(), (), names[:1]]))
    return Election.of_rankings(names, draw(st.integers(1, 4)), ballots, lot, withdrawn)


@st.composite
def approvals(draw: st.DrawFn) -> Election:
    names = NAMES[: draw(st.integers(1, 6))]
    ballots = draw(st.lists(st.sets(st.sampled_from(names)).map(sorted), max_size=12))
    lot = draw(st.permutations(names))
    return Election.of_approvals(names, draw(st.integers(1, 4)), ballots, lot)
