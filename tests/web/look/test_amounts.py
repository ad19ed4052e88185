"""Money and moments as people write them."""

from datetime import UTC, datetime
from fractions import Fraction

import pytest
from django.utils.translation import override
from hypothesis import given
from hypothesis import strategies as st

from interlock.web.look import amounts


@pytest.mark.parametrize(
    ("minor", "currency", "language", "written"),
    [
        (6_400_000, "USD", "en", "$64,000"),
        (6_400_050, "USD", "en", "$64,000.50"),
        (6_400_000, "USD", "es", "$64,000"),
        (0, "USD", "en", "$0"),
        (500, "JPY", "en", "¥500"),
        (99_507_900, "PLN", "en", "PLN\u00a0995,079"),
        (Fraction(1, 3), "USD", "en", "$0"),
        (Fraction(30_168_333, 1000), "USD", "en", "$301.68"),
        (-150, "USD", "en", "-$1.50"),
    ],
)
def test_money_is_written_in_the_readers_way(
    minor: int | Fraction, currency: str, language: str, written: str
) -> None:
    with override(language):
        assert amounts.money(minor, currency) == written


@pytest.mark.parametrize(
    ("typed", "minor"),
    [("1,250", 125_000), ("1250.5", 125_050), ("$1,250.50", 125_050), (" 12 ", 1_200), ("0", 0)],
)
def test_typed_amount_is_read(typed: str, minor: int) -> None:
    with override("en"):
        assert amounts.minor_units(typed, "USD") == minor


@pytest.mark.parametrize(
    "typed",
    [
        "",
        "abc",
        "1.234",
        "NaN",
        "1e999",
        "Infinity",
        "１２",
        "1_000",
        "9" * 30,
        "--1",
        "1234,50",
        "1,5",
        "12,34,567",
    ],
)
def test_anything_else_is_refused(typed: str) -> None:
    with override("en"), pytest.raises(ValueError, match="not an amount"):
        amounts.minor_units(typed, "USD")


@given(st.integers(0, 10**13))
def test_what_a_field_shows_is_read_back(minor: int) -> None:
    with override("en"):
        assert amounts.minor_units(amounts.number_text(minor, "USD"), "USD") == minor


def test_moment_stands_in_its_zone() -> None:
    at = datetime(2027, 5, 17, 1, 0, tzinfo=UTC)
    with override("en"):
        assert amounts.moment(at, "America/Chicago") == "Sunday, May 16, 2027, 8:00\u00a0PM"
        assert amounts.zone_name(at, "America/Chicago") == "Central Daylight Time"
    with override("es"):
        assert amounts.moment(at, "America/Chicago").startswith("domingo, 16 de mayo de 2027")
