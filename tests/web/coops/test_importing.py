"""Lists of members: what becomes of each line, and that the same list twice changes nothing."""

import pytest

from interlock.web.coops import importing
from interlock.web.coops.models import Import, Member
from interlock.web.look.refusals import Refused
from tests.web.coops.guild import Guild
from tests.world import START

HEAD = "name,number,email,status,since,left,buy_in\n"


def verdicts(guild: Guild, text: str) -> list[tuple[str, str, str]]:
    lines = importing.look(guild.coop, text.encode(), START)
    return [(one.name, one.verdict.value, one.why) for one in lines]


def test_list_is_entered_and_twice_it_changes_nothing(guild: Guild) -> None:
    text = (
        HEAD + "Gus Berg,20,gus@example.org,member,2026-01-05,,500.00\n"
        "Hana Sato,,,Candidate,3/15/2027,,\nOld One,21,,member,2020-01-01,2023-06-30,\n"
    )
    made = importing.enter(
        coop=guild.coop, data=text.encode(), name="all.csv", by=guild.ben, at=START
    )
    assert made is not None
    found = [
        (one.name, one.number, one.buy_in, [(s.status, str(s.since)) for s in one.standings.all()])
        for one in Member.objects.filter(coop=guild.coop).order_by("-pk")[:3]
    ]
    assert found == [
        ("Old One", "21", 0, [("member", "2020-01-01"), ("former", "2023-06-30")]),
        ("Hana Sato", "22", 0, [("candidate", "2027-03-15")]),
        ("Gus Berg", "20", 50_000, [("member", "2026-01-05")]),
    ]
    again = importing.enter(
        coop=guild.coop, data=text.encode(), name="all.csv", by=guild.ben, at=START
    )
    assert (again, Import.objects.count()) == (None, 1)
    assert [one[1] for one in verdicts(guild, text)] == ["unchanged"] * 3


def test_who_enters_a_list_with_their_own_address_is_that_person(guild: Guild) -> None:
    steward = guild.carol  # of Gears, whose register is empty
    text = (
        HEAD
        + f"Carol Day,1,{steward.email.upper()},member,2020-01-05,,\nHana,2,h@x.org,worker,2027-01-05,,\n"
    )
    importing.enter(coop=guild.other, data=text.encode(), name="x.csv", by=steward, at=START)
    found = [(one.name, one.person) for one in guild.other.members.order_by("pk")]
    assert found == [("Carol Day", steward), ("Hana", None)]


def test_register_written_out_and_read_again_is_unchanged(guild: Guild) -> None:
    text = importing.members_csv(guild.coop, START.date())
    assert {one[1] for one in verdicts(guild, text)} == {"unchanged"}


def test_template_can_be_entered(guild: Guild) -> None:
    assert [one[1] for one in verdicts(guild, importing.template().replace(",1,", ",31,").replace(",2,", ",32,"))] == ["new", "new"]  # fmt: skip


@pytest.mark.parametrize(
    ("line", "why"),
    [
        (",30,,member,2026-01-01,,", "There is no name."),
        ("A,30,nowhere,member,2026-01-01,,", "This is no e-mail address: nowhere."),
        (
            "A,30,,boss,2026-01-01,,",
            "“boss” is no status. Write one of: worker, candidate, member, inactive, former.",
        ),
        ("A,30,,member,2026,,", "Say the whole day, such as 2026-03-01."),
        (
            "A,30,,member,04/03/2026,,",
            '"04/03/2026" may be two dates, and was left out. Write 2026-04-03 or 2026-03-04.',
        ),
        ("A,30,,member,2026-01-01,2025-01-01,", "They cannot have left before they came."),
        ("A,30,,member,2026-01-01,,lots", "This is no amount: lots."),
        ("A,30,,candidate,2028-01-01,,", "This day has not come yet."),
        (
            "Eva Lind,5,,former,2027-01-01,,",
            (
                "In the register they are “Member” since 2026-02-01. That is changed on their own page, "
                "where it asks what the bylaws ask."
            ),
        ),
    ],
)
def test_line_that_cannot_be_is_left_out_with_why(guild: Guild, line: str, why: str) -> None:
    number = guild.member("Eva").number
    told = verdicts(guild, HEAD + line.replace("Eva Lind,5", f"Eva Lind,{number}"))
    assert [one[1:] for one in told] == [("refused", why)]


def test_second_line_about_the_same_person_is_left_out(guild: Guild) -> None:
    text = HEAD + "A,30,,worker,2026-01-01,,\nB,30,,worker,2026-01-01,,\n"
    assert verdicts(guild, text) == [
        ("A", "new", ""),
        ("B", "refused", "Line 2 is about the same person."),
    ]


def test_changed_line_says_what_it_changes_and_nothing_is_deleted(guild: Guild) -> None:
    eva = guild.member("Eva")
    text = HEAD + f"Eva Lindt,{eva.number},,member,2026-02-01,,100\n"
    assert verdicts(guild, text) == [("Eva Lindt", "changed", "name, buy-in")]
    importing.enter(coop=guild.coop, data=text.encode(), name="x", by=guild.bob, at=START)
    eva.refresh_from_db()
    assert (eva.name, eva.email, eva.buy_in) == ("Eva Lindt", "eva@example.org", 10_000)
    assert guild.coop.members.count() == 8


def test_list_without_a_status_is_refused_with_what_it_has(guild: Guild) -> None:
    with pytest.raises(Refused) as raised:
        verdicts(guild, "Name,Joined\nA,2026-01-01\n")
    assert str(raised.value.reason) == "The list has no column called status."


def test_formula_stays_text_in_both_directions(guild: Guild) -> None:
    text = HEAD + "'=1+1,30,,worker,2026-01-01,,\n"
    importing.enter(coop=guild.coop, data=text.encode(), name="x", by=guild.bob, at=START)
    assert guild.coop.members.filter(name="=1+1").count() == 1
    assert "'=1+1,30" in importing.members_csv(guild.coop, START.date())
