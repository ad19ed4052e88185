"""Pabulib's `.pb` files, read and written: https://pabulib.org/format.

The format of P. Faliszewski et al., "Participatory Budgeting: Data, Tools, and Analysis" (IJCAI
2023): three sections, META, PROJECTS and VOTES, each a title line, a header line and rows of cells
separated by ";", quoted as in CSV. Reading is strict about what would change a count and lenient
about the rest: every fault is collected with its line and its column, and every tolerated quirk is
noted.

What a file may cost is bounded, and each bound has a name: a line has `rows.LONGEST_LINE` bytes, a
cell `rows.LONGEST_CELL` characters, a section `rows.MOST_COLUMNS` columns, META and PROJECTS
`reading.MOST_ROWS` rows, an amount `amounts.MOST_DIGITS` digits, points `plain.MOST_POINT_DIGITS`
before the decimal point and as many after it, ballots filled up by a default score
`reading.MOST_FILLED_MARKS` marks; `faults.MOST_FAULTS` faults end the reading. VOTES may be of any
length: beside the file's own bytes memory holds 20 bytes a ballot and 4 a mark (12 with points), as
much again for a moment, and a few megabytes of work; that is less than three times the file. Time
grows with the bytes alone: about 10 ms a megabyte of plain rows, 0.1 to 1.5 s a megabyte of rows
that have to be read one by one (rows with quotes, or with points that have decimals).

Points are 0 or more. A file with points below 0, or a default score below 0, is refused: no rule
here lets a voter pay against a project, and leaving such points out would count another ballot than
the one that was cast.
"""

from interlock.methods.formats.pabulib.faults import Fault, PabulibError
from interlock.methods.formats.pabulib.file import PabulibFile
from interlock.methods.formats.pabulib.reading import read
from interlock.methods.formats.pabulib.writing import compose, write

__all__ = ["Fault", "PabulibError", "PabulibFile", "compose", "read", "write"]
