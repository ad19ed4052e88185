"""Amounts and moments as people write them, in the reader's language and the site's region."""

import re
from datetime import date, datetime
from decimal import Decimal
from fractions import Fraction
from functools import lru_cache
from zoneinfo import ZoneInfo

from babel import Locale, UnknownLocaleError
from babel.dates import format_date, format_time, get_timezone_name
from babel.numbers import (
    format_currency,
    format_decimal,
    get_currency_precision,
    get_currency_symbol,
    get_decimal_symbol,
    get_group_symbol,
    list_currencies,
)
from babel.units import format_unit
from django.conf import settings
from django.utils.translation import get_language

#: Those that a form offers. Any currency of ISO 4217 can be written.
CURRENCIES = (
    "USD", "EUR", "GBP", "CAD", "MXN", "ARS", "BRL", "CLP", "COP", "PEN",
    "PLN", "CHF", "SEK", "NOK", "DKK", "CZK", "HUF", "AUD", "NZD", "INR", "JPY", "KRW", "ZAR",
)  # fmt: skip

# Amounts and moments as they were written before: pages repeat them, and Babel takes its time.
REMEMBERED = 4_096


@lru_cache
def _locale(language: str) -> Locale:
    try:
        return Locale.parse(f"{language}_{settings.INTERLOCK_REGION}")
    except UnknownLocaleError:
        return Locale.parse(language)


def locale() -> Locale:
    return _locale(get_language() or settings.LANGUAGE_CODE)


@lru_cache
def is_currency(code: str) -> bool:
    return code in list_currencies()


def precision(currency: str) -> int:
    """How many decimals a currency has: 2 for USD, 0 for JPY."""
    return get_currency_precision(currency)


def money(minor: int | Fraction, currency: str) -> str:
    """An amount in minor units, written with its currency; no decimals where they are all zero.

    A fraction of a minor unit (a share, a payment) is shown rounded to the nearest one.
    """
    return _money(round(minor), currency, locale())


@lru_cache(REMEMBERED)
def _money(whole: int, currency: str, locale: Locale) -> str:
    digits = precision(currency)
    amount = Decimal(whole).scaleb(-digits)
    pattern = locale.currency_formats["standard"].pattern
    if whole % 10**digits == 0:
        pattern = pattern.replace(".00", "")
    else:
        pattern = pattern.replace(".00", "." + "0" * digits)
    if get_currency_symbol(currency, locale)[-1].isalpha():
        pattern = pattern.replace("¤#", "¤\u00a0#")
    return format_currency(amount, currency, pattern, locale, currency_digits=False)


def number(value: float) -> str:
    return _number(value, locale())


@lru_cache(REMEMBERED)
def _number(value: float, locale: Locale) -> str:
    return format_decimal(value, locale=locale)


def number_text(minor: int, currency: str) -> str:
    """An amount as one would type it into a field: grouped, without the currency."""
    digits = precision(currency)
    decimals = "" if minor % 10**digits == 0 else "." + "0" * digits
    return format_decimal(Decimal(minor).scaleb(-digits), f"#,##0{decimals}", locale())


def minor_units(text: str, currency: str) -> int:
    """An amount as typed in the reader's way (1,234.50 or 1234.5) in minor units.

    Raises ValueError with a sentence when it is no amount of that currency.
    """
    group, decimal = get_group_symbol(locale()), get_decimal_symbol(locale())
    plain = re.sub(r"[\s$€£]", "", text)
    # Group signs stand between groups of three or nowhere: 1,5 is no fifteen, nor 1234,50 a lot.
    # Decimal itself also reads 1_000, NaN, 1e999 and the digits of every script.
    whole = rf"[0-9]{{1,13}}|[0-9]{{1,3}}(?:{re.escape(group)}[0-9]{{3}}){{1,4}}"
    if not re.fullmatch(rf"(?:{whole})(?:{re.escape(decimal)}[0-9]{{1,4}})?", plain):
        raise ValueError(f"{text!r} is not an amount")
    plain = plain.replace(group, "").replace(decimal, ".")
    digits = precision(currency)
    amount = Decimal(plain).scaleb(digits)
    if amount != amount.to_integral_value():
        raise ValueError(f"{text!r} is not an amount")
    return int(amount)


def moment(at: datetime, zone: str) -> str:
    """A moment in the named IANA zone: Sunday, May 16, 2027, 8:00 PM."""
    return _moment(at, zone, locale())


@lru_cache(REMEMBERED)
def _moment(at: datetime, zone: str, locale: Locale) -> str:
    local = at.astimezone(ZoneInfo(zone))
    day, time = format_date(local, "full", locale), format_time(local, "short", locale=locale)
    return f"{day}, {time}".replace("\u202f", "\u00a0")


def day(at: datetime, zone: str) -> str:
    return format_date(at.astimezone(ZoneInfo(zone)), "long", locale())


def calendar_day(day: date) -> str:
    """A day of the calendar, wherever one is: March 1, 2011."""
    return format_date(day, "long", locale())


def zone_name(at: datetime, zone: str) -> str:
    """What people call the zone at that moment: "Central Daylight Time"."""
    return _zone_name(at, zone, locale())


def zoned(at: datetime, zone: str) -> str:
    """A moment with its zone: Sunday, May 16, 2027, 8:00 PM, Central Daylight Time."""
    return f"{moment(at, zone)}, {zone_name(at, zone)}"


@lru_cache(REMEMBERED)
def _zone_name(at: datetime, zone: str, locale: Locale) -> str:
    return get_timezone_name(at.astimezone(ZoneInfo(zone)), locale=locale)


KM_A_MILE = 1.609344
#: Where people say in miles how far something is.
IN_MILES = ("US", "GB", "LR")


def distance(km: float) -> str:
    """How far something is, in the unit of the site's region: 12 miles, 2.5 miles, 19 kilometers."""
    in_miles = settings.INTERLOCK_REGION in IN_MILES
    far = km / KM_A_MILE if in_miles else km
    unit = "length-mile" if in_miles else "length-kilometer"
    return format_unit(round(far, 1 if far < 10 else 0), unit, "long", "#,##0.#", locale())
