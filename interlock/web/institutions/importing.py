"""Lists of institutions: looked at, entered, undone.

A list never deletes. What it writes, and what that replaces, is kept row by row, so that it can be
taken back. What an institution's own people look after stays as they wrote it.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from itertools import islice
from typing import Any, TypeVar

from django.contrib.auth.models import AnonymousUser
from django.db import transaction
from django.utils.functional import Promise
from django.utils.translation import gettext as _

from interlock.methods.formats import register as lists
from interlock.methods.formats.register import Reading, Record, RegisterError
from interlock.methods.formats.register.rows import LARGEST_FILE
from interlock.web.institutions import records, remarks
from interlock.web.institutions.actions import free_slug, one_at_a_time
from interlock.web.institutions.matching import BATCH, Found, Register, fingerprint
from interlock.web.institutions.models import (
    Identifier,
    Import,
    ImportRow,
    Institution,
    Membership,
    Outcome,
    searched_of,
)
from interlock.web.look.refusals import Refused
from interlock.web.people.models import Person
from interlock.web.record import actions as record

#: What a row becomes whose list does not say that workers are the members: most lists are of co-ops.
USUAL_KIND = "other_coop"
NEW, SAME = "new", "same"
#: The code of a list at org-id.guide: a country and the register there.
SCHEME = r"\A[A-Z]{2}-[A-Z0-9-]{2,30}\Z"

T = TypeVar("T")

# What a list may write, and what somebody may have changed since.
_FIELDS = (
    "name", "kind_id", "about", "structure", "membership_type", "activity", "status", "scope",
    "place", "street", "region", "postcode", "country", "latitude", "longitude", "county",
    "county_year", "website", "email", "phone", "founded_on", "closed_on", "workers",
    "workers_year", "members", "members_year", "left_at", "picture_id",
    "placed_by", "tags", "other_names", "links", "other_activities",
)  # fmt: skip


@dataclass(frozen=True)
class Choices:
    """How a list is read, and what is done about its doubtful rows.

    `answers` says by line which institution a row is about (its number), or that it is another
    (`NEW`); `rest` says so for all others: `NEW`, `SAME` where only one is possible, or nothing.
    """

    kind: str = USUAL_KIND
    membership: str = ""
    scheme: str = ""
    answers: Mapping[int, str] = field(default_factory=dict)
    rest: str = ""


@dataclass
class Plan:
    """What becomes of each row; nothing is written yet. `notes` are those of the headings."""

    rows: list[ImportRow]
    notes: list[remarks.Kept]
    sha256: str
    values: dict[int, dict[str, Any]]
    institutions: dict[int, Institution]

    @property
    def counts(self) -> dict[str, int]:
        found = Counter(row.outcome for row in self.rows)
        return {outcome.value: found[outcome] for outcome in Outcome}


@dataclass(frozen=True)
class Undone:
    """What taking back a list did, and which institutions stay, each with the reason."""

    removed: int
    restored: int
    stay: Sequence[ImportRow]


def why_not_handle(entering: Import, person: Person | AnonymousUser) -> str | Promise | None:
    if not isinstance(person, Person):
        return _("Only who imported this list can do that, and you are not signed in.")
    if person.is_superuser or entering.by_id == person.pk:
        return None
    return _("Only who imported this list, or an administrator of the site, can do that.")


def plan(data: bytes, choices: Choices) -> Plan:
    """What would become of each row of a list. Refuses a file that is no list, and says why."""
    if len(data) > LARGEST_FILE:
        raise too_large()
    try:
        reading = lists.read(data, scheme=choices.scheme, membership=choices.membership)
    except RegisterError as error:
        raise Refused(remarks.told(remarks.kept(error.fault)).text, status=422) from error
    return _Planner(reading, choices).plan()


def too_large() -> Refused:
    reason = _("The file is larger than %(most)s megabytes.") % {"most": LARGEST_FILE // 2**20}
    return Refused(reason, _("Split it, and import the parts one by one."), status=413)


def look(*, data: bytes, file_name: str, choices: Choices, by: Person, at: datetime) -> Import:
    """Keep a list and what would become of it. It puts away what the person looked at before."""
    planned = plan(data, choices)
    with transaction.atomic():
        Import.objects.filter(by=by, entered_at=None).delete()
        held = _import(planned, file_name, choices, at, by)
        held.contents = data
        held.save()
        _keep_rows(held, planned)
    return held


@transaction.atomic
def enter(
    *, entering: Import, at: datetime, answers: Mapping[int, str] | None = None, rest: str = ""
) -> Import:
    """Enter a list that was looked at."""
    held = Import.objects.select_for_update(of=("self",)).get(pk=entering.pk)
    if held.entered_at:
        raise Refused(_("This list is entered already."), _("Its page says what became of it."))
    one_at_a_time()
    choices = Choices(held.kind_id, held.membership, held.scheme, answers or {}, rest)
    planned = plan(bytes(held.contents), choices)
    held.rows.all().delete()
    return _enter(held, planned, at)


@transaction.atomic
def enter_at_once(
    *, data: bytes, file_name: str, choices: Choices, at: datetime, by: Person | None = None
) -> tuple[Import, Plan]:
    """Enter a list without a look before."""
    one_at_a_time()
    planned = plan(data, choices)
    held = _import(planned, file_name, choices, at, by)
    held.save()
    return _enter(held, planned, at), planned


@transaction.atomic
def undo(*, entering: Import, at: datetime, by: Person | None = None) -> Undone:
    """Take a list back: former values return, and what it entered goes.

    What somebody has claimed, used or changed since stays as it is.
    """
    held = Import.objects.select_for_update(of=("self",)).get(pk=entering.pk)
    if not held.entered_at:
        raise Refused(_("This list was not entered."), _("There is nothing to undo."))
    if held.undone_at:
        raise Refused(_("This list was undone already."))
    one_at_a_time()
    removed = restored = 0
    stay: list[ImportRow] = []
    written = held.rows.filter(institution__isnull=False).select_related("institution")
    made = written.filter(outcome=Outcome.CREATED)
    for rows in _batches(made):
        staying = _why_stay(rows, held)
        for row in rows:
            row.faults = staying.get(row.institution_id or 0, [])
        stay += [row for row in rows if row.faults]
        gone = [row.institution_id or 0 for row in rows if not row.faults]
        Institution.objects.filter(pk__in=gone).delete()
        removed += len(gone)
    for rows in _batches(written.filter(outcome=Outcome.MATCHED)):
        stay += _restore(rows)
        restored += len(rows)
    ImportRow.objects.bulk_update(stay, ["faults"], batch_size=BATCH)
    held.undone_at = at
    held.save(update_fields=["undone_at"])
    record.write(
        act="institutions.import_undone",
        subject=f"import/{held.pk}",
        at=at,
        actor=by.reference if by else "",
        facts={"file": held.file_name, "removed": removed, "restored": restored, "stay": len(stay)},
    )
    return Undone(removed, restored, stay)


class _Planner:
    def __init__(self, reading: Reading, choices: Choices) -> None:
        self.reading, self.choices = reading, choices
        self.register = Register.load(reading.records)
        self.reader = records.Reader(reading)
        self.rows: list[ImportRow] = []
        self.values: dict[int, dict[str, Any]] = {}
        self.about: list[tuple[ImportRow, Record]] = []

    def plan(self) -> Plan:
        for refusal in self.reading.refusals:
            faults = [remarks.kept(fault) for fault in refusal.faults]
            self.rows.append(ImportRow(line=refusal.line, outcome=Outcome.REFUSED, faults=faults))
        waiting = []
        for one in self.reading.records:
            found = self.register.certain(one)
            if found.pk or found.candidates:
                self._place(one, found)
            else:
                waiting.append(one)
        for one in waiting:
            self._place(one, self.register.likely(one))
        institutions = self._compare()
        self.rows.sort(key=lambda row: row.line)
        notes: list[remarks.Kept] = []
        rows = {row.line: row for row in self.rows}
        for note in [*self.reading.notes, *self.reader.notes]:
            of_row = rows.get(note.line)
            (of_row.notes if of_row else notes).append(remarks.kept(note))
        return Plan(self.rows, notes, self.reading.input_sha256, self.values, institutions)

    def _place(self, one: Record, found: Found) -> None:
        """Say what a row is about, or that it is doubtful, or a new institution."""
        row = ImportRow(line=one.line, name=one.name, fingerprint=fingerprint(one))
        self.rows.append(row)
        pk = found.pk
        if found.candidates:
            answer = self.choices.answers.get(one.line, "") or self._rest(found)
            pk = int(answer) if answer.isdecimal() and int(answer) in found.candidates else None
            if not pk and answer != NEW:
                slugs = ", ".join(self.register.known[one].slug for one in found.candidates)
                row.outcome = Outcome.DOUBTFUL
                row.faults = [remarks.why(found.why), remarks.why("may-be", slugs=slugs)]
                row.candidates = list(found.candidates)
                return
        if pk and pk in self.register.taken:
            line = str(self.register.taken[pk])
            self._refuse(row, remarks.why("line-before", line=line))
        elif pk and self.register.known[pk].left:
            self._refuse(row, remarks.why("has-left"))
        elif pk:
            self.register.taken[pk] = one.line
            row.institution_id = pk
            self.about.append((row, one))
        else:
            self._create(row, one)

    def _rest(self, found: Found) -> str:
        if self.choices.rest == SAME and len(found.candidates) == 1:
            return str(found.candidates[0])
        return NEW if self.choices.rest == NEW else ""

    @staticmethod
    def _refuse(row: ImportRow, fault: remarks.Kept) -> None:
        row.outcome, row.faults = Outcome.REFUSED, [fault]

    def _create(self, row: ImportRow, one: Record) -> None:
        row.outcome = Outcome.CREATED
        values = {"kind_id": self.choices.kind, **self.reader.values(one)}
        self.values[row.line] = values
        row.given = {name: records.plain(value) for name, value in values.items()}
        row.numbers = self._numbers(one)

    def _numbers(self, one: Record, has: Iterable[str] = ()) -> list[list[str]]:
        """The identifiers of a row that are nobody's yet, and of no list in `has`."""
        numbers = self.reader.identifiers(one)
        free = [one for one in numbers if not self.register.owner(one) and one.scheme not in has]
        return [[number.scheme, number.id] for number in free]

    def _compare(self) -> dict[int, Institution]:
        """Say of each row that is about an institution what it changes; answers with these."""
        institutions: dict[int, Institution] = {}
        for batch in _batches(self.about):
            pks = [row.institution_id or 0 for row, _one in batch]
            found = Institution.objects.in_bulk(pks)
            stewards = Membership.objects.stewards().filter(institution__in=pks)
            claimed = set(stewards.values_list("institution", flat=True))
            for row, one in batch:
                institution = found[row.institution_id or 0]
                theirs = institution.pk in claimed
                values = self.reader.values(one)
                if records.says_less(institution, values):
                    del values["region"]
                    row.notes.append(remarks.why("region-stays"))
                changed, row.kept = records.differences(institution, values, claimed=theirs)
                has = self.register.schemes(institution.pk) if theirs else ()
                row.numbers = self._numbers(one, has)
                row.given = {name: records.plain(value) for name, value in changed.items()}
                row.former = {name: records.plain(getattr(institution, name)) for name in changed}
                row.outcome = Outcome.MATCHED if changed or row.numbers else Outcome.UNCHANGED
                self.values[row.line] = changed
            institutions |= found
        return institutions


def _import(
    planned: Plan, file_name: str, choices: Choices, at: datetime, by: Person | None
) -> Import:
    return Import(
        by=by,
        file_name=file_name[:200],
        sha256=planned.sha256,
        kind_id=choices.kind,
        membership=choices.membership,
        scheme=choices.scheme,
        notes=planned.notes,
        looked_at=at,
        **planned.counts,
    )


def _enter(held: Import, planned: Plan, at: datetime) -> Import:
    for row in planned.rows:
        if row.outcome == Outcome.DOUBTFUL:
            row.outcome = Outcome.REFUSED
            row.faults = [*row.faults, remarks.why("nobody-said")]
    _create(held, planned, at)
    _change(planned)
    Identifier.objects.bulk_create(
        (
            Identifier(institution_id=row.institution_id or 0, scheme=scheme, value=value)
            for row in planned.rows
            for scheme, value in row.numbers
        ),
        batch_size=BATCH,
    )
    _keep_rows(held, planned)
    for outcome, number in planned.counts.items():
        setattr(held, outcome, number)
    held.entered_at, held.contents = at, b""
    held.save()
    if held.created or held.matched:
        told = ("created", "matched", "unchanged", "refused")
        record.write(
            act="institutions.imported",
            subject=f"import/{held.pk}",
            at=at,
            actor=held.by.reference if held.by else "",
            facts={
                "file": held.file_name,
                "sha256": held.sha256,
                **{outcome: getattr(held, outcome) for outcome in told},
            },
        )
    return held


def _create(held: Import, planned: Plan, at: datetime) -> None:
    rows = [row for row in planned.rows if row.outcome == Outcome.CREATED]
    if not rows:
        return
    slugs = set(Institution.objects.values_list("slug", flat=True))
    made = []
    for row in rows:
        slug = free_slug(row.name, slugs)
        slugs.add(slug)
        made.append(
            Institution(
                slug=slug,
                registered_at=at,
                imported_from=held.file_name,
                **planned.values[row.line],
            )
        )
    Institution.objects.bulk_create(made, batch_size=BATCH)
    for row, institution in zip(rows, made, strict=True):
        row.institution_id = institution.pk


def _change(planned: Plan) -> None:
    changed: list[Institution] = []
    fields: set[str] = set()
    for row in planned.rows:
        values = planned.values.get(row.line)
        if row.outcome == Outcome.MATCHED and values:
            institution = planned.institutions[row.institution_id or 0]
            for name, value in values.items():
                setattr(institution, name, value)
            fields |= values.keys()
            changed.append(institution)
    _save(changed, fields)


def _save(changed: Sequence[Institution], fields: Iterable[str]) -> None:
    names = {name.removesuffix("_id") for name in fields}
    if names & {"name", "place", "tags", "other_names", "other_activities"}:
        names.add("searched")
        for one in changed:
            one.searched = searched_of(one)
    if names:
        Institution.objects.bulk_update(changed, sorted(names), batch_size=BATCH)


def _keep_rows(held: Import, planned: Plan) -> None:
    for row in planned.rows:
        row.entering = held
    ImportRow.objects.bulk_create(planned.rows, batch_size=BATCH)


def _why_stay(rows: Sequence[ImportRow], held: Import) -> dict[int, list[remarks.Kept]]:
    """Of the institutions a list entered, those that stay, and why."""
    institutions = {row.institution_id or 0: row.institution for row in rows}
    why: dict[int, str] = {}  # the code of a remark
    for relation in Institution._meta.get_fields(include_hidden=True):
        model = relation.related_model
        if not relation.auto_created or relation.concrete or model in (Identifier, ImportRow):
            continue
        name = f"{relation.field.name}__in"  # type: ignore[union-attr]
        pks = model._base_manager.filter(**{name: institutions})  # type: ignore[union-attr]
        for pk in pks.values_list(relation.field.name, flat=True):  # type: ignore[union-attr]
            why[pk] = "has-people" if model is Membership else "in-use"
    later = ImportRow.objects.filter(
        institution__in=institutions, outcome=Outcome.MATCHED, entering__undone_at=None
    ).exclude(entering=held)
    for pk in later.filter(entering__entered_at__isnull=False).values_list(
        "institution", flat=True
    ):
        why.setdefault(pk, "other-list")
    numbers: dict[int, set[tuple[str, str]]] = {}
    for pk, scheme, value in Identifier.objects.filter(institution__in=institutions).values_list(
        "institution", "scheme", "value"
    ):
        numbers.setdefault(pk, set()).add((scheme, value))
    empty = Institution()
    for row in rows:
        institution = institutions[row.institution_id or 0]
        were = {name: row.given.get(name, records.plain(getattr(empty, name))) for name in _FIELDS}
        same = all(records.plain(getattr(institution, name)) == were[name] for name in _FIELDS)
        added = {(scheme, value) for scheme, value in row.numbers}
        if not same or numbers.get(row.institution_id or 0, set()) != added:
            why.setdefault(row.institution_id or 0, "changed-since")
    return {pk: [remarks.why(code)] for pk, code in why.items()}


def _restore(rows: Sequence[ImportRow]) -> list[ImportRow]:
    """Give back the former values; answers with the rows of which something stays."""
    stay: list[ImportRow] = []
    changed: list[Institution] = []
    fields: set[str] = set()
    added = set()
    for row in rows:
        institution = row.institution
        assert institution
        back = {
            name: records.restored(name, former)
            for name, former in row.former.items()
            if records.plain(getattr(institution, name)) == row.given[name]
        }
        dates = [back.get(name, getattr(institution, name)) for name in ("founded_on", "closed_on")]
        if records.why_not_dates(*dates):
            back = {name: value for name, value in back.items() if not name.endswith("_on")}
        if len(back) < len(row.former):
            fields_now = sorted(row.former.keys() - back.keys())
            row.faults = [remarks.why("fields-changed-since", fields=fields_now)]
            stay.append(row)
        for name, value in back.items():
            setattr(institution, name, value)
        fields |= back.keys()
        changed.append(institution)
        added |= {(row.institution_id or 0, scheme, value) for scheme, value in row.numbers}
    _save(changed, fields)
    mine = {pk for pk, _scheme, _value in added}
    numbers = Identifier.objects.filter(institution__in=mine)
    gone = [one.pk for one in numbers if (one.institution_id, one.scheme, one.value) in added]
    Identifier.objects.filter(pk__in=gone).delete()
    return stay


def _batches(things: Iterable[T]) -> Iterator[list[T]]:
    """So many at a time, so that a long list asks no more of the database than it can hold."""
    rest = iter(things)
    while batch := list(islice(rest, BATCH)):
        yield batch
