"""A co-op's decisions: what is under way, who may answer, and how it stands."""

from datetime import date

from interlock.web.coops.models import Bylaws, Coop


def bylaws_on(coop: Coop, day: date) -> Bylaws | None:
    """The version of the bylaws in force on a day."""
    return coop.bylaws.filter(effective_on__lte=day).order_by("-effective_on", "-number").first()
