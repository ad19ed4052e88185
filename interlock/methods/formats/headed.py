"""Tables whose columns are found by what they are called or named by an option: what all of them share."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence
from typing import NoReturn

from interlock.methods.formats.faults import Remark, shown
from interlock.methods.formats.register.faults import Fault, RegisterError
from interlock.methods.formats.register.rows import Row, Table, table
from interlock.methods.observatory.reasons import SENTENCES

MOST_FAULTS = 20
_NO_TEXT = re.compile("[\0\ud800-\udfff]")


class TableError(ValueError):
    """A table that cannot be taken; `faults` are those found, at most `MOST_FAULTS` and one more."""

    def __init__(self, faults: Sequence[Fault]) -> None:
        self.faults = tuple(faults)
        super().__init__("\n".join(map(str, self.faults)))


def option(role: str) -> str:
    """The option of the command line that names the column of a role."""
    return f"--{role}"


def opened(data: bytes) -> Table:
    """The table of a file's bytes. Raises TableError for what is none."""
    try:
        return table(data, needs_name=False)
    except RegisterError as error:
        if error.fault.message.code == "file-empty":
            refuse(fault(1, "table-empty"))
        raise TableError([error.fault]) from None


def fault(line: int, code: str, /, *, at: int = 0, column: str = "", **given: str | int) -> Fault:
    return Fault(line, at, column, Remark(SENTENCES, code, **given))


def refuse(*faults: Fault) -> NoReturn:
    raise TableError(faults)


def check(faults: Sequence[Fault]) -> None:
    """Refuse a table with any fault."""
    if not faults:
        return
    told = sorted(faults, key=lambda one: (one.line, one.cell))[:MOST_FAULTS]
    beyond = len(faults) - len(told)
    if beyond:
        told.append(fault(faults[-1].line, "more-faults", many=beyond))
    refuse(*told)


def rows(found: Table, faults: list[Fault]) -> Iterator[Row]:
    """The rows that can be relied on; the others among the faults."""
    for row in found:
        if row.why_not is not None:
            faults.append(Fault(row.line, 0, "", row.why_not))
        elif any(_NO_TEXT.search(cell) for cell in row.cells):
            faults.append(fault(row.line, "not-text"))
        else:
            yield row


class Headed:
    """A table being read, with the faults found so far.

    `meanings` are what headings are taken for, in small letters with spaces: the first pattern of a
    role that any heading fits. `named` name the column of a role; `needed` are those that cannot lack.
    `at` is where the column of each role is, None for one that nobody needs and nobody named.
    """

    def __init__(
        self,
        found: Table,
        roles: Sequence[str],
        meanings: Mapping[str, Sequence[str]],
        needed: Sequence[str],
        named: Mapping[str, str],
    ) -> None:
        self.table, self.faults = found, list[Fault]()
        self.meanings, self.needed = meanings, needed
        self.at = {role: self._place(role, named.get(role)) for role in roles}
        check(self.faults)

    @property
    def columns(self) -> dict[str, str]:
        """The heading of each role's column."""
        return {role: self.table.headings[at] for role, at in self.at.items() if at is not None}

    def cell(self, row: Row, role: str, *, may_lack: bool = False) -> str:
        at = self.at[role]
        cell = "" if at is None else row.cells[at].strip()
        if not cell and not may_lack:
            self.wrong(row, role, "cell-empty")
        return cell

    def wrong(self, row: Row, role: str, code: str, /, **given: str | int) -> None:
        at = self.at[role]
        assert at is not None
        heading = shown(self.table.headings[at])
        self.faults.append(fault(row.line, code, at=at + 1, column=heading, **given))

    def _place(self, role: str, named: str | None) -> int | None:
        """Where the column of a role is; None for one that nobody needs and nobody named."""
        headings = self.table.headings
        every = ", ".join(map(shown, headings))
        if named is not None:
            if named not in headings:
                told = fault(
                    1, "no-such-column", name=shown(named), option=option(role), columns=every
                )
                self.faults.append(told)
                return None
            return headings.index(named)
        plain = [" ".join(re.split(r"[\s_]+", heading.casefold())) for heading in headings]
        for pattern in self.meanings.get(role, ()):
            places = [at for at, heading in enumerate(plain) if re.fullmatch(pattern, heading)]
            if len(places) > 1:
                alike = ", ".join(shown(headings[at]) for at in places)
                told = fault(1, "columns-alike", role=role, columns=alike, option=option(role))
                self.faults.append(told)
            if places:
                return places[0]
        if role in self.needed:
            self.faults.append(fault(1, "no-column", role=role, option=option(role), columns=every))
        return None
