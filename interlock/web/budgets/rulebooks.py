"""The rules of a process as data: what is frozen, hashed, published, and told in plain language."""

import secrets
from datetime import UTC

from interlock.web.budgets.models import Process
from interlock.web.look.amounts import precision
from interlock.web.record.wording import words

FORMAT = "interlock-rulebook/1"


def drawn_lot() -> str:
    """The seed from which the order of the lot follows; drawn when the rulebook is frozen."""
    return secrets.token_hex(16)


def written(process: Process, *, lot_seed: str, ballot: str = "approval") -> dict[str, object]:
    """The whole rulebook of a process. Amounts are in minor units of its currency.

    Votes held here have approval ballots; an imported one may have had others.
    """
    areas = process.areas.prefetch_related("projects", "allocations")
    # Only where it is: the hash of a real rulebook is what it always was.
    mark = {"synthetic": True} if process.is_synthetic else {}
    return {
        "format": FORMAT,
        **mark,
        "process": process.slug,
        "title": words(process.title),
        "institution": words(process.institution.name),
        "currency": process.currency,
        "zone": process.zone,
        "closes_at": process.closes_at.astimezone(UTC).isoformat() if process.closes_at else None,
        "minor_units": 10 ** precision(process.currency),
        "roll": process.box.roll.count(),
        "ballot": ballot,
        "rule": process.rule,
        "direct_up_to": process.direct_up_to,
        "has_custodians": process.has_custodians,
        "ties": {"order": ["least cost", "most votes", "lot"], "lot_seed": lot_seed},
        "pots": [
            {
                "name": words(pot.name),
                "source": words(pot.source.name),
                "fund_type": pot.fund_type,
                "amount": pot.amount,
            }
            for pot in process.pots.select_related("source")
        ],
        "areas": [
            {
                "ref": area.ref,
                "name": words(area.name),
                "budget": area.budget,
                "max_choices": area.max_choices,
                "projects": [
                    {"ref": project.ref, "title": words(project.title), "cost": project.cost}
                    for project in area.projects.all()
                ],
            }
            for area in areas
        ],
    }
