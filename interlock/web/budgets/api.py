"""Reading processes and published results by machine. Nothing about votes before publication."""

from datetime import datetime
from typing import Any

from django.http import HttpRequest
from ninja import Router, Schema

from interlock.web.budgets import queries
from interlock.web.budgets.models import Process
from interlock.web.budgets.views import published_process, visible_process

router = Router(tags=["budgets"])


class ProcessOut(Schema):
    slug: str
    title: str
    institution: str
    phase: str
    currency: str
    money_minor_units: int | None
    rule: str
    closes_at: datetime | None
    published_at: datetime | None
    imported_from: str
    synthetic: bool


class ProjectOut(Schema):
    ref: str
    area: str
    title: str
    cost_minor_units: int
    delivery_partner: str | None


class WholeProcessOut(ProcessOut):
    projects: list[ProjectOut]


class ResultOut(Schema):
    fingerprint: str
    ballots: int | None
    ballots_public: bool
    synthetic: bool
    areas: list[dict[str, Any]]


def _out(process: Process, money: int | None) -> dict[str, object]:
    return {
        "slug": process.slug,
        "title": str(process.title),
        "institution": process.institution.slug,
        "phase": process.phase.value,
        "currency": process.currency,
        "money_minor_units": money,
        "rule": process.rule,
        "closes_at": process.closes_at,
        "published_at": process.published_at,
        "imported_from": process.imported_from,
        "synthetic": process.is_synthetic,
    }


@router.get("/processes", response=list[ProcessOut], summary="All processes, newest first")
def processes(request: HttpRequest, offset: int = 0) -> list[dict[str, object]]:
    """At most a hundred from `offset` on."""
    start = min(max(offset, 0), 10**6)
    found = queries.with_money(queries.listed())[start : start + 100]
    return [_out(process, process.money) for process in found]  # type: ignore[attr-defined]


@router.get("/processes/{slug}", response=WholeProcessOut, summary="One process, its projects")
def process(request: HttpRequest, slug: str) -> dict[str, object]:
    found = visible_process(request, slug)
    projects = [
        {
            "ref": project.ref,
            "area": area.ref,
            "title": str(project.title),
            "cost_minor_units": project.cost,
            "delivery_partner": (
                project.delivery_partner.slug if project.delivery_partner else None
            ),
        }
        for area in queries.areas_with_projects(found)
        for project in area.projects.all()
    ]
    money = sum(pot.amount for pot in queries.pots(found))
    return _out(found, money or None) | {"projects": projects}


@router.get("/processes/{slug}/result", response=ResultOut, summary="A published result")
def result(request: HttpRequest, slug: str) -> dict[str, object]:
    """409 until it is published. Vote numbers are withheld where the ballots are.

    Margins are what an unfunded project needed, and null where no recount found it.
    """
    found = published_process(request, slug)
    outcome = queries.result(found)
    return {
        "fingerprint": found.fingerprint,
        "ballots": outcome.ballots if outcome.turnout_public else None,
        "ballots_public": outcome.ballots_public,
        "synthetic": found.is_synthetic,
        "areas": [
            {
                "ref": area.area.ref,
                "rule": area.rule,
                "ballot": area.ballot,
                "budget_minor_units": area.budget,
                "spent_minor_units": area.spent,
                "funded": [line.project.ref for line in area.funded],
                "votes": {
                    line.project.ref: line.votes for line in area.lines if outcome.ballots_public
                },
                "points": {line.project.ref: line.points for line in area.lines if line.by_points},
                "margins": {
                    line.project.ref: {
                        "more_votes": line.margin.votes,
                        "lower_cost_minor_units": line.margin.cost,
                    }
                    for line in area.lines
                    if line.margin and line.margin.worked_out_at
                },
            }
            for area in outcome.areas
        ],
    }
