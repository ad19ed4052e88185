"""The box by its verbs: enrol, open, cast, change, close, unseal."""

import json

import pytest

from interlock.web.look.refusals import Refused
from interlock.web.voting import actions, codes, keys, queries
from interlock.web.voting.models import Ballot, Draft, Envelope, Receipt, RollEntry, SpentNonce
from tests.world import CLOSE, START, World

SHADE = {"city-wide": ["1"]}
BUS = {"city-wide": ["2"]}


def test_cast_puts_one_ballot_in_the_box_and_returns_its_receipt(world: World) -> None:
    receipt = world.open().cast(0, SHADE)
    envelope = Envelope.objects.get()
    assert (len(receipt), envelope.leaf.startswith(receipt)) == (codes.RECEIPT_DIGITS, True)
    assert json.loads(envelope.content) == {"city-wide": ["1"], "harbor": []}
    assert queries.turnout(world.process.box) == (40, 1)


def test_second_cast_replaces_the_first(world: World) -> None:
    first = world.open().cast(0, SHADE)
    second = world.cast(0, BUS)
    assert Envelope.objects.count() == 1
    assert queries.find_receipt(first).standing is queries.Standing.UNKNOWN
    assert queries.find_receipt(second).standing is queries.Standing.SEALED


def test_same_page_cast_twice_gives_the_same_receipt(world: World) -> None:
    world.open()
    assert world.cast(0, SHADE, nonce="n") == world.cast(0, SHADE, nonce="n")


def test_late_repetition_of_an_older_page_does_not_undo_the_change(world: World) -> None:
    world.open().cast(0, SHADE, nonce="old")
    newer = world.cast(0, BUS, nonce="new")
    with pytest.raises(Refused, match="newer ballot"):
        world.cast(0, SHADE, nonce="old")
    assert queries.find_receipt(newer).standing is queries.Standing.SEALED


def test_same_choices_of_two_voters_have_different_receipts(world: World) -> None:
    world.open()
    assert world.cast(0, SHADE, nonce="n") != world.cast(1, SHADE, nonce="n")


def test_code_is_read_without_dashes_case_and_confusions(world: World) -> None:
    world.open()
    typed = codes.grouped(world.letters[0].code).lower().replace("0", "o").replace("1", "l")
    receipt = actions.cast(
        box_ref=world.process.box_id, voting_code=f" {typed} ", content=SHADE, nonce="n"
    )
    assert queries.find_receipt(receipt).standing is queries.Standing.SEALED


def test_cast_is_refused_with_an_unknown_code(world: World) -> None:
    world.open()
    with pytest.raises(Refused, match="not on the roll") as refused:
        actions.cast(
            box_ref=world.process.box_id,
            voting_code=codes.new_voting_code(),
            content=SHADE,
            nonce="n",
        )
    assert refused.value.status == 422
    assert Envelope.objects.count() == 0


def test_cast_is_refused_before_the_opening(world: World) -> None:
    with pytest.raises(Refused, match="not opened"):
        world.cast(0, SHADE)


def test_cast_is_refused_after_the_close(world: World) -> None:
    world.open().close()
    with pytest.raises(Refused, match="closed"):
        world.cast(0, SHADE)


def test_cast_stops_when_the_link_key_is_gone(world: World) -> None:
    """Better an error than a second envelope for everyone."""
    world.open().cast(0, SHADE)
    keys.destroy(world.process.box_id)
    with pytest.raises(Refused, match="key of this ballot box is missing"):
        world.cast(0, BUS)
    assert Envelope.objects.count() == 1


def test_box_without_its_key_still_closes_and_is_counted(world: World) -> None:
    world.open().cast(0, SHADE)
    keys.destroy(world.process.box_id)
    world.close().count()
    assert Ballot.objects.count() == 1
    assert not RollEntry.objects.filter(has_voted=True).exists()


def test_draft_goes_when_the_ballot_is_cast(world: World) -> None:
    world.open()
    actions.save_draft(box=world.process.box, code="0123456789", content=SHADE)
    world.cast(0, SHADE, draft="0123456789")
    assert Draft.objects.count() == 0


def test_close_removes_every_draft_left(world: World) -> None:
    world.open()
    actions.save_draft(box=world.process.box, code="0123456789", content=SHADE)
    world.close()
    assert Draft.objects.count() == 0


def test_close_waits_for_its_time(world: World) -> None:
    world.open()
    assert actions.close_if_due(box=world.process.box, at=START) is False
    assert actions.close_if_due(box=world.process.box, at=CLOSE) is True
    assert actions.close_if_due(box=world.process.box, at=CLOSE) is False


def test_unsealing_keeps_ballots_and_receipts_and_nothing_between(world: World) -> None:
    world.open()
    receipts = sorted(world.cast(letter, SHADE) for letter in range(3))
    world.close()
    actions.unseal(box=world.process.box, at=CLOSE)
    assert [leaf[:20] for leaf in queries.receipts(world.process.box)] == receipts
    assert [ballot.content for ballot in Ballot.objects.all()] == 3 * [
        {"city-wide": ["1"], "harbor": []}
    ]
    assert (Envelope.objects.count(), SpentNonce.objects.count()) == (0, 0)


def test_unsealing_twice_changes_nothing(world: World) -> None:
    world.open().cast(0, SHADE)
    world.close()
    for _ in range(2):
        actions.unseal(box=world.process.box, at=CLOSE)
    assert (Ballot.objects.count(), Receipt.objects.count()) == (1, 1)


def test_unsealing_is_refused_while_voting_is_open(world: World) -> None:
    with pytest.raises(Refused, match="still open"):
        actions.unseal(box=world.open().process.box, at=START)


def test_enrolment_numbers_letters_on_and_is_refused_after_the_close(world: World) -> None:
    more = actions.enrol(box=world.process.box, letters=2)
    assert [letter.number for letter in more] == [41, 42]
    world.open().close()
    with pytest.raises(Refused, match="closed"):
        actions.enrol(box=world.process.box, letters=1)


def test_no_code_stands_in_the_database(world: World) -> None:
    kept = RollEntry.objects.values_list("code_hash", flat=True)
    assert {letter.code for letter in world.letters} & set(kept) == set()
