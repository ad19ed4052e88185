r"""The sheet of a call as a CSV file: everything its ranking follows from, and what followed.

A file has a row a fact, so that a spreadsheet shows it and a person can check it. Its columns are
`what`, `lot`, `offer`, `criterion`, `panelist`, `value` and `text`:

| what | names | value | text |
|---|---|---|---|
| call | | | title |
| currency | | | ISO 4217 code of all prices |
| synthetic | | | `true` for a call that is made up |
| preference | | per cent or points | `discount` or `points` |
| seed | | | what the lot is drawn from, published before anybody scored |
| price, criterion | criterion | weight in per cent | name |
| panelist | panelist | | |
| lot | lot | most it may cost | title |
| offer | lot, offer | price | name of the bidder |
| preferred | lot, offer | | |
| excluded | lot, offer | | why |
| recusal | lot, offer, panelist | | why |
| score | lot, offer, criterion, panelist | points, 0 to 10 | why, in a sentence |
| evaluated, points, added, total, rank | lot, offer (criterion) | what the arithmetic gave | |

The rows of the last line are results: they are held against the arithmetic and never used by it.
Numbers are decimal, or a fraction such as 20/3 where no decimal is exact.
"""

from __future__ import annotations

import csv
import io
import re
from collections.abc import Iterable, Iterator
from fractions import Fraction

from interlock.methods.awarding.reasons import AwardingError, Fault, fault
from interlock.methods.awarding.sheet import (
    Criterion,
    Offer,
    Part,
    Preference,
    Recusal,
    Result,
    Score,
    Sheet,
    exact,
    money,
)
from interlock.methods.formats.formulas import guarded, unguarded

COLUMNS = ("what", "lot", "offer", "criterion", "panelist", "value", "text")
RESULTS = ("evaluated", "points", "added", "total", "rank")
LARGEST_FILE = 2**24
_NUMBER = re.compile(r"-?[0-9]{1,15}(?:\.[0-9]{1,6})?")
_FRACTION = re.compile(r"[0-9]{1,60}/[0-9]{1,60}")


def lines(sheet: Sheet, found: Iterable[Result] = ()) -> Iterator[str]:
    r"""The lines of a sheet's CSV file, the results that were found last, formulas made harmless.

    >>> part = Part("1", "Paint", Fraction(500), (Offer("a", "=Ann", Fraction("450.5")),))
    >>> sheet = Sheet("Hall", "USD", (Criterion("1", "Price", 100, True),), (part,))
    >>> list(lines(sheet))[-1]
    "offer,1,a,,,450.50,'=Ann\r\n"
    >>> read("".join(lines(sheet)).encode()) == sheet
    True
    """
    yield _line(COLUMNS)
    for row in _rows(sheet, found):
        yield _line(row)


def read(data: bytes) -> Sheet:
    """The sheet of a CSV file in UTF-8. Raises AwardingError with every fault of its rows.

    Whether it can be ranked is another question: `faults_of`.
    """
    return _Reading(_cells(data)).sheet()


def _rows(sheet: Sheet, found: Iterable[Result]) -> Iterator[tuple[str, ...]]:
    yield "call", "", "", "", "", "", sheet.title
    yield "currency", "", "", "", "", "", sheet.currency
    if sheet.is_synthetic:
        yield "synthetic", "", "", "", "", "", "true"
    if sheet.preference:
        yield "preference", "", "", "", "", exact(sheet.preference.size), sheet.preference.kind
    if sheet.seed:
        yield "seed", "", "", "", "", "", sheet.seed
    for criterion in sheet.criteria:
        what = "price" if criterion.is_price else "criterion"
        yield what, "", "", criterion.id, "", str(criterion.weight), criterion.name
    for panelist in sheet.panelists:
        yield "panelist", "", "", "", panelist, "", ""
    for part in sheet.lots:
        budget = "" if part.budget is None else money(part.budget)
        yield "lot", part.id, "", "", "", budget, part.title
        for offer in part.offers:
            yield "offer", part.id, offer.id, "", "", money(offer.price), offer.name
            if offer.is_preferred:
                yield "preferred", part.id, offer.id, "", "", "", ""
            if offer.excluded:
                yield "excluded", part.id, offer.id, "", "", "", offer.excluded
    for recusal in sheet.recusals:
        yield "recusal", recusal.lot, recusal.offer, "", recusal.panelist, "", recusal.reason
    for score in sheet.scores:
        points = exact(score.points)
        yield (
            "score",
            score.lot,
            score.offer,
            score.criterion,
            score.panelist,
            points,
            score.sentence,
        )
    for one in found:
        yield one.what, one.lot, one.offer, one.criterion, "", exact(one.value), ""


def _line(cells: Iterable[str]) -> str:
    text = io.StringIO()
    csv.writer(text, lineterminator="\r\n").writerow([guarded(cell) for cell in cells])
    return text.getvalue()


def _cells(data: bytes) -> Iterator[tuple[int, list[str]]]:
    """Each row with the line on which it begins, the headings checked and left out."""
    if len(data) > LARGEST_FILE:
        raise AwardingError([fault("too-large", most=LARGEST_FILE)])
    try:
        text = data.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        raise AwardingError([fault("not-text", data.count(b"\n", 0, error.start) + 1)]) from None
    if "\0" in text:
        raise AwardingError([fault("not-text", text.count("\n", 0, text.index("\0")) + 1)])
    reader = csv.reader(io.StringIO(text, newline=""), strict=True)
    headings, line = False, 1
    try:
        for row in reader:
            if headings and any(row):
                yield line, [unguarded(cell) for cell in row]
            elif not headings and tuple(cell.strip() for cell in row) != COLUMNS:
                raise AwardingError([fault("headings", line, columns=",".join(COLUMNS))])
            headings, line = True, reader.line_num + 1
    except csv.Error:
        raise AwardingError([fault("quotes", line)]) from None
    if not headings:
        raise AwardingError([fault("empty")])


class _Reading:
    """The rows of a file, put where they belong; each fault with its line."""

    def __init__(self, rows: Iterable[tuple[int, list[str]]]) -> None:
        self.faults: list[Fault] = []
        self.texts: dict[str, str] = {}
        self.preference: Preference | None = None
        self.criteria: list[Criterion] = []
        self.panelists: list[str] = []
        self.lots: list[tuple[str, str, Fraction | None]] = []
        self.offers: list[tuple[str, Offer]] = []
        self.preferred: set[tuple[str, str]] = set()
        self.excluded: dict[tuple[str, str], str] = {}
        self.scores: list[Score] = []
        self.recusals: list[Recusal] = []
        self.stated: list[Result] = []
        self.named: list[tuple[int, tuple[str, str]]] = []
        for line, cells in rows:
            if len(cells) != len(COLUMNS):
                self.faults.append(fault("width", line, cells=len(cells), width=len(COLUMNS)))
            else:
                self._take(line, *cells)

    def sheet(self) -> Sheet:
        known = {(lot, offer.id) for lot, offer in self.offers}
        for line, names in self.named:
            if names not in known:
                self.faults.append(fault("unknown", line, name=" / ".join(names)))
        lots = {lot for lot, _, _ in self.lots}
        for lot in dict.fromkeys(lot for lot, _ in self.offers if lot not in lots):
            self.faults.append(fault("unknown", name=lot))
        if self.faults:
            raise AwardingError(sorted(self.faults, key=lambda one: one.line))
        return Sheet(
            self.texts.get("call", ""),
            self.texts.get("currency", ""),
            tuple(self.criteria),
            tuple(Part(lot, title, most, self._offers(lot)) for lot, title, most in self.lots),
            tuple(self.panelists),
            tuple(self.scores),
            tuple(self.recusals),
            self.preference,
            self.texts.get("seed", ""),
            tuple(self.stated),
            self.texts.get("synthetic", "") == "true",
        )

    def _offers(self, lot: str) -> tuple[Offer, ...]:
        return tuple(
            Offer(
                one.id,
                one.name,
                one.price,
                (lot, one.id) in self.preferred,
                self.excluded.get((lot, one.id), ""),
            )
            for place, one in self.offers
            if place == lot
        )

    def _take(
        self,
        line: int,
        what: str,
        lot: str,
        offer: str,
        criterion: str,
        panelist: str,
        value: str,
        text: str,
    ) -> None:
        if what in ("call", "currency", "seed", "synthetic"):
            self.texts[what] = text
        elif what == "preference":
            self.preference = Preference(text, self._number(line, value))
        elif what in ("price", "criterion"):
            weight = self._number(line, value)
            # A weight that is no whole number is told by `faults_of`, as 0 is.
            whole = int(weight) if weight.denominator == 1 else 0
            self.criteria.append(Criterion(criterion, text, whole, what == "price"))
        elif what == "panelist":
            self.panelists.append(panelist)
        elif what == "lot":
            self.lots.append((lot, text, self._number(line, value) if value else None))
        elif what == "offer":
            self.offers.append((lot, Offer(offer, text, self._number(line, value))))
        elif what in ("preferred", "excluded", "recusal", "score", *RESULTS):
            self.named.append((line, (lot, offer)))
            self._take_of_offer(line, what, lot, offer, criterion, panelist, value, text)
        else:
            self.faults.append(fault("unknown-row", line, what=what))

    def _take_of_offer(
        self,
        line: int,
        what: str,
        lot: str,
        offer: str,
        criterion: str,
        panelist: str,
        value: str,
        text: str,
    ) -> None:
        if what == "preferred":
            self.preferred.add((lot, offer))
        elif what == "excluded":
            self.excluded[lot, offer] = text or "–"
        elif what == "recusal":
            self.recusals.append(Recusal(lot, offer, panelist, text))
        elif what == "score":
            points = self._number(line, value)
            self.scores.append(Score(lot, offer, criterion, panelist, points, text))
        else:
            self.stated.append(Result(what, lot, offer, criterion, self._number(line, value)))

    def _number(self, line: int, text: str) -> Fraction:
        if _NUMBER.fullmatch(text):
            return Fraction(text)
        if _FRACTION.fullmatch(text) and int(text.split("/")[1]):
            return Fraction(text)
        self.faults.append(fault("no-number", line, text=text))
        return Fraction(0)
