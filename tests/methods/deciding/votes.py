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
    # A number a ballot: drawing permutations takes many times as long.
    numbers = draw(st.lists(st.integers(0, 2**16), max_size=15))
    ballots = [_ballot(number, names, may_be_equal) for number in numbers]
    lot = draw(st.permutations(names))
    withdrawn = draw(st.sampled_from([(), (), names[:1]]))
    return Election.of_rankings(names, draw(st.integers(1, 4)), ballots, lot, withdrawn)


def _ballot(number: int, names: tuple[str, ...], may_be_equal: bool) -> list[str | list[str]]:
    left, ranked, length = list(names), list[str | list[str]](), 1 + number % len(names)
    number //= len(names)
    for _ in range(length if number % 16 else 0):
        number, place = divmod(number, len(left))
        ranked.append(left.pop(place))
    if may_be_equal and len(ranked) > 1 and number % 2:
        return [[str(one) for one in ranked[:2]], *ranked[2:]]
    return ranked


@st.composite
def approvals(draw: st.DrawFn) -> Election:
    names = NAMES[: draw(st.integers(1, 6))]
    ballots = draw(st.lists(st.sets(st.sampled_from(names)).map(sorted), max_size=12))
    lot = draw(st.permutations(names))
    return Election.of_approvals(names, draw(st.integers(1, 4)), ballots, lot)
