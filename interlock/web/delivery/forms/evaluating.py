"""What a panelist says."""

from collections.abc import Sequence
from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from interlock.web.delivery.models import MOST_POINTS, Criterion, Score
from interlock.web.institutions.models import Institution


class DeclareForm(forms.Form):
    """A line for each bidder; empty where there is no conflict."""

    def __init__(self, bidders: Sequence[Institution], *args: Any, **more: Any):
        super().__init__(*args, **more)
        self.bidders = list(bidders)
        for one in self.bidders:
            self.fields[f"with_{one.pk}"] = forms.CharField(
                label=_("A conflict with %(name)s") % {"name": one},
                required=False,
                max_length=500,
                help_text=_("Leave it empty if there is none. The public reads it."),
            )
        self.fields["sure"] = forms.BooleanField(
            label=_("I have no other conflict of interest with any of them"),
            error_messages={"required": _("Say so, or name the conflict above.")},
        )

    def conflicts(self) -> dict[Institution, str]:
        return {
            one: self.cleaned_data[f"with_{one.pk}"]
            for one in self.bidders
            if self.cleaned_data[f"with_{one.pk}"].strip()
        }


class ScoreForm(forms.Form):
    """Points and a sentence for each criterion but the price."""

    def __init__(
        self,
        criteria: Sequence[Criterion],
        given: Sequence[Score],
        *args: Any,
        **more: Any,
    ):
        super().__init__(*args, **more)
        self.criteria = list(criteria)
        before = {one.criterion_id: one for one in given}
        for criterion in self.criteria:
            score = before.get(criterion.pk)
            self.fields[f"points_{criterion.pk}"] = forms.IntegerField(
                label=_("%(criterion)s: points from 0 to %(most)s")
                % {"criterion": criterion, "most": MOST_POINTS},
                help_text=str(criterion.text),
                min_value=0,
                max_value=MOST_POINTS,
                initial=score.points if score else None,
            )
            self.fields[f"sentence_{criterion.pk}"] = forms.CharField(
                label=_("Why, in a sentence"),
                max_length=500,
                widget=forms.Textarea(attrs={"rows": 2, "lang": ""}),
                initial=score.sentence if score else "",
            )

    def given(self) -> dict[Criterion, tuple[int, str]]:
        said = self.cleaned_data
        return {
            one: (said[f"points_{one.pk}"], said[f"sentence_{one.pk}"]) for one in self.criteria
        }
