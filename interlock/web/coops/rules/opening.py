"""Who opens the inside of a co-op here."""

from django.contrib.auth.models import AnonymousUser
from django.utils.functional import Promise
from django.utils.translation import gettext as _

from interlock.web.coops.models import Coop, Hours
from interlock.web.institutions.models import Group, Institution
from interlock.web.institutions.rules import why_not_look_after
from interlock.web.people.models import Person


def is_coop(institution: Institution) -> bool:
    return institution.kind.group == Group.COOPERATIVE


def why_not_open(institution: Institution, person: Person | AnonymousUser) -> str | Promise | None:
    """A steward opens what the register says is a co-op, once, while it is here."""
    if reason := why_not_look_after(institution, person):
        return reason
    if institution.left_at or institution.leaving_at:
        return _("It leaves this site, or has left it.")
    if not is_coop(institution):
        return _("The register does not say that it is a co-op. Its page is where to correct that.")
    return None


def why_not_correct(coop: Coop, currency: str = "") -> str | Promise | None:
    """First day, zone and currency are corrected as long as no hours, year or amount rest on them."""
    hours = Hours.objects.filter(member__coop=coop)
    if coop.years.exists() or coop.transfers.exists() or hours.exists():
        return _("Hours, a year or a payment rest on it already.")
    if currency not in ("", coop.currency) and coop.members.filter(buy_in__gt=0).exists():
        return _("The register has buy-ins in %(currency)s. Take them out first.") % {
            "currency": coop.currency
        }
    return None
