"""What is slow to make and the same every time, kept: SQLite's only.

The tables, from one run to the next until a migration is new: to migrate from nothing, Django
renders some thirteen thousand models, most of the time of a run of a few tests. PostgreSQL is always
migrated from nothing. And all that lies in the tables, from one walk through the pages to the next.
"""

import fcntl
import shutil
import sqlite3
from collections.abc import Callable, Iterator
from contextlib import closing, contextmanager
from hashlib import sha256
from importlib.metadata import version
from pathlib import Path

from django.db import connection

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


def kept_rows() -> Callable[[], None]:
    """Remember the database as it stands now; gives what puts it back. Outside of transactions."""
    kept = sqlite3.connect(":memory:")
    connection.ensure_connection()
    connection.connection.backup(kept)

    def put_back() -> None:
        connection.ensure_connection()
        kept.backup(connection.connection)

    return put_back


def _migrations() -> str:
    """What the tables follow from: the migrations, and whoever carries them out."""
    told = sha256()
    for name in (version("django"), version("django-allauth"), sqlite3.sqlite_version):
        told.update(name.encode() + b"\n")
    for path in sorted(ROOMS.glob("*/migrations/*.py")):
        told.update(path.relative_to(ROOMS).as_posix().encode() + b"\n" + path.read_bytes())
    return told.hexdigest()[:32]
