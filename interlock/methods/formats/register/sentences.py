"""Everything there is to say about a list, by code: one table, told in English here."""

from __future__ import annotations

from collections.abc import Mapping

from interlock.methods.formats.faults import Remark, gettext_noop

SENTENCES: Mapping[str, str] = {
    # The file
    "file-too-large": gettext_noop("The file has more than %(most)s bytes. Split it."),
    "file-empty": gettext_noop(
        "The file is empty. It needs a row of headings, and a row an institution."
    ),
    "file-spreadsheet": gettext_noop(
        "The file is a spreadsheet or an archive, and no CSV. Save the table as CSV in UTF-8."
    ),
    "file-old-spreadsheet": gettext_noop(
        "The file is an old spreadsheet, and no CSV. Save the table as CSV in UTF-8."
    ),
    "file-pdf": gettext_noop("The file is a PDF, and no CSV. Save the table as CSV in UTF-8."),
    "file-compressed": gettext_noop(
        "The file is compressed, and no CSV. Save the table as CSV in UTF-8."
    ),
    "too-many-columns": gettext_noop("There are more than %(most)s columns."),
    "no-name-column": gettext_noop(
        "No column of the first row is called Name, or anything like it. Put the headings into the "
        "first row."
    ),
    "encoding-guessed": gettext_noop(
        "The file has no byte order mark and was read as %(encoding)s."
    ),
    "encoding-windows": gettext_noop(
        "The file is not UTF-8 and was read as Windows-1252: check the accents of names."
    ),
    "ends-within-sign": gettext_noop("The file ends within a sign, which was left out."),
    "column-again": gettext_noop("This column says what another column says, and was not read."),
    "column-unknown": gettext_noop("This column means nothing here, and was not read."),
    "counts-of-years": gettext_noop("Of several years the latest that a row tells is read."),
    "local-identifiers": gettext_noop(
        "These identifiers name no list, and hold within this file only."
    ),
    "too-many-notes": gettext_noop("There are more than %(most)s notes; the rest are not listed."),
    # Rows
    "too-many-rows": gettext_noop(
        "There are more than %(most)s rows. Split the file; from here on nothing was read."
    ),
    "row-too-long": gettext_noop("The row is longer than %(most)s signs. Check its quotes."),
    "quotes": gettext_noop(
        'The quotes (") do not match. Write each quote inside a cell twice, and put the cell in '
        "quotes."
    ),
    "wrong-width": gettext_noop(
        'The row has %(cells)s cells, and the headings are %(width)s. Check its quotes (") and '
        'separators ("%(separator)s").'
    ),
    "wrong-width-tabs": gettext_noop(
        'The row has %(cells)s cells, and the headings are %(width)s. Check its quotes (") and tabs.'
    ),
    "no-name": gettext_noop("The institution has no name."),
    "taken-for-made-up": gettext_noop(
        '"%(text)s" is neither yes nor no, so that the row is taken for made up.'
    ),
    "identifier-again": gettext_noop(
        "The identifier %(number)s is already on line %(line)s. Each institution has one row."
    ),
    "name-again": gettext_noop(
        "The same name at the same place is already on line %(line)s. Each institution has one row."
    ),
    "name-again-told-apart": gettext_noop(
        "The same name at the same place is already on line %(line)s, with another identifier or "
        "website. Check the two."
    ),
    # Cells
    "cell-too-long": gettext_noop(
        "The cell has %(signs)s signs, and more than %(most)s are not taken."
    ),
    "nul": gettext_noop("There is a NUL in the cell. Save the file as plain text."),
    "not-utf8": gettext_noop(
        "Byte %(byte)s is not UTF-8, which the rest of the file is. Save the file as UTF-8."
    ),
    "half-sign": gettext_noop("The cell has half a sign. Save the file as UTF-8."),
    "unseen": gettext_noop("Signs that cannot be seen were left out."),
    "formula": gettext_noop("It begins like a formula and was kept as text."),
    "sign-lost": gettext_noop(
        "The sign � stands where another was lost before this file was written."
    ),
    "too-long": gettext_noop("It has %(signs)s signs, and more than %(most)s are not taken."),
    "scheme-added": gettext_noop("It has no http:// before it, which was added."),
    "no-web-address": gettext_noop(
        '"%(text)s" is no web address (http:// or https://), and was left out.'
    ),
    "no-mailbox": gettext_noop('"%(text)s" is no e-mail address, and was left out.'),
    "mailbox-too-long": gettext_noop(
        '"%(text)s" is too long for an e-mail address, and was left out.'
    ),
    "no-phone": gettext_noop('"%(text)s" is no telephone number, and was left out.'),
    "no-account": gettext_noop('"%(text)s" is no name of an account, and was left out.'),
    "two-dates": gettext_noop(
        '"%(text)s" may be two dates, and was left out. Write %(one)s or %(other)s.'
    ),
    "no-date": gettext_noop(
        '"%(text)s" is no date, and was left out. Write it as 2003-03-25 or 2003.'
    ),
    "no-such-day": gettext_noop('"%(text)s" is a day that never was, and was left out.'),
    "no-number": gettext_noop('"%(text)s" is no whole number, and was left out.'),
    "no-year": gettext_noop('"%(text)s" is no year, and was left out.'),
    "no-longitude": gettext_noop("The longitude is missing, so that the other was left out."),
    "no-latitude": gettext_noop("The latitude is missing, so that the other was left out."),
    "no-degrees": gettext_noop(
        "Latitude %(latitude)s and longitude %(longitude)s are no degrees as decimal numbers, and "
        "were left out."
    ),
    "null-island": gettext_noop(
        "Latitude %(latitude)s and longitude %(longitude)s are in the Gulf of Guinea, and were left "
        "out."
    ),
    "exchanged": gettext_noop(
        "Latitude %(latitude)s and longitude %(longitude)s look exchanged, and were left out. "
        "Exchange them."
    ),
    "nowhere": gettext_noop(
        "Latitude %(latitude)s and longitude %(longitude)s are nowhere on the earth, and were left "
        "out."
    ),
    "far-away": gettext_noop(
        "Latitude %(latitude)s and longitude %(longitude)s are far from the others of the country. "
        "Are they exchanged?"
    ),
    "decimal-comma": gettext_noop("The decimal comma was read as a point."),
    "no-company-number": gettext_noop(
        '"%(text)s" is no number of Companies House, and was left out.'
    ),
    "no-ein": gettext_noop('"%(text)s" is no EIN (12-3456789), and was left out.'),
    "names-no-list": gettext_noop(
        '"%(text)s" names no list (write GB-COH-01234567), and was left out.'
    ),
    "no-membership": gettext_noop('"%(text)s" is no type of membership, and was left out.'),
    "no-structure": gettext_noop('"%(text)s" is no structure of ESSGLOBAL, and was left out.'),
    "no-country": gettext_noop('"%(text)s" is no country of ISO 3166, and was left out.'),
}


def said(code: str, /, **given: str | int) -> Remark:
    """One of these sentences.

    >>> said("no-year", text="next")
    '"next" is no year, and was left out.'
    """
    return Remark(SENTENCES, code, **given)
