"""What is drawn anew, and what is refused, each with the reason."""

import struct
import zlib
from io import BytesIO

import pytest
from PIL import Image, ImageCms

from interlock.web.files import drawing
from interlock.web.files.drawing import Drawing, draw
from interlock.web.look.refusals import Refused
from tests.web.files.pictures import drawn

ORIENTATION, GPS, MAKER = 0x0112, 0x8825, 0x010F


def redrawn(content: bytes) -> Drawing:
    return draw(BytesIO(content), len(content))


def opened(content: bytes) -> Image.Image:
    return Image.open(BytesIO(content))


def why_not(content: bytes, size: int | None = None) -> tuple[int, str, str]:
    with pytest.raises(Refused) as refused:
        draw(BytesIO(content), len(content) if size is None else size)
    return refused.value.status, str(refused.value.reason), str(refused.value.remedy)


def close_to(pixel: object, color: tuple[int, int, int]) -> bool:
    assert isinstance(pixel, tuple)
    return all(abs(one - other) < 12 for one, other in zip(pixel, color, strict=True))


def test_picture_is_drawn_anew_in_two_sizes() -> None:
    made = redrawn(drawn(size=(4000, 2000)))
    large, small = opened(made.large), opened(made.small)
    assert (large.format, large.size, small.format, small.size) == (
        "WEBP", (1600, 800), "WEBP", (400, 200),
    )  # fmt: skip
    assert (made.width, made.height) == (1600, 800)
    assert redrawn(drawn(size=(4000, 2000))) == made


@pytest.mark.parametrize("kind", ["JPEG", "PNG", "WEBP", "GIF"])
def test_small_picture_keeps_its_size(kind: str) -> None:
    made = redrawn(drawn(kind))
    assert (made.width, made.height, opened(made.small).size) == (240, 160, (240, 160))


def test_picture_stands_upright_and_tells_nothing_of_camera_and_place() -> None:
    exif = Image.Exif()
    exif[ORIENTATION] = 6  # the camera was held upright: turn it a quarter to the right
    exif[MAKER] = "Spycam"
    exif.get_ifd(GPS)[2] = (43.0, 9.0, 17.0)
    comment = b"Taken by Bob"
    made = redrawn(drawn(corner="red", quality=95, exif=exif, comment=comment, xmp=b"<x>Bob</x>"))
    image = opened(made.large).convert("RGB")
    assert image.size == (160, 240)
    assert close_to(image.getpixel((150, 10)), (255, 0, 0))
    assert close_to(image.getpixel((10, 10)), (0, 128, 128))
    for content in (made.large, made.small):
        again = opened(content)
        assert (dict(again.getexif()), set(again.info) & {"exif", "xmp", "comment", "icc_profile"}) == (
            {}, set(),
        )  # fmt: skip
        assert b"Spycam" not in content
        assert b"Bob" not in content


@pytest.mark.parametrize(
    ("kind", "mode"),
    [("PNG", "RGBA"), ("PNG", "LA"), ("PNG", "P"), ("PNG", "L"), ("PNG", "1"), ("JPEG", "L"),
     ("JPEG", "CMYK"), ("WEBP", "RGBA"), ("GIF", "P"), ("PNG", "I;16")],
)  # fmt: skip
def test_every_way_to_hold_colors_is_read(kind: str, mode: str) -> None:
    made = redrawn(drawn(kind, mode=mode, color=0 if mode in ("1", "P", "I;16") else "black"))  # type: ignore[arg-type]
    image = opened(made.large)
    assert image.mode == "RGB"
    assert close_to(image.getpixel((50, 50)), (0, 0, 0))


def test_what_is_transparent_is_white() -> None:
    made = redrawn(drawn("PNG", mode="RGBA", color="#00000000"))
    assert close_to(opened(made.large).getpixel((50, 50)), (255, 255, 255))


def test_colors_of_a_profile_become_those_of_pages() -> None:
    """Here a profile that swaps nothing, and one that is broken: both are read."""
    profile = ImageCms.ImageCmsProfile(ImageCms.createProfile("sRGB")).tobytes()
    for icc in (profile, b"no profile"):
        image = opened(redrawn(drawn(color="red", quality=95, icc_profile=icc)).large)
        assert close_to(image.convert("RGB").getpixel((50, 50)), (255, 0, 0))


def test_only_the_first_of_moving_pictures_is_drawn() -> None:
    second = Image.new("RGB", (240, 160), "red")
    made = redrawn(drawn("GIF", save_all=True, append_images=[second]))
    assert not getattr(opened(made.large), "is_animated", False)
    assert close_to(opened(made.large).convert("RGB").getpixel((50, 50)), (0, 128, 128))


def png(width: int, height: int) -> bytes:
    """The head of a picture of any size, and a body far too short for it."""

    def chunk(name: bytes, data: bytes) -> bytes:
        return (
            struct.pack(">I", len(data)) + name + data + struct.pack(">I", zlib.crc32(name + data))
        )

    head = struct.pack(">IIBBBBB", width, height, 8, 2, 0, 0, 0)
    body = zlib.compress(bytes(1000))
    return b"\x89PNG\r\n\x1a\n" + chunk(b"IHDR", head) + chunk(b"IDAT", body) + chunk(b"IEND", b"")


@pytest.mark.parametrize(
    ("content", "status", "reason"),
    [
        (b"", 422, "no picture"),
        (b"GIF89a", 422, ""),
        (b"<svg xmlns='http://www.w3.org/2000/svg'/>", 422, "no picture"),
        (b"<html><script>alert(1)</script>", 422, "no picture"),
        (b"%PDF-1.7", 422, "no picture"),
        (drawn("BMP"), 422, "no picture"),
        (drawn("TIFF"), 422, "no picture"),
        (drawn()[:-200], 422, "broken"),
        (drawn("PNG", corner="red")[:-50], 422, "broken"),
        (drawn("WEBP")[:-20], 422, ""),
        (png(200, 200), 422, "broken"),
        (png(20_000, 3_000), 413, "50 million pixels"),
        (png(20_000, 20_000), 413, "50 million pixels"),
        (png(99, 400), 422, "only 99 × 400"),
        (png(100, 601), 422, "long and narrow"),
    ],
    ids=range(15),
)
def test_what_is_no_sound_picture_is_refused(content: bytes, status: int, reason: str) -> None:
    told = why_not(content)
    assert told[0] == status
    assert reason in told[1]
    assert told[2]


def test_large_file_is_refused_before_it_is_read() -> None:
    class Unread(BytesIO):
        def read(self, *_size: object) -> bytes:
            raise AssertionError("it was read")

    with pytest.raises(Refused) as refused:
        draw(Unread(), drawing.LARGEST + 1)
    assert (refused.value.status, str(refused.value.reason)) == (
        413, "The file is larger than 10 megabytes.",
    )  # fmt: skip


def test_polyglot_is_served_as_a_picture_and_nothing_else() -> None:
    """A picture with a page behind it: what is drawn anew has only the picture."""
    made = redrawn(drawn() + b"<script>alert(1)</script>")
    assert b"script" not in made.large + made.small
