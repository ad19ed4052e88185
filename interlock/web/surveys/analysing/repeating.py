"""Nothing is told once more of almost the same people: two such tables are a subtraction.

Whoever runs a survey sees each of its analyses, published or not, and has no leave to read rows. So
each is held back against all before it: a group, and a question, is told again when ten people more
are in it than when it was told last. Those sizes are exact, so they are stored beside what is told
and never shown.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

import numpy as np

from interlock.methods.questionnaires import Form
from interlock.methods.referral.forest import Booleans
from interlock.web.surveys.analysing.questions import NEVER, asked, item_of
from interlock.web.surveys.analysing.sample import Sample
from interlock.web.surveys.rules import LEAST_GROWTH

#: Of each part, the study as a whole among them, how many of whom it was told of last.
Sizes = Mapping[str, Mapping[str, int]]
STUDY, EVERYONE, OPEN = "", "everyone", "open"


@dataclass(frozen=True)
class Held:
    """What may be told of: the samples without the rest, and without what else in single questions."""

    chain: Sample
    others: Sample
    questions: frozenset[str]
    groups: Mapping[str, frozenset[str]]

    def chain_for(self, question: str) -> Sample:
        """The chain as one question is told of it."""
        return self.chain.without_groups(self.groups.get(question, frozenset()))


def held_back(form: Form, chain: Sample, others: Sample, before: Sizes) -> Held:
    """Samples without those, and without the answers to questions, that hardly grew."""

    def hardly_grew(part: str, of: str, now: int) -> bool:
        was = before.get(part, {}).get(of)
        return was is not None and now < was + LEAST_GROWTH

    if hardly_grew(STUDY, EVERYONE, int(chain.asked.sum())):
        chain = chain.without_persons()
    if hardly_grew(STUDY, OPEN, len(others.persons)):
        others = others.without_persons()
    gone = {name for name, many in chain.sizes().items() if hardly_grew(STUDY, name, many)}
    chain = chain.without_groups(gone)
    told = [one for one in asked(form) if one.type not in NEVER and one.name in before]
    silent, silent_open, groups = set[str](), set[str](), dict[str, frozenset[str]]()
    for question in told:
        known = item_of(form, question, chain).variables[0].known
        if hardly_grew(question.name, EVERYONE, int(known.sum())):
            silent.add(question.name)
        many = sizes_of(chain, known)
        groups[question.name] = frozenset(
            name for name in many if hardly_grew(question.name, name, many[name])
        )
        if hardly_grew(question.name, OPEN, _many(form, question.name, others)):
            silent_open.add(question.name)
    return Held(
        chain.without_answers(silent),
        others.without_answers(silent_open),
        frozenset(silent),
        groups,
    )


def sizes_told(
    form: Form, held: Held, outcome: Mapping[str, Any], told: Mapping[str, Any], before: Sizes
) -> dict[str, dict[str, int]]:
    """Of how many each part is told now, or was before it; `told` are outcomes by question."""
    sizes = {part: dict(many) for part, many in before.items()}
    now = {EVERYONE: int(held.chain.asked.sum()), OPEN: len(held.others.persons)}
    now |= held.chain.sizes()
    shown = {name for name, size in outcome["groups"].items() if size is not None} | {
        name for name in (EVERYONE, OPEN) if now[name]
    }
    sizes.setdefault(STUDY, {}).update({name: now[name] for name in shown})
    for name, one in told.items():
        part = sizes.setdefault(name, {})
        if "everyone" in one:
            chain = held.chain_for(name)
            known = item_of(form, form.by_name[name], chain).variables[0].known
            many = sizes_of(chain, known)
            part[EVERYONE] = int(known.sum())
            part.update({group: many[group] for group in one.get("groups", ())})
        if one.get("open"):
            part[OPEN] = _many(form, name, held.others)
    return {part: many for part, many in sizes.items() if many}


def sizes_of(chain: Sample, known: Booleans) -> dict[str, int]:
    """How many of each group answered."""
    inside = known & chain.groups.known
    many = np.bincount(chain.groups.codes[inside], minlength=len(chain.groups.levels))
    return dict(zip(chain.groups.levels, many.tolist(), strict=True))


def _many(form: Form, name: str, others: Sample) -> int:
    if not others.persons:
        return 0
    return int(item_of(form, form.by_name[name], others).variables[0].known.sum())
