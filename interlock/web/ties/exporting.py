"""Ties for other programs: CSV and GraphML."""

from collections.abc import Iterator
from decimal import Decimal

from interlock.methods.formats import graphml as graphml_file
from interlock.methods.formats import ties as table
from interlock.web.institutions.records import one_language
from interlock.web.look.amounts import precision
from interlock.web.ties.models import Tie
from interlock.web.ties.queries import current, network

# How many are read at a time while a file is written.
CHUNK = 500


def csv() -> Iterator[str]:
    """The lines of all ties that are shown, confirmed or not: the last column says which."""
    return table.lines(_ties())


def graphml() -> Iterator[str]:
    """The network: everybody in the register, and all ties that are shown."""
    return graphml_file.chunks(_institutions(), _ties())


def _institutions() -> Iterator[table.Institution]:
    for one in network().iterator(CHUNK):
        yield table.Institution(
            id=one.slug,
            name=one_language(one.name),
            kind=one.kind_id,
            place=one.place,
            latitude=one.latitude,
            longitude=one.longitude,
            synthetic=_true(one.is_synthetic),
        )


def _ties() -> Iterator[table.Tie]:
    for tie in current().order_by("pk").iterator(CHUNK):
        yield table.Tie(
            subject=tie.subject.slug,
            predicate=tie.predicate,
            object=tie.object.slug,
            since=tie.since.isoformat() if tie.since else "",
            until=tie.until.isoformat() if tie.until else "",
            amount=_decimal(tie),
            currency=tie.currency,
            evidence=tie.evidence,
            said_by=tie.said_by.slug if tie.said_by else "",
            state=tie.standing.value,
            note=tie.note,
            witness=tie.witness,
            subject_said=tie.subject_said_at.isoformat() if tie.subject_said_at else "",
            object_said=tie.object_said_at.isoformat() if tie.object_said_at else "",
            id=str(tie.pk),
            synthetic=_true(tie.is_synthetic),
        )


def _true(said: bool) -> str:
    return "true" if said else ""


def _decimal(tie: Tie) -> str:
    """The amount in the unit of its currency, with all its decimals."""
    if tie.amount is None:
        return ""
    return str(Decimal(tie.amount).scaleb(-precision(tie.currency)))
