"""Lists of institutions as CSV, read and written.

The columns are those of the Solidarity Economy Association's standard (open-data, docs/
SSE-Standard.md, with the columns that its real files add: membership type, latitude, longitude).
Other lists are read by what their headings mean (`columns.MEANINGS`); a column that means nothing
here is named and kept out.

Reading loses nothing silently. A row becomes a `Record`, or a `Refusal` that says line, column and
reason: bytes that are no text, a NUL, too few or too many cells, a cell beyond all measure, no
name, an institution that the file has already given. A cell that cannot be true (a latitude of 512,
an address that is no address, a date that never was) is left out of its record, with a `Fault`
among the notes; the institution is as real as before. Formulas are kept as text, and made harmless
when written (`formats.formulas`).

What a file may cost is bounded, and each bound has a name: `rows.LARGEST_FILE` bytes,
`rows.MOST_ROWS` rows, `rows.MOST_COLUMNS` columns, `rows.LONGEST_ROW` signs a row,
`cells.LONGEST` signs a cell, `reading.MOST_NOTES` notes. Memory is about ten times the file; time
grows with the file alone.
"""

from interlock.methods.formats.register.faults import Fault, Refusal, RegisterError
from interlock.methods.formats.register.reading import Reading, read
from interlock.methods.formats.register.record import Address, Headcount, Identifier, Record
from interlock.methods.formats.register.writing import write

__all__ = [
    "Address",
    "Fault",
    "Headcount",
    "Identifier",
    "Reading",
    "Record",
    "Refusal",
    "RegisterError",
    "read",
    "write",
]
