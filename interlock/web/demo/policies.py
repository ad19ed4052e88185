"""A handful of made-up policies of towns that do not exist, coded by two people of the federation.

The site trusts it (`register`), so that who speaks for it codes. They stand so that each state is there: coded alike, apart, settled, waiting, proposed; and so that the
paradigm page has numbers, and says of them that they cannot tell.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta

from interlock.web.institutions.actions import accept_role, give_role
from interlock.web.institutions.models import Institution, Role
from interlock.web.observatory import actions
from interlock.web.people.models import Person

DAY = timedelta(days=1)
CODERS = ("first.coder@threerivers.example", "second.coder@threerivers.example")
Code = tuple[int, str, str]


@dataclass(frozen=True)
class Entry:
    """A policy, of the city or of an area in words, and what is said of it in turn."""

    title: str
    passage: str
    adopted_on: date
    codes: Sequence[Code]
    area: str = ""
    confirmed: bool = True


# fmt: off
ENTRIES = (
    Entry(
        "Resolution 7 on the participatory budget", "The pot of the participatory budget shall be $500,000 in the coming year, in place of $300,000.", date(2021, 3, 9),
        ((1, "neither", "An amount in place of another; co-ops are not spoken of."), (1, "neither", "Only the pot grows.")),
    ),
    Entry(
        "Ordinance 12-04 on small contracts", "Projects that residents fund may be awarded to a worker cooperative without a call up to $50,000.", date(2024, 2, 13),
        ((2, "towards", "“Without a call”: a new way of awarding, for co-ops."), (2, "towards", "A means that was not there, from the budget to co-ops.")),
    ),
    Entry(
        "Charter of Rosewater, article 3", "Public money is decided by those it is for, and spent where those who work decide, for both are one democracy.", date(2025, 6, 3),
        ((3, "towards", "“For both are one democracy” says what it is for."), (3, "towards", "It names the aim, and joins the two.")), "Rosewater",
    ),
    Entry(
        "Rosewater purchasing rule 9", "Bidders shall show a turnover of $5,000,000 in each of the last three years.", date(2022, 9, 20),
        ((2, "away", "A new condition that no co-op of the town meets."), (1, "away", "A limit, I think, of a rule that was there.")), "Rosewater",
    ),
    Entry(
        "Mill Hill shared work programme", "The office for participation advises residents who want to found a cooperative for a project that was funded.", date(2025, 1, 28),
        ((2, "towards", "An office gets a new task."), (3, "towards", "Participation is now for founding firms."), (2, "towards", "The task is new; that the aim is, nowhere stands.")), "Mill Hill",
    ),
    Entry("Mill Hill budget letter", "The council thanks all who voted, and all who work.", date(2025, 12, 2), ((0, "neither", "It thanks, and changes nothing."),), "Mill Hill"),
    Entry("Draft ordinance on reserved lots", "One lot in five of what residents fund is reserved for firms that their workers own.", date(2026, 1, 13), (), "Rosewater", confirmed=False),
)
# fmt: on


def make(federation: Institution, steward: Person, city: Institution, *, at: datetime) -> None:
    """Entered by a resident, confirmed by the federation's steward, coded by its two coders."""
    began = at - 40 * DAY
    coders = [Person.objects.by_email(email) for email in CODERS]
    for one in coders:
        role = give_role(
            institution=federation, person=one, role=Role.DELEGATE, by=steward, at=began
        )
        accept_role(membership=role, by=one, at=began)
    resident = Person.objects.by_email("resident@riverbend.example")
    for place, entry in enumerate(ENTRIES):
        day = began + place * DAY
        policy = actions.propose(
            by=resident,
            at=day,
            said={
                "institution": None if entry.area else city,
                "area": entry.area,
                "country": "US",
                "adopted_on": entry.adopted_on,
                "title": entry.title,
                "passage": entry.passage,
                "source": f"https://policies.example/{place + 1}",
            },
            is_invented=True,
        )
        if entry.confirmed:
            actions.confirm(policy=policy, by=steward, at=day)
        for who, (order, direction, reason) in zip((*coders, steward), entry.codes, strict=False):
            actions.code(
                policy=policy,
                by=who,
                at=day + DAY,
                text_version=1,
                order=order,
                direction=direction,
                reason=reason,
            )
