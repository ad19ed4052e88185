"""What those who ask a survey fill in: how it begins, its texts and days, files, seeds, leave to read."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date, datetime, timedelta
from typing import Any

from django import forms
from django.conf import settings
from django.core.files.uploadedfile import UploadedFile
from django.utils.formats import date_format
from django.utils.text import capfirst
from django.utils.timezone import localdate
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from i18nfield.forms import I18nFormField, I18nTextarea, I18nTextInput
from i18nfield.strings import LazyI18nString

from interlock.web.institutions.models import Institution
from interlock.web.institutions.queries import looked_after_by
from interlock.web.look.forms import DayField
from interlock.web.people.models import Person
from interlock.web.surveys import rules
from interlock.web.surveys.models import Anonymity, Study

#: What was posted, if anything was.
Data = Mapping[str, Any] | None

#: Texts of a study in one language.
LONGEST_TEXT = 6_000
LONGEST_LINE = 300


def _label(name: str) -> str:
    return capfirst(str(Study._meta.get_field(name).verbose_name))  # type: ignore[union-attr]


class _Line(I18nFormField):  # type: ignore[misc]
    def __init__(self, **options: Any) -> None:
        super().__init__(widget=I18nTextInput, max_length=LONGEST_LINE, **options)


class _Text(I18nFormField):  # type: ignore[misc]
    def __init__(self, **options: Any) -> None:
        super().__init__(
            widget=I18nTextarea,
            widget_kwargs={"attrs": {"rows": 6}},
            max_length=LONGEST_TEXT,
            **options,
        )


def _in_each(stored: object) -> object:
    """A text that is the same in every language, such as an address, as a form shows it: in each."""
    text = stored.data if isinstance(stored, LazyI18nString) else stored
    if not isinstance(text, str):
        return stored
    return LazyI18nString({code: text for code, _name in settings.LANGUAGES})


def _whom() -> dict[str, forms.Field]:
    return {
        "contact": _Line(
            label=gettext_lazy("Whom respondents can ask"),
            help_text=gettext_lazy("An e-mail address or a telephone number, and whose it is."),
        ),
        "ethics": _Line(
            label=gettext_lazy("Who looks after their rights"),
            help_text=gettext_lazy(
                "Somebody who does not run the survey: an ethics board, a data protection officer, "
                "a trusted third person. Name and address."
            ),
        ),
    }


def _doors() -> forms.BooleanField:
    return forms.BooleanField(
        label=gettext_lazy("On the site’s two public pages, For cooperators and For PBers"),
        required=False,
        help_text=gettext_lazy("They lead to the survey that has been open longest."),
    )


class RoundField(forms.ModelChoiceField):  # type: ignore[type-arg]
    """A survey by its title and the day it opened: rounds are often called the same."""

    def label_from_instance(self, obj: Study) -> str:
        return f"{obj.title}, {date_format(localdate(obj.opened_at))}"


class LaunchForm(forms.Form):
    """All that a study needs to begin: everything else has a text or a day of its own already."""

    institution = forms.ModelChoiceField(
        Institution.objects.none(), label=gettext_lazy("Who asks"), empty_label=None
    )
    contact, ethics = _whom().values()
    closes_on = DayField(
        label=gettext_lazy("Last day to answer"),
        help_text=gettext_lazy("Chains grow slowly: plan two to three months."),
    )
    follows = RoundField(
        Study.objects.none(),
        label=gettext_lazy("The round before, if this is a next one"),
        required=False,
        empty_label=gettext_lazy("None: this is a first round"),
        help_text=gettext_lazy(
            "What it told stands beside these results, and whether the two fields came nearer. Close it, "
            "and have it worked out, before its codes are destroyed."
        ),
    )

    def __init__(
        self, person: Person, data: Data, *, at: datetime, chosen: Institution | None = None
    ) -> None:
        first: dict[str, object] = {"closes_on": at.date() + timedelta(days=75)}
        if chosen:
            first |= {"institution": chosen, "contact": _in_each(chosen.email)}
        super().__init__(data, initial=first)
        own = looked_after_by(person).filter(left_at=None)
        self.fields["institution"].queryset = own  # type: ignore[attr-defined]
        rounds = Study.objects.filter(institution__in=own, opened_at__isnull=False)
        if rounds.exists():
            self.fields["follows"].queryset = rounds  # type: ignore[attr-defined]
        else:
            del self.fields["follows"]
        self.at = at

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean() or self.cleaned_data
        institution, before = cleaned.get("institution"), cleaned.get("follows")
        if institution and before and (reason := rules.why_not_follow(institution, before)):
            self.add_error("follows", reason)
        return cleaned

    def clean_closes_on(self) -> date:
        day: date = self.cleaned_data["closes_on"]
        if rules.is_over(day, self.at):
            raise forms.ValidationError(_("The last day to answer has passed already."))
        return day


class _Days(forms.Form):
    """Until when things are kept, as people are told."""

    links_until = DayField(
        label=gettext_lazy("Codes and chains are destroyed after"),
        help_text=gettext_lazy("Until then answers can be taken back, and chains can be analysed."),
    )
    contacts_until = DayField(
        label=gettext_lazy("E-mail addresses are destroyed after"),
        help_text=gettext_lazy("They are there to send the results, and for nothing else."),
    )
    answers_until = DayField(
        label=gettext_lazy("Answers are destroyed after"),
        required=False,
        help_text=gettext_lazy(
            "Empty: they stay, tied to nothing once codes and chains are destroyed."
        ),
    )

    def days(self) -> tuple[date, date, date | None] | None:
        """All three; None where one of them is wrong by itself."""
        said, names = self.cleaned_data, ("links_until", "contacts_until", "answers_until")
        if any(name not in said for name in names):
            return None
        return said["links_until"], said["contacts_until"], said["answers_until"]


class StudyForm(_Days):
    """Every text and day of a study that is not open."""

    title = I18nFormField(label=gettext_lazy("Title"), widget=I18nTextInput, max_length=200)
    about = _Text(label=gettext_lazy("Who asks, and why"))
    consent = _Text(
        label=gettext_lazy("What people agree to"),
        help_text=gettext_lazy(
            "As a list, a line beginning with “-” for each point. Your contacts and the days below "
            "stand beside it by themselves. Another text becomes a new version, and each respondent's "
            "version is kept."
        ),
    )
    contact, ethics = _whom().values()
    closes_on = DayField(label=gettext_lazy("Last day to answer"))
    anonymity = forms.ChoiceField(
        label=gettext_lazy("What ties answers to each other"),
        choices=Anonymity.choices,
        widget=forms.RadioSelect,
        help_text=gettext_lazy(
            "Only with chains can anything be estimated of those who did not answer."
        ),
    )
    doors = _doors()
    field_order = (
        "title", "about", "consent", "contact", "ethics", "closes_on", "links_until",
        "contacts_until", "answers_until", "anonymity", "doors",
    )  # fmt: skip

    def __init__(self, study: Study, data: Data, *, at: datetime) -> None:
        agreed = study.consents.first()
        names = [name for name in self.field_order if name != "consent"]
        stored = {name: _in_each(getattr(study, name)) for name in names}
        super().__init__(
            data, initial={**stored, "consent": _in_each(agreed.text) if agreed else ""}
        )
        self.at = at

    def clean(self) -> dict[str, Any]:
        said, days = self.cleaned_data, self.days()
        closes = said.get("closes_on")
        if days and closes and (reason := rules.why_not_days(closes, *days, self.at)):
            self.add_error(None, reason)
        return said


class CorrectForm(_Days):
    """What can still change of one that was opened."""

    contact, ethics = _whom().values()
    doors = _doors()
    field_order = ("contact", "ethics", "links_until", "contacts_until", "answers_until", "doors")

    def __init__(self, study: Study, data: Data, *, at: datetime) -> None:
        stored = {name: _in_each(getattr(study, name)) for name in self.field_order}
        super().__init__(data, initial=stored)
        self.study, self.at = study, at

    def clean(self) -> dict[str, Any]:
        days = self.days()
        if days and (reason := rules.why_not_sooner(self.study, *days, self.at)):
            self.add_error(None, reason)
        return self.cleaned_data


class ExtendForm(forms.Form):
    closes_on = DayField(label=gettext_lazy("New last day"))

    def __init__(self, study: Study, data: Data = None) -> None:
        super().__init__(data)
        self.study = study

    def clean_closes_on(self) -> date:
        day: date = self.cleaned_data["closes_on"]
        if reason := rules.why_not_extend(self.study, day):
            raise forms.ValidationError(reason)
        return day


class SeedsForm(forms.Form):
    number = forms.IntegerField(
        label=gettext_lazy("How many cards"),
        min_value=1,
        max_value=rules.MOST_SEEDS,
        initial=10,
        help_text=gettext_lazy(
            "Each begins a chain. Many never grow: plan 20 to 30 in all, for people who know many "
            "others and are unlike each other."
        ),
    )


class _Files(forms.ClearableFileInput):
    allow_multiple_selected = True


class FilesField(forms.FileField):
    """One file or several, as a list."""

    def __init__(self, **options: Any) -> None:
        super().__init__(widget=_Files(attrs={"accept": ".xlsx,.csv,.zip,.yaml,.yml"}), **options)

    def clean(self, data: Any, initial: Any = None) -> Any:
        given = data if isinstance(data, list | tuple) else [data] if data else []
        if not given:
            return super().clean(None, initial)
        return [super(FilesField, self).clean(one, initial) for one in given]


class QuestionsForm(forms.Form):
    """A questionnaire that was written elsewhere."""

    questionnaire = FilesField(
        label=gettext_lazy("The questionnaire"),
        help_text=gettext_lazy(
            "An XLSForm: one .xlsx, or survey.csv with choices.csv and settings.csv (also zipped), "
            "or one .yaml."
        ),
        max_length=200,
    )
    note = _Line(
        label=gettext_lazy("What is new in it"),
        required=False,
        help_text=gettext_lazy("A sentence for whoever compares answers later."),
    )

    @property
    def uploads(self) -> list[UploadedFile[bytes]]:
        found: list[UploadedFile[bytes]] = self.cleaned_data["questionnaire"]
        return found


class AskForm(forms.Form):
    """Why somebody wants to read single answers."""

    reason = forms.CharField(
        label=gettext_lazy("What for"),
        max_length=500,
        widget=forms.Textarea(attrs={"rows": 4}),
        help_text=gettext_lazy(
            "Who you are, what you want to find out, and where the files will lie. Whoever runs the "
            "survey reads it; everybody can read how often answers were opened."
        ),
    )


class GiveForm(forms.Form):
    until = DayField(label=gettext_lazy("Until"))

    def __init__(self, data: Data = None, *, at: datetime, prefix: str) -> None:
        first = at.date() + timedelta(days=90)
        super().__init__(data, initial={"until": first}, prefix=prefix)
