"""Which kinds of work are one, and which lie near, by the codes of ESSGLOBAL.

The International Co-operative Alliance's activities (ICA…) and those of the Solidarity Economy
Association (AM…) are two flat lists of one vocabulary
(https://github.com/essglobal-linked-open-data). Which code of one means the same as one of the other,
and which is wider, their labels say; nobody has published it as a table, so that this reading is ours.
"""

from __future__ import annotations

from types import MappingProxyType

#: ICA's codes that mean the same as one of SEA's.
SAME = MappingProxyType(
    {
        "ICA10": "AM130",
        "ICA80": "AM140",
        "ICA140": "AM100",
        "ICA160": "AM40",
        "ICA170": "AM80",
        "ICA180": "AM30",
        "ICA210": "AM90",
        "ICA220": "AM160",
        "ICA230": "AM150",
    }
)
#: The code that is wider than another, after `SAME`.
PARENTS = MappingProxyType(
    {
        "ICA20": "AM130",
        "ICA30": "AM130",
        "ICA40": "AM130",
        "ICA50": "AM130",
        "ICA60": "ICA250",
        "ICA70": "AM140",
        "ICA90": "AM140",
        "ICA100": "AM140",
        "ICA110": "ICA120",
        "ICA130": "ICA120",
        "ICA150": "AM100",
        "ICA190": "AM80",
        "ICA200": "AM80",
        "ICA240": "ICA260",
        "ICA280": "ICA120",
        "ICA120": "AM70",
        "ICA260": "AM70",
        "AM120": "AM110",
        "AM50": "AM150",
    }
)


def activity(code: str) -> str:
    """The one code for what two codes may mean.

    >>> activity("ICA160"), activity("AM40"), activity("")
    ('AM40', 'AM40', '')
    """
    return SAME.get(code, code)


def kinship(one: str, other: str) -> str:
    """ "same", "related" (one is the wider of the other, or both have one wider), or "".

    >>> kinship("AM40", "ICA160"), kinship("ICA20", "AM130"), kinship("ICA20", "ICA30")
    ('same', 'related', 'related')
    >>> kinship("AM60", "AM40"), kinship("", "")
    ('', '')
    """
    first, second = activity(one), activity(other)
    if not first or not second:
        return ""
    if first == second:
        return "same"
    kin = {first, PARENTS.get(first, first)} & {second, PARENTS.get(second, second)}
    return "related" if kin else ""
