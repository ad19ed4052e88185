"""Lists of institutions: looked at, entered, undone.

A list never deletes. What it writes, and what that replaces, is kept row by row, so that it can be
taken back. A page that an institution's own people look after is never written. Anybody may look; who
enters a list changes the pages of others, and is one whom the site trusts.

What becomes of the rows is worked out before anything is held. Others write meanwhile; the list is
written at once, if the register is still as it was, and otherwise worked out anew.
"""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from itertools import islice
from typing import Any, TypeVar

from django.contrib.auth.models import AnonymousUser
from django.db import transaction
from django.db.models import Max, Q, QuerySet
from django.utils.functional import Promise
from django.utils.translation import gettext as _

from interlock.methods.formats import register as lists
from interlock.methods.formats.register import Reading, Record, RegisterError
from interlock.methods.formats.register.rows import LARGEST_FILE
from interlock.web.institutions import records, remarks, rules, whereabouts
from interlock.web.institutions.actions import free_slug, one_at_a_time
from interlock.web.institutions.matching import BATCH, Found, Register, fingerprint
from interlock.web.institutions.models import (
    Identifier,
    Import,
    ImportRow,
    Institution,
    Membership,
    Outcome,
)
from interlock.web.look import amounts
from interlock.web.look.refusals import Refused
from interlock.web.people.models import Person
from interlock.web.record import actions as record
from interlock.web.record.models import Entry

#: What a row becomes whose list does not say that workers are the members: most lists are of co-ops.
USUAL_KIND = "other_coop"
NEW, SAME = "new", "same"
#: The code of a list at org-id.guide: a country and the register there.
SCHEME = r"\A[A-Z]{2}-[A-Z0-9-]{2,30}\Z"

#: So many rows are taken through the page. All who write wait while a list is written.
MOST_ROWS = 2_000
# So often a list is worked out anew, when others change the register meanwhile.
ATTEMPTS = 3

T = TypeVar("T")

# What a list may write, and what somebody may have changed since.
_FIELDS = (
    "name", "kind_id", "about", "structure", "membership_type", "activity", "status", "scope",
    "place", "street", "region", "postcode", "country", "latitude", "longitude", "county",
    "county_year", "website", "email", "phone", "founded_on", "closed_on", "workers",
    "workers_year", "members", "members_year", "left_at", "picture_id",
    "placed_by", "tags", "other_names", "links", "other_activities",
)  # fmt: skip
# What is given back together or not at all.
_TOGETHER = (
    {"latitude", "longitude", *whereabouts.DERIVED},
    {"workers", "workers_year"},
    {"members", "members_year"},
)


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


def why_not_see(entering: Import, person: Person | AnonymousUser) -> str | Promise | None:
    """Who looked at a list sees it, and so do all who could enter it: by its address they are given it."""
    if isinstance(person, Person) and person.pk in (entering.by_id, entering.entered_by_id):
        return None
    return rules.why_not_enter_lists(person)


def why_not_undo(entering: Import, person: Person) -> str | Promise | None:
    if person.is_superuser:
        return None
    if entering.entered_by_id != person.pk:
        return _("Only who entered this list, or an administrator of the site, can do that.")
    return rules.why_not_enter_lists(person)


def plan(data: bytes, choices: Choices) -> Plan:
    """What would become of each row of a list. Refuses a file that is no list, and says why."""
    return _Planner(_read(data, choices), choices).plan()


def _read(data: bytes, choices: Choices) -> Reading:
    if len(data) > LARGEST_FILE:
        raise too_large()
    try:
        return lists.read(data, scheme=choices.scheme, membership=choices.membership)
    except RegisterError as error:
        raise Refused(remarks.told(remarks.kept(error.fault)).text, status=422) from error


def too_large() -> Refused:
    reason = _("The file is larger than %(most)s megabytes.") % {"most": LARGEST_FILE // 2**20}
    return Refused(reason, _("Split it, and import the parts one by one."), status=413)


def _too_long(rows: int) -> Refused:
    numbers = {"rows": amounts.number(rows), "most": amounts.number(MOST_ROWS)}
    return Refused(
        _("The list has %(rows)s rows, and %(most)s are taken through this page.") % numbers,
        _("Split it, and import the parts one by one; or whoever runs this site enters it whole."),
        status=413,
    )


def look(
    *, data: bytes, file_name: str, choices: Choices, by: Person, at: datetime, credit: str = ""
) -> Import:
    """Keep a list and what would become of it. It puts away what the person looked at before."""
    reading = _read(data, choices)
    rows = len(reading.records) + len(reading.refusals)
    if rows > MOST_ROWS:
        raise _too_long(rows)
    planned = _Planner(reading, choices).plan()
    with transaction.atomic():
        Import.objects.filter(by=by, entered_at=None).delete()
        held = _import(planned, file_name, choices, at, credit)
        held.by, held.contents = by, data
        held.save()
        _keep_rows(held, planned)
    return held


def enter(
    *,
    entering: Import,
    by: Person,
    at: datetime,
    answers: Mapping[int, str] | None = None,
    rest: str = "",
) -> Import:
    """Enter a list that was looked at, by whoever."""
    _may_enter(by)
    waits = _waiting(Import.objects.all(), entering)
    choices = Choices(waits.kind_id, waits.membership, waits.scheme, answers or {}, rest)

    def write(planned: Plan) -> Import:
        held = _waiting(Import.objects.select_for_update(of=("self",)), entering)
        held.rows.all().delete()
        held.entered_by = by
        return _enter(held, planned, at)

    return _written(bytes(waits.contents), choices, write)[0]


def enter_at_once(
    *,
    data: bytes,
    file_name: str,
    choices: Choices,
    at: datetime,
    by: Person | None = None,
    credit: str = "",
) -> tuple[Import, Plan]:
    """Enter a list without a look before; nobody is `by` where it is whoever runs the site."""
    if by:
        _may_enter(by)

    def write(planned: Plan) -> Import:
        held = _import(planned, file_name, choices, at, credit)
        held.by = held.entered_by = by
        held.save()
        return _enter(held, planned, at)

    return _written(data, choices, write)


def _may_enter(by: Person) -> None:
    if reason := rules.why_not_enter_lists(by):
        raise Refused(reason, _("Give one of them the address of your list here."), status=403)


def _waiting(lists: QuerySet[Import], entering: Import) -> Import:
    """A list that waits to be entered, as it is stored."""
    held = lists.filter(pk=entering.pk).first()
    if held is None:
        reason = _("This list is not here any more: who looked at it has looked at another since.")
        raise Refused(reason, _("Look at the file again."))
    if held.entered_at:
        raise Refused(_("This list is entered already."), _("Its page says what became of it."))
    return held


def _written(data: bytes, choices: Choices, write: Callable[[Plan], Import]) -> tuple[Import, Plan]:
    """Work out what becomes of the rows, then write it if the register is still as it was."""
    reading = _read(data, choices)
    for _attempt in range(ATTEMPTS):
        seen = Entry.objects.aggregate(last=Max("pk"))["last"] or 0
        planned = _Planner(reading, choices).plan()
        with transaction.atomic():
            one_at_a_time()
            _hold(planned)
            # Whatever is done to an institution is on the record.
            since = Entry.objects.filter(pk__gt=seen, act__startswith="institution")
            if not since.exists():
                return write(planned), planned
    raise Refused(
        _("The register is being changed by others at this moment. Nothing was entered."),
        _("Try again in a minute."),
    )


def _hold(planned: Plan) -> None:
    """So that nobody changes, meanwhile, the institutions that the list changes."""
    for batch in _batches(row for row in planned.rows if row.outcome == Outcome.MATCHED):
        held = Institution.objects.filter(pk__in=[row.institution_id for row in batch])
        list(held.select_for_update(of=("self",)).order_by("pk").values_list("pk"))


@transaction.atomic
def undo(*, entering: Import, at: datetime, by: Person | None = None) -> Undone:
    """Take a list back: former values return, and what it entered goes.

    What somebody has claimed, used or changed since stays as it is.
    """
    held = Import.objects.select_for_update(of=("self",)).get(pk=entering.pk)
    if by and (reason := why_not_undo(held, by)):
        raise Refused(reason, status=403)
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
        theirs, others = _parted(rows)
        stay += theirs
        stay += _restore(others, held)
        restored += len(others)
    ImportRow.objects.bulk_update(stay, ["faults"], batch_size=BATCH)
    held.undone_at = at
    held.save(update_fields=["undone_at"])
    record.write(
        act="institutions.import_undone",
        subject=f"import/{held.pk}",
        at=at,
        is_synthetic=_has_made_up(held),
        actor=by.reference if by else "",
        facts={"file": held.file_name, "removed": removed, "restored": restored, "stay": len(stay)},
    )
    return Undone(removed, restored, stay)


def _has_made_up(held: Import) -> bool:
    return held.rows.filter(given__is_synthetic=True).exists()


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
        elif pk and self.register.known[pk].made_up != one.is_synthetic:
            self._refuse(row, remarks.why("made-up" if one.is_synthetic else "not-made-up"))
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
        if one.is_synthetic:
            values["is_synthetic"] = True
        self.values[row.line] = values
        row.given = {name: records.plain(value) for name, value in values.items()}
        row.numbers = self._numbers(one)

    def _numbers(self, one: Record) -> list[list[str]]:
        """The identifiers of a row that are nobody's yet."""
        numbers = self.reader.identifiers(one)
        return [[one.scheme, one.id] for one in numbers if not self.register.owner(one)]

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
                row.numbers = self._numbers(one)
                if theirs:
                    self._leave(row, changed)
                    changed = {}
                row.given = {name: records.plain(value) for name, value in changed.items()}
                row.former = {name: records.plain(getattr(institution, name)) for name in changed}
                row.outcome = Outcome.MATCHED if changed or row.numbers else Outcome.UNCHANGED
                self.values[row.line] = changed
            institutions |= found
        return institutions

    @staticmethod
    def _leave(row: ImportRow, changed: Iterable[str]) -> None:
        """Leave a page to the people who look after it, and name what they may want to look at."""
        row.kept = [*row.kept, *(name for name in changed if name not in whereabouts.DERIVED)]
        if row.numbers:
            numbers = ", ".join("-".join(number) for number in row.numbers)
            row.notes.append(remarks.why("numbers-stay", numbers=numbers))
        row.numbers = []


def _import(planned: Plan, file_name: str, choices: Choices, at: datetime, credit: str) -> Import:
    return Import(
        credit=credit,
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
            is_synthetic=_has_made_up(held),
            actor=held.entered_by.reference if held.entered_by else "",
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
    """Write these fields of many institutions: as rows that are there already, in one go."""
    names = {name.removesuffix("_id") for name in fields}
    if names:
        Institution.objects.bulk_create(
            changed,
            update_conflicts=True,
            unique_fields=["id"],
            update_fields=sorted({*names, "searched"}),
            batch_size=BATCH,
        )


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


def _parted(rows: Sequence[ImportRow]) -> tuple[list[ImportRow], list[ImportRow]]:
    """The rows about pages that people look after, which stay; and all others."""
    stewards = Membership.objects.stewards().filter(
        institution__in=[row.institution_id for row in rows]
    )
    claimed = set(stewards.values_list("institution", flat=True))
    theirs = [row for row in rows if row.institution_id in claimed]
    for row in theirs:
        row.faults = [remarks.why("has-people")]
    return theirs, [row for row in rows if row.institution_id not in claimed]


def _restore(rows: Sequence[ImportRow], held: Import) -> list[ImportRow]:
    """Give back the former values; answers with the rows of which something stays."""
    stay: list[ImportRow] = []
    changed: list[Institution] = []
    fields: set[str] = set()
    added = set()
    before = _written_before(rows, held)
    for row in rows:
        institution = row.institution
        assert institution
        back = {
            name: records.restored(name, _standing(name, former, before[institution.pk]))
            for name, former in row.former.items()
            if records.plain(getattr(institution, name)) == row.given[name]
        }
        for group in _TOGETHER:
            if group & row.former.keys() - back.keys():
                back = {name: value for name, value in back.items() if name not in group}
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


def _written_before(rows: Sequence[ImportRow], held: Import) -> Mapping[int, list[ImportRow]]:
    """What lists wrote of these institutions before this one, the last first."""
    before: dict[int, list[ImportRow]] = defaultdict(list)
    earlier = ImportRow.objects.filter(
        Q(entering__entered_at=held.entered_at, entering__lt=held.pk)
        | Q(entering__entered_at__lt=held.entered_at),
        institution__in=[row.institution_id for row in rows],
    )
    for one in earlier.select_related("entering").order_by("-entering__entered_at", "-entering"):
        before[one.institution_id or 0].append(one)
    return before


def _standing(name: str, value: Any, before: Iterable[ImportRow]) -> Any:
    """The last value of a field that no list wrote which was undone since."""
    for one in before:
        if name not in one.given:
            continue
        undone = one.given[name] == value and one.entering.undone_at
        if not undone or (one.outcome == Outcome.CREATED and name in ("name", "kind_id")):
            break
        value = one.former.get(name, records.plain(getattr(Institution(), name)))
    return value


def _batches(things: Iterable[T]) -> Iterator[list[T]]:
    """So many at a time, so that a long list asks no more of the database than it can hold."""
    rest = iter(things)
    while batch := list(islice(rest, BATCH)):
        yield batch
