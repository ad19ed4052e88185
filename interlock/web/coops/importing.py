"""The members of a co-op as a list: looked at line by line, then entered whole; and written out.

A line is about who has its number; without one, about who has its address or else its name. Nothing
is ever deleted, nobody's status changes by a list (that asks what the bylaws ask), and the same list
entered twice changes nothing.
"""

import csv
import io
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from datetime import date, datetime
from enum import StrEnum
from hashlib import sha256
from typing import TYPE_CHECKING, Any

from django.conf import settings
from django.core.exceptions import ValidationError
from django.core.validators import validate_email
from django.db import transaction
from django.utils import translation
from django.utils.translation import gettext as _

from interlock.methods.formats.amounts import decimal_text
from interlock.methods.formats.formulas import guarded
from interlock.methods.formats.register import RegisterError, cells
from interlock.methods.formats.register.rows import Row, table
from interlock.methods.formats.register.sentences import SENTENCES
from interlock.web.coops.actions.noting import kept_by, note
from interlock.web.coops.models import Coop, Import, ImportKind, Member, Standing, Status
from interlock.web.coops.queries.members import register_on
from interlock.web.coops.rules.access import today
from interlock.web.coops.rules.members import why_not_add, why_not_so_many
from interlock.web.institutions import remarks
from interlock.web.look.amounts import minor_units, precision
from interlock.web.look.refusals import Refused
from interlock.web.people.models import Person

if TYPE_CHECKING:
    from interlock.web.coops.queries.members import Registered

LARGEST = 2**20

#: The columns, in order, and what else each may be called.
COLUMNS: Mapping[str, tuple[str, ...]] = {
    "name": ("nombre",),
    "number": ("no", "id", "employee id", "payroll id", "número"),
    "email": ("e-mail", "mail", "e-mail address", "correo", "correo electrónico"),
    "status": ("estado", "situación"),
    "since": ("joined", "member since", "desde"),
    "left": ("until", "left on", "hasta", "salida"),
    "buy_in": ("buy-in", "buyin", "aporte", "aporte inicial"),
}


class Verdict(StrEnum):
    NEW = "new"
    CHANGED = "changed"
    UNCHANGED = "unchanged"
    REFUSED = "refused"


@dataclass
class Line:
    """A line of the list and what becomes of it; `why` says what changes, or why nothing is done."""

    line: int
    name: str
    verdict: Verdict
    why: str = ""
    said: dict[str, Any] = field(default_factory=dict)
    member: "Registered | None" = None


class _Wrong(Exception):
    """Why a line is left out."""


def look(coop: Coop, data: bytes, at: datetime) -> list[Line]:
    """What would become of each line. Two queries, however long the list."""
    if len(data) > LARGEST:
        raise Refused(
            _("The file is larger than %(most)s megabytes.") % {"most": LARGEST // 2**20},
            _("Split it, and enter the parts one by one."),
            status=413,
        )
    try:
        found = table(data)
    except RegisterError as error:
        raise Refused(remarks.told(remarks.kept(error.fault)).text, status=422) from error
    places = _places(found.headings)
    known = _Known(coop, today(coop, at))
    return [_line(row, places, known, at) for row in found]


@transaction.atomic
def enter(*, coop: Coop, data: bytes, name: str, by: Person, at: datetime) -> Import | None:
    """Enter all lines that are not refused. None where nothing is new in the list."""
    held = kept_by(coop, by, at)
    lines = look(held, data, at)
    new = [one for one in lines if one.verdict == Verdict.NEW]
    changed = [one for one in lines if one.verdict == Verdict.CHANGED]
    if reason := why_not_so_many(held, len(new)):
        raise Refused(reason)
    if not new and not changed:
        return None
    _create(held, new, by, at)
    for one in changed:
        assert one.member
        one.member.save(update_fields=["name", "email", "buy_in", "invited_at"])
    note("list_entered", held, at, by, entered=len(new), changed=len(changed))
    return Import.objects.create(
        coop=held,
        kind=ImportKind.MEMBERS,
        name=name[:200],
        sha256=sha256(data).hexdigest(),
        lines=len(lines),
        at=at,
        by=by,
    )


def template() -> str:
    """A list to begin from, with two lines that show what is meant."""
    return _written(
        [
            ("Ada Example", "1", "ada@example.org", "member", "2024-03-01", "", "500.00"),
            ("Max Example", "2", "", "candidate", "2026-01-15", "", ""),
        ]
    )


def members_csv(coop: Coop, day: date) -> str:
    """The register as a list that can be entered again."""
    return _written(
        (
            one.name,
            one.number,
            one.email,
            one.status,
            one.since.isoformat(),
            "",
            decimal_text(one.buy_in, precision(coop.currency)) if one.buy_in else "",
        )
        for one in register_on(coop, day)
    )


def _written(rows: Iterable[tuple[str, ...]]) -> str:
    text = io.StringIO()
    writer = csv.writer(text)
    writer.writerow(COLUMNS)
    writer.writerows([[guarded(cell) for cell in row] for row in rows])
    return text.getvalue()


def _places(headings: tuple[str, ...]) -> dict[str, int]:
    """Where each column stands."""
    said = [heading.casefold().replace("_", " ") for heading in headings]
    found = {}
    for column, others in COLUMNS.items():
        for called in (column.replace("_", " "), *others):
            if called in said:
                found[column] = said.index(called)
                break
    if missing := [one for one in ("name", "status", "since") if one not in found]:
        raise Refused(
            _("The list has no column called %(columns)s.") % {"columns": ", ".join(missing)},
            _("Its headings are: %(headings)s. The template shows what is needed.")
            % {"headings": ", ".join(headings[:20])},
            status=422,
        )
    return found


class _Known:
    """Who is in the register, and who came before in the list."""

    def __init__(self, coop: Coop, day: date) -> None:
        self.coop = coop
        self.by_number: dict[str, Registered] = {}
        self.by_email: dict[str, Registered] = {}
        self.by_name: dict[str, list[Registered]] = {}
        self.seen: dict[str, int] = {}
        for one in register_on(coop, day):
            self.by_number[one.number] = one
            if one.email:
                self.by_email[one.email.casefold()] = one
            self.by_name.setdefault(one.name.casefold(), []).append(one)

    def member(self, number: str, email: str, name: str) -> "Registered | None":
        if number:
            return self.by_number.get(number)
        if email and (found := self.by_email.get(email.casefold())):
            return found
        called = self.by_name.get(name.casefold(), [])
        if len(called) > 1:
            raise _Wrong(_("Several people have this name: say the number."))
        return called[0] if called else None


def _line(row: Row, places: Mapping[str, int], known: _Known, at: datetime) -> Line:
    told = {
        column: cells.cleaned(row.cells[place])[0] if place < len(row.cells) else ""
        for column, place in places.items()
    }
    name = " ".join(told["name"].split())
    try:
        if row.why_not:
            raise _Wrong(_(SENTENCES[row.why_not.code]) % row.why_not.given)
        said = _said(told, name, known.coop)
        member = known.member(said["number"], said["email"], name)
        _once(said, member, row.line, known)
        if member is None:
            if why := why_not_add(known.coop, said["status"], said["since"], at):
                raise _Wrong(str(why))
            return Line(row.line, name, Verdict.NEW, said=said)
        changes = _changes(member, said)
        verdict = Verdict.CHANGED if changes else Verdict.UNCHANGED
        return Line(row.line, name, verdict, ", ".join(changes), said, member)
    except _Wrong as wrong:
        return Line(row.line, name, Verdict.REFUSED, str(wrong))


def _said(told: Mapping[str, str], name: str, coop: Coop) -> dict[str, Any]:
    """What a line says, read; raises what is wrong with it."""
    if not name:
        raise _Wrong(_("There is no name."))
    if len(name) > 120:
        raise _Wrong(_("This name is too long: %(most)s signs at most.") % {"most": 120})
    number, email = told.get("number", ""), told.get("email", "")
    if len(number) > 40:
        raise _Wrong(_("This number is too long: %(most)s signs at most.") % {"most": 40})
    if email:
        try:
            validate_email(email)
        except ValidationError:
            raise _Wrong(_("This is no e-mail address: %(text)s.") % {"text": email[:60]}) from None
    status = _statuses().get(told["status"].casefold())
    if status is None:
        raise _Wrong(
            _("“%(text)s” is no status. Write one of: %(statuses)s.")
            % {"text": told["status"][:40], "statuses": ", ".join(Status.values)}
        )
    since, left = _day(told["since"]), _day(told["left"]) if told.get("left") else None
    if left and left <= since:
        raise _Wrong(_("They cannot have left before they came."))
    said = {"name": name, "number": number, "email": email, "status": status, "since": since}
    said["was"] = None
    if left:
        if status == Status.FORMER:
            status = Status.MEMBER
        said |= {"status": Status.FORMER, "since": left, "was": (status, since)}
    said["buy_in"] = None
    if told.get("buy_in"):
        try:
            said["buy_in"] = minor_units(told["buy_in"], coop.currency)
        except ValueError:
            raise _Wrong(
                _("This is no amount: %(text)s.") % {"text": told["buy_in"][:40]}
            ) from None
    return said


def _day(text: str) -> date:
    """A whole day, in any way that means only one."""
    found, remark = cells.date(text)
    if remark:
        raise _Wrong(_(SENTENCES[remark.code]) % remark.given)
    if len(found) != len("2026-03-01"):
        raise _Wrong(_("Say the whole day, such as 2026-03-01."))
    return date.fromisoformat(found)


def _statuses() -> dict[str, Status]:
    """Each status by its word, and by its name in every language of the site."""
    told = {one.value: one for one in Status}
    for code, _name in settings.LANGUAGES:
        with translation.override(code):
            told |= {str(one.label).casefold(): one for one in Status}
    return told


def _once(said: Mapping[str, Any], member: "Registered | None", line: int, known: _Known) -> None:
    """Nobody is in a list twice."""
    signs = [f"number {said['number']}"] if said["number"] else []
    signs += [f"member {member.pk}"] if member else []
    signs += [f"email {said['email'].casefold()}"] if said["email"] else []
    if not member and not said["number"] and not said["email"]:
        signs.append(f"name {said['name'].casefold()}")
    for sign in signs:
        before = known.seen.setdefault(sign, line)
        if before != line:
            raise _Wrong(_("Line %(line)s is about the same person.") % {"line": before})


def _changes(member: "Registered", said: Mapping[str, Any]) -> list[str]:
    """What a line changes of somebody; its status and day have to be those of the register."""
    status, since = member.status, member.since
    if (status, since) != (said["status"], said["since"]):
        raise _Wrong(
            _(
                "In the register they are “%(status)s” since %(since)s. That is changed on their "
                "own page, where it asks what the bylaws ask."
            )
            % {"status": Status(status).label, "since": since.isoformat()}
        )
    changes = []
    if member.name != said["name"]:
        changes.append(_("name"))
        member.name = said["name"]
    if said["email"] and member.email.casefold() != said["email"].casefold():
        changes.append(_("e-mail address"))
        # Whoever reads the new address was not asked yet.
        member.email, member.invited_at = said["email"], None
    if said["buy_in"] is not None and member.buy_in != said["buy_in"]:
        changes.append(_("buy-in"))
        member.buy_in = said["buy_in"]
    return changes


def _create(coop: Coop, new: list[Line], by: Person, at: datetime) -> None:
    taken = {one for one in coop.members.values_list("number", flat=True)}
    taken |= {one.said["number"] for one in new}
    free = max((int(one) for one in taken if one.isdecimal()), default=0)
    members, standings = [], []
    # Who enters a list with their own address in it says by that who they are; others are asked.
    own = "" if coop.members.filter(person=by).exists() else by.email.lower()
    for one in new:
        number = one.said["number"]
        if not number:
            free += 1
            number = str(free)
        made = Member(
            coop=coop,
            number=number,
            name=one.said["name"],
            email=one.said["email"],
            buy_in=one.said["buy_in"] or 0,
        )
        if own and made.email.lower() == own:
            made.person, own = by, ""
        members.append(made)
        told = {"member": made, "said_at": at, "said_by": by}
        since = one.said["since"]
        if one.said["was"]:
            status, begun = one.said["was"]
            standings.append(Standing(status=status, since=begun, until=since, **told))
        standings.append(Standing(status=one.said["status"], since=since, **told))
    Member.objects.bulk_create(members)
    Standing.objects.bulk_create(standings)
