"""The verbs of joint proposals: begun, written by two, signed, done; and every way that is refused."""

from collections.abc import Callable
from datetime import datetime, timedelta
from hashlib import sha256

import pytest

from interlock.web.institutions.actions import end_role, give_role
from interlock.web.institutions.leaving import announce, leave_due
from interlock.web.institutions.models import Role
from interlock.web.institutions.rules import BEFORE_LEAVING, bonds_of
from interlock.web.look.refusals import Refused
from interlock.web.messages.models import Mail
from interlock.web.people.models import Person
from interlock.web.record.models import Audience, Entry
from interlock.web.record.wording import sentence
from interlock.web.ties.models import Tie
from interlock.web.ways import actions, rules
from interlock.web.ways.apps import SENTENCES
from interlock.web.ways.models import Cause, Message, Party, Proposal, State, Version
from interlock.web.ways.twelve import template_of
from tests.web.ways.stages import (
    DAY,
    HOUR,
    Sides,
    agreed,
    begun,
    half_signed,
    invited,
    joined,
    new_mill,
    written,
)
from tests.world import START, World, both


def recorded(proposal: Proposal) -> list[tuple[str, str]]:
    found = Entry.objects.filter(subject=f"proposal/{proposal.pk}").order_by("pk")
    return [(one.act.removeprefix("proposal."), one.audience) for one in found]


def mails() -> list[str]:
    """To whom what was written since the last look."""
    found = [f"{one.to}: {one.subject.split(' / ')[0]}" for one in Mail.objects.order_by("pk")]
    Mail.objects.all().delete()
    return found


def ties() -> list[tuple[str, str, str, str]]:
    found = Tie.objects.order_by("subject", "object", "pk").select_related("subject", "object")
    return [(one.subject.slug, one.predicate, one.object.slug, one.witness) for one in found]


def test_two_institutions_write_sign_and_do_what_they_agreed(world: World) -> None:
    sides = begun(world)
    proposal = sides.proposal
    Mail.objects.all().delete()
    party = sides.invite(sides.mill)
    assert mails() == ["steward@mill.example: Mill is invited to a joint proposal"]
    actions.accept(party=party, by=sides.mia, at=START)
    assert mails() == ["alice@example.org: Mill takes part in “Bread”"]
    sides.write("We buy bread.")
    sides.sign(sides.city, sides.alice)
    assert mails() == ["steward@mill.example: “Bread” waits for your signature"]
    assert (sides.latest().number, proposal.state, proposal.agreed_at) == (3, State.DRAFT, None)
    sides.sign(sides.mill, sides.mia, START + DAY)
    text = sides.latest()
    assert (proposal.state, proposal.agreed_at) == (State.AGREED, START + DAY)
    assert text.fingerprint == sha256(text.document.encode()).hexdigest()
    assert mails() == [
        "alice@example.org: All have signed: “Bread”",
        "steward@mill.example: All have signed: “Bread”",
    ]
    witness = f"proposal/{proposal.pk}"
    assert ties() == [("city-of-riverbend", "partners_with", "mill", witness)]
    sides.move(State.IN_THE_WORKS)
    sides.move(State.DONE, by=sides.mia)
    proposal.refresh_from_db()
    assert (proposal.state, proposal.is_alive) == (State.DONE, False)
    assert mails() == [
        "steward@mill.example: In the works: “Bread”",
        "alice@example.org: Done: “Bread”",
    ]
    assert recorded(proposal) == [
        ("begun", Audience.INSTITUTION),
        ("invited", Audience.INSTITUTION),
        ("accepted", Audience.INSTITUTION),
        ("written", Audience.INSTITUTION),
        ("signed", Audience.INSTITUTION),
        ("signed", Audience.INSTITUTION),
        ("agreed", Audience.PUBLIC),
        ("in_the_works", Audience.PUBLIC),
        ("done", Audience.PUBLIC),
    ]


def test_every_act_is_a_sentence(world: World) -> None:
    sides = agreed(world)
    sides.move(State.IN_THE_WORKS)
    sides.move(State.GIVEN_UP)
    for state, end in (
        (State.AGREED, lambda: sides.move(State.DONE)),
        (State.AGREED, lambda: leave(sides.proposal, sides)),
    ):
        Proposal.objects.filter(pk=sides.number).update(state=state)
        end()
    other, olga = new_mill("Oven")
    draft = actions.begin(institution=sides.mill, title="Rolls", by=sides.mia, at=START)

    def ask(at: datetime) -> Party:
        return actions.invite(
            proposal=draft, institution=other, acting=sides.mill, by=sides.mia, at=at
        )

    actions.take_back(party=ask(START), acting=sides.mill, by=sides.mia, at=START)
    actions.decline(party=ask(START + DAY), by=olga, at=START + DAY)
    leave(draft, sides)
    told = {
        entry.act: sentence(entry)
        for entry in Entry.objects.filter(act__startswith="proposal.").order_by("pk")
    }
    assert set(told) == set(SENTENCES)
    assert [act for act, text in told.items() if text == act or "%(" in text] == []
    assert told["proposal.agreed"] == (
        "City of Riverbend, Mill agreed on the joint proposal “Bread”. "
        f"SHA-256 of the signed text: {sides.latest().fingerprint}."
    )


def leave(proposal: Proposal, sides: Sides) -> None:
    """The mill leaves."""
    actions.leave(proposal=proposal, acting=sides.mill, by=sides.mia, at=START, reason="No")


def test_draft_begins_with_the_headings_of_its_way_in_every_language(world: World) -> None:
    sides = begun(world)
    text = sides.latest()
    assert [one["heading"]["en"] for one in text.sections] == [
        "What counts, and how much",
        "Legal basis",
        "Who certifies",
        "How co-ops hear of calls",
        "What is reported",
    ]
    assert {tuple(one["heading"]) for one in text.sections} == {("en", "es")}
    assert (text.number, text.cause, text.institution) == (1, Cause.BEGUN, sides.city)


def test_nobody_signs_for_two(world: World) -> None:
    sides = written(world)
    give_role(
        institution=sides.mill, person=sides.alice, role=Role.DELEGATE, by=sides.mia, at=START
    )
    sides.sign(sides.city, sides.alice)
    with pytest.raises(Refused, match="You signed this text for City of Riverbend"):
        sides.sign(sides.mill, sides.alice)
    sides.sign(sides.mill, sides.mia)
    assert sides.proposal.__class__.objects.get().state == State.AGREED


def test_who_takes_part_is_part_of_what_is_signed(world: World) -> None:
    sides = half_signed(world)
    before = sides.latest()
    other, olga = new_mill("Oven")
    made = actions.accept(party=sides.invite(other), by=olga, at=START)
    assert (made.cause, made.sections, made.signatures.count()) == (
        Cause.JOINED,
        before.sections,
        0,
    )
    assert made.fingerprint != before.fingerprint
    assert made.document.startswith(
        "# Bread\n\n- City of Riverbend (city-of-riverbend)\n- Mill (mill)\n- Oven (oven)\n"
    )


def test_each_two_of_three_become_partners_once(world: World) -> None:
    sides = joined(world)
    other, olga = new_mill("Oven")
    actions.accept(party=sides.invite(other), by=olga, at=START)
    sides.write()
    for institution, by in ((sides.city, sides.alice), (sides.mill, sides.mia), (other, olga)):
        sides.sign(institution, by)
    assert [(one, two) for one, _predicate, two, _witness in ties()] == [
        ("city-of-riverbend", "mill"),
        ("city-of-riverbend", "oven"),
        ("mill", "oven"),
    ]
    actions.leave(proposal=sides.proposal, acting=other, by=olga, at=START, reason="Closed")
    assert len(ties()) == 3
    assert set(Tie.objects.values_list("withdrawn_at", flat=True)) == {None}


def test_second_proposal_of_the_same_two_is_witnessed_too(world: World) -> None:
    sides = agreed(world)
    second = actions.begin(
        institution=sides.mill, title="Rolls", way="fair-bids", sections=template_of("fair-bids"),
        by=sides.mia, at=START,
    )  # fmt: skip
    asked = actions.invite(
        proposal=second, institution=sides.city, acting=sides.mill, by=sides.mia, at=START
    )
    actions.accept(party=asked, by=sides.alice, at=START)
    again = Sides(sides.alice, sides.city, sides.mia, sides.mill, second)
    again.write()
    again.sign(sides.mill, sides.mia)
    again.sign(sides.city, sides.alice)
    two = ("city-of-riverbend", "partners_with", "mill")
    assert ties() == [(*two, f"proposal/{sides.number}"), (*two, f"proposal/{second.pk}")]


def test_declined_is_asked_again_after_a_week(world: World) -> None:
    sides = invited(world)
    Mail.objects.all().delete()
    party = sides.party(sides.mill)
    actions.decline(party=party, by=sides.mia, at=START, reason="No oven")
    assert mails() == ["alice@example.org: Mill declined: “Bread”"]
    assert sides.party(sides.mill).reason == "No oven"
    with pytest.raises(Refused, match="declined less than a week ago"):
        sides.invite(sides.mill, START + 7 * DAY - HOUR)
    again = sides.invite(sides.mill, START + 7 * DAY)
    assert (again.pk, again.is_asked, again.reason) == (party.pk, True, "")


def test_invitation_is_taken_back_and_made_again_the_next_day(world: World) -> None:
    sides = invited(world)
    party = sides.party(sides.mill)
    actions.take_back(party=party, acting=sides.city, by=sides.alice, at=START)
    with pytest.raises(Refused, match="was answered or taken back"):
        actions.take_back(party=party, acting=sides.city, by=sides.alice, at=START)
    with pytest.raises(Refused, match="was answered or taken back"):
        actions.accept(party=party, by=sides.mia, at=START)
    with pytest.raises(Refused, match="taken back today"):
        sides.invite(sides.mill, START + HOUR)
    assert sides.invite(sides.mill, START + DAY).is_asked


def test_one_that_left_a_draft_can_be_asked_again_at_once(world: World) -> None:
    sides = joined(world)
    actions.leave(proposal=sides.proposal, acting=sides.mill, by=sides.mia, at=START, reason="?")
    assert sides.invite(sides.mill, START + HOUR).is_asked


def test_change_makes_signatures_void_and_tells_who_signed(world: World) -> None:
    sides = half_signed(world)
    Mail.objects.all().delete()
    made = sides.write("We buy rolls.", acting=sides.mill, by=sides.mia, note="Rolls")
    assert (made.signatures.count(), made.note) == (0, "Rolls")
    assert mails() == ["alice@example.org: Your signature is void: “Bread” was changed"]
    sides.sign(sides.mill, sides.mia)
    assert sides.latest().signatures.count() == 1


def test_text_that_says_the_same_is_no_new_version(world: World) -> None:
    sides = half_signed(world)
    made = sides.write("  We buy bread.\r\n", voids=())
    assert (made.number, made.signatures.count()) == (3, 1)


def test_writing_over_another_is_refused_with_both_texts(world: World) -> None:
    sides = written(world)
    base = sides.latest()
    sections = [dict(one) for one in base.sections]
    sections[1] = {**sections[1], "text": {"en": "Law of the mill"}}
    theirs = sides.write("We buy bread and rolls.")
    with pytest.raises(actions.Overtaken) as caught:
        actions.write(
            proposal=sides.proposal,
            acting=sides.mill,
            by=sides.mia,
            at=START,
            base=base.number,
            title=base.title,
            sections=sections,
        )
    assert sides.latest() == theirs
    merged = caught.value.merged
    assert [dict(one.text) for one in merged.text.sections[:2]] == [
        {"en": "We buy bread and rolls."},
        {"en": "Law of the mill"},
    ]
    assert (merged.clashes, caught.value.version) == ((), theirs)


def test_writing_over_a_signature_that_was_not_there_is_refused(world: World) -> None:
    sides = half_signed(world)
    with pytest.raises(actions.WouldVoid, match="Signed this text while you wrote: City"):
        sides.write("Other", acting=sides.mill, by=sides.mia, voids=())
    assert (sides.latest().number, sides.latest().signatures.count()) == (3, 1)


def test_version_of_nowhere_is_no_base(world: World) -> None:
    with pytest.raises(Refused, match="There is no such version"):
        written(world).write("Other", base=99)


LONG = "x" * 8_000
UNWRITABLE: dict[str, tuple[dict[str, object], str]] = {
    "no title": ({"title": both(" ", "")}, "needs a title"),
    "no heading": ({"sections": [{"key": "a", "heading": "", "text": "x"}]}, "needs a heading"),
    "many sections": (
        {"sections": [{"key": f"k{n}", "heading": "x", "text": ""} for n in range(21)]},
        "At most 20 sections",
    ),
    "long text": (
        {"sections": [{"key": f"k{n}", "heading": "x", "text": LONG} for n in range(8)]},
        "more than 60000 characters",
    ),
}


@pytest.mark.parametrize("name", UNWRITABLE)
def test_some_texts_are_none(world: World, name: str) -> None:
    options, reason = UNWRITABLE[name]
    sides = written(world)
    with pytest.raises(Refused, match=reason):
        sides.write(**options)
    assert sides.latest().number == 3
    if "title" in options:
        with pytest.raises(Refused, match=reason):
            actions.begin(institution=sides.city, title=both("", ""), by=sides.alice, at=START)


def test_text_is_changed_so_often_and_no_more(
    world: World, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(rules, "MOST_VERSIONS", 3)
    with pytest.raises(Refused, match="changed too often"):
        written(world).write("Other")


def alone(world: World) -> Sides:
    sides = begun(world)
    sides.write()
    return sides


def asked_and_written(world: World) -> Sides:
    sides = alone(world)
    sides.invite(sides.mill)
    return sides


UNSIGNABLE: dict[str, tuple[Callable[[World], Sides], str]] = {
    "alone": (alone, "It takes two"),
    "not answered": (asked_and_written, "Not answered yet: Mill"),
    "no text": (joined, "There is no text yet"),
    "signed": (half_signed, "City of Riverbend has signed this text already"),
    "agreed": (agreed, "no draft any more"),
}


@pytest.mark.parametrize("name", UNSIGNABLE)
def test_some_texts_are_not_signed(world: World, name: str) -> None:
    stage, reason = UNSIGNABLE[name]
    sides = stage(world)
    with pytest.raises(Refused, match=reason):
        sides.sign(sides.city, sides.alice)


@pytest.mark.parametrize("changed", [{"version": 2}, {"read": "0" * 64}])
def test_only_the_text_that_was_read_is_signed(world: World, changed: dict[str, object]) -> None:
    sides = written(world)
    text = sides.latest()
    read = {"version": text.number, "read": text.fingerprint, **changed}
    with pytest.raises(Refused, match="changed since you read it"):
        actions.sign(proposal=sides.proposal, acting=sides.city, by=sides.alice, at=START, **read)
    assert text.signatures.count() == 0


def test_agreed_text_cannot_be_written_nor_joined(world: World) -> None:
    sides = agreed(world)
    with pytest.raises(Refused, match="It cannot change any more"):
        sides.write("Other")
    other, _olga = new_mill("Oven")
    with pytest.raises(Refused, match="nobody can join it"):
        sides.invite(other)


MOVES = {
    (before, after): after in rules_of
    for before, rules_of in {
        State.DRAFT: (),
        State.AGREED: (State.IN_THE_WORKS, State.DONE, State.GIVEN_UP),
        State.IN_THE_WORKS: (State.DONE, State.GIVEN_UP),
        State.DONE: (),
        State.GIVEN_UP: (),
        State.ENDED: (),
    }.items()
    for after in State
}


@pytest.mark.parametrize(("before", "after"), MOVES)
def test_moves_are_those_of_the_table(world: World, before: State, after: State) -> None:
    sides = written(world) if before == State.DRAFT else agreed(world)
    Proposal.objects.filter(pk=sides.number).update(state=before)
    if MOVES[before, after]:
        sides.move(after)
    else:
        with pytest.raises(Refused, match="does not lead there"):
            sides.move(after)
    sides.proposal.refresh_from_db()
    assert sides.proposal.state == (after if MOVES[before, after] else before)


def test_draft_goes_on_without_one_who_leaves(world: World) -> None:
    sides = half_signed(world)
    Mail.objects.all().delete()
    actions.leave(
        proposal=sides.proposal, acting=sides.mill, by=sides.mia, at=START, reason="No time"
    )
    text = sides.latest()
    assert (text.cause, text.signatures.count(), sides.proposal.state) == (
        Cause.LEFT,
        0,
        State.DRAFT,
    )
    assert mails() == ["alice@example.org: Mill no longer takes part in “Bread”"]
    with pytest.raises(Refused, match="does not take part"):
        sides.sign(sides.mill, sides.mia)


def test_draft_is_given_up_with_the_last_who_leaves(world: World) -> None:
    sides = invited(world)
    actions.leave(proposal=sides.proposal, acting=sides.city, by=sides.alice, at=START, reason="No")
    sides.proposal.refresh_from_db()
    assert (sides.proposal.state, sides.party(sides.mill).is_asked) == (State.GIVEN_UP, False)
    with pytest.raises(Refused, match="was answered or taken back"):
        actions.accept(party=sides.party(sides.mill), by=sides.mia, at=START)


def test_agreed_proposal_ends_with_one_who_withdraws(world: World) -> None:
    sides = agreed(world)
    Mail.objects.all().delete()
    actions.leave(
        proposal=sides.proposal, acting=sides.mill, by=sides.mia, at=START + DAY, reason="Fire"
    )
    sides.proposal.refresh_from_db()
    step = sides.proposal.steps.get()
    assert (sides.proposal.state, step.state, step.sentence) == (State.ENDED, State.ENDED, "Fire")
    assert mails() == ["alice@example.org: Ended: a party withdrew: “Bread”"]
    assert len(ties()) == 1
    with pytest.raises(Refused, match="come to its end"):
        actions.leave(
            proposal=sides.proposal, acting=sides.city, by=sides.alice, at=START, reason="Too"
        )


def test_messages_are_mailed_once_an_hour(world: World) -> None:
    sides = joined(world)
    Mail.objects.all().delete()
    for minutes in (0, 10, 80):
        actions.say(
            proposal=sides.proposal,
            acting=sides.city,
            by=sides.alice,
            at=START + timedelta(minutes=minutes),
            text=f"After {minutes}",
        )
    told = list(Mail.objects.order_by("pk").values_list("to", flat=True))
    texts = [one.text for one in Mail.objects.order_by("pk")]
    assert told == ["steward@mill.example"] * 2
    assert [("After 0\n" in text, "After 80" in text) for text in texts] == [
        (True, False),
        (False, True),
    ]
    assert "proposal.said" not in set(Entry.objects.values_list("act", flat=True))


def test_mail_goes_to_everybody_who_speaks_for_it_once(world: World) -> None:
    sides = begun(world)
    delegate = Person.objects.by_email("delegate@mill.example")
    member = Person.objects.by_email("member@mill.example")
    for person, role in (
        (delegate, Role.DELEGATE), (sides.mia, Role.DELEGATE), (member, Role.MEMBER),
    ):  # fmt: skip
        give_role(institution=sides.mill, person=person, role=role, by=sides.mia, at=START)
    Mail.objects.all().delete()
    sides.invite(sides.mill)
    assert [one.split(":")[0] for one in mails()] == [
        "delegate@mill.example",
        "steward@mill.example",
    ]


def test_nobody_begins_for_another_nor_by_no_way(world: World) -> None:
    with pytest.raises(Refused, match="Only stewards and delegates"):
        actions.begin(institution=world.city, title="x", by=world.bob, at=START)
    with pytest.raises(Refused, match="no such way"):
        actions.begin(institution=world.city, title="x", by=world.alice, at=START, way="none")


def test_limits_of_a_day(world: World, monkeypatch: pytest.MonkeyPatch) -> None:
    sides = joined(world)
    monkeypatch.setattr(rules, "MOST_BEGUN", 1)
    monkeypatch.setattr(rules, "MOST_INVITED", 1)
    monkeypatch.setattr(rules, "MOST_SAID", 0)
    other, _olga = new_mill("Oven")
    with pytest.raises(Refused, match="You began 1 proposals within a day"):
        actions.begin(institution=sides.city, title="x", by=sides.alice, at=START + HOUR)
    with pytest.raises(Refused, match="1 invitations within a day"):
        sides.invite(other, START + HOUR)
    with pytest.raises(Refused, match="You wrote 0 messages within a day"):
        actions.say(proposal=sides.proposal, acting=sides.city, by=sides.alice, at=START, text="x")
    later = START + DAY
    assert actions.begin(institution=sides.city, title="x", by=sides.alice, at=later).pk
    assert sides.invite(other, later).is_asked


def test_six_write_together_and_no_more(world: World) -> None:
    sides = joined(world)
    for name in ("Ash", "Bay", "Cob", "Dun"):
        sides.invite(new_mill(name)[0])
    with pytest.raises(Refused, match="At most 6 institutions"):
        sides.invite(new_mill("Elm")[0])


def test_who_takes_part_or_has_left_is_not_invited(world: World) -> None:
    sides = invited(world)
    with pytest.raises(Refused, match="Mill is invited already"):
        sides.invite(sides.mill)
    actions.accept(party=sides.party(sides.mill), by=sides.mia, at=START)
    with pytest.raises(Refused, match="Mill takes part already"):
        sides.invite(sides.mill)
    gone, gwen = new_mill("Gone")
    announce(institution=gone, by=gwen, at=START)
    assert leave_due(START + BEFORE_LEAVING)
    gone.refresh_from_db()
    with pytest.raises(Refused, match="has left the site"):
        sides.invite(gone)


def test_delegate_acts_until_the_role_ends(world: World) -> None:
    sides = written(world)
    person = Person.objects.by_email("delegate@mill.example")
    role = give_role(
        institution=sides.mill, person=person, role=Role.DELEGATE, by=sides.mia, at=START
    )
    sides.sign(sides.mill, person)
    end_role(membership=role, by=person, at=START)
    with pytest.raises(Refused, match="Only stewards and delegates"):
        sides.write("x", acting=sides.mill, by=person)


@pytest.mark.parametrize("stage", [begun, joined, agreed])
def test_open_proposals_keep_an_institution_here(
    world: World, stage: Callable[[World], Sides]
) -> None:
    sides = stage(world)
    kept = "It takes part in joint proposals; leave or end them first: Bread."
    assert kept in bonds_of(sides.city)
    if sides.proposal.agreed_at:
        assert kept in bonds_of(sides.mill)
        sides.move(State.DONE)
    else:
        actions.leave(
            proposal=sides.proposal, acting=sides.city, by=sides.alice, at=START, reason="No"
        )
    assert kept not in bonds_of(sides.city)


def test_invitation_alone_keeps_nobody_here(world: World) -> None:
    assert bonds_of(invited(world).mill) == []


def test_no_text_is_ever_changed(world: World) -> None:
    sides = agreed(world)
    assert [(one.number, one.cause) for one in Version.objects.order_by("number")] == [
        (1, Cause.BEGUN),
        (2, Cause.JOINED),
        (3, Cause.WRITTEN),
    ]
    first = Version.objects.get(number=1)
    assert [one["heading"] for one in first.sections] == [
        one["heading"] for one in template_of("fair-bids")
    ]
    assert Message.objects.count() == 0
    assert sides.latest().number == 3
