"""Real lists and tables, which are never part of this repository."""

import os
from pathlib import Path

import pytest


def real(name: str, called: str = "set INTERLOCK_DATA") -> Path:
    """A real file by its place among the data; the test is not run where it is not here."""
    beside = Path(__file__).resolve().parents[2] / ".." / "shared" / "data"
    path = Path(os.environ.get("INTERLOCK_DATA", beside)) / name
    if not path.is_file():
        pytest.skip(f"real files are not here ({called})")
    return path
