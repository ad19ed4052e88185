"""The codes of ESSGLOBAL in the reader's language: https://github.com/essglobal-linked-open-data.

The codes are those of `methods.formats.essglobal`, which tells where they come from; `tests` hold the
two together. A page offers the activities of the Solidarity Economy Association's list, which are
fewer and plainer; those of the International Co-operative Alliance are read and kept as well.
"""

from collections.abc import Iterable

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from interlock.methods.matching.activities import SAME

STRUCTURES = {
    "OS10": _("Community group, formal or informal"),
    "OS20": _("Not-for-profit organisation"),
    "OS30": _("Social enterprise"),
    "OS40": _("Charity"),
    "OS50": _("Company of another kind"),
    "OS60": _("Workers' co-operative"),
    "OS70": _("Housing co-operative"),
    "OS80": _("Consumers' co-operative"),
    "OS90": _("Producers' co-operative"),
    "OS100": _("Multi-stakeholder co-operative"),
    "OS110": _("Secondary co-operative"),
    "OS115": _("Co-operative"),
    "OS120": _("Community interest company"),
    "OS130": _("Community benefit society"),
    "OS140": _("Employee trust"),
    "OS150": _("Self-employed"),
    "OS160": _("Unincorporated"),
    "OS170": _("Mutual"),
    "OS180": _("National apex body"),
    "OS190": _("National sectoral federation or union"),
    "OS200": _("Regional or state federation or union"),
    "OS210": _("Group of co-operatives"),
    "OS220": _("Government agency or body"),
    "OS230": _("Supranational body"),
    "OS240": _("Co-operative of co-operatives or mutuals"),
}

MEMBERSHIP_TYPES = {
    "BMT10": _("Consumers or users"),
    "BMT20": _("Producers"),
    "BMT30": _("Workers"),
    "BMT40": _("Several groups"),
    "BMT50": _("Residents"),
    "BMT60": _("Others"),
}

ACTIVITIES = {
    "AM10": _("Arts, media, culture and leisure"),
    "AM20": _("Campaigning and advocacy"),
    "AM30": _("Community and shared spaces"),
    "AM40": _("Education"),
    "AM50": _("Energy"),
    "AM60": _("Food"),
    "AM70": _("Goods and services"),
    "AM80": _("Health, care and wellbeing"),
    "AM90": _("Housing"),
    "AM100": _("Money and finance"),
    "AM110": _("Nature and environment"),
    "AM120": _("Reuse, repair and recycling"),
    "AM130": _("Agriculture"),
    "AM140": _("Industry"),
    "AM150": _("Utilities"),
    "AM160": _("Transport"),
    "ICA10": _("Agriculture (ICA)"),
    "ICA20": _("Dairy"),
    "ICA30": _("Forestry"),
    "ICA40": _("Irrigation"),
    "ICA50": _("Fishing"),
    "ICA60": _("Artisans"),
    "ICA70": _("Construction"),
    "ICA80": _("Industry (ICA)"),
    "ICA90": _("Manufacturing"),
    "ICA100": _("Mining"),
    "ICA110": _("Professional services"),
    "ICA120": _("Services"),
    "ICA130": _("Tourism"),
    "ICA140": _("Financial services"),
    "ICA150": _("Insurance"),
    "ICA160": _("Education (ICA)"),
    "ICA170": _("Health"),
    "ICA180": _("Community work"),
    "ICA190": _("Social work"),
    "ICA200": _("Social services"),
    "ICA210": _("Housing (ICA)"),
    "ICA220": _("Transport (ICA)"),
    "ICA230": _("Utilities (ICA)"),
    "ICA240": _("Retail"),
    "ICA250": _("Production"),
    "ICA260": _("Wholesale and retail trade"),
    "ICA270": _("Education, health or social work"),
    "ICA280": _("Other services"),
    "ICA290": _("All activities"),
}


def structures() -> Iterable[tuple[str, str | Promise]]:
    return STRUCTURES.items()


def membership_types() -> Iterable[tuple[str, str | Promise]]:
    return MEMBERSHIP_TYPES.items()


def different_activities() -> Iterable[tuple[str, str | Promise]]:
    """Those to look for by: of two lists' codes that mean the same, one."""
    return [(code, name) for code, name in ACTIVITIES.items() if code not in SAME]


def activities() -> Iterable[tuple[str, str | Promise]]:
    return ACTIVITIES.items()
