"""The schemas of OCDS 1.1.5, put together from packages that carry them among their tests.

The standard publishes them on its site and in its repository, as no package; they may not be
committed here. `ocdsextensionregistry` has the release schemas, `ocdskit` those of packages, the
record package with everything in it, from which the references are put back.
"""

from __future__ import annotations

import io
import json
import subprocess
import sys
import tarfile
import tempfile
import zipfile
from pathlib import Path
from typing import Any

WITHIN = "https://standard.open-contracting.org/schema/1__1__5"
RELEASE = {"$ref": f"{WITHIN}/release-schema.json"}
CARRIERS = {"ocdsextensionregistry": "0.7.0", "ocdskit": "1.7.0"}


def main(target: Path) -> None:
    files = dict(_fixtures())
    record_package = files.pop("b/record-package-schema-dereferenced.json")
    properties = record_package["properties"]["records"]["items"]["properties"]
    properties["compiledRelease"] = RELEASE
    properties["releases"]["oneOf"][1]["items"] = RELEASE
    del properties[
        "versionedRelease"
    ]  # which nobody here writes; the checker would fetch its schema
    record = record_package["properties"]["records"].pop("items")
    record_package["properties"]["records"]["items"] = {"$ref": "#/definitions/record"}
    record_package["definitions"] = {"record": record}
    schemas = {**files, "record-package-schema.json": record_package}
    wide = schemas.pop("b/release-schema.json")
    # Its profile of the standard is one for partnerships, which begin otherwise.
    own = schemas["release-schema.json"]["properties"]["initiationType"]
    wide["properties"]["initiationType"] = own
    target.parent.mkdir(parents=True, exist_ok=True)
    with zipfile.ZipFile(target, "w", zipfile.ZIP_DEFLATED) as folder:
        folder.writestr("standard/", "")  # the checker takes the first entry for the folder of all
        for name, schema in schemas.items():
            folder.writestr(f"standard/schema/{name}", json.dumps(schema))
        for name, codes in _closed(files["release-schema.json"]).items():
            rows = "".join(f"{code}\n" for code in codes)
            folder.writestr(f"standard/schema/codelists/{name}", f"Code\n{rows}")
        folder.writestr("standard/extended/release-schema.json", json.dumps(wide))


def _closed(schema: Any) -> dict[str, list[str]]:
    """The closed lists of codes, which a schema repeats word for word. No package has the others."""
    found = {}
    waiting = [schema]
    while waiting:
        one = waiting.pop()
        if isinstance(one, dict):
            codes = one.get("enum") or (one.get("items") or {}).get("enum")
            if "codelist" in one and codes:
                found[one["codelist"]] = [code for code in codes if code]
            waiting += one.values()
    return found


def _fixtures() -> list[tuple[str, Any]]:
    """The schemas that the source packages have among their tests, by name."""
    wanted = {
        "ocdsextensionregistry": [
            "release-schema.json",
            "versioned-release-validation-schema.json",
        ],
        "ocdskit": [
            "release-package-schema.json",
            "b/record-package-schema-dereferenced.json",
            "b/release-schema.json",
        ],
    }
    found = []
    with tempfile.TemporaryDirectory() as folder:
        for name, version in CARRIERS.items():
            order = ["pip", "download", "--quiet", "--no-deps", "--no-binary", name]
            wish = ["--dest", folder, f"{name}=={version}"]
            subprocess.run([sys.executable, "-m", *order, *wish], check=True)
            with tarfile.open(Path(folder) / f"{name}-{version}.tar.gz") as archive:
                for one in wanted[name]:
                    member = archive.extractfile(f"{name}-{version}/tests/fixtures/{one}")
                    assert member is not None
                    found.append((one, json.load(io.TextIOWrapper(member, "utf-8"))))
    return found


if __name__ == "__main__":
    main(Path(sys.argv[1]))
