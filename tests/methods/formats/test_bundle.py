import io
import json
import zipfile
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from interlock.methods.counting import why_not_supported
from interlock.methods.formats import bundle

from .files import data, rulebook_of, text

RECEIPTS = [f"{number:064x}" for number in (3, 1, 2)]
#: That of `make()` as it was first published.
FINGERPRINT = "09e92da6d8ca00ceaa5ddcd2e79bef32f1d589b1b963bba90a3d52f10b247e92"
OTHER_RULE = "North: counted by another rule or lot than the rulebook's."


def make(**changes: Any) -> bytes:
    area = bundle.Area("north", "North", data(), "equalshares/add1", "drawn on 2 May")
    given: dict[str, Any] = {
        "title": "Riverbend 2026",
        "slug": "rb2026",
        "areas": [area],
        "software": "0.1.0",
        "receipts": RECEIPTS,
    }
    whole = {**given, **changes}
    return bundle.write(**{"rulebook": rulebook_of(*whole["areas"]), **whole})


def unzipped(whole: bytes) -> dict[str, bytes]:
    with zipfile.ZipFile(io.BytesIO(whole)) as archive:
        return {name: archive.read(name) for name in archive.namelist()}


def zipped(files: dict[str, bytes]) -> bytes:
    target = io.BytesIO()
    with zipfile.ZipFile(target, "w") as archive:
        for name, content in files.items():
            archive.writestr(name, content)
    return target.getvalue()


def with_file(name: str, change: Callable[[bytes], bytes]) -> bytes:
    """The bundle with one file changed and its hash in the manifest made to fit."""
    files = unzipped(make())
    files[name] = change(files[name])
    manifest = json.loads(files["manifest.json"])
    manifest["files"][name] = bundle._sha256(files[name])
    return zipped({**files, "manifest.json": bundle.canonical(manifest)})


def with_manifest(change: Callable[[dict[str, Any]], object]) -> bytes:
    files = unzipped(make())
    manifest = json.loads(files["manifest.json"])
    change(manifest)
    return zipped({**files, "manifest.json": bundle.canonical(manifest)})


def ballots(votes: list[str]) -> Callable[[bytes], bytes]:
    return lambda _: text(votes=["voter_id;vote", *votes], num_votes=str(len(votes))).encode()


def test_published_count_is_reproduced() -> None:
    found = bundle.recount(make())
    assert found.reproduced
    assert (found.title, found.votes, found.differences) == ("Riverbend 2026", (("North", 3),), ())
    assert found.fingerprint == bundle.fingerprint(make())


def test_bundle_holds_what_it_says() -> None:
    files = unzipped(make())
    assert list(files) == [
        "manifest.json",
        "rulebook.json",
        "receipts.txt",
        "north.pb",
        "north.protocol.json",
    ]
    entry = json.loads(files["manifest.json"])["areas"][0]
    assert (entry["budget"], entry["votes"], entry["funded"]) == ("100", 3, ["park", "trees"])
    assert files["receipts.txt"].decode().splitlines() == sorted(RECEIPTS)


def test_equal_input_gives_equal_bytes() -> None:
    assert make() == make(receipts=list(reversed(RECEIPTS)))


def test_imported_election_needs_no_receipts() -> None:
    imported = make(receipts=[])
    assert "receipts.txt" not in unzipped(imported)
    assert bundle.recount(imported).reproduced


def test_made_up_vote_says_so_in_each_file_and_is_reproduced() -> None:
    invented = data(synthetic="true")
    files = unzipped(make(areas=[bundle.Area("north", "North", invented, "greedy", "s")]))
    for name in ("manifest.json", "north.protocol.json"):
        assert b'"synthetic":true' in files[name]
    assert b"synthetic;true" in files["north.pb"]
    found = bundle.recount(zipped(files))
    assert (found.is_synthetic, found.differences) == (True, ())


def test_bundle_of_a_real_vote_is_what_it_was_before_there_was_a_mark() -> None:
    """Its fingerprint is published, and must stay the one that is found."""
    assert bundle.fingerprint(make()) == FINGERPRINT
    assert not any(b"synthetic" in content for content in unzipped(make()).values())
    assert not bundle.recount(make()).is_synthetic


def test_mark_that_only_one_file_has_is_a_difference() -> None:
    changed = with_file("north.pb", lambda _: data(synthetic="true"))
    assert bundle.recount(changed).differences == (
        "North: only one of manifest and ballots says that it is made up.",
        "North: the protocol says more than the recount, or is written in another way.",
    )


def test_ballot_may_span_areas() -> None:
    areas = [
        bundle.Area("north", "North", data(), "greedy", "s"),
        bundle.Area("all-town", "Whole town", data("choose-1"), "greedy", "s"),
    ]
    whole = make(areas=areas, receipts=[f"{number:064x}" for number in range(5)])
    assert bundle.recount(whole).votes == (("North", 3), ("Whole town", 3))
    assert bundle.recount(whole).reproduced


def test_short_fingerprint_is_sixteen_digits_in_groups() -> None:
    full = bundle.fingerprint(make())
    assert bundle.short_fingerprint(full).replace(" ", "") == full[:16]


@pytest.mark.parametrize(
    "votes",
    [
        pytest.param(["1;park,bus", "2;park", "3;bus"], id="altered"),
        pytest.param(["1;park,bus", "2;park"], id="removed"),
        pytest.param(["1;park,bus", "2;park", "3;trees", "4;trees"], id="added"),
    ],
)
def test_changed_ballots_are_found(votes: list[str]) -> None:
    files = unzipped(make())
    plain = bundle.recount(zipped({**files, "north.pb": ballots(votes)(b"")}))
    assert "The file north.pb is not the one that was published: its hash differs." in (
        plain.differences
    )
    covered = bundle.recount(with_file("north.pb", ballots(votes)))
    assert not covered.reproduced
    assert not any("hash differs" in said for said in covered.differences)


def test_number_of_ballots_is_compared_with_manifest_and_receipts() -> None:
    added = ballots(["1;park,bus", "2;park", "3;trees", "4;trees"])
    differences = bundle.recount(with_file("north.pb", added)).differences
    assert "North: the manifest says 3 ballots and there are 4." in differences
    assert "There are 3 receipts for 4 ballots." in differences


def test_changed_tie_order_is_found() -> None:
    changed = with_manifest(lambda manifest: manifest["areas"][0]["ties"].reverse())
    assert bundle.recount(changed).differences == (
        "North: the tie order is not the one that the published seed gives.",
    )


def test_changed_winner_payment_and_rule_are_found() -> None:
    changed = with_manifest(lambda manifest: manifest["areas"][0].update(funded=["bus"]))
    assert bundle.recount(changed).differences == (
        (
            "North: other projects are funded: bus not funded by the recount; "
            "park, trees funded by the recount only."
        ),
    )
    changed = with_manifest(lambda manifest: manifest["areas"][0]["funded"].reverse())
    assert bundle.recount(changed).differences == (
        "North: the same projects are funded, in another order.",
    )
    changed = with_manifest(lambda manifest: manifest["areas"][0].update(budget="99"))
    assert bundle.recount(changed).differences == (
        "North: the budget of the ballot file is not the one in the manifest.",
    )
    changed = with_file("north.protocol.json", lambda old: old.replace(b'"30"', b'"29"'))
    assert bundle.recount(changed).differences == (
        "North: the protocol differs from the recount in: payments, projects and reasons.",
    )
    changed = with_manifest(lambda manifest: manifest["areas"][0].update(rule="greedy"))
    assert bundle.recount(changed).differences[0] == OTHER_RULE
    assert (
        "North: the protocol differs from the recount in: rule"
        in (bundle.recount(changed).differences[1])
    )


def test_unknown_rule_and_unreadable_parts_are_found() -> None:
    changed = with_manifest(lambda manifest: manifest["areas"][0].update(rule="lottery"))
    assert bundle.recount(changed).differences == (
        OTHER_RULE,
        f"North: {why_not_supported('lottery', 'approval')}",
    )
    without = with_manifest(lambda manifest: manifest["areas"][0].update(rule="greedy-threshold"))
    assert "North: the ballots cannot be counted" in bundle.recount(without).differences[1]
    broken = with_file("north.pb", lambda _: b"nonsense")
    assert "North: the ballots cannot be read" in bundle.recount(broken).differences[0]
    for content in (b"nonsense", b"[]"):
        broken = with_file("north.protocol.json", lambda _, content=content: content)
        assert bundle.recount(broken).differences == ("North: the protocol cannot be read.",)
        broken = with_file("rulebook.json", lambda _, content=content: content)
        assert bundle.recount(broken).differences == ("The rulebook is missing or cannot be read.",)
    spaced = with_file("north.protocol.json", lambda old: old + b" ")
    assert bundle.recount(spaced).differences == (
        "North: the protocol says more than the recount, or is written in another way.",
    )


def test_missing_and_unlisted_files_are_found() -> None:
    files = unzipped(make())
    extra = bundle.recount(zipped({**files, "more.txt": b""}))
    assert extra.differences == ("The file more.txt is not listed in the manifest.",)
    for name, said in [
        ("north.pb", "North: the ballots are missing, so nothing can be counted."),
        ("north.protocol.json", "North: the protocol is missing."),
        ("receipts.txt", "The manifest says 3 receipts and there are 0."),
        ("rulebook.json", "The file rulebook.json is missing."),
    ]:
        fewer = {key: content for key, content in files.items() if key != name}
        differences = bundle.recount(zipped(fewer)).differences
        assert f"The file {name} is missing." in differences
        assert said in differences


def test_changed_rulebook_and_receipts_are_found() -> None:
    files = unzipped(make())
    changed = zipped({**files, "rulebook.json": b'{"rule":"greedy"}\n'})
    assert bundle.recount(changed).differences == (
        "The file rulebook.json is not the one that was published: its hash differs.",
        "The rulebook is missing or cannot be read.",
    )
    unsorted = with_file("receipts.txt", lambda old: b"\n".join(reversed(old.splitlines())) + b"\n")
    assert bundle.recount(unsorted).differences == (
        "The receipts are not sorted, different hashes of 64 digits.",
    )


@pytest.mark.parametrize(
    ("change", "sentence"),
    [
        (lambda book: book.update(rule="greedy"), OTHER_RULE),
        (lambda book: book["ties"].update(lot_seed="another"), OTHER_RULE),
        (
            lambda book: book["areas"][0].update(budget=1),
            "North: the ballots are counted over another budget than the rulebook's.",
        ),
        (
            lambda book: book["areas"][0]["projects"][0].update(cost=1),
            "North: the projects or their costs are not the rulebook's.",
        ),
        (
            lambda book: book["areas"][0].update(max_choices=1),
            "North: a ballot names more projects than the rulebook allows.",
        ),
        (
            lambda book: book["areas"][0].update(ref="south"),
            "The rulebook has other areas than those that were counted.",
        ),
    ],
)
def test_count_by_another_rulebook_is_found(
    change: Callable[[dict[str, Any]], object], sentence: str
) -> None:
    """A site that published another rulebook than it counted by, with every hash made to fit."""

    def rewritten(old: bytes) -> bytes:
        book = json.loads(old)
        change(book)
        return bundle.canonical(book)

    assert bundle.recount(with_file("rulebook.json", rewritten)).differences == (sentence,)


def test_bundle_without_areas_or_rulebook_proves_nothing() -> None:
    nothing = with_manifest(lambda manifest: manifest.update(areas=[]))
    assert "names no area" in bundle.recount(nothing).differences[0]
    twice = with_manifest(lambda manifest: manifest["areas"].append(manifest["areas"][0]))
    assert "one of them twice" in bundle.recount(twice).differences[0]


def test_zip_mutated_anywhere_is_a_finding_or_a_refusal() -> None:
    """No byte of it may end in a traceback, nor pass unless nothing it says has changed."""
    whole = make()
    told = bundle.recount(whole)
    for place in range(0, len(whole), 7):
        broken = whole[:place] + bytes([whole[place] ^ 0x5A]) + whole[place + 1 :]
        try:
            found = bundle.recount(broken)
        except bundle.BundleError:
            continue
        assert found.differences or found == told


def test_hostile_zips_are_refused(monkeypatch: pytest.MonkeyPatch) -> None:
    files = unzipped(make())
    with pytest.raises(bundle.BundleError, match="not a readable zip"):
        bundle.recount(b"PK nothing")
    with pytest.raises(bundle.BundleError, match=r"has no manifest\.json"):
        bundle.recount(zipped({"a": b""}))
    for name in ("../north.pb", "/etc/passwd", "a\\b", ".hidden"):
        with pytest.raises(bundle.BundleError, match="outside its top folder"):
            bundle.recount(zipped({**files, name: b""}))
    with pytest.raises(bundle.BundleError, match="at most 2,000"):
        bundle.recount(zipped({**files, **{f"f{n}": b"" for n in range(2000)}}))
    monkeypatch.setattr(bundle, "MOST_BYTES", 1000)
    with pytest.raises(bundle.BundleError, match="unpacks to"):
        bundle.recount(make())


def test_damaged_zip_is_refused() -> None:
    whole = bytearray(make())
    whole[80:90] = b"\0" * 10
    with pytest.raises(bundle.BundleError, match="not a readable zip"):
        bundle.recount(bytes(whole))


@pytest.mark.parametrize(
    "content", [b"", b"[]", b"{}", b'{"format":"interlock-bundle/1","process":3}', b"[" * 100_000]
)
def test_unreadable_manifest_is_refused(content: bytes) -> None:
    with pytest.raises(bundle.BundleError, match="cannot be read"):
        bundle.recount(zipped({"manifest.json": content}))


def test_manifest_of_another_format_or_shape_is_refused() -> None:
    with pytest.raises(bundle.BundleError, match="this program reads"):
        bundle.recount(with_manifest(lambda manifest: manifest.update(format="other/9")))
    with pytest.raises(bundle.BundleError, match="cannot be read"):
        bundle.recount(with_manifest(lambda manifest: manifest["areas"][0].update(votes="3")))


def test_what_cannot_be_published_is_refused() -> None:
    area = bundle.Area("north", "North", data(), "greedy", "s")
    with pytest.raises(ValueError, match="64 hexadecimal"):
        make(receipts=["abc"])
    with pytest.raises(ValueError, match="same slug"):
        make(areas=[area, area])
    with pytest.raises(ValueError, match="small letters"):
        make(areas=[bundle.Area("../up", "Up", data(), "greedy", "s")])
    with pytest.raises(ValueError, match="is not supported"):
        make(areas=[bundle.Area("north", "North", data(), "lottery", "s")])


def test_real_election_is_reproduced(real_files: Path) -> None:
    ballots_file = (real_files / "Poland_Wieliczka_2023_Green_Budget.pb").read_bytes()
    area = bundle.Area("green", "Green budget", ballots_file, "equalshares/add1", "seed")
    found = bundle.recount(make(areas=[area], receipts=[]))
    assert (found.votes, found.differences) == ((("Green budget", 6586),), ())
