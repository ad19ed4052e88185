"""Questions about processes, as querysets or frozen values."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from fractions import Fraction
from pathlib import Path
from typing import Any

from django.conf import settings
from django.contrib.auth.models import AnonymousUser
from django.db.models import OuterRef, Prefetch, Q, QuerySet, Subquery, Sum
from django.utils.translation import ngettext

from interlock.methods.counting.exact import amount_from
from interlock.methods.counting.names import why_not_supported
from interlock.methods.counting.reasons import Reason, sentence
from interlock.web.budgets.models import (
    Area,
    Count,
    Margin,
    Phase,
    Pot,
    Process,
    Project,
    Rulebook,
    WhatIf,
)
from interlock.web.budgets.rules import (
    BY_POINTS,
    SMALLEST_TURNOUT_TOLD,
    are_ballots_public,
    rule_in_words,
)
from interlock.web.institutions.models import Institution
from interlock.web.institutions.queries import looked_after_by
from interlock.web.look import amounts
from interlock.web.look.refusals import Step
from interlock.web.people.models import Person

# Rooms join this list: given a process whose result is published, where it goes on, if it does there.
further: list[Callable[[Process], Step | None]] = []
# Rooms join this list: given a person, the institutions whose inside they belong to.
insiders: list[Callable[[Person], QuerySet[Institution]]] = []

MOST_DRAWN = 60
# Among so many of the newest results those are looked for whose ballots may be counted again.
LATEST = 30


def further_of(process: Process) -> list[Step]:
    """Where one goes on from what was published; nowhere before that."""
    if not process.published_at:
        return []
    return [step for ask in further if (step := ask(process))]


def processes() -> QuerySet[Process]:
    """All processes, each with its institution and box."""
    return Process.objects.select_related("institution", "box").order_by("-created_at", "-pk")


def with_money(found: QuerySet[Process]) -> QuerySet[Process]:
    """With the money of all its pots as `money`."""
    pots = Pot.objects.filter(process=OuterRef("pk")).order_by().values("process")
    money = pots.annotate(money=Sum("amount"))
    return found.annotate(money=Subquery(money.values("money")))


def in_a_list(found: QuerySet[Process], *more: str) -> QuerySet[Process]:
    """What a list of them shows and no column beyond, but those named as `more`."""
    return with_money(found).only(
        *more, "slug", "title", "currency", "zone", "closes_at", "counted_at", "published_at",
        "imported_from", "institution__name", "institution__is_synthetic", "box__opened_at",
        "box__closed_at",
    )  # fmt: skip


def listed() -> QuerySet[Process]:
    """What the public may see: everything but what is internal or still in preparation."""
    return processes().filter(is_internal=False).exclude(box__opened_at=None)


def known_to(person: Person | AnonymousUser) -> QuerySet[Process]:
    """Those that there are for this person: an internal one only for those inside its institution."""
    seen = Q(is_internal=False)
    if isinstance(person, Person):
        seen |= Q(institution__in=looked_after_by(person).values("pk"))
        for ask in insiders:
            seen |= Q(institution__in=ask(person).values("pk"))
    return processes().filter(seen)


def visible_to(person: Person | AnonymousUser) -> QuerySet[Process]:
    """What this person finds by its address: of those known to them, what has been opened."""
    return known_to(person).exclude(box__opened_at=None)


def open_now() -> QuerySet[Process]:
    return listed().filter(box__closed_at=None).order_by("closes_at")


def due_to_close(at: datetime) -> QuerySet[Process]:
    """Votes whose time has come, internal ones as well."""
    return processes().filter(box__opened_at__isnull=False, box__closed_at=None, closes_at__lte=at)


def published() -> QuerySet[Process]:
    return listed().filter(published_at__isnull=False).order_by("-published_at")


def organised_by(person: Person) -> QuerySet[Process]:
    """What is prepared on the pages of this room; an internal one is on those of its institution."""
    return processes().filter(institution__in=looked_after_by(person), is_internal=False)


def waiting_for_count() -> QuerySet[Process]:
    return processes().filter(count_requested_at__isnull=False, counted_at=None, count_failure="")


def unanswered() -> QuerySet[WhatIf]:
    """What-ifs that wait for the worker, the oldest first."""
    return WhatIf.objects.filter(answer__isnull=True, failure="")


def waiting_margins() -> QuerySet[Margin]:
    """Unfunded projects whose distance is not worked out yet, those of the newest count first."""
    waiting = Margin.objects.filter(worked_out_at=None).order_by("-project__area__count__pk", "pk")
    found = waiting.select_related("project__area__process", "project__area__count")
    return found.defer("project__area__count__result")


def projects(process: Process, *more: str) -> QuerySet[Project]:
    """All projects with their process and delivery partners, in the order they were entered.

    `more` are further relations to bring along.
    """
    return process.projects.select_related("delivery_partner", *more).only(
        "process_id", "area_id", "ref", "title", "description", "cost", "official",
        "delivery_partner__slug", "delivery_partner__name", "delivery_partner__kind", *more,
    )  # fmt: skip


def areas_with_projects(process: Process, *more: str) -> list[Area]:
    """The areas with their money and projects, in three queries however many there are.

    The projects come without their descriptions, which only the ballot shows many of, and with
    the relations named as `more`.
    """
    found = Prefetch("projects", projects(process, *more).defer("description"))
    return list(process.areas.prefetch_related("allocations", found))


def pots(process: Process) -> QuerySet[Pot]:
    return process.pots.select_related("source")


def has_amounts(process: Process) -> bool:
    """Whether any amount is kept in its currency already."""
    return process.pots.exists() or process.projects.exists()


def ballots_counted(process: Process) -> int:
    """How many ballots were cast in all, once they are counted."""
    counts = Count.objects.filter(area__process=process)
    return counts.values_list("result__ballots", flat=True).first() or 0


def delivered_by(institution_pk: int) -> QuerySet[Project]:
    """Projects an institution delivers, of processes that the public may see."""
    return Project.objects.filter(
        ~Q(process__box__opened_at=None),
        process__is_internal=False,
        delivery_partner=institution_pk,
    ).select_related("process__box")


def funded(process: Process) -> QuerySet[Project]:
    """The projects that won the counts of a process."""
    told = Count.objects.filter(area__process=process)
    won = told.values_list("result__protocol__funded", flat=True)
    return process.projects.filter(ref__in=[ref for refs in won for ref in refs])


def bundle_path(process: Process) -> Path:
    return Path(settings.INTERLOCK_HOME) / "bundles" / f"{process.slug}.zip"


@dataclass(frozen=True)
class ProjectResult:
    """One line of a published result. Amounts are fractions of minor units.

    `votes` are the voters who gave it something, and `points` what they gave, where ballots do.
    """

    project: Project
    funded: bool
    votes: int
    points: int | None
    reason: str
    paid: Fraction | None
    left_each: Fraction | None
    needed_each: Fraction | None
    by_greedy: bool
    margin: Margin | None

    @property
    def by_points(self) -> bool:
        return self.points is not None

    @property
    def strength(self) -> int:
        """What the chart draws and unfunded projects are sorted by."""
        return self.votes if self.points is None else self.points

    @property
    def longer_bar(self) -> Fraction | None:
        """Where the chart's note begins: behind both what supporters had and what they needed."""
        if self.left_each is None or self.needed_each is None:
            return None
        return max(self.left_each, self.needed_each)


@dataclass(frozen=True)
class AreaResult:
    """What was counted in one area; `lines` come funded first, in the order of funding.

    `longest` is the whole width of the chart: all voters, or the points of the project with most.
    """

    area: Area
    ballot: str
    rule: str
    budget: int
    spent: int
    votes: int
    reached: int
    share: Fraction | None
    steps: int
    lines: Sequence[ProjectResult]
    greedy_funded: int
    greedy_reached: int
    most_share: Fraction
    longest: int
    agrees_with_file: bool | None

    @property
    def funded(self) -> list[ProjectResult]:
        return [line for line in self.lines if line.funded]

    @property
    def unfunded(self) -> list[ProjectResult]:
        return [line for line in self.lines if not line.funded]

    @property
    def drawn(self) -> Sequence[ProjectResult]:
        """The lines that the chart shows: more bars than this nobody compares."""
        return self.lines[:MOST_DRAWN]

    @property
    def by_shares(self) -> bool:
        return self.share is not None

    @property
    def by_points(self) -> bool:
        return self.ballot in BY_POINTS

    @property
    def margins_wait(self) -> bool:
        """Whether the worker still looks how far some project was from being funded."""
        margins = [line.margin for line in self.lines if line.margin]
        return any(margin.worked_out_at is None for margin in margins)

    @property
    def margins_told(self) -> bool:
        return any(line.margin and (line.margin.votes or line.margin.cost) for line in self.lines)


@dataclass(frozen=True)
class ProcessResult:
    """A process's result over all its areas."""

    areas: Sequence[AreaResult]
    ballots: int
    ballots_public: bool

    @property
    def turnout_public(self) -> bool:
        return self.ballots_public or self.ballots >= SMALLEST_TURNOUT_TOLD

    @property
    def budget(self) -> int:
        return sum(area.budget for area in self.areas)

    @property
    def spent(self) -> int:
        return sum(area.spent for area in self.areas)

    @property
    def funded(self) -> int:
        return sum(len(area.funded) for area in self.areas)


def result(process: Process) -> ProcessResult:
    """The stored counts of a process, told in the reader's language; the web never counts."""
    counts = {count.area_id: count for count in Count.objects.filter(area__process=process)}
    votes = [count.result["protocol"]["votes"] for count in counts.values()]
    public = are_ballots_public(process, votes)
    areas = [
        _area_result(process, area, counts[area.pk], public=public)
        for area in areas_with_projects(process, "margin")
        if area.pk in counts
    ]
    ballots = next((count.result["ballots"] for count in counts.values()), 0)
    return ProcessResult(areas, ballots, public)


def has_public_ballots(process: Process) -> bool:
    """Whether its ballots are published, asked without telling the whole result."""
    votes = Count.objects.filter(area__process=process).values_list(
        "result__protocol__votes", flat=True
    )
    return are_ballots_public(process, list(votes))


def project_result(process: Process, project: Project) -> ProjectResult:
    """What was counted for one project of a published process."""
    count = Count.objects.get(area=project.area_id)
    public = has_public_ballots(process)
    scale = _scale(process, count)
    return _lines(count, scale, {project.ref: project}, public=public)[project.ref]


def _scale(process: Process, count: Count) -> Fraction:
    """Minor units for each unit of a count: a file's whole amounts are counted as they stand."""
    unit = int(amount_from(count.result["protocol"]["unit"]))
    return Fraction(10 ** amounts.precision(process.currency), unit)


def _area_result(process: Process, area: Area, count: Count, *, public: bool) -> AreaResult:
    told, greedy = count.result["protocol"], count.result["greedy"]
    projects = {project.ref: project for project in area.projects.all()}
    scale = _scale(process, count)
    lines = _lines(count, scale, projects, public=public)
    order = [*told["funded"]] if public else sorted(told["funded"])
    order += sorted(set(lines) - set(order), key=lambda ref: (-lines[ref].strength, ref))
    share = scale * amount_from(told["endowment"]) if told["endowment"] else None
    officials = [project.official for project in projects.values()]
    shown = [
        amount
        for line in lines.values()
        for amount in (line.paid, line.left_each, line.needed_each)
        if amount is not None
    ]
    return AreaResult(
        area=area,
        ballot=count.ballot,
        rule=count.rule,
        budget=int(scale * amount_from(told["budget"])),
        spent=int(scale * amount_from(told["spent"])),
        votes=told["votes"],
        reached=count.result["reached"],
        share=share,
        steps=told["steps"],
        lines=[lines[ref] for ref in order],
        greedy_funded=len(greedy["funded"]),
        greedy_reached=greedy["reached"],
        most_share=max([*shown, share or Fraction(0)]),
        longest=(
            max((line.strength for line in lines.values()), default=0)
            if count.ballot in BY_POINTS
            else told["votes"]
        ),
        agrees_with_file=(
            None
            if None in officials or not officials
            else {ref for ref, project in projects.items() if project.official}
            == set(told["funded"])
        ),
    )


def _lines(
    count: Count,
    scale: Fraction,
    projects: Mapping[str, Project],
    *,
    public: bool,
) -> dict[str, ProjectResult]:
    """What was counted for each of these projects of one area."""
    told, greedy = count.result["protocol"], count.result["greedy"]["funded"]
    points = count.result["points"] if count.ballot in BY_POINTS else {}
    payments = {r["project"]: scale * amount_from(r["payment"]) for r in told["rounds"]}
    rows = {row["project"]: row for row in told["projects"]}
    return {
        ref: ProjectResult(
            project=project,
            funded=rows[ref]["funded"],
            points=points.get(ref) if public else None,
            paid=payments.get(ref),
            by_greedy=ref in greedy,
            margin=getattr(project, "margin", None) if public else None,
            **_told(project, rows[ref], scale, public=public),
        )
        for ref, project in projects.items()
    }


def _told(
    project: Project, row: Mapping[str, Any], scale: Fraction, *, public: bool
) -> dict[str, Any]:
    """Votes and reason, and what the chart draws of it."""
    reason = Reason.from_json(row["reason"])
    votes = row["supporters"]
    left = reason.amounts.get("left") if reason.kind.startswith("shares-") else None
    told = sentence(
        reason,
        money=lambda amount: amounts.money(scale * amount, project.process.currency),
        number=amounts.number,
        ngettext=ngettext,
    )
    return {
        "votes": votes if public else 0,
        "reason": told if public else "",
        "left_each": scale * left / votes if left is not None and votes else None,
        "needed_each": Fraction(project.cost, votes) if left is not None and votes else None,
    }


@dataclass(frozen=True)
class RuleOutcome:
    """What one rule funds of an area's ballots, and how that differs from what was decided."""

    rule: str
    label: str
    funded: frozenset[str]
    spent: int
    reached: int
    gained: int
    lost: int


@dataclass(frozen=True)
class AreaByRules:
    """An area's ballots by every rule; `used`, the rule of the rulebook, comes first."""

    area: Area
    by_points: bool
    votes: int
    used: str
    outcomes: Sequence[RuleOutcome]
    rows: Sequence[tuple[Project, Sequence[bool]]]


def by_other_rules(process: Process) -> list[AreaByRules]:
    """The stored counts by every rule; projects that most rules fund come first."""
    counts = {count.area_id: count for count in Count.objects.filter(area__process=process)}
    return [
        _by_rules(area, counts[area.pk])
        for area in areas_with_projects(process)
        if area.pk in counts
    ]


def _by_rules(area: Area, count: Count) -> AreaByRules:
    decided = set(count.result["protocol"]["funded"])
    outcomes = [
        RuleOutcome(
            one["rule"], str(rule_in_words(one["rule"], count.ballot)),
            funded := frozenset(one["funded"]), one["spent"], one["reached"],
            gained=len(funded - decided), lost=len(decided - funded),
        )
        for one in count.result["rules"]
    ]  # fmt: skip
    outcomes.sort(key=lambda one: one.rule != count.rule)
    rows = [(p, [p.ref in one.funded for one in outcomes]) for p in area.projects.all()]
    rows.sort(key=lambda row: -sum(row[1]))
    votes = count.result["protocol"]["votes"]
    return AreaByRules(area, count.ballot in BY_POINTS, votes, count.rule, outcomes, rows)


@dataclass(frozen=True)
class WhatIfTold:
    """An answered question, beside what was decided. Projects stand with the costs asked about.

    `changed` are those whose cost was asked to be another.
    """

    changed: Sequence[tuple[Project, int]]
    funded: Sequence[tuple[Project, int]]
    gained: Sequence[tuple[Project, int]]
    lost: Sequence[tuple[Project, int]]
    spent: int
    reached: int
    reached_before: int
    better: int
    worse: int
    votes: int


def what_if(asked: WhatIf) -> WhatIfTold | None:
    """The answer to a question, project by project; None while there is none."""
    answer, result = asked.answer, asked.area.count.result
    if answer is None:
        return None
    known = {project.ref: project for project in projects(asked.area.process)}
    before, after = result["protocol"]["funded"], answer["funded"]
    costs = {ref: (project, asked.costs.get(ref, project.cost)) for ref, project in known.items()}
    return WhatIfTold(
        changed=[costs[ref] for ref in asked.costs],
        funded=[costs[ref] for ref in after],
        gained=[costs[ref] for ref in after if ref not in before],
        lost=[costs[ref] for ref in before if ref not in after],
        spent=answer["spent"],
        reached=answer["reached"],
        reached_before=result["reached"],
        better=answer["better"],
        worse=answer["worse"],
        votes=answer["votes"],
    )


def lot_seed(process: Process, area: Area) -> str:
    """The seed of the lot that broke ties in this area, as its rulebook or its file has it."""
    book = Rulebook.objects.filter(process=process).values_list("body", flat=True).first()
    return str(book["ties"]["lot_seed"]) if book else str(area.count.input_sha256)


def earlier_votes(process: Process) -> list[Process]:
    """A few votes with public ballots to try its rule on: the institution's own, then others."""
    latest = list(published().exclude(pk=process.pk)[:LATEST])
    votes: dict[int, list[int]] = {one.pk: [] for one in latest}
    counts = Count.objects.filter(area__process__in=votes)
    uncountable = set()
    found = counts.values_list("area__process", "ballot", "result__protocol__votes")
    for pk, ballot, number in found:
        votes[pk].append(number)
        if why_not_supported(process.rule, ballot):
            uncountable.add(pk)
    countable = [one for one in latest if one.pk not in uncountable]
    usable = [one for one in countable if are_ballots_public(one, votes[one.pk])]
    return sorted(usable, key=lambda one: one.institution_id != process.institution_id)[:3]


def phase_steps(process: Process) -> list[tuple[Phase, str]]:
    """The phases in order, each done, now or to come."""
    phases = list(Phase)
    here = phases.index(process.phase)
    last = len(phases) - 1
    return [
        (phase, "done" if place < here or here == last else "now" if place == here else "later")
        for place, phase in enumerate(phases)
    ]
