"""The whole inside of a co-op as data, for the file that its stewards take along."""

from collections.abc import Mapping
from typing import Any

from django.db.models import Model

from interlock.web.coops import models
from interlock.web.institutions.models import Institution

#: Every table of the room, and the way from its rows to the co-op.
TABLES: Mapping[type[Model], str] = {
    models.Coop: "pk",
    models.Member: "coop",
    models.Standing: "member__coop",
    models.Office: "member__coop",
    models.Training: "member__coop",
    models.Import: "coop",
    models.Hours: "member__coop",
    models.Bylaws: "coop",
    models.Decision: "coop",
    models.Option: "decision__coop",
    models.Elector: "decision__coop",
    models.Vote: "elector__decision__coop",
    models.Objection: "decision__coop",
    models.Signature: "decision__coop",
    models.Minutes: "decision__coop",
    models.Policy: "coop",
    models.Year: "coop",
    models.Share: "year__coop",
    models.Revenue: "year__coop",
    models.Account: "coop",
    models.Instalment: "member__coop",
    models.Transfer: "coop",
    models.Round: "coop",
    models.Goal: "project__process__round__coop",
    models.Allowance: "round__coop",
    models.Pledge: "allowance__round__coop",
}


def inside(institution: Institution) -> dict[str, list[dict[str, Any]]]:
    """Each table with its rows, by the names of the fields; nothing for who keeps no inside here.

    Amounts are in minor units. What was chosen in a secret ballot is in no table.
    """
    coop = models.Coop.objects.filter(institution=institution).first()
    if coop is None:
        return {}
    return {
        table._meta.model_name or "": list(
            table._default_manager.filter(**{way: coop.pk}).order_by("pk").values()
        )
        for table, way in TABLES.items()
    }
