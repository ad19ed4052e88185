"""What people write into a joint proposal."""

import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from secrets import token_hex
from typing import Any

from django import forms
from django.conf import settings
from django.utils.functional import Promise
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from i18nfield.forms import I18nFormField, I18nTextarea, I18nTextInput
from i18nfield.strings import LazyI18nString

from interlock.web.institutions.models import Institution
from interlock.web.ways.models import Party, Proposal
from interlock.web.ways.rules import LONGEST_MESSAGE, LONGEST_SECTION, MOST_SECTIONS
from interlock.web.ways.twelve import WAYS, prompts_of
from interlock.web.ways.writing import Clash, Section, Text, said

#: So many more sections can be written at a time.
EMPTY_SECTIONS = 2
KEY = re.compile(r"[a-z0-9]{1,20}")


def _few_lines(label: str | Promise, help_text: str | Promise = "", **options: Any) -> Any:
    return forms.CharField(
        label=label,  # type: ignore[arg-type]
        help_text=help_text,  # type: ignore[arg-type]
        widget=forms.Textarea(attrs={"rows": 3}),
        **{"max_length": 500, **options},
    )


class ActingForm(forms.Form):
    """A form filled in for an institution; the choice is shown to who speaks for several."""

    def __init__(
        self, own: Sequence[Institution], data: Mapping[str, Any] | None = None, **options: Any
    ) -> None:
        super().__init__(data, **options)
        self.own = {one.slug: one for one in own}
        if len(own) > 1:
            self.fields["acting"] = forms.ChoiceField(
                label=_("You act for"), choices=[(one.slug, str(one)) for one in own]
            )
            self.order_fields(["acting"])

    @property
    def acting(self) -> Institution:
        chosen = self.cleaned_data.get("acting") or next(iter(self.own))
        return self.own[chosen]


class InviteForm(ActingForm):
    """Which of those that a search has found."""

    institution = forms.ModelChoiceField(
        Institution.objects.filter(left_at=None),
        to_field_name="slug",
        error_messages={"required": gettext_lazy("Choose one of them.")},
    )


class SignForm(ActingForm):
    """Signing one text: the one that was on the page, by its number and fingerprint."""

    version = forms.IntegerField(widget=forms.HiddenInput)
    read = forms.CharField(widget=forms.HiddenInput, max_length=64)
    sure = forms.BooleanField(
        label=gettext_lazy("I have read this text and may sign it"),
        error_messages={"required": gettext_lazy("Tick this if you mean to sign.")},
    )


class BeginForm(ActingForm):
    title = I18nFormField(
        label=gettext_lazy("What is it about?"),
        help_text=gettext_lazy("A title. A second language can stay empty."),
        widget=I18nTextInput,
        max_length=200,
    )
    way = forms.ChoiceField(
        label=gettext_lazy("Which way to interlock?"),
        required=False,
        help_text=gettext_lazy("It gives the draft its headings. You can change them."),
    )

    field_order = ["title", "way"]

    def __init__(self, *args: Any, **options: Any) -> None:
        super().__init__(*args, **options)
        way = self.fields["way"]
        assert isinstance(way, forms.ChoiceField)
        way.choices = [
            ("", _("None of the twelve: begin from nothing")),
            *((slug, way.told.title) for slug, way in WAYS.items()),
        ]


class SectionForm(forms.Form):
    key = forms.CharField(required=False, widget=forms.HiddenInput)
    heading = I18nFormField(
        label=gettext_lazy("Heading"), required=False, widget=I18nTextInput, max_length=120
    )
    text = I18nFormField(
        label=gettext_lazy("Text"),
        required=False,
        widget=I18nTextarea,
        widget_kwargs={"attrs": {"rows": 6}},
        max_length=LONGEST_SECTION,
    )

    def clean(self) -> dict[str, Any]:
        told = self.cleaned_data
        if (
            said(told.get("text"))
            and not said(told.get("heading"))
            and "heading" not in self.errors
        ):
            self.add_error("heading", _("A section needs a heading."))
        return told


@dataclass(frozen=True)
class Row:
    """A section as it is written: its form, what to write there, what another wrote meanwhile."""

    form: SectionForm
    title: str
    ask: str
    clashes: list[Clash]

    @property
    def is_empty(self) -> bool:
        """One to add, in which nothing is written yet."""
        return not (self.title or self.form["key"].value() or self.form.errors)


class WritingForm(ActingForm):
    """The whole text, with empty sections at its end.

    `base` is the version it was written upon, and `voids` the signatures of it that its writer was
    told of. What is shown anew after others wrote has their `clashes` beside it.
    """

    title = I18nFormField(label=gettext_lazy("Title"), widget=I18nTextInput, max_length=200)
    note = forms.CharField(
        label=gettext_lazy("What you changed, in a sentence"),
        required=False,
        max_length=200,
        help_text=gettext_lazy("The other parties read it in the list of versions."),
    )
    base = forms.IntegerField(widget=forms.HiddenInput)
    voids = forms.CharField(widget=forms.HiddenInput, required=False)

    def __init__(
        self,
        own: Sequence[Institution],
        way: str,
        text: Text,
        data: Mapping[str, Any] | None = None,
        *,
        clashes: Sequence[Clash] = (),
        **initial: object,
    ) -> None:
        initial["title"] = LazyI18nString(dict(text.title))
        super().__init__(own, data, initial=initial)
        self.way = way
        self.clashes = clashes
        rows = forms.formset_factory(
            SectionForm, extra=EMPTY_SECTIONS, max_num=MOST_SECTIONS, validate_max=True
        )
        self.sections = rows(
            data,
            prefix="section",
            # What was sent is what counts, whatever the text has become meanwhile.
            initial=[] if data is not None else list(map(_as_row, text.sections)),
        )

    def is_valid(self) -> bool:
        return all([super().is_valid(), self.sections.is_valid()])

    def clean_voids(self) -> list[int]:
        found = str(self.cleaned_data["voids"]).split(",")
        return [int(one) for one in found if one.isdecimal() and len(one) < 19]

    def written(self) -> dict[str, Any]:
        """What the verb takes; each section gets a key of its own."""
        taken: set[str] = set()
        sections = []
        for row in self.sections.cleaned_data:
            key = row.get("key", "")
            if not KEY.fullmatch(key) or key in taken:
                key = token_hex(4)
            taken.add(key)
            told = {"heading": said(row.get("heading")), "text": said(row.get("text"))}
            sections.append({"key": key, **told})
        names = ("title", "note", "base", "voids")
        return {**{name: self.cleaned_data[name] for name in names}, "sections": sections}

    def title_clashes(self) -> list[Clash]:
        return [one for one in self.clashes if not one.key]

    def rows(self) -> Iterator[Row]:
        asks = prompts_of(self.way)
        for form in self.sections:
            assert isinstance(form, SectionForm)
            key = str(form["key"].value() or "")
            mine = [one for one in self.clashes if one.key == key and key]
            yield Row(form, _first(form["heading"].value()), asks.get(key, ""), mine)


def _as_row(section: Section) -> dict[str, object]:
    return {
        "key": section.key,
        "heading": LazyI18nString(dict(section.heading)),
        "text": LazyI18nString(dict(section.text)),
    }


def _first(value: object) -> str:
    """A heading in the reader's language: a text in some, or the list of them that was sent."""
    if isinstance(value, list):
        codes = [code for code, _name in settings.LANGUAGES]
        value = LazyI18nString(dict(zip(codes, value, strict=False)))
    return str(value or "")


class MessageForm(ActingForm):
    text = _few_lines(
        gettext_lazy("To the other parties"),
        gettext_lazy("Only stewards and delegates of the parties read this, now and later."),
        max_length=LONGEST_MESSAGE,
    )


class AnswerForm(forms.Form):
    """To accept an invitation, or to decline it with a sentence."""

    reason = _few_lines(
        gettext_lazy("If you decline, a sentence why"),
        gettext_lazy("The parties read it."),
        required=False,
    )

    def __init__(self, party: Party, data: Mapping[str, Any] | None = None) -> None:
        super().__init__(data, prefix=f"answer-{party.pk}")
        self.party = party

    @property
    def declines(self) -> bool:
        return "decline" in self.data


class LeaveForm(ActingForm):
    reason = _few_lines(gettext_lazy("Why, in a sentence"))

    def __init__(self, proposal: Proposal, *args: Any, **options: Any) -> None:
        super().__init__(*args, **options)
        self.fields["reason"].help_text = (
            gettext_lazy("The other parties read it.")
            if proposal.is_draft
            else gettext_lazy("Everybody reads it.")
        )


class MoveForm(ActingForm):
    state = forms.ChoiceField(label=gettext_lazy("Where it stands now"), widget=forms.RadioSelect)
    sentence = _few_lines(gettext_lazy("In a sentence"), gettext_lazy("Everybody reads it."))

    def __init__(self, proposal: Proposal, *args: Any, **options: Any) -> None:
        super().__init__(*args, **options)
        state = self.fields["state"]
        assert isinstance(state, forms.ChoiceField)
        state.choices = [(one.value, one.label) for one in proposal.moves]
