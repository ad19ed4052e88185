"""Ties: one order of all projects, fixed and published before anything is counted.

The order recommended by D. Peters and others at https://equalshares.net/implementation/tie-breaking:
the cheaper project first, then the one with more votes, then one lot, drawn once for the whole
count.
"""

from __future__ import annotations

import hashlib
from collections.abc import Iterable, Sequence

from interlock.methods.counting.election import Election


def lot_order(ids: Iterable[str], seed: str) -> tuple[str, ...]:
    """Draw lots: sort ids by the SHA-256 of the seed, a newline and the id, all in UTF-8.

    Anyone can redo it by hand: `printf 'seed\\nid' | sha256sum`, and sort the lines.

    >>> lot_order(["park", "bus", "trees"], seed="drawn on 2 May")
    ('bus', 'trees', 'park')
    """

    def lot(project: str) -> str:
        return hashlib.sha256(f"{seed}\n{project}".encode()).hexdigest()

    return tuple(sorted(ids, key=lambda project: (lot(project), project)))


def tie_order(election: Election, lot: Sequence[str]) -> tuple[str, ...]:
    """Order all projects by least cost, then most votes, then their place in the lot.

    Raises ValueError when the lot is not an order of exactly these projects.
    """
    place = _places(election, lot)
    rows = zip(election.costs, election.votes, election.projects, strict=True)
    ordered = sorted((cost, -votes, place[project], project) for cost, votes, project in rows)
    return tuple(project for _, _, _, project in ordered)


def tie_ranks(election: Election, order: Sequence[str]) -> tuple[int, ...]:
    """The place of each project, in the order of `election.projects`, in an explicit order.

    Raises ValueError when the order leaves a project out, repeats one or names another.
    """
    place = _places(election, order)
    return tuple(place[project] for project in election.projects)


def _places(election: Election, order: Sequence[str]) -> dict[str, int]:
    place = {project: rank for rank, project in enumerate(order)}
    if len(place) != len(order):
        twice = next(project for project in order if list(order).count(project) > 1)
        raise ValueError(f'The tie order names "{twice}" twice. Name each project once.')
    missing = [project for project in election.projects if project not in place]
    if missing:
        raise ValueError(
            f"The tie order leaves out {len(missing)} of {len(election.projects)} projects, "
            f'"{missing[0]}" first. Name each project once.'
        )
    if len(place) > len(election.projects):
        known = set(election.projects)
        other = next(project for project in order if project not in known)
        raise ValueError(f'The tie order names "{other}", which is not a project.')
    return place
