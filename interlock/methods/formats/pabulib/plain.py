"""Ballots that are written plainly, read a block of lines at a time with numpy.

Nearly all rows of VOTES look like `217759;1822,322,1992;42;M`: as many cells as there are columns,
no quotes, ids exactly as in PROJECTS. Their separators are found for all lines of a block at once,
and ids are compared as 64-bit words. Whatever is not plain is left to be read with care, row by
row (`votes.py`); both ways give the same ballots and the same faults.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from hashlib import blake2b

import numpy as np
import numpy.typing as npt

from interlock.methods.counting.election import Integers
from interlock.methods.formats.pabulib.rows import LONGEST_CELL

Bytes = npt.NDArray[np.uint8]
Words = npt.NDArray[np.uint64]
Flags = npt.NDArray[np.bool_]

# Longer ids are not plain: they are compared by Python, one by one.
LONGEST_PLAIN_ID = 64
# Nine digits: the points of nine billion marks add up within 64 bits.
MOST_POINT_DIGITS = 9

_WORD = 8
_PADDING = bytes(LONGEST_PLAIN_ID + _WORD)
_MASKS = np.array([2 ** (8 * length) - 1 for length in range(_WORD + 1)], np.uint64)
_NEWLINE, _RETURN, _SEMICOLON, _COMMA, _QUOTE, _ZERO = b'\n\r;,"0'
_INITIALS = np.frombuffer(b"MmPpVv", np.uint8)
_LARGEST_TABLE = 2**21


@dataclass(frozen=True)
class Layout:
    """Where the cells of a row of VOTES are, columns counted from 0; `points` if there are any."""

    width: int
    voter: int
    vote: int
    points: int | None
    one_mark: bool


@dataclass(frozen=True)
class Plain:
    """The plain ballots of a block: on which of its `height` lines, from 0, and what they say.

    `voters` are the fingerprints of the voters' ids; `marks`, and `points` beside them, follow each
    other ballot by ballot, `lengths` of them each. `others` are the lines that are not plain.
    """

    height: int
    lines: Integers
    voters: Words
    lengths: Integers
    marks: Integers
    points: Integers | None
    others: Sequence[tuple[int, bytes]]


@dataclass(frozen=True)
class Spans:
    """Pieces of a text, each by the place of its first byte and how many it has.

    The text ends with `_PADDING`, so that words may be read across the end of a piece.
    """

    text: Bytes
    starts: Integers
    lengths: Integers

    @classmethod
    def of(cls, pieces: Sequence[bytes]) -> Spans:
        lengths = np.array([len(piece) for piece in pieces], np.int64)
        text = np.frombuffer(b"".join(pieces) + _PADDING, np.uint8)
        return cls(text, np.cumsum(lengths) - lengths, lengths)

    def at(self, places: Integers) -> Spans:
        return Spans(self.text, self.starts[places], self.lengths[places])

    def word(self, number: int) -> Words:
        """Eight bytes of each piece as one number, from its byte 8 * number on, 0 after its end."""
        everywhere = np.ndarray((len(self.text) - _WORD + 1,), "<u8", self.text, strides=(1,))
        left = np.clip(self.lengths - _WORD * number, 0, _WORD)
        words: Words = everywhere[self.starts + _WORD * number] & _MASKS[left]
        return words


class Fingerprints:
    """Numbers that stand for ids: equal ids have equal ones, and different ids almost never.

    Ids of up to eight bytes never. The key is the hash of the whole file, so nobody can write a
    file whose ids collide.
    """

    def __init__(self, key: bytes) -> None:
        self._key = key
        self._factor = np.uint64(int.from_bytes(key[:_WORD], "little") | 1)

    def of(self, ids: Spans) -> Words:
        prints = self._mixed(np.zeros(len(ids.starts), np.uint64), ids.word(0))
        longest = int(ids.lengths.max(initial=0))
        for number in range(1, -(-min(longest, LONGEST_PLAIN_ID) // _WORD)):
            longer = np.flatnonzero(ids.lengths > _WORD * number)
            prints[longer] = self._mixed(prints[longer], ids.at(longer).word(number))
        if longest > LONGEST_PLAIN_ID:
            for place in np.flatnonzero(ids.lengths > LONGEST_PLAIN_ID).tolist():
                start, length = int(ids.starts[place]), int(ids.lengths[place])
                piece = ids.text[start : start + length].tobytes()
                digest = blake2b(piece, digest_size=_WORD, key=self._key).digest()
                prints[place] = int.from_bytes(digest, "little")
        return prints

    def _mixed(self, prints: Words, words: Words) -> Words:
        mixed: Words = (prints ^ words) * self._factor
        return mixed ^ (mixed >> np.uint64(32))


class ProjectIds:
    """The ids of the projects, to be found among the pieces of a text."""

    def __init__(self, ids: Sequence[str], fingerprints: Fingerprints) -> None:
        self._fingerprints = fingerprints
        self._total = len(ids)
        pieces = [id.encode() for id in ids]
        plain = [n for n, piece in enumerate(pieces) if 0 < len(piece) <= LONGEST_PLAIN_ID]
        self._numbers = np.array(plain, np.int64)
        self._ids = Spans.of([pieces[number] for number in plain])
        self._prints = fingerprints.of(self._ids)
        longest = int(self._ids.lengths.max(initial=0))
        self._words = [self._ids.word(n) for n in range(-(-longest // _WORD))]
        self._order = np.argsort(self._prints)
        self._table = np.zeros(2**16, np.int64)
        self._table[self._slots(self._prints)] = np.arange(len(plain))

    def __len__(self) -> int:
        return self._total

    def find(self, pieces: Spans) -> Integers:
        """The number of the project that each piece names, or -1 where it names none."""
        if not len(self._numbers):
            return np.full(len(pieces.starts), -1, np.int64)
        prints = self._fingerprints.of(pieces)
        found = self._table[self._slots(prints)]
        same = self._same(pieces, prints, found)
        if not same.all():  # a slot of the table may have room for another id only
            others = np.flatnonzero(~same)
            place = np.searchsorted(self._prints, prints[others], sorter=self._order)
            found[others] = self._order[np.minimum(place, len(self._order) - 1)]
            same[others] = self._same(pieces.at(others), prints[others], found[others])
        numbers: Integers = np.where(same, self._numbers[found], -1)
        return numbers

    def _same(self, pieces: Spans, prints: Words, found: Integers) -> Flags:
        same: Flags = (self._prints[found] == prints) & (self._ids.lengths[found] == pieces.lengths)
        if len(self._words) > 1:  # the fingerprint of a single word is as good as the word
            for number, words in enumerate(self._words):
                same &= words[found] == pieces.word(number)
        return same

    @staticmethod
    def _slots(prints: Words) -> Words:
        return prints >> np.uint64(48)


def read_block(
    block: bytes, layout: Layout, projects: ProjectIds, fingerprints: Fingerprints
) -> Plain | None:
    """Read the plain ballots of a block of whole lines; None when it has to be read row by row.

    No ballot that is read here names a project twice.
    """
    cells = _Cells.of(block, layout.width)
    if cells is None:
        return None
    counts = cells.counts(layout.vote)
    keep = _is_plain(cells.cells(layout.voter), counts)
    if layout.one_mark:
        keep &= counts <= 1
    if layout.points is not None:
        keep &= cells.counts(layout.points) == counts
    cells, counts = cells.only(keep), counts[keep]
    marks = projects.find(cells.pieces(layout.vote, counts))
    keep = _whole(marks >= 0, counts) & _unique(marks, counts, len(projects))
    points = None
    if layout.points is not None:
        points, sound = _points(cells.pieces(layout.points, counts))
        keep &= _whole(sound, counts)
    if not keep.all():
        kept = np.repeat(keep, counts)
        marks, points = marks[kept], None if points is None else points[kept]
        cells, counts = cells.only(keep), counts[keep]
    voters = fingerprints.of(cells.cells(layout.voter))
    return Plain(cells.height, cells.lines, voters, counts, marks, points, cells.others())


@dataclass(frozen=True)
class _Cells:
    """The cells of those lines of a block that have one for each column, and no quotes.

    `places` are the separators of the text: commas, semicolons and line ends, one of them before
    the first line; `stops` is where what stands before each ends. `ends` and `semicolons` are the
    numbers of those separators that are. Line n lies between `ends[n]` and `ends[n + 1]`, its first
    semicolon is `semicolons[before[n]]`, and its last column ends at separator `last[n]`. `lines`
    are the lines meant.
    """

    text: Bytes
    places: Integers
    stops: Integers
    ends: Integers
    semicolons: Integers
    before: Integers
    last: Integers
    width: int
    lines: Integers

    @classmethod
    def of(cls, block: bytes, width: int) -> _Cells | None:
        """The cells of a block of whole lines.

        None for a CR that ends a line alone, and for a line that may hold a cell of more than
        `LONGEST_CELL`.
        """
        end = b"" if block.endswith(b"\n") else b"\n"
        text = np.frombuffer(b"\n" + block + end + _PADDING, np.uint8)
        places = np.flatnonzero((text == _COMMA) | (text == _SEMICOLON) | (text == _NEWLINE))
        kinds = text[places]
        ends = np.flatnonzero(kinds == _NEWLINE)
        if np.diff(places[ends]).max(initial=0) > LONGEST_CELL:
            return None
        stops = places
        if b"\r" in block:
            returns = text[places[ends] - 1] == _RETURN
            if np.count_nonzero(returns) != block.count(b"\r"):
                return None
            stops = places.copy()
            stops[ends] -= returns
        semicolons = np.flatnonzero(kinds == _SEMICOLON)
        before = np.cumsum(kinds == _SEMICOLON)[ends]
        extra = np.diff(before) - (width - 1)
        fits, last = extra == 0, ends[1:]
        if np.any(extra > 0):  # empty cells beyond the last column, as spreadsheets write them
            last = last.copy()
            longer = np.flatnonzero(extra > 0)
            last[longer] = semicolons[before[longer] + width - 1]
            fits[longer] = stops[ends[longer + 1]] - places[last[longer]] == extra[longer]
        if b'"' in block:
            fits[np.searchsorted(places[ends], np.flatnonzero(text == _QUOTE)) - 1] = False
        lines = np.flatnonzero(fits)
        return cls(text, places, stops, ends, semicolons, before, last, width, lines)

    @property
    def height(self) -> int:
        """How many lines the block has."""
        return len(self.ends) - 1

    def only(self, keep: Flags) -> _Cells:
        return self if keep.all() else replace(self, lines=self.lines[keep])

    def cells(self, column: int) -> Spans:
        """The cell of each line in this column."""
        left, right = self._around(column)
        starts = self.places[left] + 1
        return Spans(self.text, starts, self.stops[right] - starts)

    def counts(self, column: int) -> Integers:
        """How many pieces the commas make of each cell in this column; none of an empty cell."""
        left, right = self._around(column)
        empty = self.stops[right] == self.places[left] + 1
        counts: Integers = right - left - empty
        return counts

    def pieces(self, column: int, counts: Integers) -> Spans:
        """The pieces of the cells in this column, `counts` of each, one after the other."""
        left, _right = self._around(column)
        separators = np.repeat(left - (np.cumsum(counts) - counts), counts)
        separators += np.arange(len(separators))
        starts = self.places[separators] + 1
        return Spans(self.text, starts, self.stops[separators + 1] - starts)

    def others(self) -> list[tuple[int, bytes]]:
        """All other lines that are not empty, each with its number and without its line break."""
        starts, stops = self.places[self.ends[:-1]] + 1, self.stops[self.ends[1:]]
        other = starts < stops
        other[self.lines] = False
        numbers = np.flatnonzero(other)
        spans = zip(
            numbers.tolist(), starts[numbers].tolist(), stops[numbers].tolist(), strict=True
        )
        return [(number, self.text[start:stop].tobytes()) for number, start, stop in spans]

    def _around(self, column: int) -> tuple[Integers, Integers]:
        """The numbers of the separators before and after the cell of each line."""
        first = self.before[self.lines] + column
        left = self.semicolons[first - 1] if column else self.ends[self.lines]
        is_last = column == self.width - 1
        right = self.last[self.lines] if is_last else self.semicolons[first]
        return left, right


def _is_plain(voters: Spans, counts: Integers) -> Flags:
    """Whether each voter's id begins and ends with a visible sign of ASCII: nothing is to be trimmed.

    An empty ballot of a voter whose id begins like the name of a section is not plain: such a row
    may be a title.
    """
    first = voters.text[voters.starts]
    last = voters.text[voters.starts + voters.lengths - 1]
    plain = (voters.lengths > 0) & (first > 32) & (first < 127) & (last > 32) & (last < 127)
    if not counts.all():
        plain &= (counts > 0) | ~np.isin(first, _INITIALS)
    flags: Flags = plain
    return flags


def _whole(sound: Flags, counts: Integers) -> Flags:
    """Which rows, of `counts` pieces each, have sound pieces only."""
    whole = np.ones(len(counts), np.bool_)
    if not sound.all():
        whole[np.repeat(np.arange(len(counts)), counts)[~sound]] = False
    return whole


def _unique(marks: Integers, counts: Integers, number: int) -> Flags:
    """Which rows, of `counts` marks each, name none of `number` projects twice."""
    unique = np.ones(len(counts), np.bool_)
    room = number + 1  # a mark may be -1
    pairs = np.repeat(np.arange(len(counts)) * room + 1, counts) + marks
    if len(counts) * room <= _LARGEST_TABLE:
        # Of equal pairs the table keeps one, and the others do not find themselves in it.
        table = np.empty(len(counts) * room, np.int32)
        order = np.arange(len(pairs), dtype=np.int32)
        table[pairs] = order
        unique[pairs[table[pairs] != order] // room] = False
        return unique
    pairs.sort()
    unique[pairs[1:][pairs[1:] == pairs[:-1]] // room] = False
    return unique


def _points(pieces: Spans) -> tuple[Integers, Flags]:
    """The whole number that each piece gives, and which pieces give one."""
    sound = (pieces.lengths > 0) & (pieces.lengths <= MOST_POINT_DIGITS)
    points = np.zeros(len(pieces.starts), np.int64)
    for place in range(min(int(pieces.lengths.max(initial=0)), MOST_POINT_DIGITS)):
        digits = pieces.text[pieces.starts + place].astype(np.int64) - _ZERO
        inside = pieces.lengths > place
        sound &= ~inside | ((digits >= 0) & (digits <= 9))
        points = np.where(inside, points * 10 + digits, points)
    return points, sound
