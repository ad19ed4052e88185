"""Everything there is to say about a questionnaire or an answer, by code: one table.

The library tells it in English; the site tells it in the reader's language from the same table.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field

LONGEST_SHOWN = 60
# Lists of our own words, which are wanted whole.
_OURS = frozenset({"functions", "types"})


def gettext_noop(text: str) -> str:
    """Mark a sentence for the translators' tools, which know this name; it is translated when told."""
    return text


SENTENCES: Mapping[str, str] = {
    # Files
    "file-empty": gettext_noop("The file is empty. It needs a sheet called survey."),
    "file-large": gettext_noop(
        "The file has more than %(most)s bytes. Leave out what is no question."
    ),
    "file-kind": gettext_noop(
        "“%(file)s” is no questionnaire. Give an .xlsx, a .yaml, or survey.csv with choices.csv and "
        "settings.csv."
    ),
    "file-broken": gettext_noop("This cannot be read as .xlsx. Save it anew with a spreadsheet."),
    "file-swells": gettext_noop(
        "Unpacked the file would have more than %(most)s bytes. Copy the three sheets into a new "
        "file."
    ),
    "file-parts": gettext_noop(
        "The file has more than %(most)s parts. Copy the three sheets into a new file."
    ),
    "file-entities": gettext_noop(
        "A part of the file declares entities, which no spreadsheet does. Save it anew."
    ),
    "file-not-utf8": gettext_noop("This is not UTF-8. Save it as CSV in UTF-8."),
    "file-quotes": gettext_noop(
        'The quotes (") do not match. Write each quote inside a cell twice, and the cell in quotes.'
    ),
    "file-needs": gettext_noop("To read this kind of file %(library)s is needed. Install it."),
    "yaml-broken": gettext_noop("This is not YAML. Check the indentation and the quotes."),
    "yaml-shape": gettext_noop(
        "Write the keys survey, choices and settings, under each a list of rows, in each row "
        "heading: text."
    ),
    "yaml-alias": gettext_noop("Anchors and aliases are not read. Write the row out."),
    # Sheets
    "sheet-missing": gettext_noop("There is no sheet called survey. Give the sheet this name."),
    "sheet-unknown": gettext_noop(
        "This sheet is not read. Only survey, choices and settings are: take it out."
    ),
    "sheet-again": gettext_noop("There are two sheets of this name. Take one out."),
    "sheet-long": gettext_noop("There are more than %(most)s rows. Shorten the questionnaire."),
    "sheet-wide": gettext_noop("There are more than %(most)s columns. Take out those not needed."),
    "column-again": gettext_noop("This heading is there twice. Take one of the columns out."),
    "column-unknown": gettext_noop(
        "“%(column)s” is no column that is read here. Take it out, or correct its name."
    ),
    "column-needed": gettext_noop("The column “%(column)s” is missing. Add it."),
    "column-language": gettext_noop(
        "“%(column)s” names no language. Write label::English (en), say, with its code."
    ),
    "row-wide": gettext_noop("The row has more cells than there are headings. Check its quotes."),
    "cell-long": gettext_noop("The cell has more than %(most)s signs. Shorten it."),
    "cell-formula": gettext_noop(
        "The cell is a formula. Put its result there, or text that does not begin with “=”."
    ),
    "cell-signs": gettext_noop(
        "The cell has signs that cannot be seen (%(sign)s). Type the text anew."
    ),
    # Rows of the survey
    "type-needed": gettext_noop("The row has no type. Write one, or empty the row."),
    "type-unknown": gettext_noop(
        "“%(type)s” is not in the subset that is read here. Ask it in another way: %(types)s."
    ),
    "type-repeat": gettext_noop(
        "Repeats are not read. Write the questions out as many times as are needed at most."
    ),
    "type-observes": gettext_noop(
        "“%(type)s” would keep what the respondent was not asked. Take the row out."
    ),
    "type-list": gettext_noop("Write the name of a list after the type, as in %(type)s colours."),
    "type-or-other": gettext_noop(
        "“or_other” is not read. Add a choice “other”, and a text question that is relevant with it."
    ),
    "name-needed": gettext_noop("The row has no name. Give it a short one of its own."),
    "name-again": gettext_noop("The name “%(name)s” is already in row %(other)s. Choose another."),
    "name-export": gettext_noop(
        "“%(name)s” would be no name of a variable in SPSS, Stata and R. Take a letter first, then "
        "letters, digits and “_” only, at most %(most)s signs, and no word that these programs keep."
    ),
    "label-needed": gettext_noop("The row has no label. Write what people shall read."),
    "label-refers": gettext_noop(
        "Labels that show an answer (${…}) are not read. Word the question without it."
    ),
    "translation-missing": gettext_noop(
        "There is no text in %(language)s; people will read it in %(default)s."
    ),
    "language-assumed": gettext_noop(
        "No language is given; %(language)s is assumed. Write default_language into settings."
    ),
    "group-open": gettext_noop("This group is not closed. Add a row with the type end_group."),
    "group-closed": gettext_noop("No group is open here. Take the row out."),
    "group-deep": gettext_noop("Groups are nested more than %(most)s deep. Flatten them."),
    "group-empty": gettext_noop("Nothing is asked in this group. Take it out."),
    "form-empty": gettext_noop("Nothing is asked. Add a question."),
    "form-questions": gettext_noop("There are more than %(most)s questions. Shorten it."),
    "yes-no": gettext_noop("“%(text)s” is neither yes nor no. Write one of them, or nothing."),
    "cell-idle": gettext_noop("A row of the type %(type)s has no %(column)s. Empty the cell."),
    "calculation-needed": gettext_noop("A calculate row needs a calculation. Write it."),
    "appearance-unknown": gettext_noop(
        "The appearance “%(text)s” is not read. Use likert, minimal or multiline, or nothing."
    ),
    "appearance-idle": gettext_noop(
        "The appearance “%(text)s” does not fit the type %(type)s. Empty the cell."
    ),
    "parameter-unknown": gettext_noop(
        "The parameter “%(text)s” is not read here. Use randomize=true with lists, and start, end "
        "and step with a range."
    ),
    "parameter-number": gettext_noop(
        "“%(text)s” is no number that a range could have. Correct it."
    ),
    "range-empty": gettext_noop(
        "The range has no step between its ends, or more than %(most)s. Correct start, end and step."
    ),
    "scale-unknown": gettext_noop(
        "The scale “%(text)s” is not known. Write nominal, ordinal or count."
    ),
    "negatives": gettext_noop(
        "Negative answers are taken, and exports could not tell them from -3, “not asked”. Add the "
        "constraint . >= 0 unless they are meant."
    ),
    "core-unknown": gettext_noop(
        "core_ends names “%(name)s”, which is no group outside all others. Name one of them."
    ),
    # Expressions
    "expression-long": gettext_noop("The expression has more than %(most)s signs. Shorten it."),
    "expression-deep": gettext_noop(
        "The expression is nested too deeply. Put a part of it into a calculate row."
    ),
    "expression-sign": gettext_noop("“%(text)s” cannot be read here. Correct the expression."),
    "expression-end": gettext_noop("The expression ends too early. Complete it."),
    "expression-unexpected": gettext_noop("“%(text)s” does not belong here. Correct it."),
    "expression-word": gettext_noop(
        "“%(text)s” stands alone. Write ${%(text)s} for the question, or '%(text)s' for the text."
    ),
    "expression-function": gettext_noop(
        "There is no function %(text)s() here. There are: %(functions)s."
    ),
    "expression-regex": gettext_noop(
        "regex() is not read, because some patterns take forever. Use contains() or starts-with()."
    ),
    "expression-clock": gettext_noop(
        "%(text)s() would give another answer tomorrow. Ask for the date instead."
    ),
    "expression-elsewhere": gettext_noop(
        "%(text)s() looks into other data, which a questionnaire here does not have. Ask instead."
    ),
    "expression-arguments": gettext_noop(
        "%(text)s() takes %(least)s to %(most)s values in its brackets. Correct it."
    ),
    "expression-dot": gettext_noop("“.” has a meaning in constraints only. Write the ${name}."),
    "reference-unknown": gettext_noop("No question is called “%(name)s”. Correct the name."),
    "reference-group": gettext_noop("“%(name)s” has no answer. Refer to a question."),
    "reference-later": gettext_noop(
        "“%(name)s” is asked only in row %(other)s. Ask it before this row."
    ),
    "reference-circle": gettext_noop(
        "This depends on “%(name)s”, which itself depends on this. Break the circle."
    ),
    "filter-form": gettext_noop(
        "A choice_filter is read only as column = ${question} or column = 'text', joined by “and”."
    ),
    "filter-column": gettext_noop("The choices have no column “%(column)s”. Add it."),
    # Choices
    "list-needed": gettext_noop("The choice belongs to no list. Write its list_name."),
    "list-unknown": gettext_noop("There is no list “%(name)s” among the choices. Add it."),
    "list-unused": gettext_noop("No question uses the list “%(name)s”."),
    "list-long": gettext_noop(
        "The list “%(name)s” has more than %(most)s choices. Ask by text, or in two steps."
    ),
    "choice-again": gettext_noop(
        "The list has the choice “%(name)s” already in row %(other)s. Choose another name."
    ),
    "choice-name": gettext_noop(
        "“%(name)s” is no name of a choice. Take letters, digits, “_”, “.” and “-” only."
    ),
    "choice-column": gettext_noop(
        "Exports would call this choice “%(name)s”, which is no name of a variable, or one that is "
        "taken. Choose another name for the choice or the question."
    ),
    "code-number": gettext_noop(
        "“%(text)s” is no code. Write a whole number: from 0 on for answers, -1 for “don't know”, "
        "-2 for “rather not say”."
    ),
    "code-again": gettext_noop(
        "The list has the code %(number)s already in row %(other)s. Choose another."
    ),
    "code-missing": gettext_noop(
        "The list “%(name)s” has no codes, so its choices are numbered in their order. Add the "
        "column code, so that the numbers stay when the order changes."
    ),
    # Settings
    "settings-rows": gettext_noop("settings has one row below its headings. Take the others out."),
    "too-many-faults": gettext_noop("There is more that is wrong. Correct these first."),
    # Answers
    "required": gettext_noop("Please answer this question."),
    "constraint": gettext_noop("This answer does not fit the question. Please check it."),
    "whole-number": gettext_noop("Please write a whole number, in digits."),
    "number": gettext_noop("Please write a number, such as 12 or 12.5."),
    "number-comma": gettext_noop(
        "This may be two numbers. Please write it without the comma, or with a point."
    ),
    "number-large": gettext_noop("Please write a smaller number."),
    "no-date": gettext_noop("Please give a date as year-month-day, such as 2026-05-31."),
    "text-long": gettext_noop("Please shorten this to %(most)s characters. It has %(signs)s."),
    "no-choice": gettext_noop("Please choose among the answers given."),
    "one-choice": gettext_noop("Please choose one answer only."),
    "no-rank": gettext_noop("Please give each answer a place of its own, or leave all empty."),
    "out-of-range": gettext_noop("Please choose a number from %(start)s to %(end)s."),
    # What exports say of an answer
    "not-asked": gettext_noop("not asked"),
    "chosen": gettext_noop("chosen"),
    "not-chosen": gettext_noop("not chosen"),
}


@dataclass(frozen=True)
class Message:
    """A sentence of the table, by its code, and the values it is told with.

    `own` is a sentence of the questionnaire itself, in the respondent's language; it wins.
    """

    code: str
    given: Mapping[str, str | int] = field(default_factory=dict)
    own: str = ""

    def __str__(self) -> str:
        return self.told()

    def told(self, translate: Callable[[str], str] = str) -> str:
        """The sentence, translated by `translate` (gettext, say); in English without it.

        >>> Message("out-of-range", {"start": "0", "end": "10"}).told()
        'Please choose a number from 0 to 10.'
        """
        return self.own or translate(SENTENCES[self.code]) % {
            name: value
            if name in _OURS
            else f"{value:,}"
            if isinstance(value, int)
            else shown(value)
            for name, value in self.given.items()
        }


def said(code: str, **given: str | int) -> Message:
    return Message(code, given)


def shown(text: str) -> str:
    r"""Text from elsewhere as a message quotes it: cut short, and what cannot be seen written out.

    >>> shown("tree\u202e")
    'tree\\u202e'
    """
    cut = text if len(text) <= LONGEST_SHOWN else f"{text[:LONGEST_SHOWN]}…"
    return "".join(sign if sign.isprintable() else f"\\u{ord(sign):04x}" for sign in cut)
