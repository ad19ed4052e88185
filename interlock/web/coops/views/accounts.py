"""Accounts: all of them for whoever keeps the money, one's own for everybody, who left too."""

from fractions import Fraction

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.core.paginator import Paginator
from django.db.models import Sum
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from interlock.web.coops import reading
from interlock.web.coops.actions import owing as actions
from interlock.web.coops.actions.accounts import reverse as reverse_transfer
from interlock.web.coops.forms.years import (
    AmountForm,
    InterestForm,
    LeaveForm,
    OpeningForm,
    PlanForm,
    WhyForm,
)
from interlock.web.coops.models import Account, AccountKind, Member, Transfer
from interlock.web.coops.queries import accounts as queries
from interlock.web.coops.rules.access import Inside, today, why_not_keep_money
from interlock.web.coops.rules.accounts import why_not_reverse, why_not_settle
from interlock.web.coops.views.inside import entered, keeping_money, key_of, own
from interlock.web.coops.views.tables import table
from interlock.web.look.printing import pdf_answer
from interlock.web.look.refusals import Refused
from interlock.web.people.access import person_of

A_PAGE = 100
HISTORY = 50


@login_required
@require_safe
def accounts(request: HttpRequest, slug: str) -> HttpResponse:
    """What is held in common for all; a line a member for whoever keeps the money."""
    who = entered(request, slug)
    page = None
    if who.keeps_money:
        page = Paginator(queries.of_members(who.coop), A_PAGE).get_page(request.GET.get("page"))
    context = {
        "who": who,
        "coop": who.coop,
        "page": page,
        "totals": queries.totals(who.coop)
        if who.keeps_money
        else queries.totals_told(who.coop, who.member),
        "common": queries.common(who.coop),
    }
    return render(request, "coops/accounts.html", context)


def found_member(request: HttpRequest, slug: str, pk: int) -> tuple[Inside, Member]:
    """A member whose account one may see: one's own, or as whoever keeps the money."""
    who = own(request, slug)
    found = get_object_or_404(Member.objects.select_related("coop"), pk=pk, coop=who.coop)
    if found != who.member and not (who.belongs and who.keeps_money):
        raise Http404
    return who, found


@login_required
@require_safe
def account(request: HttpRequest, slug: str, pk: int) -> HttpResponse:
    return _shown(request, slug, pk)


def _shown(
    request: HttpRequest, slug: str, pk: int, status: int = 200, **forms: object
) -> HttpResponse:
    who, found = found_member(request, slug, pk)
    page = Paginator(queries.history(found), HISTORY).get_page(request.GET.get("page"))
    day = today(who.coop, timezone.now())
    context: dict[str, object] = _told(who, found) | {"page": page}
    if who.keeps_money:
        standing = found.standings.filter(until__isnull=True).first()
        context["can_leave"] = context["can_leave"] and why_not_settle(standing) is None
        context |= {
            "pay_in": AmountForm(coop=who.coop, today=day, prefix="in"),
            "plan": PlanForm(coop=who.coop, today=day, prefix="plan", buy_in=found.buy_in),
            "leave": LeaveForm(
                initial={"due_on": day.replace(year=day.year + 5, day=min(day.day, 28))}
            ),
            "pay_out": AmountForm(coop=who.coop, today=day, prefix="out"),
        }
    return render(request, "coops/account.html", context | forms, status=status)


def _told(who: Inside, member: Member) -> dict[str, object]:
    """A member's accounts, as the page and the statement show them."""
    mine = list(queries.of_member(member))
    paid_in = sum(one.balance for one in mine if one.kind == AccountKind.CONTRIBUTION)
    return {
        "who": who,
        "coop": who.coop,
        "member": member,
        "accounts": [one for one in mine if one.balance],
        "whole": sum(one.balance for one in mine),
        "has_notices": any(one.kind == AccountKind.NOTICE and one.balance for one in mine),
        "paid_in": paid_in,
        "left_to_pay": max(0, member.buy_in - paid_in),
        "instalments": queries.still_to_pay(member, paid_in),
        "to_pay_out": [
            one
            for one in mine
            if one.kind in (AccountKind.PAYABLE, AccountKind.DEBT) and one.balance > 0
        ],
        "can_leave": any(
            one.balance > 0
            for one in mine
            if one.kind in (AccountKind.CONTRIBUTION, AccountKind.NOTICE)
        ),
    }


@login_required
@require_safe
def statement(request: HttpRequest, slug: str, pk: int) -> HttpResponse:
    """A member's statement as a PDF."""
    who, found = found_member(request, slug, pk)
    context = _told(who, found) | {
        "history": queries.history(found)[:200],
        "shares": found.shares.filter(year__reversed_at=None).select_related("year"),
        "today": today(who.coop, timezone.now()),
    }
    filename = f"{slug}-{found.number}.pdf"
    return pdf_answer(request, "coops/statement.html", context, filename)


@login_required
@require_POST
def act(request: HttpRequest, slug: str, pk: int, what: str) -> HttpResponse:
    """What whoever keeps the money records in a member's account."""
    who, found = found_member(request, slug, pk)
    if reason := why_not_keep_money(who):
        raise Refused(reason, status=403)
    coop, day, by, now = (
        who.coop,
        today(who.coop, timezone.now()),
        person_of(request),
        timezone.now(),
    )
    if what == "pay-in":
        form = AmountForm(request.POST, coop=coop, today=day, prefix="in")
        if not form.is_valid():
            return _shown(request, slug, pk, 422, pay_in=form)
        actions.pay_in(member=found, **form.cleaned_data, by=by, at=now)
    elif what == "plan":
        plan = PlanForm(request.POST, coop=coop, today=day, prefix="plan")
        if not plan.is_valid():
            return _shown(request, slug, pk, 422, plan=plan)
        actions.plan_buy_in(member=found, **plan.cleaned_data, by=by, at=now)
    elif what == "pay-out":
        form = AmountForm(request.POST, coop=coop, today=day, prefix="out")
        if not form.is_valid():
            return _shown(request, slug, pk, 422, pay_out=form)
        owed = get_object_or_404(Account, member=found, pk=key_of(request.POST.get("account")))
        actions.pay_out(owed=owed, **form.cleaned_data, by=by, at=now)
    else:
        leaving = LeaveForm(request.POST)
        if not leaving.is_valid():
            return _shown(request, slug, pk, 422, leave=leaving)
        actions.leave(member=found, due_on=leaving.cleaned_data["due_on"], on=day, by=by, at=now)
    messages.success(request, _("It is in the accounts."))
    return redirect("coops:account", slug=slug, pk=pk)


@login_required
@require_http_methods(["GET", "HEAD", "POST"])
def reverse(request: HttpRequest, slug: str, pk: int) -> HttpResponse:
    """Undo an entry that was a mistake; those of a year go with the year."""
    who = keeping_money(request, slug)
    found = get_object_or_404(
        Transfer.objects.select_related("debit__member", "credit__member", "coop"),
        pk=pk,
        coop=who.coop,
    )
    if refusal := why_not_reverse(found):
        raise Refused(*refusal)
    form = WhyForm(request.POST or None)
    if form.is_valid():
        reverse_transfer(
            transfer=found,
            on=today(who.coop, timezone.now()),
            why=form.cleaned_data["why"][:300],
            by=person_of(request),
            at=timezone.now(),
        )
        messages.success(request, _("The entry is reversed; both stay to be seen."))
        member = found.credit.member or found.debit.member
        if member:
            return redirect("coops:account", slug=slug, pk=member.pk)
        return redirect("coops:accounts", slug=slug)
    context = {"who": who, "coop": who.coop, "entry": found, "form": form}
    return render(request, "coops/reverse.html", context, status=422 if form.errors else 200)


@login_required
@require_http_methods(["GET", "HEAD", "POST"])
def redeem(request: HttpRequest, slug: str) -> HttpResponse:
    """The queue of notices, what so much cash would repay, and repaying it."""
    who = keeping_money(request, slug)
    day = today(who.coop, timezone.now())
    label = _("Cash for notices")
    form = AmountForm(request.POST or None, coop=who.coop, today=day, label=label)
    preview = None
    if form.is_valid():
        if "redeem" in request.POST:
            actions.redeem(
                coop=who.coop,
                cash=form.cleaned_data["amount"],
                on=form.cleaned_data["on"],
                by=person_of(request),
                at=timezone.now(),
            )
            messages.success(request, _("The notices are to be paid out now."))
            return redirect("coops:accounts", slug=slug)
        preview = queries.redeemed(who.coop, form.cleaned_data["amount"])
    queue = preview or [(one, 0) for one in queries.outstanding(who.coop)]
    context = {
        "who": who,
        "coop": who.coop,
        "form": form,
        "preview": preview,
        "page": Paginator(queue, A_PAGE).get_page(request.GET.get("page")),
        "owed": sum(one.balance for one, _amount in queue),
    }
    return render(request, "coops/redeem.html", context, status=422 if form.errors else 200)


@login_required
@require_http_methods(["GET", "HEAD", "POST"])
def interest(request: HttpRequest, slug: str) -> HttpResponse:
    who = keeping_money(request, slug)
    day = today(who.coop, timezone.now())
    form = InterestForm(request.POST or None, initial={"on": day})
    if form.is_valid():
        try:
            actions.pay_interest(
                coop=who.coop,
                percent=Fraction(form.cleaned_data["percent"]),
                on=form.cleaned_data["on"],
                by=person_of(request),
                at=timezone.now(),
            )
        except Refused as refusal:
            form.add_error(None, f"{refusal.reason} {refusal.remedy}".strip())
        else:
            messages.success(request, _("The interest is to be paid out now."))
            return redirect("coops:accounts", slug=slug)
    paid = who.coop.accounts.filter(kind=AccountKind.CONTRIBUTION, balance__gt=0)
    capital = paid.aggregate(sum=Sum("balance"))["sum"] or 0
    context = {"who": who, "coop": who.coop, "form": form, "capital": capital}
    return render(request, "coops/interest.html", context, status=422 if form.errors else 200)


@login_required
@require_http_methods(["GET", "HEAD", "POST"])
def opening(request: HttpRequest, slug: str) -> HttpResponse:
    """Opening balances from a list, held against the accountant's total."""
    who = keeping_money(request, slug)
    day = today(who.coop, timezone.now())
    form = OpeningForm(request.POST or None, request.FILES or None, coop=who.coop, today=day)
    looked = None
    if form.is_valid():
        said = form.cleaned_data
        try:
            looked = queries.look_over(who.coop, said["data"])
        except reading.Unreadable as error:
            form.add_error(None, str(error))
        else:
            if not looked.wrong and looked.total == said["total"]:
                made = actions.enter_balances(
                    coop=who.coop,
                    data=said["data"],
                    name=said["name"],
                    total=said["total"],
                    on=said["on"],
                    by=person_of(request),
                    at=timezone.now(),
                )
                told = _("The opening balances are entered.")
                messages.success(request, told if made else _("All of it was there already."))
                return redirect("coops:accounts", slug=slug)
            form.add_error(None, _("Nothing was entered: see below."))
    context = {"who": who, "coop": who.coop, "form": form, "looked": looked}
    return render(request, "coops/opening.html", context, status=422 if form.errors else 200)


@login_required
@require_safe
def opening_template(request: HttpRequest, slug: str) -> HttpResponse:
    who = keeping_money(request, slug)
    rows = [(one.number, "", "", "") for one in who.coop.members.order_by("number")]
    return table(f"{slug}-balances.csv", list(queries.COLUMNS), rows)
