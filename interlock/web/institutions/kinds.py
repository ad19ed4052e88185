"""The kinds of institutions that a site begins with. Whoever runs it adds theirs, as data."""

from typing import Any

from i18nfield.strings import LazyI18nString

# Slug, group, English, Spanish.
KINDS = (
    ("public_body", "public", "Public body", "Organismo público"),
    ("pb_authority", "public", "PB authority or programme", "Autoridad o programa de PP"),
    ("worker_coop", "cooperative", "Worker co-op", "Cooperativa de trabajo"),
    ("other_coop", "cooperative", "Other co-op", "Otra cooperativa"),
    ("federation", "cooperative", "Federation", "Federación"),
    ("incubator", "support", "Incubator or developer", "Incubadora o promotora"),
    ("lender", "support", "Lender or fund", "Entidad de préstamo o fondo"),
    ("credit_union", "support", "Credit union", "Cooperativa de ahorro y crédito"),
    ("land_trust", "community", "Land trust", "Fideicomiso de tierras"),
    ("time_bank", "community", "Time bank", "Banco de tiempo"),
    ("mutual_aid", "community", "Mutual aid", "Ayuda mutua"),
    ("union", "community", "Union", "Sindicato"),
    ("school", "community", "School", "Escuela"),
    ("community_organisation", "community", "Community organisation", "Organización comunitaria"),
    ("firm", "other", "Firm", "Empresa"),
)


def enter_kinds(kinds: Any) -> None:
    """Enter them where there are none; what a site has made of them stays as it is.

    `kinds` is the model, that of today or that of a migration.
    """
    if kinds.objects.exists():
        return
    for position, (slug, group, english, spanish) in enumerate(KINDS):
        name = LazyI18nString({"en": english, "es": spanish})
        kinds.objects.create(slug=slug, group=group, name=name, position=10 * position)
