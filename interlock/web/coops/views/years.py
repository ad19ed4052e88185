"""Years: the way to the first one, a draft that everybody recomputes, and what it means for each."""

import json
from datetime import datetime

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.core.paginator import Paginator
from django.db.models import Sum
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from interlock.methods.formats.amounts import decimal_text
from interlock.methods.surplus import SurplusError
from interlock.web.coops.actions import years as actions
from interlock.web.coops.forms.years import WhyForm, YearForm, called
from interlock.web.coops.models import AccountKind, Year
from interlock.web.coops.queries import years as queries
from interlock.web.coops.queries.accounts import called as account_called
from interlock.web.coops.queries.accounts import slips, still_to_pay
from interlock.web.coops.rules import years as rules
from interlock.web.coops.rules.access import Inside, today
from interlock.web.coops.telling import chapters, told, told_fault
from interlock.web.coops.views.home import PARTS
from interlock.web.coops.views.inside import entered, keeping_money
from interlock.web.coops.views.policies import words_of
from interlock.web.coops.views.tables import saved, table
from interlock.web.look.amounts import precision
from interlock.web.look.refusals import Refused, Step
from interlock.web.people.access import person_of

A_PAGE = 30


def tell(who: Inside, at: datetime) -> dict[str, object]:
    """What the first page says of years and accounts."""
    own, left, instalments = 0, 0, []
    if who.member:
        sums = who.member.accounts.order_by("kind").values_list("kind").annotate(Sum("balance"))
        mine = dict(sums)
        own = sum(mine.values())
        paid_in = mine.get(AccountKind.CONTRIBUTION, 0)
        left = max(0, who.member.buy_in - paid_in)
        instalments = still_to_pay(who.member, paid_in) if left else []
    year = queries.years(who.coop).first()
    return {"year": year, "own": own, "left": left, "instalments": instalments}


PARTS.append(("coops/home_years.html", tell))


@login_required
@require_safe
def years(request: HttpRequest, slug: str) -> HttpResponse:
    """The years, and the steps that are still to be done for the next one."""
    who = entered(request, slug)
    page = Paginator(queries.years(who.coop), A_PAGE).get_page(request.GET.get("page"))
    now = today(who.coop, timezone.now())
    first = next(iter(page), None)
    latest = first.number if first else 0
    due = latest + 1 if rules.begins_on(who.coop, latest + 1) <= now else None
    steps = queries.steps(who.coop, first)
    context = {
        "who": who,
        "coop": who.coop,
        "page": page,
        "due": due and (due, rules.begins_on(who.coop, due), rules.ends_on(who.coop, due)),
        "steps": steps,
        "next": next((step for step in steps if not step.is_done), None),
    }
    return render(request, "coops/years.html", context)


@login_required
@require_POST
def begin(request: HttpRequest, slug: str, number: int) -> HttpResponse:
    who = keeping_money(request, slug)
    made = actions.begin_year(
        coop=who.coop, number=number, by=person_of(request), at=timezone.now()
    )
    return redirect("coops:year_edit", slug=slug, number=made.number)


def found_year(who: Inside, request: HttpRequest, number: int) -> Year:
    """A year of the co-op: its present version, or the one asked for."""
    years = who.coop.years.select_related("policy", "decision", "coop__institution")
    version = request.GET.get("version", "")
    if version.isdecimal() and len(version) < 5:
        return get_object_or_404(years, number=number, version=version)
    return get_object_or_404(years, number=number, reversed_at=None)


@login_required
@require_safe
def year(request: HttpRequest, slug: str, number: int) -> HttpResponse:
    who = entered(request, slug)
    found = found_year(who, request, number)
    closed, wrong = None, ""
    if found.policy and found.net is not None:
        try:
            closed = queries.tell(found, who.member, is_whole=who.keeps_money)
        except SurplusError as error:
            wrong = told_fault(error.faults[0])
    cited = list(queries.cited(found))
    context = {
        "who": who,
        "coop": who.coop,
        "year": found,
        "told": closed,
        "wrong": wrong,
        "math": chapters(closed.closed, who.coop.currency) if closed else [],
        "carried": -closed.closed.carried if closed else 0,
        "bearing": _(closed.closed.year.policy.bearing) if closed else "",
        "words": words_of(found.policy, who.coop) if found.policy else [],
        "cited": [called(one) for one in cited],
        "cited_sum": sum(one.amount for one in cited),
        "versions": queries.versions(found),
        "why_not_put": rules.why_not_put(found),
        "why_not_post": rules.why_not_post(
            found, queries.members_on(who.coop, today(who.coop, timezone.now()))
        ),
        "why_not_take_back": rules.why_not_take_back(found),
        "why_form": WhyForm(),
    }
    return render(request, "coops/year.html", context)


@login_required
@require_safe
def mine(request: HttpRequest, slug: str, number: int) -> HttpResponse:
    """One's own share, step by step."""
    who = entered(request, slug)
    found, closed = _closed(who, request, number)
    own = closed.own
    if own is None or who.member is None:
        raise Refused(
            _("You have no share in this year."),
            _("Shares are of those who worked in it as members."),
            status=404,
            steps=[Step.to(found)],
        )
    currency = who.coop.currency
    context = {
        "who": who,
        "coop": who.coop,
        "year": found,
        "own": own,
        "regime": closed.closed.year.policy.regime,
        "shared": chapters(closed.closed, currency),
        "steps": [told(step, currency) for step in own.steps],
        "hours": who.member.hours.filter(
            begins_on__gte=found.begins_on, ends_on__lte=found.ends_on
        ),
    }
    return render(request, "coops/year_mine.html", context)


def _closed(who: Inside, request: HttpRequest, number: int) -> tuple[Year, queries.Told]:
    found = found_year(who, request, number)
    if found.policy is None or found.net is None:
        raise Refused(
            _("The year has no numbers yet."),
            _("The treasurer enters the net income and the policy first."),
            status=404,
            steps=[Step.to(found)],
        )
    try:
        return found, queries.tell(found, who.member, is_whole=who.keeps_money)
    except SurplusError as error:
        raise Refused(told_fault(error.faults[0]), status=422, steps=[Step.to(found)]) from None


@login_required
@require_http_methods(["GET", "HEAD", "POST"])
def edit(request: HttpRequest, slug: str, number: int) -> HttpResponse:
    who = keeping_money(request, slug)
    found = found_year(who, request, number)
    if reason := rules.why_not_change(found):
        raise Refused(reason, steps=[Step.to(found)])
    if not who.coop.policies.exists():
        messages.info(request, _("First choose how a year is divided."))
        return redirect("coops:policies", slug=slug)
    form = YearForm(request.POST or None, year=found)
    if form.is_valid():
        said = form.cleaned_data
        actions.work_on_year(
            year=found,
            by=person_of(request),
            at=timezone.now(),
            net=said["net"],
            nonpatronage=said["nonpatronage"],
            nonmember_hours=said["nonmember_hours"],
            policy=said["policy"],
            discretionary_for=said["discretionary_for"],
            receipts=said.get("receipts", ()),
        )
        messages.success(request, _("The draft is recomputed."))
        return redirect("coops:year", slug=slug, number=number)
    context = {"who": who, "coop": who.coop, "year": found, "form": form}
    return render(request, "coops/year_form.html", context, status=422 if form.errors else 200)


@login_required
@require_POST
def put(request: HttpRequest, slug: str, number: int) -> HttpResponse:
    who = keeping_money(request, slug)
    actions.put_to_members(
        year=found_year(who, request, number), by=person_of(request), at=timezone.now()
    )
    messages.success(request, _("The decision is drafted. Announce it, and the members decide."))
    return redirect("coops:year", slug=slug, number=number)


@login_required
@require_POST
def take_back(request: HttpRequest, slug: str, number: int) -> HttpResponse:
    who = keeping_money(request, slug)
    actions.take_back(
        year=found_year(who, request, number), by=person_of(request), at=timezone.now()
    )
    messages.success(request, _("The year is a draft again."))
    return redirect("coops:year", slug=slug, number=number)


@login_required
@require_POST
def post(request: HttpRequest, slug: str, number: int) -> HttpResponse:
    who = keeping_money(request, slug)
    actions.post_year(
        year=found_year(who, request, number), by=person_of(request), at=timezone.now()
    )
    messages.success(request, _("The year is posted: every share is in the accounts."))
    return redirect("coops:year", slug=slug, number=number)


@login_required
@require_POST
def reverse(request: HttpRequest, slug: str, number: int) -> HttpResponse:
    who = keeping_money(request, slug)
    actions.reverse_year(
        year=found_year(who, request, number),
        why=request.POST.get("why", ""),
        by=person_of(request),
        at=timezone.now(),
    )
    messages.success(request, _("The year is reversed, and a draft again."))
    return redirect("coops:year", slug=slug, number=number)


@login_required
@require_safe
def year_json(request: HttpRequest, slug: str, number: int) -> HttpResponse:
    """The year as `interlock surplus` reads it: whole for who keeps the money, else without names."""
    who = entered(request, slug)
    found, _told = _closed(who, request, number)
    given = queries.as_it_is(found)
    if not who.keeps_money:
        given = queries.without_names(given, who.member.number if who.member else "")
    data = json.dumps(given, indent=1, ensure_ascii=False).encode()
    return saved(data, f"{slug}-{found.ends_on.year}.json", "application/json")


@login_required
@require_safe
def journal_csv(request: HttpRequest, slug: str, number: int) -> HttpResponse:
    """Every entry of the year, for the accountant."""
    who = keeping_money(request, slug)
    found = found_year(who, request, number)
    entries = found.transfers.select_related("debit__member", "credit__member").order_by("pk")
    rows = [
        (
            entry.on.isoformat(),
            entry.get_kind_display(),
            account_called(entry.debit),
            account_called(entry.credit),
            decimal_text(entry.amount, unit=10 ** precision(who.coop.currency)),
            who.coop.currency,
            entry.why,
        )
        for entry in entries
    ]
    headings = ("date", "kind", "debit", "credit", "amount", "currency", "why")
    return table(f"{slug}-{found.ends_on.year}-journal.csv", headings, rows)


@login_required
@require_safe
def patr_csv(request: HttpRequest, slug: str, number: int) -> HttpResponse:
    """What Form 1099-PATR needs of the year, without any tax number."""
    who = keeping_money(request, slug)
    found, closed = _closed(who, request, number)
    names = dict(who.coop.members.values_list("number", "name"))
    unit = 10 ** precision(who.coop.currency)
    rows = [
        (
            slip.member,
            names[slip.member],
            decimal_text(slip.dividends, unit=unit),
            decimal_text(slip.redeemed, unit=unit),
            who.coop.currency,
        )
        for slip in slips(found, closed.closed)
    ]
    headings = ("number", "name", "box_1_dividends", "box_5_redeemed", "currency")
    return table(f"{slug}-{found.ends_on.year}-1099-patr.csv", headings, rows)
