"""What the library's tests share: where the real files are, when they are here."""

import os
from pathlib import Path

import pytest


@pytest.fixture(scope="session")
def real_files() -> Path:
    """The folder of real `.pb` files, which are never part of this repository."""
    beside = Path(__file__).resolve().parents[3] / "shared" / "data"
    folder = Path(os.environ.get("INTERLOCK_DATA", beside)) / "pb" / "open"
    if not folder.is_dir():
        pytest.skip("real files are not here (set INTERLOCK_DATA)")
    return folder
