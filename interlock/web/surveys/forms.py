"""What respondents write outside the questions: their consent, their code, what comes after."""

from collections.abc import Mapping, Sequence
from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from interlock.web.institutions.models import Kind
from interlock.web.surveys import codes
from interlock.web.surveys.models import NamedTie
from interlock.web.ties.models import Predicate


class ConsentForm(forms.Form):
    """Consent is a tick and a button. `website` is seen by programs only, which fill in everything."""

    agreed = forms.BooleanField(
        label=_("I am 18 or older, I have read this, and I agree to take part."),
        error_messages={"required": _("To take part, tick that you agree.")},
    )
    website = forms.CharField(required=False, max_length=1000)


class CodeForm(forms.Form):
    """Somebody's own code, typed leniently."""

    code = forms.CharField(
        label=_("Your code"),
        help_text=_("Fourteen digits and letters. Spaces and hyphens do not matter."),
        max_length=60,
        widget=forms.TextInput(attrs={"autocomplete": "off", "spellcheck": "false"}),
        error_messages={"required": _("Type the code.")},
    )

    def clean_code(self) -> str:
        code = codes.read(self.cleaned_data["code"])
        if not codes.is_code(code):
            raise forms.ValidationError(_("This is no such code. Compare it sign by sign."))
        return code


class ContactForm(forms.Form):
    """Where to send the results."""

    email = forms.EmailField(label=_("E-mail address"), max_length=254)


class NamesForm(forms.Form):
    """A consent of its own: what is named becomes public."""

    public = forms.BooleanField(
        label=_("What I name may be shown to everybody. It names no person."),
        error_messages={"required": _("Nothing is entered without this tick.")},
    )


class TieForm(forms.Form):
    """One institution; or two, and what the first does for the second."""

    subject_name = forms.CharField(label=_("Name"), max_length=200, required=False)
    subject_kind = forms.ChoiceField(label=_("What it is"), required=False)
    subject_place = forms.CharField(label=_("Town, if you know it"), max_length=120, required=False)
    predicate = forms.ChoiceField(label=_("It does this for the second one"), required=False)
    object_name = forms.CharField(label=_("Name of the second one"), max_length=200, required=False)
    object_kind = forms.ChoiceField(label=_("What the second one is"), required=False)
    object_place = forms.CharField(
        label=_("Its town, if you know it"), max_length=120, required=False
    )

    def __init__(
        self,
        kinds: Sequence[tuple[str, Sequence[Kind]]],
        data: Mapping[str, Any] | None,
        *,
        prefix: str,
        is_first: bool,
    ) -> None:
        super().__init__(data, prefix=prefix)
        self.is_first = is_first
        self.kinds = {kind.slug: kind for _group, some in kinds for kind in some}
        grouped = [(group, [(kind.slug, str(kind)) for kind in some]) for group, some in kinds]
        self.fields["subject_kind"].choices = [("", "–"), *grouped]  # type: ignore[attr-defined]
        self.fields["object_kind"].choices = [("", "–"), *grouped]  # type: ignore[attr-defined]
        self.fields["predicate"].choices = [("", "–"), *Predicate.choices]  # type: ignore[attr-defined]

    def is_filled(self) -> bool:
        return bool(self.cleaned_data["subject_name"])

    def clean(self) -> dict[str, Any]:
        said = {name: self.cleaned_data.get(name, "") for name in self.fields}
        first, second = said["subject_name"], said["object_name"]
        if not first:
            if self.is_first or any(said.values()):
                self.add_error("subject_name", _("Write its name."))
        elif not said["subject_kind"]:
            self.add_error("subject_kind", _("Choose what it is."))
        if second:
            if not said["predicate"]:
                self.add_error("predicate", _("Choose what the first does for the second."))
            if not said["object_kind"]:
                self.add_error("object_kind", _("Choose what it is."))
        elif said["predicate"] or said["object_kind"] or said["object_place"]:
            self.add_error(
                "object_name", _("Write its name, or leave all of the second one empty.")
            )
        return said

    def named(self) -> NamedTie:
        said = self.cleaned_data
        both = {name: said[name] for name in self.fields if not name.endswith("_kind")}
        return NamedTie(
            subject_kind=self.kinds[said["subject_kind"]],
            object_kind=self.kinds.get(said["object_kind"]),
            **both,
        )
