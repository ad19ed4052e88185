"""The states and territories of the United States: name, postal code, FIPS code.

Facts of FIPS 5-2 (NIST, 1987; now INCITS 38) and the Postal Service's Publication 28.
"""

from __future__ import annotations

from dataclasses import dataclass
from functools import cache

_TABLE = """
01 AL Alabama; 02 AK Alaska; 04 AZ Arizona; 05 AR Arkansas; 06 CA California; 08 CO Colorado;
09 CT Connecticut; 10 DE Delaware; 11 DC District of Columbia; 12 FL Florida; 13 GA Georgia;
15 HI Hawaii; 16 ID Idaho; 17 IL Illinois; 18 IN Indiana; 19 IA Iowa; 20 KS Kansas; 21 KY Kentucky;
22 LA Louisiana; 23 ME Maine; 24 MD Maryland; 25 MA Massachusetts; 26 MI Michigan; 27 MN Minnesota;
28 MS Mississippi; 29 MO Missouri; 30 MT Montana; 31 NE Nebraska; 32 NV Nevada; 33 NH New Hampshire;
34 NJ New Jersey; 35 NM New Mexico; 36 NY New York; 37 NC North Carolina; 38 ND North Dakota;
39 OH Ohio; 40 OK Oklahoma; 41 OR Oregon; 42 PA Pennsylvania; 44 RI Rhode Island;
45 SC South Carolina; 46 SD South Dakota; 47 TN Tennessee; 48 TX Texas; 49 UT Utah; 50 VT Vermont;
51 VA Virginia; 53 WA Washington; 54 WV West Virginia; 55 WI Wisconsin; 56 WY Wyoming;
60 AS American Samoa; 66 GU Guam; 69 MP Northern Mariana Islands; 72 PR Puerto Rico;
78 VI U.S. Virgin Islands
"""


@dataclass(frozen=True)
class State:
    """A state: its FIPS code, its postal code, its name."""

    fips: str
    code: str
    name: str


@cache
def states() -> tuple[State, ...]:
    rows = (" ".join(row.split()) for row in _TABLE.split(";"))
    return tuple(State(row[:2], row[3:5], row[6:]) for row in rows)


def state_of(text: str) -> State | None:
    """The state with this name, postal code or FIPS code.

    >>> [state.code for name in ("ny", "New York", "36", "Europe") if (state := state_of(name))]
    ['NY', 'NY', 'NY']
    """
    return _by_name().get(text.strip().rstrip(".").casefold())


@cache
def _by_name() -> dict[str, State]:
    found = {"d.c": "DC", "washington dc": "DC"}
    by_code = {state.code: state for state in states()}
    named = {
        name.casefold(): state
        for state in states()
        for name in (state.fips, state.code, state.name)
    }
    return named | {name: by_code[code] for name, code in found.items()}
