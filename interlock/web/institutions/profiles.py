"""The pages of profiles that are followed on other sites."""

from collections.abc import Mapping
from typing import Any

from django import forms
from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.core.paginator import Paginator
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import path
from django.utils import timezone
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _
from django.views.decorators.http import require_POST

from interlock.web.institutions import following, records, whereabouts
from interlock.web.institutions.models import Followed, Institution, Kind
from interlock.web.institutions.queries import countries
from interlock.web.look.refusals import Refused
from interlock.web.people.access import person_of

A_PAGE = 30


class AddressForm(forms.Form):
    url = forms.CharField(
        label=_("Address of the profile"),
        help_text=_("It begins with https:// and leads to JSON, not to a page."),
        max_length=1000,
        widget=forms.URLInput,
    )


class EnterForm(forms.Form):
    """Which one it is, where it may be one that is here; of what kind, where it is new."""

    about = forms.ChoiceField(label=_("Which one is it?"), widget=forms.RadioSelect)
    kind = forms.ModelChoiceField(
        Kind.objects.all(),
        label=_("Its kind, if it is new here"),
        initial=following.USUAL_KIND,
        help_text=_("A profile does not say."),
    )

    def __init__(self, planned: following.Plan, data: Mapping[str, Any] | None = None) -> None:
        super().__init__(data)
        field = self.fields["about"]
        assert isinstance(field, forms.ChoiceField)
        known = [
            (str(one.pk), f"{one}, {one.place}" if one.place else str(one))
            for one in planned.candidates
        ]
        field.choices = [*known, (following.NEW, gettext("Another one, which is not here yet"))]
        if planned.institution or not planned.candidates:
            del self.fields["about"]
        if planned.institution:
            del self.fields["kind"]


@login_required
def follow(request: HttpRequest) -> HttpResponse:
    """Give an address; see those one gave."""
    person, at = person_of(request), timezone.now()
    form = AddressForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        try:
            return redirect(following.follow(url=form.cleaned_data["url"], by=person, at=at))
        except Refused as refusal:
            if refusal.status == 403:
                raise
            form.add_error("url", f"{refusal.reason} {refusal.remedy}".strip())
    page = Paginator(following.followed_by(person), A_PAGE).get_page(request.GET.get("page"))
    context = {
        "form": form,
        "page": page,
        "rows": [(one, following.reason_of(one)) for one in page],
        "why_not": following.why_not_follow(person),
    }
    return render(request, "institutions/follow.html", context, status=422 if form.errors else 200)


@login_required
def followed(request: HttpRequest, number: int) -> HttpResponse:
    """What was read at an address, and what it would change."""
    held = _find(request, number)
    planned = following.plan(held) if held.contents and not held.entered_at else None
    return _page(request, held, planned)


def _page(
    request: HttpRequest,
    held: Followed,
    planned: following.Plan | None,
    form: EnterForm | None = None,
) -> HttpResponse:
    context = {
        "followed": held,
        "reason": following.reason_of(held),
        "planned": planned,
        "rows": _rows(planned) if planned else [],
        "kept": [_label(name) for name in planned.kept] if planned else [],
        "form": form or (EnterForm(planned) if planned else None),
        "waits": not held.entered_at and held.next_at is not None and not held.stopped_at,
    }
    status = 422 if form else 200
    return render(request, "institutions/followed.html", context, status=status)


@require_POST
@login_required
def enter(request: HttpRequest, number: int) -> HttpResponse:
    held = _find(request, number)
    if not held.contents:
        return redirect(held)
    planned = following.plan(held)
    form = EnterForm(planned, request.POST)
    if not form.is_valid():
        return _page(request, held, planned, form)
    said = form.cleaned_data
    chosen = {"kind": said["kind"].pk} if "kind" in said else {}
    institution = following.enter(
        followed=held,
        by=person_of(request),
        at=timezone.now(),
        about=said.get("about", ""),
        **chosen,
    )
    messages.success(request, gettext("Done. It is read again every day."))
    return redirect(institution)


@require_POST
@login_required
def again(request: HttpRequest, number: int) -> HttpResponse:
    held = following.look_again(
        followed=_find(request, number), by=person_of(request), at=timezone.now()
    )
    return redirect(held)


@require_POST
@login_required
def stop(request: HttpRequest, number: int) -> HttpResponse:
    following.stop(followed=_find(request, number), by=person_of(request), at=timezone.now())
    messages.success(request, gettext("It is read no more. What it entered stays."))
    return redirect("institutions:follow")


def _find(request: HttpRequest, number: int) -> Followed:
    """One that the person may see and stop."""
    held = get_object_or_404(Followed.objects.select_related("institution", "by"), pk=number)
    if reason := following.why_not_handle(held, request.user):
        raise Refused(reason, status=403)
    return held


def _rows(planned: following.Plan) -> list[tuple[str, object, object]]:
    """What changes: what the field is called, what stands there, what would stand there."""
    one = planned.institution or Institution()
    shown = [name for name in planned.changed if name not in ("placed_by", "county_year")]
    return [
        (_label(name), _told(name, getattr(one, name)), _told(name, planned.changed[name]))
        for name in shown
    ]


def _label(name: str) -> str:
    field = Institution._meta.get_field(name.removesuffix("_id"))
    return str(field.verbose_name)  # type: ignore[union-attr]


def _told(name: str, value: object) -> object:
    """A list of things in one line, a code by its name; nothing is nothing."""
    plain = records.plain(value)
    if name == "county":
        return whereabouts.county_in_state(str(plain))
    if name == "country":
        return countries().get(str(plain), plain)
    if name in ("status", "scope"):
        return dict(Institution._meta.get_field(name).flatchoices).get(plain, plain)  # type: ignore[union-attr]
    if isinstance(plain, dict):
        return records.one_language(value)
    return ", ".join(plain) if isinstance(plain, list) else "" if plain is None else plain


#: Before a page's own address: "follow" is none.
addresses = [
    path("follow/", follow, name="follow"),
    path("follow/<int:number>/", followed, name="followed"),
    path("follow/<int:number>/enter/", enter, name="enter_followed"),
    path("follow/<int:number>/again/", again, name="look_again"),
    path("follow/<int:number>/stop/", stop, name="stop_following"),
]
