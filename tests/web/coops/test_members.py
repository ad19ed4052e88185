"""The verbs of the register: who is entered, asked in, and what each step of theirs takes."""

from datetime import date, timedelta

import pytest

from interlock.web.coops.actions import members
from interlock.web.coops.actions.owing import pay_in
from interlock.web.coops.models import (
    Decision,
    DecisionForm,
    Hours,
    Member,
    OfficeKind,
    Status,
)
from interlock.web.coops.queries.decisions import bylaws_on
from interlock.web.coops.queries.members import invitations_of
from interlock.web.coops.rules.access import inside, today
from interlock.web.look.refusals import Refused
from interlock.web.messages.models import Mail
from interlock.web.people.models import Person
from tests.web.coops.guild import LATELY, Guild, make_guild
from tests.world import START

TODAY = START.date()


def decided(guild: Guild, about: str, kind: str = "admission", carried: bool = True) -> Decision:
    """A decision about somebody, as it is once it is decided."""
    bylaws = bylaws_on(guild.coop, TODAY)
    assert bylaws
    return Decision.objects.create(
        coop=guild.coop,
        kind=kind,
        form=DecisionForm.PROPOSAL,
        title=f"{kind} of {about}",
        subject=guild.member(about),
        bylaws=bylaws,
        drafted_at=START,
        announced_at=START,
        opened_at=START,
        decided_at=START,
        is_carried=carried,
    )


def status_of(member: Member) -> str:
    return member.standings.get(until__isnull=True).status


def refusal(act: object) -> str:
    with pytest.raises(Refused) as raised:
        act()  # type: ignore[operator]
    return str(raised.value.reason)


def test_candidate_becomes_member_by_a_carried_decision_when_all_is_there(guild: Guild) -> None:
    cam = guild.member("Cam")
    cam.standings.update(since=date(2026, 5, 1))
    made = members.change_status(
        member=cam,
        status=Status.MEMBER,
        on=TODAY,
        decision=decided(guild, "Cam"),
        by=guild.ben,
        at=START,
    )
    assert (made.status, made.since, status_of(cam)) == ("member", TODAY, "member")
    assert [one.until for one in cam.standings.all()] == [TODAY, None]


@pytest.mark.parametrize(
    ("months_ago", "decision", "why"),
    [
        (13, None, "Nobody becomes a member without a decision on admission that was carried."),
        (13, {"carried": False}, "This decision is not carried."),
        (13, {"kind": "expulsion"}, "This decision is about something else."),
        (13, {"about": "Wes"}, "This decision is about somebody else."),
        (
            2,
            {},
            (
                "Something that the bylaws ask is still missing. A decision on readmission can do "
                "without it."
            ),
        ),
    ],
)
def test_candidate_stays_one_while_something_is_missing(
    guild: Guild, months_ago: int, decision: dict[str, object] | None, why: str
) -> None:
    cam = guild.member("Cam")
    cam.standings.update(since=TODAY - timedelta(days=31 * months_ago))
    found = None if decision is None else decided(guild, **{"about": "Cam", **decision})  # type: ignore[arg-type]
    told = refusal(
        lambda: members.change_status(
            member=cam, status=Status.MEMBER, on=TODAY, decision=found, by=guild.bob, at=START
        )
    )
    assert (told, status_of(cam)) == (why, "candidate")


def test_readmission_does_without_what_is_missing(guild: Guild) -> None:
    fay = guild.member("Fay")
    members.change_status(
        member=fay,
        status=Status.MEMBER,
        on=TODAY,
        decision=decided(guild, "Fay", "readmission"),
        by=guild.bob,
        at=START,
    )
    assert status_of(fay) == "member"


def test_conditions_are_counted_from_hours_payments_and_trainings(db: None) -> None:
    guild = make_guild(preset="colab")
    cam = guild.member("Cam")
    cam.standings.update(since=date(2026, 4, 1))
    act = {"status": Status.MEMBER, "on": TODAY, "by": guild.bob, "at": START}
    about = decided(guild, "Cam")
    for begins, hours in ((date(2026, 4, 1), 300), (date(2026, 12, 1), 300)):
        Hours.objects.create(
            member=cam,
            begins_on=begins,
            ends_on=begins + timedelta(days=29),
            hours=hours,
            as_member=False,
        )
    members.note_training(
        member=cam, name="board meeting", on=date(2027, 1, 5), by=guild.ben, at=START
    )
    missing = "Something that the bylaws ask is still missing"
    assert refusal(
        lambda: members.change_status(member=cam, decision=about, **act)  # type: ignore[arg-type]
    ).startswith(missing)
    members.note_training(member=cam, name="Finance", on=date(2027, 1, 5), by=guild.ben, at=START)
    members.change_status(member=cam, decision=about, **act)  # type: ignore[arg-type]
    assert status_of(cam) == "member"


def test_what_a_carried_decision_says_follows_by_itself(guild: Guild) -> None:
    guild.member("Cam").standings.update(since=date(2026, 5, 1))
    members.follow_decision(decided(guild, "Cam"), START)
    members.follow_decision(decided(guild, "Eva", "expulsion"), START)
    members.follow_decision(decided(guild, "Ana", "expulsion", carried=False), START)
    assert [status_of(guild.member(name)) for name in ("Cam", "Eva", "Ana")] == [
        "member",
        "former",
        "member",
    ]


def test_admission_waits_while_something_else_is_missing(guild: Guild) -> None:
    members.follow_decision(decided(guild, "Cam"), START)
    assert status_of(guild.member("Cam")) == "candidate"


def test_member_leaves_of_their_own_will_and_their_office_ends(guild: Guild) -> None:
    ana = guild.member("Ana")
    act = {"member": ana, "status": Status.FORMER, "on": TODAY, "by": guild.bob, "at": START}
    assert refusal(lambda: members.change_status(**act)) == (  # type: ignore[arg-type]
        "Nobody is put out without a decision of the members: one on expulsion, that was carried."
    )
    members.change_status(**act, own_will=True)  # type: ignore[arg-type]
    assert [one.until for one in ana.offices.all()] == [TODAY]
    left = inside(guild.coop, guild.ana, START)
    assert left is not None
    assert (left.belongs, left.keeps_money) == (False, False)


def test_who_is_said_to_leave_of_their_own_will_is_told(guild: Guild) -> None:
    """It needs no decision, so nobody is put out in this way without learning of it."""
    Mail.objects.all().delete()
    said = {"status": Status.FORMER, "on": TODAY, "own_will": True, "at": START}
    members.change_status(member=guild.member("Eva"), by=guild.ben, **said)  # type: ignore[arg-type]
    (mail,) = Mail.objects.all()
    assert mail.to == guild.eva.email
    assert "If you did not say so, tell its secretary" in mail.text
    members.change_status(member=guild.member("Ben"), by=guild.ben, **said)  # type: ignore[arg-type]
    assert Mail.objects.count() == 1


def test_inactive_is_nothing_that_bylaws_without_it_know(db: None) -> None:
    guild = make_guild(preset="codehook")
    told = refusal(
        lambda: members.change_status(
            member=guild.member("Eva"), status=Status.INACTIVE, on=TODAY, by=guild.bob, at=START
        )
    )
    assert told == "Member does not become Inactive member in one step."


def test_step_is_neither_before_the_last_one_nor_in_the_future(guild: Guild) -> None:
    wes = guild.member("Wes")
    act = {"member": wes, "status": Status.CANDIDATE, "by": guild.bob, "at": START}
    days = {LATELY: "It has to be after", TODAY + timedelta(days=1): "This day has not come"}
    for on, why in days.items():
        assert refusal(lambda: members.change_status(on=on, **act)).startswith(why)  # type: ignore[arg-type] # noqa: B023


def test_member_of_after_the_beginning_is_entered_as_candidate(guild: Guild) -> None:
    late = START + timedelta(days=20)
    act = {"coop": guild.coop, "name": "New", "since": late.date(), "by": guild.bob, "at": late}
    assert refusal(lambda: members.add_member(status=Status.MEMBER, **act)).startswith(  # type: ignore[arg-type]
        "Who became a member after the co-op began"
    )
    made = members.add_member(status=Status.CANDIDATE, **act)  # type: ignore[arg-type]
    assert (made.number, status_of(made)) == ("9", "candidate")


def test_nobody_says_that_a_member_is_somebody_else(guild: Guild) -> None:
    told = refusal(
        lambda: members.add_member(
            coop=guild.coop,
            name="Dora",
            status=Status.CANDIDATE,
            since=LATELY,
            person=guild.dora,
            by=guild.bob,
            at=START,
        )
    )
    assert told == "Others say themselves that it is they: send them a mail."


def asked(guild: Guild, email: str = "new@example.org") -> Member:
    made = members.add_member(
        coop=guild.coop,
        name="New One",
        email=email,
        status=Status.CANDIDATE,
        since=LATELY,
        by=guild.bob,
        at=START,
    )
    return members.invite(member=made, by=guild.bob, at=START)


def test_who_is_asked_by_mail_says_that_it_is_they(guild: Guild) -> None:
    Mail.objects.all().delete()
    made = asked(guild, "New@Example.org")
    person = Person.objects.by_email("new@example.org")
    assert [(mail.to, mail.subject.split(" / ")[0]) for mail in Mail.objects.all()] == [
        ("New@Example.org", "Spokes Cooperative has you in its register")
    ]
    assert "New One" not in Mail.objects.get().text
    assert list(invitations_of(person)) == [made]
    members.accept_invitation(member=made, by=person, at=START)
    who = inside(guild.coop, person, START)
    assert (who and who.member, list(invitations_of(person))) == (made, [])


def test_invitation_is_nobody_elses(guild: Guild) -> None:
    made = asked(guild)
    for act in (members.accept_invitation, members.decline_invitation):
        with pytest.raises(Refused, match="went to another e-mail address"):
            act(member=made, by=guild.carol, at=START)


def test_declined_invitation_forgets_the_address(guild: Guild) -> None:
    made = asked(guild)
    person = Person.objects.by_email("new@example.org")
    members.decline_invitation(member=made, by=person, at=START)
    made.refresh_from_db()
    assert (made.email, made.person, list(invitations_of(person))) == ("", None, [])


def test_new_address_has_to_be_asked_anew(guild: Guild) -> None:
    made = asked(guild)
    members.correct_member(
        member=made,
        name=made.name,
        number=made.number,
        email="other@example.org",
        buy_in=0,
        by=guild.ben,
        at=START,
    )
    for email in ("new@example.org", "other@example.org"):
        assert list(invitations_of(Person.objects.by_email(email))) == []


def test_nobody_is_asked_twice_within_a_day(guild: Guild) -> None:
    made = asked(guild)
    told = refusal(lambda: members.invite(member=made, by=guild.bob, at=START))
    assert told.startswith("They got a mail within the last day.")
    members.invite(member=made, by=guild.bob, at=START + timedelta(days=1))


def test_all_who_were_never_asked_are_asked_at_once(guild: Guild) -> None:
    asked(guild)
    Member.objects.filter(coop=guild.coop, name__startswith="Fay").update(
        person=None, email="fay@elsewhere.example"
    )
    for name in ("Una", "Vic"):
        members.add_member(
            coop=guild.coop,
            name=name,
            email=f"{name}@example.org",
            status=Status.WORKER,
            since=START.date(),
            by=guild.bob,
            at=START,
        )
    Mail.objects.all().delete()
    assert members.invite_all(coop=guild.coop, by=guild.ben, at=START) == 2
    assert [mail.to for mail in Mail.objects.order_by("pk")] == [
        "Una@example.org",
        "Vic@example.org",
    ]
    told = refusal(lambda: members.invite_all(coop=guild.coop, by=guild.ben, at=START))
    assert told.startswith("Nobody is left to ask today.")


def test_only_a_member_holds_an_office_and_it_opens_their_pages(guild: Guild) -> None:
    told = refusal(
        lambda: members.give_office(
            member=guild.member("Cam"),
            kind=OfficeKind.TREASURER,
            since=TODAY,
            by=guild.bob,
            at=START,
        )
    )
    assert told == "Only a member holds an office."
    ana = inside(guild.coop, guild.ana, START)
    assert ana is not None
    assert (ana.keeps_money, ana.keeps_register) == (True, False)
    members.end_office(office=guild.member("Ana").offices.get(), by=guild.bob, at=START)
    after = inside(guild.coop, guild.ana, START)
    assert after is not None
    assert not after.keeps_money


def test_day_of_the_co_op_is_that_of_its_zone(guild: Guild) -> None:
    assert today(guild.coop, START.replace(hour=3)) == TODAY - timedelta(days=1)


def test_buy_in_is_missing_until_it_is_paid_in(db: None) -> None:
    guild = make_guild(preset="codehook")
    cam = guild.member("Cam")
    about = decided(guild, "Cam")
    cam.buy_in = 50_000
    cam.save()
    act = {
        "member": cam,
        "status": Status.MEMBER,
        "on": TODAY,
        "decision": about,
        "by": guild.bob,
        "at": START,
    }
    for amount in (0, 49_999):
        if amount:
            pay_in(member=cam, amount=amount, on=TODAY, by=guild.bob, at=START)
        with pytest.raises(Refused, match="still missing"):
            members.change_status(**act)  # type: ignore[arg-type]
    pay_in(member=cam, amount=1, on=TODAY, by=guild.bob, at=START)
    members.change_status(**act)  # type: ignore[arg-type]
    assert status_of(cam) == "member"
