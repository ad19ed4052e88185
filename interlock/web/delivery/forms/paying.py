"""What is typed to report, to accept and to pay."""

import hashlib
from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from interlock.web.delivery.forms.stories import NewsForm
from interlock.web.delivery.models import Agreement, Milestone, Outcome, PaymentKind
from interlock.web.institutions.models import Institution
from interlock.web.look.forms import DayField, MoneyField, text


class DocumentField(forms.FileField):
    """A document of which only the SHA-256 is kept, in hexadecimal digits."""

    def __init__(self, **options: Any) -> None:
        options.setdefault("required", False)
        options.setdefault(
            "help_text",
            _(
                "The file is not kept, only its fingerprint (SHA-256): whoever has the file can show "
                "later that it is this one."
            ),
        )
        super().__init__(**options)

    def clean(self, data: Any, initial: Any = None) -> str:
        file = super().clean(data, initial)
        return hashlib.file_digest(file, "sha256").hexdigest() if file else ""


class ReportForm(NewsForm):
    text = text(_("What was done"), _("And what is missing, if something is."))


class AcceptForm(forms.Form):
    outcome = forms.ChoiceField(label=_("Is it met?"), choices=Outcome.choices)
    reason = text(
        _("Reason"),
        _("What is missing, and until when. Needed unless all is accepted."),
        required=False,
    )

    def __init__(self, *args: Any, currency: str, **options: Any) -> None:
        super().__init__(*args, **options)
        self.fields["amount"] = MoneyField(
            currency=currency,
            label=_("Amount earned"),
            required=False,
            help_text=_("Only where it is accepted in part."),
        )
        self.order_fields(["outcome", "amount", "reason"])

    def said(self) -> dict[str, Any]:
        """Of what is accepted whole or not at all, the amount follows."""
        told = dict(self.cleaned_data)
        if told["outcome"] != Outcome.PARTIALLY_MET:
            told["amount"] = None
        return told


class PaymentForm(forms.Form):
    """A payment that is to come: what for, how much, to whom."""

    what = forms.ChoiceField(
        label=_("What for"),
        help_text=_(
            "A milestone is approved for payment as far as it is accepted. What is paid before is an "
            "advance."
        ),
    )
    planned_on = DayField(label=_("Planned for"), required=False)

    def __init__(
        self,
        *args: Any,
        agreement: Agreement,
        milestones: list[Milestone],
        payees: list[Institution],
        currency: str,
        **options: Any,
    ) -> None:
        super().__init__(*args, **options)
        choices = [(one.code, f"{one.code} · {one.title}") for one in milestones]
        if agreement.advance:
            choices.insert(0, (PaymentKind.ADVANCE.value, str(PaymentKind.ADVANCE.label)))
        if agreement.retainage:
            choices.append((PaymentKind.RETAINAGE.value, str(PaymentKind.RETAINAGE.label)))
        what = self.fields["what"]
        assert isinstance(what, forms.ChoiceField)
        what.choices = choices
        self.fields["amount"] = MoneyField(
            currency=currency, least=1, label=_("Amount"), initial=max(agreement.payable, 0) or None
        )
        self.payees = payees
        if len(payees) > 1:
            self.fields["payee"] = forms.ModelChoiceField(
                Institution.objects.filter(pk__in=[one.pk for one in payees]),
                label=_("To whom"),
                initial=payees[0],
            )
        self.order_fields(["what", "amount", "payee"])

    def said(self) -> dict[str, Any]:
        what = self.cleaned_data["what"]
        special = what in (PaymentKind.ADVANCE, PaymentKind.RETAINAGE)
        return {
            "kind": what if special else PaymentKind.MILESTONE,
            "code": "" if special else what,
            "amount": self.cleaned_data["amount"],
            "planned_on": self.cleaned_data["planned_on"],
            "payee": self.cleaned_data.get("payee") or self.payees[0],
        }


class InvoiceForm(forms.Form):
    number = forms.CharField(label=_("Number of the invoice"), required=False, max_length=60)
    sha256 = DocumentField(label=_("The invoice"))


class PaidForm(forms.Form):
    paid_on = DayField(label=_("Paid on"))
    proof_sha256 = DocumentField(label=_("The bank's proof"))


class ReceiptForm(forms.Form):
    received_on = DayField(label=_("Received on"))

    def __init__(self, *args: Any, currency: str, paid: int, **options: Any) -> None:
        super().__init__(*args, **options)
        self.fields["amount"] = MoneyField(
            currency=currency, label=_("Amount received"), initial=paid
        )


class ReverseForm(forms.Form):
    reason = forms.CharField(label=_("Why is it taken back?"), max_length=500)
