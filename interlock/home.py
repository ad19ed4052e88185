"""The folder that holds all state: database, keys, what was published. And the keeping of secrets."""

import contextlib
import os
import secrets
from collections.abc import Callable
from pathlib import Path

ROOT = Path(__file__).resolve().parents[1]


def folder() -> Path:
    """The folder of the database, keys and published bundles; made once, for its owner only.

    Without INTERLOCK_HOME it is `var` in the checkout, or where an installed site is started.
    """
    checkout = ROOT if (ROOT / "pyproject.toml").exists() else Path.cwd()
    path = Path(os.environ.get("INTERLOCK_HOME", checkout / "var"))
    path.mkdir(mode=0o700, parents=True, exist_ok=True)
    return path.resolve()


def _random_text() -> str:
    return secrets.token_urlsafe(48)


def kept_secret(path: Path, make: Callable[[], str] = _random_text) -> str:
    """A secret that is made when first asked for and only read from then on.

    `make` draws one: random text unless it has to be something else, as a key of its own kind. It is
    written aside and linked into place whole, so that of two processes starting at once
    neither reads half of it, and both read the same.
    """
    if not path.exists():
        path.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
        draft = path.with_name(f"{path.name}.{secrets.token_hex(8)}")
        handle = os.open(draft, os.O_CREAT | os.O_EXCL | os.O_WRONLY, 0o600)
        with os.fdopen(handle, "w") as file:
            file.write(make())
            file.flush()
            os.fsync(file.fileno())
        with contextlib.suppress(FileExistsError):
            os.link(draft, path)
        draft.unlink()
    return path.read_text()
