"""A grammar of `.pb` files: valid ones with every quirk that is tolerated, and ways to break them."""

from dataclasses import dataclass
from fractions import Fraction

from hypothesis import strategies as st

# Ids of one word and of several, of more bytes than are ever compared at once, that need quotes,
# or that look like something else; none is trimmed, and none contains a comma.
IDS = (
    *("1", "2", "10", "-1", "0", "L005", "M/01/X", "BO.OM.63/24", "park", "parks", "a b"),
    *("x" * 7, "x" * 8, "x" * 9, "x" * 16, "x" * 17, "y" * 64, "y" * 65, "z" * 140),
    *(
        "Łódź",
        "żółć" * 9,
        'say "no"',
        "semi;colon",
        "two\nlines",
        "zero\u200bwidth",
        "no\u00a0break",
    ),
    *("up\u2028down", "next\u0085line", "\u202eright", "META", "votes", "Projects", "voter_id"),
)
CELLS = st.sampled_from(
    [*IDS, "", " ", " lead", "trail ", "1,2", "a\rb", "c\r\nd", "\x0b\x0c", "\ufeff", '"', "=1+1"]
) | st.text(st.characters(codec="utf-8", exclude_characters="\0"), max_size=6)
BREAKS = ("\n", "\r\n", "\r")
POINTS = st.integers(0, 999_999_999).map(str) | st.sampled_from(
    ["2.5", "0.0", "0.000000001", "007.50", "999999999.999999999", "3.000000000"]
)
KINDS = ("approval", "choose-1", "ordinal", "cumulative", "scoring")


@dataclass(frozen=True)
class Told:
    """A valid file, and what it says."""

    text: str
    projects: list[str]
    voters: list[str]
    ballots: list[list[int]]
    points: list[list[Fraction]] | None
    ages: list[str]

    @property
    def data(self) -> bytes:
        return self.text.encode()


@st.composite
def files(draw: st.DrawFn) -> Told:
    """Any valid file of a few projects and voters."""
    kind = draw(st.sampled_from(KINDS))
    projects = draw(st.lists(st.sampled_from(IDS), min_size=1, max_size=5, unique=True))
    voters = draw(st.lists(st.sampled_from(IDS), max_size=8, unique=True))
    places = st.integers(0, len(projects) - 1)
    most = 1 if kind == "choose-1" else len(projects)
    ballot = st.lists(places, max_size=most, unique=True)
    ballots = draw(st.lists(ballot, min_size=len(voters), max_size=len(voters)))
    ages = draw(st.lists(CELLS, min_size=len(voters), max_size=len(voters)))
    points = None
    if kind in ("cumulative", "scoring"):
        points = [[draw(POINTS) for _ in one] for one in ballots]
    columns = {
        "voter_id": voters,
        "vote": [_list(draw, [projects[mark] for mark in one]) for one in ballots],
        "age": ages,
    }
    if points is not None:
        columns["points"] = [_list(draw, row) for row in points]
    # A voter called META whose ballot says nothing would begin a section.
    order = draw(st.permutations(list(columns)))
    rows = [[columns[name][number] for name in order] for number in range(len(voters))]
    keep = [number for number, row in enumerate(rows) if not _is_title(row)]
    meta = {"budget": "100", "vote_type": kind, "num_votes": str(len(keep)), "rule": "greedy"}
    lines = [["META"], ["key", "value"], *map(list, meta.items())]
    lines += [["PROJECTS"], ["project_id", "cost", "name"]]
    lines += [[project, "10", draw(CELLS)] for project in projects]
    lines += [["VOTES"], order, *(rows[number] for number in keep)]
    return Told(
        draw(st.sampled_from(["", "\ufeff"])) + _written(draw, lines),
        projects,
        [voters[number] for number in keep],
        [ballots[number] for number in keep],
        None if points is None else [list(map(Fraction, points[number])) for number in keep],
        [ages[number] for number in keep],
    )


def _is_title(row: list[str]) -> bool:
    return row[0].strip().upper() in ("META", "PROJECTS", "VOTES") and not "".join(row[1:]).strip()


def _list(draw: st.DrawFn, items: list[str]) -> str:
    return draw(st.sampled_from([",", ",", ",", ", "])).join(items)


def _written(draw: st.DrawFn, lines: list[list[str]]) -> str:
    quirks = st.sampled_from(["", "", "", "", "quoted", "longer", "blank before", "spaced blank"])
    end = draw(st.sampled_from(BREAKS))
    mixed = draw(st.booleans())
    text = ""
    for line in lines:
        quirk = draw(quirks)
        row = ";".join(_cell(cell, quirk == "quoted") for cell in line)
        if mixed:
            end = draw(st.sampled_from(BREAKS))
        before = {"blank before": end, "spaced blank": f" ;;{end}"}.get(quirk, "")
        text += before + row + (";; " if quirk == "longer" else "") + end
    return text if draw(st.booleans()) else text.removesuffix(end)


def _cell(text: str, quoted: bool) -> str:
    if quoted or any(sign in text for sign in ';"\r\n'):
        return '"' + text.replace('"', '""') + '"'
    return text


# What breaks a file: bytes that mean something, or are not text at all.
PIECES = [
    *(b"", b";", b",", b'"', b"\n", b"\r", b"\r\n", b" ", b";;", b",,", b'""', b'";"', b"\0"),
    *(b"\xff", b"\xc5", b"\x82", b"\xed\xa0\x80", b"\xe2\x80\xa8", b"\xc2\x85", b"\xef\xbb\xbf"),
    *(b"META\n", b"VOTES\n", b"PROJECTS;;\n", b"1e999", b"NaN", b"-5", b"9" * 50, b"\xef\xbc\x91"),
    *(b"\xd9\xa1", b"\xc2\xb2", b"1_000", b"x" * 300, b"park", b"1,1", b"\xc2\xa0", b"\x1b[2J"),
]


@st.composite
def broken(draw: st.DrawFn) -> bytes:
    """A valid file after one to four changes of bytes, rows or cells; it may still be valid."""
    data = draw(files()).data
    for _ in range(draw(st.integers(1, 4))):
        data = draw(st.sampled_from([_bytes, _rows, _cells]))(draw, data)
    return data


def _bytes(draw: st.DrawFn, data: bytes) -> bytes:
    start = draw(st.integers(0, len(data)))
    stop = draw(st.integers(start, min(start + 8, len(data))))
    return data[:start] + draw(st.sampled_from(PIECES)) + data[stop:]


def _rows(draw: st.DrawFn, data: bytes) -> bytes:
    return _moved(draw, data, b"\n")


def _cells(draw: st.DrawFn, data: bytes) -> bytes:
    return _moved(draw, data, b";")


def _moved(draw: st.DrawFn, data: bytes, between: bytes) -> bytes:
    """One part between separators left out, said twice, replaced, or put elsewhere."""
    parts = data.split(between)
    place = draw(st.integers(0, len(parts) - 1))
    part = draw(st.sampled_from([parts.pop(place), *PIECES]))
    for _ in range(draw(st.integers(0, 2))):
        parts.insert(draw(st.integers(0, len(parts))), part)
    return between.join(parts)
