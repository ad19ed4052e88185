"""The tables of the tests' SQLite, kept from one run to the next until a migration is new.

To migrate from nothing, Django renders some thirteen thousand models: most of the time of a run of
a few tests. PostgreSQL is always migrated from nothing.
"""

import fcntl
import shutil
import sqlite3
from collections.abc import Callable, Iterator
from contextlib import closing, contextmanager
from hashlib import sha256
from importlib.metadata import version
from pathlib import Path

ROOMS = Path(__file__).parent.parent / "interlock/web"


@contextmanager
def kept_tables(folder: Path, database: Path) -> Iterator[Callable[[], None]]:
    """Begin the database with the tables in the folder; gives what keeps them there.

    Of several processes the first migrates, and the others wait for it.
    """
    kept = folder / f"{_migrations()}.sqlite3"
    with (folder / "lock").open("w") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        if kept.exists():
            shutil.copyfile(kept, database)
            fcntl.flock(lock, fcntl.LOCK_UN)

        def keep() -> None:
            if kept.exists():
                return
            for old in folder.glob("*.sqlite3"):
                old.unlink()
            begun = kept.with_suffix(".begun")
            with (
                closing(sqlite3.connect(database)) as whole,
                closing(sqlite3.connect(begun)) as copy,
            ):
                whole.backup(copy)
            begun.rename(kept)
            fcntl.flock(lock, fcntl.LOCK_UN)

        yield keep


def _migrations() -> str:
    """What the tables follow from: the migrations, and whoever carries them out."""
    told = sha256()
    for name in (version("django"), version("django-allauth"), sqlite3.sqlite_version):
        told.update(name.encode() + b"\n")
    for path in sorted(ROOMS.glob("*/migrations/*.py")):
        told.update(path.relative_to(ROOMS).as_posix().encode() + b"\n" + path.read_bytes())
    return told.hexdigest()[:32]
