"""The codes of ESSGLOBAL, the vocabulary of the solidarity economy, found by code or by label.

Codes and their English labels are those of the Solidarity Economy Association's ESSGLOBAL (map-sse,
`vocabs/standard`, CC BY 3.0): organisational structure, type of membership, activities as the
International Co-operative Alliance lists them, and activities as SEA does, which its files use.

Of 387 real UK worker co-ops none has the structure OS60, "Workers cooperative": what an institution
is registered as does not say who owns it. The membership type does, and only it makes a worker
co-op here.
"""

from __future__ import annotations

import re
from functools import cache
from types import MappingProxyType

WORKERS = "BMT30"

STRUCTURES = MappingProxyType(
    {
        "OS10": "Community group (formal or informal)",
        "OS20": "Not-for-profit organisation",
        "OS30": "Social enterprise",
        "OS40": "Charity",
        "OS50": "Company (Other)",
        "OS60": "Workers cooperative",
        "OS70": "Housing cooperative",
        "OS80": "Consumer/User coop",
        "OS90": "Producer cooperative",
        "OS100": "Multi-stakeholder cooperative",
        "OS110": "Secondary cooperative",
        "OS115": "Cooperative",
        "OS120": "Community Interest Company (CIC)",
        "OS130": "Community Benefit Society / Industrial and Provident Society (IPS)",
        "OS140": "Employee trust",
        "OS150": "Self-employed",
        "OS160": "Unincorporated",
        "OS170": "Mutual",
        "OS180": "National apex",
        "OS190": "National sectoral federation or union",
        "OS200": "Regional, state or provincial level federation or union",
        "OS210": "Cooperative group",
        "OS220": "Government agency/body",
        "OS230": "Supranational",
        "OS240": "Cooperative of cooperatives / mutuals",
    }
)
MEMBERSHIPS = MappingProxyType(
    {
        "BMT10": "Consumer/Users",
        "BMT20": "Producers",
        "BMT30": "Workers",
        "BMT40": "Multi-stakeholders",
        "BMT50": "Residents",
        "BMT60": "Others",
    }
)
# The two lists share six labels; SEA's files mean its own list, so that it comes last.
ACTIVITIES = MappingProxyType(
    {
        "ICA10": "Agriculture",
        "ICA20": "Dairy",
        "ICA30": "Forestry",
        "ICA40": "Irrigation",
        "ICA50": "Fishing",
        "ICA60": "Artisans",
        "ICA70": "Construction",
        "ICA80": "Industry",
        "ICA90": "Manufacturing",
        "ICA100": "Mining",
        "ICA110": "Professional",
        "ICA120": "Service",
        "ICA130": "Tourism",
        "ICA140": "Financial Services",
        "ICA150": "Insurance",
        "ICA160": "Education",
        "ICA170": "Health",
        "ICA180": "Community",
        "ICA190": "Social",
        "ICA200": "Social Service",
        "ICA210": "Housing",
        "ICA220": "Transport",
        "ICA230": "Utilities",
        "ICA240": "Retail",
        "ICA250": "Production",
        "ICA260": "Wholesale and retail trade",
        "ICA270": "Education / health / social work",
        "ICA280": "Other Services",
        "ICA290": "All",
        "AM10": "Arts, Media, Culture & Leisure",
        "AM20": "Campaigning, Activism & Advocacy",
        "AM30": "Community & Collective Spaces",
        "AM40": "Education",
        "AM50": "Energy",
        "AM60": "Food",
        "AM70": "Goods & Services",
        "AM80": "Health, Social Care & Wellbeing",
        "AM90": "Housing",
        "AM100": "Money & Finance",
        "AM110": "Nature, Conservation & Environment",
        "AM120": "Reduce, Reuse, Repair & Recycle",
        "AM130": "Agriculture",
        "AM140": "Industry",
        "AM150": "Utilities",
        "AM160": "Transport",
    }
)

_OTHER_LABELS = {
    "consumers": "BMT10",
    "users": "BMT10",
    "worker": "BMT30",
    "worker owned": "BMT30",
    "workers coop": "BMT30",
    "worker coop": "BMT30",
    "multi stakeholder": "BMT40",
    "consumer user cooperative": "OS80",
}


def structure_code(text: str) -> str:
    """The code of an organisational structure given by code or label, or "".

    >>> structure_code("Workers co-operative"), structure_code("os50"), structure_code("Ltd")
    ('OS60', 'OS50', '')
    """
    return _found(text, "OS")


def membership_code(text: str) -> str:
    """The code of a membership type given by code or label, or "".

    >>> membership_code("Workers"), membership_code("BMT40")
    ('BMT30', 'BMT40')
    """
    return _found(text, "BMT")


def activity_code(text: str) -> str:
    """The code of an activity given by code or label, or "".

    >>> activity_code("Agriculture"), activity_code("ICA10"), activity_code("Food.")
    ('AM130', 'ICA10', 'AM60')
    """
    return _found(text, "ICA") or _found(text, "AM")


def written(code: str) -> str:
    """A code as SEA's files write it: by its label, unless that means another code there.

    >>> written("OS50"), written("AM60"), written("ICA10")
    ('Company (Other)', 'Food', 'ICA10')
    """
    label = {**STRUCTURES, **MEMBERSHIPS, **ACTIVITIES}.get(code, code)
    finder = {"OS": structure_code, "BM": membership_code}.get(code[:2], activity_code)
    return label if finder(label) == code else code


def _found(text: str, prefix: str) -> str:
    code = _codes().get(_plain(text), "")
    return code if code.startswith(prefix) else ""


@cache
def _codes() -> dict[str, str]:
    listed = {**STRUCTURES, **MEMBERSHIPS, **ACTIVITIES}
    found = {_plain(label): code for code, label in listed.items()}
    return found | _OTHER_LABELS | {_plain(code): code for code in listed}


def _plain(text: str) -> str:
    """A label without case and punctuation, "co-operative" and "cooperative" being one."""
    words = re.sub(r"[^a-z0-9]+", " ", text.casefold().replace("co-op", "coop"))
    return " ".join(words.split())
