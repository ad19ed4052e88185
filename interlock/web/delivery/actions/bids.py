"""The verbs of a bid: prepare it, agree to it, seal it, withdraw it; and the opening of all."""

import hashlib
import json
from collections.abc import Callable, Iterable, Mapping, Sequence
from datetime import datetime
from typing import Any
from uuid import UUID

from django.db import connection, transaction
from django.utils.translation import gettext as _

from interlock.web.delivery import sealing
from interlock.web.delivery.actions import calls
from interlock.web.delivery.models import (
    Attachment,
    Bid,
    Call,
    Exclusion,
    Lot,
    Offer,
    Partner,
    Stand,
)
from interlock.web.delivery.queries.bids import draft_of
from interlock.web.delivery.rules import bids as rules
from interlock.web.institutions.models import Institution
from interlock.web.institutions.rules import why_not_speak_for
from interlock.web.look.refusals import Refused
from interlock.web.people.models import Person
from interlock.web.record.chain import canonical
from interlock.web.record.wording import words
from interlock.web.ties.actions import witness
from interlock.web.ties.models import Predicate

#: What a bid says; each step of its form saves some of it.
PARTS = ("prices", "plan", "team", "subcontractors", "has_conflict", "conflict")


@transaction.atomic
def begin(*, call: Call, lead: Institution, by: Person) -> Bid:
    """The one bid of an institution for a call: a new draft, or what there is."""
    held = _hold_open(call)
    if reason := rules.why_not_bid(held, lead, by):
        raise Refused(reason, status=403 if why_not_speak_for(lead, by) else 409)
    bid, _made = Bid.objects.get_or_create(call=held, lead=lead)
    return bid


@transaction.atomic
def save_draft(*, bid: Bid, by: Person, **said: Any) -> dict[str, Any]:
    """Keep some of what a bid says, sealed to the site. What is left out stays as it is.

    Partners agreed to the bid as it was, so when it changes they are asked again.
    """
    held = _held_to_prepare(bid, by)
    before = draft_of(held)
    content = {**before, **{name: said[name] for name in PARTS if name in said}}
    _keep(held, content)
    if content != before:
        _ask_again(held)
    return content


@transaction.atomic
def attach(*, bid: Bid, by: Person, name: str, data: bytes) -> Attachment:
    """Add a PDF to the draft."""
    held = _held_to_prepare(bid, by)
    if reason := rules.why_not_file(data):
        raise Refused(reason, status=422)
    content = draft_of(held)
    listed = content["attachments"]
    if len(listed) >= rules.MOST_FILES:
        raise Refused(_("At most %(most)s files.") % {"most": rules.MOST_FILES}, status=422)
    draft = sealing.seal(data, [sealing.make(sealing.DRAFTS)])
    made = Attachment.objects.create(bid=held, draft=draft)
    about = {
        "ref": str(made.ref),
        "name": name,
        "size": len(data),
        "sha256": hashlib.sha256(data).hexdigest(),
    }
    _keep(held, {**content, "attachments": [*listed, about]})
    _ask_again(held)
    return made


@transaction.atomic
def detach(*, bid: Bid, by: Person, ref: UUID) -> None:
    """Take a file off the draft. What was sealed with it keeps it until it is sealed anew."""
    held = _held_to_prepare(bid, by)
    content = draft_of(held)
    left = [one for one in content["attachments"] if one["ref"] != str(ref)]
    _keep(held, {**content, "attachments": left})
    held.attachments.filter(ref=ref).update(draft=None)
    held.attachments.filter(ref=ref, sealed=None).delete()
    _ask_again(held)


@transaction.atomic
def ask_partner(*, bid: Bid, institution: Institution, by: Person, at: datetime) -> Partner:
    """Ask another institution to bid together. It reads the draft, and one of its stewards agrees."""
    held = _held_to_prepare(bid, by)
    if reason := rules.why_not_partner(held, institution):
        raise Refused(reason, status=422)
    made = Partner.objects.create(bid=held, institution=institution, asked_at=at)
    held.times_asked = (held.times_asked or 0) + 1
    held.save(update_fields=["times_asked"])
    calls.mail("bid_partner", calls.stewards([institution.pk]), held.call, at, bid=held)
    return made


@transaction.atomic
def drop_partner(*, partner: Partner, by: Person) -> None:
    """Go on without a partner; or the partner itself goes."""
    held = _hold(partner.bid)
    if reason := rules.why_not_take(held.call):
        raise Refused(reason)
    if why_not_speak_for(partner.institution, by) and (reason := why_not_speak_for(held.lead, by)):
        raise Refused(reason, status=403)
    if held.sealed_at and partner.asked_at <= held.sealed_at:
        raise Refused(
            _("The bid is sealed with this partner in it."),
            _("Withdraw it first, then seal it anew without."),
        )
    partner.delete()
    _ask_again(held)


@transaction.atomic
def agree(*, partner: Partner, by: Person, at: datetime) -> Partner:
    """A partner says yes to the bid as it is now, and so stands in no other one for its lots."""
    held = _hold(partner.bid)
    stored = held.partners.select_related("institution", "bid__call").get(pk=partner.pk)
    if reason := rules.why_not_agree(stored, by):
        raise Refused(reason, status=403)
    content = draft_of(held)
    if reason := rules.why_not_complete(held.call, content):
        raise Refused(reason, _("Agree once it is complete."))
    _stand(held, stored.institution, content)
    stored.agreed_at, stored.agreed_by = at, by
    stored.save(update_fields=["agreed_at", "agreed_by"])
    return stored


@transaction.atomic
def seal(*, bid: Bid, by: Person, at: datetime) -> str:
    """Sign a bid and seal it, in place of what was sealed before; its digest is the bidder's proof.

    It is in time when it gets the lock of the call before the close does. With custodians the
    readable draft is erased, so that nothing on the site could tell what was sealed.
    """
    held = _hold(bid)
    call = held.call
    content = draft_of(held)
    if reason := rules.why_not_seal(held, content, by):
        is_theirs = rules.why_not_take(call) or rules.why_not_sign(held.lead, by) is None
        raise Refused(reason, status=409 if is_theirs else 403)
    # Only for who signs now: a lead does not learn in which other bids its partners are.
    _stand(held, held.lead, content)
    partners = [one.institution for one in held.partners.select_related("institution")]
    _sealed_for(held, [held.lead, *partners], content)
    keys = call.seal_keys
    held.attachments.filter(draft=None).delete()
    for one in held.attachments.all():
        one.sealed = sealing.seal(_file_of(one), keys)
        one.draft = None if call.has_custodians else one.draft
        one.save(update_fields=["sealed", "draft"])
    signed = {
        **content,
        "bid": str(held.ref),
        "call": call.sha256,
        "lead": held.lead.slug,
        "partners": [one.slug for one in partners],
        "signed_by": by.name,
        "signed_at": at.isoformat(),
    }
    sealed = sealing.seal(canonical(signed).encode(), keys)
    held.sealed, held.digest = sealed, hashlib.sha256(sealed).hexdigest()
    held.sealed_at, held.signed_by, held.withdrawn_at = at, by, None
    held.draft = None if call.has_custodians else held.draft
    held.save()
    calls.mail("bid_sealed", calls.stewards([held.lead_id]), call, at, bid=held)
    return held.digest


@transaction.atomic
def withdraw(*, bid: Bid, by: Person, at: datetime) -> Bid:
    """Take a sealed bid back, by whoever may sign one. It is erased; a draft stays."""
    held = _hold(bid)
    if reason := rules.why_not_take(held.call):
        raise Refused(reason)
    if reason := rules.why_not_sign(held.lead, by):
        raise Refused(reason, status=403)
    if not held.is_sealed:
        raise Refused(_("There is no sealed bid to withdraw."))
    held.sealed, held.digest, held.sealed_at = None, "", None
    held.signed_by, held.withdrawn_at = None, at
    held.save()
    held.attachments.update(sealed=None)
    held.attachments.filter(draft=None).delete()
    held.stands.all().delete()
    for one in held.partners.filter(agreed_at__isnull=False).select_related("institution"):
        _stand(held, one.institution, draft_of(held))
    return held


@transaction.atomic
def open_bids(*, call: Call, by: Person, at: datetime, codes: Sequence[str] = ()) -> Call:
    """Open all bids of a closed call at once, with the codes of both custodians where it has such.

    A bid that is not the one its digest names, or that the key does not open, is told and stays
    closed; it keeps nobody else's from being opened.
    """
    held = calls.held_by(call, by)
    if reason := rules.why_not_open(held):
        raise Refused(reason)
    opened = _opener(held, codes)
    bids = held.bids.filter(sealed_at__isnull=False, withdrawn_at=None).select_related("lead__kind")
    unreadable = 0
    for bid in bids.prefetch_related("partners__institution__kind"):
        if not _open(held, bid, opened, at):
            unreadable += 1
    held.opened_at = at
    held.save(update_fields=["opened_at"])
    held.custodians.update(used_at=at)
    Stand.objects.filter(bid__call=held).delete()
    names = [words(bid.lead.name) for bid in bids]
    facts = {"number": len(names), "bidders": names, "unreadable": unreadable}
    calls.note("opened", held, at, by, facts=facts)
    calls.mail("bid_opened", calls.stewards(bid.lead_id for bid in bids), held, at)
    panel = held.panel.exclude(person=by).values_list("person__email", flat=True)
    calls.mail("panel_opened", panel, held, at)
    return held


def _open(call: Call, bid: Bid, opened: Callable[[bytes], bytes], at: datetime) -> bool:
    """Write down what one bid says, and what it offers for each lot."""
    try:
        content = _content_of(bid, opened)
        files = {one.pk: opened(bytes(one.sealed or b"")) for one in bid.attachments.all()}
        said = {one["ref"]: one["sha256"] for one in content["attachments"]}
        found = {str(ref): hashlib.sha256(data).hexdigest() for ref, data in files.items()}
        if found != said:
            raise sealing.Tampered
        signed = set(content["partners"])
    except (sealing.Tampered, ValueError, KeyError, TypeError):
        bid.is_unreadable = True
        bid.save(update_fields=["is_unreadable"])
        return False
    # Its partners are those it was sealed with, whoever was asked since, or asked again.
    partners = [one.institution for one in bid.partners.all() if one.institution.slug in signed]
    bid.partners.exclude(institution__in=partners).delete()
    bid.partners.filter(agreed_at=None).update(agreed_at=bid.sealed_at)
    bidders = [bid.lead, *partners]
    bid.content = content
    bid.is_preferred = all(one.is_worker_coop for one in bidders)
    bid.save(update_fields=["content", "is_preferred"])
    for ref, data in files.items():
        Attachment.objects.filter(pk=ref).update(content=data)
    for lot in call.lots.all():
        price = content["prices"].get(str(lot.position))
        if price is not None:
            above = price > lot.budget
            Offer.objects.create(
                bid=bid,
                lot=lot,
                price=price,
                excluded_at=at if above else None,
                excluded_for=Exclusion.ABOVE_BUDGET.value if above else "",
            )
    for one in bidders:
        witness(
            subject=one,
            predicate=Predicate.BIDS_TO,
            object=call.issuer,
            witness=f"call/{call.pk}",
            at=at,
        )
    return True


def _content_of(bid: Bid, opened: Callable[[bytes], bytes]) -> dict[str, Any]:
    """What was sealed, if it is what the digest names and belongs to this bid."""
    sealed = bytes(bid.sealed or b"")
    if hashlib.sha256(sealed).hexdigest() != bid.digest:
        raise sealing.Tampered
    content = json.loads(opened(sealed))
    if content["bid"] != str(bid.ref) or content["call"] != bid.call.sha256:
        raise sealing.Tampered
    if not all(isinstance(price, int) and price > 0 for price in content["prices"].values()):
        raise sealing.Tampered
    return dict(content)


def _opener(call: Call, codes: Sequence[str]) -> Callable[[bytes], bytes]:
    """The key of a call: the kept one, or both custodians' codes, in whichever order they came."""
    if not call.has_custodians:
        try:
            return sealing.opener(str(call.pk))
        except FileNotFoundError:
            raise Refused(
                _("The key of this call is missing on the server, so its bids cannot be opened."),
                _("Whoever runs this site may have it in a back-up: the folder is called seals."),
                status=503,
            ) from None
    in_order = [
        next((code for code in codes if sealing.is_of(code, key)), "") for key in call.seal_keys
    ]
    if not all(in_order):
        raise Refused(
            _("These are not the codes of both custodians, or one has a slip in it."),
            _("Compare them sign by sign. Nothing was opened."),
            status=422,
        )
    return sealing.opener(str(call.pk), in_order)


def _ask_again(held: Bid) -> None:
    """Partners agreed to the draft as it was: they are free of it until they agree anew."""
    held.partners.update(agreed_at=None, agreed_by=None)
    held.stands.filter(is_sealed=False).delete()


def _stand(held: Bid, institution: Institution, content: Mapping[str, Any]) -> None:
    """Sign for an institution. Refused where it stands in another bid for one of the lots: of two at
    the same moment the database takes one.
    """
    marks = _marks(held, institution, content)
    Stand.objects.bulk_create(
        [Stand(bid=held, institution=institution, mark=one) for one in sorted(marks)],
        ignore_conflicts=True,
    )
    taken = Stand.objects.filter(mark__in=marks).exclude(bid=held).values_list("mark", flat=True)
    if lots := sorted({marks[one] for one in taken}, key=lambda lot: lot.position):
        raise Refused(
            _("%(name)s has signed another bid for this: %(lots)s.")
            % {"name": institution, "lots": ", ".join(str(lot) for lot in lots)},
            _(
                "Everybody is in one bid for each lot. Leave the other one, or have it withdrawn, before "
                "you sign this one; as a subcontractor you may be in several."
            ),
        )
    _fill_up(held, institution)


def _sealed_for(held: Bid, institutions: Iterable[Institution], content: Mapping[str, Any]) -> None:
    """With what is sealed now they stand where it says, and nowhere else by this bid."""
    marks = [mark for one in institutions for mark in _marks(held, one, content)]
    held.stands.exclude(mark__in=marks).delete()
    held.stands.update(is_sealed=False)
    for one in institutions:
        _fill_up(held, one)
    held.stands.update(is_sealed=True)


def _marks(held: Bid, institution: Institution, content: Mapping[str, Any]) -> dict[str, Lot]:
    """Of each lot that a bid names a price for."""
    lots = [one for one in held.call.lots.all() if str(one.position) in content["prices"]]
    return {sealing.mark(f"{one.pk} {institution.pk}"): one for one in lots}


def _fill_up(held: Bid, institution: Institution) -> None:
    """As many marks as there are lots, for what is sealed and for a newer draft each, so that their
    number tells nothing.
    """
    newer = held.stands.filter(institution=institution, is_sealed=False)
    missing = held.call.lots.count() - newer.count()
    Stand.objects.bulk_create(
        Stand(bid=held, institution=institution, mark=sealing.no_mark()) for _each in range(missing)
    )


def _file_of(one: Attachment) -> bytes:
    return sealing.opened_by_site(bytes(one.draft or b""), sealing.DRAFTS)


def _keep(held: Bid, content: Mapping[str, Any]) -> None:
    held.draft = sealing.seal(canonical(content).encode(), [sealing.make(sealing.DRAFTS)])
    held.save(update_fields=["draft"])


def _held_to_prepare(bid: Bid, by: Person) -> Bid:
    held = _hold(bid)
    if reason := rules.why_not_prepare(held, by):
        raise Refused(reason, status=403 if rules.why_not_take(held.call) is None else 409)
    return held


def _hold(bid: Bid) -> Bid:
    """The bid as it is stored, its call held open against the close; others may bid meanwhile."""
    call = _hold_open(bid.call)
    held = Bid.objects.select_for_update(of=("self",)).select_related("lead").get(pk=bid.pk)
    held.call = call
    return held


def _hold_open(call: Call) -> Call:
    """The call, held against its close until this transaction ends.

    PostgreSQL's FOR SHARE, which Django's queries do not offer; SQLite has one writer anyway.
    """
    if connection.vendor == "postgresql":
        with connection.cursor() as cursor:
            table = Call._meta.db_table
            cursor.execute(f"SELECT id FROM {table} WHERE id = %s FOR SHARE", [call.pk])
    return Call.objects.select_related("issuer", "delivery", "listing").get(pk=call.pk)
