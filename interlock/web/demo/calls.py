"""A call that is held elsewhere, and what co-ops around Riverbend could do about it."""

from collections.abc import Mapping
from datetime import datetime, timedelta

from i18nfield.strings import LazyI18nString

from interlock.web.delivery.actions.calls import record_elsewhere
from interlock.web.institutions.models import Institution
from interlock.web.people.models import Person


def make(
    institutions: Mapping[str, Institution], people: Mapping[str, Person], *, at: datetime
) -> None:
    """The city buys on its own platform, too: one such call is told of here."""
    city = institutions["City of Riverbend"]
    record_elsewhere(
        issuer=city,
        acting=city,
        by=people["organiser"],
        at=at - timedelta(days=2),
        url="https://bids.riverbend.example/2027-14",
        title=LazyI18nString(
            {"en": "Street trees, two summers", "es": "Árboles de calle, dos veranos"}
        ),
        scope=LazyI18nString(
            {
                "en": "Plant forty trees on the Eastbank and water them for two summers.",
                "es": "Plantar cuarenta árboles en la Ribera y regarlos durante dos veranos.",
            }
        ),
        activity="AM110",
        closes_at=at + timedelta(days=30),
        zone="America/Chicago",
        currency="USD",
        budget=26_000_00,
    )
