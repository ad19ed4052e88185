"""Who is told by mail that a policy waits for them, or is coded; and that no mail breaks the blindness."""

from datetime import timedelta

import pytest
from pytest_django import DjangoAssertNumQueries

from interlock.web.messages.models import Mail
from interlock.web.observatory import actions, queries
from interlock.web.observatory.models import Policy, State
from interlock.web.people.models import Person
from tests.web.observatory.coded import AT, Readers, code, confirmed, proposed, said

APART = ((2, "towards"), (3, "away"))


@pytest.fixture(autouse=True)
def nothing_written_yet(people: Readers) -> None:
    """But for the mail of their roles."""
    Mail.objects.all().delete()


def told() -> list[tuple[str, str]]:
    """Each mail since this was asked last: to whom, and the first of its subjects."""
    found = [(one.to.split("@")[0], one.subject.split(" / ")[0]) for one in Mail.objects.all()]
    Mail.objects.all().delete()
    return sorted(found)


def names(
    *people: str, what: str = "A policy waits to be coded: “Ordinance 14-22”"
) -> list[tuple[str, str]]:
    return [(one, what) for one in people]


def test_coders_are_asked_with_a_link_once_the_source_is_confirmed(people: Readers) -> None:
    policy = proposed(people)
    assert told() == []
    actions.confirm(policy=policy, by=people.kim, at=AT)
    text = Mail.objects.get(to=people.cleo.email).text
    assert f"{policy.get_absolute_url()}\n" in text
    assert "without seeing what the other says" in text
    assert "sin ver lo que dice la otra" in text  # nobody knows which language they read
    # Not Kim, who confirmed it just now, and not Bob, who speaks for nobody that the site trusts.
    assert told() == names("cleo", "dov", "eve")


def test_one_mail_comes_until_nothing_waits(people: Readers) -> None:
    first = confirmed(people)
    assert len(told()) == 3
    second = confirmed(people, title="Rule 9")
    assert told() == []
    for policy in (first, second):
        code(policy, people.cleo, (2, "towards"))
    confirmed(people, title="Letter")
    assert told() == [("cleo", "A policy waits to be coded: “Letter”")]


def test_who_entered_it_is_not_asked_to_code_it(people: Readers) -> None:
    policy = actions.propose(by=people.cleo, at=AT, said=said())
    actions.confirm(policy=policy, by=people.kim, at=AT)
    assert told() == names("dov", "eve")


def test_mail_says_nothing_of_a_coding_before_both_are_in(people: Readers) -> None:
    policy = confirmed(people)
    told()
    code(policy, people.cleo, (3, "away"))
    assert told() == []
    # Whoever is asked later, of a policy with one coding in it, reads nothing of it either.
    actions.correct(policy=policy, by=people.kim, at=AT, said=said(passage="New."), note="Typo")
    for mail in Mail.objects.all():
        for word in ("away", "says so", "Goals", "cleo", "3"):
            assert word not in mail.text.replace(policy.get_absolute_url(), "")


def test_corrected_text_is_read_again_by_who_had_coded_it(people: Readers) -> None:
    policy = confirmed(people)
    code(policy, people.cleo, (2, "towards"))
    code(confirmed(people, title="Rule 9"), people.dov, (2, "towards"))
    told()
    policy.refresh_from_db()
    actions.correct(policy=policy, by=people.kim, at=AT, said=said(passage="New."), note="Typo")
    # The others knew of it all along; for Cleo the other policy waits, and her desk has both.
    assert told() == []
    code(Policy.objects.get(title="Rule 9"), people.cleo, (2, "towards"))
    code(policy, people.cleo, (2, "towards"))
    told()
    policy.refresh_from_db()
    actions.correct(policy=policy, by=people.kim, at=AT, said=said(passage="Newer."), note="Typo")
    assert told() == names("cleo")


def test_who_registered_it_is_told_when_both_have_coded(people: Readers) -> None:
    policy = confirmed(people)
    told()
    code(policy, people.cleo, (2, "towards"))
    assert told() == []
    code(policy, people.dov, (2, "towards"))
    (mail,) = Mail.objects.all()
    assert (mail.to, policy.get_absolute_url() in mail.text) == (people.bob.email, True)
    assert "and say the same" in mail.text


def test_third_is_asked_where_two_differ_and_who_registered_it_is_told_each_time(
    people: Readers,
) -> None:
    policy = confirmed(people)
    told()
    code(policy, people.cleo, APART[0])
    code(policy, people.dov, APART[1])
    coded = "The policy you entered is coded: “Ordinance 14-22”"
    # Eve and Kim were asked before, and it still waits for them.
    third = names("eve", "kim", what="Two coded it apart: “Ordinance 14-22”")
    assert told() == [("bob", coded), *third]
    code(policy, people.eve, (3, "neither"))
    policy.refresh_from_db()
    assert (policy.state, told()) == (State.SETTLED, [("bob", coded)])


def test_who_has_left_and_who_is_trusted_no_longer_are_not_asked(people: Readers) -> None:
    people.federation.trusted_at = None
    people.federation.save()
    policy = confirmed_by_the_site(people)
    assert list(queries.newly_asked(policy)) == []
    assert told() == []


def confirmed_by_the_site(people: Readers) -> Policy:
    root = Person.objects.by_email("root@example.org")
    root.is_superuser = True
    root.save()
    return actions.confirm(policy=proposed(people), by=root, at=AT + timedelta(hours=1))


def test_number_of_queries_does_not_grow_with_the_coders(
    people: Readers, django_assert_num_queries: DjangoAssertNumQueries
) -> None:
    policy = confirmed(people)
    with django_assert_num_queries(1):
        assert len(queries.newly_asked(policy)) == 4
