"""What people say of a need or an offer, and to each other."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta
from typing import Any

from django import forms
from django.forms.boundfield import BoundField
from django.utils.functional import Promise
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from i18nfield.forms import I18nFormField, I18nModelForm, I18nTextarea, I18nTextInput

from interlock.methods.matching.ranking import REACH_KM
from interlock.web.institutions.models import Institution, Scope
from interlock.web.institutions.queries import countries
from interlock.web.look import amounts
from interlock.web.look.forms import DayField
from interlock.web.needs import rules
from interlock.web.needs.actions import WHERE
from interlock.web.needs.drafts import DRAFTS, Draft, in_all_languages
from interlock.web.needs.models import (
    Closing,
    Contact,
    Exchange,
    Introduction,
    Item,
    Listing,
    Sequel,
    Transaction,
)
from interlock.web.needs.queries import posted_of_process, spot_of
from interlock.web.people.models import Person
from interlock.web.ties.models import Predicate


def _few_lines(label: str | Promise, help_text: str | Promise = "", **options: Any) -> Any:
    return forms.CharField(
        label=label,  # type: ignore[arg-type]
        help_text=help_text,  # type: ignore[arg-type]
        widget=forms.Textarea(attrs={"rows": 3}),
        **{"max_length": 500, **options},
    )


def _reach() -> forms.CharField:
    return forms.CharField(
        label=gettext_lazy("How they reach you"),
        max_length=200,
        help_text=gettext_lazy(
            "An e-mail address or a telephone number. They see it once both have said yes, and "
            "nobody else ever does."
        ),
    )


def _end_of(day: date) -> datetime:
    """The moment at which a day has ended, in UTC."""
    return datetime.combine(day + timedelta(days=1), time(), UTC)


class TagsField(forms.CharField):
    """Tags with commas between."""

    def prepare_value(self, value: Any) -> Any:
        return ", ".join(value) if isinstance(value, list) else value

    def clean(self, value: Any) -> list[str]:
        said = [tag.strip() for tag in str(super().clean(value)).replace("\n", ",").split(",")]
        tags = [tag for tag in said if tag]
        if reason := rules.why_not_tags(tags):
            raise forms.ValidationError(reason)
        return tags


def _tags() -> TagsField:
    return TagsField(
        label=gettext_lazy("Tags"),
        required=False,
        max_length=800,
        help_text=gettext_lazy(
            "A few words with commas between: printing, ballots. They find you."
        ),
    )


class ForOne:
    """The choice of the institution one acts for, for who speaks for several."""

    own: Mapping[str, Institution]

    def choose_from(self, form: forms.BaseForm, own: Sequence[Institution]) -> None:
        self.own = {one.slug: one for one in own}
        if len(own) > 1:
            form.fields["acting"] = forms.ChoiceField(
                label=_("You act for"), choices=[(one.slug, str(one)) for one in own]
            )
            form.order_fields(["acting"])

    def chosen(self, said: Mapping[str, Any]) -> Institution:
        return self.own[said.get("acting") or next(iter(self.own))]


@dataclass(frozen=True)
class Part:
    """Fields that are folded away until somebody has something to say there."""

    title: str | Promise
    fields: list[BoundField]
    open: bool


class ListingForm(I18nModelForm, ForOne):  # type: ignore[misc]
    transaction_types = forms.MultipleChoiceField(
        label=gettext_lazy("How it changes hands"),
        choices=Transaction.choices,
        widget=forms.CheckboxSelectMultiple,
        initial=[Transaction.BUY_SELL],
    )
    tags = _tags()
    country = forms.ChoiceField(
        label=gettext_lazy("Country"),
        choices=lambda: [("", "—"), *countries().items()],
        required=False,
    )
    last_day = DayField(
        label=gettext_lazy("Until when it holds"),
        help_text=gettext_lazy("A year at most. A week before, a mail asks whether it still does."),
    )

    FIRST = ("acting", "exchange_type", "title", "text", "item_type", "transaction_types", "tags")
    FOLDED = (
        (gettext_lazy("Where, and how far"), ("geographic_scope", "place", "region", "country")),
        (gettext_lazy("Until when, and how to reach you"), ("last_day", "contact")),
        (gettext_lazy("What it is for"), ("activity", "of_process")),
    )

    class Meta:
        model = Listing
        fields = [
            "exchange_type", "title", "text", "item_type", "transaction_types", "tags",
            "geographic_scope", "place", "region", "country", "contact", "activity", "of_process",
        ]  # fmt: skip
        help_texts = {
            "title": gettext_lazy("What it is, in a few words. A second language can stay empty."),
            "text": gettext_lazy("How much, when, on what terms. Markdown works."),
            "of_process": gettext_lazy("Then it is listed among the needs of the process."),
        }

    def __init__(
        self,
        own: Sequence[Institution],
        data: Any = None,
        *,
        at: datetime,
        instance: Listing | None = None,
        exchange: str = "",
    ) -> None:
        one = own[0]
        last = instance.last_day if instance else (at + rules.USUAL_LIFE).date()
        initial: dict[str, Any] = {"last_day": last}
        if instance is None:
            initial |= {
                "exchange_type": exchange or Exchange.WANT,
                "item_type": Item.SERVICE,
                "geographic_scope": one.scope or Scope.LOCAL,
                "contact": Contact.PUBLISHED if one.email else Contact.SITE,
            }
            if len(own) == 1:
                initial |= {name: getattr(one, name) for name in ("place", "region", "country")}
        super().__init__(data, instance=instance, initial=initial)
        self.at = at
        for language in self.fields["text"].widget.widgets:
            language.attrs["rows"] = 4
        for name in ("exchange_type", "item_type", "geographic_scope", "contact"):
            # The model has no default that could be offered as a choice.
            field = self.fields[name]
            field.choices = [choice for choice in field.choices if choice[0]]
        far = {name: amounts.distance(km) for name, km in REACH_KM.items()}
        self.fields["geographic_scope"].help_text = (
            _("Local is about %(local)s, regional about %(regional)s, national your country.") % far
        )
        if instance is None and len(own) > 1:
            self.fields["place"].help_text = _("Empty: where your institution is.")
        self.choose_from(self, own)

    def first(self) -> list[BoundField]:
        return [self[name] for name in self.FIRST if name in self.fields]

    def folded(self) -> Iterator[Part]:
        """The other parts; open where something is wrong."""
        for title, names in self.FOLDED:
            fields = [self[name] for name in names]
            yield Part(title, fields, any(one.errors for one in fields))

    def clean_text(self) -> Any:
        text = self.cleaned_data["text"]
        if len(str(text)) > rules.LONGEST_TEXT:
            raise forms.ValidationError(
                _("At most %(most)s characters.") % {"most": rules.LONGEST_TEXT}
            )
        return text

    def clean_last_day(self) -> date:
        day: date = self.cleaned_data["last_day"]
        if reason := rules.why_not_until(_end_of(day), self.at):
            raise forms.ValidationError(reason)
        return day

    @property
    def acting(self) -> Institution:
        return self.chosen(self.cleaned_data)

    def said(self) -> dict[str, Any]:
        """What the verbs take."""
        told = {
            name: value
            for name, value in self.cleaned_data.items()
            if name not in ("acting", "last_day")
        }
        told["of_process"] = told["of_process"] and told["exchange_type"] == Exchange.WANT
        told["expires_at"] = self._until()
        return {**told, **self._where(told)}

    def _until(self) -> datetime:
        """To the second what it was, where the day stays."""
        day = self.cleaned_data["last_day"]
        stored = self.instance
        return stored.expires_at if stored.pk and stored.last_day == day else _end_of(day)

    def _where(self, told: dict[str, Any]) -> dict[str, Any]:
        """The place with its coordinates: the institution's own, or what its name means."""
        place = {name: told[name] for name in ("place", "region", "country")}
        one = self.acting
        own = {name: getattr(one, name) for name in place}
        if place == own or not any(place.values()):
            return {name: getattr(one, name) for name in WHERE}
        spot = None
        if place["place"] and place["country"] in ("US", ""):
            spot = spot_of(", ".join(filter(None, (place["place"], place["region"]))))
        latitude, longitude = (spot.latitude, spot.longitude) if spot else (None, None)
        return {**place, "latitude": latitude, "longitude": longitude}


class CloseForm(forms.Form):
    closing = forms.ChoiceField(
        label=gettext_lazy("Why it is closed"),
        choices=[one for one in Closing.choices if one[0] != Closing.LEFT],
    )


class DraftForm(forms.Form):
    """One need of the process, ready to be posted."""

    post = forms.BooleanField(label=gettext_lazy("Post this"), required=False)
    title = I18nFormField(
        label=gettext_lazy("Title"), required=False, widget=I18nTextInput, max_length=120
    )
    text = I18nFormField(
        label=gettext_lazy("More about it"),
        required=False,
        widget=I18nTextarea,
        widget_kwargs={"attrs": {"rows": 4}},
        max_length=rules.LONGEST_TEXT,
    )
    tags = _tags()

    def __init__(
        self, draft: Draft, data: Any = None, *, posted: Mapping[str, Listing], ticked: bool
    ) -> None:
        initial = {
            "post": ticked,
            "title": in_all_languages(draft.title),
            "text": in_all_languages(draft.text),
            "tags": draft.tags(),
        }
        super().__init__(data, prefix=draft.key, initial=initial)
        self.heading = draft.heading
        #: What is open of it already, by the institution's slug.
        self.posted = posted

    def clean(self) -> dict[str, Any]:
        said = self.cleaned_data
        if said.get("post") and not str(said.get("title", "")).strip():
            self.add_error("title", _("It needs a title."))
        return said


class ProcessForm(forms.Form, ForOne):
    """All needs of a process at once: those that are ticked are posted."""

    last_day = DayField(
        label=gettext_lazy("Until when you need them"), help_text=gettext_lazy("A year at most.")
    )

    def __init__(self, own: Sequence[Institution], data: Any = None, *, at: datetime) -> None:
        initial = {"last_day": (at + rules.USUAL_LIFE).date()}
        super().__init__(data, initial=initial)
        self.at = at
        self.choose_from(self, own)
        posted = posted_of_process(own, at)
        first = own[0].slug
        self.drafts = [
            DraftForm(draft, data, posted=posted[draft.key], ticked=first not in posted[draft.key])
            for draft in DRAFTS
        ]

    def clean_last_day(self) -> date:
        day: date = self.cleaned_data["last_day"]
        if reason := rules.why_not_until(_end_of(day), self.at):
            raise forms.ValidationError(reason)
        return day

    def clean(self) -> dict[str, Any]:
        acting = self.acting.slug
        for one in self.drafts:
            if one.is_valid() and one.cleaned_data["post"] and acting in one.posted:
                one.add_error(
                    "post", _("This is open already. Untick it, or close that one first.")
                )
        if not any(one.is_valid() and one.cleaned_data["post"] for one in self.drafts) and not any(
            one.errors for one in self.drafts
        ):
            self.add_error(None, _("Tick at least one of them."))
        return self.cleaned_data

    def is_valid(self) -> bool:
        return all([super().is_valid(), *(one.is_valid() for one in self.drafts)])

    @property
    def has_room(self) -> bool:
        """Whether there is any that somebody could still post."""
        return len(self.own) > 1 or any(not one.posted for one in self.drafts)

    def wrong(self) -> bool:
        return bool(self.errors) or any(one.errors for one in self.drafts)

    def said(self) -> Iterator[dict[str, Any]]:
        """What is to be posted, one by one."""
        for draft, form in zip(DRAFTS, self.drafts, strict=True):
            if form.cleaned_data["post"]:
                yield {
                    "exchange_type": Exchange.WANT,
                    "item_type": draft.item,
                    "transaction_types": [Transaction.BUY_SELL],
                    "title": form.cleaned_data["title"],
                    "text": form.cleaned_data["text"],
                    "tags": form.cleaned_data["tags"],
                    "geographic_scope": self.acting.scope or Scope.LOCAL,
                    "of_process": True,
                    "expires_at": _end_of(self.cleaned_data["last_day"]),
                }

    @property
    def acting(self) -> Institution:
        return self.chosen(self.cleaned_data)


class AskForm(forms.Form):
    """A question to be introduced, for an institution or with one of its listings.

    `listings` are what the institutions have to offer in turn, or need, the likeliest first; `chosen`
    is the number of the one to begin with, empty for none.
    """

    ask_for = forms.ChoiceField(label=gettext_lazy("You ask for"))
    sentence = _few_lines(
        gettext_lazy("What you would like to talk about"),
        gettext_lazy("They read it before they answer."),
    )
    reach = _reach()

    def __init__(
        self,
        own: Sequence[Institution],
        listings: Sequence[Listing],
        person: Person,
        data: Mapping[str, Any] | None = None,
        *,
        chosen: str = "",
    ) -> None:
        known = {f"{one.institution.slug}:{one.pk}": one for one in listings}
        first = next((key for key, one in known.items() if str(one.pk) == chosen), own[0].slug)
        super().__init__(data, initial={"reach": person.email, "ask_for": first})
        self.own = {one.slug: one for one in own}
        self.listings = known
        choices = []
        for one in own:
            mine = [(key, f"“{each}”") for key, each in known.items() if each.institution == one]
            plain = (one.slug, _("%(name)s, without naming one of its own") % {"name": one})
            choices.append((str(one), [*mine, plain]) if mine else (one.slug, str(one)))
        field = self.fields["ask_for"]
        assert isinstance(field, forms.ChoiceField)
        field.choices = choices
        if len(own) == 1 and not known:
            del self.fields["ask_for"]

    @property
    def acting(self) -> Institution:
        said = self.cleaned_data.get("ask_for") or next(iter(self.own))
        return self.own[said.partition(":")[0]]

    @property
    def own_listing(self) -> Listing | None:
        return self.listings.get(self.cleaned_data.get("ask_for", ""))


class AnswerForm(forms.Form):
    """A yes or a no; which of its two buttons was pressed says what it is."""

    answer = _few_lines(gettext_lazy("A sentence to them"))
    reach = _reach()

    def __init__(self, person: Person, data: Mapping[str, Any] | None = None) -> None:
        super().__init__(data, initial={"reach": person.email})
        self.declines = data is not None and "decline" in data
        self.fields["reach"].required = not self.declines
        self.fields["reach"].widget.is_required = False


class ConcludeForm(forms.Form):
    """What became of an introduction, said by one side; and the tie that it led to."""

    sequel = forms.ChoiceField(
        label=gettext_lazy("What came of it"), choices=Sequel.choices, widget=forms.RadioSelect
    )
    tie = forms.ChoiceField(
        label=gettext_lazy("If it led somewhere: what is between you now?"),
        required=False,
        help_text=gettext_lazy(
            "It is shown as a tie, and as confirmed once the other side says so too."
        ),
    )
    since = DayField(label=gettext_lazy("Since when"), required=False)
    amount = forms.CharField(
        label=gettext_lazy("For how much money"),
        required=False,
        max_length=30,
        widget=forms.TextInput(attrs={"inputmode": "decimal"}),
        help_text=gettext_lazy("Everybody sees it. Leave it empty if you would rather not say."),
    )
    currency = forms.ChoiceField(
        label=gettext_lazy("Currency"),
        choices=[(code, code) for code in amounts.CURRENCIES],
        required=False,
    )
    note = forms.CharField(
        label=gettext_lazy("In a sentence"), required=False, max_length=300,
        help_text=gettext_lazy("Everybody sees it."),
    )  # fmt: skip

    def __init__(
        self, introduction: Introduction, side: Institution, data: Mapping[str, Any] | None = None
    ) -> None:
        other = introduction.asked if side == introduction.asker else introduction.asker
        usual = "" if introduction.tie_by(side) else self._usual(introduction, side)
        initial = {"sequel": introduction.says(side), "tie": usual}
        super().__init__(data, prefix=side.slug, initial=initial)
        self.side = side
        names = {"side": side, "other": other}
        choices = [("", _("Nothing that I want to say here"))]
        for one in Predicate:
            does = {**names, "does": one.label}
            choices.append((f"{one}:subject", _("%(side)s %(does)s %(other)s") % does))
            if not one.is_mutual:
                does = {**names, "does": one.inverse}
                choices.append((f"{one}:object", _("%(side)s %(does)s %(other)s") % does))
        field = self.fields["tie"]
        assert isinstance(field, forms.ChoiceField)
        field.choices = choices

    @staticmethod
    def _usual(introduction: Introduction, side: Institution) -> str:
        """The tie that the other side says, which this one confirms by saying it too.

        Until then whoever offers supplies whoever needs it.
        """
        for tie in introduction.ties:
            end = (
                "subject"
                if tie.subject_id == side.pk or Predicate(tie.predicate).is_mutual
                else "object"
            )
            return f"{tie.predicate}:{end}"
        needs = introduction.listing.is_need == (side == introduction.asked)
        return f"{Predicate.SUPPLIES}:{'object' if needs else 'subject'}"

    def clean(self) -> dict[str, Any]:
        said = self.cleaned_data
        said["minor"] = None
        if amount := said.get("amount"):
            said["currency"] = said.get("currency") or amounts.CURRENCIES[0]
            try:
                said["minor"] = amounts.minor_units(amount, said["currency"])
            except ValueError:
                self.add_error("amount", _("This is not an amount. Write it like 1,250."))
        return said

    def said(self) -> dict[str, Any]:
        """What the verb takes."""
        told = self.cleaned_data
        predicate, _colon, end = told["tie"].partition(":")
        led = told["sequel"] == Sequel.LED and bool(predicate)
        if not led:
            return {"sequel": told["sequel"]}
        return {
            "sequel": told["sequel"],
            "predicate": predicate,
            "is_subject": end == "subject",
            "since": told["since"],
            "amount": told["minor"],
            "currency": told["currency"] if told["minor"] is not None else "",
            "note": told["note"],
        }
