"""Each box's link key: a file outside the database, destroyed when the box is unsealed."""

import hmac
from collections.abc import Callable
from pathlib import Path
from uuid import UUID

from django.conf import settings

from interlock.home import kept_secret


def _path(box_ref: UUID) -> Path:
    return Path(settings.INTERLOCK_HOME) / "link-keys" / str(box_ref)


def make(box_ref: UUID) -> None:
    """Make the key of a box that opens. Only here: a second key would let everyone vote twice."""
    kept_secret(_path(box_ref))


def keyed_by(box_ref: UUID) -> Callable[[str], str]:
    """HMAC-SHA256 of texts by the box's key. FileNotFoundError when the key is gone."""
    key, box = _path(box_ref).read_bytes(), f"{box_ref}\n"

    def keyed(text: str) -> str:
        return hmac.digest(key, (box + text).encode(), "sha256").hex()

    return keyed


def handle_of(entry_ref: UUID) -> str:
    """What is keyed to name a roll entry's envelope: without the key nobody can tell whose it is."""
    return f"handle\n{entry_ref}"


def destroy(box_ref: UUID) -> None:
    _path(box_ref).unlink(missing_ok=True)
