"""The published bundle: everything needed to count again, in one zip.

    manifest.json           what is inside: process, areas, rules, tie orders, funded projects, and
                            the SHA-256 of every other file
    rulebook.json           the frozen rulebook: areas with budgets, costs and choices in minor units
    <area>.pb               the ballots and projects of an area, as Pabulib's format
    <area>.protocol.json    the count of that area, with every exact payment
    receipts.txt            the sorted leaf hashes of the ballots, one a line (where there are any)

What is made up says so: where META of a ballot file has `synthetic`, so do its protocol and its area in
the manifest (`"synthetic": true`). Files of real votes do not have the word.

All JSON is canonical (sorted keys, no spaces, UTF-8), so equal facts are equal bytes. The
fingerprint is the SHA-256 of the manifest, which names every other hash: whoever knows the
published fingerprint can tell any other bundle from the true one.
"""

from __future__ import annotations

import hashlib
import io
import json
import re
import zipfile
import zlib
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from fractions import Fraction
from functools import cached_property
from typing import Any

from interlock.methods.counting.election import Election
from interlock.methods.counting.names import why_not_supported
from interlock.methods.counting.result import Result, protocol
from interlock.methods.counting.rules import count
from interlock.methods.formats.amounts import decimal_text
from interlock.methods.formats.pabulib import PabulibError, PabulibFile, read

FORMAT = "interlock-bundle/1"
MANIFEST = "manifest.json"
RULEBOOK = "rulebook.json"
RECEIPTS = "receipts.txt"

# Bounds that no honest bundle of ten million ballots comes near, checked before anything is opened.
MOST_FILES = 2_000
MOST_BYTES = 1024**3
MOST_MANIFEST_BYTES = 64 * 1024**2

_NAME = re.compile(r"[a-z0-9][a-z0-9-]{0,99}")
_RECEIPT = re.compile(r"[0-9a-f]{64}")
_EPOCH = (1980, 1, 1, 0, 0, 0)


class BundleError(ValueError):
    """A file that is not a bundle, or one that cannot safely be opened."""


@dataclass(frozen=True)
class Area:
    """One area to publish: its ballots as a `.pb` file, and how it is counted.

    `slug` names its files (small letters, digits, hyphens); ties go to the least cost, then the
    most votes, then the lot of `lot_seed`, the seed published before the count. What follows from
    these is found when first asked for, and kept: PabulibError for ballots that cannot be read,
    ValueError for what cannot be counted.
    """

    slug: str
    name: str
    pabulib: bytes
    rule: str
    lot_seed: str

    @cached_property
    def file(self) -> PabulibFile:
        return read(self.pabulib)

    @cached_property
    def election(self) -> Election:
        return self.file.election()

    @cached_property
    def result(self) -> Result:
        return count(self.election, self.rule, lot_seed=self.lot_seed)


@dataclass(frozen=True)
class Recount:
    """What a recount found: the fingerprints, and a sentence for each difference.

    `rulebook` is the SHA-256 that was put on record when the rulebook was frozen. `is_synthetic`: the
    bundle says that it is made up.
    """

    title: str
    fingerprint: str
    rulebook: str
    votes: tuple[tuple[str, int], ...]
    differences: tuple[str, ...]
    is_synthetic: bool = False

    @property
    def reproduced(self) -> bool:
        return not self.differences


def write(
    *,
    title: str,
    slug: str,
    rulebook: Mapping[str, Any],
    areas: Sequence[Area],
    software: str,
    receipts: Iterable[str] = (),
) -> bytes:
    """Count every area and put the bundle together; equal input gives equal bytes.

    `rulebook` is plain JSON data; `software` is the version that counts; `receipts` are the leaf
    hashes of all ballots cast (64 hexadecimal digits each, in any order), none for an imported
    election. Raises PabulibError for ballots that cannot be read and ValueError for anything else
    that cannot be published.
    """
    leaves = sorted(receipts)
    if wrong := next((leaf for leaf in leaves if not _RECEIPT.fullmatch(leaf)), None):
        raise ValueError(f'The receipt "{wrong}" is not 64 hexadecimal digits.')
    if len({area.slug for area in areas}) != len(areas):
        raise ValueError("Two areas have the same slug. Give each its own.")
    files = {RULEBOOK: canonical(rulebook)}
    if leaves:
        files[RECEIPTS] = "".join(f"{leaf}\n" for leaf in leaves).encode()
    entries = []
    for area in areas:
        if not _NAME.fullmatch(area.slug):
            raise ValueError(f'The slug "{area.slug}" may have small letters, digits, hyphens.')
        entries.append(_entry(area))
        files[f"{area.slug}.pb"] = area.pabulib
        files[f"{area.slug}.protocol.json"] = canonical(protocol_of(area.file, area.result))
    manifest = {
        "format": FORMAT,
        "software": software,
        "process": {"title": title, "slug": slug},
        "areas": entries,
        "receipts": len(leaves),
        "files": {name: _sha256(data) for name, data in files.items()},
    }
    return _zipped({MANIFEST: canonical(manifest), **files})


def fingerprint(bundle: bytes) -> str:
    """The bundle's fingerprint, 64 hexadecimal digits. Raises BundleError if it is no bundle."""
    return _sha256(_opened(bundle)[MANIFEST])


def short_fingerprint(full: str) -> str:
    """The first 16 digits in groups of four, for people.

    >>> short_fingerprint("9f3c07abe1d45520" + 48 * "0")
    '9f3c 07ab e1d4 5520'
    """
    return " ".join(full[place : place + 4] for place in range(0, 16, 4))


def recount(bundle: bytes) -> Recount:
    """Count a bundle again and compare everything it says with what is found.

    Raises BundleError when it cannot be opened or has no readable manifest.
    """
    manifest, files, not_published = contents(bundle)
    differences = list(not_published)
    differences += _rulebook_differences(files, manifest)
    votes = []
    for entry in manifest["areas"]:
        found, sentences = _recount_area(files, entry)
        votes.append((entry["name"], found))
        differences += sentences
    differences += _receipt_differences(files, manifest, [number for _, number in votes])
    return Recount(
        manifest["process"]["title"],
        _sha256(files[MANIFEST]),
        _sha256(files.get(RULEBOOK, b"").rstrip(b"\n")),
        tuple(votes),
        tuple(differences),
        any(entry.get("synthetic") is True for entry in manifest["areas"]),
    )


def contents(bundle: bytes) -> tuple[dict[str, Any], dict[str, bytes], tuple[str, ...]]:
    """The manifest, all files by name, and a sentence for each that is not the one published.

    Raises BundleError when it cannot be opened or has no readable manifest.
    """
    files = _opened(bundle)
    manifest = _manifest(files[MANIFEST])
    return manifest, files, tuple(_file_differences(files, manifest))


def protocol_of(file: PabulibFile, result: Result) -> dict[str, Any]:
    """The protocol of a count as it is written down: it says so where its ballots are made up."""
    return protocol(result) | _mark(file.is_synthetic)


def canonical(data: Mapping[str, Any]) -> bytes:
    """Plain JSON data as canonical bytes: sorted keys, no spaces, UTF-8, a final line break."""
    text = json.dumps(
        data, sort_keys=True, separators=(",", ":"), ensure_ascii=False, allow_nan=False
    )
    return f"{text}\n".encode()


def _mark(is_synthetic: bool) -> dict[str, Any]:
    return {"synthetic": True} if is_synthetic else {}


def _sha256(data: bytes) -> str:
    return hashlib.sha256(data).hexdigest()


def _entry(area: Area) -> dict[str, Any]:
    result = area.result
    return {
        "slug": area.slug,
        "name": area.name,
        "pabulib": f"{area.slug}.pb",
        "protocol": f"{area.slug}.protocol.json",
        "rule": area.rule,
        "lot_seed": area.lot_seed,
        "ties": list(result.order),
        "budget": decimal_text(result.budget, result.unit),
        "votes": result.votes,
        "funded": list(result.funded),
    } | _mark(area.file.is_synthetic)


_ENTRY_TYPES = {
    "slug": str,
    "name": str,
    "pabulib": str,
    "protocol": str,
    "rule": str,
    "lot_seed": str,
    "ties": list,
    "budget": str,
    "votes": int,
    "funded": list,
}


def _zipped(files: Mapping[str, bytes]) -> bytes:
    """A zip without a clock: fixed dates, fixed order, fixed attributes."""
    target = io.BytesIO()
    with zipfile.ZipFile(target, "w", zipfile.ZIP_DEFLATED, compresslevel=6) as archive:
        for name, data in files.items():
            member = zipfile.ZipInfo(name, _EPOCH)
            member.compress_type = zipfile.ZIP_DEFLATED
            member.create_system = 3
            member.external_attr = 0o644 << 16
            archive.writestr(member, data)
    return target.getvalue()


def _opened(bundle: bytes) -> dict[str, bytes]:
    """All files of a zip, after checking that it is safe to open them."""
    try:
        with zipfile.ZipFile(io.BytesIO(bundle)) as archive:
            members = archive.infolist()
            _check_members(members)
            manifest = archive.read(MANIFEST)
            listed = _listed(manifest)
            # What the manifest does not name is told, not opened.
            files = {
                name: archive.read(name) if name in listed else b""
                for name in archive.namelist()
                if name != MANIFEST
            }
            files[MANIFEST] = manifest
    except BundleError:
        raise
    except (zipfile.BadZipFile, zlib.error, EOFError, ValueError, RuntimeError, OSError) as error:
        raise BundleError(f"This is not a readable zip file: {error}.") from error
    return files


def _check_members(members: Sequence[zipfile.ZipInfo]) -> None:
    names = [member.filename for member in members]
    if len(names) > MOST_FILES:
        raise BundleError(f"The zip has {len(names):,} files; a bundle has at most {MOST_FILES:,}.")
    if MANIFEST not in names:
        raise BundleError(f"The zip has no {MANIFEST}, so it is not a bundle.")
    if len(set(names)) != len(names):
        raise BundleError("The zip has two files of the same name.")
    for member in members:
        if "/" in member.filename or "\\" in member.filename or member.filename.startswith("."):
            raise BundleError(f'The zip has a file "{member.filename}" outside its top folder.')
        if member.flag_bits & 1:
            raise BundleError("The zip is encrypted.")
        if member.compress_type not in (zipfile.ZIP_STORED, zipfile.ZIP_DEFLATED):
            raise BundleError("The zip is compressed in a way that bundles are not.")
        if member.filename == MANIFEST and member.file_size > MOST_MANIFEST_BYTES:
            raise BundleError(f"The {MANIFEST} is larger than {MOST_MANIFEST_BYTES:,} bytes.")
    total = sum(member.file_size for member in members)
    if total > MOST_BYTES:
        raise BundleError(
            f"The zip unpacks to {total:,} bytes; a bundle has at most {MOST_BYTES:,}."
        )


def _listed(manifest: bytes) -> set[str]:
    """The files that a manifest names, before anything else of it is believed."""
    try:
        return set(json.loads(manifest)["files"])
    except (ValueError, KeyError, TypeError, RecursionError):
        return set()


def _manifest(data: bytes) -> dict[str, Any]:
    """The manifest, checked for shape. Raises BundleError."""
    try:
        manifest = json.loads(data)
        known = manifest["format"]
        shaped = (
            isinstance(manifest["process"]["title"], str)
            and isinstance(manifest["receipts"], int)
            and all(isinstance(value, str) for value in manifest["files"].values())
            and all(
                isinstance(entry[key], kind)
                for entry in manifest["areas"]
                for key, kind in _ENTRY_TYPES.items()
            )
        )
    except (ValueError, KeyError, TypeError, AttributeError, RecursionError) as error:
        raise BundleError(f"The {MANIFEST} cannot be read.") from error
    if known != FORMAT:
        raise BundleError(f'The bundle has the format "{known}"; this program reads "{FORMAT}".')
    if not shaped:
        raise BundleError(f"The {MANIFEST} cannot be read.")
    checked: dict[str, Any] = manifest
    return checked


def _file_differences(files: Mapping[str, bytes], manifest: Mapping[str, Any]) -> list[str]:
    listed: Mapping[str, str] = manifest["files"]
    found = {name: data for name, data in files.items() if name != MANIFEST}
    sentences = [f"The file {name} is missing." for name in sorted(listed.keys() - found.keys())]
    sentences += [
        f"The file {name} is not listed in the manifest."
        for name in sorted(found.keys() - listed.keys())
    ]
    sentences += [
        f"The file {name} is not the one that was published: its hash differs."
        for name in sorted(listed.keys() & found.keys())
        if _sha256(found[name]) != listed[name]
    ]
    return sentences


def _rulebook_differences(files: Mapping[str, bytes], manifest: Mapping[str, Any]) -> list[str]:
    """Hold what was counted against the frozen rulebook: rule, lot, budgets, costs, choices."""
    slugs = [entry["slug"] for entry in manifest["areas"]]
    if not slugs or len(set(slugs)) != len(slugs):
        return ["The manifest names no area, or one of them twice."]
    try:
        book = json.loads(files.get(RULEBOOK, b""))
        rules = {area["ref"]: area for area in book["areas"]}
        unit, rule, seed = int(book["minor_units"]), book["rule"], book["ties"]["lot_seed"]
        told = {ref: _terms(area) for ref, area in rules.items()}
    except (ValueError, KeyError, TypeError, RecursionError):
        return ["The rulebook is missing or cannot be read."]
    sentences = []
    if set(rules) != set(slugs):
        sentences.append("The rulebook has other areas than those that were counted.")
    for entry in manifest["areas"]:
        if (entry["rule"], entry["lot_seed"]) != (rule, seed):
            sentences.append(
                f"{entry['name']}: counted by another rule or lot than the rulebook's."
            )
        found = _found_terms(files.get(entry["pabulib"], b""), unit)
        if entry["slug"] in told and found is not None:
            sentences += _term_differences(entry["name"], told[entry["slug"]], found)
    return sentences


@dataclass(frozen=True)
class _Terms:
    """What a rulebook fixes for an area, or what a ballot file says: amounts in minor units."""

    budget: Fraction
    costs: Mapping[str, Fraction]
    choices: int


def _terms(area: Mapping[str, Any]) -> _Terms:
    costs = {str(one["ref"]): Fraction(one["cost"]) for one in area["projects"]}
    return _Terms(Fraction(area["budget"]), costs, int(area["max_choices"]))


def _found_terms(pabulib: bytes, unit: int) -> _Terms | None:
    try:
        election = read(pabulib).election()
    except ValueError:
        return None  # told elsewhere: a file that cannot be read is a difference of its own
    scaled = [Fraction(cost * unit, election.unit) for cost in election.costs]
    costs = dict(zip(election.projects, scaled, strict=True))
    lengths = election.ballots.offsets[1:] - election.ballots.offsets[:-1]
    most = max(lengths.tolist(), default=0)
    return _Terms(Fraction(election.budget * unit, election.unit), costs, most)


def _term_differences(name: str, told: _Terms, found: _Terms) -> list[str]:
    sentences = []
    if told.budget != found.budget:
        sentences.append(
            f"{name}: the ballots are counted over another budget than the rulebook's."
        )
    if told.costs != found.costs:
        sentences.append(f"{name}: the projects or their costs are not the rulebook's.")
    if found.choices > told.choices:
        sentences.append(f"{name}: a ballot names more projects than the rulebook allows.")
    return sentences


def _recount_area(files: Mapping[str, bytes], entry: Mapping[str, Any]) -> tuple[int, list[str]]:
    """The ballots found in one area, and a sentence for each difference."""
    name = entry["name"]
    if entry["pabulib"] not in files:
        return 0, [f"{name}: the ballots are missing, so nothing can be counted."]
    try:
        file = read(files[entry["pabulib"]])
    except PabulibError as error:
        faults = "; ".join(str(fault) for fault in error.faults[:3])
        return 0, [f"{name}: the ballots cannot be read: {faults}"]
    votes = len(file.ballots)
    if refusal := why_not_supported(entry["rule"], file.ballots.kind):
        return votes, [f"{name}: {refusal}"]
    try:
        result = count(file.election(), entry["rule"], lot_seed=entry["lot_seed"])
    except ValueError as error:
        return votes, [f"{name}: the ballots cannot be counted: {error}"]
    sentences = [f"{name}: {said}" for said in _entry_differences(entry, result)]
    if file.is_synthetic != (entry.get("synthetic") is True):
        sentences.append(f"{name}: only one of manifest and ballots says that it is made up.")
    published = files.get(entry["protocol"])
    return votes, sentences + [
        f"{name}: {said}" for said in _protocol_differences(published, protocol_of(file, result))
    ]


def _entry_differences(entry: Mapping[str, Any], result: Result) -> list[str]:
    sentences = []
    if entry["votes"] != result.votes:
        sentences.append(
            f"the manifest says {entry['votes']:,} ballots and there are {result.votes:,}."
        )
    if entry["budget"] != decimal_text(result.budget, result.unit):
        sentences.append("the budget of the ballot file is not the one in the manifest.")
    if entry["ties"] != list(result.order):
        sentences.append("the tie order is not the one that the published seed gives.")
    if entry["funded"] != list(result.funded):
        sentences.append(_funded_difference(entry["funded"], result.funded))
    return sentences


def _funded_difference(published: Sequence[str], found: Sequence[str]) -> str:
    lost = [str(project) for project in published if project not in found]
    gained = [project for project in found if project not in published]
    if not lost and not gained:
        return "the same projects are funded, in another order."
    parts = [f"{', '.join(lost)} not funded by the recount"] if lost else []
    parts += [f"{', '.join(gained)} funded by the recount only"] if gained else []
    return f"other projects are funded: {'; '.join(parts)}."


_PROTOCOL_WORDS = {
    "format": "format of the protocol",
    "rule": "rule",
    "budget": "budget",
    "unit": "currency unit",
    "votes": "number of ballots",
    "order": "tie order",
    "funded": "list of funded projects",
    "spent": "amount spent",
    "initial_endowment": "first share",
    "endowment": "last share",
    "steps": "number of raises",
    "rounds": "payments",
    "ties_met": "ties met",
    "projects": "projects and reasons",
}


def _protocol_differences(published: bytes | None, found: Mapping[str, Any]) -> list[str]:
    if published is None:
        return ["the protocol is missing."]
    try:
        said = json.loads(published)
    except (ValueError, RecursionError):
        return ["the protocol cannot be read."]
    if not isinstance(said, dict):
        return ["the protocol cannot be read."]
    differing = [words for key, words in _PROTOCOL_WORDS.items() if said.get(key) != found[key]]
    if differing:
        return [f"the protocol differs from the recount in: {', '.join(differing)}."]
    if published != canonical(found):
        return ["the protocol says more than the recount, or is written in another way."]
    return []


def _receipt_differences(
    files: Mapping[str, bytes], manifest: Mapping[str, Any], votes: Sequence[int]
) -> list[str]:
    """Compare receipts and ballots: a ballot may span areas, so each area has at most as many."""
    leaves = files.get(RECEIPTS, b"").decode("utf-8", "replace").splitlines()
    sentences = []
    if len(leaves) != manifest["receipts"]:
        sentences.append(
            f"The manifest says {manifest['receipts']:,} receipts and there are {len(leaves):,}."
        )
    if sorted(set(leaves)) != leaves or not all(map(_RECEIPT.fullmatch, leaves)):
        sentences.append("The receipts are not sorted, different hashes of 64 digits.")
    if leaves and votes and not max(votes) <= len(leaves) <= sum(votes):
        sentences.append(
            f"There are {len(leaves):,} receipts for {' + '.join(f'{n:,}' for n in votes)} ballots."
        )
    return sentences
