"""Those who answered a study, as the methods take them: the chain as a forest, and the rest apart."""

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import date
from math import isfinite

import numpy as np

from interlock.methods.questionnaires import Form, incomparable
from interlock.methods.referral.forest import Booleans, Forest, Respondent, Variable, planted
from interlock.web.surveys.models import CameBy, Role, Study
from interlock.web.surveys.queries import form_of

#: Groups that share nobody, in the order in which they are told.
GROUPS = (Role.COOP.value, Role.PB.value, Role.BOTH.value)


@dataclass(frozen=True)
class Person:
    """One node of a chain, or one who came by an open link. Without answers: taken back.

    `tree` names the chain for good, `recruiter` until what ties answers is destroyed.
    """

    ref: str
    recruiter: str
    role: str
    day: date
    answers: Mapping[str, str] = field(default_factory=dict)
    counts: bool = True
    tree: str = ""


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

    def without_persons(self) -> "Sample":
        """Nobody of these."""
        return Sample((), None, _groups(()))

    def without_groups(self, names: Collection[str]) -> "Sample":
        """The same people, these groups of them not told from the others."""
        if not names:
            return self
        persons = tuple(replace(one, role="") if one.role in names else one for one in self.persons)
        return Sample(persons, self.forest, _groups(persons))

    def without_answers(self, names: Collection[str]) -> "Sample":
        """The same people, as if nobody had answered these questions."""
        if not names:
            return self
        persons = tuple(
            replace(
                one, answers={name: said for name, said in one.answers.items() if name not in names}
            )
            for one in self.persons
        )
        return replace(self, persons=persons)


def samples(study: Study, form: Form) -> tuple[Sample, Sample]:
    """The chain, and those who came by an open link or a public page.

    What an earlier version asked otherwise counts as not answered.
    """
    has_roles = {"is_coop", "is_pb"} <= form.by_name.keys()
    found = study.respondents.filter(finished_on__isnull=False).order_by("ref")
    columns = (
        "ref", "coupon__parent", "came_by", "role", "finished_on", "withdrawn_on", "version", "tree",
    )  # fmt: skip
    asked_before = study.versions.filter(pk__in=study.respondents.values("version"))
    lost = {one.pk: incomparable(form_of(one), form) for one in asked_before}
    chain, others = list[Person](), list[Person]()
    for row in found.values_list(*columns, "answer__document").iterator():
        ref, parent, came_by, role, day, withdrawn, version, tree, document = row
        counts = withdrawn is None and bool(document) and (role in GROUPS or not has_roles)
        said = {
            name: answer for name, answer in (document or {}).items() if name not in lost[version]
        }
        recruiter, grown_from = (one.hex if one else "" for one in (parent, tree))
        person = Person(ref.hex, recruiter, role, day, said, counts, grown_from)
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
    """How many somebody says they know; what is no such number is as if they had not said it."""
    try:
        said = float(person.answers.get("degree", ""))
    except ValueError:
        return None
    return said if isfinite(said) and said >= 0 else None


def _groups(persons: Sequence[Person]) -> Variable:
    roles = [one.role if one.counts and one.role in GROUPS else "" for one in persons]
    return Variable.of("group", roles, [one for one in GROUPS if one in roles])
