"""The verbs of the box: enrol, open, save a draft, cast, close, unseal."""

import hashlib
import json
import logging
import secrets
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from django.db import connection, transaction
from django.utils.translation import gettext_lazy as _

from interlock.web.look.refusals import Refused
from interlock.web.voting import codes, keys
from interlock.web.voting.models import (
    Ballot,
    Box,
    Draft,
    Envelope,
    Receipt,
    RollEntry,
    SpentNonce,
)
from interlock.web.voting.rules import is_due, why_not_cast

BATCH = 2_000
log = logging.getLogger(__name__)


@dataclass(frozen=True)
class Letter:
    """What is printed for one voter. The code is shown here and never again."""

    number: int
    code: str


def enrol(*, box: Box, letters: int) -> list[Letter]:
    """Add that many voting codes to the roll and return them, once.

    Refused when the box has closed: codes made after that could not be used. Codes and hashes are
    made before the transaction, so that nobody's cast waits for them.
    """
    made = [codes.new_voting_code() for _ in range(letters)]
    hashes = [codes.hashed(code, "vote") for code in made]
    with transaction.atomic():
        box = Box.objects.select_for_update().get(pk=box.pk)
        if box.closed_at:
            raise Refused(_("Voting is closed, so new codes could not be used."))
        last = box.roll.order_by("-number").values_list("number", flat=True).first() or 0
        numbers = range(last + 1, last + letters + 1)
        RollEntry.objects.bulk_create(
            (
                RollEntry(box=box, number=number, code_hash=code_hash)
                for number, code_hash in zip(numbers, hashes, strict=True)
            ),
            batch_size=BATCH,
        )
    return [Letter(number, code) for number, code in zip(numbers, made, strict=True)]


@transaction.atomic
def renew(*, box: Box, number: int) -> Letter:
    """A new voting code for one entry of the roll, once; the one before is void.

    A ballot that was cast with it stays, and is replaced by the next.
    """
    box = _hold_open(box.ref)
    letter = Letter(number, codes.new_voting_code())
    entry = RollEntry.objects.select_for_update().get(box=box, number=number)
    entry.code_hash = codes.hashed(letter.code, "vote")
    entry.save(update_fields=["code_hash"])
    return letter


@transaction.atomic
def open_box(*, box: Box, closes_at: datetime, at: datetime) -> Box:
    box = Box.objects.select_for_update().get(pk=box.pk)
    if box.opened_at:
        raise Refused(_("This box was opened before."))
    keys.make(box.ref)
    box.opened_at, box.closes_at = at, closes_at
    box.save(update_fields=["opened_at", "closes_at"])
    return box


@transaction.atomic
def save_draft(*, box: Box, code: str, content: object) -> None:
    """Keep choices that are not cast. Refused once the box is closed, so that nothing lingers."""
    box = _hold_open(box.ref)
    Draft.objects.bulk_create(
        [Draft(code_hash=codes.hashed(code, "draft"), box=box, content=content)],
        update_conflicts=True,
        unique_fields=["code_hash"],
        update_fields=["box", "content"],
    )


@transaction.atomic
def cast(
    *,
    box_ref: UUID,
    voting_code: str,
    content: object,
    nonce: str,
    draft_code: str = "",
    may_change: bool = True,
) -> str:
    """Put one voter's ballot into the box, in place of an earlier one, and return its receipt.

    `nonce` names the review page that is cast: sent twice it gives the same receipt, and sent
    late it does not undo a change made since. One transaction; it holds the box open, then the
    one voter. Nothing is written to the roll, nor is a row of it locked: whatever the database
    notes about a transaction (PostgreSQL's xmin, SQLite's log) would tie the two together. Who has
    voted is marked for all at once when the box closes. Refused with a reason when closed or
    unknown.
    """
    box = _hold_open(box_ref)
    entry = RollEntry.objects.filter(box=box, code_hash=_hash_of_typed(voting_code)).first()
    if entry is None:
        raise Refused(
            _("This voting code is not on the roll of this vote."),
            _("Compare it with your letter, sign by sign. Your choices are kept meanwhile."),
            status=422,
        )
    keyed = _key_of(box)
    handle = keyed(keys.handle_of(entry.ref))
    _hold_voter(handle)
    canonical = json.dumps(content, sort_keys=True, separators=(",", ":"))
    leaf = _leaf(canonical, salt=keyed(f"salt\n{handle}\n{nonce}"))
    spent = SpentNonce(digest=keyed(f"nonce\n{handle}\n{nonce}"), box=box)
    if not SpentNonce.objects.filter(pk=spent.pk).exists():
        if not may_change and Envelope.objects.filter(handle=handle).exists():
            raise Refused(_("You have voted, and in this vote a ballot cannot be changed."))
        spent.save(force_insert=True)
        Envelope.objects.bulk_create(
            [Envelope(handle=handle, box=box, content=canonical, leaf=leaf)],
            update_conflicts=True,
            unique_fields=["handle"],
            update_fields=["content", "leaf"],
        )
    elif not Envelope.objects.filter(handle=handle, leaf=leaf).exists():
        raise Refused(
            _("This page was cast before, and you have cast a newer ballot since."),
            _("The newer ballot stays in the box. To change it, open the ballot again."),
        )
    if draft_code:
        Draft.objects.filter(code_hash=codes.hashed(draft_code, "draft")).delete()
    return leaf[: codes.RECEIPT_DIGITS]


@transaction.atomic
def close_box(*, box: Box, at: datetime) -> Box:
    """Close for good. Whoever got the lock before is in time; everyone after is not."""
    box = Box.objects.select_for_update().get(pk=box.pk)
    if reason := why_not_cast(box):
        raise Refused(reason)
    box.closed_at = at
    box.save(update_fields=["closed_at"])
    box.drafts.all().delete()
    _mark_who_has_voted(box)
    return box


@transaction.atomic
def unseal(*, box: Box, at: datetime) -> Box:
    """Open a closed box: ballots are written anew, sorted by content, and every link goes.

    Receipts are sorted by themselves, so neither table says which belongs to which; envelopes,
    spent nonces and, once this is committed, the link key are gone. Called again it forgets again,
    in case the first time ended between the two.
    """
    box = Box.objects.select_for_update().get(pk=box.pk)
    transaction.on_commit(lambda: _forget(box))
    if box.closed_at is None:
        raise Refused(_("Voting is still open; ballots are unsealed after the close."))
    if box.unsealed_at is not None:
        return box
    _write_anew(box)
    box.envelopes.all().delete()
    SpentNonce.objects.filter(box=box).delete()
    box.drafts.all().delete()
    box.unsealed_at = at
    box.save(update_fields=["unsealed_at"])
    return box


@transaction.atomic
def box_of_strangers(*, contents: Iterable[object], at: datetime) -> Box:
    """A closed, unsealed box of ballots that were cast elsewhere, by voters nobody here knows."""
    box = Box.objects.create(opened_at=at, closes_at=at, closed_at=at, unsealed_at=at)
    Ballot.objects.bulk_create(
        (Ballot(box=box, content=content) for content in contents), batch_size=BATCH
    )
    return box


def new_nonce() -> str:
    return secrets.token_hex(16)


def close_if_due(*, box: Box, at: datetime) -> bool:
    """Close a box whose announced time has come. Of many who try at once, one succeeds."""
    if not is_due(box, at):
        return False
    try:
        close_box(box=box, at=at)
    except Refused:
        return False
    return True


def _write_anew(box: Box) -> None:
    """Ballots and receipts, each in an order of their own, copied inside the database.

    One statement each: a hundred thousand rows need not pass through this process. Numbers are given
    in the order of the sorting, on SQLite and PostgreSQL alike.
    """
    as_json = "content::jsonb" if connection.vendor == "postgresql" else "content"
    copies = (
        (Ballot, "content", as_json, "content"),
        (Receipt, "leaf", "leaf", "leaf"),
    )
    with connection.cursor() as cursor:
        for model, column, value, order in copies:
            cursor.execute(
                f"INSERT INTO {model._meta.db_table} (box_id, {column}) SELECT box_id, {value} "
                f"FROM {Envelope._meta.db_table} WHERE box_id = %s ORDER BY {order}",
                [_key_in_database(box.ref)],
            )


def _key_in_database(ref: UUID) -> UUID | str:
    return ref if connection.vendor == "postgresql" else ref.hex


def _leaf(canonical: str, *, salt: str) -> str:
    """RFC 6962's leaf hash over ballot and salt; the salt, which no voter knows, hides the ballot."""
    return hashlib.sha256(b"\x00" + f"{salt}\n{canonical}".encode()).hexdigest()


def _hash_of_typed(voting_code: str) -> str:
    """The hash of a code as it was typed. Refused when its last symbol shows a slip."""
    code = codes.typed(voting_code)
    if not codes.is_voting_code(code):
        raise Refused(
            _("A voting code has fourteen signs, and this one has a slip in it."),
            _("Compare it with your letter, sign by sign. Your choices are kept meanwhile."),
            status=422,
        )
    return codes.hashed(code, "vote")


def _key_of(box: Box) -> Callable[[str], str]:
    try:
        return keys.keyed_by(box.ref)
    except FileNotFoundError:
        raise Refused(
            _("The key of this ballot box is missing on the server, so nothing was cast."),
            _("Your choices are kept. Please tell the people who run this vote."),
            status=503,
        ) from None


def _hold_voter(handle: str) -> None:
    """One cast at a time for each voter. The lock names the envelope, and goes with the commit.

    SQLite lets one writer in at a time anyway.
    """
    if connection.vendor == "postgresql":
        with connection.cursor() as cursor:
            number = int(handle[:16], 16) - 2**63
            cursor.execute("SELECT pg_advisory_xact_lock(%s)", [number])


def _mark_who_has_voted(box: Box) -> None:
    """Mark the roll, all of it in one statement: the order of casting is nowhere in it.

    Without the key nobody can tell who has voted. The ballots are there all the same, so the box
    closes and they are counted.
    """
    handles = set(box.envelopes.values_list("handle", flat=True))
    try:
        keyed = keys.keyed_by(box.ref)
    except FileNotFoundError:
        log.error("the link key of box %s is missing: its roll is not marked", box.ref)
        return
    refs = box.roll.order_by("ref").values_list("ref", flat=True)
    voted = [ref for ref in refs if keyed(keys.handle_of(ref)) in handles]
    with connection.cursor() as cursor:
        # The references go as one value, whatever their number.
        table = RollEntry._meta.db_table
        mark = f"UPDATE {table} SET has_voted = TRUE WHERE ref"
        if connection.vendor == "postgresql":
            cursor.execute(f"{mark} = ANY(%s)", [voted])
        else:
            listed = json.dumps([ref.hex for ref in voted])
            cursor.execute(f"{mark} IN (SELECT value FROM json_each(%s))", [listed])


def _forget(box: Box) -> None:
    """Destroy the link key, and what SQLite's write-ahead log still holds of the envelopes."""
    keys.destroy(box.ref)
    if connection.vendor == "sqlite":
        with connection.cursor() as cursor:
            cursor.execute("PRAGMA wal_checkpoint(TRUNCATE)")


def _hold_open(box_ref: UUID) -> Box:
    """The box, held against the close until this transaction ends; others may cast meanwhile.

    PostgreSQL's FOR SHARE, which Django's queries do not offer; SQLite has one writer anyway.
    """
    share = " FOR SHARE" if connection.vendor == "postgresql" else ""
    sql = f"SELECT * FROM voting_box WHERE ref = %s{share}"
    box = next(iter(Box.objects.raw(sql, [_key_in_database(box_ref)])), None)
    if box is None:
        raise Refused(_("There is no such vote."), status=404)
    if reason := why_not_cast(box):
        raise Refused(reason, _("What you chose was not cast."))
    return box
