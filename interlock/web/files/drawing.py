"""What somebody sent, read as a picture and drawn anew: nothing of the file itself is kept.

What a picture may cost is bounded before it is decoded: its bytes by `LARGEST`, its pixels by
`MOST_PIXELS`, and one process decodes one at a time. Where it was taken, by whom and with which
camera (EXIF, XMP) is gone; that it lies on its side is minded. Colours are brought to sRGB, and what
is transparent becomes white, so that a page may be dark or light.
"""

from __future__ import annotations

import threading
from dataclasses import dataclass
from io import BytesIO
from typing import IO

from django.utils.translation import gettext as _
from PIL import Image, ImageCms, ImageOps, UnidentifiedImageError

from interlock.web.look.refusals import Refused

LARGEST = 10 * 2**20
MOST_PIXELS = 50_000_000
LEAST_SIDE = 100
MOST_OBLONG = 6  # so many times as long as it is high, or as high as it is long
LONG_SIDE = 1600
SMALL_SIDE = 400
FORMATS = ("JPEG", "PNG", "WEBP", "GIF")
QUALITY = 82

_one_at_a_time = threading.Lock()


@dataclass(frozen=True)
class Drawing:
    """A picture in two sizes, each as the bytes of a WebP file; `width` and `height` of the large."""

    large: bytes
    small: bytes
    width: int
    height: int


def draw(file: IO[bytes], size: int) -> Drawing:
    """The picture in a file of `size` bytes. Refuses what is none, and says why and what to do."""
    if size > LARGEST:
        raise Refused(
            _("The file is larger than %(most)s megabytes.") % {"most": LARGEST // 2**20},
            _("Make the picture smaller, or save it as JPEG."),
            status=413,
        )
    with _one_at_a_time:
        image = _sound(file)
        image.thumbnail((LONG_SIDE, LONG_SIDE), Image.Resampling.LANCZOS, reducing_gap=3.0)
        small = image.copy()
        small.thumbnail((SMALL_SIDE, SMALL_SIDE), Image.Resampling.LANCZOS)
        return Drawing(_webp(image), _webp(small), image.width, image.height)


def _sound(file: IO[bytes]) -> Image.Image:
    """The picture, upright, in plain colours, and without anything else that was in its file."""
    try:
        opened = Image.open(file, formats=FORMATS)
        _check(opened)
        # A JPEG is decoded no larger than it will be shown.
        opened.draft(None, (2 * LONG_SIDE, 2 * LONG_SIDE))
        opened.load()
        return _plain(ImageOps.exif_transpose(opened))
    except Refused:
        raise
    except UnidentifiedImageError:
        raise Refused(
            _("This file is no picture that can be read here."),
            _("Send a JPEG, PNG, WebP or GIF file. What a file is called does not matter."),
            status=422,
        ) from None
    except (Image.DecompressionBombError, Image.DecompressionBombWarning):
        raise _too_many() from None
    except Exception as error:  # decoders of broken files raise whatever they came upon
        raise Refused(
            _("This picture is broken, or cut off."),
            _("Open it, save it again as JPEG or PNG, and send that."),
            status=422,
        ) from error


def _check(opened: Image.Image) -> None:
    """By what its head says, before anything is decoded."""
    width, height = opened.size
    if width * height > MOST_PIXELS:
        raise _too_many()
    if min(width, height) < LEAST_SIDE:
        raise Refused(
            _("The picture is only %(width)s × %(height)s pixels.")
            % {"width": width, "height": height},
            _("Send one with at least %(least)s on each side.") % {"least": LEAST_SIDE},
            status=422,
        )
    if max(width, height) > MOST_OBLONG * min(width, height):
        raise Refused(
            _("The picture is too long and narrow to be seen on a phone."),
            _("Cut it to at most %(most)s times as long as it is high.") % {"most": MOST_OBLONG},
            status=422,
        )


def _too_many() -> Refused:
    return Refused(
        _("The picture has more than %(most)s million pixels.") % {"most": MOST_PIXELS // 10**6},
        _("Make it smaller: %(side)s pixels on the longer side are enough.") % {"side": LONG_SIDE},
        status=413,
    )


def _plain(image: Image.Image) -> Image.Image:
    profile = image.info.get("icc_profile")
    if profile and image.mode in ("RGB", "CMYK"):
        image = _in_srgb(image, profile)
    if image.has_transparency_data:
        image = image.convert("RGBA")
        drawn = Image.new("RGB", image.size, "white")
        drawn.paste(image, mask=image.getchannel("A"))
        return drawn
    # Pasted into a new one: nothing else that stood in the file comes along.
    drawn = Image.new("RGB", image.size)
    drawn.paste(image.convert("RGB"))
    return drawn


def _in_srgb(image: Image.Image, profile: bytes) -> Image.Image:
    """In the colours that pages have; a profile that cannot be read changes nothing."""
    try:
        other = ImageCms.ImageCmsProfile(BytesIO(profile))
        changed = ImageCms.profileToProfile(
            image, other, ImageCms.createProfile("sRGB"), outputMode="RGB"
        )
    except (ImageCms.PyCMSError, OSError):
        return image
    return changed or image


def _webp(image: Image.Image) -> bytes:
    file = BytesIO()
    image.save(file, "WEBP", quality=QUALITY, method=4)
    return file.getvalue()
