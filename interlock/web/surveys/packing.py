"""A questionnaire as a file to edit elsewhere, and archives of files."""

import io
import zipfile
from collections.abc import Mapping

from interlock.methods.questionnaires import Form, to_csv, to_tables, to_xlsx, to_yaml

#: How a questionnaire is given back: what the file is, by the end of its name.
KINDS = {
    "xlsx": "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
    "zip": "application/zip",
    "yaml": "application/yaml",
}
#: A fixed day in archives, so that the same questionnaire is the same file.
EPOCH = (1980, 1, 1, 0, 0, 0)


def given_back(form: Form, kind: str) -> bytes:
    """A questionnaire as a file to edit elsewhere; `kind` is a key of `KINDS`."""
    tables = to_tables(form)
    if kind == "xlsx":
        return to_xlsx(tables)
    if kind == "yaml":
        return to_yaml(tables)
    return zipped({f"{name}.csv": data for name, data in to_csv(tables).items()})


def zipped(files: Mapping[str, bytes | str]) -> bytes:
    """An archive of these files."""
    packed = io.BytesIO()
    with zipfile.ZipFile(packed, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, data in files.items():
            archive.writestr(zipfile.ZipInfo(name, EPOCH), data, zipfile.ZIP_DEFLATED)
    return packed.getvalue()
