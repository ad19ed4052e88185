"""The page of one institution: what the four words ask of all, asked of it alone."""

from collections.abc import Mapping
from dataclasses import dataclass

from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, render
from django.urls import reverse
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_safe

from interlock.web.institutions.models import Institution
from interlock.web.institutions.queries import Panel
from interlock.web.observatory import panels, queries
from interlock.web.observatory.figures.figure import Figure, Table
from interlock.web.observatory.figures.strip import Strip
from interlock.web.observatory.models import Portrait
from interlock.web.observatory.views import measures_file

#: What each word asks of one institution; the fourth is not measured but read.
ASKS: Mapping[str, str | Promise] = {
    "connectivity": gettext_lazy("Is it tied to the other world?"),
    "complementarity": gettext_lazy("Has it what others lack, and they what it lacks?"),
    "collaboration": gettext_lazy("Do awards go from the one world to the other?"),
}


@dataclass(frozen=True)
class Part:
    """One word of an institution; without a figure where there is nothing to measure it by."""

    word: panels.Word
    badge: str
    is_clear: bool
    figure: Figure | None


def parts(portrait: Portrait | None, *, csv: str, command: str) -> list[Part]:
    """The three words that are measured."""
    found = portrait.outcome if portrait else {}
    return [
        _part(word, found.get(word.key, []), csv=csv, command=command)
        for word in panels.WORDS
        if word.key in ASKS
    ]


def _part(word: panels.Word, measures: list[panels.Json], *, csv: str, command: str) -> Part:
    if not measures:
        return Part(word, str(panels.FINDINGS["undefined"]), False, None)
    first = measures[0]
    figure = Figure(
        word.key,
        str(ASKS[word.key]),
        # All of them are shares, told in percent.
        Strip.of([panels.row_of(one) for one in measures], (0, 100)),
        panels.finding(first),
        _table(measures),
        how=str(word.not_said),
        csv=csv,
        command=command,
    )
    return Part(
        word,
        str(panels.FINDINGS[first["finding"]]),
        first["finding"] in ("above-chance", "below-chance"),
        figure,
    )


def _table(measures: list[panels.Json]) -> Table:
    """Without intervals: of one institution all is known, and nothing is drawn again."""
    whole = panels.table_of(measures)
    kept = [place for place in range(len(whole.columns)) if place != panels.INTERVAL]
    return Table(
        [whole.columns[place] for place in kept],
        [[row[place] for place in kept] for row in whole.rows],
    )


@require_safe
def institution(request: HttpRequest, slug: str) -> HttpResponse:
    """One institution in the latest edition, each measure beside chance."""
    found = get_object_or_404(Institution.objects.filter(left_at=None), slug=slug)
    portrait = queries.portrait_of(found)
    numbers = reverse("observatory:institution_csv", args=[slug])
    command = f"{portrait.edition.command} --institution {slug}" if portrait else ""
    context = {
        "institution": found,
        "portrait": portrait,
        "edition": portrait.edition if portrait else None,
        "parts": parts(portrait, csv=numbers, command=command),
        "policies": queries.policies_of(found),
        "numbers": numbers,
    }
    return render(request, "observatory/institution.html", context)


@require_safe
def table(request: HttpRequest, slug: str) -> HttpResponse:
    """The measures of one institution, one a line."""
    found = get_object_or_404(Institution.objects.filter(left_at=None), slug=slug)
    portrait = queries.portrait_of(found)
    return measures_file(
        portrait.outcome if portrait else {},
        f"measures-{slug}.csv",
        is_synthetic=found.is_synthetic or bool(portrait and portrait.edition.is_synthetic),
    )


def panel(institution: Institution, _reader: object) -> Panel | None:
    """The way from an institution's page to how it interlocks."""
    if institution.left_at:
        return None
    return Panel("observatory/institution_panel.html", {"slug": institution.slug})
