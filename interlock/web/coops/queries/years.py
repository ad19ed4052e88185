"""A year as the library reads it, as it closes, and as each reader may see it."""

import json
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date, timedelta
from fractions import Fraction
from typing import Any

from django.db.models import Exists, Q, QuerySet, Sum
from django.urls import reverse
from django.utils.translation import gettext as _

from interlock.methods.formats import years as files
from interlock.methods.surplus import Closed, Share, close
from interlock.methods.surplus import Policy as Terms
from interlock.methods.surplus.policy import (
    BALANCE,
    COMMONS,
    DIVIDEND,
    EQUAL,
    MIX,
    OF_WAGES,
    PROFIT,
    SURPLUS,
    WAGES,
    Slice,
)
from interlock.web.budgets.rules import FEWEST_TOLD
from interlock.web.coops.models import (
    Account,
    AccountKind,
    Coop,
    Hours,
    Member,
    Policy,
    Standing,
    Status,
    Year,
)
from interlock.web.coops.queries.hours import BELONG, current
from interlock.web.coops.rules import policies
from interlock.web.coops.rules import years as rules
from interlock.web.delivery.models import Receipt

FUNDS = (AccountKind.COLLECTIVE, AccountKind.FUND, AccountKind.COMMONS)


def given(year: Year) -> dict[str, Any]:
    """The year as `interlock surplus` reads it. Members go by their numbers, never by names.

    Raises ValueError without a policy or a net income. Six queries.
    """
    if year.policy is None or year.net is None:
        raise ValueError("A year needs a net income and a policy.")
    policy = {**year.policy.body, "adopted": year.policy.adopted_on.isoformat()}
    told: dict[str, Any] = {
        "net": year.net,
        "nonpatronage": year.nonpatronage,
        "fiscal_year_no": year.number,
        "begins": year.begins_on.isoformat(),
        "nonmember_hours": policies.plain(Fraction(year.nonmember_hours)),
        "workers": list(_workers(year)),
        "policy": policy,
    }
    if year.discretionary_for:
        told["reason"] = year.discretionary_for
    read = policies.read(year.policy.body)
    if year.net < 0 or any(one.cap and one.cap.kind == BALANCE for one in read.slices):
        names = {one.fund for one in read.slices}
        funds = Account.objects.filter(coop=year.coop_id, kind__in=FUNDS, name__in=names)
        told["balances"] = {one.name: one.balance for one in funds.order_by("name")}
    if year.net < 0 and not read.losses.below_zero:
        told["accounts"] = _member_accounts(year)
    return told


def _workers(year: Year) -> Iterable[dict[str, Any]]:
    during = Q(begins_on__gte=year.begins_on, ends_on__lte=year.ends_on)
    worked: dict[int, dict[str, Any]] = {}
    sums = Hours.objects.filter(during, member__coop=year.coop_id).values("member", "as_member")
    for one in sums.annotate(worked=Sum("hours"), paid=Sum("wages")):
        mine = worked.setdefault(one["member"], {"hours": 0, "hours_before": 0, "wages": 0})
        name = "hours" if one["as_member"] else "hours_before"
        mine[name] = policies.plain(Fraction(one["worked"]))
        mine["wages"] += one["paid"]
    standings = Standing.objects.filter(member__coop=year.coop_id, since__lte=year.ends_on)
    belonged, left = set[int](), dict[int, date]()
    for standing in standings.order_by("since", "pk"):
        ended = standing.until is not None and standing.until <= year.begins_on
        if standing.status in BELONG and not ended:
            belonged.add(standing.member_id)
        elif standing.status == Status.FORMER and standing.since > year.begins_on:
            left[standing.member_id] = standing.since - timedelta(days=1)
    nothing = {"hours": 0, "hours_before": 0, "wages": 0}
    everybody = Member.objects.filter(coop=year.coop_id, pk__in={*worked, *belonged})
    for member in sorted(everybody, key=lambda one: one.number):
        mine = worked.get(member.pk, nothing)
        told = {"id": member.number, "member": member.pk in belonged or bool(mine["hours"]), **mine}
        if member.pk in left:
            told["left"] = left[member.pk].isoformat()
        yield told


def _member_accounts(year: Year) -> dict[str, int]:
    kinds = (AccountKind.CONTRIBUTION, AccountKind.NOTICE)
    found = Account.objects.filter(coop=year.coop_id, kind__in=kinds).values("member__number")
    sums = found.annotate(sum=Sum("balance")).order_by("member__number")
    return {one["member__number"]: one["sum"] for one in sums}


def read(told: Mapping[str, Any]) -> Closed:
    """A year's data, closed. Raises SurplusError."""
    (one,) = files.read(json.dumps(told).encode())
    return close(one.year)


def as_it_is(year: Year) -> dict[str, Any]:
    """What was put to the members or posted; of a draft what is there now."""
    return dict(year.given) if year.given is not None else given(year)


def without_names(told: Mapping[str, Any], own: str) -> dict[str, Any]:
    """The year for a member: of the others only what their own share depends on, and no name or number.

    The other members come in the order of their work, which keeps every tie as it is. Fewer than three
    are one: their hours apart would be as good as their names. What somebody worked before they became
    a member, and who is none, is told in one sum.
    """
    ranked = sorted(told["workers"], key=lambda one: (-one["hours"], -one["wages"], one["id"]))
    policy = policies.read(told["policy"])
    kept = ("member", "hours", "wages") if _asks_wages(policy) else ("member", "hours")
    listed = [one for one in ranked if one["member"] or one["id"] == own]
    others = [one for one in listed if one["id"] != own]
    made: dict[str, Any] = {**told}
    if len(others) < FEWEST_TOLD:
        mine = [{**one, "id": "member 1 (you)"} for one in listed if one["id"] == own]
        made["workers"] = [*mine, *_together(others, kept, policy.patronage.by == EQUAL)]
    else:
        digits = len(str(len(listed)))
        made["workers"] = [
            {**one, "id": f"member {place:0{digits}} (you)"}
            if one["id"] == own
            else {"id": f"member {place:0{digits}}"} | {key: one[key] for key in kept}
            for place, one in enumerate(listed, 1)
        ]
    rest = [one for one in ranked if one["id"] != own]
    made["workers"] += _rest(rest, with_wages=policy.split == WAGES)
    if "accounts" in told:
        names = [one["id"] for one in made["workers"] if one["id"].endswith("(you)")]
        made["accounts"] = {name: told["accounts"].get(own, 0) for name in names}
    return made


def _asks_wages(policy: Terms) -> bool:
    """Whether anybody's share depends on wages."""
    caps = {one.cap.kind for one in policy.slices if one.cap}
    return policy.patronage.by in (WAGES, MIX) or policy.split == WAGES or OF_WAGES in caps


def _together(
    others: Sequence[Mapping[str, Any]], kept: Sequence[str], each_alike: bool
) -> Iterable[dict[str, Any]]:
    """One or two as one; where each has the same share, as so many, who worked equally much."""
    if not others:
        return
    sums = {key: _sum(one[key] for one in others) for key in kept if key != "member"}
    if each_alike and len(others) > 1:
        # Two: the second worked half of it in whole numbers, the first all that is left.
        second = {key: int(sum // 2) for key, sum in sums.items()}
        first = {key: policies.plain(sums[key] - second[key]) for key in sums}
        yield {"id": "another member 1", "member": True, **first}
        yield {"id": "another member 2", "member": True, **second}
    else:
        told = {key: policies.plain(sum) for key, sum in sums.items()}
        yield {"id": "the other members together", "member": True, **told}


def _rest(others: Sequence[Mapping[str, Any]], *, with_wages: bool) -> list[dict[str, Any]]:
    """All work that was not a member's, in a line of its own."""
    strangers = [one for one in others if not one["member"]]
    hours = _sum([one["hours_before"] for one in others] + [one["hours"] for one in strangers])
    wages = sum(one["wages"] for one in strangers) if with_wages else 0
    if not hours and not wages:
        return []
    told = {"member": False, "hours": 0, "hours_before": policies.plain(hours)}
    return [{"id": "the others together", **told} | ({"wages": wages} if with_wages else {})]


def _sum(numbers: Iterable[int | float]) -> Fraction:
    """Exact, as the numbers stand in the file."""
    return sum((Fraction(str(one)) for one in numbers), Fraction(0))


HIGH = 68  # of a bar with its words, in pixels


@dataclass(frozen=True)
class Bar:
    """A step of the waterfall: from where to where of the whole, and what kind of money it is."""

    label: str
    amount: int
    offset: int
    paint: str
    is_strong: bool = False
    place: int = 0

    @property
    def size(self) -> int:
        return abs(self.amount)

    @property
    def text_y(self) -> int:
        return HIGH * self.place + 14

    @property
    def amount_y(self) -> int:
        return HIGH * self.place + 32

    @property
    def bar_y(self) -> int:
        return HIGH * self.place + 39


@dataclass(frozen=True)
class Row:
    """A member's line in the table of shares."""

    member: Member
    share: Share

    @property
    def hours(self) -> float:
        return float(self.share.worker.hours)


@dataclass(frozen=True)
class Told:
    """A year closed, for a page."""

    closed: Closed
    bars: tuple[Bar, ...]
    whole: int
    rows: tuple[Row, ...]
    own: Share | None

    @property
    def height(self) -> int:
        return HIGH * len(self.bars)

    @property
    def cash(self) -> int:
        return sum(one.cash for one in self.closed.members)

    @property
    def notices(self) -> int:
        return sum(one.account for one in self.closed.members)


def tell(year: Year, own: Member | None, *, is_whole: bool) -> Told:
    """The closed year for somebody: everybody's shares for who keeps the money, else only their own.

    Raises SurplusError, ValueError.
    """
    closed = read(as_it_is(year))
    by_number = {}
    if is_whole:
        by_number = {one.number: one for one in year.coop.members.all()}
    rows = tuple(
        Row(by_number[share.worker.id], share)
        for share in closed.members
        if share.worker.id in by_number
    )
    mine = own and next((one for one in closed.members if one.worker.id == own.number), None)
    bars = tuple(replace(bar, place=place) for place, bar in enumerate(_bars(closed)))
    return Told(closed, bars, max(abs(closed.year.net), 1), rows, mine or None)


def slice_called(one: Slice) -> str:
    """A slice of the year that is no dividend: which fund gets it, and out of what."""
    if one.source == PROFIT:
        return _("“%(fund)s”, out of the profit") % {"fund": _(one.fund)}
    if one.source == SURPLUS:
        return _("“%(fund)s”, out of the surplus") % {"fund": _(one.fund)}
    return _("“%(fund)s”, out of profit and surplus") % {"fund": _(one.fund)}


def _bars(closed: Closed) -> Iterable[Bar]:
    net = closed.year.net
    if net < 0:
        yield Bar(_("Loss of the year"), net, 0, "fi", is_strong=True)
        at = 0
        for fund, amount in closed.funds.items():
            yield Bar(_("borne by “%(fund)s”") % {"fund": _(fund)}, amount, at, "fe")
            at += -amount
        yield Bar(_("borne by members"), closed.allocated, at, "fg")
        at += -closed.allocated
        if closed.carried:
            yield Bar(_("carried forward"), closed.carried, at, "fh")
        return
    yield Bar(_("Net income of the year"), net, 0, "fi", is_strong=True)
    if closed.profit:
        yield Bar(
            _("Profit, not from members’ work"), closed.profit, closed.surplus, "fe", is_strong=True
        )
        yield Bar(_("Surplus, from members’ work"), closed.surplus, 0, "fg", is_strong=True)
    at = net
    for one in closed.given:
        if one.slice.kind == DIVIDEND or not one.amount:
            continue
        at -= one.amount
        paint = "fc" if one.slice.kind == COMMONS else "fe"
        yield Bar(slice_called(one.slice), one.amount, at, paint)
    yield Bar(_("Members’ dividends"), closed.allocated, 0, "fg", is_strong=True)
    cash = sum(one.cash for one in closed.members)
    yield Bar(_("of that, paid in cash"), cash, 0, "fg")
    yield Bar(_("and kept in member accounts"), closed.allocated - cash, cash, "fh")


def years(coop: Coop) -> QuerySet[Year]:
    """The years of a co-op, each as its present version, the latest first."""
    return current(coop)


def versions(year: Year) -> QuerySet[Year]:
    """The versions of a year that were reversed."""
    found = Year.objects.filter(coop=year.coop_id, number=year.number, reversed_at__isnull=False)
    return found.order_by("-version")


def to_cite(year: Year) -> QuerySet[Receipt]:
    """Payments in the co-op's currency that it confirmed in the year, and no other year cites."""
    institution = year.coop.institution_id
    other = Year.objects.filter(reversed_at__isnull=True).exclude(pk=year.pk)
    return (
        Receipt.objects.filter(
            payment__payee=institution,
            payment__reversed_at__isnull=True,
            payment__agreement__award__delivery__project__process__currency=year.coop.currency,
            received_on__range=(year.begins_on, year.ends_on),
        )
        .exclude(revenue__year__in=other)
        .select_related("payment__agreement__award__delivery__project__process")
        .order_by("received_on", "pk")
    )


def cited(year: Year) -> QuerySet[Receipt]:
    return (
        Receipt.objects.filter(revenue__year=year)
        .select_related("payment__agreement__award__delivery__project__process")
        .order_by("received_on", "pk")
    )


@dataclass(frozen=True)
class ToDo:
    """One of the steps to a closed year."""

    title: str
    text: str
    url: str
    is_done: bool


def steps(coop: Coop, year: Year | None) -> list[ToDo]:
    """The way from nothing to the preview of the latest year, and how far the co-op is on it. One query."""
    slug = coop.institution.slug
    number = year.number if year else 1
    begins_on, ends_on = rules.begins_on(coop, number), rules.ends_on(coop, number)
    members = Member.objects.filter(coop=coop)
    worked = Hours.objects.filter(member__coop=coop, begins_on__gte=begins_on, ends_on__lte=ends_on)
    adopted = Policy.objects.filter(coop=coop)
    has_members, has_hours, has_policy = Coop.objects.values_list(
        Exists(members), Exists(worked), Exists(adopted)
    ).get(pk=coop.pk)
    home = reverse("coops:coop", args=[slug])
    return [
        ToDo(
            _("Members"),
            _("Who works here, and since when who is a member. A CSV file will do."),
            f"{home}members/",
            has_members,
        ),
        ToDo(
            _("Hours"),
            _("What each worked, and the wages. A CSV file will do."),
            reverse("coops:hours", args=[slug]),
            has_hours,
        ),
        ToDo(
            _("Policy"),
            _("How the result is divided. Five models are there to begin with."),
            reverse("coops:policies", args=[slug]),
            has_policy,
        ),
        ToDo(
            _("Net income"),
            _("What the year earned, from the books. Then the draft is there for all to see."),
            reverse("coops:year_edit", args=[slug, number])
            if year
            else reverse("coops:years", args=[slug]),
            year is not None and year.net is not None,
        ),
    ]


def members_on(coop: Coop, day: date) -> int:
    """How many members there are on a day."""
    found = Standing.objects.filter(member__coop=coop, status=Status.MEMBER, since__lte=day)
    return (
        found.filter(Q(until__isnull=True) | Q(until__gt=day)).values("member").distinct().count()
    )
