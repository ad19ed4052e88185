"""Where a picture lies, and whether anybody shows it."""

from pathlib import Path

from django.conf import settings

from interlock.web.files.models import Picture


def path_of(sha256: str, *, small: bool = False) -> Path:
    """The file of a picture in one of its sizes."""
    name = f"{sha256}-small.webp" if small else f"{sha256}.webp"
    return Path(settings.INTERLOCK_HOME) / "files" / sha256[:2] / name


def is_shown(picture: Picture) -> bool:
    """Whether anything points to it: every room's foreign keys are asked."""
    for relation in Picture._meta.get_fields(include_hidden=True):
        model = relation.related_model
        if relation.auto_created and not relation.concrete and model is not None:
            name = relation.field.name  # type: ignore[union-attr]
            if model._base_manager.filter(**{name: picture.pk}).exists():
                return True
    return False
