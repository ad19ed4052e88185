"""What this room tells the lists of the rooms below it."""

from django.contrib.auth.models import AnonymousUser
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from interlock.web.coops.models import Decision
from interlock.web.coops.rules.access import inside
from interlock.web.people.models import Person
from interlock.web.voting.models import Box
from interlock.web.voting.views import Matter

#: For the co-op's own people; of a decision nothing but its number.
SENTENCES = {
    "decision.announced": gettext_lazy(
        "Decision %(number)s was announced to %(entitled)s who are entitled to vote."
    ),
    "decision.opened": gettext_lazy("The vote on decision %(number)s was opened."),
    "decision.decided": gettext_lazy("Decision %(number)s was made."),
    "decision.cancelled": gettext_lazy("Decision %(number)s was cancelled."),
    "decision.signed": gettext_lazy("The record of decision %(number)s was signed: %(sha256)s."),
}


def matter(box: Box, person: Person | AnonymousUser) -> Matter | None:
    """What a receipt's page says to those inside; of the decision itself it tells nothing."""
    found = Decision.objects.filter(box=box).select_related("coop__institution").first()
    who = inside(found.coop, person, timezone.now()) if found else None
    if found is None or who is None or not who.belongs:
        return None
    page = found.get_absolute_url()
    return Matter(
        title=_("A decision of a co-op"),
        url=page,
        ballot_url=reverse("coops:ballot", args=[found.coop.institution.slug, found.pk]),
        zone=found.coop.zone,
        result_url=page if found.decided_at else "",
    )
