"""However long a list is, the database is asked as often."""

from collections.abc import Callable

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from interlock.web.delivery.actions import stories
from interlock.web.delivery.models import Delivery
from interlock.web.delivery.queries.waiting import todo
from tests.web.delivery.chain import AFTER, BEGIN, Chain
from tests.world import both

MOST = 8


def asked(path: str, client: Client | None = None) -> int:
    client = client or Client()
    client.get(path)
    with CaptureQueriesContext(
        connection,
    ) as captured:
        assert client.get(path).status_code == 200
    return len(captured)


def more(chain: Chain, number: int) -> None:
    """So many more funded projects, each awarded and told of."""
    project = chain.delivery.project
    for ref in range(100, 100 + number):
        project.pk, project.ref, project.cost = None, str(ref), 1_000
        project.save(force_insert=True)
        made = Delivery.objects.create(
            project=project, responsible=chain.city, cost=1_000, recorded_at=BEGIN
        )
        chain.delivery = Delivery.objects.select_related("project__process").get(pk=made.pk)
        chain.agree(1_000)


def test_lists_of_deliveries(chain: Chain) -> None:
    chain.agree(1_000)
    paths = ("/delivery/", f"/delivery/{chain.world.process.slug}/", "/api/deliveries")
    one = {path: asked(path) for path in paths}
    more(chain, 3)
    assert {path: asked(path) for path in paths} == one
    assert max(one.values()) <= MOST


def test_page_of_a_project(chain: Chain, signed_in: Callable[..., Client]) -> None:
    home = chain.delivery.get_absolute_url()
    chain.agree(1_000)
    few = asked(home), asked(home, signed_in(chain.alice))
    for text in ("One", "Two", "Three"):
        stories.news(
            delivery=chain.delivery, acting=chain.city, text=both(text, text), by=chain.alice,
            at=AFTER,
        )  # fmt: skip
    chain.agree(1_000)
    chain.agree(1_000)
    assert (asked(home), asked(home, signed_in(chain.alice))) == few
    assert few[0] <= MOST


def test_agreement_with_its_milestones_and_payments(chain: Chain) -> None:
    agreement = chain.agree(1_000, 2_000, 3_000)
    home = agreement.get_absolute_url()
    chain.accept(agreement, "M1")
    chain.pay(agreement, 100)
    one = asked(home), asked(f"{home}versions/")
    chain.accept(agreement, "M2")
    chain.report(agreement, "M3")
    for _more in range(3):
        chain.pay(agreement, 100)
    chain.change(agreement, chain.terms(1_000, 2_000, 4_000))
    assert (asked(home), asked(f"{home}versions/")) == one
    assert max(one) <= MOST


@pytest.mark.parametrize("number", [1, 3])
def test_what_waits_for_an_officer_is_found_in_so_many_queries(chain: Chain, number: int) -> None:
    for _each in range(number):
        agreement = chain.agree(1_000, advance=500)
        chain.report(agreement)
        chain.invoice(agreement, 100)
        chain.award(10)
    with CaptureQueriesContext(connection) as captured:
        assert len(todo(chain.alice)) == 3 * number
    assert len(captured) <= MOST
