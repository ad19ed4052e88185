"""Hours: what is there by period, a list looked over and entered, one line corrected."""

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.core.paginator import Paginator
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from interlock.web.coops import reading
from interlock.web.coops.actions import hours as actions
from interlock.web.coops.forms.years import LineForm, ListForm
from interlock.web.coops.models import Hours
from interlock.web.coops.queries import hours as queries
from interlock.web.coops.rules.access import today
from interlock.web.coops.views.inside import entered, keeping_money
from interlock.web.coops.views.tables import table
from interlock.web.people.access import person_of

A_PAGE = 50


@login_required
@require_http_methods(["GET", "HEAD", "POST"])
def hours(request: HttpRequest, slug: str) -> HttpResponse:
    """The periods, and one's own lines. Whoever keeps the money looks a list over here."""
    if request.method == "POST":
        return _look_over(request, slug)
    who = entered(request, slug)
    page = Paginator(queries.periods(who.coop), A_PAGE).get_page(request.GET.get("page"))
    if not who.keeps_money:
        page.object_list = [queries.without_single(one) for one in page]
    context = {
        "who": who,
        "coop": who.coop,
        "page": page,
        "own": who.member.hours.order_by("-begins_on", "-pk")[:A_PAGE] if who.member else [],
        "form": ListForm() if who.keeps_money else None,
    }
    return render(request, "coops/hours.html", context)


def _look_over(request: HttpRequest, slug: str) -> HttpResponse:
    who = keeping_money(request, slug)
    form, looked = ListForm(request.POST, request.FILES), None
    if form.is_valid():
        data, name = form.cleaned_data["data"], form.cleaned_data["name"]
        try:
            looked = queries.look_over(who.coop, data)
        except reading.Unreadable as error:
            form.add_error(None, str(error))
        else:
            if "enter" in request.POST:
                return _enter(request, slug, data, request.POST.get("name") or name)
            text = data.decode("utf-8-sig")
            context = {"who": who, "coop": who.coop, "looked": looked, "text": text, "name": name}
            return render(request, "coops/hours_look.html", context)
    page = Paginator(queries.periods(who.coop), A_PAGE).get_page(1)
    context = {"who": who, "coop": who.coop, "page": page, "own": [], "form": form}
    return render(request, "coops/hours.html", context, status=422)


def _enter(request: HttpRequest, slug: str, data: bytes, name: str) -> HttpResponse:
    who = keeping_money(request, slug)
    _looked, made = actions.enter_hours(
        coop=who.coop, data=data, name=name, by=person_of(request), at=timezone.now()
    )
    if made is None:
        messages.success(request, _("Nothing was entered: all of it is there already, or wrong."))
    else:
        told = ngettext("%(number)s line is entered.", "%(number)s lines are entered.", made.lines)
        messages.success(request, told % {"number": made.lines})
    return redirect("coops:hours", slug=slug)


@login_required
@require_safe
def template(request: HttpRequest, slug: str) -> HttpResponse:
    """A list to fill in: everybody who works here, the last whole month."""
    who = keeping_money(request, slug)
    day = today(who.coop, timezone.now())
    month = f"{day.year - (day.month == 1)}-{(day.month - 2) % 12 + 1:02}"
    working = who.coop.members.filter(standings__until=None).exclude(standings__status="former")
    rows = [(one.number, month, month, "", "") for one in working.distinct().order_by("number")]
    return table(f"{slug}-hours.csv", list(queries.COLUMNS), rows)


@login_required
@require_safe
def of_days(request: HttpRequest, slug: str, begins: str, ends: str) -> HttpResponse:
    """Everybody's lines of one period, for whoever keeps the money."""
    who = keeping_money(request, slug)
    try:
        days = reading.day(begins), reading.day(ends)
    except reading.Unreadable:
        raise Http404 from None
    found = queries.of_days(who.coop, *days)
    if not found:
        raise Http404
    page = Paginator(found, 100).get_page(request.GET.get("page"))
    context = {"who": who, "coop": who.coop, "days": days, "page": page}
    return render(request, "coops/hours_days.html", context)


@login_required
@require_http_methods(["GET", "HEAD", "POST"])
def line(request: HttpRequest, slug: str, pk: int) -> HttpResponse:
    """One line, corrected."""
    who = keeping_money(request, slug)
    found = get_object_or_404(
        Hours.objects.select_related("member__coop"), pk=pk, member__coop=who.coop
    )
    initial = {"hours": f"{found.hours:f}", "wages": found.wages}
    form = LineForm(request.POST or None, initial=initial, currency=who.coop.currency)
    if form.is_valid():
        actions.correct_hours(
            hours=found,
            worked=form.cleaned_data["hours"],
            wages=form.cleaned_data["wages"],
            by=person_of(request),
            at=timezone.now(),
        )
        messages.success(request, _("The line is corrected."))
        return _to_days(found, slug)
    context = {"who": who, "coop": who.coop, "line": found, "form": form}
    return render(request, "coops/hours_line.html", context, status=422 if form.errors else 200)


@login_required
@require_POST
def take_out(request: HttpRequest, slug: str, pk: int) -> HttpResponse:
    who = keeping_money(request, slug)
    found = get_object_or_404(Hours, pk=pk, member__coop=who.coop)
    actions.take_out(hours=found, by=person_of(request), at=timezone.now())
    messages.success(request, _("The line is taken out."))
    return redirect("coops:hours", slug=slug)


def _to_days(line: Hours, slug: str) -> HttpResponse:
    return redirect(
        "coops:hours_of_days",
        slug=slug,
        begins=line.begins_on.isoformat(),
        ends=line.ends_on.isoformat(),
    )
