"""Pictures for two of the demo's co-ops, drawn here: nobody took them and nobody is on them."""

from collections.abc import Callable, Mapping
from datetime import datetime
from io import BytesIO
from math import cos, pi, sin

from i18nfield.strings import LazyI18nString
from PIL import Image, ImageDraw

from interlock.web.files.actions import keep
from interlock.web.institutions.models import Institution
from interlock.web.institutions.picturing import show_picture
from interlock.web.people.models import Person

# Drawn twice as large and made smaller, so that edges are smooth.
WIDE, HIGH = 2400, 1500
GREEN, COPPER, PAPER, INK, SKY = "#0c5a42", "#93461a", "#f1eadc", "#19211c", "#e2eee4"

Draw = Callable[[ImageDraw.ImageDraw], None]


def wheels(pen: ImageDraw.ImageDraw) -> None:
    """A bicycle before a workshop."""
    pen.rectangle((0, 1180, WIDE, HIGH), fill="#dbd3c2")
    pen.rectangle((420, 260, 1980, 1180), fill=PAPER, outline=INK, width=14)
    pen.polygon(((340, 260), (1200, 40), (2060, 260)), fill=COPPER, outline=INK)
    pen.rectangle((1500, 520, 1800, 1180), fill=GREEN)
    pen.rectangle((560, 420, 860, 640), fill=SKY, outline=INK, width=10)
    back, front, saddle, head, pedal = (
        (760, 1060),
        (1500, 1060),
        (980, 720),
        (1380, 700),
        (1100, 1060),
    )
    for x, y in (back, front):
        pen.ellipse((x - 250, y - 250, x + 250, y + 250), outline=INK, width=26)
        for spoke in range(12):
            turn = spoke * pi / 6
            pen.line((x, y, x + 240 * cos(turn), y + 240 * sin(turn)), fill="#7d7768", width=5)
    for ends in (
        (back, saddle),
        (back, pedal),
        (pedal, saddle),
        (pedal, head),
        (saddle, head),
        (head, front),
    ):
        pen.line(ends, fill=COPPER, width=32, joint="curve")
    pen.line((head, (1350, 580), (1470, 560)), fill=INK, width=26, joint="curve")
    pen.line(((900, 690), (1060, 690)), fill=INK, width=40)


def sundial(pen: ImageDraw.ImageDraw) -> None:
    """Rows of plants under a rising sun."""
    pen.rectangle((0, 0, WIDE, 820), fill="#f8e9dc")
    pen.ellipse((900, 460, 1500, 1060), fill="#c39150")
    for ray in range(13):
        turn = pi + ray * pi / 12
        start, end = 360, 620 if ray % 2 else 520
        pen.line(
            (1200 + start * cos(turn), 760 + start * sin(turn),
             1200 + end * cos(turn), 760 + end * sin(turn)),
            fill=COPPER, width=22,
        )  # fmt: skip
    pen.rectangle((0, 820, WIDE, HIGH), fill="#1a3027")
    for row in range(6):
        y = 880 + row * row * 18 + row * 20
        size = 26 + row * 12
        for plant in range(-1, 2 + WIDE // (size * 3)):
            x = plant * size * 3 + (row % 2) * size
            pen.ellipse((x - size, y - size, x, y + size // 3), fill="#72d2a8")
            pen.ellipse((x, y - size, x + size, y + size // 3), fill=GREEN)


PICTURES: Mapping[str, tuple[Draw, str, str]] = {
    "Wheelhouse Cooperative": (
        wheels,
        "A drawing of a bicycle before a workshop with a copper roof",
        "Dibujo de una bicicleta ante un taller con techo de cobre",
    ),
    "Sundial Growers Cooperative": (
        sundial,
        "A drawing of rows of plants under a rising sun",
        "Dibujo de hileras de plantas bajo un sol naciente",
    ),
}


def show_pictures(
    made: Mapping[str, Institution], people: Mapping[str, Person], at: datetime
) -> None:
    """Their stewards show them. `people` are the stewards by their institution's English name."""
    for name, (draw, english, spanish) in PICTURES.items():
        file = _drawn(draw)
        picture = keep(file=file, size=file.getbuffer().nbytes, at=at)
        alt = LazyI18nString({"en": english, "es": spanish})
        show_picture(institution=made[name], by=people[name], at=at, alt=alt, picture=picture)


def _drawn(draw: Draw) -> BytesIO:
    image = Image.new("RGB", (WIDE, HIGH), SKY)
    draw(ImageDraw.Draw(image))
    file = BytesIO()
    image.resize((WIDE // 2, HIGH // 2), Image.Resampling.LANCZOS).save(file, "PNG")
    file.seek(0)
    return file
