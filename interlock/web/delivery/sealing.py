"""The seals of bids: libsodium's sealed boxes, opened by keys that lie outside the database.

Anybody can seal to a public key, and only its private half opens: the site that seals a bid cannot
open it with anything it has in its database. That half is a file of the home folder; or two halves
are held by two custodians, each as a code that was shown to them once and is kept nowhere. A sealed
box is as long as what is in it, so all is filled up to whole blocks first.

This keeps bids from organisers, evaluators, and whoever reads the database or a back-up of it. It
does not keep them from who runs the host: they can read what is typed while it is being sealed.
"""

import hmac
import secrets
from collections.abc import Callable, Sequence
from pathlib import Path

from django.conf import settings
from nacl.encoding import HexEncoder
from nacl.exceptions import CryptoError
from nacl.public import PrivateKey, PublicKey, SealedBox

from interlock.home import kept_secret
from interlock.web.voting.codes import code_of, grouped, is_code, number_of, typed

BLOCK = 8 * 1024
#: The key to which drafts are sealed, that the site opens for who prepares them.
DRAFTS = "drafts"
#: The file of the secret by which marks are made.
MARKS = "marks.secret"
_LENGTH = 8
_SYMBOLS = 52  # of five bits each, for a key's 256


class Tampered(Exception):
    """What was sealed is not what there is, or the key is another one."""


def make(name: str) -> str:
    """Make the key of that name where there is none yet; its public half, in hexadecimal."""
    kept_secret(_path(name), lambda: _hex(PrivateKey.generate()))
    return _hex(_kept(name).public_key)


def draw() -> tuple[str, str]:
    """A key that is kept nowhere: as a code to be shown once, and its public half."""
    private = PrivateKey(secrets.token_bytes(PrivateKey.SIZE))
    code = code_of(int.from_bytes(bytes(private)), _SYMBOLS)
    return grouped(code), _hex(private.public_key)


def is_of(text: str, public: str) -> bool:
    """Whether a code, as somebody typed it, is that of this public half."""
    private = _of_code(text)
    return private is not None and _hex(private.public_key) == public


def seal(data: bytes, public: Sequence[str]) -> bytes:
    """Seal to one public key, and that to the next: all of their private halves open it."""
    filled = len(data).to_bytes(_LENGTH) + data
    sealed = filled + bytes(-len(filled) % BLOCK)
    for key in public:
        sealed = SealedBox(PublicKey(key.encode(), HexEncoder)).encrypt(sealed)
    return sealed


def opened_by_site(sealed: bytes, name: str) -> bytes:
    """What was sealed to the key of that name. FileNotFoundError where it is gone."""
    return _opened(sealed, [_kept(name)])


def opener(name: str, codes: Sequence[str] = ()) -> Callable[[bytes], bytes]:
    """What opens seals: by the codes of the custodians, in their order, or else by the kept key.

    FileNotFoundError where the key is gone; ValueError for a code with a slip in it.
    """
    keys = [_of_code(code) for code in codes] if codes else [_kept(name)]
    private = [key for key in keys if key is not None]
    if len(private) != len(keys):
        raise ValueError("a code has a slip in it")
    return lambda sealed: _opened(sealed, private)


def mark(text: str) -> str:
    """The same for the same text; without a secret that lies beside the keys nobody tells of what."""
    key = kept_secret(Path(settings.INTERLOCK_HOME) / "seals" / MARKS)
    return hmac.new(key.encode(), text.encode(), "sha256").hexdigest()


def no_mark() -> str:
    """What looks like one, and is of nothing."""
    return secrets.token_hex(PrivateKey.SIZE)


def destroy(name: str) -> None:
    """What was sealed to it is never read by anybody."""
    _path(name).unlink(missing_ok=True)


def _opened(sealed: bytes, private: Sequence[PrivateKey]) -> bytes:
    try:
        for key in reversed(private):
            sealed = SealedBox(key).decrypt(sealed)
    except CryptoError:
        raise Tampered from None
    length = int.from_bytes(sealed[:_LENGTH])
    if length > len(sealed) - _LENGTH:
        raise Tampered
    return sealed[_LENGTH : _LENGTH + length]


def _of_code(text: str) -> PrivateKey | None:
    code = typed(text)
    if not is_code(code, _SYMBOLS) or number_of(code).bit_length() > 8 * PrivateKey.SIZE:
        return None
    return PrivateKey(number_of(code).to_bytes(PrivateKey.SIZE))


def _kept(name: str) -> PrivateKey:
    return PrivateKey(_path(name).read_text().encode(), HexEncoder)


def _path(name: str) -> Path:
    return Path(settings.INTERLOCK_HOME) / "seals" / f"{name}.key"


def _hex(key: PrivateKey | PublicKey) -> str:
    return bytes(key).hex()
