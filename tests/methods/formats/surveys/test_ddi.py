"""DDI Codebook 2.5: every document keeps to the schema, told as facts or, where it is, by itself."""

from __future__ import annotations

from pathlib import Path
from xml.etree import ElementTree as ET

import pytest

from interlock.methods.formats.packages import MADE_UP
from interlock.methods.formats.surveys import columns, ddi
from interlock.methods.questionnaires import Form
from interlock.methods.questionnaires.instruments import instrument
from tests.methods.questionnaires.test_writing import WIDE

from ...real import real
from .ddi_facts import NAMESPACE, wrong
from .test_surveys import one

__all__ = ["one"]


def test_ddi_has_every_variable_and_group(one: Form) -> None:
    for questionnaire in (one, instrument("ties")):
        root = ET.fromstring(ddi(questionnaire, cases=7))
        told = columns(questionnaire, language="en")
        variables = root.findall(f".//{NAMESPACE}var")
        assert [variable.get("name") for variable in variables] == [each.name for each in told]
        groups = root.findall(f".//{NAMESPACE}varGrp")
        assert [group.get("name") for group in groups] == [
            question.name
            for question in questionnaire.questions
            if question.type == "select_multiple"
        ]
    group = ET.fromstring(ddi(one, cases=7)).find(f".//{NAMESPACE}varGrp")
    assert group is not None
    assert group.attrib == {
        "ID": "G_needs",
        "type": "multipleResp",
        "var": "V_needs_work V_needs_rest",
        "name": "needs",
    }
    assert [labl.text for labl in group] == ["Which?", "¿Cuáles?"]


def test_ddi_keeps_to_the_facts_of_its_schema(one: Form) -> None:
    for questionnaire in (one, instrument("ties"), WIDE):
        assert wrong(ddi(questionnaire, cases=0)) == []


def test_made_up_answers_are_told_in_the_subtitle(one: Form) -> None:
    told = ddi(one, cases=7, is_synthetic=True)
    assert wrong(told) == []
    (subtitle,) = ET.fromstring(told).iter(f"{NAMESPACE}subTitl")
    assert subtitle.text == MADE_UP
    assert b"subTitl" not in ddi(one, cases=7)


@pytest.mark.parametrize(
    ("old", "new", "told"),
    [
        ("<titl>Moods</titl>", "", "titlStmt holds IDNo"),
        ('version="2.5"', 'version="3"', "codeBook has version=3"),
        ('nature="ordinal"', 'nature="likert"', "var has nature=likert"),
        (' name="mood"', "", "var lacks name"),
        ('files="F1" intrvl', 'files="F2" intrvl', "var has files=F2"),
        ('ID="V_age"', 'ID="V_mood"', "ID V_mood twice"),
        ('ID="V_age"', 'ID="1"', "var has ID=1"),
        ("<caseQnty>7</caseQnty>", "<cases>7</cases>", "dimensns holds cases varQnty"),
        ("<caseQnty>7</caseQnty>", "7", "dimensns holds text"),
        ('missing="Y"', 'lost="Y"', "catgry has lost"),
        ('<varFormat type="numeric" />', "<varFormat/><notes/>", "notes is not known"),
    ],
)
def test_facts_find_each_kind_of_fault(one: Form, old: str, new: str, told: str) -> None:
    document = ddi(one, cases=7).decode()
    assert old in document
    found = [f"{it.element} {it.what}" for it in wrong(document.replace(old, new, 1).encode())]
    assert told in found


def test_ddi_is_valid_by_the_schema_itself(one: Form, tmp_path: Path) -> None:
    """By codebook.xsd with what it imports, in one folder: its licence (LGPL) keeps it out of here."""
    published = real("schemas/ddi/codebook.xsd", "the schema of DDI Codebook 2.5, and lxml")
    why_not = "real files are not here (the schema of DDI Codebook 2.5, and lxml)"
    etree = pytest.importorskip("lxml.etree", reason=why_not)
    schema = etree.XMLSchema(etree.parse(str(published)))
    for questionnaire in (one, instrument("ties"), WIDE):
        schema.assertValid(etree.fromstring(ddi(questionnaire, cases=7)))
