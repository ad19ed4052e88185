"""What this room tells the lists of the rooms below it."""

from urllib.parse import urlencode

from django.contrib.auth.models import AnonymousUser
from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from interlock.web.explore.networks import count_of
from interlock.web.institutions.models import Institution
from interlock.web.institutions.queries import Panel, View, Wanted
from interlock.web.people.models import Person


def panel(institution: Institution, _reader: Person | AnonymousUser) -> Panel | None:
    """The ways from an institution's page to who is around it."""
    if institution.left_at:
        return None
    return Panel("explore/panel.html", {"slug": institution.slug, "number": count_of(institution)})


def on_the_map(wanted: Wanted) -> View:
    return View(_("On the map"), f"{reverse('explore:map')}?{urlencode(wanted.asked)}".rstrip("?"))
