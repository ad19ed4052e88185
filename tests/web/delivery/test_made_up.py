"""What became of a made-up vote says so in each file, and through the API."""

import csv
import io
import json

from django.test import Client
from django.utils import timezone

from interlock.web.delivery.models import AwardKind, Call
from interlock.web.delivery.queries.sums import add_up
from interlock.web.institutions.models import Institution
from interlock.web.look.made_up import INVENTED
from tests.web.delivery.calling import Fair
from tests.web.delivery.chain import Chain


def body(address: str) -> str:
    answer = Client().get(address)
    assert answer.status_code == 200
    whole = b"".join(answer.streaming_content) if answer.streaming else answer.content
    return whole.decode()


def marks(address: str, column: str = "synthetic") -> set[str]:
    return {row[column] for row in csv.DictReader(io.StringIO(body(address)))}


def invent(chain: Chain) -> str:
    """The town as a made-up one, with an agreement and a grant; the address of what became of it."""
    Institution.objects.filter(pk=chain.city.pk).update(is_synthetic=True)
    chain.award(1_000_000)
    chain.award(1_000_000, kind=AwardKind.GRANT)
    return f"/delivery/{chain.world.process.slug}/"


def test_each_file_says_so(chain: Chain) -> None:
    at = invent(chain)
    assert marks(f"{at}grants.csv", "Synthetic") == {"true"}
    assert marks(f"{at}projects.csv") == {"true"}
    assert marks("/delivery/sums.csv") == {"true"}
    assert marks("/delivery/coop-contracts.csv") == {"true"}
    for name in ("ocds", "records"):
        assert '"synthetic":true' in body(f"{at}{name}.json").replace(" ", "")


def test_each_answer_says_so(chain: Chain) -> None:
    invent(chain)
    told = json.loads(body("/api/deliveries"))
    assert {one["synthetic"] for one in told} == {True}
    one = f"/api/deliveries/{told[0]['process']}/{told[0]['project']}"
    assert json.loads(body(one))["synthetic"] is True


def test_pages_say_so(chain: Chain) -> None:
    at = invent(chain)
    for address in (at, f"{at}sums/"):
        assert str(INVENTED) in body(address)
    assert "Made-up data: nothing here" in body("/delivery/sums/")


def test_real_ones_do_not(chain: Chain) -> None:
    chain.award(1_000_000, kind=AwardKind.GRANT)
    at = f"/delivery/{chain.world.process.slug}/"
    assert "ynthetic" not in body(f"{at}grants.csv")
    assert marks(f"{at}projects.csv") == marks("/delivery/sums.csv") == {""}
    assert not add_up(timezone.now()).is_synthetic
    assert {one["synthetic"] for one in json.loads(body("/api/deliveries"))} == {False}


def test_call_says_so_in_its_sheet_and_its_answers(fair: Fair) -> None:
    call = fair.ranked(_bid_on(fair))
    for is_synthetic in (False, True):
        Institution.objects.filter(pk=call.issuer_id).update(is_synthetic=is_synthetic)
        sheet = body(f"{call.get_absolute_url()}sheet.csv")
        assert ("synthetic,,,,,,true" in sheet) == is_synthetic
        told = [json.loads(body(f"/api/calls/{call.pk}{end}")) for end in ("", "/ranking")]
        assert [one["synthetic"] for one in told] == [is_synthetic] * 2


def _bid_on(fair: Fair) -> Call:
    call = fair.preferring()
    fair.both_bid(call)
    return call
