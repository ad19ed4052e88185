"""The verbs of pictures: keep one, let it go, throw away what nobody shows."""

import hashlib
import os
import secrets
from datetime import datetime, timedelta
from pathlib import Path
from typing import IO

from django.db import transaction

from interlock.web.files.drawing import draw
from interlock.web.files.models import Picture
from interlock.web.files.queries import is_shown, path_of

# Until it is looked whether anybody shows it: who sent the same one just now shows it by then.
GRACE = timedelta(hours=1)


def keep(*, file: IO[bytes], size: int, at: datetime) -> Picture:
    """A picture from a file that somebody sent. The same picture sent twice is one.

    It is stored before whatever will show it is; nobody shows it within the hour, and it goes.
    """
    drawing = draw(file, size)
    sha256 = hashlib.sha256(drawing.large).hexdigest()
    with transaction.atomic():
        # The row first: whoever throws the same one away holds it, and we wait.
        picture, _made = Picture.objects.update_or_create(
            sha256=sha256,
            defaults={"check_at": at + GRACE},
            create_defaults={
                "width": drawing.width,
                "height": drawing.height,
                "made_at": at,
                "check_at": at + GRACE,
            },
        )
        _write(path_of(sha256), drawing.large)
        _write(path_of(sha256, small=True), drawing.small)
    return picture


def release(*, sha256: str | None, at: datetime) -> None:
    """Say that one shows this picture no longer. The worker looks later whether anybody else does."""
    if sha256:
        Picture.objects.filter(pk=sha256).update(check_at=at + GRACE)


def tidy_due(at: datetime) -> bool:
    """Look at one picture that may be nobody's any more, if there is one; throw it away if so."""
    with transaction.atomic():
        due = Picture.objects.filter(check_at__lte=at).order_by("check_at")
        picture = due.select_for_update(skip_locked=True).first()
        if picture is None:
            return False
        if is_shown(picture):
            picture.check_at = None
            picture.save(update_fields=["check_at"])
        else:
            # Files before the row is gone for others: who keeps the same one again writes after us.
            sha256 = picture.pk
            picture.delete()
            path_of(sha256).unlink(missing_ok=True)
            path_of(sha256, small=True).unlink(missing_ok=True)
        return True


def _write(path: Path, content: bytes) -> None:
    """Whole or not at all; what is there already has the same content, by its name."""
    if path.exists():
        return
    path.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
    draft = path.with_name(f".{path.name}.{secrets.token_hex(8)}")
    handle = os.open(draft, os.O_CREAT | os.O_EXCL | os.O_WRONLY, 0o600)
    with os.fdopen(handle, "wb") as file:
        file.write(content)
        file.flush()
        os.fsync(file.fileno())
    draft.replace(path)
