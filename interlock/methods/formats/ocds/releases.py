"""A contracting process as releases: each moment at which something happened, and what was new."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from datetime import UTC, date, datetime
from typing import Any

from interlock.methods.formats.countries import country_name
from interlock.methods.formats.money import json_number
from interlock.methods.formats.ocds.contracting import (
    Amendment,
    Award,
    Bid,
    Call,
    Contract,
    Contracting,
    Criterion,
    Milestone,
    Party,
    Text,
    Transaction,
)
from interlock.methods.formats.ocds.merging import merged

Json = dict[str, Any]


@dataclass(frozen=True)
class Event:
    """What a release says: its tag, its part of the whole, and in which roles whom it names."""

    at: datetime
    tag: str
    said: Json
    roles: tuple[tuple[Party, str], ...] = ()


def releases(process: Contracting) -> list[Json]:
    """The releases of a process, the earliest first.

    What happened within one second is one release, since dates are unique within a process and are
    compared as text. Each names the parties it is about, with all roles they have had so far, because
    a merge replaces these.
    """
    words = Words(process)
    found: list[Json] = []
    roles: dict[str, list[str]] = {}
    moments: dict[datetime, list[Event]] = {}
    for event in sorted(words.events(), key=lambda one: one.at):
        moments.setdefault(event.at.replace(microsecond=0), []).append(event)
    for number, (at, events) in enumerate(moments.items(), 1):
        said: Json = {}
        parties: dict[str, Party] = {}
        for event in events:
            said = merged(said, event.said)
            for party, role in ((process.buyer, "buyer"), *event.roles):
                parties[party.id] = party
                had = roles.setdefault(party.id, [])
                had += [role] if role not in had else []
        found.append(
            {
                "ocid": process.ocid,
                "id": f"{process.ocid}-{number:04}",
                "date": moment(at),
                "tag": list(dict.fromkeys(event.tag for event in events)),
                "initiationType": "tender",
                "language": process.language,
                "parties": [_party(one, roles[key]) for key, one in parties.items()],
                "buyer": reference(process.buyer),
                **said,
            }
        )
    return found


def reference(party: Party) -> Json:
    return {"id": party.id, "name": party.name}


def moment(at: datetime) -> str:
    """RFC 3339 in UTC, to the second.

    >>> moment(datetime(2027, 5, 3, 10, tzinfo=UTC))
    '2027-05-03T10:00:00Z'
    """
    return at.astimezone(UTC).strftime("%Y-%m-%dT%H:%M:%SZ")


def start_of(day: date) -> str:
    return f"{day.isoformat()}T00:00:00Z"


def end_of(day: date) -> str:
    return f"{day.isoformat()}T23:59:59Z"


def _party(party: Party, roles: Iterable[str]) -> Json:
    first, *others = [
        {"scheme": one.scheme, "id": one.id, "legalName": party.name} for one in party.identifiers
    ] or [{}]
    address = {
        "streetAddress": party.address.street,
        "locality": party.address.locality,
        "region": party.address.region,
        "postalCode": party.address.postcode,
        "countryName": country_name(party.address.country),
    }
    told = {
        "name": party.name,
        "id": party.id,
        "identifier": first,
        "additionalIdentifiers": others,
        "address": known(address),
        "contactPoint": known({"name": party.name, "url": party.url}) if party.url else {},
        "roles": list(roles),
        "details": known({"kind": party.kind, "synthetic": party.is_synthetic or None}),
    }
    return known(told)


def known(said: Mapping[str, Any]) -> Json:
    """Without what is empty: the standard wants no field that says nothing."""
    return {key: one for key, one in said.items() if one not in ("", None, [], {})}


class Words:
    """How the values of one process are written: its language, its currency."""

    def __init__(self, process: Contracting) -> None:
        self.process = process
        self.lots = {lot.id for call in process.calls for lot in call.lots}

    def text(self, name: str, text: Text) -> Json:
        """A field in the language of the process, and one for each other: title, title_es."""
        told = {code: one.strip() for code, one in text.items() if one.strip()}
        own = told.pop(self.process.language, "") or next(iter(told.values()), "")
        others = {f"{name}_{code}": one for code, one in told.items() if one != own}
        return known({name: own, **others})

    def value(self, minor: int) -> Json:
        amount = json_number(minor, self.process.decimals)
        return {"amount": amount, "currency": self.process.currency}

    def events(self) -> Iterator[Event]:
        yield self._planned()
        for call in self.process.calls:
            yield from self._call(call)
        for award in self.process.awards:
            yield from self._award(award)
        for contract in self.process.contracts:
            yield from self._contract(contract)

    def _planned(self) -> Event:
        process = self.process
        parts = [
            {
                "id": pot.id,
                **self.text("description", pot.name),
                "amount": self.value(pot.amount),
                "sourceParty": reference(pot.source),
            }
            for pot in process.pots
        ]
        budget = known(
            {
                "id": process.pots[0].id if len(process.pots) == 1 else "",
                **self.text("description", process.process),
                "amount": self.value(process.cost),
                **self.text("project", process.title),
                "projectID": process.ocid,
                "uri": process.uri,
                "budgetBreakdown": parts,
            }
        )
        planning = {**self.text("rationale", process.text), "budget": budget}
        roles = tuple((pot.source, "funder") for pot in process.pots)
        return Event(process.recorded, "planning", {"planning": planning}, roles)

    # The call.

    def _call(self, call: Call) -> Iterator[Event]:
        # One that buys itself is the buyer and nothing else, as the standard has it.
        others = call.issuer.id != self.process.buyer.id
        roles = ((call.issuer, "procuringEntity"),) if others else ()
        yield Event(call.published, "tender", {"tender": self._tender(call)}, roles)
        if call.cancelled:
            said = self.text("statusDetails", call.cancelled_for)
            yield self._tells(call, call.cancelled, "tenderCancellation", "cancelled", said)
        elif call.opened:
            yield from self._opened(call, call.opened)
        elif call.closed:
            yield self._tells(call, call.closed, "tenderUpdate", "active", {})
        for lot in call.lots:
            if lot.ended:
                ended = {"lots": [{"id": lot.id, "status": "unsuccessful"}]}
                all_ended = all(one.ended for one in call.lots)
                status = "unsuccessful" if all_ended else "complete"
                yield self._tells(call, lot.ended, "tenderUpdate", status, ended)

    def _tells(self, call: Call, at: datetime, tag: str, status: str, said: Json) -> Event:
        tender = {"id": call.id, "status": status, **said}
        if call.closed:
            tender["tenderPeriod"] = {"endDate": moment(call.closed)}
        return Event(at, tag, {"tender": tender})

    def _tender(self, call: Call) -> Json:
        by_another = call.issuer.id != self.process.buyer.id
        rated = any(not one.is_price for one in call.criteria)
        criteria = {"criteria": [self._criterion(one) for one in call.criteria]}
        lots = [
            known(
                {
                    "id": lot.id,
                    **self.text("title", lot.title),
                    **self.text("description", lot.text),
                    "status": "active",
                    "value": self.value(lot.value),
                    "awardCriteria": criteria if call.criteria else {},
                }
            )
            for lot in call.lots
        ]
        enquiry = call.questions_until and {
            "startDate": moment(call.published),
            "endDate": moment(call.questions_until),
        }
        items = [
            {"id": lot.id, **self.text("description", lot.title), "relatedLot": lot.id}
            for lot in call.lots
        ]
        return known(
            {
                "id": call.id,
                **self.text("title", call.title),
                **self.text("description", call.text),
                "status": "active",
                "procuringEntity": reference(call.issuer) if by_another else {},
                "items": items,
                "value": self.value(call.value) if call.value is not None else {},
                "procurementMethod": "open",
                "awardCriteria": "ratedCriteria" if rated else "priceOnly",
                **self.text("awardCriteriaDetails", call.preference),
                "submissionMethod": ["electronicSubmission"],
                "tenderPeriod": {
                    "startDate": moment(call.published),
                    "endDate": moment(call.closes),
                },
                "enquiryPeriod": enquiry,
                "hasEnquiries": call.has_questions,
                "lots": lots,
            }
        )

    def _criterion(self, one: Criterion) -> Json:
        return {
            "type": "price" if one.is_price else "quality",
            **self.text("name", one.name),
            **self.text("description", one.text),
            "numbers": [{"number": one.weight, "weight": "percentageExact"}],
        }

    def _opened(self, call: Call, opened: datetime) -> Iterator[Event]:
        bidders = {party.id: party for bid in call.bids for party in bid.bidders}
        number = {"numberOfTenderers": len(bidders)}
        tenderers = {"tenderers": [reference(one) for one in bidders.values()]} if bidders else {}
        update = self._tells(call, opened, "tenderUpdate", "complete", {**number, **tenderers})
        counted = [{"id": "bids", "measure": "bids", "value": len(call.bids)}]
        details = [self._bid(bid) for bid in call.bids]
        bids = known({"statistics": counted, "details": details})
        roles = tuple((party, "tenderer") for party in bidders.values())
        yield Event(update.at, update.tag, {**update.said, "bids": bids}, roles)

    def _bid(self, bid: Bid) -> Json:
        excluded = all(offer.is_excluded for offer in bid.offers)
        return known(
            {
                "id": bid.id,
                "date": bid.at and moment(bid.at),
                "status": "disqualified" if bid.offers and excluded else "valid",
                "tenderers": [reference(one) for one in bid.bidders],
                "value": self.value(sum(offer.price for offer in bid.offers)),
                "relatedLots": [offer.lot for offer in bid.offers],
            }
        )

    # Awards.

    def _award(self, award: Award) -> Iterator[Event]:
        said: Json = {}
        if award.method == "direct" and not self.process.calls:
            # A process without a call has a tender all the same: it says how the partner was chosen.
            said["tender"] = {
                "id": f"{self.process.ocid}-direct",
                "status": "complete",
                "procurementMethod": "direct",
                "procurementMethodDetails": award.kind,
                **self.text("procurementMethodRationale", award.reasons),
            }
        told = {
            "id": award.id,
            **self.text("title", award.title),
            **self.text("description", award.reasons),
            "status": "active",
            "date": moment(award.at),
            "value": self.value(award.value),
            "suppliers": [reference(one) for one in award.suppliers],
            "relatedLots": [award.lot] if award.lot in self.lots else [],
            "relatedBid": award.bid,
        }
        roles = tuple((one, "supplier") for one in award.suppliers)
        yield Event(award.at, "award", {**said, "awards": [known(told)]}, roles)
        if award.annulled:
            over = {"awards": [{"id": award.id, "status": "cancelled"}]}
            yield Event(award.annulled, "awardCancellation", over)

    # Contracts and what is done and paid.

    def _contract(self, contract: Contract) -> Iterator[Event]:
        for terms in contract.terms:
            yield self._terms(contract, terms)
        for one in contract.acceptances:
            met = {"dateMet": moment(one.at)} if one.status == "met" else {}
            milestone = {
                "id": one.code,
                "status": one.status,
                "dateModified": moment(one.at),
                **met,
            }
            said = self._implementation(contract, {"milestones": [milestone]})
            yield Event(one.at, "implementationUpdate", said)
        for paid in contract.transactions:
            yield self._transaction(contract, paid)
        if contract.ended:
            over = {"id": contract.id, "awardID": contract.award, "status": "terminated"}
            yield Event(contract.ended, "contractTermination", {"contracts": [over]})

    def _terms(self, contract: Contract, terms: Amendment) -> Event:
        first = terms.number == contract.terms[0].number
        if first:
            about: Json = {"status": "active", "dateSigned": moment(terms.at)}
        else:
            amendments = [
                known(
                    {
                        "id": str(one.number),
                        "date": moment(one.at),
                        **self.text("rationale", one.reason),
                    }
                )
                for one in contract.terms[1:]
                if one.number == terms.number
            ]
            about = {"amendments": amendments}
        due = max((one.due for one in terms.milestones), default=None)
        period = {"startDate": moment(contract.terms[0].at), "endDate": due and end_of(due)}
        kept = {one.code for one in terms.milestones}
        earlier = [one for one in contract.terms if one.number < terms.number]
        gone = {one.code for was in earlier for one in was.milestones} - kept
        milestones = [self._milestone(contract, one, terms.at) for one in terms.milestones]
        # A merge takes nothing away: what a change order dropped is worth nothing from then on.
        milestones += [{"id": code, "value": self.value(0)} for code in sorted(gone)]
        told = {
            "id": contract.id,
            "awardID": contract.award,
            **about,
            "period": known(period),
            "value": self.value(terms.value),
            "implementation": {"milestones": milestones},
        }
        tag = "contract" if first else "contractAmendment"
        return Event(terms.at, tag, {"contracts": [told]}, ((contract.payer, "payer"),))

    def _milestone(self, contract: Contract, one: Milestone, at: datetime) -> Json:
        answers = [answer for answer in contract.acceptances if answer.code == one.code]
        before = any(answer.at <= at for answer in answers)
        return {
            "id": one.code,
            **self.text("title", one.title),
            "type": "delivery",
            "dueDate": end_of(one.due),
            **({} if before else {"status": "scheduled"}),
            "value": self.value(one.amount),
        }

    def _transaction(self, contract: Contract, paid: Transaction) -> Event:
        told = {
            "id": paid.id,
            "date": start_of(paid.on),
            "value": self.value(paid.amount),
            "payer": reference(paid.payer),
            "payee": reference(paid.payee),
        }
        said = self._implementation(contract, {"transactions": [told]})
        roles = ((paid.payer, "payer"), (paid.payee, "payee"))
        return Event(paid.at, "implementation", said, roles)

    def _implementation(self, contract: Contract, said: Json) -> Json:
        about = {"id": contract.id, "awardID": contract.award, "implementation": said}
        return {"contracts": [about]}
