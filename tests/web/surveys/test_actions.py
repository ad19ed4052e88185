"""The verbs: a chain from hand to hand, and what nobody can do with it."""

from datetime import UTC, datetime, timedelta

import pytest
from django.db import connection, transaction
from django.db.utils import DatabaseError

from interlock.web.look.refusals import Refused
from interlock.web.record.models import Entry
from interlock.web.surveys import actions, codes, queries
from interlock.web.surveys.models import (
    Anonymity,
    Answer,
    CameBy,
    Consent,
    Coupon,
    CouponState,
    FormVersion,
    OpenLink,
    Permission,
    Respondent,
    Role,
    Study,
)
from tests.web.surveys.asked import (
    CLOSES,
    COOPERATOR,
    CORE,
    DAY,
    DUAL,
    NEITHER,
    PBER,
    START,
    Asked,
    make_asked,
)


def test_chain_grows_from_a_seed_by_three_coupons_each(asked: Asked) -> None:
    first = asked.enter(coupon=asked.cards[0].code)
    assert (first.respondent.wave, first.respondent.tree) == (0, asked.study.seeds.first().ref)
    asked.core(first.code)
    handed = list(actions.coupon_codes(first.code))
    assert len(handed) == 3
    second = asked.enter(coupon=handed[1], at=START + DAY)
    assert second.respondent.wave == 1
    assert second.respondent.tree == first.respondent.tree
    assert second.respondent.coupon.parent == first.respondent


@pytest.mark.parametrize(
    ("answers", "role"),
    [(COOPERATOR, Role.COOP), (PBER, Role.PB), (DUAL, Role.BOTH), (NEITHER, Role.NEITHER)],
)
def test_questions_at_the_beginning_say_who_somebody_is(
    asked: Asked, answers: dict[str, list[str]], role: str
) -> None:
    found = asked.core(asked.enter().code, answers)
    assert found.role == role
    assert found.finished_on == START.date()


@pytest.mark.parametrize(
    ("answers", "groups"),
    [
        (COOPERATOR, ["coop", "you"]),
        (PBER, ["pb", "you"]),
        (DUAL, ["coop", "pb", "you"]),
    ],
)
def test_each_is_led_to_their_own_part(
    asked: Asked, answers: dict[str, list[str]], groups: list[str]
) -> None:
    entered = asked.enter()
    asked.core(entered.code, answers)
    seen = []
    step = actions.where(respondent=queries.respondent_of(entered.code), language="en")
    while step.page:
        seen.append(step.page.group)
        step = asked.page(entered.code, {})
    assert seen == ["ties", "policy", *groups]
    assert queries.respondent_of(entered.code).completed_on == START.date()


def test_core_is_submitted_by_itself_and_the_rest_joins_the_same_answer(asked: Asked) -> None:
    entered = asked.enter()
    asked.page(entered.code, COOPERATOR)
    answer = Answer.objects.get()
    assert answer.document == {}
    found = asked.core(entered.code, CORE)
    assert found.finished_on == START.date()
    assert found.completed_on is None
    answer.refresh_from_db()
    assert answer.document["degree"] == "14"
    asked.page(entered.code, {"goals": ["say"]}, at=START + DAY)
    answer.refresh_from_db()
    assert answer.document["collab_acts"] == ""
    assert answer.document["degree"] == "14"
    assert queries.respondent_of(entered.code).finished_on == START.date()


def test_answers_that_are_the_same_as_anothers_are_marked(asked: Asked) -> None:
    first, second = (asked.enter(coupon=card.code) for card in asked.cards[:2])
    third = asked.enter()
    asked.core(first.code)
    asked.core(second.code)
    asked.core(third.code, NEITHER)
    marks = [queries.respondent_of(one.code).flags for one in (first, second, third)]  # type: ignore[union-attr]
    assert marks == [[], ["alike"], []]


def test_coupon_lets_in_once(asked: Asked) -> None:
    asked.enter(coupon=asked.cards[0].code)
    with pytest.raises(Refused, match="used already"):
        asked.enter(coupon=asked.cards[0].code)
    assert Respondent.objects.count() == 1


def test_coupon_too_old_or_of_another_survey_or_unknown_is_refused(asked: Asked) -> None:
    with pytest.raises(Refused, match="too old"):
        asked.enter(coupon=asked.cards[0].code, at=START + timedelta(days=31))
    other = make_asked()
    with pytest.raises(Refused, match="not one of ours"):
        other.enter(coupon=asked.cards[0].code)
    with pytest.raises(Refused, match="not one of ours"):
        asked.enter(coupon=codes.new_code())
    assert not Respondent.objects.exists()
    assert asked.study.coupons.filter(state=CouponState.USED).count() == 0


def test_open_answers_are_kept_apart_from_the_chain(asked: Asked) -> None:
    first = asked.enter()
    asked.core(first.code)
    assert not Coupon.objects.filter(parent=first.respondent).exists()
    link = OpenLink.objects.get()
    second = asked.enter(link=actions.link_code(first.code))
    assert (second.respondent.came_by, second.respondent.link) == (CameBy.OPEN, link)
    assert (second.respondent.wave, second.respondent.tree) == (None, None)
    # Nothing leads from a link to the answers of whoever shares it.
    assert {field.name for field in OpenLink._meta.get_fields()} == {
        "respondents", "ref", "study", "code_hash", "issued_on",
    }  # fmt: skip


def test_those_who_are_neither_hand_on_nothing(asked: Asked) -> None:
    entered = asked.enter(coupon=asked.cards[0].code)
    asked.core(entered.code, NEITHER)
    assert Coupon.objects.filter(parent=entered.respondent).count() == 0


def test_survey_that_ties_nothing_has_no_coupons_and_keeps_no_links(db: None) -> None:
    asked = make_asked(anonymity=Anonymity.APART)
    with pytest.raises(Refused, match="no coupons"):
        actions.add_seeds(study=asked.study, number=1, by=asked.dora, at=START)
    entered = asked.enter(link=codes.new_code())
    asked.core(entered.code)
    assert entered.respondent.link is None
    assert not OpenLink.objects.exists()


def test_whoever_withdraws_leaves_an_empty_place(asked: Asked) -> None:
    first = asked.enter(coupon=asked.cards[0].code)
    asked.core(first.code)
    used, *unused = actions.coupon_codes(first.code)
    second = asked.enter(coupon=used)
    actions.withdraw(code=first.code, at=START + DAY)
    assert not Answer.objects.filter(respondent=first.respondent).exists()
    first.respondent.refresh_from_db()
    assert (first.respondent.role, first.respondent.code_hash) == ("", None)
    second.respondent.refresh_from_db()
    assert second.respondent.coupon.parent == first.respondent
    with pytest.raises(Refused, match="taken back"):
        asked.enter(coupon=unused[0])
    with pytest.raises(Refused, match="no such code"):
        actions.withdraw(code=first.code, at=START + DAY)


def test_whoever_withdraws_takes_along_what_nobody_used(asked: Asked) -> None:
    first, second = asked.enter(), asked.enter()
    asked.core(first.code)
    asked.core(second.code)
    asked.enter(link=actions.link_code(second.code))
    for one in (first, second):
        actions.withdraw(code=one.code, at=START)
    assert OpenLink.objects.get() == Respondent.objects.exclude(link=None).get().link
    assert not Permission.objects.exists()


def test_last_day_lasts_until_it_is_over_everywhere(asked: Asked) -> None:
    evening = datetime(2027, 7, 1, 11, 59, tzinfo=UTC)  # June 30 on the islands farthest west
    assert asked.enter(at=evening).respondent.started_on == evening.date()
    with pytest.raises(Refused, match="closed"):
        asked.enter(at=evening + timedelta(minutes=1))


def test_withdrawal_is_possible_until_the_promised_day(asked: Asked) -> None:
    entered = asked.enter()
    asked.core(entered.code)
    last = START.replace(month=CLOSES.month, day=CLOSES.day) + timedelta(days=30)
    with pytest.raises(Refused, match="too late"):
        actions.withdraw(code=entered.code, at=last + DAY)
    actions.withdraw(code=entered.code, at=last)
    assert not Answer.objects.exists()


def test_nothing_is_answered_before_the_opening_or_after_the_close(db: None) -> None:
    asked = make_asked(opens=False, seeds=0)
    with pytest.raises(Refused, match="not open yet"):
        asked.enter()
    actions.publish_version(version=asked.study.versions.get(), by=asked.dora, at=START)
    actions.open_study(study=asked.study, by=asked.dora, at=START)
    entered = asked.enter()
    actions.close_study(study=asked.study, by=asked.dora, at=START + DAY)
    with pytest.raises(Refused, match="closed"):
        asked.page(entered.code, COOPERATOR)
    with pytest.raises(Refused, match="closed"):
        asked.enter()


def test_survey_closes_by_itself_after_its_last_day(asked: Asked) -> None:
    last = START.replace(month=CLOSES.month, day=CLOSES.day)
    assert actions.close_if_due(study=asked.study, at=last).is_open
    assert not actions.close_if_due(study=asked.study, at=last + DAY).is_open
    assert Entry.objects.get(act="survey.closed").facts["answers"] == 0


def test_record_tells_nothing_of_respondents(asked: Asked) -> None:
    before = Entry.objects.count()
    entered = asked.enter(coupon=asked.cards[0].code)
    asked.core(entered.code)
    actions.withdraw(code=entered.code, at=START)
    assert Entry.objects.count() == before


def test_leave_for_what_comes_after_says_not_whose_it_is(asked: Asked) -> None:
    asked.core(asked.enter().code)
    assert {field.name for field in Permission._meta.get_fields()} == {
        "code_hash", "study", "purpose",
    }  # fmt: skip
    assert sorted(Permission.objects.values_list("purpose", flat=True)) == ["contact", "naming"]


@pytest.mark.parametrize(
    ("model", "change"),
    [
        (Study, {"anonymity": Anonymity.APART}),
        (Study, {"opened_at": None}),
        (Study, {"links_until": CLOSES + timedelta(days=90)}),
        (Study, {"contacts_until": CLOSES + timedelta(days=900)}),
        (FormVersion, {"document": {}}),
        (FormVersion, {"published_at": None}),
        (Consent, {"text": "Anything goes."}),
        (Coupon, {"state": CouponState.UNUSED}),
    ],
)
def test_database_itself_keeps_what_was_promised(
    asked: Asked, model: type[Study], change: dict[str, object]
) -> None:
    asked.enter(coupon=asked.cards[0].code)
    found = model.objects.filter(state=CouponState.USED) if model is Coupon else model.objects.all()
    with pytest.raises(DatabaseError), transaction.atomic():
        found.update(**change)


def test_days_of_promises_may_come_sooner(asked: Asked) -> None:
    Study.objects.update(links_until=CLOSES, answers_until=CLOSES + timedelta(days=50))
    assert Study.objects.get().links_until == CLOSES


def test_tables_of_respondents_have_no_order_of_answering(db: None) -> None:
    if connection.vendor != "sqlite":
        pytest.skip("of the other database")
    with connection.cursor() as cursor:
        cursor.execute("SELECT name FROM pragma_table_list WHERE wr = 1 AND name LIKE 'surveys_%'")
        assert {name for (name,) in cursor.fetchall()} == {
            f"surveys_{name}"
            for name in (
                "answer", "contact", "coupon", "namedtie", "openlink", "permission", "respondent",
                "seed",
            )
        }  # fmt: skip


def test_role_is_that_of_what_was_submitted(asked: Asked) -> None:
    entered = asked.enter()
    assert not asked.page(entered.code, DUAL).core_done
    assert Respondent.objects.get().role == ""
    while not asked.page(entered.code).core_done:
        pass
    role = Respondent.objects.get().role
    half = {"coop_role": ["none"], "pb_role": []}
    actions.save_page(code=entered.code, page="coop_role", posted=half, language="en", at=START)
    found = Respondent.objects.get()
    assert (role, found.role) == (Role.BOTH, Role.BOTH)
    assert found.answer.document["is_coop"] == "1"
