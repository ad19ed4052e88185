"""What a treasurer says: lists, policies, a year's numbers, and what members pay and are paid."""

from datetime import date
from decimal import Decimal
from fractions import Fraction
from typing import Any

from django import forms
from django.core.files.uploadedfile import UploadedFile
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from interlock.methods.surplus import PRESETS
from interlock.web.coops import reading
from interlock.web.coops.models import Coop, Policy, Year
from interlock.web.coops.queries import years as queries
from interlock.web.coops.rules import policies as rules
from interlock.web.coops.rules.policies import Numbers
from interlock.web.delivery.models import Receipt
from interlock.web.look.amounts import calendar_day, money
from interlock.web.look.forms import DayField, MoneyField

MOST_PARTS = 120
#: The kinds of decision that a policy may rest on.
POLICY_KINDS = ("ordinary", "bylaws", "board")


class ListForm(forms.Form):
    """A CSV file, or its lines pasted from a spreadsheet."""

    file = forms.FileField(
        label=gettext_lazy("CSV file"),
        required=False,
        widget=forms.ClearableFileInput(attrs={"accept": ".csv,text/csv,text/plain"}),
    )
    text = forms.CharField(
        label=gettext_lazy("or paste the lines here"),
        help_text=gettext_lazy("With the line of headings, as they stand in the spreadsheet."),
        required=False,
        widget=forms.Textarea(attrs={"rows": 4}),
    )

    def clean(self) -> dict[str, Any]:
        said = self.cleaned_data
        file = said.get("file")
        if not file and not said.get("text") and not self.errors:
            raise forms.ValidationError(_("Choose a file, or paste its lines."))
        said["name"], said["data"] = _("Pasted lines"), str(said.get("text") or "").encode()
        if isinstance(file, UploadedFile):
            if (file.size or 0) > reading.LARGEST:
                raise forms.ValidationError(_("The file is too large. Split it into parts."))
            said["name"], said["data"] = file.name or "", file.read()
        return said


class LineForm(forms.Form):
    """One line of hours, corrected."""

    hours = forms.CharField(
        label=gettext_lazy("Hours"), widget=forms.TextInput(attrs={"inputmode": "decimal"})
    )

    def __init__(self, *args: Any, currency: str, **options: Any) -> None:
        super().__init__(*args, **options)
        self.fields["wages"] = MoneyField(label=_("Wages"), currency=currency, required=False)

    def clean_hours(self) -> Decimal:
        return _number(self.cleaned_data["hours"])


def _number(text: str) -> Decimal:
    try:
        return reading.number(text)
    except reading.Unreadable as error:
        raise forms.ValidationError(str(error)) from None


class PercentField(forms.DecimalField):
    """A share from 0 to 1, typed as per cent with at most two decimals."""

    def __init__(self, **options: Any) -> None:
        super().__init__(min_value=0, max_value=100, decimal_places=2, max_digits=5, **options)

    def prepare_value(self, value: Any) -> Any:
        return _short(value * 100) if isinstance(value, Fraction) else value


def _short(value: Fraction) -> str:
    return f"{float(value):.2f}".rstrip("0").rstrip(".")


class PolicyForm(forms.Form):
    """The main numbers of a policy, beginning with those of its model."""

    adopted_on = DayField(
        label=gettext_lazy("Adopted on"),
        help_text=gettext_lazy(
            "The day on which the members decided it. For a year that began before this day it is "
            "discretionary."
        ),
    )
    collective = PercentField(
        label=gettext_lazy("Collective account, at least (per cent of the net income)")
    )
    commons = PercentField(
        label=gettext_lazy("Commons pot (per cent)"),
        help_text=gettext_lazy(
            "What the members give out together in a round of their own. 0: none."
        ),
    )
    commons_of = forms.ChoiceField(
        label=gettext_lazy("Commons pot: per cent of what"), choices=list(rules.FROM.items())
    )
    by = forms.ChoiceField(label=gettext_lazy("Members share"), choices=list(rules.BASES.items()))
    least_hours = forms.IntegerField(
        label=gettext_lazy("Hours in a year that a share needs"), min_value=0, max_value=9_999
    )
    cash_rate = PercentField(label=gettext_lazy("Paid in cash (per cent of each share)"))
    regime = forms.ChoiceField(
        label=gettext_lazy("How the co-op is taxed"), choices=list(rules.REGIMES.items())
    )
    is_qualified = forms.BooleanField(
        label=gettext_lazy("Written notices are qualified"),
        help_text=gettext_lazy(
            "US, Subchapter T: the co-op deducts them now, and members are taxed on them now."
        ),
        required=False,
    )
    collective_years = forms.IntegerField(
        label=gettext_lazy("First years in which the co-op bears all losses"),
        min_value=0,
        max_value=99,
    )
    loss_share = PercentField(
        label=gettext_lazy("Later losses that the co-op bears (per cent)"),
    )
    reason = forms.CharField(
        label=gettext_lazy("What changed, and why"), max_length=500, required=False
    )

    def __init__(self, *args: Any, preset: str, coop: Coop, **options: Any) -> None:
        told = rules.numbers_of(PRESETS[preset])
        initial = {name: getattr(told, name) for name in Numbers.__dataclass_fields__}
        initial["least_hours"] = int(told.least_hours)
        super().__init__(*args, **{**options, "initial": initial})
        self.preset, self.coop = preset, coop
        carried = coop.decisions.filter(is_carried=True, kind__in=POLICY_KINDS)
        if carried.exists():
            self.fields["decision"] = forms.ModelChoiceField(
                label=_("The decision it rests on"),
                queryset=carried.order_by("-decided_at"),
                required=False,
                widget=forms.Select(attrs={"lang": ""}),  # titles, as members wrote them
            )

    def clean(self) -> dict[str, Any]:
        said = self.cleaned_data
        decision, day = said.get("decision"), said.get("adopted_on")
        if decision and day and (why := rules.why_not_rest_on(decision, self.coop, day)):
            self.add_error("adopted_on", why)
        return said

    def policy(self) -> dict[str, Any]:
        said = self.cleaned_data
        told = Numbers(
            collective=_share(said["collective"]),
            commons=_share(said["commons"]),
            commons_of=said["commons_of"],
            cash_rate=_share(said["cash_rate"]),
            by=said["by"],
            least_hours=Fraction(said["least_hours"]),
            regime=said["regime"],
            is_qualified=said["is_qualified"],
            collective_years=said["collective_years"],
            loss_share=_share(said["loss_share"]),
        )
        return rules.as_data(rules.built(self.preset, told))


def _share(percent: Decimal) -> Fraction:
    return Fraction(percent) / 100


class SignedMoneyField(MoneyField):
    """An amount that may be below 0: a loss."""

    def clean(self, value: object) -> int:
        text = str(value or "").strip()
        is_below = text[:1] in ("-", "−", "(")
        amount = super().clean(text.strip("-−()") if is_below else value)
        return -amount if is_below else amount

    def prepare_value(self, value: object) -> object:
        shown = super().prepare_value(abs(value) if isinstance(value, int) else value)
        return f"-{shown}" if isinstance(value, int) and value < 0 else shown


class YearForm(forms.Form):
    """What a year earned, and how it is divided."""

    def __init__(self, *args: Any, year: Year, **options: Any) -> None:
        super().__init__(*args, **options)
        currency = year.coop.currency
        self.fields["net"] = SignedMoneyField(
            label=_("Net income of the year, before dividends"),
            help_text=_(
                "From the accountant’s books, on the tax basis. Write a loss with a minus."
            ),
            currency=currency,
            initial=year.net,
        )
        self.fields["nonpatronage"] = SignedMoneyField(
            label=_("Of it not from work"),
            help_text=_("Interest, rent, grants: what no hours earned."),
            currency=currency,
            required=False,
            initial=year.nonpatronage,
        )
        self.fields["nonmember_hours"] = forms.CharField(
            label=_("Hours of others who are not on the list"),
            help_text=_("Temporary workers, say. Those on the list are counted already."),
            required=False,
            initial=f"{year.nonmember_hours.normalize():f}",
            widget=forms.TextInput(attrs={"inputmode": "decimal"}),
        )
        self.fields["policy"] = forms.ModelChoiceField(
            label=_("Policy"),
            queryset=year.coop.policies.order_by("-number"),
            initial=year.policy_id,
            empty_label=None,
        )
        choice = self.fields["policy"]
        choice.label_from_instance = _called  # type: ignore[attr-defined]
        self.fields["discretionary_for"] = forms.CharField(
            label=_("If the policy was adopted after the year began: why it is used all the same"),
            help_text=_(
                "Such a dividend is discretionary and may not count as patronage: ask an accountant."
            ),
            max_length=500,
            required=False,
            initial=year.discretionary_for,
        )
        offered = queries.to_cite(year)
        if offered:
            self.fields["receipts"] = _Receipts(
                label=_("Payments of this year that the co-op confirmed here"),
                help_text=_("Those ticked are cited as revenue of the year."),
                queryset=offered,
                required=False,
                initial=[one.receipt_id for one in year.revenue.all()],
                widget=forms.CheckboxSelectMultiple,
            )

    def clean_nonmember_hours(self) -> Decimal:
        return _number(self.cleaned_data["nonmember_hours"] or "0")


class _Receipts(forms.ModelMultipleChoiceField):  # type: ignore[type-arg]
    def label_from_instance(self, obj: Any) -> str:
        return called(obj)


def called(receipt: Receipt) -> str:
    """A confirmed payment as a line: the project, the amount, the day."""
    project = receipt.payment.agreement.award.delivery.project
    return _("%(project)s: %(amount)s on %(day)s") % {
        "project": project.title,
        "amount": money(receipt.amount, project.process.currency),
        "day": calendar_day(receipt.received_on),
    }


def _called(policy: Policy) -> str:
    return _("Policy %(number)s, adopted on %(day)s") % {
        "number": policy.number,
        "day": calendar_day(policy.adopted_on),
    }


class WhyForm(forms.Form):
    """The reason of a reversal."""

    why = forms.CharField(label=gettext_lazy("What was wrong, and who found it"), max_length=500)


class AmountForm(forms.Form):
    """An amount on a day."""

    def __init__(
        self, *args: Any, coop: Coop, today: date, label: str = "", **options: Any
    ) -> None:
        super().__init__(*args, **options)
        self.fields["amount"] = MoneyField(
            label=label or _("Amount"), currency=coop.currency, least=1
        )
        self.fields["on"] = DayField(label=_("On"), initial=today)


class PlanForm(forms.Form):
    """A buy-in in monthly instalments."""

    def __init__(
        self, *args: Any, coop: Coop, today: date, buy_in: int = 0, **options: Any
    ) -> None:
        super().__init__(*args, **options)
        self.fields["amount"] = MoneyField(
            label=_("Buy-in"), currency=coop.currency, least=1, initial=buy_in or None
        )
        self.fields["parts"] = forms.IntegerField(
            label=_("Instalments"), min_value=1, max_value=MOST_PARTS, initial=12
        )
        self.fields["first_on"] = DayField(label=_("First one due on"), initial=today)


class LeaveForm(forms.Form):
    """By when the account of somebody who left is repaid."""

    due_on = DayField(
        label=gettext_lazy("To be repaid by"),
        help_text=gettext_lazy("Bylaws often say within five years."),
    )


class InterestForm(forms.Form):
    percent = forms.DecimalField(
        label=gettext_lazy("Interest for a year (per cent)"),
        help_text=gettext_lazy("At most 15: California’s limit for worker co-ops."),
        min_value=Decimal("0.01"),
        max_value=15,
        decimal_places=2,
        max_digits=4,
    )
    on = DayField(label=gettext_lazy("On"))


class OpeningForm(ListForm):
    """Opening balances, with the accountant's sum of them."""

    def __init__(self, *args: Any, coop: Coop, today: date, **options: Any) -> None:
        super().__init__(*args, **options)
        self.fields["total"] = MoneyField(
            label=_("The accountant’s total"),
            help_text=_("The list is entered only if it adds up to this."),
            currency=coop.currency,
        )
        self.fields["on"] = DayField(label=_("As of"), initial=today)
