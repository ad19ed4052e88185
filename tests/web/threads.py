"""Real threads, each with a database connection of its own, for the races."""

from collections.abc import Callable, Iterable
from concurrent.futures import ThreadPoolExecutor
from threading import Barrier
from typing import Self, TypeVar

from django.db import connections

PATIENCE = 60  # seconds until a race that hangs is a failure

Answer = TypeVar("Answer")
Job = Callable[[], Answer]


class Crew:
    """So many threads; each keeps its connection until the crew goes home, as a server's do."""

    def __init__(self, threads: int) -> None:
        self._threads = threads
        self._pool = ThreadPoolExecutor(threads)

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        self.at_once(*[connections.close_all] * self._threads)
        self._pool.shutdown()

    def in_turn(self, jobs: Iterable[Job[Answer]]) -> list[Answer]:
        """Do all of them, as many at a time as there are threads; answers in their order."""
        return list(self._pool.map(lambda job: job(), jobs, timeout=PATIENCE))

    def at_once(self, *jobs: Job[Answer]) -> list[Answer]:
        """Do all of them at the same moment, a thread for each; answers in their order."""
        start = Barrier(len(jobs))

        def run(job: Job[Answer]) -> Answer:
            start.wait(PATIENCE)
            return job()

        return list(self._pool.map(run, jobs, timeout=PATIENCE))
