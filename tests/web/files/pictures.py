"""Pictures for tests, drawn when they are needed."""

from io import BytesIO
from typing import Any

from django.core.files.uploadedfile import SimpleUploadedFile
from PIL import Image


def drawn(
    kind: str = "JPEG",
    *,
    size: tuple[int, int] = (240, 160),
    color: str = "teal",
    corner: str = "",
    mode: str = "RGB",
    **options: Any,
) -> bytes:
    """A file of one color; with a `corner`, its top left quarter is of that color."""
    image = Image.new(mode, size, color)
    if corner:
        image.paste(Image.new(mode, (size[0] // 2, size[1] // 2), corner))
    file = BytesIO()
    image.save(file, kind, **options)
    return file.getvalue()


def sent(content: bytes | None = None, name: str = "picture.jpg") -> SimpleUploadedFile:
    """The file as a form sends it."""
    return SimpleUploadedFile(name, drawn() if content is None else content, "image/jpeg")
