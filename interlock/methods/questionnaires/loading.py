"""From three tables to a questionnaire that may be asked, or to all that is wrong with them."""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Mapping
from dataclasses import dataclass
from decimal import Decimal, InvalidOperation

from interlock.methods.questionnaires.expressions import (
    Expression,
    ExpressionError,
    is_true,
    parse,
)
from interlock.methods.questionnaires.faults import Fault, Faults, FormError
from interlock.methods.questionnaires.form import (
    APPEARANCES,
    ASKED,
    CHOOSING,
    RATHER_NOT,
    SCALES,
    TYPES,
    Choice,
    Filter,
    Form,
    Group,
    Question,
    Range,
    Words,
)
from interlock.methods.questionnaires.headings import Heading, heading, in_order, language_of
from interlock.methods.questionnaires.limits import (
    DEEPEST_GROUP,
    LARGEST_NUMBER,
    LONGEST_NAME,
    MOST_CHOICES,
    MOST_QUESTIONS,
    MOST_STEPS,
)
from interlock.methods.questionnaires.names import column_of, is_exportable
from interlock.methods.questionnaires.sentences import Message, said
from interlock.methods.questionnaires.spreadsheets import from_xlsx
from interlock.methods.questionnaires.tables import SHEETS, Row, Sheet, from_csv
from interlock.methods.questionnaires.yaml_text import from_yaml

_CHOICE = re.compile(r"[A-Za-z0-9_.-]{1,64}")
_CODE = re.compile(r"-?[0-9]{1,9}")
_FILTER = re.compile(
    r"""\s*(?P<column>[A-Za-z_][A-Za-z0-9_]*)\s*=\s*
    (?:\$\{\s*(?P<question>[A-Za-z_][A-Za-z0-9_]*)\s*\}|'(?P<one>[^']*)'|"(?P<two>[^"]*)")\s*""",
    re.VERBOSE,
)
_OBSERVING = frozenset(
    [
        "start",
        "end",
        "today",
        "deviceid",
        "subscriberid",
        "simserial",
        "phonenumber",
        "username",
        "email",
        "audit",
        "start-geopoint",
        "background-audio",
        "background-geopoint",
        "geopoint",
        "geotrace",
        "geoshape",
    ]
)
# Columns that a row of a type may fill; the type and the name any row may.
_QUESTION = ("label", "hint", "required", "relevant", "constraint", "constraint_message")
_MEANT = ("measure", "scale", "sensitive", "core")
_FILLED = {
    "begin_group": {"label", "hint", "relevant"},
    "end_group": set[str](),
    "note": {"label", "hint", "relevant"},
    "calculate": {"label", "relevant", "calculation", *_MEANT},
    "text": {*_QUESTION, *_MEANT, "appearance"},
    "date": {*_QUESTION, *_MEANT},
    "integer": {*_QUESTION, *_MEANT},
    "decimal": {*_QUESTION, *_MEANT},
    "range": {*_QUESTION, *_MEANT, "parameters"},
    "select_one": {*_QUESTION, *_MEANT, "appearance", "parameters", "choice_filter"},
    "select_multiple": {*_QUESTION, *_MEANT, "appearance", "parameters", "choice_filter"},
    "rank": {*_QUESTION, *_MEANT, "parameters"},
}


@dataclass(frozen=True)
class Reading:
    """What came of a file: the questionnaire, or None with its faults; and what is worth knowing."""

    form: Form | None
    faults: tuple[Fault, ...]
    warnings: tuple[Fault, ...]

    def must(self) -> Form:
        """The questionnaire. Raises FormError with all faults when there is none."""
        if self.form is None:
            raise FormError(self.faults)
        return self.form


def read(files: Mapping[str, bytes]) -> Reading:
    """Read a questionnaire from one .xlsx, one .yaml, or the CSV files of its three sheets.

    `files` are bytes by the name of the file; folders before a name do not matter. Nothing is
    raised for what is in them: every fault is in the reading, with sheet, row and column.

    >>> reading = read({"survey.csv": b"type,name,label\\ninteger,years,For how many years?"})
    >>> reading.must().questions[0].label
    {'en': 'For how many years?'}
    >>> print(read({"survey.csv": b"type,name,label\\nbegin_repeat,again,Again"}).faults[0].message)
    Repeats are not read. Write the questions out as many times as are needed at most.
    """
    faults = Faults()
    named = {name.replace("\\", "/").rsplit("/", 1)[-1]: data for name, data in files.items()}
    tables: dict[str, Sheet] = {}
    sheets: dict[str, bytes] = {}
    for name, data in named.items():
        stem, _, kind = name.rpartition(".")
        if not data.strip():
            faults.add("", 0, "", said("file-empty"))
        elif kind.lower() == "xlsx" and len(named) == 1:
            tables = from_xlsx(data, faults)
        elif kind.lower() in ("yaml", "yml") and len(named) == 1:
            tables = from_yaml(data, faults)
        elif kind.lower() == "csv":
            sheets[stem] = data
        else:
            faults.add("", 0, "", said("file-kind", file=name))
    if sheets:
        tables = from_csv(sheets, faults)
    if not files:
        faults.add("", 0, "", said("file-empty"))
    if "survey" not in tables and not faults.found:
        faults.add("", 0, "", said("sheet-missing"))
    return from_tables(tables, faults)


def from_tables(tables: Mapping[str, Sheet], faults: Faults | None = None) -> Reading:
    """The questionnaire that three tables say, and every fault of theirs."""
    loader = _Loader(tables, faults or Faults())
    form = loader.form() if "survey" in tables else None
    found = tuple(sorted(loader.faults.found, key=_place))
    warned = tuple(sorted(loader.warnings.found, key=_place))
    return Reading(None if found else form, found, warned)


def _place(fault: Fault) -> tuple[int, int]:
    return (SHEETS.index(fault.sheet) if fault.sheet in SHEETS else -1, fault.row)


class _Loader:
    """One reading: what was found so far, and where."""

    def __init__(self, tables: Mapping[str, Sheet], faults: Faults) -> None:
        self.faults = faults
        self.warnings = Faults()
        self.tables = {name: tables.get(name, Sheet(name, (), ())) for name in SHEETS}
        self.language_names: dict[str, str] = {}
        self.languages: tuple[str, ...] = ()
        self.rows: dict[str, int] = {}
        self.groups: list[Group] = []
        self.questions: list[Question] = []
        self.lists: dict[str, tuple[Choice, ...]] = {}
        self.list_rows: dict[str, int] = {}
        self.filtered: set[str] = set()

    def form(self) -> Form | None:
        read = self._headings("survey")
        settings = self._settings()
        self._survey(read)
        self._choices()
        self._check_lists()
        self._check_references()
        self._check_columns()
        if not self.faults.found and not any(one.type in ASKED for one in self.questions):
            self.faults.add("survey", 0, "", said("form-empty"))
        core_ends = settings.get("core_ends", "")
        if core_ends and core_ends not in {one.name for one in self.groups if not one.parent}:
            row = self.tables["settings"].rows[0].number
            self.faults.add("settings", row, "core_ends", said("core-unknown", name=core_ends))
        if self.faults.found:
            return None
        return Form(
            title=self._title(settings),
            id=settings.get("form_id", ""),
            version=settings.get("version", ""),
            languages=self.languages,
            language_names=self.language_names,
            groups=tuple(self.groups),
            questions=tuple(self.questions),
            lists={name: self.lists[name] for name in self.lists},
            core_ends=core_ends,
        )

    # Headings, languages, settings

    def _title(self, settings: Mapping[str, str]) -> Words:
        """XLSForm has one title, in the default language; ours has one in every other too."""
        told = self._words("settings", self._only_row(), "public_title")
        title = settings.get("form_title", "")
        return {self.languages[0]: title, **told} if title else told

    def _headings(self, sheet: str) -> dict[str, Heading]:
        found: dict[str, Heading] = {}
        meant: dict[tuple[str, str], str] = {}
        for text in self.tables[sheet].headings:
            try:
                told = heading(sheet, text)
            except ValueError:
                self.faults.add(sheet, 1, text, said("column-language", column=text))
                continue
            if told is None:
                if not (sheet == "choices" and text in self.filtered):
                    self.faults.add(sheet, 1, text, said("column-unknown", column=text))
                continue
            if (told.column, told.language) in meant:
                self.faults.add(sheet, 1, text, said("column-again"))
                continue
            meant[told.column, told.language] = text
            found[text] = told
        return found

    def _only_row(self) -> Row:
        rows = self.tables["settings"].rows
        return rows[0] if rows else Row(0, {})

    def _settings(self) -> dict[str, str]:
        """The settings, and with them the languages of all three sheets."""
        for row in self.tables["settings"].rows[1:]:
            self.faults.add("settings", row.number, "", said("settings-rows"))
        told = {
            known.column: self._only_row().cells.get(text, "")
            for text, known in self._headings("settings").items()
        }
        codes: list[str] = []
        plain = False
        for sheet in SHEETS:
            for text in self.tables[sheet].headings:
                _column, mark, language = text.partition("::")
                found = language_of(language) if mark and not text.startswith("bind::") else None
                if found:
                    codes.append(found[0])
                    self._name_language(*found)
                plain = plain or (not mark and text in ("label", "hint", "constraint_message"))
        default = told.get("default_language", "")
        found = language_of(default) if default else None
        if default and not found:
            fault = said("column-language", column=default)
            self.faults.add("settings", self._only_row().number, "default_language", fault)
        if not found and (plain or not codes):
            if not default:
                language = codes[0] if codes and not plain else "en"
                self.warnings.add("settings", 0, "", said("language-assumed", language=language))
            found = ("en", "English")
        first = found[0] if found else codes[0]
        if found:
            self._name_language(*found)
        else:
            self._name_language(first, first)
        self.languages = in_order(codes, first)
        self._check_default_columns()
        return told

    def _name_language(self, code: str, name: str) -> None:
        if self.language_names.get(code, code) == code:
            self.language_names[code] = name

    def _check_default_columns(self) -> None:
        """A heading without a language is of the default one, which then has no other."""
        for sheet in SHEETS:
            headings = self.tables[sheet].headings
            for text in headings:
                column, mark, language = text.partition("::")
                found = language_of(language) if mark else None
                if found and found[0] == self.languages[0] and column in headings:
                    self.faults.add(sheet, 1, text, said("column-again"))

    def _words(self, sheet: str, row: Row, column: str) -> Words:
        found: dict[str, str] = {}
        for text in self.tables[sheet].headings:
            name, mark, language = text.partition("::")
            if name != column or text not in row.cells:
                continue
            code = language_of(language) if mark else (self.languages[0], "")
            if code:
                found[code[0]] = row.cells[text]
        return {one: found[one] for one in self.languages if one in found}

    def _translated(self, sheet: str, row: Row, column: str, *, needed: bool) -> Words:
        words = self._words(sheet, row, column)
        if needed and not words.get(self.languages[0]):
            self.faults.add(sheet, row.number, column, said("label-needed"))
        elif words:
            for language in self.languages:
                if language not in words:
                    given = {"language": language, "default": self.languages[0]}
                    warning = Message("translation-missing", given)
                    self.warnings.add(sheet, row.number, column, warning)
        if any("${" in text for text in words.values()):
            self.faults.add(sheet, row.number, column, said("label-refers"))
        return words

    # The survey

    def _survey(self, read: Mapping[str, Heading]) -> None:
        columns = {known.column for known in read.values()}
        for needed in ("type", "name", "label"):
            if needed not in columns:
                self.faults.add("survey", 1, "", said("column-needed", column=needed))
        open_groups: list[tuple[Group, int]] = []
        filled: set[str] = set()
        for row in self.tables["survey"].rows:
            plain = {
                known.column: (text, row.cells[text])
                for text, known in read.items()
                if text in row.cells
            }
            cells = {column: text for column, (_heading, text) in plain.items()}
            kind, list_name = self._type(row, cells)
            if not kind:
                continue
            for column, (text, _cell) in plain.items():
                if column not in ("type", "name") and column not in _FILLED[kind]:
                    self.faults.add(
                        "survey", row.number, text, said("cell-idle", type=kind, column=text)
                    )
            if kind == "end_group":
                if not open_groups:
                    self.faults.add("survey", row.number, "type", said("group-closed"))
                else:
                    group, number = open_groups.pop()
                    if group.name not in filled:
                        self.faults.add("survey", number, "", said("group-empty"))
                    filled.add(open_groups[-1][0].name if open_groups else "")
                continue
            name = self._name(row, cells)
            inner = open_groups[-1][0].name if open_groups else ""
            if kind == "begin_group":
                if len(open_groups) >= DEEPEST_GROUP:
                    fault = said("group-deep", most=DEEPEST_GROUP)
                    self.faults.add("survey", row.number, "type", fault)
                group = Group(
                    name,
                    self._translated("survey", row, "label", needed=True),
                    self._translated("survey", row, "hint", needed=False),
                    self._expression(row, cells, "relevant"),
                    inner,
                )
                self.groups.append(group)
                open_groups.append((group, row.number))
                continue
            filled.add(inner)
            if len(self.questions) == MOST_QUESTIONS:
                fault = said("form-questions", most=MOST_QUESTIONS)
                self.faults.add("survey", row.number, "", fault)
                break
            self.questions.append(self._question(row, cells, kind, name, list_name, inner))
        for _group, number in open_groups:
            self.faults.add("survey", number, "type", said("group-open"))

    def _type(self, row: Row, cells: Mapping[str, str]) -> tuple[str, str]:
        """The type of a row and the list it names; ("", "") when it cannot be read."""
        text = " ".join(cells.get("type", "").split())
        if not text:
            self.faults.add("survey", row.number, "type", said("type-needed"))
            return "", ""
        text = re.sub(r"^(select|begin|end) (one|multiple|group|repeat)\b", r"\1_\2", text)
        kind, *rest = text.split(" ")
        fault = None
        if kind in ("begin_repeat", "end_repeat"):
            fault = said("type-repeat")
        elif kind in _OBSERVING:
            fault = said("type-observes", type=kind)
        elif kind not in TYPES and kind not in ("begin_group", "end_group"):
            fault = said("type-unknown", type=text, types=", ".join(sorted(TYPES)))
        elif kind in CHOOSING and rest[1:] == ["or_other"]:
            fault = said("type-or-other")
        elif kind in CHOOSING and len(rest) != 1:
            fault = said("type-list", type=kind)
        elif kind not in CHOOSING and rest:
            fault = said("type-unknown", type=text, types=", ".join(sorted(TYPES)))
        if fault:
            self.faults.add("survey", row.number, "type", fault)
            return "", ""
        return kind, rest[0] if rest else ""

    def _name(self, row: Row, cells: Mapping[str, str]) -> str:
        name = cells.get("name", "")
        lowered = name.lower()
        if not name:
            self.faults.add("survey", row.number, "name", said("name-needed"))
        elif lowered in self.rows:
            fault = said("name-again", name=name, other=self.rows[lowered])
            self.faults.add("survey", row.number, "name", fault)
        elif not is_exportable(name):
            fault = said("name-export", name=name, most=LONGEST_NAME)
            self.faults.add("survey", row.number, "name", fault)
        self.rows.setdefault(lowered, row.number)
        return name

    def _question(
        self, row: Row, cells: Mapping[str, str], kind: str, name: str, list_name: str, group: str
    ) -> Question:
        calculation = self._expression(row, cells, "calculation")
        if kind == "calculate" and "calculation" not in cells:
            self.faults.add("survey", row.number, "calculation", said("calculation-needed"))
        scale = cells.get("scale", "")
        if scale and scale not in SCALES:
            self.faults.add("survey", row.number, "scale", said("scale-unknown", text=scale))
        parameters = self._parameters(row, cells, kind)
        question = Question(
            name=name,
            type=kind,
            label=self._translated("survey", row, "label", needed=kind != "calculate"),
            hint=self._translated("survey", row, "hint", needed=False),
            required=self._yes(row, cells, "required"),
            relevant=self._expression(row, cells, "relevant"),
            constraint=self._expression(row, cells, "constraint"),
            constraint_message=self._translated("survey", row, "constraint_message", needed=False),
            calculation=calculation,
            list_name=list_name,
            choice_filter=self._filter(row, cells),
            appearance=self._appearance(row, cells, kind),
            randomize=self._randomized(row, parameters),
            range=self._range(row, parameters) if kind == "range" else None,
            measure=cells.get("measure", ""),
            scale=scale,
            sensitive=self._yes(row, cells, "sensitive"),
            core=cells.get("core", ""),
            group=group,
        )
        if kind in ("integer", "decimal") and (
            question.constraint is None or is_true(question.constraint, {}, "-3")
        ):
            self.warnings.add("survey", row.number, "constraint", said("negatives"))
        return question

    def _yes(self, row: Row, cells: Mapping[str, str], column: str) -> bool:
        text = cells.get(column, "").lower()
        if text not in ("", "yes", "no", "true", "false", "true()", "false()"):
            self.faults.add("survey", row.number, column, said("yes-no", text=cells[column]))
        return text in ("yes", "true", "true()")

    def _expression(self, row: Row, cells: Mapping[str, str], column: str) -> Expression | None:
        if column not in cells:
            return None
        try:
            expression = parse(cells[column])
        except ExpressionError as error:
            self.faults.add("survey", row.number, column, error.message)
            return None
        if expression.has_dot and column != "constraint":
            self.faults.add("survey", row.number, column, said("expression-dot"))
        return expression

    def _filter(self, row: Row, cells: Mapping[str, str]) -> tuple[Filter, ...]:
        if "choice_filter" not in cells:
            return ()
        found: list[Filter] = []
        for part in re.split(r"\band\b", cells["choice_filter"]):
            told = _FILTER.fullmatch(part)
            if told is None:
                self.faults.add("survey", row.number, "choice_filter", said("filter-form"))
                return ()
            text = told["one"] or told["two"] or ""
            found.append(Filter(told["column"], told["question"] or "", text))
        self.filtered |= {one.column for one in found}
        return tuple(found)

    def _appearance(self, row: Row, cells: Mapping[str, str], kind: str) -> str:
        text = cells.get("appearance", "")
        if text and text not in APPEARANCES:
            fault = said("appearance-unknown", text=text)
            self.faults.add("survey", row.number, "appearance", fault)
        elif text and kind not in APPEARANCES[text]:
            fault = said("appearance-idle", text=text, type=kind)
            self.faults.add("survey", row.number, "appearance", fault)
        return text

    def _parameters(self, row: Row, cells: Mapping[str, str], kind: str) -> dict[str, str]:
        wanted = {"start", "end", "step"} if kind == "range" else {"randomize"}
        found: dict[str, str] = {}
        for part in re.split(r"[\s,;]+", cells.get("parameters", "")):
            if not part:
                continue
            name, mark, value = part.partition("=")
            if not mark or name not in wanted or name in found:
                fault = said("parameter-unknown", text=part)
                self.faults.add("survey", row.number, "parameters", fault)
            else:
                found[name] = value
        return found

    def _randomized(self, row: Row, parameters: Mapping[str, str]) -> bool:
        text = parameters.get("randomize", "false")
        if text not in ("true", "false"):
            fault = said("parameter-unknown", text=f"randomize={text}")
            self.faults.add("survey", row.number, "parameters", fault)
        return text == "true"

    def _range(self, row: Row, parameters: Mapping[str, str]) -> Range:
        found: dict[str, Decimal] = {}
        for name in ("start", "end", "step"):
            if name in parameters:
                number = _decimal(parameters[name])
                if number is None:
                    fault = said("parameter-number", text=parameters[name])
                    self.faults.add("survey", row.number, "parameters", fault)
                    return Range()
                found[name] = number
        told = Range(**found)
        if (
            told.step <= 0
            or told.end <= told.start
            or ((told.end - told.start) / told.step > MOST_STEPS)
        ):
            self.faults.add(
                "survey", row.number, "parameters", said("range-empty", most=MOST_STEPS)
            )
            return Range()
        if told.start < 0:
            self.warnings.add("survey", row.number, "parameters", said("negatives"))
        return told

    # The choices

    def _choices(self) -> None:
        read = self._headings("choices")
        by_list: dict[str, list[tuple[Row, dict[str, str]]]] = defaultdict(list)
        if self.tables["choices"].headings:
            columns = {known.column for known in read.values()}
            for needed in ("list_name", "name", "label"):
                if needed not in columns:
                    self.faults.add("choices", 1, "", said("column-needed", column=needed))
        for row in self.tables["choices"].rows:
            cells = {k.column: row.cells[text] for text, k in read.items() if text in row.cells}
            name = cells.get("list_name", "")
            if not name:
                self.faults.add("choices", row.number, "list_name", said("list-needed"))
                continue
            self.list_rows.setdefault(name, row.number)
            by_list[name].append((row, cells))
        for name, rows in by_list.items():
            if len(rows) > MOST_CHOICES:
                fault = said("list-long", name=name, most=MOST_CHOICES)
                self.faults.add("choices", rows[MOST_CHOICES][0].number, "list_name", fault)
                self.lists[name] = ()
                continue
            self.lists[name] = self._list(name, rows)

    def _list(self, name: str, rows: list[tuple[Row, dict[str, str]]]) -> tuple[Choice, ...]:
        found: list[Choice] = []
        names: dict[str, int] = {}
        codes: dict[int, int] = {}
        numbered = any("code" in cells for _row, cells in rows)
        if not numbered and not all(_CODE.fullmatch(c.get("name", "")) for _row, c in rows):
            warning = said("code-missing", name=name)
            self.warnings.add("choices", rows[0][0].number, "code", warning)
        for place, (row, cells) in enumerate(rows, start=1):
            choice = cells.get("name", "")
            if not choice:
                self.faults.add("choices", row.number, "name", said("name-needed"))
            elif choice in names:
                fault = said("choice-again", name=choice, other=names[choice])
                self.faults.add("choices", row.number, "name", fault)
            elif not _CHOICE.fullmatch(choice):
                self.faults.add("choices", row.number, "name", said("choice-name", name=choice))
            names.setdefault(choice, row.number)
            code = self._code(row, cells, place, numbered=numbered)
            if code in codes:
                fault = said("code-again", number=str(code), other=codes[code])
                self.faults.add("choices", row.number, "code", fault)
            codes.setdefault(code, row.number)
            label = self._translated("choices", row, "label", needed=True)
            extra = {one: row.cells.get(one, "") for one in sorted(self.filtered)}
            used = {one: text for one, text in extra.items() if text}
            found.append(Choice(choice, code, label, used))
        return tuple(found)

    def _code(self, row: Row, cells: Mapping[str, str], place: int, *, numbered: bool) -> int:
        """The code of a choice: its own, its name when that is a number, or its place."""
        text = cells.get("code", "")
        if not text and not numbered and _CODE.fullmatch(cells.get("name", "")):
            text = cells["name"]
        if not text and not numbered:
            return place
        if not _CODE.fullmatch(text) or int(text) < RATHER_NOT:
            self.faults.add("choices", row.number, "code", said("code-number", text=text))
            return place
        return int(text)

    # What only the whole can tell

    def _check_lists(self) -> None:
        used: set[str] = set()
        for question in self.questions:
            if not question.list_name:
                continue
            row = self.rows[question.name.lower()]
            used.add(question.list_name)
            if question.list_name not in self.lists:
                fault = said("list-unknown", name=question.list_name)
                self.faults.add("survey", row, "type", fault)
            for one in question.choice_filter:
                if one.column not in self.tables["choices"].headings:
                    fault = said("filter-column", column=one.column)
                    self.faults.add("survey", row, "choice_filter", fault)
        for name in self.lists.keys() - used:
            row = self.list_rows[name]
            self.warnings.add("choices", row, "list_name", said("list-unused", name=name))

    def _check_references(self) -> None:
        """Whatever an expression names is asked before it; nothing depends on itself."""
        places = {one.name: at for at, one in enumerate(self.questions)}
        first = self._first_within(places)
        uses: dict[str, set[str]] = defaultdict(set)
        told: list[tuple[str, str, frozenset[str], int]] = []
        for group in self.groups:
            at = first.get(group.name, 0)
            told.append((group.name, "relevant", _names(group.relevant), at))
        for at, one in enumerate(self.questions):
            told.append((one.name, "relevant", _names(one.relevant), at))
            told.append((one.name, "calculation", _names(one.calculation), at))
            # A constraint may name what it constrains.
            told.append((one.name, "constraint", _names(one.constraint), at + 1))
            filters = frozenset(part.question for part in one.choice_filter if part.question)
            told.append((one.name, "choice_filter", filters, at))
        for name, column, names, _at in told:
            if column != "constraint":
                uses[name] |= names
        for one in self.questions:
            uses[one.name] |= {one.group} - {""}
        for group in self.groups:
            uses[group.name] |= {group.parent} - {""}
        groups = {one.name for one in self.groups}
        circles = _circles(uses)
        for name, column, names, at in told:
            row = self.rows[name.lower()]
            for other in sorted(names):
                if other in groups or (
                    other in places and self.questions[places[other]].type == "note"
                ):
                    fault = said("reference-group", name=other)
                elif other not in places:
                    fault = said("reference-unknown", name=other)
                elif column != "constraint" and circles[other] == circles[name]:
                    fault = said("reference-circle", name=other)
                elif places[other] >= at:
                    fault = said("reference-later", name=other, other=self.rows[other.lower()])
                else:
                    continue
                self.faults.add("survey", row, column, fault)

    def _first_within(self, places: Mapping[str, int]) -> dict[str, int]:
        """Of each group the place of the first row in it, the groups within it included."""
        parents = {one.name: one.parent for one in self.groups}
        found: dict[str, int] = {}
        for at, one in enumerate(self.questions):
            name, seen = one.group, set[str]()
            while name and name not in seen:
                seen.add(name)
                found.setdefault(name, at)
                name = parents.get(name, "")
        return found

    def _check_columns(self) -> None:
        """Choices of several answers become columns, whose names must hold in exports too."""
        taken = {one.name.lower() for one in self.questions}
        for question in self.questions:
            if question.type not in ("select_multiple", "rank"):
                continue
            row = self.rows[question.name.lower()]
            for choice in self.lists.get(question.list_name, ()):
                name = column_of(question.name, choice.name)
                if not is_exportable(name) or name.lower() in taken:
                    self.faults.add("survey", row, "type", said("choice-column", name=name))
                taken.add(name.lower())


def _names(expression: Expression | None) -> frozenset[str]:
    return expression.names if expression else frozenset()


def _circles(uses: Mapping[str, set[str]]) -> Mapping[str, int]:
    """For each name a number that it shares with those that it hangs on and that hang on it.

    Each name and each use is walked twice and no more (Kosaraju and Sharir): a question that names
    another asks for no search of its own.
    """
    users = defaultdict[str, set[str]](set)
    for name, others in uses.items():
        for other in others:
            users[other].add(name)
    order, seen = list[str](), set[str]()
    for start in {**uses, **users}:
        waiting = [(start, False)]
        while waiting:
            name, is_done = waiting.pop()
            if is_done:
                order.append(name)
            elif name not in seen:
                seen.add(name)
                waiting.append((name, True))
                waiting += [(other, False) for other in uses.get(name, ())]
    found = dict[str, int]()
    for number, start in enumerate(reversed(order)):
        names = [start]
        while names:
            name = names.pop()
            if name not in found:
                found[name] = number
                names += users.get(name, ())
    return found


def _decimal(text: str) -> Decimal | None:
    try:
        number = Decimal(text) if re.fullmatch(r"-?[0-9]{1,12}(?:\.[0-9]{1,6})?", text) else None
    except InvalidOperation:
        return None
    return number if number is not None and abs(number) <= LARGEST_NUMBER else None
