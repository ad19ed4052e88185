"""What pref_voting and votelib make of elections: one JSON object a line in, one a line out.

    .elections/bin/python tests/oracle/deciding_answers.py < asked > answered

Runs in an environment of its own (`make oracle`), where these two are and interlock is not. Candidates
are numbers. The answer has the elected (`stv`, sorted), or `votes` and `winners` (`approval`), or `paths`
and `order` (`condorcet`); None where the library sees a tie and does not break it.
"""

import json
import sys
from collections import Counter

from pref_voting.profiles_with_ties import ProfileWithTies
from pref_voting.proportional_methods import stv_scottish
from votelib.convert import ApprovalToSimpleVotes, RankedToCondorcetVotes
from votelib.evaluate.condorcet import Schulze
from votelib.evaluate.core import Tie, get_n_best


def main():
    for line in sys.stdin:
        asked = json.loads(line)
        found = {"stv": stv, "approval": approval, "condorcet": condorcet}[asked["kind"]](asked)
        print(json.dumps(found), flush=True)


class Lot:
    """Stands in for chance where candidates are equal: the last in the lot is excluded."""

    def __init__(self, order):
        self.order = order

    def choice(self, equal):
        return max(equal, key=self.order.index)


def stv(asked):
    ballots = [{name: place for place, name in enumerate(one)} for one in asked["ballots"]]
    profile = ProfileWithTies(ballots, candidates=list(range(asked["names"])))
    # As many decimals as a float has: transfers then are as good as exact.
    found = stv_scottish(profile, num_seats=asked["seats"], decimals=15, rng=Lot(asked["lot"]))
    return {"winners": sorted(map(int, found))}


def approval(asked):
    cast = Counter(frozenset(one) for one in asked["ballots"])
    votes = ApprovalToSimpleVotes().convert(cast)
    return {
        "votes": [votes.get(name, 0) for name in range(asked["names"])],
        "winners": untied(get_n_best(votes, asked["seats"])),
    }


def condorcet(asked):
    cast = Counter(
        tuple(frozenset(one) if isinstance(one, list) else one for one in ballot)
        for ballot in asked["ballots"]
    )
    names = range(asked["names"])
    pairs = RankedToCondorcetVotes().convert(cast)
    paths = Schulze.widest_paths(pairs)
    beats = [[paths.get((a, b), 0) > paths.get((b, a), 0) for b in names] for a in names]
    is_strict = all(beats[a][b] or beats[b][a] for a in names for b in names if a != b)
    return {
        "paths": [[0 if a == b else paths.get((a, b), 0) for b in names] for a in names],
        "order": untied(Schulze().evaluate(pairs, asked["names"])) if is_strict else None,
    }


def untied(found):
    return None if any(isinstance(one, Tie) for one in found) else list(found)


if __name__ == "__main__":
    main()
