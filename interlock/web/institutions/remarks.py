"""What there is to say of the rows of a list: kept by code, told in the reader's language.

A row keeps `[cell, column, code, values]`; the sentences are the library's and the register's own.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from django.utils.html import escape, format_html
from django.utils.safestring import SafeString, mark_safe
from django.utils.translation import gettext as _

from interlock.methods.formats.faults import Remark, gettext_noop, visible
from interlock.methods.formats.register import Fault
from interlock.methods.formats.register.sentences import SENTENCES as OF_LISTS
from interlock.web.institutions.models import Institution
from interlock.web.look import amounts

SENTENCES: Mapping[str, str] = {
    **OF_LISTS,
    "as-it-was": gettext_noop("%(text)s"),
    # What the register cannot hold
    "no-place": gettext_noop("The register has no place for this column, and did not keep it."),
    "numbers-not-kept": gettext_noop(
        "Identifiers that name no list are not kept; the list itself is known again without them."
    ),
    "number-too-long": gettext_noop("%(text)s… is too long, and was left out."),
    "more-structures": gettext_noop("The register keeps one structure; left out: %(codes)s."),
    "too-many-items": gettext_noop("More than %(most)s are not kept here; the rest were left out."),
    "item-too-long": gettext_noop(
        '"%(text)s" has more than %(most)s signs, and was left out here.'
    ),
    "signs-not-kept": gettext_noop(
        "It has %(signs)s signs, and more than %(most)s are not kept here. It was left out."
    ),
    "day-completed": gettext_noop("%(text)s is no whole date, and was entered as %(day)s."),
    "closed-before-founded": gettext_noop(
        "It cannot have closed (%(closed)s) before it was founded (%(founded)s); left out."
    ),
    "region-stays": gettext_noop("It names no town, so that the state or region here stays."),
    # What a row is about
    "numbers-stay": gettext_noop(
        "Its own people say which numbers it has; the list gives it %(numbers)s."
    ),
    "several-identifiers": gettext_noop(
        "Its identifiers are those of more than one institution here."
    ),
    "same-name": gettext_noop(
        "The name is the same, and the place does not tell whether it is another."
    ),
    "same-number": gettext_noop("The number is the same, and the name is not."),
    "same-website": gettext_noop("The website is the same, and the name is not."),
    "may-be": gettext_noop("It may be: %(slugs)s."),
    "nobody-said": gettext_noop("Nobody said which it is."),
    "line-before": gettext_noop("Line %(line)s is about the same institution."),
    "has-left": gettext_noop("This institution has left the register, and is not entered again."),
    "made-up": gettext_noop(
        "It is made up, and has a number of one that is not. Take the number off."
    ),
    "not-made-up": gettext_noop(
        "It has a number of one here that is made up. Take the number off to enter it."
    ),
    # Why an institution stays when its list is undone
    "has-people": gettext_noop("Somebody looks after it, or has."),
    "in-use": gettext_noop("It is in use on this site."),
    "other-list": gettext_noop("Another list has added to it since."),
    "changed-since": gettext_noop("It was changed since."),
    "fields-changed-since": gettext_noop("It was changed since: %(fields)s stays as it is."),
}

#: `[cell, column, code, values]`, as JSON holds it.
Kept = Sequence[Any]


@dataclass(frozen=True)
class Told:
    """A remark in the reader's language; `cell` counts from 1, and is 0 for the row as a whole."""

    cell: int
    column: str
    text: str
    #: The same for a page, where what is quoted from the list is in no language known here.
    marked: SafeString
    code: str

    def __str__(self) -> str:
        return f"{self.place} {self.text}" if self.cell else self.text

    @property
    def html(self) -> SafeString:
        if not self.cell:
            return self.marked
        place = _("Column %(cell)s (%(column)s):")
        return format_html("{} {}", _marked(place, cell=self.cell, column=self.column), self.marked)

    @property
    def place(self) -> str:
        place = _("Column %(cell)s (%(column)s):")
        return place % {"cell": self.cell, "column": self.column}


def said(code: str, /, **given: str | int) -> Remark:
    return Remark(SENTENCES, code, **given)


def kept(fault: Fault) -> Kept:
    return [fault.cell, fault.column, fault.message.code, dict(fault.message.given)]


def why(code: str, /, **given: str | int | list[str]) -> Kept:
    """A remark on a row as a whole. `fields` are told by what pages call them."""
    return [0, "", code, given]


def told(remark: Kept) -> Told:
    cell, column, code, given = remark
    sentence = _(SENTENCES[code])
    values = {name: _shown(value) for name, value in given.items()}
    return Told(cell, column, sentence % values, _marked(sentence, **given), code)


def _marked(sentence: str, /, **given: str | int | list[str]) -> SafeString:
    """A sentence with what it quotes apart, so that nobody reads that in the sentence's language."""
    values = {
        name: format_html('<span lang="">{}</span>', _shown(value))
        if isinstance(value, str)
        else escape(_shown(value))
        for name, value in given.items()
    }
    return mark_safe(escape(sentence) % values)


def texts(remarks: Iterable[Kept]) -> str:
    return " ".join(told(one).text for one in remarks)


def labels(fields: Iterable[str]) -> list[str]:
    """What pages call these fields; a year is told with its count."""
    names = [name.removesuffix("_id") for name in fields if not name.endswith("_year")]
    return [str(Institution._meta.get_field(name).verbose_name) for name in sorted(names)]  # type: ignore[union-attr]


def _shown(value: str | int | list[str]) -> str:
    if isinstance(value, list):
        return ", ".join(labels(value))
    return amounts.number(value) if isinstance(value, int) else visible(value)
