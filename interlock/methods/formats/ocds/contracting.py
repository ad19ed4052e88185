"""A contracting process as values: what a release is written from.

Amounts are integers in minor units of the process's currency, moments have a time zone, and a text
is a mapping of language codes to what is written in each.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime
from typing import Literal

from interlock.methods.formats.register.record import NOWHERE, Address, Identifier

Text = Mapping[str, str]
Status = Literal["met", "partiallyMet", "notMet"]


@dataclass(frozen=True)
class Party:
    """An institution. `id` is its first number in a list of org-id.guide, or the publisher's own.

    That it `is_synthetic`, made up, is told in its `details`, which the standard leaves open.
    """

    id: str
    name: str
    identifiers: Sequence[Identifier] = ()
    address: Address = NOWHERE
    url: str = ""
    kind: str = ""
    is_synthetic: bool = False


@dataclass(frozen=True)
class Pot:
    """What the money is from: how much of the project's cost a pot with its source pays for."""

    id: str
    name: Text
    source: Party
    amount: int


@dataclass(frozen=True)
class Criterion:
    """What bids are compared by; the weights of a call, in per cent, add up to 100."""

    name: Text
    weight: int
    text: Text
    is_price: bool = False


@dataclass(frozen=True)
class Lot:
    """A part of a call that is awarded by itself. `ended` is when nobody got it."""

    id: str
    title: Text
    text: Text
    value: int
    ended: datetime | None = None


@dataclass(frozen=True)
class Offer:
    """The price of a bid for one lot."""

    lot: str
    price: int
    is_excluded: bool = False


@dataclass(frozen=True)
class Bid:
    """An opened bid; the first of its bidders leads."""

    id: str
    bidders: Sequence[Party]
    offers: Sequence[Offer]
    at: datetime | None = None


@dataclass(frozen=True)
class Call:
    """A call for delivery partners. `bids` are told once it is opened, and not before."""

    id: str
    title: Text
    text: Text
    issuer: Party
    value: int | None
    published: datetime
    closes: datetime
    questions_until: datetime | None = None
    closed: datetime | None = None
    opened: datetime | None = None
    cancelled: datetime | None = None
    cancelled_for: Text = field(default_factory=dict)
    has_questions: bool = False
    preference: Text = field(default_factory=dict)
    lots: Sequence[Lot] = ()
    criteria: Sequence[Criterion] = ()
    bids: Sequence[Bid] = ()


@dataclass(frozen=True)
class Award:
    """Who delivers, for how much, and why. `method` is OCDS's: open after a call, else direct."""

    id: str
    at: datetime
    value: int
    suppliers: Sequence[Party]
    reasons: Text
    title: Text
    kind: str
    method: Literal["open", "direct"] = "open"
    lot: str = ""
    bid: str = ""
    annulled: datetime | None = None


@dataclass(frozen=True)
class Milestone:
    """A part of a contract that is accepted and paid by itself."""

    code: str
    title: Text
    due: date
    amount: int


@dataclass(frozen=True)
class Amendment:
    """The terms of a contract from `at` on; the first of them has no reason."""

    number: int
    at: datetime
    value: int
    milestones: Sequence[Milestone]
    reason: Text


@dataclass(frozen=True)
class Acceptance:
    """The answer to the report on a milestone; the last one is how the milestone stands."""

    code: str
    at: datetime
    status: Status


@dataclass(frozen=True)
class Transaction:
    """A payment, or one taken back: then its amount is negative."""

    id: str
    at: datetime
    on: date
    amount: int
    payer: Party
    payee: Party


@dataclass(frozen=True)
class Contract:
    """An agreement signed by both sides, with all its terms so far."""

    id: str
    award: str
    payer: Party
    terms: Sequence[Amendment]
    acceptances: Sequence[Acceptance] = ()
    transactions: Sequence[Transaction] = ()
    ended: datetime | None = None


@dataclass(frozen=True)
class Contracting:
    """A funded project, from the pot to the last payment.

    `decimals` are those of the currency's unit, `language` the one of fields without a code, and
    `uri` the project's page.
    """

    ocid: str
    title: Text
    text: Text
    uri: str
    currency: str
    decimals: int
    language: str
    recorded: datetime
    buyer: Party
    cost: int
    pots: Sequence[Pot]
    process: Text
    calls: Sequence[Call] = ()
    awards: Sequence[Award] = ()
    contracts: Sequence[Contract] = ()
