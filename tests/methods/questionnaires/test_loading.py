"""Questionnaires read: what they say, and every fault with its place."""

from __future__ import annotations

from decimal import Decimal

import pytest

from interlock.methods.questionnaires import FormError, read, to_csv, to_tables, to_xlsx, to_yaml
from interlock.methods.questionnaires.form import Choice, Filter, Range
from tests.methods.questionnaires.forms import YES_NO, faults, form, reading

WHOLE = """\
type,name,label::English (en),label::Español (es),hint::English (en),required,relevant,constraint,\
constraint_message::English (en),calculation,choice_filter,appearance,parameters,measure,scale,\
sensitive,core
begin_group,first,First,Primero,,,,,,,,,,,,,
select_one yn,adult,Are you 18?,¿Tienes 18?,,yes,,,,,,likert,,age,ordinal,yes,adult
integer,years,Years?,¿Años?,In all,,${adult} = 'yes',. >= 0,No,,,,,,count,,
calculate,old,,,,,,,,if(${years} > 60; 1; 0),,,,,,,
end_group,,,,,,,,,,,,,,,,
range,score,Score?,¿Nota?,,,,,,,,,start=0 end=1 step=0.5,,,,
select_multiple town,towns,Towns?,¿Pueblos?,,,,,,,state = ${where},minimal,randomize=true,,,,
"""


def test_form_is_what_its_tables_say() -> None:
    survey = WHOLE.replace("if(${years} > 60; 1; 0)", '"if(${years} > 60, 1, 0)"').replace(
        "range,", "select_one state,where,Where?,¿Dónde?,,,,,,,,,,,,,\nrange,"
    )
    choices = (
        "list_name,name,label::English (en),label::Español (es),code,state\n"
        "yn,yes,Yes,Sí,1,\nyn,no,No,No,0,\n"
        "state,ny,New York,Nueva York,36,\ntown,rye,Rye,Rye,1,ny\ntown,ayr,Ayr,Ayr,2,nd\n"
    )
    settings = (
        "form_title,public_title::Español (es),form_id,version,default_language,core_ends\n"
        "Towns,Pueblos,towns,1,English (en),first\n"
    )
    told = reading(survey, choices, settings)
    assert [str(fault) for fault in told.faults] == []
    one = told.must()
    assert (one.title, one.id, one.version) == ({"en": "Towns", "es": "Pueblos"}, "towns", "1")
    assert (one.languages, one.language_names) == (("en", "es"), {"en": "English", "es": "Español"})
    assert one.core_ends == "first"
    assert [question.name for question in one.questions] == [
        "adult", "years", "old", "where", "score", "towns",
    ]  # fmt: skip
    adult, years, old, _where, score, towns = one.questions
    assert (adult.required, adult.sensitive, adult.core, adult.group) == (
        True,
        True,
        "adult",
        "first",
    )
    assert (adult.measure, adult.scale, adult.appearance) == ("age", "ordinal", "likert")
    assert (str(years.relevant), str(years.constraint)) == ("${adult} = 'yes'", ". >= 0")
    assert (years.hint, years.constraint_message) == ({"en": "In all"}, {"en": "No"})
    assert str(old.calculation) == "if(${years} > 60, 1, 0)"
    assert score.range == Range(Decimal(0), Decimal(1), Decimal("0.5"))
    assert (towns.choice_filter, towns.randomize) == ((Filter("state", "where"),), True)
    assert one.lists["town"][0] == Choice("rye", 1, {"en": "Rye", "es": "Rye"}, {"state": "ny"})


@pytest.mark.parametrize("kind", ["csv", "xlsx", "yaml"])
def test_form_is_the_same_from_every_kind_of_file(kind: str) -> None:
    if kind != "csv":
        pytest.importorskip({"xlsx": "openpyxl", "yaml": "yaml"}[kind])
    one = form("type,name,label,required\nselect_one yn,ok,Is it = ok?,yes\ntext,why,'Why?'\n")
    tables = to_tables(one)
    files = {
        "csv": {f"a/{name}.csv": data for name, data in to_csv(tables).items()},
        "xlsx": {"form.xlsx": to_xlsx(tables) if kind == "xlsx" else b""},
        "yaml": {"form.yaml": to_yaml(tables)},
    }[kind]
    assert read(files).must() == one


def test_every_fault_is_told_with_its_place() -> None:
    told = reading(
        "type,name,label,relevant,colour\n"
        "begin_group,g,Group,,\n"
        "geopoint,spot,Where?,,\n"
        "integer,n,,${later} > 1,\n"
        "integer,N,Number,,\n"
        "select_one nolist,choice,Choose,${ghost} = 1,\n"
        "begin_repeat,r,Again,,\n"
        "text,later,Later,,\n",
        YES_NO + "yn,yes,Yes again,2\nyn,maybe,,9x\n,x,X,1\n",
    )
    assert told.form is None
    assert [str(fault) for fault in told.faults] == [
        (
            "survey, row 1, column colour: “colour” is no column that is read here. Take it out, or "
            "correct its name."
        ),
        "survey, row 2, column type: This group is not closed. Add a row with the type end_group.",
        (
            "survey, row 3, column type: “geopoint” would keep what the respondent was not asked. Take "
            "the row out."
        ),
        "survey, row 4, column label: The row has no label. Write what people shall read.",
        "survey, row 4, column relevant: “later” is asked only in row 8. Ask it before this row.",
        "survey, row 5, column name: The name “N” is already in row 4. Choose another.",
        "survey, row 6, column type: There is no list “nolist” among the choices. Add it.",
        "survey, row 6, column relevant: No question is called “ghost”. Correct the name.",
        (
            "survey, row 7, column type: Repeats are not read. Write the questions out as many times as "
            "are needed at most."
        ),
        (
            "choices, row 5, column name: The list has the choice “yes” already in row 2. Choose "
            "another name."
        ),
        (
            "choices, row 6, column code: “9x” is no code. Write a whole number: from 0 on for answers, "
            "-1 for “don't know”, -2 for “rather not say”."
        ),
        "choices, row 6, column label: The row has no label. Write what people shall read.",
        "choices, row 7, column list_name: The choice belongs to no list. Write its list_name.",
    ]
    with pytest.raises(FormError) as refused:
        told.must()
    assert len(refused.value.faults) == 13


@pytest.mark.parametrize(
    ("survey", "told"),
    [
        ("type,name,label\ntext,with,W\n", "column name: “with” would be no name of a variable"),
        ("type,name,label\ntext,a-b,W\n", "column name: “a-b” would be no name of a variable"),
        ("type,name,label\ntext,,W\n", "column name: The row has no name"),
        ("type,name,label\n,a,W\n", "column type: The row has no type"),
        ("type,name,label\nselect_one,a,W\n", "column type: Write the name of a list"),
        ("type,name,label\nselect_one yn or_other,a,W\n", "column type: “or_other” is not read"),
        ("type,name,label\nfile,a,W\n", "column type: “file” is not in the subset"),
        ("type,name,label\nend_group,,\n", "column type: No group is open here"),
        ("type,name,label\ntext,a,Hello ${b}\n", "column label: Labels that show an answer"),
        ("type,name,label,required\ntext,a,A,maybe\n", "column required: “maybe” is neither"),
        ("type,name,label,required\nnote,a,A,yes\n", "column required: A row of the type note"),
        ("type,name,label,relevant\ntext,a,A,. = 1\n", "column relevant: “.” has a meaning in"),
        ("type,name,label,scale\ntext,a,A,ratio\n", "column scale: The scale “ratio” is not known"),
        ("type,name,label,appearance\ntext,a,A,likert\n", "column appearance: The appearance “lik"),
        ("type,name,label,appearance\ntext,a,A,w1\n", "column appearance: The appearance “w1” is"),
        ("type,name,label,parameters\nrange,a,A,step=0\n", "column parameters: The range has no"),
        ("type,name,label,parameters\nrange,a,A,end=x\n", "column parameters: “x” is no number"),
        ("type,name,label,parameters\nrange,a,A,big=1\n", "column parameters: The parameter “big"),
        ("type,name,label,calculation\ncalculate,a,,\ntext,b,B,\n", "calculation: A calculate row"),
        ("type,name,label,choice_filter\nselect_one yn,a,A,name = 1\n", "A choice_filter is read"),
        (
            "type,name,label,choice_filter\nselect_one yn,a,A,x = 'y'\n",
            "The choices have no column",
        ),
    ],
)
def test_fault_of_a_row(survey: str, told: str) -> None:
    found = faults(survey)
    assert len(found) == 1, found
    assert f"survey, row 2, {told}" in found[0].replace("column choice_filter: ", "").replace(
        "column calculation", "calculation"
    )


def test_what_depends_on_itself_is_a_circle() -> None:
    assert faults(
        "type,name,label,relevant\ntext,a,A,${b} = 1\ntext,b,B,${a} = 1\ntext,c,C,${c} = 1\n"
    ) == [
        (
            "survey, row 2, column relevant: This depends on “b”, which itself depends on this. Break "
            "the circle."
        ),
        (
            "survey, row 3, column relevant: This depends on “a”, which itself depends on this. Break "
            "the circle."
        ),
        (
            "survey, row 4, column relevant: This depends on “c”, which itself depends on this. Break "
            "the circle."
        ),
    ]


def test_group_depends_on_nothing_within_it() -> None:
    assert faults(
        "type,name,label,relevant\nbegin_group,g,G,${a} = 1\ntext,a,A,\nend_group,,,\n"
    ) == [
        (
            "survey, row 2, column relevant: This depends on “a”, which itself depends on this. Break "
            "the circle."
        )
    ]


def test_constraint_may_name_what_it_constrains() -> None:
    assert faults("type,name,label,constraint\ninteger,a,A,${a} > 1 and . < 9\n") == []


def test_group_and_note_have_no_answer() -> None:
    told = faults("type,name,label,relevant\nnote,a,A,\ntext,b,B,${a} = 1\n")
    assert told == ["survey, row 3, column relevant: “a” has no answer. Refer to a question."]


def test_missing_translation_is_a_warning() -> None:
    told = reading("type,name,label::en,label::es\ntext,a,A,\n")
    assert told.form is not None
    assert [str(one) for one in told.warnings if one.sheet == "survey"] == [
        "survey, row 2, column label: There is no text in es; people will read it in en."
    ]


def test_codes_that_would_move_are_a_warning() -> None:
    told = reading("type,name,label\nselect_one c,a,A\n", "list_name,name,label\nc,x,X\nc,y,Y\n")
    assert [choice.code for choice in told.must().lists["c"]] == [1, 2]
    assert "has no codes" in str(told.warnings[0])


def test_codes_are_names_where_these_are_numbers() -> None:
    one = form("type,name,label\nselect_one c,a,A\n", "list_name,name,label\nc,5,X\nc,-1,Y\n")
    assert [choice.code for choice in one.lists["c"]] == [5, -1]


def test_negative_answers_are_a_warning() -> None:
    told = reading("type,name,label,constraint\ninteger,a,A,\ninteger,b,B,. >= 0\n")
    assert [(one.row, one.message.code) for one in told.warnings if one.sheet == "survey"] == [
        (2, "negatives")
    ]


def test_choice_of_several_must_make_a_name() -> None:
    told = faults("type,name,label\nselect_multiple c,a,A\n", "list_name,name,label\nc,x-y,X\n")
    assert told == [
        (
            "survey, row 2, column type: Exports would call this choice “a_x-y”, which is no name of a "
            "variable, or one that is taken. Choose another name for the choice or the question."
        )
    ]


@pytest.mark.parametrize(
    ("files", "code"),
    [
        ({}, "file-empty"),
        ({"form.xlsx": b""}, "file-empty"),
        ({"form.doc": b"x"}, "file-kind"),
        ({"choices.csv": b"list_name,name,label\n"}, "sheet-missing"),
        ({"survey.csv": b"type,name,label\ntext,a,\xff\n"}, "file-not-utf8"),
        ({"survey.csv": b'type,name,label\ntext,a,"b"c\n'}, "file-quotes"),
        ({"notes.csv": b"x\n"}, "sheet-unknown"),
    ],
)
def test_file_that_is_no_questionnaire(files: dict[str, bytes], code: str) -> None:
    assert [fault.message.code for fault in read(files).faults] == [code]


@pytest.mark.parametrize(
    ("text", "code"),
    [
        ("survey: [{type: text, name: a, label: &x A}]", "yaml-alias"),
        ("survey: [{type: text, name: a, label: [A]}]", "yaml-shape"),
        ('survey: "', "yaml-broken"),
        ("[1]", "yaml-shape"),
        ("other: []", "sheet-unknown"),
        ("survey: []\nsurvey: []", "sheet-again"),
        ("survey: [{type: text, type: text}]", "yaml-shape"),
    ],
)
def test_yaml_of_another_shape_is_refused(text: str, code: str) -> None:
    pytest.importorskip("yaml")
    assert [fault.message.code for fault in read({"a.yaml": text.encode()}).faults] == [code]


def test_yaml_is_read_as_it_is_written() -> None:
    pytest.importorskip("yaml")
    text = "survey:\n- {type: text, name: a, label: no, required: yes}\n- type: integer\n"
    told = read({"a.yml": (text + "  name: b\n  label: 010\n").encode()})
    one = told.must()
    assert [question.label["en"] for question in one.questions] == ["no", "010"]
    assert one.questions[0].required is True
