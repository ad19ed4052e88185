"""The ties of an edition as figures: which kinds are tied to which, and who is tied to whom."""

from collections.abc import Iterator, Mapping
from typing import Any

from django.utils.functional import Promise
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext

from interlock.web.look import amounts
from interlock.web.observatory.figures.figure import Column, Figure, Table
from interlock.web.observatory.figures.matrix import Cell, Matrix
from interlock.web.observatory.figures.network import Network, Node, Sign
from interlock.web.observatory.models import Edition
from interlock.web.observatory.panels import beside_chance

Json = Mapping[str, Any]

#: So many of those with most ties to the other world are named in the picture.
NAMED = 6
KINDS: Mapping[str, tuple[Sign, str | Promise]] = {
    "pb": ("public", gettext_lazy("Budgets")),
    "coop": ("co-op", gettext_lazy("Co-ops")),
    "both": ("both", gettext_lazy("Both worlds")),
    "other": ("other", gettext_lazy("Other kinds")),
}
WORLDS = {"pb": {"pb"}, "coop": {"coop"}, "both": {"pb", "coop"}, "other": set[str]()}
#: The darkest field has this many times as many ties as chance gives.
MOST_TIMES = 2.0


def joins_worlds(one: str, other: str) -> bool:
    """Whether a tie of these two kinds joins the two worlds; somebody of both joins them with any of either."""
    mine, theirs = WORLDS[one], WORLDS[other]
    return ("pb" in mine and "coop" in theirs) or ("coop" in mine and "pb" in theirs)


def figures(edition: Edition, names: Mapping[str, str], *, csv: str, command: str) -> list[Figure]:
    """Both, where there are ties at all. `names` tells what the institutions that are drawn are called."""
    picture = edition.outcome.get("picture", {})
    if not picture.get("ties"):
        return []
    return [
        _by_kinds(edition.outcome["kinds"], csv=csv, command=command),
        _drawn(picture, edition.outcome["institutions"], names, command=command),
    ]


def drawn(edition: Edition) -> list[str]:
    """The slugs of the institutions that are drawn."""
    return [one["id"] for one in edition.outcome.get("picture", {}).get("institutions", [])]


def _by_kinds(mixed: list[Json], *, csv: str, command: str) -> Figure:
    here = [kind for kind in KINDS if any(kind in (one["one"], one["other"]) for one in mixed)]
    between = {frozenset((one["one"], one["other"])): one["ties"] for one in mixed}
    heads = [str(KINDS[kind][1]) for kind in here]
    cells = [[_cell(between[frozenset((one, other))]) for other in here] for one in here]
    columns = (
        Column(_("Between"), numbers=False),
        Column(_("Ties")),
        Column(_("What chance gives")),
        Column(_("Times as many")),
        Column(_("p")),
    )
    worlds = between.get(frozenset(("pb", "coop")))
    return Figure(
        "kinds",
        _("Which kinds are tied"),
        Matrix.of(heads, heads, cells, (0.0, MOST_TIMES)),
        _between_worlds(worlds) if worlds else _without(mixed),
        Table(columns, [_line(one) for one in mixed]),
        how=_(
            "Each field tells how many ties join the two kinds, and how many times as many that is as chance "
            "gives where each institution keeps as many ties as it has."
        ),
        csv=csv,
        command=command,
    )


def _cell(ties: Json) -> Cell:
    number, times = amounts.number(round(ties["value"])), _times(ties)
    if times is None:
        return Cell(None, number)
    return Cell(times, f"{number} · {amounts.number(_short(times))}×")


def _times(ties: Json) -> float | None:
    """How many times as many as chance gives; None where chance gives none."""
    mean = ties["chance"]["mean"]
    return ties["value"] / mean if mean else None


def _short(times: float) -> float:
    return round(times) if times >= 10 else round(times, 1)


def _line(mixed: Json) -> list[str]:
    ties, times = mixed["ties"], _times(mixed["ties"])
    p = ties["chance"]["p"]
    return [
        f"{KINDS[mixed['one']][1]} – {KINDS[mixed['other']][1]}",
        amounts.number(round(ties["value"])),
        _span(ties["chance"]),
        "–" if times is None else amounts.number(_short(times)),
        "–" if p is None else amounts.number(float(f"{p:.2g}")),
    ]


def _span(beside: Json) -> str:
    if beside["low"] is None:
        return "–"
    return f"{amounts.number(round(beside['low']))} – {amounts.number(round(beside['high']))}"


def _without(mixed: list[Json]) -> str:
    """What to say where nobody is of the one world alone and another of the other."""
    if any(joins_worlds(one["one"], one["other"]) for one in mixed):
        return _("Only those of both worlds can join the two here.")
    return _("There is only one of the two worlds here.")


def _between_worlds(ties: Json) -> str:
    many = round(ties["value"])
    said = ngettext(
        "Between budgets and co-ops there is %(number)s tie.",
        "Between budgets and co-ops there are %(number)s ties.",
        many,
    ) % {"number": amounts.number(many)}
    if ties["chance"]["low"] is None:
        return said
    return f"{said} {beside_chance(ties, lambda number: amounts.number(round(number)))}"


def _drawn(
    picture: Json, kinds: Mapping[str, int], names: Mapping[str, str], *, command: str
) -> Figure:
    listed, ties = picture["institutions"], picture["ties"]
    crossing = [
        (one, other, joins_worlds(listed[one]["kind"], listed[other]["kind"]))
        for one, other in ties
    ]
    across = [0] * len(listed)
    for one, other, is_across in crossing:
        across[one] += is_across
        across[other] += is_across
    ranked = sorted(range(len(listed)), key=lambda at: (-across[at], -listed[at]["ties"], at))
    order = {at: rank for rank, at in enumerate(ranked)}
    called = [names.get(one["id"], one["id"]) for one in listed]
    nodes = {
        at: Node(
            one["x"] / 1000, one["y"] / 1000, KINDS[one["kind"]][0], called[at], order[at] < NAMED
        )
        for at, one in enumerate(listed)
    }
    columns = (
        Column(_("Institution"), numbers=False),
        Column(_("Kind"), numbers=False),
        Column(_("Ties")),
        Column(_("Lines to the other world")),
        Column(_("Tied to"), numbers=False),
    )
    rows = [
        [
            called[at],
            str(KINDS[listed[at]["kind"]][1]),
            amounts.number(listed[at]["ties"]),
            amounts.number(across[at]),
            ", ".join(_beside(at, ties, called)),
        ]
        for at in ranked
    ]
    return Figure(
        "network",
        _("Who is tied to whom"),
        Network.of(
            [nodes[at] for at in ranked],
            [(order[one], order[other], is_across) for one, other, is_across in crossing],
        ),
        " ".join(_told(picture, sum(kinds.values()), sum(one[2] for one in crossing))),
        Table(columns, rows),
        how=_(
            "Who is few ties apart stands near. Where in the picture somebody stands says nothing else, and "
            "nothing of where they are."
        ),
        command=f"{command} --json",
        is_tie=False,
    )


def _beside(at: int, ties: list[list[int]], called: list[str]) -> list[str]:
    return sorted(called[other if one == at else one] for one, other in ties if at in (one, other))


def _told(picture: Json, institutions: int, across: int) -> Iterator[str]:
    shown, tied = len(picture["institutions"]), picture["tied"]
    told = {"shown": amounts.number(shown), "tied": amounts.number(tied)}
    if shown < tied:
        yield _(
            "Drawn are the %(shown)s institutions with most ties, of %(tied)s that have any."
        ) % (told)
    else:
        yield _("Drawn are all %(tied)s institutions that have a tie.") % told
    if untied := institutions - tied:
        yield ngettext("%(number)s has none.", "%(number)s have none.", untied) % {
            "number": amounts.number(untied)
        }
    yield ngettext(
        "%(number)s of the lines joins the two worlds.",
        "%(number)s of the lines join the two worlds.",
        across,
    ) % {"number": amounts.number(across)}
