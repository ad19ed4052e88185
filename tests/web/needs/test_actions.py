"""Posting, renewing, closing; asking, answering, and what became of it."""

from datetime import timedelta
from typing import Any

import pytest
from django.db import IntegrityError, transaction

from interlock.web.institutions.actions import register
from interlock.web.institutions.leaving import announce, leave_due
from interlock.web.institutions.models import Kind
from interlock.web.institutions.rules import BEFORE_LEAVING
from interlock.web.look.refusals import Refused
from interlock.web.messages.models import Mail
from interlock.web.needs import actions, queries, rules
from interlock.web.needs.forms import ConcludeForm
from interlock.web.needs.models import Closing, Introduction, Listing, Sequel, Term
from interlock.web.record.models import Audience, Entry
from interlock.web.record.wording import sentence
from interlock.web.ties.models import Predicate, Tie
from tests.web.needs.conftest import HERE, Town
from tests.web.threads import Crew
from tests.world import START, both

DAY = timedelta(days=1)


def refused(act: object, **named: object) -> tuple[str, int]:
    """Why an act is refused, and with which status."""
    with pytest.raises(Refused) as refusal:
        act(**named)  # type: ignore[operator]
    return str(refusal.value.reason), refusal.value.status


def mails() -> list[tuple[str, str]]:
    return [(mail.to, mail.subject.partition(" / ")[0]) for mail in Mail.objects.order_by("pk")]


def recorded(prefix: str) -> list[tuple[str, str]]:
    found = Entry.objects.filter(act__startswith=prefix).order_by("pk")
    return [(entry.act, entry.audience) for entry in found]


def test_listing_is_where_its_institution_is_and_holds_three_months(town: Town) -> None:
    need = Listing.objects.get(pk=town.need.pk)
    assert {name: getattr(need, name) for name in HERE} == HERE
    assert (need.expires_at, need.contact, need.tags) == (
        START + rules.USUAL_LIFE, "published", ["translation", "Spanish"],
    )  # fmt: skip
    assert Listing.objects.get(pk=town.offer.pk).contact == "site"
    keys = set(need.term_rows.values_list("key", flat=True))
    assert {"en:translat", "en:ballot", "es:papelet", "#translat"} <= keys
    entry = Entry.objects.get(act="listing.posted", subject=f"listing/{need.pk}")
    assert (entry.audience, sentence(entry)) == (
        Audience.PUBLIC, "City of Riverbend posted: Translation of the ballot.",
    )  # fmt: skip


def test_tag_stands_once(town: Town) -> None:
    made = town.post(town.coop, town.bob, tags=["Printing", " printing ", "&", "child  care"])
    assert made.tags == ["Printing", "child care"]
    assert sorted(Term.objects.filter(listing=made, key__startswith="#").values_list("word", flat=True)) == [
        "Printing", "child care",
    ]  # fmt: skip


@pytest.mark.parametrize(
    ("said", "reason"),
    [
        ({"title": " "}, "needs a title"),
        ({"transaction_types": []}, "how it changes hands"),
        ({"transaction_types": ["steal"]}, "how it changes hands"),
        ({"tags": [f"tag{letter}" for letter in "abcdefghijklm"]}, "At most 12 tags"),
        ({"tags": ["x" * 61]}, "at most 60 characters"),
        ({"expires_at": START}, "has to lie ahead"),
        ({"expires_at": START + 367 * DAY}, "a year at most"),
    ],
)
def test_what_cannot_be_said_is_refused(town: Town, said: dict[str, object], reason: str) -> None:
    before = Listing.objects.count()
    with pytest.raises(Refused, match=reason):
        town.post(town.coop, town.bob, **said)
    assert Listing.objects.count() == before


def test_so_many_are_enough(town: Town, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(rules, "MOST_POSTED", 2)
    town.post(town.coop, town.bob)
    with pytest.raises(Refused, match="within a day"):
        town.post(town.coop, town.bob)
    town.post(town.coop, town.bob, at=START + 2 * DAY)
    monkeypatch.setattr(rules, "MOST_OPEN", 3)
    with pytest.raises(Refused, match="Close some first"):
        town.post(town.coop, town.bob, at=START + 4 * DAY)


def test_change_is_found_by_its_new_words(town: Town) -> None:
    changed = actions.change(
        listing=town.offer, by=town.dora, at=START, title="Beekeeping", tags=["honey"]
    )
    assert (changed.terms["words"]["en"].keys(), changed.tags) == (
        {"beekeep", "honey"}, ["honey"],
    )  # fmt: skip
    assert "en:translat" not in changed.term_rows.values_list("key", flat=True)
    entry = Entry.objects.get(act="listing.changed")
    assert entry.facts["fields"] == ["tags", "title"]
    actions.change(listing=changed, by=town.dora, at=START, title="Beekeeping")
    assert Entry.objects.filter(act="listing.changed").count() == 1


def test_renewal_lengthens_and_never_shortens(town: Town) -> None:
    late = START + 80 * DAY
    assert actions.renew(listing=town.need, by=town.alice, at=late).expires_at == (
        late + rules.USUAL_LIFE
    )
    long = town.post(town.coop, town.bob, expires_at=START + 300 * DAY)
    renewed = actions.renew(listing=long, by=town.bob, at=START)
    assert renewed.expires_at == START + 300 * DAY


def test_expired_one_can_be_renewed_and_a_closed_one_not(town: Town) -> None:
    late = START + 200 * DAY
    assert not town.need.is_open(late)
    assert actions.renew(listing=town.need, by=town.alice, at=late).is_open(late)
    closed = actions.close(listing=town.need, by=town.alice, at=late, closing=Closing.HERE)
    assert (closed.is_open(late), closed.closing) == (False, "here")
    assert refused(actions.renew, listing=town.need, by=town.alice, at=late)[1] == 409
    assert refused(actions.close, listing=town.offer, by=town.bob, at=late, closing="left") == (
        "Say why it is closed.", 409,
    )  # fmt: skip


def test_stewards_are_reminded_once_a_week_before(town: Town) -> None:
    ends = town.need.expires_at
    assert actions.remind_due(ends - 8 * DAY) is False
    soon = ends - 6 * DAY
    assert [actions.remind_due(soon) for _ in range(3)] == [True, True, False]
    assert mails() == [
        ("alice@example.org", "Does it still hold? Translation of the ballot"),
        ("bob@example.org", "Does it still hold? We translate"),
    ]
    assert f"/needs/{town.need.pk}/" in Mail.objects.order_by("pk")[0].text
    actions.renew(listing=town.need, by=town.alice, at=soon)
    assert actions.remind_due(soon + 80 * DAY) is False
    assert actions.remind_due(soon + 85 * DAY) is True


def test_introduction_is_accepted_and_only_then_both_know_how_to_reach(town: Town) -> None:
    asked = town.ask()
    assert (asked.asker, asked.asked, asked.is_waiting) == (town.coop, town.city, True)
    assert mails() == [("alice@example.org", "Tongue asks to be introduced")]
    assert "bob@tongue.example" not in Mail.objects.get().text
    Mail.objects.all().delete()
    accepted = town.accept(asked)
    assert (accepted.accepted, accepted.asked_reach) == (True, "555-0142")
    assert mails() == [
        ("bob@example.org", "City of Riverbend said yes"),
        ("alice@example.org", "You are introduced to Tongue"),
    ]
    texts = [mail.text for mail in Mail.objects.order_by("pk")]
    assert ["555-0142" in texts[0], "bob@tongue.example" in texts[1]] == [True, True]
    assert recorded("introduction") == [
        ("introduction.asked", "institution"), ("introduction.accepted", "institution"),
    ]  # fmt: skip
    facts = [str(entry.facts) for entry in Entry.objects.all()]
    assert not any("555-0142" in fact or "tongue.example" in fact for fact in facts)


def test_who_declines_tells_nothing_and_is_left_in_peace(town: Town) -> None:
    asked = town.ask()
    Mail.objects.all().delete()
    declined = actions.decline(introduction=asked, by=town.alice, at=START, answer="We have one.")
    assert (declined.accepted, declined.asked_reach, declined.is_waiting) == (False, "", False)
    assert mails() == [("bob@example.org", "City of Riverbend declined")]
    again = START + 29 * DAY
    named = {
        "listing": town.need,
        "acting": town.coop,
        "by": town.bob,
        "sentence": "?",
        "reach": "?",
    }
    assert "less than 30 days ago" in refused(actions.ask, **named, at=again)[0]
    assert actions.ask(**named, at=START + 31 * DAY).is_waiting  # type: ignore[arg-type]


def test_asked_twice_or_from_both_sides_is_refused(town: Town) -> None:
    asked = town.ask()
    with pytest.raises(Refused, match="asked already"):
        town.ask()
    back = {
        "listing": town.offer, "own_listing": town.need, "acting": town.city, "by": town.alice,
        "at": START, "sentence": "Please", "reach": "555",
    }  # fmt: skip
    assert "They have asked you already" in refused(actions.ask, **back)[0]
    town.accept(asked)
    with pytest.raises(Refused, match="introduced already"):
        town.ask()
    assert "introduced already" in refused(actions.ask, **back)[0]


def test_question_is_withdrawn_and_asked_anew(town: Town) -> None:
    asked = town.ask()
    withdrawn = actions.withdraw(introduction=asked, by=town.dora, at=START)
    assert (withdrawn.is_waiting, withdrawn.withdrawn_at) == (False, START)
    answered = {"introduction": asked, "by": town.alice, "at": START, "answer": "", "reach": "555"}
    assert refused(actions.accept, **answered) == ("This was withdrawn.", 409)
    assert town.ask().is_waiting


def test_why_nobody_can_ask(town: Town) -> None:
    named = {
        "listing": town.need, "acting": town.coop, "by": town.bob, "at": START,
        "sentence": "?", "reach": "?",
    }  # fmt: skip
    assert "own" in refused(actions.ask, **{**named, "acting": town.city, "by": town.alice})[0]
    late = town.need.expires_at
    assert refused(actions.ask, **{**named, "at": late})[0] == "This is not open any more."
    other = town.post(town.city, town.alice)
    wrong = {**named, "own_listing": other}
    assert "no open need or offer of yours" in refused(actions.ask, **wrong)[0]
    same_side = town.post(town.coop, town.bob, exchange_type="want")
    assert "could meet it" in refused(actions.ask, **{**named, "own_listing": same_side})[0]
    town.city.memberships.update(until=START)
    assert "nobody could answer" in refused(actions.ask, **named)[0]


def test_outsider_is_refused_every_verb(town: Town) -> None:
    """Carol speaks for another city, Bob for the other side: neither acts for this one."""
    asked, accepted = (
        town.ask(),
        town.ask(listing=town.post(town.city, town.alice, exchange_type="want")),
    )
    town.accept(accepted)
    carol = {"by": town.world.carol, "at": START}
    told = {"answer": "?", "reach": "?"}
    posted = {"exchange_type": "want", "item_type": "good", "transaction_types": ["rent"]}
    acts: list[tuple[object, dict[str, object]]] = [
        (
            actions.post,
            {"institution": town.city, "title": "?", "geographic_scope": "local", **posted},
        ),
        (actions.change, {"listing": town.need, "title": "?"}),
        (actions.renew, {"listing": town.need}),
        (actions.close, {"listing": town.need, "closing": "here"}),
        (actions.ask, {"listing": town.need, "acting": town.coop, "sentence": "?", "reach": "?"}),
        (actions.accept, {"introduction": asked, **told}),
        (actions.decline, {"introduction": asked, "answer": "?"}),
        (actions.withdraw, {"introduction": asked}),
        (actions.conclude, {"introduction": accepted, "side": town.city, "sequel": "led"}),
    ]
    bob = {"by": town.bob, "at": START}
    assert [refused(act, **named, **carol)[1] for act, named in acts] == [403] * 9
    assert [refused(act, **named, **bob)[1] for act, named in (*acts[1:4], *acts[5:7])] == [403] * 5
    assert refused(actions.withdraw, introduction=asked, by=town.alice, at=START)[1] == 403


def test_so_many_questions_a_day_are_enough(town: Town, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(rules, "MOST_ASKED", 1)
    other = town.post(town.city, town.alice, exchange_type="want")
    town.ask()
    with pytest.raises(Refused, match="within a day"):
        town.ask(listing=other)
    town.ask(listing=other, by=town.dora)
    monkeypatch.setattr(rules, "MOST_WAITING", 2)
    third = town.post(town.city, town.alice, exchange_type="want")
    with pytest.raises(Refused, match="Too many wait"):
        town.ask(listing=third, at=START + 2 * DAY)


def test_closing_ends_what_waits_and_says_so(town: Town) -> None:
    asked = town.ask()
    Mail.objects.all().delete()
    actions.close(listing=town.need, by=town.alice, at=START, closing=Closing.ELSEWHERE)
    asked.refresh_from_db()
    assert (asked.is_waiting, asked.withdrawn_at) == (False, START)
    assert mails() == [("bob@example.org", "Closed before an answer: Translation of the ballot")]


def test_it_led_somewhere_and_becomes_a_tie_that_both_say(town: Town) -> None:
    accepted = town.accept(town.ask())
    said = actions.conclude(
        introduction=accepted, side=town.coop, by=town.bob, at=START, sequel=Sequel.LED,
        predicate=Predicate.SUPPLIES, amount=120_000, currency="USD", note="The ballot",
    )  # fmt: skip
    tie = Tie.objects.get()
    assert (said.asker_tie, tie.subject, tie.predicate, tie.object, tie.amount, tie.is_confirmed) == (
        tie, town.coop, "supplies", town.city, 120_000, False,
    )  # fmt: skip
    both_said = actions.conclude(
        introduction=accepted, side=town.city, by=town.alice, at=START, sequel=Sequel.LED,
        predicate=Predicate.SUPPLIES, is_subject=False, amount=120_000, currency="USD",
        note="The ballot",
    )  # fmt: skip
    tie.refresh_from_db()
    assert (both_said.asker_says, both_said.asked_says, tie.is_confirmed) == ("led", "led", True)
    assert Tie.objects.count() == 1


def test_it_led_nowhere_without_a_tie_and_may_yet_lead(town: Town) -> None:
    accepted = town.accept(town.ask())
    for sequel in (Sequel.TALKING, Sequel.NOTHING, Sequel.LED):
        said = actions.conclude(
            introduction=accepted, side=town.city, by=town.alice, at=START, sequel=sequel
        )
        assert (said.asked_says, said.asker_says, said.ties) == (sequel, "", [])


def test_both_sides_ties_stay_where_they_say_two_things(town: Town) -> None:
    accepted = town.accept(town.ask())
    told: dict[str, Any] = {"introduction": accepted, "at": START, "sequel": Sequel.LED}
    actions.conclude(side=town.coop, by=town.bob, predicate=Predicate.SUPPLIES, **told)
    actions.conclude(side=town.city, by=town.alice, predicate=Predicate.FUNDS, **told)
    accepted.refresh_from_db()
    assert [(tie.subject, tie.predicate) for tie in accepted.ties] == [
        (town.coop, "supplies"), (town.city, "funds"),
    ]  # fmt: skip


def test_second_side_is_offered_the_word_of_the_first(town: Town) -> None:
    accepted = town.accept(town.ask())
    assert ConcludeForm(accepted, town.city).initial["tie"] == "supplies:object"
    said = actions.conclude(
        introduction=accepted, side=town.coop, by=town.bob, at=START, sequel=Sequel.LED,
        predicate=Predicate.ADVISES, is_subject=False,
    )  # fmt: skip
    forms = [ConcludeForm(said, side).initial["tie"] for side in (town.city, town.coop)]
    assert forms == ["advises:subject", ""]


def test_nobody_says_yes_to_what_has_ended(town: Town) -> None:
    """Neither the need nor the offer that came with the question; a no is an answer still."""
    later = START + 10 * DAY
    for ended in (town.need, town.offer):
        asked = town.ask()
        Listing.objects.filter(pk=ended.pk).update(expires_at=later)
        told: dict[str, Any] = {"introduction": asked, "by": town.alice, "answer": "Yes"}
        assert "has ended" in refused(actions.accept, at=later, reach="555", **told)[0]
        assert actions.withdraw(introduction=asked, by=town.bob, at=later).accepted is False
        Listing.objects.filter(pk=ended.pk).update(expires_at=later + 90 * DAY)
    asked = town.ask()
    Listing.objects.filter(pk=town.need.pk).update(expires_at=later)
    assert actions.decline(introduction=asked, by=town.alice, at=later, answer="No").answered_at


def test_with_the_offer_goes_the_question_that_it_came_with(town: Town) -> None:
    asked = town.ask()
    actions.close(listing=town.offer, by=town.bob, at=START, closing=Closing.NO_MORE)
    asked.refresh_from_db()
    assert asked.withdrawn_at == START


def test_need_of_a_process_is_posted_once(town: Town) -> None:
    said: dict[str, Any] = {"title": "Ballots", "exchange_type": "want", "of_process": True}
    first = town.post(town.city, town.alice, **said)
    again = refused(town.post, institution=town.city, by=town.alice, **said)
    assert again[0] == "“Ballots” is open already."
    actions.close(listing=first, by=town.alice, at=START, closing=Closing.HERE)
    assert town.post(town.city, town.alice, **said).pk


def test_what_is_not_accepted_leads_nowhere(town: Town) -> None:
    asked = town.ask()
    named = {"introduction": asked, "by": town.bob, "at": START, "sequel": "led"}
    assert "both sides accepted" in refused(actions.conclude, side=town.coop, **named)[0]
    town.accept(asked)
    hilltown = register(name="Mill", kind=Kind.WORKER_COOP, steward=town.bob, at=START)
    assert "two others" in refused(actions.conclude, side=hilltown, **named)[0]
    assert refused(actions.conclude, side=town.city, **named)[1] == 403
    assert refused(actions.conclude, side=town.coop, **{**named, "sequel": ""})[1] == 409


def test_leaving_closes_its_listings_and_forgets_how_to_reach(town: Town) -> None:
    accepted = town.accept(town.ask())
    third = town.post(town.city, town.alice, exchange_type="want", title="Chairs")
    asked = town.ask(listing=third, own_listing=None)
    announce(institution=town.coop, by=town.bob, at=START)
    assert Listing.objects.open(START).filter(institution=town.coop).count() == 1
    assert leave_due(START + BEFORE_LEAVING)
    town.offer.refresh_from_db()
    accepted.refresh_from_db()
    asked.refresh_from_db()
    assert (town.offer.closing, accepted.asker_reach, accepted.asked_reach) == (
        "left", "", "555-0142",
    )  # fmt: skip
    assert (asked.is_waiting, asked.asker_reach) == (False, "")


def test_export_has_both_and_no_reach_before_a_yes(town: Town) -> None:
    asked = town.ask()
    listing, told = queries.export(town.city)
    assert (listing["title"], listing["tags"]) == (town.need.title, ["translation", "Spanish"])
    assert (told["introduction"], told["asker"], told["asker_reach"]) == (asked.pk, "tongue", "")
    town.accept(asked)
    _listing, told = queries.export(town.city)
    assert (told["asker_reach"], told["asked_reach"]) == ("bob@tongue.example", "555-0142")


def test_database_keeps_no_reach_without_a_yes(town: Town) -> None:
    asked = town.ask()
    with pytest.raises(IntegrityError), transaction.atomic():
        Introduction.objects.filter(pk=asked.pk).update(asked_reach="555")


@pytest.mark.usefixtures("emptied")
def test_two_answers_at_once_are_one(town: Town) -> None:
    """A yes and a no, or two of each: the second is told that it was answered."""
    asked = town.ask()

    def answer(number: int) -> str:
        try:
            if number % 2:
                actions.decline(introduction=asked, by=town.alice, at=START, answer="No")
            else:
                town.accept(asked)
        except Refused as refusal:
            return str(refusal.reason)
        return "done"

    with Crew(4) as crew:
        told = crew.at_once(*[lambda number=number: answer(number) for number in range(4)])
    assert sorted(told) == [*["This was answered already."] * 3, "done"]
    assert (
        Entry.objects.filter(act__in=["introduction.accepted", "introduction.declined"]).count()
        == 1
    )


@pytest.mark.usefixtures("emptied")
def test_two_that_ask_each_other_at_once_are_not_introduced_twice(town: Town) -> None:

    def ask(number: int) -> str:
        there = {"listing": town.need, "own_listing": town.offer, "acting": town.coop}
        back = {"listing": town.offer, "own_listing": town.need, "acting": town.city}
        by = town.alice if number % 2 else town.bob
        try:
            town.ask(**(back if number % 2 else there), by=by)
        except Refused as refusal:
            return str(refusal.reason)
        return "done"

    with Crew(4) as crew:
        told = crew.at_once(*[lambda number=number: ask(number) for number in range(4)])
    assert told.count("done") == 1
    assert Introduction.objects.count() == 1


def test_names_are_told_in_both_languages(town: Town) -> None:
    made = town.post(town.coop, town.bob, title=both("Chairs", "Sillas"))
    entry = Entry.objects.get(act="listing.posted", subject=f"listing/{made.pk}")
    assert entry.facts["title"] == {"en": "Chairs", "es": "Sillas"}
