"""Files of SPSS and Stata: what stands in them is read back, by pyreadstat and by PSPP."""

from __future__ import annotations

import csv
import random
import shutil
import subprocess
from pathlib import Path
from typing import Any

import pytest

from interlock.methods.formats.surveys import columns, dta, sav
from interlock.methods.formats.surveys.columns import coded
from interlock.methods.formats.surveys.scripts import LEVELS
from interlock.methods.questionnaires import Form
from interlock.methods.questionnaires.instruments import instrument
from interlock.methods.questionnaires.versions import content_hash
from tests.methods.questionnaires.walking import walked

from .test_surveys import FULL, SHORT, one

__all__ = ["one"]

ROWS = [(["r1"], FULL), (["r2"], SHORT), (["r3"], {})]
SPANISH = {"chosen": "sí", "not chosen": "no", "not asked": "no se preguntó"}


def spanish(text: str) -> str:
    return SPANISH.get(text, text)


def opened(data: bytes, folder: Path, kind: str) -> tuple[dict[str, list[object]], Any]:
    """Columns and description of a file; a missing number is None."""
    pyreadstat = pytest.importorskip("pyreadstat", reason="pyreadstat: files of SPSS and Stata")
    path = folder / f"answers.{kind}"
    path.write_bytes(data)
    frame, about = getattr(pyreadstat, f"read_{kind}")(path, user_missing=True)
    cells = frame.astype(object).where(frame.notna(), None)
    return cells.to_dict("list"), about


def test_sav_holds_codes_labels_levels_and_what_is_missing(one: Form, tmp_path: Path) -> None:
    pytest.importorskip("pyreadstat", reason="pyreadstat: files of SPSS and Stata")
    written = sav(one, ROWS, language="es", leading=["id"], translate=spanish)
    cells, about = opened(written, tmp_path, "sav")
    assert cells == {
        "id": ["r1", "r2", "r3"],
        "mood": [2, -1, -3],
        "needs_work": [1, -2, -3],
        "needs_rest": [0, -2, -3],
        "best_work": [2, None, -3],
        "best_rest": [1, None, -3],
        "age": [41, -3, -3],
        "later": [42, -3, -3],
        "told": ["good!", "dk!", "-3"],
        "why": ["=1+1", "", "-3"],
        "day": ["2026-05-31", "", "-3"],
    }
    asked = "no se preguntó"
    assert about.variable_value_labels == {
        "mood": {2: "Bien", 1: "Mal", -1: "No sé", -3: asked},
        "needs_work": {0: "no", 1: "sí", -2: "Nada", -3: asked},
        "needs_rest": {0: "no", 1: "sí", -2: "Nada", -3: asked},
        "best_work": {-2: "Nada", -3: asked},
        "best_rest": {-2: "Nada", -3: asked},
        "age": {-3: asked},
        "later": {-3: asked},
        "told": {"-3": asked},
        "why": {"-3": asked},
        "day": {"-3": asked},
    }
    assert about.column_names_to_labels == {
        "id": None,
        "mood": "¿Qué tal?",
        "needs_work": "Trabajo: ¿Cuáles?",
        "needs_rest": "Descanso: ¿Cuáles?",
        "best_work": "Trabajo: ¿Mejor?",
        "best_rest": "Descanso: ¿Mejor?",
        "age": "¿Edad?",
        "later": "later",
        "told": "told",
        "why": "¿Por qué?",
        "day": "¿Cuándo?",
    }
    missing = {name: [span["lo"] for span in it] for name, it in about.missing_ranges.items()}
    assert missing == {
        "mood": [-3, -1],
        "needs_work": [-3, -2],
        "needs_rest": [-3, -2],
        "best_work": [-3, -2],
        "best_rest": [-3, -2],
        "age": [-3],
        "later": [-3],
        "told": ["-3"],
        "why": ["-3"],
        "day": ["-3"],
    }
    assert about.variable_measure == {
        "id": "nominal",
        "mood": "ordinal",
        "needs_work": "nominal",
        "needs_rest": "nominal",
        "best_work": "ordinal",
        "best_rest": "ordinal",
        "age": "scale",
        "later": "nominal",
        "told": "nominal",
        "why": "nominal",
        "day": "nominal",
    }
    assert about.original_variable_types["mood"] == "F8.0"
    assert about.original_variable_types["later"] == "F12.2"
    assert (about.file_label, about.file_encoding) == ("Moods", "UTF-8")
    assert about.notes == [f"SHA-256 {content_hash(one)}"]


def test_dta_holds_codes_labels_and_what_is_missing(one: Form, tmp_path: Path) -> None:
    pytest.importorskip("pyreadstat", reason="pyreadstat: files of SPSS and Stata")
    written = dta(one, ROWS, language="en", leading=["id"])
    cells, about = opened(written, tmp_path, "dta")
    assert cells == {
        "id": ["r1", "r2", "r3"],
        "mood": [2, "a", "c"],
        "needs_work": [1, "b", "c"],
        "needs_rest": [0, "b", "c"],
        "best_work": [2, None, "c"],
        "best_rest": [1, None, "c"],
        "age": [41, "c", "c"],
        "later": [42, "c", "c"],
        "told": ["good!", "dk!", "-3"],
        "why": ["=1+1", "", "-3"],
        "day": ["2026-05-31", "", "-3"],
    }
    assert about.variable_value_labels == {
        "mood": {2: "Good", 1: "It's `$bad`", "a": "I do not know", "c": "not asked"},
        "needs_work": {0: "not chosen", 1: "chosen", "b": "Rather not say", "c": "not asked"},
        "needs_rest": {0: "not chosen", 1: "chosen", "b": "Rather not say", "c": "not asked"},
        "best_work": {"b": "Rather not say", "c": "not asked"},
        "best_rest": {"b": "Rather not say", "c": "not asked"},
        "age": {"c": "not asked"},
        "later": {"c": "not asked"},
    }
    assert about.column_names_to_labels["needs_work"] == "Work: Which?"
    assert about.file_label == "Moods"


@pytest.mark.parametrize("kind", ["sav", "dta"])
@pytest.mark.parametrize("rows", [[], [([], {})], [([], FULL)], [([], FULL | {"why": "ñ" * 4000})]])
def test_file_of_few_rows_or_long_texts_is_read_back(
    one: Form, tmp_path: Path, kind: str, rows: list[tuple[list[str], dict[str, str]]]
) -> None:
    pytest.importorskip("pyreadstat", reason="pyreadstat: files of SPSS and Stata")
    write = {"sav": sav, "dta": dta}[kind]
    cells, about = opened(write(one, rows, language="en"), tmp_path, kind)
    assert [len(column) for column in cells.values()] == [len(rows)] * 10
    assert cells["why"] == [answers.get("why", "-3") for _before, answers in rows]
    assert about.variable_value_labels["mood"][2] == "Good"


def test_labels_that_are_too_long_end_in_an_ellipsis(tmp_path: Path) -> None:
    pytest.importorskip("pyreadstat", reason="pyreadstat: files of SPSS and Stata")
    from tests.methods.questionnaires.forms import form

    long = form(
        f"type,name,label\nselect_one c,a,{'ñ' * 200}\n",
        f"list_name,name,label,code\nc,x,{'é' * 100},1\n",
        f"default_language,form_id,form_title\nen,long,{'í' * 90}\n",
    )
    _cells, about = opened(sav(long, [], language="en"), tmp_path, "sav")
    assert about.column_labels == ["ñ" * 126 + "…"]
    assert about.variable_value_labels["a"][1] == "é" * 58 + "…"
    assert about.file_label == "í" * 30 + "…"
    _cells, about = opened(dta(long, [], language="en"), tmp_path, "dta")
    assert about.column_labels == ["ñ" * 80]
    assert about.variable_value_labels["a"][1] == "é" * 100


def test_lacking_libraries_are_named_with_what_to_install(
    one: Form, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setitem(__import__("sys").modules, "pyreadstat", None)
    for write in (sav, dta):
        with pytest.raises(ImportError) as refused:
            write(one, ROWS, language="en")
        assert str(refused.value) == (
            "Files of SPSS and Stata need pyreadstat and pandas, which are not installed. Install "
            "them: pip install 'interlock[export]'."
        )


def test_pspp_reads_the_file_with_its_labels(tmp_path: Path) -> None:
    pytest.importorskip("pyreadstat", reason="pyreadstat: files of SPSS and Stata")
    pspp = shutil.which("pspp")
    if pspp is None:
        pytest.skip("pspp is not installed")
    ties = instrument("ties")
    rng = random.Random(3)
    rows = [([str(at)], walked(ties, rng)[-1].answers) for at in range(20)]
    written = sav(ties, rows, language="es", leading=["id"], translate=spanish)
    (tmp_path / "answers.sav").write_bytes(written)
    told = columns(ties, language="es", translate=spanish)
    (tmp_path / "read.sps").write_text(
        "GET FILE='answers.sav'.\nDISPLAY DICTIONARY.\n"
        + "".join(f"LIST {column.name}.\n" for column in told if column.kind == "number")
    )
    done = subprocess.run(
        [pspp, "-O", "format=csv", "read.sps"],
        cwd=tmp_path,
        capture_output=True,
        text=True,
        check=False,
    )
    assert (done.returncode, done.stderr) == (0, "")
    tables = printed(done.stdout)
    assert [row[:4] for row in tables["Variables"]] == [
        ["Name", "Position", "Label", "Measurement Level"],
        ["id", "1", "", "Nominal"],
        *(
            [column.name, str(at), column.label, LEVELS[column.level].title()]
            for at, column in enumerate(told, 2)
        ),
    ]
    missing = [row[-1].replace(" ", "").replace('"', "") for row in tables["Variables"][2:]]
    assert missing == [";".join(map(str, column.missing)) for column in told]
    _headings, *labels = [row for row in tables["Value Labels"] if len(row) == 3]
    assert [[row[1].removesuffix("[a]").removesuffix(".00"), row[2]] for row in labels] == [
        [str(value.code), value.label]
        for column in told
        for value in sorted(column.values, key=lambda it: it.code)
    ]
    assert all(row[1].endswith("[a]") == row[1].startswith("-") for row in labels)
    for column in told:
        if column.kind == "number":
            values = [row[0].strip() for row in tables[f"Data List {column.name}"]]
            codes = [coded(ties, column, answers) for _id, answers in rows]
            assert [None if value == "." else float(value) for value in values] == [
                float(code) if code else None for code in codes
            ]


def printed(text: str) -> dict[str, list[list[str]]]:
    """The tables that PSPP printed as CSV, by their titles; lists by their variable too."""
    found: dict[str, list[list[str]]] = {}
    for block in text.split("\nTable: ")[0 if text.startswith("Table: ") else 1 :]:
        title, *rest = block.removeprefix("Table: ").splitlines()
        rows = [row for row in csv.reader(rest) if row]
        if title == "Data List":
            title, rows = f"{title} {rows[0][0]}", rows[1:]
        found[title] = rows
    return found
