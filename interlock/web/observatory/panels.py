"""What the profile pages say: the four words of a place, each measure beside what chance gives.

An edition's numbers were worked out by the worker (`measuring`); here they get words and drawings.
Never one score: its weights would be anybody's.
"""

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any, TypeGuard

from django.utils.functional import Promise
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from interlock.methods.places.metros import metros
from interlock.methods.places.states import states
from interlock.web.look import amounts
from interlock.web.observatory.figures.figure import Column, Figure, Table
from interlock.web.observatory.figures.rows import Row
from interlock.web.observatory.figures.strip import Strip
from interlock.web.observatory.figures.timeline import TimeLine
from interlock.web.observatory.models import Edition

Json = Mapping[str, Any]


@dataclass(frozen=True)
class Told:
    """A measure in words: what it is called, and what it says of its value. A share is told in percent."""

    title: str | Promise
    said: str | Promise
    is_share: bool = True


#: The measures that a panel draws, in this order; the first gives its finding.
DRAWN: Mapping[str, tuple[str, ...]] = {
    "connectivity": ("across", "bridging-share", "reach", "joined-worlds"),
    "complementarity": ("met-tied", "met-worlds", "met-place", "met-anywhere"),
    "collaboration": ("share-of-money", "share-of-awards", "repeated-ties"),
    "convergence": ("third-order", "second-order", "first-order"),
}

TOLD: Mapping[str, Told] = {
    "across": Told(
        gettext_lazy("Ties that run between the two worlds"),
        gettext_lazy("Of all ties, %(value)s run between participatory budgets and co-ops."),
    ),
    "bridging-share": Told(
        gettext_lazy("Who has a tie to the other world"),
        gettext_lazy("Of those who have any tie, %(value)s have one to the other world."),
    ),
    "reach": Told(
        gettext_lazy("Pairs two ties apart at most"),
        gettext_lazy("Of all pairs of one of each world, %(value)s are two ties apart at most."),
    ),
    "joined-worlds": Told(
        gettext_lazy("Pairs joined by any chain"),
        gettext_lazy(
            "Of all pairs of one of each world, %(value)s are joined by some chain of ties."
        ),
    ),
    "joined-without-hubs": Told(
        gettext_lazy("The same without those with most ties"),
        gettext_lazy("Without those with most ties, %(value)s of all pairs would still be joined."),
    ),
    "largest-component": Told(
        gettext_lazy("Institutions in the largest part that hangs together"),
        gettext_lazy("Of all institutions, %(value)s are in the largest part that hangs together."),
    ),
    "density": Told(
        gettext_lazy("Pairs that are tied"), gettext_lazy("Of all pairs, %(value)s are tied.")
    ),
    "mean-degree": Told(
        gettext_lazy("Ties of an institution"),
        gettext_lazy("An institution has %(value)s ties on average."),
        is_share=False,
    ),
    "external-internal": Told(
        gettext_lazy("Ties outwards less ties within (from -1 to 1)"),
        gettext_lazy("Ties outwards less ties within, by all ties: %(value)s."),
        is_share=False,
    ),
    "assortativity": Told(
        gettext_lazy("Like with like (from -1 to 1)"),
        gettext_lazy("Like goes with like by %(value)s, on a scale from -1 to 1."),
        is_share=False,
    ),
    "coordinator": Told(
        gettext_lazy("Go-betweens among their own kind"),
        gettext_lazy("Of all go-betweens, %(value)s stand among their own kind."),
    ),
    "itinerant": Told(
        gettext_lazy("Go-betweens of two of another kind"),
        gettext_lazy("Of all go-betweens, %(value)s stand between two of another kind."),
    ),
    "gatekeeper": Told(
        gettext_lazy("Go-betweens at the door of their own kind"),
        gettext_lazy("Of all go-betweens, %(value)s stand at the door of their own kind."),
    ),
    "liaison": Told(
        gettext_lazy("Go-betweens of three kinds"),
        gettext_lazy("Of all go-betweens, %(value)s join two kinds and are of a third."),
    ),
    "met-tied": Told(
        gettext_lazy("Needs met by those tied"),
        gettext_lazy("Of all that is needed, those who are tied already could give %(value)s."),
    ),
    "met-worlds": Told(
        gettext_lazy("Needs met by the other world"),
        gettext_lazy("Of all that is needed, the other world offers %(value)s."),
    ),
    "met-place": Told(
        gettext_lazy("Needs met in the same place"),
        gettext_lazy("Of all that is needed, %(value)s is offered in the same place."),
    ),
    "met-anywhere": Told(
        gettext_lazy("Needs met anywhere"),
        gettext_lazy("Of all that is needed, %(value)s is offered somewhere."),
    ),
    "complementary-ties": Told(
        gettext_lazy("Tied pairs want the same and offer different things"),
        gettext_lazy(
            "Pairs that are tied want the same and offer different things by %(value)s more than pairs "
            "that are not."
        ),
        is_share=False,
    ),
    "complementary-t": Told(
        gettext_lazy("The same beside kind and place (t)"),
        gettext_lazy("Beside kind and place its t is %(value)s."),
        is_share=False,
    ),
    "nodf": Told(
        gettext_lazy("How far small offers are part of large ones (0 to 100)"),
        gettext_lazy("Offers are nested by %(value)s, on a scale from 0 to 100."),
        is_share=False,
    ),
    "share-of-money": Told(
        gettext_lazy("Money that co-ops deliver"),
        gettext_lazy(
            "Of the money that was awarded of what residents chose, co-ops deliver %(value)s."
        ),
    ),
    "share-of-awards": Told(
        gettext_lazy("Awards that co-ops deliver"),
        gettext_lazy("Of the awards, co-ops deliver %(value)s."),
    ),
    "repeated-ties": Told(
        gettext_lazy("Awards to a co-op that came back"),
        gettext_lazy(
            "Of the awards to co-ops, %(value)s went to one that the same body had chosen before."
        ),
    ),
    "joint-projects-a-year": Told(
        gettext_lazy("Awards to co-ops a year, by an institution"),
        gettext_lazy("An institution has %(value)s awards to or as a co-op a year."),
        is_share=False,
    ),
    "money-to-coops": Told(
        gettext_lazy("Money that co-ops deliver, in cents"),
        gettext_lazy("Co-ops deliver for %(value)s cents."),
        is_share=False,
    ),
    "concentration": Told(
        gettext_lazy("How far the money goes to few (0 to 1)"),
        gettext_lazy("The money goes to few by %(value)s, where 1 is to one alone."),
        is_share=False,
    ),
    "second-tie-in-a-year": Told(
        gettext_lazy("Who meets again within a year"),
        gettext_lazy("Of a body and a co-op who met, %(value)s do so again within a year."),
    ),
    "difference-of-days-late": Told(
        gettext_lazy("Days that co-ops end later than others with the like"),
        gettext_lazy(
            "Co-ops end %(value)s days later than others with work of the same kind and size."
        ),
        is_share=False,
    ),
    "multiplexity": Told(
        gettext_lazy("Kinds of tie between two who are tied"),
        gettext_lazy("Two who are tied are so in %(value)s ways on average."),
        is_share=False,
    ),
    "reciprocity": Told(
        gettext_lazy("Ties that go both ways"), gettext_lazy("Of the ties, %(value)s go both ways.")
    ),
    "own-across": Told(
        gettext_lazy("Tied to the other world"),
        gettext_lazy("Of those it is tied to, %(value)s are of the other world."),
    ),
    "own-reach": Told(
        gettext_lazy("The other world within two ties"),
        gettext_lazy("Of the other world, %(value)s are two ties away at most."),
    ),
    "own-needs-tied": Told(
        gettext_lazy("Needs met by those it is tied to"),
        gettext_lazy("Of what it needs, those it is tied to offer %(value)s."),
    ),
    "own-needs-worlds": Told(
        gettext_lazy("Needs met by the other world"),
        gettext_lazy("Of what it needs, the other world offers %(value)s."),
    ),
    "own-offers-tied": Told(
        gettext_lazy("Offers that those it is tied to need"),
        gettext_lazy("Of what it offers, those it is tied to need %(value)s."),
    ),
    "own-awards": Told(
        gettext_lazy("Awards that went to co-ops"),
        gettext_lazy("Of what it awarded, %(value)s went to co-ops."),
    ),
    "own-won": Told(
        gettext_lazy("Awards that it had or sought, and had"),
        gettext_lazy("Of the awards that it had or sought, it had %(value)s."),
    ),
    "third-order": Told(
        gettext_lazy("Policies that change goals"),
        gettext_lazy("Of the policies that two people coded alike, %(value)s change goals."),
    ),
    "second-order": Told(
        gettext_lazy("Policies that change instruments"),
        gettext_lazy("Of the policies that two people coded alike, %(value)s change instruments."),
    ),
    "first-order": Told(
        gettext_lazy("Policies that change settings"),
        gettext_lazy("Of the policies that two people coded alike, %(value)s change settings."),
    ),
    "direction": Told(
        gettext_lazy("Policies towards interlocking less those away (from -1 to 1)"),
        gettext_lazy("Policies towards interlocking less those away from it: %(value)s."),
        is_share=False,
    ),
    "alpha-ordinal": Told(
        gettext_lazy("How far two coders agree on the order (alpha)"),
        gettext_lazy("Two coders agree on the order by %(value)s, where 1 is always."),
        is_share=False,
    ),
    "alpha-nominal": Told(
        gettext_lazy("How far two coders agree on the direction (alpha)"),
        gettext_lazy("Two coders agree on the direction by %(value)s, where 1 is always."),
        is_share=False,
    ),
    "sigma": Told(
        gettext_lazy("How far places differ, later less earlier"),
        gettext_lazy("Places differ by %(value)s more later than earlier."),
        is_share=False,
    ),
}

FINDINGS: Mapping[str, str | Promise] = {
    "above-chance": gettext_lazy("More than chance"),
    "below-chance": gettext_lazy("Less than chance"),
    "within-chance": gettext_lazy("Within chance"),
    "described": gettext_lazy("Described"),
    "undefined": gettext_lazy("Nothing to measure"),
    "too-few-draws": gettext_lazy("Too few draws"),
}


@dataclass(frozen=True)
class Word:
    """One of the essay's four words: its question, and what its panel cannot say."""

    key: str
    title: str | Promise
    asks: str | Promise
    not_said: str | Promise


WORDS = (
    Word(
        "connectivity",
        gettext_lazy("Connectivity"),
        gettext_lazy("Are they tied together at all?"),
        gettext_lazy("A tie that nobody entered is not counted."),
    ),
    Word(
        "complementarity",
        gettext_lazy("Complementarity"),
        gettext_lazy("Does the one have what the other lacks?"),
        gettext_lazy(
            "It compares what is listed. Whether an offer would do is for the two to say."
        ),
    ),
    Word(
        "collaboration",
        gettext_lazy("Collaboration"),
        gettext_lazy("Does what residents chose go to co-ops?"),
        gettext_lazy(
            "It counts what was awarded on this site, and nothing that happened elsewhere."
        ),
    ),
    Word(
        "convergence",
        gettext_lazy("Convergence"),
        gettext_lazy("Do they come to want the same?"),
        gettext_lazy(
            "Policies are coded by people. What members and residents say is in the surveys."
        ),
    ),
)


@dataclass(frozen=True)
class Panel:
    """One word of a place on a day: what was found, drawn and as a table.

    `small` draws its first measure alone, `every` has all of them. Where nothing can be measured there
    are no figures.
    """

    word: Word
    badge: str
    is_clear: bool
    finding: str
    figures: tuple[Figure, ...]
    small: Strip
    every: Table


def panels(
    edition: Edition, coded: Json, before: Sequence[Edition], *, csv: str, command: str
) -> list[Panel]:
    """The four, in the essay's order. `coded` are the measures of policies; `before` earlier editions."""
    return [_panel(word, edition, coded, before, csv=csv, command=command) for word in WORDS]


def _panel(
    word: Word,
    edition: Edition,
    coded: Json,
    before: Sequence[Edition],
    *,
    csv: str,
    command: str,
) -> Panel:
    is_coded = word.key == "convergence"
    measures = list(coded.values()) if is_coded else edition.outcome.get(word.key, [])
    by_name = _first_by_name(measures)
    first = by_name.get(DRAWN[word.key][0])
    if not is_known(first):
        badge = str(FINDINGS["undefined"])
        return Panel(word, badge, False, finding(None), (), Strip.of([]), table_of(measures))
    changes = _over_time(word, [*before, edition])
    drawn = [one for name in DRAWN[word.key] if is_known(one := by_name.get(name))]
    figure = Figure(
        word.key,
        str(word.asks),
        Strip.of([row_of(one) for one in drawn]),
        finding(first),
        short_table(drawn),
        how=str(word.not_said),
        csv="" if is_coded else csv,
        command="" if is_coded else command,
    )
    return Panel(
        word,
        str(FINDINGS[first["finding"]]),
        first["finding"] in ("above-chance", "below-chance"),
        figure.finding,
        (figure, *([changes] if changes else [])),
        Strip.of([replace(row_of(first), label="", told="")]),
        table_of(measures),
    )


def is_known(one: Json | None) -> TypeGuard[Json]:
    return one is not None and one["value"] is not None


def _first_by_name(measures: Sequence[Json]) -> dict[str, Json]:
    """Of a measure beside two worlds of chance the first, which knows how many ties each has."""
    found: dict[str, Json] = {}
    for one in measures:
        found.setdefault(one["name"], one)
    return found


def row_of(one: Json) -> Row:
    """A measure as a strip draws it."""
    near, beside = one["interval"], one["chance"]
    told = TOLD[one["name"]]
    times = 100 if told.is_share else 1

    def ends(of: Json | None) -> tuple[float, float] | None:
        if of is None or of["low"] is None or of["high"] is None:
            return None
        return times * of["low"], times * of["high"]

    low, high = ends(near) or (None, None)
    return Row(
        times * one["value"],
        low,
        high,
        ends(beside),
        str(told.title),
        value_of(one["name"], one["value"]),
    )


def value_of(name: str, value: float | None) -> str:
    """A measure's value as people read it.

    A share is told in whole percent, of which a tenth is told where it is less than one.
    """
    if value is None:
        return "–"
    if name in TOLD and TOLD[name].is_share:
        return f"{amounts.number(_short(100 * value))}%"
    return amounts.number(_short(value))


def _short(value: float) -> float:
    """Two figures at least, and no decimals from ten on."""
    return round(value) if abs(value) >= 10 else float(f"{value:.2g}")


def finding(one: Json | None) -> str:
    """What a measure says, in one sentence or two."""
    if not is_known(one):
        return _("There is nothing yet to measure it by.")
    name, beside = one["name"], one["chance"]
    said = str(TOLD[name].said) % {"value": value_of(name, one["value"])}
    if beside is None or beside["low"] is None:
        return said
    return f"{said} {beside_chance(one, lambda value: value_of(name, value))}"


def beside_chance(one: Json, written: Callable[[float], str]) -> str:
    """What chance alone would give of a measure beside chance, its numbers as they are `written`."""
    beside = one["chance"]
    if beside["low"] == beside["high"] == one["value"]:
        return _("Whatever chance does, it leaves no other answer.")
    told = {
        "above-chance": _("Chance alone would give %(low)s to %(high)s, so this is more."),
        "below-chance": _("Chance alone would give %(low)s to %(high)s, so this is less."),
    }.get(
        one["finding"],
        _("Chance alone would give %(low)s to %(high)s: these records cannot tell it from chance."),
    )
    return told % {"low": written(beside["low"]), "high": written(beside["high"])}


def short_table(measures: Sequence[Json]) -> Table:
    """What a figure draws."""
    whole = table_of(measures)
    return Table(whole.columns[:4], [row[:4] for row in whole.rows])


#: Which column of a table of measures tells the interval.
INTERVAL = 2


def table_of(measures: Sequence[Json]) -> Table:
    """Measures with all that it takes to judge them."""
    columns = (
        Column(_("Measure"), numbers=False),
        Column(_("Found")),
        Column(_("Interval of 95%")),
        Column(_("What chance gives")),
        Column(_("p")),
        Column(_("Of how many")),
    )
    return Table(columns, list(_lines(measures)))


def _lines(measures: Sequence[Json]) -> Iterator[Sequence[str]]:
    for one in measures:
        name = one["name"]
        near, beside = one["interval"], one["chance"]
        title = str(TOLD[name].title) if name in TOLD else name
        yield (
            title,
            value_of(name, one["value"]),
            _span(name, near),
            _span(name, beside),
            amounts.number(_short(beside["p"])) if beside and beside["p"] is not None else "",
            amounts.number(one["n"]),
        )


def _span(name: str, of: Json | None) -> str:
    if of is None or of["low"] is None or of["high"] is None:
        return ""
    return f"{value_of(name, of['low'])} – {value_of(name, of['high'])}"


def _over_time(word: Word, editions: Sequence[Edition]) -> Figure | None:
    """The first measure of a word, edition by edition; none where there is but one."""
    name = DRAWN[word.key][0]
    rows, lines = [], []
    for edition in editions:
        one = _first_by_name(edition.outcome.get(word.key, [])).get(name)
        if not is_known(one):
            continue
        row = row_of(one)
        day = amounts.calendar_day(edition.day)
        rows.append(
            Row(row.value, row.low, row.high, row.chance, edition.day.isoformat()[:7], row.told)
        )
        lines.append((day, row.told, _span(name, one["interval"]), _span(name, one["chance"])))
    if len(rows) < 2:
        return None
    columns = (
        Column(_("Day"), numbers=False),
        Column(_("Found")),
        Column(_("Interval of 95%")),
        Column(_("What chance gives")),
    )
    told = {"title": str(TOLD[name].title), "before": lines[0][1], "now": lines[-1][1]}
    return Figure(
        f"{word.key}-over-time",
        _("%(title)s, over time") % told,
        TimeLine.of(rows),
        _("First %(before)s, now %(now)s.") % told,
        Table(columns, lines),
        is_tie=False,
    )


def place_name(place: str) -> str:
    """What a place of editions is called."""
    if not place:
        return _("Everywhere")
    if metro := metros().get(place):
        return metro.name
    code = place.removeprefix("US-")
    return next((state.name for state in states() if state.code == code), place)
