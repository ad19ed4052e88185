"""Codes that people type."""

from hypothesis import given
from hypothesis import strategies as st

from interlock.web.voting import codes

bodies = st.text(codes.ALPHABET, min_size=13, max_size=13)


def test_new_code_is_valid_and_new() -> None:
    made = {codes.new_voting_code() for _ in range(200)}
    assert (len(made), all(map(codes.is_voting_code, made))) == (200, True)


@given(bodies, st.integers(0, 13), st.sampled_from(codes.ALPHABET))
def test_one_wrong_symbol_is_noticed(body: str, place: int, symbol: str) -> None:
    code = body + codes._check_symbol(body)
    wrong = code[:place] + symbol + code[place + 1 :]
    assert codes.is_voting_code(wrong) is (wrong == code)


@given(st.text(max_size=30))
def test_typing_anything_breaks_nothing(text: str) -> None:
    assert codes.typed(codes.typed(text)) == codes.typed(text)


def test_hash_differs_by_purpose() -> None:
    assert codes.hashed("A", "vote") != codes.hashed("A", "draft")
