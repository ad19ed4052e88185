from fractions import Fraction

from hypothesis import given
from hypothesis import strategies as st

from interlock.methods.formats.amounts import Amount, decimal_text, rounded_text


@given(st.integers(0, 10**30), st.sampled_from([1, 10, 100, 1000]))
def test_written_amount_reads_back_exactly(amount: int, unit: int) -> None:
    assert Amount.read(decimal_text(amount, unit)).times(unit) == amount


def test_reading_rounds_half_up_to_cents() -> None:
    assert rounded_text(Fraction(1005, 1000), 1) == "1.01"
    assert rounded_text(Fraction(2, 3), 1) == "0.67"
    assert rounded_text(Fraction(123456789), 100) == "1,234,567.89"
    assert rounded_text(Fraction(199999, 100000), 1) == "2"
