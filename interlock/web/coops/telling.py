"""The library's sentences on a year, in the reader's language and currency."""

from dataclasses import dataclass
from decimal import Decimal
from fractions import Fraction

from babel.numbers import format_decimal
from django.utils.translation import gettext as _
from django.utils.translation import gettext_noop

from interlock.methods.surplus import Closed, Fault, Step, sentence
from interlock.methods.surplus.policy import DIVIDEND
from interlock.web.coops.queries.years import slice_called
from interlock.web.look import amounts


def told_fault(one: Fault) -> str:
    return sentence(one, translate=_)


def told(step: Step, currency: str) -> str:
    """A step of the arithmetic as a sentence; amounts are exact, beyond the smallest unit too."""
    facts = {
        name: _(fact) if name == "fund" and isinstance(fact, str) else fact
        for name, fact in step.facts.items()
    }
    return sentence(
        Step(step.code, step.amounts, facts),
        translate=_,
        money=lambda amount: exact_money(amount, currency),
        number=exact_number,
    )


def exact_money(amount: Fraction, currency: str) -> str:
    whole = Fraction(amount)
    if whole.denominator == 1:
        return amounts.money(int(whole), currency)
    digits = amounts.precision(currency)
    for places in (1, 2, 3, 4):
        if (whole * 10**places).denominator == 1:
            return _decimals(whole / 10**digits, digits + places)
    return f"{_decimals(Fraction(int(whole * 100), 100 * 10**digits), digits + 2)}…"


def exact_number(value: Fraction) -> str:
    for places in range(5):
        if (value * 10**places).denominator == 1:
            return _decimals(value, places)
    # Without an end, as a part of a coin that rounding cut off: year.json has the fraction.
    return f"{_decimals(Fraction(int(value * 10**4), 10**4), 4)}…"


def _decimals(value: Fraction, places: int) -> str:
    """A value of so many decimals as the reader writes it; written by whole numbers, never floats."""
    scaled = Decimal(int(value * 10**places)).scaleb(-places)
    pattern = "#,##0" + ("." + "0" * places if places else "")
    return format_decimal(scaled, pattern, amounts.locale(), decimal_quantization=False)


@dataclass(frozen=True)
class Chapter:
    """Some steps of the arithmetic under a heading, with what it is about in plain words."""

    title: str
    why: str
    steps: list[str]


def chapters(closed: Closed, currency: str) -> list[Chapter]:
    """The arithmetic that concerns all: whose work it was, what each fund gets, how members share."""
    found = [
        Chapter(_(title), _(why), [told(step, currency) for step in steps])
        for codes, title, why in OPENING
        if (steps := [step for step in closed.opening if step.code.startswith(codes)])
    ]
    for one in closed.given:
        is_dividend = one.slice.kind == DIVIDEND
        title = _("For the members") if is_dividend else slice_called(one.slice)
        found.append(Chapter(title, "", [told(step, currency) for step in one.steps]))
    if closed.sharing:
        found.append(
            Chapter(
                _("By what the members share"),
                _(
                    "Each member gets the part of it that is their part of all that is counted here."
                ),
                [told(step, currency) for step in closed.sharing],
            )
        )
    return found


#: The first steps of a year by how their codes begin: a heading, and what it is about.
OPENING = (
    (("late",), gettext_noop("The policy came late"), ""),
    (
        ("labour",),
        gettext_noop("Whose work it was"),
        gettext_noop(
            "What members earned by their own work is told apart from what others earned."
        ),
    ),
    (
        ("split", "surplus"),
        gettext_noop("Surplus and profit"),
        gettext_noop(
            "The surplus is what members earned by their own work: the net income without what "
            "nobody worked for, times their part of the work. The profit is all the rest."
        ),
    ),
    (("loss",), gettext_noop("Who bears the loss"), ""),
)
