"""The verbs of an open decision: vote, object, come and leave, count hands, close."""

from collections import Counter
from collections.abc import Collection, Iterable, Mapping, Sequence
from datetime import datetime
from typing import Any

from django.db import transaction
from django.db.models import Q
from django.utils.translation import gettext as _

from interlock.methods import deciding
from interlock.web.budgets.rules import FEWEST_TOLD
from interlock.web.coops.actions.decisions import (
    electors_addresses,
    following,
    held_by,
    hold,
    mail,
    note,
    open_if_due,
)
from interlock.web.coops.models import (
    Choice,
    Decision,
    DecisionForm,
    DecisionStage,
    Elector,
    Objection,
    Signature,
    Vote,
    Wish,
)
from interlock.web.coops.queries import decisions as queries
from interlock.web.coops.rules import decisions as rules
from interlock.web.coops.rules.access import Inside, inside
from interlock.web.look.refusals import Refused
from interlock.web.messages.actions import write
from interlock.web.people.models import Person
from interlock.web.voting import actions as voting
from interlock.web.voting import codes
from interlock.web.voting import queries as boxes

#: The names of a library's tally, by what was answered.
TALLIED = {
    Choice.YES: "yes",
    Choice.NO: "no",
    Choice.ABSTAIN: "abstain",
    Choice.BLANK: "blank",
    Choice.STAND_ASIDE: "stand_asides",
    Choice.OBJECT: "objections",
}
HANDS = ("yes", "no", "abstain", "blank")


@transaction.atomic
def cast(
    *,
    decision: Decision,
    by: Person,
    at: datetime,
    choice: str = "",
    ranks: Sequence[int] = (),
) -> Vote:
    """Vote openly, or otherwise than before where the rule lets a vote be changed."""
    held = hold(decision)
    elector = _taking_part(held, inside(held.coop, by, at), at)
    if held.is_secret:
        raise Refused(_("This ballot is secret: it is cast with the code that you got by mail."))
    if choice == Choice.OBJECT:
        raise Refused(_("Say what you object to: an objection needs its reason."), status=422)
    return _vote(held, elector, choice, ranks, at)


def cast_secret(
    *,
    decision: Decision,
    by: Person,
    at: datetime,
    voting_code: str,
    nonce: str,
    choice: str = "",
    ranks: Sequence[int] = (),
) -> str:
    """Put a ballot into the box, and return its receipt. Nothing is written but what the box writes.

    The code is the caster's own: nobody votes for somebody else.
    """
    elector = _taking_part(decision, inside(decision.coop, by, at), at)
    if not decision.is_secret or decision.box is None:
        raise Refused(_("This vote is open: it needs no code."))
    standing = _standing(decision)
    if reason := rules.why_not_choose(decision, choice, ranks, standing):
        raise Refused(reason, status=422)
    digest = codes.hashed(codes.typed(voting_code), "vote")
    if decision.box.roll.filter(code_hash=digest).exclude(number=elector.number).exists():
        raise Refused(
            _("This is the code of another member."),
            _("Nobody votes for somebody else: use the one in your own mail."),
            status=422,
        )
    content: dict[str, Any] = {"choice": choice} if choice else {"ranks": list(ranks)}
    return voting.cast(
        box_ref=decision.box.pk,
        voting_code=voting_code,
        content=content,
        nonce=nonce,
        may_change=queries.frozen_rule(decision).may_change,
    )


@transaction.atomic
def send_code(*, decision: Decision, by: Person, at: datetime) -> None:
    """A new code for one's secret ballot, by mail. The one before is void; a ballot that was cast stays."""
    held = hold(decision)
    elector = _taking_part(held, inside(held.coop, by, at), at)
    if held.box is None:
        raise Refused(_("This vote is open: it needs no code."))
    letter = voting.renew(box=held.box, number=elector.number)
    context = {"decision": held, "coop": held.coop, "code": letter.code}
    write(to=by.email, template="coops/mail/decision_code.txt", context=context, at=at)


@transaction.atomic
def object_to(*, decision: Decision, text: str, by: Person, at: datetime) -> Objection:
    """Say why one cannot consent. It counts against the decision until it is withdrawn."""
    held = hold(decision)
    elector = _taking_part(held, inside(held.coop, by, at), at)
    if held.form != DecisionForm.CONSENT:
        raise Refused(_("Objections are raised where consent is asked for: here you can vote no."))
    if not text.strip():
        raise Refused(_("Say what you object to: an objection needs its reason."), status=422)
    vote = _vote(held, elector, Choice.OBJECT, (), at)
    held.objections.filter(member=elector.member_id, withdrawn_at=None).update(withdrawn_at=at)
    made = Objection.objects.create(
        decision=held, member_id=elector.member_id, text=text, at=vote.at
    )
    mail("objection", electors_addresses(held), held, at, objection=made)
    return made


@transaction.atomic
def withdraw_objection(*, objection: Objection, choice: str, by: Person, at: datetime) -> Vote:
    """Take an objection back, and say what one answers instead."""
    held = hold(objection.decision)
    who = inside(held.coop, by, at)
    stored = Objection.objects.select_related("decision").get(pk=objection.pk)
    if reason := rules.why_not_withdraw(who, stored):
        raise Refused(reason)
    elector = _taking_part(held, who, at)
    if choice == Choice.OBJECT:
        raise Refused(_("Choose one of the other answers."), status=422)
    stored.withdrawn_at = at
    stored.save(update_fields=["withdrawn_at"])
    return _vote(held, elector, choice, (), at)


@transaction.atomic
def resolve_objection(
    *, objection: Objection, resolution: str, by: Person, at: datetime
) -> Objection:
    """Write down how an objection was met. It stands until who raised it, told by mail, withdraws it."""
    held = held_by(objection.decision, by, at)
    if held.stage is not DecisionStage.OPEN:
        raise Refused(_("The vote is closed."))
    stored = Objection.objects.select_related("member__person").get(pk=objection.pk)
    stored.resolution = resolution
    stored.save(update_fields=["resolution"])
    to = set(queries.addresses([stored.member]).values()) & set(electors_addresses(held))
    mail("resolved", to, held, at, objection=stored)
    return stored


@transaction.atomic
def ask_otherwise(*, decision: Decision, by: Person, at: datetime) -> int:
    """Ask for the bylaws' other rule, and say how many have. With enough of them it decides."""
    held = hold(decision)
    elector = _taking_part(held, inside(held.coop, by, at), at)
    rule = queries.frozen_rule(held)
    if rule.alternative is None or not rule.asking(held.electors.count()):
        raise Refused(_("The bylaws have no other rule to ask for."))
    Signature.objects.get_or_create(
        decision=held, member=elector.member, wish=Wish.OTHERWISE, defaults={"at": at}
    )
    return queries.signatures(held, Wish.OTHERWISE)


@transaction.atomic
def record_attendance(
    *,
    decision: Decision,
    came: Collection[int],
    left: Collection[int] = (),
    by: Person,
    at: datetime,
) -> None:
    """Who is at the meeting, by the numbers of the electors, and who of them has left it again."""
    held = held_by(decision, by, at)
    if held.meets_at is None:
        raise Refused(_("This is decided without a meeting."))
    if held.stage not in (DecisionStage.ANNOUNCED, DecisionStage.OPEN):
        raise Refused(_("Who came is written down before the vote is closed."))
    known = set(held.electors.values_list("number", flat=True))
    if not set(came) <= known or not set(left) <= set(came):
        raise Refused(_("Only who is on the roll and came can be there, or leave."), status=422)
    if held.hands is not None and len(set(came) - set(left)) < sum(held.hands.values()):
        raise Refused(
            _("More hands were counted than would be there."),
            _("Who leaves after the vote stays written down. Was it a mistake? Count again."),
            status=422,
        )
    held.electors.exclude(number__in=came).update(came_at=None, left_at=None)
    held.electors.filter(number__in=came, came_at=None).update(came_at=at)
    held.electors.filter(number__in=came).exclude(number__in=left).update(left_at=None)
    held.electors.filter(number__in=left, left_at=None).update(left_at=at)


@transaction.atomic
def enter_hands(*, decision: Decision, by: Person, at: datetime, **hands: int) -> Decision:
    """Enter what was counted in the room: yes, no, abstain, blank. Single votes are counted no more."""
    held = held_by(decision, by, at)
    if reason := rules.why_not_hands(held):
        raise Refused(reason)
    if held.form != DecisionForm.PROPOSAL:
        raise Refused(_("Hands are counted for yes and no; enter each vote by itself here."))
    present = held.electors.filter(came_at__isnull=False, left_at=None).count()
    counted = {name: hands.get(name, 0) for name in HANDS}
    if sum(counted.values()) > present:
        raise Refused(
            _("That is more votes than there are members at the meeting: %(present)s.")
            % {"present": present},
            _("Write down first who came, or count again."),
            status=422,
        )
    votes = Vote.objects.filter(elector__decision=held)
    if own := votes.filter(entered_at=None).select_related("elector__member").first():
        raise Refused(
            rules.why_not_enter(own) or "", _("Enter the votes of the others each by itself.")
        )
    votes.delete()
    held.hands = counted
    held.save(update_fields=["hands"])
    return held


@transaction.atomic
def enter_votes(*, decision: Decision, votes: Mapping[int, str], by: Person, at: datetime) -> None:
    """Enter single votes given in the room, by the numbers of the electors; those entered before stay.

    Who answered themselves is asked themselves.
    """
    held = held_by(decision, by, at)
    if reason := rules.why_not_hands(held):
        raise Refused(reason)
    if held.hands is not None:
        held.hands = None
        held.save(update_fields=["hands"])
    electors = {one.number: one for one in held.electors.select_related("member", "vote")}
    for number, choice in votes.items():
        elector = electors.get(number)
        if elector is None or elector.came_at is None:
            raise Refused(_("Only the votes of who came to the meeting are entered."), status=422)
        if choice == Choice.OBJECT:
            raise Refused(_("Who objects says it themselves, with the reason."), status=422)
        before = getattr(elector, "vote", None)
        if before is not None and before.choice == choice:
            continue
        if reason := rules.why_not_enter(before):
            raise Refused(reason, status=422)
        _vote(held, elector, choice, (), at, entered_at=at)


@transaction.atomic
def close(*, decision: Decision, by: Person, at: datetime) -> Decision:
    """Close the vote at a meeting."""
    held = held_by(decision, by, at)
    if reason := rules.why_not_close(held, at):
        raise Refused(reason)
    return _close(held, at)


def close_if_due(*, decision: Decision, at: datetime) -> Decision:
    """Close a decision whose announced time has come, and give it as it is now.

    Whoever got the lock before is in time; everybody after is not.
    """
    if not rules.is_due(decision, at):
        return decision
    with transaction.atomic():
        held = hold(decision)
        return _close(held, at) if rules.is_due(held, at) else held


def brought_up_to(*, decision: Decision, at: datetime) -> Decision:
    """The decision as it is at this time: opened, or closed, by the first who comes."""
    return close_if_due(decision=open_if_due(decision=decision, at=at), at=at)


def act_due(at: datetime) -> bool:
    """Open, close or remind of one decision that is due, if there is one."""
    waiting = Decision.objects.filter(
        announced_at__isnull=False, decided_at=None, cancelled_at=None
    ).select_related("coop__institution", "box")
    to_open = Q(opened_at=None, meets_at=None, opens_at__lte=at)
    to_close = Q(opened_at__isnull=False, closes_at__lte=at)
    decision = waiting.filter(to_open | to_close).order_by("announced_at", "pk").first()
    if decision is not None:
        brought_up_to(decision=decision, at=at)
        return True
    unreminded = waiting.filter(
        opened_at__isnull=False, reminded_at=None, meets_at=None,
        closes_at__gt=at, closes_at__lte=at + rules.REMINDER,
    )  # fmt: skip
    soonest = unreminded.order_by("closes_at", "pk")
    return any(remind_if_due(decision=one, at=at) for one in soonest)


@transaction.atomic
def remind_if_due(*, decision: Decision, at: datetime) -> bool:
    """A mail before the end to those who have not voted; of a secret ballot nobody knows who, so to all."""
    held = hold(decision)
    when = rules.remind_at(held)
    if held.stage is not DecisionStage.OPEN or held.reminded_at or when is None or at < when:
        return False
    held.reminded_at = at
    held.save(update_fields=["reminded_at"])
    to = set(electors_addresses(held))
    if not held.is_secret:
        voted = Elector.objects.filter(decision=held, vote__isnull=False)
        members = [one.member for one in voted.select_related("member__person")]
        to -= set(queries.addresses(members).values())
    mail("reminder", to, held, at)
    return True


# The count.


def _close(held: Decision, at: datetime) -> Decision:
    rule = queries.frozen_rule(held)
    electors = list(held.electors.select_related("vote"))
    ballots = _unsealed(held, at) if held.is_secret else _open_ballots(electors)
    took = _who_took_part(held, electors)
    tally = _tally(held, electors, took, ballots)
    found = _outcome(held, rule, tally, ballots)
    if held.is_secret and held.box is not None and len(ballots) < FEWEST_TOLD:
        # Who they were would be the rest of what somebody chose: "carried", by one ballot.
        held.box.ballots.all().delete()
        held.box.roll.update(has_voted=False)
        found = _withheld(found, tally)
    else:
        Elector.objects.filter(decision=held, number__in=took).update(took_part=True)
    held.outcome = found
    held.is_carried = found["result"] in ("carried", "elected")
    held.decided_at = at
    held.save(update_fields=["outcome", "is_carried", "decided_at"])
    note("decided", held, at)
    mail("decided", electors_addresses(held), held, at)
    for follow in following:
        follow(held, at)
    return held


def _unsealed(held: Decision, at: datetime) -> list[dict[str, Any]]:
    """Close and open the box: from here on nothing links a ballot to its voter."""
    assert held.box is not None
    voting.close_box(box=held.box, at=at)
    voting.unseal(box=held.box, at=at)
    return [dict(one) for one in boxes.ballots(held.box)]  # type: ignore[call-overload]


def _open_ballots(electors: Iterable[Elector]) -> list[dict[str, Any]]:
    votes = [one.vote for one in electors if hasattr(one, "vote")]
    return [{"choice": one.choice} if one.choice else {"ranks": one.ranks} for one in votes]


def _who_took_part(held: Decision, electors: Sequence[Elector]) -> set[int]:
    """The numbers of those who voted, or were still at the meeting."""
    there = {one.number for one in electors if one.came_at and one.left_at is None}
    if held.box is not None:
        return there | set(held.box.roll.filter(has_voted=True).values_list("number", flat=True))
    return there | {one.number for one in electors if hasattr(one, "vote")}


def _tally(
    held: Decision,
    electors: Sequence[Elector],
    took: Collection[int],
    ballots: Sequence[Mapping[str, Any]],
) -> deciding.Tally:
    """Who has left the co-op without having voted is not counted from; a vote that was cast stays."""
    absent = [one for one in electors if one.number not in took]
    left = [one for one in absent if one.left_at is not None]
    gone = queries.left_since(held)
    departed = [one for one in absent if one.left_at is None and one.member_id in gone]
    votes: dict[str, int] = {}
    if held.form != DecisionForm.ELECTION:
        votes = dict(held.hands or Counter(TALLIED[Choice(ballot["choice"])] for ballot in ballots))
    return deciding.Tally(
        entitled=len(electors),
        # Without the key of the box nobody can be marked; the ballots are there all the same.
        present=max(len(took), len(ballots)),
        left=len(left),
        departed=len(departed),
        **votes,
    )


def _outcome(
    held: Decision,
    rule: deciding.Rule,
    tally: deciding.Tally,
    ballots: Sequence[Mapping[str, Any]],
) -> dict[str, Any]:
    """The library's answer, as data. `first` is what the first rule said where another decided."""
    if held.form == DecisionForm.ELECTION:
        return _elected(held, rule, tally, ballots)
    asking = rule.asking(tally.counted)
    asked = queries.signatures(held, Wish.OTHERWISE)
    if rule.alternative is not None and asking and asked >= asking:
        found = deciding.outcome(rule.otherwise(), tally).to_json()
        return {**found, "way": "asked", "asked": asked}
    first = deciding.outcome(rule, tally)
    if rule.alternative is None or asking or first.result != "not-carried":
        return {**first.to_json(), "way": "first"}
    found = deciding.outcome(rule.otherwise(), tally).to_json()
    return {**found, "way": "otherwise", "first": first.to_json()}


def _elected(
    held: Decision,
    rule: deciding.Rule,
    tally: deciding.Tally,
    ballots: Sequence[Mapping[str, Any]],
) -> dict[str, Any]:
    options = list(held.options.all())
    names = {one.position: one.name for one in options}
    candidates = tuple(names.values())
    made = deciding.Election(
        candidates=candidates,
        seats=held.seats,
        ballots=tuple(_ballot(held.method, names, one) for one in ballots),
        lot=deciding.drawn(candidates, held.seed),
        withdrawn=tuple(one.name for one in options if one.withdrawn_at),
    )
    found = deciding.elect(held.method, made, rule, tally)
    decided = "elected" if found.winners else "not-carried"
    return {
        "result": decided if found.count else "no-quorum",
        "way": "first",
        "winners": list(found.winners),
        "tally": {"entitled": tally.entitled, "present": tally.present, "left": tally.left,
                  "departed": tally.departed, "ballots": len(ballots)},
        "steps": [one.to_json() for one in found.steps],
        "count": found.count.to_json() if found.count else None,
    }  # fmt: skip


def _ballot(method: str, names: Mapping[int, str], ballot: Mapping[str, Any]) -> deciding.Ballot:
    chosen = [names[place] for place in ballot.get("ranks", [])]
    if not chosen:
        return ()
    return (tuple(chosen),) if method == "approval" else tuple((name,) for name in chosen)


def _withheld(found: Mapping[str, Any], tally: deciding.Tally) -> dict[str, Any]:
    """Of so few ballots only what came of them: their numbers would be what somebody chose."""
    told = {
        "result": found["result"],
        "way": found["way"],
        "is_withheld": True,
        "tally": {"entitled": tally.entitled, "present": tally.present},
        "steps": [],
    }
    return {**told, "winners": found["winners"]} if "winners" in found else told


# What the verbs share.


def _taking_part(decision: Decision, who: Inside | None, at: datetime) -> Elector:
    """The elector that somebody is. Refused with a reason where they may not vote (any more)."""
    elector = None
    if who is not None and who.member is not None:
        elector = decision.electors.filter(member=who.member).select_related("member").first()
    if reason := rules.why_not_take_part(decision, elector, who.status if who else None, at):
        raise Refused(reason)
    assert elector is not None
    return elector


def _standing(decision: Decision) -> set[int]:
    """The places of those who can be chosen."""
    return set(decision.options.filter(withdrawn_at=None).values_list("position", flat=True))


def _vote(
    held: Decision,
    elector: Elector,
    choice: str,
    ranks: Sequence[int],
    at: datetime,
    entered_at: datetime | None = None,
) -> Vote:
    standing = _standing(held) if held.form == DecisionForm.ELECTION else set()
    if reason := rules.why_not_choose(held, choice, ranks, standing):
        raise Refused(reason, status=422)
    if held.hands is not None:
        raise Refused(_("Hands were counted at the meeting: single votes are not taken any more."))
    before = Vote.objects.filter(elector=elector).first()
    if reason := rules.why_not_again(queries.frozen_rule(held), before):
        raise Refused(reason)
    if before is not None and before.choice == Choice.OBJECT and choice != Choice.OBJECT:
        held.objections.filter(member=elector.member_id, withdrawn_at=None).update(withdrawn_at=at)
    vote, _made = Vote.objects.update_or_create(
        elector=elector,
        defaults={"choice": choice, "ranks": list(ranks), "at": at, "entered_at": entered_at},
    )
    return vote
