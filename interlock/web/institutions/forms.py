"""What an institution says of itself."""

import re
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from django import forms
from django.conf import settings
from django.db.models import Model
from django.forms.boundfield import BoundField
from django.utils import timezone
from django.utils.datastructures import MultiValueDict
from django.utils.functional import Promise
from django.utils.text import capfirst
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from i18nfield.forms import I18nFormField, I18nModelForm, I18nTextInput

from interlock.methods.formats.register.cells import sameness, web_address
from interlock.web.files.forms import PictureField
from interlock.web.institutions import whereabouts
from interlock.web.institutions.actions import Certificate
from interlock.web.institutions.models import (
    Certification,
    Claim,
    Identifier,
    Institution,
    Kind,
    Role,
    Status,
)
from interlock.web.institutions.queries import countries, kinds_by_group
from interlock.web.institutions.records import LISTS, added
from interlock.web.institutions.rules import (
    LONGEST_ITEM,
    MOST_ITEMS,
    why_not_identifiers,
    why_not_publish_address,
)
from interlock.web.institutions.vocabulary import activities
from interlock.web.look.forms import DayField
from interlock.web.people.models import Person
from interlock.web.record.wording import words

if TYPE_CHECKING:
    from django.utils.functional import _StrPromise

OLDEST = 1600
AHEAD = 5  # years that a founding or closing day may lie in the future
MOST_ROWS = 20


def _label(model: type[Model], name: str) -> "str | _StrPromise":
    """What the model calls it, in the reader's language when it is shown."""
    return capfirst(model._meta.get_field(name).verbose_name)  # type: ignore[union-attr]


def _day_field(model: type[Model], name: str) -> DayField:
    return DayField(label=_label(model, name), required=False)


class _KindChoices(forms.models.ModelChoiceIterator):  # type: ignore[type-arg]
    """Kinds under the names of their groups."""

    def __iter__(self) -> Iterator[Any]:
        yield "", "—"
        for group, kinds in kinds_by_group():
            yield group, [self.choice(kind) for kind in kinds]


class _KindField(forms.ModelChoiceField):  # type: ignore[type-arg]
    iterator = _KindChoices


class _Items(forms.CharField):
    """Several things, one a line; each is kept once."""

    def __init__(self, field: str, help_text: "str | _StrPromise") -> None:
        self.of = field
        super().__init__(
            label=_label(Institution, field),
            help_text=help_text,
            required=False,
            widget=forms.Textarea(attrs={"rows": 3}),
        )

    def prepare_value(self, value: Any) -> Any:
        return "\n".join(value) if isinstance(value, list) else value

    def clean(self, value: Any) -> Any:
        # A list as CSV keeps several things in a cell with semicolons between them.
        lines = str(super().clean(value)).replace(";", "\n").splitlines()
        items = added([], filter(None, (" ".join(line.split()) for line in lines)), LISTS[self.of])
        if len(items) > MOST_ITEMS:
            raise forms.ValidationError(
                _("More than %(most)s are not kept.") % {"most": MOST_ITEMS}
            )
        for item in items:
            if len(item) > LONGEST_ITEM[self.of]:
                raise forms.ValidationError(
                    _("“%(item)s…” has more than %(most)s signs.")
                    % {"item": item[:30], "most": LONGEST_ITEM[self.of]}
                )
        return items


class IdentifierForm(forms.Form):
    scheme = forms.CharField(
        label=_label(Identifier, "scheme"),
        required=False,
        max_length=40,
        help_text=gettext_lazy("Its code in org-id.guide: GB-COH, US-EIN."),
    )
    value = forms.CharField(label=_label(Identifier, "value"), required=False, max_length=100)

    def clean_scheme(self) -> str:
        scheme = str(self.cleaned_data["scheme"]).upper()
        if scheme and not re.fullmatch(r"[A-Z0-9]+(-[A-Z0-9]+)*", scheme):
            raise forms.ValidationError(_("A code has letters, digits and hyphens, as in GB-COH."))
        return scheme

    def clean(self) -> dict[str, Any]:
        said = self.cleaned_data
        for given, missing in (("scheme", "value"), ("value", "scheme")):
            if said.get(given) and not said.get(missing) and missing not in self.errors:
                self.add_error(missing, _("A register and a number there belong together."))
        return said


class CertificationForm(forms.Form):
    name = forms.CharField(label=_label(Certification, "name"), required=False, max_length=120)
    issuer = forms.CharField(label=_label(Certification, "issuer"), required=False, max_length=200)
    issued_on = _day_field(Certification, "issued_on")
    expires_on = _day_field(Certification, "expires_on")

    def clean(self) -> dict[str, Any]:
        said = self.cleaned_data
        if any(said.values()):
            for name in ("name", "issuer"):
                if not said.get(name) and name not in self.errors:
                    self.add_error(name, _("Say what it is and who certifies it."))
        issued, expires = said.get("issued_on"), said.get("expires_on")
        if issued and expires and expires < issued:
            self.add_error("expires_on", _("It cannot end before it begins."))
        return said


def _rows(
    form: type[forms.Form],
    prefix: str,
    data: Mapping[str, Any] | None,
    stored: Iterable[Mapping[str, Any]],
) -> "forms.BaseFormSet[forms.Form]":
    """The stored rows and two empty ones. Rows that were not sent are as they were."""
    rows = forms.formset_factory(form, extra=2, max_num=MOST_ROWS, validate_max=True)
    sent = data if data is not None and f"{prefix}-TOTAL_FORMS" in data else None
    return rows(sent, prefix=prefix, initial=list(stored))


@dataclass(frozen=True)
class Part:
    """Fields that belong together, folded away until somebody has something to say there."""

    title: str | Promise
    fields: list[BoundField]
    open: bool
    places_by: Sequence[tuple[str, str]] = ()


class InstitutionForm(I18nModelForm):  # type: ignore[misc]
    kind = _KindField(Kind.objects.all(), label=_label(Institution, "kind"))
    status = forms.ChoiceField(
        label=_label(Institution, "status"),
        choices=Status.choices,
        required=False,
        initial=Status.ACTIVE,
    )
    country = forms.ChoiceField(
        label=_label(Institution, "country"),
        choices=lambda: [("", "—"), *countries().items()],
        required=False,
    )
    latitude = forms.FloatField(
        label=_label(Institution, "latitude"),
        required=False,
        min_value=-90,
        max_value=90,
        help_text=gettext_lazy(
            "North of the equator is positive: 41.88. In the United States both can stay empty: "
            "the ZIP code, or the town and the state, give them."
        ),
    )
    longitude = forms.FloatField(
        label=_label(Institution, "longitude"),
        required=False,
        min_value=-180,
        max_value=180,
        help_text=gettext_lazy("West of Greenwich is negative: -87.63"),
    )
    website = forms.URLField(
        label=_label(Institution, "website"), required=False, assume_scheme="https"
    )
    tags = _Items(
        "tags", gettext_lazy("One a line: what people would look for. Bicycles, translation, soup.")
    )
    other_names = _Items(
        "other_names", gettext_lazy("One a line: a short name, the registered one.")
    )
    links = _Items("links", gettext_lazy("One a line, such as its page in a social network."))
    other_activities = forms.MultipleChoiceField(
        label=_label(Institution, "other_activities"),
        required=False,
        widget=forms.CheckboxSelectMultiple,
    )
    founded_on = _day_field(Institution, "founded_on")
    closed_on = _day_field(Institution, "closed_on")

    FIRST: tuple[str, ...] = ("name", "kind", "place", "about")
    FOLDED = (
        (
            gettext_lazy("What it does"),
            (
                "activity",
                "other_activities",
                "tags",
                "structure",
                "membership_type",
                "status",
                "scope",
            ),
        ),
        (
            gettext_lazy("Where it is"),
            ("street", "postcode", "region", "country", "latitude", "longitude"),
        ),
        (gettext_lazy("How to reach it"), ("website", "links", "email", "phone")),
        (
            gettext_lazy("Since when, and how many people"),
            ("founded_on", "closed_on", "workers", "workers_year", "members", "members_year"),
        ),
        (gettext_lazy("What else it is called"), ("other_names",)),
    )  # fmt: skip

    class Meta:
        model = Institution
        fields = [
            "name", "kind", "place", "about",
            "activity", "structure", "membership_type", "status", "scope",
            "street", "postcode", "region", "country", "latitude", "longitude",
            "website", "email", "phone",
            "founded_on", "closed_on", "workers", "workers_year", "members", "members_year",
            "tags", "other_names", "links", "other_activities",
        ]  # fmt: skip
        help_texts = {
            "name": gettext_lazy("As people know it. A second language can stay empty."),
            "place": gettext_lazy("So that people find it."),
            "about": gettext_lazy("A few sentences. Markdown works: **bold**, lists, links."),
            "structure": gettext_lazy("Its legal form. It never decides what kind it is."),
            "email": gettext_lazy("Everybody sees it. Leave it empty if nobody answers there."),
        }

    def __init__(
        self,
        data: MultiValueDict[str, Any] | None = None,
        *,
        instance: Institution | None = None,
        **options: Any,
    ) -> None:
        super().__init__(data, instance=instance, **options)
        for language in self.fields["about"].widget.widgets:
            language.attrs["rows"] = 4
        stored = instance or Institution()
        besides = self.fields["other_activities"]
        assert isinstance(besides, forms.MultipleChoiceField)
        besides.choices = [
            (code, told)
            for code, told in activities()
            if code.startswith("AM") or code in stored.other_activities
        ]
        known = instance is not None
        if stored.placed_by in whereabouts.MIDDLES:  # found anew when it is saved
            self.initial |= {"latitude": None, "longitude": None}
        self.identifiers = _rows(
            IdentifierForm,
            "identifiers",
            data,
            stored.identifiers.values("scheme", "value") if known else [],
        )
        names = ("name", "issuer", "issued_on", "expires_on")
        self.certifications = _rows(
            CertificationForm,
            "certifications",
            data,
            stored.certifications.values(*names) if known else [],
        )

    def first(self) -> list[BoundField]:
        return [self[name] for name in self.FIRST]

    def folded(self) -> list[Part]:
        """The other parts; open where something stands or is wrong."""
        parts = []
        for title, names in self.FOLDED:
            fields = [self[name] for name in names]
            told = any(one.value() and one.name not in ("status", "country") for one in fields)
            by = whereabouts.ATTRIBUTION if "latitude" in names else ()
            parts.append(Part(title, fields, told or any(one.errors for one in fields), by))
        return parts

    def clean_links(self) -> list[str]:
        """As addresses on the web; nothing else leads out of the page."""
        found = []
        for link in self.cleaned_data["links"]:
            address, _remark = web_address(link if "://" in link else f"https://{link}")
            if not address:
                raise forms.ValidationError(
                    _("“%(item)s” is no web address (https://…).") % {"item": link[:60]}
                )
            found.append(address)
        return found

    def clean_status(self) -> str:
        return str(self.cleaned_data["status"] or Status.ACTIVE)

    def clean(self) -> dict[str, Any]:
        said: dict[str, Any] = super().clean() or self.cleaned_data
        others = [one for one in said.get("other_activities", []) if one != said.get("activity")]
        if others and not said.get("activity") and "activity" not in self.errors:
            said["activity"] = others.pop(0)
        said["other_activities"] = others
        self._both("latitude", "longitude", _("Latitude and longitude belong together."))
        for count in ("workers", "members"):
            self._both(count, f"{count}_year", _("A number and its year belong together."))
            self._plausible(f"{count}_year", said.get(f"{count}_year"), ahead=0)
        for day in ("founded_on", "closed_on"):
            self._plausible(day, said[day].year if said.get(day) else None, ahead=AHEAD)
        founded, closed = said.get("founded_on"), said.get("closed_on")
        if founded and closed and closed < founded:
            self.add_error("closed_on", _("It cannot close before it is founded."))
        self._locate(said)
        return said

    def _locate(self, said: dict[str, Any]) -> None:
        """Put it on the map, where its town or ZIP code can."""
        known = {name: said.get(name) for name in ("latitude", "longitude")}
        said |= {**known, **whereabouts.DERIVED, **whereabouts.placed(said)}
        if said.get("country") != whereabouts.COUNTRY or said["latitude"] or said.get("region"):
            return
        if len(some := whereabouts.states_with(said.get("place") or "")) > 1:
            told = {"place": said["place"], "states": ", ".join(some)}
            self.add_error(
                "region",
                _("There is a %(place)s in more than one state: %(states)s. Say which.") % told,
            )

    def _both(self, one: str, other: str, message: str) -> None:
        given = [name for name in (one, other) if self.cleaned_data.get(name) is not None]
        if len(given) == 1 and not {one, other} & set(self.errors):
            self.add_error(other if given == [one] else one, message)

    def _plausible(self, name: str, year: int | None, *, ahead: int) -> None:
        latest = timezone.localdate().year + ahead
        if year is not None and not OLDEST <= year <= latest:
            between = {"first": OLDEST, "last": latest}
            self.add_error(name, _("A year between %(first)s and %(last)s.") % between)

    def is_valid(self) -> bool:
        rows = (self.identifiers, self.certifications)
        fine = [super().is_valid(), *(one.is_valid() for one in rows if one.is_bound)]
        return all(fine) and self._free()

    def _free(self) -> bool:
        """No identifier twice, here or with another institution; told in the row where it stands."""
        seen: set[tuple[str, str]] = set()
        taken = why_not_identifiers(
            self._identifiers(), self.instance if self.instance.pk else None
        )
        for row, pair in zip(self.identifiers, self._pairs(), strict=False):
            if pair in taken:
                row.add_error("value", taken[pair])
            elif all(pair) and pair in seen:
                row.add_error("value", _("This number stands here twice."))
            seen.add(pair)
        return not any(row.errors for row in self.identifiers if row.is_bound)

    def wrong(self) -> bool:
        rows = (self.identifiers, self.certifications)
        return bool(self.errors) or any(one.total_error_count() for one in rows if one.is_bound)

    def _pairs(self) -> list[tuple[str, str]]:
        if not self.identifiers.is_bound:
            return []
        rows = [row.cleaned_data for row in self.identifiers]
        return [(row.get("scheme", ""), row.get("value", "")) for row in rows]

    def _identifiers(self) -> list[tuple[str, str]]:
        return [pair for pair in self._pairs() if all(pair)]

    def said(self) -> dict[str, Any]:
        """What the verbs take: `register` and `change`."""
        told = {**self.cleaned_data, "kind": self.cleaned_data["kind"].pk}
        if self.identifiers.is_bound:
            told["identifiers"] = self._identifiers()
        if self.certifications.is_bound:
            rows = [row.cleaned_data for row in self.certifications]
            told["certifications"] = [Certificate(**row) for row in rows if row.get("name")]
        return told


OWN, OTHER = "own", "other"


class NewForm(InstitutionForm):
    """The same for a new page, with whose it is."""

    FIRST = (*InstitutionForm.FIRST, "whose")

    whose = forms.ChoiceField(
        label=gettext_lazy("Whose page is it?"),
        choices=[
            (OWN, gettext_lazy("Ours: I belong to it and look after its page")),
            (OTHER, gettext_lazy("Somebody else's: I only enter it, and they can claim it")),
        ],
        widget=forms.RadioSelect,
        required=False,
    )

    def __init__(
        self, data: MultiValueDict[str, Any] | None = None, *, initial: Mapping[str, Any]
    ) -> None:
        super().__init__(data, initial={"country": settings.INTERLOCK_REGION, **initial})

    def clean(self) -> dict[str, Any]:
        said = super().clean()
        own = said.get("whose") != OTHER
        if reason := why_not_publish_address(said.get("email", ""), own):
            self.add_error("email", reason)
        return said

    def names(self) -> list[str]:
        """All that it is said to be called."""
        said = words(self.cleaned_data["name"])
        return [
            *(said.values() if isinstance(said, dict) else [said]),
            *self.cleaned_data["other_names"],
        ]

    def said_by(self, person: Person) -> dict[str, Any]:
        """What `register` takes, with who enters it."""
        told = self.said()
        own = told.pop("whose") != OTHER
        return {**told, "steward" if own else "entered_by": person}


class RoleForm(forms.Form):
    email = forms.EmailField(
        label=gettext_lazy("Their e-mail address"),
        help_text=gettext_lazy("With this address they sign in here. A mail tells them."),
    )
    role = forms.ChoiceField(label=gettext_lazy("Role"), choices=Role.choices)


def _few_lines(label: "str | _StrPromise", help_text: "str | _StrPromise" = "") -> forms.CharField:
    return forms.CharField(
        label=label, help_text=help_text, max_length=500, widget=forms.Textarea(attrs={"rows": 3})
    )


class CodeForm(forms.Form):
    code = forms.CharField(
        label=gettext_lazy("The code from the mail"),
        max_length=20,
        widget=forms.TextInput(attrs={"inputmode": "numeric", "autocomplete": "one-time-code"}),
    )


class AskForm(forms.Form):
    """A question to a federation that may vouch, or to the institution's own stewards."""

    asked_of = forms.ModelChoiceField(
        Institution.objects.none(), label=gettext_lazy("Who knows you?"), empty_label=None
    )
    about = _few_lines(
        _label(Claim, "note"),
        gettext_lazy("They see this, your name and your e-mail address; nobody else does."),
    )

    def __init__(
        self,
        data: Mapping[str, Any] | None = None,
        *,
        federations: Sequence[Institution] | None = None,
    ) -> None:
        super().__init__(data)
        if federations is None:
            del self.fields["asked_of"]
        else:
            field = self.fields["asked_of"]
            assert isinstance(field, forms.ModelChoiceField)
            field.queryset = Institution.objects.filter(pk__in=[one.pk for one in federations])
            field.choices = [(one.pk, str(one)) for one in federations]


class AnswerForm(forms.Form):
    """A steward's answer to one claim; which of its two buttons was pressed says what it is."""

    role = forms.ChoiceField(
        label=gettext_lazy("Role"), choices=Role.choices, initial=Role.MEMBER, required=False
    )
    answer = _few_lines(
        gettext_lazy("A sentence to them"), gettext_lazy("Needed when you decline.")
    )

    def __init__(self, claim: Claim, data: Mapping[str, Any] | None = None) -> None:
        super().__init__(data, prefix=f"claim-{claim.pk}")
        self.claim = claim
        self.declines = data is not None and "decline" in data
        self.fields["answer"].required = self.declines
        self.fields["answer"].widget.is_required = False
        if not claim.is_to_join:
            del self.fields["role"]


class LeaveForm(forms.Form):
    name = forms.CharField(
        label=gettext_lazy("Type its name, so that nobody leaves by mistake"), max_length=200
    )

    def __init__(self, institution: Institution, data: Mapping[str, Any] | None = None) -> None:
        super().__init__(data)
        self.institution = institution

    def clean_name(self) -> str:
        """In any of its languages, however it is capitalised."""
        typed = str(self.cleaned_data["name"])
        said = words(self.institution.name)
        names = said.values() if isinstance(said, dict) else [said]
        if sameness(typed) not in {sameness(one) for one in names if one}:
            raise forms.ValidationError(
                _("This is not its name, which is: %(name)s.") % {"name": self.institution}
            )
        return typed


class PictureForm(forms.Form):
    """A picture, or other words for the one there is."""

    def __init__(
        self,
        institution: Institution,
        data: Mapping[str, Any] | None = None,
        files: MultiValueDict[str, Any] | None = None,
    ) -> None:
        super().__init__(data, files, initial={"alt": institution.picture_alt})
        known = institution.picture_id is not None
        self.fields["file"] = PictureField(
            label=_("Another picture") if known else _("The picture"), required=not known
        )
        self.fields["alt"] = I18nFormField(
            label=_label(Institution, "picture_alt"),
            help_text=_("For those who cannot see it: “Six people before a bakery, laughing.”"),
            widget=I18nTextInput,
            max_length=300,
            require_all_fields=False,
        )
