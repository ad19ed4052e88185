"""Where the demo's institutions are: the names are made up, the counties and coordinates are real."""

from typing import Any


def _at(latitude: float, longitude: float, county: str) -> dict[str, Any]:
    return {
        "latitude": latitude,
        "longitude": longitude,
        "county": county,
        "county_year": 2019,
    }


#: In Tazewell, Peoria and Woodford County, Illinois.
PLACES = {
    "City of Riverbend": _at(40.5012, -89.6531, "17179"),
    "Wheelhouse Cooperative": _at(40.4987, -89.6480, "17179"),
    "Sundial Growers Cooperative": _at(40.5121, -89.6377, "17179"),
    "Three Rivers Federation of Co-ops": _at(40.6936, -89.5890, "17143"),
    "Eastbank Co-op Workshop": _at(40.7213, -89.2727, "17203"),
    "Harbor Light Credit Union": _at(40.7205, -89.6094, "17143"),
    "Northside Neighbors": _at(40.5406, -89.5120, "17179"),
    "Riverbend Homes Land Trust": _at(40.7920, -89.3591, "17203"),
}
