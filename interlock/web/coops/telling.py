"""The library's sentences on a year, in the reader's language and currency."""

from decimal import Decimal
from fractions import Fraction

from babel.numbers import format_decimal
from django.utils.translation import gettext as _

from interlock.methods.surplus import Fault, Step, number_text, sentence
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
    return number_text(value)


def _decimals(value: Fraction, places: int) -> str:
    """A value of so many decimals as the reader writes it; written by whole numbers, never floats."""
    scaled = Decimal(int(value * 10**places)).scaleb(-places)
    pattern = "#,##0" + ("." + "0" * places if places else "")
    return format_decimal(scaled, pattern, amounts.locale(), decimal_quantization=False)
