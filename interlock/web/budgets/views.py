"""The pages of a process for everyone: what is decided, the ballot, the result."""

import csv
import io
import zipfile
from fractions import Fraction
from random import Random

from django.conf import settings
from django.contrib.auth.models import AnonymousUser
from django.core.paginator import Paginator
from django.db.models import QuerySet
from django.http import FileResponse, Http404, HttpRequest, HttpResponse, QueryDict
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from interlock.methods.formats.amounts import decimal_text
from interlock.web.budgets import actions, queries, rules
from interlock.web.budgets.forms import VotingCodeForm
from interlock.web.budgets.models import Phase, Process, Project
from interlock.web.look.amounts import precision
from interlock.web.look.refusals import Refused, Step
from interlock.web.look.templatetags.look import excerpt
from interlock.web.people.models import Person
from interlock.web.record.chain import canonical
from interlock.web.voting import actions as voting
from interlock.web.voting import codes
from interlock.web.voting import queries as box_queries

DRAFT_COOKIE = "draft"
DRAFT_LIFETIME = 60 * 60 * 24 * 30
GAP = Fraction(2, 5)


def visible_process(request: HttpRequest, slug: str) -> Process:
    """A process that whoever asks may see, closed on the way when its time has come."""
    return _found(queries.visible_to(_asking(request)), slug)


def _asking(request: HttpRequest) -> Person | AnonymousUser:
    return request.user if isinstance(request.user, Person) else AnonymousUser()


def _found(among: QuerySet[Process], slug: str) -> Process:
    return actions.close_if_due(process=get_object_or_404(among, slug=slug), at=timezone.now())


def open_process(request: HttpRequest, slug: str) -> Process:
    """One that takes ballots, with its rulebook's hash; the rulebook itself was read before."""
    among = queries.visible_to(_asking(request)).select_related("rulebook")
    process = _found(among.defer("rulebook__body"), slug)
    if process.phase is not Phase.OPEN:
        raise Refused(
            _("Voting in “%(title)s” is closed.") % {"title": process.title},
            _("Its result is published on its page as soon as it is counted."),
            steps=[Step.to(process)],
        )
    return process


def published_process(request: HttpRequest, slug: str) -> Process:
    process = visible_process(request, slug)
    if process.phase is not Phase.PUBLISHED:
        raise Refused(
            _("The result of “%(title)s” is not published yet.") % {"title": process.title},
            _("Until then nothing about the votes is shown to anyone."),
            steps=[Step.to(process)],
        )
    return process


@require_safe
def processes(request: HttpRequest) -> HttpResponse:
    page = Paginator(queries.in_a_list(queries.listed()), 30).get_page(request.GET.get("page"))
    return render(request, "budgets/processes.html", {"page": page})


@require_safe
def process(request: HttpRequest, slug: str) -> HttpResponse:
    found = visible_process(request, slug)
    context = {
        "process": found,
        "areas": queries.areas_with_projects(found),
        "pots": queries.pots(found),
        "steps": queries.phase_steps(found),
        "rule": rules.rule_in_words(found.rule),
        "further": queries.further_of(found),
    }
    return render(request, "budgets/process.html", context)


@require_safe
def project(request: HttpRequest, slug: str, ref: str) -> HttpResponse:
    found = visible_process(request, slug)
    shown = get_object_or_404(queries.projects(found, "area", "margin"), ref=ref)
    published = found.phase is Phase.PUBLISHED
    context = {
        "process": found,
        "project": shown,
        "line": queries.project_result(found, shown) if published else None,
        "further": queries.further_of(found),
    }
    return render(request, "budgets/project.html", context)


@require_safe
def rulebook(request: HttpRequest, slug: str) -> HttpResponse:
    found = visible_process(request, slug)
    frozen = getattr(found, "rulebook", None)
    if frozen is None:
        raise Http404
    if request.GET.get("format") == "json":
        return HttpResponse(canonical(frozen.body), content_type="application/json")
    context = {
        "process": found,
        "rulebook": frozen,
        "areas": queries.areas_with_projects(found),
        "pots": queries.pots(found),
        "seed": frozen.body["ties"]["lot_seed"],
        "rule": rules.rule_in_words(found.rule),
    }
    return render(request, "budgets/rulebook.html", context)


# The ballot: fill first, identify last.


def _draft_code(request: HttpRequest) -> tuple[str, bool]:
    """The code of this device's draft, or a new one, and whether it is new.

    A code that is no code is not trusted.
    """
    kept = request.COOKIES.get(DRAFT_COOKIE, "")
    good = len(kept) == codes.DRAFT_SYMBOLS and set(kept) <= set(codes.ALPHABET)
    return (kept, False) if good else (codes.new_draft_code(), True)


def _with_draft_cookie(response: HttpResponse, process: Process, code: str) -> HttpResponse:
    """Each process has its own cookie, sent to its own pages only."""
    response.set_cookie(
        DRAFT_COOKIE,
        code,
        max_age=DRAFT_LIFETIME,
        path=process.get_absolute_url(),
        httponly=True,
        samesite="Lax",
        secure=settings.SESSION_COOKIE_SECURE,
    )
    return response


def _ticked(data: QueryDict, process: Process) -> rules.Choices:
    return rules.choices_among(process.rulebook, set(data.getlist("project")))


def _ballot_context(
    process: Process, choices: rules.Choices, code: str, *, saved: bool
) -> dict[str, object]:
    """What the ballot and its bar show. Cards come in an order drawn anew for every voter."""
    areas = rules.ballot_areas(process.rulebook.sha256)
    chosen = {ref for refs in choices.values() for ref in refs}
    known = {project.ref: project for project in queries.projects(process)}
    projects = [(area, known[ref]) for area in areas for ref in area.places]
    picked = [project for _area, project in projects if project.ref in chosen]
    Random(f"{code}{process.slug}").shuffle(projects)
    tallies = [(area, len(choices.get(area.ref, ()))) for area in areas]
    return {
        "process": process,
        "areas": areas,
        "cards": [_card(area, project, project.ref in chosen) for area, project in projects],
        "picked": picked,
        "asked": sum(project.cost for project in picked),
        "money": (money := sum(area.budget for area in areas)),
        "segments": _segments([project.cost for project in picked], money),
        "tallies": tallies,
        "too_many": any(count > area.max_choices for area, count in tallies),
        "draft_code": codes.grouped(code) if saved else "",
    }


def _card(area: rules.BallotArea, project: Project, ticked: bool) -> dict[str, object]:
    """One project on the ballot. A dictionary, which a template reads fastest: there are many."""
    partner = project.delivery_partner
    return {
        "ref": project.ref,
        "title": str(project.title),
        "text": excerpt(project.description, 140),
        "area": area.name,
        "cost": project.cost,
        "url": project.get_absolute_url(),
        "co_op": partner.name if partner and partner.is_worker_coop else "",
        "ticked": ticked,
    }


def _segments(costs: list[int], money: int) -> list[tuple[str, str]]:
    """Where each chosen project begins in the bar, and how wide it is, with a gap between."""
    segments, start = [], Fraction(0)
    for cost in costs:
        width = Fraction(100 * cost, money or 1)
        segments.append((f"{float(start):.2f}%", f"{float(max(width - GAP, GAP)):.2f}%"))
        start += width
    return segments


def _kept_choices(process: Process, code: str) -> rules.Choices | None:
    kept = box_queries.draft(process.box, code)
    return kept if isinstance(kept, dict) else None


@never_cache
@require_http_methods(["GET", "POST"])
def ballot(request: HttpRequest, slug: str) -> HttpResponse:
    """Fill in the ballot. Each touch saves it with JavaScript, each submitted step without."""
    process = open_process(request, slug)
    code, new = _draft_code(request)
    if request.method == "GET":
        kept = None if new else _kept_choices(process, code)
        context = _ballot_context(process, kept or {}, code, saved=kept is not None)
        return _with_draft_cookie(render(request, "budgets/ballot.html", context), process, code)
    choices = _ticked(request.POST, process)
    voting.save_draft(box=process.box, code=code, content=choices)
    if request.headers.get("HX-Request") == "true":
        context = _ballot_context(process, choices, code, saved=True) | {"touched": True}
        response = render(request, "budgets/ballot.html#saved", context)
    elif "save" in request.POST:
        response = redirect("budgets:ballot", slug=slug)
    elif reason := rules.why_not_ballot(process.rulebook, choices):
        response = _refused_ballot(request, process, choices, code, reason)
    else:
        response = redirect("budgets:review", slug=slug)
    return _with_draft_cookie(response, process, code)


def _refused_ballot(
    request: HttpRequest, process: Process, choices: rules.Choices, code: str, reason: str
) -> HttpResponse:
    context = _ballot_context(process, choices, code, saved=bool(choices)) | {"refused": reason}
    return render(request, "budgets/ballot.html", context, status=422)


@never_cache
@require_POST
def resume(request: HttpRequest, slug: str) -> HttpResponse:
    """Carry on with a draft that was begun on another device."""
    process = open_process(request, slug)
    code = codes.typed(request.POST.get("code", ""))
    if _kept_choices(process, code) is None:
        raise Refused(
            _("No kept choices go by that code in this vote."),
            _("Compare it with the other screen. Once a ballot is cast, its code is gone."),
            status=404,
            steps=[Step(_("Open my ballot"), reverse("budgets:ballot", args=[slug]))],
        )
    return _with_draft_cookie(redirect("budgets:ballot", slug=slug), process, code)


@never_cache
@require_http_methods(["GET", "POST"])
def review(request: HttpRequest, slug: str) -> HttpResponse:
    """The last step: look once more, type the code, cast."""
    process = open_process(request, slug)
    code, _new = _draft_code(request)
    if request.method == "POST":
        choices, nonce = _ticked(request.POST, process), request.POST.get("nonce", "")
    else:
        choices, nonce = _kept_choices(process, code) or {}, voting.new_nonce()
    if reason := rules.why_not_ballot(process.rulebook, choices):
        return _refused_ballot(request, process, choices, code, reason)
    form = VotingCodeForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        try:
            receipt = actions.cast_ballot(
                process=process,
                voting_code=form.cleaned_data["code"],
                choices=choices,
                nonce=nonce,
                draft_code=code,
            )
        except Refused as refusal:
            if refusal.status != 422:
                raise
            form.add_error("code", f"{refusal.reason} {refusal.remedy}")
        else:
            response = redirect(reverse("voting:receipt", args=[receipt]) + "?cast")
            response.delete_cookie(DRAFT_COOKIE, path=process.get_absolute_url(), samesite="Lax")
            return response
    context = _ballot_context(process, choices, code, saved=True)
    context |= {"form": form, "nonce": nonce}
    return render(request, "budgets/review.html", context, status=422 if form.errors else 200)


# The result, and everything it can be recomputed from.


@require_safe
def result(request: HttpRequest, slug: str) -> HttpResponse:
    process = published_process(request, slug)
    context = {
        "process": process,
        "result": queries.result(process),
        "fingerprint": process.fingerprint[:16],
        "bundle_name": queries.bundle_path(process).name,
        "further": queries.further_of(process),
    }
    return render(request, "budgets/result.html", context)


@require_safe
def bundle(request: HttpRequest, slug: str) -> FileResponse:
    process = published_process(request, slug)
    with_public_ballots(process)
    return FileResponse(queries.bundle_path(process).open("rb"), as_attachment=True)


@require_safe
def ballots_file(request: HttpRequest, slug: str, ref: str) -> HttpResponse:
    """One area's ballots as a `.pb` file, as it lies in the bundle."""
    process = published_process(request, slug)
    with_public_ballots(process)
    area = get_object_or_404(process.areas, ref=ref)
    with zipfile.ZipFile(queries.bundle_path(process)) as archive:
        content = archive.read(f"{area.ref}.pb")
    return HttpResponse(
        content,
        content_type="text/plain; charset=utf-8",
        headers={"Content-Disposition": f'attachment; filename="{process.slug}-{area.ref}.pb"'},
    )


@require_safe
def reasons_file(request: HttpRequest, slug: str) -> HttpResponse:
    """Projects and reasons as CSV, in the language of the page it hangs on."""
    process = published_process(request, slug)
    file = io.StringIO()
    writer = csv.writer(file)
    writer.writerow(
        (
            "area", "project", "title", "cost", "votes", "points", "funded", "funded_by_greedy",
            "reason", "more_votes", "lower_cost", "synthetic",
        )
    )  # fmt: skip
    outcome, unit = queries.result(process), 10 ** precision(process.currency)
    for area in outcome.areas:
        for line in area.lines:
            row = (
                area.area.name, line.project.ref, line.project.title,
                decimal_text(line.project.cost, unit), line.votes if outcome.ballots_public else "",
                line.points, int(line.funded),
                int(line.by_greedy) if outcome.ballots_public else "", line.reason,
                margin.votes if (margin := line.margin) else "",
                decimal_text(margin.cost, unit) if margin and margin.cost else "",
                "true" if process.is_synthetic else "",
            )  # fmt: skip
            writer.writerow("" if cell is None else _harmless(str(cell)) for cell in row)
    return HttpResponse(
        file.getvalue(),
        content_type="text/csv; charset=utf-8",
        headers={"Content-Disposition": f'attachment; filename="{process.slug}-projects.csv"'},
    )


def _harmless(cell: str) -> str:
    """A cell that a spreadsheet would take for a formula is marked as text (ASVS 1.2.10)."""
    return f"'{cell}" if cell.startswith(("=", "+", "-", "@", "\t", "\r", "＝")) else cell


def with_public_ballots(process: Process) -> None:
    if not queries.bundle_path(process).exists():
        raise Refused(
            _("The bundle of this count is missing on the server."),
            _("Please tell the people who run this site."),
            status=503,
        )
    if not queries.has_public_ballots(process):
        raise Refused(
            _("Too few people voted for their ballots to be published."),
            _("With fewer than %(fewest)s ballots one of them could be guessed to be somebody's.")
            % {"fewest": rules.FEWEST_PUBLISHED_BALLOTS},
            status=403,
        )
