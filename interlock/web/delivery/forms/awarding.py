"""What is typed to award, to complain and to answer."""

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from interlock.web.delivery.actions.awarding import STANDSTILL
from interlock.web.delivery.models import AwardKind
from interlock.web.delivery.rules.awarding import MOST_STANDSTILL
from interlock.web.institutions.models import Institution
from interlock.web.look.forms import MoneyField, line, text

HOW = [(kind.value, kind.label) for kind in AwardKind if kind != AwardKind.CALL]


class DirectForm(forms.Form):
    """An award without a call; to whom is chosen from what a search found."""

    kind = forms.ChoiceField(label=_("How is it awarded?"), choices=HOW)
    scope = line(_("What for"), _("If it is only a part of the project."), required=False)
    reasons = text(
        _("Reasons"), _("Why them, and on what basis without a call. Everybody reads it.")
    )
    standstill_days = forms.IntegerField(
        label=_("Days for complaints"),
        min_value=0,
        max_value=MOST_STANDSTILL,
        initial=STANDSTILL,
        help_text=_("No agreement is signed before they are over."),
    )

    def __init__(self, *args: Any, currency: str, most: int, **options: Any) -> None:
        super().__init__(*args, **options)
        self.fields["value"] = MoneyField(
            currency=currency, least=1, label=_("For how much"), initial=most
        )
        self.fields["suppliers"] = forms.ModelMultipleChoiceField(
            Institution.objects.filter(left_at=None), to_field_name="slug", required=False
        )
        self.order_fields(["kind", "value", "scope", "reasons"])

    @property
    def shown(self) -> list[forms.BoundField]:
        """All but the suppliers, which the page shows as cards."""
        return [one for one in self.visible_fields() if one.name != "suppliers"]


class ReasonsForm(forms.Form):
    reasons = text(
        _("Reasons"),
        _("Why this offer. The notice shows them with price, ranking and how to complain."),
    )


class ComplaintForm(forms.Form):
    text = forms.CharField(
        label=_("What do you object to?"),
        widget=forms.Textarea(attrs={"rows": 4}),
        max_length=5_000,
        help_text=_("Everybody reads it, and the answer."),
    )

    def __init__(self, *args: Any, sides: list[Institution], **options: Any) -> None:
        super().__init__(*args, **options)
        self.sides = sides
        if len(sides) > 1:
            self.fields["institution"] = forms.ModelChoiceField(
                Institution.objects.filter(pk__in=[one.pk for one in sides]), label=_("For whom")
            )

    @property
    def institution(self) -> Institution:
        found: Institution = self.cleaned_data.get("institution") or self.sides[0]
        return found


class AnswerForm(forms.Form):
    answer = text(_("Answer"), _("With its reasons. Everybody reads it."))
    is_upheld = forms.TypedChoiceField(
        label=_("Is the complaint right?"),
        choices=[
            ("", _("Choose")),
            ("0", _("No: the award stands")),
            ("1", _("Yes: the award is annulled")),
        ],
        coerce=lambda said: said == "1",
    )
