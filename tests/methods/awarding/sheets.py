"""Sheets of calls, by hand and drawn by hypothesis."""

from fractions import Fraction

from hypothesis import strategies as st

from interlock.methods.awarding import (
    Criterion,
    Offer,
    Part,
    Preference,
    Recusal,
    Score,
    Sheet,
)

PRICE = Criterion("price", "Price", 40, True)
PLAN = Criterion("plan", "Plan", 35)
TEAM = Criterion("team", "Team", 25)
PANEL = ("Ana", "Ben")
TREE = Offer("tree", "Tree Co-op", Fraction(45_000), True)
FIRM = Offer("firm", "Green Ltd", Fraction(43_000))


def pavilion(
    *offers: Offer,
    preference: Preference | None = None,
    recusals: tuple[Recusal, ...] = (),
    seed: str = "",
    points: dict[tuple[str, str, str], int] | None = None,
) -> Sheet:
    """One lot, scored by two; everybody gets 7 where `points` by offer, criterion, name do not say."""
    part = Part("1", "Pavilion", Fraction(50_000), offers or (TREE, FIRM))
    away = {(one.offer, one.panelist) for one in recusals}
    given = tuple(
        Score("1", offer.id, criterion.id, who, Fraction((points or {}).get((offer.id, criterion.id, who), 7)), "It is clear.")
        for offer in part.offers
        for criterion in (PLAN, TEAM)
        for who in PANEL
        if (offer.id, who) not in away
    )  # fmt: skip
    return Sheet(
        "Pavilion in the park", "USD", (PRICE, PLAN, TEAM), (part,), PANEL, given, recusals,
        preference, seed,
    )  # fmt: skip


@st.composite
def drawn(draw: st.DrawFn) -> Sheet:
    """A sheet that can be ranked: one lot, a few offers, few different numbers, so that ties occur."""
    weights = draw(st.sampled_from([(100,), (50, 50), (40, 35, 25), (1, 98, 1)]))
    has_price = draw(st.booleans())
    criteria = tuple(
        Criterion(f"c{place}", f"Criterion {place}", weight, has_price and place == 0)
        for place, weight in enumerate(weights)
    )
    panel = ("Ana", "Ben", "Cy")[: draw(st.integers(1, 3))]
    offers = tuple(
        Offer(
            f"o{place}",
            f"Offer {place}",
            Fraction(draw(st.sampled_from([100, 150, 200, 317]))),
            draw(st.booleans()),
            draw(st.sampled_from(["", "", "", "Late."])),
        )
        for place in range(draw(st.integers(0, 5)))
    )
    recusals = tuple(
        Recusal("1", offer.id, who, "Kin.")
        for offer in offers
        for who in panel[1:]
        if draw(st.integers(0, 5)) == 0
    )
    away = {(one.offer, one.panelist) for one in recusals}
    scores = tuple(
        Score("1", offer.id, criterion.id, who, Fraction(draw(st.sampled_from([0, 5, 7, 10]))), "So.")
        for offer in offers
        for criterion in criteria
        for who in panel
        if not criterion.is_price and (offer.id, who) not in away
    )  # fmt: skip
    kinds = [None, Preference("discount", Fraction(10)), Preference("points", Fraction(5))]
    return Sheet(
        "Call", "USD", criteria, (Part("1", "All", None, offers),), panel, scores, recusals,
        draw(st.sampled_from(kinds)), draw(st.sampled_from(["", "f00d"])),
    )  # fmt: skip
