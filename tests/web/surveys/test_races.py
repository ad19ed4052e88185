"""Many at the same moment, with real threads."""

from collections.abc import Callable

import pytest
from django.db import connection

from interlock.web.look.refusals import Refused
from interlock.web.surveys import actions, codes
from interlock.web.surveys.models import Coupon, CouponState, NamedTie, Permission, Respondent
from tests.web.surveys.asked import CLOSES, START, Asked, make_asked
from tests.web.threads import Crew


@pytest.fixture
def raced(emptied: None) -> Asked:
    return make_asked()


def trying(job: Callable[[], object]) -> Callable[[], str]:
    """ "in", or the reason of the refusal."""

    def tried() -> str:
        try:
            job()
        except Refused as refusal:
            return str(refusal.reason)
        return "in"

    return tried


def test_coupon_used_by_fifty_at_once_lets_one_in(raced: Asked) -> None:
    many = 50 if connection.vendor == "postgresql" else 8
    code = raced.cards[0].code
    with Crew(many) as crew:
        said = crew.at_once(*[trying(lambda: raced.enter(coupon=code))] * many)
    assert said.count("in") == 1
    assert set(said) == {
        "in",
        "This link was used already, or taken back. It lets one person in, once.",
    }
    assert Respondent.objects.count() == 1
    assert Coupon.objects.filter(state=CouponState.USED).count() == 1


def test_leave_used_by_many_at_once_is_used_once(raced: Asked) -> None:
    entered = raced.enter()
    raced.core(entered.code)
    leave, kind = codes.derived(entered.code, "naming"), raced.federation.kind

    def name() -> None:
        tie = NamedTie(subject_name="Wheelhouse", subject_kind=kind)
        actions.name_ties(leave=leave, named=[tie])

    with Crew(8) as crew:
        said = crew.at_once(*[trying(name)] * 8)
    assert said.count("in") == 1
    assert NamedTie.objects.count() == 1
    assert Permission.objects.filter(purpose="naming").count() == 0


def test_page_sent_twice_at_once_finishes_once(raced: Asked) -> None:
    entered = raced.enter(coupon=raced.cards[0].code)
    raced.page(entered.code, {"coop_role": ["member"], "pb_role": ["none"]})
    raced.page(entered.code)
    raced.page(entered.code)

    def send() -> None:
        actions.save_page(code=entered.code, page="place", posted={}, language="en", at=START)

    with Crew(4) as crew:
        assert crew.at_once(*[trying(send)] * 4) == ["in"] * 4
    assert Coupon.objects.filter(parent=entered.respondent).count() == 3


def test_nobody_comes_in_after_the_close(raced: Asked) -> None:
    def close() -> None:
        actions.close_study(study=raced.study, by=raced.dora, at=START)

    with Crew(5) as crew:
        said = crew.at_once(trying(close), *[trying(raced.enter)] * 4)
    assert said[0] == "in"
    assert Respondent.objects.count() == said[1:].count("in")
    assert START.date() < CLOSES
    with pytest.raises(Refused, match="closed"):
        raced.enter()
