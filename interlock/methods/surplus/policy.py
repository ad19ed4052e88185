"""A co-op's rule for its surplus, as data: an ordered waterfall of slices, and how members share.

The words of each choice are constants here; a policy that is built of others is told its faults.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import date
from fractions import Fraction

from interlock.methods.surplus.reasons import Fault, fault

# What a fund is
COLLECTIVE, INDIVISIBLE, RESERVE = "collective", "indivisible", "reserve"
COMMONS, EDUCATION, SOLIDARITY = "commons", "education", "solidarity"
DIVIDEND = "dividend"
KINDS = (COLLECTIVE, INDIVISIBLE, RESERVE, COMMONS, EDUCATION, SOLIDARITY, DIVIDEND)
#: Funds that bear losses, and that get what nobody has a share in.
BEARING = (COLLECTIVE, INDIVISIBLE, RESERVE)

# What a slice is measured by
NET, REMAINDER, TARGET, REST = "net", "remainder", "target", "rest"
BASES = (NET, REMAINDER, TARGET, REST)

# What it is taken from
PROFIT, SURPLUS, ANY = "profit", "surplus", "any"
SOURCES = (PROFIT, SURPLUS, ANY)

# What limits it
AMOUNT, OF_WAGES, BALANCE = "amount", "wages", "balance"
CAPS = (AMOUNT, OF_WAGES, BALANCE)

# What patronage, and the part of members in all labour, are measured by
HOURS, WAGES, MIX, EQUAL, UNDIVIDED = "hours", "wages", "mix", "equal", "undivided"
PATRONAGE = (HOURS, WAGES, MIX, EQUAL)
SPLITS = (HOURS, WAGES, UNDIVIDED)

# Tax regimes: US Subchapter T, a partnership's Schedule K-1, any other country
SUBCHAPTER_T, PARTNERSHIP, OTHER = "T", "K", "none"
REGIMES = (SUBCHAPTER_T, PARTNERSHIP, OTHER)


@dataclass(frozen=True)
class Cap:
    """The most that a slice may get.

    `kind` AMOUNT: `amount` in minor units. OF_WAGES: `share` of the members' wages (Italy's ristorni:
    30 %). BALANCE: the fund is full at `amount`, counting what it had before the year and what
    earlier slices gave it.
    """

    kind: str
    amount: int = 0
    share: Fraction = Fraction(0)


@dataclass(frozen=True)
class Slice:
    """Where a part of the year's result goes.

    `basis` NET: `share` of the net income. REMAINDER: `share` of what is left of its source. TARGET:
    what the fund lacks to at least `share` of the net income, counting what earlier slices gave it.
    REST: everything that is left of its source. `source` PROFIT or SURPLUS takes from that only; ANY
    takes profit first, a dividend surplus first.
    """

    fund: str
    kind: str
    basis: str
    share: Fraction = Fraction(0)
    source: str = ANY
    cap: Cap | None = None


@dataclass(frozen=True)
class Patronage:
    """What a member's share is measured by.

    `by` HOURS, WAGES, EQUAL, or MIX: `hours_share` × their part of all hours + the rest × their part
    of all wages. Whoever has fewer than `least_hours` as a member has no share.
    """

    by: str = HOURS
    hours_share: Fraction = Fraction(1)
    least_hours: Fraction = Fraction(0)


@dataclass(frozen=True)
class Losses:
    """Who bears a loss.

    In the first `collective_years` fiscal years all of it is collective; later `collective_share` of
    it, with `up_to_balance` at most what the fund has. Members bear the rest by patronage. `fund` is
    the fund that bears ("": the policy's first collective one). Unless `below_zero`, no member
    account goes below 0: what exceeds it is carried forward collectively.
    """

    collective_years: int = 2
    collective_share: Fraction = Fraction(1, 4)
    fund: str = ""
    up_to_balance: bool = False
    below_zero: bool = True


@dataclass(frozen=True)
class Policy:
    """How a co-op closes its years. Rates and shares are fractions from 0 to 1, amounts minor units.

    Of each member's allocation `cash_rate` is paid, and all of one that is at most `all_in_cash`; the
    rest is a written notice, `is_qualified` or not. Under SUBCHAPTER_T a qualified dividend is paid
    at least a fifth in cash. `split` is what the members' part in all labour is measured by;
    UNDIVIDED takes all for theirs. `adopted` is the day on which members decided it.
    """

    name: str
    slices: tuple[Slice, ...]
    patronage: Patronage = field(default_factory=Patronage)
    cash_rate: Fraction = Fraction(1, 2)
    all_in_cash: int = 0
    is_qualified: bool = True
    regime: str = SUBCHAPTER_T
    losses: Losses = field(default_factory=Losses)
    split: str = HOURS
    adopted: date | None = None

    @property
    def collective(self) -> str:
        """The fund that bears losses and gets what nobody has a share in ("": there is none)."""
        return next((one.fund for one in self.slices if one.kind in BEARING), "")

    @property
    def bearing(self) -> str:
        """The fund that bears losses."""
        return self.losses.fund or self.collective

    @property
    def has_floor(self) -> bool:
        """Whether a fifth of each dividend has to be paid in cash."""
        return self.regime == SUBCHAPTER_T and self.is_qualified


def faults_of_policy(policy: Policy, path: str = "policy") -> Iterator[Fault]:
    """All that keeps years from being closed by a policy."""
    yield from _words(f"{path}.regime", policy.regime, REGIMES)
    yield from _words(f"{path}.split", policy.split, SPLITS)
    yield from _shares(f"{path}.cash_rate", policy.cash_rate)
    yield from _amounts(f"{path}.all_in_cash", policy.all_in_cash)
    yield from _words(f"{path}.patronage.by", policy.patronage.by, PATRONAGE)
    yield from _shares(f"{path}.patronage.hours_share", policy.patronage.hours_share)
    yield from _amounts(f"{path}.patronage.least_hours", policy.patronage.least_hours)
    yield from _amounts(f"{path}.losses.collective_years", policy.losses.collective_years)
    yield from _shares(f"{path}.losses.collective_share", policy.losses.collective_share)
    funds = {one.fund: one.kind for one in policy.slices if one.kind != DIVIDEND}
    if policy.losses.fund and policy.losses.fund not in funds:
        yield fault("unknown-fund", f"{path}.losses.fund", fund=policy.losses.fund)
    for index, one in enumerate(policy.slices):
        place = f"{path}.slices[{index}]"
        yield from _faults_of_slice(place, one)
        if funds.get(one.fund, one.kind) != one.kind:
            yield fault("two-kinds", f"{place}.kind", fund=one.fund)
        if (policy.regime, one.kind) == (SUBCHAPTER_T, DIVIDEND) and one.source != SURPLUS:
            yield fault("dividend-of-profit", f"{place}.source")
    yield from _faults_of_waterfall(f"{path}.slices", policy)


def _faults_of_slice(path: str, one: Slice) -> Iterator[Fault]:
    if not one.fund.strip():
        yield fault("no-name", f"{path}.fund")
    yield from _words(f"{path}.kind", one.kind, KINDS)
    yield from _words(f"{path}.basis", one.basis, BASES)
    yield from _words(f"{path}.source", one.source, SOURCES)
    yield from _shares(f"{path}.share", one.share)
    if one.cap:
        yield from _words(f"{path}.cap.kind", one.cap.kind, CAPS)
        yield from _amounts(f"{path}.cap.amount", one.cap.amount)
        yield from _shares(f"{path}.cap.share", one.cap.share)


def _faults_of_waterfall(path: str, policy: Policy) -> Iterator[Fault]:
    if not policy.slices:
        yield fault("no-slices", path)
        return
    if not policy.collective:
        yield fault("no-collective", path)
    if sum(one.kind == DIVIDEND for one in policy.slices) > 1:
        yield fault("two-dividends", path)
    ends = {one.source for one in policy.slices if one.basis == REST and not one.cap}
    if ANY not in ends:
        for source in (PROFIT, SURPLUS):
            if source not in ends:
                yield fault(f"not-all-{source}", path)


def _words(path: str, word: str, known: tuple[str, ...]) -> Iterator[Fault]:
    if word not in known:
        yield fault("unknown-word", path, word=word, known=", ".join(known))


def _shares(path: str, share: Fraction) -> Iterator[Fault]:
    if not 0 <= share <= 1:
        yield fault("share", path)


def _amounts(path: str, amount: Fraction | int) -> Iterator[Fault]:
    if amount < 0:
        yield fault("below-zero", path)
