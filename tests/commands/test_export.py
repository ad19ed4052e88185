"""`interlock export`: what is delivered, from the command line."""

import csv
import io
import json
import zipfile

import pytest

from interlock.__main__ import main
from interlock.methods.formats import ocds
from interlock.web.delivery.models import AwardKind, Posting
from tests.web.delivery.chain import Chain, new_chain

from ..methods.formats.ocds.facts import wrong
from ..methods.real import real

pytestmark = pytest.mark.usefixtures("emptied")
Told = pytest.CaptureFixture[str]


@pytest.fixture
def paid(emptied: None) -> Chain:
    """The tool library, delivered by the Mill in two parts with a change order, one of them paid."""
    chain = new_chain()
    agreement = chain.agree(1_500_000, 2_500_000)
    chain.change(agreement, chain.terms(1_500_000, 2_600_050))
    chain.accept(agreement, "M1")
    chain.accept(agreement, "M2", 1_000_000)
    chain.pay(agreement, 1_500_000)
    return chain


def paid_postings() -> int:
    return sum(Posting.objects.filter(kind="paid").values_list("amount", flat=True))


@pytest.mark.parametrize("asked", [[], ["--records"]], ids=["releases", "records"])
def test_ocds_keeps_its_sums(paid: Chain, capsys: Told, asked: list[str]) -> None:
    assert main(["export", "ocds", paid.world.process.slug, *asked]) == 0
    (told,) = ocds.read(capsys.readouterr().out.encode())
    assert (told.awarded, told.contracted, told.paid) == (4_000_000, 4_100_050, paid_postings())
    assert told.processes == 2


def test_ocds_keeps_to_the_standard(paid: Chain, capsys: Told) -> None:
    main(["export", "ocds", paid.world.process.slug])
    releases = json.loads(capsys.readouterr().out)["releases"]
    assert [fault for one in releases for fault in wrong(one)] == []


def test_ocds_is_valid_by_the_checker_of_the_standard(paid: Chain, capsys: Told) -> None:
    schemas = real("schemas/ocds-1.1.5.zip", "make standard")
    jsonschema = pytest.importorskip("jsonschema", reason="jsonschema is not here (make standard)")
    with zipfile.ZipFile(schemas) as folder:
        schema = json.loads(folder.read("standard/extended/release-schema.json"))
    checker = jsonschema.Draft4Validator(schema, format_checker=jsonschema.FormatChecker())
    main(["export", "ocds", paid.world.process.slug])
    for release in json.loads(capsys.readouterr().out)["releases"]:
        assert [error.message for error in checker.iter_errors(release)] == []


def test_grants_in_both_forms(paid: Chain, capsys: Told) -> None:
    slug = paid.world.process.slug
    other = new_other(paid)
    award = other.award(1_000_050, kind=AwardKind.GRANT)
    assert main(["export", "threesixty", slug]) == 0
    (grant,) = json.loads(capsys.readouterr().out)["grants"]
    assert (grant["id"], grant["amountAwarded"]) == (f"360G-interlock-{award.pk}", 10_000.5)
    assert main(["export", "threesixty", slug, "--csv"]) == 0
    (row,) = csv.DictReader(io.StringIO(capsys.readouterr().out))
    assert row["Amount Awarded"] == "10000.5"


def new_other(chain: Chain) -> Chain:
    """The other project that the town funded."""
    delivery = type(chain.delivery).objects.exclude(pk=chain.delivery.pk).first()
    assert delivery is not None
    people = (chain.mill, chain.mia, chain.dan, chain.firm, chain.fred)
    return Chain(chain.world, delivery, *people)


def test_contracts_with_worker_coops(paid: Chain, capsys: Told) -> None:
    assert main(["export", "coop-contracts", "--begins", "1"]) == 0
    (row,) = csv.DictReader(io.StringIO(capsys.readouterr().out))
    assert (row["fiscal_year"], row["contracts_to_worker_coops_value"]) == ("2027", "41000.5")


def test_process_that_is_not_there_is_bad_input(capsys: Told) -> None:
    assert main(["export", "ocds", "nowhere"]) == 2
    assert "no published process “nowhere”" in capsys.readouterr().err
