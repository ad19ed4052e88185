"""The results of a study: for everybody once they are published, for its owner before."""

import json
from collections.abc import Iterable, Iterator
from csv import writer

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import Http404, HttpRequest, HttpResponse, StreamingHttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import path
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST, require_safe

from interlock.methods.formats.formulas import guarded
from interlock.methods.referral.reasons import LEAST_RESPONDENTS
from interlock.web.people.access import person_of
from interlock.web.surveys import actions, queries, rules
from interlock.web.surveys.findings import Results
from interlock.web.surveys.models import Analysis, Study


@require_safe
def results(request: HttpRequest, slug: str, number: int | None = None) -> HttpResponse:
    """The latest published results, or those of a number; their owner sees what is not public."""
    study = _study(slug)
    is_owner = not rules.why_not_own(study, request.user)
    rounds = list(queries.analyses_of(study))
    found = [one for one in rounds if one.study_id == study.pk]
    public = [one for one in found if one.published_at]
    worked_out = [one for one in found if one.done_at] if is_owner else public
    chosen = _chosen(worked_out, number) if number else next(iter(public or worked_out), None)
    context = {
        "study": study,
        "is_owner": is_owner,
        "latest": found[0] if found and is_owner else None,
        "why_not_analyse": rules.why_not_analyse(study, found, timezone.now())
        if is_owner
        else None,
        "others": [one for one in worked_out if one != chosen],
    }
    if chosen is None:
        return render(request, "surveys/results/none.html", {**context, **_awaited(study)})
    context["results"] = _told(chosen, rounds, study)
    if not chosen.published_at:
        context["why_not_publish"] = rules.why_not_publish_results(chosen, next(iter(public), None))
    return render(request, "surveys/results/results.html", context)


def _study(slug: str) -> Study:
    return get_object_or_404(queries.shown_studies().select_related("follows"), slug=slug)


def _chosen(among: Iterable[Analysis], number: int) -> Analysis:
    for one in among:
        if one.number == number:
            return one
    raise Http404


def _told(chosen: Analysis, among: Iterable[Analysis], study: Study) -> Results:
    """What an analysis tells, beside the latest that is public of the round before."""
    before = next(
        (one for one in among if one.study_id == study.follows_id and one.published_at), None
    )
    estimates = queries.estimates_of(chosen, before)
    return Results(
        chosen,
        study.versions.get(number=(chosen.outcome or {})["version"]),
        [one for one in estimates if one.analysis_id == chosen.pk],
        before,
        {one.name: one.outcome for one in estimates if before and one.analysis_id == before.pk},
    )


def _awaited(study: Study) -> dict[str, object]:
    """How many answers there are, as they are told, and what is missing before anything can be."""
    chain, others = queries.answered(study, timezone.now())
    least = LEAST_RESPONDENTS
    return {
        "chain": rules.about(chain),
        "open": rules.about(others),
        "missing": rules.about(least - chain) or rules.LEAST_TOLD if chain < least else 0,
        "least": least,
        "is_too_small": bool(study.closed_at) and max(chain, others) < rules.LEAST_TOLD,
    }


@login_required
@require_POST
def analyse(request: HttpRequest, slug: str) -> HttpResponse:
    """Have the results worked out from the answers that there are now."""
    actions.request_analysis(study=_study(slug), by=person_of(request), at=timezone.now())
    messages.success(request, _("The results are being worked out. Look again in a minute."))
    return redirect("surveys:results", slug)


@login_required
@require_POST
def publish(request: HttpRequest, slug: str, number: int) -> HttpResponse:
    """Show results to everybody."""
    analysis = get_object_or_404(_study(slug).analyses, number=number)
    actions.publish_analysis(analysis=analysis, by=person_of(request), at=timezone.now())
    messages.success(request, _("The results are published."))
    return redirect("surveys:results", slug)


def published(slug: str, number: int) -> Results:
    """Published results, with all they tell. Raises Http404 for any that are not published."""
    study = _study(slug)
    rounds = list(queries.analyses_of(study))
    public = [one for one in rounds if one.study_id == study.pk and one.published_at]
    return _told(_chosen(public, number), rounds, study)


def latest_published(slug: str) -> Results | None:
    """The latest published results, if there are any. Raises Http404 for no such survey."""
    study = _study(slug)
    rounds = list(queries.analyses_of(study))
    public = [one for one in rounds if one.study_id == study.pk and one.published_at]
    return _told(public[0], rounds, study) if public else None


@require_safe
def table(request: HttpRequest, slug: str, number: int) -> StreamingHttpResponse:
    """All shares that are published, a row each."""
    return _file(_rows(published(slug, number)), "text/csv; charset=utf-8", f"{slug}-{number}.csv")


@require_safe
def document(request: HttpRequest, slug: str, number: int) -> StreamingHttpResponse:
    """All that is published, as it is stored."""
    text = _document(published(slug, number))
    return _file(text, "application/json", f"{slug}-{number}.json")


HEADINGS = (
    "question", "asked", "answer", "label", "of", "answered", "percent", "low", "high", "estimated",
    "synthetic",
)  # fmt: skip


class _Line:
    """A file for `csv` that gives back what is written to it."""

    def write(self, text: str) -> str:
        return text


def _rows(told: Results) -> Iterator[str]:
    line, is_synthetic = writer(_Line()), told.analysis.study.is_synthetic
    yield line.writerow(HEADINGS)
    for one in told.findings:
        for parts, of, estimated in (
            (one.lines, one.outcome, one.is_estimated),
            (one.open_lines, one.outcome.get("open") or {}, False),
        ):
            for answer in parts:
                for strip in answer.drawn:
                    is_open = parts is one.open_lines
                    group = (
                        of["everyone"] if strip.group == "everyone" else of["groups"][strip.group]
                    )
                    ends = strip.ends or ("", "")
                    yield line.writerow(
                        [
                            one.name,
                            guarded(one.asked),
                            answer.name,
                            guarded(answer.label),
                            "open links" if is_open else strip.group,
                            group["answered"],
                            strip.share,
                            *ends,
                            "yes" if estimated else "no",
                            "true" if is_synthetic else "",
                        ]
                    )


def _document(told: Results) -> Iterator[str]:
    analysis = told.analysis
    about = {
        "study": analysis.study.slug,
        "number": analysis.number,
        "published_at": analysis.published_at.isoformat() if analysis.published_at else None,
        "parameters": analysis.parameters,
        "synthetic": analysis.study.is_synthetic,
        "results": analysis.outcome,
    }
    yield json.dumps(about, ensure_ascii=False)[:-1] + ', "questions": {'
    for place, one in enumerate(told.estimates):
        yield ",\n" if place else "\n"
        yield f"{json.dumps(one.name)}: {json.dumps(one.outcome, ensure_ascii=False)}"
    yield "\n}}\n"


def _file(lines: Iterable[str], kind: str, name: str) -> StreamingHttpResponse:
    answer = StreamingHttpResponse(lines, content_type=kind)
    answer["Content-Disposition"] = f'attachment; filename="{name}"'
    return answer


addresses = [
    path("<slug:slug>/results/", results, name="results"),
    path("<slug:slug>/results/analyse/", analyse, name="analyse"),
    path("<slug:slug>/results/<int:number>/", results, name="results_of"),
    path("<slug:slug>/results/<int:number>/publish/", publish, name="publish_results"),
    path("<slug:slug>/results/<int:number>/table.csv", table, name="results_table"),
    path("<slug:slug>/results/<int:number>/all.json", document, name="results_document"),
]
