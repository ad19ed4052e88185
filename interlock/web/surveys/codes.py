"""The codes of respondents. A respondent holds one; all others that they get follow from it.

So nothing has to be kept that could be shown again: whoever comes with the code gets the same
coupons, the same link and the same leave, and the database has hashes of each, with no key from the
link or the leave to the respondent. Symbols, check and keyed hash are those of voting codes.
"""

import hashlib
import hmac

from django.conf import settings

from interlock.web.voting.codes import (
    code_of,
    grouped,
    hashed,
    is_voting_code,
    new_voting_code,
    typed,
)

__all__ = ["derived", "grouped", "hash_of", "is_code", "new_code", "read"]

new_code = new_voting_code
is_code = is_voting_code
read = typed


def hash_of(code: str, purpose: str) -> str:
    """The keyed hash of a code that is kept; a code for one thing opens nothing else."""
    return hashed(code, f"survey {purpose}")


def derived(code: str, purpose: str, number: int = 0) -> str:
    """The code for something else that follows from a respondent's own, and never leads back to it."""
    key = hashlib.sha256(f"survey codes\n{settings.SECRET_KEY}".encode()).digest()
    drawn = hmac.digest(key, f"{purpose}\n{number}\n{code}".encode(), "sha256")
    return code_of(int.from_bytes(drawn) >> (256 - 65))
