"""What this room tells the lists of the rooms below it."""

from collections.abc import Iterator

from django.contrib.auth.models import AnonymousUser
from django.db.models import Q
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from interlock.web.budgets import queries
from interlock.web.institutions.models import Institution
from interlock.web.institutions.queries import Deed
from interlock.web.people.models import Person
from interlock.web.voting.models import Box
from interlock.web.voting.views import Matter

SENTENCES = {
    "process.created": gettext_lazy("“%(title)s” was begun."),
    "process.opened": gettext_lazy("Voting in “%(title)s” opened. Rulebook %(rulebook).16s."),
    "process.codes_made": gettext_lazy(
        "%(letters)s more voting codes were made for “%(title)s” while voting was open."
    ),
    "process.closed": gettext_lazy(
        "Voting in “%(title)s” closed with %(ballots)s ballots; the roll held %(roll)s codes."
    ),
    "process.closed_with_few": gettext_lazy(
        "Voting in “%(title)s” closed with fewer than ten ballots; the roll held %(roll)s codes."
    ),
    "process.counted": gettext_lazy("“%(title)s” was counted."),
    "process.published": gettext_lazy(
        "The result of “%(title)s” was published. Fingerprint %(fingerprint).16s."
    ),
    "process.imported": gettext_lazy("“%(title)s” was imported from %(file)s."),
}


def deeds(institution: Institution) -> Iterator[Deed]:
    for process in queries.listed().filter(institution=institution):
        yield Deed(str(process.title), process.get_absolute_url(), process.phase_label)
    for project in queries.delivered_by(institution.pk):
        yield Deed(
            str(project.title),
            project.get_absolute_url(),
            _("Delivery partner of this project, in “%(process)s”.")
            % {"process": project.process.title},
        )


def bond(institution: Institution) -> str | None:
    """A vote that it runs, pays for or will deliver for binds it until the result is published."""
    part = Q(pots__source=institution) | Q(projects__delivery_partner=institution)
    # Of what is internal to another one nothing may be told here.
    part = Q(institution=institution) | Q(is_internal=False) & part
    opened = queries.processes().exclude(box__opened_at=None)
    process = opened.filter(part, published_at=None).first()
    if process is None:
        return None
    told = _("“%(title)s” is under way: its result has to be published first.")
    return told % {"title": process.title}


def matter(box: Box, person: Person | AnonymousUser) -> Matter | None:
    process = queries.known_to(person).filter(box=box).first()
    if process is None:
        return None
    process.box = box
    published = process.published_at is not None
    return Matter(
        title=str(process.title),
        url=process.get_absolute_url(),
        ballot_url=reverse("budgets:ballot", args=[process.slug]),
        zone=process.zone,
        result_url=reverse("budgets:result", args=[process.slug]) if published else "",
    )
