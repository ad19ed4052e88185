import json
from pathlib import Path

import pytest

from interlock.__main__ import main
from interlock.methods.formats import bundle

from ..methods.formats.files import rulebook_of
from .test_count import TOWN


@pytest.fixture
def published(tmp_path: Path) -> Path:
    area = bundle.Area("town", "Town", TOWN.encode(), "equalshares/add1", "a seed")
    whole = bundle.write(
        title="Town 2026", slug="t", rulebook=rulebook_of(area), areas=[area], software="0.1.0"
    )
    path = tmp_path / "town.zip"
    path.write_bytes(whole)
    return path


def test_reproduced_count_is_one_sentence(
    published: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    assert main(["recount", str(published)]) == 0
    short = bundle.short_fingerprint(bundle.fingerprint(published.read_bytes()))
    first, second, third = capsys.readouterr().out.splitlines()
    assert (first, third) == (
        f"Fingerprint {short}",
        "The count of 3 ballots of “Town 2026” is reproduced bit for bit.",
    )
    assert second.startswith("Rulebook    ")


def test_made_up_vote_is_told_as_such(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    ballots, path = tmp_path / "town.pb", tmp_path / "town.zip"
    ballots.write_text(TOWN.replace("budget;", "synthetic;true\nbudget;"))
    area = bundle.Area("town", "Town", ballots.read_bytes(), "greedy", "a seed")
    path.write_bytes(
        bundle.write(title="T", slug="t", rulebook=rulebook_of(area), areas=[area], software="0")
    )
    protocol = tmp_path / "protocol.json"
    made_up = "Made up: this vote was not held in the world."
    assert main(["recount", str(path)]) == 0
    assert capsys.readouterr().out.splitlines()[2:] == [
        made_up,
        "The count of 3 ballots of “T” is reproduced bit for bit.",
    ]
    assert main(["count", str(ballots), "--rule", "greedy", "--protocol", str(protocol)]) == 0
    assert capsys.readouterr().out.splitlines()[1] == made_up
    assert json.loads(protocol.read_text())["synthetic"] is True
    for verified in ([str(protocol), str(ballots)], [str(path)]):
        assert main(["verify", *verified]) == 0
        assert capsys.readouterr().out.splitlines()[0] == made_up
    ballots.write_text(TOWN)
    assert main(["verify", str(protocol), str(ballots)]) == 1
    assert capsys.readouterr().out == (
        "Only one of protocol and ballots says that it is made up.\n"
    )


def test_published_fingerprint_is_compared(
    published: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    full = bundle.fingerprint(published.read_bytes())
    for right in (full, bundle.short_fingerprint(full).upper()):
        assert main(["recount", str(published), "--fingerprint", right]) == 0
    capsys.readouterr()
    assert main(["recount", str(published), "--fingerprint", "0" * 16]) == 1
    assert "The fingerprint is not the one you gave." in capsys.readouterr().out
    assert main(["recount", str(published), "--fingerprint", "abc"]) == 2


def test_difference_is_a_negative_finding(
    published: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    area = bundle.Area("town", "Town", TOWN.encode(), "equalshares/add1", "a seed")
    twice = bundle.write(
        title="T",
        slug="t",
        rulebook=rulebook_of(area),
        areas=[area],
        software="0",
        receipts=["0" * 64],
    )
    published.write_bytes(twice)
    assert main(["recount", str(published)]) == 1
    assert "There are 1 receipts for 3 ballots." in capsys.readouterr().out


def test_what_is_no_bundle_is_bad_input(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    path = tmp_path / "no.zip"
    assert main(["recount", str(path)]) == 2
    path.write_bytes(b"no")
    assert main(["recount", str(path)]) == 2
    assert "not a readable zip" in capsys.readouterr().err
