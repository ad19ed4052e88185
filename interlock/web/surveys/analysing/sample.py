"""Those who answered a study, as the methods take them: the chain as a forest, and the rest apart."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date

import numpy as np

from interlock.methods.questionnaires import Form
from interlock.methods.referral.forest import Booleans, Forest, Respondent, Variable, planted
from interlock.web.surveys.models import CameBy, Role, Study

#: Groups that share nobody, in the order in which they are told.
GROUPS = (Role.COOP.value, Role.PB.value, Role.BOTH.value)


@dataclass(frozen=True)
class Person:
    """One node of a chain, or one who came by an open link. Without answers: taken back."""

    ref: str
    recruiter: str
    role: str
    day: date
    answers: Mapping[str, str] = field(default_factory=dict)
    counts: bool = True


@dataclass(frozen=True, eq=False)
class Sample:
    """Persons in the order of their forest, if they have one; `asked` are those who answered."""

    persons: tuple[Person, ...]
    forest: Forest | None
    groups: Variable

    @property
    def asked(self) -> Booleans:
        told: Booleans = np.array([one.counts for one in self.persons], np.bool_)
        return told

    def said(self, name: str) -> list[str]:
        """What each answered to a question, "" for nothing."""
        return [one.answers.get(name, "") for one in self.persons]

    def sizes(self) -> dict[str, int]:
        """How many there are of each group."""
        many = np.bincount(
            self.groups.codes[self.groups.known], minlength=len(self.groups.levels)
        ).tolist()
        return dict(zip(self.groups.levels, many, strict=True))


def samples(study: Study, form: Form) -> tuple[Sample, Sample]:
    """The chain, and those who came by an open link or a public page."""
    has_roles = {"is_coop", "is_pb"} <= form.by_name.keys()
    found = study.respondents.filter(finished_on__isnull=False).order_by("ref")
    columns = ("ref", "coupon__parent", "came_by", "role", "finished_on", "withdrawn_on")
    chain, others = list[Person](), list[Person]()
    for row in found.values_list(*columns, "answer__document").iterator():
        ref, parent, came_by, role, day, withdrawn, document = row
        counts = withdrawn is None and bool(document) and (role in GROUPS or not has_roles)
        person = Person(ref.hex, parent.hex if parent else "", role, day, document or {}, counts)
        (chain if came_by == CameBy.COUPON else others).append(person)
    others = [one for one in others if one.counts]
    return chain_of(chain), Sample(tuple(others), None, _groups(others))


def _needed(chain: Sequence[Person]) -> list[Person]:
    """Those who answered, and the empty places without which their chains would fall apart."""
    by_ref = {one.ref: one for one in chain}
    kept = dict[str, Person]()
    for one in chain:
        at: Person | None = one if one.counts else None
        while at is not None and at.ref not in kept:
            kept[at.ref] = at
            at = by_ref.get(at.recruiter)
    return list(kept.values())


def chain_of(persons: Sequence[Person]) -> Sample:
    """A chain of these as a forest, if anybody said how many they know."""
    chain = _needed(persons)
    degrees = {one.ref: _degree(one) for one in chain}
    if not any(degrees.values()):
        return Sample(tuple(one for one in chain if one.counts), None, _groups(chain))
    refs = set(degrees)
    forest = planted(
        (
            Respondent(
                one.ref,
                one.recruiter if one.recruiter in refs else "",
                degrees[one.ref],
                {"group": one.role if one.counts else ""},
                when=float(one.day.toordinal()),
            )
            for one in chain
        ),
        degrees_by="group",
    )
    by_ref = {one.ref: one for one in chain}
    persons = tuple(by_ref[ref] for ref in forest.ids)
    return Sample(persons, forest, _groups(persons))


def _degree(person: Person) -> float | None:
    try:
        return float(person.answers.get("degree", ""))
    except ValueError:
        return None


def _groups(persons: Sequence[Person]) -> Variable:
    roles = [one.role if one.counts and one.role in GROUPS else "" for one in persons]
    return Variable.of("group", roles, [one for one in GROUPS if one in roles])
