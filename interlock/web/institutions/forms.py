"""What an institution says of itself."""

from django import forms
from django.utils.translation import gettext_lazy as _
from i18nfield.forms import I18nModelForm

from interlock.web.institutions.models import Institution


class InstitutionForm(I18nModelForm):  # type: ignore[misc]
    class Meta:
        model = Institution
        fields = ["name", "kind", "place", "about"]
        help_texts = {
            "name": _("As people know it. A second language can stay empty."),
            "place": _("Town or region, so that people find it."),
            "about": _("A few sentences. Markdown works: **bold**, lists, links."),
        }
        widgets = {"place": forms.TextInput()}
