"""Ties by machine: read by everybody; said, confirmed and disputed by who speaks for a side."""

from datetime import date, datetime
from typing import Any

from django.http import HttpRequest
from django.shortcuts import get_object_or_404
from django.utils import timezone
from ninja import Field, Router, Schema, Status
from ninja.security import django_auth

from interlock.web.institutions.models import Institution
from interlock.web.people.access import person_of
from interlock.web.ties import actions, queries
from interlock.web.ties.models import LONGEST_REASON, Tie
from interlock.web.ties.views import existing

router = Router(tags=["ties"])

A_PAGE = 100


class TieOut(Schema):
    number: int
    subject: str
    predicate: str
    object: str
    since: date | None
    until: date | None
    amount_minor_units: int | None
    currency: str
    evidence: str
    note: str
    state: str
    state_in_words: str
    said_by: str | None
    said_at: datetime
    subject_said_at: datetime | None
    object_said_at: datetime | None
    disputed_by: str | None
    dispute: str
    witness: str
    synthetic: bool
    fingerprint: str


class TieIn(Schema):
    subject: str
    predicate: str
    object: str
    speaker: str
    since: date | None = None
    until: date | None = None
    amount_minor_units: int | None = None
    currency: str = Field("", max_length=3)
    evidence: str = Field("", max_length=500)
    note: str = Field("", max_length=300)


class WordIn(Schema):
    """For whom one speaks, and the fingerprint of what one has read."""

    speaker: str
    read: str = ""


class DisputeIn(Schema):
    speaker: str
    reason: str = Field(max_length=LONGEST_REASON)


def _out(tie: Tie) -> dict[str, Any]:
    return {
        "number": tie.pk,
        **queries.as_data(tie),
        "state_in_words": tie.state,
        "dispute": tie.dispute,
        "fingerprint": tie.fingerprint,
    }


def _who(request: HttpRequest, speaker: str) -> dict[str, Any]:
    """Whether they may speak for it is for the verb to say."""
    spoken_for = get_object_or_404(Institution, slug=speaker)
    return {"speaker": spoken_for, "by": person_of(request), "at": timezone.now()}


@router.get("/ties", response=list[TieOut], summary="All ties, newest first")
def ties(
    request: HttpRequest,
    of: str = "",
    predicate: str = "",
    state: str = "",
    q: str = "",
    offset: int = 0,
) -> list[dict[str, Any]]:
    """At most a hundred from `offset` on: of one institution, of one kind, in one state."""
    found = queries.of(get_object_or_404(Institution, slug=of)) if of else queries.current()
    wanted = queries.wanted({"q": q, "predicate": predicate, "state": state})
    start = min(max(offset, 0), 10**6)
    some = queries.narrowed(found, wanted).order_by("-said_at", "-pk")
    return [_out(tie) for tie in some[start : start + A_PAGE]]


@router.get("/ties/{int:number}", response=TieOut, summary="One tie")
def tie(request: HttpRequest, number: int) -> dict[str, Any]:
    """410 when it was withdrawn."""
    return _out(existing(number))


@router.post("/ties", response={201: TieOut}, auth=django_auth, summary="Say a tie")
def say(request: HttpRequest, said: TieIn) -> Status[dict[str, Any]]:
    """What the other side has said already is confirmed by it. 403 for who does not speak for the
    speaker."""
    subject = get_object_or_404(Institution, slug=said.subject)
    object = get_object_or_404(Institution, slug=said.object)
    made = actions.say(
        subject=subject,
        predicate=said.predicate,
        object=object,
        since=said.since,
        until=said.until,
        amount=said.amount_minor_units,
        currency=said.currency,
        evidence=said.evidence,
        note=said.note,
        **_who(request, said.speaker),
    )
    return Status(201, _out(made))


@router.post(
    "/ties/{int:number}/confirm", response=TieOut, auth=django_auth, summary="Confirm a tie"
)
def confirm(request: HttpRequest, number: int, word: WordIn) -> dict[str, Any]:
    """409 when it says something else by now than what was read."""
    who = _who(request, word.speaker)
    return _out(actions.confirm(tie=existing(number), read=word.read, **who))


@router.post(
    "/ties/{int:number}/dispute", response=TieOut, auth=django_auth, summary="Dispute a tie"
)
def dispute(request: HttpRequest, number: int, word: DisputeIn) -> dict[str, Any]:
    """A reason is needed. What both sides dispute is withdrawn."""
    who = _who(request, word.speaker)
    return _out(actions.dispute(tie=existing(number), reason=word.reason, **who))


@router.post(
    "/ties/{int:number}/withdraw", response=TieOut, auth=django_auth, summary="Take a word back"
)
def withdraw(request: HttpRequest, number: int, word: WordIn) -> dict[str, Any]:
    """With the last word for it the tie is withdrawn."""
    who = _who(request, word.speaker)
    return _out(actions.withdraw(tie=existing(number), **who))
