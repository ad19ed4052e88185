"""Bylaws as the library reads them, and told in plain words."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import date

from django.db.models import Exists, OuterRef, QuerySet
from django.utils.functional import Promise
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from interlock.methods import deciding
from interlock.web.coops.models import Bylaws, Coop, Decision, Office, OfficeKind, Status
from interlock.web.coops.queries.members import register_on

#: The kinds of decision that bylaws know.
KINDS: Mapping[str, str | Promise] = {
    "ordinary": _("Ordinary decisions"),
    "admission": _("Admission of a member"),
    "readmission": _("Readmission, without candidacy"),
    "expulsion": _("Expulsion of a member"),
    "termination": _("End of a candidacy"),
    "bylaws": _("Change of the bylaws"),
    "election": _("Election"),
    "removal": _("Removal from an office"),
    "board": _("Decisions of the board"),
}
DIRECTOR = "director"


def terms(bylaws: Bylaws) -> deciding.Bylaws:
    """The parameters of a version."""
    return deciding.from_json(bylaws.body, deciding.Bylaws)


def told(step: deciding.Step) -> str:
    """A step in the reader's language."""
    return deciding.sentence(step, gettext)


@dataclass(frozen=True)
class Told:
    """A kind of decision, and its rule in plain words with the numbers of today's members."""

    kind: str
    label: str | Promise
    sentences: list[str]


def told_rules(coop: Coop, bylaws: deciding.Bylaws, day: date) -> list[Told]:
    """The rule of each kind that has one of its own. Two queries."""
    people = [(one.status, one.since, one.pk) for one in register_on(coop, day)]
    directors = _directors(coop, bylaws, day, people)
    made = []
    for kind, label in KINDS.items():
        if rule := bylaws.decisions.get(kind):
            entitled = sum(
                rule.electorate.includes(status, since, day)
                or (DIRECTOR in rule.electorate.statuses and pk in directors)
                for status, since, pk in people
            )
            sentences = [told(one) for one in deciding.described(rule, entitled)]
            made.append(Told(kind, label, sentences))
    return made


def _directors(
    coop: Coop, bylaws: deciding.Bylaws, day: date, people: list[tuple[str, date, int]]
) -> set[int]:
    """Who is on the board: all members where it is collective."""
    if bylaws.board.is_everybody:
        return {pk for status, _since, pk in people if status == Status.MEMBER}
    held = Office.objects.filter(
        member__coop=coop, kind=OfficeKind.BOARD, since__lte=day, until__isnull=True
    )
    return set(held.values_list("member", flat=True))


def asked(membership: deciding.Membership) -> Iterator[str]:
    """What it takes to become and to stay a member, a sentence each."""
    one = membership
    if one.hours:
        yield gettext("Hours of work as a candidate: at least %(hours)s.") % {"hours": one.hours}
    if one.recent_hours:
        yield gettext("Of these in the last %(months)s months: at least %(hours)s.") % {
            "months": one.recent_months,
            "hours": one.recent_hours,
        }
    if one.months:
        yield gettext("Months as a candidate: at least %(months)s.") % {"months": one.months}
    if one.buy_in is not None:
        yield gettext("The buy-in is paid.")
    if one.has_trainings:
        yield gettext("A training was attended.")
    if one.has_board_meeting:
        yield gettext("A meeting of the board was attended.")
    yield gettext("A decision on admission was carried.")
    if one.keep_hours:
        yield gettext("To stay a member: at least %(hours)s hours a year.") % {
            "hours": one.keep_hours
        }
    if one.has_inactive:
        yield gettext("Who is inactive has no vote, and is not counted for a quorum.")


def latest(coop: Coop) -> Bylaws | None:
    """The version entered last, in force or not yet: the next one begins from it."""
    return coop.bylaws.order_by("-number").first()


def to_enter(coop: Coop) -> QuerySet[Decision]:
    """Changes of the bylaws that were carried, and that no version rests on yet."""
    entered = Bylaws.objects.filter(decision=OuterRef("pk"))
    return coop.decisions.filter(kind="bylaws", is_carried=True).exclude(Exists(entered))
