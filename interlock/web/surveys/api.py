"""Reading the published results of surveys by machine. What is withheld is in none of them."""

from datetime import date, datetime
from typing import Any

from django.http import HttpRequest
from django.utils.translation import gettext as _
from ninja import Router, Schema

from interlock.web.look.refusals import Refused
from interlock.web.record.wording import words
from interlock.web.surveys import queries
from interlock.web.surveys.models import Study
from interlock.web.surveys.results import latest_published

router = Router(tags=["surveys"])
A_PAGE = 100


class StudyOut(Schema):
    slug: str
    title: dict[str, str] | str
    institution: str
    open: bool
    closes_on: date
    results: int | None
    follows: str | None
    synthetic: bool


class ResultsOut(Schema):
    study: str
    number: int
    published_at: datetime
    parameters: dict[str, Any]
    results: dict[str, Any]
    questions: dict[str, dict[str, Any]]
    synthetic: bool


def _out(study: Study) -> dict[str, object]:
    return {
        "slug": study.slug,
        "title": words(study.title),
        "institution": study.institution.slug,
        "open": study.is_open,
        "closes_on": study.closes_on,
        "results": study.results,  # type: ignore[attr-defined]
        "follows": study.follows.slug if study.follows else None,
        "synthetic": study.is_synthetic,
    }


@router.get("/surveys", response=list[StudyOut], summary="Surveys that were opened, latest first")
def surveys(request: HttpRequest, offset: int = 0) -> list[dict[str, object]]:
    """At most a hundred from `offset` on. `results` is the number of the latest published ones."""
    start = min(max(offset, 0), 10**6)
    found = queries.with_results(queries.shown_studies().select_related("follows"))
    return [_out(one) for one in found[start : start + A_PAGE]]


@router.get("/surveys/{slug}/results", response=ResultsOut, summary="A survey's published results")
def results(request: HttpRequest, slug: str) -> dict[str, object]:
    """The latest; 409 until there are any. Sizes are to the next five, shares whole per cent.

    null is withheld. `everyone` and `groups` are estimates of all cooperators and PBers where
    `estimated` is true, with the ends of 95 % intervals; else they describe who answered. `open` are
    those who came by links that anybody may use: a description always.
    """
    told = latest_published(slug)
    if told is None:
        raise Refused(
            _("The results of this survey are not published yet."),
            _("Ask again later: this address stays."),
            status=409,
        )
    return {
        "study": slug,
        "number": told.analysis.number,
        "published_at": told.analysis.published_at,
        "parameters": told.analysis.parameters,
        "results": told.outcome,
        "questions": {one.name: one.outcome for one in told.estimates},
        "synthetic": told.analysis.study.is_synthetic,
    }
