"""What a sceptical reader broke once, each kept from breaking again."""

import pytest
from django.test import Client
from django.utils import timezone

from interlock.web.budgets import actions, counting, queries
from interlock.web.budgets.models import Phase, Pot
from interlock.web.institutions.actions import free_slug
from interlock.web.look.refusals import Refused
from interlock.web.record import queries as record
from interlock.web.voting import actions as voting
from interlock.web.voting.models import Draft
from tests.world import CLOSE, DOLLARS, START, World


@pytest.mark.parametrize(
    ("name", "slug"),
    [
        ("North_side", "north-side"),
        ("New", "new-2"),
        ("¿?", "unnamed"),
        ("Neighbourhood " * 10, "neighbourhood-neighbourhood-neighbourhood-neighbou"),
    ],
)
def test_slug_names_an_address_and_a_file(name: str, slug: str) -> None:
    assert free_slug(name, set()) == slug


def test_area_with_an_odd_name_is_counted(world: World) -> None:
    pot = world.process.pots.get()
    harbor = world.process.areas.get(ref="harbor")
    actions.put_area(
        process=world.process, area=harbor, name="Harbor", max_choices=2,
        allocations={pot: 49_000 * DOLLARS},
    )  # fmt: skip
    area = actions.put_area(
        process=world.process, name="North_side", max_choices=1,
        allocations={pot: 1_000 * DOLLARS},
    )  # fmt: skip
    actions.put_project(area=area, title="Bench", cost=900 * DOLLARS)
    world.refresh()
    world.open().cast_many(31).close()
    assert (counting.run_due(CLOSE), world.refresh().phase) == (1, Phase.COUNTED)


def test_key_goes_although_the_first_count_died_after_its_commit(
    world: World, monkeypatch: pytest.MonkeyPatch, django_capture_on_commit_callbacks
) -> None:  # type: ignore[no-untyped-def]
    world.open().cast_many(4).close()
    voting.unseal(box=world.process.box, at=CLOSE)  # and its callbacks are lost
    forgotten = []
    monkeypatch.setattr(voting, "_forget", lambda box: forgotten.append(box.ref))
    with django_capture_on_commit_callbacks(execute=True):
        world.count()
    assert forgotten == [world.process.box_id]


def test_codes_made_during_the_vote_stand_on_the_public_record(world: World) -> None:
    def told() -> list[str]:
        return [entry.act for entry in record.public() if entry.act == "process.codes_made"]

    actions.make_codes(process=world.process, letters=3, at=START, by=world.alice)
    assert told() == []
    world.refresh()
    world.open()
    assert world.process.rulebook.body["roll"] == 43
    actions.make_codes(process=world.process, letters=2, at=START, by=world.alice)
    assert told() == ["process.codes_made"]


@pytest.mark.parametrize("voters", [1, 2])
def test_result_of_one_or_two_voters_is_not_published(world: World, voters: int) -> None:
    world.open().cast_many(voters).close().count()
    with pytest.raises(Refused, match="Fewer than three people voted"):
        world.publish()


def test_result_without_any_voter_is_published(world: World) -> None:
    world.open().close().count().publish()
    page = Client().get(f"{world.process.get_absolute_url()}result/").content.decode()
    assert "Nobody voted, so nothing was funded." in page


def test_draft_cannot_be_saved_with_a_stale_box_after_the_close(world: World) -> None:
    stale = world.open().process.box
    world.close()
    with pytest.raises(Refused, match="closed"):
        voting.save_draft(box=stale, code="0123456789", content={})
    assert Draft.objects.count() == 0


def test_pot_changed_meanwhile_keeps_its_sum(world: World) -> None:
    """Two organisers at once: one holds a pot that the other has since given out."""
    stale = Pot.objects.get()
    area = world.process.areas.get(ref="harbor")
    actions.put_area(
        process=world.process, area=area, name=area.name, max_choices=2, allocations={stale: 0}
    )
    given = {"name": "Pot", "source": stale.source, "fund_type": "capital"}
    actions.put_pot(process=world.process, pot=stale, amount=160_000 * DOLLARS, **given)
    pot = Pot.objects.get()
    assert (pot.amount, pot.unallocated) == (160_000 * DOLLARS, 10_000 * DOLLARS)


def test_currency_cannot_change_under_amounts(world: World) -> None:
    with pytest.raises(Refused, match="smallest unit"):
        actions.change_process(process=world.process, changes={"currency": "JPY"})


def test_bundle_that_is_gone_is_told_and_not_published(world: World) -> None:
    world.open().cast_many(40).close().count()
    queries.bundle_path(world.process).unlink()
    with pytest.raises(Refused, match="bundle of this count is missing"):
        world.publish()


def test_bundle_lost_after_publication_is_a_refusal(world: World) -> None:
    world.open().cast_many(40).close().count().publish()
    queries.bundle_path(world.process).unlink()
    answer = Client().get(f"{world.process.get_absolute_url()}result/bundle/")
    assert (answer.status_code, "missing on the server" in answer.content.decode()) == (503, True)


@pytest.mark.django_db
@pytest.mark.parametrize("code", ["a/b", "https://town.example/receipt/" + 20 * "0" + "/", "%"])
def test_anything_typed_as_a_receipt_gets_an_answer(code: str) -> None:
    answer = Client().get("/receipt/", {"code": code}, follow=True)
    assert (answer.status_code, "No ballot has this receipt" in answer.content.decode()) == (
        404,
        True,
    )


def test_pasted_address_of_a_receipt_finds_the_ballot(
    world: World, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(timezone, "now", lambda: START)
    receipt = world.open().cast(0, {"city-wide": ["1"]})
    address = f"http://testserver/receipt/{receipt}/"
    answer = Client().get("/receipt/", {"code": address}, follow=True)
    assert "In the box" in answer.content.decode()
    assert "no-store" in answer.headers["Cache-Control"]


@pytest.mark.django_db
def test_api_takes_any_offset() -> None:
    assert Client().get("/api/processes?offset=99999999999999999999999").json() == []


SMALL = """META
key;value
description;x
country;Poland
unit;Smallville
instance;2024
num_projects;1
num_votes;1
budget;100
vote_type;approval
rule;greedy
date_begin;2024
date_end;2024
PROJECTS
project_id;cost;name
1/2023;40;Trees
VOTES
voter_id;vote
1;1/2023
"""


@pytest.mark.django_db
def test_project_id_with_a_stroke_has_a_page() -> None:
    made = counting.import_election(file_name="s.pb", data=SMALL.encode(), at=START)
    client, url = Client(), made.process.get_absolute_url()
    assert [
        client.get(f"{url}{page}").status_code for page in ("", "result/", "projects/1/2023/")
    ] == [
        200,
        200,
        200,
    ]


@pytest.mark.django_db
@pytest.mark.parametrize(
    ("before", "after", "currency", "reason"),
    [
        ("budget;100", "budget;" + 24 * "9", "", "larger than any public budget"),
        ("1/2023", "p" * 70, "", "longer than 60 signs"),
        ("", "", "EUROS", "is no currency"),
    ],
)
def test_import_refuses_what_no_table_holds(
    before: str, after: str, currency: str, reason: str
) -> None:
    data = SMALL.replace(before, after).encode() if before else SMALL.encode()
    with pytest.raises(Refused) as refused:
        counting.import_election(file_name="s.pb", data=data, at=START, currency=currency)
    assert reason in str(refused.value.reason)


@pytest.mark.django_db
def test_same_file_under_another_name_is_not_imported_twice() -> None:
    counting.import_election(file_name="a.pb", data=SMALL.encode(), at=START)
    with pytest.raises(Refused, match="imported before"):
        counting.import_election(file_name="b.pb", data=SMALL.encode(), at=START)
