"""What this room tells the lists of the rooms below it."""

from collections.abc import Iterator
from datetime import datetime

from django.db.models import Q
from django.urls import reverse
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from interlock.web.budgets.models import Process
from interlock.web.delivery.actions.stories import record_funded
from interlock.web.delivery.models import Award, Delivery
from interlock.web.institutions.models import Institution
from interlock.web.institutions.queries import Deed
from interlock.web.look.navigation import Door
from interlock.web.look.refusals import Step
from interlock.web.people.models import Person

#: What stands in an address of this room where the slug of a process might.
OWN_WORDS = {"agreements", "awards", "calls", "offers", "payments", "reports", "sums"}

SENTENCES = {
    # The money chain, from the record of what was funded to the last payment.
    "delivery.recorded": _(
        "What becomes of the %(projects)s projects that “%(title)s” funded is on record from now on."
    ),
    "delivery.planned": _("%(by)s planned “%(title)s”."),
    "delivery.delayed": _("%(by)s delayed “%(title)s” to %(due_on)s."),
    "delivery.news": _("%(by)s told news of “%(title)s”."),
    "delivery.awarded": _("“%(title)s”: %(money)s was awarded to %(party)s."),
    "delivery.annulled": _("“%(title)s”: the award of %(money)s to %(party)s was annulled."),
    "delivery.complaint": _("“%(title)s”: %(by)s complained of the award."),
    "delivery.answered": _("“%(title)s”: the complaint of %(party)s was answered."),
    "delivery.signed": _("“%(title)s”: %(by)s signed version %(number)s of an agreement."),
    "delivery.dropped": _("“%(title)s”: %(by)s dropped version %(number)s of an agreement."),
    "delivery.begun": _("“%(title)s” began, with %(party)s, for %(money)s."),
    "delivery.changed": _("“%(title)s”: the agreement with %(party)s is worth %(money)s now."),
    "delivery.ended": _(
        "“%(title)s”: the agreement with %(party)s ended early; %(money)s of it is free again."
    ),
    "delivery.reported": _("“%(title)s”: %(by)s reported a milestone."),
    "delivery.accepted": _(
        "“%(title)s”: a report of %(party)s was answered; %(money)s of the milestone is earned."
    ),
    "delivery.in_part": _(
        "“%(title)s”: a report of %(party)s was accepted in part; %(money)s of the milestone is earned."
    ),
    "delivery.invoiced": _("“%(title)s”: %(party)s sent an invoice of %(money)s."),
    "delivery.approved": _("“%(title)s”: a payment of %(money)s to %(party)s was approved."),
    "delivery.called_off": _("“%(title)s”: a payment of %(money)s to %(party)s was called off."),
    "delivery.paid": _("“%(title)s”: %(money)s was paid to %(party)s."),
    "delivery.received": _("“%(title)s”: %(by)s confirmed that it got %(money)s."),
    "delivery.reversed": _("“%(title)s”: the payment of %(money)s to %(party)s was taken back."),
    "delivery.released": _("“%(title)s”: what was held back from %(party)s was released."),
    "delivery.stuck": _("“%(title)s” is stuck."),
    "delivery.resumed": _("“%(title)s” goes on."),
    "delivery.returned": _("“%(title)s”: %(money)s went back to the pot."),
    "delivery.done": _("“%(title)s” is done."),
    "delivery.given_up": _("“%(title)s” was given up."),
    # What stayed with the people of co-ops: no amount is ever on the record.
    "delivery.kept": _("What stayed with its people of what was paid in %(year)s was said."),
    # The call, from its draft to its ranking.
    "call.drafted": _("%(name)s prepares a call: %(title)s."),
    "delivery.called": _(
        "%(by)s opened a call for bids on “%(title)s”. Hash of its terms: %(sha256)s."
    ),
    "delivery.uncalled": _(
        "%(by)s cancelled its call for bids on “%(title)s”. The reason: %(reason)s"
    ),
    "delivery.no_award": _("“%(title)s”: nobody gets %(lot)s. The reason: %(reason)s"),
    "call.told": _("%(by)s told of a call that %(name)s holds elsewhere: %(title)s."),
    "call.answered": _("%(name)s answered a question about a call: %(title)s."),
    "call.extended": _("%(name)s moved the deadline of a call: %(title)s. The reason: %(reason)s"),
    "call.cancelled": _("%(name)s cancelled a call: %(title)s. The reason: %(reason)s"),
    "call.closed": _("The call %(title)s is closed. Sealed bids: %(number)s."),
    "call.ended": _("The call %(title)s, held elsewhere, has ended."),
    "call.opened": _("%(name)s opened %(number)s bids: %(title)s."),
    "call.panelist": _("%(panelist)s is on the panel of a call: %(title)s."),
    "call.panelist_gone": _("%(panelist)s is no longer on the panel of a call: %(title)s."),
    "call.excluded": _("The offer of %(bidder)s was excluded: %(title)s. The reason: %(reason)s"),
    "call.ranked": _("%(number)s offers were compared: %(title)s."),
    "call.ranked_again": _("%(number)s offers were compared again: %(title)s."),
    "call.set_aside": _(
        "What %(panelist)s scored of %(lot)s does not count, for a part in a bidder that they had not "
        "declared: %(title)s."
    ),
    "call.conflict_after": _(
        "After the award it came to light that %(panelist)s, who compared the bids for %(lot)s, has a "
        "part in a bidder: %(title)s. The award stands."
    ),
}

CALLS_DOOR = Door(
    "exchange",
    _("Deliver what residents chose"),
    _("Calls for delivery partners: worker co-ops bid, alone or together."),
    lambda: reverse("delivery:calls"),
    42,
)

STORIES_DOOR = Door(
    "evidence",
    _("See what became of it"),
    _("What residents chose: done, under way or stuck, and where the money went."),
    lambda: reverse("delivery:deliveries"),
    43,
)


def deeds(institution: Institution) -> Iterator[Deed]:
    """What it delivers, by an award that stands."""
    awards = Award.objects.filter(annulment=None, suppliers__institution=institution)
    for one in awards.select_related("delivery__project__process"):
        told = gettext("Delivers this project, chosen in “%(process)s”.")
        project = one.delivery.project
        url = one.delivery.get_absolute_url()
        yield Deed(str(project.title), url, told % {"process": project.process.title})


def bond(institution: Institution) -> str | None:
    """What it is responsible for, or has agreed to deliver, binds it until that is over."""
    going = Delivery.objects.filter(done_at=None, given_up_at=None).select_related("project")
    signed = Award.objects.filter(
        suppliers__institution=institution,
        agreement__signed_at__isnull=False,
        agreement__ended_at=None,
    )
    mine = Q(responsible=institution) | Q(pk__in=signed.values("delivery"))
    one = going.filter(mine).first()
    if one is None:
        return None
    told = gettext("“%(title)s” is not delivered yet: that has to be done or given up first.")
    return told % {"title": one.project.title}


def further(process: Process) -> Step | None:
    """Where a published result goes on; what is internal has no public delivery."""
    if process.is_internal:
        return None
    return Step(_("What became of it"), reverse("delivery:process", args=[process.slug]))


def begin(process: Process, at: datetime, by: Person | None) -> None:
    """What a published result funded has to be done, where everyone may see it."""
    if not process.is_internal:
        record_funded(process=process, at=at)
