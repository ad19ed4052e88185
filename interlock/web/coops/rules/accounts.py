"""What may be done with an entry of the accounts."""

from django.utils.translation import gettext as _

from interlock.web.coops.models import Standing, Status, Transfer, TransferKind


def why_not_settle(standing: Standing | None) -> str | None:
    """Why somebody's account does not become a debt yet."""
    if standing is not None and standing.status == Status.FORMER:
        return None
    return _("They belong to the co-op still: the register has to say first that they left.")


def why_not_reverse(transfer: Transfer) -> tuple[str, str] | None:
    """Why an entry is not undone by itself, and what is done instead."""
    if transfer.reverses_id:
        return _("This is a reversal itself."), _("Enter what is right as a new transfer.")
    if transfer.year_id:
        return (
            _("This entry belongs to a year."),
            _("A year is reversed as a whole, on its own page."),
        )
    if transfer.kind == TransferKind.ROUND:
        return (
            _("This entry belongs to a round of the members’ own budget."),
            _("A round gives back by itself what it does not spend."),
        )
    return None
