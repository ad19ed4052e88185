"""The verbs of the register."""

from collections.abc import Collection
from datetime import datetime

from django.db import transaction
from django.utils.text import slugify
from i18nfield.strings import LazyI18nString

from interlock.web.institutions.models import Institution, Kind, Steward
from interlock.web.people.models import Person
from interlock.web.record import actions as record
from interlock.web.record.wording import words

LONGEST_SLUG = 50
# Addresses end in "new" where something is made; nothing that is made may be called so.
RESERVED = {"new"}


def free_slug(name: str, taken: Collection[str]) -> str:
    """A slug for a name that no other has: `riverbend`, then `riverbend-2`.

    Small letters, digits and hyphens only, so that it can name a file of a bundle too.
    """
    taken = {*taken, *RESERVED}
    base = slugify(name).replace("_", "-").strip("-")[:LONGEST_SLUG].strip("-") or "unnamed"
    number, slug = 2, base
    while slug in taken:
        slug, number = f"{base}-{number}", number + 1
    return slug


@transaction.atomic
def register(
    *,
    name: str | LazyI18nString,
    kind: Kind | str,
    at: datetime,
    steward: Person | None = None,
    place: str = "",
    about: str | LazyI18nString = "",
    imported_from: str = "",
) -> Institution:
    """Enter an institution; whoever registers it looks after it."""
    slugs = set(Institution.objects.values_list("slug", flat=True))
    institution = Institution.objects.create(
        slug=free_slug(str(name), slugs),
        name=name,
        kind=Kind(kind),
        place=place,
        about=about,
        registered_at=at,
        imported_from=imported_from,
    )
    if steward:
        Steward.objects.create(institution=institution, person=steward, since=at)
    record.write(
        act="institution.registered",
        subject=f"institution/{institution.slug}",
        at=at,
        actor=steward.reference if steward else "",
        facts={"name": words(name)},
    )
    return institution
