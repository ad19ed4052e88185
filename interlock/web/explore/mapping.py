"""The register as a map: what lies where, grouped by the database, and where each mark is drawn.

Three levels in the United States: the country by states, a state by counties, a county by what lies
near each other. Any other country is drawn by what lies near each other, in its boundaries if whoever
runs the site has placed them. However much there is, a map asks the same number of questions and
draws no more than MOST_MARKS marks.
"""

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from functools import cached_property
from math import ceil, floor, sqrt
from typing import Any
from urllib.parse import urlencode

from django.db.models import Avg, Case, Count, F, Max, Min, Q, QuerySet, Value, When
from django.db.models.functions import Floor, Lower, Substr
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from interlock.methods.places.atlas import Shape, State, Window, united_states, window_on
from interlock.methods.places.marks import Disc, spread
from interlock.methods.places.projection import HEIGHT, WIDTH, Bounds, Point
from interlock.methods.places.states import state_of, states
from interlock.web.explore.boundaries import US, Ground, ground_of
from interlock.web.institutions.models import Group, Institution, Kind
from interlock.web.institutions.queries import Wanted, countries, matching
from interlock.web.institutions.whereabouts import MIDDLES, county_name
from interlock.web.look import amounts

#: The drawing on the page, in units of its view box.
PAGE_WIDTH, PAGE_HEIGHT = 612.0, 383.0
RATIO = PAGE_WIDTH / PAGE_HEIGHT
MOST_MARKS = 400
MOST_NAMED = 100
#: So many cells a map is across where things are grouped by what lies near.
CELLS = 18
#: Degrees of latitude a unit of the frame of the United States, and what one of longitude is beside.
LOWER_48_UNIT, ALASKA_UNIT = (0.0441, 0.78), (0.126, 0.45)


@dataclass(frozen=True)
class Sum:
    """How many there are, by the alphabet of the map."""

    number: int = 0
    public: int = 0
    coops: int = 0
    #: How many of them are made up.
    made_up: int = 0

    @property
    def others(self) -> int:
        return self.number - self.public - self.coops

    @property
    def sign(self) -> str:
        """Which sign of the alphabet is drawn: both, public, co-op, other."""
        if self.public and self.coops:
            return "both"
        return "public" if self.public else "co-op" if self.coops else "other"

    @property
    def told(self) -> str:
        """As a sentence tells it: "2 public bodies, 5 co-ops"."""
        parts = (
            (
                self.public,
                ngettext("%(number)s public body", "%(number)s public bodies", self.public),
            ),
            (self.coops, ngettext("%(number)s co-op", "%(number)s co-ops", self.coops)),
            (self.others, ngettext("%(number)s other", "%(number)s others", self.others)),
        )
        some = [text % {"number": amounts.number(number)} for number, text in parts if number]
        return ", ".join(some) or _("nobody")

    def __add__(self, other: "Sum") -> "Sum":
        return Sum(
            self.number + other.number,
            self.public + other.public,
            self.coops + other.coops,
            self.made_up + other.made_up,
        )


@dataclass(frozen=True)
class Cluster:
    """Institutions of one area, or near each other where no area is known."""

    area: str
    sum: Sum
    first: int
    #: How many are drawn at the middle of their town, ZIP code or county.
    rough: int = 0
    latitude: float | None = None
    longitude: float | None = None
    cell: Bounds | None = None


@dataclass(frozen=True)
class Mark:
    """A sign on the map: where it is drawn, how large, what it stands for and where it leads."""

    x: float
    y: float
    radius: float
    sum: Sum
    name: str
    url: str
    #: Whether it stands for one institution and leads to its page.
    alone: bool = False
    #: Its own place, where it had to give way.
    home: Point | None = None

    @property
    def below(self) -> float:
        return self.radius + 14

    @property
    def label(self) -> str:
        """An institution's name; or an area's, and who is there. What is made up is called so."""
        name = self.name if self.alone else f"{self.name}: {self.sum.told}"
        if not self.sum.made_up:
            return name
        if self.sum.made_up == self.sum.number:
            return _("%(name)s (made up)") % {"name": name}
        told = {"name": name, "number": amounts.number(self.sum.made_up)}
        return _("%(name)s (of these made up: %(number)s)") % told

    @property
    def reach(self) -> float:
        """The half of what a finger may touch."""
        return self.radius + 7


@dataclass(frozen=True)
class Drawn:
    """An area on the map, and where it leads."""

    path: str
    name: str
    url: str
    filled: bool


@dataclass(frozen=True)
class Layer:
    """Areas that are drawn alike, and how their paths are moved into the frame."""

    drawn: Sequence[Drawn]
    transform: str
    faint: bool = False
    #: So many units of a path are one of the frame.
    units: int = 1


@dataclass(frozen=True)
class Row:
    """A line of the table that says the same as the map."""

    name: str
    url: str
    sum: Sum
    code: str = ""
    latitude: float | None = None
    longitude: float | None = None


@dataclass(frozen=True)
class Step:
    """A step of the way out: from the country to what is seen."""

    name: str
    url: str


@dataclass(frozen=True)
class Other:
    """Another country with institutions."""

    code: str
    name: str
    number: int
    url: str


@dataclass(frozen=True)
class Line:
    """A line of the graticule and its degrees."""

    path: str
    text: str
    x: float
    y: float
    anchor: str = "start"


def look(wanted: Wanted) -> "Picture":
    """The map of what a reader looks for."""
    kinds = list(Kind.objects.all())
    anywhere = replace(wanted, country="", region="", state="", county="", box=None)
    found = matching(anywhere, kinds)
    by_country: dict[str, Mapping[str, Any]] = {
        one["country"]: one
        for one in found.values("country").annotate(
            number=Count("pk"),
            west=Min("longitude"),
            south=Min("latitude"),
            east=Max("longitude"),
            north=Max("latitude"),
        )
    }
    numbers = {code: int(one["number"]) for code, one in by_country.items()}
    country = wanted.country or (US if wanted.state else _largest(numbers))
    about = by_country.get(country)
    around = (
        (about["west"], about["south"], about["east"], about["north"])
        if about and about["west"] is not None
        else None
    )
    region = state_of(wanted.region) if country == US else None
    if country != US:
        wanted = replace(wanted, state="", county="")
    elif region and not wanted.state:
        wanted = replace(wanted, state=region.fips)
    return Picture(
        replace(wanted, country=country, region=""), kinds, numbers, ground_of(country, around)
    )


def _largest(numbers: Mapping[str, int]) -> str:
    named = {code: number for code, number in numbers.items() if code}
    return max(sorted(named), key=lambda code: named[code], default=US)


class Picture:
    """One map: everything on it is worked out when it is asked for, once."""

    width, height = PAGE_WIDTH, PAGE_HEIGHT

    def __init__(
        self, wanted: Wanted, kinds: Sequence[Kind], numbers: Mapping[str, int], ground: Ground
    ) -> None:
        self.wanted = wanted
        self.kinds = kinds
        self.numbers = numbers
        self.ground = ground
        self.state: State | None = united_states().states.get(wanted.state)
        self.county: Shape | None = self.state.county(wanted.county) if self.state else None

    # What is looked at.

    @property
    def level(self) -> str:
        """ "country" by states, "state" by counties, or "near": by what lies near each other."""
        if self.wanted.country != US or self.wanted.box or self.wanted.county:
            return "near"
        return "state" if self.state else "country"

    @property
    def name(self) -> str:
        """What the map shows."""
        if self.county:
            return county_name(self.county.id)
        if self.state:
            return self.state.name
        return countries().get(self.wanted.country, self.wanted.country)

    @property
    def way_out(self) -> list[Step]:
        """From the country down to what is seen, without the last."""
        country = countries().get(self.wanted.country, self.wanted.country)
        steps = [Step(country, self.address(state="", county="", box=""))]
        if self.state:
            steps.append(Step(self.state.name, self.address(county="", box="")))
        if self.county:
            steps.append(Step(county_name(self.county.id), self.address(box="")))
        if self.wanted.box:
            steps.append(Step(_("a part of it"), ""))
        return steps[:-1]

    @property
    def others(self) -> list[Other]:
        """The countries with institutions, the most first."""
        names = countries()
        return [
            Other(code, names.get(code, code), number, self.address(country=code, **NOWHERE))
            for code, number in sorted(self.numbers.items(), key=lambda one: (-one[1], one[0]))
            if code
        ]

    @property
    def without_country(self) -> int:
        return self.numbers.get("", 0)

    def address(self, **changes: str) -> str:
        """The address of this map with something changed."""
        return "?" + urlencode(self._asked(changes))

    @property
    def list_address(self) -> str:
        """The list of what is seen."""
        return f"{reverse('institutions:register')}?{urlencode(self._asked({}))}"

    @property
    def csv_address(self) -> str:
        return f"{reverse('explore:map_csv')}?{urlencode(self._asked({}))}"

    @property
    def points_address(self) -> str:
        return f"{reverse('explore:points')}?{urlencode(self._asked({}))}"

    def _asked(self, changes: Mapping[str, str]) -> dict[str, str]:
        asked = {**self.wanted.asked, **changes}
        return {name: said for name, said in asked.items() if said}

    @cached_property
    def window(self) -> Window:
        if self.wanted.box and (box := self.ground.box(self.wanted.box)):
            return window_on(box, ratio=RATIO)
        if self.county:
            return window_on(self.county.box, ratio=RATIO, margin=0.12)
        if self.state:
            return window_on(self.state.fine.box, ratio=RATIO)
        return Window(0, 0, WIDTH, WIDTH / RATIO)

    # What lies where.

    @cached_property
    def clusters(self) -> list[Cluster]:
        """What lies where, the largest first: one question."""
        found = matching(self.wanted, self.kinds)
        asked = self._by_area(found)
        rows = (
            asked.values("area", "row", "column")
            .annotate(
                number=Count("pk"),
                public=Count("pk", filter=Q(kind__in=self._kinds(Group.PUBLIC))),
                coops=Count("pk", filter=Q(kind__in=self._kinds(Group.COOPERATIVE))),
                made_up=Count("pk", filter=Q(is_synthetic=True)),
                rough=Count("pk", filter=Q(placed_by__in=MIDDLES)),
                latitude=Avg("latitude"),
                longitude=Avg("longitude"),
                first=Min("pk"),
            )
            .order_by()
        )
        return _merged(self._cluster(row) for row in rows)

    def _kinds(self, group: Group) -> list[str]:
        return [kind.pk for kind in self.kinds if kind.group == group]

    def _by_area(self, found: QuerySet[Institution]) -> QuerySet[Any]:
        """Each with its area, if one is known on this level, or else with its cell."""
        if self.level == "country":
            spelled = [name.lower() for one in states() for name in (one.name, one.code)]
            area = Case(
                When(~Q(county=""), then=Substr("county", 1, 2)),
                When(folded__in=spelled, then=F("folded")),
                default=Value(""),
            )
            found = found.annotate(folded=Lower("region"))
        elif self.level == "state":
            area = Case(When(~Q(county=""), then=F("county")), default=Value(""))
        else:
            area = Case(default=Value(""))
        high, wide = self._cell
        return found.annotate(area=area).annotate(
            row=Case(When(area="", then=Floor(F("latitude") / high))),
            column=Case(When(area="", then=Floor(F("longitude") / wide))),
        )

    @cached_property
    def _cell(self) -> tuple[float, float]:
        """The height and width of a cell in degrees."""
        if self.ground.flat:
            fit = self.ground.flat
            west, south, east, north = fit.shown
            unit = (north - south) / HEIGHT
            squeeze = max(0.05, unit / max((east - west) / WIDTH, 1e-9))
        else:
            unit, squeeze = ALASKA_UNIT if self.wanted.state == "02" else LOWER_48_UNIT
        # Where areas are known, what has none is not to crowd them.
        cells = {"country": CELLS / 3, "state": CELLS / 2}.get(self.level, CELLS)
        high = max(self.window.width / cells * unit, 1e-5)
        return high, high / squeeze

    def _cluster(self, row: Mapping[str, Any]) -> Cluster:
        known = state_of(row["area"]) if self.level == "country" else None
        high, wide = self._cell
        cell = None
        if row["row"] is not None and row["column"] is not None:
            south, west = row["row"] * high, row["column"] * wide
            cell = (
                max(-180.0, west), max(-90.0, south), min(180.0, west + wide), min(90.0, south + high)
            )  # fmt: skip
        return Cluster(
            area=known.fips if known else "" if self.level == "country" else row["area"],
            sum=Sum(row["number"], row["public"], row["coops"], row["made_up"]),
            first=row["first"],
            rough=row["rough"],
            latitude=row["latitude"],
            longitude=row["longitude"],
            cell=cell,
        )

    @cached_property
    def total(self) -> Sum:
        return sum((one.sum for one in self.clusters), Sum())

    @cached_property
    def _placed(self) -> list[tuple[Cluster, Point]]:
        """Those with a place on the drawing, the largest first."""
        found = []
        for cluster in self.clusters:
            point = self._place(cluster)
            if point and 0 <= point[0] <= PAGE_WIDTH and 0 <= point[1] <= PAGE_HEIGHT:
                found.append((cluster, point))
        return found

    def _place(self, cluster: Cluster) -> Point | None:
        point = None
        if self.level == "country" and cluster.area:
            state = united_states().states.get(cluster.area)
            point = state.coarse.at if state else None
        elif cluster.latitude is not None and cluster.longitude is not None:
            point = self.ground.project(cluster.latitude, cluster.longitude)
        elif county := united_states().county(cluster.area):
            point = county.at
        return self.window.place(point, PAGE_WIDTH) if point else None

    @property
    def unplaced(self) -> int:
        """How many have no place on this map."""
        return self.total.number - sum(cluster.sum.number for cluster, _at in self._placed)

    @property
    def rough(self) -> int:
        """How many are drawn at the middle of something larger, where the map shows so much."""
        return sum(one.rough for one, _at in self._placed) if self.level == "near" else 0

    @property
    def hidden(self) -> int:
        """How many marks there would be beyond those that are drawn."""
        return max(0, len(self._placed) - MOST_MARKS)

    @cached_property
    def _singles(self) -> dict[int, Institution]:
        """Those that stand alone in their mark, by number."""
        if self.level == "country" and not any(not one.area for one, _at in self._placed):
            return {}
        alone = [one.first for one, _at in self._placed[:MOST_MARKS] if one.sum.number == 1]
        some = Institution.objects.filter(pk__in=alone).only("slug", "name")
        return {one.pk: one for one in some}

    @cached_property
    def marks(self) -> list[Mark]:
        placed = self._placed[:MOST_MARKS]
        most = max((cluster.sum.number for cluster, _at in placed), default=1)
        crowd = 1.0 if len(placed) <= 60 else max(0.55, sqrt(60 / len(placed)))
        sizes = [
            (6.5 if most == 1 else 6 + 8 * sqrt(cluster.sum.number / most)) * crowd
            for cluster, _at in placed
        ]
        discs = [
            Disc(x, y, size + (3 if cluster.sum.number == 1 else BESIDE) * crowd)
            for (cluster, (x, y)), size in zip(placed, sizes, strict=True)
        ]
        drawn = spread(discs, PAGE_WIDTH, PAGE_HEIGHT - 12)
        marks = []
        for (cluster, home), size, (x, y) in zip(placed, sizes, drawn, strict=True):
            name, url = self._leads(cluster)
            y -= 0 if cluster.sum.number == 1 else BESIDE * crowd - 4  # the number stands below
            far = (x - home[0]) ** 2 + (y - home[1]) ** 2 > (size + 5) ** 2
            marks.append(
                Mark(
                    x=round(x, 1),
                    y=round(y, 1),
                    radius=round(size, 1),
                    sum=cluster.sum,
                    name=name,
                    url=url,
                    alone=self._single(cluster) is not None,
                    home=(round(home[0], 1), round(home[1], 1)) if far else None,
                )
            )
        return marks

    def _leads(self, cluster: Cluster) -> tuple[str, str]:
        """What a mark is called and where it leads."""
        if self.level == "country" and cluster.area:
            return _state_name(cluster.area), self.address(state=cluster.area)
        if one := self._single(cluster):
            return str(one.name), one.get_absolute_url()
        if cluster.area:
            return county_name(cluster.area), self.address(county=cluster.area)
        asked = self._asked({"box": _box_text(cluster.cell)})
        if cluster.cell and self.window.width > SMALLEST:
            return _("Near each other"), "?" + urlencode(asked)
        return _("In one place"), f"{reverse('institutions:register')}?{urlencode(asked)}"

    def _single(self, cluster: Cluster) -> Institution | None:
        """The institution that a mark stands for, if it is one and not an area."""
        if cluster.sum.number > 1 or (self.level == "country" and cluster.area):
            return None
        return self._singles.get(cluster.first)

    # What is drawn under the marks.

    @cached_property
    def layers(self) -> list[Layer]:
        if self.ground.country != US or self.level == "country":
            return [self._layer(self.ground.shapes, self._area_url, self._has)]
        if self.state is None:
            shapes = [one.fine for one in united_states().states.values()]
            return [self._layer(self._seen(shapes), self._state_url, lambda _one: False)]
        near = [one.fine for fips, one in united_states().states.items() if fips != self.state.fips]
        return [
            self._layer(self._seen(near), self._state_url, lambda _one: False, faint=True),
            self._layer(self._seen(self.state.counties), self._county_url, self._has),
        ]

    def _layer(
        self,
        shapes: Sequence[Shape],
        url: Callable[[Shape], str],
        filled: Callable[[Shape], bool],
        *,
        faint: bool = False,
    ) -> Layer:
        scale = PAGE_WIDTH / self.window.width
        units = shapes[0].units if shapes else 1
        left, top = self.window.left * scale, self.window.top * scale
        transform = f"translate({-left:.2f} {-top:.2f}) scale({scale / units:.5f})"
        names = {one.id: one.name for one in shapes}
        if self.ground.country == US and shapes and len(shapes[0].id) == 5:
            names = {one.id: county_name(one.id) for one in shapes}
        drawn = [
            Drawn(one.path, names[one.id], url(one), filled(one)) for one in shapes if one.path
        ]
        return Layer(drawn, transform, faint, units)

    def _seen(self, shapes: Iterable[Shape]) -> list[Shape]:
        return [one for one in shapes if self.window.shows(one.box)]

    @cached_property
    def _areas(self) -> set[str]:
        here = {self.county.id} if self.county else set()
        return here | {cluster.area for cluster in self.clusters if cluster.area}

    def _has(self, shape: Shape) -> bool:
        """Whether somebody is in an area; of areas from a file nobody knows."""
        return self.ground.flat is not None or shape.id in self._areas

    def _state_url(self, shape: Shape) -> str:
        return self.address(state=shape.id, county="", box="")

    def _county_url(self, shape: Shape) -> str:
        return self.address(state="", county=shape.id, box="")

    def _area_url(self, shape: Shape) -> str:
        if self.ground.flat is None:
            return self._state_url(shape)
        left, top, right, bottom = shape.box
        north, west = self.ground.flat.invert(left, top)
        south, east = self.ground.flat.invert(right, bottom)
        if west > east:  # it lies across the 180th meridian, where no box can
            return ""
        return self.address(box=_box_text((west, south, east, north)))

    @cached_property
    def box_path(self) -> str:
        """The part that is looked at, where the window shows more."""
        if not self.wanted.box:
            return ""
        west, south, east, north = self.wanted.box
        corners = [(south, west), (south, east), (north, east), (north, west)]
        points = [self.ground.project(*one) for one in corners]
        placed = [self.window.place(one, PAGE_WIDTH) for one in points if one]
        return "M" + "L".join(f"{x:.1f} {y:.1f}" for x, y in placed) + "Z"

    @cached_property
    def graticule(self) -> list[Line]:
        """Meridians and parallels, where no boundaries are known."""
        flat = self.ground.flat
        if flat is None or self.ground.shapes:
            return []
        north, west = flat.invert(self.window.left, self.window.top)
        right, bottom = self.window.left + self.window.width, self.window.top + self.window.height
        south, east = flat.invert(right, bottom)
        if east < west:
            west, east = -180.0, 180.0
        step, across = _step(north - south), _step(east - west)
        lines = []
        for number in range(ceil(south / step), floor(north / step) + 1):
            _x, y = self.window.place(flat.project(number * step, west), PAGE_WIDTH)
            text = _degrees(number * step, step, "N", "S")
            lines.append(Line(f"M0 {y:.1f}H{PAGE_WIDTH:.0f}", text, 4, round(y - 4, 1)))
        for number in range(ceil(west / across), floor(east / across) + 1):
            x, _y = self.window.place(flat.project(south, number * across), PAGE_WIDTH)
            text = _degrees(number * across, across, "E", "W")
            # At the right edge its degrees stand to the left of it: there is no room beyond.
            last = x > PAGE_WIDTH - EDGE
            beside = round(x + (-4 if last else 4), 1)
            path = f"M{x:.1f} 0V{PAGE_HEIGHT:.0f}"
            lines.append(Line(path, text, beside, PAGE_HEIGHT - 5, "end" if last else "start"))
        return lines

    # The table that says the same.

    @cached_property
    def rows(self) -> list[Row]:
        """The areas of the map, and one row for all that say none."""
        if self.level == "near":
            return []
        rows = []
        for cluster in self.clusters:
            if cluster.area:
                state = self.level == "country"
                name = _state_name(cluster.area) if state else county_name(cluster.area)
                url = (
                    self.address(state=cluster.area)
                    if state
                    else self.address(state="", county=cluster.area)
                )
                rows.append(Row(name, url, cluster.sum, cluster.area))
        rows.sort(key=lambda row: row.name)
        rest = sum((one.sum for one in self.clusters if not one.area), Sum())
        if rest.number:
            said = _("No state said") if self.level == "country" else _("No county said")
            rows.append(Row(said, "", rest))
        return rows

    @cached_property
    def named(self) -> list[Institution]:
        """Where things are grouped by what lies near: the first of them by name."""
        found = matching(self.wanted, self.kinds).select_related("kind")
        return list(found.order_by("slug")[:MOST_NAMED])

    @property
    def drawn_rows(self) -> list[Row]:
        """What is drawn, as a file tells it."""
        if self.level != "near":
            return self.rows
        marks = zip(self._placed, self.marks, strict=False)
        return [
            Row(mark.name, "", one.sum, "", one.latitude, one.longitude)
            for (one, _at), mark in marks
        ]

    @property
    def neighbors(self) -> list[Step]:
        """The states beside this one."""
        beside = self.state.beside if self.state and not self.county else ()
        return [
            Step(_state_name(one), self.address(state=one, county="", box="")) for one in beside
        ]


#: What the degrees of a line take, on a telephone too.
EDGE = 64.0
INSETS = {"02", "15", "72", "78"}
#: What a number takes beside its sign.
BESIDE = 10.0
NOWHERE = {"state": "", "county": "", "box": ""}
#: A window of so many units or less is not zoomed into further.
SMALLEST = 0.6
STEPS = (0.01, 0.02, 0.05, 0.1, 0.2, 0.5, 1, 2, 5, 10, 20, 30, 60)


def _merged(clusters: Iterable[Cluster]) -> list[Cluster]:
    """States that were spelled in different ways are one."""
    found: dict[object, Cluster] = {}
    for number, one in enumerate(clusters):
        key: object = one.area or number
        before = found.get(key)
        found[key] = replace(before, sum=before.sum + one.sum) if before else one
    return sorted(found.values(), key=lambda one: (-one.sum.number, one.first))


def _state_name(fips: str) -> str:
    state = state_of(fips)
    return state.name if state else fips


def _box_text(box: Bounds | None) -> str:
    return ",".join(f"{one:.5f}" for one in box or ())


def _step(span: float) -> float:
    """How many degrees lie between two lines, so that there are six at most."""
    return next((one for one in STEPS if span / one <= 6), STEPS[-1])


def _degrees(value: float, step: float, positive: str, negative: str) -> str:
    decimals = 0 if step >= 1 else 1 if step >= 0.1 else 2
    sign = positive if value > 0 else negative if value < 0 else ""
    return f"{abs(value):.{decimals}f}°{sign}"
