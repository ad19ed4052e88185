"""Answers as researchers take them: codes and labels, the codebook, scripts, DDI."""

from __future__ import annotations

import csv
import io
import json
import random
import shutil
import subprocess
from pathlib import Path

import pytest

from interlock.methods.formats.surveys import (
    codebook,
    coded_lines,
    columns,
    labelled_lines,
    r_script,
    spss_script,
    stata_script,
)
from interlock.methods.questionnaires import Form
from interlock.methods.questionnaires.instruments import instrument
from tests.methods.questionnaires.forms import form
from tests.methods.questionnaires.walking import walked

SURVEY = """\
type,name,label::en,label::es,relevant,calculation,scale,measure,sensitive
select_one mood,mood,How is it?,¿Qué tal?,,,ordinal,mood,
select_multiple need,needs,Which?,¿Cuáles?,,,,,yes
rank need,best,Best?,¿Mejor?,,,,,
integer,age,Age?,¿Edad?,${mood} = 'good',,,,
calculate,next,,,,${age} + 1,,,
calculate,told,,,,"concat(${mood}, '!')",,,
text,why,Why?,¿Por qué?,,,,,
date,day,When?,¿Cuándo?,,,,,
"""
CHOICES = (
    "list_name,name,label::en,label::es,code\n"
    "mood,good,Good,Bien,2\nmood,bad,It's `$bad`,Mal,1\nmood,dk,I do not know,No sé,-1\n"
    "need,work,Work,Trabajo,1\nneed,rest,Rest,Descanso,2\nneed,no,Rather not say,Nada,-2\n"
)


@pytest.fixture
def one() -> Form:
    survey = SURVEY.replace("calculate,next", "calculate,later")
    return form(survey, CHOICES, "default_language,form_id,form_title\nen,moods,Moods\n")


FULL = {"mood": "good", "needs": "work", "best": "rest work", "age": "41", "later": "42",
        "told": "good!", "why": "=1+1", "day": "2026-05-31"}  # fmt: skip
SHORT = {"mood": "dk", "needs": "no", "best": "", "told": "dk!", "why": "", "day": ""}


def table(lines: list[str]) -> list[list[str]]:
    return list(csv.reader(io.StringIO("".join(lines))))


def test_codes_say_what_was_answered_left_blank_and_not_asked(one: Form) -> None:
    rows = [(["r1"], FULL), (["r2"], SHORT), (["r3"], {})]
    assert table(list(coded_lines(one, rows, leading=["id"]))) == [
        ["id", "mood", "needs_work", "needs_rest", "best_work", "best_rest", "age", "later", "told",
         "why", "day"],
        ["r1", "2", "1", "0", "2", "1", "41", "42", "good!", "'=1+1", "2026-05-31"],
        ["r2", "-1", "-2", "-2", "", "", "-3", "-3", "dk!", "", ""],
        ["r3", *["-3"] * 10],
    ]  # fmt: skip


def test_text_of_several_lines_is_one_line(one: Form) -> None:
    (_headings, row) = coded_lines(one, [([], FULL | {"why": "So.\nAnd so."})])
    assert row.split(",")[8:] == ["So. / And so.", "2026-05-31\r\n"]


def test_labels_are_in_the_language(one: Form) -> None:
    words = {"chosen": "sí", "not chosen": "no", "not asked": "no se preguntó"}
    rows = [([], FULL), ([], SHORT), ([], {})]
    told = labelled_lines(one, rows, language="es", translate=lambda text: words.get(text, text))
    assert [row[:6] for row in table(list(told))[1:]] == [
        ["Bien", "sí", "no", "2", "1", "41"],
        ["No sé", "Nada", "Nada", "", "", "no se preguntó"],
        ["no se preguntó"] * 6,
    ]


def test_calculation_is_a_number_or_a_text(one: Form) -> None:
    kinds = {column.name: column.kind for column in columns(one, language="en")}
    assert (kinds["later"], kinds["told"], kinds["day"]) == ("number", "text", "date")


def test_codebook_tells_each_column_in_every_language(one: Form) -> None:
    told = codebook(one)
    assert json.loads(json.dumps(told)) == told
    mood, work = told["columns"][:2]
    assert mood["label"] == {"en": "How is it?", "es": "¿Qué tal?"}
    assert [value["code"] for value in mood["values"]] == [2, 1, -1, -3]
    assert [value["missing"] for value in mood["values"]] == [False, False, True, True]
    assert (mood["level"], mood["measure"], mood["sensitive"]) == ("ordinal", "mood", False)
    assert (work["label"]["en"], work["sensitive"]) == ("Work: Which?", True)
    assert told["columns"][5]["asked_if"] == "${mood} = 'good'"


def test_spss_script_labels_every_number(one: Form) -> None:
    script = spss_script(one, file="a'b.csv", language="en", leading=["id"])
    assert "/FILE='a''b.csv'" in script
    assert "VARIABLE LABELS mood 'How is it?'." in script
    assert "  1 'It''s `$bad`'\n" in script
    assert "  -3 'not asked'\n" in script
    assert "MISSING VALUES mood (-3, -1)." in script
    assert "MRSETS /MDGROUP NAME=$needs LABEL='Which?' VALUE=1\n" in script
    assert "  VARIABLES=needs_work needs_rest.\nEXECUTE." in script


def test_stata_script_holds_no_macro(one: Form) -> None:
    script = stata_script(one, file="a.csv", language="en", leading=["id"])
    assert 'label variable mood `"How is it?"\'' in script
    assert "mvdecode mood, mv(-3=.c \\ -1=.a)\n" in script
    assert "label define mood 2 `\"Good\"' 1 `\"It's '\\$bad'\"' .a" in script
    assert "stringcols(1 9 10 11)" in script


def test_r_script_is_quoted(one: Form) -> None:
    script = r_script(one, file='a"b.csv', language="es")
    assert 'read.csv("a\\"b.csv"' in script
    assert 'attr(data[["mood"]], "labels") <- c("Bien" = 2, "Mal" = 1, "No sé" = -1' in script


def test_pspp_reads_the_codes_with_their_labels(tmp_path: Path) -> None:
    pspp = shutil.which("pspp")
    if pspp is None:
        pytest.skip("pspp is not installed")
    ties = instrument("ties")
    rng = random.Random(3)
    rows = [([str(at)], walked(ties, rng)[-1].answers) for at in range(20)]
    lines = coded_lines(ties, rows, leading=["id"])
    (tmp_path / "codes.csv").write_text("".join(lines), newline="")
    script = spss_script(ties, file="codes.csv", language="es", leading=["id"])
    (tmp_path / "read.sps").write_text(script + "FREQUENCIES consent pp_seen.\n")
    done = subprocess.run(
        [pspp, "read.sps"], cwd=tmp_path, capture_output=True, text=True, check=False
    )
    assert (done.returncode, done.stderr) == (0, "")
    assert "error" not in done.stdout.lower()
    assert "He leído la página de información" in done.stdout
