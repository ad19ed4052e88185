"""How people come to a page: a code, a federation that vouches, its own stewards, the operator."""

import re
from collections.abc import Callable
from datetime import timedelta

import pytest
from django.test import Client
from django.utils import timezone

from interlock.__main__ import main
from interlock.web.institutions import claiming, importing
from interlock.web.institutions.actions import end_role, give_role, register
from interlock.web.institutions.models import Claim, Followed, Institution, Kind, Membership, Role
from interlock.web.institutions.queries import spoken_for_by
from interlock.web.institutions.rules import (
    CODE_LIFETIME,
    MOST_ATTEMPTS,
    MOST_CLAIMS,
    MOST_CODES,
    MOST_CODES_OF_ONE,
    MOST_GIVEN,
    why_not_ask,
    why_not_give,
    why_not_send_code,
    why_not_speak_for,
)
from interlock.web.look.refusals import Refused
from interlock.web.messages.models import Mail
from interlock.web.people.models import Person
from interlock.web.people.waiting import waiting_for
from interlock.web.record.models import Audience, Entry
from tests.staging import staged
from tests.web.threads import Crew
from tests.world import START, World, both, entrust

SignIn = Callable[[Person], Client]
DAY = timedelta(days=1)


def person(name: str) -> Person:
    return Person.objects.by_email(f"{name}@example.org")


@staged
def dock(world: World) -> Institution:
    """A co-op that nobody looks after, with a published address."""
    return register(
        name=both("Dock", "Muelle"), kind=Kind.WORKER_COOP, email="hello@dock.example", at=START
    )


@staged
def federation(world: World) -> Institution:
    """Carol's, which whoever runs the site trusts."""
    made = register(
        name=both("Rivers", "Ríos"), kind=Kind.FEDERATION, steward=world.carol, at=START
    )
    return claiming.trust(institution=made, at=START)


def stewards(institution: Institution) -> list[Person]:
    return [one.person for one in institution.memberships.stewards().select_related("person")]


def mails() -> dict[str, str]:
    """What was written since the last look: to whom, and the text; the later of two to one."""
    told = {one.to: one.text for one in Mail.objects.order_by("pk")}
    Mail.objects.all().delete()
    return told


def code_in(text: str) -> str:
    found = re.search(r"^(\d{4} \d{4})$", text, re.MULTILINE)
    assert found
    return found[1]


def sent(institution: Institution, to: Person) -> str:
    claiming.send_code(institution=institution, person=to, at=START)
    return code_in(mails()[institution.email])


# A code by mail.


def test_code_from_its_mailbox_makes_the_first_steward(
    dock: Institution, world: World, signed_in: SignIn
) -> None:
    client, url = signed_in(world.bob), "/institutions/dock/claim/"
    assert "Is this yours? Claim it" in client.get("/institutions/dock/").content.decode()
    assert "hello@dock.example" in client.get(url).content.decode()
    client.post(f"{url}code/")
    written = mails()
    assert list(written) == ["hello@dock.example"]
    code = code_in(written["hello@dock.example"])
    stored = Claim.objects.get()
    assert code.replace(" ", "") not in stored.code_hash
    assert client.post(url, {"code": code})["Location"] == "/institutions/dock/"
    assert stewards(dock) == [world.bob]
    entry = Entry.objects.latest("pk")
    assert (entry.act, entry.audience, entry.actor) == (
        "institution.claimed", Audience.PUBLIC, world.bob.reference,
    )  # fmt: skip
    assert list(mails()) == [world.bob.email]
    page = client.get("/institutions/dock/").content.decode()
    told = ["Nobody has claimed", "proved it by its e-mail address", "Correct this page"]
    assert [text in page for text in told] == [False, True, True]


def test_mail_with_the_code_does_not_name_who_asks(dock: Institution, world: World) -> None:
    claiming.send_code(institution=dock, person=world.bob, at=START)
    (mail,) = Mail.objects.all()
    assert [text in mail.subject + mail.text for text in (world.bob.email, "Dock", "Muelle")] == [
        False, True, True,
    ]  # fmt: skip


def test_page_from_a_file_says_so_until_its_own_people_came(
    dock: Institution, world: World
) -> None:
    Institution.objects.filter(pk=dock.pk).update(imported_from="list.csv")
    said = "Entered from the file list.csv"
    assert said in Client().get("/institutions/dock/").content.decode()
    code = sent(dock, world.bob)
    claiming.prove(institution=dock, person=world.bob, code=code, at=START)
    assert said not in Client().get("/institutions/dock/").content.decode()


def test_code_is_of_one_person_only(dock: Institution, world: World) -> None:
    code = sent(dock, world.bob)
    with pytest.raises(Refused, match="no code to type"):
        claiming.prove(institution=dock, person=world.carol, code=code, at=START)
    claiming.send_code(institution=dock, person=world.carol, at=START)
    with pytest.raises(Refused, match="not the code"):
        claiming.prove(institution=dock, person=world.carol, code=code, at=START)
    assert stewards(dock) == []


def test_code_may_be_typed_as_people_type(dock: Institution, world: World) -> None:
    code = sent(dock, world.bob).replace(" ", "-")
    claiming.prove(institution=dock, person=world.bob, code=f" {code} ", at=START)
    assert stewards(dock) == [world.bob]


def test_fifth_wrong_code_is_the_last(dock: Institution, world: World, signed_in: SignIn) -> None:
    client, url = signed_in(world.bob), "/institutions/dock/claim/"
    client.post(f"{url}code/")
    right = code_in(mails()["hello@dock.example"])
    wrong = "0000 0000" if right != "0000 0000" else "0000 0001"
    answers = [client.post(url, {"code": wrong}) for _ in range(MOST_ATTEMPTS)]
    assert [one.status_code for one in answers] == [422] * MOST_ATTEMPTS
    assert "Tries left: 4." in answers[0].content.decode()
    assert "for the fifth time" in answers[-1].content.decode()
    assert client.post(url, {"code": right}).status_code == 422
    assert stewards(dock) == []


def test_code_of_another_day_is_too_old(dock: Institution, world: World) -> None:
    code = sent(dock, world.bob)
    with pytest.raises(Refused, match="too old"):
        claiming.prove(institution=dock, person=world.bob, code=code, at=START + CODE_LIFETIME)
    last = START + CODE_LIFETIME - timedelta(seconds=1)
    claiming.prove(institution=dock, person=world.bob, code=code, at=last)
    assert stewards(dock) == [world.bob]


def test_code_proves_nothing_of_an_address_that_came_later(dock: Institution, world: World) -> None:
    code = sent(dock, world.bob)
    Institution.objects.filter(pk=dock.pk).update(email="other@dock.example")
    with pytest.raises(Refused, match="not the code"):
        claiming.prove(institution=dock, person=world.bob, code=code, at=START)


def test_another_code_makes_the_first_one_void(dock: Institution, world: World) -> None:
    first, second = sent(dock, world.bob), sent(dock, world.bob)
    if first != second:
        with pytest.raises(Refused, match="not the code"):
            claiming.prove(institution=dock, person=world.bob, code=first, at=START)
    claiming.prove(institution=dock, person=world.bob, code=second, at=START)
    assert stewards(dock) == [world.bob]


def test_codes_of_one_person_to_one_address_end_for_today(dock: Institution, world: World) -> None:
    for _ in range(MOST_CODES_OF_ONE):
        sent(dock, world.bob)
    assert "Enough codes" in (why_not_send_code(dock, world.bob, START) or "")
    assert why_not_send_code(dock, world.bob, START + DAY) is None
    assert why_not_send_code(dock, world.carol, START) is None


def test_codes_to_one_address_end_for_today_whoever_asks(dock: Institution, world: World) -> None:
    for number in range(MOST_CODES):
        sent(dock, person(f"one{number}"))
    with pytest.raises(Refused, match="Enough codes"):
        claiming.send_code(institution=dock, person=world.bob, at=START)


def test_claims_of_one_person_end_for_today_wherever(dock: Institution, world: World) -> None:
    for number in range(MOST_CLAIMS):
        other = register(
            name=f"Other {number}", kind="firm", email=f"{number}@other.example", at=START
        )
        sent(other, world.bob)
    with pytest.raises(Refused, match="within a day"):
        claiming.send_code(institution=dock, person=world.bob, at=START)
    assert why_not_send_code(dock, world.bob, START + DAY) is None


def test_page_without_an_address_says_what_else_there_is(
    world: World, federation: Institution, signed_in: SignIn
) -> None:
    page = signed_in(world.bob).get("/institutions/wheelhouse-cooperative/claim/").content.decode()
    told = ["shows no e-mail address", "Rivers", "interlock institutions steward wheelhouse-coop"]
    assert [text in page for text in told] == [True, True, True]
    answer = signed_in(world.bob).post("/institutions/wheelhouse-cooperative/claim/code/")
    assert (answer.status_code, Mail.objects.count()) == (409, 0)


@pytest.mark.parametrize("undone", [False, True])
def test_address_of_a_list_is_as_good_as_the_list(world: World, undone: bool) -> None:
    """Whom the site trusts entered it: who reads that address can claim. Not once it was undone."""
    entrust(world.carol)
    held, planned = importing.enter_at_once(
        data=b"Name,Email\nPier,office@pier.example\n", file_name="list.csv",
        choices=importing.Choices(), at=START, by=world.carol,
    )  # fmt: skip
    assert planned.counts["created"] == 1
    pier = Institution.objects.get(slug="pier")
    # So that it stays when the list goes.
    Followed.objects.create(url="https://x.example/p", institution=pier, asked_at=START)
    if undone:
        importing.undo(entering=held, at=START, by=world.carol)
    reason = why_not_send_code(pier, world.bob, START)
    assert (reason is None, "undone" in (reason or "")) == (not undone, undone)


# A federation that vouches.


def asked(dock: Institution, federation: Institution, by: Person) -> Claim:
    return claiming.ask(institution=dock, person=by, asked_of=federation, about="Founder", at=START)


def test_federation_vouches_and_the_record_says_so(
    dock: Institution, federation: Institution, world: World, signed_in: SignIn
) -> None:
    client, carol = signed_in(world.bob), signed_in(world.carol)
    said = {"asked_of": federation.pk, "about": "I keep the books. Ask Ana."}
    assert client.post("/institutions/dock/claim/ask/", said).status_code == 302
    assert "have not answered yet" in client.get("/institutions/dock/claim/").content.decode()
    assert list(mails()) == [world.carol.email]
    assert [one.url for one in waiting_for(world.carol)] == ["/institutions/rivers/people/"]
    page = carol.get("/institutions/rivers/people/").content.decode()
    assert [text in page for text in ("I keep the books. Ask Ana.", world.bob.email)] == [
        True,
        True,
    ]
    claim = Claim.objects.get()
    carol.post(f"/institutions/rivers/people/{claim.pk}/", {f"claim-{claim.pk}-answer": "Welcome"})
    assert (stewards(dock), waiting_for(world.carol)) == ([world.bob], [])
    entry = Entry.objects.latest("pk")
    assert (entry.act, entry.audience, entry.facts["federation"]) == (
        "institution.vouched_for", Audience.PUBLIC, {"en": "Rivers", "es": "Ríos"},
    )  # fmt: skip
    assert sorted(mails()) == [world.bob.email, "hello@dock.example"]
    assert "Rivers vouched for them" in Client().get("/institutions/dock/").content.decode()
    claim.refresh_from_db()
    assert (claim.note, claim.granted) == ("", True)


def test_federation_declines_with_a_sentence(
    dock: Institution, federation: Institution, world: World, signed_in: SignIn
) -> None:
    claim, carol = asked(dock, federation, world.bob), signed_in(world.carol)
    mails()
    url, field = f"/institutions/rivers/people/{claim.pk}/", f"claim-{claim.pk}-answer"
    silent = carol.post(url, {"decline": "1", field: " "})
    assert (silent.status_code, "This field is required" in silent.content.decode()) == (422, True)
    assert carol.post(url, {"decline": "1", field: "We never met."}).status_code == 302
    written = mails()
    assert (list(written), "We never met." in written[world.bob.email]) == (
        [world.bob.email],
        True,
    )
    assert stewards(dock) == []
    again = why_not_ask(dock, world.bob, federation, timezone.now())
    assert "less than 30 days" in (again or "")


def test_who_was_declined_asks_again_after_a_month(
    dock: Institution, federation: Institution, world: World
) -> None:
    claim = asked(dock, federation, world.bob)
    claiming.decline(claim=claim, by=world.carol, at=START, answer="We never met.")
    later = START + 30 * DAY
    again = claiming.ask(
        institution=dock, person=world.bob, asked_of=federation, about="We met", at=later
    )
    assert again.settled_at is None


def test_one_question_at_a_time_and_withdrawn_by_who_asked(
    dock: Institution, federation: Institution, world: World, signed_in: SignIn
) -> None:
    asked(dock, federation, world.bob)
    with pytest.raises(Refused, match="asked already"):
        asked(dock, federation, world.bob)
    signed_in(world.alice).post("/institutions/dock/claim/withdraw/")
    assert Claim.objects.get().settled_at is None
    signed_in(world.bob).post("/institutions/dock/claim/withdraw/")
    assert (Claim.objects.get().settled_at is None, Claim.objects.get().note) == (False, "")
    asked(dock, federation, world.bob)


def test_nobody_vouches_for_themselves(
    dock: Institution, federation: Institution, world: World
) -> None:
    claim = asked(dock, federation, world.carol)
    with pytest.raises(Refused, match="Nobody vouches for themselves"):
        claiming.accept(claim=claim, by=world.carol, at=START)
    assert (stewards(dock), waiting_for(world.carol)) == ([], [])


def test_only_whom_the_operator_trusts_may_vouch(dock: Institution, world: World) -> None:
    other = register(name="Sham", kind=Kind.FEDERATION, steward=world.carol, at=START)
    with pytest.raises(Refused, match="not trusted"):
        asked(dock, other, world.bob)
    assert main(["institutions", "trust", "sham"]) == 0
    other.refresh_from_db()
    claim = asked(dock, other, world.bob)
    assert main(["institutions", "distrust", "sham"]) == 0
    with pytest.raises(Refused, match="answered already"):
        claiming.accept(claim=claim, by=world.carol, at=START)
    assert (stewards(dock), Claim.objects.get().granted) == ([], False)


def test_who_is_vouched_for_may_not_vouch(
    dock: Institution, federation: Institution, world: World
) -> None:
    claiming.accept(claim=asked(dock, federation, world.bob), by=world.carol, at=START)
    with pytest.raises(Refused, match="not trusted"):
        asked(world.wheelhouse, dock, person("dora"))


def test_trusted_page_that_nobody_looks_after_cannot_vouch_for_itself(
    dock: Institution, world: World
) -> None:
    claiming.trust(institution=dock, at=START)
    with pytest.raises(Refused, match="nobody could answer"):
        asked(dock, dock, world.bob)
    with pytest.raises(Refused, match="nobody could answer"):
        asked(world.wheelhouse, dock, world.bob)


# Who comes second asks those who came first.


def test_second_claim_becomes_a_question_to_the_first_steward(
    dock: Institution, world: World, signed_in: SignIn
) -> None:
    codes = {one: sent(dock, one) for one in (world.bob, world.carol)}
    claiming.prove(institution=dock, person=world.bob, code=codes[world.bob], at=START)
    mails()
    client = signed_in(world.carol)
    at = timezone.now()
    Claim.objects.update(asked_at=at)
    answer = client.post("/institutions/dock/claim/", {"code": codes[world.carol]}, follow=True)
    assert "its stewards were asked" in answer.content.decode()
    assert (stewards(dock), list(mails())) == ([world.bob], [world.bob.email])
    (claim,) = Claim.objects.filter(settled_at=None)
    assert (claim.is_to_join, claim.person) == (True, world.carol)
    bob = signed_in(world.bob)
    assert "They typed the code" in bob.get("/institutions/dock/people/").content.decode()
    bob.post(f"/institutions/dock/people/{claim.pk}/", {f"claim-{claim.pk}-role": "steward"})
    assert set(stewards(dock)) == {world.bob, world.carol}


def test_person_asks_to_be_let_in_and_a_steward_says_as_what(
    world: World, signed_in: SignIn
) -> None:
    bob, alice = signed_in(world.bob), signed_in(world.alice)
    assert "Ask to be let in" in bob.get("/institutions/city-of-riverbend/").content.decode()
    bob.post("/institutions/city-of-riverbend/claim/ask/", {"about": "I work there"})
    assert list(mails()) == [world.alice.email]
    claim = Claim.objects.get()
    url = f"/institutions/city-of-riverbend/people/{claim.pk}/"
    assert alice.post(url, {f"claim-{claim.pk}-role": "king"}).status_code == 422
    assert alice.post(url, {f"claim-{claim.pk}-role": "delegate"}).status_code == 302
    given = world.city.memberships.get(person=world.bob)
    assert (given.role, list(mails())) == (Role.DELEGATE, [world.bob.email])
    assert Entry.objects.latest("pk").audience == Audience.INSTITUTION
    page = bob.get("/institutions/city-of-riverbend/claim/").content.decode()
    assert "You have a role there already" in page


def test_role_that_is_given_settles_what_its_person_asked(world: World) -> None:
    claiming.ask(
        institution=world.city, person=world.bob, asked_of=world.city, about="Me", at=START
    )
    give_role(institution=world.city, person=world.bob, role=Role.MEMBER, by=world.alice, at=START)
    claim = Claim.objects.get()
    assert (claim.granted, claim.note, waiting_for(world.alice)) == (True, "", [])


def test_two_who_prove_at_once_are_one_steward_and_one_question(emptied: None) -> None:
    dock = register(name="Dock", kind=Kind.WORKER_COOP, email="hello@dock.example", at=START)
    people = [person(name) for name in ("ana", "ben")]
    codes = [sent(dock, one) for one in people]

    def prove(who: int) -> Callable[[], Claim]:
        return lambda: claiming.prove(
            institution=dock, person=people[who], code=codes[who], at=START
        )

    with Crew(2) as threads:
        threads.at_once(prove(0), prove(1))
    assert len(stewards(dock)) == 1
    (claim,) = Claim.objects.filter(settled_at=None)
    assert (claim.is_to_join, claim.person in stewards(dock)) == (True, False)
    assert Entry.objects.filter(act="institution.claimed").count() == 1


def test_codes_asked_for_at_once_keep_to_the_limit(emptied: None) -> None:
    dock = register(name="Dock", kind=Kind.WORKER_COOP, email="hello@dock.example", at=START)
    people = [person(f"one{number}") for number in range(2 * MOST_CODES)]

    def ask(who: Person) -> Callable[[], bool]:
        def one() -> bool:
            try:
                return bool(claiming.send_code(institution=dock, person=who, at=START))
            except Refused:
                return False

        return one

    with Crew(len(people)) as threads:
        done = threads.at_once(*map(ask, people))
    assert (sum(done), Mail.objects.count()) == (MOST_CODES, MOST_CODES)


# Roles.


def test_role_given_and_ended_is_told_by_mail(world: World) -> None:
    role = give_role(
        institution=world.city, person=world.bob, role=Role.DELEGATE, by=world.alice, at=START
    )
    given = mails()
    assert (list(given), "Delegate: speaks for it" in given[world.bob.email]) == (
        [world.bob.email],
        True,
    )
    end_role(membership=role, by=world.alice, at=START)
    assert "has ended" in Mail.objects.get().subject


def test_person_gives_a_role_back_without_mail(world: World, signed_in: SignIn) -> None:
    role = give_role(
        institution=world.city, person=world.bob, role=Role.MEMBER, by=world.alice, at=START
    )
    mails()
    url = f"/institutions/city-of-riverbend/roles/{role.pk}/"
    bob = signed_in(world.bob)
    page = bob.get("/institutions/city-of-riverbend/").content.decode()
    assert ("Give this role back" in page, url in page) == (True, True)
    assert signed_in(world.carol).post(url).status_code == 404
    assert bob.post(url).status_code == 302
    role.refresh_from_db()
    assert (role.until is None, mails()) == (False, {})


def test_people_one_steward_adds_within_a_day_are_counted(world: World) -> None:
    Membership.objects.bulk_create(
        Membership(institution=world.city, person=person(f"p{n}"), role=Role.MEMBER, since=START)
        for n in range(MOST_GIVEN)
    )
    given = (world.city, world.bob, Role.MEMBER, world.alice)
    assert "within a day" in (why_not_give(*given, START) or "")
    assert why_not_give(*given, START + DAY) is None


@pytest.mark.parametrize(
    ("role", "speaks"), [(Role.STEWARD, True), (Role.DELEGATE, True), (Role.MEMBER, False)]
)
def test_stewards_and_delegates_speak_for_it(world: World, role: str, speaks: bool) -> None:
    given = give_role(institution=world.city, person=world.bob, role=role, by=world.alice, at=START)
    assert (why_not_speak_for(world.city, world.bob) is None) == speaks
    assert list(spoken_for_by(world.bob)) == ([world.city] if speaks else [])
    end_role(membership=given, by=world.alice, at=START)
    assert (why_not_speak_for(world.city, world.bob) is None) is False
    assert list(spoken_for_by(world.bob)) == []


# Whoever runs the site.


def test_operator_names_a_steward(
    dock: Institution, world: World, capsys: pytest.CaptureFixture[str]
) -> None:
    assert main(["institutions", "steward", "dock", "bob@example.org"]) == 0
    assert stewards(dock) == [world.bob]
    assert Entry.objects.latest("pk").act == "institution.appointed"
    assert sorted(mails()) == [world.bob.email, "hello@dock.example"]
    assert "bob@example.org looks after" in capsys.readouterr().out


@pytest.mark.parametrize(
    ("words", "said"),
    [
        (["steward", "dock", "bob"], "no e-mail address"),
        (["steward", "nowhere", "bob@example.org"], "no institution"),
        (["trust", "nowhere"], "no institution"),
        (["steward", "city-of-riverbend", "alice@example.org"], "looks after the page already"),
    ],
)
def test_operator_is_told_what_is_wrong(
    dock: Institution, words: list[str], said: str, capsys: pytest.CaptureFixture[str]
) -> None:
    assert main(["institutions", *words]) == 2
    assert said in capsys.readouterr().err


# Bad input.


@pytest.mark.parametrize("code", ["", "x", "9" * 500, "\0", "١٢٣٤٥٦٧٨", "12345678\n"])
def test_bad_code_is_told_in_its_place(
    dock: Institution, world: World, signed_in: SignIn, code: str
) -> None:
    client = signed_in(world.bob)
    client.post("/institutions/dock/claim/code/")
    assert client.post("/institutions/dock/claim/", {"code": code}).status_code == 422


@pytest.mark.parametrize(
    "said",
    [
        {},
        {"asked_of": "999999", "about": "Me"},
        {"asked_of": "x", "about": "Me"},
        {"about": "Me"},
        {"about": "x" * 501},
    ],
)
def test_bad_question_is_told_in_its_place(
    dock: Institution,
    federation: Institution,
    world: World,
    signed_in: SignIn,
    said: dict[str, str],
) -> None:
    answer = signed_in(world.bob).post("/institutions/dock/claim/ask/", said)
    assert (answer.status_code, Claim.objects.count()) == (422, 0)


def test_page_of_people_asks_as_often_however_many_wait(
    federation: Institution, world: World, signed_in: SignIn, django_assert_max_num_queries: object
) -> None:
    counted = []
    for number in range(1, 4):
        one = register(name=f"One {number}", kind="firm", at=START)
        claiming.ask(
            institution=one,
            person=person(f"p{number}"),
            asked_of=federation,
            about="Me",
            at=START,
        )
        client = signed_in(world.carol)
        with django_assert_max_num_queries(8) as captured:  # type: ignore[operator]
            client.get("/institutions/rivers/people/")
        counted.append(len(captured))
    assert counted[0] == counted[2]


def test_claim_page_asks_seldom(
    dock: Institution,
    federation: Institution,
    world: World,
    signed_in: SignIn,
    django_assert_max_num_queries: object,
) -> None:
    client = signed_in(world.bob)
    client.post("/institutions/dock/claim/code/")
    with django_assert_max_num_queries(11):  # type: ignore[operator]
        client.get("/institutions/dock/claim/")
