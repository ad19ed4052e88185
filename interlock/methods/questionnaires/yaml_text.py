"""A questionnaire as YAML: three keys, under each a list of rows, in each row heading: text.

Every value is the text that is written there ("yes" stays "yes", 01 stays "01"). The events of the
parser are read one by one, so that neither aliases nor nesting can make it swell.
"""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping, Sequence
from typing import Any

from interlock.methods.questionnaires.faults import Faults
from interlock.methods.questionnaires.limits import LARGEST_YAML, MOST_COLUMNS, MOST_ROWS
from interlock.methods.questionnaires.sentences import said
from interlock.methods.questionnaires.tables import SHEETS, Row, Sheet, cell


def from_yaml(data: bytes, faults: Faults) -> dict[str, Sheet]:
    """Tables from YAML; what cannot be read is a fault, its row the line it begins on."""
    if len(data) > LARGEST_YAML:
        faults.add("", 0, "", said("file-large", most=LARGEST_YAML))
        return {}
    try:
        import yaml
    except ImportError:
        faults.add("", 0, "", said("file-needs", library="PyYAML"))
        return {}
    loader = getattr(yaml, "CSafeLoader", yaml.SafeLoader)
    try:
        events = yaml.parse(data.decode("utf-8-sig"), Loader=loader)
        return _Reader(events, faults).whole()
    except UnicodeDecodeError as error:
        faults.add("", data.count(b"\n", 0, error.start) + 1, "", said("file-not-utf8"))
    except yaml.YAMLError as error:
        mark = getattr(error, "problem_mark", None)
        faults.add("", mark.line + 1 if mark else 0, "", said("yaml-broken"))
    except _Misshapen as error:
        faults.add("", error.line, "", said(error.code))
    return {}


class _Misshapen(Exception):
    def __init__(self, event: Any, code: str = "yaml-shape") -> None:
        self.line = event.start_mark.line + 1 if event is not None else 0
        self.code = code


class _Reader:
    """Walks the events of one document of the one shape that is read."""

    def __init__(self, events: Iterator[Any], faults: Faults) -> None:
        self.events = events
        self.faults = faults

    def next(self, *kinds: str) -> Any:
        event = next(self.events, None)
        if getattr(event, "anchor", None) or type(event).__name__ == "AliasEvent":
            raise _Misshapen(event, "yaml-alias")
        if event is None or type(event).__name__ not in {f"{kind}Event" for kind in kinds}:
            raise _Misshapen(event)
        return event

    def whole(self) -> dict[str, Sheet]:
        self.next("StreamStart")
        self.next("DocumentStart")
        self.next("MappingStart")
        found: dict[str, Sheet] = {}
        while not self.ends(key := self.next("Scalar", "MappingEnd")):
            if key.value not in SHEETS:
                raise _Misshapen(key, "sheet-unknown")
            if key.value in found:
                raise _Misshapen(key, "sheet-again")
            found[key.value] = self.sheet(key.value)
        self.next("DocumentEnd")
        self.next("StreamEnd")
        return found

    def sheet(self, name: str) -> Sheet:
        start = self.next("SequenceStart", "MappingStart")
        single = type(start).__name__ == "MappingStartEvent"
        headings: dict[str, None] = {}
        rows: list[Row] = []
        while single or not self.ends(start := self.next("MappingStart", "SequenceEnd")):
            number = start.start_mark.line + 1
            if len(rows) == MOST_ROWS:
                self.faults.add(name, number, "", said("sheet-long", most=MOST_ROWS))
                raise _Misshapen(start)
            cells = self.row(name, number)
            headings |= dict.fromkeys(cells)
            rows.append(Row(number, cells))
            if single:
                break
        return Sheet(name, tuple(headings), tuple(row for row in rows if row.cells))

    def row(self, name: str, number: int) -> dict[str, str]:
        cells: dict[str, str] = {}
        while not self.ends(key := self.next("Scalar", "MappingEnd")):
            value = self.next("Scalar")
            if len(cells) >= MOST_COLUMNS or key.value in cells:
                raise _Misshapen(key)
            blank = value.implicit[0] and value.value in ("", "~", "null")
            heading = cell(name, number, "", key.value, self.faults)
            text = "" if blank else cell(name, number, heading, value.value, self.faults)
            if heading and text:
                cells[heading] = text
        return cells

    def ends(self, event: Any) -> bool:
        return type(event).__name__ in ("MappingEndEvent", "SequenceEndEvent")


def to_yaml(tables: Mapping[str, Sequence[Sequence[str]]]) -> bytes:
    """Tables, headings first, as YAML that `from_yaml` reads; empty cells are left out.

    Text is written in JSON's quotes, which are YAML's too; no library is needed.
    """
    lines: list[str] = []
    for name, (headings, *rows) in tables.items():
        lines += [f"{name}:"] if rows else []
        for row in rows:
            told = [
                f"{_quoted(heading)}: {_quoted(text)}"
                for heading, text in zip(headings, row, strict=True)
                if text
            ]
            lines += [f"{'  ' if at else '- '}{one}" for at, one in enumerate(told)]
    return ("\n".join(lines) + "\n").encode()


def _quoted(text: str) -> str:
    """Text in quotes, on one line: what YAML takes for the end of a line is escaped too."""
    told = json.dumps(text, ensure_ascii=False)
    return "".join(f"\\u{ord(one):04x}" if one in "\x85\u2028\u2029" else one for one in told)
