"""Seals: what opens them, and what does not."""

import os
import stat
from pathlib import Path

import pytest

from interlock.web.delivery import sealing


def test_what_is_sealed_to_the_site_is_opened_by_its_file_alone(home: Path) -> None:
    public = sealing.make("7")
    assert sealing.make("7") == public
    sealed = sealing.seal(b"45000", [public])
    assert sealing.opened_by_site(sealed, "7") == b"45000"
    file = home / "seals" / "7.key"
    assert stat.S_IMODE(os.stat(file).st_mode) == 0o600
    assert stat.S_IMODE(os.stat(file.parent).st_mode) == 0o700
    sealing.destroy("7")
    with pytest.raises(FileNotFoundError):
        sealing.opened_by_site(sealed, "7")


def test_all_of_one_block_have_one_length() -> None:
    public = sealing.make("7")
    lengths = {
        len(sealing.seal(b"x" * size, [public])) for size in (0, 1, 5_000, sealing.BLOCK - 8)
    }
    assert lengths == {sealing.BLOCK + 48}
    assert len(sealing.seal(b"x" * (sealing.BLOCK - 7), [public])) == 2 * sealing.BLOCK + 48


def test_the_same_sealed_twice_is_not_the_same() -> None:
    public = sealing.make("7")
    assert sealing.seal(b"45000", [public]) != sealing.seal(b"45000", [public])


def test_two_codes_open_together_and_neither_alone() -> None:
    (first, one), (second, two) = sealing.draw(), sealing.draw()
    sealed = sealing.seal(b"45000", [one, two])
    assert sealing.opener("7", [first, second.lower()])(sealed) == b"45000"
    for codes in ([first], [second], [second, first]):
        with pytest.raises(sealing.Tampered):
            sealing.opener("7", codes)(sealed)


def test_a_code_knows_its_own_key_and_shows_a_slip() -> None:
    (first, one), (_second, two) = sealing.draw(), sealing.draw()
    assert sealing.is_of(first.replace("-", " "), one)
    assert not sealing.is_of(first, two)
    slip = ("1" if first[0] == "0" else "0") + first[1:]
    assert not sealing.is_of(slip, one)
    with pytest.raises(ValueError, match="slip"):
        sealing.opener("7", [slip])


@pytest.mark.parametrize("place", [0, 40, 100, -1])
def test_one_changed_byte_opens_nothing(place: int) -> None:
    public = sealing.make("7")
    sealed = bytearray(sealing.seal(b"45000", [public]))
    sealed[place] ^= 1
    with pytest.raises(sealing.Tampered):
        sealing.opened_by_site(bytes(sealed), "7")
