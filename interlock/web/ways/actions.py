"""The verbs of joint proposals. Each holds the proposal, so that no two act on it at the same time."""

from collections.abc import Collection, Mapping, Sequence
from datetime import datetime
from itertools import combinations
from typing import Any

from django.db import transaction
from django.utils.translation import gettext as _
from i18nfield.strings import LazyI18nString

from interlock.web.institutions.actions import hold as hold_institution
from interlock.web.institutions.models import Institution, Membership
from interlock.web.look.refusals import Refused
from interlock.web.messages.actions import write as write_mail
from interlock.web.people.models import Person
from interlock.web.record import actions as record
from interlock.web.record.models import Audience
from interlock.web.record.wording import words
from interlock.web.ties.actions import end_witnessed, witness
from interlock.web.ties.models import Predicate
from interlock.web.ways import rules
from interlock.web.ways.models import (
    BROKEN_OFF,
    Cause,
    Message,
    Party,
    Proposal,
    Signature,
    State,
    Step,
    Version,
)
from interlock.web.ways.writing import Merged, Signing, Text, document, fingerprint, merge


class Overtaken(Refused):
    """Somebody else wrote meanwhile. `merged` has what both wrote; nothing was saved, nothing lost."""

    def __init__(self, version: Version, merged: Merged) -> None:
        super().__init__(
            _("The text changed while you wrote: %(name)s made version %(number)s of it.")
            % {"name": version.institution, "number": version.number},
            _("Here are both texts. Look, and save again."),
        )
        self.version = version
        self.merged = merged


class WouldVoid(Refused):
    """A change would make signatures void that its writer did not know of."""

    def __init__(self, signatures: Sequence[Signature]) -> None:
        self.signatures = signatures
        self.names = ", ".join(str(one.party.institution) for one in signatures)
        super().__init__(
            _("Signed this text while you wrote: %(names)s.") % {"names": self.names},
            _("A change makes the signature void. Save again if you mean it."),
        )


@transaction.atomic
def begin(
    *,
    institution: Institution,
    title: LazyI18nString | str,
    by: Person,
    at: datetime,
    sections: Sequence[Mapping[str, Any]] = (),
    way: str = "",
) -> Proposal:
    """A draft of one institution, from a way's template or from nothing. Others are invited to it."""
    held = hold_institution(institution)
    if reason := rules.why_not_begin(held, by, way, at):
        raise Refused(reason, status=403)
    text = Text.of(title, sections)
    proposal = Proposal(way=way, begun_at=at)
    if reason := rules.why_not_write(proposal, text):
        raise Refused(reason)
    proposal.title = LazyI18nString(dict(text.title))
    proposal.save()
    Party.objects.create(proposal=proposal, institution=held, invited_at=at, accepted_at=at)
    _new_version(proposal, text, Cause.BEGUN, held, by, at)
    _note("begun", proposal, at, by, {"institution": words(held.name)})
    return proposal


@transaction.atomic
def invite(
    *, proposal: Proposal, institution: Institution, acting: Institution, by: Person, at: datetime
) -> Party:
    """Ask another institution to take part. Those who speak for it get a mail."""
    held = _held_by(proposal, acting, by)
    if reason := rules.why_not_invite(held, institution, by, at):
        raise Refused(reason)
    party, _made = Party.objects.update_or_create(
        proposal=held,
        institution=institution,
        defaults={
            "invited_by": acting,
            "invited_at": at,
            "accepted_at": None,
            "declined_at": None,
            "left_at": None,
            "reason": "",
        },
    )
    told = {"institution": words(institution.name), "by": words(acting.name)}
    _note("invited", held, at, by, told)
    _mail("invited", held, [institution], at, party=party)
    return party


@transaction.atomic
def take_back(*, party: Party, acting: Institution, by: Person, at: datetime) -> None:
    """Take an invitation back that was not answered; any of those who take part may."""
    held = _held_by(party.proposal, acting, by)
    party.refresh_from_db()
    if not party.is_asked:
        raise Refused(_("This invitation was answered or taken back."))
    party.left_at = at
    party.save()
    _note("taken_back", held, at, by, {"institution": words(party.institution.name)})


@transaction.atomic
def accept(*, party: Party, by: Person, at: datetime) -> Version:
    """Take part from now on. Who takes part is part of what is signed, so this is a new version."""
    institution, held = hold_institution(party.institution), _hold(party.proposal)
    party.refresh_from_db()
    if reason := rules.why_not_answer(party, by):
        raise Refused(reason, status=403 if party.is_asked else 409)
    party.accepted_at = at
    party.save()
    version = _new_version(held, _text(held), Cause.JOINED, institution, by, at)
    _note("accepted", held, at, by, {"institution": words(institution.name)})
    others = [one for one in _parties(held) if one != institution]
    _mail("answered", held, others, at, party=party)
    return version


@transaction.atomic
def decline(*, party: Party, by: Person, at: datetime, reason: str = "") -> None:
    held = _hold(party.proposal)
    party.refresh_from_db()
    if why := rules.why_not_answer(party, by):
        raise Refused(why, status=403 if party.is_asked else 409)
    party.declined_at, party.reason = at, reason
    party.save()
    _note("declined", held, at, by, {"institution": words(party.institution.name)})
    _mail("answered", held, _parties(held), at, party=party)


@transaction.atomic
def write(
    *,
    proposal: Proposal,
    acting: Institution,
    by: Person,
    at: datetime,
    base: int,
    title: LazyI18nString | str,
    sections: Sequence[Mapping[str, Any]],
    voids: Collection[int] = (),
    note: str = "",
) -> Version:
    """A new version of the text, written upon version `base`; every signature is void with it.

    Refused as `Overtaken` when there is a later one, and as `WouldVoid` when there are signatures
    that are not among `voids`, those the writer was told of. A text that says the same is no version.
    """
    held = _held_by(proposal, acting, by)
    text = Text.of(title, sections)
    if reason := rules.why_not_write(held, text):
        raise Refused(reason)
    latest = _latest(held)
    if base != latest.number:
        former = held.versions.filter(number=base).first()
        if former is None:
            raise Refused(_("There is no such version."))
        stored = Text.of(latest.title, latest.sections)
        merged = merge(Text.of(former.title, former.sections), text, stored)
        raise Overtaken(latest, merged)
    if text == Text.of(latest.title, latest.sections):
        return latest
    signatures = list(latest.signatures.select_related("party__institution"))
    if unknown := [one for one in signatures if one.pk not in voids]:
        raise WouldVoid(unknown)
    made = _new_version(held, text, Cause.WRITTEN, acting, by, at, note=note)
    told = {"institution": words(acting.name), "version": made.number}
    _note("written", held, at, by, told)
    signed = [one.party.institution for one in signatures if one.party.institution != acting]
    _mail("changed", held, signed, at, version=made)
    return made


@transaction.atomic
def say(*, proposal: Proposal, acting: Institution, by: Person, at: datetime, text: str) -> Message:
    """A message to the other parties. It leaves no trace on the record.

    A mail tells them, once for all that one party writes within an hour.
    """
    held = _held_by(proposal, acting, by)
    if reason := rules.why_not_say(held, by, at):
        raise Refused(reason, status=429)
    lately = held.messages.filter(institution=acting, written_at__gt=at - rules.HOUR).exists()
    made = Message.objects.create(
        proposal=held, institution=acting, person=by, text=text, written_at=at
    )
    if not lately:
        _mail("said", held, [one for one in _parties(held) if one != acting], at, message=made)
    return made


@transaction.atomic
def sign(
    *,
    proposal: Proposal,
    acting: Institution,
    by: Person,
    at: datetime,
    version: int,
    read: str,
) -> Signature:
    """Sign the text whose number and fingerprint the signer has `read`, and no other.

    The last signature makes it agreed: everybody may see it then, and the register shows that each
    two of them are partners.
    """
    held = _held_by(proposal, acting, by)
    if reason := rules.why_not_sign(held, acting, by):
        raise Refused(reason)
    latest = _latest(held)
    if (version, read) != (latest.number, latest.fingerprint):
        raise Refused(
            _("The text has changed since you read it. You have not signed."),
            _("Read what it says now, then sign."),
        )
    # Institutions before the record, as everybody locks them: ties are made of them below.
    parties = _hold_all(_parties(held))
    party = held.parties.get(institution=acting)
    made = Signature.objects.create(
        party=party, version=latest, fingerprint=latest.fingerprint, person=by, signed_at=at
    )
    told = {"institution": words(acting.name), "version": latest.number}
    _note("signed", held, at, by, {**told, "sha256": latest.fingerprint})
    signed = set(latest.signatures.values_list("party__institution", flat=True))
    if missing := [one for one in parties if one.pk not in signed]:
        _mail("signed", held, missing, at, signature=made)
    else:
        _agree(held, latest, parties, by, at)
    return made


@transaction.atomic
def move(
    *, proposal: Proposal, acting: Institution, by: Person, at: datetime, state: str, sentence: str
) -> Step:
    """Say what became of an agreed proposal."""
    held = _held_by(proposal, acting, by)
    if reason := rules.why_not_move(held, state):
        raise Refused(reason)
    return _step(held, State(state), sentence, acting, by, at)


@transaction.atomic
def leave(
    *, proposal: Proposal, acting: Institution, by: Person, at: datetime, reason: str
) -> Proposal:
    """No longer take part: a draft goes on without it, an agreed proposal ends.

    With the last one who leaves a draft is given up.
    """
    held = _held_by(proposal, acting, by)
    if why := rules.why_not_leave(held):
        raise Refused(why)
    party = held.parties.get(institution=acting)
    party.left_at, party.reason = at, reason
    party.save()
    if held.agreed_at:
        _step(held, State.ENDED, reason, acting, by, at)
        return held
    _new_version(held, _text(held), Cause.LEFT, acting, by, at)
    _note("left", held, at, by, {"institution": words(acting.name)})
    if others := _parties(held):
        _mail("left", held, others, at, party=party)
    else:
        held.parties.asked().update(left_at=at)
        held.state = State.GIVEN_UP
        held.save()
    return held


def _hold(proposal: Proposal) -> Proposal:
    return Proposal.objects.select_for_update().get(pk=proposal.pk)


def _held_by(proposal: Proposal, acting: Institution, by: Person) -> Proposal:
    """As it is stored, held against others, for one who speaks for a party."""
    held = _hold(proposal)
    if reason := rules.why_not_act_for(held, acting, by):
        raise Refused(reason, status=403)
    return held


def _hold_all(institutions: Sequence[Institution]) -> list[Institution]:
    numbers = [one.pk for one in institutions]
    found = Institution.objects.select_for_update(of=("self",)).order_by("pk")
    return list(found.filter(pk__in=numbers))


def _latest(held: Proposal) -> Version:
    return held.versions.select_related("institution").get(number=held.version)


def _text(held: Proposal) -> Text:
    latest = _latest(held)
    return Text.of(latest.title, latest.sections)


def _parties(held: Proposal) -> list[Institution]:
    parts = held.parties.taking_part().select_related("institution").order_by("accepted_at", "pk")
    return [one.institution for one in parts]


def _new_version(
    held: Proposal,
    text: Text,
    cause: Cause,
    acting: Institution,
    by: Person,
    at: datetime,
    note: str = "",
) -> Version:
    signed = document(
        text, [Signing(one.slug, one.name, one.is_synthetic) for one in _parties(held)]
    )
    held.version += 1
    held.title = LazyI18nString(dict(text.title))
    held.save()
    return Version.objects.create(
        proposal=held,
        number=held.version,
        cause=cause,
        title=held.title,
        sections=text.data(),
        document=signed,
        fingerprint=fingerprint(signed),
        note=note,
        institution=acting,
        person=by,
        made_at=at,
    )


def _agree(
    held: Proposal, signed: Version, parties: Sequence[Institution], by: Person, at: datetime
) -> None:
    held.state, held.agreed_at = State.AGREED, at
    held.save()
    for one, other in combinations(parties, 2):
        witness(
            subject=one,
            predicate=Predicate.PARTNERS_WITH,
            object=other,
            witness=_subject(held),
            at=at,
        )
    told = {"parties": _names(parties), "sha256": signed.fingerprint}
    _note("agreed", held, at, by, told, audience=Audience.PUBLIC)
    _mail("agreed", held, parties, at, version=signed)


def _step(
    held: Proposal, state: State, sentence: str, acting: Institution, by: Person, at: datetime
) -> Step:
    held.state = state
    held.save()
    if state in BROKEN_OFF:
        end_witnessed(witness=_subject(held), at=at)
    step = Step.objects.create(
        proposal=held, state=state, sentence=sentence, institution=acting, person=by, at=at
    )
    told = {"institution": words(acting.name)}
    _note(state.value, held, at, by, told, audience=Audience.PUBLIC)
    others = [one for one in _parties(held) if one != acting]
    _mail("moved", held, others, at, step=step)
    return step


def _subject(held: Proposal) -> str:
    """What record entries and witnessed ties call it."""
    return f"proposal/{held.pk}"


def _names(parties: Sequence[Institution]) -> dict[str, str]:
    """All names in one line, in each language that any of them has."""
    told = [words(one.name) for one in parties]
    codes = sorted({code for one in told if isinstance(one, dict) for code in one}) or ["en"]
    return {
        code: ", ".join(str(LazyI18nString(one).localize(code)) for one in told) for code in codes
    }


def _note(
    act: str,
    held: Proposal,
    at: datetime,
    by: Person,
    facts: Mapping[str, object],
    *,
    audience: Audience = Audience.INSTITUTION,
) -> None:
    record.write(
        act=f"proposal.{act}",
        subject=_subject(held),
        at=at,
        is_synthetic=any(one.is_synthetic for one in _parties(held)),
        audience=audience,
        actor=by.reference,
        facts={"title": words(held.title), **facts},
    )


def _mail(
    what: str, held: Proposal, institutions: Sequence[Institution], at: datetime, **context: object
) -> None:
    """The mail of that name to everybody who speaks for one of these, once each."""
    speakers = Membership.objects.speakers().filter(institution__in=institutions)
    for address in sorted(set(speakers.values_list("person__email", flat=True))):
        write_mail(
            to=address,
            template=f"ways/mail/{what}.txt",
            context={"proposal": held, **context},
            at=at,
        )
