"""How a survey fares, as its owner sees it: all of them, and never one."""

from datetime import timedelta

import pytest
from django.utils import timezone
from pytest_django import DjangoAssertNumQueries

from interlock.methods.referral.reasons import LEAST_RESPONDENTS
from interlock.web.surveys import actions, progress, queries
from interlock.web.surveys.models import Anonymity, Coupon, Respondent, Role
from interlock.web.surveys.progress import Day, progress_of
from tests.web.surveys.asked import COOPERATOR, DAY, PBER, START, Asked, make_asked

EXPIRE = (
    "that were not used expire within a week. Remind the people you gave cards to, all of them "
    "alike."
)


def told(asked: Asked, days: int = 1) -> progress.Progress:
    version = queries.current_version(asked.study)
    return progress_of(asked.study, version, START + days * DAY)


def chain(asked: Asked, *, roles: object = (COOPERATOR,) * 3) -> str:
    """A seed and two of theirs; the code of the seed."""
    first = asked.enter(coupon=asked.cards[0].code)
    asked.core(first.code, COOPERATOR)
    for coupon, role in zip(list(actions.coupon_codes(first.code))[:2], roles, strict=False):  # type: ignore[call-overload]
        asked.core(asked.enter(coupon=coupon).code, role)
    return first.code


def test_what_happened_until_yesterday_is_counted(asked: Asked) -> None:
    chain(asked)
    asked.core(asked.enter().code, PBER)
    asked.enter()
    made = told(asked)
    assert {
        "started": made.started, "finished": made.finished, "in_chains": made.in_chains,
        "by_links": made.by_links, "seeds": (made.seeds, made.seeds_used),
        "handed": (made.handed_on, made.handed_used), "unused": made.unused, "links": made.links,
        "trees": (made.trees, made.dead), "still": made.still,
    } == {
        "started": 5, "finished": 4, "in_chains": 3, "by_links": 1, "seeds": (2, 1),
        "handed": (9, 2), "unused": 8, "links": 1, "trees": (1, 0),
        "still": LEAST_RESPONDENTS - 3,
    }  # fmt: skip


def test_today_is_told_tomorrow(asked: Asked) -> None:
    """Whoever hands out a card and looks at the page does not see it being used."""
    before = told(asked, 0)
    chain(asked)
    asked.core(asked.enter().code)
    assert told(asked, 0) == before
    assert told(asked, 1).started == 4


def test_days_on_which_nothing_happened_are_among_them(asked: Asked) -> None:
    asked.core(asked.enter().code)
    asked.core(asked.enter(at=START + 2 * DAY).code, at=START + 2 * DAY)
    day = START.date()
    assert told(asked, 3).days == [
        Day(day, 1, 1, 1, 1), Day(day + DAY, 0, 0, 1, 1), Day(day + 2 * DAY, 1, 1, 2, 2),
    ]  # fmt: skip
    assert told(asked, 3).lines["finished"] == "0.00,50.00 50.00,50.00 100.00,0.00"


def test_cells_of_few_are_withheld_by_wave(asked: Asked) -> None:
    tree = asked.study.seeds.all()[0].ref
    kept = {"study": asked.study, "version": asked.study.versions.get(), "tree": tree}
    kept |= {"consent": asked.study.consents.get(), "came_by": "coupon"}
    counts = {(0, Role.COOP): 7, (0, Role.PB): 8, (1, Role.COOP): 9, (1, Role.PB): 3}
    Respondent.objects.bulk_create(
        Respondent(**kept, wave=wave, role=role, started_on=START.date(), finished_on=START.date())
        for (wave, role), number in counts.items()
        for _each in range(number)
    )
    first, second = told(asked).waves
    assert (second.roles[1], first.roles[1]) == (None, None)
    assert (first.answers, second.answers) == (15, 10)


def test_one_answer_more_is_not_seen_by_wave_and_role(asked: Asked) -> None:
    tree = asked.study.seeds.all()[0].ref
    kept = {"study": asked.study, "version": asked.study.versions.get(), "tree": tree}
    kept |= {"consent": asked.study.consents.get(), "came_by": "coupon", "wave": 0}
    kept |= {"role": Role.COOP, "started_on": START.date(), "finished_on": START.date()}
    waves = []
    for number in (20, 1, 1):
        Respondent.objects.bulk_create(Respondent(**kept) for _each in range(number))
        waves.append(told(asked).waves)
    assert waves == [waves[0]] * 3
    assert waves[0][0].answers == 20


def test_withdrawn_answers_are_no_answers(asked: Asked) -> None:
    actions.withdraw(code=chain(asked), at=START)
    made = told(asked)
    assert (made.started, made.finished, made.withdrawn) == (3, 2, 1)


def test_help_is_what_lacks(asked: Asked) -> None:
    chain(asked)
    made = told(asked, 25)
    assert [one.text.split(":")[0] for one in made.helps] == [
        "More seeds",
        f"8 coupons {EXPIRE}",
    ]
    Coupon.objects.filter(state="unused").update(state="void")
    assert [one.view for one in told(asked, 25).helps] == ["surveys:seeds", "surveys:seeds"]
    assert told(asked, 25).dead == 1


def test_help_begins_with_cards_and_then_with_handing_them_out(db: None) -> None:
    asked = make_asked(seeds=0)
    assert [one.text.split(":")[0] for one in told(asked).helps] == ["The first cards"]
    asked = make_asked(seeds=20)
    assert [one.view for one in told(asked).helps] == ["surveys:leaflet"]


def test_study_without_chains_has_no_help_with_them(db: None) -> None:
    asked = make_asked(anonymity=Anonymity.APART, seeds=0)
    assert told(asked).helps == []


def test_doubts_are_counted_and_gather_in_chains(asked: Asked) -> None:
    chain(asked)
    asked.core(asked.enter().code)
    Respondent.objects.update(flags=[])  # those who answer alike here are marked already
    Respondent.objects.filter(wave=1).update(flags=["fast", "alike"])
    found, doubtful, full = progress.doubts_of(asked.study, START + DAY)
    assert [(one.flag, one.number) for one in found] == [("fast", 2), ("alike", 2)]
    assert (doubtful, full) == (2, 0)
    assert progress.doubts_of(asked.study, START) == ([], 0, 0)


@pytest.mark.parametrize("others", [0, 30])
def test_desk_asks_so_much_and_no_more(
    db: None, django_assert_num_queries: DjangoAssertNumQueries, others: int, signed_in: object
) -> None:
    at = timezone.now() - 3 * DAY
    asked = make_asked(at=at, closes_on=at.date() + timedelta(days=60))
    for _other in range(others):
        asked.core(asked.enter(at=at).code, at=at)
    client = signed_in(asked.dora)  # type: ignore[operator]
    home = f"{asked.study.get_absolute_url()}desk/"
    with django_assert_num_queries(13):
        client.get(home)
    with django_assert_num_queries(5):
        client.get(f"{home}doubts/")


@pytest.mark.parametrize("number", [1, 3])
def test_lists_ask_so_much_and_no_more(
    db: None, django_assert_num_queries: DjangoAssertNumQueries, number: int, signed_in: object
) -> None:
    asked = make_asked(seeds=0)
    for _each in range(number - 1):
        other = make_asked(seeds=0)
        actions.add_version(study=asked.study, files=_files(other), by=asked.dora, at=START)
    client = signed_in(asked.dora)  # type: ignore[operator]
    home = f"{asked.study.get_absolute_url()}desk/"
    for path, most in (("/surveys/desk/", 4), (f"{home}questions/", 6), (f"{home}researchers/", 6)):
        client.get(path)
        with django_assert_num_queries(most):
            client.get(path)


def _files(asked: Asked) -> dict[str, bytes]:
    document = asked.study.versions.get().document
    return {f"{name}.csv": text.encode() for name, text in document.items()}
