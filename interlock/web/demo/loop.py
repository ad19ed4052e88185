"""The loop closed: what the city paid Wheelhouse is of its year, and a part of that its members' own PB."""

import re
from dataclasses import replace
from datetime import date, datetime, timedelta
from fractions import Fraction

from i18nfield.strings import LazyI18nString

from interlock.methods.surplus import PRESETS
from interlock.web.budgets import actions as budgets
from interlock.web.budgets.counting import count_process
from interlock.web.coops.actions import deciding, decisions, rounds, years
from interlock.web.coops.actions.hours import enter_hours
from interlock.web.coops.actions.policies import adopt_policy
from interlock.web.coops.models import Account, AccountKind, Coop, OfficeKind, Year
from interlock.web.coops.queries import years as asked
from interlock.web.coops.rules.policies import as_data, built, numbers_of
from interlock.web.messages.models import Mail
from interlock.web.people.models import Person

CENTS = 100
DAY = timedelta(days=1)
#: By number in the register: hours and wages of the year.
WORKED = {"1": (1_910, 45_840), "2": (1_720, 41_280), "3": (1_840, 44_160), "4": (1_650, 39_600), "5": (1_480, 35_520), "6": (410, 9_020), "7": (300, 6_300)}  # fmt: skip
NET = 48_000
# What the members put before each other, what it costs, and who of the five would be glad of it.
PROJECTS = (
    ("A cargo bike for small jobs", "Una bicicleta de carga para trabajos pequeños", 1_900, (1, 1, 1, 0, 1)),
    ("First-aid course for all of us", "Curso de primeros auxilios para todas y todos", 900, (1, 0, 1, 1, 1)),
    ("A day for the neighborhood’s bikes", "Un día para las bicicletas del barrio", 1_200, (0, 1, 0, 1, 1)),
    ("Better coffee machine", "Una cafetera mejor", 1_600, (0, 1, 0, 0, 0)),
)  # fmt: skip


def make(coop: Coop, at: datetime) -> None:
    """A year with the city's payments in it, approved and posted; a round of its pot, decided."""
    treasurer, secretary = (
        _officer(coop, kind) for kind in (OfficeKind.TREASURER, OfficeKind.SECRETARY)
    )
    year = _year(coop, treasurer, at - 45 * DAY)
    _approved(year, secretary, at - 45 * DAY)
    years.post_year(year=Year.objects.get(pk=year.pk), by=treasurer, at=at - 30 * DAY)
    pot = Account.objects.get(coop=coop, kind=AccountKind.COMMONS)
    _round(coop, pot, treasurer, at - 29 * DAY)


def _officer(coop: Coop, kind: OfficeKind) -> Person:
    found = coop.members.get(offices__kind=kind, offices__until=None)
    assert found.person
    return found.person


def _year(coop: Coop, treasurer: Person, at: datetime) -> Year:
    """SELC's model, with a tenth of what the members earned for their own PB."""
    begins = coop.first_year_begins_on
    told = replace(numbers_of(PRESETS["selc"]), commons=Fraction(1, 10))
    policy = adopt_policy(
        coop=coop,
        body=as_data(built("selc", told)),
        preset="selc",
        adopted_on=begins - 30 * DAY,
        by=treasurer,
        at=at,
    )
    year = years.begin_year(coop=coop, number=1, by=treasurer, at=at)
    enter_hours(coop=coop, data=_hours(year), name="hours.csv", by=treasurer, at=at)
    return years.work_on_year(
        year=year,
        by=treasurer,
        at=at,
        net=NET * CENTS,
        policy=policy,
        receipts=list(asked.to_cite(year)),
    )


def _hours(year: Year) -> bytes:
    lines = ["member,from,to,hours,wages"]
    for number, (hours, wages) in WORKED.items():
        # Whoever came late worked at the end of the year.
        begins: date = year.begins_on if int(number) < 6 else year.ends_on - 60 * DAY
        lines.append(f"{number},{begins},{year.ends_on},{hours},{wages}")
    return "\n".join(lines).encode()


def _approved(year: Year, secretary: Person, at: datetime) -> None:
    """Put to the members, all of whom say yes."""
    put = years.put_to_members(year=year, by=_officer(year.coop, OfficeKind.TREASURER), at=at)
    decision = put.decision
    assert decision
    decisions.announce(decision=decision, by=secretary, at=at, closes_at=at + 14 * DAY)
    decision.refresh_from_db()
    if decision.opened_at is None:
        decisions.open_vote(decision=decision, by=secretary, at=at)
    for elector in decision.electors.select_related("member__person"):
        if person := elector.member.person:
            deciding.cast(decision=decision, by=person, at=at + DAY, choice="yes")
    deciding.close_if_due(decision=decision, at=at + 14 * DAY)


def _round(coop: Coop, pot: Account, treasurer: Person, at: datetime) -> None:
    """The whole pot, counted by equal shares; what is not funded goes back into it."""
    begun = rounds.begin_round(
        coop=coop,
        source=pot,
        amount=pot.balance,
        title=_both("What we do with our pot", "Qué hacemos con nuestro fondo"),
        by=treasurer,
        at=at,
    )
    for english, spanish, cost, _liked in PROJECTS:
        rounds.put_project(
            round=begun,
            title=_both(english, spanish),
            minimum=cost * CENTS,
            by=treasurer,
            at=at,
        )
    before = Mail.objects.order_by("-pk").values_list("pk", flat=True).first() or 0
    rounds.open_round(
        round=begun,
        record_on=(at - DAY).date(),
        closes_at=at + 10 * DAY,
        by=treasurer,
        at=at,
    )
    begun.refresh_from_db()
    refs = list(begun.process.projects.order_by("pk").values_list("ref", flat=True))
    area = begun.process.areas.get().ref
    for voter, mail in enumerate(Mail.objects.filter(pk__gt=before).order_by("pk")):
        code = re.search(r"\b(?:[0-9A-Z]{4}-){3}[0-9A-Z]{2}\b", mail.text)
        liked = [
            ref
            for ref, (*_said, who) in zip(refs, PROJECTS, strict=True)
            if voter < len(who) and who[voter]
        ]
        if code and liked:
            budgets.cast_ballot(
                process=begun.process,
                voting_code=code.group(),
                choices={area: liked},
                nonce=f"{begun.pk}-{voter}",
            )
    closed = budgets.close_if_due(process=begun.process, at=at + 10 * DAY)
    count_process(process=closed, at=at + 10 * DAY)
    begun.refresh_from_db()
    rounds.publish_round(round=begun, by=treasurer, at=at + 11 * DAY)


def _both(english: str, spanish: str) -> LazyI18nString:
    return LazyI18nString({"en": english, "es": spanish})
