"""The codebook as DDI Codebook 2.5 (https://ddialliance.org/Specification/DDI-Codebook/2.5/)."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from xml.etree import ElementTree as ET

from interlock.methods.formats.packages import MADE_UP
from interlock.methods.formats.surveys.codebook import universe
from interlock.methods.formats.surveys.columns import Column, Translate, columns, in_each_language
from interlock.methods.questionnaires.form import Form, Question, Words
from interlock.methods.questionnaires.versions import content_hash

NAMESPACE = "ddi:codebook:2_5"
_LANGUAGE = "{http://www.w3.org/XML/1998/namespace}lang"
_INTERVAL = {"count": "contin"}
_NATURE = {"nominal": "nominal", "ordinal": "ordinal", "count": "ratio"}


def ddi(
    form: Form,
    *,
    cases: int,
    translations: Mapping[str, Translate] | None = None,
    is_synthetic: bool = False,
) -> bytes:
    """An XML document that data archives and Nesstar read: the study, the file, each variable.

    `cases` is the number of respondents in the file of codes; `translations` are as `codebook` has
    them. Where the answers are made up (`is_synthetic`), the subtitle says so, in English. Elements stand
    in the order that the schema gives; texts are repeated in every language.
    """
    ET.register_namespace("", NAMESPACE)
    root = ET.Element(_tag("codeBook"), {"version": "2.5", _LANGUAGE: form.default})
    _study(root, form, is_synthetic=is_synthetic)
    _file(root, form, cases)
    data = _add(root, "dataDscr")
    each = in_each_language(form, translations or {})
    for one in form.questions:
        _several(data, one, each[form.default])
    for at, column in enumerate(each[form.default]):
        _variable(data, form, column, {one: each[one][at] for one in form.languages})
    ET.indent(root)
    text: bytes = ET.tostring(root, encoding="utf-8", xml_declaration=True)
    return text


def _tag(name: str) -> str:
    return f"{{{NAMESPACE}}}{name}"


def _add(parent: ET.Element, element: str, text: str = "", /, **attributes: str) -> ET.Element:
    made = ET.SubElement(parent, _tag(element), attributes)
    made.text = text or None
    return made


def _words(parent: ET.Element, name: str, words: Words) -> None:
    for language, text in words.items():
        _add(parent, name, text).set(_LANGUAGE, language)


def _study(root: ET.Element, form: Form, *, is_synthetic: bool) -> None:
    citation = _add(_add(root, "stdyDscr"), "citation")
    title = _add(citation, "titlStmt")
    _add(title, "titl", form.said(form.title, form.default) or form.id or "Questionnaire")
    if is_synthetic:
        _add(title, "subTitl", MADE_UP).set(_LANGUAGE, "en")
    for language, text in form.title.items():
        if language != form.default:
            _add(title, "parTitl", text).set(_LANGUAGE, language)
    _add(title, "IDNo", content_hash(form), agency="SHA-256")
    if form.version:
        _add(_add(citation, "verStmt"), "version", form.version)


def _file(root: ET.Element, form: Form, cases: int) -> None:
    text = _add(_add(root, "fileDscr", ID="F1"), "fileTxt")
    size = _add(text, "dimensns")
    _add(size, "caseQnty", str(cases))
    _add(size, "varQnty", str(len(columns(form, language=form.default))))
    _add(text, "fileType", "text/csv", charset="UTF-8")


def _several(data: ET.Element, one: Question, told: Sequence[Column]) -> None:
    """The variables of one question that takes several answers, as a group of their own."""
    ids = [_id(column) for column in told if column.question is one]
    if one.type == "select_multiple":
        group = _add(data, "varGrp", ID=f"G_{one.name}", type="multipleResp", var=" ".join(ids))
        group.set("name", one.name)
        _words(group, "labl", one.label)


def _id(column: Column) -> str:
    return f"V_{column.name}"


def _variable(data: ET.Element, form: Form, column: Column, told: dict[str, Column]) -> None:
    one = column.question
    attributes = {
        "ID": _id(column),
        "name": column.name,
        "files": "F1",
        "intrvl": _INTERVAL.get(column.level, "discrete"),
        "nature": _NATURE[column.level],
    }
    variable = _add(data, "var", **attributes)
    _words(variable, "labl", {language: each.label for language, each in told.items()})
    if one.sensitive:
        _add(variable, "security", "Not published of fewer than ten people.")
    if one.type != "calculate":
        question = _add(variable, "qstn")
        _words(question, "qstnLit", one.label)
        _words(question, "ivuInstr", one.hint)
    if asked := universe(form, one):
        _add(variable, "universe", asked, clusion="I")
    for place, value in enumerate(column.values):
        category = _add(variable, "catgry", **({"missing": "Y"} if value.is_missing else {}))
        _add(category, "catValu", str(value.code))
        labels = {language: each.values[place].label for language, each in told.items()}
        _words(category, "labl", labels)
    if one.measure:
        _add(variable, "concept", one.measure)
    if one.calculation is not None:
        derivation = _add(variable, "derivation")
        _add(derivation, "drvcmd", str(one.calculation), syntax="XLSForm")
    kind = "numeric" if column.kind == "number" else "character"
    _add(variable, "varFormat", type=kind)
