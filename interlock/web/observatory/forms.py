"""What people say of a policy, and of its depth and direction."""

from typing import Any, cast
from urllib.parse import urlsplit

from django import forms
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from interlock.web.institutions.models import Institution
from interlock.web.institutions.queries import countries, same_names
from interlock.web.look.forms import DayField
from interlock.web.observatory import rules
from interlock.web.observatory.actions import Said
from interlock.web.observatory.models import Direction, Order, Policy


class InstitutionField(forms.CharField):
    """An institution of the register, by its name or by the address of its page."""

    def prepare_value(self, value: Any) -> Any:
        return str(value.name) if isinstance(value, Institution) else value

    def clean(self, value: Any) -> Institution | None:
        text = str(super().clean(value)).strip()
        if not text:
            return None
        slug = urlsplit(text).path.rstrip("/").rsplit("/", 1)[-1]
        found = Institution.objects.filter(slug=slug, left_at=None).first()
        named = [] if found else same_names([text])
        if found or len(named) == 1:
            return found or named[0]
        if named:
            raise forms.ValidationError(
                _("Several are called so: paste the address of its page in the register.")
            )
        raise forms.ValidationError(
            _("Nobody in the register is called so. Say the place in words below instead.")
        )


class PolicyForm(forms.Form):
    title = forms.CharField(
        label=gettext_lazy("What it is called"),
        max_length=200,
        help_text=gettext_lazy(
            "As the place itself calls it: Ordinance 14-22 on public contracts."
        ),
    )
    institution = InstitutionField(
        label=gettext_lazy("Whose it is, in the register"),
        required=False,
        max_length=300,
        help_text=gettext_lazy("The name of the institution, or the address of its page here."),
    )
    area = forms.CharField(
        label=gettext_lazy("Or the place in words"),
        required=False,
        max_length=120,
        widget=forms.TextInput(attrs={"lang": ""}),
        help_text=gettext_lazy("A city, state or region that is not in the register."),
    )
    country = forms.ChoiceField(label=gettext_lazy("Country"), required=False)
    adopted_on = DayField(label=gettext_lazy("Adopted on"))
    passage = forms.CharField(
        label=gettext_lazy("The passage to be coded, word for word"),
        max_length=rules.LONGEST_PASSAGE,
        widget=forms.Textarea(attrs={"rows": 8, "lang": ""}),
        help_text=gettext_lazy(
            "In its own language, and so much of it that two people who know nothing else can say what it "
            "changes."
        ),
    )
    source = forms.URLField(
        label=gettext_lazy("Address of the source"),
        max_length=500,
        assume_scheme="https",
        help_text=gettext_lazy("Where anybody can read the whole of it."),
    )

    def __init__(self, *args: Any, policy: Policy | None = None, **options: Any) -> None:
        if policy:
            options["initial"] = {name: getattr(policy, name) for name in self.base_fields}
        super().__init__(*args, **options)
        choices = self.fields["country"]
        assert isinstance(choices, forms.ChoiceField)
        choices.choices = [("", "–"), *countries().items()]
        if policy:
            self.fields["note"] = forms.CharField(
                label=_("What you changed, in a sentence"), max_length=200
            )

    def clean(self) -> dict[str, Any]:
        said = super().clean() or {}
        if not self.errors and not said["institution"] and not said["area"]:
            self.add_error("institution", _("Say where it holds: here, or in words below."))
        return said

    def said(self) -> Said:
        one = {name: self.cleaned_data[name] for name in Said.__annotations__}
        if one["institution"]:
            # The page of the register says where it is.
            one |= {"area": "", "country": one["institution"].country}
        return cast(Said, one)


class CodingForm(forms.Form):
    text_version = forms.IntegerField(widget=forms.HiddenInput)
    order = forms.TypedChoiceField(
        label=gettext_lazy("How deep does it go?"),
        coerce=int,
        choices=Order.choices[1:] + Order.choices[:1],
        widget=forms.RadioSelect,
    )
    direction = forms.ChoiceField(
        label=gettext_lazy("Where does it lead?"),
        choices=Direction.choices,
        widget=forms.RadioSelect,
    )
    reason = forms.CharField(
        label=gettext_lazy("Why, in a sentence"),
        max_length=500,
        widget=forms.Textarea(attrs={"rows": 3, "lang": ""}),
        help_text=gettext_lazy("Name the words of the passage that decided it."),
    )


class WithdrawForm(forms.Form):
    reason = forms.CharField(
        label=gettext_lazy("Why it is withdrawn"),
        max_length=500,
        widget=forms.Textarea(attrs={"rows": 3, "lang": ""}),
        help_text=gettext_lazy("Everybody who read the entry reads this."),
    )


#: A list has so many bytes at most.
LARGEST = 5 * 2**20
#: What a column may be named for, and what it is called in the form.
COLUMNS = {
    "latitude": gettext_lazy("Latitude"),
    "longitude": gettext_lazy("Longitude"),
    "place": gettext_lazy("Town or ZIP code"),
    "state": gettext_lazy("State of the town"),
    "code": gettext_lazy("Code of the area"),
    "population": gettext_lazy("People who live there"),
    "marked": gettext_lazy("Has participatory budgeting"),
    "count": gettext_lazy("Worker co-ops"),
    "name": gettext_lazy("Name of the area"),
    "region": gettext_lazy("State or region of the area"),
    "control": gettext_lazy("Something that should show no tie"),
}


class ListField(forms.FileField):
    """A CSV file that is not too large."""

    widget = forms.ClearableFileInput(attrs={"accept": ".csv,text/csv"})

    def clean(self, data: Any, initial: Any = None) -> Any:
        file = super().clean(data, initial)
        if file and file.size > LARGEST:
            raise forms.ValidationError(
                _(
                    "It has more than %(most)s megabytes. Ask of a part of it, or use the command line."
                )
                % {"most": LARGEST // 2**20}
            )
        return file


class AskForm(forms.Form):
    """Two lists of points, or one table of areas; and what columns are called, if not as one would think."""

    pb = ListField(
        label=gettext_lazy("Participatory budgets, as CSV"),
        required=False,
        help_text=gettext_lazy(
            "A row each: latitude and longitude, or a town and its state, or a ZIP code."
        ),
    )
    coops = ListField(
        label=gettext_lazy("Worker co-ops, as CSV"),
        required=False,
        help_text=gettext_lazy("The same, a row each."),
    )
    areas = ListField(
        label=gettext_lazy("Or one table of areas, as CSV"),
        required=False,
        help_text=gettext_lazy(
            "A row an area: code, population, whether it has participatory budgeting, how many worker "
            "co-ops; of any country."
        ),
    )
    is_synthetic = forms.BooleanField(
        label=gettext_lazy("The data are made up"),
        required=False,
        help_text=gettext_lazy("Then every page and file of the answer says so."),
    )

    def __init__(self, *args: Any, **more: Any):
        super().__init__(*args, **more)
        for name, label in COLUMNS.items():
            self.fields[f"column_{name}"] = forms.CharField(
                label=label, required=False, max_length=100
            )

    @property
    def main_fields(self) -> list[forms.BoundField]:
        return [self[name] for name in ("pb", "coops", "areas", "is_synthetic")]

    @property
    def column_fields(self) -> list[forms.BoundField]:
        return [self[f"column_{name}"] for name in COLUMNS]

    def clean(self) -> dict[str, Any]:
        cleaned = dict(super().clean() or {})
        given = {role for role in ("pb", "coops", "areas") if cleaned.get(role)}
        if not self.errors and given not in ({"areas"}, {"pb", "coops"}):
            self.add_error(None, _("Give both lists of points, or one table of areas."))
        return cleaned

    def given(self) -> dict[str, tuple[str, bytes]]:
        return {
            role: (file.name, file.read())
            for role in ("areas", "pb", "coops")
            if (file := self.cleaned_data.get(role))
        }

    def columns(self) -> dict[str, str]:
        return {
            name: text for name in COLUMNS if (text := self.cleaned_data[f"column_{name}"].strip())
        }
