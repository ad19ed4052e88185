"""Decisions by the verbs of the site, under each of the four models of bylaws."""

from collections.abc import Callable
from datetime import timedelta

import pytest
from django.test import Client

from interlock.methods import deciding as library
from interlock.methods.deciding import Tally
from interlock.web.coops.actions import deciding, decisions, members
from interlock.web.coops.models import Decision, DecisionForm, DecisionStage, Objection, OfficeKind
from interlock.web.coops.queries import decisions as queries
from interlock.web.coops.queries.records import record_of
from interlock.web.look.refusals import Refused
from interlock.web.messages.models import Mail
from interlock.web.people.models import Person
from interlock.web.record.models import Entry
from interlock.web.voting.models import Ballot, Envelope, RollEntry
from tests.web.coops.guild import put_bylaws
from tests.web.coops.questions import ENDS, MEETING, code_of, make_assembly
from tests.world import START

pytestmark = pytest.mark.django_db


def steps(decision: Decision) -> list[str]:
    assert decision.outcome is not None
    return [queries.told(queries.step_of(one)) for one in decision.outcome["steps"]]


def by_library(preset: str, kind: str, tally: Tally) -> list[str]:
    found = library.outcome(library.PRESETS[preset].rule(kind), tally)
    return [str(one) for one in found.steps]


def test_a_proposal_is_drafted_announced_decided_and_carried() -> None:
    assembly = make_assembly("colab", 6)
    decision = assembly.ballot()
    assert decision.stage is DecisionStage.OPEN
    assert decision.number == 1
    assert [one.member.name for one in decision.electors.all()] == [
        "Ana Ruiz", "Ben Okafor", "Bob Marsh", "Eva Lind", "Voter 04", "Voter 05",
    ]  # fmt: skip
    assembly.vote(decision, "yes", "yes", "abstain", "yes")
    done = assembly.closed(decision)
    assert done.is_carried is True
    assert steps(done) == by_library(
        "colab", "ordinary", Tally(entitled=6, present=4, yes=3, abstain=1)
    )
    assert list(done.electors.values_list("took_part", flat=True)) == [True] * 4 + [False] * 2
    acts = Entry.objects.filter(act__startswith="decision.").order_by("pk")
    assert [one.act for one in acts] == [
        "decision.announced", "decision.opened", "decision.decided",
    ]  # fmt: skip
    slug = assembly.coop.institution.slug
    assert {(one.audience, one.subject) for one in acts} == {("institution", f"institution/{slug}")}


CASES = {
    # SELC: all who vote yes or no; a quorum is a majority of those entitled.
    "selc carried": ("selc", "ordinary", 10, ("yes",) * 6 + ("abstain", "blank"), "carried"),
    "selc one against": ("selc", "ordinary", 10, ("yes",) * 6 + ("no",), "not-carried"),
    "selc no quorum": ("selc", "ordinary", 10, ("yes",) * 5, "no-quorum"),
    "selc expulsion": ("selc", "expulsion", 8, ("yes",) * 6 + ("no",) * 2, "carried"),
    "selc expulsion short": ("selc", "expulsion", 8, ("yes",) * 5 + ("abstain",) * 3, "not-carried"),
    "selc election rule as a tie": ("selc", "removal", 8, ("yes",) * 4 + ("no",) * 4, "not-carried"),
    # Code Hook: a majority of those entitled.
    "code hook carried": ("codehook", "removal", 8, ("yes",) * 5, "carried"),
    "code hook half": ("codehook", "removal", 8, ("yes",) * 4 + ("blank",) * 4, "not-carried"),
    "code hook no quorum": ("codehook", "removal", 8, ("yes",) * 4, "no-quorum"),
    # CoLab: consensus minus one.
    "colab but one": ("colab", "bylaws", 6, ("yes",) * 4 + ("no", "abstain"), "carried"),
    "colab but two": ("colab", "bylaws", 6, ("yes",) * 4 + ("no",) * 2, "not-carried"),
    "colab nobody": ("colab", "bylaws", 6, (), "not-carried"),
    # Hypha, in secret: a majority, with 60 % there; two thirds of all votes cast for bylaws.
    "hypha carried": ("hypha", "termination", 9, ("yes",) * 4 + ("no",) * 2, "carried"),
    "hypha blanks count": ("hypha", "termination", 9, ("yes",) * 4 + ("no", "no", "blank"), "not-carried"),
    "hypha no quorum": ("hypha", "bylaws", 10, ("yes",) * 5, "no-quorum"),
    "hypha tie": ("hypha", "ordinary", 8, ("yes",) * 3 + ("no",) * 3, "not-carried"),
}  # fmt: skip


@pytest.mark.parametrize("case", CASES.values(), ids=CASES.keys())
def test_each_model_decides_on_the_site_as_in_the_library(
    case: tuple[str, str, int, tuple[str, ...], str],
) -> None:
    """The arithmetic too, word for word."""
    preset, kind, voters, answers, result = case
    assembly = make_assembly(preset, voters)
    decision = assembly.ballot(kind=kind)
    assembly.vote(decision, *answers)
    done = assembly.closed(decision)
    assert done.outcome is not None
    first = done.outcome.get("first", done.outcome)
    assert first["result"] == result
    tally = Tally(
        entitled=voters,
        present=len(answers),
        **{name: answers.count(name) for name in ("yes", "no", "abstain", "blank")},
    )
    told = [queries.told(queries.step_of(one)) for one in first["steps"]]
    assert told == by_library(preset, kind, tally)


@pytest.mark.parametrize(("yes", "result"), [(5, "carried"), (4, "not-carried")])
def test_where_the_quorum_is_lost_at_a_meeting_more_yes_are_needed(yes: int, result: str) -> None:
    """SELC: three quarters of the quorum of six have to say yes, which is five."""
    assembly = make_assembly("selc", 10)
    decision = assembly.meeting(came=7, left=2, kind="removal")
    done = assembly.hands(decision, yes=yes, abstain=5 - yes)
    assert done.outcome is not None
    assert done.outcome["result"] == result
    tally = Tally(entitled=10, present=5, left=2, yes=yes, abstain=5 - yes)
    assert steps(done) == by_library("selc", "removal", tally)


def test_where_the_quorum_is_lost_and_the_bylaws_do_not_provide_for_it_nothing_is_decided() -> None:
    assembly = make_assembly("hypha", 10)
    open_kind = assembly.draft(kind="ordinary")
    decision = assembly.meeting(came=6, left=1, decision=open_kind)
    assembly.vote(decision, *["yes"] * 5)
    done = deciding.close(decision=decision, by=assembly.secretary, at=MEETING)
    assert done.outcome is not None
    assert done.outcome["result"] == "no-quorum"
    assert steps(done) == by_library(
        "hypha", "ordinary", Tally(entitled=10, present=5, left=1, yes=5)
    )


def test_who_left_the_co_op_is_not_counted_from_and_may_not_vote() -> None:
    """The roll is that of the record date. A vote cast before leaving stays."""
    assembly = make_assembly("codehook", 8)
    decision = assembly.ballot(kind="removal")
    assembly.vote(decision, "yes", "yes", "yes", "yes")
    voted, silent = assembly.voters[3], assembly.voters[6]
    assembly.leave(voted)
    assembly.leave(silent)
    with pytest.raises(Refused, match="has left the co-op"):
        assembly.say(decision, silent, choice="no")
    with pytest.raises(Refused, match="has left the co-op"):
        assembly.say(decision, voted, choice="no")
    done = assembly.closed(decision)
    assert steps(done) == by_library(
        "codehook", "removal", Tally(entitled=8, present=4, yes=4, departed=1)
    )
    assert done.is_carried is True


def test_another_rule_decides_where_enough_ask_for_it() -> None:
    """SELC: five of the quorum of six want a decision now, and three quarters of those there carry it."""
    assembly = make_assembly("selc", 10)
    decision = assembly.ballot()
    assembly.vote(decision, *["yes"] * 6, "no", "no")
    for voter in assembly.voters[:5]:
        asked = deciding.ask_otherwise(decision=decision, by=voter, at=START)
    assert asked == 5
    done = assembly.closed(decision)
    assert done.outcome is not None
    assert (done.outcome["way"], done.outcome["result"]) == ("asked", "carried")
    rule = library.PRESETS["selc"].rule("ordinary").otherwise()
    tally = Tally(entitled=10, present=8, yes=6, no=2)
    assert steps(done) == [str(one) for one in library.outcome(rule, tally).steps]


def test_the_other_rule_follows_by_itself_where_the_bylaws_say_so() -> None:
    """CoLab: no consensus, but only two oppose it."""
    assembly = make_assembly("colab", 8)
    decision = assembly.ballot()
    assembly.vote(decision, "yes", "yes", "no", "no")
    done = assembly.closed(decision)
    assert done.outcome is not None
    assert done.outcome["first"]["result"] == "not-carried"
    assert (done.outcome["way"], done.outcome["result"]) == ("otherwise", "carried")


def test_an_objection_stands_until_who_raised_it_withdraws_it() -> None:
    assembly = make_assembly("colab", 6)
    decision = assembly.ballot(form=DecisionForm.CONSENT, kind="bylaws")
    assembly.vote(decision, "yes", "yes", "stand_aside")
    eva, other = assembly.voters[3], assembly.voters[4]
    objection = deciding.object_to(decision=decision, text="Too loud.", by=eva, at=START)
    deciding.object_to(decision=decision, text="Too dear.", by=other, at=START)
    with pytest.raises(Refused, match="Only who raised"):
        deciding.withdraw_objection(
            objection=objection, choice="yes", by=assembly.secretary, at=START
        )
    deciding.resolve_objection(
        objection=objection, resolution="An electric one.", by=assembly.secretary, at=START
    )
    assert Objection.objects.filter(withdrawn_at=None).count() == 2
    assert Mail.objects.filter(to=eva.email, text__contains="An electric one.").count() == 1
    deciding.withdraw_objection(objection=objection, choice="yes", by=eva, at=START)
    done = assembly.closed(decision)
    tally = Tally(entitled=6, present=5, yes=3, stand_asides=1, objections=1)
    assert steps(done) == by_library("colab", "bylaws", tally)


def test_an_objection_needs_its_reason() -> None:
    assembly = make_assembly("colab", 6)
    decision = assembly.ballot(form=DecisionForm.CONSENT)
    with pytest.raises(Refused, match="needs its reason"):
        assembly.say(decision, assembly.voters[0], choice="object")
    with pytest.raises(Refused, match="needs its reason"):
        deciding.object_to(decision=decision, text=" ", by=assembly.voters[0], at=START)


def test_an_election_by_approval_in_secret() -> None:
    assembly = make_assembly("hypha", 5)
    decision = assembly.ballot(
        kind="election", form=DecisionForm.ELECTION, names=("Ana", "Ben", "Cy"), seats=2
    )
    assembly.rank(decision, (1, 2), (2,), (2, 3), ())
    done = assembly.closed(decision)
    assert done.outcome is not None
    assert done.outcome["winners"][0] == "Ben"
    made = library.Election.of_approvals(
        ["Ana", "Ben", "Cy"], 2, [["Ana", "Ben"], ["Ben"], ["Ben", "Cy"], []],
        lot=library.drawn(["Ana", "Ben", "Cy"], decision.seed),
    )  # fmt: skip
    rule = library.PRESETS["hypha"].rule("election")
    found = library.elect("approval", made, rule, Tally(entitled=5, present=4))
    assert steps(done) == [str(one) for one in found.steps]


@pytest.mark.parametrize("method", ["condorcet", "stv"])
def test_an_election_by_ranking(method: str) -> None:
    assembly = make_assembly("colab", 9)
    body = dict(assembly.coop.bylaws.get().body)
    body["board"] = {**body["board"], "method": method}
    put_bylaws(assembly.coop, body)
    names = ("Ana", "Ben", "Cy")
    decision = assembly.ballot(kind="election", form=DecisionForm.ELECTION, names=names)
    ballots = [(1, 2, 3)] * 4 + [(2, 3, 1)] * 3 + [(3, 1)] * 2
    assembly.rank(decision, *ballots)
    done = assembly.closed(decision)
    rankings = [[names[place - 1] for place in ballot] for ballot in ballots]
    made = library.Election.of_rankings(names, 1, rankings, lot=library.drawn(names, decision.seed))
    rule = library.PRESETS["colab"].rule("election")
    found = library.elect(method, made, rule, Tally(entitled=9, present=9))
    assert done.outcome is not None
    assert done.outcome["winners"] == list(found.winners)
    assert steps(done) == [str(one) for one in found.steps]


def test_who_does_not_stand_any_more_is_passed_over() -> None:
    assembly = make_assembly("colab", 4)
    decision = assembly.ballot(kind="election", form=DecisionForm.ELECTION, names=("Ana", "Ben"))
    assembly.rank(decision, (1, 2), (1, 2), (1,))
    decisions.stand_down(option=decision.options.get(name="Ana"), by=assembly.secretary, at=START)
    with pytest.raises(Refused, match="does not stand"):
        assembly.say(decision, assembly.voters[3], ranks=(1,))
    done = assembly.closed(decision)
    assert done.outcome is not None
    assert done.outcome["winners"] == ["Ben"]


def test_a_ranking_names_nobody_twice_and_nobody_else() -> None:
    assembly = make_assembly("colab", 4)
    decision = assembly.ballot(kind="election", form=DecisionForm.ELECTION, names=("Ana", "Ben"))
    for ranks, why in (((1, 1), "twice"), ((1, 3), "does not stand"), ((), "at least one")):
        with pytest.raises(Refused, match=why):
            assembly.say(decision, assembly.voters[0], ranks=ranks)


def test_an_initiative_is_announced_by_itself_at_the_fraction_of_the_bylaws() -> None:
    """SELC: a fifth of eleven members is three."""
    assembly = make_assembly("selc", 11)
    eva, *others = assembly.voters[3:]
    draft = assembly.draft(by=eva)
    assert draft.is_initiative
    for number, voter in enumerate([eva, *others[:1]], 1):
        held = decisions.sign(decision=draft, by=voter, at=START)
        assert (held.announced_at, held.signatures.count()) == (None, number)
    decisions.sign(decision=draft, by=others[0], at=START)
    held = decisions.sign(decision=draft, by=others[1], at=START)
    assert held.stage is DecisionStage.OPEN
    assert held.closes_at == START + timedelta(days=10)
    with pytest.raises(Refused, match="only who proposed it"):
        decisions.cancel(decision=held, reason="No.", by=assembly.secretary, at=START)
    decisions.cancel(decision=held, reason="Solved.", by=eva, at=START)


def test_the_secretary_neither_rewords_nor_ends_an_initiative() -> None:
    assembly = make_assembly("selc", 11)
    eva, *others = assembly.voters[3:]
    draft = assembly.draft(by=eva)
    with pytest.raises(Refused, match="only who proposed it changes it"):
        decisions.change(decision=draft, by=assembly.secretary, at=START, title="Another")
    with pytest.raises(Refused, match="only who proposed it changes it"):
        decisions.discard(decision=draft, by=assembly.secretary, at=START)
    decisions.change(decision=draft, by=eva, at=START, title="A third van")
    decisions.sign(decision=draft, by=others[0], at=START)
    held = decisions.announce(decision=draft, by=assembly.secretary, at=START, closes_at=ENDS)
    with pytest.raises(Refused, match="only who proposed it"):
        decisions.cancel(decision=held, reason="No.", by=assembly.secretary, at=START)


def test_the_signature_of_who_is_no_member_any_more_forces_nothing() -> None:
    """SELC: a fifth of nine members is two, and both who signed first have left."""
    assembly = make_assembly("selc", 11)
    eva, *others = assembly.voters[3:]
    draft = assembly.draft(by=eva)
    for voter in others[:2]:
        decisions.sign(decision=draft, by=voter, at=START)
        assembly.leave(voter)
    held = decisions.sign(decision=draft, by=others[2], at=START)
    assert (
        held.announced_at,
        list(queries.signed(held).values_list("member__name", flat=True)),
    ) == (
        None,
        ["Voter 06"],
    )
    assert decisions.sign(decision=draft, by=others[3], at=START).announced_at == START


def test_bylaws_days_are_kept() -> None:
    assembly = make_assembly("selc", 6)
    draft = assembly.draft()
    early = START + timedelta(days=9)
    for plan, why in (
        ({"closes_at": early}, "10 days of notice"),
        ({"meets_at": early}, "10 days of notice"),
        ({"meets_at": START + timedelta(days=91)}, "90 days at most"),
        ({}, "when the meeting is"),
        ({"closes_at": ENDS, "record_on": (START + timedelta(days=1)).date()}, "record date"),
        ({"closes_at": ENDS, "record_on": (START - timedelta(days=70)).date()}, "too far back"),
    ):
        with pytest.raises(Refused, match=why):
            decisions.announce(decision=draft, by=assembly.secretary, at=START, **plan)  # type: ignore[arg-type]


def test_a_ballot_lasts_as_long_as_the_bylaws_say() -> None:
    assembly = make_assembly("colab", 4)
    draft = assembly.draft()
    with pytest.raises(Refused, match="7 days to vote"):
        decisions.announce(
            decision=draft, by=assembly.secretary, at=START, closes_at=START + timedelta(6)
        )


def test_a_vote_opens_when_it_was_announced_to() -> None:
    assembly = make_assembly("colab", 4)
    later = START + timedelta(days=2)
    decision = decisions.announce(
        decision=assembly.draft(),
        by=assembly.secretary,
        at=START,
        opens_at=later,
        closes_at=ENDS,
    )
    with pytest.raises(Refused, match="not opened yet"):
        assembly.vote(decision, "yes")
    assert not deciding.act_due(later - timedelta(seconds=1))
    assert deciding.act_due(later)
    decision.refresh_from_db()
    assert decision.stage is DecisionStage.OPEN


def test_nobody_votes_after_its_time_although_nobody_closed_it_yet() -> None:
    assembly = make_assembly("colab", 4)
    decision = assembly.ballot()
    voter = assembly.voters[0]
    with pytest.raises(Refused, match="The vote is closed"):
        deciding.cast(decision=decision, by=voter, at=ENDS, choice="yes")
    deciding.cast(decision=decision, by=voter, at=ENDS - timedelta(seconds=1), choice="yes")


def test_who_has_not_voted_is_reminded_once() -> None:
    assembly = make_assembly("colab", 4)
    decision = assembly.ballot()
    assembly.vote(decision, "yes")
    Mail.objects.all().delete()
    assert not deciding.act_due(ENDS - timedelta(days=2, seconds=1))
    assert deciding.act_due(ENDS - timedelta(days=2))
    assert not deciding.act_due(ENDS - timedelta(days=1))
    assert sorted(Mail.objects.values_list("to", flat=True)) == sorted(
        voter.email for voter in assembly.voters[1:]
    )


def test_a_vote_is_changed_until_the_end_where_the_rule_lets_it() -> None:
    assembly = make_assembly("colab", 4)
    decision = assembly.ballot()
    assembly.vote(decision, "no", "yes")
    assembly.vote(decision, "yes")
    Decision.objects.filter(pk=decision.pk).update(rule={**decision.rule, "may_change": False})
    with pytest.raises(Refused, match="do not let a vote be changed"):
        assembly.vote(decision, "no")
    assert assembly.closed(decision).outcome["tally"]["yes"] == 2  # type: ignore[index]
    with pytest.raises(Refused, match="is closed"):
        assembly.vote(decision, "no")


# Secret ballots.


def test_of_a_secret_ballot_nothing_links_a_voter_to_a_choice_after_the_close() -> None:
    assembly = make_assembly("hypha", 6)
    decision = assembly.ballot()
    receipts = [
        assembly.say(decision, voter, choice=choice)
        for voter, choice in zip(assembly.voters, ["yes", "no", "yes", "yes"], strict=False)
    ]
    assert len(set(receipts)) == 4
    assert Envelope.objects.count() == 4
    assert not RollEntry.objects.filter(has_voted=True).exists()
    assert not decision.electors.filter(took_part=True).exists()
    done = assembly.closed(decision)
    assert done.box is not None
    assert Envelope.objects.count() == 0
    assert [one.content for one in Ballot.objects.order_by("pk")] == [
        {"choice": "no"}, {"choice": "yes"}, {"choice": "yes"}, {"choice": "yes"},
    ]  # fmt: skip
    assert done.electors.filter(took_part=True).count() == 4
    assert not hasattr(done.electors.all()[0], "vote")
    assert done.outcome is not None
    assert done.outcome["tally"]["yes"] == 3


def test_of_fewer_than_three_secret_ballots_only_the_outcome_is_told(
    signed_in: Callable[[Person], Client],
) -> None:
    assembly = make_assembly("hypha", 4)
    body = {**assembly.coop.bylaws.get().body}
    body["decisions"]["ordinary"]["quorum"]["level"]["share"] = "1/4"
    put_bylaws(assembly.coop, body)
    decision = assembly.ballot()
    assembly.vote(decision, "yes", "yes")
    done = assembly.closed(decision)
    assert done.is_carried is True
    assert done.outcome == {
        "result": "carried",
        "way": "first",
        "is_withheld": True,
        "tally": {"entitled": 4, "present": 2},
        "steps": [],
    }
    assert not Ballot.objects.exists()
    # Carried by so few: who they were would tell what each of them said.
    assert not done.electors.filter(took_part=True).exists()
    assert not RollEntry.objects.filter(has_voted=True).exists()
    told = record_of(done, None)["interlock"]["entitled"]
    assert {one["took_part"] for one in told} == {None}
    path = f"{done.get_absolute_url()}"
    for page in (path, f"{path}record/"):
        content = signed_in(assembly.secretary).get(page).content.decode()
        assert "took part" not in content.replace("Took part", "")
        assert "did not take part" not in content


def test_nobody_votes_with_the_code_of_another() -> None:
    assembly = make_assembly("hypha", 4)
    decision = assembly.ballot()
    ana, ben = assembly.voters[:2]
    with pytest.raises(Refused, match="code of another member"):
        deciding.cast_secret(
            decision=decision, by=ana, at=START, choice="yes", nonce="n",
            voting_code=code_of(decision, ben),
        )  # fmt: skip


def test_a_lost_code_is_sent_anew_and_the_first_is_void() -> None:
    assembly = make_assembly("hypha", 4)
    decision = assembly.ballot()
    ana = assembly.voters[0]
    first = code_of(decision, ana)
    deciding.send_code(decision=decision, by=ana, at=START)
    assert code_of(decision, ana) != first
    with pytest.raises(Refused, match="not on the roll"):
        deciding.cast_secret(
            decision=decision, by=ana, at=START, choice="yes", nonce="n", voting_code=first
        )
    assert assembly.say(decision, ana, choice="yes")


def test_a_secret_ballot_waits_for_everybodys_address() -> None:
    assembly = make_assembly("hypha", 4)
    eva = assembly.guild.member("Eva")
    eva.person, eva.email = None, ""
    eva.save()
    with pytest.raises(Refused, match="Without an address: Eva Lind"):
        assembly.ballot()


def test_a_cancelled_ballot_is_read_by_nobody() -> None:
    assembly = make_assembly("hypha", 4)
    decision = assembly.ballot()
    assembly.vote(decision, "yes", "no", "yes")
    decisions.cancel(decision=decision, reason="A mistake.", by=assembly.secretary, at=START)
    assert (Envelope.objects.count(), Ballot.objects.count()) == (0, 0)


def test_a_secret_ballot_may_be_fixed_when_it_is_cast() -> None:
    assembly = make_assembly("hypha", 4)
    decision = assembly.ballot()
    rule = {**decision.rule, "may_change": False}
    Decision.objects.filter(pk=decision.pk).update(rule=rule)
    decision.refresh_from_db()
    assembly.vote(decision, "yes")
    with pytest.raises(Refused, match="cannot be changed"):
        assembly.vote(decision, "no")


# Meetings.


def test_hands_are_counted_of_those_at_the_meeting() -> None:
    assembly = make_assembly("codehook", 6)
    decision = assembly.meeting(came=4)
    with pytest.raises(Refused, match="more votes than there are members"):
        assembly.hands(decision, yes=5)
    done = assembly.hands(decision, yes=4)
    assert done.is_carried is True
    assert done.outcome is not None
    assert done.outcome["tally"]["present"] == 4


def test_who_leaves_after_hands_were_counted_changes_nothing() -> None:
    assembly = make_assembly("codehook", 6)
    decision = assembly.meeting(came=4)
    deciding.enter_hands(decision=decision, by=assembly.secretary, at=MEETING, yes=4)
    with pytest.raises(Refused, match="More hands were counted"):
        deciding.record_attendance(
            decision=decision, came=[1, 2, 3, 4], left=[4], by=assembly.secretary, at=MEETING
        )


@pytest.mark.parametrize("everybody", [False, True])
def test_the_board_decides_what_is_the_boards(everybody: bool) -> None:
    """By offices; of a collective board all members are."""
    assembly = make_assembly("hypha", 4)
    guild = assembly.guild
    body = {**assembly.coop.bylaws.get().body}
    body["board"] = {**body["board"], "is_everybody": everybody}
    put_bylaws(assembly.coop, body)
    for name in ("Ana", "Eva"):
        members.give_office(
            member=guild.member(name),
            kind=OfficeKind.BOARD,
            since=START.date(),
            by=guild.bob,
            at=START,
        )
    decision = assembly.ballot(kind="expulsion", subject=guild.member("Iris"))
    names = [one.member.name for one in decision.electors.all()]
    all_four = ["Ana Ruiz", "Ben Okafor", "Bob Marsh", "Eva Lind"]
    assert names == (all_four if everybody else ["Ana Ruiz", "Eva Lind"])


def test_votes_in_the_room_are_entered_by_name() -> None:
    assembly = make_assembly("codehook", 6)
    decision = assembly.meeting(came=5, kind="removal")
    with pytest.raises(Refused, match="who came"):
        deciding.enter_votes(decision=decision, votes={6: "yes"}, by=assembly.secretary, at=MEETING)
    deciding.enter_votes(
        decision=decision,
        votes={1: "yes", 2: "yes", 3: "no", 4: "yes"},
        by=assembly.secretary,
        at=MEETING,
    )
    done = deciding.close(decision=decision, by=assembly.secretary, at=MEETING)
    assert steps(done) == by_library(
        "codehook", "removal", Tally(entitled=6, present=5, yes=3, no=1)
    )


def test_who_answered_themselves_is_answered_for_by_nobody() -> None:
    assembly = make_assembly("selc", 6)
    decision = assembly.meeting(came=5, kind="removal")
    deciding.cast(decision=decision, by=assembly.voters[0], at=MEETING, choice="no")
    said = {"decision": decision, "by": assembly.secretary, "at": MEETING}
    with pytest.raises(Refused, match="Ana Ruiz answered themselves"):
        deciding.enter_votes(votes={1: "yes", 2: "yes"}, **said)  # type: ignore[arg-type]
    with pytest.raises(Refused, match="Ana Ruiz answered themselves"):
        deciding.enter_hands(yes=5, **said)  # type: ignore[arg-type]
    deciding.enter_votes(votes={1: "no", 2: "yes", 3: "yes"}, **said)  # type: ignore[arg-type]
    deciding.enter_votes(votes={3: "abstain"}, **said)  # type: ignore[arg-type]
    deciding.cast(decision=decision, by=assembly.voters[0], at=MEETING, choice="abstain")
    chosen = decision.electors.filter(vote__isnull=False).values_list("number", "vote__choice")
    assert list(chosen) == [(1, "abstain"), (2, "yes"), (3, "abstain")]


def test_nobody_takes_back_the_objection_of_another_by_entering_votes() -> None:
    assembly = make_assembly("selc", 6)
    decision = assembly.meeting(came=5, form=DecisionForm.CONSENT)
    deciding.object_to(decision=decision, text="Too loud.", by=assembly.voters[0], at=MEETING)
    with pytest.raises(Refused, match="answered themselves"):
        deciding.enter_votes(decision=decision, votes={1: "yes"}, by=assembly.secretary, at=MEETING)
    assert decision.objections.get().withdrawn_at is None


def test_a_vote_at_a_meeting_that_nobody_closed_ends_by_itself() -> None:
    assembly = make_assembly("codehook", 6)
    decision = assembly.meeting(came=5)
    assert deciding.act_due(MEETING + timedelta(hours=12))
    decision.refresh_from_db()
    assert decision.stage is DecisionStage.DECIDED


def test_what_follows_is_done_in_the_same_transaction(monkeypatch: pytest.MonkeyPatch) -> None:
    told: list[tuple[int | None, bool | None]] = []
    monkeypatch.setattr(
        decisions, "following", [lambda one, at: told.append((one.number, one.is_carried))]
    )
    monkeypatch.setattr(deciding, "following", decisions.following)
    assembly = make_assembly("colab", 4)
    decision = assembly.ballot()
    assembly.vote(decision, "yes", "yes")
    assembly.closed(decision)
    assembly.closed(decision)
    assert told == [(1, True)]
