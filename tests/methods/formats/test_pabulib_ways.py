"""Rows are read a block at a time where they are plain, else one by one: always the same file."""

import random
import tracemalloc
from fractions import Fraction
from pathlib import Path

import numpy as np
import pytest
from hypothesis import given, settings

from interlock.methods.formats import pabulib
from interlock.methods.formats.pabulib import plain, rows, votes
from interlock.methods.formats.pabulib.faults import Findings

from .files import text
from .grammar import Told, broken, files


def outcome(data: bytes, *, row_by_row: bool) -> object:
    """All that reading says: the file, cell by cell, or the faults."""
    try:
        file = pabulib.read(data, row_by_row=row_by_row)
    except pabulib.PabulibError as error:
        return error.faults
    return file, dict(file.voter_columns), file.ballots


def same_both_ways(data: bytes) -> object:
    read = outcome(data, row_by_row=False)
    assert read == outcome(data, row_by_row=True)
    return read


@given(told=files())
@settings(max_examples=300)
def test_valid_file_is_read_both_ways_as_it_was_meant(told: Told) -> None:
    same_both_ways(told.data)
    file = pabulib.read(told.data)
    marks = np.split(file.ballots.projects, file.ballots.offsets[1:-1]) if told.voters else []
    assert file.projects == tuple(told.projects)
    assert [one.tolist() for one in marks] == told.ballots
    assert file.voter_columns["voter_id"] == tuple(told.voters)
    assert file.voter_columns["age"] == tuple(told.ages)
    if told.points is None:
        assert file.ballots.points is None
    else:
        assert file.ballots.points is not None
        read = [Fraction(number, file.points_unit) for number in file.ballots.points.tolist()]
        assert read == [number for row in told.points for number in row]


@given(data=broken())
@settings(max_examples=500)
def test_broken_file_is_read_both_ways_alike(data: bytes) -> None:
    same_both_ways(data)


PLAIN = ["7;park,BO.OM.63/24;5,3", "8;;", "900000000;park;0", "x y;BO.OM.63/24;999999999"]


@pytest.mark.parametrize(("more", "end"), [("", "\n"), ("", "\r\n"), (";;;", "\n"), (";", "\r\n")])
def test_plain_rows_are_read_without_a_closer_look(more: str, end: str) -> None:
    block = end.join(f"{line}{more}" for line in [*PLAIN, "", PLAIN[0]]).encode()
    prints = plain.Fingerprints(bytes(32))
    projects = plain.ProjectIds(["park", "BO.OM.63/24"], prints)
    read = plain.read_block(block, plain.Layout(3, 0, 1, 2, one_mark=False), projects, prints)
    assert read is not None
    assert read.points is not None
    blank = [(4, more.encode())] if more else []
    assert (read.height, read.lines.tolist(), read.others) == (6, [0, 1, 2, 3, 5], blank)
    assert read.lengths.tolist() == [2, 0, 1, 1, 2]
    assert read.marks.tolist() == [0, 1, 0, 1, 0, 1]
    assert read.points.tolist() == [5, 3, 0, 999_999_999, 5, 3]


def test_block_ends_after_both_signs_of_a_line_break() -> None:
    line = b"a" * (rows.LONGEST_LINE - 1)
    assert rows.block_end(line + b"\r\nb", 0) == len(line) + 2
    assert rows.block_end(line + b"\rb", 0) == len(line) + 1
    assert rows.block_end(line + b"ab", 0) is None


@pytest.mark.parametrize("seed", range(4))
def test_blocks_meet_anywhere(seed: int) -> None:
    chance = random.Random(seed)
    ids = ["park", "BO.OM.63/24", "y" * 70, "Łódź"]
    quirks = [
        lambda n, vote: f"{n};{vote};{'x' * chance.randrange(90)}",
        lambda n, vote: f'{n};"{vote}";"say ""no"""',
        lambda n, vote: f'{n};{vote};"two\nlines; {"and more" * chance.randrange(400)}"',
        lambda n, vote: f"{n}; {vote.replace(',', ', ')} ;",
        lambda n, vote: f"\n;;\n{n};{vote};;;",
        lambda n, vote: f"{n};{vote};\r",
    ]
    told, lines = [], []
    for number in range(12_000):
        marks = chance.sample(range(4), chance.randrange(5))
        told.append(marks)
        weights = [60, 1, 1, 1, 1, 1] if number % 4000 < 3000 else [1] * 6
        line = chance.choices(quirks, weights)[0]
        lines.append(line(number, ",".join(ids[mark] for mark in marks)))
    projects = ["project_id;cost", *(f"{project};10" for project in ids)]
    data = text(
        projects=projects, votes=["voter_id;vote;age", *lines], num_projects="4", num_votes="12000"
    ).encode()
    assert len(data) > 3 * rows.LONGEST_LINE
    same_both_ways(data)
    ballots = pabulib.read(data).ballots
    marks = np.split(ballots.projects, ballots.offsets[1:-1])
    assert [one.tolist() for one in marks] == told


def test_ids_are_told_apart_though_they_share_a_slot_or_their_first_word() -> None:
    ids = [*(f"{number}" for number in range(3000)), *(f"commonprefix{n}" for n in range(3000))]
    projects = ["project_id;cost", *(f"{project};10" for project in ids)]
    ballots = ["voter_id;vote", *(f"v{number};{project}" for number, project in enumerate(ids))]
    number = str(len(ids))
    data = text(projects=projects, votes=ballots, num_projects=number, num_votes=number).encode()
    same_both_ways(data)
    assert pabulib.read(data).ballots.projects.tolist() == list(range(len(ids)))


# A key whose factor is 1 mixes nothing, so that these two cancel out.
WEAK_KEY = b"\1" + bytes(31)
ALIKE = ("aaaaaaaabbbbbbbb", "caaaaaaa`bbbbbbb")


def test_projects_that_share_a_fingerprint_are_not_confused() -> None:
    prints = plain.Fingerprints(WEAK_KEY)
    pieces = plain.Spans.of([one.encode() for one in ALIKE])
    assert len(set(prints.of(pieces).tolist())) == 1
    found = plain.ProjectIds(ALIKE, prints).find(pieces).tolist()
    assert sorted(found) in ([-1, 0], [-1, 1], [0, 1])
    assert all(place in (-1, number) for number, place in enumerate(found))


@pytest.mark.parametrize(("again", "faults"), [((), 0), ((ALIKE[0],), 1)])
def test_voters_that_share_a_fingerprint_are_not_confused(
    again: tuple[str, ...], faults: int
) -> None:
    rows_of = "".join(f"{voter};park\n" for voter in (*ALIKE, *again)).encode()
    findings = Findings()
    begin = votes.Begin(rows_of, 0, 0, ("voter_id", "vote"))
    reader = votes.VotesReader(begin, "approval", ["park"], WEAK_KEY, findings)
    reader.read(row_by_row=False)
    assert len(findings.faults) == faults


def test_memory_beside_the_file_is_bounded() -> None:
    lines = [f"{number};park,bus,trees;{number % 90};internet" for number in range(200_000)]
    data = text(votes=["voter_id;vote;age;method", *lines], num_votes="200000").encode()
    del lines
    tracemalloc.start()
    file = pabulib.read(data)
    _now, peak = tracemalloc.get_traced_memory()
    tracemalloc.stop()
    assert len(file.ballots) == 200_000
    # 20 bytes a ballot, 4 a mark, as much again for a moment, and a block at work.
    assert peak < 2 * 200_000 * (20 + 3 * 4) + 32 * rows.LONGEST_LINE
    assert peak < 3 * len(data)


def test_every_real_file_is_read_both_ways_alike(real_files: Path) -> None:
    for path in sorted(real_files.glob("*.pb")):
        same_both_ways(path.read_bytes())
