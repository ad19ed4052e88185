"""Questions to the box. None of them looks at a ballot before the opening."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime
from enum import Enum

from interlock.web.voting import codes
from interlock.web.voting.models import Box, Draft, Envelope, Receipt


class Standing(Enum):
    """What a receipt's code finds."""

    SEALED = "sealed"
    COUNTED = "counted"
    UNKNOWN = "unknown"


@dataclass(frozen=True)
class Found:
    standing: Standing
    box: Box | None


def find_receipt(code: str) -> Found:
    """Where the ballot of a receipt is now; a code that was replaced is as unknown as a wrong one."""
    leaf = codes.typed_receipt(code)
    if leaf is None:
        return Found(Standing.UNKNOWN, None)
    # A range, which the index serves; the digits end at f.
    for table, standing in ((Envelope, Standing.SEALED), (Receipt, Standing.COUNTED)):
        hit = (
            table.objects.filter(leaf__gte=leaf, leaf__lt=f"{leaf}g").select_related("box").first()
        )
        if hit:
            return Found(standing, hit.box)
    return Found(Standing.UNKNOWN, None)


def draft(box: Box, code: str) -> object | None:
    """The choices kept under a draft's code, or None."""
    kept = Draft.objects.filter(code_hash=codes.hashed(code, "draft"), box=box).first()
    return kept.content if kept else None


def due(at: datetime) -> list[Box]:
    return list(Box.objects.filter(opened_at__isnull=False, closed_at=None, closes_at__lte=at))


def turnout(box: Box) -> tuple[int, int]:
    """How many are on the roll, and how many of them have voted.

    While the box is open the roll does not say; there are as many envelopes as voters.
    """
    voted = box.roll.filter(has_voted=True) if box.closed_at else box.envelopes.all()
    return box.roll.count(), voted.count()


def ballots(box: Box) -> Iterator[object]:
    """The unsealed ballots in the order they were written: by content."""
    return box.ballots.order_by("pk").values_list("content", flat=True).iterator(chunk_size=5_000)


def receipts(box: Box) -> list[str]:
    return list(box.receipts.order_by("leaf").values_list("leaf", flat=True))
