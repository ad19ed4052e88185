"""The layer of the map that can be zoomed: its points and its outlines, for the script that draws them.

Both are of the page's own picture: the same search, the same frame, the same areas. The plain map
needs neither.
"""

from collections.abc import Iterator
from typing import Any

from interlock.methods.formats.geojson import Feature
from interlock.methods.places.atlas import united_states
from interlock.web.explore.mapping import Picture
from interlock.web.explore.queries import sign_of_kind
from interlock.web.institutions import exporting
from interlock.web.institutions.models import Institution
from interlock.web.institutions.queries import matching
from interlock.web.institutions.whereabouts import MIDDLES

#: So many points a browser is given, those first in the register; who narrows the map sees the others.
MOST_POINTS = 50_000
CHUNK = 1_000
#: Thousandths of a unit of the frame are five metres.
DECIMALS = 3


def points(picture: Picture) -> Iterator[Feature]:
    """Those who are found, in the register's order, at their coordinates and where they are drawn.

    `at` is the place in the frame, from the upper left; who has no place on this map has none.
    """
    # What is alike for many is worked out once: with 50,000 of them that is most of the time.
    said = {kind.pk: (str(kind), sign_of_kind(kind)) for kind in picture.kinds}
    before, after = exporting.address(Institution(slug="SLUG")).rsplit("SLUG", 1)
    fields = (
        "slug",
        "name",
        "kind_id",
        "latitude",
        "longitude",
        "county",
        "placed_by",
        "is_synthetic",
    )
    rows = matching(picture.wanted, picture.kinds).order_by("pk").values_list(*fields)
    some = rows[:MOST_POINTS].iterator(CHUNK)
    for slug, name, kind, latitude, longitude, county, placed_by, is_synthetic in some:
        label, sign = said[kind]
        told: dict[str, Any] = {"name": str(name), "kind": label, "sign": sign}
        if is_synthetic:
            told["synthetic"] = True
        at = None
        if latitude is not None and longitude is not None:
            at = picture.ground.project(latitude, longitude)
        elif shape := united_states().county(county):
            at = shape.at
        if at:
            told["at"] = [round(number, DECIMALS) for number in at]
            # At the middle of something larger, and not at an address of its own.
            told["rough"] = latitude is None or placed_by in MIDDLES
        yield Feature(f"{before}{slug}{after}", told, latitude, longitude)


def outlines(picture: Picture) -> dict[str, Any]:
    """The areas that the picture draws: SVG paths of `units` to one unit of the frame."""
    return {
        "layers": [
            {
                "units": layer.units,
                "faint": layer.faint,
                "areas": [
                    {"name": one.name, "path": one.path, "filled": one.filled, "url": one.url}
                    for one in layer.drawn
                ],
            }
            for layer in picture.layers
        ]
    }
