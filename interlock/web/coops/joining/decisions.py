"""What this room tells the lists of the rooms below it."""

from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from interlock.web.coops.models import Decision
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


def matter(box: Box) -> Matter | None:
    """What a receipt's page says, to whoever holds its code: nothing from within the co-op."""
    found = Decision.objects.filter(box=box).select_related("coop__institution").first()
    if found is None:
        return None
    page = found.get_absolute_url()
    return Matter(
        title=_("A decision of a co-op"),
        url=page,
        ballot_url=reverse("coops:ballot", args=[found.coop.institution.slug, found.pk]),
        zone=found.coop.zone,
        result_url=page if found.decided_at else "",
    )
