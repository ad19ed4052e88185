"""Made-up elections as Pabulib files."""

from __future__ import annotations

import numpy as np

from interlock.methods.counting.election import Ballots
from interlock.methods.counting.synthetic import Synthetic
from interlock.methods.formats.pabulib import PabulibFile


def file_of(made: Synthetic, rule: str = "equalshares/add1") -> PabulibFile:
    """The file of a made-up election, ready for `pabulib.write`; read again it is the same one.

    META says that it is synthetic, by which seed. Neighborhoods are columns of PROJECTS and VOTES.
    As it was not read from bytes, its `input_sha256` is "".
    """
    election = made.election
    project_rows = tuple(
        (project, str(cost), f"Project {project}", str(votes), f"N{bloc + 1}")
        for project, cost, votes, bloc in zip(
            election.projects,
            election.costs,
            election.votes,
            made.project_bloc.tolist(),
            strict=True,
        )
    )
    blocs = [f"N{bloc + 1}" for bloc in range(made.shape.blocs)]
    voters = {
        "voter_id": tuple(map(str, range(1, len(election.ballots) + 1))),
        "neighborhood": tuple([blocs[bloc] for bloc in made.voter_bloc.tolist()]),
    }
    columns = ("project_id", "cost", "name", "votes", "neighborhood")
    return PabulibFile(
        _meta(made, rule), columns, project_rows, voters, _with_repeats(made), (), ""
    )


def _meta(made: Synthetic, rule: str) -> dict[str, str]:
    """All that Pabulib requires; a year is the shortest date it knows."""
    shape, election = made.shape, made.election
    most = shape.longest
    if shape.kind == "ordinal":  # what a rank is worth depends on it, and here on the ballots made
        most = max(1, int(np.diff(election.ballots.offsets).max(initial=0)))
    return {
        "description": f"Synthetic election, seed {made.seed}",
        "country": "Nowhere",
        "unit": "Synthetic",
        "instance": f"seed {made.seed}",
        "num_projects": str(len(election.projects)),
        "num_votes": str(len(election.ballots)),
        "budget": str(election.budget),
        "vote_type": shape.kind,
        "rule": rule,
        "date_begin": "2026",
        "date_end": "2026",
        "min_length": "0",
        "max_length": str(most),
        "comment": f"#1: made by interlock simulate make --seed {made.seed}",
        "synthetic": "true",
    }


def _with_repeats(made: Synthetic) -> Ballots:
    """The ballots as a file may have them: some name their first project once more."""
    ballots = made.election.ballots
    if not len(made.repeats):
        return ballots
    again = ballots.projects[ballots.offsets[made.repeats]]
    marks = np.insert(ballots.projects, ballots.offsets[made.repeats + 1], again)
    longer = np.zeros(len(ballots.offsets), np.int64)
    longer[made.repeats + 1] = 1
    return Ballots(ballots.kind, ballots.offsets + np.cumsum(longer), marks)
