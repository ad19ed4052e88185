"""The verbs of the register of policies: what becomes of an entry, and what is refused."""

from collections.abc import Callable
from datetime import timedelta
from typing import Any

import pytest
from django.db import IntegrityError, transaction

from interlock.web.look.refusals import Refused
from interlock.web.observatory import actions, queries
from interlock.web.observatory.models import Coding, Order, Policy, Reckoning, State
from interlock.web.people.waiting import waiting_for
from interlock.web.record.models import Audience, Entry
from interlock.web.record.wording import sentence
from tests.web.observatory.coded import AT, Readers, code, coded, confirmed, proposed, said

TOWARDS, NEITHER = "towards", "neither"


def refused(act: Callable[[], object]) -> str:
    with pytest.raises(Refused) as told, transaction.atomic():
        act()
    return str(told.value.reason)


def test_policy_goes_from_proposal_to_both_coders_saying_the_same(people: Readers) -> None:
    policy = proposed(people)
    assert (policy.state, policy.confirmed_at, Reckoning.objects.count()) == ("proposed", None, 0)
    actions.confirm(policy=policy, by=people.kim, at=AT)
    code(policy, people.cleo, (2, TOWARDS))
    policy.refresh_from_db()
    assert (policy.state, policy.order, policy.direction) == (State.TO_CODE, None, "")
    code(policy, people.dov, (2, TOWARDS))
    policy.refresh_from_db()
    assert (policy.state, policy.order, policy.direction) == (State.ALIKE, 2, TOWARDS)
    told = Entry.objects.filter(subject=f"policy/{policy.pk}").order_by("pk")
    assert [(one.act, one.audience) for one in told] == [
        ("policy.proposed", Audience.NOBODY),
        ("policy.confirmed", Audience.PUBLIC),
        ("policy.coded_once", Audience.PUBLIC),
        ("policy.coded_alike", Audience.PUBLIC),
    ]
    assert "codings" not in told[2].facts
    assert sentence(told[3]) == "Two coded “Ordinance 14-22”, Rosewater, and say the same."
    assert queries.due().count() == 2


def test_first_coding_is_shown_to_nobody_but_its_coder(people: Readers) -> None:
    policy = coded(people, (3, TOWARDS))
    assert queries.codings_shown(policy) == []
    assert queries.coded_so_far(policy) == 1
    own = queries.own_coding(policy, people.cleo)
    assert own
    assert own.order == Order.GOALS
    assert queries.own_coding(policy, people.kim) is None
    code(policy, people.dov, (3, TOWARDS))
    assert [one.place for one in queries.codings_shown(policy)] == [1, 2]


def test_database_keeps_codes_blind_until_both_are_in(people: Readers) -> None:
    policy = confirmed(people)
    with pytest.raises(IntegrityError), transaction.atomic():
        Policy.objects.filter(pk=policy.pk).update(order=3)


def test_coded_apart_is_settled_by_a_third_and_the_two_stay(people: Readers) -> None:
    policy = coded(people, (2, TOWARDS), (3, TOWARDS))
    assert (policy.state, policy.order, policy.direction) == (State.APART, None, TOWARDS)
    for person in (people.cleo, people.dov):
        assert refused(lambda person=person: code(policy, person, (2, TOWARDS))).startswith(  # type: ignore[misc]
            "You have coded it."
        )
    code(policy, people.eve, (3, NEITHER))
    policy.refresh_from_db()
    assert (policy.state, policy.order, policy.direction) == (State.SETTLED, 3, NEITHER)
    rows = [(one.place, one.order, one.is_blind) for one in queries.codings_shown(policy)]
    assert rows == [(1, 2, True), (2, 3, True), (3, 3, False)]
    assert "Nothing of this entry waits" in refused(lambda: code(policy, people.kim, (1, TOWARDS)))


def test_nobody_confirms_or_codes_their_own_and_nobody_codes_twice(people: Readers) -> None:
    own = actions.propose(by=people.kim, at=AT, said=said())
    assert "You entered it yourself" in refused(
        lambda: actions.confirm(policy=own, by=people.kim, at=AT)
    )
    policy = confirmed(people)
    policy.entered_by = people.cleo
    policy.save()
    assert "You entered this policy" in refused(lambda: code(policy, people.cleo, (1, TOWARDS)))
    code(policy, people.dov, (1, TOWARDS))
    assert "You have coded it" in refused(lambda: code(policy, people.dov, (2, TOWARDS)))


def test_who_confirmed_may_code(people: Readers) -> None:
    """So that four people are enough for a register: one enters, one confirms, and two code."""
    policy = confirmed(people)
    code(policy, people.kim, (1, TOWARDS))
    assert queries.coded_so_far(policy) == 1


def test_correction_of_the_text_makes_a_version_and_takes_back_the_first_coding(
    people: Readers,
) -> None:
    policy = coded(people, (2, TOWARDS))
    actions.correct(
        policy=policy, by=people.kim, at=AT, said=said(source="https://new.example/"), note="Link"
    )
    assert queries.coded_so_far(Policy.objects.get(pk=policy.pk)) == 1
    read = policy.text_version
    actions.correct(
        policy=policy, by=people.kim, at=AT, said=said(passage="Another one."), note="Text"
    )
    policy.refresh_from_db()
    assert (policy.version, policy.text_version, queries.coded_so_far(policy)) == (3, 3, 0)
    assert [one.said["passage"] for one in policy.versions.all()] == [
        "Another one.",
        *["Worker co-ops may bid without a bond."] * 2,
    ]
    old: dict[str, Any] = {"order": 1, "direction": TOWARDS, "reason": "x", "text_version": read}
    assert "corrected while you read" in refused(
        lambda: actions.code(policy=policy, by=people.dov, at=AT, **old)
    )
    code(policy, people.cleo, (1, TOWARDS))
    code(policy, people.dov, (1, TOWARDS))
    policy.refresh_from_db()
    assert (policy.state, policy.order) == (State.ALIKE, 1)
    assert Coding.objects.filter(policy=policy).count() == 3


def test_what_both_have_coded_keeps_its_text(people: Readers) -> None:
    policy = coded(people, (2, TOWARDS), (2, TOWARDS))
    assert "Both codings are in" in refused(
        lambda: actions.correct(
            policy=policy, by=people.kim, at=AT, said=said(title="Another"), note="No"
        )
    )
    actions.correct(policy=policy, by=people.kim, at=AT, said=said(area="Rosewater, IL"), note="")
    policy.refresh_from_db()
    assert (policy.area, policy.version, policy.state) == ("Rosewater, IL", 2, State.ALIKE)


def test_nothing_changed_is_no_version(people: Readers) -> None:
    policy = confirmed(people)
    actions.correct(policy=policy, by=people.kim, at=AT, said=said(), note="Nothing")
    assert policy.versions.count() == 1


def test_withdrawn_keeps_its_page_and_reason_and_counts_no_more(people: Readers) -> None:
    policy = coded(people, (2, TOWARDS), (2, TOWARDS))
    assert queries.counts().coded == 1
    actions.withdraw(policy=policy, by=people.kim, at=AT, reason="Twice in the list.")
    policy.refresh_from_db()
    assert (policy.state, queries.counts().coded) == (State.WITHDRAWN, 0)
    assert len(queries.codings_shown(policy)) == 2
    told: dict[str, Any] = {"policy": policy, "by": people.kim, "at": AT}
    assert "withdrawn" in refused(lambda: actions.withdraw(**told, reason="x"))
    assert "withdrawn" in refused(lambda: actions.correct(**told, said=said(), note="x"))


def test_withdrawn_proposal_is_not_told_in_public(people: Readers) -> None:
    policy = proposed(people)
    actions.withdraw(policy=policy, by=people.bob, at=AT, reason="By mistake.")
    assert set(
        Entry.objects.filter(subject=f"policy/{policy.pk}").values_list("audience", flat=True)
    ) == {Audience.NOBODY}


def test_no_more_than_so_many_a_day(people: Readers, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("interlock.web.observatory.rules.MOST_PROPOSED", 2)
    proposed(people)
    proposed(people)
    assert "Go on tomorrow" in refused(lambda: proposed(people))
    actions.propose(by=people.bob, at=AT + timedelta(days=1), said=said())


def test_desk_says_what_waits_to_be_confirmed_coded_and_settled(people: Readers) -> None:
    proposed(people)
    confirmed(people)
    confirmed(people)
    coded(people, (1, TOWARDS), (2, TOWARDS))

    def told(person: object) -> list[str]:
        return [str(one.title) for one in waiting_for(person) if "/policies/" in one.url]  # type: ignore[arg-type]

    assert told(people.kim) == [
        "2 policies wait to be coded",
        "1 policy was coded apart",
        "1 policy waits to be confirmed",
    ]
    assert told(people.cleo) == ["2 policies wait to be coded"]
    assert told(people.bob) == []
