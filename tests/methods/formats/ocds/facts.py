"""The elements of OCDS 1.1.5 that are written, stated again, and asked of a release.

Read in the standard's release schema 1.1.5 and in the schemas of the extensions lots, bids, budget
breakdown and award criteria breakdown. Written apart from `formats.ocds`, so that a mistake in one is
no mistake in both. "*" after a name: it must be there. "es" are fields in a second language.
"""

import re
from typing import Any

TEXT = r"(?s).*\S.*"
DATE = r"[0-9]{4}-[0-9]{2}-[0-9]{2}T[0-9]{2}:[0-9]{2}:[0-9]{2}Z"
URI = r"https?://\S+"
TAGS = (
    "planning planningUpdate tender tenderAmendment tenderUpdate tenderCancellation award "
    "awardUpdate awardCancellation contract contractUpdate contractAmendment implementation "
    "implementationUpdate contractTermination compiled"
)
ROLES = "buyer procuringEntity supplier tenderer funder payer payee"
TENDER = "planning planned active cancelled unsuccessful complete withdrawn"
VALUE = {"amount": (int, float), "currency": r"[A-Z]{3}"}
REFERENCE = {"id": TEXT, "name": TEXT}
IDENTIFIER = {"scheme": TEXT, "id": TEXT, "legalName": TEXT}
PERIOD = {"startDate": DATE, "endDate": DATE}
MILESTONE = {
    "id*": TEXT,
    "title": TEXT,
    "type": ["delivery"],
    "dueDate": DATE,
    "dateMet": DATE,
    "dateModified": DATE,
    "status": ["scheduled", "met", "notMet", "partiallyMet"],
    "value": VALUE,
}
TRANSACTION = {
    "id*": TEXT,
    "date": DATE,
    "value": VALUE,
    "payer": REFERENCE,
    "payee": REFERENCE,
}
NUMBER = {"number": (int,), "weight": ["percentageExact"]}
CRITERION = {"type": ["price", "quality"], "name": TEXT, "description": TEXT, "numbers": [NUMBER]}
RELEASE: dict[str, Any] = {
    "ocid*": r"ocds-[a-z0-9]{6}-\S+",
    "id*": r"[^#\s]+",
    "date*": DATE,
    "tag*": [TAGS.split()],
    "initiationType*": ["tender"],
    "language": r"[a-z]{2}",
    "parties": [
        {
            "id*": TEXT,
            "name": TEXT,
            "identifier": IDENTIFIER,
            "additionalIdentifiers": [IDENTIFIER],
            "address": dict.fromkeys(
                ["streetAddress", "locality", "region", "postalCode", "countryName"], TEXT
            ),
            "contactPoint": {"name": TEXT, "url": URI},
            "roles": [ROLES.split()],
            "details": {"kind": TEXT},
        }
    ],
    "buyer": REFERENCE,
    "planning": {
        "rationale": TEXT,
        "budget": {
            "id": TEXT,
            "description": TEXT,
            "amount": VALUE,
            "project": TEXT,
            "projectID": TEXT,
            "uri": URI,
            "budgetBreakdown": [
                {"id*": TEXT, "description": TEXT, "amount": VALUE, "sourceParty": REFERENCE}
            ],
        },
    },
    "tender": {
        "id*": TEXT,
        "title": TEXT,
        "description": TEXT,
        "status": TENDER.split(),
        "statusDetails": TEXT,
        "procuringEntity": REFERENCE,
        "items": [{"id*": TEXT, "description": TEXT, "relatedLot": TEXT}],
        "value": VALUE,
        "procurementMethod": ["open", "direct"],
        "procurementMethodDetails": TEXT,
        "procurementMethodRationale": TEXT,
        "awardCriteria": ["priceOnly", "ratedCriteria"],
        "awardCriteriaDetails": TEXT,
        "submissionMethod": [["electronicSubmission"]],
        "tenderPeriod": PERIOD,
        "enquiryPeriod": PERIOD,
        "hasEnquiries": (bool,),
        "numberOfTenderers": (int,),
        "tenderers": [REFERENCE],
        "lots": [
            {
                "id*": TEXT,
                "title": TEXT,
                "description": TEXT,
                "status": TENDER.split(),
                "value": VALUE,
                "awardCriteria": {"criteria": [CRITERION]},
            }
        ],
    },
    "bids": {
        "statistics": [{"id*": TEXT, "measure*": ["bids"], "value*": (int,)}],
        "details": [
            {
                "id*": TEXT,
                "date": DATE,
                "status": ["valid", "disqualified"],
                "tenderers": [REFERENCE],
                "value": VALUE,
                "relatedLots": [TEXT],
            }
        ],
    },
    "awards": [
        {
            "id*": TEXT,
            "title": TEXT,
            "description": TEXT,
            "status": ["pending", "active", "cancelled", "unsuccessful"],
            "date": DATE,
            "value": VALUE,
            "suppliers": [REFERENCE],
            "relatedLots": [TEXT],
            "relatedBid": TEXT,
        }
    ],
    "contracts": [
        {
            "id*": TEXT,
            "awardID*": TEXT,
            "status": ["pending", "active", "cancelled", "terminated"],
            "dateSigned": DATE,
            "period": PERIOD,
            "value": VALUE,
            "amendments": [{"id": TEXT, "date": DATE, "rationale": TEXT}],
            "implementation": {"milestones": [MILESTONE], "transactions": [TRANSACTION]},
        }
    ],
}


def wrong(said: Any, rule: Any = RELEASE, path: str = "") -> list[str]:
    """The path of everything in a release that the standard does not have so, and what it is."""
    if isinstance(rule, dict):
        return _object(said, rule, path) if isinstance(said, dict) else [f"{path}: {said}"]
    if (isinstance(rule, list) and not all(isinstance(one, str) for one in rule)) or rule == [TEXT]:
        if not isinstance(said, list) or not said:
            return [f"{path}: {said}"]
        each = [wrong(one, rule[0], f"{path}[{place}]") for place, one in enumerate(said)]
        return [fault for faults in each for fault in faults]
    if isinstance(rule, list):
        return [] if said in rule else [f"{path}: {said}"]
    if isinstance(rule, tuple):
        return [] if type(said) in rule else [f"{path}: {said}"]
    sound = isinstance(said, str) and re.fullmatch(rule, said)
    return [] if sound else [f"{path}: {said}"]


def _object(said: dict[str, Any], rule: dict[str, Any], path: str) -> list[str]:
    within = f"{path}." if path else ""
    known = {name.removesuffix("*"): one for name, one in rule.items()}
    needed = [name.removesuffix("*") for name in rule if name.endswith("*")]
    faults = [f"{within}{name}: missing" for name in needed if name not in said]
    for key, one in said.items():
        plain = key if key in known else re.sub(r"_[a-z]{2}$", "", key)
        if plain not in known or (plain != key and known[plain] != TEXT):
            faults.append(f"{within}{key}: unknown")
        else:
            faults += wrong(one, known[plain], f"{within}{key}")
    return faults
