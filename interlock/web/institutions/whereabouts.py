"""Where an institution of the United States is, by its ZIP code or its town, without asking anybody.

Coordinates found so are those of the middle of an area, and marked so (`placed_by`): they put it on the
map, and never stand in for an address. Whoever shows them shows `ATTRIBUTION` too.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from django.utils.translation import gettext as _

from interlock.methods.places.atlas import united_states
from interlock.methods.places.gazetteer import Place, packaged
from interlock.methods.places.states import state_of, states
from interlock.web.institutions.models import Institution, PlacedBy

COUNTRY = "US"
#: Who made the tables the places are from, and where; licences name the places of their texts.
ATTRIBUTION = (
    ("GeoNames", "https://www.geonames.org"),
    ("CC BY 4.0", "https://creativecommons.org/licenses/by/4.0/"),
    ("US Census Bureau", "https://www.census.gov"),
)

# Coordinates of the middle of something larger.
MIDDLES = {PlacedBy.TOWN, PlacedBy.ZIP, PlacedBy.COUNTY, PlacedBy.AREA}
# What comes with coordinates, and goes with them.
DERIVED: Mapping[str, Any] = {"county": "", "county_year": None, "placed_by": ""}
_KINDS = {"place": PlacedBy.TOWN, "zip": PlacedBy.ZIP, "county": PlacedBy.COUNTY}


@dataclass(frozen=True)
class Spot:
    """A place that a text may mean. `county` is its FIPS code among those of `county_year`."""

    label: str
    placed_by: PlacedBy
    latitude: float
    longitude: float
    county: str
    county_name: str
    county_year: int


def candidates(text: str, *, state: str = "") -> list[Spot]:
    """What "10451", "Rochester, NY" or "Bronx County" may mean, the most populous first."""
    return [_spot(place) for place in packaged().find(text, state=state)]


def county_name(fips: str) -> str:
    """As "Monroe County"; the code where there is none such among those of 2017 to 2021."""
    county = united_states().county(fips)
    name = county.name if county else fips
    bare = name.removesuffix(" County")
    return _("%(name)s County") % {"name": bare} if bare != name else name


def county_in_state(fips: str) -> str:
    """As "Monroe County, NY"; empty where there is no such county."""
    state = state_of(fips[:2])
    known = state and united_states().county(fips)
    return f"{county_name(fips)}, {state.code}" if state and known else ""


def located(*, place: str, region: str, postcode: str) -> Spot | None:
    """Where these words certainly are: by the ZIP code, else by town and state; None where not."""
    state = state_of(region)
    if region.strip() and state is None:
        return None
    code = state.code if state else ""
    found = [one for one in packaged().find(postcode) if one.kind == "zip"]
    if found and code in ("", found[0].state):
        return _spot(found[0])
    found = _towns(place, code)
    return _spot(found[0]) if len(found) == 1 else None


def states_with(place: str) -> list[str]:
    """The names of the states in which there is a town of this name, the most populous first."""
    names = {state.code: state.name for state in states()}
    return list(dict.fromkeys(names[one.state] for one in _towns(place, "")))


def placed(values: Mapping[str, Any], *, nearby: bool = False) -> dict[str, Any]:
    """What is to be added to the fields of an institution, so that it has a place on the map.

    Coordinates it has get their county where that is sure; one without gets those of its ZIP code or
    its town. `nearby` says of given ones that they are of the middle of an area.
    """
    here = values.get("country") == COUNTRY
    latitude, longitude = values.get("latitude"), values.get("longitude")
    if latitude is not None and longitude is not None:
        near = packaged().around(latitude, longitude) if here and not nearby else None
        return {
            "county": near.fips if near else "",
            "county_year": near.vintage if near else None,
            "placed_by": PlacedBy.AREA if nearby else PlacedBy.NEAR if near else "",
        }
    words = {name: str(values.get(name) or "") for name in ("place", "region", "postcode")}
    spot = located(**words) if here else None
    if spot is None:
        return {}
    return {
        "latitude": spot.latitude,
        "longitude": spot.longitude,
        "county": spot.county,
        "county_year": spot.county_year,
        "placed_by": spot.placed_by,
    }


def sparing(institution: Institution, values: Mapping[str, Any]) -> dict[str, Any]:
    """The same without the middle of an area, where the institution has coordinates of its own."""
    own = institution.latitude is not None and institution.placed_by not in MIDDLES
    if not (own and values.get("placed_by") in MIDDLES):
        return dict(values)
    return {
        name: value
        for name, value in values.items()
        if name not in ("latitude", "longitude") and name not in DERIVED
    }


def following(
    institution: Institution, values: Mapping[str, Any], changed: Mapping[str, Any]
) -> dict[str, Any]:
    """What changes with the coordinates, where these do."""
    if not {"latitude", "longitude"} & changed.keys():
        return {}
    then = {name: values.get(name, empty) for name, empty in DERIVED.items()}
    return {name: value for name, value in then.items() if getattr(institution, name) != value}


def _towns(place: str, state: str) -> list[Place]:
    """Towns of this name; counties where there is no town so called."""
    found = packaged().find(place, state=state) if place.strip() else ()
    towns = [one for one in found if one.kind == "place"]
    return towns or [one for one in found if one.kind == "county"]


def _spot(place: Place) -> Spot:
    return Spot(
        label=f"{place.name}, {place.state}",
        placed_by=_KINDS[place.kind],
        latitude=place.latitude,
        longitude=place.longitude,
        county=place.fips,
        county_name=county_in_state(place.fips),
        county_year=place.vintage,
    )
