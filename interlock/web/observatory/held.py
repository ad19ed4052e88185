"""The lists that come with the site: metros of the United States, by two counts of where PB is.

`held/us_metros.csv` has the metropolitan areas of 2019 with their people (US Census Bureau, public
domain), and facts that were compiled by hand: `documented`, participatory budgeting documented on
participatorybudgeting.org; `voted`, votes whose ballots are in Pabulib (pabulib.org), by the metro of
their city; `coops5`, five or more verified worker co-ops on the map of the Democracy at Work Institute
and the US Federation of Worker Cooperatives, 2021. None of these lists is complete.
"""

import csv
import io
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

_FILE = Path(__file__).parent / "held" / "us_metros.csv"


@dataclass(frozen=True)
class Held:
    """A list as it is asked of: where an area counts as one with participatory budgeting."""

    title: str | Promise
    about: str | Promise
    columns: tuple[str, ...]


HELD: Mapping[str, Held] = {
    "documented": Held(
        "participatorybudgeting.org",
        _(
            "Metros of which that site tells of participatory budgeting, school districts among them."
        ),
        ("documented",),
    ),
    "voted": Held(
        _("Pabulib’s ballots"),
        _("Metros with a city whose ballots are published there: 88 votes in 17 localities."),
        ("voted",),
    ),
    "both": Held(
        _("Both lists"),
        _("Both lists merged: a metro counts where one of them names it."),
        ("documented", "voted"),
    ),
}


def table(name: str) -> bytes:
    """The table of areas that is asked of."""
    text = io.StringIO()
    writer = csv.writer(text, lineterminator="\n")
    writer.writerow(("cbsa", "name", "population", "pb", "coops"))
    with _FILE.open(newline="") as file:
        for row in csv.DictReader(file):
            has = any(row[column] == "1" for column in HELD[name].columns)
            writer.writerow(
                (
                    row["cbsa"],
                    row["name"],
                    row["pop2019"],
                    "yes" if has else "no",
                    "yes" if row["coops5"] == "1" else "no",
                )
            )
    return text.getvalue().encode()
