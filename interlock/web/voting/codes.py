"""Codes that people type: Crockford's 32 symbols, read leniently, kept only as keyed hashes.

A voting code has 13 random symbols (65 bits, ASVS 6.6.3 asks for 64) and one that checks them;
a draft's code has 10 (50 bits, it opens only choices that nobody has cast). A receipt is the first
20 hexadecimal digits of a ballot's leaf.
"""

import hashlib
import hmac
import secrets

from django.conf import settings

ALPHABET = "0123456789ABCDEFGHJKMNPQRSTVWXYZ"
VOTING_SYMBOLS = 13
DRAFT_SYMBOLS = 10
RECEIPT_DIGITS = 20
_ALIKE = str.maketrans("OILU", "011V")


def new_voting_code() -> str:
    return code_of(secrets.randbits(5 * VOTING_SYMBOLS))


def code_of(number: int, symbols: int = VOTING_SYMBOLS) -> str:
    """The code that stands for a number of five bits a symbol, with the symbol that checks it."""
    body = "".join(ALPHABET[number >> 5 * place & 31] for place in reversed(range(symbols)))
    return body + _check_symbol(body)


def number_of(code: str) -> int:
    """The number that a code stands for; its last symbol only checks it."""
    number = 0
    for symbol in code[:-1]:
        number = number << 5 | ALPHABET.index(symbol)
    return number


def new_draft_code() -> str:
    return "".join(secrets.choice(ALPHABET) for _ in range(DRAFT_SYMBOLS))


def typed(text: str) -> str:
    """The code somebody typed, without spaces and dashes, and with O, I, L and U read as meant."""
    return "".join(text.upper().split()).replace("-", "").translate(_ALIKE)


def typed_receipt(text: str) -> str | None:
    """The receipt's code in what somebody typed or pasted, its whole address included."""
    code = "".join(text.lower().replace("-", "").split()).rstrip("/").split("/")[-1]
    good = len(code) == RECEIPT_DIGITS and set(code) <= set("0123456789abcdef")
    return code if good else None


def grouped(code: str) -> str:
    """For letters and pages: `7K2D-9XQ4-M0RT-A5`."""
    return "-".join(code[start : start + 4] for start in range(0, len(code), 4))


def is_voting_code(code: str) -> bool:
    return is_code(code, VOTING_SYMBOLS)


def is_code(code: str, symbols: int) -> bool:
    """Whether a code could be one at all: right length, known symbols, right last symbol."""
    return (
        len(code) == symbols + 1
        and set(code) <= set(ALPHABET)
        and _check_symbol(code[:-1]) == code[-1]
    )


def hashed(code: str, purpose: str) -> str:
    """The keyed hash that stands in the database; the key does not."""
    key = hashlib.sha256(f"{purpose}\n{settings.SECRET_KEY}".encode()).digest()
    return hmac.new(key, code.encode(), hashlib.sha256).hexdigest()


def _check_symbol(body: str) -> str:
    """Odd weights make every single wrong symbol show, and most swaps of neighbours."""
    total = sum((2 * place + 1) * ALPHABET.index(symbol) for place, symbol in enumerate(body))
    return ALPHABET[total % len(ALPHABET)]
