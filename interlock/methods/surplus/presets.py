"""Policies of real co-ops and laws, to begin with. A co-op's own bylaws go before them.

SELC: the sample bylaws of the Sustainable Economies Law Center (California), articles 7.3 and 7.4, as
  in Arizmendi's: at least 25 % collective, all profit counted first; half of each dividend in cash;
  losses of the first two years collective, later 25 %.
CoLab: bylaws of the CoLab co-operative, article VII: half collective, half to members, a fifth of it in
  cash; losses collective.
Hypha: bylaws of Hypha Worker Co-operative (Ontario), article 6: 80 % into a reserve, 20 % to member
  accounts by hours, from 16 hours in the year; the reserve bears 80 % of losses up to its balance.
Mondragon: about 10 % education and promotion (COFIP), 20 to 45 % reserve, 45 to 70 % to member accounts,
  in proportion to pay; here 10, 45 and 45. Spanish law (Ley 27/1999) asks for at least 20 % reserve and 5 %
  education, and lets the reserve bear half of losses.
Italy: 30 % legal reserve and 3 % mutual fund (articles 2545-quater and 2545-quinquies of the civil code),
  ristorni of at most 30 % of wages (law 142/2001, article 3), the rest indivisible; losses go to the
  reserve first.

The figures of Mondragon and Italy are general knowledge, not taken from the text of a law: have an
accountant look at them. All of them are figures, not tax advice. The names of the funds are marked for
translation: whoever copies a preset writes them in the co-op's language.
"""

from __future__ import annotations

from collections.abc import Mapping
from fractions import Fraction

from interlock.methods.surplus.policy import (
    ANY,
    COLLECTIVE,
    DIVIDEND,
    EDUCATION,
    INDIVISIBLE,
    NET,
    OF_WAGES,
    OTHER,
    PROFIT,
    RESERVE,
    REST,
    SOLIDARITY,
    SURPLUS,
    TARGET,
    UNDIVIDED,
    WAGES,
    Cap,
    Losses,
    Patronage,
    Policy,
    Slice,
)
from interlock.methods.surplus.reasons import gettext_noop


def at_least_collective(
    share: Fraction, fund: str = gettext_noop("Collective account"), kind: str = COLLECTIVE
) -> tuple[Slice, ...]:
    """Three slices: all profit to the fund, from surplus what it lacks to `share`, the rest to members."""
    return (
        Slice(fund, kind, REST, source=PROFIT),
        Slice(fund, kind, TARGET, share, SURPLUS),
        Slice(gettext_noop("Dividend"), DIVIDEND, REST, source=SURPLUS),
    )


PRESETS: Mapping[str, Policy] = {
    "selc": Policy("SELC", at_least_collective(Fraction(1, 4))),
    "colab": Policy(
        "CoLab",
        at_least_collective(Fraction(1, 2)),
        cash_rate=Fraction(1, 5),
        losses=Losses(0, Fraction(1)),
    ),
    "hypha": Policy(
        "Hypha",
        at_least_collective(Fraction(4, 5), gettext_noop("Reserve"), RESERVE),
        Patronage(least_hours=Fraction(16)),
        cash_rate=Fraction(0),
        is_qualified=False,
        regime=OTHER,
        losses=Losses(0, Fraction(4, 5), up_to_balance=True),
    ),
    "mondragon": Policy(
        "Mondragon",
        (
            Slice(gettext_noop("Education and promotion"), EDUCATION, NET, Fraction(1, 10)),
            Slice(gettext_noop("Reserve"), RESERVE, NET, Fraction(45, 100)),
            Slice(gettext_noop("Dividend"), DIVIDEND, REST, source=ANY),
        ),
        Patronage(WAGES),
        cash_rate=Fraction(0),
        is_qualified=False,
        regime=OTHER,
        losses=Losses(0, Fraction(1, 2), up_to_balance=True),
        split=UNDIVIDED,
    ),
    "italy": Policy(
        "Italy",
        (
            Slice(gettext_noop("Legal reserve"), INDIVISIBLE, NET, Fraction(30, 100)),
            Slice(gettext_noop("Mutual fund"), SOLIDARITY, NET, Fraction(3, 100)),
            Slice(
                gettext_noop("Ristorni"),
                DIVIDEND,
                REST,
                source=SURPLUS,
                cap=Cap(OF_WAGES, share=Fraction(3, 10)),
            ),
            Slice(gettext_noop("Legal reserve"), INDIVISIBLE, REST),
        ),
        Patronage(WAGES),
        cash_rate=Fraction(1),
        is_qualified=False,
        regime=OTHER,
        losses=Losses(0, Fraction(1), up_to_balance=True, below_zero=False),
        split=WAGES,
    ),
}


def simple(
    collective: Fraction = Fraction(1, 4),
    cash_rate: Fraction = Fraction(1, 2),
    is_qualified: bool = True,
    least_hours: Fraction = Fraction(0),
) -> Policy:
    """A policy of the form of SELC's, with these numbers in place of its own."""
    return Policy(
        "in the form of SELC",
        at_least_collective(collective),
        Patronage(least_hours=least_hours),
        cash_rate,
        is_qualified=is_qualified,
    )
