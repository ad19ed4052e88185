"""Questionnaires written back: what was read is what is read again, by us and by pyxform."""

from __future__ import annotations

import pytest

from interlock.methods.questionnaires import Form, read, to_csv, to_tables, to_xlsx, to_yaml
from interlock.methods.questionnaires.instruments import instrument
from tests.methods.questionnaires.forms import form

WIDE = form(
    "type,name,label::English (en),label::es,relevant,parameters,choice_filter,constraint\n"
    "begin_group,g,G,J,,,,\nbegin_group,h,H,,,,,\n"
    'range,r,"Say ""yes""\nor = no","\u2028ñ",,start=-1 end=1 step=0.5,,\nend_group,,,,,,,\n'
    "select_one c,s,S,,,randomize=true,kind = 'a' and of = ${r},\nend_group,,,,,,,\n"
    "decimal,d,D,,,,,. < 5 and . != '=x'\nnote,n,=?,,${d} > 1,,,\n".replace("=?", "What"),
    "list_name,name,label::English (en),code,kind,of\nc,x,X,1,a,\nc,y,Y,-1,b,1\n",
    "form_title,form_id,version,default_language,core_ends\nWide,wide,3,English (en),g\n",
)


@pytest.mark.parametrize("one", [WIDE, instrument("ties")], ids=["wide", "ties"])
def test_what_is_written_is_read_the_same(one: Form) -> None:
    tables = to_tables(one)
    assert read({f"{name}.csv": data for name, data in to_csv(tables).items()}).must() == one
    pytest.importorskip("yaml")
    assert read({"a.yaml": to_yaml(tables)}).must() == one
    pytest.importorskip("openpyxl")
    assert read({"a.xlsx": to_xlsx(tables)}).must() == one


@pytest.mark.parametrize("one", [WIDE, instrument("ties")], ids=["wide", "ties"])
def test_what_is_written_converts_in_pyxform(one: Form) -> None:
    """pyxform is what Kobo and ODK read a form with."""
    converter = pytest.importorskip("pyxform.xls2xform", reason="pyxform: forms for Kobo and ODK")
    told = converter.convert(to_xlsx(to_tables(one)), file_type=".xlsx", validate=False)
    assert f'id="{one.id}"' in told.xform
    assert told.warnings == []
    for question in one.questions:
        assert f'/{question.name}"' in told.xform
