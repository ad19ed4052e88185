"""What the schema of DDI Codebook 2.5 says of the elements that we write, and a judge of documents.

Facts of codebook.xsd as published on 2012-01-17 by the DDI Alliance (its types, in the order of their
children): https://ddialliance.org/Specification/DDI-Codebook/2.5/. "+" once or more, "?" at most once,
"*" any number, nothing exactly once. Elements that we never write are left out of a type's children;
`TEXT` may hold text, all others none. Attributes have their allowed values, or what they refer to.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from xml.etree import ElementTree as ET

NAMESPACE = "{ddi:codebook:2_5}"
CHILDREN = {
    "codeBook": "stdyDscr+ fileDscr* dataDscr*",
    "stdyDscr": "citation+",
    "citation": "titlStmt verStmt*",
    "titlStmt": "titl subTitl* parTitl* IDNo*",
    "verStmt": "version?",
    "fileDscr": "fileTxt*",
    "fileTxt": "dimensns? fileType?",
    "dimensns": "caseQnty* varQnty*",
    "dataDscr": "varGrp* var*",
    "varGrp": "labl*",
    "var": "labl* security? qstn* universe* catgry* concept* derivation? varFormat?",
    "catgry": "catValu? labl*",
    "derivation": "drvcmd?",
    # These may hold text and, in any order, some other elements; of them we write these.
    "qstn": "(qstnLit|ivuInstr)*",
}
TEXT = frozenset({
    "titl", "subTitl", "parTitl", "IDNo", "version", "caseQnty", "varQnty", "fileType", "labl", "security",
    "qstn", "qstnLit", "ivuInstr", "universe", "catValu", "concept", "drvcmd", "varFormat",
})  # fmt: skip
ANY, ID, IDS = "any", "an ID", "IDs"
ATTRIBUTES = {
    "codeBook": {"version": {"2.5"}},
    "IDNo": {"agency": ANY},
    "fileType": {"charset": ANY},
    "varGrp": {
        "type": {
            "section", "multipleResp", "grid", "display", "repetition", "subject", "version",
            "iteration", "analysis", "pragmatic", "record", "file", "randomized", "other",
        },
        "var": IDS,
        "name": ANY,
    },
    "var": {
        "name": ANY,
        "files": IDS,
        "intrvl": {"contin", "discrete"},
        "nature": {"nominal", "ordinal", "interval", "ratio", "percent", "other"},
    },
    "universe": {"clusion": {"I", "E"}},
    "catgry": {"missing": {"Y", "N"}},
    "drvcmd": {"syntax": ANY},
    "varFormat": {"type": {"character", "numeric"}},
}  # fmt: skip
# Of every element.
GLOBALS = {"ID": ID, "{http://www.w3.org/XML/1998/namespace}lang": ANY}
REQUIRED = {"var": {"name"}}


@dataclass(frozen=True)
class Wrong:
    element: str
    what: str


def wrong(document: bytes) -> list[Wrong]:
    """Everything in a document that the facts do not allow."""
    root = ET.fromstring(document)
    ids = [element.get("ID", "") for element in root.iter() if "ID" in element.attrib]
    found = [] if _name(root) == "codeBook" else [Wrong(_name(root), "is no root")]
    found += [
        Wrong("ID", f"{one} twice") for one in sorted({it for it in ids if ids.count(it) > 1})
    ]
    return found + [fault for element in root.iter() for fault in _faults(element, set(ids))]


def _name(element: ET.Element) -> str:
    return element.tag.removeprefix(NAMESPACE)


def _faults(element: ET.Element, ids: set[str]) -> Iterator[Wrong]:
    name = _name(element)
    if name not in CHILDREN and name not in TEXT:
        yield Wrong(name, "is not known")
        return
    rule = CHILDREN.get(name, "").split()
    pattern = "".join(re.sub(r"(\w+)", r"(?:\1 )", part) for part in rule)
    children = "".join(f"{_name(child)} " for child in element)
    if not re.fullmatch(pattern, children):
        yield Wrong(name, f"holds {children.strip()}")
    texts = [element.text or "", *(child.tail or "" for child in element)]
    if name not in TEXT and "".join(texts).strip():
        yield Wrong(name, "holds text")
    for missing in sorted(REQUIRED.get(name, set()) - set(element.attrib)):
        yield Wrong(name, f"lacks {missing}")
    allowed = {**ATTRIBUTES.get(name, {}), **GLOBALS}
    for attribute, value in element.attrib.items():
        values = allowed.get(attribute)
        if values is None:
            yield Wrong(name, f"has {attribute}")
        elif (
            (isinstance(values, set) and value not in values)
            or (values == ID and not re.fullmatch(r"[A-Za-z_][\w.-]*", value))
            or (values == IDS and not (value.split() and set(value.split()) <= ids))
        ):
            yield Wrong(name, f"has {attribute}={value}")
