"""What officers and those who deliver type to tell a story."""

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from interlock.web.delivery.models import Delivery
from interlock.web.files.forms import PictureField
from interlock.web.institutions.models import Institution
from interlock.web.look.forms import DayField, MoneyField, line, text


class PlanForm(forms.Form):
    plan = text(
        _("Plan"), _("What will be done, in which steps, and whom residents can ask. Markdown.")
    )
    due_on = DayField(
        label=_("To be done by"),
        required=False,
        help_text=_("A later day can only be said as a delay, with its reason."),
    )

    def __init__(self, *args: Any, delivery: Delivery, **options: Any) -> None:
        options["initial"] = {"plan": delivery.plan, "due_on": delivery.due_on}
        super().__init__(*args, **options)


class DelayForm(forms.Form):
    due_on = DayField(label=_("To be done by"))
    reason = text(_("Reason"), _("Residents read it, beside the day before and the day after."))


class NewsForm(forms.Form):
    text = text(_("What happened"))
    file = PictureField(label=_("A picture"), required=False)
    picture_alt = line(
        _("What the picture shows, in words"),
        _("For those who cannot see it: “Six people before a bakery, laughing.”"),
        required=False,
    )

    def __init__(self, *args: Any, sides: list[Institution], **options: Any) -> None:
        super().__init__(*args, **options)
        if len(sides) > 1:
            self.fields["acting"] = forms.ModelChoiceField(
                Institution.objects.filter(pk__in=[one.pk for one in sides]),
                label=_("Who tells it"),
                initial=sides[0],
            )
        self.sides = sides

    @property
    def acting(self) -> Institution:
        found: Institution = self.cleaned_data.get("acting") or self.sides[0]
        return found


class ReasonForm(forms.Form):
    reason = text(_("Reason"))


class WordsForm(forms.Form):
    text = text(_("What to tell"), required=False)


class AmountForm(forms.Form):
    def __init__(self, *args: Any, currency: str, most: int, **options: Any) -> None:
        super().__init__(*args, **options)
        self.fields["amount"] = MoneyField(
            currency=currency, least=1, label=_("Amount"), initial=most
        )
