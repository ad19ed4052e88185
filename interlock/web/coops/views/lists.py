"""Lists of members in and out."""

from base64 import b64decode, b64encode
from collections import Counter

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from interlock.web.coops import importing
from interlock.web.coops.forms.lists import HeldForm, ListForm
from interlock.web.coops.rules.access import today
from interlock.web.coops.views.inside import keeping_register
from interlock.web.look.refusals import Refused, Step

#: So many lines are shown; those that are left out come first.
MOST_SHOWN = 500


@login_required
def look(request: HttpRequest, slug: str) -> HttpResponse:
    """Take a list and show what would become of each line; nothing is entered."""
    who = keeping_register(request, slug)
    form = ListForm(request.POST or None, request.FILES or None)
    context: dict[str, object] = {"who": who, "coop": who.coop, "form": form}
    if request.method == "POST" and form.is_valid():
        file = form.cleaned_data["file"]
        data = file.read(importing.LARGEST + 1)
        try:
            lines = importing.look(who.coop, data, timezone.now())
        except Refused as refusal:
            form.add_error("file", f"{refusal.reason} {refusal.remedy}".strip())
        else:
            counts = Counter(one.verdict for one in lines)
            first = sorted(lines, key=lambda one: one.verdict != importing.Verdict.REFUSED)
            context |= {
                "lines": first[:MOST_SHOWN],
                "more": max(0, len(lines) - MOST_SHOWN),
                "counts": {one.value: counts[one] for one in importing.Verdict},
                "enters": counts[importing.Verdict.NEW] + counts[importing.Verdict.CHANGED],
                "held": HeldForm(
                    initial={"text": b64encode(data).decode(), "name": file.name[:200]}
                ),
            }
    return render(request, "coops/list.html", context, status=422 if form.errors else 200)


@login_required
@require_POST
def enter(request: HttpRequest, slug: str) -> HttpResponse:
    """Enter what was looked at; each line is judged again, as the register is now."""
    who = keeping_register(request, slug)
    form = HeldForm(request.POST)
    try:
        if not form.is_valid():
            raise ValueError
        data = b64decode(form.cleaned_data["text"], validate=True)
    except ValueError:
        raise Refused(
            _("The list did not come through whole."),
            _("Look at it once more."),
            status=422,
            steps=[Step(_("Enter a list"), "../")],
        ) from None
    entered = importing.enter(
        coop=who.coop, data=data, name=form.cleaned_data["name"], by=who.person, at=timezone.now()
    )
    told = _("The list is entered.") if entered else _("There was nothing new in the list.")
    messages.success(request, told)
    return redirect("coops:register", slug)


@login_required
def template(request: HttpRequest, slug: str) -> HttpResponse:
    keeping_register(request, slug)
    return _file(importing.template(), "members-template.csv")


@login_required
def members_csv(request: HttpRequest, slug: str) -> HttpResponse:
    who = keeping_register(request, slug)
    day = today(who.coop, timezone.now())
    return _file(importing.members_csv(who.coop, day), f"{slug}-members.csv")


def _file(text: str, name: str) -> HttpResponse:
    """With the mark by which spreadsheets know that it is UTF-8."""
    response = HttpResponse("\ufeff" + text, content_type="text/csv; charset=utf-8")
    response["Content-Disposition"] = f'attachment; filename="{name}"'
    return response
