"""What is typed of a call."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from zoneinfo import ZoneInfo

from django import forms
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _
from i18nfield.forms import I18nForm, I18nFormField

from interlock.methods.matching.activities import SAME
from interlock.web.budgets.forms import zones
from interlock.web.delivery.actions.calls import CriterionSaid, LotSaid
from interlock.web.delivery.models import Call, Delivery, Lot, Offer, Preference
from interlock.web.delivery.queries.calls import undecided_lots
from interlock.web.delivery.rules.calls import asks_custodians
from interlock.web.institutions.models import Institution
from interlock.web.institutions.vocabulary import different_activities
from interlock.web.look.amounts import CURRENCIES
from interlock.web.look.forms import MomentField, MoneyField, line, text

LOTS, CRITERIA = 4, 5


def _kind_of_work() -> forms.ChoiceField:
    return forms.ChoiceField(
        label=_("Kind of work"),
        choices=lambda: [("", "–"), *different_activities()],
        required=False,
        help_text=_("Co-ops whose offers fit get a mail; a kind of work finds more of them."),
    )


def _reason(label: str | Promise) -> I18nFormField:
    return text(label, _("Everybody reads it."))


@dataclass(frozen=True)
class Rows:
    """Rows of a form that are alike, numbered from 1: those with something in them, and the rest."""

    used: list[tuple[int, list[forms.BoundField]]]
    empty: list[tuple[int, list[forms.BoundField]]]


class CallForm(I18nForm):  # type: ignore[misc]
    """A call as a draft: its terms, some lots, some criteria. Rows left empty are left out."""

    title = line(_("Title"), _("What has to be done, in a few words."))
    scope = text(
        _("What has to be done"),
        _("Where, how much, what is there already, what has to be there at the end."),
    )
    activity = _kind_of_work()
    closes_at = MomentField(label=_("Bids until"))
    questions_until = MomentField(label=_("Questions until"), required=False)
    preference = forms.ChoiceField(
        label=_("Preference for worker co-ops"),
        choices=Preference.choices,
        help_text=_("For the comparing only: what is paid is the price bid."),
    )
    preference_size = forms.DecimalField(
        label=_("How much: per cent, or points"), required=False, max_digits=5, decimal_places=2
    )
    legal_basis = text(
        _("Legal basis, word for word"),
        _("The law or rule that allows the preference. It is shown beside it."),
        required=False,
    )
    standstill_days = forms.IntegerField(
        label=_("Days for complaints after an award"), min_value=1, max_value=60, initial=10
    )
    has_custodians = forms.BooleanField(
        label=_("Two custodians hold the key"),
        required=False,
        help_text=_("Bids are opened with the codes of both. A code that is lost opens nothing."),
    )

    def __init__(
        self,
        *args: Any,
        delivery: Delivery,
        zone: str,
        currency: str,
        call: Call | None = None,
        **more: Any,
    ):
        self.zone, self.call = zone, call
        super().__init__(*args, initial=self._initial(call), **more)
        if asks_custodians(delivery):
            self.initial["has_custodians"] = True
            self.fields["has_custodians"].disabled = True
            self.fields["has_custodians"].help_text = _(
                "The rulebook of this vote asks for it. Bids are opened with the codes of both."
            )
        for name in ("closes_at", "questions_until"):
            clock = _("On the clock of %(zone)s.") % {"zone": zone.replace("_", " ")}
            self.fields[name].help_text = clock
        lots = list(call.lots.all()) if call else []
        self.lots = max(LOTS, len(lots) + 1)
        for place in range(self.lots):
            lot = lots[place] if place < len(lots) else None
            self.fields[f"lot_{place}_title"] = line(
                _("Which part"),
                required=False,
                initial=lot.title if lot else None,
            )
            self.fields[f"lot_{place}_budget"] = MoneyField(
                currency=currency,
                required=False,
                initial=lot.budget if lot else None,
                label=_("At most, in %(currency)s") % {"currency": currency},
            )
        criteria = list(call.criteria.all()) if call else []
        self.criteria = max(CRITERIA, len(criteria) + 1)
        for place in range(self.criteria):
            one = criteria[place] if place < len(criteria) else None
            is_price = place == 0
            self.fields[f"criterion_{place}_name"] = line(
                _("The price: what it is called") if is_price else _("What is compared"),
                required=False,
                initial=one.name if one else None,
                max_length=120,
            )
            self.fields[f"criterion_{place}_weight"] = forms.IntegerField(
                label=_("Weight, in per cent"),
                required=False,
                min_value=1,
                max_value=100,
                initial=one.weight if one else None,
            )
            if not is_price:
                self.fields[f"criterion_{place}_text"] = text(
                    _("What earns points"), required=False, initial=one.text if one else None
                )

    def _initial(self, call: Call | None) -> dict[str, Any]:
        if call is None:
            return {}
        names = ("title", "scope", "activity", "preference", "legal_basis", "standstill_days")
        told: dict[str, Any] = {name: getattr(call, name) for name in names}
        told["activity"] = SAME.get(call.activity, call.activity)
        told["has_custodians"] = call.has_custodians
        for name in ("closes_at", "questions_until"):
            at = getattr(call, name)
            told[name] = at.astimezone(ZoneInfo(self.zone)).replace(tzinfo=None) if at else None
        if call.preference == Preference.DISCOUNT:
            told["preference_size"] = f"{call.preference_size / 100:g}"
        elif call.preference == Preference.POINTS:
            told["preference_size"] = call.preference_size
        return told

    @property
    def parts(self) -> list[tuple[str | Promise, list[forms.BoundField]]]:
        """The terms, in parts that belong together."""
        return [
            (_("The work"), [self[name] for name in ("title", "scope", "activity")]),
            (
                _("Until when"),
                [self[name] for name in ("closes_at", "questions_until", "standstill_days")],
            ),
            (
                _("Preference"),
                [self[name] for name in ("preference", "preference_size", "legal_basis")],
            ),
            (_("How bids are sealed"), [self["has_custodians"]]),
        ]

    @property
    def lot_rows(self) -> Rows:
        return self._rows("lot", ("title", "budget"), self.lots, least=1)

    @property
    def criterion_rows(self) -> Rows:
        return self._rows("criterion", ("name", "weight", "text"), self.criteria, least=2)

    def _rows(self, what: str, names: Sequence[str], number: int, least: int) -> Rows:
        found = Rows([], [])
        for place in range(number):
            fields = [f"{what}_{place}_{name}" for name in names]
            row = [self[name] for name in fields if name in self.fields]
            is_used = place < least or any(_is_said(one.value()) for one in row)
            (found.used if is_used else found.empty).append((place + 1, row))
        return found

    @property
    def faults(self) -> list[tuple[forms.BoundField, str]]:
        """All that is wrong, with the field it is about."""
        return [(field, error) for field in self for error in field.errors]

    def clean(self) -> dict[str, Any]:
        """Times were typed on the clock of the process; a preference has a size and a basis."""
        cleaned = dict(super().clean())
        for name in ("closes_at", "questions_until"):
            if isinstance(cleaned.get(name), datetime):
                cleaned[name] = cleaned[name].replace(tzinfo=ZoneInfo(self.zone))
        size = cleaned.get("preference_size") or 0
        kind = cleaned.get("preference")
        if kind == Preference.NONE:
            cleaned["preference_size"] = 0
        else:
            if size <= 0 and "preference_size" not in self.errors:
                self.add_error("preference_size", _("A preference has a size."))
            if not str(cleaned.get("legal_basis") or "").strip():
                why = _("A preference needs the text of the law or rule that allows it.")
                self.add_error("legal_basis", why)
            cleaned["preference_size"] = round(size * 100 if kind == Preference.DISCOUNT else size)
        for place in range(self.lots):
            title, budget = f"lot_{place}_title", f"lot_{place}_budget"
            self._needs_both(cleaned, title, budget, _("Say what it may cost at most."))
        for place in range(self.criteria):
            name, weight = f"criterion_{place}_name", f"criterion_{place}_weight"
            self._needs_both(cleaned, name, weight, _("Say how much it weighs."))
        return cleaned

    def _needs_both(
        self, cleaned: dict[str, Any], name: str, number: str, why: str | Promise
    ) -> None:
        """Of a row that is half filled nothing is left out in silence."""
        is_named = bool(str(cleaned.get(name) or "").strip())
        if is_named and not cleaned.get(number) and number not in self.errors:
            self.add_error(number, why)
        if cleaned.get(number) and not is_named and name not in self.errors:
            self.add_error(name, _("Say what it is called."))

    def said(self) -> dict[str, Any]:
        """For `draft_call` and `change_call`."""
        told = self.cleaned_data
        terms = {name: told[name] for name in self.base_fields}
        lots = [
            LotSaid(told[f"lot_{place}_title"], told[f"lot_{place}_budget"])
            for place in range(self.lots)
            if str(told[f"lot_{place}_title"] or "").strip() and told[f"lot_{place}_budget"]
        ]
        criteria = [
            CriterionSaid(
                told[f"criterion_{place}_name"],
                told[f"criterion_{place}_weight"],
                place == 0,
                told.get(f"criterion_{place}_text") or "",
            )
            for place in range(self.criteria)
            if str(told[f"criterion_{place}_name"] or "").strip()
            and told[f"criterion_{place}_weight"]
        ]
        return {**terms, "lots": lots, "criteria": criteria}


def _is_said(value: object) -> bool:
    """Whether something is in a field, in whichever language."""
    return any(value) if isinstance(value, list) else bool(str(value or "").strip())


class ElsewhereForm(I18nForm):  # type: ignore[misc]
    """A call that is held elsewhere."""

    issuer = forms.CharField(
        label=_("Who calls"),
        help_text=_("The end of the address of its page in the register: city-of-riverbend."),
    )
    url = forms.URLField(label=_("Address of the call"), max_length=500, assume_scheme="https")
    title = line(_("Title"))
    scope = text(_("What has to be done"))
    activity = _kind_of_work()
    zone = forms.ChoiceField(label=_("Time zone"), choices=zones, initial="America/Chicago")
    closes_at = MomentField(label=_("Bids until"))
    currency = forms.ChoiceField(
        label=_("Currency"), choices=[(code, code) for code in CURRENCIES], initial="USD"
    )

    def __init__(self, own: Sequence[Institution], *args: Any, **more: Any):
        super().__init__(*args, **more)
        self.fields["acting"] = forms.ChoiceField(
            label=_("You act for"), choices=[(one.slug, str(one)) for one in own]
        )
        if len(own) == 1:
            self.fields["acting"].initial = self.fields["issuer"].initial = own[0].slug
        self.own = {one.slug: one for one in own}
        self.order_fields(["acting"])

    def clean_issuer(self) -> Institution:
        slug = self.cleaned_data["issuer"].strip().strip("/").split("/")[-1]
        found = Institution.objects.filter(slug=slug, left_at=None).first()
        if found is None:
            raise forms.ValidationError(_("There is no such institution in the register."))
        return found

    def clean(self) -> dict[str, Any]:
        cleaned = dict(super().clean())
        if isinstance(cleaned.get("closes_at"), datetime) and cleaned.get("zone"):
            cleaned["closes_at"] = cleaned["closes_at"].replace(tzinfo=ZoneInfo(cleaned["zone"]))
        return cleaned

    def said(self) -> dict[str, Any]:
        told = dict(self.cleaned_data)
        return {**told, "acting": self.own[told["acting"]]}


class QuestionForm(forms.Form):
    text = forms.CharField(
        label=_("Your question"),
        max_length=2_000,
        widget=forms.Textarea(attrs={"rows": 3}),
        help_text=_("Question and answer are public. Who asked is shown to nobody."),
    )


class NothingForm(forms.Form):
    """A button."""


class PersonForm(forms.Form):
    """Somebody who is named: by an address, which gets a mail, and by a name."""

    email = forms.EmailField(
        label=_("E-mail address"), help_text=_("It gets a mail, and is shown to nobody.")
    )
    name = forms.CharField(label=_("Name"), max_length=120, help_text=_("The public reads it."))


class AnswerForm(I18nForm):  # type: ignore[misc]
    number = forms.IntegerField(widget=forms.HiddenInput)
    answer = text(_("Answer"))


class ExtendForm(I18nForm):  # type: ignore[misc]
    closes_at = MomentField(label=_("New deadline"))
    reason = _reason(_("Reason"))

    def __init__(self, *args: Any, call: Call, **more: Any):
        super().__init__(*args, **more)
        self.zone = ZoneInfo(call.zone)

    def clean_closes_at(self) -> datetime:
        typed: datetime = self.cleaned_data["closes_at"]
        return typed.replace(tzinfo=self.zone)


class CancelForm(I18nForm):  # type: ignore[misc]
    reason = _reason(_("Why it is cancelled"))


class NumberForm(forms.Form):
    """One of several: a custodian, a panelist."""

    number = forms.IntegerField(widget=forms.HiddenInput)


class OpenForm(forms.Form):
    """With custodians, the codes of both."""

    def __init__(self, *args: Any, call: Call, **more: Any):
        super().__init__(*args, **more)
        for place, seat in enumerate(call.custodians.all() if call.has_custodians else ()):
            self.fields[f"code_{place}"] = forms.CharField(
                label=_("Code of %(name)s") % {"name": seat.name},
                max_length=120,
                widget=forms.TextInput(attrs={"autocomplete": "off", "spellcheck": "false"}),
            )

    def codes(self) -> list[str]:
        return [str(code) for code in self.cleaned_data.values()]


class ExcludeForm(forms.Form):
    offer = forms.ModelChoiceField(Offer.objects.none(), label=_("Offer"))
    reason = forms.CharField(
        label=_("Why it is excluded"), max_length=500, help_text=_("Everybody reads it.")
    )

    def __init__(self, *args: Any, call: Call, **more: Any):
        super().__init__(*args, **more)
        offers = Offer.objects.filter(lot__call=call, excluded_at=None)
        field = self.fields["offer"]
        assert isinstance(field, forms.ModelChoiceField)
        field.queryset = offers.select_related("lot", "bid__lead").defer("bid__sealed")
        field.label_from_instance = lambda obj: f"{obj.bid.lead} – {obj.lot}"  # type: ignore[method-assign]


class NoAwardForm(I18nForm):  # type: ignore[misc]
    lot = forms.ModelChoiceField(Lot.objects.none(), label=_("Lot"))
    reason = _reason(_("Why nobody gets it"))

    def __init__(self, *args: Any, call: Call, **more: Any):
        super().__init__(*args, **more)
        lots = undecided_lots(call)
        self.fields["lot"].queryset = lots
        self.lots = len(lots)
        self.fields["lot"].choices = [
            *([("", "---------")] if self.lots > 1 else []),
            *((lot.pk, str(lot)) for lot in lots),
        ]
