import json
from pathlib import Path

import pytest

from interlock.__main__ import main
from interlock.methods.formats import bundle

from ..methods.formats.files import rulebook_of
from .test_count import TOWN


@pytest.fixture
def town(tmp_path: Path) -> Path:
    path = tmp_path / "town.pb"
    path.write_text(TOWN)
    return path


@pytest.fixture
def protocol(town: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> Path:
    path = tmp_path / "town.json"
    arguments = ["--rule", "equalshares/add1", "--protocol", str(path)]
    assert main(["count", str(town), *arguments]) == 0
    capsys.readouterr()
    return path


@pytest.fixture
def published(tmp_path: Path) -> Path:
    area = bundle.Area("town", "Town", TOWN.encode(), "equalshares/add1", "a seed")
    whole = bundle.write(
        title="Town 2026", slug="t", rulebook=rulebook_of(area), areas=[area], software="0.1.0"
    )
    path = tmp_path / "town.zip"
    path.write_bytes(whole)
    return path


def test_right_count_is_one_sentence(
    town: Path, protocol: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    assert main(["verify", str(protocol), str(town), "--every-raise"]) == 0
    said = capsys.readouterr()
    assert said.out == "The count of 3 ballots by equalshares/add1 is right.\n"
    assert "tie order" not in said.err


def test_wrong_number_is_a_negative_finding(
    town: Path, protocol: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    stated = json.loads(protocol.read_text())
    stated["rounds"][0]["payment"] = "1"
    protocol.write_text(json.dumps(stated))
    assert main(["verify", str(protocol), str(town)]) == 1
    assert "payment" in capsys.readouterr().out


def test_what_was_published_is_compared(
    town: Path, protocol: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    ties = ["--ties", "park,bus,trees"]
    assert main(["verify", str(protocol), str(town), "--rule", "greedy", *ties]) == 1
    assert capsys.readouterr().out.splitlines()[:2] == [
        "The order is another one.",
        "The rule is equalshares/add1, not greedy.",
    ]


def test_order_that_nobody_published_is_noted(
    town: Path, protocol: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    stated = json.loads(protocol.read_text())
    stated["order"].reverse()
    protocol.write_text(json.dumps(stated))
    assert main(["verify", str(protocol), str(town)]) == 0
    assert "Note: the tie order is the protocol's own" in capsys.readouterr().err


def test_every_area_of_a_bundle_is_checked(
    published: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    assert main(["verify", str(published)]) == 0
    assert capsys.readouterr().out == "The count of 3 ballots is right.\n"


def test_fault_in_a_bundle_names_its_area(
    published: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    manifest, files, differences = bundle.contents(published.read_bytes())
    assert differences == ()
    stated = json.loads(files["town.protocol.json"])
    stated["spent"] = "1"
    files["town.protocol.json"] = bundle.canonical(stated)
    published.write_bytes(bundle._zipped(files))
    assert main(["verify", str(published)]) == 1
    first, second = capsys.readouterr().out.splitlines()
    assert first.startswith("The file town.protocol.json is not the one that was published")
    assert second.startswith("Town: spent is '1', but")
    assert manifest["areas"][0]["name"] == "Town"


def test_what_cannot_be_read_is_bad_input(
    town: Path, protocol: Path, published: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    def told(*arguments: str) -> str:
        assert main(["verify", *arguments]) == 2
        said = capsys.readouterr()
        assert said.out == ""
        return said.err

    assert "No such file" in told(str(town.parent / "none.json"), str(town))
    assert "Give the ballots, too" in told(str(protocol))
    assert "A bundle brings its own ballots" in told(str(published), str(town))
    assert "is not a protocol" in told(str(town), str(town))
    protocol.write_text("[]")
    assert "is not a protocol" in told(str(protocol), str(town))
