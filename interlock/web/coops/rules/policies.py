"""Policies for a year's result: as data, with a form's numbers put into a model, and in plain words."""

import json
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, replace
from datetime import date
from fractions import Fraction
from typing import Any

from django.utils.functional import Promise
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, gettext_noop

from interlock.methods.formats import years as files
from interlock.methods.surplus import PRESETS, Policy, Slice
from interlock.methods.surplus.policy import (
    AMOUNT,
    BALANCE,
    BEARING,
    COMMONS,
    DIVIDEND,
    EQUAL,
    HOURS,
    MIX,
    NET,
    OF_WAGES,
    OTHER,
    PARTNERSHIP,
    PROFIT,
    REMAINDER,
    REST,
    SUBCHAPTER_T,
    SURPLUS,
    TARGET,
    UNDIVIDED,
    WAGES,
)
from interlock.web.coops.models import Coop, Decision
from interlock.web.coops.rules.access import today
from interlock.web.look.amounts import money, number

POT = gettext_noop("Commons pot")
# The library's own names of funds, so that a page can say them in the reader's language.
gettext_noop("Collective account")
gettext_noop("Reserve")
gettext_noop("Legal reserve")
gettext_noop("Mutual fund")
gettext_noop("Education and promotion")
gettext_noop("Dividend")
gettext_noop("Ristorni")

MODELS: Mapping[str, str | Promise] = {
    "selc": gettext_lazy("SELC, California: a quarter collective, half in cash"),
    "colab": gettext_lazy("CoLab: half collective, a fifth in cash"),
    "hypha": gettext_lazy("Hypha, Ontario: four fifths reserve, nothing in cash"),
    "mondragon": gettext_lazy("Mondragon: education, reserve, member accounts by wages"),
    "italy": gettext_lazy("Italy: legal reserve, mutual fund, ristorni"),
}
REGIMES: Mapping[str, str | Promise] = {
    SUBCHAPTER_T: gettext_lazy("US, Subchapter T: at least a fifth in cash, Form 1099-PATR"),
    PARTNERSHIP: gettext_lazy("US, a partnership (LLC): Schedule K-1"),
    OTHER: gettext_lazy("Another country, or none of these"),
}
BASES: Mapping[str, str | Promise] = {
    HOURS: gettext_lazy("By hours"),
    WAGES: gettext_lazy("By wages"),
    MIX: gettext_lazy("Half by hours, half by wages"),
    EQUAL: gettext_lazy("Equally"),
}
FROM: Mapping[str, str | Promise] = {
    NET: gettext_lazy("of the net income"),
    REMAINDER: gettext_lazy("of what is left for it"),
}


@dataclass(frozen=True)
class Numbers:
    """What the form asks for. Shares are fractions from 0 to 1."""

    collective: Fraction
    commons: Fraction = Fraction(0)
    commons_of: str = REMAINDER
    cash_rate: Fraction = Fraction(1, 2)
    by: str = HOURS
    least_hours: Fraction = Fraction(0)
    regime: str = SUBCHAPTER_T
    is_qualified: bool = True
    collective_years: int = 2
    loss_share: Fraction = Fraction(1, 4)


def why_not_rest_on(decision: Decision, coop: Coop, adopted_on: date) -> str | None:
    """Why a policy does not rest on this decision."""
    if decision.coop_id != coop.pk or not decision.is_carried or decision.decided_at is None:
        return _("A policy rests on a decision of the members that was carried.")
    if adopted_on < today(coop, decision.decided_at):
        return _("It cannot be adopted before it was decided.")
    return None


def numbers_of(policy: Policy) -> Numbers:
    """What the form shows of a policy."""
    pot = next((one for one in policy.slices if one.kind == COMMONS), None)
    kept = _kept(policy.slices)
    return Numbers(
        collective=policy.slices[kept].share if kept is not None else Fraction(0),
        commons=pot.share if pot else Fraction(0),
        commons_of=pot.basis if pot else REMAINDER,
        cash_rate=policy.cash_rate,
        by=policy.patronage.by,
        least_hours=policy.patronage.least_hours,
        regime=policy.regime,
        is_qualified=policy.is_qualified,
        collective_years=policy.losses.collective_years,
        loss_share=policy.losses.collective_share,
    )


def built(preset: str, told: Numbers) -> Policy:
    """A model with these numbers in place of its own."""
    model = PRESETS[preset]
    slices = list(model.slices)
    kept = _kept(slices)
    if kept is not None:
        slices[kept] = replace(slices[kept], share=told.collective)
    if told.commons:
        # Before the members' dividend, which takes the rest.
        at = next(at for at, one in enumerate(slices) if one.kind == DIVIDEND)
        slices.insert(at, Slice(POT, COMMONS, told.commons_of, told.commons))
    share = Fraction(1, 2) if told.by == MIX else Fraction(1)
    return replace(
        model,
        slices=tuple(slices),
        cash_rate=told.cash_rate,
        patronage=replace(
            model.patronage, by=told.by, hours_share=share, least_hours=told.least_hours
        ),
        regime=told.regime,
        is_qualified=told.is_qualified,
        losses=replace(
            model.losses,
            collective_years=told.collective_years,
            collective_share=told.loss_share,
        ),
    )


def _kept(slices: tuple[Slice, ...] | list[Slice]) -> int | None:
    """Where the slice is whose share the form calls collective."""
    found = (
        at
        for at, one in enumerate(slices)
        if one.kind in BEARING and one.basis in (TARGET, NET, REMAINDER)
    )
    return next(found, None)


def read(body: Mapping[str, Any]) -> Policy:
    """A policy from its data. Raises SurplusError."""
    (one,) = files.read(json.dumps({"net": 0, "policy": body}).encode())
    return one.year.policy


def as_data(policy: Policy) -> dict[str, Any]:
    """A policy as `interlock surplus` reads it."""
    return {
        "name": policy.name,
        "slices": [_slice(one) for one in policy.slices],
        "patronage": {
            "by": policy.patronage.by,
            "hours_share": plain(policy.patronage.hours_share),
            "least_hours": plain(policy.patronage.least_hours),
        },
        "cash_rate": plain(policy.cash_rate),
        "all_in_cash": policy.all_in_cash,
        "qualified": policy.is_qualified,
        "regime": policy.regime,
        "split": policy.split,
        "losses": {
            "collective_years": policy.losses.collective_years,
            "collective_share": plain(policy.losses.collective_share),
            "fund": policy.losses.fund,
            "up_to_balance": policy.losses.up_to_balance,
            "below_zero": policy.losses.below_zero,
        },
    }


def _slice(one: Slice) -> dict[str, Any]:
    told: dict[str, Any] = {
        "fund": one.fund,
        "kind": one.kind,
        "basis": one.basis,
        "share": plain(one.share),
        "source": one.source,
    }
    if one.cap:
        cap = {"kind": one.cap.kind, "amount": one.cap.amount, "share": plain(one.cap.share)}
        told["cap"] = cap
    return told


def plain(number: Fraction) -> int | float:
    """A number for a file. It has few decimals, and JSON's writer gives back exactly those."""
    return int(number) if number.denominator == 1 else float(number)


def percent(share: Fraction) -> str:
    return number(float(share * 100))


def in_words(policy: Policy, currency: str) -> Iterator[str]:
    """What a policy does, a sentence at a time."""
    if policy.split != UNDIVIDED:
        yield _(
            "What members earned by their own work is the surplus; what others earned, and income "
            "that nobody worked for, is the profit."
        )
    for one in policy.slices:
        yield _slice_in_words(one, currency)
    yield {
        HOURS: _("Members share by the hours they worked as members."),
        WAGES: _("Members share by their wages."),
        MIX: _("Members share half by hours and half by wages."),
        EQUAL: _("Members share equally."),
    }[policy.patronage.by]
    if policy.patronage.least_hours:
        yield _("Whoever has fewer than %(hours)s hours in the year has no share.") % {
            "hours": number(float(policy.patronage.least_hours))
        }
    if policy.cash_rate == 1:
        yield _("All of each share is paid in cash.")
    elif policy.cash_rate or policy.has_floor:
        yield _("Of each share %(percent)s%% is paid in cash, the rest goes into the account.") % {
            "percent": percent(policy.cash_rate)
        }
    else:
        yield _("Nothing of it is paid in cash: each share goes into the account.")
    if policy.has_floor:
        yield _("At least a fifth of each share is cash, rounded up (26 USC 1388(c)(1)).")
    if policy.losses.collective_share == 1:
        yield _("The co-op as a whole bears losses.")
    else:
        if policy.losses.collective_years:
            yield _("In the first %(years)s years the co-op as a whole bears a loss.") % {
                "years": policy.losses.collective_years
            }
        yield _(
            "Of a loss the co-op bears %(percent)s%%, the members the rest by their shares."
        ) % {"percent": percent(policy.losses.collective_share)}


def _slice_in_words(one: Slice, currency: str) -> str:
    source = {PROFIT: _("the profit"), SURPLUS: _("the surplus")}.get(one.source, _("the result"))
    told = {"fund": _(one.fund), "percent": percent(one.share), "source": source}
    words = {
        NET: _("%(fund)s: %(percent)s%% of the net income."),
        REMAINDER: _("%(fund)s: %(percent)s%% of what is left of %(source)s."),
        TARGET: _(
            "%(fund)s: as much of %(source)s as it lacks to %(percent)s%% of the net income."
        ),
        REST: _("%(fund)s: everything that is left of %(source)s."),
    }[one.basis] % told
    if one.cap is None:
        return words
    most = {
        AMOUNT: _("At most %(most)s."),
        BALANCE: _("Until the fund has %(most)s."),
        OF_WAGES: _("At most %(percent)s%% of the members’ wages."),
    }[one.cap.kind] % {"most": money(one.cap.amount, currency), "percent": percent(one.cap.share)}
    return f"{words} {most}"
