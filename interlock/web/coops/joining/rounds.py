"""What this room tells the lists of the rooms below it."""

from django.utils.translation import gettext_lazy as _

from interlock.web.budgets.models import Process
from interlock.web.coops.models import Round
from interlock.web.look.refusals import Step

#: For the co-op's own people: no name, and no amount.
SENTENCES = {
    "coop.round_begun": _("Round %(number)s of the members’ own budget was begun."),
    "coop.round_opened": _(
        "Round %(number)s of the members’ own budget was opened to %(entitled)s who take part."
    ),
    "coop.round_settled": _("Round %(number)s of the members’ own budget is over."),
}


def round_of(process: Process) -> Step | None:
    """From a published result back to the round that it decided."""
    if not process.is_internal:
        return None
    found = Round.objects.filter(process=process).select_related("coop__institution").first()
    return Step(_("What became of the money"), found.get_absolute_url()) if found else None
