"""The verbs of an institution's picture."""

from datetime import datetime

from django.db import transaction
from django.utils.translation import gettext as _
from i18nfield.strings import LazyI18nString

from interlock.web.files.actions import release
from interlock.web.files.models import Picture
from interlock.web.institutions.actions import held_by, note
from interlock.web.institutions.models import Institution
from interlock.web.look.refusals import Refused
from interlock.web.people.models import Person
from interlock.web.record.wording import words


@transaction.atomic
def show_picture(
    *,
    institution: Institution,
    by: Person,
    at: datetime,
    alt: str | LazyI18nString,
    picture: Picture | None = None,
) -> Institution:
    """Show a picture, or say the one there is in other words. Those who cannot see it read `alt`."""
    held = held_by(institution, by)
    said = words(alt)
    if not (any(said.values()) if isinstance(said, dict) else said.strip()):
        raise Refused(
            _("A picture needs words for those who cannot see it."),
            _("Say in a sentence what it shows."),
            status=422,
        )
    if picture is None and held.picture_id is None:
        raise Refused(_("There is no picture yet."), _("Choose a file."), status=422)
    before = held.picture_id, words(held.picture_alt)
    if picture and picture.pk != held.picture_id:
        release(sha256=held.picture_id, at=at)
        held.picture = picture
    held.picture_alt = alt
    if (held.picture_id, said) != before:
        held.save(update_fields=["picture", "picture_alt"])
        note("changed", held, at, by, facts={"fields": ["picture"]})
    return held


@transaction.atomic
def remove_picture(*, institution: Institution, by: Person, at: datetime) -> Institution:
    """Show none any more."""
    held = held_by(institution, by)
    if held.picture_id:
        release(sha256=held.picture_id, at=at)
        held.picture, held.picture_alt = None, ""
        held.save(update_fields=["picture", "picture_alt"])
        note("changed", held, at, by, facts={"fields": ["picture"]})
    return held
