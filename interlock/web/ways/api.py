"""Reading the twelve ways and the agreed joint proposals by machine. A draft is told to nobody here."""

from datetime import datetime

from django.http import Http404, HttpRequest
from django.shortcuts import get_object_or_404
from ninja import Router, Schema

from interlock.web.record.wording import words
from interlock.web.ways import queries
from interlock.web.ways.models import Proposal
from interlock.web.ways.twelve import WAYS, Way

router = Router(tags=["ways"])
A_PAGE = 100


class SourceOut(Schema):
    name: str
    url: str


class EvidenceOut(Schema):
    text: str
    basis: str
    sources: list[SourceOut]


class WayOut(Schema):
    slug: str
    number: int
    title: str
    line: str
    begins: str
    money: str
    time: str
    agreed: int


class WholeWayOut(WayOut):
    what: str
    evidence: list[EvidenceOut]


class ProposalOut(Schema):
    number: int
    title: dict[str, str] | str
    way: str
    state: str
    agreed_at: datetime
    parties: list[str]
    synthetic: bool


class SignatureOut(Schema):
    institution: str
    signed_at: datetime
    withdrew_at: datetime | None


class StepOut(Schema):
    state: str
    sentence: str
    institution: str
    at: datetime


class WholeProposalOut(ProposalOut):
    version: int
    text: str
    sha256: str
    signatures: list[SignatureOut]
    steps: list[StepOut]


def _way(way: Way, agreed: int) -> dict[str, object]:
    return {
        "slug": way.slug,
        "number": way.number,
        "title": way.told.title,
        "line": way.told.line,
        "begins": way.facts.begins.value,
        "money": way.facts.money.value,
        "time": way.facts.time.value,
        "agreed": agreed,
    }


def _proposal(proposal: Proposal) -> dict[str, object]:
    return {
        "number": proposal.pk,
        "title": words(proposal.title),
        "way": proposal.way,
        "state": proposal.state,
        "agreed_at": proposal.agreed_at,
        "parties": [one.institution.slug for one in proposal.those],  # type: ignore[attr-defined]
        "synthetic": proposal.is_synthetic,
    }


@router.get("/ways", response=list[WayOut], summary="The twelve ways to interlock")
def ways(request: HttpRequest) -> list[dict[str, object]]:
    """In the language that the request asks for. `agreed` counts the joint proposals by each."""
    agreed = queries.agreed_by_way()
    return [_way(way, agreed.get(way.slug, 0)) for way in WAYS.values()]


@router.get("/ways/{slug}", response=WholeWayOut, summary="One way, its evidence and sources")
def way(request: HttpRequest, slug: str) -> dict[str, object]:
    """`basis`: read in a source, counted by us in a file, known without a source, or our own idea."""
    if slug not in WAYS:
        raise Http404
    found = WAYS[slug]
    evidence = [
        {
            "text": text,
            "basis": known.basis.value,
            "sources": [{"name": one.name, "url": one.url} for one in known.sources],
        }
        for text, known in zip(found.told.evidence, found.facts.evidence, strict=True)
    ]
    told = _way(found, queries.agreed_by_way().get(slug, 0))
    return {**told, "what": found.told.what, "evidence": evidence}


@router.get(
    "/joint-proposals", response=list[ProposalOut], summary="Agreed joint proposals, latest first"
)
def joint_proposals(request: HttpRequest, offset: int = 0) -> list[dict[str, object]]:
    """At most a hundred from `offset` on; title in each language it was given in."""
    start = min(max(offset, 0), 10**6)
    return [_proposal(one) for one in queries.agreed()[start : start + A_PAGE]]


@router.get(
    "/joint-proposals/{number}",
    response=WholeProposalOut,
    summary="One agreed joint proposal: the signed text, signatures, what became of it",
)
def joint_proposal(request: HttpRequest, number: int) -> dict[str, object]:
    """`text` is what was signed, to the letter; `sha256` is the SHA-256 of its UTF-8."""
    proposal = get_object_or_404(queries.agreed(), pk=number)
    version = proposal.versions.get(number=proposal.version)
    signatures = version.signatures.select_related("party__institution")
    return {
        **_proposal(proposal),
        "version": version.number,
        "text": version.document,
        "sha256": version.fingerprint,
        "signatures": [
            {
                "institution": one.party.institution.slug,
                "signed_at": one.signed_at,
                "withdrew_at": one.party.left_at,
            }
            for one in signatures
        ],
        "steps": [
            {
                "state": one.state,
                "sentence": one.sentence,
                "institution": one.institution.slug,
                "at": one.at,
            }
            for one in proposal.steps.select_related("institution")
        ],
    }
