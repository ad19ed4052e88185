"""The essay's four words and Hall's three orders of change, as numbers of a study that asks for them.

Questions are found by what they mean (`core`), whatever a study calls them. A measure of a study that
does not ask for it is left out; one that cannot be told has the reason instead of a number.
"""

from collections.abc import Iterator
from dataclasses import dataclass

import numpy as np

from interlock.methods.questionnaires import Form
from interlock.methods.referral import diagnostics, indices
from interlock.methods.referral.comparison import LEAST_IN_GROUP
from interlock.methods.referral.forest import Booleans, Floats, Forest, Variable
from interlock.methods.referral.intervals import Draws
from interlock.methods.referral.reasons import Reason, reason
from interlock.methods.referral.suppression import LEAST_CELL
from interlock.web.surveys.analysing.opinions import (
    PICKED,
    SCALED,
    SIDES,
    Opinions,
    answers_to,
    apart_told,
    by_meaning,
    cultures_told,
    nearer_told,
    picked,
)
from interlock.web.surveys.analysing.sample import Sample
from interlock.web.surveys.analysing.withholding import Told, is_of_many, measure_told
from interlock.web.surveys.models import Role

#: Means of policy that join the two fields: PB over development money, co-ops that carry out what
#: residents chose, seats for both in planning.
LINKING = {"pbdev", "pbcoop", "seats"}


@dataclass(frozen=True, eq=False)
class Words:
    """The answers of a chain by what they mean, ready to be measured."""

    chain: Sample
    forest: Forest
    draws: Draws
    names: dict[str, str]
    levels: dict[str, tuple[str, ...]]
    opinions: Opinions
    before: Opinions | Reason

    @classmethod
    def of(
        cls, form: Form, chain: Sample, forest: Forest, draws: Draws, before: Opinions | Reason
    ) -> "Words":
        """`before` is what the round before thought, or why nothing is told of it."""
        asked = by_meaning(form)
        names = {meant: one.name for meant, one in asked.items()}
        levels = {meant: answers_to(form, one) for meant, one in asked.items()}
        opinions = Opinions.of(form, chain, forest.trees)
        return cls(chain, forest, draws, names, levels, opinions, before)

    def has(self, *meant: str) -> bool:
        return all(one in self.names for one in meant)

    def said(self, meant: str) -> list[str]:
        return self.chain.said(self.names[meant])

    def numbers(self, meant: str) -> Floats:
        """Answers that are numbers, NaN for all others; so "don't know" is none."""
        return np.array([_number(one) for one in self.said(meant)])

    def picked(self, meant: str) -> Booleans:
        """A row a person and a column a choice: whether they picked it."""
        return picked(self.said(meant), self.levels[meant])

    def is_in(self, group: str) -> Booleans:
        inside = [one.role == group and one.counts for one in self.chain.persons]
        found: Booleans = np.array(inside, np.bool_)
        return found

    @property
    def both(self) -> str | None:
        return Role.BOTH.value if Role.BOTH in self.chain.groups.levels else None

    def refusal(self, known: Booleans) -> Reason | None:
        """Why these answers carry no estimate."""
        codes = np.where(known, 0, -1)
        refusals = diagnostics.why_not_estimated(self.forest, Variable("known", ("",), codes))
        return refusals[0] if refusals else None


def _any(chosen: Booleans) -> Booleans:
    """Who chose anything."""
    found: Booleans = chosen.sum(axis=1) > 0
    return found


def _number(text: str) -> float:
    try:
        return float(text)
    except ValueError:
        return float("nan")


def measures_of(words: Words) -> dict[str, list[Told]]:
    """The measures of each word, the leading one first."""
    found = {
        "connectivity": _connectivity(words),
        "complementarity": _complementarity(words),
        "collaboration": _collaboration(words),
        "convergence": _convergence(words),
        "paradigm": _paradigm(words),
    }
    listed = {word: list(measures) for word, measures in found.items()}
    return {word: measures for word, measures in listed.items() if measures}


def _connectivity(words: Words) -> Iterator[Told]:
    if words.has("net_coop", "net_pb", "degree"):
        degree = words.numbers("degree")
        for group, other in ((Role.COOP, "net_pb"), (Role.PB, "net_coop")):
            known = words.is_in(group) & (degree > 0)
            shares = np.divide(
                words.numbers(other), degree, out=np.full(len(degree), np.nan), where=known
            )
            yield _mean(words, f"known_by_{group}", shares, unit="percent")
    if len(words.chain.groups.levels) > 1:
        found = indices.crossing(words.forest, words.chain.groups, words.draws)
        yield measure_told(
            "crossing", found, unit="index", why=words.refusal(words.chain.groups.known)
        )
    if words.has("cross_contact"):
        yield _share(words, "in_touch", words.numbers("cross_contact"), least=2)


def _complementarity(words: Words) -> Iterator[Told]:
    if not words.has("needs", "offers") or not set(SIDES) <= set(words.chain.groups.levels):
        return
    if words.levels["needs"] != words.levels["offers"]:
        return
    needs, offers = words.picked("needs"), words.picked("offers")
    for name, sides in (("coop_meets", SIDES), ("pb_meets", SIDES[::-1])):
        why = _side_missing(words, sides, (_any(needs), _any(offers)))
        args = words.forest, needs, offers, words.chain.groups, sides, words.both, words.draws
        yield measure_told(name, None if why else indices.meeting(*args), unit="percent", why=why)


def _collaboration(words: Words) -> Iterator[Told]:
    if words.has("collab_acts"):
        acts, levels = words.picked("collab_acts"), words.levels["collab_acts"]
        known, real = acts.any(axis=1), [one != "none" for one in levels]
        yield _share(words, "acted", np.where(known, acts[:, real].any(axis=1), np.nan), least=1)
        if "contract" in levels:
            contract = acts[:, levels.index("contract")]
            yield _share(words, "contract", np.where(known, contract, np.nan), least=1)
    if words.has("collab_level"):
        yield _mean(words, "step", words.numbers("collab_level"), unit="steps")


def _convergence(words: Words) -> Iterator[Told]:
    if words.has("goals"):
        yield _nearness(words, "goals_near", words.picked("goals"))
    if any(map(words.has, (*SCALED, *PICKED))):
        refusal = words.refusal(words.opinions.answered)
        yield apart_told(words.opinions, refusal)
        yield nearer_told(words.opinions, words.before, refusal)
        yield from cultures_told(words.opinions, refusal)
    for name, meant in (("one_movement", "same_move"), ("each_itself", "keep_self")):
        if words.has(meant):
            yield _share(words, name, words.numbers(meant), least=4)


def _paradigm(words: Words) -> Iterator[Told]:
    """What order of change people saw, what orders they want, and how near the two are in aims."""
    if words.has("pp_seen"):
        seen = words.numbers("pp_seen")
        for order in (1, 2, 3):
            yield _share(words, f"seen_{order}", np.where(np.isfinite(seen), seen == order, seen))
    wanted = dict[str, Floats]()
    if words.has("pp_amount"):
        amounts = words.numbers("pp_amount")
        wanted["want_1"] = np.where(np.isfinite(amounts), amounts >= 3, amounts)
    if words.has("pp_tools") and set(words.levels["pp_tools"]) & LINKING:
        tools = words.picked("pp_tools")
        linking = [one in LINKING for one in words.levels["pp_tools"]]
        wanted["want_2"] = np.where(tools.any(axis=1), tools[:, linking].any(axis=1), np.nan)
    if words.has("pp_goal", "pp_problem"):
        least = np.minimum(words.numbers("pp_goal"), words.numbers("pp_problem"))
        wanted["want_3"] = np.where(np.isfinite(least), least >= 4, least)
    for name, values in wanted.items():
        yield _share(words, name, values)
    if {"want_2", "want_3"} <= wanted.keys():
        yield _share(words, "want_joint", np.minimum(wanted["want_2"], wanted["want_3"]))
    if words.has("pp_goal"):
        aims = words.numbers("pp_goal")
        places = np.array([aims == place for place in range(1, 6)]).T
        yield _nearness(words, "aims_near", places)


def _nearness(words: Words, name: str, choices: Booleans) -> Told:
    said = _any(choices)
    why = _side_missing(words, SIDES, (said, said))
    args = words.forest, choices, words.chain.groups, SIDES, words.both, words.draws
    return measure_told(name, None if why else indices.nearness(*args), unit="percent", why=why)


def _side_missing(
    words: Words, sides: tuple[str, str], said: tuple[Booleans, Booleans]
) -> Reason | None:
    """Why two sides cannot be measured beside each other."""
    for side, answered in zip(sides, said, strict=True):
        inside = words.is_in(side) | words.is_in(Role.BOTH)
        if int((inside & answered).sum()) < LEAST_IN_GROUP:
            return reason("few-answered", least=LEAST_IN_GROUP)
    return words.refusal(said[0] | said[1])


def _share(words: Words, name: str, values: Floats, *, least: float = 1) -> Told:
    """The share of those whose number is at least so much, where neither they nor the rest are few."""
    known = np.isfinite(values)
    chosen = known & (values >= least)
    why = words.refusal(known)
    if not why and not LEAST_CELL <= int(chosen.sum()) <= int(known.sum()) - LEAST_CELL:
        why = reason("few-or-nearly-all", least=LEAST_CELL)
    found = None if why else indices.share(words.forest, chosen, known, words.draws)
    return measure_told(name, found, unit="percent", why=why)


def _mean(words: Words, name: str, values: Floats, *, unit: str) -> Told:
    known = np.isfinite(values)
    why: Reason | None = None
    if int(known.sum()) < LEAST_IN_GROUP or not is_of_many(values * words.forest.weights):
        why = reason("few-answered", least=LEAST_IN_GROUP)
    else:
        why = words.refusal(np.asarray(words.chain.asked))
    found = None if why else indices.mean(words.forest, values, words.draws)
    return measure_told(name, found, unit=unit, why=why)
