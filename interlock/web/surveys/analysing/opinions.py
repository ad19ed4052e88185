"""What both fields are asked of what they think: how far apart they answer, and whether of one culture.

Questions are closed and the same for both; "I do not know" is no answer. Of a list from which several may
be picked each choice is a question of its own, yes or no, for those who picked anything.
"""

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from math import isfinite, nan

import numpy as np

from interlock.methods.network import measure as network
from interlock.methods.network.answers import Answers, apart, change
from interlock.methods.network.consensus import Consensus, consensus
from interlock.methods.network.drawing import Drawing
from interlock.methods.questionnaires import Form, Question
from interlock.methods.referral.comparison import LEAST_IN_GROUP
from interlock.methods.referral.forest import Booleans, Floats, Integers
from interlock.methods.referral.indices import SHUFFLES, Measure
from interlock.methods.referral.intervals import Interval
from interlock.methods.referral.reasons import Reason, reason
from interlock.methods.referral.suppression import LEAST_CELL
from interlock.web.surveys.analysing.sample import Sample
from interlock.web.surveys.analysing.withholding import Told, measure_told
from interlock.web.surveys.models import Role

#: What both fields are asked of what they think: by scales, and by choices of which several may be picked.
SCALED = ("same_move", "keep_self", "pp_seen", "pp_amount", "pp_goal", "pp_problem")
PICKED = ("goals", "pp_tools")
SIDES = (Role.COOP.value, Role.PB.value)
#: All pairs of these are compared, which takes memory.
MOST_COMPARED = 4_000
#: So many of each field tell whether answers are of one culture, and so many tables of all their pairs are
#: drawn: each has its eigenvalues worked out.
MOST_OF_A_FIELD, TABLES = 100, 99
#: Agreement on fewer questions is none to speak of.
LEAST_QUESTIONS = 5
#: Chains are drawn again to tell how sure that is; of fewer every draw is nearly the same.
LEAST_TREES = 5
#: Who speaks against one culture are many from so large a share on.
MANY_AGAINST = 0.05


def by_meaning(form: Form) -> dict[str, Question]:
    """Questions by what they mean, whatever a study calls them."""
    return {one.core or one.name: one for one in form.questions}


def answers_to(form: Form, question: Question) -> tuple[str, ...]:
    """What can be chosen, but for what is no answer."""
    return tuple(one.name for one in form.choices(question) if one.code >= 0)


def picked(said: Sequence[str], levels: Sequence[str]) -> Booleans:
    """A row a person and a column a choice: whether they picked it."""
    chosen = [set(one.split()) for one in said]
    rows = [[level in one for level in levels] for one in chosen]
    found: Booleans = np.array(rows, np.bool_).reshape(len(said), len(levels))
    return found


@dataclass(frozen=True, eq=False)
class Opinions:
    """A row a person and a column a question: codes from 0 on, -1 for no answer.

    `groups` are the places in `SIDES`, -1 for all others and who answered none of it. `lists` number the
    lists of which a column is a choice, -1 for none.
    """

    meant: tuple[str, ...]
    codes: Integers
    options: Integers
    lists: Integers
    groups: Integers
    trees: Integers

    @classmethod
    def of(cls, form: Form, sample: Sample, trees: Integers) -> "Opinions":
        """All of a sample, in what at least ten of either field answered."""
        asked, columns = by_meaning(form), list[tuple[str, Integers, int, int]]()
        for meant in (one for one in (*SCALED, *PICKED) if one in asked):
            levels, said = answers_to(form, asked[meant]), sample.said(asked[meant].name)
            if meant in SCALED and len(levels) > 1:
                place = {level: at for at, level in enumerate(levels)}
                codes = np.array([place.get(one, -1) for one in said], np.int64)
                columns.append((meant, codes, len(levels), -1))
            elif meant in PICKED:
                yes = picked(said, levels)
                codes = np.where(yes.sum(axis=1)[:, None] > 0, yes, -1).astype(np.int64)
                columns += [
                    (f"{meant} {level}", codes[:, place], 2, PICKED.index(meant))
                    for place, level in enumerate(levels)
                ]
        role = {name: place for place, name in enumerate(SIDES)}
        groups = np.array(
            [role.get(one.role, -1) if one.counts else -1 for one in sample.persons], np.int64
        )
        of_both = [
            one
            for one in columns
            if all(np.sum((groups == side) & (one[1] >= 0)) >= LEAST_IN_GROUP for side in (0, 1))
        ]
        codes = np.array([one[1] for one in of_both], np.int64).reshape(len(of_both), len(groups)).T
        return cls(
            tuple(one[0] for one in of_both),
            codes,
            np.array([one[2] for one in of_both], np.int64),
            np.array([one[3] for one in of_both], np.int64),
            groups,
            trees,
        )._of_who_answered()

    def _of_who_answered(self) -> "Opinions":
        groups = np.where(self.answered, self.groups, -1)
        return Opinions(self.meant, self.codes, self.options, self.lists, groups, self.trees)

    def of_persons(self, chosen: Booleans) -> "Opinions":
        """Some of the persons."""
        codes, groups, trees = self.codes[chosen], self.groups[chosen], self.trees[chosen]
        return Opinions(self.meant, codes, self.options, self.lists, groups, trees)

    def of_questions(self, meant: Collection[str]) -> "Opinions":
        """Some of the questions."""
        chosen = np.array([one in meant for one in self.meant], np.bool_)
        return Opinions(
            tuple(one for one in self.meant if one in meant),
            self.codes[:, chosen],
            self.options[chosen],
            self.lists[chosen],
            self.groups,
            self.trees,
        )._of_who_answered()

    @property
    def answered(self) -> Booleans:
        """Who answered any of it."""
        found: Booleans = (self.codes >= 0).sum(axis=1) > 0
        return found

    @property
    def values(self) -> Floats:
        """Scales from 0, the first choice, to 1, the last; NaN for no answer."""
        found: Floats = np.where(self.codes < 0, np.nan, self.codes / (self.options - 1))
        return found

    def in_whole_trees(self, most: int) -> "Opinions":
        """The two fields; of very many as many whole trees of them, as a seed has it, as can be compared."""
        chosen, kept = self.groups >= 0, np.zeros(len(self.groups), np.bool_)
        for tree in np.random.default_rng(0).permutation(int(self.trees.max(initial=-1)) + 1):
            inside = chosen & (self.trees == tree)
            if not kept.any() or int(kept.sum() + inside.sum()) <= most:
                kept |= inside
        return self.of_persons(kept)

    def some_of_each_field(self, most: int) -> "Opinions":
        """At most so many of either field, drawn from all of its trees as a seed has it."""
        rng, kept = np.random.default_rng(0), np.zeros(len(self.groups), np.bool_)
        for side in (0, 1):
            kept[rng.permutation(np.flatnonzero(self.groups == side))[:most]] = True
        return self.of_persons(kept)

    def why_not(self) -> Reason | None:
        """Why nothing is told of these: of few, and where all but a few say just the same.

        A distance would tell how many those few are.
        """
        for side in (0, 1):
            if int((self.groups == side).sum()) < LEAST_IN_GROUP:
                return reason("few-answered", least=LEAST_IN_GROUP)
        for side in (0, 1):
            alike = np.unique(self.codes[self.groups == side], axis=0, return_counts=True)[1]
            if int(alike.sum() - alike.max()) < LEAST_CELL:
                return reason("few-or-nearly-all", least=LEAST_CELL)
        return None


def apart_told(opinions: Opinions, refusal: Reason | None) -> Told:
    """How differently the two fields answer all of it (energy distance); `refusal` is of the whole survey."""
    compared = opinions.in_whole_trees(MOST_COMPARED)
    why = compared.why_not() or refusal
    found = None if why else apart(_answers(compared), Drawing(SHUFFLES))
    return _one_told("answers_apart", found, "distance", why)


def nearer_told(now: Opinions, before: "Opinions | Reason", refusal: Reason | None) -> Told:
    """How much nearer the two fields came since the round before, in what both rounds asked alike."""

    def told(found: network.Measure | None, why: Reason | None) -> Told:
        return _one_told("came_nearer", found, "change", why)

    if isinstance(before, Reason):
        return told(None, before)
    shared = [one for one in now.meant if one in before.meant]
    if not shared:
        return told(None, reason("other-questions"))
    later, earlier = (
        one.of_questions(shared).in_whole_trees(MOST_COMPARED // 2) for one in (now, before)
    )
    if why := later.why_not() or refusal:
        return told(None, why)
    if earlier.why_not():
        return told(None, reason("few-before", least=LEAST_IN_GROUP))
    first, second = _answers(earlier), _answers(later)
    both = Answers(
        np.vstack([first.values, second.values]),
        np.concatenate([first.groups, second.groups]),
        np.concatenate([first.trees, second.trees + first.trees.max() + 1]),
        first.questions,
    )
    waves = np.repeat([0, 1], [len(first.values), len(second.values)])
    return told(change(both, waves, Drawing(SHUFFLES)), None)


def cultures_told(opinions: Opinions, refusal: Reason | None) -> list[Told]:
    """Whether one culture describes both fields, how well it is known, and each field by itself.

    As many of either field stand for the two together: else the larger would say what both do.
    """
    some = opinions.some_of_each_field(MOST_OF_A_FIELD)
    even = some.some_of_each_field(min(int((some.groups == side).sum()) for side in (0, 1)))
    why = some.why_not() or even.why_not() or refusal
    if not why and len(some.meant) < LEAST_QUESTIONS:
        why = reason("few-questions", least=LEAST_QUESTIONS)
    parts = (even, *(some.of_persons(some.groups == side) for side in (0, 1)))
    whole, *each = (None if why else _consensus(one) for one in parts)
    told = [
        ("one_culture", "ratio", whole, whole.ratio if whole else None),
        ("competence", "index", whole, whole.competence if whole else None),
        *(
            (f"culture_{side}", "ratio", one, one.ratio if one else None)
            for side, one in zip(SIDES, each, strict=True)
        ),
    ]
    return [
        _one_told(name, measure, unit, why) | ({"against": _is_against(of)} if of else {})
        for name, unit, of, measure in told
    ]


def _consensus(one: Opinions) -> Consensus | None:
    """None of so few chains that drawing them again says nothing of how sure it is."""
    if len(np.unique(one.trees)) < LEAST_TREES:
        return None
    return consensus(one.codes, one.options, one.trees, Drawing(TABLES), one.lists)


def _one_told(name: str, found: network.Measure | None, unit: str, why: Reason | None) -> Told:
    """A measure as it is told; without one and without a reason it was of too few chains."""
    measure = _as_told(found) if found else None
    if measure is None:
        why = why or reason("few-trees", least=LEAST_TREES)
    return measure_told(name, measure, unit=unit, why=why)


def _is_against(found: Consensus) -> bool:
    """Whether more than a few give answers that speak against one culture; never told of a few."""
    return found.negative >= max(LEAST_CELL, MANY_AGAINST * len(found.competences))


def _answers(opinions: Opinions) -> Answers:
    return Answers(opinions.values, opinions.groups, opinions.trees, opinions.meant)


def _as_told(found: network.Measure) -> Measure | None:
    """As the survey's other measures are; None where too few trees were drawn to say anything."""
    beside, near = found.chance, found.interval
    if beside is None or near is None:
        return None
    if not all(map(isfinite, (beside.low, beside.high, near.low, near.high))):
        return None
    return Measure(
        found.value,
        Interval(near.low, near.high, nan),
        found.n,
        Interval(beside.low, beside.high, nan),
    )
