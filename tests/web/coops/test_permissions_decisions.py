"""Who may do what with decisions, and when: every verb by everybody at every stage."""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

import pytest
from django.db import transaction

from interlock.web.coops.actions import deciding, decisions, minutes
from interlock.web.coops.models import Decision, DecisionForm, Objection, Option
from interlock.web.look.refusals import Refused
from interlock.web.people.models import Person
from tests.staging import staged
from tests.web.coops.guild import Guild, put_bylaws
from tests.web.coops.questions import ENDS, MEETING, Assembly, make_assembly
from tests.world import START

#: Steward and member, treasurer, secretary, member, inactive, candidate, worker, former, the co-op's
#: delegate, the steward of another co-op.
ROLES = ("bob", "ana", "ben", "eva", "iris", "cam", "wes", "fay", "dora", "carol")
STAGES = ("draft", "announced", "open", "decided", "cancelled")
KEEPERS = {"bob", "ben"}
MEMBERS = {"bob", "ana", "ben", "eva"}
NOBODY: set[str] = set()


@dataclass(frozen=True)
class Verb:
    """Who may, at which stages; and the doing of it."""

    who: set[str]
    when: set[str]
    do: Callable[[Assembly, Decision, Person], Any]


def _objection(assembly: Assembly, decision: Decision, person: Person) -> Objection:
    """One of Eva's, whatever the stage."""
    return Objection.objects.create(
        decision=decision, member=assembly.guild.member("Eva"), text="No.", at=START
    )


VERBS = {
    "draft": Verb(MEMBERS, set(STAGES), lambda a, d, by: a.draft(by=by)),
    "change": Verb(KEEPERS, {"draft"}, lambda a, d, by: decisions.change(
        decision=d, by=by, at=START, title="T")),
    "discard": Verb(KEEPERS, {"draft"}, lambda a, d, by: decisions.discard(decision=d, by=by, at=START)),
    "announce": Verb(KEEPERS, {"draft"}, lambda a, d, by: decisions.announce(
        decision=d, by=by, at=START, closes_at=ENDS)),
    "open": Verb(KEEPERS, {"announced"}, lambda a, d, by: decisions.open_vote(
        decision=d, by=by, at=MEETING)),
    "stand down": Verb(KEEPERS, {"announced", "open"}, lambda a, d, by: decisions.stand_down(
        option=Option.objects.create(decision=d, position=1, name="N"), by=by, at=START)),
    "cancel": Verb(KEEPERS, {"announced", "open"}, lambda a, d, by: decisions.cancel(
        decision=d, reason="R", by=by, at=START)),
    "vote": Verb(MEMBERS, {"open"}, lambda a, d, by: deciding.cast(
        decision=d, by=by, at=START, choice="yes")),
    "object": Verb(MEMBERS, {"open"}, lambda a, d, by: deciding.object_to(
        decision=d, by=by, at=START, text="No.")),
    "withdraw": Verb({"eva"}, {"open"}, lambda a, d, by: deciding.withdraw_objection(
        objection=_objection(a, d, by), choice="yes", by=by, at=START)),
    "resolve": Verb(KEEPERS, {"open"}, lambda a, d, by: deciding.resolve_objection(
        objection=_objection(a, d, by), resolution="So.", by=by, at=START)),
    "attendance": Verb(KEEPERS, {"announced", "open"}, lambda a, d, by: deciding.record_attendance(
        decision=d, came=[1], by=by, at=MEETING)),
    "enter votes": Verb(KEEPERS, {"open"}, lambda a, d, by: deciding.enter_votes(
        decision=d, votes={1: "yes"}, by=by, at=MEETING)),
    "close": Verb(KEEPERS, {"open"}, lambda a, d, by: deciding.close(decision=d, by=by, at=MEETING)),
    "minutes": Verb(KEEPERS, {"decided"}, lambda a, d, by: minutes.write_minutes(
        decision=d, text="M", by=by, at=MEETING)),
    "sign": Verb(KEEPERS, {"decided"}, lambda a, d, by: (
        d.decided_at and minutes.write_minutes(decision=d, text="M", by=a.guild.bob, at=MEETING),
        minutes.sign_record(decision=d, name="N", by=by, at=MEETING))),
    "sign an initiative": Verb(MEMBERS, {"draft"}, lambda a, d, by: decisions.sign(
        decision=d, by=by, at=START)),
}  # fmt: skip


def decision_at(assembly: Assembly, stage: str) -> Decision:
    """By consent at a meeting, at which all four are."""
    draft = assembly.draft(form=DecisionForm.CONSENT)
    if stage == "draft":
        return draft
    if stage in ("announced", "cancelled"):
        announced = decisions.announce(
            decision=draft, by=assembly.secretary, at=START, meets_at=MEETING
        )
        if stage == "announced":
            return announced
        return decisions.cancel(decision=announced, reason="R", by=assembly.secretary, at=START)
    opened = assembly.meeting(came=4, decision=draft)
    if stage == "open":
        return opened
    return deciding.close(decision=opened, by=assembly.secretary, at=MEETING)


@staged
def assembly() -> Assembly:
    return make_assembly("codehook", 4)


@pytest.mark.parametrize("stage", STAGES)
def test_each_verb_is_for_some_roles_at_some_stages(assembly: Assembly, stage: str) -> None:
    decision = decision_at(assembly, stage)
    guild: Guild = assembly.guild
    body = {**assembly.coop.bylaws.get().body}
    body["meetings"] = {**body["meetings"], "initiative": {"share": "1"}}
    put_bylaws(assembly.coop, body)
    found, wanted = {}, {}
    for name, verb in VERBS.items():
        for role in ROLES:
            found[name, role] = _may(verb, assembly, decision, getattr(guild, role))
            wanted[name, role] = role in verb.who and stage in verb.when
    assert found == wanted


def _may(verb: Verb, assembly: Assembly, decision: Decision, person: Person) -> bool:
    """Whether it can be done; nothing of it stays."""
    try:
        with transaction.atomic():
            verb.do(assembly, Decision.objects.get(pk=decision.pk), person)
            raise _Undo
    except _Undo:
        return True
    except Refused:
        return False


class _Undo(Exception):
    """Takes back what was done."""
