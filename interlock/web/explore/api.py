"""Exploring by machine: an institution's ties, paths between two, who could deliver around a place."""

from django.http import HttpRequest
from django.shortcuts import get_object_or_404
from django.utils import timezone
from django.utils.translation import gettext as _
from ninja import Router, Schema

from interlock.web.explore import chains, delivering
from interlock.web.explore.networks import Network
from interlock.web.explore.queries import Tied
from interlock.web.institutions.models import Institution
from interlock.web.look.refusals import Refused

router = Router(tags=["explore"])


class TieOut(Schema):
    subject: str
    predicate: str
    object: str
    standing: str
    synthetic: bool


class AroundOut(Schema):
    institution: str
    ties: list[TieOut]
    number_of_ties: int


class StepOut(Schema):
    told: str
    ties: list[TieOut]


class PathsOut(Schema):
    steps: int
    chains: list[list[StepOut]]
    more: bool
    read_all: bool


class CandidateOut(Schema):
    institution: str
    name: str
    kind: str
    synthetic: bool
    km: float
    reasons: list[str]
    offers: list[int]


class DeliverOut(Schema):
    around: str
    latitude: float
    longitude: float
    km: float
    words: list[str]
    number: int
    candidates: list[CandidateOut]
    sources: list[str]


MOST_CANDIDATES = 100


def _here(slug: str) -> Institution:
    return get_object_or_404(
        Institution.objects.filter(left_at=None).select_related("kind"), slug=slug
    )


def _tie(tied: Tied, one: Institution, other: Institution) -> dict[str, object]:
    slugs = {one.pk: one.slug, other.pk: other.slug}
    return {
        "subject": slugs[tied.subject],
        "predicate": tied.predicate,
        "object": slugs[tied.object],
        "standing": tied.standing,
        "synthetic": one.is_synthetic or other.is_synthetic,
    }


@router.get("/explore/around/{slug}", response=AroundOut)
def around(request: HttpRequest, slug: str, steps: int = 1) -> dict[str, object]:
    """The ties of an institution, the confirmed first; with steps=2 those of its neighbors as well."""
    network = Network(_here(slug), 2 if steps == 2 else 1)
    return {
        "institution": slug,
        "ties": [_tie(row.tied, row.one, row.other) for row in network.rows],
        "number_of_ties": network.number_of_ties,
    }


@router.get("/explore/paths/{one}/{other}", response=PathsOut)
def paths(request: HttpRequest, one: str, other: str, confirmed: bool = False) -> dict[str, object]:
    """The shortest chains of ties between two institutions; no chain is no error."""
    if one == other:
        raise Refused(_("That is the same institution. Choose another."), status=422)
    found = chains.between(_here(one), _here(other), confirmed_only=confirmed)
    return {
        "steps": found.steps,
        "chains": [
            [
                {
                    "told": link.told,
                    "ties": [_tie(tied, link.one, link.other) for tied in link.ties],
                }
                for link in chain
            ]
            for chain in found.chains
        ],
        "more": found.more,
        "read_all": found.read_all,
    }


@router.get("/explore/deliver", response=DeliverOut)
def deliver(
    request: HttpRequest,
    q: str = "",
    activity: str = "",
    where: str = "",
    at: str = "",
    far: int = delivering.USUAL,
    order: str = "",
) -> dict[str, object]:
    """Who around a place could deliver something: the first of them, in the order of the page.

    `far` is in the unit of the site's region, miles or kilometers; the answer says it in kilometers.
    """
    given = {
        "q": q, "activity": activity, "where": where, "at": at, "far": str(far), "order": order,
    }  # fmt: skip
    asked = delivering.asked(given)
    if asked.is_empty:
        raise Refused(_("Say where: a place, or the slug of an institution."), status=422)
    place = delivering.where_is(asked)
    if not place.spots:
        raise Refused(place.wrong, status=422)
    answer = delivering.Answer(asked, place.spots[0], timezone.now())
    return {
        "around": answer.spot.name,
        "latitude": answer.spot.latitude,
        "longitude": answer.spot.longitude,
        "km": answer.km,
        "words": answer.words,
        "number": len(answer.candidates),
        "candidates": [
            {
                "institution": one.candidate.institution.slug,
                "name": str(one.candidate.institution.name),
                "kind": one.candidate.institution.kind_id,
                "synthetic": one.candidate.institution.is_synthetic,
                "km": round(one.candidate.km, 1),
                "reasons": list(one.reasons),
                "offers": [offer.pk for offer in one.candidate.offers],
            }
            for one in answer.shown(answer.candidates[:MOST_CANDIDATES])
        ],
        "sources": list(answer.spot.sources),
    }
