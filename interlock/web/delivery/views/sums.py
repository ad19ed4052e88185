"""What it adds up to, one process at a glance, and all that may be taken away."""

import csv
import io
from collections.abc import Iterable

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import Http404, HttpRequest, HttpResponse, StreamingHttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_safe

from interlock.methods.formats import coop_contracts, threesixty
from interlock.methods.formats.amounts import decimal_text
from interlock.methods.formats.formulas import guarded
from interlock.methods.formats.ocds import package
from interlock.web.budgets import queries as budgets
from interlock.web.budgets.models import Process
from interlock.web.delivery import exporting
from interlock.web.delivery.actions.sums import say_kept
from interlock.web.delivery.forms.sums import KeptForm
from interlock.web.delivery.queries import sums as queries
from interlock.web.institutions.queries import looked_after_by
from interlock.web.institutions.records import one_language
from interlock.web.look.amounts import precision
from interlock.web.look.refusals import Refused, Step
from interlock.web.people.access import person_of
from interlock.web.people.models import Person

MONTHS = range(1, 13)


def published_process(slug: str) -> Process:
    """A process whose result is out: before that nothing is delivered."""
    found = get_object_or_404(budgets.listed().select_related("institution"), slug=slug)
    if found.published_at is None:
        raise Refused(
            _("The result of “%(title)s” is not published yet.") % {"title": found.title},
            _("Once it is, this page tells what becomes of what it funded."),
            steps=[Step.to(found)],
        )
    return found


@require_safe
def overview(request: HttpRequest, slug: str) -> HttpResponse:
    """One process by area and year. Its projects, one by one, are on the page of the process."""
    found = published_process(slug)
    told = queries.overview(found, timezone.now())
    return render(request, "delivery/overview.html", {"process": found, "told": told})


@require_safe
def projects_csv(request: HttpRequest, slug: str) -> HttpResponse:
    found = published_process(slug)
    told = queries.overview(found, timezone.now())
    rows = [
        [
            *(line.delivery.project.ref, one_language(line.delivery.project.title)),
            *(one_language(line.delivery.project.area.name), line.stage.value),
            line.delivery.due_on.isoformat() if line.delivery.due_on else "",
            {None: "", True: "later", False: "kept"}[line.is_late],
            found.currency,
            *(
                _amount(amount, found.currency)
                for amount in (
                    line.delivery.cost,
                    line.delivery.awarded,
                    line.delivery.returned,
                    line.paid,
                )
            ),
            _mark(found.is_synthetic),
        ]
        for line in told.lines
    ]
    headings = [
        *("project", "title", "area", "stage", "due_on", "first_day"),
        *("currency", "cost", "awarded", "returned", "paid", "synthetic"),
    ]
    return _csv(f"{slug}-delivery.csv", [headings, *rows])


@require_safe
def sums(request: HttpRequest) -> HttpResponse:
    found = None
    if slug := request.GET.get("process"):
        found = published_process(slug)
    told = queries.add_up(timezone.now(), found)
    own = (
        list(queries.to_tell(looked_after_by(request.user)))
        if isinstance(request.user, Person)
        else []
    )
    return render(request, "delivery/sums.html", {"sums": told, "process": found, "own": own})


@require_safe
def sums_csv(request: HttpRequest) -> HttpResponse:
    """Each number of the page, with what it is of."""
    slug = request.GET.get("process", "")
    told = queries.add_up(timezone.now(), published_process(slug) if slug else None)
    rows: list[list[object]] = [
        ["measure", "currency", "kind", "number", "amount"],
        ["deliveries", "", "", told.deliveries, ""],
        ["done", "", "", told.done, ""],
        ["given_up", "", "", told.given_up, ""],
        ["three_years_over", "", "", told.due, ""],
        ["done_within_three_years", "", "", told.done_in_time, ""],
        ["days_to_award_median", "", "", _known(told.to_award.days), ""],
        ["days_to_first_payment_median", "", "", _known(told.to_payment.days), ""],
        ["days_to_done_median", "", "", _known(told.to_done.days), ""],
    ]
    for one in told.money:
        for name in ("funded", "awarded", "returned", "paid", "planned", "spent"):
            rows.append([name, one.currency, "", "", _amount(getattr(one, name), one.currency)])
        rows.append(
            ["paid_to_worker_coops", one.currency, "", "", _amount(one.to_coops, one.currency)]
        )
        rows.append(
            ["pots_from_worker_coops", one.currency, "", "", _amount(one.pots, one.currency)]
        )
        rows.append(["kept_percent", one.currency, "", _known(one.kept), ""])
        for kind in one.by_kind:
            value, paid = _amount(kind.value, one.currency), _amount(kind.paid, one.currency)
            rows.append(["awarded_by_kind", one.currency, kind.kind, kind.awards, value])
            rows.append(["paid_by_kind", one.currency, kind.kind, "", paid])
    marks = ["synthetic", *(len(rows) - 1) * [_mark(told.is_synthetic)]]
    marked = [[*row, mark] for row, mark in zip(rows, marks, strict=True)]
    return _csv(f"sums-{slug}.csv" if slug else "sums.csv", marked)


# To take away.


@require_safe
def ocds_json(request: HttpRequest, slug: str) -> StreamingHttpResponse:
    found = _with_deliveries(slug)
    about = exporting.publisher(found, reverse("delivery:ocds", args=[slug]))
    told = package.release_chunks(about, exporting.contractings(found))
    return StreamingHttpResponse(told, content_type="application/json")


@require_safe
def records_json(request: HttpRequest, slug: str) -> StreamingHttpResponse:
    found = _with_deliveries(slug)
    about = exporting.publisher(found, reverse("delivery:records", args=[slug]))
    told = package.record_chunks(about, exporting.contractings(found))
    return StreamingHttpResponse(told, content_type="application/json")


@require_safe
def grants_csv(request: HttpRequest, slug: str) -> StreamingHttpResponse:
    lines = threesixty.lines(exporting.grants(published_process(slug)))
    return _streamed(f"{slug}-grants.csv", lines)


@require_safe
def coop_contracts_csv(request: HttpRequest) -> StreamingHttpResponse:
    """By fiscal year, which begins in July unless one asks for another month."""
    begins = request.GET.get("begins", str(coop_contracts.JULY))
    if begins not in {str(month) for month in MONTHS}:
        raise Refused(
            _("A fiscal year begins in one of twelve months."),
            _("Give the month as a number from 1 to 12."),
            status=400,
        )
    lines = coop_contracts.lines(exporting.coop_years(int(begins)))
    return _streamed("contracts-with-worker-coops.csv", lines)


def _with_deliveries(slug: str) -> Process:
    """OCDS knows no package without a release."""
    found = published_process(slug)
    if not exporting.is_on_record(found):
        raise Refused(
            _("Nothing of “%(title)s” is on record here yet.") % {"title": found.title},
            _("Its organisers put what was funded on record with one button."),
            status=404,
            steps=[Step.to(found)],
        )
    return found


# What a co-op says of itself.


@login_required
@require_safe
def kept(request: HttpRequest, slug: str) -> HttpResponse:
    """The years in which it was paid, for those who look after it."""
    found = get_object_or_404(looked_after_by(person_of(request)), slug=slug)
    context = {"institution": found, "years": queries.kept_years(found)}
    return render(request, "delivery/kept.html", context)


@login_required
@require_http_methods(["GET", "HEAD", "POST"])
def say(request: HttpRequest, slug: str, year: int, currency: str) -> HttpResponse:
    found = get_object_or_404(looked_after_by(person_of(request)), slug=slug)
    years = {(one.year, one.currency): one for one in queries.kept_years(found)}
    if (told := years.get((year, currency))) is None:
        raise Http404
    form = KeptForm(request.POST or None, currency=currency, said=told.said)
    if request.method == "POST" and form.is_valid():
        try:
            say_kept(
                institution=found,
                year=year,
                currency=currency,
                by=person_of(request),
                at=timezone.now(),
                **form.cleaned_data,
            )
        except Refused as refusal:
            form.add_error(None, str(refusal.reason))
        else:
            messages.success(request, _("Saved. It is told only together with that of others."))
            return redirect("delivery:kept", slug)
    context = {"institution": found, "told": told, "form": form}
    return render(request, "delivery/say.html", context, status=422 if form.errors else 200)


def _mark(is_synthetic: bool) -> str:
    return "true" if is_synthetic else ""


def _known(value: int | None) -> object:
    return "" if value is None else value


def _amount(minor: int, currency: str) -> str:
    sign = "-" if minor < 0 else ""
    return sign + decimal_text(abs(minor), unit=10 ** precision(currency))


def _csv(name: str, rows: Iterable[Iterable[object]]) -> HttpResponse:
    text = io.StringIO()
    writer = csv.writer(text)
    for row in rows:
        writer.writerow([guarded(cell) if isinstance(cell, str) else cell for cell in row])
    answer = HttpResponse(text.getvalue(), content_type="text/csv; charset=utf-8")
    answer["Content-Disposition"] = f'attachment; filename="{name}"'
    return answer


def _streamed(name: str, lines: Iterable[str]) -> StreamingHttpResponse:
    answer = StreamingHttpResponse(lines, content_type="text/csv; charset=utf-8")
    answer["Content-Disposition"] = f'attachment; filename="{name}"'
    return answer
