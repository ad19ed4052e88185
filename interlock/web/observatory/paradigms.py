"""What the paradigm page says: three conditions with their states, and agreement, in words."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

from django.db import models
from django.utils.functional import Promise
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from interlock.web.look import amounts
from interlock.web.observatory.models import Reckoning
from interlock.web.observatory.queries import Counts

#: Krippendorff's usual limits, those of `interlock.methods.network.coding`.
FIRM, TENTATIVE = 0.8, 0.667
#: What the library needs to compare places before and after.
FEWEST_PLACES = 3
#: Agreement on fewer than these is not called firm, whatever its interval: that of all alike is a point.
FEWEST_POLICIES = 20

THIRD_ORDER, SIGMA, MONEY = (
    "third-order-present",
    "places-converge",
    "money-beyond-eligible-bidders",
)


class Verdict(models.TextChoices):
    """How a condition stands."""

    NONE = "none", gettext_lazy("No evidence yet")
    FOR = "for", gettext_lazy("For")
    AGAINST = "against", gettext_lazy("Against")
    UNKNOWN = "unknown", gettext_lazy("Cannot tell")


@dataclass(frozen=True)
class Condition:
    """One of the three: what would count, how it stands, and what the numbers are or what is missing."""

    title: str | Promise
    rule: str | Promise
    verdict: Verdict
    why: str

    @property
    def is_for(self) -> bool:
        return self.verdict == Verdict.FOR


def conditions(reckoned: Reckoning | None, counts: Counts) -> list[Condition]:
    """The three, in the order in which they are stated. The rules stand whatever the numbers are."""
    outcome = reckoned.outcome if reckoned else {}
    measures, holds = outcome.get("measures", {}), outcome.get("holds", {})
    told = (
        (
            _("Goals change"),
            _(
                "Among the policies that both coders coded alike, some are of the third order, and not "
                "only in one or two places: drawing places anew, the share stays above 0."
            ),
            *_third(measures.get("third-order"), holds.get(THIRD_ORDER), counts),
        ),
        (
            _("Places grow alike"),
            _(
                "Each place has a number: the mean order of its policies, above 0 towards interlocking, "
                "below 0 away from it. These numbers spread less in the later half of policies than in "
                "the earlier, and by more than exchanging the halves by a coin would give."
            ),
            *_sigma(measures.get("sigma"), holds.get(SIGMA), outcome.get("middle")),
        ),
        (
            _("Money goes from one to the other"),
            _(
                "Worker co-ops get a larger share of what residents decided than they would if each award "
                "went to one of its eligible bidders by lot."
            ),
            *_money(measures.get("share-of-money"), holds.get(MONEY)),
        ),
    )
    return [Condition(*one) for one in told]


def overall(conditions: Sequence[Condition]) -> str:
    """What the three say together, by the rule that all of them must hold."""
    verdicts = {one.verdict for one in conditions}
    if verdicts == {Verdict.FOR}:
        return _("All three conditions hold. By the rule below that is evidence, and no proof.")
    if Verdict.AGAINST in verdicts:
        return _("At least one of the three conditions speaks against it.")
    return _("What is coded and awarded so far cannot tell.")


def _verdict(holds: bool | None) -> Verdict:
    return {True: Verdict.FOR, False: Verdict.AGAINST}.get(holds, Verdict.UNKNOWN)  # type: ignore[arg-type]


def _third(
    one: Mapping[str, Any] | None, holds: bool | None, counts: Counts
) -> tuple[Verdict, str]:
    if not one or not one["n"]:
        if not counts.coded:
            return Verdict.NONE, _("No policy has been coded by two people.")
        return Verdict.NONE, _("Of the policies coded by two people, none has one order by both.")
    facts = {"share": _percent(one["value"]), "number": amounts.number(one["n"]), **_ends(one)}
    if holds is None:
        why = _(
            "Policies coded alike: %(number)s. Of these, %(share)s change goals, in so few places that it "
            "may be by chance."
        )
    elif holds:
        why = _(
            "Policies coded alike: %(number)s. Of these, %(share)s change goals (%(low)s to %(high)s)."
        )
    else:
        why = _("Policies coded alike: %(number)s. None of them changes goals.")
    return _verdict(holds), why % facts


def _sigma(
    one: Mapping[str, Any] | None, holds: bool | None, middle: str | None
) -> tuple[Verdict, str]:
    if not one or one["value"] is None:
        known = one["n"] if one else 0
        why = _(
            "It takes %(least)s places with policies coded alike both before and after the middle day. Such "
            "places: %(number)s."
        )
        told = {"least": amounts.number(FEWEST_PLACES), "number": amounts.number(known)}
        return Verdict.NONE, why % told
    beside = one["chance"]
    facts = {
        "change": amounts.number(one["value"]),
        "number": amounts.number(one["n"]),
        "low": amounts.number(beside["low"]),
        "high": amounts.number(beside["high"]),
        "day": amounts.calendar_day(date.fromisoformat(middle)) if middle else "",
    }
    why = _(
        "Places: %(number)s. Their spread changed by %(change)s after %(day)s; chance gives %(low)s to "
        "%(high)s."
    )
    return _verdict(holds), why % facts


def _money(one: Mapping[str, Any] | None, holds: bool | None) -> tuple[Verdict, str]:
    if not one or one["value"] is None:
        return Verdict.NONE, _("Nothing that residents decided has been awarded on this site.")
    beside = one["chance"] or {}
    facts = {"share": _percent(one["value"]), "number": amounts.number(one["n"])}
    if beside.get("low") is None:
        return Verdict.UNKNOWN, _("Awards: %(number)s. Co-ops got %(share)s of the money.") % facts
    facts |= {"low": _percent(beside["low"]), "high": _percent(beside["high"])}
    why = _(
        "Awards: %(number)s. Co-ops got %(share)s of the money; by lot among eligible bidders it would be "
        "%(low)s to %(high)s."
    )
    return _verdict(holds), why % facts


def _ends(one: Mapping[str, Any]) -> dict[str, str]:
    near = one["interval"] or {"low": None, "high": None}
    return {end: _percent(near[end]) for end in ("low", "high")}


def _percent(share: float | None) -> str:
    return "?" if share is None else f"{amounts.number(round(100 * share))}%"


@dataclass(frozen=True)
class Agreement:
    """How far the two blind coders agree on one question."""

    question: str | Promise
    value: str
    interval: str
    number: int
    meaning: str


def agreement(reckoned: Reckoning | None) -> list[Agreement]:
    """Krippendorff's alpha of order and direction, and what it means."""
    measures = reckoned.outcome["measures"] if reckoned else {}
    found = []
    for name, question in (("alpha-ordinal", _("Order")), ("alpha-nominal", _("Direction"))):
        one = measures.get(name)
        if one and one["n"]:
            value, near = one["value"], one["interval"]
            ends = [_two(near[end]) for end in ("low", "high")] if near else []
            found.append(
                Agreement(
                    question,
                    "" if value is None else _two(value),
                    _("%(low)s to %(high)s") % dict(zip(("low", "high"), ends, strict=True))
                    if len(ends) == 2
                    else "",
                    one["n"],
                    meaning(value, near and near["low"], one["n"]),
                )
            )
    return found


def meaning(alpha: float | None, low: float | None, number: int) -> str:
    """Krippendorff's alpha in words; `low` is the lower end of its interval."""
    if alpha is None:
        return _("All codes are the same, so that agreement cannot be told from habit.")
    if alpha >= TENTATIVE and (number < FEWEST_POLICIES or low is None or low < TENTATIVE):
        return _(
            "It looks well, but rests on so few policies that it may be far off: code more before "
            "concluding anything."
        )
    if alpha >= FIRM:
        return _("Firm: the two see the same, and conclusions can rest on it.")
    if alpha >= TENTATIVE:
        return _(
            "Tentative: conclusions are provisional, and the codebook may need a clearer line."
        )
    if alpha > 0:
        return _(
            "Too low: they agree more than dice would, but nothing should be concluded from it."
        )
    return _("None: they agree no more than dice would. Work on the codebook before anything else.")


def _two(value: float | None) -> str:
    return "?" if value is None else amounts.number(round(value, 2))
