"""What this room tells the lists of the rooms below it of its register and its bylaws."""

from collections.abc import Iterator

from django.contrib.auth.models import AnonymousUser
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from interlock.web.coops.models import Coop
from interlock.web.coops.queries.accounts import given_to_commons
from interlock.web.coops.queries.members import invitations_of, workforce
from interlock.web.coops.rules.access import inside, today
from interlock.web.coops.rules.opening import why_not_open
from interlock.web.institutions.models import Institution
from interlock.web.institutions.queries import Panel
from interlock.web.institutions.rules import MOST_WAITING
from interlock.web.people.models import Person
from interlock.web.people.waiting import Waiting

SENTENCES = {
    "coop.opened": _("%(name)s opened its inside here."),
    "coop.opening_corrected": _("%(name)s corrected how it opened its inside here."),
    "coop.shown": _("%(name)s said what its public page shows of its inside."),
    "coop.entered": _("%(name)s entered somebody in its register."),
    "coop.corrected": _("%(name)s corrected what its register says of somebody."),
    "coop.status_changed": _("Somebody's status changed in the register of %(name)s."),
    "coop.invited": _("%(name)s asked somebody of its register to come in."),
    "coop.invited_all": _("%(name)s asked %(asked)s of its register to come in."),
    "coop.joined": _("Somebody of the register of %(name)s said that it is they."),
    "coop.declined": _("Somebody said that they are not the one in the register of %(name)s."),
    "coop.trained": _("%(name)s entered that somebody attended a training or a meeting."),
    "coop.office_given": _("A member of %(name)s took on an office."),
    "coop.office_ended": _("An office of a member of %(name)s ended."),
    "coop.list_entered": _(
        "%(name)s entered a list of members: %(entered)s new, %(changed)s changed."
    ),
    "coop.bylaws_changed": _("Version %(number)s of the bylaws of %(name)s was entered."),
    "coop.closed": _("%(name)s closed its inside here."),
}

#: For the co-op's own people; of a decision nothing but its number.
DECISIONS = {
    "decision.announced": _(
        "Decision %(number)s was announced to %(entitled)s who are entitled to vote."
    ),
    "decision.opened": _("The vote on decision %(number)s was opened."),
    "decision.decided": _("Decision %(number)s was made."),
    "decision.cancelled": _("Decision %(number)s was cancelled."),
    "decision.signed": _("The record of decision %(number)s was signed: %(sha256)s."),
}


def waiting(person: Person) -> Iterator[Waiting]:
    """For the desk: co-ops that have the address of a person in their register."""
    for one in invitations_of(person)[:MOST_WAITING]:
        yield Waiting(
            gettext("Do you belong to %(name)s?") % {"name": one.coop},
            reverse("coops:invitation", args=[one.coop.institution.slug]),
            gettext("It has your address in its register."),
        )


def panel(institution: Institution, reader: Person | AnonymousUser) -> Panel | None:
    """The way in for its own people, the way to open it for a steward; to others what it chose."""
    coop = Coop.objects.filter(institution=institution).select_related("institution").first()
    if coop is None:
        if why_not_open(institution, reader):
            return None
        return Panel("coops/panel.html", {"to_open": institution})
    now = timezone.now()
    who = inside(coop, reader, now)
    belongs = who is not None and who.belongs
    if not belongs and not coop.shows_size and not coop.shows_commons:
        return None
    shown = {
        "inside": coop if belongs else None,
        "numbers": workforce(coop, today(coop, now)) if coop.shows_size else None,
        "commons": given_to_commons(coop) if coop.shows_commons else None,
        "currency": coop.currency,
    }
    return Panel("coops/panel.html", shown)
