"""Packages of OCDS: valid by the standard's own checker, merged by its rules, read back to the cent."""

import json
import warnings
import zipfile
from collections.abc import Iterator
from dataclasses import replace
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from interlock.methods.formats import ocds
from interlock.methods.formats.faults import FormatError
from interlock.methods.formats.money import MOST_MINOR, json_number, minor_of
from interlock.methods.formats.ocds import Sums
from interlock.methods.formats.ocds.package import record_chunks, release_chunks

from ...real import real
from .facts import wrong
from .samples import AWARD, BOTH, BUS, CITY, PUBLISHER, TOOLS, WHEELHOUSE

RELEASES = ocds.release_package(PUBLISHER, BOTH)
RECORDS = ocds.record_package(PUBLISHER, BOTH)
WHY_NOT = "the checker of OCDS is not here (make standard)"


def compiled(ocid: str = BUS.ocid) -> dict[str, Any]:
    return next(one["compiledRelease"] for one in RECORDS["records"] if one["ocid"] == ocid)


def test_sums_survive_writing_and_reading() -> None:
    expected = Sums(
        "USD",
        processes=2,
        budgeted=166_000_00,
        awarded=105_500_50,
        contracted=56_000_00,
        paid=40_000_00,
        paid_to=((WHEELHOUSE.id, 40_000_00),),
    )
    for package in (RELEASES, RECORDS):
        assert ocds.read(json.dumps(package).encode()) == (expected,)


@pytest.mark.parametrize("package", [RELEASES, RECORDS], ids=["releases", "records"])
def test_package_is_valid_by_the_checker_of_the_standard(package: dict[str, Any]) -> None:
    """By libcoveocds and the published schemas, which may not be carried: `make standard` has both."""
    schemas = real("schemas/ocds-1.1.5.zip", "make standard")
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        api = pytest.importorskip("libcoveocds.api", reason=WHY_NOT)
        config = pytest.importorskip("libcoveocds.config").LibCoveOCDSConfig()
        config.config.update(context="api", standard_zip=f"file://{schemas}")
        # Nothing is fetched here: what extensions add is asked of their schemas below.
        told = api.ocds_json_output(
            json_data=json.loads(json.dumps({**package, "extensions": []})),
            lib_cove_ocds_config=config,
        )
    assert told["validation_errors"] == []
    assert told["additional_closed_codelist_values"] == {}
    assert told["deprecated_fields"] == []
    assert told["additional_checks"] == {}
    assert told.get("conformance_errors") is None
    assert told["unique_ocids_count"] == 2


def test_release_is_valid_by_the_schemas_of_its_extensions() -> None:
    schemas = real("schemas/ocds-1.1.5.zip", "make standard")
    jsonschema = pytest.importorskip("jsonschema", reason=WHY_NOT)
    with zipfile.ZipFile(schemas) as folder:
        schema = json.loads(folder.read("standard/extended/release-schema.json"))
    checker = jsonschema.Draft4Validator(schema, format_checker=jsonschema.FormatChecker())
    for release in (*RELEASES["releases"], compiled()):
        assert [
            error.message for error in checker.iter_errors(json.loads(json.dumps(release)))
        ] == []


def test_releases_merge_as_the_library_of_the_standard_does() -> None:
    schemas = real("schemas/ocds-1.1.5.zip", "make standard")
    ocdsmerge = pytest.importorskip("ocdsmerge", reason=WHY_NOT)
    with zipfile.ZipFile(schemas) as folder:
        schema = json.loads(folder.read("standard/extended/release-schema.json"))
    for record in RECORDS["records"]:
        merger = ocdsmerge.Merger(schema)
        told = merger.create_compiled_release(json.loads(json.dumps(record["releases"])))
        assert json.loads(json.dumps(record["compiledRelease"])) == told


def test_release_keeps_to_the_elements_of_the_standard() -> None:
    for release in (*RELEASES["releases"], compiled(), compiled(TOOLS.ocid)):
        assert wrong(release) == []


def test_facts_refuse_what_the_standard_refuses() -> None:
    good = RELEASES["releases"][0]
    assert wrong({**good, "tag": ["planing"]}) == ["tag[0]: planing"]
    assert wrong({**good, "tender": {"title": "x"}}) == ["tender.id: missing"]
    assert wrong({**good, "colour": "red"}) == ["colour: unknown"]
    assert wrong({**good, "date": "2027-05-03"}) == ["date: 2027-05-03"]


def test_story_is_told_release_by_release() -> None:
    told = [one["tag"] for one in RELEASES["releases"] if one["ocid"] == BUS.ocid]
    assert told == [
        ["planning"],
        ["tender"],
        ["tenderUpdate"],
        ["tenderUpdate"],
        ["award"],
        ["awardCancellation"],
        ["award"],
        ["contract"],
        ["implementationUpdate"],
        ["implementation"],
        ["contractAmendment"],
        ["implementationUpdate"],
        ["implementation"],
        ["implementation"],
        ["contractTermination"],
    ]


def test_milestones_stand_as_the_last_answer_says_and_sum_to_the_contract() -> None:
    (contract,) = compiled()["contracts"]
    milestones = contract["implementation"]["milestones"]
    assert {one["id"]: one["status"] for one in milestones} == {
        "M1": "met",
        "M2": "scheduled",
        "M3": "scheduled",
    }
    assert sum(one["value"]["amount"] for one in milestones) == contract["value"]["amount"]
    assert contract["amendments"] == [
        {
            "id": "2",
            "date": "2027-08-10T15:00:00Z",
            "rationale": "The depot is late.",
            "rationale_es": "La cochera se retrasa.",
        }
    ]


def test_bids_are_not_told_before_they_are_opened() -> None:
    sealed = replace(BUS, calls=(replace(BUS.calls[0], opened=None),), awards=(), contracts=())
    told = json.dumps(ocds.releases(sealed))
    assert "bids" not in told
    assert WHEELHOUSE.name not in told


def test_roles_grow_with_the_process() -> None:
    roles = {one["id"]: one["roles"] for one in compiled()["parties"]}
    assert roles[CITY.id] == ["buyer", "funder", "payer"]
    assert roles[WHEELHOUSE.id] == ["tenderer", "supplier", "payee"]


def references(said: Any) -> Iterator[str]:
    if isinstance(said, dict):
        for key, one in said.items():
            if key in {"buyer", "procuringEntity", "payer", "payee", "sourceParty"}:
                yield one["id"]
            elif key in {"suppliers", "tenderers"}:
                yield from (party["id"] for party in one)
            else:
                yield from references(one)
    elif isinstance(said, list):
        for one in said:
            yield from references(one)


def test_every_reference_is_to_a_party_of_the_same_release() -> None:
    for release in (*RELEASES["releases"], compiled()):
        parties = {one["id"] for one in release["parties"]}
        assert set(references(release)) - parties == set()


def test_direct_award_says_that_nobody_else_was_asked() -> None:
    tender = compiled(TOOLS.ocid)["tender"]
    assert (tender["procurementMethod"], tender["procurementMethodRationale"]) == (
        "direct",
        "The only one.",
    )


def test_chunks_are_the_package() -> None:
    assert json.loads("".join(release_chunks(PUBLISHER, BOTH))) == RELEASES
    assert json.loads("".join(record_chunks(PUBLISHER, BOTH))) == RECORDS


@given(st.integers(-MOST_MINOR + 1, MOST_MINOR - 1), st.integers(0, 3))
def test_amount_survives_json(minor: int, decimals: int) -> None:
    written = json.dumps(json_number(minor, decimals))
    assert minor_of(json.loads(written), decimals) == minor


@given(st.lists(st.integers(1, 10**12), max_size=6))
def test_sums_of_any_awards_survive(values: list[int]) -> None:
    awards = [replace(AWARD, id=str(place), value=one) for place, one in enumerate(values)]
    process = replace(BUS, cost=sum(values), pots=(), calls=(), awards=awards, contracts=())
    package = json.dumps(ocds.record_package(PUBLISHER, [process])).encode()
    (found,) = ocds.read(package)
    assert (found.budgeted, found.awarded, found.paid) == (sum(values), sum(values), 0)


@pytest.mark.parametrize(
    ("data", "said"),
    [
        (b"[]", "must be an object"),
        (b"{}", "neither releases nor records"),
        (b'{"releases": [{}]}', "no release with an ocid"),
        (b'{"releases": [{"ocid": "x"}]}', "an ocid and a date"),
        (b'{"records": [{}]}', "an ocid and a date"),
        (b'{"records": [7]}', "no compiled release"),
        (
            b'{"records": [{"compiledRelease": {"awards": [{"value": {"amount": 1}}]}}]}',
            "currency is missing",
        ),
        (
            (
                b'{"records": [{"compiledRelease": {"awards": [{"value": '
                b'{"amount": 0.001, "currency": "USD"}}]}}]}'
            ),
            "no amount with 2 decimals",
        ),
    ],
)
def test_package_that_is_none_is_refused(data: bytes, said: str) -> None:
    with pytest.raises(FormatError, match=said):
        ocds.read(data)
