"""Each page asks the database so much and no more, however many studies and answers there are."""

import pytest
from django.test import Client
from pytest_django import DjangoAssertNumQueries

from tests.web.surveys.asked import Asked, make_asked

AGREED = {"agreed": "on", "website": ""}


@pytest.mark.parametrize("studies", [1, 3])
def test_list_of_surveys(
    db: None, django_assert_num_queries: DjangoAssertNumQueries, studies: int
) -> None:
    for _study in range(studies):
        make_asked(seeds=0)
    with django_assert_num_queries(2):
        Client().get("/surveys/")


@pytest.mark.parametrize("others", [0, 30])
def test_each_page_of_a_respondent(
    asked: Asked, django_assert_max_num_queries: DjangoAssertNumQueries, others: int
) -> None:
    for _other in range(others):
        asked.enter()
    client = Client()
    client.get(f"/surveys/s/{asked.cards[0].code}/")
    with django_assert_max_num_queries(4):
        client.get("/surveys/s/")
    with django_assert_max_num_queries(14):  # with what begins and ends the transaction
        client.post("/surveys/s/", AGREED)
    with django_assert_max_num_queries(1):
        client.get("/surveys/mine/")
    with django_assert_max_num_queries(9):
        client.post(
            "/surveys/mine/", {"page": "coop_role", "coop_role": "member", "pb_role": "none"}
        )
    for page, posted in (
        ("net_coop", {"net_coop": "3", "net_pb": "3"}),
        ("net_both", {"net_both": "1", "sender": "work"}),
        ("place", {}),
    ):
        with django_assert_max_num_queries(12):
            answer = client.post("/surveys/mine/", {"page": page, **posted})
    assert answer.headers["Location"] == "/surveys/mine/thanks/"
    with django_assert_max_num_queries(4):
        client.get("/surveys/mine/thanks/")
