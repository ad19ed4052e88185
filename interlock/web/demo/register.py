"""A federation that may vouch, and somebody who asks it to; the other pages wait for their people.

Harbor Light Credit Union is nobody's yet and has a published address: its page can be claimed by code.
"""

from collections.abc import Mapping
from datetime import datetime, timedelta

from interlock.web.institutions import claiming
from interlock.web.institutions.models import Institution
from interlock.web.people.models import Person

ASKS = "mara@northside.example"


def make(institutions: Mapping[str, Institution], *, at: datetime) -> None:
    rivers = institutions["Three Rivers Federation of Co-ops"]
    claiming.trust(institution=rivers, at=at - timedelta(days=80))
    claiming.ask(
        institution=institutions["Northside Neighbors"],
        person=Person.objects.by_email(ASKS),
        asked_of=rivers,
        about="Mara, 555-0171.",
        at=at - timedelta(days=1),
    )
