"""A folder of an observation is read only as it was written."""

import hashlib
import json
from typing import Any

import pytest

from interlock.methods.formats.observed_packages import PackageError, opened, paths

RESULTS = json.dumps({"made_by": "interlock observe", "seed": 1}).encode()
TABLE = b"code,name\r\n01,One\r\n"


def package() -> dict[str, bytes]:
    held = {"results.json": RESULTS, "tables/areas.csv": TABLE}
    resources: list[dict[str, Any]] = [
        {"path": path, "hash": f"sha256:{hashlib.sha256(data).hexdigest()}"}
        for path, data in held.items()
    ]
    return {**held, "datapackage.json": json.dumps({"resources": resources}).encode()}


def test_package_as_it_was_written_is_opened() -> None:
    found = opened(package())
    assert found.results["seed"] == 1
    assert found.table("areas") == [{"code": "01", "name": "One"}]
    assert found.table("scales") == []
    assert found.sha256("tables/areas.csv") == hashlib.sha256(TABLE).hexdigest()


@pytest.mark.parametrize(
    ("change", "message"),
    [
        ({"results.json": None}, "results.json: is not there"),
        ({"datapackage.json": None}, "datapackage.json: is not there"),
        ({"tables/areas.csv": None}, "tables/areas.csv: is not there"),
        ({"results.json": b"{}"}, "results.json: was not written by"),
        ({"results.json": b"\xff"}, "results.json: was not written by"),
        ({"results.json": RESULTS + b" "}, "results.json: was changed: it has sha256:"),
        ({"tables/areas.csv": TABLE + b"02,Two\r\n"}, "tables/areas.csv: was changed"),
        ({"datapackage.json": b"[]"}, "datapackage.json: is no data package"),
        ({"datapackage.json": b'{"resources": []}'}, "datapackage.json: says nothing of results"),
    ],
)
def test_whatever_was_changed_is_refused_with_its_place(
    change: dict[str, bytes | None], message: str
) -> None:
    files = {path: data for path, data in {**package(), **change}.items() if data is not None}
    with pytest.raises(PackageError, match=message):
        opened(files)


@pytest.mark.parametrize(
    "path", ["../a", "/etc/passwd", "tables/../a", "tables/..", "a/b/c", "tables/", "a\\b"]
)
def test_no_file_outside_the_folder_is_named(path: str) -> None:
    with pytest.raises(PackageError, match="outside its folder"):
        paths(json.dumps({"resources": [{"path": path}]}).encode())


def test_files_are_named_as_the_package_does() -> None:
    assert paths(package()["datapackage.json"]) == ["results.json", "tables/areas.csv"]
